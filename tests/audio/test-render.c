#include "../test-folder.h"
#include "audio-fixtures.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audio/arietta-loudness.h"
#include "audio/arietta-render.h"
#include "audio/arietta-render-shares.h"
#include "audio/arietta-sound-file.h"
#include "base/arietta-error.h"
#include "math/arietta-pool.h"

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("arietta-render-XXXXXX", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  test_folder_delete (fixture->folder);
  g_free (fixture->folder);
}

static guint32
u32_at (const char *bytes,
        gsize       at)
{
  const guint8 *b = (const guint8 *) bytes + at;

  return b[0] | b[1] << 8 | b[2] << 16 | (guint32) b[3] << 24;
}

static void
test_wav (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "a.wav", NULL);
  g_autofree char *bytes = NULL;
  AriettaRenderResult result;
  const gint16 *samples;
  guint64 n_frames;
  gsize n_bytes;
  guint64 first = 0;
  int peak = 0;

  if (!have_soundfont ())
    return;

  piece = make_single (960, 480, 72);  /* from 1 s to 1.5 s */
  g_assert_true (arietta_render_file (piece, path, TEST_SOUNDFONT, NULL, NULL, NULL, NULL, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_folder_count (fixture->folder), ==, 1);
  g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));

  /* The plain header, field by field. */
  g_assert_cmpmem (bytes, 4, "RIFF", 4);
  g_assert_cmpuint (u32_at (bytes, 4), ==, n_bytes - 8);
  g_assert_cmpmem (bytes + 8, 8, "WAVEfmt ", 8);
  g_assert_cmpuint (u32_at (bytes, 16), ==, 16);
  g_assert_cmpuint (u32_at (bytes, 20), ==, 0x00020001);
  g_assert_cmpuint (u32_at (bytes, 24), ==, 44100);
  g_assert_cmpuint (u32_at (bytes, 28), ==, 176400);
  g_assert_cmpuint (u32_at (bytes, 32), ==, 0x00100004);
  g_assert_cmpmem (bytes + 36, 4, "data", 4);
  g_assert_cmpuint (u32_at (bytes, 40), ==, n_bytes - 44);

  n_frames = (n_bytes - 44) / 4;
  samples = (const gint16 *) (gpointer) (bytes + 44);
  for (guint64 i = 0; i < 2 * n_frames; i++)
    {
      if (first == 0 && samples[i] != 0)
        first = i / 2;
      peak = MAX (peak, ABS (samples[i]));
    }
  g_assert_cmpuint (first, >=, 44100);
  g_assert_cmpuint (first, <=, 44100 + 64);
  g_assert_cmpfloat_with_epsilon (result.peak_db, 20 * log10 (peak / 32767.0), 0.01);
  g_assert_cmpfloat_with_epsilon (result.seconds, n_frames / 44100.0, 1e-9);
  g_assert_cmpfloat (result.seconds, >, 1.5);
  g_assert_cmpfloat (result.seconds, <=, 3.6);
  g_assert_cmpfloat (result.lufs, <, result.peak_db);
  g_assert_cmpfloat (result.lufs, >, -60);
  g_assert_cmpint (ABS (samples[2 * n_frames - 1]), <=, 3);
}

static void
test_same_bytes (Fixture       *fixture,
                 gconstpointer  data)
{
  static const char *const endings[] = { ".wav", ".flac" };
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);

  if (!have_soundfont ())
    return;

  for (int t = 0; t < 3; t++)
    {
      AriettaTrack *track = arietta_piece_add_track (piece, "t");

      for (int i = 0; i < 12; i++)
        add_note (track, i * 240, 200 + t * 50, 40 + t * 12 + i, t == 2 ? 9 : t);
    }
  arietta_piece_freeze (piece);

  for (guint e = 0; e < G_N_ELEMENTS (endings); e++)
    {
      g_autofree char *bytes[2] = { NULL, NULL };
      gsize n_bytes[2];

      for (guint i = 0; i < 2; i++)
        {
          g_autofree char *name = g_strdup_printf ("%u%s", i, endings[e]);
          g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
          g_autoptr(GError) error = NULL;

          if (!arietta_render_can_write (path, NULL))
            {
              g_test_skip ("no encoder");
              return;
            }
          arietta_render_file (piece, path, TEST_SOUNDFONT, NULL, NULL, NULL, NULL, NULL, &error);
          g_assert_no_error (error);
          g_assert_true (g_file_get_contents (path, &bytes[i], &n_bytes[i], NULL));
        }
      g_assert_cmpmem (bytes[0], n_bytes[0], bytes[1], n_bytes[1]);
      g_free (bytes[1]);
    }
}

