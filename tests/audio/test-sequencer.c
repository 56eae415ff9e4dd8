#include "audio-fixtures.h"

#include <math.h>

#define BLOCK 64
/* TimGM6mb's own silence at the head of a sample, and rounding. */
#define SLACK 64

typedef struct
{
  AriettaSequencer *sequencer;
  guint64           frame;
  float            *out;       /* of the last run */
  guint             n_frames;
} Rig;

static void
post (Rig            *rig,
      AriettaCommand  command)
{
  g_assert_true (arietta_sequencer_post (rig->sequencer, &command));
}

static void
set_piece (Rig          *rig,
           AriettaPiece *piece)
{
  post (rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_SCHEDULE, .pointer = arietta_schedule_new (piece) });
}

static void
rig_init (Rig *rig)
{
  g_autoptr(GError) error = NULL;
  AriettaSynth *synth = arietta_synth_new (TEST_SOUNDFONT, &error);

  g_assert_no_error (error);
  *rig = (Rig) { arietta_sequencer_new (), 0, NULL, 0 };
  post (rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_SYNTH, .pointer = synth });
}

static void
rig_clear (Rig *rig)
{
  arietta_sequencer_unref (rig->sequencer);
  g_free (rig->out);
}

/* In buffers of an odd size, so that nothing depends on their edges. */
static void
run (Rig   *rig,
     guint  n_frames)
{
  g_free (rig->out);
  rig->out = g_new0 (float, 2 * n_frames);
  rig->n_frames = n_frames;

  for (guint at = 0; at < n_frames; at += 250)
    {
      guint n = MIN (250, n_frames - at);

      arietta_sequencer_render (rig->sequencer, rig->out + 2 * at, n, rig->frame);
      rig->frame += n;
    }
}

static int
first_sound (Rig *rig)
{
  for (guint i = 0; i < 2 * rig->n_frames; i++)
    if (fabsf (rig->out[i]) > 1e-4f)
      return i / 2;
  return -1;
}

static double
energy (Rig   *rig,
        guint  from,
        guint  to)
{
  double sum = 0;

  for (guint i = 2 * from; i < 2 * MIN (to, rig->n_frames); i++)
    sum += (double) rig->out[i] * rig->out[i];
  return sum / (to - from);
}

/* Share of @hz in the left channel, by one Goertzel bin with a Hann window. */
static double
tone (Rig    *rig,
      guint   from,
      guint   to,
      double  hz)
{
  double re = 0;
  double im = 0;

  for (guint i = from; i < to; i++)
    {
      double w = 0.5 - 0.5 * cos (2 * G_PI * (i - from) / (to - from));
      double phase = 2 * G_PI * hz * i / ARIETTA_SAMPLE_RATE;

      re += w * rig->out[2 * i] * cos (phase);
      im += w * rig->out[2 * i] * sin (phase);
    }

  return 4 * sqrt (re * re + im * im) / (to - from);
}

static double
hz_of (int pitch)
{
  return 440.0 * pow (2.0, (pitch - 69) / 12.0);
}

static void
play (Rig *rig)
{
  post (rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_PLAY });
}

static void
test_onset (void)
{
  static const gint64 ticks[] = { 0, 1, 137, 480, 1000 };

  if (!have_soundfont ())
    return;

  for (guint i = 0; i < G_N_ELEMENTS (ticks); i++)
    {
      g_autoptr(AriettaPiece) piece = make_single (ticks[i], 480, 72);
      int expected = (int) ceil (ticks[i] * FRAMES_PER_TICK - 1e-6);
      Rig rig;

      rig_init (&rig);
      set_piece (&rig, piece);
      play (&rig);
      run (&rig, expected + 4410);
      g_assert_cmpint (first_sound (&rig), >=, expected);
      g_assert_cmpint (first_sound (&rig), <=, expected + SLACK);
      rig_clear (&rig);
    }
}

static void
test_seek (void)
{
  g_autoptr(AriettaPiece) piece = NULL;
  int expected = (int) ceil (80 * FRAMES_PER_TICK);
  Rig rig;

  if (!have_soundfont ())
    return;

  piece = make_single (96080, 480, 72);
  rig_init (&rig);
  set_piece (&rig, piece);
  play (&rig);
  run (&rig, 1000);
  g_assert_cmpint (first_sound (&rig), ==, -1);

  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_SEEK, .a = 96000 * FRAMES_PER_TICK });
  run (&rig, expected + 4410);
  g_assert_cmpint (first_sound (&rig), >=, expected);
  g_assert_cmpint (first_sound (&rig), <=, expected + SLACK);
  g_assert_cmpfloat_with_epsilon (arietta_sequencer_get_position (rig.sequencer),
                                  96000 * FRAMES_PER_TICK + expected + 4410, 1e-3);
  rig_clear (&rig);
}

