#include "widget-test.h"

#include "base/arietta-random.h"
#include "drawing/arietta-palette.h"
#include "widgets/arietta-map-view.h"

typedef struct
{
  GtkWidget *window;
  GtkWidget *map;
  guint      activated;
  guint      hovered;
  guint      from, to;
} Fixture;

/* A cross: 0 in the middle, then right, up, left, down; 5 is far out between right and up. */
static const AriettaMapMark CROSS[] = {
  { 0, 0, 0, 0 }, { 0.5, 0, 1, 0 }, { 0, 0.5, 2, 0 }, { -0.5, 0, 3, 0 }, { 0, -0.5, 4, 0 }, { 0.8, 0.8, 5, 0 },
};

static void
activated_cb (Fixture *fixture,
              guint    index)
{
  fixture->activated = index;
}

static void
hovered_cb (Fixture *fixture,
            guint    index)
{
  fixture->hovered = index;
}

static void
path_cb (Fixture *fixture,
         guint    from,
         guint    to)
{
  fixture->from = from;
  fixture->to = to;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->map = arietta_map_view_new ();
  fixture->activated = fixture->hovered = fixture->from = fixture->to = G_MAXUINT;
  g_signal_connect_swapped (fixture->map, "point-activated", G_CALLBACK (activated_cb), fixture);
  g_signal_connect_swapped (fixture->map, "point-hovered", G_CALLBACK (hovered_cb), fixture);
  g_signal_connect_swapped (fixture->map, "path-drawn", G_CALLBACK (path_cb), fixture);
  fixture->window = widget_test_show (fixture->map, 600, 500);
  arietta_map_view_set_marks (ARIETTA_MAP_VIEW (fixture->map), CROSS, G_N_ELEMENTS (CROSS));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  widget_test_close (fixture->window, fixture->map);
}

static void
place_of (Fixture *fixture,
          guint    index,
          double  *x,
          double  *y)
{
  g_assert_true (arietta_map_view_get_place (ARIETTA_MAP_VIEW (fixture->map), index, x, y));
}

static void
test_click (Fixture       *fixture,
            gconstpointer  data)
{
  double x, y;

  place_of (fixture, 2, &x, &y);
  widget_test_drag (fixture->map, x + 3, y - 2, 0, 0);
  g_assert_cmpuint (fixture->activated, ==, 2);

  fixture->activated = G_MAXUINT;
  widget_test_drag (fixture->map, x + 40, y, 0, 0);
  g_assert_cmpuint (fixture->activated, ==, G_MAXUINT);
}

/* A drag pans with the tool "pick" and draws a path with the tool "path". */
static void
test_drag (Fixture       *fixture,
           gconstpointer  data)
{
  double x, y, x2, y2, x3, y3;

  place_of (fixture, 0, &x, &y);
  widget_test_drag (fixture->map, x + 30, y + 30, 50, -20);
  place_of (fixture, 0, &x2, &y2);
  g_assert_cmpfloat_with_epsilon (x2, x + 50, 0.01);
  g_assert_cmpfloat_with_epsilon (y2, y - 20, 0.01);

  g_object_set (fixture->map, "tool", "path", NULL);
  place_of (fixture, 1, &x, &y);
  place_of (fixture, 3, &x3, &y3);
  widget_test_drag (fixture->map, x, y, x3 - x + 4, y3 - y);
  g_assert_cmpuint (fixture->from, ==, 1);
  g_assert_cmpuint (fixture->to, ==, 3);
  g_assert_cmpuint (fixture->activated, ==, G_MAXUINT);

  /* Ending on the ground draws nothing. */
  fixture->from = G_MAXUINT;
  widget_test_drag (fixture->map, x, y, 20, 60);
  g_assert_cmpuint (fixture->from, ==, G_MAXUINT);
}

static void
test_keys (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_false (widget_test_press (fixture->map, GDK_KEY_Return, 0));
  g_assert_true (widget_test_press (fixture->map, GDK_KEY_Right, 0));
  g_assert_cmpuint (fixture->hovered, ==, 0);
  g_assert_true (widget_test_press (fixture->map, GDK_KEY_Right, 0));
  g_assert_cmpuint (fixture->hovered, ==, 1);
  g_assert_true (widget_test_press (fixture->map, GDK_KEY_p, 0));
  g_assert_true (widget_test_press (fixture->map, GDK_KEY_Left, 0));
  g_assert_true (widget_test_press (fixture->map, GDK_KEY_Down, 0));
  g_assert_cmpuint (fixture->hovered, ==, 4);
  g_assert_true (widget_test_press (fixture->map, GDK_KEY_p, 0));
  g_assert_cmpuint (fixture->from, ==, 1);
  g_assert_cmpuint (fixture->to, ==, 4);
  g_assert_true (widget_test_press (fixture->map, GDK_KEY_Return, 0));
  g_assert_cmpuint (fixture->activated, ==, 4);

  fixture->from = G_MAXUINT;
  g_assert_true (widget_test_press (fixture->map, GDK_KEY_p, 0));
  g_assert_true (widget_test_press (fixture->map, GDK_KEY_Escape, 0));
  g_assert_false (widget_test_press (fixture->map, GDK_KEY_Escape, 0));
  g_assert_cmpuint (fixture->from, ==, G_MAXUINT);
}

