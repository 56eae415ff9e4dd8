#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-shortcuts.h"

#include <glib/gi18n.h>

#include "views/arietta-steps.h"

/* Below this parent's width the groups stand under one another. */
#define TWO_COLUMNS_WIDTH 640
/* Made and laid out in a frame. */
#define ROWS_AT_ONCE 8

struct _AriettaShortcuts
{
  AdwWindow  parent_instance;

  GtkBox    *columns[2];   /* the same one twice where there is room for one only */
  GtkBox    *box;          /* of the group that is being filled */
  guint      group;
  guint      row;
};

G_DEFINE_FINAL_TYPE (AriettaShortcuts, arietta_shortcuts, ADW_TYPE_WINDOW)

/* What is heard is decided in app/arietta-application-actions.c and by the pages: change both. */
typedef struct
{
  const char *title;
  const char *accelerator;   /* as GtkShortcutLabel reads it */
} Shortcut;

static const Shortcut general[] = {
  { N_("New window"), "<Control>n" },
  { N_("Open files"), "<Control>o" },
  { N_("Show a page"), "<Alt>1...6" },
  { N_("Do the page’s main task"), "<Control>Return" },
  { N_("Preferences"), "<Control>comma" },
  { N_("Keyboard shortcuts"), "<Control>question" },
  { N_("Help"), "F1" },
  { N_("Main menu"), "F10" },
  { N_("Close the window"), "<Control>w" },
  { N_("Quit"), "<Control>q" },
};
static const Shortcut playing[] = {
  { N_("Play or stop"), "space" },
  { N_("Back to the beginning"), "<Control>Home" },
  { N_("Record from a MIDI keyboard"), "r" },
  { N_("Tap the tempo"), "<Shift>t" },
  { N_("Loop"), "<Control>l" },
  { N_("Metronome"), "<Control>m" },
};
static const Shortcut compose[] = {
  { N_("Write"), "<Control>Return" },
  { N_("Hear one of the first nine takes"), "1...9" },
  { N_("Rename the take"), "F2" },
  { N_("Delete the take"), "Delete" },
  { N_("Export"), "<Control>e" },
  { N_("Show or hide the panel"), "F9" },
  { N_("Show or hide the mixer"), "F8" },
};
static const Shortcut roll[] = {
  { N_("Undo"), "<Control>z" },
  { N_("Redo"), "<Control><Shift>z" },
  { N_("Draw notes"), "d" },
  { N_("Select all notes"), "<Control>a" },
  { N_("Move the selected notes"), "<Alt>Left <Alt>Right <Alt>Up <Alt>Down" },
  { N_("By an octave"), "<Alt><Shift>Up <Alt><Shift>Down" },
  { N_("Shorten or lengthen"), "<Alt><Shift>Left <Alt><Shift>Right" },
  { N_("Duplicate"), "<Control>d" },
  { N_("Quantise"), "q" },
  { N_("Split at the play head"), "s" },
  { N_("Join"), "j" },
  { N_("Delete the selected notes"), "Delete" },
  { N_("Insert a note at the play head"), "Insert" },
  { N_("Select all notes of the pitch"), "<Control><Shift>a" },
  { N_("Loop the selected notes"), "l" },
  { N_("Add a marker"), "m" },
  { N_("Previous and next marker"), "bracketleft bracketright" },
  { N_("Shade what lies outside of the scale"), "k" },
  { N_("Other tracks as ghosts"), "g" },
  { N_("Follow the play head"), "f" },
  { N_("Zoom in"), "<Control>plus" },
  { N_("Zoom out"), "<Control>minus" },
  { N_("Show the whole piece"), "<Control>0" },
  { N_("Zoom to the selected notes"), "z" },
  { N_("Higher or flatter rows"), "<Control>Up <Control>Down" },
};

static const Shortcut asking[] = {
  { N_("Fill in the selected bars"), "<Shift>f" },
  { N_("Vary"), "<Shift>v" },
  { N_("Simplify"), "<Shift>s" },
  { N_("Change the style"), "<Shift>y" },
  { N_("Continue"), "<Shift>c" },
  { N_("Harmonise"), "<Shift>h" },
  { N_("Add a melody"), "<Shift>m" },
  { N_("Add a bass"), "<Shift>b" },
  { N_("Add drums"), "<Shift>r" },
  { N_("Arrange"), "<Shift>a" },
  { N_("Compose ahead while playing"), "<Shift>p" },
  { N_("Hear a suggestion"), "1...9" },
  { N_("Take it"), "Return" },
  { N_("Put everything back"), "Escape" },
  { N_("Compare with the selected take; switch between the two"), "x" },
};

