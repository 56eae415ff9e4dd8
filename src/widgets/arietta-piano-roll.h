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
 * "track" (int: the active one, -1 none), "ghosts" (bool: the other tracks are only shades, nothing of them can be taken hold
 * of); where the active track is percussion the roll is a drum grid, a named row for each drum.  "scale" (uint: 12 bits, pitch
 * classes to highlight, 0 none) and "tonic" (int).  "loop" (bool), "loop-start" and "loop-end" (int64): the range in the ruler.
 *
 * "follow" rests after the person scrolled while it plays, until playing begins anew or somebody seeks.
 *
 * The pitch axis zooms by Ctrl+Shift+wheel and Ctrl+Up / Down.  Enter hears the note under the cursor and seeks to
 * it; a click on a note puts the cursor there and sounds it as the keyboard does.  The middle button drags
 * the view.  Time runs from left to right in every language.
 *
 * Signals: "key-pressed" (int pitch), "key-released" (int pitch) for the keyboard at the left
 * and for notes heard; "seek" (int64 ticks) for a click on the ruler or a drag of the
 * play head; "loop-set" (int64 start, int64 end) for a drag that makes, moves or sizes the loop range (rolls that can be edited).
 */
#pragma once

#include <gtk/gtk.h>

#include "drawing/arietta-roll-index.h"
#include "widgets/arietta-time-axis.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_PIANO_ROLL (arietta_piano_roll_get_type ())
G_DECLARE_FINAL_TYPE (AriettaPianoRoll, arietta_piano_roll, ARIETTA, PIANO_ROLL, GtkWidget)

GtkWidget *arietta_piano_roll_new         (void);
/* Fits the whole piece into the width, and its range of pitches into the height. */
void       arietta_piano_roll_zoom_to_fit (AriettaPianoRoll *self);
/* Fits a stretch and its pitches. */
void       arietta_piano_roll_zoom_to_range (AriettaPianoRoll *self,
                                             gint64            start_ticks,
                                             gint64            end_ticks,
                                             int               lowest,
                                             int               highest);
/* Scrolls as little as is needed to see the stretch. */
void       arietta_piano_roll_show_range  (AriettaPianoRoll *self,
                                           gint64            start_ticks,
                                           gint64            end_ticks,
                                           int               pitch);
/* The note under the cursor, or NULL; borrowed from the piece. */
const AriettaNote *arietta_piano_roll_get_cursor (AriettaPianoRoll *self);
/* As the arrow keys do: along by time, -2 and 2 to the ends, up and down by pitch; @more keeps what is selected.  FALSE
 * without notes. */
gboolean          arietta_piano_roll_move_cursor (AriettaPianoRoll *self,
                                                  int               dx,
                                                  int               dy,
                                                  gboolean          more);
/* The axis of time that lanes share; borrowed. */
AriettaTimeAxis  *arietta_piano_roll_get_axis  (AriettaPianoRoll *self);
/* Of the piece that is shown; borrowed, until another one is set. */
AriettaRollIndex *arietta_piano_roll_get_index (AriettaPianoRoll *self);
gboolean          arietta_piano_roll_is_drums  (AriettaPianoRoll *self);
/* Whether notes of @track can be taken hold of, or are only shades. */
gboolean          arietta_piano_roll_is_meant  (AriettaPianoRoll *self,
                                                guint             track);

G_END_DECLS
