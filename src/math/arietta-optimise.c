#include "math/arietta-optimise.h"

#include "math/arietta-pool.h"

#include <math.h>
#include <string.h>

#define PIECE 16384
#ifdef ARIETTA_REAL_IS_DOUBLE
#define ROOT sqrt
#else
#define ROOT sqrtf
#endif

#define MAX_SUMS 256 /* partial sums held on the stack at a time */

typedef struct
{
  AriettaReal           *w, *m, *v;
  const AriettaReal     *x;
  const AriettaAdamStep *s;
  AriettaReal            factor, rate, alpha, epsilon, momentum, l1, l2;
  size_t                 n;
  double                *sums;
} Work;

static size_t
span (const Work *k,
      int         piece,
      size_t     *from)
{
  *from = (size_t) piece * PIECE;

  return k->n - *from < PIECE ? k->n - *from : PIECE;
}

static int
n_pieces (size_t n)
{
  return (int) ((n + PIECE - 1) / PIECE);
}

static void
sum_squares_cb (void *data,
                int   piece)
{
  const Work *k = data;
  size_t      at, n = span (k, piece, &at);

  k->sums[piece] = arietta_vector ()->sum_squares (k->x + at, n);
}

double
arietta_norm (const AriettaReal *x,
              size_t             n)
{
  const size_t most = (size_t) MAX_SUMS * PIECE;
  double       sums[MAX_SUMS], total = 0;

  for (size_t at = 0; at < n; at += most)
    {
      Work k = { .x = x + at, .n = n - at < most ? n - at : most, .sums = sums };

      arietta_pool_run_small (sum_squares_cb, &k, n_pieces (k.n));
      for (int i = 0; i < n_pieces (k.n); i++)
        total += sums[i];
    }

  return sqrt (total);
}

static void
adam_cb (void *data,
         int   piece)
{
  const Work *k = data;
  size_t      at, n = span (k, piece, &at);

  arietta_vector ()->adam (k->w + at, k->m + at, k->v + at, k->x + at, k->s, n);
}

void
arietta_adam (AriettaReal           *w, AriettaReal *m, AriettaReal *v,
              const AriettaReal     *dw,
              const AriettaAdamStep *s,
              size_t                 n)
{
  Work k = { .w = w, .m = m, .v = v, .x = dw, .s = s, .n = n };

  arietta_pool_run_small (adam_cb, &k, n_pieces (n));
}

AriettaAdamStep
arietta_adam_step (double rate, double beta1, double beta2, double epsilon,
                   double gradient_scale, int64_t t)
{
  return (AriettaAdamStep) {
    .gradient_scale = (AriettaReal) gradient_scale,
    .beta1 = (AriettaReal) beta1,
    .beta2 = (AriettaReal) beta2,
    .epsilon = (AriettaReal) epsilon,
    .step_size = (AriettaReal) (rate / (1 - pow (beta1, (double) t))),
    .root_scale = (AriettaReal) (1 / sqrt (1 - pow (beta2, (double) t))),
  };
}

static void
sgd_cb (void *data,
        int   piece)
{
  const Work        *k = data;
  size_t             at, n = span (k, piece, &at);
  AriettaReal       *w = k->w + at, *m = k->m + at;
  const AriettaReal *dw = k->x + at;

  for (size_t i = 0; i < n; i++)
    {
      m[i] = k->momentum * m[i] + k->factor * dw[i];
      w[i] -= k->rate * m[i];
    }
}

void
arietta_sgd (AriettaReal       *w, AriettaReal *m,
             const AriettaReal *dw,
             double             rate, double momentum, double gradient_scale,
             size_t             n)
{
  Work k = {
    .w = w,
    .m = m,
    .x = dw,
    .factor = (AriettaReal) gradient_scale,
    .rate = (AriettaReal) rate,
    .momentum = (AriettaReal) momentum,
    .n = n,
  };

  arietta_pool_run_small (sgd_cb, &k, n_pieces (n));
}