static const Shortcut lanes[] = {
  { N_("Velocity, chords, tempo"), "v c t" },
  { N_("Previous and next entry"), "Left Right" },
  { N_("Edit the entry"), "F2" },
  { N_("Add one at the play head"), "Insert" },
  { N_("Move the entry"), "<Alt>Left <Alt>Right" },
  { N_("Change tempo or velocity"), "Up Down" },
  { N_("By ten"), "<Shift>Up <Shift>Down" },
  { N_("Delete the entry"), "Delete" },
};

static const struct
{
  const char     *title;
  const Shortcut *rows;
  guint           n_rows;
  guint           column;
} groups[] = {
  { N_("General"), general, G_N_ELEMENTS (general), 0 },
  { N_("Playing"), playing, G_N_ELEMENTS (playing), 1 },
  { N_("Compose"), compose, G_N_ELEMENTS (compose), 1 },
  { N_("Ask the Model"), asking, G_N_ELEMENTS (asking), 1 },
  { N_("Piano Roll"), roll, G_N_ELEMENTS (roll), 0 },
  { N_("Lanes"), lanes, G_N_ELEMENTS (lanes), 1 },
};

static GtkWidget *
make_row (const Shortcut *shortcut)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (_(shortcut->title));

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), gtk_shortcut_label_new (shortcut->accelerator));
  return row;
}

static void
begin_group (AriettaShortcuts *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *title = gtk_label_new (_(groups[self->group].title));

  gtk_label_set_xalign (GTK_LABEL (title), 0.0f);
  gtk_widget_add_css_class (title, "heading");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (self->columns[groups[self->group].column], box);
  self->box = GTK_BOX (box);
}

static gboolean
add_rows (gpointer owner,
          guint    n)
{
  AriettaShortcuts *self = owner;

  for (guint i = 0; i < ROWS_AT_ONCE && self->group < G_N_ELEMENTS (groups); i++)
    {
      if (self->row == 0)
        begin_group (self);
      gtk_box_append (self->box, make_row (&groups[self->group].rows[self->row++]));
      if (self->row == groups[self->group].n_rows)
        {
          self->row = 0;
          self->group++;
        }
    }

  return self->group < G_N_ELEMENTS (groups) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static GtkWidget *
make_content (AriettaShortcuts *self,
              gboolean          two_columns)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 48);

  gtk_widget_add_css_class (header, "flat");
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 24);
  gtk_widget_set_margin_start (box, 24);
  gtk_widget_set_margin_end (box, 24);
  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  for (guint i = 0; i < (two_columns ? 2 : 1); i++)
    {
      self->columns[i] = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 24));
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->columns[i]));
    }
  if (!two_columns)
    self->columns[1] = self->columns[0];

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (content), header);
  gtk_box_append (GTK_BOX (content), scrolled);
  return content;
}

static gboolean
arietta_shortcuts_close_request (GtkWindow *window)
{
  ARIETTA_SHORTCUTS (window)->group = G_N_ELEMENTS (groups);
  arietta_steps_take_down (window, NULL, NULL);
  return GDK_EVENT_STOP;
}

static void
arietta_shortcuts_class_init (AriettaShortcutsClass *klass)
{
  GTK_WINDOW_CLASS (klass)->close_request = arietta_shortcuts_close_request;

  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close",
                                       NULL);
}

static void
arietta_shortcuts_init (AriettaShortcuts *self)
{
}

void
arietta_shortcuts_present (GtkWindow *parent)
{
  AriettaShortcuts *self = g_object_new (ARIETTA_TYPE_SHORTCUTS,
                                         "transient-for", parent,
                                         "modal", TRUE,
                                         "title", _("Keyboard Shortcuts"),
                                         NULL);
  gboolean two_columns = parent == NULL ||
                         gtk_widget_get_width (GTK_WIDGET (parent)) >= TWO_COLUMNS_WIDTH;

  gtk_window_set_default_size (GTK_WINDOW (self), two_columns ? 760 : 340, 640);
  adw_window_set_content (ADW_WINDOW (self), make_content (self, two_columns));
  arietta_steps_present (GTK_WINDOW (self));
  arietta_steps_run (self, add_rows);
}
