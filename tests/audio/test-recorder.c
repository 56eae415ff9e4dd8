/* A script in place of hands, a sink that only keeps time in place of a device. */
#include "player-fixtures.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audio/arietta-midi-script.h"
#include "audio/arietta-recorder.h"
#ifdef WITH_ALSA
#include "audio/arietta-midi-alsa.h"
#endif

typedef struct
{
  AriettaPlayer     *player;
  AriettaMidiScript *script;
  AriettaRecorder   *recorder;
  guint              n_finished;
  guint              n_wrapped;
} Studio;

static void
count_cb (guint *n)
{
  (*n)++;
}

static gboolean
set_up (Studio       *studio,
        AriettaPiece *piece)
{
  if (!have_soundfont ())
    return FALSE;

  *studio = (Studio) { .player = arietta_player_new (), .script = arietta_midi_script_new (NULL) };
  g_assert_true (arietta_player_set_soundfont (studio->player, TEST_SOUNDFONT, NULL));
  studio->recorder = arietta_recorder_new (studio->player, ARIETTA_MIDI_INPUT (studio->script));
  g_signal_connect_swapped (studio->recorder, "finished", G_CALLBACK (count_cb), &studio->n_finished);
  g_signal_connect_swapped (studio->recorder, "wrapped", G_CALLBACK (count_cb), &studio->n_wrapped);
  arietta_midi_script_plug (studio->script, "Grand");
  arietta_player_set_piece (studio->player, piece);
  return TRUE;
}

static void
tear_down (Studio *studio)
{
  g_object_add_weak_pointer (G_OBJECT (studio->recorder), (gpointer *) &studio->recorder);
  g_object_unref (studio->recorder);
  while (studio->recorder != NULL)
    g_main_context_iteration (NULL, FALSE);   /* a message may still be on its way */
  g_object_unref (studio->script);
  g_object_unref (studio->player);
}

/* Plays a key when the ear is at @ticks, and tells so only @late_us after: a busy main loop. */
static void
play_at (Studio *studio,
         gint64  ticks,
         guint8  status,
         guint8  pitch)
{
  gint64 now;

  do
    {
      g_main_context_iteration (NULL, FALSE);
      if (!arietta_player_find_ticks (studio->player, g_get_monotonic_time (), &now))
        now = G_MININT64;
    }
  while (now < ticks);
  arietta_midi_script_send (studio->script, 0, status, pitch, 100);
  /* Whatever the main loop does meanwhile, the moment was that one. */
  g_usleep (60 * 1000);
}

static void
test_counted (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480), after = NULL;
  AriettaRecordingSettings settings = { 0 };
  const AriettaNote *notes;
  Studio studio;
  guint n, count = 0, highest = 0;

  /* An empty piece: it goes on all the same. */
  arietta_piece_add_track (piece, "");
  arietta_piece_set_tempo (piece, 0, 250000);
  arietta_piece_freeze (piece);
  if (!set_up (&studio, piece))
    return;

  g_assert_true (arietta_recorder_start (studio.recorder, 1));
  g_assert_true (arietta_player_is_playing (studio.player));
  do
    {
      g_main_context_iteration (NULL, TRUE);
      g_object_get (studio.player, "count", &count, NULL);
      highest = MAX (highest, count);
      g_assert_cmpint (arietta_player_get_position (studio.player), <, 480);
    }
  while (highest == 0 || count > 0);
  g_assert_cmpuint (highest, ==, 4);

  for (int beat = 1; beat < 5; beat++)
    {
      play_at (&studio, beat * 480, 0x90, (guint8) (60 + beat));
      play_at (&studio, beat * 480 + 240, 0x80, (guint8) (60 + beat));
    }
  arietta_player_stop (studio.player);
  g_assert_cmpuint (studio.n_finished, ==, 1);
  g_assert_false (arietta_recorder_is_recording (studio.recorder));

  arietta_recorder_get_span (studio.recorder, &settings.start_ticks, &settings.end_ticks);
  g_assert_cmpint (settings.start_ticks, ==, 0);
  g_assert_cmpint (settings.end_ticks, >=, 4 * 480 + 240);
  after = arietta_recording_apply (arietta_recorder_get_recording (studio.recorder), piece, 0, &settings, NULL);
  notes = arietta_track_get_notes (arietta_piece_get_track (after, 0), &n);
  g_assert_cmpuint (n, ==, 4);
  for (guint i = 0; i < n; i++)
    {
      g_test_message ("beat %u: %+d ticks", i + 1, (int) (notes[i].onset_ticks - (i + 1) * 480));
      /* 60 ms late would be 115 ticks here.  It cannot be early; a busy machine may be late to play. */
      g_assert_cmpint (notes[i].onset_ticks, >=, (i + 1) * 480 - 2);
      g_assert_cmpint (notes[i].onset_ticks, <, (i + 1) * 480 + 240);
    }
  tear_down (&studio);
}

