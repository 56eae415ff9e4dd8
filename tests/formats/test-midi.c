#include "formats/arietta-midi.h"

#include "base/arietta-error.h"
#include "base/arietta-random.h"
#include "midi-bytes.h"

#define END "00 FF 2F 00"

/* A piece as one line: maps, then each track in brackets with its notes as onset+duration:pitch and
 * its events as tick!status. */
static char *
spell (AriettaPiece *piece)
{
  GString *text = g_string_new (NULL);
  const AriettaTempo *tempos;
  const AriettaMeter *meters;
  const AriettaKey *keys;
  guint n;

  tempos = arietta_piece_get_tempos (piece, &n);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "tempo@%d=%u ", (int) tempos[i].tick, tempos[i].us_per_quarter);
  meters = arietta_piece_get_meters (piece, &n);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "meter@%d=%d/%d ", (int) meters[i].tick, meters[i].numerator,
                            1 << meters[i].denominator_log2);
  keys = arietta_piece_get_keys (piece, &n);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "key@%d=%d%s ", (int) keys[i].tick, keys[i].sharps,
                            keys[i].minor ? "m" : "");

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      AriettaTrack *track = arietta_piece_get_track (piece, t);
      const AriettaEvent *events;
      const AriettaNote *notes;

      g_string_append_c (text, '[');
      notes = arietta_track_get_notes (track, &n);
      for (guint i = 0; i < n; i++)
        {
          g_string_append_printf (text, "%d+%d:%d ", (int) notes[i].onset_ticks,
                                  (int) notes[i].duration_ticks, notes[i].pitch);
          if (notes[i].program > 0)
            g_string_append_printf (text, "p%d ", notes[i].program);
          if (notes[i].flags & ARIETTA_NOTE_UNCLOSED)
            g_string_append (text, "open ");
        }
      events = arietta_track_get_events (track, &n);
      for (guint i = 0; i < n; i++)
        g_string_append_printf (text, "%d!%02X ", (int) events[i].tick, events[i].status);
      g_string_append_printf (text, "end %d] ", (int) arietta_track_get_end_ticks (track));
    }
  return g_strchomp (g_string_free (text, FALSE));
}

static AriettaPiece *
read_text (const char *text, AriettaMidiReadFlags flags, AriettaMidiReport *report, GError **error)
{
  g_autoptr(GByteArray) bytes = midi_bytes (text);
  /* Exactly as long as the file, so that a tool that watches memory sees a step outside it. */
  g_autofree guint8 *exact = g_memdup2 (bytes->data, bytes->len);

  return arietta_midi_read_bytes (exact, bytes->len, "test.mid", flags, report, error);
}

/* Writes in both formats and reads again; format 0 only where there is one track to merge. */
static void
assert_round_trip (AriettaPiece *piece)
{
  for (int format = arietta_piece_get_n_tracks (piece) == 1 ? 0 : 1; format <= 1; format++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = arietta_midi_write_bytes (piece, format, &error);
      g_autoptr(GBytes) again = NULL;
      g_autoptr(AriettaPiece) read = NULL;
      g_auto(AriettaMidiReport) report = { 0 };

      g_assert_no_error (error);
      read = arietta_midi_read_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                      "again.mid", ARIETTA_MIDI_READ_DEFAULT, &report, &error);
      g_assert_no_error (error);
      if (!arietta_piece_equal (piece, read))
        {
          g_autofree char *before = spell (piece);
          g_autofree char *after = spell (read);

          g_assert_cmpstr (before, ==, after);
          g_assert_not_reached ();
        }
      g_assert_cmpstr (arietta_piece_get_title (read), ==, arietta_piece_get_title (piece));
      again = arietta_midi_write_bytes (read, format, &error);
      g_assert_true (g_bytes_equal (bytes, again));
    }
}

/* Files that are read: what comes out, and how many warnings with what word in the first. */
typedef struct
{
  const char *name;
  const char *file;
  const char *piece;
  guint       n_warnings;
  const char *warning;
} Readable;

