/* arietta-window-private.h - shared by the files of the window
 *
 *   arietta-window.c        its life, its title, its jobs, what it is told
 *   arietta-window-pages.c  the pages: made when first wanted, chosen, handed files
 *   arietta-window-verbs.c  actions and the keys that belong to the window
 */
#pragma once

#include "views/arietta-page.h"
#include "views/arietta-transport.h"
#include "views/arietta-window.h"
#include "widgets/arietta-adaptive-box.h"
#include "widgets/arietta-progress-ring.h"

G_BEGIN_DECLS

struct _AriettaWindow
{
  AdwApplicationWindow parent_instance;

  AriettaSession      *session;

  /* template children */
  AriettaAdaptiveBox  *adaptive_box;
  GtkWidget           *header_bar;
  GtkWidget           *verb_button;
  AdwButtonContent    *verb_content;
  AdwWindowTitle      *window_title;
  GtkWidget           *jobs_button;
  AriettaProgressRing *jobs_ring;
  GtkListBox          *jobs_list;
  GtkStack            *jobs_stack;
  GtkWidget           *sidebar;
  GtkListBox          *sidebar_list;
  AdwToastOverlay     *toast_overlay;
  AdwViewStack        *stack;
  AriettaTransport    *transport;
  GMenu               *recent_section;
  GtkWidget           *switcher_bar;

  gboolean             filled;   /* pages may be made */
};

/* arietta-window-pages.c */
void         arietta_window_class_bind_pages  (GtkWidgetClass *widget_class);
/* Places for all pages; once the session is there. */
void         arietta_window_init_pages        (AriettaWindow  *self);
/* Takes the window down part by part, one a frame, destroys the window, and lets the application go
 * that was held for it. */
void         arietta_window_close_pages       (AriettaWindow  *self);
/* NULL while none was made. */
AriettaPage *arietta_window_get_visible_page  (AriettaWindow  *self);

/* arietta-window-verbs.c */
void         arietta_window_class_bind_verbs  (GtkWidgetClass *widget_class);
void         arietta_window_init_verbs        (AriettaWindow  *self);
/* Those that are properties of the player; once the session is there. */
void         arietta_window_init_player_verbs (AriettaWindow  *self);

G_END_DECLS
