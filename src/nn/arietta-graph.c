/* Building, compiling and running; what the operations do is in arietta-ops-*.c. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-private.h"

#include "base/arietta-error.h"
#include "math/arietta-optimise.h"
#include "nn/arietta-nn-error.h"

#include <string.h>

#define NODE_VOID (-1)

static void
tensor_free_cb (gpointer data)
{
  AriettaTensor *tensor = data;

  g_free (tensor->label);
  g_free (tensor);
}

static AriettaNode
add_tensor (AriettaGraph *self,
            const char   *label,
            gboolean      is_int,
            int           n_dims,
            const int    *shape)
{
  AriettaTensor *tensor = g_new0 (AriettaTensor, 1);

  tensor->label = g_strdup (label);
  tensor->is_int = is_int;
  tensor->n_dims = n_dims;
  tensor->n = 1;
  for (int i = 0; i < n_dims; i++)
    {
      tensor->shape[i] = shape[i];
      tensor->n *= (gsize) shape[i];
    }
  tensor->producer = -1;
  tensor->last_use = -1;
  g_ptr_array_add (self->tensors, tensor);

  return (AriettaNode) self->tensors->len;
}

static void
mistake (AriettaGraph *self,
         const char   *what,
         const char   *why)
{
  if (self->mistake == NULL)
    arietta_set_error (&self->mistake, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH, NULL, what,
                       "The network cannot be built: %s: %s.", what, why);
}

static char *
op_describe (AriettaOp *op)
{
  const char *label = op->n_outputs > 0 ? op->outputs[0]->label : NULL;

  /* What has no label of its own is known by its weights. */
  for (int i = 0; label == NULL && i < op->n_inputs; i++)
    if (op->inputs[i] != NULL && op->inputs[i]->param != NULL)
      label = op->inputs[i]->param->name;

  return label != NULL ? g_strdup_printf ("%s “%s”", op->operation->name, label)
                       : g_strdup (op->operation->name);
}

static void
op_free_cb (gpointer data)
{
  AriettaOp *op = data;

  if (op->plan_free != NULL)
    op->plan_free (op->plan);
  g_free (op);
}

AriettaGraph *
arietta_graph_new (AriettaParams    *params,
                   AriettaGraphMode  mode)
{
  AriettaGraph *self = g_new0 (AriettaGraph, 1);

  self->params = params;
  self->mode = mode;
  self->tensors = g_ptr_array_new_with_free_func (tensor_free_cb);
  self->ops = g_ptr_array_new_with_free_func (op_free_cb);

  return self;
}

void
arietta_graph_free (AriettaGraph *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->ops);
  g_ptr_array_unref (self->tensors);
  g_clear_error (&self->mistake);
  if (!self->borrowed)
    g_aligned_free (self->block);
  g_free (self);
}

AriettaTensor *
arietta_graph_tensor (AriettaGraph *self,
                      AriettaNode   node)
{
  return node > 0 && node <= (int) self->tensors->len ? g_ptr_array_index (self->tensors, node - 1)
                                                      : NULL;
}

char *
arietta_tensor_describe (const AriettaTensor *tensor)
{
  GString *text;

  if (tensor == NULL)
    return g_strdup ("nothing");

  text = g_string_new ("(");
  for (int i = 0; i < tensor->n_dims; i++)
    g_string_append_printf (text, "%s%d", i > 0 ? "," : "", tensor->shape[i]);
  g_string_append (text, tensor->is_int ? ") of integers" : ")");

  return g_string_free (text, FALSE);
}

gboolean
arietta_op_refuse (AriettaOp  *op,
                   GString    *why,
                   const char *rule)
{
  for (int i = 0; i < op->n_inputs; i++)
    {
      g_autofree char *text = arietta_tensor_describe (op->inputs[i]);

      g_string_append_printf (why, "%s%s", i > 0 ? " and " : "", text);
    }
  g_string_append_printf (why, " do not fit %s", rule);

  return FALSE;
}

