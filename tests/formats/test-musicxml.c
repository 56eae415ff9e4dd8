/* Notation fills its bars and keeps its notes; MusicXML says it in well-formed words. */
#include "formats/arietta-midi.h"
#include "formats/arietta-musicxml.h"
#include "formats/arietta-notation.h"

#include "base/arietta-random.h"
#include "music/arietta-marks.h"
#include "music/arietta-statement.h"

#include <string.h>

static const int type_lengths[] = { 96, 48, 24, 12, 6, 3 };

static void
add_note (AriettaTrack *track,
          gint64        onset,
          gint64        duration,
          int           pitch)
{
  arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = onset, .duration_ticks = duration,
                                                  .pitch = (guint8) pitch, .velocity = 80, .off_velocity = 64 });
}

/* Notes on sixteenths and on eighth triplets, chords, overlaps, odd metres and a pickup. */
static AriettaPiece *
make_piece (guint nth)
{
  static const int meters[][2] = { { 4, 4 }, { 3, 4 }, { 6, 8 }, { 7, 8 }, { 5, 4 } };
  AriettaPiece    *piece = arietta_piece_new (480);
  AriettaTrack    *track = arietta_piece_add_track (piece, "A & B <C>");
  AriettaRandom    random;

  arietta_random_init (&random, nth, "notation");
  arietta_piece_set_meter (piece, 0, meters[nth % 5][0], meters[nth % 5][1]);
  if (nth % 3 == 0)
    arietta_piece_set_meter (piece, 480, meters[nth % 5][0], meters[nth % 5][1]);
  for (guint beat = 0; beat < 20; beat++)
    {
      /* Where bars are no whole quarters, thirds and halves of one could meet in another. */
      gboolean thirds = meters[nth % 5][1] == 4 && arietta_random_below (&random, 4) == 0;
      int      grid = thirds ? 160 : 120;

      for (int i = 0; i < (thirds ? 3 : 4); i++)
        if (arietta_random_below (&random, 2) == 0)
          for (guint k = 0; k < 1 + arietta_random_below (&random, 3); k++)
            add_note (track, beat * 480 + i * grid, (1 + (gint64) arietta_random_below (&random, 6)) * grid,
                      (int) (48 + 5 * k + arietta_random_below (&random, 5)));
    }

  return arietta_piece_freeze (piece);
}

static GArray *
lay_out (AriettaPiece *piece,
         int         **starts,
         guint        *n_bars)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (piece);

  *n_bars = arietta_bar_map_get_n (bars);
  *starts = arietta_notation_dup_starts (bars, *n_bars, 480);

  return arietta_notation_lay_out (arietta_piece_get_track (piece, 0), *starts, *n_bars, 480);
}

static void
test_bars_are_full (void)
{
  for (guint nth = 0; nth < 60; nth++)
    {
      g_autoptr(AriettaPiece) piece = make_piece (nth);
      g_autofree int         *starts = NULL;
      guint                   n_bars, at = 0;
      g_autoptr(GArray)       signs = lay_out (piece, &starts, &n_bars);
      guint8                  tied[8][ARIETTA_NOTATION_MAX_CHORD] = { { 0 } };

      for (guint bar = 0; bar < n_bars; bar++)
        {
          int length = starts[bar + 1] - starts[bar];

          g_assert_cmpint (g_array_index (signs, AriettaNotationSign, at).bar, ==, bar);
          g_assert_cmpint (g_array_index (signs, AriettaNotationSign, at).voice, ==, 0);
          while (at < signs->len && g_array_index (signs, AriettaNotationSign, at).bar == bar)
            {
              guint voice = g_array_index (signs, AriettaNotationSign, at).voice;
              int   cursor = 0;

              while (at < signs->len && g_array_index (signs, AriettaNotationSign, at).bar == bar
                     && g_array_index (signs, AriettaNotationSign, at).voice == voice)
                {
                  const AriettaNotationSign *sign = &g_array_index (signs, AriettaNotationSign, at++);
                  int                        worth = type_lengths[sign->type];

                  g_assert_cmpint (sign->position, ==, cursor);
                  cursor += sign->length;
                  worth = sign->dotted ? worth * 3 / 2 : sign->triplet ? worth * 2 / 3 : worth;
                  if (!sign->whole_bar)
                    g_assert_cmpint (sign->length, ==, worth);
                  if (sign->tie_from)
                    g_assert_cmpmem (tied[voice], sizeof tied[voice], sign->pitches, sizeof sign->pitches);
                  memset (tied[voice], 0, sizeof tied[voice]);
                  if (sign->tie_to)
                    memcpy (tied[voice], sign->pitches, sizeof sign->pitches);
                }
              g_assert_cmpint (cursor, ==, length);
            }
        }
      g_assert_cmpint (at, ==, signs->len);
    }
}

