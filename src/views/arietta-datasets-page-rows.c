/* The rows of the two lists. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-datasets-page-private.h"

#include <glib/gi18n.h>

#include "studio/arietta-names.h"
#include "views/arietta-piece-row.h"
#include "views/arietta-style-bar.h"

static void
item_setup_cb (AriettaDatasetsPage *self,
               GtkListItem         *list_item)
{
  gtk_list_item_set_child (list_item, arietta_piece_row_new (arietta_page_get_session (ARIETTA_PAGE (self)), NULL, NULL, NULL));
}

#define RECORD_KEY "arietta-record"

/* The row's words are laid out here, as part of the slice, and not all of them in the frame that follows. */
static void
show_item (GtkWidget *row)
{
  AriettaRecord *record = g_object_get_data (G_OBJECT (row), RECORD_KEY);

  if (record == NULL)
    return;

  arietta_piece_row_show_item (ARIETTA_PIECE_ROW (row), arietta_record_get (record));
  gtk_widget_measure (row, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_measure (row, GTK_ORIENTATION_VERTICAL, gtk_widget_get_width (row), NULL, NULL, NULL, NULL);
}

/* Another piece in this place: with two hundred others at the same moment. */
static void
item_changed_cb (GtkWidget *row)
{
  AriettaDatasetsPage *self = ARIETTA_DATASETS_PAGE (gtk_widget_get_ancestor (row, ARIETTA_TYPE_DATASETS_PAGE));

  if (self != NULL)
    arietta_slices_add (arietta_session_get_slices (arietta_page_get_session (ARIETTA_PAGE (self))), row, show_item);
}

static void
item_bind_cb (AriettaDatasetsPage *self,
              GtkListItem         *list_item)
{
  GtkWidget     *row = gtk_list_item_get_child (list_item);
  AriettaRecord *record = gtk_list_item_get_item (list_item);

  g_object_set_data_full (G_OBJECT (row), RECORD_KEY, g_object_ref (record), g_object_unref);
  g_signal_connect_object (record, "changed", G_CALLBACK (item_changed_cb), row, G_CONNECT_SWAPPED);
  arietta_piece_row_show_item (ARIETTA_PIECE_ROW (row), arietta_record_get (record));
}

static void
item_unbind_cb (AriettaDatasetsPage *self,
                GtkListItem         *list_item)
{
  GtkWidget *row = gtk_list_item_get_child (list_item);

  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (list_item), item_changed_cb, row);
  g_object_set_data (G_OBJECT (row), RECORD_KEY, NULL);
  arietta_piece_row_clear (ARIETTA_PIECE_ROW (row));
}

static gboolean
unparent_idle_cb (gpointer menu)
{
  gtk_widget_unparent (menu);
  return G_SOURCE_REMOVE;
}

/* The chosen item's action still has to find its way through the menu. */
static void
menu_popdown_cb (GtkWidget *menu)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, unparent_idle_cb, g_object_ref (menu), g_object_unref);
}

/* What can be done with a dataset, where the pointer asked. */
static void
dataset_pressed_cb (GtkGestureClick *gesture,
                    int              n_press,
                    double           x,
                    double           y,
                    gpointer         user_data)
{
  GtkListItem         *list_item = user_data;
  GtkWidget           *row = gtk_list_item_get_child (list_item);
  AriettaDatasetsPage *self = ARIETTA_DATASETS_PAGE (gtk_widget_get_ancestor (row, ARIETTA_TYPE_DATASETS_PAGE));
  GtkWidget           *menu;
  GdkRectangle         at = { (int) x, (int) y, 1, 1 };

  gtk_single_selection_set_selected (self->dataset_selection, gtk_list_item_get_position (list_item));
  menu = gtk_popover_menu_new_from_model (self->dataset_menu);
  gtk_widget_set_parent (menu, row);
  gtk_widget_set_halign (menu, GTK_ALIGN_START);
  gtk_popover_set_has_arrow (GTK_POPOVER (menu), FALSE);
  gtk_popover_set_pointing_to (GTK_POPOVER (menu), &at);
  g_signal_connect (menu, "closed", G_CALLBACK (menu_popdown_cb), NULL);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_popover_popup (GTK_POPOVER (menu));
}

static GtkWidget *
label_new (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);

  return label;
}

/* Name and count on one line, the bar of styles, and what they are. */
static void
dataset_setup_cb (AriettaDatasetsPage *self,
                  GtkListItem         *list_item)
{
  GtkWidget  *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget  *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget  *name = label_new (NULL), *count = label_new ("dim-label"), *styles = label_new ("dim-label");
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (count, "numeric");
  gtk_widget_add_css_class (count, "caption");
  gtk_widget_add_css_class (styles, "caption");
  gtk_widget_add_css_class (box, "dataset-row");
  gtk_box_append (GTK_BOX (line), name);
  gtk_box_append (GTK_BOX (line), count);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), arietta_style_bar_new ());
  gtk_box_append (GTK_BOX (box), styles);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (dataset_pressed_cb), list_item);
  gtk_widget_add_controller (box, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (list_item, box);
}

/* "folk 863, hymn 2" in the person's words; of one style alone the number is said above. */
static char *
dup_legend (const AriettaDataset *dataset)
{
  g_auto(GStrv) words = g_strsplit (dataset->styles, ", ", -1);
  GString      *legend = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      char *number = strrchr (words[i], ' ');

      if (legend->len > 0)
        g_string_append (legend, ", ");
      if (number != NULL)
        *number++ = '\0';
      g_string_append (legend, arietta_style_get_name (words[i]));
      if (number != NULL && (words[1] != NULL || strtoul (number, NULL, 10) != dataset->n_items))
        g_string_append_printf (legend, " %s", number);
    }
  return g_string_free (legend, FALSE);
}

static void
dataset_bind_cb (AriettaDatasetsPage *self,
                 GtkListItem         *list_item)
{
  const AriettaDataset *dataset = arietta_record_get (gtk_list_item_get_item (list_item));
  GtkWidget            *box = gtk_list_item_get_child (list_item);
  GtkWidget            *line = gtk_widget_get_first_child (box);
  GtkWidget            *bar = gtk_widget_get_next_sibling (line);
  gboolean              styled = dataset->styles != NULL && *dataset->styles != '\0';
  g_autofree char      *count = g_strdup_printf ("%u", dataset->n_items);
  g_autofree char      *items = g_strdup_printf (ngettext ("%u item", "%u items", dataset->n_items), dataset->n_items);
  g_autofree char      *legend = styled ? dup_legend (dataset) : NULL;

  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (line)), dataset->name);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (line)), count);
  gtk_widget_set_tooltip_text (gtk_widget_get_last_child (line), items);
  arietta_style_bar_set (ARIETTA_STYLE_BAR (bar), dataset->styles, dataset->n_items);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (bar)),
                       styled ? legend : dataset->n_items > 0 ? _("no style yet") : _("empty"));
  gtk_widget_set_tooltip_text (box, legend);
}

void
arietta_datasets_page_class_bind_rows (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, item_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, item_bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, item_unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, dataset_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, dataset_bind_cb);
}
