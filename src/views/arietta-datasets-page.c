#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-datasets-page-private.h"

#include <glib/gi18n.h>

#include "views/arietta-ask.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-item-inspector.h"
#include "views/arietta-load.h"
#include "views/arietta-piece-row.h"
#include "views/arietta-refusals-dialog.h"

G_DEFINE_FINAL_TYPE (AriettaDatasetsPage, arietta_datasets_page, ARIETTA_TYPE_PAGE)

/* Typing settles for this long before the library is asked. */
#define SEARCH_DELAY_MS 150

/* ---- Reading the library in workers ---- */

typedef struct
{
  AriettaLibrary *library;
  gint64          dataset;
  char           *search;
} ListRequest;

typedef struct
{
  GPtrArray *items;
  guint      n_refusals;
} Listing;

static void
list_request_free (ListRequest *request)
{
  g_object_unref (request->library);
  g_free (request->search);
  g_free (request);
}

static void
listing_free (Listing *listing)
{
  g_clear_pointer (&listing->items, g_ptr_array_unref);
  g_free (listing);
}

static ListRequest *
list_request_new (AriettaDatasetsPage *self,
                  gint64               dataset,
                  const char          *search)
{
  ListRequest *request = g_new0 (ListRequest, 1);

  request->library = g_object_ref (arietta_session_get_library (arietta_page_get_session (ARIETTA_PAGE (self))));
  request->dataset = dataset;
  request->search = g_strdup (search);

  return request;
}

static gpointer
read_datasets (gpointer  data,
               GError  **error)
{
  return arietta_library_list_datasets (((ListRequest *) data)->library, error);
}

static gpointer
read_items (gpointer  data,
            GError  **error)
{
  ListRequest         *request = data;
  g_autoptr(GPtrArray) items = arietta_library_list_items (request->library, request->dataset, request->search, error);
  g_autoptr(GPtrArray) refusals = NULL;
  Listing             *listing;

  if (items == NULL ||
      (refusals = arietta_library_list_refusals (request->library, request->dataset, error)) == NULL)
    return NULL;

  listing = g_new0 (Listing, 1);
  listing->items = g_steal_pointer (&items);
  listing->n_refusals = refusals->len;

  return listing;
}

const AriettaDataset *
arietta_datasets_page_get_dataset (AriettaDatasetsPage *self)
{
  return arietta_record_list_get (self->datasets, gtk_single_selection_get_selected (self->dataset_selection));
}

static void
update_stack (AriettaDatasetsPage *self)
{
  const AriettaDataset *dataset = arietta_datasets_page_get_dataset (self);
  gboolean              searching = *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0';
  const char           *name = "items";

  if (dataset == NULL)
    name = "welcome";
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->items)) == 0)
    name = searching ? "nothing-found" : "empty";

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), name);
  gtk_widget_set_sensitive (self->search, dataset != NULL && (searching || !g_str_equal (name, "empty")));
}

static void
items_loaded_cb (gpointer      owner,
                 gpointer      result,
                 const GError *error)
{
  AriettaDatasetsPage *self = owner;
  Listing             *listing = result;
  g_autofree char     *text = NULL;

  if (listing == NULL)
    {
      arietta_present_error (GTK_WIDGET (self), error);
      return;
    }

  arietta_record_list_take (self->items, g_steal_pointer (&listing->items));
  text = g_strdup_printf (ngettext ("%u file could not be read", "%u files could not be read", listing->n_refusals),
                          listing->n_refusals);
  gtk_label_set_label (GTK_LABEL (self->refusals_label), text);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->refusals_bar), listing->n_refusals > 0);
  update_stack (self);
  listing_free (listing);
}

