#include "widget-test.h"

#include "widgets/arietta-adaptive-box.h"

static void
count_cb (int *count)
{
  *count += 1;
}

/* A handler may change the layout, which is why it must not be called within the allocation. */
static void
relayout_cb (AriettaAdaptiveBox *box,
             GParamSpec         *pspec,
             GtkWidget          *child)
{
  gboolean narrow;

  g_object_get (box, "narrow", &narrow, NULL);
  gtk_widget_set_size_request (child, narrow ? 200 : 700, -1);
}

static void
assert_state (GtkWidget *box,
              gboolean   narrow,
              gboolean   compact)
{
  gboolean is_narrow, is_compact;

  g_object_get (box, "narrow", &is_narrow, "compact", &is_compact, NULL);
  g_assert_cmpint (is_narrow, ==, narrow);
  g_assert_cmpint (is_compact, ==, compact);
}

static void
allocate (GtkWidget *box,
          int        width)
{
  gtk_widget_size_allocate (box, &(GtkAllocation) { 0, 0, width, 400 }, -1);
  widget_test_settle ();
}

static void
test_thresholds (void)
{
  GtkWidget *box = arietta_adaptive_box_new ();
  int n_narrow = 0, n_compact = 0;

  g_object_ref_sink (box);
  g_signal_connect_swapped (box, "notify::narrow", G_CALLBACK (count_cb), &n_narrow);
  g_signal_connect_swapped (box, "notify::compact", G_CALLBACK (count_cb), &n_compact);

  allocate (box, 1200);
  assert_state (box, FALSE, FALSE);
  g_assert_cmpint (n_narrow + n_compact, ==, 0);
  allocate (box, 860);
  assert_state (box, FALSE, FALSE);
  allocate (box, 859);
  assert_state (box, FALSE, TRUE);
  allocate (box, 560);
  assert_state (box, FALSE, TRUE);
  allocate (box, 559);
  assert_state (box, TRUE, TRUE);
  allocate (box, 300);
  g_assert_cmpint (n_narrow, ==, 1);
  g_assert_cmpint (n_compact, ==, 1);
  allocate (box, 1000);
  assert_state (box, FALSE, FALSE);
  g_assert_cmpint (n_narrow, ==, 2);

  g_object_set (box, "narrow-width", 1100, NULL);
  widget_test_settle ();
  assert_state (box, TRUE, FALSE);

  g_assert_finalize_object (box);
}

/* A wide layout does not keep the window from becoming narrow. */
static void
test_minimum (void)
{
  GtkWidget *box = arietta_adaptive_box_new ();
  GtkWidget *child = gtk_label_new ("child");
  GtkWidget *window;
  int minimum, natural;

  gtk_widget_set_size_request (child, 700, -1);
  g_object_set (box, "child", child, NULL);
  g_signal_connect (box, "notify::narrow", G_CALLBACK (relayout_cb), child);
  gtk_widget_measure (box, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  g_assert_cmpint (natural, ==, 700);

  window = widget_test_show (box, 400, 300);
  assert_state (box, TRUE, TRUE);
  gtk_test_widget_wait_for_draw (window);
  g_assert_cmpint (gtk_widget_get_width (box), <, 560);
  g_assert_cmpint (gtk_widget_get_width (child), ==, gtk_widget_get_width (box));
  widget_test_close (window, box);
}

/* A window that is told its least height is not told more than it must, and learns what is needed. */
static void
test_least_height (void)
{
  GtkWidget *box = arietta_adaptive_box_new ();
  GtkWidget *child = gtk_label_new ("child");
  GtkWidget *window;
  int minimum, natural;

  gtk_widget_set_size_request (child, 700, 500);
  g_object_set (box, "child", child, "least-height", 200, NULL);
  gtk_widget_measure (box, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (natural, <=, 360);
  gtk_widget_measure (box, GTK_ORIENTATION_VERTICAL, 400, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, ==, 200);
  g_assert_cmpint (natural, ==, 200);

  window = widget_test_show (box, 400, 300);
  gtk_test_widget_wait_for_draw (window);
  g_assert_cmpint (gtk_widget_get_width (child), ==, 700);
  g_assert_cmpint (gtk_widget_get_height (child), ==, 500);
  gtk_widget_measure (box, GTK_ORIENTATION_VERTICAL, 400, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, ==, 500);
  widget_test_close (window, box);
}

int
main (int   argc,
      char *argv[])
{
  widget_test_init (&argc, &argv);

  g_test_add_func ("/widgets/adaptive-box/thresholds", test_thresholds);
  g_test_add_func ("/widgets/adaptive-box/minimum", test_minimum);

  g_test_add_func ("/widgets/adaptive-box/least-height", test_least_height);

  return g_test_run ();
}
