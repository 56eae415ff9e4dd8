#include "math/arietta-loss.h"

#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <assert.h>

#define ROWS 64 /* that one piece takes */

typedef struct
{
  AriettaReal       *out, *losses;
  const AriettaReal *logits, *lse, *w, *y;
  const int32_t     *targets;
  AriettaReal        smoothing, factor;
  int                N, V;
} Work;

static int
n_pieces (int N)
{
  return (N + ROWS - 1) / ROWS;
}

static int
end_of (const Work *k,
        int         piece)
{
  return (piece + 1) * ROWS < k->N ? (piece + 1) * ROWS : k->N;
}

static AriettaReal
weight_of (const AriettaReal *w,
           int                n)
{
  return w != NULL ? w[n] : 1;
}

static void
cross_entropy_forward_cb (void *data,
                          int   piece)
{
  const Work          *k = data;
  const AriettaVector *v = arietta_vector ();

  for (int n = piece * ROWS; n < end_of (k, piece); n++)
    {
      const AriettaReal *x = k->logits + (size_t) n * k->V;

      k->losses[n] = 0;
      if (k->targets[n] < 0)
        continue;

      assert (k->targets[n] < k->V);
      k->out[n] = v->log_sum_exp (x, (size_t) k->V);
      k->losses[n] = k->out[n] - (1 - k->smoothing) * x[k->targets[n]];
      if (k->smoothing != 0)
        k->losses[n] -= k->smoothing * (AriettaReal) (v->sum (x, (size_t) k->V) / k->V);
    }
}

double
arietta_cross_entropy_forward (AriettaReal       *lse, AriettaReal *losses,
                               double            *weight, double *right,
                               const AriettaReal *logits, const int32_t *targets,
                               const AriettaReal *w, AriettaReal smoothing,
                               int                N, int V)
{
  Work   k = { .out = lse, .losses = losses, .logits = logits, .targets = targets,
               .smoothing = smoothing, .N = N, .V = V };
  double sum = 0, weights = 0, hits = 0;

  arietta_pool_run (cross_entropy_forward_cb, &k, n_pieces (N));

  for (int n = 0; n < N; n++)
    if (targets[n] >= 0)
      {
        /* A row of weight 0 may hold anything, infinities too. */
        if (weight_of (w, n) == 0)
          continue;
        sum += (double) weight_of (w, n) * losses[n];
        weights += weight_of (w, n);
      }

  if (right != NULL)
    for (int n = 0; n < N; n++)
      {
        const AriettaReal *x = logits + (size_t) n * V;
        int                best = 0;

        if (targets[n] < 0)
          continue;
        for (int i = 1; i < V; i++)
          if (x[i] > x[best])
            best = i;
        if (best == targets[n])
          hits += weight_of (w, n);
      }

  if (weight != NULL)
    *weight = weights;
  if (right != NULL)
    *right = hits;

  return sum;
}

static void
cross_entropy_backward_cb (void *data,
                           int   piece)
{
  const Work          *k = data;
  const AriettaVector *v = arietta_vector ();

  for (int n = piece * ROWS; n < end_of (k, piece); n++)
    {
      AriettaReal *dx = k->out + (size_t) n * k->V;
      AriettaReal  factor = k->factor * weight_of (k->w, n);

      if (k->targets[n] < 0 || factor == 0)
        continue;

      v->add_exp_shifted (dx, k->logits + (size_t) n * k->V, k->lse[n], factor, (size_t) k->V);
      dx[k->targets[n]] -= factor * (1 - k->smoothing);
      if (k->smoothing != 0)
        for (int i = 0; i < k->V; i++)
          dx[i] -= factor * k->smoothing / (AriettaReal) k->V;
    }
}

void
arietta_cross_entropy_backward (AriettaReal       *dlogits,
                                const AriettaReal *logits, const AriettaReal *lse,
                                const int32_t     *targets, const AriettaReal *w,
                                AriettaReal        smoothing, AriettaReal factor,
                                int                N, int V)
{
  Work k = { .out = dlogits, .logits = logits, .lse = lse, .targets = targets, .w = w,
             .smoothing = smoothing, .factor = factor, .N = N, .V = V };

  arietta_pool_run (cross_entropy_backward_cb, &k, n_pieces (N));
}

static void
softmax_forward_cb (void *data,
                    int   piece)
{
  const Work          *k = data;
  const AriettaVector *v = arietta_vector ();

  for (int n = piece * ROWS; n < end_of (k, piece); n++)
    {
      const AriettaReal *x = k->logits + (size_t) n * k->V;

      v->exp_shifted (k->out + (size_t) n * k->V, x, v->log_sum_exp (x, (size_t) k->V),
                      (size_t) k->V);
    }
}

void
arietta_softmax_forward (AriettaReal       *y,
                         const AriettaReal *x,
                         int                N, int V)
{
  Work k = { .out = y, .logits = x, .N = N, .V = V };

  arietta_pool_run (softmax_forward_cb, &k, n_pieces (N));
}

static void
softmax_backward_cb (void *data,
                     int   piece)
{
  const Work *k = data;

  for (int n = piece * ROWS; n < end_of (k, piece); n++)
    {
      const AriettaReal *dy = k->logits + (size_t) n * k->V, *y = k->y + (size_t) n * k->V;
      AriettaReal       *dx = k->out + (size_t) n * k->V;
      double             mean = 0;

      for (int i = 0; i < k->V; i++)
        mean += (double) dy[i] * y[i];
      for (int i = 0; i < k->V; i++)
        dx[i] += y[i] * (dy[i] - (AriettaReal) mean);
    }
}

void
arietta_softmax_backward (AriettaReal       *dx,
                          const AriettaReal *dy, const AriettaReal *y,
                          int                N, int V)
{
  Work k = { .out = dx, .logits = dy, .y = y, .N = N, .V = V };

  arietta_pool_run (softmax_backward_cb, &k, n_pieces (N));
}
