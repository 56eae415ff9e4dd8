#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-take-strip-private.h"

#include <glib/gi18n.h>

#include "views/arietta-a11y.h"
#include "views/arietta-change.h"
#include "views/arietta-drag-out.h"
#include "views/arietta-late-menu.h"
#include "views/arietta-take-tile.h"

/* More than fit into the widest window need not move. */
#define MAX_SLIDING 16

G_DEFINE_FINAL_TYPE (AriettaTakeStrip, arietta_take_strip, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_SELECTED,
  PROP_N_TAKES,
  PROP_EXAMPLES,
  PROP_NARROW,
  N_PROPS,
};

enum
{
  ACTIVATED,
  LOADED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
library_changed_cb (AriettaTakeStrip *self,
                    guint             tables)
{
  if ((tables & ARIETTA_TABLE_TAKES) != 0)
    arietta_take_strip_reload (self);
}

static void
stand_cb (AriettaTakeStrip *self)
{
  gint64 id = arietta_session_get_take_id (self->session);

  if (id != 0)
    arietta_take_strip_select_id (self, id);
}

static void
selected_cb (AriettaTakeStrip *self)
{
  AriettaTakeObject *take = arietta_take_strip_get_selected (self);
  gboolean starred = take != NULL && arietta_take_object_get (take)->starred;
  const char *label = starred ? _("Remove Star") : _("Star");

  gtk_widget_set_sensitive (self->export_button, take != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->tree_button), take != NULL);
  gtk_button_set_icon_name (self->star_button, starred ? "starred-symbolic"
                                                       : "non-starred-symbolic");
  arietta_a11y_set_tooltip (GTK_WIDGET (self->star_button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->star_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

static void
activate_cb (AriettaTakeStrip *self,
             guint             position)
{
  g_autoptr(AriettaTakeObject) take =
    g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (take != NULL)
    g_signal_emit (self, signals[ACTIVATED], 0, take);
}

static void
tile_menu_cb (AriettaTakeTile *tile,
              GtkListItem     *item)
{
  AriettaTakeStrip *self = g_object_get_data (G_OBJECT (item), "strip");

  gtk_single_selection_set_selected (self->selection, gtk_list_item_get_position (item));
  arietta_take_tile_popup_menu (tile);
}

/* Where there is no room for the button, the menu of a take has it. */
static gboolean
show_remove_examples (AriettaTakeStrip *self,
                      gboolean          examples,
                      gboolean          narrow)
{
  return examples && !narrow;
}

static void
show_item (GtkListItem *item)
{
  AriettaTakeStrip *self = g_object_get_data (G_OBJECT (item), "strip");
  AriettaTakeObject *take = gtk_list_item_get_item (item);
  GtkWidget *tile = gtk_list_item_get_child (item);
  GtkWidget *row = tile != NULL ? gtk_widget_get_parent (tile) : NULL;

  if (take == NULL || self->session == NULL)
    return;
  arietta_take_tile_show (ARIETTA_TAKE_TILE (tile), take,
                          gtk_list_item_get_position (item),
                          arietta_session_get_faces (self->session));
  if (self->sliding && gtk_list_item_get_position (item) < MAX_SLIDING)
    arietta_take_tile_slide (ARIETTA_TAKE_TILE (tile));
  else
    arietta_take_tile_stay (ARIETTA_TAKE_TILE (tile));
  /* The row around it is what a screen reader stops at. */
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    arietta_take_object_get (take)->title, -1);
}

static gboolean
drag_take (GtkWidget      *widget,
           gpointer        user_data,
           AriettaDragged *dragged)
{
  AriettaTakeObject *object = gtk_list_item_get_item (user_data);

  if (object == NULL)
    return FALSE;
  dragged->take_id = arietta_take_object_get (object)->id;
  dragged->title = g_strdup (arietta_take_object_get (object)->title);
  return TRUE;
}

static void
setup_item_cb (AriettaTakeStrip *self,
               GtkListItem      *item)
{
  GtkWidget *tile = arietta_take_tile_new ();

  g_object_set_data (G_OBJECT (item), "strip", self);
  arietta_take_tile_set_menu (ARIETTA_TAKE_TILE (tile), self->take_menu);
  g_signal_connect (tile, "menu", G_CALLBACK (tile_menu_cb), item);
  /* A new take in front moves the others: their numbers follow. */
  g_signal_connect (item, "notify::position", G_CALLBACK (show_item), NULL);
  arietta_drag_out_add (tile, self->session, drag_take, item);
  gtk_list_item_set_child (item, tile);
}

static void
bind_item_cb (AriettaTakeStrip *self,
              GtkListItem      *item)
{
  show_item (item);
}

/* ---- The family ---- */

static gboolean
make_note (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_note_take (library, ids[0], text, error);
}

static void
noted_cb (AriettaTakeStrip *self,
          gint64            id,
          const char       *note)
{
  static const AriettaChange change_note = { make_note, NULL };
  g_autoptr(GArray) ids = arietta_change_ids (id);

  arietta_change_make (GTK_WIDGET (self), arietta_session_get_library (self->session), &change_note, ids, note, FALSE);
}

static void
tree_chosen_cb (AriettaTakeStrip  *self,
                AriettaTakeObject *take)
{
  arietta_take_strip_select_id (self, arietta_take_object_get (take)->id);
  g_signal_emit (self, signals[ACTIVATED], 0, take);
}

/* Filled anew each time it opens. */
static void
make_tree_cb (GtkMenuButton *button,
              gpointer       user_data)
{
  AriettaTakeStrip *self = user_data;
  AriettaTakeObject *take = arietta_take_strip_get_selected (self);

  if (self->tree == NULL)
    {
      self->tree = g_object_new (ARIETTA_TYPE_TAKE_TREE, NULL);
      g_signal_connect_object (self->tree, "noted", G_CALLBACK (noted_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->tree, "chosen", G_CALLBACK (tree_chosen_cb), self, G_CONNECT_SWAPPED);
      gtk_menu_button_set_popover (button, GTK_WIDGET (self->tree));
    }
  if (take != NULL)
    arietta_take_tree_show (self->tree, G_LIST_MODEL (self->store), arietta_take_object_get (take)->id,
                            arietta_session_get_faces (self->session));
}

static void
arietta_take_strip_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  AriettaTakeStrip *self = ARIETTA_TAKE_STRIP (object);

  switch (prop_id)
    {
    case PROP_SELECTED:
      g_value_set_object (value, arietta_take_strip_get_selected (self));
      break;
    case PROP_N_TAKES:
      g_value_set_uint (value, g_list_model_get_n_items (G_LIST_MODEL (self->store)));
      break;
    case PROP_EXAMPLES:
      g_value_set_boolean (value, self->examples);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
arietta_take_strip_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  AriettaTakeStrip *self = ARIETTA_TAKE_STRIP (object);

  if (prop_id != PROP_NARROW)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      return;
    }
  if (self->narrow != g_value_get_boolean (value))
    {
      self->narrow = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
    }
}

static void
arietta_take_strip_dispose (GObject *object)
{
  AriettaTakeStrip *self = ARIETTA_TAKE_STRIP (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (arietta_take_strip_parent_class)->dispose (object);
}

static void
arietta_take_strip_finalize (GObject *object)
{
  g_object_unref (ARIETTA_TAKE_STRIP (object)->store);
  G_OBJECT_CLASS (arietta_take_strip_parent_class)->finalize (object);
}

static void
arietta_take_strip_class_init (AriettaTakeStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = arietta_take_strip_get_property;
  object_class->set_property = arietta_take_strip_set_property;
  object_class->dispose = arietta_take_strip_dispose;
  object_class->finalize = arietta_take_strip_finalize;

  properties[PROP_SELECTED] =
    g_param_spec_object ("selected", NULL, NULL, ARIETTA_TYPE_TAKE_OBJECT, flags);
  properties[PROP_N_TAKES] = g_param_spec_uint ("n-takes", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_EXAMPLES] = g_param_spec_boolean ("examples", NULL, NULL, FALSE, flags);
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, ARIETTA_TYPE_TAKE_OBJECT);
  signals[LOADED] = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/arietta/Arietta/arietta-take-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeStrip, box);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeStrip, list_view);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeStrip, count_label);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeStrip, empty_label);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeStrip, scrolled);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeStrip, star_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeStrip, export_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeStrip, tree_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaTakeStrip, take_menu);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_item_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_remove_examples);
  gtk_widget_class_bind_template_callback (widget_class, bind_item_cb);
}

