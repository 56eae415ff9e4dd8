#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-edit.h"

#include <string.h>

struct _AriettaEdit
{
  gatomicrefcount  ref_count;
  AriettaPiece    *frame_before;   /* NULL: as in frame_after, unchanged */
  AriettaPiece    *frame_after;
  GArray          *stretches;      /* AriettaEditStretch, whose notes are owned here */
};

static gboolean
notes_equal (const AriettaNote *a,
             const AriettaNote *b)
{
  return a->onset_ticks == b->onset_ticks && a->duration_ticks == b->duration_ticks &&
         a->pitch == b->pitch && a->velocity == b->velocity && a->off_velocity == b->off_velocity &&
         a->channel == b->channel && a->program == b->program && a->flags == b->flags;
}

static void
stretch_clear (gpointer data)
{
  AriettaEditStretch *stretch = data;

  g_free ((gpointer) stretch->before);
  g_free ((gpointer) stretch->after);
}

static AriettaEdit *
edit_new (void)
{
  AriettaEdit *self = g_new0 (AriettaEdit, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->stretches = g_array_new (FALSE, FALSE, sizeof (AriettaEditStretch));
  g_array_set_clear_func (self->stretches, stretch_clear);
  return self;
}

static void
add_stretch (AriettaEdit       *self,
             guint              track,
             guint              at,
             const AriettaNote *before,
             guint              n_before,
             const AriettaNote *after,
             guint              n_after)
{
  AriettaEditStretch stretch = {
    .track = track,
    .at = at,
    .before = g_memdup2 (before, n_before * sizeof (AriettaNote)),
    .n_before = n_before,
    .after = g_memdup2 (after, n_after * sizeof (AriettaNote)),
    .n_after = n_after,
  };

  g_array_append_val (self->stretches, stretch);
}

static AriettaPiece *
make_frame (AriettaPiece *piece)
{
  AriettaPiece *frame = arietta_piece_copy (piece);

  for (guint i = 0; i < arietta_piece_get_n_tracks (frame); i++)
    arietta_track_take_notes (arietta_piece_get_track (frame, i),
                              g_array_new (FALSE, FALSE, sizeof (AriettaNote)));
  return arietta_piece_freeze (frame);
}

/* Notes of track @nth; none when there is no such track. */
static const AriettaNote *
get_notes (AriettaPiece *piece,
           guint         nth,
           guint        *n)
{
  *n = 0;
  return nth < arietta_piece_get_n_tracks (piece)
           ? arietta_track_get_notes (arietta_piece_get_track (piece, nth), n) : NULL;
}

static void
compare_track (AriettaEdit  *self,
               guint         nth,
               AriettaPiece *before,
               AriettaPiece *after)
{
  guint n_before, n_after, start = 0, end = 0;
  const AriettaNote *old = get_notes (before, nth, &n_before);
  const AriettaNote *new = get_notes (after, nth, &n_after);
  guint least = MIN (n_before, n_after);

  while (start < least && notes_equal (&old[start], &new[start]))
    start++;
  while (end < least - start && notes_equal (&old[n_before - 1 - end], &new[n_after - 1 - end]))
    end++;

  if (start + end < n_before || start + end < n_after)
    add_stretch (self, nth, start, old + start, n_before - start - end, new + start, n_after - start - end);
}

/* The notes of track @nth with its stretch replaced; NULL when they are not those the edit speaks of. */
static GArray *
replace_notes (AriettaPiece             *piece,
               const AriettaEditStretch *stretch,
               gboolean                  undo)
{
  const AriettaNote *gone = undo ? stretch->after : stretch->before;
  const AriettaNote *come = undo ? stretch->before : stretch->after;
  guint n_gone = undo ? stretch->n_after : stretch->n_before;
  guint n_come = undo ? stretch->n_before : stretch->n_after;
  guint n;
  const AriettaNote *notes = get_notes (piece, stretch->track, &n);
  GArray *result;

  if (stretch->at > n || n_gone > n - stretch->at)
    return NULL;
  for (guint i = 0; i < n_gone; i++)
    if (!notes_equal (&notes[stretch->at + i], &gone[i]))
      return NULL;

  result = g_array_sized_new (FALSE, FALSE, sizeof (AriettaNote), n - n_gone + n_come);
  if (stretch->at > 0)
    g_array_append_vals (result, notes, stretch->at);
  if (n_come > 0)
    g_array_append_vals (result, come, n_come);
  if (n - stretch->at - n_gone > 0)
    g_array_append_vals (result, notes + stretch->at + n_gone, n - stretch->at - n_gone);
  return result;
}

AriettaEdit *
arietta_edit_new_between (AriettaPiece *before,
                          AriettaPiece *after)
{
  g_autoptr(AriettaEdit) self = edit_new ();
  g_autoptr(AriettaPiece) frame_before = NULL;
  g_autoptr(AriettaPiece) frame_after = NULL;
  guint n_tracks;

  g_return_val_if_fail (before != NULL && arietta_piece_is_frozen (before), NULL);
  g_return_val_if_fail (after != NULL && arietta_piece_is_frozen (after), NULL);

  if (before == after)
    return NULL;

  n_tracks = MAX (arietta_piece_get_n_tracks (before), arietta_piece_get_n_tracks (after));
  for (guint i = 0; i < n_tracks; i++)
    compare_track (self, i, before, after);

  frame_before = make_frame (before);
  frame_after = make_frame (after);
  if (!arietta_piece_equal (frame_before, frame_after))
    {
      self->frame_before = g_steal_pointer (&frame_before);
      self->frame_after = g_steal_pointer (&frame_after);
    }

  return self->stretches->len > 0 || self->frame_after != NULL ? g_steal_pointer (&self) : NULL;
}

AriettaEdit *
arietta_edit_new (AriettaPiece             *frame_before,
                  AriettaPiece             *frame_after,
                  const AriettaEditStretch *stretches,
                  guint                     n_stretches)
{
  AriettaEdit *self = edit_new ();

  g_return_val_if_fail ((frame_before == NULL) == (frame_after == NULL), NULL);

  if (frame_before != NULL)
    {
      self->frame_before = arietta_piece_ref (frame_before);
      self->frame_after = arietta_piece_ref (frame_after);
    }
  for (guint i = 0; i < n_stretches; i++)
    add_stretch (self, stretches[i].track, stretches[i].at, stretches[i].before, stretches[i].n_before,
                 stretches[i].after, stretches[i].n_after);
  return self;
}

AriettaEdit *
arietta_edit_ref (AriettaEdit *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
arietta_edit_unref (AriettaEdit *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->frame_before, arietta_piece_unref);
  g_clear_pointer (&self->frame_after, arietta_piece_unref);
  g_array_unref (self->stretches);
  g_free (self);
}

AriettaPiece *
arietta_edit_apply (AriettaEdit  *self,
                    AriettaPiece *piece,
                    gboolean      undo)
{
  g_autoptr(AriettaPiece) result = NULL;
  AriettaPiece *frame;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (piece != NULL && arietta_piece_is_frozen (piece), NULL);

  frame = undo ? self->frame_before : self->frame_after;
  result = arietta_piece_copy (frame != NULL ? frame : piece);

  /* A frame has no notes of its own. */
  for (guint i = 0; frame != NULL && i < arietta_piece_get_n_tracks (result); i++)
    {
      guint n;
      const AriettaNote *notes = get_notes (piece, i, &n);

      if (n > 0)
        arietta_track_add_notes (arietta_piece_get_track (result, i), notes, n);
    }

  for (guint i = 0; i < self->stretches->len; i++)
    {
      const AriettaEditStretch *stretch = &g_array_index (self->stretches, AriettaEditStretch, i);
      GArray *notes = replace_notes (piece, stretch, undo);

      if (notes == NULL)
        return NULL;
      if (stretch->track < arietta_piece_get_n_tracks (result))
        arietta_track_take_notes (arietta_piece_get_track (result, stretch->track), notes);
      else
        g_array_unref (notes);   /* of a track that this direction takes away */
    }

  return arietta_piece_freeze (g_steal_pointer (&result));
}

AriettaPiece *
arietta_edit_get_frame (AriettaEdit *self,
                        gboolean     before)
{
  g_return_val_if_fail (self != NULL, NULL);

  return before ? self->frame_before : self->frame_after;
}

const AriettaEditStretch *
arietta_edit_get_stretches (AriettaEdit *self,
                            guint       *n)
{
  g_return_val_if_fail (self != NULL, NULL);

  *n = self->stretches->len;
  return (const AriettaEditStretch *) (void *) self->stretches->data;
}

static void
widen (const AriettaNote *notes,
       guint              n,
       gint64            *start_ticks,
       gint64            *end_ticks,
       int               *lowest,
       int               *highest)
{
  for (guint i = 0; i < n; i++)
    {
      *start_ticks = MIN (*start_ticks, notes[i].onset_ticks);
      *end_ticks = MAX (*end_ticks, notes[i].onset_ticks + notes[i].duration_ticks);
      *lowest = MIN (*lowest, notes[i].pitch);
      *highest = MAX (*highest, notes[i].pitch);
    }
}

gboolean
arietta_edit_get_extent (AriettaEdit *self,
                         gint64      *start_ticks,
                         gint64      *end_ticks,
                         int         *lowest,
                         int         *highest)
{
  g_return_val_if_fail (self != NULL, FALSE);

  *start_ticks = G_MAXINT64;
  *end_ticks = 0;
  *lowest = 127;
  *highest = 0;
  for (guint i = 0; i < self->stretches->len; i++)
    {
      const AriettaEditStretch *stretch = &g_array_index (self->stretches, AriettaEditStretch, i);

      widen (stretch->before, stretch->n_before, start_ticks, end_ticks, lowest, highest);
      widen (stretch->after, stretch->n_after, start_ticks, end_ticks, lowest, highest);
    }
  return self->stretches->len > 0;
}

/* ---- Where frames differ ---- */

/* Records that begin with their tick, one after another, and whether two say the same. */
typedef struct
{
  const char *records;
  guint       n;
  gsize       size;
} Records;

typedef gboolean (*SameFunc) (gconstpointer a,
                              gconstpointer b);

static gboolean
same_tempo (gconstpointer a,
            gconstpointer b)
{
  const AriettaTempo *x = a, *y = b;

  return x->tick == y->tick && x->us_per_quarter == y->us_per_quarter;
}

static gboolean
same_meter (gconstpointer a,
            gconstpointer b)
{
  const AriettaMeter *x = a, *y = b;

  return x->tick == y->tick && x->numerator == y->numerator && x->denominator_log2 == y->denominator_log2;
}

static gboolean
same_key (gconstpointer a,
          gconstpointer b)
{
  const AriettaKey *x = a, *y = b;

  return x->tick == y->tick && x->sharps == y->sharps && !x->minor == !y->minor;
}

static gboolean
same_event (gconstpointer a,
            gconstpointer b)
{
  const AriettaEvent *x = a, *y = b;

  return x->tick == y->tick && x->status == y->status && x->data1 == y->data1 && x->data2 == y->data2 &&
         x->n_bytes == y->n_bytes && (x->n_bytes == 0 || memcmp (x->bytes, y->bytes, x->n_bytes) == 0);
}

/* Widens the stretch by what stands between the common beginning and the common end of the two. */
static void
widen_by_records (Records   a,
                  Records   b,
                  SameFunc  same,
                  gint64   *start_ticks,
                  gint64   *end_ticks)
{
  guint least = MIN (a.n, b.n), start = 0, end = 0;

  while (start < least && same (a.records + start * a.size, b.records + start * b.size))
    start++;
  while (end < least - start && same (a.records + (a.n - 1 - end) * a.size, b.records + (b.n - 1 - end) * b.size))
    end++;
  for (int side = 0; side < 2; side++)
    {
      const Records *records = side == 0 ? &a : &b;

      if (start + end >= records->n)
        continue;
      *start_ticks = MIN (*start_ticks, *(const gint64 *) (const void *) (records->records + start * records->size));
      *end_ticks = MAX (*end_ticks, *(const gint64 *) (const void *) (records->records
                                                                      + (records->n - 1 - end) * records->size));
    }
}

gboolean
arietta_edit_get_frame_extent (AriettaEdit *self,
                               gint64      *start_ticks,
                               gint64      *end_ticks)
{
  AriettaPiece *a, *b;
  Records x = { 0 }, y = { 0 };

  g_return_val_if_fail (self != NULL, FALSE);

  *start_ticks = G_MAXINT64;
  *end_ticks = -1;
  if (self->frame_before == NULL)
    return FALSE;
  a = self->frame_before;
  b = self->frame_after;

  x.size = y.size = sizeof (AriettaTempo);
  x.records = (const char *) arietta_piece_get_tempos (a, &x.n);
  y.records = (const char *) arietta_piece_get_tempos (b, &y.n);
  widen_by_records (x, y, same_tempo, start_ticks, end_ticks);
  x.size = y.size = sizeof (AriettaMeter);
  x.records = (const char *) arietta_piece_get_meters (a, &x.n);
  y.records = (const char *) arietta_piece_get_meters (b, &y.n);
  widen_by_records (x, y, same_meter, start_ticks, end_ticks);
  x.size = y.size = sizeof (AriettaKey);
  x.records = (const char *) arietta_piece_get_keys (a, &x.n);
  y.records = (const char *) arietta_piece_get_keys (b, &y.n);
  widen_by_records (x, y, same_key, start_ticks, end_ticks);

  x.size = y.size = sizeof (AriettaEvent);
  for (guint i = 0; i < MIN (arietta_piece_get_n_tracks (a), arietta_piece_get_n_tracks (b)); i++)
    {
      x.records = (const char *) arietta_track_get_events (arietta_piece_get_track (a, i), &x.n);
      y.records = (const char *) arietta_track_get_events (arietta_piece_get_track (b, i), &y.n);
      widen_by_records (x, y, same_event, start_ticks, end_ticks);
    }
  return *end_ticks >= *start_ticks;
}
