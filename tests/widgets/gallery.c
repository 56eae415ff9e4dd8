/* All widgets in one window, to be looked at: gallery [--page roll|small|map] [FILE.mid].  Not a test. */
#include <adwaita.h>
#include <math.h>
#include <string.h>

#include "base/arietta-random.h"
#include "formats/arietta-formats.h"
#include "widgets/arietta-adaptive-box.h"
#include "widgets/arietta-face-view.h"
#include "widgets/arietta-loss-chart.h"
#include "widgets/arietta-map-view.h"
#include "widgets/arietta-piano-roll.h"
#include "widgets/arietta-piece-strip.h"
#include "widgets/arietta-progress-ring.h"
#include "widgets/arietta-value-meter.h"

typedef struct
{
  AriettaPiece *piece;
  char         *page;
  GtkWidget    *roll;
  GtkWidget    *strip;
  gboolean      play;
  int           count;
  gint64        began;
} Gallery;

static gboolean
play_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  Gallery *gallery = user_data;
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  gint64 tick;

  if (gallery->began == 0)
    gallery->began = now;
  tick = arietta_piece_seconds_to_ticks (gallery->piece, (now - gallery->began) / 1e6);
  g_object_set (gallery->roll, "position", tick, NULL);
  g_object_set (gallery->strip, "position", tick, NULL);

  return G_SOURCE_CONTINUE;
}

static void
seek_cb (Gallery *gallery,
         gint64   tick)
{
  g_object_set (gallery->roll, "position", tick, NULL);
  g_object_set (gallery->strip, "position", tick, NULL);
}

static GtkWidget *
make_roll (Gallery *gallery)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *window = gtk_scrolled_window_new ();
  gint64 middle = arietta_piece_get_notes_end_ticks (gallery->piece) / 3;

  gallery->roll = arietta_piano_roll_new ();
  g_object_set (gallery->roll, "piece", gallery->piece, "playing", TRUE, "position", middle, NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (window), gallery->roll);
  gtk_widget_set_vexpand (window, TRUE);
  gtk_box_append (GTK_BOX (box), window);

  gallery->strip = arietta_piece_strip_new ();
  g_object_set (gallery->strip, "piece", gallery->piece, "position", middle, "loop", TRUE, "loop-start", middle / 2,
                "loop-end", middle * 3 / 2, NULL);
  gtk_widget_set_margin_start (gallery->strip, 12);
  gtk_widget_set_margin_end (gallery->strip, 12);
  gtk_widget_set_margin_bottom (gallery->strip, 12);
  gtk_box_append (GTK_BOX (box), gallery->strip);

  g_signal_connect_swapped (gallery->roll, "seek", G_CALLBACK (seek_cb), gallery);
  g_signal_connect_swapped (gallery->strip, "seek", G_CALLBACK (seek_cb), gallery);
  if (gallery->play)
    gtk_widget_add_tick_callback (gallery->roll, play_cb, gallery, NULL);

  return box;
}

static GtkWidget *
make_small (Gallery *gallery)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *faces = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autoptr(AriettaFace) face = arietta_face_new (gallery->piece);

  gtk_widget_set_margin_start (box, 24);
  gtk_widget_set_margin_end (box, 24);
  gtk_widget_set_margin_top (box, 24);
  for (int i = 0; i < 6; i++)
    {
      static const int SIZES[] = { 24, 32, 48, 64, 96, 128 };
      GtkWidget *view = arietta_face_view_new ();

      g_object_set (view, "face", i == 1 ? NULL : face, "size", SIZES[i], "hue", i - 1, NULL);
      gtk_box_append (GTK_BOX (faces), view);
    }
  gtk_box_append (GTK_BOX (box), faces);

  faces = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  for (int i = -1; i <= 4; i++)
    {
      GtkWidget *ring = arietta_progress_ring_new ();

      g_object_set (ring, "fraction", i * 0.25, NULL);
      gtk_box_append (GTK_BOX (faces), ring);
    }
  gtk_box_append (GTK_BOX (box), faces);

  faces = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_box_set_homogeneous (GTK_BOX (faces), TRUE);
  for (int i = 0; i < 3; i++)
    {
      static const char *NAMES[] = { "Kept", "Arrived", "Unknown" };
      GtkWidget *meter = arietta_value_meter_new (NAMES[i]);

      if (i < 2)
        g_object_set (meter, "value", 0.82 - 0.4 * i, "reference", i == 1 ? 0.17 : -1.0, NULL);
      gtk_box_append (GTK_BOX (faces), meter);
    }
  gtk_box_append (GTK_BOX (box), faces);

  for (int k = 0; k < 2; k++)
    {
      GtkWidget *chart = arietta_loss_chart_new ();
      AriettaRandom random;

      arietta_random_init (&random, 3, "gallery");
      for (int i = 0; k == 0 && i < 900; i++)
        arietta_loss_chart_add (ARIETTA_LOSS_CHART (chart), i / 60.0,
                                0.4 + 2.6 * exp (-i / 90.0) + 0.05 * arietta_random_normal (&random),
                                i % 45 == 44 ? 0.62 + 2.4 * exp (-i / 100.0) + i * 0.00015 : NAN);
      gtk_widget_set_vexpand (chart, TRUE);
      gtk_box_append (GTK_BOX (box), chart);
    }

  return box;
}

