/* Moving and adding up along dimensions. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-private.h"

#include "math/arietta-elementwise.h"
#include "math/arietta-shape.h"
#include "nn/arietta-graph-shape.h"

#include <string.h>

/* The dimension meant, or -1 with words if @x has none such. */
static int
dimension_of (const AriettaTensor *x,
              int                  dimension,
              GString             *why)
{
  int n_dims = x != NULL && !x->is_int ? x->n_dims : 0;
  int counted = dimension < 0 ? n_dims + dimension : dimension;

  if (counted < 0 || counted >= n_dims)
    {
      g_autofree char *text = arietta_tensor_describe (x);

      g_string_printf (why, "%s has no dimension %d of real numbers", text, dimension);
      return -1;
    }

  return counted;
}

/* The product of dimensions from .. to - 1. */
static gsize
span (const AriettaTensor *x,
      int                  from,
      int                  to)
{
  gsize n = 1;

  for (int i = from; i < to; i++)
    n *= (gsize) x->shape[i];

  return n;
}

/* Reshape.  y = x;  dx = dy. */

static gboolean
reshape_shape (AriettaGraph *graph,
               AriettaOp    *op,
               GString      *why)
{
  const AriettaTensor *x = op->inputs[0];
  int                  shape[ARIETTA_MAX_DIMS];
  int                  open = -1;
  gsize                n = 1;

  memcpy (shape, op->settings, sizeof shape);
  for (int i = 0; i < op->from; i++)
    if (shape[i] == -1 && open < 0)
      open = i;
    else if (shape[i] < 1 || !g_size_checked_mul (&n, n, (gsize) shape[i]))
      n = 0;
  if (x != NULL && open >= 0 && n > 0 && x->n % n == 0)
    {
      shape[open] = (int) (x->n / n);
      n *= (gsize) shape[open];
    }

  if (x == NULL || x->is_int || n != x->n)
    {
      g_autofree char *text = arietta_tensor_describe (x);

      g_string_printf (why, "%s has not as many real numbers as the shape asked for", text);
      return FALSE;
    }

  arietta_op_output (graph, op, FALSE, op->from, shape);

  return TRUE;
}

static void
reshape_forward (AriettaOp *op)
{
  memcpy (op->outputs[0]->value, op->inputs[0]->value, op->outputs[0]->n * sizeof (AriettaReal));
}

static void
reshape_backward (AriettaOp *op)
{
  arietta_add_scaled (op->inputs[0]->gradient, op->outputs[0]->gradient, 1, op->outputs[0]->n);
}

static const AriettaOperation reshape = {
  "reshape", 0, reshape_shape, reshape_forward, reshape_backward,
};

AriettaNode
arietta_graph_reshape (AriettaGraph *self,
                       AriettaNode   x,
                       int           n_dims,
                       const int    *shape)
{
  AriettaOp settings = { .from = n_dims };

  g_return_val_if_fail (n_dims >= 0 && n_dims <= ARIETTA_MAX_DIMS, -1);
  G_STATIC_ASSERT (G_N_ELEMENTS (settings.settings) >= ARIETTA_MAX_DIMS);

  memcpy (settings.settings, shape, sizeof *shape * (gsize) n_dims);

  return arietta_graph_add_unary (self, &reshape, &settings, x);
}

/* Transpose.  y (A,N,B,M,C) = x (A,M,B,N,C);  dx the same of dy, the other way. */

static gboolean
transpose_shape (AriettaGraph *graph,
                 AriettaOp    *op,
                 GString      *why)
{
  const AriettaTensor *x = op->inputs[0];
  int                  first = dimension_of (x, op->settings[0], why);
  int                  second = dimension_of (x, op->settings[1], why);
  int                  shape[ARIETTA_MAX_DIMS];

  if (first < 0 || second < 0)
    return FALSE;

  op->settings[0] = MIN (first, second);
  op->settings[1] = MAX (first, second);
  memcpy (shape, x->shape, sizeof shape);
  shape[first] = x->shape[second];
  shape[second] = x->shape[first];
  arietta_op_output (graph, op, FALSE, x->n_dims, shape);

  return TRUE;
}

static void
transpose_forward (AriettaOp *op)
{
  const AriettaTensor *x = op->inputs[0];
  const int            first = op->settings[0], second = op->settings[1];

  if (first == second)
    reshape_forward (op);
  else
    arietta_swap_copy (op->outputs[0]->value, x->value, span (x, 0, first), (gsize) x->shape[first],
                       span (x, first + 1, second), (gsize) x->shape[second],
                       span (x, second + 1, x->n_dims));
}

