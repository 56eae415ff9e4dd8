#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-instrument-list.h"

#include <string.h>

#include "music/arietta-general-midi.h"

struct _AriettaInstrumentList
{
  GtkWidget    parent_instance;

  gboolean     listed;

  /* template children */
  GtkWidget   *box;
  GtkEditable *search;
  GtkListBox  *instruments;
};

G_DEFINE_FINAL_TYPE (AriettaInstrumentList, arietta_instrument_list, GTK_TYPE_WIDGET)

static guint chosen_signal;

static gboolean
instrument_matches (GtkListBoxRow *row,
                    gpointer       user_data)
{
  AriettaInstrumentList *self = user_data;
  int program = gtk_list_box_row_get_index (row);
  g_autofree char *wanted = g_utf8_casefold (gtk_editable_get_text (self->search), -1);
  g_autofree char *name = g_utf8_casefold (arietta_general_midi_get_program (program), -1);
  g_autofree char *family = g_utf8_casefold (arietta_general_midi_get_family (program / 8), -1);

  return strstr (name, wanted) != NULL || strstr (family, wanted) != NULL;
}

/* The families' names stand above their instruments, unless a search mixed them up. */
static void
instrument_header (GtkListBoxRow *row,
                   GtkListBoxRow *before,
                   gpointer       user_data)
{
  int family = gtk_list_box_row_get_index (row) / 8;
  GtkWidget *label;

  if (before != NULL && gtk_list_box_row_get_index (before) / 8 == family)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  if (gtk_list_box_row_get_header (row) != NULL)
    return;
  label = gtk_label_new (arietta_general_midi_get_family (family));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "family-header");
  gtk_list_box_row_set_header (row, label);
}

/* Made when first looked at: a list of many is rarely asked. */
static void
fill (AriettaInstrumentList *self)
{
  if (self->listed)
    return;
  self->listed = TRUE;
  for (int program = 0; program < ARIETTA_N_PROGRAMS; program++)
    {
      GtkWidget *label = gtk_label_new (arietta_general_midi_get_program (program));

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_list_box_append (self->instruments, label);
    }
  gtk_list_box_set_filter_func (self->instruments, instrument_matches, self, NULL);
  gtk_list_box_set_header_func (self->instruments, instrument_header, self, NULL);
}

static void
search_changed_cb (AriettaInstrumentList *self)
{
  gtk_list_box_invalidate_filter (self->instruments);
}

/* Return takes the first of those found. */
static void
search_activate_cb (AriettaInstrumentList *self)
{
  GtkListBoxRow *row;

  /* What was typed last may not have been looked for yet. */
  gtk_list_box_invalidate_filter (self->instruments);
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->instruments, i)) != NULL; i++)
    if (instrument_matches (row, self))
      {
        gtk_list_box_select_row (self->instruments, row);
        g_signal_emit (self, chosen_signal, 0, i);
        return;
      }
}

/* The entry keeps Escape for itself, which then would not close what this stands in. */
static void
stop_search_cb (AriettaInstrumentList *self)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
activated_cb (AriettaInstrumentList *self,
              GtkListBoxRow         *row)
{
  g_signal_emit (self, chosen_signal, 0, gtk_list_box_row_get_index (row));
}

static void
arietta_instrument_list_map (GtkWidget *widget)
{
  fill (ARIETTA_INSTRUMENT_LIST (widget));
  GTK_WIDGET_CLASS (arietta_instrument_list_parent_class)->map (widget);
}

static void
arietta_instrument_list_dispose (GObject *object)
{
  g_clear_pointer (&ARIETTA_INSTRUMENT_LIST (object)->box, gtk_widget_unparent);

  G_OBJECT_CLASS (arietta_instrument_list_parent_class)->dispose (object);
}

static void
arietta_instrument_list_class_init (AriettaInstrumentListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_instrument_list_dispose;
  widget_class->map = arietta_instrument_list_map;

  chosen_signal = g_signal_new ("chosen", ARIETTA_TYPE_INSTRUMENT_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/arietta/Arietta/arietta-instrument-list.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaInstrumentList, box);
  gtk_widget_class_bind_template_child (widget_class, AriettaInstrumentList, search);
  gtk_widget_class_bind_template_child (widget_class, AriettaInstrumentList, instruments);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
arietta_instrument_list_init (AriettaInstrumentList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
arietta_instrument_list_select (AriettaInstrumentList *self,
                                int                    program)
{
  g_return_if_fail (ARIETTA_IS_INSTRUMENT_LIST (self));

  fill (self);
  gtk_editable_set_text (self->search, "");
  gtk_list_box_select_row (self->instruments, program >= 0 ? gtk_list_box_get_row_at_index (self->instruments, program)
                                                           : NULL);
}