/* Into the middle of a long note, with a program and a controller from long before. */
static void
test_seek_takes_up (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "a");
  double loud;
  Rig rig;

  if (!have_soundfont ())
    return;

  arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = 0, .duration_ticks = 9600, .pitch = 69,
                                                  .velocity = 100, .program = 19 });
  arietta_track_add_event (track, 4800, 0xB0, 7, 20, NULL, 0);
  arietta_piece_freeze (piece);

  rig_init (&rig);
  set_piece (&rig, piece);
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_SEEK, .a = 2400 * FRAMES_PER_TICK });
  play (&rig);
  run (&rig, 44100);
  loud = energy (&rig, 22050, 44100);
  g_assert_cmpfloat (tone (&rig, 22050, 44100, 440), >, 0.003);

  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_SEEK, .a = 7200 * FRAMES_PER_TICK });
  run (&rig, 44100);
  g_assert_cmpfloat (energy (&rig, 22050, 44100), >, 0);
  g_assert_cmpfloat (energy (&rig, 22050, 44100), <, loud / 10);
  rig_clear (&rig);
}

static void
test_loop (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "a");
  guint round_frames = 960 * ARIETTA_SAMPLE_RATE / 960;  /* two quarters: a second */
  AriettaMark mark;
  int n_wraps = 0;
  double before = 0;
  Rig rig;

  if (!have_soundfont ())
    return;

  add_note (track, 480, 60, 84, 0);
  add_note (track, 2400, 480, 60, 0);  /* after the loop: must never sound */
  arietta_piece_freeze (piece);

  rig_init (&rig);
  set_piece (&rig, piece);
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_LOOP, .flag = TRUE,
                                 .a = 480 * FRAMES_PER_TICK, .b = 1440 * FRAMES_PER_TICK });
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_SEEK, .a = 480 * FRAMES_PER_TICK });
  play (&rig);
  run (&rig, 4 * round_frames);

  for (int i = 0; i < 4; i++)
    {
      /* Each round begins with the note and is quiet by its end. */
      g_assert_cmpfloat (energy (&rig, i * round_frames + SLACK, i * round_frames + 4410), >, 1e-5);
      g_assert_cmpfloat (energy (&rig, i * round_frames + 4410, (i + 1) * round_frames), <,
                         energy (&rig, i * round_frames + SLACK, i * round_frames + 4410) / 3);
    }
  g_assert_cmpfloat (tone (&rig, 0, rig.n_frames, hz_of (60)), <, tone (&rig, 0, rig.n_frames, hz_of (84)) / 20);

  while (arietta_sequencer_pop_mark (rig.sequencer, &mark))
    {
      n_wraps += mark.music_frame < before;
      if (mark.music_frame < before)
        g_assert_cmpfloat_with_epsilon ((double) (mark.stream_frame % round_frames), 0, 1.5);
      before = mark.music_frame;
      g_assert_true (!mark.ended);
    }
  g_assert_cmpint (n_wraps, ==, 3);
  rig_clear (&rig);
}

static void
test_ends (void)
{
  g_autoptr(AriettaPiece) piece = NULL;
  AriettaMark mark;
  guint64 ended_at = 0;
  Rig rig;

  if (!have_soundfont ())
    return;

  piece = make_single (0, 480, 60);
  rig_init (&rig);
  set_piece (&rig, piece);
  play (&rig);
  run (&rig, 44100);
  g_assert_false (arietta_sequencer_is_playing (rig.sequencer));
  while (arietta_sequencer_pop_mark (rig.sequencer, &mark))
    if (mark.ended)
      ended_at = mark.stream_frame;
  g_assert_cmpuint (ended_at, ==, 22050);

  /* And again from the start. */
  play (&rig);
  run (&rig, 4410);
  g_assert_cmpint (first_sound (&rig), >=, 0);
  g_assert_cmpfloat_with_epsilon (arietta_sequencer_get_position (rig.sequencer), 4410, 1e-6);
  rig_clear (&rig);
}