static const Readable READABLE[] = {
  { "one-note", "MThd 0 1 0060 MTrk{ 00 90 3C 40 60 80 3C 40 " END " }", "[0+96:60 end 96]" },
  { "running-status", "MThd 0 1 0060 MTrk{ 00 90 3C 40 60 3C 00 00 3E 40 60 3E 00 " END " }",
    "[0+96:60 96+96:62 end 192]" },
  { "running-status-after-meta",
    "MThd 0 1 0060 MTrk{ 00 90 3C 40 60 FF 01 01 'x' 00 3C 00 " END " }",
    "[0+96:60 96!FF end 96]", 1, "leaves out its status" },
  { "running-status-after-sysex",
    "MThd 0 1 0060 MTrk{ 00 90 3C 40 60 F0 05 7E 7F 06 01 F7 00 3C 00 " END " }",
    "[0+96:60 96!F0 end 96]", 1, "leaves out its status" },
  { "first-in-first-out",
    "MThd 0 1 0060 MTrk{ 00 90 3C 40 10 3C 50 10 3C 00 10 3C 00 " END " }",
    "[0+32:60 16+32:60 end 48]" },
  { "channels-apart",
    "MThd 0 1 0060 MTrk{ 00 90 3C 40 10 91 3C 50 10 81 3C 00 10 80 3C 00 " END " }",
    "[0+48:60 16+16:60 end 48]" },
  { "zero-length", "MThd 0 1 0060 MTrk{ 00 90 3C 40 00 3C 00 00 3C 40 60 3C 00 " END " }",
    "[0+0:60 0+96:60 end 96]" },
  { "unclosed", "MThd 0 1 0060 MTrk{ 00 90 3C 40 60 90 3E 40 60 FF 2F 00 }",
    "[0+192:60 open 96+96:62 open end 192]", 1, "2 notes are never ended" },
  { "stray-note-off", "MThd 0 1 0060 MTrk{ 00 80 3C 40 60 80 3C 40 " END " }", "[end 96]",
    1, "2 note-offs end no note" },
  { "maps-in-any-track",
    "MThd 1 2 0060 MTrk{ 00 FF 58 04 06 03 24 08 " END " }"
    "MTrk{ 60 FF 51 03 06 1A 80 00 FF 59 02 FD 01 " END " }",
    "tempo@96=400000 meter@0=6/8 key@96=-3m [end 96] [end 96]" },
  { "last-of-a-tick-holds",
    "MThd 0 1 0060 MTrk{ 00 FF 51 03 06 1A 80 00 FF 51 03 07 A1 20 " END " }",
    "tempo@0=500000 [end 0]" },
  { "programs-at-onset",
    "MThd 0 1 0060 MTrk{ 00 C0 05 00 90 3C 40 60 3C 00 00 C0 07 00 90 3C 40 60 3C 00 " END " }",
    "[0+96:60 p5 96+96:60 p7 0!C0 96!C0 end 192]" },
  { "note-before-its-program",
    "MThd 0 1 0060 MTrk{ 00 90 3C 40 00 C0 05 00 90 3E 40 60 3C 00 00 3E 00 " END " }",
    "[0+96:60 0+96:62 p5 0!C0 end 96]" },
  { "program-in-another-track",
    "MThd 1 2 0060 MTrk{ 00 C3 05 30 C3 07 " END " }"
    "MTrk{ 00 93 3C 40 30 93 3E 40 30 3C 00 00 3E 00 " END " }",
    "[0!C3 48!C3 end 48] [0+96:60 p5 48+48:62 p7 end 96]" },
  { "ports-apart",
    "MThd 1 2 0060 MTrk{ 00 C3 05 " END " }"
    "MTrk{ 00 FF 21 01 01 00 93 3C 40 30 3C 00 " END " }",
    "[0!C3 end 0] [0+48:60 0!FF end 48]" },
  { "sequences-of-format-2",
    "MThd 2 2 0060 MTrk{ 00 FF 51 03 06 1A 80 00 C0 05 00 90 3C 40 60 3C 00 60 FF 2F 00 }"
    "MTrk{ 00 90 3E 40 60 3E 00 " END " }",
    "tempo@0=400000 tempo@192=500000 [0+96:60 p5 0!C0 end 192] [192+96:62 192!C0 end 288]" },
  { "controllers-bends-pressure",
    "MThd 0 1 0060 MTrk{ 00 B0 40 7F 10 E0 00 40 10 D0 30 10 A0 3C 20 " END " }",
    "[0!B0 16!E0 32!D0 48!A0 end 48]" },
  { "sysex-in-pieces",
    "MThd 0 1 0060 MTrk{ 00 F0 03 43 12 00 60 F7 03 43 12 F7 " END " }", "[0!F0 96!F7 end 96]" },
  { "long-numbers", "MThd 0 1 0060 MTrk{ 00 90 3C 40 80 80 80 60 3C 00 00 FF 2F 80 00 }",
    "[0+96:60 end 96]" },
  { "silence-kept", "MThd 0 1 0060 MTrk{ 83 60 FF 2F 00 }", "[end 480]" },
  { "no-end-of-track", "MThd 1 1 0060 MTrk{ 00 90 3C 40 60 3C 00 }", "[0+96:60 end 96]",
    1, "no end-of-track" },
  { "more-after-the-end", "MThd 1 1 0060 MTrk{ " END " 00 90 3C 40 }", "[end 0]",
    1, "4 bytes after the end of the track" },
  { "empty-track", "MThd 1 1 0060 MTrk{ }", "[end 0]", 1, "no end-of-track" },
  { "no-tracks", "MThd 1 0 01E0", "" },
  { "foreign-chunk", "MThd 0 1 0060 'Junk' 00 00 00 03 01 02 03 MTrk{ " END " }", "[end 0]",
    1, "chunk “Junk”" },
  { "longer-header", "'MThd' 00 00 00 08 00 00 00 01 00 60 AA BB MTrk{ " END " }", "[end 0]",
    1, "header has 8 bytes" },
  { "more-tracks-than-said", "MThd 1 1 0060 MTrk{ " END " } MTrk{ " END " }", "[end 0] [end 0]",
    1, "promises 1 tracks and holds 2" },
  { "fewer-tracks-than-said", "MThd 1 3 0060 MTrk{ " END " }", "[end 0]",
    1, "promises 3 tracks and holds 1" },
  { "bytes-behind", "MThd 0 1 0060 MTrk{ " END " } 00 01 02", "[end 0]", 1, "3 bytes after the last" },
  { "wrong-length-but-whole", "MThd 0 1 0060 'MTrk' 00 00 01 00 00 90 3C 40 60 3C 00 " END,
    "[0+96:60 end 96]", 1, "but it is whole" },
  { "wire-messages", "MThd 0 1 0060 MTrk{ 00 F1 7F 00 F2 7F 7F 00 F6 00 F8 00 90 3C 40 60 FE 00 3C 00 "
    END " }", "[0+96:60 end 96]", 6, "0xF1 does not belong" },
  { "key-of-eight-flats", "MThd 1 1 0060 MTrk{ 00 FF 59 02 F8 00 " END " }", "[0!FF end 0]",
    1, "-8 sharps" },
  { "metre-over-nothing", "MThd 1 1 0060 MTrk{ 00 FF 58 04 00 02 18 08 " END " }", "[0!FF end 0]",
    1, "metre of 0" },
  { "tempo-of-nothing", "MThd 1 1 0060 MTrk{ 00 FF 51 03 00 00 00 " END " }", "[0!FF end 0]",
    1, "tempo of 0" },
  { "short-tempo", "MThd 1 1 0060 MTrk{ 00 FF 51 02 07 A1 " END " }", "[0!FF end 0]",
    1, "2 bytes instead of 3" },
  { "long-tempo", "MThd 1 1 0060 MTrk{ 00 FF 51 04 06 1A 80 00 " END " }", "tempo@0=400000 [end 0]",
    1, "4 bytes instead of 3" },
  { "empty-meta-events", "MThd 1 1 0060 MTrk{ 00 FF 00 00 00 FF 21 00 00 FF 7F 00 " END " }",
    "[0!FF 0!FF 0!FF end 0]", 1, "port has 0 bytes" },
  { "frames", "MThd 0 1 E728 MTrk{ 00 FF 51 03 06 1A 80 87 68 90 3C 40 87 68 3C 00 " END " }",
    "tempo@0=1000000 [1000+1000:60 0!FF end 2000]" },
  { "drop-frames", "MThd 0 1 E304 MTrk{ 00 90 3C 40 78 3C 00 " END " }",
    "tempo@0=1001000 [0+120:60 end 120]" },
  { "wrapped", "'RIFF' 2E 00 00 00 'RMID' 'LIST' 02 00 00 00 00 00 'data' 1A 00 00 00 "
    "MThd 0 1 0060 MTrk{ " END " }", "[end 0]" },
};

