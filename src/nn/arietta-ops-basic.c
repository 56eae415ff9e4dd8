/* Element by element, side by side, and chance. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-private.h"

#include "math/arietta-dropout.h"
#include "math/arietta-elementwise.h"
#include "math/arietta-loss.h"

#include <string.h>

/* For the rules of two inputs: says why they do not fit and returns FALSE. */
static gboolean
refuse (GString             *why,
        const AriettaTensor *a,
        const AriettaTensor *b,
        const char          *rule)
{
  g_autofree char *a_text = arietta_tensor_describe (a), *b_text = arietta_tensor_describe (b);

  g_string_printf (why, "%s and %s: %s", a_text, b_text, rule);

  return FALSE;
}

/* The rule of everything that gives back the shape of its one input. */
static gboolean
unary_shape (AriettaGraph *graph,
             AriettaOp    *op,
             GString      *why)
{
  const AriettaTensor *x = op->inputs[0];

  if (x == NULL || x->is_int)
    return arietta_op_refuse (op, why, "a tensor of real numbers");

  arietta_op_output (graph, op, FALSE, x->n_dims, x->shape);

  return TRUE;
}

static AriettaNode
add_binary (AriettaGraph           *self,
            const AriettaOperation *operation,
            AriettaNode             a,
            AriettaNode             b)
{
  AriettaOp *op = arietta_graph_add_op (self, operation, NULL, (const AriettaNode[]) { a, b }, 2);

  return op != NULL ? op->output_nodes[0] : -1;
}

/* Activation.  y = f (x);  dx = dy f'(x).  The functions are listed in math/arietta-vector.h. */

static void
activation_forward (AriettaOp *op)
{
  arietta_activation_forward (arietta_values (op->outputs[0]), arietta_values (op->inputs[0]),
                              op->activation, op->outputs[0]->n);
}

static void
activation_backward (AriettaOp *op)
{
  arietta_activation_backward (op->inputs[0]->gradient, op->outputs[0]->gradient,
                               arietta_values (op->inputs[0]), arietta_values (op->outputs[0]),
                               op->activation, op->outputs[0]->n);
}

static const AriettaOperation activation = {
  "activation", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_OUTPUTS,
  unary_shape, activation_forward, activation_backward,
};

gboolean
arietta_op_is_rectifier (const AriettaOp *op)
{
  return op->operation == &activation
         && (op->activation == ARIETTA_RELU || op->activation == ARIETTA_LEAKY_RELU);
}

double
arietta_op_slope (const AriettaOp *op)
{
  return op->activation == ARIETTA_LEAKY_RELU ? 0.2 : 0;
}

AriettaNode
arietta_graph_activation (AriettaGraph      *self,
                          AriettaNode        x,
                          AriettaActivation  function)
{
  g_return_val_if_fail (function < ARIETTA_N_ACTIVATIONS, -1);

  return arietta_graph_add_unary (self, &activation, &(AriettaOp) { .activation = function }, x);
}

/* Add.  y (R,n) = a (R,n) + b (n), R = 1 if the shapes are equal;  da = dy, db = sum over R of dy. */

static gboolean
add_shape (AriettaGraph *graph,
           AriettaOp    *op,
           GString      *why)
{
  const AriettaTensor *a = op->inputs[0], *b = op->inputs[1];

  if (a == NULL || b == NULL || a->is_int || b->is_int || b->n_dims > a->n_dims
      || memcmp (a->shape + a->n_dims - b->n_dims, b->shape, sizeof (int) * b->n_dims) != 0)
    return refuse (why, a, b, "the second must have the shape, or the end of the shape, of the first");

  arietta_op_output (graph, op, FALSE, a->n_dims, a->shape);

  return TRUE;
}

static void
add_forward (AriettaOp *op)
{
  arietta_add_forward (arietta_values (op->outputs[0]), arietta_values (op->inputs[0]),
                       arietta_values (op->inputs[1]),
                       op->inputs[0]->n / op->inputs[1]->n, op->inputs[1]->n);
}

static void
add_backward (AriettaOp *op)
{
  const AriettaReal *dy = op->outputs[0]->gradient;

  if (op->inputs[0]->gradient != NULL)
    arietta_add_scaled (op->inputs[0]->gradient, dy, 1, op->inputs[0]->n);
  if (op->inputs[1]->gradient != NULL)
    arietta_sum_rows (op->inputs[1]->gradient, dy, op->inputs[0]->n / op->inputs[1]->n,
                      op->inputs[1]->n);
}

