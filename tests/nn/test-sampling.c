#include "nn/arietta-sampling.h"

#include <math.h>
#include <string.h>

enum { N = 6, DRAWS = 20000 };

static const float logits[N] = { 0.5f, 2.0f, -1.0f, 1.0f, 1.0f, -3.0f };

/* What each setting must leave, up to a factor. */
static const struct
{
  const char             *name;
  AriettaSamplingSettings settings;
  guint8                  forbidden[N];
  double                  weights[N];
} cases[] = {
  { "as-learned", ARIETTA_SAMPLING_DEFAULTS, { 0 }, { 1.648721, 7.389056, 0.367879, 2.718282, 2.718282, 0.049787 } },
  { "temperature", { .temperature = 2, .nucleus = 1, .repetition = 1 }, { 0 },
    { 1.284025, 2.718282, 0.606531, 1.648721, 1.648721, 0.223130 } },
  { "likeliest", { .temperature = 0, .nucleus = 1, .repetition = 1 }, { 0 }, { 0, 1, 0, 0, 0, 0 } },
  { "top-3", { .temperature = 1, .top_k = 3, .nucleus = 1, .repetition = 1 }, { 0 },
    { 0, 7.389056, 0, 2.718282, 2.718282, 0 } },
  /* The lower of two equals is first. */
  { "top-2", { .temperature = 1, .top_k = 2, .nucleus = 1, .repetition = 1 }, { 0 }, { 0, 7.389056, 0, 2.718282, 0, 0 } },
  { "top-1", { .temperature = 1, .top_k = 1, .nucleus = 1, .repetition = 1 }, { 0 }, { 0, 1, 0, 0, 0, 0 } },
  { "top-of-more", { .temperature = 1, .top_k = 99, .nucleus = 1, .repetition = 1 }, { 0 },
    { 1.648721, 7.389056, 0.367879, 2.718282, 2.718282, 0.049787 } },
  /* The total is 14.892: 0.49 of it is less than the likeliest has, 0.51 more, 0.87 more than three have. */
  { "nucleus-of-one", { .temperature = 1, .nucleus = 0.49, .repetition = 1 }, { 0 }, { 0, 1, 0, 0, 0, 0 } },
  { "nucleus-of-two", { .temperature = 1, .nucleus = 0.51, .repetition = 1 }, { 0 }, { 0, 7.389056, 0, 2.718282, 0, 0 } },
  { "nucleus-of-four", { .temperature = 1, .nucleus = 0.87, .repetition = 1 }, { 0 },
    { 1.648721, 7.389056, 0, 2.718282, 2.718282, 0 } },
  { "nucleus-of-top-3", { .temperature = 1, .top_k = 3, .nucleus = 0.6, .repetition = 1 }, { 0 },
    { 0, 7.389056, 0, 2.718282, 0, 0 } },
  { "forbidden", ARIETTA_SAMPLING_DEFAULTS, { 0, 1, 0, 1, 0, 0 }, { 1.648721, 0, 0.367879, 0, 2.718282, 0.049787 } },
  { "likeliest-of-allowed", { .temperature = 0, .nucleus = 1, .repetition = 1 }, { 0, 1, 0, 0, 0, 0 },
    { 0, 0, 0, 1, 0, 0 } },
  { "all-forbidden", ARIETTA_SAMPLING_DEFAULTS, { 1, 1, 1, 1, 1, 1 },
    { 1.648721, 7.389056, 0.367879, 2.718282, 2.718282, 0.049787 } },
};

