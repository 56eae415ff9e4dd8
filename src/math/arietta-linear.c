#include "math/arietta-linear.h"

#include "math/arietta-elementwise.h"
#include "math/arietta-gemm.h"
#include "math/arietta-packed.h"
#include "math/arietta-pool.h"

#include <assert.h>
#include <string.h>

#define ROWS 64  /* of a piece of a product: its x stays in the second cache beside what is read of W */
#define SLAB 128 /* columns of the table that one piece gathers */

void
arietta_linear_forward (AriettaReal       *y,
                        const AriettaReal *x, const AriettaReal *W, const AriettaReal *b,
                        int                N, int D, int H)
{
  if (b != NULL)
    for (int n = 0; n < N; n++)
      memcpy (y + (size_t) n * H, b, (size_t) H * sizeof *y);

  arietta_gemm (y, x, W, b != NULL, ARIETTA_NT, N, H, D);
}

typedef struct
{
  AriettaReal       *y;
  const AriettaReal *x, *packed, *b;
  int                add;
  int                N, D, H;
} Rows;

static void
rows_cb (void *data,
         int   piece)
{
  const Rows  *r = data;
  const int    from = piece * ROWS, n = r->N - from < ROWS ? r->N - from : ROWS;
  AriettaReal *y = r->y + (size_t) from * r->H;

  for (int i = 0; r->b != NULL && i < n; i++)
    memcpy (y + (size_t) i * r->H, r->b, (size_t) r->H * sizeof *y);
  arietta_packed_multiply (y, r->x + (size_t) from * r->D, r->packed, r->add, n, r->H, r->D);
}

void
arietta_linear_forward_packed (AriettaReal       *y,
                               const AriettaReal *x, const AriettaReal *packed, const AriettaReal *b,
                               int                N, int D, int H)
{
  Rows r = { y, x, packed, b, b != NULL, N, D, H };

  arietta_pool_run (rows_cb, &r, (N + ROWS - 1) / ROWS);
}

void
arietta_linear_backward_packed (AriettaReal       *dx,
                                const AriettaReal *dy, const AriettaReal *packed,
                                int                N, int D, int H)
{
  Rows r = { dx, dy, packed, NULL, 1, N, H, D };

  arietta_pool_run (rows_cb, &r, (N + ROWS - 1) / ROWS);
}

void
arietta_linear_backward (AriettaReal       *dx, AriettaReal *dW, AriettaReal *db,
                         const AriettaReal *dy, const AriettaReal *x, const AriettaReal *W,
                         int                N, int D, int H)
{
  if (dx != NULL)
    arietta_gemm (dx, dy, W, 1, ARIETTA_NN, N, D, H);
  if (dW != NULL)
    arietta_gemm (dW, dy, x, 1, ARIETTA_TN, H, D, N);
  if (db != NULL)
    arietta_sum_rows (db, dy, (size_t) N, (size_t) H);
}

void
arietta_embedding_forward (AriettaReal       *y,
                           const int32_t     *ids, const AriettaReal *table,
                           int                N, int V, int D)
{
  for (int n = 0; n < N; n++)
    {
      AriettaReal *y_n = y + (size_t) n * D;

      assert (ids[n] < V);
      if (ids[n] >= 0)
        memcpy (y_n, table + (size_t) ids[n] * D, (size_t) D * sizeof *y);
      else
        memset (y_n, 0, (size_t) D * sizeof *y);
    }
}

typedef struct
{
  AriettaReal       *dtable;
  const AriettaReal *dy;
  const int32_t     *ids;
  int                N, D;
} Gather;

static void
gather_cb (void *data,
           int   piece)
{
  const Gather *g = data;
  int           at = piece * SLAB;
  int           n_columns = g->D - at < SLAB ? g->D - at : SLAB;

  for (int n = 0; n < g->N; n++)
    if (g->ids[n] >= 0)
      arietta_vector ()->add (g->dtable + (size_t) g->ids[n] * g->D + at,
                              g->dy + (size_t) n * g->D + at, (size_t) n_columns);
}

void
arietta_embedding_backward (AriettaReal       *dtable,
                            const AriettaReal *dy, const int32_t *ids,
                            int                N, int V, int D)
{
  Gather g = { dtable, dy, ids, N, D };

  (void) V;
  arietta_pool_run (gather_cb, &g, (D + SLAB - 1) / SLAB);
}