static void
test_readable (gconstpointer data)
{
  const Readable *row = data;
  g_autoptr(GError) error = NULL;
  g_auto(AriettaMidiReport) report = { 0 };
  g_autoptr(AriettaPiece) piece = read_text (row->file, ARIETTA_MIDI_READ_DEFAULT, &report, &error);
  g_autofree char *spelled = NULL;

  g_assert_no_error (error);
  g_assert_true (arietta_piece_is_frozen (piece));
  spelled = spell (piece);
  g_assert_cmpstr (spelled, ==, row->piece);
  for (guint i = 0; i < report.warnings->len; i++)
    g_test_message ("%s", (char *) report.warnings->pdata[i]);
  g_assert_cmpuint (report.warnings->len, ==, row->n_warnings);
  if (row->n_warnings > 0)
    g_assert_nonnull (strstr (report.warnings->pdata[0], row->warning));
  assert_round_trip (piece);
}

/* Files that are refused, with the place, and what is salvaged of them; NULL: nothing is. */
typedef struct
{
  const char          *name;
  const char          *file;
  AriettaFormatsError  code;
  const char          *place;
  const char          *sentence;
  const char          *salvaged;
} Refused;

static const Refused REFUSED[] = {
  { "empty", "", ARIETTA_FORMATS_ERROR_NOT_MUSIC, NULL, "“test.mid” is empty." },
  { "something-else", "'<html></html>'", ARIETTA_FORMATS_ERROR_NOT_MUSIC, NULL, "is not a MIDI file" },
  { "junk-before", "'junk' MThd 0 1 0060 MTrk{ " END " }", ARIETTA_FORMATS_ERROR_NOT_MUSIC, NULL,
    "is not a MIDI file", "[end 0]" },
  { "header-cut", "'MThd' 00 00 00 06 00 01", ARIETTA_FORMATS_ERROR_TRUNCATED, "byte 10",
    "within its header" },
  { "header-too-small", "'MThd' 00 00 00 02 00 01 00 01 00 60", ARIETTA_FORMATS_ERROR_MALFORMED,
    "byte 4", "has 2 bytes" },
  { "header-too-large", "'MThd' FF FF FF FF 00 01 00 01 00 60", ARIETTA_FORMATS_ERROR_TRUNCATED,
    "byte 4", "more than the file has" },
  { "header-only", "MThd 0 1 0060", ARIETTA_FORMATS_ERROR_TRUNCATED, "byte 14", "holds none" },
  { "format-3", "MThd 3 1 0060 MTrk{ " END " }", ARIETTA_FORMATS_ERROR_UNSUPPORTED, "byte 8",
    "format 3", "[end 0]" },
  { "no-ticks", "MThd 1 1 0000 MTrk{ 00 90 3C 40 60 3C 00 " END " }", ARIETTA_FORMATS_ERROR_MALFORMED,
    "byte 12", "0 ticks", "[0+96:60 end 96]" },
  { "frames-of-nothing", "MThd 1 1 FFFF MTrk{ " END " }", ARIETTA_FORMATS_ERROR_MALFORMED, "byte 12",
    "1 frames per second" },
  { "no-chunk", "MThd 1 1 0060 00 01 02 03 04 05 06 07 08 MTrk{ " END " }",
    ARIETTA_FORMATS_ERROR_MALFORMED, "byte 14", "a track must begin", "[end 0]" },
  { "track-cut", "MThd 0 1 0060 'MTrk' 00 00 00 20 00 90 3C 40 60 3C 00",
    ARIETTA_FORMATS_ERROR_TRUNCATED, "track 1, byte 29", "promises 25 more bytes", "[0+96:60 end 96]" },
  { "track-cut-in-an-event", "MThd 0 1 0060 'MTrk' 00 00 00 20 00 90 3C 40 60 3C 00 00 90 3C",
    ARIETTA_FORMATS_ERROR_TRUNCATED, "track 1, byte 32", "promises 22 more bytes", "[0+96:60 end 96]" },
  { "second-track-cut",
    "MThd 1 2 0060 MTrk{ 00 90 3C 40 60 3C 00 " END " } 'MTrk' 00 00 00 20 00 90 3E",
    ARIETTA_FORMATS_ERROR_TRUNCATED, "track 2, byte 44", "promises", "[0+96:60 end 96] [end 0]" },
  { "event-past-the-track", "MThd 0 1 0060 MTrk{ 00 90 3C }", ARIETTA_FORMATS_ERROR_TRUNCATED,
    "track 1, byte 25", "middle of an event", "[end 0]" },
  { "no-status", "MThd 0 1 0060 MTrk{ 00 3C 40 }", ARIETTA_FORMATS_ERROR_MALFORMED, "track 1, byte 23",
    "where an event must begin", "[end 0]" },
  { "wrong-value", "MThd 0 1 0060 MTrk{ 00 90 3C 40 60 3C 00 00 90 FF 40 " END " }",
    ARIETTA_FORMATS_ERROR_MALFORMED, "track 1, byte 29", "0xFF stands where a value",
    "[0+96:60 end 96]" },
  { "endless-time", "MThd 0 1 0060 MTrk{ FF FF FF FF 7F 90 3C 40 }", ARIETTA_FORMATS_ERROR_MALFORMED,
    "track 1, byte 22", "longer than four bytes", "[end 0]" },
  { "too-long-a-piece", "MThd 0 1 0060 MTrk{ FF FF FF 7F 90 3C 40 01 3C 00 " END " }",
    ARIETTA_FORMATS_ERROR_MALFORMED, "track 1, byte 29", "longer than", "[268435455+0:60 open end 268435455]" },
  { "endless-length", "MThd 0 1 0060 MTrk{ 00 FF 03 FF FF FF FF 7F 00 }", ARIETTA_FORMATS_ERROR_MALFORMED,
    "track 1, byte 22", "length is longer", "[end 0]" },
  { "huge-length", "MThd 0 1 0060 MTrk{ 00 F0 FF FF FF 7F 41 " END " }", ARIETTA_FORMATS_ERROR_TRUNCATED,
    "track 1, byte 22", "promises 268435455 bytes", "[end 0]" },
  { "wrapper-of-nothing", "'RIFF' 04 00 00 00 'RMID'", ARIETTA_FORMATS_ERROR_TRUNCATED, "byte 12",
    "holds no MIDI data" },
  { "wrapper-of-something-else", "'RIFF' 10 00 00 00 'RMID' 'data' 04 00 00 00 'RIFF'",
    ARIETTA_FORMATS_ERROR_NOT_MUSIC, NULL, "not a MIDI file" },
};

