#include "encoding/arietta-steps.h"

#include <string.h>

#define PPQ 480
#define S   (PPQ / 4)  /* a sixteenth */

/* A melody as text, a character a sixteenth: a..z a note of pitch 60 + n begins, "-" hold, "."
 * silence. */
static AriettaPiece *
make_piece (const char *melody,
            int         numerator,
            int         denominator,
            guint       pickup_steps)
{
  AriettaPiece *piece = arietta_piece_new (PPQ);
  AriettaTrack *track = arietta_piece_add_track (piece, "Melody");
  gint64        n = (gint64) strlen (melody);

  arietta_piece_set_meter (piece, 0, numerator, denominator);
  if (pickup_steps > 0)
    arietta_piece_set_meter (piece, pickup_steps * S, numerator, denominator);

  for (gint64 i = 0; i < n; i++)
    if (melody[i] >= 'a')
      {
        gint64 end = i + 1;

        while (end < n && melody[end] == '-')
          end++;
        arietta_track_add_note (track, &(AriettaNote) {
                                  .onset_ticks = i * S,
                                  .duration_ticks = (end - i) * S,
                                  .pitch = (guint8) (60 + melody[i] - 'a'),
                                  .velocity = (guint8) (40 + i),
                                  .off_velocity = 64,
                                });
      }

  return arietta_piece_freeze (piece);
}

/* The window as the same text. */
static char *
show (const AriettaStepWindow *window)
{
  GString *text = g_string_new (NULL);

  for (guint s = 0; s < window->n_steps; s++)
    g_string_append_c (text, window->tokens[s] == ARIETTA_STEPS_HOLD ? '-'
                             : window->tokens[s] == ARIETTA_STEPS_SILENCE
                               ? '.'
                               : (char) ('a' + window->tokens[s] - ARIETTA_STEPS_FIRST_NOTE
                                         + ARIETTA_STEPS_LOWEST - 60));

  return g_string_free (text, FALSE);
}

static const struct
{
  const char *name;
  const char *melody;
  int         numerator, denominator;
  guint       pickup;
  guint       first_bar, n_bars;
  const char *expected;   /* NULL: no such window */
  guint       first_position;
} windows[] = {
  { "4/4", "c---e---g---e---c-------.......-c---", 4, 4, 0, 0, 2,
    "c---e---g---e---c-------.-------", 0 },
  { "held-over-the-bar", "c---e---g---e-------c---", 4, 4, 0, 1, 1, NULL, 0 },
  { "3/4", "c---e---g---c---e---g---", 3, 4, 0, 0, 2, "c---e---g---c---e---g---", 0 },
  { "2/4", "c-e-g-e-c---c---", 2, 4, 0, 0, 2, "c-e-g-e-c---c---", 0 },
  { "5/4", "c---c---c---c---c---e---e---e---e---e---", 5, 4, 0, 0, 2,
    "c---c---c---c---c---e---e---e---e---e---", 0 },
  { "6/8", "c-e-g-g-e-c-c-----c-----", 6, 8, 0, 0, 2, "c-e-g-g-e-c-c-----c-----", 0 },
  { "9/8", "c-c-c-c-c-c-c-c-c-e-e-e-e-e-e-e-e-e-", 9, 8, 0, 0, 2,
    "c-c-c-c-c-c-c-c-c-e-e-e-e-e-e-e-e-e-", 0 },
  { "12/8", "c-----c-----c-----c-----e-----e-----e-----e-----", 12, 8, 0, 0, 2,
    "c-----c-----c-----c-----e-----e-----e-----e-----", 0 },
  { "7/8", "c-c-c-c-c-c-c-e-e-e-e-e-e-e-", 7, 8, 0, 0, 2, "c-c-c-c-c-c-c-e-e-e-e-e-e-e-", 0 },
  { "5/16", "ccccceeeee", 5, 16, 0, 0, 2, "ccccceeeee", 0 },
  { "pickup-alone", "c-e-g---e---g---e---", 4, 4, 4, 0, 1, "c-e-", 12 },
  { "after-the-pickup", "c-e-g---e---g---e---", 4, 4, 4, 1, 1, "g---e---g---e---", 0 },
  { "past-the-end", "c---e---g---e---", 4, 4, 0, 0, 2, NULL, 0 },
  { "begins-in-a-rest", "c---............................e-------........", 4, 4, 0, 1, 2,
    ".---------------e-------.-------", 0 },
};

