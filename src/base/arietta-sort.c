#include "base/arietta-sort.h"

#include <string.h>

#define BITS  11
#define N_BINS (1u << BITS)

typedef struct
{
  guint64 key;
  guint32 nth;
} Place;

static void
sort_digit (const Place *from,
            Place       *to,
            guint        n,
            guint        shift)
{
  guint starts[N_BINS] = { 0 };
  guint at = 0;

  for (guint i = 0; i < n; i++)
    starts[(from[i].key >> shift) & (N_BINS - 1)]++;
  for (guint bin = 0; bin < N_BINS; bin++)
    {
      guint here = starts[bin];

      starts[bin] = at;
      at += here;
    }
  for (guint i = 0; i < n; i++)
    to[starts[(from[i].key >> shift) & (N_BINS - 1)]++] = from[i];
}

void
arietta_sort_by_key (GArray         *array,
                     gsize           record_size,
                     AriettaSortKey  key)
{
  const guint n = array->len;
  g_autofree Place *places = g_new (Place, MAX (n, 1)), *others = NULL;
  g_autofree char *sorted = NULL;
  guint64 differing = 0;
  gboolean in_order = TRUE;

  for (guint i = 0; i < n; i++)
    {
      places[i] = (Place) { key (array->data + i * record_size), i };
      differing |= places[i].key ^ places[0].key;
      in_order &= i == 0 || places[i - 1].key <= places[i].key;
    }
  if (in_order)
    return;

  others = g_new (Place, n);
  /* Bits above the highest in which any two differ need no pass. */
  for (guint shift = 0; shift < 64 && differing >> shift != 0; shift += BITS)
    {
      Place *kept = places;

      if (((differing >> shift) & (N_BINS - 1)) == 0)
        continue;
      sort_digit (places, others, n, shift);
      places = others;
      others = kept;
    }

  sorted = g_malloc (n * record_size);
  for (guint i = 0; i < n; i++)
    memcpy (sorted + i * record_size, array->data + (gsize) places[i].nth * record_size, record_size);
  memcpy (array->data, sorted, n * record_size);
}
