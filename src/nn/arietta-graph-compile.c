/* Compiling: what is absorbed, which gradients are wanted, and the first mistake told. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-private.h"

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
          arietta_graph_mistake (self, "loss", self->towards ? "training needs an outcome that depends on a parameter"
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
