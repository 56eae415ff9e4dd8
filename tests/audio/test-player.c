#include "player-fixtures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "audio/arietta-soundfont.h"
#include "base/arietta-error.h"

typedef struct
{
  int     n_ended;
  GError *error;
} Wait;

static void
ended_cb (AriettaPlayer *player,
          Wait          *wait)
{
  wait->n_ended++;
}

static void
failed_cb (AriettaPlayer *player,
           const GError  *error,
           Wait          *wait)
{
  g_clear_error (&wait->error);
  wait->error = g_error_copy (error);
}

static gint64
get_duration_ns (AriettaPlayer *player)
{
  gint64 duration_ns;

  g_object_get (player, "duration-ns", &duration_ns, NULL);
  return duration_ns;
}

static AriettaPlayer *
make_player (Wait *wait)
{
  AriettaPlayer *player = arietta_player_new ();

  g_signal_connect (player, "ended", G_CALLBACK (ended_cb), wait);
  g_signal_connect (player, "failed", G_CALLBACK (failed_cb), wait);
  g_assert_true (arietta_player_set_soundfont (player, TEST_SOUNDFONT, NULL));
  return player;
}

static void
finish (AriettaPlayer *player)
{
  g_object_add_weak_pointer (G_OBJECT (player), (gpointer *) &player);
  g_object_unref (player);
  g_assert_null (player);
}

/* With some of the environment changed for it alone. */
static void
run_subprocess (const char        *test,
                const char *const *names,
                const char *const *values,
                guint              n)
{
  char *kept[4] = { NULL };

  for (guint i = 0; i < n; i++)
    {
      kept[i] = g_strdup (g_getenv (names[i]));
      g_setenv (names[i], values[i], TRUE);
    }

  g_test_trap_subprocess (test, 0, 0);

  for (guint i = 0; i < n; i++)
    {
      if (kept[i] != NULL)
        g_setenv (names[i], kept[i], TRUE);
      else
        g_unsetenv (names[i]);
      g_free (kept[i]);
    }

  g_test_trap_assert_passed ();
}

static void
test_plays_to_the_end (void)
{
  g_autoptr(AriettaPiece) piece = NULL;
  Wait wait = { 0 };
  AriettaPlayer *player;
  gint64 began;
  gint64 position;
  gint64 before = -1;
  gint64 duration_ns;
  gboolean silent;

  if (!have_soundfont ())
    return;

  piece = make_single (0, 480, 60);
  player = make_player (&wait);
  arietta_player_set_piece (player, piece);
  arietta_player_play (player);
  g_assert_true (arietta_player_is_playing (player));
  g_object_get (player, "duration-ns", &duration_ns, NULL);
  g_assert_cmpint (duration_ns, ==, 500 * 1000 * 1000);

  began = g_get_monotonic_time ();
  WAIT_UNTIL (get_level (player) > 0);
  g_test_message ("first sound after %.1f ms, SoundFont and device included",
                  (g_get_monotonic_time () - began) / 1e3);

  while (arietta_player_is_playing (player))
    {
      g_main_context_iteration (NULL, TRUE);
      position = arietta_player_get_position (player);
      g_assert_cmpint (position, >=, before);
      g_assert_cmpint (position, <=, 480);
      before = position;
    }

  WAIT_UNTIL (wait.n_ended == 1);
  g_assert_cmpint (arietta_player_get_position (player), ==, 480);
  g_assert_no_error (wait.error);
  g_object_get (player, "silent", &silent, NULL);
  g_assert_true (silent);

  /* From the end it goes again from the start. */
  WAIT_UNTIL (get_level (player) == 0);
  began = g_get_monotonic_time ();
  arietta_player_play (player);
  WAIT_UNTIL (get_level (player) > 0);
  g_test_message ("first sound after %.1f ms, all loaded", (g_get_monotonic_time () - began) / 1e3);
  WAIT_UNTIL (wait.n_ended == 2);
  finish (player);
}