static AriettaNode
input (AriettaGraph *self,
       const char   *name,
       gboolean      is_int,
       int           n_dims,
       const int    *shape)
{
  g_return_val_if_fail (!self->compiled, NODE_VOID);
  g_return_val_if_fail (n_dims >= 0 && n_dims <= ARIETTA_MAX_DIMS, NODE_VOID);

  for (int i = 0; i < n_dims; i++)
    if (shape[i] < 1)
      {
        mistake (self, name, "a dimension is not at least 1");
        return NODE_VOID;
      }

  return add_tensor (self, name, is_int, n_dims, shape);
}

AriettaNode
arietta_graph_input (AriettaGraph *self,
                     const char   *name,
                     int           n_dims,
                     const int    *shape)
{
  return input (self, name, FALSE, n_dims, shape);
}

AriettaNode
arietta_graph_input_int (AriettaGraph *self,
                         const char   *name,
                         int           n_dims,
                         const int    *shape)
{
  return input (self, name, TRUE, n_dims, shape);
}

void
arietta_graph_freeze (AriettaGraph *self)
{
  g_return_if_fail (!self->compiled);

  self->frozen = TRUE;
}

AriettaNode
arietta_graph_param (AriettaGraph *self,
                     const char   *name)
{
  const AriettaParam *param = arietta_params_find (self->params, name);
  AriettaTensor      *tensor;
  AriettaNode         node;

  if (param == NULL)
    {
      mistake (self, name, "there is no parameter of that name");
      return NODE_VOID;
    }

  /* One tensor for each parameter, however often it is asked for. */
  for (guint i = 0; i < self->tensors->len; i++)
    if (((AriettaTensor *) g_ptr_array_index (self->tensors, i))->param == param)
      return (AriettaNode) i + 1;

  node = add_tensor (self, name, FALSE, param->n_dims, param->shape);
  tensor = arietta_graph_tensor (self, node);
  tensor->param = param;
  tensor->wants_gradient = self->mode == ARIETTA_GRAPH_TRAIN && !self->frozen && !param->state;

  return node;
}

void
arietta_op_output (AriettaGraph *graph,
                   AriettaOp    *op,
                   gboolean      is_int,
                   int           n_dims,
                   const int    *shape)
{
  int nth = op->n_outputs++;

  op->output_nodes[nth] = add_tensor (graph, NULL, is_int, n_dims, shape);
  op->outputs[nth] = arietta_graph_tensor (graph, op->output_nodes[nth]);
  op->outputs[nth]->producer = (int) graph->ops->len;
}

AriettaOp *
arietta_graph_add_op (AriettaGraph           *self,
                      const AriettaOperation *operation,
                      const AriettaOp        *settings,
                      const AriettaNode      *inputs,
                      int                     n_inputs)
{
  g_autoptr(GString)   why = g_string_new (NULL);
  g_autofree AriettaOp *op = g_new0 (AriettaOp, 1);
  gboolean             wants_gradient = FALSE;

  g_return_val_if_fail (!self->compiled, NULL);
  g_return_val_if_fail (n_inputs <= ARIETTA_OP_MAX_INPUTS, NULL);

  if (settings != NULL)
    *op = *settings;
  op->operation = operation;
  op->n_inputs = n_inputs;
  op->training = self->mode == ARIETTA_GRAPH_TRAIN;
  op->keep = operation->keep;
  op->slope = 1;

  for (int i = 0; i < n_inputs; i++)
    {
      if (inputs[i] == ARIETTA_NODE_NONE)
        continue;

      op->inputs[i] = arietta_graph_tensor (self, inputs[i]);
      if (op->inputs[i] == NULL)
        {
          /* Void because of an earlier mistake, or never a node of this graph. */
          mistake (self, operation->name, "an input is not a node of this graph");
          return NULL;
        }
      wants_gradient |= op->inputs[i]->wants_gradient;
    }

  if (!operation->shape (self, op, why))
    {
      g_autofree char *name = op_describe (op);

      mistake (self, name, why->str);
      return NULL;
    }

  for (int i = 0; i < op->n_outputs; i++)
    op->outputs[i]->wants_gradient = wants_gradient && operation->backward != NULL;

  g_ptr_array_add (self->ops, op);

  return g_steal_pointer (&op);
}

AriettaNode
arietta_graph_label (AriettaGraph *self,
                     AriettaNode   node,
                     const char   *label)
{
  AriettaTensor *tensor = arietta_graph_tensor (self, node);

  if (tensor != NULL)
    {
      g_free (tensor->label);
      tensor->label = g_strdup (label);
    }

  return node;
}