static void
test_flac (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(GHashTable) tags = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "a.FLAC", NULL);
  g_autofree char *bytes = NULL;
  g_auto(AriettaSoundInfo) info = { 0 };
  AriettaRenderResult result;
  gsize n_bytes;

  if (!have_soundfont ())
    return;
  if (!arietta_render_can_write (path, NULL))
    {
      g_test_skip ("flacenc is not installed");
      return;
    }

  piece = make_single (0, 960, 60);
  g_hash_table_insert (tags, "title", "Étude");
  g_hash_table_insert (tags, "comment", "made with seed 7");
  arietta_render_file (piece, path, TEST_SOUNDFONT, tags, NULL, NULL, NULL, &result, &error);
  g_assert_no_error (error);

  g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
  g_assert_cmpmem (bytes, 4, "fLaC", 4);
  g_assert_nonnull (memmem (bytes, n_bytes, "made with seed 7", 16));

  arietta_sound_file_probe (path, &info, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (info.seconds, result.seconds, 0.01);
  g_assert_cmpint (info.sample_rate, ==, 44100);
  g_assert_cmpint (info.channels, ==, 2);
  g_assert_cmpstr (info.title, ==, "Étude");
  g_assert_nonnull (strstr (info.codec, "FLAC"));
}

/* Lossy formats: as long as the piece, with its tags, in a container of their own. */
static void
test_lossy (Fixture       *fixture,
            gconstpointer  data)
{
  static const struct
  {
    const char *name, *codec;
  } files[] = { { "a.ogg", "Vorbis" }, { "a.opus", "Opus" }, { "a.mp3", "MPEG" } };
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(GHashTable) tags = g_hash_table_new (g_str_hash, g_str_equal);

  if (!have_soundfont ())
    return;

  piece = make_single (0, 960, 60);
  g_hash_table_insert (tags, "title", "Étude");
  g_hash_table_insert (tags, "comment", "made with seed 7");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, files[i].name, NULL);
      g_autofree char *bytes = NULL;
      g_auto(AriettaSoundInfo) info = { 0 };
      g_autoptr(GError) error = NULL;
      AriettaRenderResult result;
      gsize n_bytes;

      if (!arietta_render_can_write (path, &error))
        {
          g_test_message ("%s", error->message);
          continue;
        }
      arietta_render_file (piece, path, TEST_SOUNDFONT, tags, NULL, NULL, NULL, &result, &error);
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
      g_assert_nonnull (memmem (bytes, n_bytes, "made with seed 7", 16));
      arietta_sound_file_probe (path, &info, &error);
      g_assert_no_error (error);
      g_assert_cmpfloat_with_epsilon (info.seconds, result.seconds, 0.1);
      g_assert_cmpint (info.channels, ==, 2);
      g_assert_cmpstr (info.title, ==, "Étude");
      g_assert_nonnull (strstr (info.codec, files[i].codec));
    }
}

static void
test_empty_piece (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_freeze (arietta_piece_new (480));
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "a.wav", NULL);
  AriettaRenderResult result;

  if (!have_soundfont ())
    return;

  arietta_render_file (piece, path, TEST_SOUNDFONT, NULL, NULL, NULL, NULL, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (result.peak_db, ==, ARIETTA_SILENCE_DB);
  g_assert_cmpfloat (result.lufs, ==, ARIETTA_SILENCE_DB);
  g_assert_cmpfloat (result.seconds, <, 0.2);
}

static gboolean
progress_cb (double   fraction,
             gpointer user_data)
{
  double *last = user_data;

  g_assert_cmpfloat (fraction, >=, *last);
  g_assert_cmpfloat (fraction, <=, 1);
  *last = fraction;
  return fraction < 0.5;
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  static const char *const names[] = { "a.wav", "a.flac" };
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  if (!have_soundfont ())
    return;

  piece = make_single (0, 9600, 60);
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);
      g_autoptr(GError) error = NULL;
      double last = 0;

      if (!arietta_render_can_write (path, NULL))
        continue;
      g_assert_true (g_file_set_contents (path, "old", 3, NULL));

      g_assert_false (arietta_render_file (piece, path, TEST_SOUNDFONT, NULL, progress_cb, &last, NULL, NULL, &error));
      g_assert_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_CANCELLED);
      g_assert_cmpfloat_with_epsilon (last, 0.5, 0.01);

      g_clear_error (&error);
      g_assert_false (arietta_render_file (piece, path, TEST_SOUNDFONT, NULL, NULL, NULL, cancellable, NULL, &error));
      g_assert_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_CANCELLED);

      /* The old file is still there, alone and whole. */
      g_assert_cmpuint (test_folder_count (fixture->folder), ==, 1);
      {
        g_autofree char *bytes = NULL;

        g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
        g_assert_cmpstr (bytes, ==, "old");
      }
      g_unlink (path);
    }
}

