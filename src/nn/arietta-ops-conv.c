/* Convolution, its transpose, and pooling. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-conv.h"
#include "nn/arietta-graph-private.h"

#include "math/arietta-conv.h"
#include "math/arietta-pooling.h"

#include <math.h>

/* What the shape rule makes of sizes and settings. */
typedef struct
{
  AriettaConvSettings  settings;
  AriettaConv         *conv;
  gboolean             transposed;
} Plan;

static void
plan_free_cb (gpointer data)
{
  Plan *plan = data;

  arietta_conv_free (plan->conv);
  g_free (plan);
}

static AriettaConvSettings
complete (const AriettaConvSettings *settings)
{
  AriettaConvSettings s = settings != NULL ? *settings : (AriettaConvSettings) { 0 };

  for (int axis = 0; axis < 2; axis++)
    {
      s.stride[axis] = s.stride[axis] == 0 ? 1 : s.stride[axis];
      s.dilation[axis] = s.dilation[axis] == 0 ? 1 : s.dilation[axis];
    }
  s.groups = s.groups == 0 ? 1 : s.groups;

  return s;
}

/* Sizes of an image, or of a sequence as an image one place wide.  FALSE if it is neither. */
static gboolean
image_size (const AriettaTensor *x,
            int                  size[4])
{
  if (x == NULL || x->is_int || (x->n_dims != 4 && x->n_dims != 3))
    return FALSE;

  size[0] = x->shape[0];
  size[1] = x->shape[1];
  size[2] = x->n_dims == 4 ? x->shape[2] : 1;
  size[3] = x->shape[x->n_dims - 1];

  return TRUE;
}

static gboolean
refuse (const AriettaOp *op,
        GString         *why,
        const char      *rule)
{
  const AriettaConvSettings *s = &((const Plan *) op->plan)->settings;
  g_autofree char           *x = arietta_tensor_describe (op->inputs[0]);
  g_autofree char           *W = arietta_tensor_describe (op->inputs[1]);
  g_autofree char           *b = arietta_tensor_describe (op->inputs[2]);

  g_string_printf (why, "x %s, weight %s and bias %s with stride %d,%d, padding %d,%d, dilation %d,%d and %d groups: %s",
                   x, W, b, s->stride[0], s->stride[1], s->padding[0], s->padding[1], s->dilation[0], s->dilation[1],
                   s->groups, rule);

  return FALSE;
}

static gboolean
settings_are_sound (const AriettaConvSettings *s)
{
  const int most = 4096;

  for (int axis = 0; axis < 2; axis++)
    if (s->stride[axis] < 1 || s->stride[axis] > most || s->padding[axis] < 0 || s->padding[axis] > most
        || s->dilation[axis] < 1 || s->dilation[axis] > most || s->output_padding[axis] < 0
        || s->output_padding[axis] >= MAX (s->stride[axis], s->dilation[axis]))
      return FALSE;

  return s->groups >= 1;
}

/* Convolution.  y = x * W + b (the header has the formula);
 *   dx = the adjoint of W on dy,  dW[i][j] = sum over places of x^T dy,  db = sum over places of dy.
 * Transposed.  y = the adjoint of W on x, + b;
 *   dx = dy * W,  dW[i][j] = sum over places of dy^T x,  db = sum over places of dy. */