AriettaNode
arietta_graph_keep (AriettaGraph *self,
                    AriettaNode   node)
{
  AriettaTensor *tensor = arietta_graph_tensor (self, node);

  g_return_val_if_fail (!self->compiled, node);

  if (tensor != NULL)
    tensor->kept = TRUE;

  return node;
}

AriettaNode
arietta_graph_require_gradient (AriettaGraph *self,
                                AriettaNode   node)
{
  AriettaTensor *tensor = arietta_graph_tensor (self, node);

  g_return_val_if_fail (!self->compiled, node);
  g_return_val_if_fail (tensor == NULL || (tensor->producer < 0 && !tensor->is_int), node);

  if (tensor != NULL)
    tensor->wants_gradient = self->mode == ARIETTA_GRAPH_TRAIN;

  return node;
}

/* The operation that @op became a part of does its work. */
static void
absorbed_forward (AriettaOp *op)
{
}

static const AriettaOperation absorbed = { "absorbed", 0, NULL, absorbed_forward, NULL, FALSE, 0 };

static int
count_readers (AriettaGraph        *self,
               const AriettaTensor *tensor)
{
  int n = 0;

  for (guint i = 0; i < self->ops->len; i++)
    {
      AriettaOp *op = g_ptr_array_index (self->ops, i);

      for (int k = 0; k < op->n_inputs; k++)
        n += op->inputs[k] == tensor;
    }

  return n;
}

/* Rectifiers become a part of what they follow, where nothing else reads that: a pass over memory less in each
 * direction, and a tensor less to hold. */
static void
absorb_rectifiers (AriettaGraph *self)
{
  for (guint i = 0; i < self->ops->len; i++)
    {
      AriettaOp     *op = g_ptr_array_index (self->ops, i), *maker;
      AriettaTensor *between = op->n_inputs == 1 ? op->inputs[0] : NULL;

      if (between == NULL || between->producer < 0 || between->kept || !arietta_op_is_rectifier (op))
        continue;
      maker = g_ptr_array_index (self->ops, between->producer);
      if (!maker->operation->rectifies || maker->slope != 1 || maker->outputs[0] != between
          || count_readers (self, between) > 1)
        continue;

      maker->slope = arietta_op_slope (op);
      maker->keep |= ARIETTA_KEEP_OUTPUTS;
      maker->outputs[0] = op->outputs[0];
      maker->outputs[0]->producer = between->producer;
      if (maker->outputs[0]->label == NULL)
        maker->outputs[0]->label = g_strdup (between->label);
      between->absent = TRUE;
      op->operation = &absorbed;
      op->n_inputs = op->n_outputs = 0;
      op->keep = 0;
    }
}

/* A gradient that comes from one place only need not be zeroed first. */
static void
find_sole_readers (AriettaGraph *self)
{
  for (guint i = 0; i < self->ops->len; i++)
    {
      AriettaOp *op = g_ptr_array_index (self->ops, i);

      for (int k = 0; k < op->n_inputs; k++)
        if ((op->operation->sets & ARIETTA_KEEP_INPUT (k)) && op->inputs[k] != NULL
            && op->inputs[k]->param == NULL && count_readers (self, op->inputs[k]) == 1)
          op->sets |= ARIETTA_KEEP_INPUT (k);
    }
}

/* Marks what the loss depends on, from the loss backwards. */
static void
mark_live (AriettaGraph *self)
{
  self->loss->live = TRUE;

  for (int i = (int) self->ops->len - 1; i >= 0; i--)
    {
      AriettaOp *op = g_ptr_array_index (self->ops, i);
      gboolean   live = FALSE;

      for (int k = 0; k < op->n_outputs; k++)
        live |= op->outputs[k]->live && op->outputs[k]->wants_gradient;
      if (!live)
        continue;

      for (int k = 0; k < op->n_inputs; k++)
        if (op->inputs[k] != NULL && op->inputs[k]->wants_gradient)
          {
            op->inputs[k]->live = TRUE;
            op->inputs[k]->last_use = MAX (op->inputs[k]->last_use, i);
          }
    }
}