static void
test_transport (void)
{
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(AriettaPiece) longer = NULL;
  Wait wait = { 0 };
  AriettaPlayer *player;
  gint64 stopped_at;

  if (!have_soundfont ())
    return;

  piece = make_single (0, 48000, 60);
  longer = make_single (0, 96000, 60);
  player = make_player (&wait);

  /* Asked for before anything is loaded. */
  arietta_player_set_piece (player, piece);
  arietta_player_seek (player, 9600);
  g_assert_cmpint (arietta_player_get_position (player), ==, 9600);
  arietta_player_play (player);
  WAIT_UNTIL (arietta_player_get_position (player) > 9600 + 48);
  g_assert_cmpint (arietta_player_get_position (player), <, 9600 + 9600);

  arietta_player_seek (player, 24000);
  g_assert_cmpint (arietta_player_get_position (player), ==, 24000);
  WAIT_UNTIL (arietta_player_get_position (player) > 24000 + 48);

  arietta_player_set_piece (player, longer);
  g_assert_true (arietta_player_is_playing (player));
  WAIT_UNTIL (arietta_player_get_position (player) > 24000 + 240);

  arietta_player_stop (player);
  g_assert_false (arietta_player_is_playing (player));
  stopped_at = arietta_player_get_position (player);
  WAIT_UNTIL (get_level (player) == 0);
  g_assert_cmpint (arietta_player_get_position (player), ==, stopped_at);

  arietta_player_play (player);
  WAIT_UNTIL (arietta_player_get_position (player) > stopped_at);
  g_assert_cmpint (arietta_player_get_position (player), <, stopped_at + 4800);

  /* A loop, at four times the tempo, comes round. */
  arietta_player_set_loop_range (player, 0, 960);
  g_object_set (player, "loop", TRUE, "tempo-scale", 4.0, NULL);
  arietta_player_seek (player, 480);
  WAIT_UNTIL (arietta_player_get_position (player) < 480);
  WAIT_UNTIL (arietta_player_get_position (player) > 480);
  g_assert_cmpint (arietta_player_get_position (player), <=, 960);
  g_assert_cmpint (wait.n_ended, ==, 0);

  arietta_player_set_piece (player, NULL);
  g_assert_false (arietta_player_is_playing (player));
  g_assert_cmpint (arietta_player_get_position (player), ==, 0);
  g_assert_no_error (wait.error);
  finish (player);
}

static void
test_large_piece (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "many");
  Wait wait = { 0 };
  AriettaPlayer *player;

  if (!have_soundfont ())
    return;

  for (int i = 0; i < 30000; i++)
    add_note (track, i * 10, 10, 40 + i % 40, 0);
  arietta_piece_freeze (piece);

  /* Scheduled in a worker: seeking and playing wait for it, in order. */
  player = make_player (&wait);
  arietta_player_set_piece (player, piece);
  arietta_player_seek (player, 4800);
  arietta_player_play (player);
  WAIT_UNTIL (get_level (player) > 0);
  WAIT_UNTIL (arietta_player_get_position (player) > 4800);
  g_assert_cmpint (arietta_player_get_position (player), <, 2 * 4800);
  finish (player);
}

static void
test_key_while_stopped (void)
{
  Wait wait = { 0 };
  AriettaPlayer *player;

  if (!have_soundfont ())
    return;

  player = make_player (&wait);
  arietta_player_note_on (player, 60, 100, 0, FALSE);
  WAIT_UNTIL (get_level (player) > 0.01);
  arietta_player_note_off (player, 60);
  WAIT_UNTIL (get_level (player) == 0);
  g_assert_false (arietta_player_is_playing (player));
  finish (player);
}

/* The first half of a real one. */
static char *
write_cut_soundfont (void)
{
  g_autofree char *bytes = NULL;
  char *path;
  gsize n_bytes;
  int fd = g_file_open_tmp ("arietta-XXXXXX.sf2", &path, NULL);

  g_assert_true (g_file_get_contents (TEST_SOUNDFONT, &bytes, &n_bytes, NULL));
  g_assert_cmpint (write (fd, bytes, n_bytes / 2), ==, n_bytes / 2);
  close (fd);

  return path;
}

static void
test_bad_soundfont (void)
{
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  Wait wait = { 0 };
  AriettaPlayer *player;

  if (!have_soundfont ())
    return;

  piece = make_single (0, 480, 60);
  player = make_player (&wait);

  g_assert_false (arietta_player_set_soundfont (player, "/nowhere/at-all.sf2", &error));
  g_assert_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_SOUNDFONT);
  g_assert_cmpstr (arietta_error_get_file (error), ==, "/nowhere/at-all.sf2");

  /* Cut short: the earlier font plays. */
  path = write_cut_soundfont ();
  g_clear_error (&error);
  g_assert_false (arietta_player_set_soundfont (player, path, &error));
  g_assert_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_SOUNDFONT);
  remove (path);

  arietta_player_set_piece (player, piece);
  arietta_player_play (player);
  WAIT_UNTIL (get_level (player) > 0);
  g_assert_no_error (wait.error);
  finish (player);
}

static void
test_no_soundfont_subprocess (void)
{
  g_autoptr(AriettaPiece) piece = make_single (0, 480, 60);
  g_autoptr(GError) error = NULL;
  Wait wait = { 0 };
  AriettaPlayer *player = arietta_player_new ();

  g_assert_null (arietta_soundfont_find (NULL, &error));
  g_assert_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_SOUNDFONT);
  g_assert_nonnull (strstr (error->message, "timgm6mb-soundfont"));

  g_signal_connect (player, "failed", G_CALLBACK (failed_cb), &wait);
  arietta_player_set_piece (player, piece);
  arietta_player_play (player);
  WAIT_UNTIL (wait.error != NULL);
  g_assert_error (wait.error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_SOUNDFONT);
  g_assert_false (arietta_player_is_playing (player));
  g_clear_error (&wait.error);

  /* It is told each time it is asked for. */
  arietta_player_play (player);
  WAIT_UNTIL (wait.error != NULL);
  g_clear_error (&wait.error);
  finish (player);
}

