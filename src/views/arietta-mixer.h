/* arietta-mixer.h - a strip for each track: level, volume, pan, reverb, chorus, mute and solo; and one for the whole
 *
 * Volume, pan and the sends to FluidSynth's reverb and chorus belong to the piece: each change asks
 * for page.track-control (uuu), which makes an undoable step of it, as the track list does.  Mute
 * and solo are for listening and go to the player.
 *
 * Levels are looked at while the mixer can be seen.
 */
#pragma once

#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_MIXER (arietta_mixer_get_type ())
G_DECLARE_FINAL_TYPE (AriettaMixer, arietta_mixer, ARIETTA, MIXER, GtkWidget)

void arietta_mixer_set_session (AriettaMixer   *self,
                                AriettaSession *session);
/* NULL: only the master.  Strips stay where the tracks are the same ones. */
void arietta_mixer_set_piece   (AriettaMixer   *self,
                                AriettaPiece   *piece);

G_END_DECLS
