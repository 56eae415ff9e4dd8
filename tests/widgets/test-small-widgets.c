#include "widget-test.h"

#include <adwaita.h>
#include <math.h>

#include "widgets/arietta-colors.h"
#include "widgets/arietta-face-view.h"
#include "widgets/arietta-loss-chart.h"
#include "widgets/arietta-progress-ring.h"
#include "widgets/arietta-quick-layout.h"
#include "widgets/arietta-slices.h"
#include "widgets/arietta-value-meter.h"

static AriettaFace *
make_face (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "");

  for (int i = 0; i < 16; i++)
    {
      AriettaNote note = { .onset_ticks = i * 480, .duration_ticks = 480, .pitch = (guint8) (60 + i * 5 % 12),
                           .velocity = 90 };

      arietta_track_add_note (track, &note);
    }

  return arietta_face_new (arietta_piece_freeze (piece));
}

static void
test_face_view (void)
{
  g_autoptr(AriettaFace) face = make_face ();
  GtkWidget *view = arietta_face_view_new ();
  GtkWidget *window = widget_test_show (view, 200, 200);
  guint empty = widget_test_count_colors (view);
  int minimum, natural;

  g_object_set (view, "face", face, "size", 96, "hue", 2, NULL);
  gtk_widget_measure (view, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, ==, 96);
  g_assert_cmpuint (widget_test_count_colors (view), >, 2 * empty);
  gtk_test_accessible_assert_role (view, GTK_ACCESSIBLE_ROLE_PRESENTATION);
  widget_test_close (window, view);
}

static void
test_progress_ring (void)
{
  GtkWidget *ring = arietta_progress_ring_new ();
  GtkWidget *window = widget_test_show (ring, 100, 100);
  guint idle = widget_test_count_colors (ring);

  g_object_set (ring, "fraction", 0.4, NULL);
  g_assert_cmpuint (widget_test_count_colors (ring), >, idle);
  gtk_test_accessible_assert_role (ring, GTK_ACCESSIBLE_ROLE_PROGRESS_BAR);
  gtk_test_accessible_assert_property (ring, GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, 0.4);
  widget_test_close (window, ring);
}

static void
test_value_meter (void)
{
  GtkWidget *meter = arietta_value_meter_new ("Kept");
  GtkWidget *window = widget_test_show (meter, 300, 80);
  guint unknown = widget_test_count_colors (meter);

  g_object_set (meter, "value", 0.625, "reference", 0.2, NULL);
  g_assert_cmpuint (widget_test_count_colors (meter), >, unknown);
  gtk_test_accessible_assert_role (meter, GTK_ACCESSIBLE_ROLE_METER);
  gtk_test_accessible_assert_property (meter, GTK_ACCESSIBLE_PROPERTY_LABEL, "Kept");
  gtk_test_accessible_assert_property (meter, GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, 0.625);
  widget_test_close (window, meter);
}

static void
test_loss_chart (void)
{
  AriettaLossChart *chart = ARIETTA_LOSS_CHART (arietta_loss_chart_new ());
  GtkWidget *window = widget_test_show (GTK_WIDGET (chart), 500, 300);

  widget_test_count_colors (GTK_WIDGET (chart));
  arietta_loss_chart_add (chart, 0, 3.0, NAN);
  widget_test_count_colors (GTK_WIDGET (chart));
  for (int i = 1; i < 40000; i++)
    arietta_loss_chart_add (chart, i / 60.0, 3.0 * exp (-i / 3000.0), i % 100 == 0 ? 3.1 * exp (-i / 3100.0) : NAN);
  /* Values that are none do not spoil the axes. */
  arietta_loss_chart_add (chart, 700, NAN, NAN);
  arietta_loss_chart_add (chart, 700, INFINITY, 0.1);
  g_assert_cmpuint (widget_test_count_colors (GTK_WIDGET (chart)), >, 20);
  arietta_loss_chart_clear (chart);
  widget_test_count_colors (GTK_WIDGET (chart));
  gtk_test_accessible_assert_role (GTK_WIDGET (chart), GTK_ACCESSIBLE_ROLE_IMG);
  widget_test_close (window, chart);
}