static void
test_refused (gconstpointer data)
{
  const Refused *row = data;
  g_autoptr(GError) error = NULL;
  g_auto(AriettaMidiReport) report = { 0 };
  g_autoptr(AriettaPiece) piece = NULL;
  g_autofree char *spelled = NULL;

  g_assert_null (read_text (row->file, ARIETTA_MIDI_READ_DEFAULT, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, ARIETTA_FORMATS_ERROR, (int) row->code);
  g_assert_cmpstr (arietta_error_get_file (error), ==, "test.mid");
  g_assert_cmpstr (arietta_error_get_place (error), ==, row->place);
  g_assert_nonnull (strstr (error->message, row->sentence));
  g_assert_nonnull (strstr (error->message, "test.mid"));
  g_clear_error (&error);

  piece = read_text (row->file, ARIETTA_MIDI_READ_SALVAGE, &report, &error);
  if (row->salvaged == NULL)
    {
      g_assert_error (error, ARIETTA_FORMATS_ERROR, (int) row->code);
      return;
    }
  g_assert_no_error (error);
  spelled = spell (piece);
  g_assert_cmpstr (spelled, ==, row->salvaged);
  if (strcmp (row->name, "junk-before") != 0)
    g_assert_cmpuint (report.warnings->len, >, 0);
  assert_round_trip (piece);
}

/* Every file cut everywhere: never read past the end, and salvaged wherever its header is whole. */
static void
test_cut_everywhere (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (READABLE); i++)
    {
      g_autoptr(GByteArray) whole = midi_bytes (READABLE[i].file);

      for (guint size = 0; size < whole->len; size++)
        {
          g_autofree guint8 *exact = g_memdup2 (whole->data, size);
          g_autoptr(AriettaPiece) strict = NULL;
          g_autoptr(AriettaPiece) salvaged = NULL;
          g_autoptr(GError) error = NULL;

          strict = arietta_midi_read_bytes (exact, size, "cut.mid", ARIETTA_MIDI_READ_DEFAULT, NULL,
                                            &error);
          g_assert_true ((strict == NULL) == (error != NULL));
          salvaged = arietta_midi_read_bytes (exact, size, "cut.mid", ARIETTA_MIDI_READ_SALVAGE, NULL,
                                              NULL);
          if (strict != NULL)
            g_assert_nonnull (salvaged);
          if (salvaged != NULL)
            assert_round_trip (salvaged);
        }
    }
}