static const AriettaOperation add = { "add", 0, add_shape, add_forward, add_backward };

AriettaNode
arietta_graph_add (AriettaGraph *self,
                   AriettaNode   a,
                   AriettaNode   b)
{
  return add_binary (self, &add, a, b);
}

/* Multiply.  y = a b element by element;  da = dy b, db = dy a. */

static gboolean
multiply_shape (AriettaGraph *graph,
                AriettaOp    *op,
                GString      *why)
{
  const AriettaTensor *a = op->inputs[0], *b = op->inputs[1];

  if (a == NULL || b == NULL || a->is_int || b->is_int || !arietta_tensor_same_shape (a, b))
    return refuse (why, a, b, "the shapes must be equal");

  arietta_op_output (graph, op, FALSE, a->n_dims, a->shape);

  return TRUE;
}

static void
multiply_forward (AriettaOp *op)
{
  arietta_multiply_forward (arietta_values (op->outputs[0]), arietta_values (op->inputs[0]),
                            arietta_values (op->inputs[1]), op->outputs[0]->n);
}

static void
multiply_backward (AriettaOp *op)
{
  for (int k = 0; k < 2; k++)
    if (op->inputs[k]->gradient != NULL)
      arietta_add_product (op->inputs[k]->gradient, op->outputs[0]->gradient,
                           arietta_values (op->inputs[1 - k]), op->outputs[0]->n);
}

static const AriettaOperation multiply = {
  "multiply", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_INPUT (1),
  multiply_shape, multiply_forward, multiply_backward,
};

AriettaNode
arietta_graph_multiply (AriettaGraph *self,
                        AriettaNode   a,
                        AriettaNode   b)
{
  return add_binary (self, &multiply, a, b);
}

/* Scale.  y = k x;  dx = k dy. */

static void
scale_forward (AriettaOp *op)
{
  memset (op->outputs[0]->value, 0, op->outputs[0]->n * sizeof (AriettaReal));
  arietta_add_scaled (arietta_values (op->outputs[0]), arietta_values (op->inputs[0]),
                      (AriettaReal) op->number, op->outputs[0]->n);
}

static void
scale_backward (AriettaOp *op)
{
  arietta_add_scaled (op->inputs[0]->gradient, op->outputs[0]->gradient, (AriettaReal) op->number,
                      op->outputs[0]->n);
}

static const AriettaOperation scale = { "scale", 0, unary_shape, scale_forward, scale_backward };

AriettaNode
arietta_graph_scale (AriettaGraph *self,
                     AriettaNode   x,
                     double        factor)
{
  return arietta_graph_add_unary (self, &scale, &(AriettaOp) { .number = factor }, x);
}

/* Sum over the first dimension.  y (...) = sum over t of x (T,...);  dx[t] = dy for every t. */

static gboolean
sum_first_shape (AriettaGraph *graph,
                 AriettaOp    *op,
                 GString      *why)
{
  const AriettaTensor *x = op->inputs[0];

  if (x == NULL || x->is_int || x->n_dims < 2)
    return arietta_op_refuse (op, why, "a tensor of real numbers of two dimensions or more");

  arietta_op_output (graph, op, FALSE, x->n_dims - 1, x->shape + 1);

  return TRUE;
}

static void
sum_first_forward (AriettaOp *op)
{
  memset (op->outputs[0]->value, 0, op->outputs[0]->n * sizeof (AriettaReal));
  arietta_sum_rows (arietta_values (op->outputs[0]), arietta_values (op->inputs[0]), (gsize) op->inputs[0]->shape[0],
                    op->outputs[0]->n);
}

static void
sum_first_backward (AriettaOp *op)
{
  gsize n = op->outputs[0]->n;

  for (int t = 0; t < op->inputs[0]->shape[0]; t++)
    arietta_add_scaled (op->inputs[0]->gradient + (gsize) t * n, op->outputs[0]->gradient, 1, n);
}

static const AriettaOperation sum_first = {
  "sum-first", 0, sum_first_shape, sum_first_forward, sum_first_backward,
};

