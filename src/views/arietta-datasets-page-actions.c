/* What the page can do: changes of items and datasets, each with its way back. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-datasets-page-private.h"

#include <glib/gi18n.h>

#include "views/arietta-ask.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "views/arietta-refusals-dialog.h"

static AriettaLibrary *
get_library (AriettaDatasetsPage *self)
{
  return arietta_session_get_library (arietta_page_get_session (ARIETTA_PAGE (self)));
}

static GArray *
selected_ids (AriettaDatasetsPage *self)
{
  g_autoptr(GPtrArray) items = arietta_datasets_page_get_selected (self);
  GArray              *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < items->len; i++)
    g_array_append_val (ids, ((const AriettaItem *) g_ptr_array_index (items, i))->id);

  return ids;
}

/* One change of items: which, what, and how to take it back. Runs in a worker. */
typedef struct
{
  AriettaLibrary *library;
  GArray         *ids;
  char           *text;       /* style or licence */
  gboolean        flag;       /* may train, or removed */
  gboolean      (*change) (AriettaLibrary *library,
                           const gint64   *ids,
                           guint           n_ids,
                           const char     *text,
                           gboolean        flag,
                           GError        **error);
} Change;

static void
change_free (Change *change)
{
  g_object_unref (change->library);
  g_array_unref (change->ids);
  g_free (change->text);
  g_free (change);
}

static gboolean
change_style (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_set_item_style (library, ids, n_ids, text, error);
}

static gboolean
change_licence (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_set_item_licence (library, ids, n_ids, text, error);
}

static gboolean
change_may_train (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_set_item_may_train (library, ids, n_ids, flag, error);
}

static gboolean
change_removed (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_remove_items (library, ids, n_ids, flag, error);
}

static gpointer
apply_change (gpointer  data,
              GError  **error)
{
  Change *change = data;

  change->change (change->library, (const gint64 *) change->ids->data, change->ids->len, change->text, change->flag,
                  error);
  return NULL;
}

/* The library's "changed" signal brings the lists up to date. */
static void
changed_cb (gpointer      owner,
            gpointer      result,
            const GError *error)
{
  arietta_present_error (GTK_WIDGET (owner), error);
}

static void
start_change (AriettaDatasetsPage *self,
              Change              *change)
{
  arietta_load_async (self, NULL, apply_change, change, (GDestroyNotify) change_free, NULL, changed_cb);
}

static Change *
change_new (AriettaDatasetsPage *self,
            GArray              *ids,
            gboolean           (*func) (AriettaLibrary *, const gint64 *, guint, const char *, gboolean, GError **),
            const char          *text,
            gboolean             flag)
{
  Change *change = g_new0 (Change, 1);

  change->library = g_object_ref (get_library (self));
  change->ids = ids;
  change->text = g_strdup (text);
  change->flag = flag;
  change->change = func;

  return change;
}

static void
set_style_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  start_change (user_data, change_new (user_data, selected_ids (user_data), change_style,
                                       g_variant_get_string (parameter, NULL), FALSE));
}

static void
set_licence_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  start_change (user_data, change_new (user_data, selected_ids (user_data), change_licence,
                                       g_variant_get_string (parameter, NULL), FALSE));
}

static void
set_may_train_action (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  start_change (user_data, change_new (user_data, selected_ids (user_data), change_may_train, NULL,
                                       g_variant_get_boolean (parameter)));
}

typedef struct
{
  AriettaDatasetsPage *page;
  GArray              *ids;
} Undo;

static void
undo_free (Undo *undo)
{
  g_object_unref (undo->page);
  g_array_unref (undo->ids);
  g_free (undo);
}

static void
undo_remove_cb (GtkWidget *near,
                gpointer   user_data)
{
  Undo *undo = user_data;

  start_change (undo->page, change_new (undo->page, g_array_ref (undo->ids), change_removed, NULL, FALSE));
}

static void
remove_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  AriettaDatasetsPage *self = user_data;
  GArray              *ids = selected_ids (self);
  Undo                *undo = g_new0 (Undo, 1);
  g_autofree char     *text = g_strdup_printf (ngettext ("Removed %u item", "Removed %u items", ids->len), ids->len);

  undo->page = g_object_ref (self);
  undo->ids = g_array_ref (ids);
  start_change (self, change_new (self, ids, change_removed, NULL, TRUE));
  arietta_toast_undo (GTK_WIDGET (self), text, undo_remove_cb, undo, (GDestroyNotify) undo_free);
}

static void
add_files_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  arietta_datasets_page_choose (user_data, FALSE);
}

