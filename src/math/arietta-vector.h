/* arietta-vector.h - loops over plain arrays, compiled once for each kind of processor
 *
 * The table holds the innermost loops.  They are written once, in arietta-vector-body.h, in plain C
 * that a compiler can vectorise, and compiled for the portable baseline, AVX2 and AVX-512.  Sums run
 * over a fixed number of lanes and nothing is contracted, so all the versions give the same bits and
 * differ in speed alone; but for panel (), dots and weigh_rows (), where AVX2 and AVX-512 use fused
 * multiply-add and lanes of their own.
 *
 * Chosen at first use: the best the processor has, or the one the environment's ARIETTA_KERNELS names
 * ("portable", "avx2", "avx512"; a name that the processor lacks means portable).
 *
 * Nothing here uses the pool: these run within pieces.
 */
#pragma once

#include "math/arietta-real.h"

/* How the numbers of a matrix are stored for use; see arietta-dot.h. */
typedef enum
{
  ARIETTA_STORED_REAL,
  ARIETTA_STORED_BF16, /* the upper 16 bits of a float */
  ARIETTA_STORED_INT8, /* times a factor for each row */
  ARIETTA_N_STORED,
} AriettaStored;

typedef enum
{
  ARIETTA_RELU,
  ARIETTA_LEAKY_RELU,  /* slope 0.2 below 0 */
  ARIETTA_SIGMOID,     /* 1 / (1 + e^-x) */
  ARIETTA_TANH,
  ARIETTA_GELU,        /* x/2 (1 + erf (x / sqrt 2)) */
  ARIETTA_GELU_TANH,   /* x/2 (1 + tanh (sqrt (2/pi) (x + 0.044715 x^3))) */
  ARIETTA_SILU,        /* x sigmoid (x) */
  ARIETTA_SOFTPLUS,    /* log (1 + e^x) */
  ARIETTA_ELU,         /* x, below 0 e^x - 1 */
  ARIETTA_LOG_SIGMOID, /* -log (1 + e^-x) */
  ARIETTA_EXP,
  ARIETTA_N_ACTIVATIONS,
} AriettaActivation;

/* What a number x costs whose target is t, d = x - t. */
typedef enum
{
  ARIETTA_SQUARED,   /* d^2 */
  ARIETTA_ABSOLUTE,  /* |d| */
  ARIETTA_HUBER,     /* d^2 / 2 beta where |d| < beta, else |d| - beta / 2 */
  ARIETTA_BINARY,    /* log (1 + e^x) - t x: cross-entropy of the chance sigmoid (x), t in 0 .. 1 */
  ARIETTA_HINGE,     /* max (0, 1 - t x), t the side, 1 or -1 */
} AriettaDistance;

/* The numbers of one AdamW step that do not depend on the element. */
typedef struct
{
  AriettaReal gradient_scale; /* from clipping; 1 leaves alone */
  AriettaReal beta1, beta2, epsilon;
  AriettaReal step_size;      /* learning rate / (1 - beta1^t) */
  AriettaReal root_scale;     /* 1 / sqrt (1 - beta2^t) */
} AriettaAdamStep;

/* Columns of a packed panel: three vectors of AVX-512, six of AVX2. */
#define ARIETTA_PANEL 48

