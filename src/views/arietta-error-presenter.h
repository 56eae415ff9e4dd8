/* arietta-error-presenter.h - the one place where errors and news become visible
 *
 * Chooses toast or dialog and the next step to offer; cancellation is silent.  @near is any widget of the
 * window that should speak.  Main thread only.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* @error is borrowed and may be NULL (nothing happens). */
void arietta_present_error (GtkWidget       *near,
                            const GError    *error);
/* A short sentence that goes by itself. */
void arietta_toast         (GtkWidget       *near,
                            const char      *text);

/* Called at most once, when the person asks for what was done to be undone. */
typedef void (*AriettaUndoFunc) (GtkWidget *near,
                                 gpointer   user_data);

/* "Removed “Tune”"  [Undo].  @user_data is freed when the toast is gone. */
void arietta_toast_undo    (GtkWidget       *near,
                            const char      *text,
                            AriettaUndoFunc  undo,
                            gpointer         user_data,
                            GDestroyNotify   free_user_data);

/* A toast whose button activates an action by its detailed name. */
void arietta_toast_action  (GtkWidget       *near,
                            const char      *text,
                            const char      *button,
                            const char      *detailed_action);

G_END_DECLS