/* Every onset of a pitch on the grid is written once, where it was. */
static void
test_onsets_stay (void)
{
  for (guint nth = 0; nth < 60; nth++)
    {
      g_autoptr(AriettaPiece)  piece = make_piece (nth);
      g_autofree int          *starts = NULL;
      guint                    n_bars, n;
      g_autoptr(GArray)        signs = lay_out (piece, &starts, &n_bars);
      const AriettaNote       *notes = arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n);
      g_autoptr(GHashTable)    played = g_hash_table_new (NULL, NULL), written = g_hash_table_new (NULL, NULL);

      for (guint i = 0; i < n; i++)
        g_hash_table_add (played, GUINT_TO_POINTER ((guint) (notes[i].onset_ticks / 20) << 7 | notes[i].pitch));
      for (guint i = 0; i < signs->len; i++)
        {
          const AriettaNotationSign *sign = &g_array_index (signs, AriettaNotationSign, i);

          for (guint p = 0; p < sign->n_pitches && !sign->tie_from; p++)
            g_hash_table_add (written, GUINT_TO_POINTER ((guint) (starts[sign->bar] + sign->position) << 7
                                                         | sign->pitches[p]));
        }
      g_assert_cmpint (g_hash_table_size (written), ==, g_hash_table_size (played));
      for (guint i = 0; i < n; i++)
        g_assert_true (g_hash_table_contains (
          written, GUINT_TO_POINTER ((guint) (notes[i].onset_ticks / 20) << 7 | notes[i].pitch)));
    }
}

/* What is played a little late is written where it is meant. */
static void
test_played (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack           *track = arietta_piece_add_track (piece, "");
  g_autofree int         *starts = NULL;
  guint                   n_bars, n_notes = 0;
  g_autoptr(GArray)       signs = NULL;

  for (int i = 0; i < 8; i++)
    add_note (track, MAX (0, i * 240 + (i % 3 - 1) * 11), 230, 60 + i);
  arietta_piece_freeze (piece);
  signs = lay_out (piece, &starts, &n_bars);
  for (guint i = 0; i < signs->len; i++)
    {
      const AriettaNotationSign *sign = &g_array_index (signs, AriettaNotationSign, i);

      if (sign->n_pitches == 0)
        continue;
      g_assert_cmpint (sign->position, ==, 12 * (sign->pitches[0] - 60));
      g_assert_cmpint (sign->length, ==, 12);
      n_notes++;
    }
  g_assert_cmpint (n_notes, ==, 8);
}

static void
count_cb (GMarkupParseContext *context,
          const char          *element,
          const char         **names,
          const char         **values,
          gpointer             user_data,
          GError             **error)
{
  guint *counts = user_data;

  counts[0] += strcmp (element, "measure") == 0;
  counts[1] += strcmp (element, "pitch") == 0;
  counts[2] += strcmp (element, "tuplet") == 0;
}

