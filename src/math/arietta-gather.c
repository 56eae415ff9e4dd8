#include "math/arietta-gather.h"

#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <assert.h>
#include <string.h>

#define ROWS 64 /* of a piece of work in forward */
#define SLAB 64 /* columns of a piece of work in backward */

typedef struct
{
  AriettaReal       *y;        /* or NULL: backward */
  AriettaReal       *dtable;
  const AriettaReal *table, *dy;
  const int32_t     *ids;
  int                N, K, D;
} Bag;

static void
bag_cb (void *data,
        int   piece)
{
  const Bag           *b = data;
  const AriettaVector *vector = arietta_vector ();
  int                  end = (piece + 1) * ROWS < b->N ? (piece + 1) * ROWS : b->N;

  for (int n = piece * ROWS; n < end; n++)
    {
      AriettaReal   *y_n = b->y + (size_t) n * b->D;
      const int32_t *ids_n = b->ids + (size_t) n * b->K;

      memset (y_n, 0, (size_t) b->D * sizeof *y_n);
      for (int k = 0; k < b->K; k++)
        if (ids_n[k] >= 0)
          vector->add (y_n, b->table + (size_t) ids_n[k] * b->D, (size_t) b->D);
    }
}

void
arietta_bag_forward (AriettaReal       *y,
                     const int32_t     *ids, const AriettaReal *table,
                     int                N, int K, int V, int D)
{
  Bag bag = { .y = y, .table = table, .ids = ids, .N = N, .K = K, .D = D };

  for (size_t i = 0; i < (size_t) N * K; i++)
    assert (ids[i] < V);
  arietta_pool_run (bag_cb, &bag, (N + ROWS - 1) / ROWS);
}

/* Cut by columns, so that a row which stands in many places has one writer. */
static void
bag_back_cb (void *data,
             int   piece)
{
  const Bag           *b = data;
  const AriettaVector *vector = arietta_vector ();
  int                  from = piece * SLAB;
  size_t               width = (size_t) (b->D - from < SLAB ? b->D - from : SLAB);

  for (int n = 0; n < b->N; n++)
    for (int k = 0; k < b->K; k++)
      {
        int32_t id = b->ids[(size_t) n * b->K + k];

        if (id >= 0)
          vector->add (b->dtable + (size_t) id * b->D + from, b->dy + (size_t) n * b->D + from, width);
      }
}

void
arietta_bag_backward (AriettaReal       *dtable,
                      const AriettaReal *dy, const int32_t *ids,
                      int                N, int K, int V, int D)
{
  Bag bag = { .dtable = dtable, .dy = dy, .ids = ids, .N = N, .K = K, .D = D };

  (void) V;
  arietta_pool_run (bag_back_cb, &bag, (D + SLAB - 1) / SLAB);
}

void
arietta_align_forward (AriettaReal       *y,
                       const AriettaReal *x, const int32_t *places,
                       int                N, int V)
{
  for (int n = 0; n < N; n++)
    {
      AriettaReal *y_n = y + (size_t) n * V;

      assert (places[n] < V);
      if (places[n] < 0)
        memset (y_n, 0, (size_t) V * sizeof *y_n);
      else
        memcpy (y_n, x + (size_t) n * 2 * V + V - places[n], (size_t) V * sizeof *y_n);
      y_n[0] = 0;
    }
}

void
arietta_align_backward (AriettaReal       *dx,
                        const AriettaReal *dy, const int32_t *places,
                        int                N, int V)
{
  const AriettaVector *vector = arietta_vector ();

  for (int n = 0; n < N; n++)
    if (places[n] >= 0)
      vector->add (dx + (size_t) n * 2 * V + V - places[n] + 1, dy + (size_t) n * V + 1, (size_t) V - 1);
}

void
arietta_point_forward (AriettaReal       *y,
                       const AriettaReal *x, const int32_t *ids, const AriettaReal *weights,
                       int                N, int K, int V)
{
  if (y != x)
    memcpy (y, x, (size_t) N * V * sizeof *y);
  for (int n = 0; n < N; n++)
    for (int k = 0; k < K; k++)
      {
        int32_t id = ids[(size_t) n * K + k];

        assert (id < V);
        if (id >= 0)
          y[(size_t) n * V + id] += weights[(size_t) n * K + k];
      }
}

void
arietta_point_backward (AriettaReal       *dx, AriettaReal *dweights,
                        const AriettaReal *dy, const int32_t *ids,
                        int                N, int K, int V)
{
  if (dx != NULL)
    arietta_vector ()->add (dx, dy, (size_t) N * V);
  for (int n = 0; n < N && dweights != NULL; n++)
    for (int k = 0; k < K; k++)
      {
        int32_t id = ids[(size_t) n * K + k];

        if (id >= 0)
          dweights[(size_t) n * K + k] += dy[(size_t) n * V + id];
      }
}
