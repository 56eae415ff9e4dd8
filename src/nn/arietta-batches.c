#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-batches.h"

struct _AriettaBatches
{
  int   *lengths;   /* (n), rounded up */
  guint  n, size, n_batches;
  guint *dealt;     /* (n_batches, size) */
  guint *places;    /* (n_batches): which of them comes when */
};

AriettaBatches *
arietta_batches_new (const int *lengths,
                     guint      n,
                     guint      size,
                     int        grain)
{
  AriettaBatches *self;

  g_return_val_if_fail (n > 0 && size > 0 && grain > 0, NULL);

  self = g_new0 (AriettaBatches, 1);
  self->n = n;
  self->size = size;
  self->n_batches = (n - 1) / size + 1;
  self->lengths = g_new (int, n);
  self->dealt = g_new (guint, MAX ((gsize) self->n_batches * size, n));
  self->places = g_new (guint, self->n_batches);
  for (guint i = 0; i < n; i++)
    self->lengths[i] = (MAX (lengths[i], 1) - 1) / grain * grain + grain;

  return self;
}

void
arietta_batches_free (AriettaBatches *self)
{
  if (self == NULL)
    return;

  g_free (self->lengths);
  g_free (self->dealt);
  g_free (self->places);
  g_free (self);
}

/* Numbers from 0 on, in any order. */
static void
fill_shuffled (guint         *values,
               guint          n,
               AriettaRandom *random)
{
  for (guint i = 0; i < n; i++)
    {
      guint other = (guint) arietta_random_below (random, i + 1);

      values[i] = values[other];
      values[other] = i;
    }
}

/* g_qsort_with_data () is stable. */
static int
compare_lengths_cb (gconstpointer a,
                    gconstpointer b,
                    gpointer      data)
{
  const int *lengths = data;
  int        x = lengths[*(const guint *) a], y = lengths[*(const guint *) b];

  return (x > y) - (x < y);
}

void
arietta_batches_deal (AriettaBatches *self,
                      AriettaRandom  *random)
{
  fill_shuffled (self->dealt, self->n, random);
  g_qsort_with_data (self->dealt, (int) self->n, sizeof *self->dealt, compare_lengths_cb, self->lengths);

  /* With fewer examples than a batch holds they go round. */
  for (guint i = self->n; i < self->n_batches * self->size; i++)
    self->dealt[i] = self->dealt[i >= self->size ? i - self->size : i - self->n];

  fill_shuffled (self->places, self->n_batches, random);
}

guint
arietta_batches_get_n (AriettaBatches *self)
{
  return self->n_batches;
}

AriettaBatch
arietta_batches_get_nth (AriettaBatches *self,
                         guint           nth)
{
  AriettaBatch batch = { self->dealt + (gsize) self->places[nth] * self->size, 0 };

  for (guint i = 0; i < self->size; i++)
    batch.length = MAX (batch.length, self->lengths[batch.examples[i]]);

  return batch;
}
