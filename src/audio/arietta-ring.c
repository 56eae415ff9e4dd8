#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-ring.h"

#include <stdatomic.h>
#include <string.h>

struct _AriettaRing
{
  atomic_uint  head;
  atomic_uint  tail;
  guint        mask;
  gsize        item_size;
  guint8      *items;
};

AriettaRing *
arietta_ring_new (gsize item_size,
                  guint capacity)
{
  AriettaRing *self;
  guint size = 2;

  g_return_val_if_fail (item_size > 0 && capacity <= 1u << 20, NULL);

  while (size < capacity)
    size *= 2;

  self = g_new0 (AriettaRing, 1);
  atomic_init (&self->head, 0);
  atomic_init (&self->tail, 0);
  self->mask = size - 1;
  self->item_size = item_size;
  self->items = g_malloc0 (item_size * size);

  return self;
}

void
arietta_ring_free (AriettaRing *self)
{
  if (self == NULL)
    return;

  g_free (self->items);
  g_free (self);
}

gboolean
arietta_ring_push (AriettaRing   *self,
                   gconstpointer  item)
{
  guint tail = atomic_load_explicit (&self->tail, memory_order_relaxed);
  guint head = atomic_load_explicit (&self->head, memory_order_acquire);

  if (tail - head > self->mask)
    return FALSE;

  memcpy (self->items + (tail & self->mask) * self->item_size, item, self->item_size);
  atomic_store_explicit (&self->tail, tail + 1, memory_order_release);

  return TRUE;
}

gboolean
arietta_ring_pop (AriettaRing *self,
                  gpointer     item)
{
  guint head = atomic_load_explicit (&self->head, memory_order_relaxed);
  guint tail = atomic_load_explicit (&self->tail, memory_order_acquire);

  if (head == tail)
    return FALSE;

  memcpy (item, self->items + (head & self->mask) * self->item_size, self->item_size);
  atomic_store_explicit (&self->head, head + 1, memory_order_release);

  return TRUE;
}
