#include "studio-fixtures.h"

#include "studio/arietta-compose.h"
#include "studio/arietta-latent.h"
#include "studio/arietta-studio-error.h"

#include <math.h>
#include <string.h>

static void
test_slerp (void)
{
  static const float a[] = { 0.3f, -1.2f, 0.7f }, b[] = { 1.1f, 0.4f, -0.2f };
  static const float x[] = { 2.0f, 0.0f, 0.0f }, y[] = { 0.0f, 2.0f, 0.0f };
  static const float nothing[] = { 0.0f, 0.0f, 0.0f }, back[] = { -2.0f, 0.0f, 0.0f };
  float              out[3];

  arietta_latent_slerp (out, a, b, 0.0, 3);
  g_assert_cmpmem (out, sizeof out, a, sizeof a);
  arietta_latent_slerp (out, a, b, 1.0, 3);
  g_assert_cmpmem (out, sizeof out, b, sizeof b);

  /* Along the arc, not through the middle. */
  arietta_latent_slerp (out, x, y, 0.5, 3);
  g_assert_cmpfloat_with_epsilon (out[0], sqrt (2.0), 1e-6);
  g_assert_cmpfloat_with_epsilon (out[1], sqrt (2.0), 1e-6);

  /* Where there is no arc, or no single one, the way is straight. */
  arietta_latent_slerp (out, x, x, 0.3, 3);
  g_assert_cmpmem (out, sizeof out, x, sizeof x);
  arietta_latent_slerp (out, nothing, x, 0.25, 3);
  g_assert_cmpfloat_with_epsilon (out[0], 0.5, 1e-6);
  arietta_latent_slerp (out, x, back, 0.25, 3);
  g_assert_cmpfloat_with_epsilon (out[0], 1.0, 1e-6);
}

/* However far the step, the points stay spread as draws are. */
static void
test_step (void)
{
  enum { SIZE = 20000 };
  g_autofree float *from = g_new (float, SIZE);
  g_autofree float *draw = g_new (float, SIZE);
  g_autofree float *centre = g_new (float, SIZE);
  g_autofree float *out = g_new (float, SIZE);
  AriettaRandom     random;

  arietta_random_init (&random, 1, "step");
  for (int i = 0; i < SIZE; i++)
    {
      centre[i] = 0.5f;
      from[i] = centre[i] + (float) arietta_random_normal (&random);
      draw[i] = centre[i] + (float) arietta_random_normal (&random);
    }

  for (double distance = 0.0; distance <= 1.0; distance += 0.25)
    {
      double squares = 0.0, covariance = 0.0;

      arietta_latent_step (out, from, draw, centre, distance, SIZE);
      for (int i = 0; i < SIZE; i++)
        {
          squares += pow (out[i] - centre[i], 2.0) / SIZE;
          covariance += (double) (out[i] - centre[i]) * (from[i] - centre[i]) / SIZE;
        }
      g_assert_cmpfloat_with_epsilon (squares, 1.0, 0.05);
      g_assert_cmpfloat_with_epsilon (covariance, sqrt (1.0 - distance * distance), 0.05);
    }

  arietta_latent_step (out, from, draw, centre, 0.0, SIZE);
  for (int i = 0; i < SIZE; i++)
    g_assert_cmpfloat_with_epsilon (out[i], from[i], 1e-5);
}

static void
test_centre (gconstpointer data)
{
  const Studio     *studio = data;
  guint             size = arietta_model_get_latent_size (studio->model);
  g_autofree float *even = arietta_latent_dup_centre (studio->model, "even", 1.0);
  g_autofree float *again = arietta_latent_dup_centre (studio->model, "even", 1.0);
  g_autofree float *odd = arietta_latent_dup_centre (studio->model, "odd", 1.0);

  g_assert_cmpmem (even, size * sizeof (float), again, size * sizeof (float));
  g_assert_cmpint (memcmp (even, odd, size * sizeof (float)), !=, 0);
}

/* The digest of a piece through the model and back, as a morph or a mix draws its notes. */
static char *
decode_digest (const Studio *studio,
               AriettaPiece *piece,
               const char   *stream,
               guint64       seed)
{
  g_autofree float         *latents = NULL;
  g_autofree AriettaWindow *windows = NULL;
  g_autoptr(AriettaPiece)   decoded = NULL;
  g_autoptr(GError)         error = NULL;
  AriettaDecodeSettings     settings = { .key = ARIETTA_TONALITY_NONE, .tempo_bpm = 120.0 };
  AriettaRandom             random;
  guint                     n;

  g_assert_true (arietta_model_encode (studio->model, piece, &latents, &windows, &n, &error));
  arietta_random_init (&random, seed, stream);
  decoded = arietta_model_decode (studio->model, latents, windows, n, &settings, &random, &error);
  g_assert_no_error (error);

  return arietta_piece_dup_digest (decoded);
}

