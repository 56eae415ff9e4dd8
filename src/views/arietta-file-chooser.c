#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-file-chooser.h"

#include <glib/gi18n.h>

#include "views/arietta-window.h"

typedef struct
{
  GtkFileChooserNative *dialog;
  GtkWidget            *near;   /* weak */
  AriettaFilesFunc      chosen;
  gpointer              user_data;
  GDestroyNotify        free_user_data;
} Choice;

static void
choice_free (Choice *choice)
{
  if (choice->free_user_data != NULL)
    choice->free_user_data (choice->user_data);
  arietta_window_mark_foreign (choice->near, ARIETTA_FOREIGN_FILE_CHOOSER);
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (choice->dialog));
  g_object_unref (choice->dialog);
  arietta_window_mark_foreign (choice->near, ARIETTA_FOREIGN_NONE);
  g_clear_weak_pointer (&choice->near);
  g_free (choice);
}

static gboolean
free_cb (gpointer choice)
{
  choice_free (choice);
  return G_SOURCE_REMOVE;
}

static void
response_cb (Choice *choice,
             int     response)
{
  if (response == GTK_RESPONSE_ACCEPT && choice->near != NULL)
    {
      g_autoptr(GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (choice->dialog));

      if (g_list_model_get_n_items (files) > 0)
        choice->chosen (choice->near, files, choice->user_data);
    }
  /* It is out of sight; GTK's button still holds it, and would take it down after us. */
  g_idle_add (free_cb, choice);
}

static Choice *
make_choice (GtkWidget            *near,
             const char           *title,
             GtkFileChooserAction  action,
             const char           *accept,
             AriettaFilesFunc      chosen,
             gpointer              user_data,
             GDestroyNotify        free_user_data)
{
  GtkRoot *root = gtk_widget_get_root (near);
  Choice *choice = g_new0 (Choice, 1);

  arietta_window_mark_foreign (near, ARIETTA_FOREIGN_FILE_CHOOSER);
  choice->dialog = gtk_file_chooser_native_new (title,
                                                GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                                action, accept, NULL);
  arietta_window_mark_foreign (near, ARIETTA_FOREIGN_NONE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (choice->dialog), TRUE);
  g_set_weak_pointer (&choice->near, near);
  choice->chosen = chosen;
  choice->user_data = user_data;
  choice->free_user_data = free_user_data;
  g_signal_connect_swapped (choice->dialog, "response", G_CALLBACK (response_cb), choice);
  return choice;
}

static void
show (Choice *choice)
{
  arietta_window_mark_foreign (choice->near, ARIETTA_FOREIGN_FILE_CHOOSER);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (choice->dialog));
  arietta_window_mark_foreign (choice->near, ARIETTA_FOREIGN_NONE);
}

static void
add_filter (Choice             *choice,
            const char         *name,
            const char * const *suffixes)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (guint i = 0; suffixes[i] != NULL; i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (choice->dialog), filter);
}

void
arietta_choose_music (GtkWidget        *near,
                      gboolean          multiple,
                      AriettaFilesFunc  chosen,
                      gpointer          user_data,
                      GDestroyNotify    free_user_data)
{
  static const char * const music[] = { "mid", "midi", "rmi", "kar", "musicxml", "xml", "wav", "flac", "ogg", "oga",
                                        "opus", "mp3", NULL };
  static const char * const notes[] = { "mid", "midi", "rmi", "kar", "musicxml", "xml", NULL };
  Choice *choice;

  g_return_if_fail (GTK_IS_WIDGET (near));

  choice = make_choice (near, multiple ? _("Open Files") : _("Open File"),
                        GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), chosen, user_data,
                        free_user_data);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (choice->dialog), multiple);
  add_filter (choice, _("Music"), music);
  add_filter (choice, _("MIDI Files"), notes);
  show (choice);
}

void
arietta_choose_folder (GtkWidget        *near,
                       const char       *title,
                       AriettaFilesFunc  chosen,
                       gpointer          user_data,
                       GDestroyNotify    free_user_data)
{
  Choice *choice;

  g_return_if_fail (GTK_IS_WIDGET (near));

  choice = make_choice (near, title, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Choose"), chosen,
                        user_data, free_user_data);
  show (choice);
}

void
arietta_choose_file (GtkWidget        *near,
                     const char       *title,
                     const char       *kind,
                     const char       *suffix,
                     AriettaFilesFunc  chosen,
                     gpointer          user_data,
                     GDestroyNotify    free_user_data)
{
  const char *suffixes[] = { suffix, NULL };
  Choice *choice;

  g_return_if_fail (GTK_IS_WIDGET (near));

  choice = make_choice (near, title, GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), chosen, user_data,
                        free_user_data);
  add_filter (choice, kind, suffixes);
  show (choice);
}

void
arietta_choose_target (GtkWidget        *near,
                       const char       *title,
                       const char       *suggested_name,
                       AriettaFilesFunc  chosen,
                       gpointer          user_data,
                       GDestroyNotify    free_user_data)
{
  Choice *choice;

  g_return_if_fail (GTK_IS_WIDGET (near));

  choice = make_choice (near, title, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), chosen, user_data,
                        free_user_data);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (choice->dialog), suggested_name);
  show (choice);
}