/* The data directories are read once in a process. */
static void
test_no_soundfont (void)
{
  static const char *const names[] = { "XDG_DATA_DIRS", "XDG_DATA_HOME" };
  static const char *const values[] = { "/nowhere", "/nowhere" };

  run_subprocess ("/audio/player/no-soundfont/subprocess", names, values, G_N_ELEMENTS (names));
}

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          int        *n)
{
  (*n)++;
}

static gboolean
get_silent (AriettaPlayer *player)
{
  gboolean silent;

  g_object_get (player, "silent", &silent, NULL);
  return silent;
}

static void
test_broken_sink_subprocess (void)
{
  g_autoptr(AriettaPiece) piece = make_single (0, 48000, 60);
  Wait wait = { 0 };
  AriettaPlayer *player = make_player (&wait);
  int n_told = 0;
  gint64 position;

  g_signal_connect (player, "notify::silent", G_CALLBACK (count_cb), &n_told);
  arietta_player_set_piece (player, piece);
  arietta_player_play (player);

  /* It goes on, unheard. */
  WAIT_UNTIL (get_silent (player));
  g_assert_true (arietta_player_is_playing (player));
  position = arietta_player_get_position (player);
  WAIT_UNTIL (arietta_player_get_position (player) > position + 48);
  g_assert_cmpint (n_told, ==, 1);

  /* The device is back: it takes over where the piece is, without being asked. */
  g_setenv ("ARIETTA_AUDIO_SINK", "filesink location=/dev/null sync=true", TRUE);
  WAIT_UNTIL (!get_silent (player));
  position = arietta_player_get_position (player);
  g_assert_cmpint (position, >, 48);
  WAIT_UNTIL (arietta_player_get_position (player) > position + 48);
  g_assert_cmpint (arietta_player_get_position (player), <, position + 9600);
  g_assert_true (arietta_player_is_playing (player));
  g_assert_cmpint (n_told, ==, 2);
  g_assert_no_error (wait.error);
  finish (player);
}

static void
test_broken_sink (void)
{
  static const char *const sinks[] = {
    "nosuchsink",
    "filesink location=/nowhere/out",
    "identity error-after=40 ! fakesink sync=true",
    "identity error-after=40 ! filesink location=/dev/null sync=true",  /* pulled out while it plays */
  };

  if (!have_soundfont ())
    return;

  for (guint i = 0; i < G_N_ELEMENTS (sinks); i++)
    {
      const char *name = "ARIETTA_AUDIO_SINK";

      run_subprocess ("/audio/player/broken-sink/subprocess", &name, &sinks[i], 1);
    }
}

/* Without ARIETTA_AUDIO_SINK: what a machine without a sound device gets. */
static void
test_no_device_subprocess (void)
{
  g_autoptr(AriettaPiece) piece = make_single (0, 240, 60);
  Wait wait = { 0 };
  AriettaPlayer *player = make_player (&wait);

  arietta_player_set_piece (player, piece);
  arietta_player_play (player);
  WAIT_UNTIL (wait.n_ended == 1 || wait.error != NULL);
  g_assert_no_error (wait.error);
  finish (player);
}

static void
test_no_device (void)
{
  const char *name = "ARIETTA_AUDIO_SINK";
  const char *value = "";

  if (!have_soundfont ())
    return;

  run_subprocess ("/audio/player/no-device/subprocess", &name, &value, 1);
}

/* Half a second of a tone. */
static char *
write_tone (const char *ending)
{
  g_autofree char *name = g_strdup_printf ("arietta-XXXXXX%s", ending);
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  guint32 n_bytes = 22050 * 2;
  guint32 riff[11] = { 0x46464952, 36 + n_bytes, 0x45564157, 0x20746d66, 16, 0x00010001, 44100, 88200,
                       0x00100002, 0x61746164, n_bytes };
  char *path;
  int fd = g_file_open_tmp (name, &path, NULL);

  g_byte_array_append (bytes, (guint8 *) riff, sizeof riff);
  for (int i = 0; i < 22050; i++)
    {
      gint16 sample = 16000 * sin (i * 0.0627);

      g_byte_array_append (bytes, (guint8 *) &sample, 2);
    }
  g_assert_cmpint (write (fd, bytes->data, bytes->len), ==, bytes->len);
  close (fd);

  return path;
}

