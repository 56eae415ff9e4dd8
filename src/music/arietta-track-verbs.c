#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-track-verbs.h"

#define CONTROL_CHANGE 0xB0
#define PROGRAM_CHANGE 0xC0
#define PERCUSSION_CHANNEL 9

static AriettaTrack *
get_track (AriettaPiece *piece,
           guint         track)
{
  g_return_val_if_fail (piece != NULL && track < arietta_piece_get_n_tracks (piece), NULL);

  return arietta_piece_get_track (piece, track);
}

static gboolean
is_control (const AriettaEvent *event,
            gpointer            controller)
{
  return (event->status & 0xF0) == CONTROL_CHANGE && event->data1 == GPOINTER_TO_INT (controller);
}

static gboolean
is_program_change (const AriettaEvent *event,
                   gpointer            user_data)
{
  return (event->status & 0xF0) == PROGRAM_CHANGE;
}

AriettaPiece *
arietta_tracks_set_program (AriettaPiece *piece,
                            guint         track,
                            int           program)
{
  g_autoptr(AriettaPiece) after = NULL;
  AriettaTrack *old = get_track (piece, track), *new;
  int channel;

  g_return_val_if_fail (old != NULL && program >= 0 && program < 128, NULL);

  channel = arietta_track_get_channel (old);
  after = arietta_piece_copy (piece);
  new = arietta_piece_get_track (after, track);
  arietta_track_set_program (new, program);
  /* One change at the beginning says it all, for a track without notes too. */
  arietta_track_drop_events (new, is_program_change, NULL);
  arietta_track_add_event (new, 0, (guint8) (PROGRAM_CHANGE | channel), (guint8) program, 0, NULL, 0);
  return arietta_piece_freeze (g_steal_pointer (&after));
}

AriettaPiece *
arietta_tracks_rename (AriettaPiece *piece,
                       guint         track,
                       const char   *name)
{
  g_autoptr(AriettaPiece) after = NULL;
  AriettaTrack *old = get_track (piece, track);

  g_return_val_if_fail (old != NULL && name != NULL, NULL);

  if (g_strcmp0 (arietta_track_get_name (old), name) == 0)
    return arietta_piece_ref (piece);
  after = arietta_piece_copy (piece);
  arietta_track_set_name (arietta_piece_get_track (after, track), name);
  return arietta_piece_freeze (g_steal_pointer (&after));
}

AriettaPiece *
arietta_tracks_set_control (AriettaPiece *piece,
                            guint         track,
                            int           controller,
                            int           value)
{
  g_autoptr(AriettaPiece) after = NULL;
  AriettaTrack *old = get_track (piece, track), *new;

  g_return_val_if_fail (old != NULL, NULL);

  if (arietta_tracks_get_control (piece, track, controller, -1) == value)
    return arietta_piece_ref (piece);
  after = arietta_piece_copy (piece);
  new = arietta_piece_get_track (after, track);
  arietta_track_drop_events (new, is_control, GINT_TO_POINTER (controller));
  arietta_track_add_event (new, 0, (guint8) (CONTROL_CHANGE | arietta_track_get_channel (old)), (guint8) controller,
                           (guint8) CLAMP (value, 0, 127), NULL, 0);
  return arietta_piece_freeze (g_steal_pointer (&after));
}

int
arietta_tracks_get_control (AriettaPiece *piece,
                            guint         track,
                            int           controller,
                            int           fallback)
{
  AriettaTrack *self = get_track (piece, track);
  const AriettaEvent *events;
  guint n;

  g_return_val_if_fail (self != NULL, fallback);

  events = arietta_track_get_events (self, &n);
  for (guint i = 0; i < n; i++)
    if (is_control (&events[i], GINT_TO_POINTER (controller)))
      return events[i].data2;
  return fallback;
}

static gboolean
has_voice (AriettaTrack *track)
{
  guint n;
  const AriettaEvent *events = arietta_track_get_events (track, &n);

  for (guint i = 0; i < n; i++)
    if (events[i].status < 0xF0)
      return TRUE;
  return FALSE;
}

static gboolean
has_notes_or_voice (AriettaPiece *piece,
                    guint         track)
{
  AriettaTrack *self = arietta_piece_get_track (piece, track);
  guint n;

  arietta_track_get_notes (self, &n);
  return n > 0 || has_voice (self);
}

gboolean
arietta_tracks_plays (AriettaPiece *piece,
                      guint         track)
{
  gboolean others = FALSE;

  g_return_val_if_fail (get_track (piece, track) != NULL, FALSE);

  for (guint i = 1; i < arietta_piece_get_n_tracks (piece) && track == 0 && !others; i++)
    others = has_notes_or_voice (piece, i);
  return (track == 0 && !others) || has_notes_or_voice (piece, track);
}

guint
arietta_tracks_count_playing (AriettaPiece *piece,
                              guint         track)
{
  guint n = 0;

  g_return_val_if_fail (piece != NULL && track <= arietta_piece_get_n_tracks (piece), 0);

  for (guint i = 0; i < track; i++)
    n += arietta_tracks_plays (piece, i);
  return n;
}

void
arietta_tracks_keep_voice (AriettaPiece *piece,
                           guint         track)
{
  AriettaTrack *self = get_track (piece, track);
  guint n_events;
  const AriettaEvent *events;

  g_return_if_fail (self != NULL);

  events = arietta_track_get_events (self, &n_events);
  for (guint i = 0; i < n_events; i++)
    if (is_program_change (&events[i], NULL))
      return;
  arietta_track_add_event (self, 0, (guint8) (PROGRAM_CHANGE | arietta_track_get_channel (self)),
                           (guint8) arietta_track_get_program (self), 0, NULL, 0);
}

int
arietta_tracks_find_free_channel (AriettaPiece *piece)
{
  gboolean used[16] = { [PERCUSSION_CHANNEL] = TRUE };

  for (guint i = 0; i < arietta_piece_get_n_tracks (piece); i++)
    {
      guint n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, i), &n);

      used[arietta_track_get_channel (arietta_piece_get_track (piece, i))] = TRUE;
      for (guint k = 0; k < n; k++)
        used[notes[k].channel] = TRUE;
    }
  for (int channel = 0; channel < 16; channel++)
    if (!used[channel])
      return channel;
  return 15;
}

AriettaPiece *
arietta_tracks_add (AriettaPiece *piece,
                    const char   *name,
                    int           program,
                    gboolean      percussion)
{
  g_autoptr(AriettaPiece) after = arietta_piece_copy (piece);
  AriettaTrack *track = arietta_piece_add_track (after, name);
  int channel = percussion ? PERCUSSION_CHANNEL : arietta_tracks_find_free_channel (piece);

  /* An empty track knows its channel and instrument from this event alone. */
  arietta_track_add_event (track, 0, (guint8) (PROGRAM_CHANGE | channel), (guint8) program, 0, NULL, 0);
  return arietta_piece_freeze (g_steal_pointer (&after));
}

AriettaPiece *
arietta_tracks_remove (AriettaPiece *piece,
                       guint         track)
{
  g_autoptr(AriettaPiece) after = NULL;

  g_return_val_if_fail (get_track (piece, track) != NULL, NULL);

  after = arietta_piece_copy (piece);
  arietta_piece_remove_track (after, track);
  return arietta_piece_freeze (g_steal_pointer (&after));
}
