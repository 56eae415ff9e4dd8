#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-item-inspector.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "views/arietta-a11y.h"
#include "widgets/arietta-quick-layout.h"

struct _AriettaItemInspector
{
  GtkWidget  parent_instance;

  gboolean   filling;      /* the widgets change because of us, not of the person */
  char      *shown;        /* what they show, to leave alone what is being typed while nothing of it changed */

  /* template children */
  GtkWidget *scroller;
  GtkWidget *heading;
  GtkWidget *style;
  GtkWidget *licence;
  GtkWidget *may_train;
  GtkWidget *facts;
  GtkWidget *file;
  GtkWidget *split;
  GtkWidget *sound_note;
};

G_DEFINE_FINAL_TYPE (AriettaItemInspector, arietta_item_inspector, GTK_TYPE_WIDGET)

/* Where it stands below the list, the list keeps the larger half. */
#define LOW_HEIGHT 220

/* To people an empty row. */
#define NOT_STATED "NOASSERTION"

/* What is common among free music; anything else can be typed. */
static const struct
{
  const char *id;
  const char *label;    /* NULL: the id */
} licences[] = {
  { "CC0-1.0", NULL },
  { "CC-BY-4.0", NULL },
  { "CC-BY-SA-4.0", NULL },
  { "LicenseRef-PublicDomain", N_("Public Domain") },
  { "LicenseRef-Own", N_("My Own") },
  { NOT_STATED, N_("Not Stated") },
};

static void
style_applied_cb (AriettaItemInspector *self)
{
  g_autofree char *style = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->style))));

  gtk_widget_activate_action (GTK_WIDGET (self), "page.set-style", "s", style);
}

static void
licence_applied_cb (AriettaItemInspector *self)
{
  g_autofree char *licence = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->licence))));

  gtk_widget_activate_action (GTK_WIDGET (self), "page.set-licence", "s", *licence != '\0' ? licence : NOT_STATED);
}

static void
may_train_changed_cb (AriettaItemInspector *self)
{
  if (!self->filling)
    gtk_widget_activate_action (GTK_WIDGET (self), "page.set-may-train", "b",
                                gtk_switch_get_active (GTK_SWITCH (self->may_train)));
}

/* When it is first opened: its popover is thirty widgets. */
static void
make_licence_menu_cb (GtkMenuButton *button,
                      gpointer       user_data)
{
  g_autoptr(GMenu) menu = NULL;

  if (gtk_menu_button_get_menu_model (button) != NULL)
    return;

  menu = g_menu_new ();
  for (guint i = 0; i < G_N_ELEMENTS (licences); i++)
    {
      const char *label = licences[i].label != NULL ? _(licences[i].label) : licences[i].id;
      g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "page.set-licence", "s", licences[i].id);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
arietta_item_inspector_dispose (GObject *object)
{
  AriettaItemInspector *self = ARIETTA_ITEM_INSPECTOR (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->shown, g_free);

  G_OBJECT_CLASS (arietta_item_inspector_parent_class)->dispose (object);
}

static void
arietta_item_inspector_class_init (AriettaItemInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_item_inspector_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-item-inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaItemInspector, scroller);
  gtk_widget_class_bind_template_child (widget_class, AriettaItemInspector, heading);
  gtk_widget_class_bind_template_child (widget_class, AriettaItemInspector, style);
  gtk_widget_class_bind_template_child (widget_class, AriettaItemInspector, licence);
  gtk_widget_class_bind_template_child (widget_class, AriettaItemInspector, may_train);
  gtk_widget_class_bind_template_child (widget_class, AriettaItemInspector, facts);
  gtk_widget_class_bind_template_child (widget_class, AriettaItemInspector, file);
  gtk_widget_class_bind_template_child (widget_class, AriettaItemInspector, split);
  gtk_widget_class_bind_template_child (widget_class, AriettaItemInspector, sound_note);
  gtk_widget_class_bind_template_callback (widget_class, style_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, licence_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, may_train_changed_cb);
}

