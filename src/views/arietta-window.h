/* arietta-window.h - the frame: sidebar, header bar, the visible page, transport
 *
 * Pages own their work; the frame knows only the table of pages and the session.
 *
 * Actions: win.page (string), win.play, win.back, win.loop, win.metronome, win.verb; the actions of
 * the visible page as "page.NAME".
 *
 * Signals: "recorded": all widgets have said what to draw in this frame; what follows is the
 * renderer's work.  "foreign" (AriettaForeign, as int): what follows on the main loop is one call
 * of GTK's or libadwaita's own that has no parts which could be done by turns; with
 * ARIETTA_FOREIGN_NONE, it is over.
 */
#pragma once

#include <adwaita.h>

#include "views/arietta-page.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_WINDOW (arietta_window_get_type ())
G_DECLARE_FINAL_TYPE (AriettaWindow, arietta_window, ARIETTA, WINDOW, AdwApplicationWindow)

typedef enum
{
  ARIETTA_FOREIGN_NONE,
  ARIETTA_FOREIGN_FILE_CHOOSER,   /* made, shown or taken down */
  ARIETTA_FOREIGN_ABOUT_WINDOW,   /* made: all its pages are in one template */
  ARIETTA_N_FOREIGN
} AriettaForeign;

GtkWidget *arietta_window_new        (GtkApplication *application,
                                      AriettaSession *session);
/* By name; an unknown one is ignored. */
void       arietta_window_show_page  (AriettaWindow  *self,
                                      const char     *name);
/* A piece of the library with its history, on Compose. */
void       arietta_window_open_project (AriettaWindow *self,
                                      gint64          project_id);
/* The visible page gets them, else whichever page takes them first is shown. */
void       arietta_window_open_files (AriettaWindow  *self,
                                      GListModel     *files);
/* Emits "foreign" on the window that @near is in, or whose dialog it is in; NULL: of none. */
void       arietta_window_mark_foreign (GtkWidget    *near,
                                      AriettaForeign  foreign);

G_END_DECLS
