#include "analysis/arietta-chord-finder.h"

/* Each chord of @symbols ("C Am F G7") fills a bar of 4/4; bass an octave below. */
static AriettaPiece *
make_piece (const char *symbols,
            gboolean    broken)
{
  g_auto(GStrv) all = g_strsplit (symbols, " ", -1);
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "");

  for (guint bar = 0; all[bar] != NULL; bar++)
    {
      AriettaChord chord;
      guint classes, nth = 0;
      gint64 at = 1920 * (gint64) bar;

      if (!arietta_chord_parse (all[bar], &chord))
        continue;
      classes = arietta_chord_get_classes (&chord);
      arietta_track_add_note (track, &(AriettaNote) { at, 1900, (guint8) (36 + arietta_chord_get_bass (&chord)), 80, 64,
                                                      0, 0, 0 });
      for (guint i = 0; i < 12; i++)
        if ((classes >> i & 1) != 0)
          {
            arietta_track_add_note (track, &(AriettaNote) { at + (broken ? 240 * nth : 0), broken ? 480 : 1900,
                                                            (guint8) (60 + i), 70, 64, 0, 0, 0 });
            nth++;
          }
    }
  return arietta_piece_freeze (piece);
}

static char *
list (GArray *chords)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < chords->len; i++)
    {
      const AriettaChordMark *mark = &g_array_index (chords, AriettaChordMark, i);
      g_autofree char *name = arietta_chord_dup_name (&mark->chord);

      g_string_append_printf (text, "%s%d:%s", i > 0 ? " " : "", (int) (mark->tick / 480), name);
    }
  return g_string_free (text, FALSE);
}

static void
test_chords (void)
{
  static const struct
  {
    const char *played, *found;
    gboolean    broken;
  } cases[] = {
    { "C Am F G7 C", "0:C 4:Am 8:F 12:G7 16:C", FALSE },
    { "C Am F G7 C", "0:C 4:Am 8:F 12:G7 16:C", TRUE },
    { "F Gm7 C7 F F", "0:F 4:Gm7 8:C7 12:F", FALSE },
    { "Dm7 G7 Cmaj7", "0:Dm7 4:G7 8:Cmaj7", FALSE },
    { "C - - - C", "0:C 4:N.C. 16:C", FALSE },
    { "Bb Eb F7 Bb", "0:B♭ 4:E♭ 8:F7 12:B♭", FALSE },
    { "-", "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(AriettaPiece) piece = make_piece (cases[i].played, cases[i].broken);
      g_autoptr(GArray) chords = arietta_chord_finder_find (piece);
      g_autofree char *found = list (chords);

      g_assert_cmpstr (found, ==, cases[i].found);
    }
}

/* One drum and a note that lasts for ever: no crash, no hour of waiting. */
static void
test_odd (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (1);
  AriettaTrack *track = arietta_piece_add_track (piece, "");
  g_autoptr(GArray) chords = NULL;

  arietta_track_add_note (track, &(AriettaNote) { 0, 10, 40, 80, 64, 9, 0, 0 });
  arietta_track_add_note (track, &(AriettaNote) { 3, (gint64) 1 << 24, 60, 80, 64, 0, 0, 0 });
  arietta_piece_freeze (piece);
  chords = arietta_chord_finder_find (piece);
  g_assert_cmpuint (chords->len, >, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/chord-finder/chords", test_chords);
  g_test_add_func ("/analysis/chord-finder/odd", test_odd);
  return g_test_run ();
}