static void
arietta_item_inspector_init (AriettaItemInspector *self)
{
  GtkWidget *button = gtk_menu_button_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (button), make_licence_menu_cb, NULL, NULL);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "pan-down-symbolic");
  gtk_widget_set_tooltip_text (button, _("Common Licences"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Common Licences"), -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (self->licence), button);
  arietta_a11y_name_row_images (GTK_WIDGET (self));
  arietta_quick_layout_ease (GTK_WIDGET (self));
}

/* The text all items share, or "" when they differ. */
static const char *
common_text (GPtrArray *items,
             gsize      offset)
{
  const char *first = G_STRUCT_MEMBER (char *, g_ptr_array_index (items, 0), offset);

  for (guint i = 1; i < items->len; i++)
    if (g_strcmp0 (G_STRUCT_MEMBER (char *, g_ptr_array_index (items, i), offset), first) != 0)
      return "";

  return first;
}

static const char *
split_sentence (AriettaSplit split)
{
  switch (split)
    {
    case ARIETTA_SPLIT_TRAIN:
      return _("Models learn from it");
    case ARIETTA_SPLIT_VALIDATION:
      return _("Kept back to watch training");
    case ARIETTA_SPLIT_TEST:
    default:
      return _("Kept back to test models");
    }
}

void
arietta_item_inspector_show (AriettaItemInspector *self,
                             GPtrArray            *items)
{
  const AriettaItem *first;
  const char        *licence;
  gboolean           all_may_train = TRUE, any_sound = FALSE;
  g_autofree char   *heading = NULL;
  g_autoptr(GString) shown = g_string_new (NULL);

  g_return_if_fail (ARIETTA_IS_ITEM_INSPECTOR (self));
  g_return_if_fail (items->len > 0);

  first = g_ptr_array_index (items, 0);
  for (guint i = 0; i < items->len; i++)
    {
      const AriettaItem *item = g_ptr_array_index (items, i);

      all_may_train &= item->may_train;
      any_sound |= item->medium == ARIETTA_MEDIUM_SOUND;
      g_string_append_printf (shown, "%" G_GINT64_FORMAT " %d\n", item->id, item->split);
    }
  g_string_append_printf (shown, "%s\n%s\n%d", common_text (items, G_STRUCT_OFFSET (AriettaItem, style)),
                          common_text (items, G_STRUCT_OFFSET (AriettaItem, licence)), all_may_train);
  if (g_strcmp0 (self->shown, shown->str) == 0)
    return;

  g_free (self->shown);
  self->shown = g_string_free (g_steal_pointer (&shown), FALSE);

  self->filling = TRUE;
  heading = items->len == 1 ? g_strdup (first->title)
                            : g_strdup_printf (ngettext ("%u item", "%u items", items->len), items->len);
  gtk_label_set_label (GTK_LABEL (self->heading), heading);
  gtk_editable_set_text (GTK_EDITABLE (self->style), common_text (items, G_STRUCT_OFFSET (AriettaItem, style)));
  licence = common_text (items, G_STRUCT_OFFSET (AriettaItem, licence));
  gtk_editable_set_text (GTK_EDITABLE (self->licence), g_str_equal (licence, NOT_STATED) ? "" : licence);
  gtk_switch_set_active (GTK_SWITCH (self->may_train), all_may_train);
  gtk_widget_set_visible (self->facts, items->len == 1);
  if (items->len == 1)
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self->file), first->file_name);
      gtk_widget_set_tooltip_text (self->file, first->source_path);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self->split), split_sentence (first->split));
    }
  gtk_widget_set_visible (self->sound_note, any_sound);
  self->filling = FALSE;
}

void
arietta_item_inspector_set_low (AriettaItemInspector *self,
                                gboolean              low)
{
  g_return_if_fail (ARIETTA_IS_ITEM_INSPECTOR (self));

  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (self->scroller), low ? LOW_HEIGHT : -1);
}
