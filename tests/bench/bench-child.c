#include "bench-child.h"

#include "math/arietta-gemm.h"
#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WARM_UP 3
#define SGEMM_SIZE 1024

static double
now_ms (int n_threads)
{
  struct timespec time;

  clock_gettime (n_threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time);

  return (double) time.tv_sec * 1e3 + (double) time.tv_nsec * 1e-6;
}

static double
peak_megabytes (void)
{
  g_autofree char *status = NULL;
  const char      *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, "VmHWM:");

  return line != NULL ? atof (line + strlen ("VmHWM:")) / 1024 : 0;
}

static double
timed_step (const BenchShape *shape,
            gpointer          state,
            int               n_threads)
{
  double start = now_ms (n_threads);

  shape->step (state);

  return now_ms (n_threads) - start;
}

int
bench_child_run (const BenchShape *shape,
                 int               n_threads,
                 int               cpu)
{
  gpointer state;
  double   last = 0;
  char     line[32];

  if (cpu >= 0)
    {
      cpu_set_t set;

      CPU_ZERO (&set);
      CPU_SET (cpu, &set);
      sched_setaffinity (0, sizeof set, &set);
    }
  arietta_pool_set_threads (n_threads);

  state = shape->build ();
  for (int i = 0; i < WARM_UP; i++)
    last = timed_step (shape, state, n_threads);
  printf ("ready %.4f Arietta, kernels %s\n", last, arietta_vector ()->name);
  fflush (stdout);

  while (fgets (line, sizeof line, stdin) != NULL)
    {
      for (int i = atoi (line); i > 0; i--)
        printf ("%.4f ", timed_step (shape, state, n_threads));
      printf ("\n");
      fflush (stdout);
    }

  printf ("peak %.1f\n", peak_megabytes ());
  shape->free (state);

  return 0;
}

typedef struct
{
  AriettaReal *a, *b, *c;
} Product;

static gpointer
sgemm_build (void)
{
  const gsize size = SGEMM_SIZE * SGEMM_SIZE;
  Product    *self = g_new (Product, 1);

  self->a = g_new (AriettaReal, size);
  self->b = g_new (AriettaReal, size);
  self->c = g_new0 (AriettaReal, size);
  for (gsize i = 0; i < size; i++)
    self->a[i] = self->b[i] = (AriettaReal) (i % 7);

  return self;
}

static void
sgemm_step (gpointer state)
{
  Product *self = state;

  arietta_gemm (self->c, self->a, self->b, 0, ARIETTA_NN, SGEMM_SIZE, SGEMM_SIZE, SGEMM_SIZE);
}

static void
sgemm_free (gpointer state)
{
  Product *self = state;

  g_free (self->a);
  g_free (self->b);
  g_free (self->c);
  g_free (self);
}

const BenchShape bench_sgemm_shape = {
  "sgemm", 0, 0, 0, 2.0 * SGEMM_SIZE * SGEMM_SIZE * SGEMM_SIZE, sgemm_build, sgemm_step, sgemm_free,
};
