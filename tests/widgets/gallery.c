/* All widgets in one window, to be looked at: gallery [--page NAME] [FILE.mid].  Not a test. */
#include <adwaita.h>
#include <math.h>
#include <string.h>

#include "base/arietta-random.h"
#include "formats/arietta-formats.h"
#include "widgets/arietta-adaptive-box.h"
#include "widgets/arietta-face-view.h"
#include "widgets/arietta-piano-roll.h"
#include "widgets/arietta-piece-strip.h"

typedef struct
{
  AriettaPiece *piece;
  char         *page;
  GtkWidget    *roll;
  GtkWidget    *strip;
  gboolean      play;
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

  return box;
}

static void
activate_cb (AdwApplication *application,
             Gallery        *gallery)
{
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (application));
  GtkWidget *content;

  if (g_strcmp0 (gallery->page, "small") == 0)
    content = make_small (gallery);
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
  Gallery gallery = { 0 };
  char **files = NULL;
  const GOptionEntry entries[] = {
    { "page", 0, 0, G_OPTION_ARG_STRING, &gallery.page, NULL, NULL },
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