static void
test_bad_places (Fixture       *fixture,
                 gconstpointer  data)
{
  static const struct
  {
    const char *path;      /* in the fixture's folder unless absolute */
    int         code;
    const char *words;
  } cases[] = {
    { "/nowhere/at/all/a.wav", ARIETTA_AUDIO_ERROR_IO, "/nowhere/at/all" },
    { "/proc/a.flac", ARIETTA_AUDIO_ERROR_IO, "“/proc” cannot" },
    { "a.xyz", ARIETTA_AUDIO_ERROR_NO_ENCODER, ".flac" },
    { "no-ending", ARIETTA_AUDIO_ERROR_NO_ENCODER, ".wav" },
    { "folder.wav", ARIETTA_AUDIO_ERROR_IO, "folder.wav" },
  };
  g_autofree char *folder = g_build_filename (fixture->folder, "folder.wav", NULL);
  g_autoptr(AriettaPiece) piece = make_single (0, 480, 60);

  if (!have_soundfont ())
    return;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_path_is_absolute (cases[i].path)
                                ? g_strdup (cases[i].path)
                                : g_build_filename (fixture->folder, cases[i].path, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_false (arietta_render_file (piece, path, TEST_SOUNDFONT, NULL, NULL, NULL, NULL, NULL, &error));
      g_assert_error (error, ARIETTA_AUDIO_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].words));
      g_assert_cmpstr (arietta_error_get_file (error), ==, path);
      g_assert_cmpuint (test_folder_count (fixture->folder), ==, 1);
    }
  g_rmdir (folder);
}

static void
test_bad_soundfont (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = make_single (0, 480, 60);
  g_autofree char *path = g_build_filename (fixture->folder, "a.wav", NULL);
  g_autofree char *font = g_build_filename (fixture->folder, "a.sf2", NULL);
  g_autoptr(GError) error = NULL;
  g_auto(AriettaSoundInfo) info = { 0 };

  if (!have_soundfont ())
    return;

  g_assert_true (g_file_set_contents (font, "no font", 7, NULL));
  g_assert_false (arietta_render_file (piece, path, font, NULL, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_SOUNDFONT);
  g_assert_cmpstr (arietta_error_get_file (error), ==, font);
  g_assert_cmpuint (test_folder_count (fixture->folder), ==, 1);
  g_clear_error (&error);

  g_assert_false (arietta_sound_file_probe (font, &info, &error));
  g_assert_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_DECODE);
}

/* A disk that is full, as near as a process can come: writing stops after 100,000 bytes. */
static void
test_full_subprocess (void)
{
  g_autoptr(AriettaPiece) piece = make_single (0, 9600, 60);
  const char *path = g_getenv ("ARIETTA_TEST_PATH");
  g_autoptr(GError) error = NULL;
  struct rlimit limit;

  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &limit);
  limit.rlim_cur = 100000;
  setrlimit (RLIMIT_FSIZE, &limit);

  g_assert_false (arietta_render_file (piece, path, TEST_SOUNDFONT, NULL, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_IO);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_full (Fixture       *fixture,
           gconstpointer  data)
{
  static const char *const names[] = { "a.wav", "a.flac" };

  if (!have_soundfont ())
    return;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);

      if (!arietta_render_can_write (path, NULL))
        continue;
      g_setenv ("ARIETTA_TEST_PATH", path, TRUE);
      g_test_trap_subprocess ("/audio/render/full/subprocess", 0, 0);
      g_test_trap_assert_passed ();
      g_assert_cmpuint (test_folder_count (fixture->folder), ==, 0);
    }
}