static void
arietta_take_strip_init (AriettaTakeStrip *self)
{
  self->store = g_list_store_new (ARIETTA_TYPE_TAKE_OBJECT);
  g_type_ensure (ARIETTA_TYPE_LATE_MENU);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->store)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
  gtk_menu_button_set_create_popup_func (self->tree_button, make_tree_cb, self, NULL);
  selected_cb (self);
}

void
arietta_take_strip_set_session (AriettaTakeStrip *self,
                                AriettaSession   *session)
{
  g_return_if_fail (ARIETTA_IS_TAKE_STRIP (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (arietta_session_get_library (session), "changed",
                           G_CALLBACK (library_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::take-id", G_CALLBACK (stand_cb), self,
                           G_CONNECT_SWAPPED);
  arietta_take_strip_reload (self);
}

AriettaTakeObject *
arietta_take_strip_get_selected (AriettaTakeStrip *self)
{
  g_return_val_if_fail (ARIETTA_IS_TAKE_STRIP (self), NULL);

  return self->selection != NULL ? gtk_single_selection_get_selected_item (self->selection) : NULL;
}

AriettaTakeObject *
arietta_take_strip_get_nth (AriettaTakeStrip *self,
                            guint             nth)
{
  g_autoptr(AriettaTakeObject) take = NULL;

  g_return_val_if_fail (ARIETTA_IS_TAKE_STRIP (self), NULL);

  /* The store keeps it. */
  take = g_list_model_get_item (G_LIST_MODEL (self->store), nth);
  return take;
}

GArray *
arietta_take_strip_list_examples (AriettaTakeStrip *self)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  for (guint i = 0; i < n; i++)
    {
      const AriettaTake *take =
        arietta_take_object_get (arietta_take_strip_get_nth (self, i));

      if (take->example)
        g_array_append_val (ids, take->id);
    }
  return ids;
}

void
arietta_take_strip_set_expecting (AriettaTakeStrip *self,
                                  gboolean          expecting)
{
  g_return_if_fail (ARIETTA_IS_TAKE_STRIP (self));

  gtk_label_set_text (GTK_LABEL (self->empty_label),
                      expecting ? _("A dozen examples are being composed…") : _("What you write appears here."));
}

void
arietta_take_strip_show_tree (AriettaTakeStrip *self,
                              gboolean          note)
{
  g_return_if_fail (ARIETTA_IS_TAKE_STRIP (self));

  if (arietta_take_strip_get_selected (self) == NULL)
    return;
  gtk_menu_button_popup (self->tree_button);
  if (note && self->tree != NULL)
    arietta_take_tree_focus_note (self->tree);
}
