/* Playing along: count-in, clicks past the end, a keyboard, the clock that knows what was heard, meters. */
#include "audio-fixtures.h"

#include <math.h>

#include "audio/arietta-play-clock.h"

#define BUFFER 256
/* 120 to the minute: a beat. */
#define BEAT   22050

typedef struct
{
  AriettaSequencer *sequencer;
  guint64           frame;
  float             peak;      /* of the last run */
} Rig;

static void
post (Rig            *rig,
      AriettaCommand  command)
{
  g_assert_true (arietta_sequencer_post (rig->sequencer, &command));
}

static void
rig_init (Rig          *rig,
          AriettaPiece *piece,
          gint64        until_ticks)
{
  g_autoptr(GError) error = NULL;
  AriettaSynth *synth = arietta_synth_new_with_meters (TEST_SOUNDFONT, &error);

  g_assert_no_error (error);
  *rig = (Rig) { arietta_sequencer_new () };
  post (rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_SYNTH, .pointer = synth });
  post (rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_SCHEDULE,
                                .pointer = arietta_schedule_new_until (piece, until_ticks) });
}

/* Up to the stream's @frame, and says where sound was first above @threshold; -1 for nowhere. */
static gint64
run_to (Rig    *rig,
        guint64 frame,
        float   threshold)
{
  gint64 found = -1;

  rig->peak = 0;
  while (rig->frame < frame)
    {
      float out[2 * BUFFER];
      guint n = (guint) MIN (BUFFER, frame - rig->frame);

      arietta_sequencer_render (rig->sequencer, out, n, rig->frame);
      for (guint i = 0; i < 2 * n; i++)
        {
          rig->peak = MAX (rig->peak, fabsf (out[i]));
          if (found < 0 && fabsf (out[i]) > threshold)
            found = (gint64) rig->frame + i / 2;
        }
      rig->frame += n;
    }
  return found;
}

static void
test_count_in (void)
{
  g_autoptr(AriettaPiece) piece = NULL;
  guint beats = 0;
  AriettaMark mark;
  Rig rig;

  if (!have_soundfont ())
    return;

  /* A note on beat 5: two bars before it in 2/4 the clicks begin, though the metronome is off. */
  piece = make_single (4 * 480, 960, 60);
  rig_init (&rig, piece, 0);
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_SEEK, .a = 4 * BEAT });
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_COUNT_IN, .index = 4, .velocity = 2, .a = BEAT });
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_PLAY });

  for (guint beat = 0; beat < 4; beat++)
    {
      gint64 from = (gint64) rig.frame, at;

      g_assert_cmpint (from, ==, beat * BEAT);
      at = run_to (&rig, (beat + 1) * BEAT, 1e-3f);
      g_assert_cmpint (at, >=, from);
      g_assert_cmpint (at, <, from + 400);
      g_assert_true (arietta_sequencer_is_playing (rig.sequencer));
    }
  while (arietta_sequencer_pop_mark (rig.sequencer, &mark))
    if (mark.count > 0)
      {
        beats = MAX (beats, mark.count);
        g_assert_cmpfloat (mark.music_frame, <, 4 * BEAT);
      }
  g_assert_cmpuint (beats, ==, 4);

  /* Now the music itself. */
  g_assert_cmpfloat_with_epsilon (arietta_sequencer_get_position (rig.sequencer), 4 * BEAT, 1);
  run_to (&rig, 4 * BEAT + 8820, 1e-3f);
  g_assert_cmpfloat (rig.peak, >, 0.01f);
  g_assert_cmpfloat (arietta_sequencer_take_track_peak (rig.sequencer, 0), >, 0.005);
  arietta_sequencer_unref (rig.sequencer);
}

/* A recording goes on where the piece is over, and its clicks with it. */
static void
test_endless (void)
{
  g_autoptr(AriettaPiece) piece = NULL;
  Rig rig;

  if (!have_soundfont ())
    return;

  piece = make_single (0, 48, 60);
  rig_init (&rig, piece, 20 * 480);
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_METRONOME, .flag = TRUE });
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_PLAY });
  run_to (&rig, 9 * BEAT, 1);
  g_assert_cmpint (run_to (&rig, 10 * BEAT, 1e-3f), <, 9 * BEAT + 400);
  g_assert_true (arietta_sequencer_is_playing (rig.sequencer));
  run_to (&rig, 21 * BEAT, 1);
  g_assert_false (arietta_sequencer_is_playing (rig.sequencer));
  arietta_sequencer_unref (rig.sequencer);
}