static void
transpose_backward (AriettaOp *op)
{
  const AriettaTensor *x = op->inputs[0];
  const int            first = op->settings[0], second = op->settings[1];

  if (first == second)
    reshape_backward (op);
  else
    arietta_swap_add (x->gradient, op->outputs[0]->gradient, span (x, 0, first),
                      (gsize) x->shape[second], span (x, first + 1, second),
                      (gsize) x->shape[first], span (x, second + 1, x->n_dims));
}

static const AriettaOperation transpose = {
  "transpose", 0, transpose_shape, transpose_forward, transpose_backward,
};

AriettaNode
arietta_graph_transpose (AriettaGraph *self,
                         AriettaNode   x,
                         int           first,
                         int           second)
{
  return arietta_graph_add_unary (self, &transpose, &(AriettaOp) { .settings = { first, second } }, x);
}

/* Sum and mean.  y (A,C) = factor times the sum over n of x (A,N,C);  dx = factor dy for every n. */

enum
{
  SUM_DIMENSION,
  SUM_ALL,  /* of it: no dimension is left */
};

static gboolean
sum_shape (AriettaGraph *graph,
           AriettaOp    *op,
           GString      *why)
{
  const AriettaTensor *x = op->inputs[0];
  int                  shape[ARIETTA_MAX_DIMS], dimension, n_dims = 0;

  if (op->settings[SUM_ALL])
    {
      if (x == NULL || x->is_int)
        return arietta_op_refuse (op, why, "a tensor of real numbers");

      op->divisor = (double) x->n;
      arietta_op_output (graph, op, FALSE, 0, NULL);
      return TRUE;
    }

  dimension = dimension_of (x, op->settings[SUM_DIMENSION], why);
  if (dimension < 0)
    return FALSE;

  for (int i = 0; i < x->n_dims; i++)
    if (i != dimension)
      shape[n_dims++] = x->shape[i];
  op->settings[SUM_DIMENSION] = dimension;
  op->divisor = x->shape[dimension];
  arietta_op_output (graph, op, FALSE, n_dims, shape);

  return TRUE;
}

static AriettaReal
sum_factor (const AriettaOp *op)
{
  return (AriettaReal) (op->number != 0 ? 1.0 / op->divisor : 1.0);
}

static void
sum_forward (AriettaOp *op)
{
  const AriettaTensor *x = op->inputs[0];
  const int            d = op->settings[SUM_DIMENSION];

  if (op->settings[SUM_ALL])
    arietta_sum_forward (op->outputs[0]->value, x->value, sum_factor (op), 1, x->n, 1);
  else
    arietta_sum_forward (op->outputs[0]->value, x->value, sum_factor (op), span (x, 0, d),
                         (gsize) x->shape[d], span (x, d + 1, x->n_dims));
}

static void
sum_backward (AriettaOp *op)
{
  const AriettaTensor *x = op->inputs[0];
  const int            d = op->settings[SUM_DIMENSION];

  if (op->settings[SUM_ALL])
    arietta_sum_backward (x->gradient, op->outputs[0]->gradient, sum_factor (op), 1, x->n, 1);
  else
    arietta_sum_backward (x->gradient, op->outputs[0]->gradient, sum_factor (op), span (x, 0, d),
                          (gsize) x->shape[d], span (x, d + 1, x->n_dims));
}

static const AriettaOperation sum = { "sum", 0, sum_shape, sum_forward, sum_backward };
static const AriettaOperation mean = { "mean", 0, sum_shape, sum_forward, sum_backward };

AriettaNode
arietta_graph_sum (AriettaGraph *self,
                   AriettaNode   x,
                   int           dimension)
{
  return arietta_graph_add_unary (self, &sum, &(AriettaOp) { .settings = { dimension, FALSE } }, x);
}

AriettaNode
arietta_graph_mean (AriettaGraph *self,
                    AriettaNode   x,
                    int           dimension)
{
  return arietta_graph_add_unary (self, &mean, &(AriettaOp) { .settings = { dimension, FALSE }, .number = 1 }, x);
}

AriettaNode
arietta_graph_sum_all (AriettaGraph *self,
                       AriettaNode   x)
{
  return arietta_graph_add_unary (self, &sum, &(AriettaOp) { .settings = { 0, TRUE } }, x);
}

AriettaNode
arietta_graph_mean_all (AriettaGraph *self,
                        AriettaNode   x)
{
  return arietta_graph_add_unary (self, &mean, &(AriettaOp) { .settings = { 0, TRUE }, .number = 1 }, x);
}
