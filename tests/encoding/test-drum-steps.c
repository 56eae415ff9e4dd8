#include "encoding/arietta-drum-steps.h"

#define S 120  /* a sixteenth */

static void
hit (AriettaTrack *track,
     gint64        onset,
     int           pitch,
     int           velocity)
{
  arietta_track_add_note (track, &(AriettaNote) {
                            .onset_ticks = onset,
                            .duration_ticks = 60,
                            .pitch = (guint8) pitch,
                            .velocity = (guint8) velocity,
                            .channel = 9,
                          });
}

/* Two bars of 4/4: kick and hi-hat, a late snare, a hat of Roland's, a whistle, a ghost under a hit. */
static AriettaPiece *
make_groove (void)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "Drums");

  arietta_piece_set_meter (piece, 0, 4, 4);
  hit (track, 0, 36, 100);
  hit (track, 0, 22, 60);
  hit (track, 4 * S + 30, 38, 110);
  hit (track, 8 * S - 15, 26, 70);
  hit (track, 8 * S, 46, 50);
  hit (track, 12 * S, 71, 90);
  hit (track, 20 * S, 58, 80);
  hit (track, 31 * S, 35, 90);

  return arietta_piece_freeze (piece);
}

static void
test_classes (void)
{
  for (guint drum = 0; drum < ARIETTA_STEPS_N_DRUMS; drum++)
    g_assert_cmpint (arietta_drum_steps_find_class (arietta_drum_steps_get_pitch (drum)), ==, drum);

  g_assert_cmpint (arietta_drum_steps_find_class (22), ==, arietta_drum_steps_find_class (42));
  g_assert_cmpint (arietta_drum_steps_find_class (44), ==, arietta_drum_steps_find_class (42));
  g_assert_cmpint (arietta_drum_steps_find_class (26), ==, arietta_drum_steps_find_class (46));
  g_assert_cmpint (arietta_drum_steps_find_class (58), ==, arietta_drum_steps_find_class (43));
  g_assert_cmpint (arietta_drum_steps_find_class (70), ==, arietta_drum_steps_find_class (42));
  for (int pitch = -1; pitch <= 128; pitch++)
    g_assert_cmpint (arietta_drum_steps_find_class (pitch), <, ARIETTA_STEPS_N_DRUMS);
  g_assert_cmpint (arietta_drum_steps_find_class (71), ==, -1);
  g_assert_cmpint (arietta_drum_steps_find_class (127), ==, -1);
}

static void
test_steps (void)
{
  g_autoptr(AriettaPiece) piece = make_groove ();
  g_autoptr(AriettaSteps) steps = arietta_drum_steps_new (piece);
  AriettaStepWindow       window;

  g_assert_cmpuint (arietta_steps_get_n_notes (steps), ==, 8);
  g_assert_cmpuint (arietta_steps_get_n_lost (steps), ==, 2);
  g_assert_true (arietta_steps_get_window (steps, 0, 2, &window));
  g_assert_cmpuint (window.n_steps, ==, 32);
  g_assert_cmpuint (window.tokens[0], ==, 1 << 0 | 1 << 2);
  g_assert_cmpuint (window.hits[0].velocities[0], ==, 100);
  g_assert_cmpuint (window.hits[0].velocities[2], ==, 60);
  g_assert_cmpint (window.hits[0].offsets[0], ==, 0);

  /* A quarter of a sixteenth late is half of what an offset reaches. */
  g_assert_cmpuint (window.tokens[4], ==, 1 << 1);
  g_assert_cmpint (window.hits[4].offsets[1], ==, 64);

  /* The louder of two of a class. */
  g_assert_cmpuint (window.tokens[8], ==, 1 << 3);
  g_assert_cmpuint (window.hits[8].velocities[3], ==, 70);
  g_assert_cmpint (window.hits[8].offsets[3], <, 0);
  g_assert_cmpuint (window.tokens[12], ==, 0);
  g_assert_true (arietta_step_window_has_onset (&arietta_drum_form, &window));
}

/* What was played comes back as played, each drum by the note that stands for it. */
static void
test_round_trip (void)
{
  g_autoptr(AriettaPiece) piece = make_groove ();
  g_autoptr(AriettaSteps) steps = arietta_drum_steps_new (piece);
  g_autoptr(GArray)       notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  AriettaStepWindow       window, again;
  gint64                  starts[33];
  float                   values[2 * ARIETTA_STEPS_N_DRUMS], given[2 * ARIETTA_STEPS_N_DRUMS];

  for (int i = 0; i <= 32; i++)
    starts[i] = i * S;
  g_assert_true (arietta_steps_get_window (steps, 0, 2, &window));
  arietta_drum_steps_to_notes (window.tokens, window.hits, starts, 32, TRUE, notes);
  g_assert_cmpuint (notes->len, ==, 6);
  g_assert_cmpint (g_array_index (notes, AriettaNote, 2).onset_ticks, ==, 4 * S + 30);
  g_assert_cmpint (g_array_index (notes, AriettaNote, 2).velocity, ==, 110);
  g_assert_cmpint (g_array_index (notes, AriettaNote, 3).onset_ticks, ==, 8 * S - 15);
  g_assert_cmpint (g_array_index (notes, AriettaNote, 3).pitch, ==, 46);
  g_assert_cmpint (g_array_index (notes, AriettaNote, 5).channel, ==, 9);

  again = window;
  for (guint s = 0; s < 32; s++)
    {
      arietta_drum_form.get_touches (&window, s, values, given);
      arietta_drum_form.set_touches (&again, s, values);
      for (guint d = 0; d < ARIETTA_STEPS_N_DRUMS; d++)
        {
          g_assert_cmpuint (again.hits[s].velocities[d], ==, window.hits[s].velocities[d]);
          g_assert_cmpint (again.hits[s].offsets[d], ==, window.hits[s].offsets[d]);
        }
    }
}

static void
test_no_drums (void)
{
  g_autoptr(AriettaPiece) empty = arietta_piece_freeze (arietta_piece_new (480));
  AriettaPiece           *whistles = arietta_piece_new (480);

  g_assert_null (arietta_drum_steps_new (empty));
  hit (arietta_piece_add_track (whistles, ""), 0, 72, 100);
  arietta_piece_freeze (whistles);
  g_assert_null (arietta_drum_steps_new (whistles));
  arietta_piece_unref (whistles);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/encoding/drum-steps/classes", test_classes);
  g_test_add_func ("/encoding/drum-steps/steps", test_steps);
  g_test_add_func ("/encoding/drum-steps/round-trip", test_round_trip);
  g_test_add_func ("/encoding/drum-steps/no-drums", test_no_drums);

  return g_test_run ();
}