static void
test_keyboard (void)
{
  g_autoptr(AriettaPiece) piece = NULL;
  Rig rig;

  if (!have_soundfont ())
    return;

  piece = make_single (0, 480, 60);
  rig_init (&rig, piece, 0);
  g_assert_cmpint (run_to (&rig, 4096, 1e-4f), ==, -1);

  /* At once, also while nothing plays; the pedal holds it, and all goes quiet when it is lifted. */
  arietta_sequencer_post_live (rig.sequencer, &(AriettaMidiMessage) { 0, 0xB3, 64, 127 });
  arietta_sequencer_post_live (rig.sequencer, &(AriettaMidiMessage) { 0, 0x93, 67, 100 });
  g_assert_cmpint (run_to (&rig, 4096 + 1024, 1e-4f), >=, 0);
  arietta_sequencer_post_live (rig.sequencer, &(AriettaMidiMessage) { 0, 0x83, 67, 64 });
  run_to (&rig, BEAT, 1);
  run_to (&rig, BEAT + 4096, 1);
  g_assert_cmpfloat (rig.peak, >, 1e-3f);
  arietta_sequencer_post_live (rig.sequencer, &(AriettaMidiMessage) { 0, 0xB3, 64, 0 });
  run_to (&rig, 6 * BEAT, 1);
  run_to (&rig, 6 * BEAT + 4096, 1);
  g_assert_cmpfloat (rig.peak, <, 1e-3f);

  /* With volume 0 the voice is not heard; nonsense is survived. */
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_LIVE_VOICE, .program = 40, .velocity = 0, .index = 64 });
  arietta_sequencer_post_live (rig.sequencer, &(AriettaMidiMessage) { 0, 0x90, 60, 127 });
  arietta_sequencer_post_live (rig.sequencer, &(AriettaMidiMessage) { 0, 0x90, 255, 255 });
  arietta_sequencer_post_live (rig.sequencer, &(AriettaMidiMessage) { 0, 0xB0, 255, 255 });
  arietta_sequencer_post_live (rig.sequencer, &(AriettaMidiMessage) { 0, 0xFF, 1, 2 });
  run_to (&rig, 7 * BEAT, 1);
  g_assert_cmpfloat (rig.peak, <, 1e-4f);
  arietta_sequencer_unref (rig.sequencer);
}

/* A device that buffers much: what was heard is told by the stream's clock, loop and tempo included. */
static void
test_clock (void)
{
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(AriettaPlayClock) clock = NULL;
  double frame;
  Rig rig;

  if (!have_soundfont ())
    return;

  piece = make_single (0, 8 * 480, 60);
  rig_init (&rig, piece, 0);
  clock = arietta_play_clock_new (rig.sequencer);
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_LOOP, .flag = TRUE, .a = 0, .b = 2 * BEAT });
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_PLAY });
  run_to (&rig, BEAT, 1);
  post (&rig, (AriettaCommand) { .kind = ARIETTA_COMMAND_TEMPO, .a = 0.5 });
  run_to (&rig, 5 * BEAT, 1);

  /* The ear is at the first beat, the sequencer far ahead. */
  g_assert_false (arietta_play_clock_advance (clock, BEAT + 100, 0));
  g_assert_true (arietta_play_clock_find (clock, 0.5 * BEAT, &frame));
  g_assert_cmpfloat_with_epsilon (frame, 0.5 * BEAT, 1);
  g_assert_true (arietta_play_clock_find (clock, BEAT + 90, &frame));
  g_assert_cmpfloat_with_epsilon (frame, BEAT + 45, 150);

  /* Half as fast from the first beat, so the loop's end is heard at the third. */
  arietta_play_clock_advance (clock, 4 * BEAT, 0);
  g_assert_true (arietta_play_clock_find (clock, 2 * BEAT, &frame));
  g_assert_cmpfloat_with_epsilon (frame, 1.5 * BEAT, 150);
  g_assert_true (arietta_play_clock_find (clock, 4 * BEAT, &frame));
  g_assert_cmpfloat_with_epsilon (frame, 0.5 * BEAT, 150);

  arietta_play_clock_reset (clock);
  g_assert_false (arietta_play_clock_find (clock, BEAT, &frame));
  arietta_sequencer_unref (rig.sequencer);
}

/* With a meter for each channel it sounds as without. */
static void
test_meters (void)
{
  g_autoptr(AriettaSynth) plain = NULL, metered = NULL;
  float a[2 * 640], b[2 * 640], worst = 0;

  if (!have_soundfont ())
    return;

  plain = arietta_synth_new (TEST_SOUNDFONT, NULL);
  metered = arietta_synth_new_with_meters (TEST_SOUNDFONT, NULL);
  for (guint block = 0; block < 40; block++)
    {
      if (block % 8 == 0)
        for (guint channel = 0; channel < 4; channel++)
          {
            arietta_synth_note_on (plain, channel, 48 + 5 * channel + block, 100);
            arietta_synth_note_on (metered, channel, 48 + 5 * channel + block, 100);
          }
      arietta_synth_render (plain, a, 640);
      arietta_synth_render (metered, b, 640);
      for (guint i = 0; i < G_N_ELEMENTS (a); i++)
        worst = MAX (worst, fabsf (a[i] - b[i]));
      g_assert_cmpfloat (arietta_synth_get_peak (metered, 0), >, 0);
      g_assert_cmpfloat (arietta_synth_get_peak (metered, 5), ==, 0);
      g_assert_cmpfloat (arietta_synth_get_peak (plain, 0), ==, 0);
    }
  g_assert_cmpfloat (worst, <, 1e-5f);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audio/live/count-in", test_count_in);
  g_test_add_func ("/audio/live/endless", test_endless);
  g_test_add_func ("/audio/live/keyboard", test_keyboard);
  g_test_add_func ("/audio/live/clock", test_clock);
  g_test_add_func ("/audio/live/meters", test_meters);
  return g_test_run ();
}