gboolean
arietta_graph_compile (AriettaGraph  *self,
                       AriettaNode    loss,
                       GError       **error)
{
  g_return_val_if_fail (!self->compiled, FALSE);
  g_return_val_if_fail (arietta_params_get_values (self->params) != NULL, FALSE);

  if (self->mistake != NULL)
    {
      if (error != NULL)
        *error = g_error_copy (self->mistake);
      return FALSE;
    }

  for (guint i = 0; i < self->tensors->len; i++)
    {
      AriettaTensor *tensor = g_ptr_array_index (self->tensors, i);

      tensor->kept |= tensor->n_dims == 0;
    }

  if (self->mode == ARIETTA_GRAPH_TRAIN)
    {
      AriettaTensor *tensor = arietta_graph_tensor (self, loss);

      if (tensor == NULL || (tensor->n != 1 && !self->towards) || !tensor->wants_gradient)
        {
          mistake (self, "loss", self->towards ? "training needs an outcome that depends on a parameter"
                                               : "training needs a scalar that depends on a parameter");
          g_propagate_error (error, g_error_copy (self->mistake));
          return FALSE;
        }
      self->loss = tensor;
    }

  absorb_rectifiers (self);
  if (self->loss != NULL)
    {
      find_sole_readers (self);
      mark_live (self);
    }

  arietta_graph_plan (self);
  self->compiled = TRUE;

  return TRUE;
}

void
arietta_graph_share_memory (AriettaGraph *self,
                            AriettaGraph *other)
{
  g_return_if_fail (!self->compiled && other->compiled);

  self->lender = other;
}

gboolean
arietta_graph_compile_towards (AriettaGraph  *self,
                               AriettaNode    outcome,
                               GError       **error)
{
  g_return_val_if_fail (self->mode == ARIETTA_GRAPH_TRAIN, FALSE);

  self->towards = TRUE;

  return arietta_graph_compile (self, arietta_graph_keep (self, outcome), error);
}

void
arietta_graph_forward_to (AriettaGraph *self,
                          AriettaNode   node)
{
  AriettaTensor *tensor = arietta_graph_tensor (self, node);

  g_return_if_fail (self->compiled && tensor != NULL);

  for (; self->next_op <= tensor->producer; self->next_op++)
    {
      AriettaOp *op = g_ptr_array_index (self->ops, self->next_op);

      op->operation->forward (op);
    }
}

void
arietta_graph_forward (AriettaGraph *self)
{
  g_return_if_fail (self->compiled);

  for (; self->next_op < (int) self->ops->len; self->next_op++)
    {
      AriettaOp *op = g_ptr_array_index (self->ops, self->next_op);

      op->operation->forward (op);
    }

  self->next_op = 0;
}

static gboolean
prepare_backward (AriettaGraph *self,
                  int           i)
{
  AriettaOp *op = g_ptr_array_index (self->ops, i);
  gboolean   live = FALSE;

  for (int k = 0; k < op->n_outputs; k++)
    live |= op->outputs[k]->gradient != NULL;
  if (!live)
    return FALSE;

  /* The first to add to a gradient, in this direction, finds it zeroed. */
  for (int k = 0; k < op->n_inputs; k++)
    {
      AriettaTensor *tensor = op->inputs[k];

      if (tensor != NULL && tensor->gradient != NULL && tensor->param == NULL && tensor->last_use == i
          && !(op->sets & ARIETTA_KEEP_INPUT (k)))
        memset (tensor->gradient, 0, tensor->n * sizeof (AriettaReal));
    }

  return TRUE;
}

void
arietta_graph_backward (AriettaGraph *self)
{
  g_return_if_fail (self->compiled && self->loss != NULL && self->next_op == 0);

  if (!self->towards)
    self->loss->gradient[0] = 1;

  for (int i = (int) self->ops->len - 1; i >= 0; i--)
    if (prepare_backward (self, i))
      {
        AriettaOp *op = g_ptr_array_index (self->ops, i);

        op->operation->backward (op);
      }
}

AriettaReal *
arietta_graph_get_values (AriettaGraph *self,
                          AriettaNode   node)
{
  AriettaTensor *tensor = arietta_graph_tensor (self, node);

  g_return_val_if_fail (self->compiled && tensor != NULL && !tensor->is_int, NULL);

  return tensor->value;
}

