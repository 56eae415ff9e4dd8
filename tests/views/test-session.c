/* What is on the stand, how it gets there, and what is kept of listening. */
#include "config.h"

#include "../test-folder.h"

#include "views/arietta-load.h"
#include "views/arietta-session.h"

typedef struct
{
  char           *folder;
  GSettings      *settings;
  AriettaSession *session;
  gint64          takes[2];
  guint           n_failed;
} Fixture;

static AriettaPiece *
make_piece (int pitch)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "Melody");

  for (int i = 0; i < 8; i++)
    {
      AriettaNote note = {
        .onset_ticks = i * 480, .duration_ticks = 480, .pitch = (guint8) (pitch + i),
        .velocity = 90, .off_velocity = 64,
      };

      arietta_track_add_note (track, &note);
    }
  arietta_piece_set_title (piece, "Eight Steps");
  return arietta_piece_freeze (piece);
}

static gint64
add_take (AriettaLibrary *library,
          const char     *title,
          int             pitch)
{
  AriettaTake take = { .title = (char *) title, .model = (char *) "none",
                       .model_hash = (char *) "", .settings = (char *) "{}", .style = (char *) "" };
  g_autoptr(AriettaPiece) piece = make_piece (pitch);
  g_autoptr(GError) error = NULL;

  arietta_library_add_take (library, &take, piece, &error);
  g_assert_no_error (error);
  return take.id;
}

static void
failed_cb (Fixture *fixture)
{
  fixture->n_failed++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  AriettaLibrary *library;

  fixture->folder = g_dir_make_tmp ("arietta-session-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->settings = g_settings_new (ARIETTA_APPLICATION_ID);
  g_settings_set_string (fixture->settings, "data-folder", fixture->folder);
  fixture->session = arietta_session_new (fixture->settings, &error);
  g_assert_no_error (error);

  library = arietta_session_get_library (fixture->session);
  fixture->takes[0] = add_take (library, "First", 60);
  fixture->takes[1] = add_take (library, "Second", 48);
  g_signal_connect_swapped (fixture->session, "failed", G_CALLBACK (failed_cb), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_run_dispose (G_OBJECT (fixture->session));
  g_assert_finalize_object (fixture->session);
  g_settings_reset (fixture->settings, "data-folder");
  g_object_unref (fixture->settings);
  test_folder_delete (fixture->folder);
  g_free (fixture->folder);
}

static void
test_piece (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = make_piece (60);

  g_assert_true (arietta_session_is_empty (fixture->session));
  arietta_session_toggle (fixture->session);
  g_assert_false (arietta_player_is_playing (arietta_session_get_player (fixture->session)));

  arietta_session_play_piece (fixture->session, piece, NULL, FALSE);
  g_assert_false (arietta_session_is_empty (fixture->session));
  g_assert_true (arietta_session_get_piece (fixture->session) == piece);
  g_assert_cmpstr (arietta_session_get_title (fixture->session), ==, "Eight Steps");
  g_assert_cmpint (arietta_session_get_take_id (fixture->session), ==, 0);
}

/* Two beats and a half of rest: heard at once it begins with the beat in which the first note is, shown it stands at the
 * beginning. */
static void
test_upbeat (Fixture       *fixture,
             gconstpointer  data)
{
  AriettaPlayer *player = arietta_session_get_player (fixture->session);

  for (int play = 0; play < 2; play++)
    {
      g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
      AriettaTrack *late = arietta_piece_add_track (piece, "Late"), *early = arietta_piece_add_track (piece, "Early");
      AriettaNote note = { .onset_ticks = 4 * 480, .duration_ticks = 480, .pitch = 60, .velocity = 90, .off_velocity = 64 };

      arietta_track_add_note (late, &note);
      note.onset_ticks = 2 * 480 + 240;
      arietta_track_add_note (early, &note);
      arietta_piece_freeze (piece);
      arietta_session_play_piece (fixture->session, piece, "Upbeat", play);
      arietta_player_stop (player);
      g_assert_cmpint (arietta_player_get_position (player), ==, play ? 2 * 480 : 0);
    }
}

static void
test_last_request_wins (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(AriettaPiece) second = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *shown = NULL;

  arietta_session_play_take (fixture->session, fixture->takes[0], "First", FALSE);
  arietta_session_play_take (fixture->session, fixture->takes[1], "Second", FALSE);
  while (arietta_session_get_take_id (fixture->session) == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpint (arietta_session_get_take_id (fixture->session), ==, fixture->takes[1]);
  g_assert_cmpstr (arietta_session_get_title (fixture->session), ==, "Second");

  second = make_piece (48);
  expected = arietta_piece_dup_digest (second);
  shown = arietta_piece_dup_digest (arietta_session_get_piece (fixture->session));
  g_assert_cmpstr (shown, ==, expected);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

static void
test_missing_take (Fixture       *fixture,
                   gconstpointer  data)
{
  arietta_session_play_take (fixture->session, 4711, "Gone", TRUE);
  while (fixture->n_failed == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_true (arietta_session_is_empty (fixture->session));
}

/* ---- arietta_load_async () ---- */

static guint n_freed;   /* atomic: a worker may be the last to let a result go */

static void
free_counted (gpointer data)
{
  g_free (data);
  g_atomic_int_inc (&n_freed);
  g_main_context_wakeup (NULL);
}

static gpointer
make_result (gpointer   data,
             GError   **error)
{
  return g_strdup ("result");
}

static void
never_cb (gpointer      owner,
          gpointer      result,
          const GError *error)
{
  g_assert_not_reached ();
}

static void
counted_cb (gpointer      owner,
            gpointer      result,
            const GError *error)
{
  g_assert_cmpstr (result, ==, "result");
  g_assert_null (error);
  g_object_set_data (owner, "answered", GINT_TO_POINTER (1));
  g_free (result);
}

static void
test_load (void)
{
  g_autoptr(GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  GObject *gone = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr(GCancellable) cancelled = g_cancellable_new ();

  g_atomic_int_set (&n_freed, 0);
  arietta_load_async (gone, NULL, make_result, NULL, NULL, free_counted, never_cb);
  g_object_unref (gone);
  arietta_load_async (owner, cancelled, make_result, NULL, NULL, free_counted, never_cb);
  g_cancellable_cancel (cancelled);
  arietta_load_async (owner, NULL, make_result, NULL, NULL, free_counted, counted_cb);

  while (g_atomic_int_get (&n_freed) < 2 || g_object_get_data (owner, "answered") == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_atomic_int_get (&n_freed), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("ARIETTA_AUDIO_SINK", "fakesink sync=true", FALSE);
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/views/session/piece", test_piece);
  ADD ("/views/session/upbeat", test_upbeat);
  ADD ("/views/session/last-request-wins", test_last_request_wins);
  ADD ("/views/session/missing-take", test_missing_take);
#undef ADD
  g_test_add_func ("/views/load", test_load);

  return g_test_run ();
}