static void
load_items (AriettaDatasetsPage *self)
{
  const AriettaDataset *dataset = arietta_datasets_page_get_dataset (self);

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (dataset == NULL)
    {
      arietta_record_list_take (self->items, NULL);
      update_stack (self);
      return;
    }

  self->loading = g_cancellable_new ();
  arietta_load_async (self, self->loading, read_items,
                      list_request_new (self, dataset->id, gtk_editable_get_text (GTK_EDITABLE (self->search))),
                      (GDestroyNotify) list_request_free, (GDestroyNotify) listing_free, items_loaded_cb);
}

static void
dataset_selected_cb (AriettaDatasetsPage *self)
{
  guint selected = gtk_single_selection_get_selected (self->dataset_selection);

  if (self->filling)
    return;
  if (gtk_drop_down_get_selected (GTK_DROP_DOWN (self->dataset_drop)) != selected)
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->dataset_drop), selected);
  load_items (self);
}

static void
datasets_loaded_cb (gpointer      owner,
                    gpointer      result,
                    const GError *error)
{
  AriettaDatasetsPage  *self = owner;
  const AriettaDataset *before = arietta_datasets_page_get_dataset (self);
  gint64                id = self->wanted_dataset != 0 ? self->wanted_dataset : before != NULL ? before->id : 0;
  guint                 position;

  if (result == NULL)
    {
      arietta_present_error (GTK_WIDGET (self), error);
      return;
    }

  /* Both views hear of the new rows one after the other: no selection is passed on before both have. */
  self->filling = TRUE;
  arietta_record_list_take (self->datasets, result);
  position = arietta_record_list_find (self->datasets, id);
  if (position != G_MAXUINT)
    gtk_single_selection_set_selected (self->dataset_selection, position);
  self->filling = FALSE;
  self->wanted_dataset = 0;
  dataset_selected_cb (self);
}

void
arietta_datasets_page_reload (AriettaDatasetsPage *self)
{
  arietta_load_async (self, NULL, read_datasets, list_request_new (self, 0, NULL), (GDestroyNotify) list_request_free,
                      (GDestroyNotify) g_ptr_array_unref, datasets_loaded_cb);
}

static void
library_changed_cb (AriettaDatasetsPage  *self,
                    AriettaLibraryTables  tables)
{
  if ((tables & (ARIETTA_TABLE_ITEMS | ARIETTA_TABLE_DATASETS)) != 0)
    arietta_datasets_page_reload (self);
}

/* ---- What is selected ---- */

/* Borrowed records of the selected rows. */
static GPtrArray *
selected_items (AriettaDatasetsPage *self)
{
  g_autoptr(GtkBitset) rows = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->item_selection));
  GPtrArray           *items = g_ptr_array_new ();
  GtkBitsetIter        iter;
  guint                row;

  if (gtk_bitset_iter_init_first (&iter, rows, &row))
    do
      g_ptr_array_add (items, (gpointer) arietta_record_list_get (self->items, row));
    while (gtk_bitset_iter_next (&iter, &row));

  return items;
}

static GArray *
selected_ids (AriettaDatasetsPage *self)
{
  g_autoptr(GPtrArray) items = selected_items (self);
  GArray              *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < items->len; i++)
    g_array_append_val (ids, ((const AriettaItem *) g_ptr_array_index (items, i))->id);

  return ids;
}

static void
selection_changed_cb (AriettaDatasetsPage *self)
{
  g_autoptr(GPtrArray) items = selected_items (self);

  if (items->len > 0)
    arietta_item_inspector_show (ARIETTA_ITEM_INSPECTOR (self->inspector), items);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->inspector_revealer), items->len > 0);
  arietta_page_enable_action (ARIETTA_PAGE (self), "remove", items->len > 0);
}

static void
dataset_dropped_down_cb (AriettaDatasetsPage *self)
{
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->dataset_drop));

  if (!self->filling && selected != GTK_INVALID_LIST_POSITION)
    gtk_single_selection_set_selected (self->dataset_selection, selected);
}

