/* Copies are watched for while a model learns. */
#include "learning-fixtures.h"

#include "learning/arietta-training-watch.h"

static AriettaPiece *
write_known_cb (gpointer                     net,
                const AriettaWriteSettings  *settings,
                AriettaRandom               *random,
                AriettaGoOnFunc              go_on,
                gpointer                     user_data,
                GError                     **error)
{
  return fixture_tune (*(guint *) net, 4, 4, (int) settings->bars, 0);
}

static guint
one_cb (gpointer net)
{
  return 1;
}

static guint
sixteen_cb (gpointer net)
{
  return 16;
}

static void
draw_cb (gpointer       net,
         const char    *style,
         double         weight,
         AriettaRandom *random,
         float         *latent)
{
  *latent = 0.5f;
}

static AriettaPiece *
decode_known_cb (gpointer                      net,
                 const float                  *latents,
                 const AriettaWindow          *windows,
                 guint                         n_windows,
                 const AriettaDecodeSettings  *settings,
                 AriettaRandom                *random,
                 GError                      **error)
{
  g_assert_cmpfloat (latents[0], ==, 0.5f);
  g_assert_cmpuint (n_windows, ==, 1);

  return fixture_tune (*(guint *) net, 4, 4, (int) windows[0].n_bars, 0);
}

/* A model that writes, or decodes, what it learned from memorises; one that writes else does not. */
static void
test_watch (gconstpointer data)
{
  const AriettaModelKind          writing = { .write = write_known_cb };
  const AriettaModelKind          decoding = { .draw_latent = draw_cb, .decode = decode_known_cb, .get_latent_size = one_cb,
                                               .get_window_bars = sixteen_cb };
  const AriettaModelKind          kind = GPOINTER_TO_INT (data) ? decoding : writing, neither = { 0 };
  g_autoptr(AriettaCopied)        known = arietta_copied_new ();
  AriettaTrainingWatch           *watch = arietta_training_watch_new (&kind, 4, 1);
  g_autoptr(AriettaPiece)         learned = fixture_tune (1, 4, 4, 16, 0), held = fixture_tune (5, 4, 4, 16, 0);
  AriettaTrainingWatched          watched;
  guint                           own = 3, learned_by_heart = 1;

  g_assert_null (arietta_training_watch_new (&kind, 0, 1));
  g_assert_null (arietta_training_watch_new (&neither, 4, 1));
  arietta_copied_add (known, learned);
  arietta_training_watch_add_held (watch, held);
  watched = arietta_training_watch_measure (watch, &own, known);
  g_assert_cmpfloat (watched.people, ==, 0.0);
  g_assert_cmpfloat (watched.share, ==, 0.0);
  g_assert_false (watched.memorises);
  watched = arietta_training_watch_measure (watch, &learned_by_heart, known);
  g_assert_cmpfloat (watched.share, ==, 1.0);
  g_assert_true (watched.memorises);
  arietta_training_watch_free (watch);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/training-watch/writing", GINT_TO_POINTER (FALSE), test_watch);
  g_test_add_data_func ("/training-watch/decoding", GINT_TO_POINTER (TRUE), test_watch);

  return g_test_run ();
}