static void
test_off_velocity_and_kind (void)
{
  g_autoptr(AriettaPiece) piece = read_text ("MThd 0 1 0060 MTrk{ 00 90 3C 40 60 80 3C 21 "
                                             "00 90 3E 40 60 90 3E 00 " END " }",
                                             ARIETTA_MIDI_READ_DEFAULT, NULL, NULL);
  const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, 0), NULL);

  g_assert_cmpint (notes[0].off_velocity, ==, 0x21);
  g_assert_cmpint (notes[0].flags, ==, ARIETTA_NOTE_OFF_BY_EVENT);
  g_assert_cmpint (notes[1].off_velocity, ==, 64);
  g_assert_cmpint (notes[1].flags, ==, 0);
  assert_round_trip (piece);
}

static void
test_frames_are_time (void)
{
  g_autoptr(AriettaPiece) piece = read_text ("MThd 0 1 E728 MTrk{ 87 68 90 3C 40 87 68 3C 00 " END " }",
                                             ARIETTA_MIDI_READ_DEFAULT, NULL, NULL);
  g_autoptr(AriettaPiece) drop = read_text ("MThd 0 1 E304 MTrk{ 00 90 3C 40 78 3C 00 " END " }",
                                            ARIETTA_MIDI_READ_DEFAULT, NULL, NULL);
  g_autoptr(GBytes) bytes = arietta_midi_write_bytes (drop, 1, NULL);
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  int frames;
  int subframes;

  /* 25 frames of 40 parts: a tick is a millisecond. */
  g_assert_cmpfloat_with_epsilon (arietta_piece_ticks_to_seconds (piece, 1000), 1.0, 1e-12);
  /* 30 frames of 29.97 in a second. */
  g_assert_cmpfloat_with_epsilon (arietta_piece_ticks_to_seconds (drop, 120), 1.001, 1e-12);
  arietta_piece_get_smpte (drop, &frames, &subframes);
  g_assert_cmpint (frames, ==, 29);
  g_assert_cmpint (subframes, ==, 4);
  g_assert_cmphex (data[12] << 8 | data[13], ==, 0xE304);
}

