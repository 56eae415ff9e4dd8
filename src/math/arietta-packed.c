#include "math/arietta-packed.h"

#include "math/arietta-vector.h"

#include <string.h>

#define BLOCK 64

size_t
arietta_packed_size (int N, int K)
{
  return ((size_t) N + BLOCK - 1) / BLOCK * BLOCK * (size_t) K;
}

void
arietta_pack (AriettaReal       *packed,
              const AriettaReal *W,
              int                N, int K)
{
  memset (packed, 0, arietta_packed_size (N, K) * sizeof *packed);

  for (int row = 0; row < N; row++)
    {
      AriettaReal *block = packed + (size_t) (row / BLOCK) * BLOCK * K;

      for (int k = 0; k < K; k++)
        block[(size_t) k * BLOCK + row % BLOCK] = W[(size_t) row * K + k];
    }
}

void
arietta_packed_multiply (AriettaReal       *y,
                         const AriettaReal *x, const AriettaReal *packed,
                         const AriettaReal *b,
                         int                n, int N, int K)
{
  const AriettaVector *v = arietta_vector ();
  AriettaReal          sums[BLOCK] __attribute__ ((aligned (64)));

  /* Block by block, so that a few rows share one reading of it. */
  for (int at = 0; at < N; at += BLOCK)
    {
      size_t width = (size_t) (N - at < BLOCK ? N - at : BLOCK);

      for (int i = 0; i < n; i++)
        {
          v->packed_block (sums, packed + (size_t) at * K, x + (size_t) i * K, (size_t) K);
          if (b != NULL)
            v->add (y + (size_t) i * N + at, b + at, width);
          v->add (y + (size_t) i * N + at, sums, width);
        }
    }
}