static void
test_distribution (gconstpointer data)
{
  guint                     nth = GPOINTER_TO_UINT (data), counts[N] = { 0 };
  g_autoptr(AriettaSampler) sampler = arietta_sampler_new (N, &cases[nth].settings);
  AriettaRandom             random;
  double                    total = 0;

  arietta_random_init (&random, 5, cases[nth].name);
  for (int i = 0; i < DRAWS; i++)
    counts[arietta_sampler_draw (sampler, logits, cases[nth].forbidden, &random)]++;

  for (int i = 0; i < N; i++)
    total += cases[nth].weights[i];
  for (int i = 0; i < N; i++)
    {
      double p = cases[nth].weights[i] / total;

      g_assert_cmpfloat_with_epsilon (arietta_sampler_get_chances (sampler)[i], p, 1e-5);
      /* Five standard deviations. */
      g_assert_cmpfloat_with_epsilon (counts[i], DRAWS * p, 5 * sqrt (DRAWS * p * (1 - p)) + 1e-9);
      if (p == 0)
        g_assert_cmpuint (counts[i], ==, 0);
    }
}

/* Each time a token was there lately divides its chance. */
static void
test_repetition (void)
{
  static const float        even[4] = { 1, 1, 1, 1 };
  g_autoptr(AriettaSampler) sampler = arietta_sampler_new (4, &(AriettaSamplingSettings) {
                                        .temperature = 1, .nucleus = 1, .repetition = 2, .memory = 3 });
  const float              *p = arietta_sampler_get_chances (sampler);
  AriettaRandom             random;

  arietta_random_init (&random, 1, "repetition");
  arietta_sampler_remember (sampler, 3); /* forgotten by the fourth */
  arietta_sampler_remember (sampler, 0);
  arietta_sampler_remember (sampler, 1);
  arietta_sampler_remember (sampler, 0);
  arietta_sampler_draw (sampler, even, NULL, &random);
  g_assert_cmpfloat_with_epsilon (p[0], 0.25 / 2.75, 1e-6);
  g_assert_cmpfloat_with_epsilon (p[1], 0.5 / 2.75, 1e-6);
  g_assert_cmpfloat_with_epsilon (p[2], 1 / 2.75, 1e-6);
  g_assert_cmpfloat_with_epsilon (p[3], 1 / 2.75, 1e-6);

  arietta_sampler_forget (sampler);
  arietta_sampler_draw (sampler, even, NULL, &random);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (p[i], 0.25, 1e-6);
}

/* With it the same token comes again more rarely. */
static void
test_repetition_in_use (void)
{
  guint n_again[2] = { 0 };

  for (int k = 0; k < 2; k++)
    {
      g_autoptr(AriettaSampler) sampler = arietta_sampler_new (N, &(AriettaSamplingSettings) {
                                            .temperature = 1, .nucleus = 1, .repetition = k ? 8 : 1, .memory = 1 });
      AriettaRandom             random;
      guint                     before = N;

      arietta_random_init (&random, 1, "repetition");
      for (int i = 0; i < DRAWS; i++)
        {
          guint token = arietta_sampler_draw (sampler, logits, NULL, &random);

          n_again[k] += token == before;
          before = token;
        }
    }
  g_assert_cmpuint (n_again[1], <, n_again[0] / 3);
}

static void
test_same_seed (void)
{
  guint drawn[2][50];

  for (int k = 0; k < 2; k++)
    {
      g_autoptr(AriettaSampler) sampler = arietta_sampler_new (N, &(AriettaSamplingSettings) {
                                            .temperature = 0.9, .nucleus = 0.9, .repetition = 1.2, .memory = 4 });
      AriettaRandom             random;

      arietta_random_init (&random, 9, "same");
      for (int i = 0; i < 50; i++)
        drawn[k][i] = arietta_sampler_draw (sampler, logits, NULL, &random);
    }
  g_assert_cmpmem (drawn[0], sizeof drawn[0], drawn[1], sizeof drawn[1]);
}

