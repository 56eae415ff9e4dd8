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
  gboolean       filling;    /* the lists are set by us */

  /* template children */
  GtkWidget     *button;
  GtkDropDown   *tonic_list;
  GtkDropDown   *mode_list;
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
  gtk_widget_class_bind_template_child (widget_class, AriettaScaleButton, tonic_list);
  gtk_widget_class_bind_template_child (widget_class, AriettaScaleButton, mode_list);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
arietta_scale_button_init (AriettaScaleButton *self)
{
  g_autoptr(GtkStringList) tonics = gtk_string_list_new (NULL);
  g_autoptr(GtkStringList) modes = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  arietta_focus_leave (self->button);
  self->tonic = -1;
  self->filling = TRUE;
  gtk_string_list_append (tonics, _("As Found"));
  for (guint i = 0; i < G_N_ELEMENTS (TONICS); i++)
    gtk_string_list_append (tonics, TONICS[i]);
  for (int i = 0; i < ARIETTA_N_MODES; i++)
    gtk_string_list_append (modes, arietta_mode_get_name (i));
  gtk_drop_down_set_model (self->tonic_list, G_LIST_MODEL (tonics));
  gtk_drop_down_set_model (self->mode_list, G_LIST_MODEL (modes));
  self->filling = FALSE;
  arietta_a11y_name_drop_down (GTK_WIDGET (self->tonic_list), _("Tonic"));
  arietta_a11y_name_drop_down (GTK_WIDGET (self->mode_list), _("Scale"));
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
  name = arietta_scale_dup_name (tonic, mode);
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->button), name);

  self->filling = TRUE;
  gtk_drop_down_set_selected (self->tonic_list, chosen ? (guint) tonic + 1 : 0);
  gtk_drop_down_set_selected (self->mode_list, (guint) mode);
  gtk_widget_set_sensitive (GTK_WIDGET (self->mode_list), chosen);
  self->filling = FALSE;
}