static void
add_folder_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  arietta_datasets_page_choose (user_data, TRUE);
}

static void
paste_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  arietta_datasets_page_paste (user_data);
}

static void
search_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  gtk_widget_grab_focus (ARIETTA_DATASETS_PAGE (user_data)->search);
}

static void
dataset_named_cb (GtkWidget  *near,
                  const char *text,
                  gpointer    user_data)
{
  AriettaDatasetsPage *self = user_data;
  g_autoptr(GError)    error = NULL;

  /* One small row: not worth a worker. */
  self->wanted_dataset = arietta_library_ensure_dataset (get_library (self), text, &error);
  arietta_present_error (near, error);
  arietta_datasets_page_reload (self);
}

static void
new_dataset_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  arietta_ask_text (GTK_WIDGET (user_data), _("New Dataset"), _("Name"), "", _("_Create"), dataset_named_cb,
                    g_object_ref (user_data), g_object_unref);
}

/* One dataset, kept while a question or a toast is open. */
typedef struct
{
  AriettaDatasetsPage *page;
  gint64               id;
} Subject;

static Subject *
subject_new (AriettaDatasetsPage *self,
             gint64               id)
{
  Subject *subject = g_new0 (Subject, 1);

  subject->page = g_object_ref (self);
  subject->id = id;

  return subject;
}

static void
subject_free (Subject *subject)
{
  g_object_unref (subject->page);
  g_free (subject);
}

static void
dataset_renamed_cb (GtkWidget  *near,
                    const char *text,
                    gpointer    user_data)
{
  Subject          *subject = user_data;
  g_autoptr(GError) error = NULL;

  arietta_library_rename_dataset (get_library (subject->page), subject->id, text, &error);
  arietta_present_error (near, error);
}

static void
rename_dataset_action (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  const AriettaDataset *dataset = arietta_datasets_page_get_dataset (user_data);

  if (dataset != NULL)
    arietta_ask_text (GTK_WIDGET (user_data), _("Rename Dataset"), _("Name"), dataset->name, _("_Rename"),
                      dataset_renamed_cb, subject_new (user_data, dataset->id), (GDestroyNotify) subject_free);
}

static void
undo_remove_dataset_cb (GtkWidget *near,
                        gpointer   user_data)
{
  Subject          *subject = user_data;
  g_autoptr(GError) error = NULL;

  if (arietta_library_remove_dataset (get_library (subject->page), subject->id, FALSE, &error))
    subject->page->wanted_dataset = subject->id;
  arietta_present_error (near, error);
}

static void
remove_dataset_action (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  AriettaDatasetsPage  *self = user_data;
  const AriettaDataset *dataset = arietta_datasets_page_get_dataset (self);
  g_autofree char      *text = NULL;
  g_autoptr(GError)     error = NULL;

  if (dataset == NULL)
    return;

  text = g_strdup_printf (_("Removed “%s”"), dataset->name);
  if (arietta_library_remove_dataset (get_library (self), dataset->id, TRUE, &error))
    arietta_toast_undo (GTK_WIDGET (self), text, undo_remove_dataset_cb, subject_new (self, dataset->id),
                        (GDestroyNotify) subject_free);
  arietta_present_error (GTK_WIDGET (self), error);
}

static void
add_paths_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  g_autofree const char **paths = g_variant_get_strv (parameter, NULL);

  arietta_datasets_page_add_paths (user_data, paths);
}

static void
show_refusals_action (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  AriettaDatasetsPage  *self = user_data;
  const AriettaDataset *dataset = arietta_datasets_page_get_dataset (self);

  if (dataset != NULL)
    arietta_refusals_dialog_present (GTK_WIDGET (self), arietta_page_get_session (ARIETTA_PAGE (self)), dataset->id);
}

static const GActionEntry actions[] = {
  { "add-files", add_files_action },
  { "add-folder", add_folder_action },
  { "add-paths", add_paths_action, "as" },
  { "new-dataset", new_dataset_action },
  { "paste", paste_action },
  { "remove", remove_action },
  { "remove-dataset", remove_dataset_action },
  { "rename-dataset", rename_dataset_action },
  { "search", search_action },
  { "set-licence", set_licence_action, "s" },
  { "set-may-train", set_may_train_action, "b" },
  { "set-style", set_style_action, "s" },
  { "show-refusals", show_refusals_action },
};

void
arietta_datasets_page_init_actions (AriettaDatasetsPage *self)
{
  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  arietta_page_enable_action (ARIETTA_PAGE (self), "remove", FALSE);
}
