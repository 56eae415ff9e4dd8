#include "math/arietta-steps.h"

#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <string.h>

/* Columns of the gates' gradients that one piece gathers into biases and tables. */
#define SLAB 256

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