static void
test_probe_wav (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = make_single (0, 480, 60);
  g_autofree char *path = g_build_filename (fixture->folder, "a #1.wav", NULL);
  g_autoptr(GError) error = NULL;
  g_auto(AriettaSoundInfo) info = { 0 };
  AriettaRenderResult result;

  if (!have_soundfont ())
    return;

  arietta_render_file (piece, path, TEST_SOUNDFONT, NULL, NULL, NULL, NULL, &result, &error);
  g_assert_no_error (error);
  arietta_sound_file_probe (path, &info, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (info.seconds, result.seconds, 0.001);
  g_assert_cmpint (info.channels, ==, 2);
  g_assert_null (info.title);
}

/* The channels are dealt out over several synthesisers; who renders them does not show. */
static void
test_threads (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  g_autofree char *path = g_build_filename (fixture->folder, "a.wav", NULL);
  g_autoptr(GError) error = NULL;
  const int n_threads = arietta_pool_get_threads ();
  char *bytes[2];
  gsize n[2];

  if (!have_soundfont ())
    return;

  for (guint t = 0; t < 5; t++)
    {
      AriettaTrack *track = arietta_piece_add_track (piece, "");

      for (guint i = 0; i < 12; i++)
        add_note (track, i * 240 + t * 60, 300, 40 + (i * 7 + t * 5) % 40, t == 4 ? 9 : t);
    }
  arietta_piece_freeze (piece);

  for (guint i = 0; i < 2; i++)
    {
      AriettaRenderResult result;

      arietta_pool_set_threads (i + 1);
      g_assert_true (arietta_render_file (piece, path, TEST_SOUNDFONT, NULL, NULL, NULL, NULL, &result, &error));
      g_assert_no_error (error);
      g_assert_cmpfloat (result.peak_db, >, -40);
      g_assert_true (g_file_get_contents (path, &bytes[i], &n[i], NULL));
    }
  arietta_pool_set_threads (n_threads);

  g_assert_cmpmem (bytes[0], n[0], bytes[1], n[1]);
  g_free (bytes[0]);
  g_free (bytes[1]);
}

/* What the shares play together is what one synthesiser plays, but for rounding. */
static void
test_shares (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  g_autoptr(AriettaRenderShares) shares = NULL;
  g_autoptr(AriettaSequencer) one = arietta_sequencer_new ();
  AriettaCommand commands[] = {
    { .kind = ARIETTA_COMMAND_SYNTH }, { .kind = ARIETTA_COMMAND_SCHEDULE }, { .kind = ARIETTA_COMMAND_PLAY },
  };
  float out[2 * ARIETTA_RENDER_CHUNK_FRAMES];
  double sum = 0, difference = 0;

  if (!have_soundfont ())
    return;

  /* All begin at 0: a synthesiser that slept begins its blocks of 64 frames where it is woken. */
  for (guint t = 0; t < 4; t++)
    add_note (arietta_piece_add_track (piece, ""), 0, 960, 48 + 4 * t, t);
  arietta_piece_freeze (piece);

  shares = arietta_render_shares_new (piece, TEST_SOUNDFONT, NULL);
  g_assert_nonnull (shares);
  commands[0].pointer = arietta_synth_new (TEST_SOUNDFONT, NULL);
  commands[1].pointer = arietta_schedule_new (piece);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_assert_true (arietta_sequencer_post (one, &commands[i]));

  for (guint i = 0; i < 60; i++)
    {
      gboolean playing;
      const float *dealt = arietta_render_shares_next (shares, &playing);

      arietta_sequencer_render (one, out, ARIETTA_RENDER_CHUNK_FRAMES, i * ARIETTA_RENDER_CHUNK_FRAMES);
      g_assert_true (playing == arietta_sequencer_is_playing (one));
      for (guint k = 0; k < G_N_ELEMENTS (out); k++)
        {
          sum += (double) out[k] * out[k];
          difference += pow ((double) out[k] - dealt[k], 2);
        }
    }
  g_assert_cmpfloat (sum, >, 0.1);
  g_assert_cmpfloat (10 * log10 (difference / sum + 1e-30), <, -80);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/audio/render/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("wav", test_wav);
  ADD ("same-bytes", test_same_bytes);
  ADD ("flac", test_flac);
  ADD ("lossy", test_lossy);
  ADD ("empty-piece", test_empty_piece);
  ADD ("cancel", test_cancel);
  ADD ("bad-places", test_bad_places);
  ADD ("bad-soundfont", test_bad_soundfont);
  ADD ("full", test_full);
  ADD ("probe-wav", test_probe_wav);
  g_test_add ("/audio/render/threads", Fixture, NULL, set_up, test_threads, tear_down);
  g_test_add_func ("/audio/render/shares", test_shares);
  g_test_add_func ("/audio/render/full/subprocess", test_full_subprocess);
  return g_test_run ();
}