static void
test_window (gconstpointer data)
{
  guint                   i = GPOINTER_TO_UINT (data);
  g_autoptr(AriettaPiece) piece = make_piece (windows[i].melody, windows[i].numerator,
                                              windows[i].denominator, windows[i].pickup);
  g_autoptr(AriettaSteps) steps = arietta_steps_new (piece, ARIETTA_TONALITY_NONE);
  g_autofree char        *text = NULL;
  AriettaStepWindow       window;
  gboolean                found;

  g_assert_nonnull (steps);
  g_assert_cmpint (arietta_steps_has_pickup (steps), ==, windows[i].pickup > 0);

  found = arietta_steps_get_window (steps, windows[i].first_bar, windows[i].n_bars, &window);
  if (strcmp (windows[i].name, "held-over-the-bar") == 0)
    {
      /* The second bar holds what the first began. */
      text = show (&window);
      g_assert_true (found);
      g_assert_cmpstr (text, ==, "----c---.-------");
      return;
    }
  if (windows[i].expected == NULL)
    {
      g_assert_false (found);
      return;
    }

  g_assert_true (found);
  text = show (&window);
  g_assert_cmpstr (text, ==, windows[i].expected);
  g_assert_cmpuint (window.positions[0], ==, windows[i].first_position);
  for (guint s = 0; s < window.n_steps; s++)
    g_assert_cmpint (window.velocities[s] > 0, ==, window.tokens[s] >= ARIETTA_STEPS_FIRST_NOTE);
}

static void
test_too_long (void)
{
  g_autoptr(AriettaPiece) piece = make_piece ("c-------------------------------c---", 4, 2, 0);
  g_autoptr(AriettaSteps) steps = arietta_steps_new (piece, ARIETTA_TONALITY_NONE);
  AriettaStepWindow       window;

  /* Sixteen bars of 3/2 fit, sixteen of 4/2 do not, nor do seventeen of anything. */
  g_assert_true (arietta_steps_get_window (steps, 0, 2, &window));
  g_assert_cmpuint (window.n_steps, ==, 64);
  g_assert_cmpuint (window.bar_steps[1], ==, 32);
  g_assert_true (arietta_step_window_init (&window, 1, 3, 2, 16));
  g_assert_cmpuint (window.bar_steps[16], ==, 384);
  g_assert_false (arietta_step_window_init (&window, 1, 4, 2, 16));
  g_assert_false (arietta_step_window_init (&window, 1, 1, 16, 17));
  g_assert_true (arietta_step_window_init (&window, 1, 7, 8, 2));
  g_assert_cmpuint (window.n_steps, ==, 28);
  g_assert_cmpuint (window.positions[14], ==, 0);
}

/* Density, mean pitch, range and syncopation. */
static void
test_attributes (void)
{
  g_autoptr(AriettaPiece) even = make_piece ("a---c---e---c---", 4, 4, 0);
  g_autoptr(AriettaPiece) odd = make_piece ("a-c---e---c-----", 4, 4, 0);
  g_autoptr(AriettaSteps) steps = arietta_steps_new (even, ARIETTA_TONALITY_NONE);
  g_autoptr(AriettaSteps) odd_steps = arietta_steps_new (odd, ARIETTA_TONALITY_NONE);
  AriettaStepWindow       window;
  double                  values[ARIETTA_STEPS_MAX_ATTRIBUTES];

  g_assert_true (arietta_steps_get_window (steps, 0, 1, &window));
  arietta_melody_form.measure (&window, values);
  g_assert_cmpfloat (values[0], ==, 4.0 / 16.0);
  g_assert_cmpfloat (values[1], ==, 62.0);
  g_assert_cmpfloat (values[2], ==, 4.0);
  g_assert_cmpfloat (values[3], ==, 0.0);

  /* Three notes on the second eighth of a beat that last into the next. */
  g_assert_true (arietta_steps_get_window (odd_steps, 0, 1, &window));
  arietta_melody_form.measure (&window, values);
  g_assert_cmpfloat (values[0], ==, 4.0 / 16.0);
  g_assert_cmpfloat (values[3], ==, 3.0 / 16.0);
}

static void
test_key (void)
{
  g_autoptr(AriettaPiece) piece = make_piece ("h---j---l---h---", 4, 4, 0);
  g_autoptr(AriettaSteps) steps =
    arietta_steps_new (piece, (AriettaTonality) { 7, ARIETTA_SCALE_MAJOR });
  AriettaStepWindow       window;
  g_autofree char        *text = NULL;

  g_assert_cmpint (arietta_steps_get_transposition (steps), ==, 5);
  g_assert_true (arietta_steps_get_window (steps, 0, 1, &window));
  text = show (&window);
  g_assert_cmpstr (text, ==, "m---o---q---m---");

  for (int tonic = 0; tonic < 12; tonic++)
    {
      int shift = arietta_steps_shift_for_key ((AriettaTonality) { tonic, ARIETTA_SCALE_MINOR });

      g_assert_cmpint (shift, >=, -6);
      g_assert_cmpint (shift, <=, 5);
      g_assert_cmpint ((tonic + shift + 12) % 12, ==, 0);
    }

  g_assert_true (arietta_step_window_transpose (&window, -12));
  g_assert_false (arietta_step_window_transpose (&window, 80));
}

