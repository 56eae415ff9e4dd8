#define G_LOG_DOMAIN "arietta-widgets"

#include "config.h"

#include "widgets/arietta-bar-choice.h"

#include <glib/gi18n.h>
#include <string.h>

#define COLUMNS   4                  /* phrases are of four bars */
#define ROWS      8                  /* in view, when there are as many */
#define CELL_ROWS (ROWS + 1)         /* that are in view in part */
#define N_CELLS   (CELL_ROWS * COLUMNS)
#define SPACING   6

struct _AriettaBarChoice
{
  GtkWidget      parent_instance;

  GtkAdjustment *adjustments[2];     /* by GtkOrientation; owned */
  GtkScrollablePolicy policies[2];   /* by GtkOrientation; asked for by others only */

  GArray        *taken;              /* guint8 */
  guint          first_bar;
  guint          cursor;             /* the one that has the focus, or would have it */
  guint          anchor;             /* the one chosen last */

  /* All but the first, which says how large they are, are made when they are first in view.  Row r of the
   * list stands in row r % CELL_ROWS of the cells. */
  GtkWidget     *cells[N_CELLS];
  guint          bars[N_CELLS];      /* G_MAXUINT: none yet */
  gboolean       filling;            /* buttons are being set, not clicked */
  int            cell_width, cell_height;
};

