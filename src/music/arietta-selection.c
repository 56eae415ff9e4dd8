#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-selection.h"

#include "base/arietta-sort.h"

struct _AriettaSelection
{
  gatomicrefcount ref_count;
  GArray         *refs;   /* AriettaNoteRef, sorted */
};

G_DEFINE_BOXED_TYPE (AriettaSelection, arietta_selection, arietta_selection_ref, arietta_selection_unref)

static guint64
get_ref_key (gconstpointer record)
{
  const AriettaNoteRef *ref = record;

  return (guint64) ref->track << 32 | ref->nth;
}

static int
compare_refs (gconstpointer a,
              gconstpointer b)
{
  guint64 one = get_ref_key (a), other = get_ref_key (b);

  return (one > other) - (one < other);
}

/* Takes @refs, which are sorted. */
static AriettaSelection *
selection_new_take (GArray *refs)
{
  AriettaSelection *self = g_new0 (AriettaSelection, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->refs = refs;
  return self;
}

AriettaSelection *
arietta_selection_new (const AriettaNoteRef *refs,
                       guint                 n)
{
  GArray *sorted = g_array_sized_new (FALSE, FALSE, sizeof (AriettaNoteRef), n);

  if (n > 0)
    g_array_append_vals (sorted, refs, n);
  arietta_sort_by_key (sorted, sizeof (AriettaNoteRef), get_ref_key);
  return selection_new_take (sorted);
}

AriettaSelection *
arietta_selection_new_all (AriettaPiece *piece)
{
  return arietta_selection_new_in_box (piece, -1, G_MININT64, G_MAXINT64, 0, 127);
}

AriettaSelection *
arietta_selection_new_in_box (AriettaPiece *piece,
                              int           track,
                              gint64        start_ticks,
                              gint64        end_ticks,
                              int           lowest,
                              int           highest)
{
  GArray *refs = g_array_new (FALSE, FALSE, sizeof (AriettaNoteRef));

  g_return_val_if_fail (piece != NULL, NULL);

  for (guint i = 0; i < arietta_piece_get_n_tracks (piece); i++)
    {
      const AriettaNote *notes;
      guint n;

      if (track >= 0 && (guint) track != i)
        continue;
      notes = arietta_track_get_notes (arietta_piece_get_track (piece, i), &n);
      for (guint k = 0; k < n && notes[k].onset_ticks < end_ticks; k++)
        {
          /* A note without length is at its onset. */
          gint64 last = notes[k].onset_ticks + MAX (notes[k].duration_ticks, 1) - 1;
          AriettaNoteRef ref = { i, k };

          if (last >= start_ticks && notes[k].pitch >= lowest && notes[k].pitch <= highest)
            g_array_append_val (refs, ref);
        }
    }
  return selection_new_take (refs);
}

AriettaSelection *
arietta_selection_new_joined (AriettaSelection *self,
                              AriettaSelection *other,
                              gboolean          toggle)
{
  GArray *refs = g_array_new (FALSE, FALSE, sizeof (AriettaNoteRef));
  guint i = 0, k = 0;

  while (i < self->refs->len || k < other->refs->len)
    {
      const AriettaNoteRef *a = &g_array_index (self->refs, AriettaNoteRef, i);
      const AriettaNoteRef *b = &g_array_index (other->refs, AriettaNoteRef, k);
      int order = i == self->refs->len ? 1 : k == other->refs->len ? -1 : compare_refs (a, b);

      if (order < 0 || (order == 0 && !toggle))
        g_array_append_vals (refs, a, 1);
      else if (order > 0)
        g_array_append_vals (refs, b, 1);
      i += order <= 0;
      k += order >= 0;
    }
  return selection_new_take (refs);
}

AriettaSelection *
arietta_selection_ref (AriettaSelection *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
arietta_selection_unref (AriettaSelection *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->refs);
  g_free (self);
}

guint
arietta_selection_get_n (AriettaSelection *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->refs->len;
}

const AriettaNoteRef *
arietta_selection_get_refs (AriettaSelection *self,
                            guint            *n)
{
  g_return_val_if_fail (self != NULL, NULL);

  *n = self->refs->len;
  return (const AriettaNoteRef *) (void *) self->refs->data;
}

gboolean
arietta_selection_contains (AriettaSelection *self,
                            guint             track,
                            guint             nth)
{
  const AriettaNoteRef wanted = { track, nth };
  const guint64 key = get_ref_key (&wanted);
  guint first = 0, end;

  g_return_val_if_fail (self != NULL, FALSE);

  /* By hand: asked for every note that is drawn, and the calls of a comparison are most of a search. */
  end = self->refs->len;
  while (first < end)
    {
      guint middle = first + (end - first) / 2;

      if (get_ref_key (&g_array_index (self->refs, AriettaNoteRef, middle)) < key)
        first = middle + 1;
      else
        end = middle;
    }
  return first < self->refs->len && get_ref_key (&g_array_index (self->refs, AriettaNoteRef, first)) == key;
}

gboolean
arietta_selection_get_extent (AriettaSelection *self,
                              AriettaPiece     *piece,
                              gint64           *start_ticks,
                              gint64           *end_ticks,
                              int              *lowest,
                              int              *highest)
{
  g_return_val_if_fail (self != NULL && piece != NULL, FALSE);

  *start_ticks = G_MAXINT64;
  *end_ticks = 0;
  *lowest = 127;
  *highest = 0;
  for (guint i = 0; i < self->refs->len; i++)
    {
      const AriettaNoteRef *ref = &g_array_index (self->refs, AriettaNoteRef, i);
      const AriettaNote *notes;
      guint n;

      if (ref->track >= arietta_piece_get_n_tracks (piece))
        return FALSE;
      notes = arietta_track_get_notes (arietta_piece_get_track (piece, ref->track), &n);
      if (ref->nth >= n)
        return FALSE;
      *start_ticks = MIN (*start_ticks, notes[ref->nth].onset_ticks);
      *end_ticks = MAX (*end_ticks, notes[ref->nth].onset_ticks + notes[ref->nth].duration_ticks);
      *lowest = MIN (*lowest, notes[ref->nth].pitch);
      *highest = MAX (*highest, notes[ref->nth].pitch);
    }
  return self->refs->len > 0;
}