gint32 *
arietta_graph_get_ints (AriettaGraph *self,
                        AriettaNode   node)
{
  AriettaTensor *tensor = arietta_graph_tensor (self, node);

  g_return_val_if_fail (self->compiled && tensor != NULL && tensor->is_int, NULL);

  return tensor->value;
}

AriettaReal *
arietta_graph_get_gradient (AriettaGraph *self,
                            AriettaNode   node)
{
  AriettaTensor *tensor = arietta_graph_tensor (self, node);

  g_return_val_if_fail (self->compiled && tensor != NULL, NULL);

  return tensor->gradient;
}

double
arietta_graph_get_scalar (AriettaGraph *self,
                          AriettaNode   node)
{
  const AriettaReal *values = arietta_graph_get_values (self, node);

  g_return_val_if_fail (values != NULL, 0.0);

  return values[0];
}

double
arietta_graph_get_loss (AriettaGraph *self)
{
  g_return_val_if_fail (self->loss != NULL, 0.0);

  return *(const AriettaReal *) self->loss->value;
}

int
arietta_graph_get_shape (AriettaGraph *self,
                         AriettaNode   node,
                         int           shape[ARIETTA_MAX_DIMS])
{
  AriettaTensor *tensor = arietta_graph_tensor (self, node);

  g_return_val_if_fail (tensor != NULL, 0);

  memcpy (shape, tensor->shape, sizeof tensor->shape);

  return tensor->n_dims;
}

gsize
arietta_graph_get_n_elements (AriettaGraph *self,
                              AriettaNode   node)
{
  AriettaTensor *tensor = arietta_graph_tensor (self, node);

  g_return_val_if_fail (tensor != NULL, 0);

  return tensor->n;
}

gsize
arietta_graph_get_memory (AriettaGraph *self)
{
  return self->borrowed ? 0 : self->block_size;
}

char *
arietta_graph_find_not_finite (AriettaGraph *self)
{
  char *found = NULL;

  g_return_val_if_fail (self->compiled, NULL);

  for (guint i = 0; i < self->ops->len; i++)
    ((AriettaOp *) g_ptr_array_index (self->ops, i))->replay = TRUE;

  for (guint i = 0; found == NULL && i < self->tensors->len; i++)
    {
      AriettaTensor *tensor = g_ptr_array_index (self->tensors, i);

      if (tensor->producer < 0 && !tensor->is_int && !tensor->absent
          && arietta_first_not_finite (tensor->value, tensor->n) < tensor->n)
        found = g_strdup_printf ("%s “%s”", tensor->param != NULL ? "parameter" : "input", tensor->label);
    }

  self->next_op = 0;
  for (guint i = 0; found == NULL && i < self->ops->len; i++)
    {
      AriettaOp *op = g_ptr_array_index (self->ops, i);

      op->operation->forward (op);
      for (int k = 0; k < op->n_outputs; k++)
        if (!op->outputs[k]->is_int
            && arietta_first_not_finite (op->outputs[k]->value, op->outputs[k]->n) < op->outputs[k]->n)
          {
            g_autofree char *name = op_describe (op);

            g_free (found);
            found = g_strdup_printf ("%s, forward", name);
          }
    }

  if (found == NULL && self->loss != NULL && !self->towards)
    self->loss->gradient[0] = 1;
  for (int i = (int) self->ops->len - 1; found == NULL && self->loss != NULL && i >= 0; i--)
    {
      AriettaOp *op = g_ptr_array_index (self->ops, i);

      if (!prepare_backward (self, i))
        continue;

      op->operation->backward (op);
      for (int k = 0; found == NULL && k < op->n_inputs; k++)
        {
          AriettaTensor *tensor = op->inputs[k];

          if (tensor != NULL && tensor->gradient != NULL
              && arietta_first_not_finite (tensor->gradient, tensor->n) < tensor->n)
            {
              g_autofree char *name = op_describe (op);

              found = g_strdup_printf ("%s, backward", name);
            }
        }
    }

  for (guint i = 0; i < self->ops->len; i++)
    ((AriettaOp *) g_ptr_array_index (self->ops, i))->replay = FALSE;

  return found;
}