enum
{
  PROP_0,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (AriettaBarChoice, arietta_bar_choice, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static guint
count_rows (AriettaBarChoice *self)
{
  return (self->taken->len + COLUMNS - 1) / COLUMNS;
}

static int
get_height (AriettaBarChoice *self,
            guint             n_rows)
{
  return n_rows > 0 ? (int) n_rows * (self->cell_height + SPACING) - SPACING : 0;
}

/* The list's first row in view. */
static guint
get_first_row (AriettaBarChoice *self)
{
  GtkAdjustment *adjustment = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double value = adjustment != NULL ? gtk_adjustment_get_value (adjustment) : 0.0;

  return self->cell_height > 0 ? (guint) (MAX (0.0, value) / (self->cell_height + SPACING)) : 0;
}

/* Where @bar stands, when it is in view. */
static guint
find_cell (AriettaBarChoice *self,
           guint             bar)
{
  return bar / COLUMNS % CELL_ROWS * COLUMNS + bar % COLUMNS;
}

/* --- what the buttons say --- */

static void
show_bar (AriettaBarChoice *self,
          guint             cell,
          guint             bar)
{
  GtkToggleButton *button = GTK_TOGGLE_BUTTON (self->cells[cell]);

  if (self->bars[cell] != bar && bar < self->taken->len)
    {
      g_autofree char *text = g_strdup_printf ("%u", self->first_bar + bar + 1);
      g_autofree char *name = g_strdup_printf (_("Bar %u"), self->first_bar + bar + 1);

      gtk_button_set_label (GTK_BUTTON (button), text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      self->bars[cell] = bar;
      if (gtk_widget_has_focus (GTK_WIDGET (button)))
        self->cursor = bar;
    }
  gtk_widget_set_child_visible (GTK_WIDGET (button), bar < self->taken->len);
  if (bar < self->taken->len)
    gtk_toggle_button_set_active (button, g_array_index (self->taken, guint8, bar));
}

static void
update_cells (AriettaBarChoice *self)
{
  guint first = get_first_row (self);

  if (self->cells[N_CELLS - 1] == NULL)
    return;

  self->filling = TRUE;
  for (guint r = first; r < first + CELL_ROWS; r++)
    for (guint c = 0; c < COLUMNS; c++)
      show_bar (self, r % CELL_ROWS * COLUMNS + c, r * COLUMNS + c);
  self->filling = FALSE;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
changed (AriettaBarChoice *self)
{
  update_cells (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* From @from to @to, whichever is first. */
static void
take_range (AriettaBarChoice *self,
            guint             from,
            guint             to,
            gboolean          taken)
{
  guint low = MIN (from, to), high = MAX (from, to);

  memset (&g_array_index (self->taken, guint8, low), taken, high - low + 1);
  changed (self);
}

/* --- by the pointer --- */

static void
toggled_cb (AriettaBarChoice *self,
            GtkToggleButton  *button)
{
  guint cell = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "cell")), bar = self->bars[cell];

  if (self->filling || bar >= self->taken->len)
    return;

  self->cursor = self->anchor = bar;
  g_array_index (self->taken, guint8, bar) = gtk_toggle_button_get_active (button);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
pressed_cb (AriettaBarChoice *self,
            int               n_press,
            double            x,
            double            y,
            GtkGesture       *gesture)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  GtkWidget *at = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  at = at != NULL ? gtk_widget_get_ancestor (at, GTK_TYPE_TOGGLE_BUTTON) : NULL;
  if ((state & GDK_SHIFT_MASK) == 0 || at == NULL)
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  self->cursor = self->bars[GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (at), "cell"))];
  gtk_widget_grab_focus (at);
  take_range (self, self->anchor, self->cursor, g_array_index (self->taken, guint8, self->anchor));
}

/* --- by keys --- */

/* Into view, and the keyboard with it. */
static void
go_to (AriettaBarChoice *self,
       guint             bar)
{
  GtkAdjustment *adjustment = self->adjustments[GTK_ORIENTATION_VERTICAL];
  int top = (int) (bar / COLUMNS) * (self->cell_height + SPACING);

  self->cursor = bar;
  if (adjustment != NULL)
    gtk_adjustment_clamp_page (adjustment, top, top + self->cell_height);
  if (self->cells[N_CELLS - 1] != NULL)
    gtk_widget_grab_focus (self->cells[find_cell (self, bar)]);
}

static gboolean
move_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  AriettaBarChoice *self = ARIETTA_BAR_CHOICE (widget);
  int by, to;
  gboolean extend;

  g_variant_get (args, "(ib)", &by, &extend);
  if (self->taken->len == 0)
    return FALSE;

  if (ABS (by) == 1 && gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    by = -by;
  /* The ends are further away than any bar. */
  to = (int) CLAMP ((gint64) self->cursor + by, 0, (gint64) self->taken->len - 1);
  /* A whole row or page stays in its column. */
  if (ABS (by) != G_MAXINT && by % COLUMNS == 0)
    while (to % COLUMNS != (int) self->cursor % COLUMNS)
      to += by > 0 ? -1 : 1;
  if (extend)
    {
      gboolean taken = g_array_index (self->taken, guint8, self->cursor);

      take_range (self, self->cursor, (guint) to, taken);
      self->anchor = (guint) to;
    }
  go_to (self, (guint) to);
  return TRUE;
}

static gboolean
range_cb (GtkWidget *widget,
          GVariant  *args,
          gpointer   user_data)
{
  AriettaBarChoice *self = ARIETTA_BAR_CHOICE (widget);

  if (self->taken->len == 0)
    return FALSE;

  take_range (self, self->anchor, self->cursor, g_array_index (self->taken, guint8, self->anchor));
  return TRUE;
}

static gboolean
all_cb (GtkWidget *widget,
        GVariant  *args,
        gpointer   user_data)
{
  arietta_bar_choice_take (ARIETTA_BAR_CHOICE (widget), 0, G_MAXUINT, g_variant_get_boolean (args));
  return TRUE;
}

/* One stop on the way of Tab; the arrows go on from there. */
static gboolean
arietta_bar_choice_focus (GtkWidget        *widget,
                          GtkDirectionType  direction)
{
  AriettaBarChoice *self = ARIETTA_BAR_CHOICE (widget);

  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (self->taken->len == 0 || (focus != NULL && gtk_widget_is_ancestor (focus, widget)))
    return FALSE;

  go_to (self, self->cursor);
  return TRUE;
}

static void
arietta_bar_choice_set_focus_child (GtkWidget *widget,
                                    GtkWidget *child)
{
  AriettaBarChoice *self = ARIETTA_BAR_CHOICE (widget);

  if (child != NULL)
    self->cursor = self->bars[GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (child), "cell"))];

  GTK_WIDGET_CLASS (arietta_bar_choice_parent_class)->set_focus_child (widget, child);
}

/* --- its place --- */

/* As wide as the widest number, so that nothing moves while it scrolls. */
static void
set_digits (AriettaBarChoice *self,
            guint             cell)
{
  g_autofree char *widest = g_strdup_printf ("%u", MAX (100, self->first_bar + self->taken->len));

  gtk_label_set_width_chars (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (self->cells[cell]))), (int) strlen (widest));
}

static void
make_cell (AriettaBarChoice *self,
           guint             cell)
{
  self->bars[cell] = G_MAXUINT;
  self->cells[cell] = gtk_toggle_button_new_with_label ("");
  set_digits (self, cell);
  gtk_widget_add_css_class (self->cells[cell], "numeric");
  gtk_widget_set_child_visible (self->cells[cell], FALSE);
  g_object_set_data (G_OBJECT (self->cells[cell]), "cell", GUINT_TO_POINTER (cell));
  g_signal_connect_swapped (self->cells[cell], "toggled", G_CALLBACK (toggled_cb), self);
  gtk_widget_set_parent (self->cells[cell], GTK_WIDGET (self));
}