static void
activated_cb (AriettaMapView *map,
              guint           index)
{
  g_print ("activated %u\n", index);
  arietta_map_view_set_playing (map, index);
}

static void
path_cb (AriettaMapView *map,
         guint           from,
         guint           to)
{
  g_print ("path %u to %u\n", from, to);
  arietta_map_view_set_path (map, from, to, 0.4);
}

static GtkWidget *
make_map (Gallery *gallery)
{
  GtkWidget *map = arietta_map_view_new ();
  g_autofree AriettaMapMark *marks = g_new0 (AriettaMapMark, gallery->count);
  AriettaRandom random;

  arietta_random_init (&random, 1, "gallery");
  for (int i = 0; i < gallery->count; i++)
    {
      guint hue = (guint) arietta_random_below (&random, 8);

      marks[i].mark = (guint8) hue;
      marks[i].x = CLAMP (0.55 * cos (hue * 0.8) + 0.18 * arietta_random_normal (&random), -1, 1);
      marks[i].y = CLAMP (0.55 * sin (hue * 0.8) + 0.16 * arietta_random_normal (&random), -1, 1);
    }
  arietta_map_view_set_marks (ARIETTA_MAP_VIEW (map), marks, gallery->count);
  arietta_map_view_set_playing (ARIETTA_MAP_VIEW (map), 2);
  arietta_map_view_set_path (ARIETTA_MAP_VIEW (map), 0, 1, 0.4);
  g_object_set (map, "tool", "path", NULL);
  g_signal_connect (map, "point-activated", G_CALLBACK (activated_cb), NULL);
  g_signal_connect (map, "path-drawn", G_CALLBACK (path_cb), NULL);

  return map;
}

static void
activate_cb (AdwApplication *application,
             Gallery        *gallery)
{
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (application));
  GtkWidget *content;

  if (g_strcmp0 (gallery->page, "small") == 0)
    content = make_small (gallery);
  else if (g_strcmp0 (gallery->page, "map") == 0)
    content = make_map (gallery);
  else
    content = make_roll (gallery);

  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), content);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int   argc,
      char *argv[])
{
  Gallery gallery = { .count = 900 };
  char **files = NULL;
  const GOptionEntry entries[] = {
    { "page", 0, 0, G_OPTION_ARG_STRING, &gallery.page, NULL, NULL },
    { "count", 0, 0, G_OPTION_ARG_INT, &gallery.count, NULL, NULL },
    { "play", 0, 0, G_OPTION_ARG_NONE, &gallery.play, NULL, NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(AdwApplication) application = NULL;
  g_autoptr(GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  if (files != NULL)
    gallery.piece = arietta_formats_read (files[0], NULL, &error);
  else
    gallery.piece = arietta_piece_freeze (arietta_piece_new (480));
  if (gallery.piece == NULL)
    g_error ("%s", error->message);

  application = adw_application_new ("io.github.arietta.Gallery", G_APPLICATION_NON_UNIQUE);
  g_application_set_resource_base_path (G_APPLICATION (application), "/io/github/arietta/Arietta");
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), &gallery);

  return g_application_run (G_APPLICATION (application), 0, NULL);
}
