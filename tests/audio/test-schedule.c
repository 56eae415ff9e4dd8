#include "audio-fixtures.h"

typedef struct
{
  double         tick;
  AriettaDueKind kind;
  guint8         channel;
  guint8         data1;
} Expected;

static void
assert_dues (AriettaSchedule *schedule,
             const Expected  *expected,
             guint            n_expected)
{
  guint n;
  const AriettaDue *dues = arietta_schedule_get_dues (schedule, &n);
  guint at = 0;

  for (guint i = 0; i < n; i++)
    {
      if (dues[i].kind == ARIETTA_DUE_CLICK)
        continue;

      g_assert_cmpuint (at, <, n_expected);
      g_assert_cmpfloat_with_epsilon (dues[i].frame, expected[at].tick * FRAMES_PER_TICK, 1e-6);
      g_assert_cmpint (dues[i].kind, ==, expected[at].kind);
      g_assert_cmpint (dues[i].channel, ==, expected[at].channel);
      g_assert_cmpint (dues[i].data1, ==, expected[at].data1);
      at++;
    }

  g_assert_cmpuint (at, ==, n_expected);
}

static void
test_order (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "a");
  g_autoptr(AriettaSchedule) schedule = NULL;
  static const Expected expected[] = {
    { 0, ARIETTA_DUE_NOTE_ON, 0, 60 },
    { 480, ARIETTA_DUE_NOTE_OFF, 0, 60 },
    { 480, ARIETTA_DUE_CONTROL, 0, 7 },
    { 480, ARIETTA_DUE_NOTE_ON, 0, 60 },
    { 481, ARIETTA_DUE_NOTE_OFF, 0, 60 },  /* a note of no length lasts a tick */
  };

  add_note (track, 480, 0, 60, 0);
  add_note (track, 0, 480, 60, 0);
  arietta_track_add_event (track, 480, 0xB0, 7, 90, NULL, 0);
  arietta_piece_freeze (piece);

  schedule = arietta_schedule_new (piece);
  assert_dues (schedule, expected, G_N_ELEMENTS (expected));
}

static void
test_overlap (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "a");
  g_autoptr(AriettaSchedule) schedule = NULL;
  static const Expected expected[] = {
    { 0, ARIETTA_DUE_NOTE_ON, 0, 60 },
    { 240, ARIETTA_DUE_NOTE_ON, 0, 60 },
    { 960, ARIETTA_DUE_NOTE_OFF, 0, 60 },
  };

  add_note (track, 0, 480, 60, 0);
  add_note (track, 240, 720, 60, 0);
  arietta_piece_freeze (piece);

  schedule = arietta_schedule_new (piece);
  assert_dues (schedule, expected, G_N_ELEMENTS (expected));
}

