/* arietta-drag-out.h - what is dragged out of the window arrives elsewhere as a file
 *
 * On a file manager, in a sequencer: a MIDI file or sound, as the setting "drag-format" has it.
 * The file is made while the pointer is still on its way, in a folder of its own for things that
 * pass through; whoever asks for it earlier waits.  Sound shows itself among the jobs, and stopping
 * it there, or letting go over nothing, ends it.
 *
 * Main thread only.
 */
#pragma once

#include "music/arietta-selection.h"
#include "views/arietta-session.h"

G_BEGIN_DECLS

/* What the widget stands for at the moment. */
typedef struct
{
  AriettaPiece     *piece;      /* owned; NULL: the take */
  gint64            take_id;
  char             *title;      /* owned */
  AriettaSelection *notes;      /* owned; only these of the piece, as they are copied; NULL: all */
  gint64            grid_ticks;
} AriettaDragged;

/* FALSE: nothing to drag. */
typedef gboolean (*AriettaDraggedFunc) (GtkWidget      *widget,
                                        gpointer        user_data,
                                        AriettaDragged *dragged);

/* @user_data must live as long as @widget; @session is kept. */
void arietta_drag_out_add (GtkWidget          *widget,
                           AriettaSession     *session,
                           AriettaDraggedFunc  get_dragged,
                           gpointer            user_data);

G_END_DECLS