static gboolean
conv_shape (AriettaGraph *graph,
            AriettaOp    *op,
            GString      *why)
{
  Plan                      *plan = op->plan;
  const AriettaConvSettings *s = &plan->settings;
  const AriettaTensor       *x = op->inputs[0], *W = op->inputs[1], *b = op->inputs[2];
  const gboolean             T = plan->transposed;
  AriettaConvShape           c = { .groups = s->groups };
  int                        size[4], out[2], n_out, shape[ARIETTA_MAX_DIMS];

  if (!settings_are_sound (s))
    return refuse (op, why, "a setting is out of its range");
  if (!image_size (x, size))
    return refuse (op, why, "x must be (B,H,W,C) or (B,T,C)");
  if (W == NULL || W->is_int || W->n_dims != x->n_dims)
    return refuse (op, why, "the weight must have as many dimensions as x");

  c.kernel[0] = W->shape[0];
  c.kernel[1] = W->n_dims == 4 ? W->shape[1] : 1;
  for (int axis = 0; axis < 2; axis++)
    {
      c.stride[axis] = s->stride[axis];
      c.padding[axis] = s->padding[axis];
      c.dilation[axis] = s->dilation[axis];
    }
  n_out = T ? W->shape[W->n_dims - 2] * s->groups : W->shape[W->n_dims - 1];
  if (size[3] % s->groups != 0 || n_out % s->groups != 0
      || (T ? W->shape[W->n_dims - 1] : W->shape[W->n_dims - 2] * s->groups) != size[3])
    return refuse (op, why, T ? "they do not fit (B,H,W,C) and (KH,KW,D/G,C)" : "they do not fit (B,H,W,C) and (KH,KW,C/G,D)");
  if (b != NULL && (b->is_int || b->n_dims != 1 || b->shape[0] != n_out))
    return refuse (op, why, "the bias must have a number for each channel of the outcome");

  for (int axis = 0; axis < 2; axis++)
    {
      out[axis] = T ? (size[1 + axis] - 1) * s->stride[axis] - 2 * s->padding[axis]
                      + s->dilation[axis] * (c.kernel[axis] - 1) + s->output_padding[axis] + 1
                    : arietta_conv_narrow (&c, axis, size[1 + axis]);
      if (out[axis] < 1)
        return refuse (op, why, "nothing is left");
    }

  c.B = size[0];
  c.H = T ? out[0] : size[1];
  c.W = T ? out[1] : size[2];
  c.C = T ? n_out : size[3];
  c.P = T ? size[1] : out[0];
  c.Q = T ? size[2] : out[1];
  c.D = T ? size[3] : n_out;
  plan->conv = arietta_conv_new (&c);

  shape[0] = size[0];
  shape[1] = out[0];
  shape[2] = out[1];
  shape[x->n_dims - 1] = n_out;
  arietta_op_output (graph, op, FALSE, x->n_dims, shape);

  op->n_work = arietta_conv_room (plan->conv, T ? ARIETTA_CONV_NARROW : ARIETTA_CONV_WIDE, FALSE)
               + arietta_conv_packed (plan->conv, T ? ARIETTA_CONV_NARROW : ARIETTA_CONV_WIDE);
  op->n_scratch = arietta_conv_room (plan->conv, ARIETTA_CONV_WIDE, T)
                  + arietta_conv_room (plan->conv, ARIETTA_CONV_NARROW, !T)
                  + arietta_conv_packed (plan->conv, T ? ARIETTA_CONV_WIDE : ARIETTA_CONV_NARROW)
                  + arietta_conv_partials (plan->conv);

  return TRUE;
}

static void
conv_forward (AriettaOp *op)
{
  const Plan             *plan = op->plan;
  const AriettaConvWhich  which = plan->transposed ? ARIETTA_CONV_NARROW : ARIETTA_CONV_WIDE;
  AriettaConvSide         x = { .values = arietta_values (op->inputs[0]), .room = op->work };
  AriettaReal            *packed = op->work + arietta_conv_room (plan->conv, which, FALSE);

  (plan->transposed ? arietta_conv_scatter : arietta_conv_gather)
    (plan->conv, arietta_values (op->outputs[0]), &x, arietta_values (op->inputs[1]), arietta_values (op->inputs[2]),
     (AriettaReal) op->slope, FALSE, packed);
}

