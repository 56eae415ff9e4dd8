/* Building; what the operations do is in arietta-ops-*.c, compiling and running in files of their own. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-private.h"

#include "base/arietta-error.h"
#include "math/arietta-block.h"
#include "nn/arietta-nn-error.h"

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

void
arietta_graph_mistake (AriettaGraph *self,
                       const char   *what,
                       const char   *why)
{
  if (self->mistake == NULL)
    arietta_set_error (&self->mistake, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH, NULL, what,
                       "The network cannot be built: %s: %s.", what, why);
}

char *
arietta_op_describe (AriettaOp *op)
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
    arietta_block_free (self->block);
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
        arietta_graph_mistake (self, name, "a dimension is not at least 1");
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
      arietta_graph_mistake (self, name, "there is no parameter of that name");
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
          arietta_graph_mistake (self, operation->name, "an input is not a node of this graph");
          return NULL;
        }
      wants_gradient |= op->inputs[i]->wants_gradient;
    }

  if (!operation->shape (self, op, why))
    {
      g_autofree char *name = arietta_op_describe (op);

      arietta_graph_mistake (self, name, why->str);
      return NULL;
    }

  for (int i = 0; i < op->n_outputs; i++)
    op->outputs[i]->wants_gradient = wants_gradient && operation->backward != NULL;

  g_ptr_array_add (self->ops, op);

  return g_steal_pointer (&op);
}

AriettaNode
arietta_graph_add_unary (AriettaGraph           *self,
                         const AriettaOperation *operation,
                         const AriettaOp        *settings,
                         AriettaNode             x)
{
  AriettaOp *op = arietta_graph_add_op (self, operation, settings, &x, 1);

  return op != NULL ? op->output_nodes[0] : NODE_VOID;
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
