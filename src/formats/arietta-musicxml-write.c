#define G_LOG_DOMAIN "arietta-formats"

#include "config.h"

#include "formats/arietta-musicxml-private.h"

#include <math.h>
#include <string.h>

#include "base/arietta-save.h"
#include "formats/arietta-drum-notation.h"
#include "formats/arietta-notation.h"
#include "music/arietta-general-midi.h"
#include "music/arietta-marks.h"
#include "music/arietta-statement.h"

#define DRUM_CHANNEL MUSICXML_DRUM_CHANNEL

enum { META = 0xff, META_LYRIC = 0x05 };

static const char * const type_names[] = {
  [ARIETTA_NOTATION_WHOLE] = "whole",    [ARIETTA_NOTATION_HALF] = "half",
  [ARIETTA_NOTATION_QUARTER] = "quarter", [ARIETTA_NOTATION_EIGHTH] = "eighth",
  [ARIETTA_NOTATION_16TH] = "16th",      [ARIETTA_NOTATION_32ND] = "32nd",
};

typedef struct
{
  AriettaPiece  *piece;
  AriettaBarMap *bars;
  int           *starts;   /* in 24ths */
  guint          n_bars;
  int            tpq;
  GArray        *chords;   /* AriettaChordMark */
  gboolean       in_word;  /* the syllable before goes on in the next one */
  GString       *out;
} Writer;

/* --- small things --- */

static void
put (Writer     *self,
     const char *format,
     ...) G_GNUC_PRINTF (2, 3);

/* As g_string_append_printf (), every text escaped. */
static void
put (Writer     *self,
     const char *format,
     ...)
{
  g_autofree char *text = NULL;
  va_list          arguments;

  va_start (arguments, format);
  text = g_markup_vprintf_escaped (format, arguments);
  va_end (arguments);
  g_string_append (self->out, text);
}

/* What XML cannot hold at all is left out. */
static char *
dup_clean (const char *text,
           gssize      n)
{
  g_autofree char *valid = g_utf8_make_valid (text, n);
  GString         *clean = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c >= 0x20 || c == '\t' || c == '\n')
        g_string_append_unichar (clean, c);
    }

  return g_string_free (clean, FALSE);
}

static int
to_units (Writer *self,
          gint64  ticks)
{
  return (int) lround ((double) ticks * ARIETTA_NOTATION_PER_QUARTER / self->tpq);
}

static void
put_pitch (Writer   *self,
           int       pitch,
           gboolean  flats)
{
  static const char sharp_steps[] = "CCDDEFFGGAAB", flat_steps[] = "CDDEEFGGAABB";
  gboolean          black = strchr ("\1\3\6\10\12", pitch % 12) != NULL && pitch % 12 != 0;

  put (self, "<pitch><step>%c</step>", (flats ? flat_steps : sharp_steps)[pitch % 12]);
  if (black)
    put (self, "<alter>%d</alter>", flats ? -1 : 1);
  put (self, "<octave>%d</octave></pitch>", pitch / 12 - 1);
}

static gboolean
uses_flats (Writer *self,
            gint64  tick)
{
  AriettaKey key;

  return arietta_piece_get_key_at (self->piece, tick, &key) && key.sharps < 0;
}

/* --- head --- */

/* In the order the standard has it; words for people, and the statement itself for programs. */
static void
put_identification (Writer     *self,
                    const char *statement)
{
  g_autofree char *author = arietta_statement_dup_member (statement, "author");
  g_autofree char *clean_author = author != NULL ? dup_clean (author, -1) : NULL;
  g_autofree char *words = arietta_statement_dup_words (statement);
  g_autofree char *clean_words = words != NULL ? dup_clean (words, -1) : NULL;
  gint64           unix_time = arietta_statement_get_time (statement);
  g_autoptr(GDateTime) time = unix_time > 0 ? g_date_time_new_from_unix_utc (unix_time) : NULL;

  if (clean_author != NULL)
    put (self, "<creator type=\"composer\">%s</creator>", clean_author);
  put (self, "<encoding><software>%s</software>", "Arietta " ARIETTA_VERSION);
  if (time != NULL)
    {
      g_autofree char *date = g_date_time_format (time, "%F");

      put (self, "<encoding-date>%s</encoding-date>", date);
    }
  if (clean_words != NULL)
    put (self, "<encoding-description>%s</encoding-description>", clean_words);
  put (self, "</encoding>");
  if (statement != NULL)
    put (self, "<miscellaneous><miscellaneous-field name=\"arietta\">%s</miscellaneous-field></miscellaneous>",
         statement);
}