static gboolean
search_settled_cb (gpointer user_data)
{
  AriettaDatasetsPage *self = user_data;

  self->search_source = 0;
  load_items (self);

  return G_SOURCE_REMOVE;
}

static void
search_changed_cb (AriettaDatasetsPage *self)
{
  g_clear_handle_id (&self->search_source, g_source_remove);
  self->search_source = g_timeout_add (SEARCH_DELAY_MS, search_settled_cb, self);
}

static void
item_activated_cb (AriettaDatasetsPage *self,
                   guint                position)
{
  const AriettaItem *item = arietta_record_list_get (self->items, position);

  if (item != NULL)
    arietta_session_play_item (arietta_page_get_session (ARIETTA_PAGE (self)), item, TRUE);
}

/* ---- Actions ---- */

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

  change->library = g_object_ref (arietta_session_get_library (arietta_page_get_session (ARIETTA_PAGE (self))));
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
  self->wanted_dataset =
    arietta_library_ensure_dataset (arietta_session_get_library (arietta_page_get_session (ARIETTA_PAGE (self))),
                                    text, &error);
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
  { "new-dataset", new_dataset_action },
  { "paste", paste_action },
  { "remove", remove_action },
  { "search", search_action },
  { "set-licence", set_licence_action, "s" },
  { "set-may-train", set_may_train_action, "b" },
  { "set-style", set_style_action, "s" },
  { "show-refusals", show_refusals_action },
};

/* ---- Rows ---- */

static void
item_setup_cb (AriettaDatasetsPage *self,
               GtkListItem         *list_item)
{
  gtk_list_item_set_child (list_item, arietta_piece_row_new (arietta_page_get_session (ARIETTA_PAGE (self))));
}

static void
item_bind_cb (AriettaDatasetsPage *self,
              GtkListItem         *list_item)
{
  arietta_piece_row_show_item (ARIETTA_PIECE_ROW (gtk_list_item_get_child (list_item)),
                               arietta_record_get (gtk_list_item_get_item (list_item)));
}

static void
item_unbind_cb (AriettaDatasetsPage *self,
                GtkListItem         *list_item)
{
  arietta_piece_row_clear (ARIETTA_PIECE_ROW (gtk_list_item_get_child (list_item)));
}

static void
dataset_setup_cb (AriettaDatasetsPage *self,
                  GtkListItem         *list_item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name = gtk_label_new (NULL);
  GtkWidget *count = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (name), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (count), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (count), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (count, "caption");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), count);
  gtk_list_item_set_child (list_item, box);
}

static void
dataset_bind_cb (AriettaDatasetsPage *self,
                 GtkListItem         *list_item)
{
  const AriettaDataset *dataset = arietta_record_get (gtk_list_item_get_item (list_item));
  GtkWidget            *box = gtk_list_item_get_child (list_item);
  GtkWidget            *name = gtk_widget_get_first_child (box);
  g_autofree char      *count = NULL;

  if (dataset->styles != NULL && *dataset->styles != '\0')
    count = g_strdup (dataset->styles);
  else
    count = g_strdup_printf (ngettext ("%u item", "%u items", dataset->n_items), dataset->n_items);
  gtk_label_set_label (GTK_LABEL (name), dataset->name);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (name)), count);
}

static char *
dataset_name_cb (AriettaRecord *record,
                 gpointer       user_data)
{
  return record != NULL ? g_strdup (((const AriettaDataset *) arietta_record_get (record))->name) : g_strdup ("");
}

/* ---- Life ---- */

