#include "math/arietta-steps.h"

#include "math/arietta-gemm.h"
#include "math/arietta-vector.h"

#include <string.h>

/* Columns of the gates' gradients that one piece gathers into biases and tables. */
#define SLAB 256

/* Sequences in a block: enough rows for the product to run near its peak, few enough that a batch feeds
 * several threads.  OpenBLAS wants 64 rows (32 give 83 %, 64 give 95 % of what 128 reach), packed
 * weights are content with 8 and read memory less often with 32. */
#define BLOCK_BLAS 64
#define BLOCK_PACKED 32

typedef struct
{
  const AriettaSteps          *s;
  const AriettaStepsGradients *d;
  const AriettaReal           *dgates_tb;
} Work;

void
arietta_steps_gather (const AriettaSteps *s,
                      AriettaReal        *gates,
                      int                 t,
                      int                 b)
{
  const AriettaVector *v = arietta_vector ();
  const size_t         G = s->G, tb = (size_t) t * s->B + b;

  if (s->xg_tb != NULL)
    memcpy (gates, s->xg_tb + tb * G, G * sizeof *gates);
  else
    memset (gates, 0, G * sizeof *gates);

  if (s->zg_b != NULL)
    v->add (gates, s->zg_b + b * G, G);
  if (s->bias != NULL)
    v->add (gates, s->bias, G);
  for (int k = 0; k < ARIETTA_STEPS_MAX_TABLES; k++)
    if (s->ids_tb[k] != NULL && s->ids_tb[k][tb] >= 0)
      v->add (gates, s->table[k] + (size_t) s->ids_tb[k][tb] * G, G);
}

static void
gather_cb (void *data,
           int   piece)
{
  const Work                  *w = data;
  const AriettaSteps          *s = w->s;
  const AriettaStepsGradients *d = w->d;
  const AriettaVector         *v = arietta_vector ();
  const size_t                 G = s->G, at = (size_t) piece * SLAB;
  const size_t                 n = G - at < SLAB ? G - at : SLAB;

  for (int t = 0; t < s->T; t++)
    for (int b = 0; b < s->B; b++)
      {
        size_t             tb = (size_t) t * s->B + b;
        const AriettaReal *dgates = w->dgates_tb + tb * G + at;

        if (d->dxg_tb != NULL)
          v->add (d->dxg_tb + tb * G + at, dgates, n);
        if (d->dzg_b != NULL)
          v->add (d->dzg_b + b * G + at, dgates, n);
        if (d->dbias != NULL)
          v->add (d->dbias + at, dgates, n);
        for (int k = 0; k < ARIETTA_STEPS_MAX_TABLES; k++)
          if (d->dtable[k] != NULL && s->ids_tb[k][tb] >= 0)
            v->add (d->dtable[k] + (size_t) s->ids_tb[k][tb] * G + at, dgates, n);
      }
}

void
arietta_steps_gather_back (const AriettaSteps          *s,
                           const AriettaStepsGradients *d,
                           const AriettaReal           *dgates_tb)
{
  Work w = { s, d, dgates_tb };

  arietta_pool_run (gather_cb, &w, (int) ((s->G + SLAB - 1) / SLAB));
}

void
arietta_steps_hidden_back (const AriettaSteps *s,
                           AriettaReal        *dW,
                           const AriettaReal  *dgates_tb,
                           const AriettaReal  *y_tb,
                           const AriettaReal  *h0_b,
                           int                 H)
{
  const size_t gates = (size_t) s->B * s->G, step = (size_t) s->B * H;

  /* Every step but the first met the h of the step before it in running order: one product. */
  if (s->T > 1)
    arietta_gemm (dW, s->reverse ? dgates_tb : dgates_tb + gates, s->reverse ? y_tb + step : y_tb, 1, ARIETTA_TN,
                  (int) s->G, H, (s->T - 1) * s->B);
  if (h0_b != NULL)
    arietta_gemm (dW, dgates_tb + (size_t) arietta_step_at (s, 0) * gates, h0_b, 1, ARIETTA_TN, (int) s->G, H, s->B);
}

int
arietta_steps_block (const AriettaReal *packed)
{
  return packed != NULL ? BLOCK_PACKED : BLOCK_BLAS;
}

void
arietta_steps_run_blocks (const AriettaSteps *s,
                          const AriettaReal  *packed,
                          AriettaPieceFunc    func,
                          void               *data)
{
  const int block = arietta_steps_block (packed);

  arietta_pool_run (func, data, (s->B + block - 1) / block);
}
