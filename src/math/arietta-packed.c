#include "math/arietta-packed.h"

#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <string.h>

#define TILE 16 /* a square that fits the first cache whichever way it is read */

typedef AriettaReal Four
  __attribute__ ((vector_size (4 * sizeof (AriettaReal)), may_alias, aligned (__alignof__ (AriettaReal))));

typedef struct
{
  AriettaReal       *packed;
  const AriettaReal *W;
  int                ldw, transposed, N, K;
} Work;

static inline void
transpose_four (AriettaReal       *to,
                size_t             ldto,
                const AriettaReal *from,
                size_t             ldfrom)
{
  Four a = *(const Four *) from, b = *(const Four *) (from + ldfrom);
  Four c = *(const Four *) (from + 2 * ldfrom), d = *(const Four *) (from + 3 * ldfrom);
  Four ab_low = __builtin_shufflevector (a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector (a, b, 2, 6, 3, 7);
  Four cd_low = __builtin_shufflevector (c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector (c, d, 2, 6, 3, 7);

  *(Four *) to = __builtin_shufflevector (ab_low, cd_low, 0, 1, 4, 5);
  *(Four *) (to + ldto) = __builtin_shufflevector (ab_low, cd_low, 2, 3, 6, 7);
  *(Four *) (to + 2 * ldto) = __builtin_shufflevector (ab_high, cd_high, 0, 1, 4, 5);
  *(Four *) (to + 3 * ldto) = __builtin_shufflevector (ab_high, cd_high, 2, 3, 6, 7);
}

static void
transpose_tile (AriettaReal       *to,
                size_t             ldto,
                const AriettaReal *from,
                size_t             ldfrom,
                int                rows,
                int                columns)
{
  int r = 0;

  for (; r + 4 <= rows; r += 4)
    {
      int c = 0;

      for (; c + 4 <= columns; c += 4)
        transpose_four (to + c * ldto + r, ldto, from + r * ldfrom + c, ldfrom);
      for (; c < columns; c++)
        for (int i = 0; i < 4; i++)
          to[c * ldto + r + i] = from[(r + i) * ldfrom + c];
    }
  for (; r < rows; r++)
    for (int c = 0; c < columns; c++)
      to[c * ldto + r] = from[r * ldfrom + c];
}

void
arietta_transpose (AriettaReal       *to, int ldto,
                   const AriettaReal *from, int ldfrom,
                   int                rows, int columns)
{
  for (int r = 0; r < rows; r += TILE)
    for (int c = 0; c < columns; c += TILE)
      transpose_tile (to + (size_t) c * ldto + r, (size_t) ldto,
                      from + (size_t) r * ldfrom + c, (size_t) ldfrom,
                      rows - r < TILE ? rows - r : TILE, columns - c < TILE ? columns - c : TILE);
}

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
pack_panel_cb (void *data,
               int   piece)
{
  const Work        *w = data;
  AriettaReal       *panel = w->packed + (size_t) piece * ARIETTA_PANEL * w->K;
  const int          width = width_of (w->N, piece);
  const AriettaReal *W = w->W + (size_t) piece * ARIETTA_PANEL * (w->transposed ? 1 : w->ldw);

  if (width < ARIETTA_PANEL)
    memset (panel, 0, ARIETTA_PANEL * (size_t) w->K * sizeof *panel);

  if (w->transposed)
    {
      for (int k = 0; k < w->K; k++)
        memcpy (panel + (size_t) k * ARIETTA_PANEL, W + (size_t) k * w->ldw, (size_t) width * sizeof *panel);
      return;
    }

  arietta_transpose (panel, ARIETTA_PANEL, W, w->ldw, width, w->K);
}

void
arietta_pack (AriettaReal       *packed,
              const AriettaReal *W,
              int                N, int K)
{
  Work w = { packed, W, K, 0, N, K };

  arietta_pool_run (pack_panel_cb, &w, n_panels (N));
}

void
arietta_pack_transposed (AriettaReal       *packed,
                         const AriettaReal *W,
                         int                N, int K)
{
  Work w = { packed, W, N, 1, N, K };

  arietta_pool_run (pack_panel_cb, &w, n_panels (N));
}

void
arietta_pack_part (AriettaReal       *packed,
                   const AriettaReal *W, int ldw, int transposed,
                   int                N, int K)
{
  Work w = { packed, W, ldw, transposed, N, K };

  for (int panel = 0; panel < n_panels (N); panel++)
    pack_panel_cb (&w, panel);
}

void
arietta_packed_multiply_part (AriettaReal       *y, int ldy,
                              const AriettaReal *x, int ldx, const AriettaReal *packed,
                              int                add,
                              int                n, int N, int K)
{
  const AriettaVector *v = arietta_vector ();

  for (int panel = 0; panel < n_panels (N); panel++)
    v->panel (y + panel * ARIETTA_PANEL, (size_t) ldy, x, (size_t) ldx,
              packed + (size_t) panel * ARIETTA_PANEL * K, (size_t) K, n, width_of (N, panel), add);
}

void
arietta_packed_multiply (AriettaReal       *y,
                         const AriettaReal *x, const AriettaReal *packed,
                         int                add,
                         int                n, int N, int K)
{
  arietta_packed_multiply_part (y, N, x, K, packed, add, n, N, K);
}