static void
test_loop (void)
{
  g_autoptr(AriettaPiece) piece = make_single (0, 8 * 480, 40);
  Studio studio;
  gint64 start, end;

  if (!set_up (&studio, piece))
    return;

  arietta_player_set_loop_range (studio.player, 480, 3 * 480);
  g_object_set (studio.player, "loop", TRUE, "tempo-scale", 2.0, NULL);
  arietta_player_seek (studio.player, 480);
  g_assert_true (arietta_recorder_start (studio.recorder, 0));
  play_at (&studio, 2 * 480, 0x90, 70);
  WAIT_UNTIL (studio.n_wrapped == 1);
  /* Held over the end of the loop: over. */
  g_assert_cmpuint (arietta_recording_get_n_notes (arietta_recorder_get_recording (studio.recorder)), ==, 1);
  play_at (&studio, 480 + 240, 0x90, 72);
  arietta_recorder_stop (studio.recorder);
  g_assert_true (arietta_player_is_playing (studio.player));
  arietta_recorder_get_span (studio.recorder, &start, &end);
  g_assert_cmpint (start, ==, 480);
  g_assert_cmpint (end, ==, 3 * 480);
  g_assert_cmpuint (studio.n_finished, ==, 1);
  arietta_player_stop (studio.player);
  g_assert_cmpuint (studio.n_finished, ==, 1);
  tear_down (&studio);
}

/* Heard though nothing plays; pulled out while a key is down, it falls silent; another one is not listened to. */
static void
test_devices (void)
{
  g_autoptr(AriettaPiece) piece = make_single (0, 480, 40);
  guint n_changes = 0;
  Studio studio;
  GStrv devices;

  if (!set_up (&studio, piece))
    return;

  g_signal_connect_swapped (studio.script, "devices-changed", G_CALLBACK (count_cb), &n_changes);
  arietta_midi_script_send (studio.script, 0, 0x90, 60, 100);
  WAIT_UNTIL (get_level (studio.player) > 0.005);
  arietta_midi_script_unplug (studio.script, "Grand");
  WAIT_UNTIL (get_level (studio.player) == 0);
  g_assert_cmpuint (n_changes, ==, 1);
  arietta_midi_script_send (studio.script, 0, 0x90, 60, 100);

  arietta_midi_input_choose (ARIETTA_MIDI_INPUT (studio.script), "Grand");
  arietta_midi_script_plug (studio.script, "Toy");
  devices = arietta_midi_input_dup_devices (ARIETTA_MIDI_INPUT (studio.script));
  g_assert_cmpstrv (devices, ((const char * const []) { "Toy", NULL }));
  g_strfreev (devices);
  arietta_midi_script_send (studio.script, 0, 0x90, 60, 100);
  g_assert_cmpfloat (get_level (studio.player), ==, 0);

  arietta_midi_input_choose (ARIETTA_MIDI_INPUT (studio.script), NULL);
  arietta_midi_script_send (studio.script, 0, 0x90, 60, 100);
  WAIT_UNTIL (get_level (studio.player) > 0.005);
  tear_down (&studio);
}

