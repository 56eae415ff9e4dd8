#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-note-carry.h"

AriettaPiece *
arietta_notes_carry (AriettaPiece     *piece,
                     AriettaSelection *notes,
                     gint64            grid_ticks)
{
  gint64 start, end;
  int lowest, highest;
  guint n_refs;
  const AriettaNoteRef *refs = arietta_selection_get_refs (notes, &n_refs);
  AriettaPiece *carried;

  g_return_val_if_fail (grid_ticks > 0, NULL);

  if (!arietta_selection_get_extent (notes, piece, &start, &end, &lowest, &highest))
    return NULL;
  start = start / grid_ticks * grid_ticks;

  carried = arietta_piece_copy (piece);
  for (guint i = 0; i < arietta_piece_get_n_tracks (carried); i++)
    arietta_track_take_notes (arietta_piece_get_track (carried, i), g_array_new (FALSE, FALSE, sizeof (AriettaNote)));
  for (guint i = 0; i < n_refs; i++)
    {
      guint n;
      AriettaNote note = arietta_track_get_notes (arietta_piece_get_track (piece, refs[i].track), &n)[refs[i].nth];

      note.onset_ticks -= start;
      arietta_track_add_note (arietta_piece_get_track (carried, refs[i].track), &note);
    }

  return arietta_piece_freeze (carried);
}

AriettaPiece *
arietta_notes_drop (AriettaPiece *piece,
                    AriettaPiece *carried,
                    gint64        at_ticks)
{
  AriettaPiece *after = arietta_piece_copy (piece);
  double scale = (double) arietta_piece_get_ticks_per_quarter (piece) / arietta_piece_get_ticks_per_quarter (carried);

  if (arietta_piece_get_n_tracks (after) == 0)
    arietta_piece_add_track (after, "");
  for (guint i = 0; i < arietta_piece_get_n_tracks (carried); i++)
    {
      guint n;
      AriettaTrack *target = arietta_piece_get_track (after, MIN (i, arietta_piece_get_n_tracks (after) - 1));
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (carried, i), &n);
      /* Asked once: the answer is looked for among all notes of the track. */
      const guint8 channel = (guint8) arietta_track_get_channel (target);
      const guint8 program = (guint8) arietta_track_get_program (target);

      for (guint k = 0; k < n; k++)
        {
          AriettaNote note = notes[k];

          note.onset_ticks = at_ticks + (gint64) ((double) note.onset_ticks * scale);
          note.duration_ticks = (gint64) ((double) note.duration_ticks * scale);
          note.channel = channel;
          note.program = program;
          note.flags = (note.flags | ARIETTA_NOTE_EDITED) & (guint8) ~ARIETTA_NOTE_LOCKED;
          arietta_track_add_note (target, &note);
        }
    }

  return arietta_piece_freeze (after);
}
