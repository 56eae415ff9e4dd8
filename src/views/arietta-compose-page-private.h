/* arietta-compose-page-private.h - shared by the files of the page
 *
 *   arietta-compose-page.c         life, the roll, files, width
 *   arietta-compose-page-write.c   composing, and the examples of a new library
 *   arietta-compose-page-takes.c   what can be done with a take
 */
#pragma once

#include "views/arietta-compose-page.h"
#include "views/arietta-compose-panel.h"
#include "views/arietta-take-strip.h"
#include "widgets/arietta-piano-roll.h"

G_BEGIN_DECLS

struct _AriettaComposePage
{
  AriettaPage          parent_instance;

  AriettaPiece        *shown_piece;  /* the one the roll was last fitted to */
  guint                fit_id;
  GtkEventController  *keys;         /* the window's, borrowed */
  guint                examples_seen : 1;
  guint                examples_due : 1;   /* a new library */
  guint                models_listed : 1;

  /* template children */
  GtkOverlay          *overlay;
  GtkBox              *wide_box;
  GtkWidget           *panel_revealer;
  AriettaComposePanel *panel;
  GtkStack            *stack;
  AriettaPianoRoll    *roll;
  AriettaTakeStrip    *strip;
};

/* arietta-compose-page-write.c */
void arietta_compose_page_init_write       (AriettaComposePage *self);
/* Composes the examples when the library is new and the models are listed. */
void arietta_compose_page_start_examples   (AriettaComposePage *self);
/* Asks the library whether it is new; the first call only. */
void arietta_compose_page_look_for_examples (AriettaComposePage *self);

/* arietta-compose-page-takes.c */
void arietta_compose_page_init_takes       (AriettaComposePage *self);
void arietta_compose_page_class_bind_takes (GtkWidgetClass     *widget_class);
void arietta_compose_page_play_take        (AriettaComposePage *self,
                                            AriettaTakeObject  *object);

G_END_DECLS