/* Colours come from the style sheet, and follow it. */
static void
test_colors (void)
{
  GtkWidget *view = arietta_face_view_new ();
  GtkWidget *window = widget_test_show (view, 100, 100);
  GtkCssProvider *provider = gtk_css_provider_new ();
  AriettaPalette palette;

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  widget_test_settle ();
  arietta_colors_get (view, &palette);
  g_assert_true (arietta_palette_is_dark (&palette));
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_LIGHT);
  widget_test_settle ();
  arietta_colors_get (view, &palette);
  g_assert_false (arietta_palette_is_dark (&palette));

  gtk_css_provider_load_from_data (provider, "@define-color arietta_hue_3 #010203;", -1);
  gtk_style_context_add_provider_for_display (gtk_widget_get_display (view), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  arietta_colors_get (view, &palette);
  g_assert_cmpfloat_with_epsilon (palette.hues[3].blue, 3 / 255.0, 1e-6);
  gtk_style_context_remove_provider_for_display (gtk_widget_get_display (view), GTK_STYLE_PROVIDER (provider));
  g_object_unref (provider);
  widget_test_close (window, view);
}

static guint n_done;

static void
count_cb (GtkWidget *widget)
{
  n_done++;
}

/* What is dropped leaves its parent at once and is gone after all that waited was done. */
static void
test_slices (void)
{
  AriettaSlices *slices = arietta_slices_new ();
  GtkWidget *outer = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  GtkWidget *inner = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *gone = gtk_label_new ("");

  gtk_widget_set_parent (inner, outer);
  g_object_add_weak_pointer (G_OBJECT (inner), (gpointer *) &inner);
  arietta_slices_drop (slices, inner);
  g_assert_null (gtk_widget_get_first_child (outer));
  g_assert_nonnull (inner);

  g_object_ref_sink (gone);
  arietta_slices_add (slices, outer, count_cb);
  arietta_slices_add (slices, gone, count_cb);
  g_object_unref (gone);
  while (inner != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_done, ==, 1);

  /* What still waits goes with the slices. */
  inner = gtk_label_new ("");
  gtk_widget_set_parent (inner, outer);
  g_object_add_weak_pointer (G_OBJECT (inner), (gpointer *) &inner);
  arietta_slices_drop (slices, inner);
  g_object_unref (slices);
  g_assert_null (inner);
  g_object_unref (outer);
}

/* How wide, is answered without a height; how high, for a width, and as without it. */
static void
test_quick_layout (void)
{
  static const char *text = "A sentence that is long enough to be broken into several lines where there is little room.";
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *lying = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  int least, wide, least_again, wide_again, searched, high, low, high_again, low_again;
  gpointer layout;

  g_object_ref_sink (row);
  for (int i = 0; i < 2; i++)
    {
      GtkWidget *label = gtk_label_new (text);

      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_box_append (GTK_BOX (column), label);
    }
  gtk_box_append (GTK_BOX (lying), gtk_label_new (text));
  gtk_box_append (GTK_BOX (column), gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_box_append (GTK_BOX (row), column);
  gtk_box_append (GTK_BOX (row), lying);

  gtk_widget_measure (column, GTK_ORIENTATION_HORIZONTAL, -1, &least, &wide, NULL, NULL);
  gtk_widget_measure (column, GTK_ORIENTATION_HORIZONTAL, 120, &searched, NULL, NULL, NULL);
  g_assert_cmpint (searched, >, least);
  gtk_widget_measure (column, GTK_ORIENTATION_VERTICAL, least, &high, NULL, NULL, NULL);
  gtk_widget_measure (column, GTK_ORIENTATION_VERTICAL, wide, &low, NULL, NULL, NULL);
  g_assert_cmpint (high, >, low);

  arietta_quick_layout_ease (row);
  layout = gtk_widget_get_layout_manager (column);
  g_assert_true (ARIETTA_IS_QUICK_LAYOUT (layout));
  g_assert_true (GTK_IS_BOX_LAYOUT (gtk_widget_get_layout_manager (row)));
  g_assert_true (GTK_IS_BOX_LAYOUT (gtk_widget_get_layout_manager (lying)));
  gtk_widget_measure (column, GTK_ORIENTATION_HORIZONTAL, 120, &least_again, &wide_again, NULL, NULL);
  g_assert_cmpint (least_again, ==, least);
  g_assert_cmpint (wide_again, ==, wide);
  gtk_widget_measure (column, GTK_ORIENTATION_VERTICAL, least, &high_again, NULL, NULL, NULL);
  gtk_widget_measure (column, GTK_ORIENTATION_VERTICAL, wide, &low_again, NULL, NULL, NULL);
  g_assert_cmpint (high_again, ==, high);
  g_assert_cmpint (low_again, ==, low);

  /* Again: there is nothing to do.  Turned, it lies. */
  arietta_quick_layout_ease (row);
  g_assert_true (gtk_widget_get_layout_manager (column) == layout);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (column), GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_measure (column, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &wide_again, NULL, NULL);
  g_assert_cmpint (wide_again, ==, 2 * wide + 12);

  g_object_add_weak_pointer (layout, &layout);
  g_object_unref (row);
  g_assert_null (layout);
}

static gboolean
is_eased (GtkWidget *widget)
{
  gboolean eased = ARIETTA_IS_QUICK_LAYOUT (gtk_widget_get_layout_manager (widget));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    eased |= is_eased (child);
  return eased;
}

/* libadwaita's own columns are found as it builds them. */
static void
test_quick_layout_rows (void)
{
  GtkWidget *rows[] = { adw_action_row_new (), adw_combo_row_new (), adw_expander_row_new () };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_object_ref_sink (rows[i]);
      g_assert_false (is_eased (rows[i]));
      arietta_quick_layout_ease (rows[i]);
      g_assert_true (is_eased (rows[i]));
      g_object_unref (rows[i]);
    }
}