static void
test_channels (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *first = arietta_piece_add_track (piece, "a");
  AriettaTrack *second = arietta_piece_add_track (piece, "b");
  g_autoptr(AriettaSchedule) schedule = NULL;
  const AriettaScheduleChannel *channels;
  guint n;
  static const Expected expected[] = {
    { 0, ARIETTA_DUE_CONTROL, 0, 10 },  /* one MIDI channel, both synth channels */
    { 0, ARIETTA_DUE_CONTROL, 1, 10 },
    { 0, ARIETTA_DUE_PROGRAM, 0, 40 },
    { 0, ARIETTA_DUE_PROGRAM, 1, 40 },
    { 0, ARIETTA_DUE_PROGRAM, 0, 0 },   /* but each note its own program */
    { 0, ARIETTA_DUE_NOTE_ON, 0, 60 },
    { 0, ARIETTA_DUE_NOTE_ON, 1, 72 },
    { 0, ARIETTA_DUE_NOTE_ON, 2, 36 },
    { 480, ARIETTA_DUE_NOTE_OFF, 0, 60 },
    { 480, ARIETTA_DUE_NOTE_OFF, 1, 72 },
    { 480, ARIETTA_DUE_NOTE_OFF, 2, 36 },
  };

  add_note (first, 0, 480, 60, 3);
  arietta_track_add_event (first, 0, 0xB3, 10, 20, NULL, 0);
  arietta_track_add_note (second, &(AriettaNote) { .duration_ticks = 480, .pitch = 72, .velocity = 1,
                                                   .channel = 3, .program = 40 });
  add_note (second, 0, 480, 36, 9);
  arietta_piece_freeze (piece);

  schedule = arietta_schedule_new (piece);
  assert_dues (schedule, expected, G_N_ELEMENTS (expected));

  channels = arietta_schedule_get_channels (schedule, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpuint (channels[1].track, ==, 1);
  g_assert_false (channels[1].percussion);
  g_assert_true (channels[2].percussion);
}

static void
test_many_channels (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  g_autoptr(AriettaSchedule) schedule = NULL;
  const AriettaDue *dues;
  guint n_channels;
  guint n;

  for (int t = 0; t < 30; t++)
    {
      AriettaTrack *track = arietta_piece_add_track (piece, "");

      for (int channel = 0; channel < 16; channel++)
        add_note (track, t, 480, 60, channel);
    }
  arietta_piece_freeze (piece);

  schedule = arietta_schedule_new (piece);
  arietta_schedule_get_channels (schedule, &n_channels);
  g_assert_cmpuint (n_channels, ==, ARIETTA_SCHEDULE_MAX_CHANNELS);

  dues = arietta_schedule_get_dues (schedule, &n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (dues[i].channel, <, n_channels);
}

static void
test_tempo_and_ends (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (96);
  g_autoptr(AriettaSchedule) schedule = NULL;

  arietta_piece_set_meter (piece, 0, 3, 4);
  arietta_piece_set_tempo (piece, 96, 1000000);
  add_note (arietta_piece_add_track (piece, "a"), 96, 96, 60, 0);
  arietta_piece_freeze (piece);

  schedule = arietta_schedule_new (piece);
  g_assert_cmpfloat_with_epsilon (arietta_schedule_get_end (schedule), 1.5 * ARIETTA_SAMPLE_RATE, 1e-6);
  g_assert_cmpfloat_with_epsilon (arietta_schedule_get_loop_end (schedule), 2.5 * ARIETTA_SAMPLE_RATE, 1e-6);
}

static void
test_clicks (void)
{
  static const struct
  {
    int numerator;
    int denominator;
    int n_clicks;      /* in a bar */
    int step_ticks;
  } cases[] = {
    { 4, 4, 4, 480 },
    { 3, 4, 3, 480 },
    { 6, 8, 2, 720 },
    { 3, 8, 3, 240 },
    { 12, 8, 4, 720 },
    { 7, 8, 7, 240 },
    { 2, 2, 2, 960 },
  };

  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
      g_autoptr(AriettaSchedule) schedule = NULL;
      gint64 bar_ticks = 4 * 480 * cases[c].numerator / cases[c].denominator;
      const AriettaDue *dues;
      int n_clicks = 0;
      guint n;

      arietta_piece_set_meter (piece, 0, cases[c].numerator, cases[c].denominator);
      add_note (arietta_piece_add_track (piece, "a"), 0, 2 * bar_ticks, 60, 0);
      arietta_piece_freeze (piece);
      schedule = arietta_schedule_new (piece);

      dues = arietta_schedule_get_dues (schedule, &n);
      for (guint i = 0; i < n; i++)
        if (dues[i].kind == ARIETTA_DUE_CLICK)
          {
            g_assert_cmpfloat_with_epsilon (dues[i].frame, n_clicks * cases[c].step_ticks * FRAMES_PER_TICK, 1e-6);
            g_assert_cmpint (dues[i].data1, ==, n_clicks % cases[c].n_clicks == 0);
            n_clicks++;
          }
      g_assert_cmpint (n_clicks, ==, 2 * cases[c].n_clicks);
    }
}

static void
test_pickup_clicks (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  g_autoptr(AriettaSchedule) schedule = NULL;
  const AriettaDue *dues;
  guint n;

  /* A quarter of pickup before 4/4: the click at 0 is a weak one. */
  arietta_piece_set_meter (piece, 0, 4, 4);
  arietta_piece_set_meter (piece, 480, 4, 4);
  add_note (arietta_piece_add_track (piece, "a"), 480, 480, 60, 0);
  arietta_piece_freeze (piece);
  schedule = arietta_schedule_new (piece);

  dues = arietta_schedule_get_dues (schedule, &n);
  g_assert_cmpint (dues[0].kind, ==, ARIETTA_DUE_CLICK);
  g_assert_cmpint (dues[0].data1, ==, 0);
  g_assert_cmpint (dues[1].kind, ==, ARIETTA_DUE_CLICK);
  g_assert_cmpint (dues[1].data1, ==, 1);
}

static void
test_translate (void)
{
  g_autoptr(AriettaPiece) piece = make_single (0, 4800, 60);
  g_autoptr(AriettaPiece) fine = arietta_piece_new (960);
  g_autoptr(AriettaSchedule) schedule = arietta_schedule_new (piece);
  g_autoptr(AriettaSchedule) other = NULL;

  add_note (arietta_piece_add_track (fine, "a"), 0, 9600, 60, 0);
  arietta_piece_freeze (fine);
  other = arietta_schedule_new (fine);

  g_assert_cmpfloat_with_epsilon (arietta_schedule_translate (schedule, 12345.25, other), 12345.25, 1e-6);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audio/schedule/order", test_order);
  g_test_add_func ("/audio/schedule/overlap", test_overlap);
  g_test_add_func ("/audio/schedule/channels", test_channels);
  g_test_add_func ("/audio/schedule/many-channels", test_many_channels);
  g_test_add_func ("/audio/schedule/tempo-and-ends", test_tempo_and_ends);
  g_test_add_func ("/audio/schedule/clicks", test_clicks);
  g_test_add_func ("/audio/schedule/pickup-clicks", test_pickup_clicks);
  g_test_add_func ("/audio/schedule/translate", test_translate);
  return g_test_run ();
}
