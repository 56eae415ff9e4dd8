/* Whatever the bytes: nothing crashes, a refusal has a sentence, and what can be read can be
 * written and is the same piece when read again. */
#include "../formats/midi-bytes.h"
#include "formats/arietta-midi.h"
#include "fuzz.h"
#include "music/arietta-bar-map.h"

/* Not g_assert (), which a build may leave out. */
static void
must (gboolean holds, const char *what)
{
  if (!holds)
    g_error ("%s", what);
}

static void
check_piece (AriettaPiece *piece)
{
  g_autofree char *digest = arietta_piece_dup_digest (piece);
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (piece);
  gint64 end = arietta_piece_get_end_ticks (piece);
  const char *title = arietta_piece_get_title (piece);

  must (end >= 0 && end <= 0x0FFFFFFF, "the end is out of bounds");
  must (arietta_piece_get_duration_seconds (piece) >= 0.0, "time runs backwards");
  must (arietta_bar_map_get_n (bars) > 0, "there are no bars");
  must (title == NULL || g_utf8_validate (title, -1, NULL), "the title is no text");
  for (guint i = 0; i < arietta_piece_get_n_tracks (piece); i++)
    must (g_utf8_validate (arietta_track_get_name (arietta_piece_get_track (piece, i)), -1, NULL),
          "a name is no text");

  for (int format = 0; format <= 1; format++)
    {
      g_autoptr(GBytes) bytes = arietta_midi_write_bytes (piece, format, NULL);
      g_autoptr(AriettaPiece) again = NULL;
      gsize size;
      const guint8 *data;

      must (bytes != NULL, "what was read cannot be written");
      data = g_bytes_get_data (bytes, &size);
      again = arietta_midi_read_bytes (data, size, "again.mid", ARIETTA_MIDI_READ_DEFAULT, NULL, NULL);
      must (again != NULL, "what was written cannot be read");
      /* Merged, tracks that share a channel may pair their notes in another way. */
      if (format == 1 || arietta_piece_get_n_tracks (piece) == 1)
        must (arietta_piece_equal (piece, again), "written and read again it is another piece");
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size)
{
  for (int flags = ARIETTA_MIDI_READ_DEFAULT; flags <= ARIETTA_MIDI_READ_SALVAGE; flags++)
    {
      g_auto(AriettaMidiReport) report = { 0 };
      g_autoptr(GError) error = NULL;
      g_autoptr(AriettaPiece) piece = arietta_midi_read_bytes (data, size, "fuzz.mid", flags, &report,
                                                               &error);

      must ((piece == NULL) == (error != NULL), "neither a piece nor an error, or both");
      if (piece == NULL)
        must (g_utf8_validate (error->message, -1, NULL), "a sentence is no text");
      else
        check_piece (piece);
    }
  return 0;
}

#define END "00 FF 2F 00"

static const char *const SEEDS[] = {
  "MThd 0 1 0060 MTrk{ 00 FF 03 05 'Waltz' 00 FF 58 04 03 02 18 08 00 FF 51 03 06 1A 80 00 FF 59 02 FD 00 "
  "00 C0 05 00 90 3C 40 10 3C 50 20 3C 00 00 3C 00 10 80 3C 40 00 B0 40 7F 00 E0 00 40 " END " }",
  "MThd 1 3 01E0 MTrk{ 00 FF 51 03 06 1A 80 00 C3 05 30 C3 07 60 C3 07 " END " }"
  "MTrk{ 00 FF 21 01 00 00 93 3C 40 30 93 3E 40 30 3C 00 00 3E 00 " END " }"
  "MTrk{ 00 FF 21 01 01 00 93 3C 40 30 C3 09 00 93 3E 40 30 3C 00 00 3E 00 " END " }",
  "MThd 2 2 0060 MTrk{ 00 FF 58 04 03 03 18 08 00 C0 05 00 90 3C 40 60 3C 00 " END " }"
  "MTrk{ 00 FF 51 03 06 1A 80 00 90 3E 40 60 3E 00 " END " }",
  "MThd 0 1 E728 MTrk{ 00 FF 51 03 06 1A 80 87 68 90 3C 40 87 68 3C 00 00 F0 05 7E 7F 06 01 F7 " END " }",
  "'RIFF' 2E 00 00 00 'RMID' 'LIST' 02 00 00 00 00 00 'data' 1A 00 00 00 MThd 0 1 0060 MTrk{ " END " }",
  "MThd 0 1 0060 MTrk{ 00 FF 01 0C 'Title: Waltz' 00 FF 05 08 C4 FA BA C3 A3 AC CE D2 00 90 3C 40 00 C0 05 "
  "00 90 3E 40 00 C0 07 00 C1 02 00 91 3C 40 60 3C 00 00 90 3C 00 " END " }",
  "MThd 1 1 0060 MTrk{ 00 90 3C 40 00 3C 00 00 FF 59 02 F8 00 00 FF 58 04 00 02 18 08 00 F8 00 F2 00 00 "
  "FF FF 7F B0 07 64 " END " } 'Junk' 00 00 00 02 01 02",
};

GByteArray *
fuzz_seed_new (guint nth)
{
  return nth < G_N_ELEMENTS (SEEDS) ? midi_bytes (SEEDS[nth]) : NULL;
}