static void
put_head (Writer *self)
{
  g_autofree char *title = dup_clean (arietta_piece_get_title (self->piece) != NULL
                                        ? arietta_piece_get_title (self->piece) : "", -1);
  g_autofree char *stated = arietta_statement_dup (self->piece);
  g_autofree char *statement = stated != NULL ? dup_clean (stated, -1) : NULL;

  put (self, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<!DOCTYPE score-partwise PUBLIC \"-//Recordare//DTD MusicXML 4.0 Partwise//EN\" "
             "\"http://www.musicxml.org/dtds/partwise.dtd\">\n"
             "<score-partwise version=\"4.0\">\n");
  if (*title != '\0')
    put (self, "<work><work-title>%s</work-title></work>\n", title);
  put (self, "<identification>");
  put_identification (self, statement);
  put (self, "</identification>\n");
}

static gboolean
has_notes (Writer *self,
           guint   track)
{
  guint n;

  arietta_track_get_notes (arietta_piece_get_track (self->piece, track), &n);
  return n > 0;
}

static void
put_part_head (Writer *self,
               guint   nth)
{
  AriettaTrack       *track = arietta_piece_get_track (self->piece, nth);
  guint               n;
  const AriettaNote  *notes = arietta_track_get_notes (track, &n);
  g_autofree char    *name = dup_clean (arietta_track_get_name (track), -1);
  gboolean            seen[128] = { FALSE };

  put (self, "<score-part id=\"P%u\"><part-name>%s</part-name>", nth + 1, name);
  if (!arietta_track_is_percussion (track))
    {
      put (self, "<score-instrument id=\"P%u-I1\"><instrument-name>%s</instrument-name></score-instrument>",
           nth + 1, name);
      put (self, "<midi-instrument id=\"P%u-I1\"><midi-channel>%d</midi-channel><midi-program>%d</midi-program>"
                 "</midi-instrument></score-part>\n",
           nth + 1, arietta_track_get_channel (track) + 1, arietta_track_get_program (track) + 1);
      return;
    }

  for (guint i = 0; i < n; i++)
    seen[notes[i].pitch & 127] = TRUE;
  for (guint p = 0; p < 128; p++)
    if (seen[p])
      {
        const char *drum = arietta_general_midi_get_percussion ((int) p);

        put (self, "<score-instrument id=\"P%u-I%u\"><instrument-name>", nth + 1, p + 1);
        if (drum != NULL)
          put (self, "%s", drum);
        else
          put (self, "%s %u", name, p);
        put (self, "</instrument-name></score-instrument>");
      }
  for (guint p = 0; p < 128; p++)
    if (seen[p])
      put (self, "<midi-instrument id=\"P%u-I%u\"><midi-channel>%d</midi-channel><midi-unpitched>%u"
                 "</midi-unpitched></midi-instrument>",
           nth + 1, p + 1, DRUM_CHANNEL + 1, p + 1);
  put (self, "</score-part>\n");
}

/* --- bars --- */

static void
put_attributes (Writer       *self,
                guint         bar,
                AriettaTrack *track,
                gboolean      low)
{
  const AriettaBar *now = arietta_bar_map_get_nth (self->bars, bar);
  const AriettaBar *before = bar > 0 ? arietta_bar_map_get_nth (self->bars, bar - 1) : NULL;
  AriettaKey        key, key_before;
  gboolean          has_key = arietta_piece_get_key_at (self->piece, now->start_ticks, &key);
  gboolean          had_key = before != NULL
                     && arietta_piece_get_key_at (self->piece, before->start_ticks, &key_before);
  gboolean          drums = arietta_track_is_percussion (track);
  gboolean          put_key = !drums && (before == NULL || has_key != had_key
                                         || (has_key && (key.sharps != key_before.sharps
                                                         || key.minor != key_before.minor)));
  gboolean          put_meter = before == NULL || now->numerator != before->numerator
                                || now->denominator != before->denominator;

  if (!put_key && !put_meter)
    return;

  put (self, "<attributes>");
  if (before == NULL)
    put (self, "<divisions>%d</divisions>", ARIETTA_NOTATION_PER_QUARTER);
  if (put_key)
    put (self, "<key><fifths>%d</fifths><mode>%s</mode></key>", has_key ? key.sharps : 0,
         has_key && key.minor ? "minor" : "major");
  if (put_meter)
    put (self, "<time><beats>%d</beats><beat-type>%d</beat-type></time>", now->numerator, now->denominator);
  if (before == NULL)
    put (self, drums ? "<clef><sign>percussion</sign></clef>"
               : low ? "<clef><sign>F</sign><line>4</line></clef>"
                     : "<clef><sign>G</sign><line>2</line></clef>");
  put (self, "</attributes>\n");
}

