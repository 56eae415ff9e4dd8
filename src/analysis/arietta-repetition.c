#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-repetition.h"

#include "analysis/arietta-parts.h"

/* Onset and interval from the note before, of each note; owned bytes as a set's key. */
static GBytes *
describe_bar (const AriettaPart *part,
              guint              first,
              guint              end,
              int                length)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  int                   before = -1;

  g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
  for (guint i = first; i < end; i++)
    {
      const AriettaPartNote *note = &g_array_index (part->notes, AriettaPartNote, i);
      gint16                 said[2] = { (gint16) note->onset, 0 };

      if (part->percussion)
        said[1] = note->pitch;
      else if (before >= 0)
        said[1] = (gint16) (note->pitch - before);
      before = note->pitch;
      g_byte_array_append (bytes, (const guint8 *) said, sizeof said);
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static gboolean
has_two_onsets (const AriettaPart *part,
                guint              first,
                guint              end)
{
  for (guint i = first + 1; i < end; i++)
    if (g_array_index (part->notes, AriettaPartNote, i).onset
        != g_array_index (part->notes, AriettaPartNote, first).onset)
      return TRUE;

  return FALSE;
}

void
arietta_repetition_count (AriettaPiece *piece,
                          guint        *n_bars,
                          guint        *n_repeated)
{
  g_autoptr(AriettaParts) parts = arietta_parts_new (piece);

  for (guint p = 0; p < parts->parts->len; p++)
    {
      const AriettaPart    *part = &g_array_index (parts->parts, AriettaPart, p);
      g_autoptr(GHashTable) said = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                                          (GDestroyNotify) g_bytes_unref, NULL);

      for (guint bar = 0; bar < parts->n_bars; bar++)
        {
          guint first = arietta_part_find_bar (part, bar);
          guint end = arietta_part_find_bar (part, bar + 1);

          if (!has_two_onsets (part, first, end))
            continue;
          *n_bars += 1;
          *n_repeated += !g_hash_table_add (said, describe_bar (part, first, end,
                                                                parts->lengths[bar]));
        }
    }
}
