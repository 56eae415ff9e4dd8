/* arietta-piece-strip.h - the whole piece as a miniature, with play head and loop range
 *
 * Click or drag seeks, left and right move by a bar, Home and End to the ends.
 *
 * Properties: "piece" (boxed AriettaPiece or NULL), "position" (int64 ticks), "loop" (bool), "loop-start",
 * "loop-end" (int64).  Signal: "seek" (int64 ticks).
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_PIECE_STRIP (arietta_piece_strip_get_type ())
G_DECLARE_FINAL_TYPE (AriettaPieceStrip, arietta_piece_strip, ARIETTA, PIECE_STRIP, GtkWidget)

GtkWidget *arietta_piece_strip_new (void);

G_END_DECLS