AriettaNode
arietta_graph_sum_first (AriettaGraph *self,
                         AriettaNode   x)
{
  return arietta_graph_add_unary (self, &sum_first, &(AriettaOp) { 0 }, x);
}

/* Concat.  The columns of y (N,D1+D2+...) are those of each input (N,Di) in turn; each gets its own columns
 * of dy. */

static gboolean
concat_shape (AriettaGraph *graph,
              AriettaOp    *op,
              GString      *why)
{
  const AriettaTensor *first = op->inputs[0];
  int                  shape[ARIETTA_MAX_DIMS], columns = 0;

  for (int i = 0; i < op->n_inputs; i++)
    {
      const AriettaTensor *x = op->inputs[i];

      if (x == NULL || first == NULL || x->is_int || x->n_dims < 1 || x->n_dims != first->n_dims
          || memcmp (x->shape, first->shape, sizeof (int) * (x->n_dims - 1)) != 0)
        return refuse (why, first, x, "only the last dimension may differ");
      columns += arietta_tensor_columns (x);
    }

  memcpy (shape, first->shape, sizeof shape);
  shape[first->n_dims - 1] = columns;
  arietta_op_output (graph, op, FALSE, first->n_dims, shape);

  return TRUE;
}

static void
concat_forward (AriettaOp *op)
{
  const AriettaTensor *y = op->outputs[0];

  for (int i = 0, at = 0; i < op->n_inputs; at += arietta_tensor_columns (op->inputs[i++]))
    arietta_columns_copy (y->value, op->inputs[i]->value, arietta_tensor_rows (y),
                          arietta_tensor_columns (y), at, arietta_tensor_columns (op->inputs[i]), 0,
                          arietta_tensor_columns (op->inputs[i]));
}

static void
concat_backward (AriettaOp *op)
{
  const AriettaTensor *y = op->outputs[0];

  for (int i = 0, at = 0; i < op->n_inputs; at += arietta_tensor_columns (op->inputs[i++]))
    if (op->inputs[i]->gradient != NULL)
      arietta_columns_add (op->inputs[i]->gradient, y->gradient, arietta_tensor_rows (y),
                           arietta_tensor_columns (op->inputs[i]), 0, arietta_tensor_columns (y), at,
                           arietta_tensor_columns (op->inputs[i]));
}

static const AriettaOperation concat = { "concat", 0, concat_shape, concat_forward, concat_backward };

AriettaNode
arietta_graph_concat (AriettaGraph      *self,
                      const AriettaNode *nodes,
                      int                n_nodes)
{
  AriettaOp *op;

  g_return_val_if_fail (n_nodes >= 1 && n_nodes <= ARIETTA_OP_MAX_INPUTS, -1);

  op = arietta_graph_add_op (self, &concat, NULL, nodes, n_nodes);

  return op != NULL ? op->output_nodes[0] : -1;
}

/* Slice.  y (N,n) = columns from .. from + n of x (N,D); dx gets dy there. */

static gboolean
slice_shape (AriettaGraph *graph,
             AriettaOp    *op,
             GString      *why)
{
  const AriettaTensor *x = op->inputs[0];
  int                  shape[ARIETTA_MAX_DIMS], n = (int) op->number;

  if (x == NULL || x->is_int || x->n_dims < 1 || op->from < 0 || n < 1
      || n > arietta_tensor_columns (x) - op->from)
    {
      g_autofree char *text = arietta_tensor_describe (x);

      g_string_printf (why, "%s has no %d columns from %d on", text, n, op->from);
      return FALSE;
    }

  memcpy (shape, x->shape, sizeof shape);
  shape[x->n_dims - 1] = n;
  arietta_op_output (graph, op, FALSE, x->n_dims, shape);

  return TRUE;
}

static void
slice_forward (AriettaOp *op)
{
  const AriettaTensor *x = op->inputs[0], *y = op->outputs[0];

  arietta_columns_copy (y->value, x->value, arietta_tensor_rows (x), arietta_tensor_columns (y), 0,
                        arietta_tensor_columns (x), op->from, arietta_tensor_columns (y));
}

static void
slice_backward (AriettaOp *op)
{
  const AriettaTensor *x = op->inputs[0], *y = op->outputs[0];

  arietta_columns_add (x->gradient, y->gradient, arietta_tensor_rows (x),
                       arietta_tensor_columns (x), op->from, arietta_tensor_columns (y), 0,
                       arietta_tensor_columns (y));
}

