#include "encoding/arietta-trio-steps.h"

static void
add (AriettaTrack *track,
     int           channel,
     guint         sixteenth,
     guint         length,
     int           pitch)
{
  arietta_track_add_note (track, &(AriettaNote) {
                                   .onset_ticks = sixteenth * 120,
                                   .duration_ticks = length * 120,
                                   .pitch = (guint8) pitch,
                                   .velocity = 90,
                                   .off_velocity = 64,
                                   .channel = (guint8) channel,
                                 });
}

/* Two bars: a line of quarters over a bass on the beats and chords after them, kick with hat and snare. */
static AriettaPiece *
make_piece (gboolean with_drums)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *voice = arietta_piece_add_track (piece, "Voice");
  AriettaTrack *piano = arietta_piece_add_track (piece, "Piano");
  AriettaTrack *kit = arietta_piece_add_track (piece, "Kit");

  arietta_piece_set_meter (piece, 0, 4, 4);
  for (guint beat = 0; beat < 8; beat++)
    {
      add (voice, 0, 4 * beat, 4, 72 + (int) beat % 3);
      if (beat % 2 == 0)
        {
          add (piano, 1, 4 * beat, 4, 36);
        }
      else
        {
          add (piano, 1, 4 * beat, 4, 48);
          add (piano, 1, 4 * beat, 4, 52);
          add (piano, 1, 4 * beat, 4, 55);
        }
      if (with_drums)
        {
          add (kit, 9, 4 * beat, 1, beat % 2 == 0 ? 36 : 38);
          add (kit, 9, 4 * beat, 1, 42);
        }
    }

  return arietta_piece_freeze (piece);
}

static guint16
token_of (int pitch)
{
  return (guint16) (pitch - ARIETTA_STEPS_LOWEST + ARIETTA_STEPS_FIRST_NOTE);
}

static void
test_voices (void)
{
  g_autoptr(AriettaPiece) piece = make_piece (TRUE);
  g_autoptr(AriettaSteps) steps = arietta_trio_steps_new (piece, ARIETTA_TONALITY_NONE);
  AriettaStepWindow       w;
  const guint16          *bass, *inner, *drums;

  g_assert_nonnull (steps);
  g_assert_true (arietta_steps_get_window (steps, 0, 2, &w));
  g_assert_cmpuint (w.n_steps, ==, 32);
  g_assert_cmpuint (w.n_cells, ==, 128);
  bass = w.tokens + 32 * ARIETTA_TRIO_BASS;
  inner = w.tokens + 32 * ARIETTA_TRIO_ACCOMPANIMENT;
  drums = w.tokens + 32 * ARIETTA_TRIO_DRUMS;

  g_assert_cmpuint (w.tokens[0], ==, token_of (72));
  g_assert_cmpuint (w.tokens[1], ==, ARIETTA_STEPS_HOLD);
  g_assert_cmpuint (w.tokens[4], ==, token_of (73));
  /* The bass rests while the chord, an octave up, sounds; of the chord the top is heard. */
  g_assert_cmpuint (bass[0], ==, token_of (36));
  g_assert_cmpuint (bass[4], ==, ARIETTA_STEPS_SILENCE);
  g_assert_cmpuint (bass[8], ==, token_of (36));
  g_assert_cmpuint (inner[0], ==, ARIETTA_STEPS_SILENCE);
  g_assert_cmpuint (inner[4], ==, token_of (55));
  g_assert_cmpuint (inner[8], ==, ARIETTA_STEPS_SILENCE);
  /* Kick 1, snare 2, closed hat 4. */
  g_assert_cmpuint (drums[0], ==, ARIETTA_STEPS_FIRST_NOTE + 5 - 1);
  g_assert_cmpuint (drums[1], ==, ARIETTA_STEPS_HOLD);
  g_assert_cmpuint (drums[4], ==, ARIETTA_STEPS_FIRST_NOTE + 6 - 1);
}

