#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-take-tree.h"

#include <glib/gi18n.h>

#include "drawing/arietta-palette.h"
#include "studio/arietta-names.h"
#include "studio/arietta-offer.h"
#include "widgets/arietta-branch.h"

struct _AriettaTakeTree
{
  GtkPopover         parent_instance;

  AriettaFaceLoader *faces;
  GPtrArray         *takes;      /* AriettaTakeObject, those of the list */
  gint64             noted_id;   /* whose note is in the entry */
  gboolean           filling;

  /* template children */
  GtkListBox        *list;
  GtkEditable       *note;
};

G_DEFINE_FINAL_TYPE (AriettaTakeTree, arietta_take_tree, GTK_TYPE_POPOVER)

enum
{
  CHOSEN,
  NOTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const AriettaTake *
get_take (gpointer object)
{
  return arietta_take_object_get (object);
}

/* What was done to make it: the word of the wish, or that it was written. */
static const char *
get_deed (const AriettaTake *take)
{
  AriettaWish wish = arietta_offer_find_wish (take->settings);

  return wish < ARIETTA_WISH_N ? arietta_wish_get_label (wish) : _("Written");
}

static GtkWidget *
make_label (const char *text,
            const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  if (style != NULL)
    {
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, style);
    }
  return label;
}

static void
add_row (AriettaTakeTree   *self,
         AriettaTakeObject *object,
         const AriettaTake *parent,
         guint              depth,
         guint32            goes_on)
{
  const AriettaTake *take = get_take (object);
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *face = arietta_face_view_new ();
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, take->seed);
  /* Translators: what made a take, by which model, from which seed: "Vary · Composer · Seed 12" */
  g_autofree char *maker = g_strdup_printf (_("%s · %s · Seed %s"), get_deed (take), arietta_model_get_title (take->model), seed);
  g_autofree char *name = parent != NULL ? g_strdup_printf (_("%s, from %s"), take->title, parent->title)
                                         : g_strdup (take->title);

  g_object_set (face, "size", 32, "hue", (int) arietta_palette_style_hue (take->style), NULL);
  gtk_widget_set_margin_top (face, 3);
  gtk_widget_set_margin_bottom (face, 3);
  arietta_face_loader_show (self->faces, ARIETTA_FACE_VIEW (face), 0, take->id);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), make_label (take->title, NULL));
  gtk_box_append (GTK_BOX (words), make_label (maker, "dim-label"));
  if (*take->note != '\0')
    gtk_box_append (GTK_BOX (words), make_label (take->note, "take-note"));
  gtk_box_append (GTK_BOX (box), arietta_branch_new (depth, goes_on));
  gtk_box_append (GTK_BOX (box), face);
  gtk_box_append (GTK_BOX (box), words);
  if (take->starred)
    {
      GtkWidget *star = gtk_image_new_from_icon_name ("starred-symbolic");

      gtk_accessible_update_property (GTK_ACCESSIBLE (star), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Starred"), -1);
      gtk_box_append (GTK_BOX (box), star);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, *take->note != '\0' ? take->note : maker,
                                  GTK_ACCESSIBLE_PROPERTY_LEVEL, (int) depth + 1, -1);
  gtk_list_box_append (self->list, row);
  g_ptr_array_add (self->takes, g_object_ref (object));
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  gint64 left = get_take (*(gpointer *) a)->id, right = get_take (*(gpointer *) b)->id;

  return (left > right) - (left < right);
}

/* A take and, further in, all that came from it. The depth has an end even where a damaged library goes
 * round in circles. */
static void
add_family (AriettaTakeTree *self,
            GHashTable      *children,
            gpointer         object,
            gpointer         parent,
            guint            depth,
            guint32          goes_on)
{
  GPtrArray *own = g_hash_table_lookup (children, &get_take (object)->id);

  add_row (self, object, parent != NULL ? get_take (parent) : NULL, depth, goes_on);
  for (guint i = 0; own != NULL && i < own->len && depth < 200; i++)
    add_family (self, children, own->pdata[i], object, depth + 1,
                i + 1 < own->len && depth < 32 ? goes_on | 1u << depth : goes_on & ~(depth < 32 ? 1u << depth : 0));
}

static void
show_note (AriettaTakeTree *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  guint nth = row != NULL ? (guint) gtk_list_box_row_get_index (row) : G_MAXUINT;
  const AriettaTake *take = nth < self->takes->len ? get_take (self->takes->pdata[nth]) : NULL;

  self->noted_id = take != NULL ? take->id : 0;
  gtk_editable_set_text (self->note, take != NULL ? take->note : "");
  gtk_widget_set_sensitive (GTK_WIDGET (self->note), take != NULL);
}