static void
test_document (void)
{
  static const GMarkupParser parser = { .start_element = count_cb };

  for (guint nth = 0; nth < 10; nth++)
    {
      g_autoptr(AriettaPiece)        piece = make_piece (nth);
      g_autofree char               *text = arietta_musicxml_dup_text (piece);
      guint                          counts[3] = { 0 };
      g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, counts, NULL);
      g_autoptr(GError)              error = NULL;

      g_assert_true (g_str_has_prefix (text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
      g_assert_nonnull (strstr (text, "A &amp; B &lt;C&gt;"));
      g_markup_parse_context_parse (context, text, -1, &error);
      g_assert_no_error (error);
      g_markup_parse_context_end_parse (context, &error);
      g_assert_no_error (error);
      g_assert_cmpint (counts[0], >=, 4);
      g_assert_cmpint (counts[1], >=, arietta_piece_get_n_notes (piece) / 2);
      g_assert_cmpint (counts[2] % 2, ==, 0);
    }
}

/* What was on the grid comes back: onsets, pitches, lengths where no voice gave way; metres, key, tempo,
 * title, lyrics, chords. */
static void
test_round_trip (void)
{
  for (guint nth = 0; nth < 30; nth++)
    {
      g_autoptr(AriettaPiece) bare = make_piece (nth), piece = NULL, back = NULL;
      AriettaPiece           *dressed = arietta_piece_copy (bare);
      g_autofree char        *text = NULL;
      g_autoptr(GArray)       chords = g_array_new (FALSE, TRUE, sizeof (AriettaChordMark)), chords_back = NULL;
      AriettaChordMark        mark = { .tick = 960 };
      g_autoptr(GError)       error = NULL;
      g_autoptr(GHashTable)   given = g_hash_table_new (NULL, NULL);
      const AriettaNote      *a, *b;
      AriettaKey              key;
      guint                   n, m, n_meters, n_meters_back;

      arietta_piece_set_title (dressed, "Über <alles> & nichts");
      arietta_piece_set_key (dressed, 0, -3, TRUE);
      arietta_piece_set_tempo (dressed, 0, 600000);
      arietta_piece_freeze (dressed);
      g_assert_true (arietta_chord_parse ("Cm7", &mark.chord));
      g_array_append_val (chords, mark);
      piece = arietta_marks_set_chords (dressed, chords);
      arietta_piece_unref (dressed);

      text = arietta_musicxml_dup_text (piece);
      back = arietta_musicxml_read_bytes (text, strlen (text), "test", &error);
      g_assert_no_error (error);
      g_assert_cmpstr (arietta_piece_get_title (back), ==, "Über <alles> & nichts");
      g_assert_true (arietta_piece_get_key_at (back, 0, &key));
      g_assert_cmpint (key.sharps, ==, -3);
      g_assert_true (key.minor);
      g_assert_cmpint (arietta_piece_get_tempo_at (back, 0), ==, 600000);
      arietta_piece_get_meters (piece, &n_meters);
      arietta_piece_get_meters (back, &n_meters_back);
      g_assert_cmpint (arietta_piece_get_meter_at (back, 4000).numerator, ==,
                       arietta_piece_get_meter_at (piece, 4000).numerator);
      chords_back = arietta_marks_get_chords (back);
      g_assert_cmpint (chords_back->len, ==, 1);
      g_assert_cmpint (g_array_index (chords_back, AriettaChordMark, 0).tick, ==, 960);
      g_assert_true (arietta_chord_equal (&g_array_index (chords_back, AriettaChordMark, 0).chord, &mark.chord));

      a = arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n);
      b = arietta_track_get_notes (arietta_piece_get_track (back, 0), &m);
      for (guint i = 0; i < n; i++)
        g_hash_table_add (given, GUINT_TO_POINTER ((guint) a[i].onset_ticks << 7 | a[i].pitch));
      g_assert_cmpint (m, >=, g_hash_table_size (given));
      for (guint i = 0; i < m; i++)
        g_assert_true (g_hash_table_contains (given, GUINT_TO_POINTER ((guint) b[i].onset_ticks << 7 | b[i].pitch)));
    }
}