static const AriettaOperation slice = { "slice", 0, slice_shape, slice_forward, slice_backward };

AriettaNode
arietta_graph_slice (AriettaGraph *self,
                     AriettaNode   x,
                     int           from,
                     int           n)
{
  return arietta_graph_add_unary (self, &slice, &(AriettaOp) { .from = from, .number = n }, x);
}

/* Softmax over the last dimension.  y = e^x / sum e^x;  dx = y (dy - sum (dy y)). */

static void
softmax_forward (AriettaOp *op)
{
  arietta_softmax_forward (arietta_values (op->outputs[0]), arietta_values (op->inputs[0]),
                           arietta_tensor_rows (op->inputs[0]), arietta_tensor_columns (op->inputs[0]));
}

static void
softmax_backward (AriettaOp *op)
{
  arietta_softmax_backward (op->inputs[0]->gradient, op->outputs[0]->gradient,
                            arietta_values (op->outputs[0]),
                            arietta_tensor_rows (op->inputs[0]), arietta_tensor_columns (op->inputs[0]));
}

static const AriettaOperation softmax = {
  "softmax", ARIETTA_KEEP_OUTPUTS, unary_shape, softmax_forward, softmax_backward,
};

AriettaNode
arietta_graph_softmax (AriettaGraph *self,
                       AriettaNode   x)
{
  return arietta_graph_add_unary (self, &softmax, NULL, x);
}

/* Dropout.  y = m x / (1 - p), m = 0 with chance p;  dx = m dy / (1 - p). */

static void
dropout_forward (AriettaOp *op)
{
  if (!op->replay)
    op->seed = arietta_random_next (op->stream);
  arietta_dropout_forward (arietta_values (op->outputs[0]), arietta_values (op->inputs[0]),
                           (AriettaReal) op->number, op->seed, op->outputs[0]->n);
}

static void
dropout_backward (AriettaOp *op)
{
  arietta_dropout_backward (op->inputs[0]->gradient, op->outputs[0]->gradient,
                            (AriettaReal) op->number, op->seed, op->outputs[0]->n);
}

static const AriettaOperation dropout = { "dropout", 0, unary_shape, dropout_forward, dropout_backward };

AriettaNode
arietta_graph_dropout (AriettaGraph  *self,
                       AriettaNode    x,
                       double         rate,
                       AriettaRandom *stream)
{
  g_return_val_if_fail (rate >= 0.0 && rate < 1.0, -1);

  if (self->mode == ARIETTA_GRAPH_EVAL || rate == 0.0)
    return x;

  return arietta_graph_add_unary (self, &dropout, &(AriettaOp) { .number = rate, .stream = stream }, x);
}

/* Normal.  Numbers from a stream; no gradient. */

static gboolean
normal_shape (AriettaGraph *graph,
              AriettaOp    *op,
              GString      *why)
{
  /* The shape came as the settings' input shape, see below. */
  return TRUE;
}

static void
normal_forward (AriettaOp *op)
{
  enum { PART = 256 };
  AriettaReal *y = op->outputs[0]->value;
  const gsize  n = op->outputs[0]->n;
  double       u[PART], v[PART];

  for (gsize at = 0; !op->replay && at < n; at += PART)
    {
      const gsize part = MIN (PART, n - at);

      for (gsize i = 0; i < part; i++)
        {
          u[i] = 1 - arietta_random_uniform (op->stream);
          v[i] = arietta_random_uniform (op->stream);
        }
      arietta_vector ()->normals (y + at, u, v, part);
    }
}

static const AriettaOperation normal = { "normal", 0, normal_shape, normal_forward, NULL };

AriettaNode
arietta_graph_normal (AriettaGraph  *self,
                      AriettaRandom *stream,
                      int            n_dims,
                      const int     *shape)
{
  AriettaOp  settings = { .stream = stream };
  AriettaOp *op;

  for (int i = 0; i < n_dims; i++)
    g_return_val_if_fail (shape[i] > 0, -1);

  arietta_op_output (self, &settings, FALSE, n_dims, shape);
  /* Kept, so that a step can be run again with the same numbers. */
  settings.outputs[0]->kept = TRUE;
  op = arietta_graph_add_op (self, &normal, &settings, NULL, 0);

  return op != NULL ? op->output_nodes[0] : -1;
}
