/* arietta-page.h - one page of the window
 *
 * A page owns its work: lists, jobs, selection, drops.  The window owns the frame (sidebar, header bar,
 * transport) and gives each page the session and the width.
 *
 * How a page is added:
 *
 *  1. src/views/arietta-NAME-page.c and .h: a final subclass,
 *       G_DECLARE_FINAL_TYPE (AriettaNamePage, arietta_name_page, ARIETTA, NAME_PAGE, AriettaPage)
 *     and ui/arietta-NAME-page.ui with <template class="AriettaNamePage" parent="AriettaPage">; one child
 *     widget fills the page.  List the .c in src/views/meson.build and the .ui in ui/arietta.gresource.xml,
 *     both in po/POTFILES.in.
 *  2. In class_init: arietta_page_class_set_verb () for the button at the left of the header bar.  In
 *     constructed (the session is there, in init it is not yet): arietta_page_add_actions ().  Widgets
 *     of the page, the header bar and accelerators reach these actions as "page.NAME".
 *  3. A row in the table of src/views/arietta-pages.c: name, title, icon, type.  The name is the one the
 *     setting "page" knows (the GSettings schema in data/).  A symbolic icon of our own goes into
 *     ui/icons/scalable/actions/ and the gresource.
 *
 * A page is made when it is first shown.  Long work: jobs in arietta_session_get_jobs (); short reading of
 * the library: arietta_load_async () (arietta-load.h); never on the main loop.  Errors:
 * arietta_present_error () (arietta-error-presenter.h); removal with undo: arietta_toast_undo ().  To
 * play something: arietta_session_play_take (), _play_item (), _play_piece (); faces in lists:
 * arietta_face_loader_show () (arietta-face-loader.h).
 *
 * Properties: "session" (construct only), "narrow" (below 560 px) and "compact" (below 860 px), both set by
 * the window: bind to them in the template or override notify.
 */
#pragma once

#include <adwaita.h>

#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_PAGE (arietta_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (AriettaPage, arietta_page, ARIETTA, PAGE, AdwBin)

struct _AriettaPageClass
{
  AdwBinClass parent_class;

  /* The page became the visible one; the first time soon after it was made. */
  void     (*shown)      (AriettaPage *self);
  /* Files dropped on the window's frame, pasted, or opened from outside (GFile). FALSE: not for this page. */
  gboolean (*open_files) (AriettaPage *self,
                          GListModel  *files);

  /* Set by arietta_page_class_set_verb (); untranslated. */
  const char *verb_label;
  const char *verb_icon_name;
  const char *verb_action;
};

/* @label is marked N_(); @action is the full name, "page.write". */
void            arietta_page_class_set_verb (AriettaPageClass    *klass,
                                             const char          *label,
                                             const char          *icon_name,
                                             const char          *action);

AriettaSession *arietta_page_get_session    (AriettaPage         *self);
gboolean        arietta_page_get_narrow     (AriettaPage         *self);
gboolean        arietta_page_get_compact    (AriettaPage         *self);
/* The group "page"; user data of the entries is the page. */
GActionMap     *arietta_page_get_actions    (AriettaPage         *self);
void            arietta_page_add_actions    (AriettaPage         *self,
                                             const GActionEntry  *entries,
                                             int                  n_entries);
void            arietta_page_enable_action  (AriettaPage         *self,
                                             const char          *name,
                                             gboolean             enabled);

void            arietta_page_shown          (AriettaPage         *self);
gboolean        arietta_page_open_files     (AriettaPage         *self,
                                             GListModel          *files);

G_END_DECLS