#define HEAD "<score-partwise><part-list><score-part id=\"P1\"><part-name>Horn</part-name></score-part></part-list>"

static AriettaPiece *
read_text (const char  *text,
           gssize       n,
           GError     **error)
{
  return arietta_musicxml_read_bytes (text, n < 0 ? strlen (text) : (gsize) n, "score.xml", error);
}

/* What others write: transposition, grace notes, backup, a tie over the bar line, sums of beats, Latin-1. */
static void
test_foreign (void)
{
  static const char text[] =
    "<?xml version='1.0' encoding='ISO-8859-1'?><!DOCTYPE score-partwise>" HEAD
    "<part id='P1'><measure number='1'><attributes><divisions>2</divisions><time><beats>3+2</beats>"
    "<beat-type>8</beat-type></time><transpose><diatonic>-4</diatonic><chromatic>-7</chromatic></transpose></attributes>"
    "<note><grace/><pitch><step>D</step><octave>5</octave></pitch><voice>1</voice></note>"
    "<note><pitch><step>C</step><octave>5</octave></pitch><duration>5</duration><tie type='start'/>"
    "<lyric><text>\xfc" "ber</text></lyric></note>"
    "<backup><duration>5</duration></backup>"
    "<note><pitch><step>F</step><alter>1</alter><octave>4</octave></pitch><duration>2</duration></note>"
    "</measure><measure number='2'>"
    "<note><pitch><step>C</step><octave>5</octave></pitch><duration>3</duration><tie type='stop'/></note>"
    "<note><rest/><duration>2</duration></note></measure></part></score-partwise>";
  g_autoptr(GError)       error = NULL;
  g_autoptr(AriettaPiece) piece = read_text (text, sizeof text - 1, &error);
  guint                   n;
  const AriettaNote      *notes;

  g_assert_no_error (error);
  notes = arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n);
  g_assert_cmpint (n, ==, 3);
  g_assert_cmpint (arietta_piece_get_meter_at (piece, 0).numerator, ==, 5);
  g_assert_cmpstr (arietta_track_get_name (arietta_piece_get_track (piece, 0)), ==, "Horn");
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (notes[i].pitch == 67 || notes[i].pitch == 65 || notes[i].pitch == 59);
      if (notes[i].pitch == 65)
        g_assert_cmpint (notes[i].duration_ticks, ==, 8 * 240);
    }
}

static void
test_bad (void)
{
  static const struct
  {
    const char *text, *says;
  } rows[] = {
    { "", "score.xml" },
    { "<?xml version=\"1.0\"?>", "score.xml" },
    { "<html></html>", "no score" },
    { "<score-timewise/>", "partwise" },
    { HEAD, "score.xml" },
    { HEAD "<part id=\"P1\"><measure><note></measure></part></score-partwise>", "line 1" },
    { "<!DOCTYPE score-partwise [<!ENTITY a \"b\">]>" HEAD "<part id=\"P1\">\n&a;</part></score-partwise>", "line" },
    { "<?xml version=\"1.0\" encoding=\"klingon\"?><score-partwise/>", "encoding" },
  };
  GString *deep = g_string_new ("<score-partwise>");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError)       error = NULL;
      g_autoptr(AriettaPiece) piece = read_text (rows[i].text, -1, &error);

      g_test_message ("%s", rows[i].text);
      g_assert_null (piece);
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, rows[i].says));
    }

  for (guint i = 0; i < 100; i++)
    g_string_append (deep, "<a>");
  {
    g_autoptr(GError)       error = NULL;
    g_autoptr(AriettaPiece) piece = read_text (deep->str, -1, &error);

    g_assert_null (piece);
    g_assert_nonnull (strstr (error->message, "deeply"));
  }
  g_string_free (deep, TRUE);
}

