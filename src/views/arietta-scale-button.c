#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-scale-button.h"

#include <glib/gi18n.h>

#include "music/arietta-mode.h"
#include "views/arietta-a11y.h"
#include "views/arietta-focus.h"

struct _AriettaScaleButton
{
  GtkWidget      parent_instance;

  int            tonic;
  int            mode;
  gboolean       chosen;     /* by a person, not found */
  gboolean       filling;    /* the lists are set by us */
  GtkDropDown   *tonic_list; /* in @lists, with the next; NULL before it is opened first */
  GtkDropDown   *mode_list;

  /* template children */
  GtkWidget     *button;
  GtkBox        *lists;
};

G_DEFINE_FINAL_TYPE (AriettaScaleButton, arietta_scale_button, GTK_TYPE_WIDGET)

static guint chosen_signal;

/* Names of tonics as most scores have them. */
static const char * const TONICS[12] = { "C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B" };

char *
arietta_scale_dup_name (int tonic,
                        int mode)
{
  /* Translators: a scale, such as “G Major”. */
  return tonic >= 0 ? g_strdup_printf (_("%s %s"), TONICS[tonic], arietta_mode_get_name (mode)) : g_strdup (_("No Key"));
}

static void
selected_cb (AriettaScaleButton *self)
{
  guint tonic = gtk_drop_down_get_selected (self->tonic_list), mode = gtk_drop_down_get_selected (self->mode_list);

  if (self->filling || tonic == GTK_INVALID_LIST_POSITION || mode == GTK_INVALID_LIST_POSITION)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self->mode_list), tonic > 0);
  g_signal_emit (self, chosen_signal, 0, (int) tonic - 1, tonic > 0 ? (int) mode : 0);
}

static void
fill_lists (AriettaScaleButton *self)
{
  self->filling = TRUE;
  gtk_drop_down_set_selected (self->tonic_list, self->chosen ? (guint) self->tonic + 1 : 0);
  gtk_drop_down_set_selected (self->mode_list, (guint) self->mode);
  gtk_widget_set_sensitive (GTK_WIDGET (self->mode_list), self->chosen);
  self->filling = FALSE;
}

static GtkDropDown *
add_list (AriettaScaleButton *self,
          GtkStringList      *names,
          const char         *label)
{
  GtkWidget *list = gtk_drop_down_new (G_LIST_MODEL (names), NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  arietta_a11y_name_drop_down (list, label);
  gtk_box_append (self->lists, list);
  return GTK_DROP_DOWN (list);
}

/* Called each time it is to open.  The two lists are a popover each: a tenth of what it takes to make a Compose page. */
static void
make_lists_cb (GtkMenuButton *button,
               gpointer       user_data)
{
  AriettaScaleButton *self = user_data;
  GtkStringList *tonics, *modes;

  if (self->tonic_list != NULL)
    return;
  tonics = gtk_string_list_new (NULL);
  modes = gtk_string_list_new (NULL);
  gtk_string_list_append (tonics, _("As Found"));
  for (guint i = 0; i < G_N_ELEMENTS (TONICS); i++)
    gtk_string_list_append (tonics, TONICS[i]);
  for (int i = 0; i < ARIETTA_N_MODES; i++)
    gtk_string_list_append (modes, arietta_mode_get_name (i));
  self->tonic_list = add_list (self, tonics, _("Tonic"));
  self->mode_list = add_list (self, modes, _("Scale"));
  fill_lists (self);
  g_signal_connect_swapped (self->tonic_list, "notify::selected", G_CALLBACK (selected_cb), self);
  g_signal_connect_swapped (self->mode_list, "notify::selected", G_CALLBACK (selected_cb), self);
}

static void
arietta_scale_button_dispose (GObject *object)
{
  g_clear_pointer (&ARIETTA_SCALE_BUTTON (object)->button, gtk_widget_unparent);

  G_OBJECT_CLASS (arietta_scale_button_parent_class)->dispose (object);
}

static void
arietta_scale_button_class_init (AriettaScaleButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_scale_button_dispose;

  chosen_signal = g_signal_new ("chosen", ARIETTA_TYPE_SCALE_BUTTON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                2, G_TYPE_INT, G_TYPE_INT);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-scale-button.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaScaleButton, button);
  gtk_widget_class_bind_template_child (widget_class, AriettaScaleButton, lists);
}

static void
arietta_scale_button_init (AriettaScaleButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  arietta_focus_leave (self->button);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->button), make_lists_cb, self, NULL);
  arietta_scale_button_set_scale (self, -1, 0, FALSE);
}

void
arietta_scale_button_set_scale (AriettaScaleButton *self,
                                int                 tonic,
                                int                 mode,
                                gboolean            chosen)
{
  g_autofree char *name = NULL;

  g_return_if_fail (ARIETTA_IS_SCALE_BUTTON (self));

  self->tonic = tonic;
  self->mode = mode;
  self->chosen = chosen;
  name = arietta_scale_dup_name (tonic, mode);
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->button), name);

  if (self->tonic_list != NULL)
    fill_lists (self);
}