typedef struct
{
  const char *name;
  int         fast_panels; /* whether panel () beats CBLAS */

  /* y (n) += x (n) and y (n) += factor x (n) */
  void        (*add)        (AriettaReal *y, const AriettaReal *x, size_t n);
  void        (*add_scaled) (AriettaReal *y, const AriettaReal *x, AriettaReal factor, size_t n);
  /* y (n) += a (n) b (n) */
  void        (*add_product)(AriettaReal *y, const AriettaReal *a, const AriettaReal *b, size_t n);
  void        (*scale)      (AriettaReal *x, AriettaReal factor, size_t n);

  /* y (n) = f (x); dx (n) += dy f'(x) */
  void        (*activate)      (AriettaReal *y, const AriettaReal *x, AriettaActivation f, size_t n);
  void        (*activate_back) (AriettaReal *dx, const AriettaReal *dy, const AriettaReal *x,
                                const AriettaReal *y, AriettaActivation f, size_t n);

  /* max (x) + log sum e^(x - max) */
  AriettaReal (*log_sum_exp) (const AriettaReal *x, size_t n);
  /* y (n) = e^(x - shift) */
  void        (*exp_shifted) (AriettaReal *y, const AriettaReal *x, AriettaReal shift, size_t n);
  /* y (n) += factor e^(x - shift) */
  void        (*add_exp_shifted) (AriettaReal *y, const AriettaReal *x, AriettaReal shift,
                                  AriettaReal factor, size_t n);

  double      (*sum)         (const AriettaReal *x, size_t n);
  double      (*sum_squares) (const AriettaReal *x, size_t n);

  /* One row of an LSTM, see arietta-lstm.h.  gates (4,H): sums in, i f g o out.  c may be c_before. */
  void        (*lstm_gates)      (AriettaReal *h, AriettaReal *c, AriettaReal *gates,
                                  const AriettaReal *c_before, size_t H);
  /* gates (4,H): i f g o in, gradients of the sums out.  dc (H): gradient of c in, of c_before out. */
  void        (*lstm_gates_back) (AriettaReal *gates, AriettaReal *dc, const AriettaReal *dh,
                                  const AriettaReal *c, const AriettaReal *c_before, size_t H);

  /* One row of a GRU, see arietta-gru.h.  gates (3,H): sums of inputs in, r z n out; hidden (3,H): sums of
   * the state's products.  h may be h_before. */
  void        (*gru_gates)      (AriettaReal *h, AriettaReal *gates, const AriettaReal *hidden,
                                 const AriettaReal *h_before, size_t H);
  /* gates: r z n in, gradients of the sums out; hidden: sums in, their gradients out; dh: gradient of h in, the
   * part of it that goes straight to h before out. */
  void        (*gru_gates_back) (AriettaReal *gates, AriettaReal *hidden, AriettaReal *dh,
                                 const AriettaReal *h_before, size_t H);

  void        (*adam) (AriettaReal *w, AriettaReal *m, AriettaReal *v, const AriettaReal *dw,
                       const AriettaAdamStep *s, size_t n);

  /* c (rows,columns) = a (rows,K) . panel (K,ARIETTA_PANEL), or += if add; see arietta-packed.h.  A row of
   * c depends on its own row of a alone, whatever the number of rows. */
  void        (*panel) (AriettaReal *c, size_t ldc, const AriettaReal *a, size_t lda,
                        const AriettaReal *panel, size_t K, int rows, int columns, int add);

  /* Of the columns of a panel x (n,ARIETTA_PANEL), each column by itself: max = the greatest; then
   * x = e^(x - shift) and sums += x. */
  void        (*panel_max) (AriettaReal *max, const AriettaReal *x, size_t n);
  void        (*panel_exp) (AriettaReal *x, AriettaReal *sums, const AriettaReal *shift, size_t n);
  /* Softmax backward by columns: p = e^(p - lse), d = p (d - dot). */
  void        (*panel_softmax_back) (AriettaReal *p, AriettaReal *d, const AriettaReal *lse,
                                     const AriettaReal *dot, size_t n);

  /* One row, see arietta-norm.h: y = (x - mean) / deviation w + b, b may be NULL; mean is 0 unless centred.
   * stats: mean and 1 / deviation. */
  void        (*norm)      (AriettaReal *y, AriettaReal *stats, const AriettaReal *x, const AriettaReal *w,
                            const AriettaReal *b, AriettaReal epsilon, int centred, size_t n);
  /* dx, dw and db are added to; db may be NULL. */
  void        (*norm_back) (AriettaReal *dx, AriettaReal *dw, AriettaReal *db, const AriettaReal *dy,
                            const AriettaReal *x, const AriettaReal *w, const AriettaReal *stats,
                            int centred, size_t n);

  /* y (n,rows) = x (n,D) . W (rows,D)^T for few n, W as stored, factors left out; rows of y ldy apart, of x
   * ldx.  A row of y depends on its own row of x alone.  Not the same bits from each version, as panel (). */
  void        (*dots[ARIETTA_N_STORED]) (AriettaReal *y, size_t ldy, const AriettaReal *x, size_t ldx,
                                         const void *W, int rows, size_t D, int n);
  /* y (D) = sum over j of w[j] x[j] of rows x (n,D); nor here. */
  void        (*weigh_rows) (AriettaReal *y, const AriettaReal *w, const AriettaReal *x, size_t n, size_t D);
  /* Sum of what x (n) costs; beta is for HUBER. */
  double      (*distance)      (AriettaDistance kind, const AriettaReal *x, const AriettaReal *t,
                                AriettaReal beta, size_t n);
  /* dx (n) += factor d cost / d x */
  void        (*distance_back) (AriettaReal *dx, AriettaDistance kind, const AriettaReal *x,
                                const AriettaReal *t, AriettaReal beta, AriettaReal factor, size_t n);

  /* y (n) standard normal of u (n) in 0 < u <= 1 and v (n) in 0 <= v < 1, as arietta_random_normal () makes them */
  void        (*normals)        (AriettaReal *y, const double *u, const double *v, size_t n);
  /* z (n) = mu + e^(logvar / 2) eps */
  void        (*reparameterise) (AriettaReal *z, const AriettaReal *mu, const AriettaReal *logvar,
                                 const AriettaReal *eps, size_t n);
  /* 1/2 sum of mu^2 + e^logvar - 1 - logvar */
  double      (*divergence)     (const AriettaReal *mu, const AriettaReal *logvar, size_t n);
  /* y (n) += factor (e^x - 1) */
  void        (*add_expm1)      (AriettaReal *y, const AriettaReal *x, AriettaReal factor, size_t n);
} AriettaVector;

const AriettaVector *arietta_vector        (void);

/* By name, or NULL if there is none or this processor lacks it. */
const AriettaVector *arietta_vector_find   (const char *name);

/* Chooses for the whole process, as ARIETTA_KERNELS does; 0 if that name is not to be had.  For tests:
 * not while kernels run. */
int                  arietta_vector_choose (const char *name);