/* A metre told a tick late makes no bar of its own. */
static void
test_late_meter (void)
{
  AriettaPiece           *made = arietta_piece_new (480);
  AriettaTrack           *track = arietta_piece_add_track (made, "");
  g_autoptr(AriettaPiece) piece = made;
  g_autofree char        *text = NULL;

  arietta_piece_set_meter (made, 1, 3, 4);
  for (int i = 0; i < 6; i++)
    add_note (track, 1 + i * 480, 480, 60 + i);
  arietta_piece_freeze (made);
  text = arietta_musicxml_dup_text (piece);
  g_assert_null (strstr (text, "measure number=\"0\""));
  g_assert_nonnull (strstr (text, "<beats>3</beats>"));
  g_assert_null (strstr (text, "measure number=\"3\""));
}

static void
test_empty (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_freeze (arietta_piece_new (480));
  g_autofree char        *text = arietta_musicxml_dup_text (piece);

  g_assert_nonnull (strstr (text, "<rest measure=\"yes\"/>"));
}

/* Every kind of chord has words, and comes back from them. */
static void
test_chords (void)
{
  g_autoptr(AriettaPiece) bare = make_piece (1), piece = NULL, back = NULL;
  g_autoptr(GArray)       chords = g_array_new (FALSE, TRUE, sizeof (AriettaChordMark)), chords_back = NULL;
  g_autoptr(GError)       error = NULL;
  g_autofree char        *text = NULL;

  for (int kind = 0; kind < ARIETTA_CHORD_KIND_NONE; kind++)
    {
      const AriettaChordMark mark = { 240 * kind, arietta_chord_from_class (kind % 12, kind, kind % 2) };

      g_array_append_val (chords, mark);
    }
  piece = arietta_marks_set_chords (bare, chords);
  text = arietta_musicxml_dup_text (piece);
  g_assert_nonnull (strstr (text, "<kind text=\"m7\">minor-seventh</kind>"));
  back = read_text (text, -1, &error);
  g_assert_no_error (error);
  chords_back = arietta_marks_get_chords (back);
  for (guint i = 0; i < chords_back->len; i++)
    {
      const AriettaChordMark *mark = &g_array_index (chords_back, AriettaChordMark, i);

      g_assert_cmpint (mark->tick, ==, 240 * i);
      g_assert_true (arietta_chord_equal (&mark->chord, &g_array_index (chords, AriettaChordMark, i).chord));
    }
  g_assert_cmpint (chords_back->len, ==, chords->len);
}

static void
add_text (AriettaTrack *track,
          gint64        tick,
          guint8        type,
          const char   *text)
{
  arietta_track_add_event (track, tick, 0xff, type, 0, (const guint8 *) text, (guint32) strlen (text));
}

/* Words in syllables, and the statement of origin. */
static void
test_words (void)
{
  static const char * const sung[] = { "Al-", "le-", "lu-", "ja!", "Tag" };
  static const char         statement[] = "{\"program\":\"arietta <1>\",\"seed\":7}";
  AriettaPiece             *piece = arietta_piece_new (480);
  AriettaTrack             *track = arietta_piece_add_track (piece, "Soprano");
  g_autoptr(AriettaPiece)   given = piece, back = NULL;
  g_autoptr(GError)         error = NULL;
  g_autofree char          *text = NULL, *stated = NULL;
  const AriettaEvent       *events;
  guint                     n, nth = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sung); i++)
    {
      add_note (track, i * 480, 480, 60 + (int) i);
      add_text (track, i * 480, 0x05, sung[i]);
    }
  arietta_statement_set (piece, "{}");
  arietta_statement_set (piece, statement);
  arietta_piece_freeze (piece);

  text = arietta_musicxml_dup_text (piece);
  g_assert_nonnull (strstr (text, "<syllabic>begin</syllabic><text>Al</text>"));
  g_assert_nonnull (strstr (text, "<syllabic>middle</syllabic><text>lu</text>"));
  g_assert_nonnull (strstr (text, "<syllabic>end</syllabic><text>ja!</text>"));
  g_assert_nonnull (strstr (text, "<syllabic>single</syllabic><text>Tag</text>"));

  back = read_text (text, -1, &error);
  g_assert_no_error (error);
  stated = arietta_statement_dup (back);
  g_assert_cmpstr (stated, ==, statement);
  events = arietta_track_get_events (arietta_piece_get_track (back, 0), &n);
  for (guint i = 0; i < n; i++)
    if (events[i].status == 0xff && events[i].data1 == 0x05)
      {
        g_assert_cmpint (events[i].tick, ==, nth * 480);
        g_assert_cmpmem (events[i].bytes, events[i].n_bytes, sung[nth], strlen (sung[nth]));
        nth++;
      }
  g_assert_cmpint (nth, ==, G_N_ELEMENTS (sung));
}

