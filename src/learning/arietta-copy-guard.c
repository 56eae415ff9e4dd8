#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-copy-guard.h"

#include "base/arietta-json.h"

#define UNITS_PER_CLICK (ARIETTA_EVENTS_UNITS / ARIETTA_CLICKS_PER_QUARTER)

guint
arietta_copy_guard_count (AriettaCopyGuard *self,
                          AriettaPiece     *piece)
{
  AriettaCopiedCount count = { 0 };

  if (self == NULL || self->known == NULL)
    return 0;
  arietta_copied_measure (self->known, piece, &count);

  return count.copied;
}

static int
to_clicks (gint32 units)
{
  return (MAX (units, 0) + UNITS_PER_CLICK / 2) / UNITS_PER_CLICK;
}

gboolean
arietta_copy_guard_finds (AriettaCopyGuard  *self,
                          AriettaEventScore *score,
                          guint              first_bar,
                          guint              part)
{
  g_autoptr(GArray) notes = NULL;
  int               lengths[ARIETTA_COPIED_BARS];

  if (self == NULL || self->known == NULL || first_bar + ARIETTA_COPIED_BARS > score->bars->len
      || g_array_index (score->parts, AriettaEventPart, part).drums)
    return FALSE;

  notes = g_array_new (FALSE, FALSE, sizeof (AriettaPartNote));
  for (guint i = 0; i < score->notes->len; i++)
    {
      const AriettaEventNote *note = &g_array_index (score->notes, AriettaEventNote, i);

      if (note->part == part && note->bar >= first_bar && note->bar - first_bar < ARIETTA_COPIED_BARS)
        {
          const AriettaPartNote heard = { note->bar - first_bar, to_clicks (note->onset), to_clicks (note->duration),
                                          note->pitch };

          g_array_append_val (notes, heard);
        }
    }
  arietta_parts_sort_notes (notes);
  for (guint b = 0; b < ARIETTA_COPIED_BARS; b++)
    lengths[b] = to_clicks (g_array_index (score->bars, AriettaEventBar, first_bar + b).length);

  return arietta_copied_has (self->known, (const AriettaPartNote *) (gpointer) notes->data, notes->len, FALSE, lengths);
}

gboolean
arietta_copy_guard_finds_at (AriettaCopyGuard *self,
                             AriettaPiece     *piece,
                             guint             bar)
{
  g_autoptr(AriettaParts) parts = NULL;
  guint                   first = bar + 1 - ARIETTA_COPIED_BARS;

  if (self == NULL || self->known == NULL || bar + 1 < ARIETTA_COPIED_BARS)
    return FALSE;

  parts = arietta_parts_new (piece);
  if (bar >= parts->n_bars || (first == 0 && parts->pickup))
    return FALSE;

  for (guint p = 0; p < parts->parts->len; p++)
    {
      const AriettaPart *part = &g_array_index (parts->parts, AriettaPart, p);
      guint              from = arietta_part_find_bar (part, first), to = arietta_part_find_bar (part, bar + 1);
      g_autoptr(GArray)  notes = g_array_new (FALSE, FALSE, sizeof (AriettaPartNote));

      for (guint i = from; i < to && !part->percussion; i++)
        {
          AriettaPartNote note = g_array_index (part->notes, AriettaPartNote, i);

          note.bar -= first;
          g_array_append_val (notes, note);
        }
      if (notes->len > 0
          && arietta_copied_has (self->known, (const AriettaPartNote *) (gpointer) notes->data, notes->len, FALSE,
                                 parts->lengths + first))
        return TRUE;
    }

  return FALSE;
}

void
arietta_copy_guard_describe (const AriettaCopyGuard *self,
                             JsonBuilder            *builder)
{
  if (self->redrawn > 0)
    arietta_json_int (builder, "redrawn", self->redrawn);
  if (self->kept > 0)
    arietta_json_int (builder, "copies", self->kept);
}
