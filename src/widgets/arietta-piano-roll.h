/* arietta-piano-roll.h - a zoomable, scrolling piano roll with keyboard, ruler and play head
 *
 * A GtkScrollable; put it in a GtkScrolledWindow.  It knows a piece and numbers, no document.  Zoom by
 * Ctrl+wheel, pinch and Ctrl+plus / minus / 0; the wheel scrolls, Shift+wheel sideways.  Notes are painted
 * as cached tiles, so 50,000 of them scroll at full speed; the play head and the sounding notes are a few
 * nodes above.  Arrow keys move a cursor from note to note; the accessible description follows it.
 *
 * Properties: "piece" (boxed AriettaPiece), "position" (int64 ticks), "follow" (bool: keep the play head in
 * sight), "pixels-per-quarter" (double), "pixels-per-pitch" (double), "playing" (bool: light sounding notes).
 *
 * The pitch axis zooms by Ctrl+Shift+wheel and Ctrl+Up / Down.  Enter hears the note under the cursor and seeks to
 * it; a click on a note puts the cursor there and sounds it as the keyboard does.  The middle button drags
 * the view.  Time runs from left to right in every language.
 *
 * Signals: "key-pressed" (int pitch), "key-released" (int pitch) for the keyboard at the left
 * and for notes heard; "seek" (int64 ticks) for a click or drag on the ruler.
 */
#pragma once

#include <gtk/gtk.h>

#include "music/arietta-piece.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_PIANO_ROLL (arietta_piano_roll_get_type ())
G_DECLARE_FINAL_TYPE (AriettaPianoRoll, arietta_piano_roll, ARIETTA, PIANO_ROLL, GtkWidget)

GtkWidget *arietta_piano_roll_new         (void);
/* Fits the whole piece into the width, and its range of pitches into the height. */
void       arietta_piano_roll_zoom_to_fit (AriettaPianoRoll *self);
/* Scrolls as little as is needed to see the stretch. */
void       arietta_piano_roll_show_range  (AriettaPianoRoll *self,
                                           gint64            start_ticks,
                                           gint64            end_ticks,
                                           int               pitch);
/* The note under the cursor, or NULL; borrowed from the piece. */
const AriettaNote *arietta_piano_roll_get_cursor (AriettaPianoRoll *self);

G_END_DECLS
