/* A list of bars: what is taken, by hand and by keys, and how few buttons it needs for thousands of them. */
#include "widget-test.h"

#include "widgets/arietta-bar-choice.h"

typedef struct
{
  AriettaBarChoice *choice;
  GtkWidget        *window;
  guint             n_changed;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  n_bars)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->choice = ARIETTA_BAR_CHOICE (arietta_bar_choice_new ());
  g_signal_connect_data (self->choice, "changed", G_CALLBACK (g_atomic_int_inc), &self->n_changed, NULL,
                         G_CONNECT_SWAPPED);
  arietta_bar_choice_set_bars (self->choice, 4, GPOINTER_TO_UINT (n_bars));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->choice));
  self->window = widget_test_show (scrolled, 300, 200);
}

static void
tear_down (Fixture       *self,
           gconstpointer  n_bars)
{
  widget_test_close (self->window, self->choice);
}

/* "##.#": the third from @from on is left. */
static void
assert_taken (Fixture    *self,
              guint       from,
              const char *expected)
{
  guint n;
  const guint8 *taken = arietta_bar_choice_get_taken (self->choice, &n);
  g_autoptr(GString) found = g_string_new (NULL);

  for (guint i = from; i < from + strlen (expected) && i < n; i++)
    g_string_append_c (found, taken[i] ? '#' : '.');
  g_assert_cmpstr (found->str, ==, expected);
}

/* The button of a bar, when it is in view; borrowed. */
static GtkWidget *
find_button (Fixture    *self,
             const char *label)
{
  for (GtkWidget *cell = gtk_widget_get_first_child (GTK_WIDGET (self->choice)); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    if (gtk_widget_get_child_visible (cell) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (cell)), label) == 0)
      return cell;

  return NULL;
}

static guint
count_buttons (Fixture *self)
{
  guint n = 0;

  for (GtkWidget *cell = gtk_widget_get_first_child (GTK_WIDGET (self->choice)); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    n++;

  return n;
}

static void
test_buttons (Fixture       *self,
              gconstpointer  n_bars)
{
  GtkWidget *second = find_button (self, "6");

  assert_taken (self, 0, "######");
  g_assert_null (find_button (self, "4"));
  g_assert_null (find_button (self, "11"));
  g_assert_nonnull (second);
  gtk_test_accessible_assert_property (second, GTK_ACCESSIBLE_PROPERTY_LABEL, "Bar 6");
  g_signal_emit_by_name (second, "clicked");
  assert_taken (self, 0, "#.####");
  g_assert_cmpuint (self->n_changed, ==, 1);
  g_assert_cmpuint (arietta_bar_choice_count (self->choice), ==, 5);

  /* By others: the buttons follow, and are not taken for clicked. */
  arietta_bar_choice_take (self->choice, 2, 3, FALSE);
  assert_taken (self, 0, "#....#");
  g_assert_cmpuint (self->n_changed, ==, 2);
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find_button (self, "8"))));
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find_button (self, "10"))));
  arietta_bar_choice_take (self->choice, 4, G_MAXUINT, TRUE);
  assert_taken (self, 0, "#...##");
  arietta_bar_choice_take (self->choice, 6, 1, FALSE);
  g_assert_cmpuint (self->n_changed, ==, 3);

  /* Other bars: all of them are wanted again. */
  arietta_bar_choice_set_bars (self->choice, 99, 2);
  assert_taken (self, 0, "##");
  g_assert_cmpuint (self->n_changed, ==, 3);
  g_assert_nonnull (find_button (self, "101"));
  g_assert_null (find_button (self, "8"));
}

static void
test_keys (Fixture       *self,
           gconstpointer  n_bars)
{
  GtkWidget *choice = GTK_WIDGET (self->choice);

  gtk_window_set_focus (GTK_WINDOW (self->window), NULL);
  g_assert_true (gtk_widget_child_focus (choice, GTK_DIR_TAB_FORWARD));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (self->window)) == find_button (self, "5"));
  g_assert_true (widget_test_press (choice, GDK_KEY_Right, 0));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (self->window)) == find_button (self, "6"));
  g_signal_emit_by_name (find_button (self, "6"), "clicked");
  assert_taken (self, 0, "#.########");

  /* As the one gone from, over a whole row. */
  g_assert_true (widget_test_press (choice, GDK_KEY_Down, GDK_SHIFT_MASK));
  assert_taken (self, 0, "#.....####");
  /* From the one chosen last. */
  g_assert_true (widget_test_press (choice, GDK_KEY_Down, 0));
  g_assert_true (widget_test_press (choice, GDK_KEY_space, GDK_SHIFT_MASK));
  assert_taken (self, 0, "#.........###");
  /* Far out of view and back: the same buttons, and the keyboard stays with the bar. */
  g_assert_true (widget_test_press (choice, GDK_KEY_End, 0));
  widget_test_settle ();
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (self->window)) == find_button (self, "5004"));
  g_assert_null (find_button (self, "5"));
  g_assert_true (widget_test_press (choice, GDK_KEY_Page_Up, GDK_SHIFT_MASK));
  g_assert_true (widget_test_press (choice, GDK_KEY_Home, 0));
  gtk_test_widget_wait_for_draw (self->window);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (self->window)) == find_button (self, "5"));
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find_button (self, "6"))));
  g_assert_true (widget_test_press (choice, GDK_KEY_Left, 0));
  /* Tab goes on, not to the next bar. */
  g_assert_false (gtk_widget_child_focus (choice, GTK_DIR_TAB_FORWARD));

  g_assert_true (widget_test_press (choice, GDK_KEY_a, GDK_CONTROL_MASK | GDK_SHIFT_MASK));
  g_assert_cmpuint (arietta_bar_choice_count (self->choice), ==, 0);
  g_assert_true (widget_test_press (choice, GDK_KEY_a, GDK_CONTROL_MASK));
  g_assert_cmpuint (arietta_bar_choice_count (self->choice), ==, 5000);
  g_assert_cmpuint (count_buttons (self), <, 50);
}

/* Every place of the list shows its own bars. */
static void
test_scroll (Fixture       *self,
             gconstpointer  n_bars)
{
  GtkAdjustment *down = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->choice));
  double upper = gtk_adjustment_get_upper (down), page = gtk_adjustment_get_page_size (down);

  arietta_bar_choice_take (self->choice, 2500, 1, FALSE);
  for (double value = 0.0; value < upper - page; value += upper / 97.0)
    {
      guint row = (guint) (value / (upper / 1250.0)) + 1;
      g_autofree char *label = g_strdup_printf ("%u", 4 + 4 * row + 1);
      g_autofree char *end = g_strdup_printf ("%u", 4 + 4 * row + 4);

      gtk_adjustment_set_value (down, value);
      g_assert_nonnull (find_button (self, label));
      g_assert_nonnull (find_button (self, end));
      g_assert_cmpint (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find_button (self, label))), ==, row != 625);
    }
  gtk_adjustment_set_value (down, upper);
  g_assert_nonnull (find_button (self, "5004"));
  g_assert_null (find_button (self, "5005"));
}

int
main (int    argc,
      char **argv)
{
  widget_test_init (&argc, &argv);
  g_test_add ("/bar-choice/buttons", Fixture, GUINT_TO_POINTER (6), set_up, test_buttons, tear_down);
  g_test_add ("/bar-choice/keys", Fixture, GUINT_TO_POINTER (5000), set_up, test_keys, tear_down);
  g_test_add ("/bar-choice/scroll", Fixture, GUINT_TO_POINTER (5000), set_up, test_scroll, tear_down);

  return g_test_run ();
}
