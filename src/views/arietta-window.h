/* arietta-window.h - the frame: sidebar, header bar, the visible page, transport
 *
 * Pages own their work; the frame knows only the table of pages and the session.
 *
 * Actions: win.page (string), win.play, win.back, win.loop, win.metronome, win.verb; the actions of the
 * visible page as "page.NAME".
 *
 * Signals: "recorded": all widgets have said what to draw in this frame; what follows is the renderer's work.
 * "foreign" (boolean): with TRUE, what follows on the main loop is work of GTK's own that has no parts which could be
 * done by turns (its file chooser); with FALSE, it is over.
 */
#pragma once

#include <adwaita.h>

#include "views/arietta-page.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_WINDOW (arietta_window_get_type ())
G_DECLARE_FINAL_TYPE (AriettaWindow, arietta_window, ARIETTA, WINDOW, AdwApplicationWindow)

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
                                      gboolean        foreign);

G_END_DECLS