/* Chords, a lower line under a held note, percussion, times off the grid. */
static void
test_skyline (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (PPQ);
  AriettaTrack           *track = arietta_piece_add_track (piece, "");
  AriettaTrack           *drums = arietta_piece_add_track (piece, "Drums");
  const int               notes[][4] = {
    /* onset, duration, pitch, channel */
    { 0, 4 * S, 60, 0 },     { 0, 4 * S, 67, 0 },        { 0, 4 * S, 64, 0 },
    { 4 * S + 7, 8 * S, 72, 0 }, { 6 * S, 2 * S, 50, 0 },  { 12 * S - 9, 4 * S, 71, 0 },
  };
  g_autoptr(AriettaSteps) steps = NULL;
  g_autofree char        *text = NULL;
  AriettaStepWindow       window;

  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = notes[i][0],
                                                    .duration_ticks = notes[i][1],
                                                    .pitch = (guint8) notes[i][2],
                                                    .velocity = 80,
                                                    .channel = (guint8) notes[i][3] });
  for (int i = 0; i < 16; i++)
    arietta_track_add_note (drums, &(AriettaNote) { .onset_ticks = i * S,
                                                    .duration_ticks = S,
                                                    .pitch = 80,
                                                    .velocity = 80,
                                                    .channel = 9 });
  arietta_piece_freeze (piece);

  steps = arietta_steps_new (piece, ARIETTA_TONALITY_NONE);
  g_assert_true (arietta_steps_get_window (steps, 0, 1, &window));
  text = show (&window);
  g_assert_cmpstr (text, ==, "h---m-------l---");
}

static void
test_no_melody (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_freeze (arietta_piece_new (PPQ));
  g_autoptr(AriettaPiece) again = NULL;
  AriettaKept             kept;

  g_assert_null (arietta_steps_new (piece, ARIETTA_TONALITY_NONE));
  again = arietta_steps_round_trip (piece, &kept);
  g_assert_null (again);
  g_assert_cmpfloat (kept.notes, ==, 0.0);
}

static void
test_round_trip (void)
{
  g_autoptr(AriettaPiece) piece = make_piece ("c-e-g---e---g---e---c-------....m-m-", 3, 4, 4);
  g_autoptr(AriettaPiece) again = NULL;
  AriettaKept             kept;
  guint                   n, m;
  const AriettaNote      *before, *after;

  again = arietta_steps_round_trip (piece, &kept);
  g_assert_cmpfloat (kept.notes, ==, 1.0);
  g_assert_cmpfloat (kept.onsets, ==, 1.0);
  g_assert_cmpfloat (kept.durations, ==, 1.0);
  g_assert_cmpfloat (kept.velocities, ==, 1.0);

  before = arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n);
  after = arietta_track_get_notes (arietta_piece_get_track (again, 0), &m);
  g_assert_cmpuint (n, ==, m);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (before[i].onset_ticks, ==, after[i].onset_ticks);
      g_assert_cmpint (before[i].duration_ticks, ==, after[i].duration_ticks);
      g_assert_cmpint (before[i].pitch, ==, after[i].pitch);
      g_assert_cmpint (before[i].velocity, ==, after[i].velocity);
    }
}

/* What steps cannot hold is counted as lost, not hidden. */
static void
test_round_trip_loss (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (PPQ);
  AriettaTrack           *track = arietta_piece_add_track (piece, "Voice");
  AriettaTrack           *chords = arietta_piece_add_track (piece, "Chords");
  g_autoptr(AriettaPiece) again = NULL;
  AriettaKept             kept;

  for (int i = 0; i < 10; i++)
    {
      /* Every second note a triplet away from the grid. */
      arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = i * PPQ + (i % 2) * 40,
                                                      .duration_ticks = 2 * S,
                                                      .pitch = (guint8) (70 + i % 3),
                                                      .velocity = 90 });
      arietta_track_add_note (chords, &(AriettaNote) { .onset_ticks = i * PPQ,
                                                       .duration_ticks = PPQ,
                                                       .pitch = 48,
                                                       .velocity = 60,
                                                       .channel = 1 });
    }
  arietta_piece_freeze (piece);

  again = arietta_steps_round_trip (piece, &kept);
  g_assert_cmpfloat (kept.notes, ==, 0.5);
  g_assert_cmpfloat (kept.onsets, ==, 0.25);
  g_assert_cmpfloat (kept.velocities, ==, 0.5);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/encoding/steps/window/%s", windows[i].name);
      char            *slash = strchr (path + strlen ("/encoding/steps/window/"), '/');

      /* A slash would make a path of the metre's name. */
      if (slash != NULL)
        *slash = '-';
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_window);
    }
  g_test_add_func ("/encoding/steps/too-long", test_too_long);
  g_test_add_func ("/encoding/steps/attributes", test_attributes);
  g_test_add_func ("/encoding/steps/key", test_key);
  g_test_add_func ("/encoding/steps/skyline", test_skyline);
  g_test_add_func ("/encoding/steps/no-melody", test_no_melody);
  g_test_add_func ("/encoding/steps/round-trip", test_round_trip);
  g_test_add_func ("/encoding/steps/round-trip-loss", test_round_trip_loss);

  return g_test_run ();
}