static void
test_sound_file (void)
{
  g_autofree char *path = write_tone (".wav");
  Wait wait = { 0 };
  AriettaPlayer *player = arietta_player_new ();
  gint64 position_ns;

  g_signal_connect (player, "ended", G_CALLBACK (ended_cb), &wait);
  g_signal_connect (player, "failed", G_CALLBACK (failed_cb), &wait);
  arietta_player_set_sound_file (player, path);
  arietta_player_play (player);
  WAIT_UNTIL (get_level (player) > 0.3);

  /* The length is known some moments after the first sound. */
  WAIT_UNTIL (get_duration_ns (player) > 0);
  g_assert_cmpint (get_duration_ns (player), ==, 500 * 1000 * 1000);
  WAIT_UNTIL (wait.n_ended == 1);
  g_assert_false (arietta_player_is_playing (player));

  arietta_player_seek_ns (player, 400 * 1000 * 1000);
  g_object_get (player, "position-ns", &position_ns, NULL);
  g_assert_cmpint (position_ns, ==, 400 * 1000 * 1000);
  arietta_player_play (player);
  WAIT_UNTIL (wait.n_ended == 2);
  g_assert_no_error (wait.error);

  arietta_player_set_sound_file (player, NULL);
  finish (player);
  remove (path);
}

static void
test_bad_sound_file (void)
{
  g_autofree char *path = NULL;
  Wait wait = { 0 };
  AriettaPlayer *player = arietta_player_new ();
  int fd = g_file_open_tmp ("arietta-XXXXXX.flac", &path, NULL);

  g_assert_cmpint (write (fd, "this is no music at all", 23), ==, 23);
  close (fd);

  g_signal_connect (player, "failed", G_CALLBACK (failed_cb), &wait);
  arietta_player_set_sound_file (player, path);
  arietta_player_play (player);
  WAIT_UNTIL (wait.error != NULL);
  g_assert_error (wait.error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_DECODE);
  g_assert_false (arietta_player_is_playing (player));
  g_clear_error (&wait.error);

  arietta_player_set_sound_file (player, "/nowhere/at-all.wav");
  WAIT_UNTIL (wait.error != NULL);
  g_assert_error (wait.error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_DECODE);
  g_clear_error (&wait.error);
  finish (player);
  remove (path);
}

/* How a piece is listened to, in words that go there and back. */
static void
test_heard (void)
{
  g_autoptr(AriettaPlayer) player = arietta_player_new ();
  g_autofree char *none = NULL, *some = NULL, *again = NULL, *nonsense = NULL;
  double scale;

  none = arietta_player_dup_heard (player);
  g_assert_cmpstr (none, ==, "");
  arietta_player_set_mute (player, 2, TRUE);
  arietta_player_set_solo (player, 0, TRUE);
  g_object_set (player, "tempo-scale", 0.75, NULL);
  some = arietta_player_dup_heard (player);
  g_assert_cmpstr (some, ==, "m2 s0 x75");

  arietta_player_set_heard (player, "");
  g_object_get (player, "tempo-scale", &scale, NULL);
  g_assert_cmpfloat (scale, ==, 1.0);
  g_assert_false (arietta_player_get_mute (player, 2));
  arietta_player_set_heard (player, some);
  again = arietta_player_dup_heard (player);
  g_assert_cmpstr (again, ==, some);

  arietta_player_set_heard (player, "m1 x9000 xx q7 s");
  nonsense = arietta_player_dup_heard (player);
  g_assert_cmpstr (nonsense, ==, "m1");
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("ARIETTA_AUDIO_SINK", "fakesink sync=true", FALSE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audio/player/plays-to-the-end", test_plays_to_the_end);
  g_test_add_func ("/audio/player/transport", test_transport);
  g_test_add_func ("/audio/player/heard", test_heard);
  g_test_add_func ("/audio/player/large-piece", test_large_piece);
  g_test_add_func ("/audio/player/key-while-stopped", test_key_while_stopped);
  g_test_add_func ("/audio/player/bad-soundfont", test_bad_soundfont);
  g_test_add_func ("/audio/player/no-soundfont", test_no_soundfont);
  g_test_add_func ("/audio/player/no-soundfont/subprocess", test_no_soundfont_subprocess);
  g_test_add_func ("/audio/player/broken-sink", test_broken_sink);
  g_test_add_func ("/audio/player/broken-sink/subprocess", test_broken_sink_subprocess);
  g_test_add_func ("/audio/player/no-device", test_no_device);
  g_test_add_func ("/audio/player/no-device/subprocess", test_no_device_subprocess);
  g_test_add_func ("/audio/player/sound-file", test_sound_file);
  g_test_add_func ("/audio/player/bad-sound-file", test_bad_sound_file);
  return g_test_run ();
}