static void
keep_note (AriettaTakeTree *self)
{
  const char *text = gtk_editable_get_text (self->note);

  for (guint i = 0; self->noted_id != 0 && i < self->takes->len; i++)
    {
      const AriettaTake *take = get_take (self->takes->pdata[i]);

      if (take->id == self->noted_id && g_strcmp0 (take->note, text) != 0)
        g_signal_emit (self, signals[NOTED], 0, take->id, text);
    }
}

static void
row_selected_cb (AriettaTakeTree *self)
{
  if (self->filling)
    return;
  keep_note (self);
  show_note (self);
}

static void
row_activated_cb (AriettaTakeTree *self,
                  GtkListBoxRow   *row)
{
  g_signal_emit (self, signals[CHOSEN], 0, self->takes->pdata[gtk_list_box_row_get_index (row)]);
}

static void
note_activated_cb (AriettaTakeTree *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
closed_cb (AriettaTakeTree *self)
{
  keep_note (self);
  self->noted_id = 0;
}

static void
arietta_take_tree_finalize (GObject *object)
{
  AriettaTakeTree *self = ARIETTA_TAKE_TREE (object);

  g_ptr_array_unref (self->takes);
  g_clear_object (&self->faces);

  G_OBJECT_CLASS (arietta_take_tree_parent_class)->finalize (object);
}

static void
arietta_take_tree_class_init (AriettaTakeTreeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = arietta_take_tree_finalize;

  signals[CHOSEN] = g_signal_new ("chosen", ARIETTA_TYPE_TAKE_TREE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, ARIETTA_TYPE_TAKE_OBJECT);
  signals[NOTED] = g_signal_new ("noted", ARIETTA_TYPE_TAKE_TREE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-take-tree.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeTree, list);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeTree, note);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, note_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, closed_cb);
}

static void
arietta_take_tree_init (AriettaTakeTree *self)
{
  self->takes = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
arietta_take_tree_show (AriettaTakeTree   *self,
                        GListModel        *takes,
                        gint64             take_id,
                        AriettaFaceLoader *faces)
{
  g_autoptr(GHashTable) by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_object_unref);
  g_autoptr(GHashTable) children = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                                          (GDestroyNotify) g_ptr_array_unref);
  AriettaTakeObject *root;
  GtkWidget *child;
  GHashTableIter iter;
  gpointer object;

  g_return_if_fail (ARIETTA_IS_TAKE_TREE (self));

  g_set_object (&self->faces, faces);
  for (guint i = 0; i < g_list_model_get_n_items (takes); i++)
    {
      gpointer item = g_list_model_get_item (takes, i);

      g_hash_table_insert (by_id, (gpointer) &get_take (item)->id, item);
    }
  g_hash_table_iter_init (&iter, by_id);
  while (g_hash_table_iter_next (&iter, NULL, &object))
    {
      const gint64 *parent = &get_take (object)->parent_id;
      GPtrArray *own = g_hash_table_lookup (children, parent);

      if (*parent == 0)
        continue;
      if (own == NULL)
        {
          own = g_ptr_array_new ();
          g_hash_table_insert (children, (gpointer) parent, own);
        }
      g_ptr_array_add (own, object);
    }
  g_hash_table_iter_init (&iter, children);
  while (g_hash_table_iter_next (&iter, NULL, &object))
    g_ptr_array_sort (object, compare_ids);

  self->filling = TRUE;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  g_ptr_array_set_size (self->takes, 0);
  root = g_hash_table_lookup (by_id, &take_id);
  for (guint up = 0; root != NULL && up < 10000; up++)
    {
      AriettaTakeObject *parent = g_hash_table_lookup (by_id, &get_take (root)->parent_id);

      if (parent == NULL)
        break;
      root = parent;
    }
  if (root != NULL)
    add_family (self, children, root, NULL, 0, 0);
  for (guint i = 0; i < self->takes->len; i++)
    if (get_take (self->takes->pdata[i])->id == take_id)
      gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, (int) i));
  self->filling = FALSE;
  show_note (self);
}

void
arietta_take_tree_focus_note (AriettaTakeTree *self)
{
  g_return_if_fail (ARIETTA_IS_TAKE_TREE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->note));
}
