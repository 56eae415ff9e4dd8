/* arietta-take-strip-private.h - shared by the files of the strip
 *
 *   arietta-take-strip.c       life, tiles, selection, the family
 *   arietta-take-strip-list.c  following the library
 */
#pragma once

#include "views/arietta-take-strip.h"
#include "views/arietta-take-tree.h"

G_BEGIN_DECLS

struct _AriettaTakeStrip
{
  GtkWidget           parent_instance;

  AriettaSession     *session;
  GListStore         *store;      /* AriettaTakeObject */
  GtkSingleSelection *selection;
  guint               reading : 1;
  guint               stale : 1;  /* changed again while it was being read */
  guint               loaded : 1;
  guint               examples : 1;
  guint               narrow : 1;
  guint               sliding : 1;  /* a new take is put in: what is shown anew or elsewhere slides there */

  /* template children */
  GtkWidget          *box;
  GtkListView        *list_view;
  GtkLabel           *count_label;
  GtkWidget          *empty_label;
  GtkWidget          *scrolled;
  GtkButton          *star_button;
  GtkWidget          *export_button;
  GtkMenuButton      *tree_button;
  AriettaTakeTree    *tree;       /* the button's; NULL before it was first looked at */
  GMenuModel         *take_menu;
};

/* arietta-take-strip-list.c */
/* Reads the library again; asked for while it is being read, once more after that. */
void arietta_take_strip_reload    (AriettaTakeStrip *self);
/* Nothing happens when the take is not there. */
void arietta_take_strip_select_id (AriettaTakeStrip *self,
                                   gint64            id);

G_END_DECLS
