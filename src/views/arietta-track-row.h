/* arietta-track-row.h - one row of the track list; private to views/arietta-track-list.c */
#pragma once

#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_TRACK_ROW (arietta_track_row_get_type ())
G_DECLARE_FINAL_TYPE (AriettaTrackRow, arietta_track_row, ARIETTA, TRACK_ROW, GtkListBoxRow)

GtkWidget *arietta_track_row_new      (AriettaSession  *session,
                                       guint            track) G_GNUC_WARN_UNUSED_RESULT;
/* @hue as in the roll, see arietta_roll_get_track_hue (). */
void       arietta_track_row_set_piece (AriettaTrackRow *self,
                                        AriettaPiece    *piece,
                                        guint            hue);

G_END_DECLS
