#include "math/arietta-packed.h"

#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <string.h>

#define TILE 16 /* a square that fits the cache whichever way it is read */

typedef struct
{
  AriettaReal       *packed;
  const AriettaReal *W;
  int                N, K;
} Work;

int
arietta_packed_is_fast (void)
{
  return arietta_vector ()->fast_panels;
}

static int
n_panels (int N)
{
  return (N + ARIETTA_PANEL - 1) / ARIETTA_PANEL;
}

static int
width_of (int N,
          int panel)
{
  return N - panel * ARIETTA_PANEL < ARIETTA_PANEL ? N - panel * ARIETTA_PANEL : ARIETTA_PANEL;
}

size_t
arietta_packed_size (int N, int K)
{
  return (size_t) n_panels (N) * ARIETTA_PANEL * (size_t) K;
}

static void
pack_cb (void *data,
         int   piece)
{
  const Work  *w = data;
  const size_t K = (size_t) w->K;
  AriettaReal *panel = w->packed + (size_t) piece * ARIETTA_PANEL * K;
  const int    width = width_of (w->N, piece);

  if (width < ARIETTA_PANEL)
    memset (panel, 0, ARIETTA_PANEL * K * sizeof *panel);

  for (int k0 = 0; k0 < w->K; k0 += TILE)
    for (int n0 = 0; n0 < width; n0 += TILE)
      for (int k = k0; k < w->K && k < k0 + TILE; k++)
        for (int n = n0; n < width && n < n0 + TILE; n++)
          panel[(size_t) k * ARIETTA_PANEL + n] = w->W[(size_t) (piece * ARIETTA_PANEL + n) * K + k];
}

void
arietta_pack (AriettaReal       *packed,
              const AriettaReal *W,
              int                N, int K)
{
  Work w = { packed, W, N, K };

  arietta_pool_run (pack_cb, &w, n_panels (N));
}

static void
pack_transposed_cb (void *data,
                    int   piece)
{
  const Work  *w = data;
  AriettaReal *panel = w->packed + (size_t) piece * ARIETTA_PANEL * w->K;
  const int    width = width_of (w->N, piece);

  if (width < ARIETTA_PANEL)
    memset (panel, 0, ARIETTA_PANEL * (size_t) w->K * sizeof *panel);

  for (int k = 0; k < w->K; k++)
    memcpy (panel + (size_t) k * ARIETTA_PANEL, w->W + (size_t) k * w->N + piece * ARIETTA_PANEL,
            (size_t) width * sizeof *panel);
}

void
arietta_pack_transposed (AriettaReal       *packed,
                         const AriettaReal *W,
                         int                N, int K)
{
  Work w = { packed, W, N, K };

  arietta_pool_run (pack_transposed_cb, &w, n_panels (N));
}

void
arietta_packed_multiply (AriettaReal       *y,
                         const AriettaReal *x, const AriettaReal *packed,
                         int                add,
                         int                n, int N, int K)
{
  const AriettaVector *v = arietta_vector ();

  for (int panel = 0; panel < n_panels (N); panel++)
    v->panel (y + panel * ARIETTA_PANEL, (size_t) N, x, (size_t) K,
              packed + (size_t) panel * ARIETTA_PANEL * K, (size_t) K, n, width_of (N, panel), add);
}
