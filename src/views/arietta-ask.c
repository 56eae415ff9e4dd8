#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-ask.h"

#include <glib/gi18n.h>

#include "views/arietta-steps.h"

typedef struct
{
  GtkWidget             *near;   /* weak */
  GtkWidget             *entry;  /* borrowed from the dialog; NULL for a plain question */
  AriettaAnswerFunc      answer;
  AriettaTextAnswerFunc  text_answer;
  gpointer               user_data;
  GDestroyNotify         free_user_data;
} Question;

static void
question_free (Question *question)
{
  g_clear_weak_pointer (&question->near);
  if (question->free_user_data != NULL)
    question->free_user_data (question->user_data);
  g_free (question);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             Question         *question)
{
  gboolean agreed = g_str_equal (response, "agree");

  if (question->near == NULL)
    return;

  if (question->entry == NULL)
    {
      if (question->answer != NULL)
        question->answer (question->near, agreed, question->user_data);
    }
  else if (agreed)
    {
      g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (question->entry)));

      if (g_strstrip (text)[0] != '\0')
        question->text_answer (question->near, text, question->user_data);
    }
}

static void
entry_changed_cb (GtkEditable      *editable,
                  AdwMessageDialog *dialog)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (editable));

  adw_message_dialog_set_response_enabled (dialog, "agree", g_strstrip (text)[0] != '\0');
}

static AdwMessageDialog *
make_dialog (GtkWidget  *near,
             const char *heading,
             const char *body,
             Question   *question)
{
  GtkRoot *root = gtk_widget_get_root (near);
  GtkWidget *dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                              heading, body);

  g_set_weak_pointer (&question->near, near);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), question);
  g_object_set_data_full (G_OBJECT (dialog), "question", question, (GDestroyNotify) question_free);
  return ADW_MESSAGE_DIALOG (dialog);
}

void
arietta_ask (GtkWidget         *near,
             const char        *heading,
             const char        *body,
             const char        *verb,
             gboolean           destructive,
             AriettaAnswerFunc  answer,
             gpointer           user_data,
             GDestroyNotify     free_user_data)
{
  AdwMessageDialog *dialog;
  Question *question;

  g_return_if_fail (GTK_IS_WIDGET (near));

  question = g_new0 (Question, 1);
  question->answer = answer;
  question->user_data = user_data;
  question->free_user_data = free_user_data;

  dialog = make_dialog (near, heading, body, question);
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "agree", verb, NULL);
  adw_message_dialog_set_response_appearance (dialog, "agree",
                                              destructive ? ADW_RESPONSE_DESTRUCTIVE
                                                          : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, destructive ? "cancel" : "agree");
  adw_message_dialog_set_close_response (dialog, "cancel");
  arietta_steps_present (GTK_WINDOW (dialog));
}

void
arietta_tell (GtkWidget  *near,
              const char *heading,
              const char *body)
{
  AdwMessageDialog *dialog;

  g_return_if_fail (GTK_IS_WIDGET (near));

  dialog = make_dialog (near, heading, body, g_new0 (Question, 1));
  adw_message_dialog_add_response (dialog, "close", _("_Close"));
  adw_message_dialog_set_default_response (dialog, "close");
  adw_message_dialog_set_close_response (dialog, "close");
  arietta_steps_present (GTK_WINDOW (dialog));
}

void
arietta_ask_text (GtkWidget             *near,
                  const char            *heading,
                  const char            *label,
                  const char            *text,
                  const char            *verb,
                  AriettaTextAnswerFunc  answer,
                  gpointer               user_data,
                  GDestroyNotify         free_user_data)
{
  AdwMessageDialog *dialog;
  Question *question;
  GtkWidget *list;

  g_return_if_fail (GTK_IS_WIDGET (near));

  question = g_new0 (Question, 1);
  question->text_answer = answer;
  question->user_data = user_data;
  question->free_user_data = free_user_data;
  question->entry = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (question->entry), label);
  gtk_editable_set_text (GTK_EDITABLE (question->entry), text != NULL ? text : "");
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (question->entry), TRUE);

  list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), question->entry);

  dialog = make_dialog (near, heading, NULL, question);
  adw_message_dialog_set_extra_child (dialog, list);
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "agree", verb, NULL);
  adw_message_dialog_set_response_appearance (dialog, "agree", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "agree");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect (question->entry, "changed", G_CALLBACK (entry_changed_cb), dialog);
  entry_changed_cb (GTK_EDITABLE (question->entry), dialog);
  arietta_steps_present (GTK_WINDOW (dialog));
}
