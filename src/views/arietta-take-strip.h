/* arietta-take-strip.h - the takes of the library in a row, newest first, with the verbs for one of them
 *
 * Follows the library by itself, and the stand of the session by its selection.  The verbs are actions of
 * the page around it: page.star, page.rename, page.delete, page.export (the format),
 * page.remove-examples.
 *
 * Properties: "selected" (AriettaTakeObject or NULL, read only), "n-takes" (uint, read only), "examples"
 * (bool, read only: some of them are the example takes), "narrow" (bool).
 * Signals: "activated" (AriettaTakeObject): play it; "loaded": the first list is here.
 */
#pragma once

#include <gtk/gtk.h>

#include "views/arietta-session.h"
#include "views/arietta-take-object.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_TAKE_STRIP (arietta_take_strip_get_type ())
G_DECLARE_FINAL_TYPE (AriettaTakeStrip, arietta_take_strip, ARIETTA, TAKE_STRIP, GtkWidget)

/* Once. */
void               arietta_take_strip_set_session  (AriettaTakeStrip *self,
                                                    AriettaSession   *session);
/* Borrowed; NULL when nothing is selected, or past the end. */
AriettaTakeObject *arietta_take_strip_get_selected (AriettaTakeStrip *self);
AriettaTakeObject *arietta_take_strip_get_nth      (AriettaTakeStrip *self,
                                                    guint             nth);
/* Ids of the example takes, as gint64; free with g_array_unref (). */
GArray            *arietta_take_strip_list_examples (AriettaTakeStrip *self);
/* Opens the family of the selected take; with @note at the note on it. */
void               arietta_take_strip_show_tree    (AriettaTakeStrip *self,
                                                    gboolean          note);
/* While there are no takes: whether examples are on their way, which is then what it says. */
void               arietta_take_strip_set_expecting (AriettaTakeStrip *self,
                                                     gboolean          expecting);

G_END_DECLS