/* Tempos of the bar, each at its place. */
static void
put_tempos (Writer *self,
            guint   bar)
{
  guint               n;
  const AriettaTempo *tempos = arietta_piece_get_tempos (self->piece, &n);
  gint64              from = arietta_bar_map_get_start (self->bars, bar);
  gint64              to = arietta_bar_map_get_start (self->bars, bar + 1);

  for (guint i = 0; i < n; i++)
    {
      double bpm = 6e7 / tempos[i].us_per_quarter;
      char   number[G_ASCII_DTOSTR_BUF_SIZE];

      if (tempos[i].tick < from || tempos[i].tick >= to)
        continue;
      g_ascii_formatd (number, sizeof number, "%.4g", bpm);
      put (self, "<direction placement=\"above\"><direction-type><metronome><beat-unit>quarter</beat-unit>"
                 "<per-minute>%s</per-minute></metronome></direction-type><offset>%d</offset>"
                 "<sound tempo=\"%s\"/></direction>\n",
           number, to_units (self, tempos[i].tick - from), number);
    }
}

static void
put_root (Writer     *self,
          const char *what,
          int         step,
          int         alter)
{
  put (self, "<%s><%s-step>%c</%s-step>", what, what, "CDEFGAB"[step], what);
  if (alter != 0)
    put (self, "<%s-alter>%d</%s-alter>", what, alter, what);
  put (self, "</%s>", what);
}

static void
put_chords (Writer *self,
            guint   bar)
{
  gint64 from = arietta_bar_map_get_start (self->bars, bar);
  gint64 to = arietta_bar_map_get_start (self->bars, bar + 1);

  for (guint i = 0; i < self->chords->len; i++)
    {
      const AriettaChordMark *mark = &g_array_index (self->chords, AriettaChordMark, i);
      AriettaChord            plain = { .kind = mark->chord.kind, .bass_step = -1 };
      g_autofree char        *name = NULL;
      const char             *kind;
      XmlDegree               degree;

      if (mark->tick < from || mark->tick >= to || mark->chord.kind >= ARIETTA_CHORD_KIND_NONE)
        continue;
      kind = _arietta_musicxml_get_chord (mark->chord.kind, &degree);
      name = arietta_chord_dup_name (&plain);
      put (self, "<harmony>");
      put_root (self, "root", mark->chord.step, mark->chord.alter);
      /* What stands behind the root. */
      put (self, "<kind text=\"%s\">%s</kind>", name + 1, kind);
      if (mark->chord.bass_step >= 0)
        put_root (self, "bass", mark->chord.bass_step, mark->chord.bass_alter);
      if (degree.value > 0)
        put (self, "<degree><degree-value>%d</degree-value><degree-alter>%d</degree-alter>"
                   "<degree-type>%s</degree-type></degree>",
             degree.value, degree.alter, degree.changes ? "alter" : "add");
      put (self, "<offset>%d</offset></harmony>\n", to_units (self, mark->tick - from));
    }
}

/* The syllable sung at @tick, or NULL. */
static char *
dup_lyric (AriettaTrack *track,
           gint64        tick)
{
  guint               n;
  const AriettaEvent *events = arietta_track_get_events (track, &n);

  for (guint i = 0; i < n; i++)
    if (events[i].tick == tick && events[i].status == META && events[i].data1 == META_LYRIC)
      {
        g_autofree char *text = dup_clean ((const char *) events[i].bytes, (gssize) events[i].n_bytes);

        g_strstrip (text);
        return *text != '\0' ? g_steal_pointer (&text) : NULL;
      }

  return NULL;
}

