/* arietta-track-row.h - one row of the track list */
#pragma once

#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_TRACK_ROW (arietta_track_row_get_type ())
G_DECLARE_FINAL_TYPE (AriettaTrackRow, arietta_track_row, ARIETTA, TRACK_ROW, GtkListBoxRow)

GtkWidget *arietta_track_row_new      (AriettaSession  *session,
                                       guint            track) G_GNUC_WARN_UNUSED_RESULT;
/* @hue as in the roll, see arietta_roll_get_track_hue ().  A track that plays nothing, see arietta_tracks_plays (), has
 * a row too, so that rows are counted like tracks; it is not visible. */
void       arietta_track_row_set_piece (AriettaTrackRow *self,
                                        AriettaPiece    *piece,
                                        guint            hue);
/* The name of a track as a person sees it: its own, or which of those that play it is. */
char      *arietta_track_row_dup_name (AriettaPiece    *piece,
                                       guint            track) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
