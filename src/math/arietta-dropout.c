#include "math/arietta-dropout.h"

#include "math/arietta-pool.h"

#define PIECE 16384

typedef struct
{
  AriettaReal       *y;
  const AriettaReal *x;
  AriettaReal        factor;
  uint64_t           threshold, seed;
  size_t             n;
  int                adds;
} Work;

/* The finaliser of splitmix64. */
static inline uint64_t
hash (uint64_t z)
{
  z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);

  return z ^ (z >> 31);
}

static void
dropout_cb (void *data,
            int   piece)
{
  const Work *w = data;
  size_t      from = (size_t) piece * PIECE;
  size_t      to = from + PIECE < w->n ? from + PIECE : w->n;

  for (size_t i = from; i < to; i++)
    {
      int         kept = hash (w->seed + i * UINT64_C (0x9e3779b97f4a7c15)) >> 32 >= w->threshold;
      AriettaReal value = kept ? w->x[i] * w->factor : 0;

      w->y[i] = w->adds ? w->y[i] + value : value;
    }
}

static void
run (AriettaReal *y, const AriettaReal *x, AriettaReal rate, uint64_t seed, size_t n, int adds)
{
  Work w = { y, x, 1 / (1 - rate), (uint64_t) ((double) rate * 4294967296.0), seed, n, adds };

  arietta_pool_run_small (dropout_cb, &w, (int) ((n + PIECE - 1) / PIECE));
}

void
arietta_dropout_forward (AriettaReal       *y,
                         const AriettaReal *x,
                         AriettaReal        rate, uint64_t seed, size_t n)
{
  run (y, x, rate, seed, n, 0);
}

void
arietta_dropout_backward (AriettaReal       *dx,
                          const AriettaReal *dy,
                          AriettaReal        rate, uint64_t seed, size_t n)
{
  run (dx, dy, rate, seed, n, 1);
}
