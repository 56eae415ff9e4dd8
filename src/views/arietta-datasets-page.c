#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-datasets-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "views/arietta-a11y.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-item-inspector.h"
#include "views/arietta-late-menu.h"
#include "views/arietta-load.h"
#include "views/arietta-steps.h"

G_DEFINE_FINAL_TYPE (AriettaDatasetsPage, arietta_datasets_page, ARIETTA_TYPE_PAGE)

/* Typing settles for this long before the library is asked. */
#define SEARCH_DELAY_MS 150
#define INSPECTOR_WIDTH 280

static const char * const of_a_dataset[] = { "rename-dataset", "remove-dataset" };

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

typedef struct
{
  char     *key;
  gpointer  item;
} Sorted;

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  return strcmp (((const Sorted *) a)->key, ((const Sorted *) b)->key);
}

/* By title as people count: "Tune 2" before "Tune 10". */
static void
sort_items (GPtrArray *items)
{
  g_autofree Sorted *sorted = g_new (Sorted, items->len + 1);

  for (guint i = 0; i < items->len; i++)
    sorted[i] = (Sorted) {
      g_utf8_collate_key_for_filename (((const AriettaItem *) items->pdata[i])->title, -1), items->pdata[i]
    };
  g_qsort_with_data (sorted, (int) items->len, sizeof *sorted, (GCompareDataFunc) (GCallback) compare_keys, NULL);
  for (guint i = 0; i < items->len; i++)
    {
      items->pdata[i] = sorted[i].item;
      g_free (sorted[i].key);
    }
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
  sort_items (items);
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

/* The rows of @ids again, wherever they stand now. */
static void
select_ids (AriettaDatasetsPage *self,
            GHashTable          *ids)
{
  g_autoptr(GtkBitset) rows = gtk_bitset_new_empty ();
  g_autoptr(GtkBitset) all = gtk_bitset_new_range (0, g_list_model_get_n_items (G_LIST_MODEL (self->items)));

  for (guint i = 0; g_hash_table_size (ids) > 0 && i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    if (g_hash_table_contains (ids, arietta_record_list_get (self->items, i)))
      gtk_bitset_add (rows, i);
  gtk_selection_model_set_selection (GTK_SELECTION_MODEL (self->item_selection), rows, all);
}

/* New rows; what was selected stays so. */
static void
take_items (AriettaDatasetsPage *self,
            GPtrArray           *items)
{
  g_autoptr(GPtrArray)  selected = arietta_datasets_page_get_selected (self);
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < selected->len; i++)
    g_hash_table_add (ids, g_memdup2 (selected->pdata[i], sizeof (gint64)));

  self->filling_items = TRUE;
  arietta_record_list_take (self->items, items);
  select_ids (self, ids);
  self->filling_items = FALSE;
  arietta_datasets_page_selection_changed (self);
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

  take_items (self, g_steal_pointer (&listing->items));
  if (self->to_top)
    gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->item_list)), 0.0);
  self->to_top = FALSE;
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
      take_items (self, NULL);
      gtk_revealer_set_reveal_child (GTK_REVEALER (self->refusals_bar), FALSE);
      update_stack (self);
      return;
    }

  self->loading = g_cancellable_new ();
  arietta_load_async (self, self->loading, read_items,
                      list_request_new (self, dataset->id, gtk_editable_get_text (GTK_EDITABLE (self->search))),
                      (GDestroyNotify) list_request_free, (GDestroyNotify) listing_free, items_loaded_cb);
}

static gint64
dataset_id (AriettaDatasetsPage *self)
{
  const AriettaDataset *dataset = arietta_datasets_page_get_dataset (self);

  return dataset != NULL ? dataset->id : 0;
}

static void
dataset_selected_cb (AriettaDatasetsPage *self)
{
  guint selected = gtk_single_selection_get_selected (self->dataset_selection);

  if (self->filling)
    return;
  if (gtk_drop_down_get_selected (GTK_DROP_DOWN (self->dataset_drop)) != selected)
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->dataset_drop), selected);
  self->to_top |= dataset_id (self) != self->listed_dataset;
  self->listed_dataset = dataset_id (self);
  load_items (self);
}

