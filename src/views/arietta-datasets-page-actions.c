/* What the page can do: changes of items and datasets, each with its way back. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-datasets-page-private.h"

#include <glib/gi18n.h>

#include "views/arietta-ask.h"
#include "views/arietta-change.h"
#include "views/arietta-error-presenter.h"
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

static gboolean
make_style (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_set_item_style (library, ids, n_ids, text, error);
}

static gboolean
make_licence (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_set_item_licence (library, ids, n_ids, text, error);
}

static gboolean
make_may_train (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_set_item_may_train (library, ids, n_ids, flag, error);
}

static gboolean
make_removed (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_remove_items (library, ids, n_ids, flag, error);
}

static gboolean
make_dataset_name (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_rename_dataset (library, ids[0], text, error);
}

static gboolean
make_dataset_removed (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_remove_dataset (library, ids[0], flag, error);
}

/* One that came back is the one to look at. */
static void
dataset_removed_cb (GtkWidget  *near,
                    gint64      id,
                    const char *text,
                    gboolean    removed)
{
  AriettaDatasetsPage *self = ARIETTA_DATASETS_PAGE (near);

  if (!removed)
    {
      self->wanted_dataset = id;
      arietta_datasets_page_reload (self);
    }
}

static const AriettaChange change_style = { make_style, NULL };
static const AriettaChange change_licence = { make_licence, NULL };
static const AriettaChange change_may_train = { make_may_train, NULL };
static const AriettaChange change_removed = { make_removed, NULL };
static const AriettaChange change_dataset_name = { make_dataset_name, NULL };
static const AriettaChange change_dataset_removed = { make_dataset_removed, dataset_removed_cb };

static void
change_selected (AriettaDatasetsPage *self,
                 const AriettaChange *change,
                 const char          *text,
                 gboolean             flag)
{
  g_autoptr(GArray) ids = selected_ids (self);

  arietta_change_make (GTK_WIDGET (self), get_library (self), change, ids, text, flag);
}

static void
set_style_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  change_selected (user_data, &change_style, g_variant_get_string (parameter, NULL), FALSE);
}

static void
set_licence_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  change_selected (user_data, &change_licence, g_variant_get_string (parameter, NULL), FALSE);
}

static void
set_may_train_action (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  change_selected (user_data, &change_may_train, NULL, g_variant_get_boolean (parameter));
}

static void
remove_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  AriettaDatasetsPage *self = user_data;
  g_autoptr(GArray)    ids = selected_ids (self);
  g_autofree char     *text = g_strdup_printf (ngettext ("Removed %u item", "Removed %u items", ids->len), ids->len);

  arietta_change_remove (GTK_WIDGET (self), get_library (self), &change_removed, ids, text);
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

static void
rename_dataset_action (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  const AriettaDataset *dataset = arietta_datasets_page_get_dataset (user_data);

  if (dataset != NULL)
    arietta_change_rename (GTK_WIDGET (user_data), get_library (user_data), &change_dataset_name, dataset->id,
                           _("Rename Dataset"), _("Name"), dataset->name);
}

static void
remove_dataset_action (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  AriettaDatasetsPage  *self = user_data;
  const AriettaDataset *dataset = arietta_datasets_page_get_dataset (self);
  g_autofree char      *text = NULL;
  g_autoptr(GArray)     ids = NULL;

  if (dataset == NULL)
    return;

  ids = arietta_change_ids (dataset->id);
  text = g_strdup_printf (_("Removed “%s”"), dataset->name);
  arietta_change_remove (GTK_WIDGET (self), get_library (self), &change_dataset_removed, ids, text);
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
