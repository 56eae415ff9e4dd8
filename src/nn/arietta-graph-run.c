/* Running a compiled graph, and reading what it gave. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-private.h"

#include "math/arietta-optimise.h"

#include <string.h>

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
            g_autofree char *name = arietta_op_describe (op);

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
              g_autofree char *name = arietta_op_describe (op);

              found = g_strdup_printf ("%s, backward", name);
            }
        }
    }

  for (guint i = 0; i < self->ops->len; i++)
    ((AriettaOp *) g_ptr_array_index (self->ops, i))->replay = FALSE;

  return found;
}