/* In place of the list at the side, once there is a choice. */
static void
show_dataset_drop (AriettaDatasetsPage *self)
{
  gtk_widget_set_visible (self->dataset_drop, arietta_page_get_compact (ARIETTA_PAGE (self)) &&
                                              g_list_model_get_n_items (G_LIST_MODEL (self->datasets)) > 0);
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

  self->reading = FALSE;
  if (self->read_again)
    {
      self->read_again = FALSE;
      arietta_datasets_page_reload (self);
    }
  if (result == NULL)
    {
      arietta_present_error (GTK_WIDGET (self), error);
      return;
    }

  /* Both views hear of the new rows one after the other: no selection is passed on before both
   * have. */
  self->filling = TRUE;
  arietta_record_list_take (self->datasets, result);
  show_dataset_drop (self);
  position = arietta_record_list_find (self->datasets, id);
  if (position != G_MAXUINT)
    gtk_single_selection_set_selected (self->dataset_selection, position);
  self->filling = FALSE;
  if (position != G_MAXUINT || !self->reading)
    self->wanted_dataset = 0;
  for (guint i = 0; i < G_N_ELEMENTS (of_a_dataset); i++)
    arietta_page_enable_action (ARIETTA_PAGE (self), of_a_dataset[i], arietta_datasets_page_get_dataset (self) != NULL);
  dataset_selected_cb (self);
}