static void
test_edited_frames_become_quarters (void)
{
  g_autoptr(AriettaPiece) piece = read_text ("MThd 0 1 E728 MTrk{ 87 68 90 3C 40 87 68 3C 00 " END " }",
                                             ARIETTA_MIDI_READ_DEFAULT, NULL, NULL);
  g_autoptr(AriettaPiece) edited = arietta_piece_copy (piece);
  g_autoptr(AriettaPiece) read = NULL;
  g_autoptr(GBytes) bytes = NULL;

  arietta_piece_set_tempo (edited, 1000, 2000000);
  bytes = arietta_midi_write_bytes (edited, 1, NULL);
  read = arietta_midi_read_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "x", 0, NULL,
                                  NULL);
  g_assert_cmpint (arietta_piece_get_ticks_per_quarter (read), ==, 1000);
  g_assert_cmpfloat_with_epsilon (arietta_piece_get_duration_seconds (read), 3.0, 1e-9);
}

/* A piece made here: what a composer makes, not what a reader reads. */
static void
test_composed (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *melody = arietta_piece_add_track (piece, "Melody");
  AriettaTrack *drums = arietta_piece_add_track (piece, "Drums");

  arietta_piece_set_title (piece, "Morning, slowly");
  arietta_piece_set_tempo (piece, 0, 600000);
  arietta_piece_set_meter (piece, 0, 3, 4);
  arietta_piece_set_key (piece, 0, 1, FALSE);
  for (int i = 0; i < 16; i++)
    {
      AriettaNote note = { 240 * i, i % 3 * 120, 60 + i % 5, 70 + i, 0, 0, 73, 0 };
      AriettaNote hit = { 240 * i, 60, 36, 100, 64, 9, 0, ARIETTA_NOTE_OFF_BY_EVENT };

      arietta_track_add_note (melody, &note);
      arietta_track_add_note (drums, &hit);
    }
  assert_round_trip (piece);
}

/* Whatever programs the notes of whatever tracks have: they are the same when read again. */
static void
test_random_programs (void)
{
  for (guint round = 0; round < 300; round++)
    {
      g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
      AriettaRandom random;

      arietta_random_init (&random, round, "programs");
      for (int i = 0; i < 3; i++)
        {
          AriettaTrack *track = arietta_piece_add_track (piece, NULL);

          if (i == 2)
            arietta_track_add_event (track, 0, 0xFF, 0x21, 0, (const guint8 *) "\1", 1);
          /* A pitch for each note, so that no two wait for the same end. */
          for (int k = 0; k < 16; k++)
            if (arietta_random_below (&random, 3) > 0)
              arietta_track_add_note (track, &(AriettaNote) {
                .onset_ticks = arietta_random_below (&random, 4), .pitch = 60 + k, .velocity = 90,
                .duration_ticks = arietta_random_below (&random, 3),
                .channel = arietta_random_below (&random, 3),
                .program = arietta_random_below (&random, 3),
              });
            else
              arietta_track_add_event (track, arietta_random_below (&random, 4),
                                       0xC0 | arietta_random_below (&random, 3),
                                       arietta_random_below (&random, 3), 0, NULL, 0);
        }
      assert_round_trip (piece);
    }
}

/* Files made to take long: each would take an hour if something went over it anew for each
 * event. */
static AriettaPiece *
read_repeated (const char *header, const char *before, const char *record, guint n, const char *after)
{
  g_autoptr(GByteArray) file = midi_bytes (header);
  g_autoptr(GByteArray) first = midi_bytes (before);
  g_autoptr(GByteArray) bytes = midi_bytes (record);
  g_autoptr(GByteArray) last = midi_bytes (after);

  g_byte_array_append (file, first->data, first->len);
  for (guint i = 0; i < n; i++)
    g_byte_array_append (file, bytes->data, bytes->len);
  g_byte_array_append (file, last->data, last->len);
  return arietta_midi_read_bytes (file->data, file->len, "long.mid", ARIETTA_MIDI_READ_SALVAGE, NULL, NULL);
}