static void
conv_backward (AriettaOp *op)
{
  const Plan         *plan = op->plan;
  const gboolean      T = plan->transposed;
  const AriettaReal  *y = op->slope != 1 ? arietta_values (op->outputs[0]) : NULL;
  AriettaReal        *wide_room = op->scratch;
  AriettaReal        *narrow_room = wide_room + arietta_conv_room (plan->conv, ARIETTA_CONV_WIDE, T);
  AriettaReal        *packed = narrow_room + arietta_conv_room (plan->conv, ARIETTA_CONV_NARROW, !T);
  AriettaReal        *partials = packed + arietta_conv_packed (plan->conv, T ? ARIETTA_CONV_WIDE : ARIETTA_CONV_NARROW);
  AriettaConvSide     x = { .values = arietta_values (op->inputs[0]), .room = T ? narrow_room : wide_room };
  AriettaConvSide     dy = { op->outputs[0]->gradient, y, (AriettaReal) op->slope, T ? wide_room : narrow_room, FALSE };

  if (op->inputs[0]->gradient != NULL)
    (T ? arietta_conv_gather : arietta_conv_scatter)
      (plan->conv, op->inputs[0]->gradient, &dy, arietta_values (op->inputs[1]), NULL, 1,
       !(op->sets & ARIETTA_KEEP_INPUT (0)), packed);

  arietta_conv_weights (plan->conv, arietta_gradient (op->inputs[1]), arietta_gradient (op->inputs[2]),
                        T ? ARIETTA_CONV_WIDE : ARIETTA_CONV_NARROW, T ? &dy : &x, T ? &x : &dy, partials);
}

static const AriettaOperation conv = {
  "conv", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_INPUT (1), conv_shape, conv_forward, conv_backward,
  .rectifies = TRUE, .sets = ARIETTA_KEEP_INPUT (0),
};

static const AriettaOperation conv_transposed = {
  "conv-transposed", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_INPUT (1), conv_shape, conv_forward, conv_backward,
  .rectifies = TRUE, .sets = ARIETTA_KEEP_INPUT (0),
};

static AriettaNode
add_conv (AriettaGraph              *self,
          AriettaNode                x,
          AriettaNode                weight,
          AriettaNode                bias,
          const AriettaConvSettings *settings,
          gboolean                   transposed)
{
  Plan      *plan = g_new0 (Plan, 1);
  AriettaOp *op;

  plan->settings = complete (settings);
  plan->transposed = transposed;
  op = arietta_graph_add_op (self, transposed ? &conv_transposed : &conv,
                             &(AriettaOp) { .plan = plan, .plan_free = plan_free_cb },
                             (const AriettaNode[]) { x, weight, bias }, 3);
  if (op == NULL)
    plan_free_cb (plan);

  return op != NULL ? op->output_nodes[0] : -1;
}

AriettaNode
arietta_graph_conv (AriettaGraph              *self,
                    AriettaNode                x,
                    AriettaNode                weight,
                    AriettaNode                bias,
                    const AriettaConvSettings *settings)
{
  return add_conv (self, x, weight, bias, settings, FALSE);
}

AriettaNode
arietta_graph_conv_transposed (AriettaGraph              *self,
                               AriettaNode                x,
                               AriettaNode                weight,
                               AriettaNode                bias,
                               const AriettaConvSettings *settings)
{
  return add_conv (self, x, weight, bias, settings, TRUE);
}

static AriettaNode
add_named (AriettaGraph              *self,
           AriettaNode                x,
           const char                *name,
           const AriettaConvSettings *settings,
           gboolean                   transposed)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);
  gboolean         has_bias = arietta_params_find (self->params, bias) != NULL;

  return add_conv (self, x, arietta_graph_param (self, weight),
                   has_bias ? arietta_graph_param (self, bias) : ARIETTA_NODE_NONE, settings, transposed);
}

AriettaNode
arietta_graph_conv_named (AriettaGraph              *self,
                          AriettaNode                x,
                          const char                *name,
                          const AriettaConvSettings *settings)
{
  return add_named (self, x, name, settings, FALSE);
}

AriettaNode
arietta_graph_conv_transposed_named (AriettaGraph              *self,
                                     AriettaNode                x,
                                     const char                *name,
                                     const AriettaConvSettings *settings)
{
  return add_named (self, x, name, settings, TRUE);
}

static void
add_params (AriettaParams *params,
            const char    *name,
            int            height,
            int            width,
            int            rows,
            int            columns,
            int            n_bias)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);
  const double     scale = 1.0 / sqrt ((double) height * width * rows);

  arietta_params_add (params, weight, ARIETTA_INIT_UNIFORM, scale, ARIETTA_SHAPE (height, width, rows, columns));
  if (n_bias > 0)
    arietta_params_add (params, bias, ARIETTA_INIT_UNIFORM, scale, ARIETTA_SHAPE (n_bias));
}