static void
rmsprop_cb (void *data,
            int   piece)
{
  const Work        *k = data;
  size_t             at, n = span (k, piece, &at);
  AriettaReal       *w = k->w + at, *v = k->v + at, *m = k->m != NULL ? k->m + at : NULL;
  const AriettaReal *dw = k->x + at;

  for (size_t i = 0; i < n; i++)
    {
      AriettaReal g = k->factor * dw[i], change;

      v[i] = k->alpha * v[i] + (1 - k->alpha) * g * g;
      change = g / (ROOT (v[i]) + k->epsilon);
      if (m != NULL)
        change = m[i] = k->momentum * m[i] + change;
      w[i] -= k->rate * change;
    }
}

void
arietta_rmsprop (AriettaReal       *w, AriettaReal *m, AriettaReal *v,
                 const AriettaReal *dw,
                 double             rate, double alpha, double epsilon, double momentum,
                 double             gradient_scale,
                 size_t             n)
{
  Work k = {
    .w = w,
    .m = m,
    .v = v,
    .x = dw,
    .factor = (AriettaReal) gradient_scale,
    .rate = (AriettaReal) rate,
    .alpha = (AriettaReal) alpha,
    .epsilon = (AriettaReal) epsilon,
    .momentum = (AriettaReal) momentum,
    .n = n,
  };

  arietta_pool_run_small (rmsprop_cb, &k, n_pieces (n));
}

static void
penalise_cb (void *data,
             int   piece)
{
  const Work        *k = data;
  size_t             at, n = span (k, piece, &at);
  AriettaReal       *dw = k->w + at;
  const AriettaReal *w = k->x + at;

  for (size_t i = 0; i < n; i++)
    dw[i] = k->factor * dw[i] + k->l2 * w[i] + k->l1 * (AriettaReal) ((w[i] > 0) - (w[i] < 0));
}

void
arietta_penalise (AriettaReal       *dw,
                  const AriettaReal *w,
                  double             gradient_scale, double l1, double l2,
                  size_t             n)
{
  Work k = {
    .w = dw,
    .x = w,
    .factor = (AriettaReal) gradient_scale,
    .l1 = (AriettaReal) l1,
    .l2 = (AriettaReal) l2,
    .n = n,
  };

  arietta_pool_run_small (penalise_cb, &k, n_pieces (n));
}

static void
average_cb (void *data,
            int   piece)
{
  const Work        *k = data;
  size_t             at, n = span (k, piece, &at);
  AriettaReal       *a = k->w + at;
  const AriettaReal *w = k->x + at;

  for (size_t i = 0; i < n; i++)
    a[i] += k->factor * (w[i] - a[i]);
}

void
arietta_average (AriettaReal       *a,
                 const AriettaReal *w,
                 AriettaReal        share,
                 size_t             n)
{
  Work k = { .w = a, .x = w, .factor = share, .n = n };

  arietta_pool_run_small (average_cb, &k, n_pieces (n));
}

static void
swap_cb (void *data,
         int   piece)
{
  const Work  *k = data;
  size_t       at, n = span (k, piece, &at);
  AriettaReal *a = k->w + at, *b = k->m + at;

  for (size_t i = 0; i < n; i++)
    {
      AriettaReal kept = a[i];

      a[i] = b[i];
      b[i] = kept;
    }
}

void
arietta_swap (AriettaReal *a,
              AriettaReal *b,
              size_t       n)
{
  Work k = { .w = a, .m = b, .n = n };

  arietta_pool_run_small (swap_cb, &k, n_pieces (n));
}

static void
zero_cb (void *data,
         int   piece)
{
  const Work *k = data;
  size_t      at, n = span (k, piece, &at);

  memset (k->w + at, 0, n * sizeof *k->w);
}

void
arietta_zero (AriettaReal *x,
              size_t       n)
{
  Work k = { .w = x, .n = n };

  arietta_pool_run_small (zero_cb, &k, n_pieces (n));
}

static void
scale_cb (void *data,
          int   piece)
{
  const Work *k = data;
  size_t      at, n = span (k, piece, &at);

  arietta_vector ()->scale (k->w + at, k->factor, n);
}

void
arietta_scale (AriettaReal *x,
               AriettaReal  factor,
               size_t       n)
{
  Work k = { .w = x, .factor = factor, .n = n };

  arietta_pool_run_small (scale_cb, &k, n_pieces (n));
}

size_t
arietta_first_not_finite (const AriettaReal *x,
                          size_t             n)
{
  for (size_t i = 0; i < n; i++)
    if (!isfinite (x[i]))
      return i;

  return n;
}
