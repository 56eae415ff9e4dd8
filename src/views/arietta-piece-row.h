/* arietta-piece-row.h - an item or a take in a list: face, title, facts, a button to hear it
 *
 * Bound and unbound by a list factory; what follows the button at the right ("suffix") is the page's own.  The button
 * shows whether this very piece is on the stand and sounds, and stops it then.
 *
 * A list makes two hundred rows at once, for a dozen that are seen: a new row is an empty place of the right
 * height, and what is in it is made a few milliseconds at a time (arietta-slices.h).
 */
#pragma once

#include "views/arietta-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_PIECE_ROW (arietta_piece_row_get_type ())
G_DECLARE_FINAL_TYPE (AriettaPieceRow, arietta_piece_row, ARIETTA, PIECE_ROW, GtkWidget)

typedef void (*AriettaPieceRowFunc) (AriettaPieceRow *self,
                                     gpointer         user_data);

/* @build_func adds suffixes when the row's turn has come; @show_func brings them up to date after each piece.
 * Both may be NULL; @user_data outlives the row. */
GtkWidget *arietta_piece_row_new        (AriettaSession      *session,
                                         AriettaPieceRowFunc  build_func,
                                         AriettaPieceRowFunc  show_func,
                                         gpointer             user_data);

/* Copies what it needs. */
void       arietta_piece_row_show_item  (AriettaPieceRow   *self,
                                         const AriettaItem *item);
/* An item or a take by its ids, with @facts under the title. */
void       arietta_piece_row_show       (AriettaPieceRow   *self,
                                         gint64             item_id,
                                         gint64             take_id,
                                         const char        *title,
                                         const char        *facts,
                                         const char        *style);
void       arietta_piece_row_clear      (AriettaPieceRow   *self);
/* Adds @widget at the end of the row. */
void       arietta_piece_row_add_suffix (AriettaPieceRow   *self,
                                         GtkWidget         *widget);
gint64     arietta_piece_row_get_item_id (AriettaPieceRow  *self);
gint64     arietta_piece_row_get_take_id (AriettaPieceRow  *self);
const char *arietta_piece_row_get_title  (AriettaPieceRow  *self);

/* "folk · 1:05 · 120 notes", as rows show it. */
char      *arietta_item_dup_facts       (const AriettaItem *item);

G_END_DECLS