static void
test_morph (gconstpointer data)
{
  const Studio           *studio = data;
  g_autoptr(AriettaPiece) a = fixture_tune (2, 4, 4, 6, 0);
  g_autoptr(AriettaPiece) b = fixture_tune (3, 4, 4, 6, 0);
  g_autoptr(GError)       error = NULL;
  g_autoptr(GPtrArray) way =
    arietta_morph (studio->library, "tiny", a, b, 5, FALSE, 7, NULL, &error);
  AriettaPiece           *ends[] = { a, b };

  g_assert_no_error (error);
  g_assert_cmpuint (way->len, ==, 5);
  for (int i = 0; i < 2; i++)
    {
      const AriettaComposed *composed = way->pdata[i * 4];
      g_autofree char       *digest = arietta_piece_dup_digest (composed->piece);
      g_autofree char       *plain = decode_digest (studio, ends[i], "morph-notes", 7);

      g_assert_cmpstr (digest, ==, plain);
    }
  for (guint i = 0; i < way->len; i++)
    {
      const AriettaComposed *composed = way->pdata[i];

      g_assert_cmpint (arietta_piece_get_end_ticks (composed->piece), ==, 6 * 1920);
      g_assert_cmpuint (composed->take->seed, ==, 7);
      g_assert_nonnull (strstr (composed->take->settings, "\"position\""));
    }
}

/* One take: a window for each step of the way. */
static void
test_morph_joined (gconstpointer data)
{
  const Studio           *studio = data;
  g_autoptr(AriettaPiece) a = fixture_tune (2, 4, 4, 6, 0);
  g_autoptr(AriettaPiece) b = fixture_tune (3, 4, 4, 4, 0);
  g_autoptr(GError)       error = NULL;
  g_autoptr(GPtrArray) way =
    arietta_morph (studio->library, "tiny", a, b, 5, TRUE, 7, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (way->len, ==, 1);
  g_assert_cmpint (arietta_piece_get_end_ticks (((AriettaComposed *) way->pdata[0])->piece), ==,
                   5 * 2 * 1920);
}

static void
test_morph_silence (gconstpointer data)
{
  const Studio           *studio = data;
  g_autoptr(AriettaPiece) a = fixture_tune (2, 4, 4, 6, 0);
  g_autoptr(AriettaPiece) empty = arietta_piece_freeze (arietta_piece_new (480));
  g_autoptr(GError)       error = NULL;

  g_assert_null (arietta_morph (studio->library, "tiny", a, empty, 3, FALSE, 1, NULL, &error));
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA);
}

static double
sum_of (GHashTable *chances)
{
  GHashTableIter iter;
  gpointer       value;
  double         sum = 0.0;

  g_hash_table_iter_init (&iter, chances);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    sum += *(double *) value;

  return sum;
}

static void
test_mix (gconstpointer data)
{
  const Studio            *studio = data;
  const AriettaStyleWeight weights[] = { { "even", 0.25 }, { "odd", 0.75 } };
  g_autoptr(AriettaPiece)  source = fixture_tune (4, 4, 4, 6, 0);
  g_autofree char         *plain = decode_digest (studio, source, "mix-notes", 3);

  for (int strength = 0; strength < 2; strength++)
    {
      g_autoptr(GError)     error = NULL;
      g_autoptr(AriettaMix) mix = arietta_mix (studio->library, "tiny", source, weights, 2,
                                               20.0 * strength, 3, NULL, &error);
      g_autofree char      *digest = NULL;

      g_assert_no_error (error);
      digest = arietta_piece_dup_digest (mix->composed->piece);
      g_assert_cmpint (strcmp (digest, plain) != 0, ==, strength);
      g_assert_cmpstr (mix->composed->take->style, ==, "odd");
      g_assert_cmpuint (g_hash_table_size (mix->arrival), ==, 2);
      g_assert_cmpfloat_with_epsilon (sum_of (mix->arrival), 1.0, 1e-9);
      g_assert_cmpfloat_with_epsilon (sum_of (mix->arrival_before), 1.0, 1e-9);
      g_assert_cmpfloat (mix->retention_chroma, >=, 0.0);
      g_assert_cmpfloat (mix->retention_chroma, <=, 1.0 + 1e-9);
    }
}

static void
test_mix_unknown (gconstpointer data)
{
  const Studio            *studio = data;
  const AriettaStyleWeight weights[] = { { "polka", 1.0 } };
  g_autoptr(AriettaPiece)  source = fixture_tune (4, 4, 4, 6, 0);
  g_autoptr(GError)        error = NULL;

  g_assert_null (arietta_mix (studio->library, "tiny", source, weights, 1, 1.0, 3, NULL, &error));
  g_assert_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNKNOWN_STYLE);
  g_assert_nonnull (strstr (error->message, "“polka”"));
}

static void
add_tests (Studio *studio)
{
  g_test_add_func ("/studio/latent/slerp", test_slerp);
  g_test_add_func ("/studio/latent/step", test_step);
  g_test_add_data_func ("/studio/latent/centre", studio, test_centre);
  g_test_add_data_func ("/studio/morph/ends", studio, test_morph);
  g_test_add_data_func ("/studio/morph/joined", studio, test_morph_joined);
  g_test_add_data_func ("/studio/morph/silence", studio, test_morph_silence);
  g_test_add_data_func ("/studio/mix/strengths", studio, test_mix);
  g_test_add_data_func ("/studio/mix/unknown", studio, test_mix_unknown);
}

int
main (int   argc,
      char *argv[])
{
  return studio_run_tests (argc, argv, add_tests);
}
