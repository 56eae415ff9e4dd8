#include "drawing/arietta-roll-index.h"

#include "music/arietta-marks.h"
#include "music/arietta-track-verbs.h"

#define BLOCK 64
#define SUPER 64   /* blocks */

typedef struct
{
  const AriettaNote *notes;
  guint              n_notes;
  guint              track;
  guint              hue;
  gint64            *block_ends; /* latest end within each BLOCK notes */
  gint64            *super_ends; /* and within each SUPER blocks */
} TrackIndex;

struct _AriettaRollIndex
{
  AriettaPiece *piece;
  GArray       *tracks;   /* of TrackIndex; only tracks with notes */
  int           lowest;
  int           highest;
};

static inline gint64
note_end (const AriettaNote *note)
{
  return note->onset_ticks + MAX (note->duration_ticks, 1);
}

/* @n_before: playing tracks before it. */
static guint
hue_of (AriettaPiece *piece,
        guint         track,
        guint         n_before)
{
  int chosen = arietta_marks_get_hue (arietta_piece_get_track (piece, track));

  return chosen >= 0 ? (guint) chosen : n_before;
}

guint
arietta_roll_get_track_hue (AriettaPiece *piece,
                            guint         track)
{
  g_return_val_if_fail (piece != NULL && track < arietta_piece_get_n_tracks (piece), 0);

  return hue_of (piece, track, arietta_tracks_count_playing (piece, track));
}

static void
track_index_clear (gpointer data)
{
  TrackIndex *track = data;

  g_free (track->block_ends);
  g_free (track->super_ends);
}

AriettaRollIndex *
arietta_roll_index_new (AriettaPiece *piece)
{
  AriettaRollIndex *self;
  guint n_tracks, n_playing = 0;

  g_return_val_if_fail (piece != NULL, NULL);

  self = g_new0 (AriettaRollIndex, 1);
  self->piece = arietta_piece_ref (piece);
  self->tracks = g_array_new (FALSE, FALSE, sizeof (TrackIndex));
  g_array_set_clear_func (self->tracks, track_index_clear);
  self->lowest = 128;
  self->highest = -1;

  n_tracks = arietta_piece_get_n_tracks (piece);
  for (guint t = 0; t < n_tracks; t++)
    {
      TrackIndex track = { .track = t };
      guint n_before = n_playing;

      n_playing += arietta_tracks_plays (piece, t);

      track.notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &track.n_notes);
      if (track.n_notes == 0)
        continue;

      track.hue = hue_of (piece, t, n_before);
      track.block_ends = g_new (gint64, track.n_notes / BLOCK + 1);
      track.super_ends = g_new (gint64, track.n_notes / (BLOCK * SUPER) + 1);
      for (guint i = 0; i < track.n_notes; i++)
        {
          gint64 end = note_end (&track.notes[i]);

          if (i % BLOCK == 0 || end > track.block_ends[i / BLOCK])
            track.block_ends[i / BLOCK] = end;
          if (i % (BLOCK * SUPER) == 0 || end > track.super_ends[i / (BLOCK * SUPER)])
            track.super_ends[i / (BLOCK * SUPER)] = end;
          self->lowest = MIN (self->lowest, track.notes[i].pitch);
          self->highest = MAX (self->highest, track.notes[i].pitch);
        }
      g_array_append_val (self->tracks, track);
    }

  return self;
}

void
arietta_roll_index_free (AriettaRollIndex *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->tracks);
  arietta_piece_unref (self->piece);
  g_free (self);
}

AriettaPiece *
arietta_roll_index_get_piece (AriettaRollIndex *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->piece;
}

gboolean
arietta_roll_index_get_pitches (AriettaRollIndex *self,
                                int              *lowest,
                                int              *highest)
{
  gboolean any;

  g_return_val_if_fail (self != NULL, FALSE);

  any = self->highest >= 0;
  *lowest = any ? self->lowest : 60;
  *highest = any ? self->highest : 72;

  return any;
}

void
arietta_roll_index_foreach (AriettaRollIndex    *self,
                            gint64               start_ticks,
                            gint64               end_ticks,
                            AriettaRollNoteFunc  func,
                            gpointer             user_data)
{
  g_return_if_fail (self != NULL);

  for (guint t = 0; t < self->tracks->len; t++)
    {
      const TrackIndex *track = &g_array_index (self->tracks, TrackIndex, t);

      for (guint first = 0; first < track->n_notes; first += BLOCK)
        {
          guint last = MIN (first + BLOCK, track->n_notes);

          if (track->notes[first].onset_ticks >= end_ticks)
            break;
          if (first % (BLOCK * SUPER) == 0 && track->super_ends[first / (BLOCK * SUPER)] <= start_ticks)
            {
              first += BLOCK * (SUPER - 1);
              continue;
            }
          if (track->block_ends[first / BLOCK] <= start_ticks)
            continue;

          for (guint i = first; i < last && track->notes[i].onset_ticks < end_ticks; i++)
            if (note_end (&track->notes[i]) > start_ticks)
              func (&track->notes[i], track->track, track->hue, user_data);
        }
    }
}