static void
arietta_bar_choice_map (GtkWidget *widget)
{
  AriettaBarChoice *self = ARIETTA_BAR_CHOICE (widget);

  for (guint i = 0; i < N_CELLS; i++)
    if (self->cells[i] == NULL)
      make_cell (self, i);
  update_cells (self);

  GTK_WIDGET_CLASS (arietta_bar_choice_parent_class)->map (widget);
}

static void
arietta_bar_choice_measure (GtkWidget      *widget,
                            GtkOrientation  orientation,
                            int             for_size,
                            int            *minimum,
                            int            *natural,
                            int            *minimum_baseline,
                            int            *natural_baseline)
{
  AriettaBarChoice *self = ARIETTA_BAR_CHOICE (widget);

  gtk_widget_measure (self->cells[0], GTK_ORIENTATION_HORIZONTAL, -1, NULL, &self->cell_width, NULL, NULL);
  gtk_widget_measure (self->cells[0], GTK_ORIENTATION_VERTICAL, -1, NULL, &self->cell_height, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = COLUMNS * (self->cell_width + SPACING) - SPACING;
  else
    {
      *minimum = get_height (self, MIN (1, count_rows (self)));
      *natural = get_height (self, MIN (ROWS, count_rows (self)));
    }
}

static void
arietta_bar_choice_size_allocate (GtkWidget *widget,
                                  int        width,
                                  int        height,
                                  int        baseline)
{
  AriettaBarChoice *self = ARIETTA_BAR_CHOICE (widget);
  GtkAdjustment *across = self->adjustments[GTK_ORIENTATION_HORIZONTAL];
  GtkAdjustment *down = self->adjustments[GTK_ORIENTATION_VERTICAL];
  const gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  const int step = self->cell_height + SPACING, column = (width + SPACING) / COLUMNS;
  guint first;
  int top;

  if (across != NULL)
    gtk_adjustment_configure (across, 0.0, 0.0, width, width, width, width);
  if (down != NULL)
    gtk_adjustment_configure (down, gtk_adjustment_get_value (down), 0.0,
                              MAX (height, get_height (self, count_rows (self))), step, height - step, height);
  if (self->cells[N_CELLS - 1] == NULL)
    return;

  first = get_first_row (self);
  top = (int) first * step - (down != NULL ? (int) gtk_adjustment_get_value (down) : 0);
  for (guint r = 0; r < CELL_ROWS; r++)
    for (guint c = 0; c < COLUMNS; c++)
      {
        GtkWidget *cell = self->cells[(first + r) % CELL_ROWS * COLUMNS + c];
        guint place = mirrored ? COLUMNS - 1 - c : c;

        if (gtk_widget_get_child_visible (cell))
          gtk_widget_size_allocate (cell, &(GtkAllocation) { (int) place * column, top + (int) r * step, column - SPACING,
                                                             self->cell_height }, -1);
      }
}

static void
set_adjustment (AriettaBarChoice *self,
                GtkOrientation    orientation,
                GtkAdjustment    *adjustment)
{
  GtkAdjustment **place = &self->adjustments[orientation];

  if (*place == adjustment)
    return;
  if (*place != NULL)
    g_signal_handlers_disconnect_by_func (*place, update_cells, self);
  g_set_object (place, adjustment);
  if (adjustment != NULL)
    g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (update_cells), self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
arietta_bar_choice_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  AriettaBarChoice *self = ARIETTA_BAR_CHOICE (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[id == PROP_VADJUSTMENT]);
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->policies[id == PROP_VSCROLL_POLICY]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_bar_choice_set_property (GObject      *object,
                                 guint         id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  AriettaBarChoice *self = ARIETTA_BAR_CHOICE (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      set_adjustment (self, id == PROP_VADJUSTMENT ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL,
                      g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      self->policies[id == PROP_VSCROLL_POLICY] = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_bar_choice_dispose (GObject *object)
{
  AriettaBarChoice *self = ARIETTA_BAR_CHOICE (object);

  for (guint i = 0; i < N_CELLS; i++)
    g_clear_pointer (&self->cells[i], gtk_widget_unparent);
  for (guint i = 0; i < G_N_ELEMENTS (self->adjustments); i++)
    {
      if (self->adjustments[i] != NULL)
        g_signal_handlers_disconnect_by_func (self->adjustments[i], update_cells, self);
      g_clear_object (&self->adjustments[i]);
    }

  G_OBJECT_CLASS (arietta_bar_choice_parent_class)->dispose (object);
}

static void
arietta_bar_choice_finalize (GObject *object)
{
  g_array_unref (ARIETTA_BAR_CHOICE (object)->taken);

  G_OBJECT_CLASS (arietta_bar_choice_parent_class)->finalize (object);
}

static void
add_move (GtkWidgetClass *klass,
          guint           keyval,
          int             by)
{
  gtk_widget_class_add_binding (klass, keyval, 0, move_cb, "(ib)", by, FALSE);
  gtk_widget_class_add_binding (klass, keyval, GDK_SHIFT_MASK, move_cb, "(ib)", by, TRUE);
}

static void
arietta_bar_choice_class_init (AriettaBarChoiceClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const struct { guint keyval, keypad; int by; } moves[] = {
    { GDK_KEY_Left, GDK_KEY_KP_Left, -1 },
    { GDK_KEY_Right, GDK_KEY_KP_Right, 1 },
    { GDK_KEY_Up, GDK_KEY_KP_Up, -COLUMNS },
    { GDK_KEY_Down, GDK_KEY_KP_Down, COLUMNS },
    { GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, -ROWS * COLUMNS },
    { GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, ROWS * COLUMNS },
    { GDK_KEY_Home, GDK_KEY_KP_Home, -G_MAXINT },
    { GDK_KEY_End, GDK_KEY_KP_End, G_MAXINT },
  };

  object_class->get_property = arietta_bar_choice_get_property;
  object_class->set_property = arietta_bar_choice_set_property;
  object_class->dispose = arietta_bar_choice_dispose;
  object_class->finalize = arietta_bar_choice_finalize;
  widget_class->map = arietta_bar_choice_map;
  widget_class->measure = arietta_bar_choice_measure;
  widget_class->size_allocate = arietta_bar_choice_size_allocate;
  widget_class->focus = arietta_bar_choice_focus;
  widget_class->set_focus_child = arietta_bar_choice_set_focus_child;

  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");

  signals[CHANGED] = g_signal_new ("changed", ARIETTA_TYPE_BAR_CHOICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      add_move (widget_class, moves[i].keyval, moves[i].by);
      add_move (widget_class, moves[i].keypad, moves[i].by);
    }
  gtk_widget_class_add_binding (widget_class, GDK_KEY_space, GDK_SHIFT_MASK, range_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, all_cb, "b", TRUE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_a, GDK_CONTROL_MASK | GDK_SHIFT_MASK, all_cb, "b", FALSE);

  gtk_widget_class_set_css_name (widget_class, "barchoice");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
arietta_bar_choice_init (AriettaBarChoice *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->taken = g_array_new (FALSE, FALSE, sizeof (guint8));
  make_cell (self, 0);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

GtkWidget *
arietta_bar_choice_new (void)
{
  return g_object_new (ARIETTA_TYPE_BAR_CHOICE, NULL);
}

void
arietta_bar_choice_set_bars (AriettaBarChoice *self,
                             guint             first_bar,
                             guint             n)
{
  GtkAdjustment *down;

  g_return_if_fail (ARIETTA_IS_BAR_CHOICE (self));

  down = self->adjustments[GTK_ORIENTATION_VERTICAL];
  self->first_bar = first_bar;
  g_array_set_size (self->taken, n);
  if (n > 0)
    memset (self->taken->data, 1, n);
  self->cursor = self->anchor = 0;
  for (guint i = 0; i < N_CELLS && self->cells[i] != NULL; i++)
    {
      self->bars[i] = G_MAXUINT;
      set_digits (self, i);
    }
  if (down != NULL)
    gtk_adjustment_set_value (down, 0.0);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    update_cells (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

const guint8 *
arietta_bar_choice_get_taken (AriettaBarChoice *self,
                              guint            *n)
{
  g_return_val_if_fail (ARIETTA_IS_BAR_CHOICE (self), NULL);

  if (n != NULL)
    *n = self->taken->len;
  return self->taken->len > 0 ? (const guint8 *) self->taken->data : NULL;
}

guint
arietta_bar_choice_count (AriettaBarChoice *self)
{
  guint n = 0;

  g_return_val_if_fail (ARIETTA_IS_BAR_CHOICE (self), 0);

  for (guint b = 0; b < self->taken->len; b++)
    n += g_array_index (self->taken, guint8, b);

  return n;
}

void
arietta_bar_choice_take (AriettaBarChoice *self,
                         guint             nth,
                         guint             n,
                         gboolean          taken)
{
  g_return_if_fail (ARIETTA_IS_BAR_CHOICE (self));

  if (nth >= self->taken->len || n == 0)
    return;

  take_range (self, nth, nth + MIN (n, self->taken->len - nth) - 1, taken != FALSE);
}