static void
test_many_changes_at_one_tick (void)
{
  /* Programs to and fro on one channel while notes of another channel sound: all at tick 0. */
  g_autoptr(AriettaPiece) piece = read_repeated ("MThd 0 1 0060", "'MTrk' 7F FF FF FF",
                                                 "00 C0 05 00 91 3C 40 00 C0 06 00 90 3C 40", 150000, "");
  g_autoptr(GBytes) bytes = arietta_midi_write_bytes (piece, 1, NULL);

  g_assert_cmpuint (arietta_piece_get_n_notes (piece), ==, 300000);
  g_assert_nonnull (bytes);
}

static void
test_many_tracks_on_one_channel (void)
{
  g_autoptr(AriettaPiece) piece = read_repeated ("MThd 1 1 0060", "",
                                                 "MTrk{ 00 90 3E 40 00 C0 05 01 90 3C 40 01 C0 06 01 90 3C 00 "
                                                 END " }", 60000, "");
  g_autoptr(GBytes) bytes = arietta_midi_write_bytes (piece, 1, NULL);

  g_assert_cmpuint (arietta_piece_get_n_tracks (piece), ==, 60000);
  g_assert_nonnull (bytes);
}

static void
test_many_tempos_backwards (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  guint n;

  for (int i = 1000000; i > 0; i--)
    arietta_piece_set_tempo (piece, i, 400000 + i % 7);
  arietta_piece_set_tempo (piece, 3, 123456);
  g_assert_cmpint (arietta_piece_get_tempo_at (piece, 3), ==, 123456);
  arietta_piece_get_tempos (piece, &n);
  g_assert_cmpuint (n, ==, 1000000);
}

static void
test_title (void)
{
  static const struct { const char *file, *title; } rows[] = {
    { "MThd 0 1 0060 MTrk{ 00 FF 03 05 'Waltz' 00 90 3C 40 60 3C 00 " END " }", "Waltz" },
    { "MThd 1 2 0060 MTrk{ 00 FF 03 05 'Waltz' " END " } MTrk{ 00 FF 03 02 'Vl' " END " }", "Waltz" },
    { "MThd 1 2 0060 MTrk{ 00 FF 03 02 'Vl' 00 90 3C 40 60 3C 00 " END " } MTrk{ " END " }", NULL },
    { "MThd 1 2 0060 MTrk{ 00 FF 03 05 'Words' " END " } MTrk{ 00 FF 01 07 '@TWaltz' " END " }", "Waltz" },
    { "MThd 1 2 0060 MTrk{ 00 FF 03 02 'Vl' 00 90 3C 40 60 3C 00 " END " }"
      "MTrk{ 00 FF 01 0C 'Title: Waltz' " END " }", NULL },
    { "MThd 1 2 0060 MTrk{ 00 FF 01 0C 'Title: Waltz' 00 FF 03 02 'Vl' 00 90 3C 40 60 3C 00 " END " }"
      "MTrk{ " END " }", "Waltz" },
    { "MThd 0 1 0060 MTrk{ 00 FF 03 05 'Waltz' 00 FF 01 0C 'Title: Waltz' " END " }", "Waltz" },
    { "MThd 0 1 0060 MTrk{ 00 FF 03 03 00 20 00 " END " }", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(AriettaPiece) piece = read_text (rows[i].file, ARIETTA_MIDI_READ_DEFAULT, NULL, NULL);

      g_assert_nonnull (piece);
      g_assert_cmpstr (arietta_piece_get_title (piece), ==, rows[i].title);
      assert_round_trip (piece);
    }
}

/* The bytes stay; how they are shown is guessed over all texts and can be corrected. */
static void
test_text_bytes_stay (void)
{
  g_auto(AriettaMidiReport) report = { 0 };
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(AriettaPiece) corrected = NULL;
  const AriettaEvent *events;

  /* Two characters of a name, decided by a longer lyric. */
  piece = read_text ("MThd 0 1 0060 MTrk{ 00 FF 03 04 B4 BA CC EC "
                     "00 FF 05 10 C4 FA BA C3 A3 AC CE D2 CA C7 B4 BA CC EC A3 A1 " END " }",
                     ARIETTA_MIDI_READ_DEFAULT, &report, NULL);
  g_assert_nonnull (piece);
  g_assert_cmpint (report.encoding, ==, ARIETTA_ENCODING_GB18030);
  g_assert_cmpint (arietta_midi_guess_encoding (piece), ==, ARIETTA_ENCODING_GB18030);
  g_assert_cmpstr (arietta_piece_get_title (piece), ==, "春天");
  events = arietta_track_get_events (arietta_piece_get_track (piece, 0), NULL);
  g_assert_cmpmem (events[0].bytes, events[0].n_bytes, "\xB4\xBA\xCC\xEC", 4);
  assert_round_trip (piece);

  corrected = arietta_midi_with_encoding (piece, ARIETTA_ENCODING_LATIN1);
  g_assert_cmpstr (arietta_piece_get_title (corrected), ==, "´ºÌì");
  g_assert_cmpstr (arietta_track_get_name (arietta_piece_get_track (corrected, 0)), ==, "´ºÌì");
  g_assert_true (arietta_piece_equal (piece, corrected));
}

static void
test_merged_to_format_0 (void)
{
  g_autoptr(AriettaPiece) piece = read_text ("MThd 1 2 0060 MTrk{ 00 C0 05 00 90 3C 40 60 3C 00 " END " }"
                                             "MTrk{ 00 C1 07 30 91 40 40 60 40 00 " END " }",
                                             ARIETTA_MIDI_READ_DEFAULT, NULL, NULL);
  g_autoptr(GBytes) bytes = arietta_midi_write_bytes (piece, 0, NULL);
  g_autoptr(AriettaPiece) merged = NULL;
  g_autofree char *spelled = NULL;
  g_autofree char *before = arietta_piece_dup_digest (piece);
  g_autofree char *after = NULL;

  merged = arietta_midi_read_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "x", 0,
                                    NULL, NULL);
  spelled = spell (merged);
  after = arietta_piece_dup_digest (merged);
  g_assert_cmpstr (spelled, ==, "[0+96:60 p5 48+96:64 p7 0!C0 0!C1 end 144]");
  g_assert_cmpstr (before, ==, after);
}

