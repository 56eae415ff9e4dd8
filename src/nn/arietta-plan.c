/* Plans the one block of a graph.
 *
 * Time runs over the operations forward (operation i at i) and back (its backward at 2 n - 1 - i), so a
 * buffer is an interval of time and a length, and planning is the placing of rectangles: the largest
 * first, each at the lowest offset where it meets none that is alive at the same time.  Not the best
 * packing there is, but within a few percent of the largest sum alive on the shapes we build. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-private.h"

#include "math/arietta-block.h"

#define ALIGNMENT ARIETTA_BLOCK_ALIGNMENT

typedef struct
{
  AriettaBuffer  buffer;
  gpointer      *owner; /* gets the address */
} Place;

static void
want (GArray   *places,
      gpointer *owner,
      gsize     n_bytes,
      int       first,
      int       last)
{
  Place place = { { (n_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT, first, last, 0 }, owner };

  if (n_bytes > 0)
    g_array_append_val (places, place);
}

static int
larger_first_cb (gconstpointer a,
                 gconstpointer b)
{
  const Place *const *p = a, *const *q = b;

  if ((*p)->buffer.n_bytes != (*q)->buffer.n_bytes)
    return (*p)->buffer.n_bytes > (*q)->buffer.n_bytes ? -1 : 1;

  return (*p)->buffer.first - (*q)->buffer.first;
}

static int
lower_first_cb (gconstpointer a,
                gconstpointer b)
{
  const Place *const *p = a, *const *q = b;

  return (*p)->buffer.offset < (*q)->buffer.offset ? -1 : (*p)->buffer.offset > (*q)->buffer.offset;
}

static gsize
arrange (GArray *places)
{
  g_autoptr(GPtrArray) order = g_ptr_array_new ();
  g_autoptr(GPtrArray) alive = g_ptr_array_new ();
  gsize                size = 0;

  for (guint i = 0; i < places->len; i++)
    g_ptr_array_add (order, &g_array_index (places, Place, i));
  g_ptr_array_sort (order, larger_first_cb);

  for (guint i = 0; i < order->len; i++)
    {
      Place *place = g_ptr_array_index (order, i);
      gsize  at = 0;

      g_ptr_array_set_size (alive, 0);
      for (guint j = 0; j < i; j++)
        {
          Place *other = g_ptr_array_index (order, j);

          if (other->buffer.first <= place->buffer.last && place->buffer.first <= other->buffer.last)
            g_ptr_array_add (alive, other);
        }
      g_ptr_array_sort (alive, lower_first_cb);

      for (guint j = 0; j < alive->len; j++)
        {
          const AriettaBuffer *other = &((Place *) g_ptr_array_index (alive, j))->buffer;

          if (at + place->buffer.n_bytes <= other->offset)
            break;
          at = MAX (at, other->offset + other->n_bytes);
        }

      place->buffer.offset = at;
      size = MAX (size, at + place->buffer.n_bytes);
    }

  return size;
}

/* The time until which the value of @tensor must stay, given that backward may read it. */
static int
last_reading (AriettaGraph  *self,
              AriettaTensor *tensor)
{
  const int n = (int) self->ops->len;
  int       last = tensor->producer;

  if (tensor->kept || tensor->producer < 0)
    return 2 * n;

  for (int i = 0; i < n; i++)
    {
      AriettaOp *op = g_ptr_array_index (self->ops, i);
      gboolean   has_backward = FALSE;

      for (int k = 0; k < op->n_outputs; k++)
        has_backward |= op->outputs[k]->wants_gradient && op->outputs[k]->live;

      for (int k = 0; k < op->n_inputs; k++)
        if (op->inputs[k] == tensor)
          {
            last = MAX (last, i);
            if (has_backward && (op->keep & ARIETTA_KEEP_INPUT (k)))
              last = MAX (last, 2 * n - 1 - i);
          }

      for (int k = 0; k < op->n_outputs; k++)
        if (op->outputs[k] == tensor && has_backward && (op->keep & ARIETTA_KEEP_OUTPUTS))
          last = MAX (last, 2 * n - 1 - i);
    }

  return last;
}

void
arietta_graph_plan (AriettaGraph *self)
{
  g_autoptr(GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  const int         n = (int) self->ops->len;
  const gboolean    training = self->loss != NULL;

  for (guint i = 0; i < self->tensors->len; i++)
    {
      AriettaTensor *tensor = g_ptr_array_index (self->tensors, i);

      if (tensor->absent)
        continue;

      if (tensor->param != NULL)
        {
          tensor->value = arietta_params_get_values (self->params) + tensor->param->offset;
          if (training && tensor->live)
            tensor->gradient = arietta_params_get_gradients (self->params) + tensor->param->offset;
          continue;
        }

      want (places, &tensor->value, tensor->n * (tensor->is_int ? sizeof (gint32) : sizeof (AriettaReal)),
            MAX (tensor->producer, 0), last_reading (self, tensor));

      if (training && tensor->live && tensor->wants_gradient)
        want (places, (gpointer *) &tensor->gradient, tensor->n * sizeof (AriettaReal),
              tensor->last_use >= 0 ? 2 * n - 1 - tensor->last_use : n,
              tensor->producer >= 0 ? 2 * n - 1 - tensor->producer : 2 * n);
    }

  for (int i = 0; i < n; i++)
    {
      AriettaOp *op = g_ptr_array_index (self->ops, i);

      want (places, (gpointer *) &op->work, op->n_work * sizeof (AriettaReal), i, i);
      want (places, (gpointer *) &op->saved, op->n_saved * sizeof (AriettaReal),
            i, training ? 2 * n - 1 - i : i);
      if (training)
        want (places, (gpointer *) &op->scratch, op->n_scratch * sizeof (AriettaReal),
              2 * n - 1 - i, 2 * n - 1 - i);
    }

  /* The last one's vectors may be read beyond its end, see arietta-conv.h. */
  self->block_size = arrange (places) + ALIGNMENT;
  self->borrowed = self->lender != NULL && self->block_size <= self->lender->block_size;
  if (self->borrowed)
    self->block = self->lender->block;
  else
    self->block = arietta_block_new (self->block_size);

  for (guint i = 0; i < places->len; i++)
    {
      Place *place = &g_array_index (places, Place, i);

      *place->owner = self->block + place->buffer.offset;
    }
}