static AriettaPiece *
make_duet (void)
{
  AriettaPiece *piece = arietta_piece_new (480);

  /* One MIDI channel for both tracks: still two strips.  No harmonic of one is near
   * the other, and the sample does not beat. */
  add_note (arietta_piece_add_track (piece, "low"), 0, 48000, 57, 0);
  add_note (arietta_piece_add_track (piece, "high"), 0, 48000, 78, 0);
  for (guint t = 0; t < 2; t++)
    arietta_track_set_program (arietta_piece_get_track (piece, t), 71);
  return arietta_piece_freeze (piece);
}

static void
test_mix (void)
{
  static const struct
  {
    AriettaCommand command;
    double         low;   /* share of the full level expected */
    double         high;
  } steps[] = {
    { { .kind = ARIETTA_COMMAND_MUTE, .index = 0, .flag = TRUE }, 0, 1 },
    { { .kind = ARIETTA_COMMAND_MUTE, .index = 0, .flag = FALSE }, 1, 1 },
    { { .kind = ARIETTA_COMMAND_SOLO, .index = 0, .flag = TRUE }, 1, 0 },
    { { .kind = ARIETTA_COMMAND_SOLO, .index = 1, .flag = TRUE }, 1, 1 },
    { { .kind = ARIETTA_COMMAND_SOLO, .index = 0, .flag = FALSE }, 0, 1 },
    { { .kind = ARIETTA_COMMAND_RESET_MIX }, 1, 1 },
    { { .kind = ARIETTA_COMMAND_TRACK_VOLUME, .index = 1, .a = 0.5 }, 1, 0.5 },
    { { .kind = ARIETTA_COMMAND_VOLUME, .a = 0.5 }, 0.5, 0.25 },
  };
  g_autoptr(AriettaPiece) piece = NULL;
  double low;
  double high;
  Rig rig;

  if (!have_soundfont ())
    return;

  piece = make_duet ();
  rig_init (&rig);
  set_piece (&rig, piece);
  play (&rig);
  run (&rig, 44100);
  low = tone (&rig, 22050, 44100, hz_of (57));
  high = tone (&rig, 22050, 44100, hz_of (78));
  g_assert_cmpfloat (low, >, 0.001);
  g_assert_cmpfloat (high, >, 0.001);

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      post (&rig, steps[i].command);
      run (&rig, 66150);  /* reverberation dies first */
      g_test_message ("step %u: %g %g", i, tone (&rig, 44100, 66150, hz_of (57)) / low,
                      tone (&rig, 44100, 66150, hz_of (78)) / high);

      g_assert_cmpfloat_with_epsilon (tone (&rig, 44100, 66150, hz_of (57)) / low, steps[i].low,
                                      0.001 + 0.05 * steps[i].low);
      g_assert_cmpfloat_with_epsilon (tone (&rig, 44100, 66150, hz_of (78)) / high, steps[i].high,
                                      0.001 + 0.05 * steps[i].high);
    }
  rig_clear (&rig);
}

static void
test_tempo (void)
{
  g_autoptr(AriettaPiece) piece = NULL;
  Rig rig;

  if (!have_soundfont ())
    return;

  piece = make_single (960, 480, 72);  /* at one second */
  rig_init (&rig);
  set_piece (&rig, piece);
  play (&rig);
  run (&rig, 22050);
  g_assert_cmpint (first_sound (&rig), ==, -1);

  /* The second half second at double speed. */
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_TEMPO, .a = 2.0 });
  run (&rig, 22050);
  g_assert_cmpint (first_sound (&rig), >=, 11025);
  g_assert_cmpint (first_sound (&rig), <=, 11025 + SLACK);
  rig_clear (&rig);
}

