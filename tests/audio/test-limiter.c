#include "audio/arietta-limiter.h"

#include <math.h>

#define RATE 44100
#define N    (2 * RATE)

/* A tone whose loudness jumps: quiet, far too loud, quiet again. */
static float *
make_burst (float quiet,
            float loud)
{
  float *frames = g_new (float, 2 * N);

  for (guint i = 0; i < N; i++)
    {
      float size = i >= N / 4 && i < N / 2 ? loud : quiet;

      frames[2 * i] = size * sinf (2 * (float) G_PI * 220 * i / RATE);
      frames[2 * i + 1] = 0.5f * frames[2 * i];
    }
  return frames;
}

static void
test_quiet_is_untouched (void)
{
  g_autofree float *frames = make_burst (0.5f, 0.97f), *before = g_memdup2 (frames, sizeof (float) * 2 * N);
  AriettaLimiter limiter;

  arietta_limiter_init (&limiter);
  g_assert_cmpfloat (arietta_limiter_run (&limiter, frames, N), ==, 1.0f);
  g_assert_cmpmem (frames, sizeof (float) * 2 * N, before, sizeof (float) * 2 * N);
}

static void
test_loud_is_held (void)
{
  g_autofree float *frames = make_burst (0.3f, 4.0f), *before = g_memdup2 (frames, sizeof (float) * 2 * N);
  AriettaLimiter limiter;
  float least, highest = 0, before_gain = 1, steepest = 0;

  arietta_limiter_init (&limiter);
  least = arietta_limiter_run (&limiter, frames, N);
  g_assert_cmpfloat_with_epsilon (least, ARIETTA_LIMITER_CEILING / 4.0f, 0.01f);

  for (guint i = 0; i < N; i++)
    {
      highest = MAX (highest, fabsf (frames[2 * i]));
      if (fabsf (before[2 * i]) < 0.05f)
        continue;
      /* One gain for both ears, and it never jumps but at the burst's own edge. */
      g_assert_cmpfloat_with_epsilon (frames[2 * i + 1], 0.5f * frames[2 * i], 1e-6f);
      if (i > N / 4 + RATE / 100)
        steepest = MAX (steepest, fabsf (frames[2 * i] / before[2 * i] - before_gain));
      before_gain = frames[2 * i] / before[2 * i];
    }
  g_assert_cmpfloat (highest, <=, ARIETTA_LIMITER_CEILING);
  g_assert_cmpfloat (highest, >, 0.95f);
  g_assert_cmpfloat (steepest, <, 0.02f);

  /* Back again half a second later. */
  g_assert_cmpfloat (frames[2 * (N / 2 + RATE / 2 + 50)] / before[2 * (N / 2 + RATE / 2 + 50)], >, 0.98f);
}

static void
test_sizes (void)
{
  g_autofree float *once = make_burst (0.3f, 2.0f), *often = make_burst (0.3f, 2.0f);
  AriettaLimiter a, b;

  arietta_limiter_init (&a);
  arietta_limiter_init (&b);
  arietta_limiter_run (&a, once, N / 256 * 256);
  for (guint at = 0; at + 256 <= N; at += 256)
    arietta_limiter_run (&b, often + 2 * at, 256);
  g_assert_cmpmem (once, sizeof (float) * 2 * N, often, sizeof (float) * 2 * N);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audio/limiter/quiet-is-untouched", test_quiet_is_untouched);
  g_test_add_func ("/audio/limiter/loud-is-held", test_loud_is_held);
  g_test_add_func ("/audio/limiter/sizes", test_sizes);
  return g_test_run ();
}
