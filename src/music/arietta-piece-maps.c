#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-piece-private.h"

#include <string.h>

#define DEFAULT_TEMPO_US 500000
#define MAX_TEMPO_US 0xFFFFFF

/* The maps: arrays of records that begin with their tick, in order of it. */

static inline gint64
tick_at (GArray *map, gsize size, guint nth)
{
  return *(const gint64 *) (map->data + nth * size);
}

/* How many entries stand at or before @tick. */
static guint
map_count_until (GArray *map, gint64 tick)
{
  gsize size = g_array_get_element_size (map);
  guint low = 0;
  guint high = map->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (tick_at (map, size, middle) <= tick)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static int
compare_ticks_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

/* In order of ticks; of those that share one the last set stays. */
static void
map_sort (GArray *map)
{
  gsize size = g_array_get_element_size (map);
  guint n = 0;

  g_qsort_with_data (map->data, map->len, size, compare_ticks_cb, NULL);
  for (guint i = 0; i < map->len; i++)
    {
      if (i == 0 || tick_at (map, size, n - 1) != tick_at (map, size, i))
        n++;
      memmove (map->data + (n - 1) * size, map->data + i * size, size);
    }
  g_array_set_size (map, n);
}

/* Setting out of order only notes that the maps are to be sorted before they are looked at: a file
 * may hold a million entries from the last to the first. */
void
_arietta_piece_sort_maps (AriettaPiece *self)
{
  if (!self->maps_unsorted)
    return;

  map_sort (self->tempos);
  map_sort (self->meters);
  map_sort (self->keys);
  self->maps_unsorted = FALSE;
}

/* @record begins with its tick; an entry at the same tick is replaced. */
static void
map_set (AriettaPiece *self, GArray *map, gconstpointer record)
{
  gsize size = g_array_get_element_size (map);
  gint64 tick = *(const gint64 *) record;
  gint64 last = map->len > 0 ? tick_at (map, size, map->len - 1) : -1;

  if (tick == last)
    {
      memcpy (map->data + (map->len - 1) * size, record, size);
      return;
    }
  if (tick < last)
    self->maps_unsorted = TRUE;
  g_array_append_vals (map, record, 1);
}

static gint64
map_end (GArray *map)
{
  return map->len > 0 ? tick_at (map, g_array_get_element_size (map), map->len - 1) : 0;
}

gint64
_arietta_piece_maps_end (AriettaPiece *self)
{
  _arietta_piece_sort_maps (self);
  return MAX (map_end (self->tempos), MAX (map_end (self->meters), map_end (self->keys)));
}

GArray *
_arietta_piece_map_copy (GArray *map)
{
  GArray *copy = g_array_new (FALSE, FALSE, g_array_get_element_size (map));

  if (map->len > 0)
    g_array_append_vals (copy, map->data, map->len);
  return copy;
}

/* Records hold padding, so they are compared by what they say. */
gboolean
_arietta_piece_maps_equal (AriettaPiece *a, AriettaPiece *b)
{
  if (a->tempos->len != b->tempos->len || a->meters->len != b->meters->len ||
      a->keys->len != b->keys->len)
    return FALSE;

  for (guint i = 0; i < a->tempos->len; i++)
    {
      const AriettaTempo *x = &g_array_index (a->tempos, AriettaTempo, i);
      const AriettaTempo *y = &g_array_index (b->tempos, AriettaTempo, i);

      if (x->tick != y->tick || x->us_per_quarter != y->us_per_quarter)
        return FALSE;
    }
  for (guint i = 0; i < a->meters->len; i++)
    {
      const AriettaMeter *x = &g_array_index (a->meters, AriettaMeter, i);
      const AriettaMeter *y = &g_array_index (b->meters, AriettaMeter, i);

      if (x->tick != y->tick || x->numerator != y->numerator ||
          x->denominator_log2 != y->denominator_log2 ||
          x->clocks_per_click != y->clocks_per_click ||
          x->thirty_seconds_per_quarter != y->thirty_seconds_per_quarter)
        return FALSE;
    }
  for (guint i = 0; i < a->keys->len; i++)
    {
      const AriettaKey *x = &g_array_index (a->keys, AriettaKey, i);
      const AriettaKey *y = &g_array_index (b->keys, AriettaKey, i);

      if (x->tick != y->tick || x->sharps != y->sharps || !x->minor != !y->minor)
        return FALSE;
    }
  return TRUE;
}

static gboolean
may_change (AriettaPiece *self)
{
  return self != NULL && !self->frozen;
}

/* An entry at exactly @tick goes. */
static void
map_remove (AriettaPiece *self, GArray *map, gint64 tick)
{
  guint place;

  _arietta_piece_sort_maps (self);
  place = map_count_until (map, tick);
  if (place > 0 && tick_at (map, g_array_get_element_size (map), place - 1) == tick)
    g_array_remove_index (map, place - 1);
}

const AriettaTempo *
arietta_piece_get_tempos (AriettaPiece *self,
                          guint        *n)
{
  g_return_val_if_fail (self != NULL, NULL);

  _arietta_piece_sort_maps (self);
  if (n != NULL)
    *n = self->tempos->len;
  return (const AriettaTempo *) self->tempos->data;
}

void
arietta_piece_set_tempo (AriettaPiece *self,
                         gint64        tick,
                         guint32       us_per_quarter)
{
  AriettaTempo tempo = { MAX (tick, 0), CLAMP (us_per_quarter, 1, MAX_TEMPO_US) };

  g_return_if_fail (may_change (self));

  map_set (self, self->tempos, &tempo);
  g_clear_pointer (&self->tempo_seconds, g_free);
}

guint32
arietta_piece_get_tempo_at (AriettaPiece *self,
                            gint64        tick)
{
  guint place;

  g_return_val_if_fail (self != NULL, DEFAULT_TEMPO_US);

  _arietta_piece_sort_maps (self);
  place = map_count_until (self->tempos, tick);
  return place > 0 ? g_array_index (self->tempos, AriettaTempo, place - 1).us_per_quarter
                   : DEFAULT_TEMPO_US;
}

const AriettaMeter *
arietta_piece_get_meters (AriettaPiece *self,
                          guint        *n)
{
  g_return_val_if_fail (self != NULL, NULL);

  _arietta_piece_sort_maps (self);
  if (n != NULL)
    *n = self->meters->len;
  return (const AriettaMeter *) self->meters->data;
}

void
arietta_piece_set_meter (AriettaPiece *self,
                         gint64        tick,
                         int           numerator,
                         int           denominator)
{
  AriettaMeter meter = { .tick = tick, .clocks_per_click = 24, .thirty_seconds_per_quarter = 8 };

  g_return_if_fail (numerator >= 1 && numerator <= 255);
  g_return_if_fail (denominator >= 1 && denominator <= 128);
  g_return_if_fail ((denominator & (denominator - 1)) == 0);

  meter.numerator = numerator;
  meter.denominator_log2 = g_bit_nth_lsf (denominator, -1);
  arietta_piece_set_meter_full (self, &meter);
}

void
arietta_piece_set_meter_full (AriettaPiece       *self,
                              const AriettaMeter *meter)
{
  AriettaMeter copy;

  g_return_if_fail (may_change (self));
  g_return_if_fail (meter != NULL && meter->numerator >= 1 && meter->denominator_log2 <= 7);

  copy = *meter;
  copy.tick = MAX (copy.tick, 0);
  map_set (self, self->meters, &copy);
}

AriettaMeter
arietta_piece_get_meter_at (AriettaPiece *self,
                            gint64        tick)
{
  AriettaMeter common = { 0, 4, 2, 24, 8 };
  guint place;

  g_return_val_if_fail (self != NULL, common);

  _arietta_piece_sort_maps (self);
  place = map_count_until (self->meters, tick);
  return place > 0 ? g_array_index (self->meters, AriettaMeter, place - 1) : common;
}

const AriettaKey *
arietta_piece_get_keys (AriettaPiece *self,
                        guint        *n)
{
  g_return_val_if_fail (self != NULL, NULL);

  _arietta_piece_sort_maps (self);
  if (n != NULL)
    *n = self->keys->len;
  return (const AriettaKey *) self->keys->data;
}

void
arietta_piece_set_key (AriettaPiece *self,
                       gint64        tick,
                       int           sharps,
                       gboolean      minor)
{
  AriettaKey key = { MAX (tick, 0), sharps, !!minor };

  g_return_if_fail (may_change (self));
  g_return_if_fail (sharps >= -7 && sharps <= 7);

  map_set (self, self->keys, &key);
}

gboolean
arietta_piece_get_key_at (AriettaPiece *self,
                          gint64        tick,
                          AriettaKey   *key)
{
  guint place;

  g_return_val_if_fail (self != NULL && key != NULL, FALSE);

  _arietta_piece_sort_maps (self);
  place = map_count_until (self->keys, tick);
  if (place == 0)
    return FALSE;
  *key = g_array_index (self->keys, AriettaKey, place - 1);
  return TRUE;
}

void
arietta_piece_remove_tempo (AriettaPiece *self,
                            gint64        tick)
{
  g_return_if_fail (may_change (self));

  map_remove (self, self->tempos, tick);
  g_clear_pointer (&self->tempo_seconds, g_free);
}

void
arietta_piece_remove_meter (AriettaPiece *self,
                            gint64        tick)
{
  g_return_if_fail (may_change (self));

  map_remove (self, self->meters, tick);
}