static void
test_swap (void)
{
  g_autoptr(AriettaPiece) before = NULL;
  g_autoptr(AriettaPiece) after = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (after, "a");
  double held;
  Rig rig;

  if (!have_soundfont ())
    return;

  before = make_duet ();
  /* The low note stays, the high one moves, another begins a little later. */
  add_note (track, 0, 48000, 57, 0);
  add_note (arietta_piece_add_track (after, "high"), 0, 48000, 79, 0);
  add_note (track, 1920, 480, 64, 0);
  for (guint t = 0; t < 2; t++)
    arietta_track_set_program (arietta_piece_get_track (after, t), 71);
  arietta_piece_freeze (after);

  rig_init (&rig);
  set_piece (&rig, before);
  play (&rig);
  run (&rig, 44100);
  held = tone (&rig, 34100, 44100, hz_of (57));

  set_piece (&rig, after);
  run (&rig, 22050);
  g_assert_true (arietta_sequencer_is_playing (rig.sequencer));
  g_assert_cmpfloat_with_epsilon (arietta_sequencer_get_position (rig.sequencer), 66150, 1e-3);
  /* No gap and no new attack in what stayed. */
  g_assert_cmpfloat_with_epsilon (tone (&rig, 0, 10000, hz_of (57)) / held, 1.0, 0.1);
  g_assert_cmpfloat (tone (&rig, 11025, 22050, hz_of (79)), >, 5 * tone (&rig, 11025, 22050, hz_of (78)));
  run (&rig, 44100);
  g_assert_cmpfloat (tone (&rig, 22050, 33075, hz_of (64)), >, held / 4);

  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_SCHEDULE });
  run (&rig, 3 * 44100);
  g_assert_false (arietta_sequencer_is_playing (rig.sequencer));
  g_assert_cmpfloat (energy (&rig, 2 * 44100, 3 * 44100), <, 1e-9);
  rig_clear (&rig);
}

static void
test_stop_silences (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "a");
  Rig rig;

  if (!have_soundfont ())
    return;

  add_note (track, 0, 48000, 60, 0);
  arietta_track_set_program (track, 19);
  arietta_track_add_event (track, 0, 0xB0, 64, 127, NULL, 0);  /* the pedal must not hold it */
  arietta_piece_freeze (piece);

  rig_init (&rig);
  set_piece (&rig, piece);
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_KEY_ON, .index = 72, .velocity = 100 });
  play (&rig);
  run (&rig, 44100);
  g_assert_cmpfloat (energy (&rig, 22050, 44100), >, 1e-6);

  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_STOP });
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_KEY_OFF, .index = 72 });
  run (&rig, 4 * 44100);
  for (guint i = 6 * 44100; i < 8 * 44100; i++)
    g_assert_cmpfloat (rig.out[i], ==, 0);  /* asleep, not merely quiet */

  g_assert_cmpfloat_with_epsilon (arietta_sequencer_get_position (rig.sequencer), 44100, 1e-6);
  rig_clear (&rig);
}

static void
test_keys (void)
{
  Rig rig;

  if (!have_soundfont ())
    return;

  rig_init (&rig);
  run (&rig, 1000);
  g_assert_cmpint (first_sound (&rig), ==, -1);

  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_KEY_ON, .index = 69, .velocity = 100, .program = 19 });
  run (&rig, 22050);
  g_assert_cmpint (first_sound (&rig), <, SLACK * 4);
  g_assert_cmpfloat (tone (&rig, 11025, 22050, 440), >, 0.003);
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_KEY_OFF, .index = 69 });
  run (&rig, 3 * 44100);
  g_assert_cmpfloat (energy (&rig, 2 * 44100, 3 * 44100), <, 1e-9);

  /* A bass drum is no piano. */
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_KEY_ON, .index = 69, .velocity = 100, .flag = TRUE });
  run (&rig, 22050);
  g_assert_cmpint (first_sound (&rig), >=, 0);
  g_assert_cmpfloat (tone (&rig, 0, 22050, 440), <, 0.003);
  rig_clear (&rig);
}

static void
test_metronome (void)
{
  g_autoptr(AriettaPiece) piece = NULL;
  Rig rig;

  if (!have_soundfont ())
    return;

  piece = make_single (1920, 480, 72);  /* a bar of rest */
  rig_init (&rig);
  set_piece (&rig, piece);
  play (&rig);
  run (&rig, 33075);
  g_assert_cmpint (first_sound (&rig), ==, -1);

  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_METRONOME, .flag = TRUE });
  run (&rig, 22050);
  g_assert_cmpint (first_sound (&rig), >=, 11025);
  g_assert_cmpint (first_sound (&rig), <, 11025 + SLACK * 4);
  rig_clear (&rig);
}

