#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-parts.h"

#include "music/arietta-bar-map.h"

#define PERCUSSION_CHANNEL 9

static int
compare_notes (gconstpointer a,
               gconstpointer b)
{
  const AriettaPartNote *x = a, *y = b;

  if (x->bar != y->bar)
    return x->bar < y->bar ? -1 : 1;
  if (x->onset != y->onset)
    return x->onset < y->onset ? -1 : 1;

  return x->pitch - y->pitch;
}

void
arietta_parts_sort_notes (GArray *notes)
{
  g_array_sort (notes, compare_notes);
}

static int
to_clicks (gint64 ticks,
           int    ppq)
{
  return (int) ((ticks * 2 * ARIETTA_CLICKS_PER_QUARTER + ppq) / (2 * ppq));
}

static void
part_clear (AriettaPart *part)
{
  g_clear_pointer (&part->notes, g_array_unref);
}

/* The notes of one channel of a track; FALSE when there are none. */
static gboolean
fill_part (AriettaParts      *self,
           AriettaPart       *part,
           AriettaBarMap     *bars,
           const AriettaNote *notes,
           guint              n,
           int                channel,
           int                ppq)
{
  part->percussion = channel == PERCUSSION_CHANNEL;
  part->notes = g_array_new (FALSE, FALSE, sizeof (AriettaPartNote));

  for (guint i = 0; i < n; i++)
    if (notes[i].channel == channel)
      {
        /* A note a hair before a bar line belongs to the bar it was meant for. */
        gint64          half = ppq / (2 * ARIETTA_CLICKS_PER_QUARTER);
        guint           bar = MIN (arietta_bar_map_find (bars, notes[i].onset_ticks + half),
                                   self->n_bars - 1);
        gint64          start = arietta_bar_map_get_start (bars, bar);
        AriettaPartNote note = {
          .bar = bar,
          .onset = to_clicks (MAX (notes[i].onset_ticks - start, 0), ppq),
          .duration = MAX (to_clicks (notes[i].duration_ticks, ppq), 1),
          .pitch = notes[i].pitch,
        };

        g_array_append_val (part->notes, note);
      }

  arietta_parts_sort_notes (part->notes);
  return part->notes->len > 0;
}

AriettaParts *
arietta_parts_new (AriettaPiece *piece)
{
  AriettaParts            *self = g_new0 (AriettaParts, 1);
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (piece);
  int                      ppq = arietta_piece_get_ticks_per_quarter (piece);

  self->n_bars = arietta_bar_map_get_n (bars);
  self->pickup = arietta_bar_map_has_pickup (bars);
  self->lengths = g_new0 (int, self->n_bars);
  for (guint b = 0; b < self->n_bars; b++)
    self->lengths[b] = to_clicks (arietta_bar_map_get_nth (bars, b)->length_ticks, ppq);

  self->parts = g_array_new (FALSE, FALSE, sizeof (AriettaPart));
  g_array_set_clear_func (self->parts, (GDestroyNotify) part_clear);
  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n, channels = 0;
      const AriettaNote *notes =
        arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        channels |= 1u << (notes[i].channel & 15);
      for (int c = 0; c < 16; c++)
        {
          AriettaPart part;

          if ((channels >> c & 1u) == 0)
            continue;
          if (fill_part (self, &part, bars, notes, n, c, ppq))
            g_array_append_val (self->parts, part);
          else
            part_clear (&part);
        }
    }

  return self;
}

void
arietta_parts_free (AriettaParts *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->parts);
  g_free (self->lengths);
  g_free (self);
}

guint
arietta_part_find_bar (const AriettaPart *part,
                       guint              bar)
{
  guint low = 0, high = part->notes->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (part->notes, AriettaPartNote, middle).bar < bar)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}
