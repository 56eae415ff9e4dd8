/* arietta-transport.h - the bar at the bottom: what is on the stand, and how it plays
 *
 * Back, play, record, loop; the whole piece as a strip to seek in (a plain seek bar for a sound);
 * bar, beat and time; tempo, metronome, master volume with its level.  Everything follows the
 * session's player.
 *
 * Properties: "session" (AriettaSession, set once by the window), "narrow" (bool: the strip moves
 * above the buttons), "compact" (bool: without the time and the metronome).  Uses the actions
 * win.play, win.back, win.loop and win.metronome, and where the page has them page.record and
 * page.tempo.
 */
#pragma once

#include <gtk/gtk.h>

#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_TRANSPORT (arietta_transport_get_type ())
G_DECLARE_FINAL_TYPE (AriettaTransport, arietta_transport, ARIETTA, TRANSPORT, GtkWidget)

/* A tap of the tempo, now. */
void       arietta_transport_tap (AriettaTransport *self);

G_END_DECLS