/* Counts how often its style became another. */
struct _StyleCounter
{
  GtkWidget parent_instance;

  guint styled;
};

#define STYLE_TYPE_COUNTER (style_counter_get_type ())
G_DECLARE_FINAL_TYPE (StyleCounter, style_counter, STYLE, COUNTER, GtkWidget)
G_DEFINE_TYPE (StyleCounter, style_counter, GTK_TYPE_WIDGET)

static void
style_counter_css_changed (GtkWidget         *widget,
                           GtkCssStyleChange *change)
{
  STYLE_COUNTER (widget)->styled++;
  GTK_WIDGET_CLASS (style_counter_parent_class)->css_changed (widget, change);
}

static void
style_counter_class_init (StyleCounterClass *klass)
{
  GTK_WIDGET_CLASS (klass)->css_changed = style_counter_css_changed;
}

static void
style_counter_init (StyleCounter *self)
{
}

/* Files over a page that shows them by its veil leave all else in it as it is, which libadwaita alone would not. */
static void
test_drop_page (void)
{
  GtkWidget                 *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget                 *window;
  StyleCounter              *within = g_object_new (STYLE_TYPE_COUNTER, NULL);
  g_autoptr(GtkCssProvider)  provider = gtk_css_provider_new ();
  GdkDisplay                *display = gdk_display_get_default ();
  guint                      styled;

  gtk_css_provider_load_from_resource (provider, "/io/github/arietta/Arietta/layout.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (within));
  window = widget_test_show (box, 200, 100);

  for (int veiled = 0; veiled <= 1; veiled++)
    {
      if (veiled)
        gtk_widget_add_css_class (box, "drop-page");
      gtk_test_widget_wait_for_draw (window);
      gtk_test_widget_wait_for_draw (window);
      styled = within->styled;
      gtk_widget_set_state_flags (box, GTK_STATE_FLAG_DROP_ACTIVE, FALSE);
      gtk_test_widget_wait_for_draw (window);
      gtk_test_widget_wait_for_draw (window);
      g_assert_cmpint (within->styled > styled, ==, !veiled);
      gtk_widget_unset_state_flags (box, GTK_STATE_FLAG_DROP_ACTIVE);
    }

  gtk_style_context_remove_provider_for_display (display, GTK_STYLE_PROVIDER (provider));
  widget_test_close (window, box);
}

int
main (int   argc,
      char *argv[])
{
  widget_test_init (&argc, &argv);

  g_test_add_func ("/widgets/face-view", test_face_view);
  g_test_add_func ("/widgets/progress-ring", test_progress_ring);
  g_test_add_func ("/widgets/value-meter", test_value_meter);
  g_test_add_func ("/widgets/loss-chart", test_loss_chart);
  g_test_add_func ("/widgets/colors", test_colors);
  g_test_add_func ("/widgets/slices", test_slices);

  g_test_add_func ("/widgets/drop-page", test_drop_page);
  g_test_add_func ("/widgets/quick-layout", test_quick_layout);
  g_test_add_func ("/widgets/quick-layout-rows", test_quick_layout_rows);

  return g_test_run ();
}