/* A second bar by itself begins as it stands there, and a piece without drums rests. */
static void
test_windows (void)
{
  g_autoptr(AriettaPiece) piece = make_piece (FALSE);
  g_autoptr(AriettaSteps) steps = arietta_trio_steps_new (piece, ARIETTA_TONALITY_NONE);
  AriettaStepWindow       w;

  g_assert_true (arietta_steps_get_window (steps, 1, 1, &w));
  g_assert_cmpuint (w.n_cells, ==, 64);
  g_assert_cmpuint (w.tokens[16 * ARIETTA_TRIO_BASS], ==, token_of (36));
  g_assert_cmpuint (w.tokens[16 * ARIETTA_TRIO_DRUMS], ==, ARIETTA_STEPS_SILENCE);
  for (guint s = 1; s < 16; s++)
    g_assert_cmpuint (w.tokens[16 * ARIETTA_TRIO_DRUMS + s], ==, ARIETTA_STEPS_HOLD);

  g_assert_false (arietta_step_window_init (&w, ARIETTA_TRIO_N_VOICES, 4, 2, 4));
  g_assert_true (arietta_step_window_init (&w, ARIETTA_TRIO_N_VOICES, 3, 4, 2));
  g_assert_cmpuint (w.n_cells, ==, 96);
}

/* Another key moves the pitches and leaves the drums. */
static void
test_transpose (void)
{
  g_autoptr(AriettaPiece) piece = make_piece (TRUE);
  g_autoptr(AriettaSteps) steps = arietta_trio_steps_new (piece, (AriettaTonality) { 2, ARIETTA_SCALE_MAJOR });
  AriettaStepWindow       w, moved;

  g_assert_cmpint (arietta_steps_get_transposition (steps), ==, -2);
  g_assert_true (arietta_steps_get_window (steps, 0, 2, &w));
  g_assert_cmpuint (w.tokens[0], ==, token_of (70));
  moved = w;
  g_assert_true (arietta_trio_form.transpose (&moved, 3));
  g_assert_cmpuint (moved.tokens[0], ==, token_of (73));
  g_assert_cmpuint (moved.tokens[32 * ARIETTA_TRIO_BASS], ==, token_of (37));
  g_assert_cmpuint (moved.tokens[32 * ARIETTA_TRIO_DRUMS], ==, w.tokens[32 * ARIETTA_TRIO_DRUMS]);
  g_assert_false (arietta_trio_form.transpose (&moved, -40));
  g_assert_cmpuint (moved.tokens[0], ==, token_of (73));
}

static void
test_back (void)
{
  g_autoptr(AriettaPiece) piece = make_piece (TRUE);
  g_autoptr(AriettaPiece) reduced = arietta_trio_steps_reduce (piece);
  const guint             expected[] = { 8, 4, 4, 16 };

  g_assert_cmpuint (arietta_piece_get_n_tracks (reduced), ==, ARIETTA_TRIO_N_VOICES);
  for (guint t = 0; t < ARIETTA_TRIO_N_VOICES; t++)
    {
      guint n;

      arietta_track_get_notes (arietta_piece_get_track (reduced, t), &n);
      g_assert_cmpuint (n, ==, expected[t]);
    }
}

static void
test_no_trio (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack           *track = arietta_piece_add_track (piece, "Flute");

  for (guint beat = 0; beat < 16; beat++)
    add (track, 0, 4 * beat, 4, 72);
  arietta_piece_freeze (piece);
  g_assert_null (arietta_trio_steps_new (piece, ARIETTA_TONALITY_NONE));
  g_assert_null (arietta_trio_steps_reduce (piece));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/encoding/trio-steps/voices", test_voices);
  g_test_add_func ("/encoding/trio-steps/windows", test_windows);
  g_test_add_func ("/encoding/trio-steps/transpose", test_transpose);
  g_test_add_func ("/encoding/trio-steps/back", test_back);
  g_test_add_func ("/encoding/trio-steps/no-trio", test_no_trio);

  return g_test_run ();
}