static void
heard_cb (AriettaRecorder *recorder,
          guint            status,
          guint            data1,
          guint            data2,
          guint           *sum)
{
  *sum += status + data1 + data2;
}

/* Lines through a pipe, in pieces, with nonsense between. */
static void
test_script (void)
{
  g_autofree char *folder = g_dir_make_tmp ("arietta-midi-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "keys", NULL);
  static const char text[] = "plug Toy\non 60 10\nwhat\non 61\nof", rest[] = "f 60\n";
  AriettaPlayer *player;
  AriettaMidiInput *input;
  AriettaRecorder *recorder;
  guint sum = 0;
  FILE *pipe;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_setenv ("ARIETTA_MIDI_SCRIPT", path, TRUE);
  input = arietta_midi_input_new_system ();
  g_unsetenv ("ARIETTA_MIDI_SCRIPT");
  player = arietta_player_new ();
  recorder = arietta_recorder_new (player, input);
  g_signal_connect (recorder, "heard", G_CALLBACK (heard_cb), &sum);

  pipe = fopen (path, "w");
  fwrite (text, 1, sizeof text - 1, pipe);
  fflush (pipe);
  WAIT_UNTIL (sum == 0x90 + 60 + 10);
  fwrite (rest, 1, sizeof rest - 1, pipe);
  fclose (pipe);
  WAIT_UNTIL (sum == 0x90 + 60 + 10 + 0x80 + 60 + 64);

  g_object_unref (recorder);
  g_object_unref (player);
  g_object_unref (input);
  g_unlink (path);
  g_rmdir (folder);
}

#ifdef WITH_ALSA
static void
test_alsa_events (void)
{
  snd_seq_event_t event = { .type = SND_SEQ_EVENT_NOTEON };
  AriettaMidiMessage message = { 0 };

  event.data.note = (snd_seq_ev_note_t) { .channel = 3, .note = 60, .velocity = 99 };
  g_assert_true (arietta_midi_alsa_translate (&event, &message));
  g_assert_cmpint (message.status, ==, 0x93);
  g_assert_cmpint (message.data1, ==, 60);
  g_assert_cmpint (message.data2, ==, 99);

  event.type = SND_SEQ_EVENT_PITCHBEND;
  event.data.control = (snd_seq_ev_ctrl_t) { .channel = 1, .value = 8191 };
  g_assert_true (arietta_midi_alsa_translate (&event, &message));
  g_assert_cmpint (message.status, ==, 0xE1);
  g_assert_cmpint (message.data1 + 128 * message.data2, ==, 16383);
  event.data.control.value = -90000;
  g_assert_true (arietta_midi_alsa_translate (&event, &message));
  g_assert_cmpint (message.data1 + 128 * message.data2, ==, 0);

  event.type = SND_SEQ_EVENT_CLOCK;
  g_assert_false (arietta_midi_alsa_translate (&event, &message));
}

/* Whether or not there is a sequencer here: it comes, says what there is, and goes. */
static void
test_alsa_life (void)
{
  AriettaMidiAlsa *alsa = arietta_midi_alsa_new ();
  GStrv devices = arietta_midi_input_dup_devices (ARIETTA_MIDI_INPUT (alsa));

  g_assert_nonnull (devices);
  g_strfreev (devices);
  g_object_add_weak_pointer (G_OBJECT (alsa), (gpointer *) &alsa);
  g_object_unref (alsa);
  g_assert_null (alsa);
}
#endif

int
main (int   argc,
      char *argv[])
{
  g_setenv ("ARIETTA_AUDIO_SINK", "fakesink sync=true", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audio/recorder/counted", test_counted);
  g_test_add_func ("/audio/recorder/loop", test_loop);
  g_test_add_func ("/audio/recorder/devices", test_devices);
  g_test_add_func ("/audio/recorder/script", test_script);
#ifdef WITH_ALSA
  g_test_add_func ("/audio/recorder/alsa-events", test_alsa_events);
  g_test_add_func ("/audio/recorder/alsa-life", test_alsa_life);
#endif
  return g_test_run ();
}