void
arietta_datasets_page_reload (AriettaDatasetsPage *self)
{
  /* One at a time: during an import the library changes faster than it is read. */
  if (self->reading)
    {
      self->read_again = TRUE;
      return;
    }

  self->reading = TRUE;
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

GPtrArray *
arietta_datasets_page_get_selected (AriettaDatasetsPage *self)
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

/* A third of the page's widgets, and hidden until it is first wanted: opening the page has enough
 * to make and measure. */
static void
ensure_inspector (AriettaDatasetsPage *self)
{
  if (self->inspector != NULL)
    return;

  self->inspector = g_object_new (ARIETTA_TYPE_ITEM_INSPECTOR,
                                  "visible", FALSE,
                                  "width-request", INSPECTOR_WIDTH,
                                  NULL);
  arietta_item_inspector_set_low (ARIETTA_ITEM_INSPECTOR (self->inspector),
                                  arietta_page_get_narrow (ARIETTA_PAGE (self)));
  gtk_revealer_set_child (GTK_REVEALER (self->inspector_revealer), self->inspector);
}

static gboolean
inspector_step (gpointer owner,
                guint    n)
{
  ensure_inspector (owner);
  return G_SOURCE_REMOVE;
}

void
arietta_datasets_page_selection_changed (AriettaDatasetsPage *self)
{
  g_autoptr(GPtrArray) items = NULL;

  if (self->filling_items)
    return;

  items = arietta_datasets_page_get_selected (self);
  if (items->len > 0)
    {
      ensure_inspector (self);
      gtk_widget_set_visible (self->inspector, TRUE);
      arietta_item_inspector_show (ARIETTA_ITEM_INSPECTOR (self->inspector), items);
    }
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
  self->to_top = TRUE;
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

static char *
dataset_name_cb (AriettaRecord *record,
                 gpointer       user_data)
{
  return record != NULL ? g_strdup (((const AriettaDataset *) arietta_record_get (record))->name) : g_strdup ("");
}

static gboolean
same_item (gconstpointer a,
           gconstpointer b)
{
  const AriettaItem *x = a, *y = b;

  return x->id == y->id && strcmp (x->title, y->title) == 0 && strcmp (x->style, y->style) == 0 &&
         strcmp (x->licence, y->licence) == 0 && x->may_train == y->may_train && x->split == y->split;
}

static gboolean
same_dataset (gconstpointer a,
              gconstpointer b)
{
  const AriettaDataset *x = a, *y = b;

  return x->id == y->id && strcmp (x->name, y->name) == 0 && x->n_items == y->n_items &&
         g_strcmp0 (x->styles, y->styles) == 0;
}

/* ---- Life ---- */

/* In a narrow window the inspector comes up from below instead of from the side.  It moves, rather
 * than that the box of the list were turned: GTK would look up the style of each widget of each row
 * again. */
static void
narrow_changed_cb (AriettaDatasetsPage *self)
{
  gboolean   narrow = arietta_page_get_narrow (ARIETTA_PAGE (self));
  GtkWidget *before = gtk_widget_get_parent (self->inspector_revealer);
  GtkWidget *parent = narrow ? gtk_widget_get_parent (self->content) : self->content;

  if (before != parent)
    {
      g_autoptr(GtkWidget) revealer = g_object_ref (self->inspector_revealer);

      gtk_box_remove (GTK_BOX (before), revealer);
      gtk_box_append (GTK_BOX (parent), revealer);
    }
  gtk_revealer_set_transition_type (GTK_REVEALER (self->inspector_revealer),
                                    narrow ? GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP
                                           : GTK_REVEALER_TRANSITION_TYPE_SLIDE_LEFT);
  if (self->inspector != NULL)
    arietta_item_inspector_set_low (ARIETTA_ITEM_INSPECTOR (self->inspector), narrow);
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

  arietta_datasets_page_init_actions (self);
  g_signal_connect_object (arietta_session_get_library (session), "changed", G_CALLBACK (library_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_object_bind_property (self, "compact", self->side, "visible", G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  g_signal_connect (self, "notify::compact", G_CALLBACK (show_dataset_drop), NULL);
  show_dataset_drop (self);
  g_signal_connect (self, "notify::narrow", G_CALLBACK (narrow_changed_cb), NULL);
  narrow_changed_cb (self);
  arietta_datasets_page_reload (self);
  arietta_steps_run (self, inspector_step);
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
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, drop_veil);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, drop_label);
  gtk_widget_class_bind_template_child (widget_class, AriettaDatasetsPage, dataset_menu);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, item_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, dataset_dropped_down_cb);
  arietta_datasets_page_class_bind_rows (widget_class);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "page.search", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "page.paste", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "page.remove", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F2, 0, "page.rename-dataset", NULL);
}

static void
arietta_datasets_page_init (AriettaDatasetsPage *self)
{
  g_autoptr(GtkExpression) name = NULL;

  g_type_ensure (ARIETTA_TYPE_LATE_MENU);
  gtk_widget_init_template (GTK_WIDGET (self));

  arietta_a11y_name_drop_down (self->dataset_drop, _("Dataset"));
  self->datasets = arietta_record_list_new ();
  self->items = arietta_record_list_new ();
  arietta_record_list_set_same (self->datasets, same_dataset);
  arietta_record_list_set_same (self->items, same_item);
  arietta_record_list_set_in_place (self->items);
  self->dataset_selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->datasets)));
  self->item_selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->items)));
  gtk_list_view_set_model (GTK_LIST_VIEW (self->dataset_list), GTK_SELECTION_MODEL (self->dataset_selection));
  gtk_list_view_set_model (GTK_LIST_VIEW (self->item_list), GTK_SELECTION_MODEL (self->item_selection));

  name = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (dataset_name_cb), NULL, NULL);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->dataset_drop), G_LIST_MODEL (self->datasets));
  gtk_drop_down_set_expression (GTK_DROP_DOWN (self->dataset_drop), name);

  g_signal_connect_swapped (self->dataset_selection, "notify::selected", G_CALLBACK (dataset_selected_cb), self);
  g_signal_connect_swapped (self->item_selection, "selection-changed", G_CALLBACK (arietta_datasets_page_selection_changed),
                            self);
  arietta_datasets_page_init_drops (self);
}