/* Logits that ran away still give a token, and never one that is NaN as long as there is another. */
static void
test_not_finite (void)
{
  static const struct
  {
    float logits[3];
    float chances[3];
  } rows[] = {
    { { NAN, 0, NAN }, { 0, 1, 0 } },
    { { INFINITY, 0, INFINITY }, { 0.5f, 0, 0.5f } },
    { { -INFINITY, 0, 0 }, { 0, 0.5f, 0.5f } },
    { { NAN, NAN, NAN }, { 1 / 3.0f, 1 / 3.0f, 1 / 3.0f } },
    { { -INFINITY, -INFINITY, -INFINITY }, { 1 / 3.0f, 1 / 3.0f, 1 / 3.0f } },
  };
  const AriettaSamplingSettings settings = ARIETTA_SAMPLING_DEFAULTS;
  AriettaRandom                 random;

  arietta_random_init (&random, 1, "not finite");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(AriettaSampler) sampler = arietta_sampler_new (3, &settings);

      g_assert_cmpuint (arietta_sampler_draw (sampler, rows[i].logits, NULL, &random), <, 3);
      for (int k = 0; k < 3; k++)
        g_assert_cmpfloat_with_epsilon (arietta_sampler_get_chances (sampler)[k], rows[i].chances[k], 1e-6);
    }
}

static void
test_masks (void)
{
  static const guint rests[] = { 0, 1 };
  guint8             mask[40], expected[40];

  /* Tokens 2.. are pitches 48..85; C minor, 50 to 72, no rests. */
  arietta_mask_fill (mask, 40, FALSE);
  arietta_mask_forbid (mask, rests, 2);
  arietta_mask_range (mask, 2, 48, 38, 50, 72);
  arietta_mask_scale (mask, 2, 48, 38, 1 << 0 | 1 << 2 | 1 << 3 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 10);

  memset (expected, 1, sizeof expected);
  for (int pitch = 48; pitch < 86; pitch++)
    if (pitch >= 50 && pitch <= 72 && strchr ("\x0c\x02\x03\x05\x07\x08\x0a", pitch % 12 ? pitch % 12 : 12) != NULL)
      expected[2 + pitch - 48] = 0;
  g_assert_cmpmem (mask, sizeof mask, expected, sizeof expected);

  arietta_mask_fill (mask, 40, TRUE);
  for (int i = 0; i < 40; i++)
    g_assert_cmpint (mask[i], !=, 0);
}

/* Against a slow twin: sorted in full. */
static void
test_many (void)
{
  enum { MANY = 500 };
  const AriettaSamplingSettings settings = { .temperature = 1, .top_k = 40, .nucleus = 0.8, .repetition = 1 };
  g_autoptr(AriettaSampler)     sampler = arietta_sampler_new (MANY, &settings);
  AriettaRandom                 random;
  float                         many[MANY];
  double                        total = 0, reached = 0;
  gboolean                      taken[MANY] = { 0 };
  guint                         order[40];

  arietta_random_init (&random, 2, "many");
  for (int i = 0; i < MANY; i++)
    many[i] = (float) (2 * arietta_random_normal (&random));
  arietta_sampler_draw (sampler, many, NULL, &random);

  for (int k = 0; k < 40; k++)
    {
      order[k] = MANY;
      for (guint i = 0; i < MANY; i++)
        if (!taken[i] && (order[k] == MANY || many[i] > many[order[k]]))
          order[k] = i;
      taken[order[k]] = TRUE;
      total += exp (many[order[k]]);
    }
  for (int k = 0; k < 40; k++)
    {
      gboolean inside = reached < 0.8 * total;

      g_assert_cmpint (arietta_sampler_get_chances (sampler)[order[k]] > 0, ==, inside);
      reached += exp (many[order[k]]);
      taken[order[k]] = inside;
    }
  for (int i = 0; i < MANY; i++)
    g_assert_cmpint (arietta_sampler_get_chances (sampler)[i] > 0, ==, taken[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/nn/sampling/distribution/%s", cases[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_distribution);
    }
  g_test_add_func ("/nn/sampling/repetition", test_repetition);
  g_test_add_func ("/nn/sampling/repetition-in-use", test_repetition_in_use);
  g_test_add_func ("/nn/sampling/same-seed", test_same_seed);
  g_test_add_func ("/nn/sampling/not-finite", test_not_finite);
  g_test_add_func ("/nn/sampling/masks", test_masks);
  g_test_add_func ("/nn/sampling/many", test_many);

  return g_test_run ();
}
