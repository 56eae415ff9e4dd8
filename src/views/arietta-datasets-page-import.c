/* Files coming into a dataset: dropped, chosen, pasted or opened. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "studio/arietta-model-exchange.h"
#include "views/arietta-datasets-page-private.h"

#include <glib/gi18n.h>

#include "studio/arietta-import.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-file-chooser.h"

/* Where files go when there is no dataset yet. */
#define FIRST_DATASET _("My Music")

static char *
describe_result (const AriettaImportResult *result)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, ngettext ("%u piece added", "%u pieces added", result->imported), result->imported);
  if (result->duplicates > 0)
    g_string_append_printf (text, ngettext (", %u was there already", ", %u were there already", result->duplicates),
                            result->duplicates);
  if (result->refused->len > 0)
    g_string_append_printf (text, ngettext (", %u could not be read", ", %u could not be read", result->refused->len),
                            result->refused->len);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
import_done_cb (GObject      *source,
                GAsyncResult *async_result,
                gpointer      user_data)
{
  g_autoptr(AriettaDatasetsPage) self = ARIETTA_DATASETS_PAGE (user_data);
  g_autoptr(GError)              error = NULL;
  AriettaImportResult           *result = arietta_job_run_finish (ARIETTA_JOB (source), async_result, &error);
  g_autofree char               *text = NULL;

  if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    {
      if (result != NULL)
        {
          text = describe_result (result);
          arietta_toast (GTK_WIDGET (self), text);
        }
      arietta_present_error (GTK_WIDGET (self), error);
    }
  g_clear_pointer (&result, arietta_import_result_free);
  arietta_datasets_page_reload (self);
}

void
arietta_datasets_page_add_paths (AriettaDatasetsPage *self,
                                 const char * const  *paths)
{
  AriettaSession       *session = arietta_page_get_session (ARIETTA_PAGE (self));
  const AriettaDataset *dataset = arietta_datasets_page_get_dataset (self);
  AriettaImportOptions  options = { .may_train = TRUE, .split = -1 };
  g_autoptr(AriettaJob) job = NULL;

  if (paths[0] == NULL)
    {
      arietta_toast (GTK_WIDGET (self), _("Only files on this computer can be added"));
      return;
    }

  job = arietta_import_job_new (arietta_session_get_library (session), dataset != NULL ? dataset->name : FIRST_DATASET,
                                paths, g_strv_length ((char **) paths), &options);
  arietta_job_queue_add (arietta_session_get_jobs (session), job, (GDestroyNotify) arietta_import_result_free,
                         import_done_cb, g_object_ref (self));
}

void
arietta_datasets_page_add_files (AriettaDatasetsPage *self,
                                 GListModel          *files)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv)           paths = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr(GFile) file = g_list_model_get_item (files, i);
      g_autofree char *path = g_file_get_path (file);

      if (path != NULL)
        g_strv_builder_add (builder, path);
    }

  paths = g_strv_builder_end (builder);
  arietta_datasets_page_add_paths (self, (const char * const *) paths);
}

static void
add_file_list (AriettaDatasetsPage *self,
               GSList              *files)
{
  g_autoptr(GListStore) store = g_list_store_new (G_TYPE_FILE);

  for (GSList *l = files; l != NULL; l = l->next)
    g_list_store_append (store, l->data);

  arietta_datasets_page_add_files (self, G_LIST_MODEL (store));
}

static void
chosen_cb (GtkWidget  *near,
           GListModel *files,
           gpointer    user_data)
{
  arietta_datasets_page_add_files (user_data, files);
}

void
arietta_datasets_page_choose (AriettaDatasetsPage *self,
                              gboolean             folders)
{
  if (folders)
    arietta_choose_folder (GTK_WIDGET (self), _("Add a Folder"), chosen_cb, g_object_ref (self), g_object_unref);
  else
    arietta_choose_music (GTK_WIDGET (self), TRUE, chosen_cb, g_object_ref (self), g_object_unref);
}

static void
pasted_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(AriettaDatasetsPage) self = ARIETTA_DATASETS_PAGE (user_data);
  const GValue                  *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);
  GSList                        *files;

  if (value == NULL)
    {
      if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
        arietta_toast (GTK_WIDGET (self), _("There are no files on the clipboard"));
      return;
    }

  files = gdk_file_list_get_files (g_value_get_boxed (value));
  add_file_list (self, files);
  g_slist_free (files);
}

void
arietta_datasets_page_paste (AriettaDatasetsPage *self)
{
  gdk_clipboard_read_value_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), GDK_TYPE_FILE_LIST,
                                  G_PRIORITY_DEFAULT, NULL, pasted_cb, g_object_ref (self));
}

static GdkDragAction
drop_enter_cb (AriettaDatasetsPage *self)
{
  const AriettaDataset *dataset = arietta_datasets_page_get_dataset (self);
  g_autofree char      *text = g_strdup_printf (_("Drop to add to “%s”"), dataset != NULL ? dataset->name : FIRST_DATASET);

  gtk_label_set_label (GTK_LABEL (self->drop_label), text);
  gtk_widget_set_visible (self->drop_veil, TRUE);

  return GDK_ACTION_COPY;
}

static void
drop_leave_cb (AriettaDatasetsPage *self)
{
  gtk_widget_set_visible (self->drop_veil, FALSE);
}

static gboolean
is_model (GFile *file)
{
  g_autofree char *path = g_file_get_path (file);

  return arietta_model_is_file (path);
}

/* Not music: the program knows where they belong. */
static void
open_models (AriettaDatasetsPage *self,
             GSList              *files)
{
  for (GSList *l = files; l != NULL; l = l->next)
    {
      g_autofree char *uri = g_file_get_uri (l->data);

      gtk_widget_activate_action (GTK_WIDGET (self), "app.open-uri", "s", uri);
    }
}

static gboolean
drop_cb (AriettaDatasetsPage *self,
         const GValue        *value)
{
  GSList *files = gdk_file_list_get_files (g_value_get_boxed (value));

  gtk_widget_set_visible (self->drop_veil, FALSE);
  if (files != NULL && is_model (files->data))
    open_models (self, files);
  else
    add_file_list (self, files);
  g_slist_free (files);

  return TRUE;
}

void
arietta_datasets_page_init_drops (AriettaDatasetsPage *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_swapped (target, "enter", G_CALLBACK (drop_enter_cb), self);
  g_signal_connect_swapped (target, "leave", G_CALLBACK (drop_leave_cb), self);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