/* A hyphen at the end says that the word goes on (RP-026). */
static void
put_lyric (Writer *self,
           char   *lyric)
{
  gsize    n = strlen (lyric);
  gboolean goes_on = n > 1 && lyric[n - 1] == '-';

  if (goes_on)
    lyric[n - 1] = '\0';
  put (self, "<lyric><syllabic>%s</syllabic><text>%s</text></lyric>",
       goes_on ? self->in_word ? "middle" : "begin" : self->in_word ? "end" : "single", lyric);
  self->in_word = goes_on;
}

static void
put_notations (Writer                    *self,
               const AriettaNotationSign *sign,
               gboolean                   first)
{
  gboolean tuplet = first && (sign->tuplet_begins || sign->tuplet_ends);

  if (!sign->tie_from && !sign->tie_to && !tuplet)
    return;

  put (self, "<notations>");
  if (sign->tie_from)
    put (self, "<tied type=\"stop\"/>");
  if (sign->tie_to)
    put (self, "<tied type=\"start\"/>");
  if (tuplet && sign->tuplet_begins)
    put (self, "<tuplet type=\"start\"/>");
  if (tuplet && sign->tuplet_ends)
    put (self, "<tuplet type=\"stop\"/>");
  put (self, "</notations>");
}

static void
put_sign (Writer                    *self,
          guint                      part,
          AriettaTrack              *track,
          const AriettaNotationSign *sign)
{
  gboolean drums = arietta_track_is_percussion (track);

  for (guint i = 0; i < MAX (sign->n_pitches, 1); i++)
    {
      AriettaDrumPlace place = arietta_drum_notation_get (sign->n_pitches > 0 ? sign->pitches[i] : 0);

      /* In percent of 90, as the standard counts. */
      if (sign->n_pitches > 0)
        {
          /* Not as the person's language writes decimals. */
          char percent[G_ASCII_DTOSTR_BUF_SIZE];

          g_ascii_formatd (percent, sizeof percent, "%.2f", sign->velocities[i] / 0.9);
          put (self, "<note dynamics=\"%s\">", percent);
        }
      else
        put (self, "<note>");
      if (i > 0)
        put (self, "<chord/>");
      if (sign->n_pitches == 0)
        put (self, sign->whole_bar ? "<rest measure=\"yes\"/>" : "<rest/>");
      else if (drums)
        put (self, "<unpitched><display-step>%c</display-step><display-octave>%d</display-octave></unpitched>",
             place.step, place.octave);
      else
        put_pitch (self, sign->pitches[i], uses_flats (self, sign->tick));
      put (self, "<duration>%d</duration>", sign->length);
      if (sign->tie_from)
        put (self, "<tie type=\"stop\"/>");
      if (sign->tie_to)
        put (self, "<tie type=\"start\"/>");
      if (drums && sign->n_pitches > 0)
        put (self, "<instrument id=\"P%u-I%u\"/>", part + 1, sign->pitches[i] + 1u);
      put (self, "<voice>%u</voice>", sign->voice + 1);
      if (!sign->whole_bar)
        {
          put (self, "<type>%s</type>", type_names[sign->type]);
          if (sign->dotted)
            put (self, "<dot/>");
          if (sign->triplet)
            put (self, "<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes>"
                       "</time-modification>");
        }
      if (drums && sign->n_pitches > 0 && place.head != NULL)
        put (self, "<notehead>%s</notehead>", place.head);
      put_notations (self, sign, i == 0);
      if (i == 0 && sign->voice == 0 && sign->n_pitches > 0 && !sign->tie_from)
        {
          g_autofree char *lyric = dup_lyric (track, sign->tick);

          if (lyric != NULL)
            put_lyric (self, lyric);
        }
      put (self, "</note>\n");
    }
}

static gboolean
is_low (AriettaTrack *track)
{
  guint              n;
  const AriettaNote *notes = arietta_track_get_notes (track, &n);
  guint64            sum = 0;

  for (guint i = 0; i < n; i++)
    sum += notes[i].pitch;

  return n > 0 && sum / n < 57;
}

