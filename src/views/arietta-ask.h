/* arietta-ask.h - a question that cannot wait, or a sentence that must be read
 *
 * The one place that knows which dialog the library in use offers.  Destroying is marked as such; the
 * other answer is always "Cancel".
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef void (*AriettaAnswerFunc) (GtkWidget *near,
                                   gboolean   agreed,
                                   gpointer   user_data);

/* @answer is called once. @user_data is freed after it. */
void arietta_ask      (GtkWidget         *near,
                       const char        *heading,
                       const char        *body,
                       const char        *verb,
                       gboolean           destructive,
                       AriettaAnswerFunc  answer,
                       gpointer           user_data,
                       GDestroyNotify     free_user_data);
/* A sentence with a button to close. */
void arietta_tell     (GtkWidget         *near,
                       const char        *heading,
                       const char        *body);

typedef void (*AriettaTextAnswerFunc) (GtkWidget  *near,
                                       const char *text,
                                       gpointer    user_data);

/* Asks for one line, @text to begin with; @answer is called when the person agreed to a non-empty one. */
void arietta_ask_text (GtkWidget             *near,
                       const char            *heading,
                       const char            *label,
                       const char            *text,
                       const char            *verb,
                       AriettaTextAnswerFunc  answer,
                       gpointer               user_data,
                       GDestroyNotify         free_user_data);

G_END_DECLS