/* In a narrow window the inspector comes up from below instead of from the side. */
static void
narrow_changed_cb (AriettaDatasetsPage *self)
{
  gboolean narrow = arietta_page_get_narrow (ARIETTA_PAGE (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->content),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_revealer_set_transition_type (GTK_REVEALER (self->inspector_revealer),
                                    narrow ? GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP
                                           : GTK_REVEALER_TRANSITION_TYPE_SLIDE_LEFT);
}

static gboolean
arietta_datasets_page_open_files (AriettaPage *page,
                                  GListModel  *files)
{
  arietta_datasets_page_add_files (ARIETTA_DATASETS_PAGE (page), files);
  return TRUE;
}

static void
arietta_datasets_page_constructed (GObject *object)
{
  AriettaDatasetsPage *self = ARIETTA_DATASETS_PAGE (object);
  AriettaSession      *session = arietta_page_get_session (ARIETTA_PAGE (self));

  G_OBJECT_CLASS (arietta_datasets_page_parent_class)->constructed (object);

  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  arietta_page_enable_action (ARIETTA_PAGE (self), "remove", FALSE);
  g_signal_connect_object (arietta_session_get_library (session), "changed", G_CALLBACK (library_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_object_bind_property (self, "compact", self->side, "visible", G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  g_object_bind_property (self, "compact", self->dataset_drop, "visible", G_BINDING_SYNC_CREATE);
  g_signal_connect (self, "notify::narrow", G_CALLBACK (narrow_changed_cb), NULL);
  narrow_changed_cb (self);
  arietta_datasets_page_reload (self);
}

static void
arietta_datasets_page_dispose (GObject *object)
{
  AriettaDatasetsPage *self = ARIETTA_DATASETS_PAGE (object);

  g_clear_handle_id (&self->search_source, g_source_remove);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->dataset_selection);
  g_clear_object (&self->item_selection);
  g_clear_object (&self->datasets);
  g_clear_object (&self->items);

  G_OBJECT_CLASS (arietta_datasets_page_parent_class)->dispose (object);
}

static void
arietta_datasets_page_class_init (AriettaDatasetsPageClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass   *widget_class = GTK_WIDGET_CLASS (klass);
  AriettaPageClass *page_class = ARIETTA_PAGE_CLASS (klass);

  object_class->constructed = arietta_datasets_page_constructed;
  object_class->dispose = arietta_datasets_page_dispose;
  page_class->open_files = arietta_datasets_page_open_files;
  arietta_page_class_set_verb (page_class, N_("Add Files"), "list-add-symbolic", "page.add-files");

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-datasets-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, dataset_list);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, dataset_drop);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, side);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, search);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, refusals_bar);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, refusals_label);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, content);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, item_list);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, inspector_revealer);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, inspector);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, drop_veil);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, drop_label);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, item_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, dataset_dropped_down_cb);
  gtk_widget_class_bind_template_callback (widget_class, item_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, item_bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, item_unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, dataset_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, dataset_bind_cb);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "page.search", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "page.paste", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "page.remove", NULL);
}

static void
arietta_datasets_page_init (AriettaDatasetsPage *self)
{
  g_autoptr(GtkExpression) name = NULL;

  g_type_ensure (ARIETTA_TYPE_ITEM_INSPECTOR);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->datasets = arietta_record_list_new ();
  self->items = arietta_record_list_new ();
  self->dataset_selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->datasets)));
  self->item_selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->items)));
  gtk_list_view_set_model (GTK_LIST_VIEW (self->dataset_list), GTK_SELECTION_MODEL (self->dataset_selection));
  gtk_list_view_set_model (GTK_LIST_VIEW (self->item_list), GTK_SELECTION_MODEL (self->item_selection));

  name = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (dataset_name_cb), NULL, NULL);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->dataset_drop), G_LIST_MODEL (self->datasets));
  gtk_drop_down_set_expression (GTK_DROP_DOWN (self->dataset_drop), name);

  g_signal_connect_swapped (self->dataset_selection, "notify::selected", G_CALLBACK (dataset_selected_cb), self);
  g_signal_connect_swapped (self->item_selection, "selection-changed", G_CALLBACK (selection_changed_cb), self);
  g_signal_connect_swapped (self->items, "items-changed", G_CALLBACK (selection_changed_cb), self);
  arietta_datasets_page_init_drops (self);
}
