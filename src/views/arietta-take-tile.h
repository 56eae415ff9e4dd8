/* arietta-take-tile.h - one take of the strip: its face, star, number, title and seed
 *
 * A secondary click or the menu key opens the menu of the page's verbs for it.
 */
#pragma once

#include <gtk/gtk.h>

#include "views/arietta-face-loader.h"
#include "views/arietta-take-object.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_TAKE_TILE (arietta_take_tile_get_type ())
G_DECLARE_FINAL_TYPE (AriettaTakeTile, arietta_take_tile, ARIETTA, TAKE_TILE, GtkWidget)

/* Signal "menu" (): the person wants the menu of this tile; the strip selects it first. */
GtkWidget *arietta_take_tile_new        (void);
/* @nth counts from 0; the first nine show the key that plays them. */
void       arietta_take_tile_show       (AriettaTakeTile   *self,
                                         AriettaTakeObject *take,
                                         guint              nth,
                                         AriettaFaceLoader *faces);
void       arietta_take_tile_set_menu   (AriettaTakeTile   *self,
                                         GMenuModel        *menu);
void       arietta_take_tile_popup_menu (AriettaTakeTile   *self);
/* Into its place from that of the one before it, where motion is wanted; when it is first shown, if it is not yet. */
void       arietta_take_tile_slide      (AriettaTakeTile   *self);
/* Is in its place at once. */
void       arietta_take_tile_stay       (AriettaTakeTile   *self);

G_END_DECLS