static void
put_part (Writer   *self,
          guint     nth,
          gboolean  first)
{
  AriettaTrack     *track = arietta_piece_get_track (self->piece, nth);
  g_autoptr(GArray) signs = arietta_notation_lay_out (track, self->starts, self->n_bars, self->tpq);
  gboolean          low = is_low (track), pickup = arietta_bar_map_has_pickup (self->bars);
  guint             at = 0;

  self->in_word = FALSE;
  put (self, "<part id=\"P%u\">\n", nth + 1);
  for (guint bar = 0; bar < self->n_bars; bar++)
    {
      int   length = self->starts[bar + 1] - self->starts[bar];
      guint voice = 0;

      if (pickup && bar == 0)
        put (self, "<measure number=\"0\" implicit=\"yes\">\n");
      else
        put (self, "<measure number=\"%u\">\n", bar + (pickup ? 0 : 1));
      put_attributes (self, bar, track, low);
      if (first)
        {
          put_tempos (self, bar);
          put_chords (self, bar);
        }
      for (; at < signs->len; at++)
        {
          const AriettaNotationSign *sign = &g_array_index (signs, AriettaNotationSign, at);

          if (sign->bar != bar)
            break;
          if (sign->voice != voice)
            put (self, "<backup><duration>%d</duration></backup>\n", length);
          voice = sign->voice;
          put_sign (self, nth, track, sign);
        }
      put (self, "</measure>\n");
    }
  put (self, "</part>\n");
}

/* Some files tell their metre a tick after the beginning.  A first bar that is shorter than any
 * sign is no pickup: @piece with the metre from the beginning on, or @piece. */
static AriettaPiece *
without_hair (AriettaPiece *piece)
{
  guint               n;
  const AriettaMeter *meters = arietta_piece_get_meters (piece, &n);
  gint64              short_ticks = arietta_piece_get_ticks_per_quarter (piece) / 8;
  AriettaMeter        told = { 0 };
  AriettaPiece       *copy;

  for (guint i = 0; i < n && meters[i].tick < short_ticks; i++)
    told = meters[i];
  if (told.tick == 0)
    return arietta_piece_ref (piece);

  copy = arietta_piece_copy (piece);
  for (guint i = 0; i < n && meters[i].tick < short_ticks; i++)
    arietta_piece_remove_meter (copy, meters[i].tick);
  told.tick = 0;
  arietta_piece_set_meter_full (copy, &told);
  return arietta_piece_freeze (copy);
}

char *
arietta_musicxml_dup_text (AriettaPiece *given)
{
  g_autoptr(AriettaPiece)  piece = without_hair (given);
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (piece);
  g_autoptr(GArray)        chords = arietta_marks_get_chords (piece);
  g_autofree int          *starts = NULL;
  gint64                   end = MAX (arietta_piece_get_notes_end_ticks (piece), 1);
  Writer                   self = { .piece = piece, .bars = bars, .chords = chords,
                                    .tpq = arietta_piece_get_ticks_per_quarter (piece) };
  guint                    n_tracks = arietta_piece_get_n_tracks (piece), n_parts = 0;
  gboolean                 first = TRUE;

  /* A last note that rings a hair beyond its bar does not make another. */
  self.n_bars = MIN (arietta_bar_map_find (bars, MAX (end - 1 - self.tpq / ARIETTA_NOTATION_PER_QUARTER, 0)) + 1,
                     arietta_bar_map_get_n (bars));
  self.starts = starts = arietta_notation_dup_starts (bars, self.n_bars, self.tpq);
  self.out = g_string_new (NULL);

  put_head (&self);
  put (&self, "<part-list>\n");
  for (guint t = 0; t < n_tracks; t++)
    if (has_notes (&self, t))
      {
        put_part_head (&self, t);
        n_parts++;
      }
  if (n_parts == 0)
    put (&self, "<score-part id=\"P1\"><part-name></part-name></score-part>\n");
  put (&self, "</part-list>\n");
  for (guint t = 0; t < n_tracks; t++)
    if (has_notes (&self, t))
      {
        put_part (&self, t, first);
        first = FALSE;
      }
  if (n_parts == 0)
    put (&self, "<part id=\"P1\"><measure number=\"1\"><attributes><divisions>%d</divisions></attributes>"
                "<note><rest measure=\"yes\"/><duration>%d</duration></note></measure></part>\n",
         ARIETTA_NOTATION_PER_QUARTER, 4 * ARIETTA_NOTATION_PER_QUARTER);
  put (&self, "</score-partwise>\n");

  return g_string_free (self.out, FALSE);
}

gboolean
arietta_musicxml_write_file (AriettaPiece  *piece,
                             const char    *path,
                             GError       **error)
{
  g_autofree char *text = arietta_musicxml_dup_text (piece);

  return arietta_save_file (path, text, strlen (text), ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_IO, error);
}