static void
test_zoom (Fixture       *fixture,
           gconstpointer  data)
{
  double x0, y0, x1, y1, x2, y2;

  place_of (fixture, 0, &x0, &y0);
  place_of (fixture, 1, &x1, &y1);
  g_assert_true (widget_test_press (fixture->map, GDK_KEY_plus, 0));
  place_of (fixture, 1, &x2, &y2);
  g_assert_cmpfloat_with_epsilon (x2 - x0, (x1 - x0) * 1.2, 0.01);
  g_assert_true (widget_test_press (fixture->map, GDK_KEY_0, 0));
  place_of (fixture, 1, &x2, &y2);
  g_assert_cmpfloat_with_epsilon (x2, x1, 0.01);
}

/* A mark that the legend switched off is neither drawn nor found. */
static void
test_hidden (Fixture       *fixture,
             gconstpointer  data)
{
  AriettaMapMark marks[G_N_ELEMENTS (CROSS)];
  double x, y;
  guint before = widget_test_count_colors (fixture->map);

  for (guint i = 0; i < G_N_ELEMENTS (CROSS); i++)
    {
      marks[i] = CROSS[i];
      marks[i].hidden = i != 0;
    }
  arietta_map_view_set_marks (ARIETTA_MAP_VIEW (fixture->map), marks, G_N_ELEMENTS (marks));
  g_assert_cmpuint (widget_test_count_colors (fixture->map), <, before);
  place_of (fixture, 1, &x, &y);
  widget_test_drag (fixture->map, x, y, 0, 0);
  g_assert_cmpuint (fixture->activated, ==, G_MAXUINT);
}

static void
test_many (Fixture       *fixture,
           gconstpointer  data)
{
  const guint n = 100000;
  g_autofree AriettaMapMark *marks = g_new0 (AriettaMapMark, n);
  AriettaRandom random;
  gint64 began;

  arietta_random_init (&random, 1, "test-map-view");
  for (guint i = 0; i < n; i++)
    {
      marks[i].x = 2 * arietta_random_uniform (&random) - 1;
      marks[i].y = 2 * arietta_random_uniform (&random) - 1;
      marks[i].mark = (guint8) arietta_random_below (&random, ARIETTA_PALETTE_MARKS);
    }
  began = widget_test_cpu_us ();
  arietta_map_view_set_marks (ARIETTA_MAP_VIEW (fixture->map), marks, n);
  g_test_message ("indexing 100,000 marks: %.2f ms", (widget_test_cpu_us () - began) / 1000.0);

  for (int k = 0; k < 3; k++)
    {
      GtkSnapshot *snapshot = gtk_snapshot_new ();
      g_autoptr(GskRenderNode) node = NULL;

      if (k == 2)
        widget_test_drag (fixture->map, 300, 250, 40, 30);
      began = widget_test_cpu_us ();
      GTK_WIDGET_GET_CLASS (fixture->map)->snapshot (fixture->map, snapshot);
      g_test_message ("%s frame: %.2f ms", k == 0 ? "first" : k == 1 ? "unchanged" : "panned", (widget_test_cpu_us () - began) / 1000.0);
      node = gtk_snapshot_free_to_node (snapshot);
      g_assert_nonnull (node);
    }

  /* The nearest is found, not just any. */
  arietta_map_view_zoom_to_fit (ARIETTA_MAP_VIEW (fixture->map));
  for (guint i = 0; i < 200; i++)
    {
      double x, y;

      place_of (fixture, i, &x, &y);
      widget_test_drag (fixture->map, x, y, 0, 0);
      g_assert_cmpfloat_with_epsilon (marks[fixture->activated].x, marks[i].x, 1e-9);
    }
}

static void
test_odd_marks (Fixture       *fixture,
                gconstpointer  data)
{
  const AriettaMapMark odd[] = { { 0.0 / 0.0, 1e300, 200, 0 }, { -1e300, -1.0 / 0.0, 7, 0 } };

  arietta_map_view_set_marks (ARIETTA_MAP_VIEW (fixture->map), odd, G_N_ELEMENTS (odd));
  widget_test_count_colors (fixture->map);
  arietta_map_view_set_marks (ARIETTA_MAP_VIEW (fixture->map), NULL, 0);
  widget_test_count_colors (fixture->map);
  g_assert_false (widget_test_press (fixture->map, GDK_KEY_Right, 0));
}

int
main (int   argc,
      char *argv[])
{
  widget_test_init (&argc, &argv);

  g_test_add ("/widgets/map-view/click", Fixture, NULL, set_up, test_click, tear_down);
  g_test_add ("/widgets/map-view/drag", Fixture, NULL, set_up, test_drag, tear_down);
  g_test_add ("/widgets/map-view/keys", Fixture, NULL, set_up, test_keys, tear_down);
  g_test_add ("/widgets/map-view/zoom", Fixture, NULL, set_up, test_zoom, tear_down);
  g_test_add ("/widgets/map-view/hidden", Fixture, NULL, set_up, test_hidden, tear_down);
  g_test_add ("/widgets/map-view/many", Fixture, NULL, set_up, test_many, tear_down);
  g_test_add ("/widgets/map-view/odd-marks", Fixture, NULL, set_up, test_odd_marks, tear_down);

  return g_test_run ();
}