void
arietta_params_add_conv (AriettaParams *params,
                         const char    *name,
                         int            height,
                         int            width,
                         int            n_in,
                         int            n_out,
                         int            groups,
                         gboolean       bias)
{
  add_params (params, name, height, width, n_in / groups, n_out, bias ? n_out : 0);
}

void
arietta_params_add_conv_transposed (AriettaParams *params,
                                    const char    *name,
                                    int            height,
                                    int            width,
                                    int            n_in,
                                    int            n_out,
                                    int            groups,
                                    gboolean       bias)
{
  add_params (params, name, height, width, n_out / groups, n_in, bias ? n_out : 0);
}

/* Pooling.  y = the largest or the mean of each window; the first of the largest, or all places in equal shares,
 * get dy. */

static gboolean
pool_shape (AriettaGraph *graph,
            AriettaOp    *op,
            GString      *why)
{
  AriettaPoolingShape *p = op->plan;
  const AriettaTensor *x = op->inputs[0];
  int                  size[4], shape[ARIETTA_MAX_DIMS];

  if (!image_size (x, size) || p->size[0] < 1 || p->size[1] < 1 || p->stride[0] < 1 || p->stride[1] < 1
      || size[1] < p->size[0] || size[2] < p->size[1])
    {
      g_autofree char *text = arietta_tensor_describe (x);

      g_string_printf (why, "x %s, which must be (B,H,W,C) or (B,T,C), has no window of %d,%d every %d,%d places", text,
                       p->size[0], p->size[1], p->stride[0], p->stride[1]);
      return FALSE;
    }

  p->B = size[0];
  p->H = size[1];
  p->W = size[2];
  p->C = size[3];
  p->P = (size[1] - p->size[0]) / p->stride[0] + 1;
  p->Q = (size[2] - p->size[1]) / p->stride[1] + 1;
  shape[0] = p->B;
  shape[1] = p->P;
  shape[2] = p->Q;
  shape[x->n_dims - 1] = p->C;
  arietta_op_output (graph, op, FALSE, x->n_dims, shape);

  return TRUE;
}

static void
pool_forward (AriettaOp *op)
{
  arietta_pooling_forward (op->plan, arietta_values (op->outputs[0]), arietta_values (op->inputs[0]));
}

static void
pool_backward (AriettaOp *op)
{
  arietta_pooling_backward (op->plan, op->inputs[0]->gradient, op->outputs[0]->gradient, arietta_values (op->inputs[0]),
                            arietta_values (op->outputs[0]), !(op->sets & ARIETTA_KEEP_INPUT (0)));
}

static const AriettaOperation pool_largest = {
  "pool-largest", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_OUTPUTS, pool_shape, pool_forward, pool_backward,
  .sets = ARIETTA_KEEP_INPUT (0),
};

static const AriettaOperation pool_mean = {
  "pool-mean", 0, pool_shape, pool_forward, pool_backward, .sets = ARIETTA_KEEP_INPUT (0),
};

static AriettaNode
add_pool (AriettaGraph *self,
          AriettaNode   x,
          int           height,
          int           width,
          int           stride,
          gboolean      largest)
{
  AriettaPoolingShape *p = g_new0 (AriettaPoolingShape, 1);
  AriettaOp           *op;

  p->size[0] = height;
  p->size[1] = width;
  p->stride[0] = stride == 0 ? height : stride;
  p->stride[1] = stride == 0 ? width : stride;
  p->largest = largest;
  op = arietta_graph_add_op (self, largest ? &pool_largest : &pool_mean,
                             &(AriettaOp) { .plan = p, .plan_free = g_free }, &x, 1);
  if (op == NULL)
    g_free (p);

  return op != NULL ? op->output_nodes[0] : -1;
}

AriettaNode
arietta_graph_pool_largest (AriettaGraph *self,
                            AriettaNode   x,
                            int           height,
                            int           width,
                            int           stride)
{
  return add_pool (self, x, height, width, stride, TRUE);
}

AriettaNode
arietta_graph_pool_mean (AriettaGraph *self,
                         AriettaNode   x,
                         int           height,
                         int           width,
                         int           stride)
{
  return add_pool (self, x, height, width, stride, FALSE);
}
