/* arietta-track-list.h - the tracks of the open piece: name, instrument, mute, solo; volume and pan behind one button
 *
 * Mute and solo are for listening and go to the player; everything that changes the piece is asked for by action, so that the page
 * can make a step of it:
 *
 *   page.track-program (uu) track, program      page.track-control (uuu) track, controller, value
 *   page.track-rename (us) track, name          page.track-remove (u) track
 *   page.track-add (b) percussion               page.track-hue (uu) track, colour of the palette
 *
 * Property "active" (int): the track whose row is selected, where new notes go; -1 without tracks.
 */
#pragma once

#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_TRACK_LIST (arietta_track_list_get_type ())
G_DECLARE_FINAL_TYPE (AriettaTrackList, arietta_track_list, ARIETTA, TRACK_LIST, GtkWidget)

void arietta_track_list_set_session (AriettaTrackList *self,
                                     AriettaSession   *session);
/* NULL: nothing.  Rows stay where the tracks are the same ones. */
void arietta_track_list_set_piece   (AriettaTrackList *self,
                                     AriettaPiece     *piece);
int  arietta_track_list_get_active  (AriettaTrackList *self);

G_END_DECLS
