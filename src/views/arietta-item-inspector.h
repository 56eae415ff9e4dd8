/* arietta-item-inspector.h - what is known and may be said about the selected items
 *
 * Shows one item, or what several have in common.  It changes nothing itself: it activates "page.set-style" (s),
 * "page.set-licence" (s), "page.set-may-train" (b) and "page.remove", which whoever owns the list answers.
 */
#pragma once

#include <gtk/gtk.h>

#include "library/arietta-records.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_ITEM_INSPECTOR (arietta_item_inspector_get_type ())
G_DECLARE_FINAL_TYPE (AriettaItemInspector, arietta_item_inspector, ARIETTA, ITEM_INSPECTOR, GtkWidget)

/* @items: an array of borrowed const AriettaItem *, read only during the call. */
void arietta_item_inspector_show (AriettaItemInspector *self,
                                  GPtrArray            *items);
/* Below the list instead of beside it: no higher than leaves the list room. */
void arietta_item_inspector_set_low (AriettaItemInspector *self,
                                     gboolean              low);

G_END_DECLS