static void
test_warnings_are_bounded (void)
{
  g_autoptr(GString) file = g_string_new ("MThd 0 1 0060 MTrk{ ");
  g_auto(AriettaMidiReport) report = { 0 };
  g_autoptr(AriettaPiece) piece = NULL;

  for (int i = 0; i < 1000; i++)
    g_string_append (file, "00 F8 ");
  g_string_append (file, END " }");
  piece = read_text (file->str, ARIETTA_MIDI_READ_DEFAULT, &report, NULL);
  g_assert_nonnull (piece);
  g_assert_cmpuint (report.warnings->len, ==, 101);
  g_assert_cmpstr (report.warnings->pdata[100], ==, "There are 900 more oddities.");
}

static void
test_cannot_be_written (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  g_autoptr(GError) error = NULL;

  arietta_piece_add_track (piece, "Long");
  g_assert_null (arietta_midi_write_bytes (piece, 2, &error));
  g_assert_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_UNSUPPORTED);
  g_clear_error (&error);

  arietta_track_set_end_ticks (arietta_piece_get_track (piece, 0), G_GINT64_CONSTANT (0x10000000));
  g_assert_null (arietta_midi_write_bytes (piece, 1, &error));
  g_assert_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_UNSUPPORTED);
  g_clear_error (&error);

  arietta_track_set_end_ticks (arietta_piece_get_track (piece, 0), 0);
  g_assert_false (arietta_midi_write_file (piece, 1, "/nowhere/at/all.mid", &error));
  g_assert_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_IO);
  g_assert_nonnull (strstr (error->message, "/nowhere/at/all.mid"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (READABLE); i++)
    {
      g_autofree char *path = g_strconcat ("/formats/midi/read/", READABLE[i].name, NULL);

      g_test_add_data_func (path, &READABLE[i], test_readable);
    }
  for (guint i = 0; i < G_N_ELEMENTS (REFUSED); i++)
    {
      g_autofree char *path = g_strconcat ("/formats/midi/refuse/", REFUSED[i].name, NULL);

      g_test_add_data_func (path, &REFUSED[i], test_refused);
    }
  g_test_add_func ("/formats/midi/cut-everywhere", test_cut_everywhere);
  g_test_add_func ("/formats/midi/off-velocity-and-kind", test_off_velocity_and_kind);
  g_test_add_func ("/formats/midi/frames-are-time", test_frames_are_time);
  g_test_add_func ("/formats/midi/edited-frames", test_edited_frames_become_quarters);
  g_test_add_func ("/formats/midi/composed", test_composed);
  g_test_add_func ("/formats/midi/random-programs", test_random_programs);
  g_test_add_func ("/formats/midi/many/changes-at-one-tick", test_many_changes_at_one_tick);
  g_test_add_func ("/formats/midi/many/tracks-on-one-channel", test_many_tracks_on_one_channel);
  g_test_add_func ("/formats/midi/many/tempos-backwards", test_many_tempos_backwards);
  g_test_add_func ("/formats/midi/title", test_title);
  g_test_add_func ("/formats/midi/text-bytes-stay", test_text_bytes_stay);
  g_test_add_func ("/formats/midi/merged-to-format-0", test_merged_to_format_0);
  g_test_add_func ("/formats/midi/warnings-are-bounded", test_warnings_are_bounded);
  g_test_add_func ("/formats/midi/cannot-be-written", test_cannot_be_written);
  return g_test_run ();
}