/* Where a drummer looks for it: a bass drum below, a snare in the middle, a hi-hat as a cross on top; and back again. */
static void
test_drums (void)
{
  static const int         pitches[] = { 36, 38, 42, 44, 46, 49, 63, 27 };
  g_autoptr(AriettaPiece)  piece = arietta_piece_new (480), again = NULL;
  AriettaTrack            *track = arietta_piece_add_track (piece, "Drums");
  const AriettaNote       *notes;
  g_autofree char         *text = NULL;
  g_autoptr(GError)        error = NULL;
  guint                    n;

  for (guint i = 0; i < G_N_ELEMENTS (pitches); i++)
    arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = i * 240, .duration_ticks = 240, .velocity = 80,
                                                    .pitch = (guint8) pitches[i], .channel = 9 });
  arietta_piece_freeze (piece);
  text = arietta_musicxml_dup_text (piece);
  g_assert_nonnull (strstr (text, "<display-step>F</display-step><display-octave>4</display-octave>"));
  g_assert_nonnull (strstr (text, "<display-step>C</display-step><display-octave>5</display-octave>"));
  g_assert_nonnull (strstr (text, "<display-step>G</display-step><display-octave>5</display-octave>"));
  g_assert_nonnull (strstr (text, "<notehead>x</notehead>"));
  g_assert_nonnull (strstr (text, "<notehead>circle-x</notehead>"));
  g_assert_nonnull (strstr (text, "<instrument-name>Snare</instrument-name>"));
  g_assert_nonnull (strstr (text, "<instrument-name>Drums 27</instrument-name>"));

  again = arietta_musicxml_read_bytes (text, strlen (text), "drums.musicxml", &error);
  g_assert_no_error (error);
  notes = arietta_track_get_notes (arietta_piece_get_track (again, 0), &n);
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (pitches));
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (notes[i].pitch, ==, pitches[i]);
}

static void
test_unwritable (void)
{
  g_autoptr(AriettaPiece) piece = make_piece (1);
  g_autoptr(GError)       error = NULL;

  g_assert_false (arietta_musicxml_write_file (piece, "/nowhere/at/all.musicxml", &error));
  g_assert_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_IO);
  g_assert_nonnull (strstr (error->message, "all.musicxml"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/musicxml/bars-are-full", test_bars_are_full);
  g_test_add_func ("/musicxml/onsets-stay", test_onsets_stay);
  g_test_add_func ("/musicxml/played", test_played);
  g_test_add_func ("/musicxml/document", test_document);
  g_test_add_func ("/musicxml/round-trip", test_round_trip);
  g_test_add_func ("/musicxml/foreign", test_foreign);
  g_test_add_func ("/musicxml/bad", test_bad);
  g_test_add_func ("/musicxml/late-meter", test_late_meter);
  g_test_add_func ("/musicxml/empty", test_empty);
  g_test_add_func ("/musicxml/chords", test_chords);
  g_test_add_func ("/musicxml/words", test_words);
  g_test_add_func ("/musicxml/drums", test_drums);
  g_test_add_func ("/musicxml/unwritable", test_unwritable);

  return g_test_run ();
}
