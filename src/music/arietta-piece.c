#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-piece-private.h"

#include "music/arietta-play-order.h"

#include <string.h>

G_DEFINE_BOXED_TYPE (AriettaPiece, arietta_piece, arietta_piece_ref, arietta_piece_unref)

static gboolean
may_change (AriettaPiece *self)
{
  return self != NULL && !self->frozen;
}

/* Life */

AriettaPiece *
arietta_piece_new (int ticks_per_quarter)
{
  AriettaPiece *self;

  g_return_val_if_fail (ticks_per_quarter >= 1 && ticks_per_quarter <= 32767, NULL);

  self = g_new0 (AriettaPiece, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->ticks_per_quarter = ticks_per_quarter;
  self->tempos = g_array_new (FALSE, FALSE, sizeof (AriettaTempo));
  self->meters = g_array_new (FALSE, FALSE, sizeof (AriettaMeter));
  self->keys = g_array_new (FALSE, FALSE, sizeof (AriettaKey));
  self->tracks = g_ptr_array_new_with_free_func ((GDestroyNotify) _arietta_track_free);
  return self;
}

AriettaPiece *
arietta_piece_ref (AriettaPiece *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
arietta_piece_unref (AriettaPiece *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_ptr_array_unref (self->tracks);
  g_array_unref (self->tempos);
  g_array_unref (self->meters);
  g_array_unref (self->keys);
  g_free (self->tempo_seconds);
  g_free (self->title);
  g_free (self);
}

AriettaPiece *
arietta_piece_copy (AriettaPiece *self)
{
  AriettaPiece *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = arietta_piece_new (self->ticks_per_quarter);
  copy->smpte_frames = self->smpte_frames;
  copy->smpte_subframes = self->smpte_subframes;
  copy->title = g_strdup (self->title);
  copy->maps_unsorted = self->maps_unsorted;

  g_array_unref (copy->tempos);
  copy->tempos = _arietta_piece_map_copy (self->tempos);
  g_array_unref (copy->meters);
  copy->meters = _arietta_piece_map_copy (self->meters);
  g_array_unref (copy->keys);
  copy->keys = _arietta_piece_map_copy (self->keys);

  for (guint i = 0; i < self->tracks->len; i++)
    g_ptr_array_add (copy->tracks, _arietta_track_copy (self->tracks->pdata[i], copy));
  return copy;
}

AriettaPiece *
arietta_piece_freeze (AriettaPiece *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->frozen)
    return self;

  for (guint i = 0; i < self->tracks->len; i++)
    _arietta_track_sort (self->tracks->pdata[i]);
  _arietta_piece_sort_maps (self);
  arietta_play_order_settle (self);
  if (self->tracks->len > 0)
    {
      AriettaTrack *first = self->tracks->pdata[0];

      first->end_ticks = MAX (first->end_ticks, _arietta_piece_maps_end (self));
    }
  _arietta_piece_build_seconds (self);

  self->frozen = TRUE;
  return self;
}

gboolean
arietta_piece_is_frozen (AriettaPiece *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->frozen;
}

/* @self if frozen, else a frozen copy: what comparing and writing look at. */
static AriettaPiece *
settled (AriettaPiece *self)
{
  return self->frozen ? arietta_piece_ref (self) : arietta_piece_freeze (arietta_piece_copy (self));
}

gboolean
arietta_piece_equal (AriettaPiece *a,
                     AriettaPiece *b)
{
  g_autoptr(AriettaPiece) left = NULL;
  g_autoptr(AriettaPiece) right = NULL;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (a == b)
    return TRUE;

  left = settled (a);
  right = settled (b);
  if (left->ticks_per_quarter != right->ticks_per_quarter ||
      left->smpte_frames != right->smpte_frames ||
      left->smpte_subframes != right->smpte_subframes ||
      left->tracks->len != right->tracks->len ||
      !_arietta_piece_maps_equal (left, right))
    return FALSE;

  for (guint i = 0; i < left->tracks->len; i++)
    if (!_arietta_track_equal (left->tracks->pdata[i], right->tracks->pdata[i]))
      return FALSE;

  return TRUE;
}

AriettaPiece *
_arietta_piece_freeze_unless_equal (AriettaPiece *before, AriettaPiece *after)
{
  arietta_piece_freeze (after);
  if (!arietta_piece_equal (before, after))
    return after;
  arietta_piece_unref (after);
  return arietta_piece_ref (before);
}

/* Digest: twenty bytes for each note, little-endian, sorted. */

typedef struct
{
  gint64 onset;
  gint64 duration;
  guint8 rest[4]; /* pitch, velocity, channel, program */
} DigestNote;

static int
compare_digest_notes_cb (gconstpointer a, gconstpointer b)
{
  const DigestNote *x = a;
  const DigestNote *y = b;

  if (x->onset != y->onset)
    return x->onset < y->onset ? -1 : 1;
  if (x->duration != y->duration)
    return x->duration < y->duration ? -1 : 1;
  return memcmp (x->rest, y->rest, sizeof x->rest);
}

/* Ticks to 1/960 quarters, rounded, without overflow for any tick. */
static gint64
rescale (gint64 tick, int ticks_per_quarter)
{
  gint64 quarters = tick / ticks_per_quarter;
  gint64 rest = tick % ticks_per_quarter;

  return quarters * 960 + (rest * 960 + ticks_per_quarter / 2) / ticks_per_quarter;
}

char *
arietta_piece_dup_digest (AriettaPiece *self)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree DigestNote *all = NULL;
  guint n_all = 0;

  g_return_val_if_fail (self != NULL, NULL);

  all = g_new (DigestNote, arietta_piece_get_n_notes (self) + 1);
  for (guint i = 0; i < self->tracks->len; i++)
    {
      AriettaTrack *track = self->tracks->pdata[i];

      for (guint k = 0; k < track->n_notes; k++)
        {
          const AriettaNote *note = &track->notes[k];

          all[n_all++] = (DigestNote) {
            rescale (note->onset_ticks, self->ticks_per_quarter),
            rescale (note->duration_ticks, self->ticks_per_quarter),
            { note->pitch, note->velocity, note->channel, note->program },
          };
        }
    }
  qsort (all, n_all, sizeof (DigestNote), compare_digest_notes_cb);

  for (guint i = 0; i < n_all; i++)
    {
      guint8 bytes[20];
      guint64 onset = GUINT64_TO_LE (all[i].onset);
      guint64 duration = GUINT64_TO_LE (all[i].duration);

      memcpy (bytes, &onset, 8);
      memcpy (bytes + 8, &duration, 8);
      memcpy (bytes + 16, all[i].rest, 4);
      g_checksum_update (checksum, bytes, sizeof bytes);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

/* Facts */

const char *
arietta_piece_get_title (AriettaPiece *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->title;
}

void
arietta_piece_set_title (AriettaPiece *self,
                         const char   *title)
{
  char *copy;

  g_return_if_fail (may_change (self));

  copy = title != NULL && title[0] != '\0' ? g_strdup (title) : NULL;
  g_free (self->title);
  self->title = copy;
}

int
arietta_piece_get_ticks_per_quarter (AriettaPiece *self)
{
  g_return_val_if_fail (self != NULL, ARIETTA_TICKS_PER_QUARTER);

  return self->ticks_per_quarter;
}

void
arietta_piece_get_smpte (AriettaPiece *self,
                         int          *frames,
                         int          *subframes)
{
  g_return_if_fail (self != NULL);

  if (frames != NULL)
    *frames = self->smpte_frames;
  if (subframes != NULL)
    *subframes = self->smpte_subframes;
}

void
arietta_piece_set_smpte (AriettaPiece *self,
                         int           frames,
                         int           subframes)
{
  g_return_if_fail (may_change (self));
  g_return_if_fail ((frames == 0 && subframes == 0) ||
                    ((frames == 24 || frames == 25 || frames == 29 || frames == 30) &&
                     subframes >= 1 && subframes <= 255));

  self->smpte_frames = frames;
  self->smpte_subframes = subframes;
}

/* Tracks */

guint
arietta_piece_get_n_tracks (AriettaPiece *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->tracks->len;
}

AriettaTrack *
arietta_piece_get_track (AriettaPiece *self,
                         guint         nth)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (nth < self->tracks->len, NULL);

  return self->tracks->pdata[nth];
}

AriettaTrack *
arietta_piece_add_track (AriettaPiece *self,
                         const char   *name)
{
  AriettaTrack *track;

  g_return_val_if_fail (may_change (self), NULL);

  track = _arietta_track_new (self);
  g_ptr_array_add (self->tracks, track);
  if (name != NULL && name[0] != '\0')
    arietta_track_set_name (track, name);
  return track;
}

void
arietta_piece_remove_track (AriettaPiece *self,
                            guint         nth)
{
  g_return_if_fail (may_change (self));
  g_return_if_fail (nth < self->tracks->len);

  g_ptr_array_remove_index (self->tracks, nth);
}

guint
arietta_piece_get_n_notes (AriettaPiece *self)
{
  guint n = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->tracks->len; i++)
    n += ((AriettaTrack *) self->tracks->pdata[i])->n_notes;
  return n;
}

gint64
arietta_piece_get_end_ticks (AriettaPiece *self)
{
  gint64 end;

  g_return_val_if_fail (self != NULL, 0);

  end = _arietta_piece_maps_end (self);
  for (guint i = 0; i < self->tracks->len; i++)
    end = MAX (end, arietta_track_get_end_ticks (self->tracks->pdata[i]));
  return end;
}

gint64
arietta_piece_get_notes_start_ticks (AriettaPiece *self)
{
  gint64 start = G_MAXINT64;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->tracks->len; i++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (self->tracks->pdata[i], &n);

      if (n > 0)
        start = MIN (start, notes[0].onset_ticks);
    }

  return start < G_MAXINT64 ? start : 0;
}

gint64
arietta_piece_get_notes_end_ticks (AriettaPiece *self)
{
  gint64 end = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->tracks->len; i++)
    end = MAX (end, ((AriettaTrack *) self->tracks->pdata[i])->notes_end);
  return end;
}