static void
test_percussion (void)
{
  g_autoptr(AriettaPiece) drums = arietta_piece_new (480);
  g_autoptr(AriettaPiece) piano = NULL;
  double pitched;
  Rig rig;

  if (!have_soundfont ())
    return;

  add_note (arietta_piece_add_track (drums, "drums"), 0, 960, 69, 9);
  arietta_piece_freeze (drums);
  piano = make_single (0, 960, 69);

  rig_init (&rig);
  set_piece (&rig, piano);
  play (&rig);
  run (&rig, 22050);
  pitched = tone (&rig, 2205, 22050, 440);
  rig_clear (&rig);

  rig_init (&rig);
  set_piece (&rig, drums);
  play (&rig);
  run (&rig, 22050);
  g_assert_cmpint (first_sound (&rig), >=, 0);
  g_assert_cmpfloat (tone (&rig, 2205, 22050, 440), <, pitched / 5);
  rig_clear (&rig);
}

static void
test_output_stays_inside (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "all");
  Rig rig;

  if (!have_soundfont ())
    return;

  for (int pitch = 30; pitch < 100; pitch++)
    arietta_track_add_note (track, &(AriettaNote) { .duration_ticks = 960, .pitch = pitch, .velocity = 127,
                                                    .program = 61 });
  arietta_piece_freeze (piece);

  rig_init (&rig);
  set_piece (&rig, piece);
  play (&rig);
  run (&rig, 44100);
  for (guint i = 0; i < 2 * rig.n_frames; i++)
    g_assert_cmpfloat (fabsf (rig.out[i]), <=, 1.0f);
  g_assert_cmpfloat (energy (&rig, 0, 44100), >, 0.1);
  rig_clear (&rig);
}

/* A control thread and a sound thread with nothing between them but the rings. */
static gpointer
sound_thread (gpointer data)
{
  Rig *rig = data;
  float out[2 * 256];

  for (int i = 0; i < 2000; i++)
    arietta_sequencer_render (rig->sequencer, out, 256, (guint64) i * 256);

  return NULL;
}

static void
test_two_threads (void)
{
  g_autoptr(AriettaPiece) one = NULL;
  g_autoptr(AriettaPiece) two = NULL;
  GThread *thread;
  AriettaMark mark;
  guint64 last = 0;
  int n_marks = 0;
  Rig rig;

  if (!have_soundfont ())
    return;

  one = make_duet ();
  two = make_single (0, 4800, 64);
  rig_init (&rig);
  set_piece (&rig, one);
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_LOOP, .flag = TRUE });
  play (&rig);

  thread = g_thread_new ("sound", sound_thread, &rig);
  for (int i = 0; i < 500; i++)
    {
      AriettaCommand seek = { .kind = ARIETTA_COMMAND_SEEK, .a = i * 100 };
      AriettaCommand swap = { .kind = ARIETTA_COMMAND_SCHEDULE };

      arietta_sequencer_post (rig.sequencer, &seek);
      swap.pointer = arietta_schedule_new (i % 2 ? one : two);
      if (!arietta_sequencer_post (rig.sequencer, &swap))
        arietta_schedule_free (swap.pointer);

      while (arietta_sequencer_pop_mark (rig.sequencer, &mark))
        {
          g_assert_cmpuint (mark.stream_frame, >=, last);
          last = mark.stream_frame;
          n_marks++;
        }
    }
  g_thread_join (thread);
  while (arietta_sequencer_pop_mark (rig.sequencer, &mark))
    n_marks++;
  g_assert_cmpint (n_marks, >=, 2000);
  rig_clear (&rig);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audio/sequencer/onset", test_onset);
  g_test_add_func ("/audio/sequencer/seek", test_seek);
  g_test_add_func ("/audio/sequencer/seek-takes-up", test_seek_takes_up);
  g_test_add_func ("/audio/sequencer/loop", test_loop);
  g_test_add_func ("/audio/sequencer/ends", test_ends);
  g_test_add_func ("/audio/sequencer/mix", test_mix);
  g_test_add_func ("/audio/sequencer/tempo", test_tempo);
  g_test_add_func ("/audio/sequencer/swap", test_swap);
  g_test_add_func ("/audio/sequencer/stop-silences", test_stop_silences);
  g_test_add_func ("/audio/sequencer/keys", test_keys);
  g_test_add_func ("/audio/sequencer/metronome", test_metronome);
  g_test_add_func ("/audio/sequencer/percussion", test_percussion);
  g_test_add_func ("/audio/sequencer/output-stays-inside", test_output_stays_inside);
  g_test_add_func ("/audio/sequencer/two-threads", test_two_threads);
  return g_test_run ();
}
