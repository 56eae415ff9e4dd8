#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-drag-out.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "music/arietta-note-carry.h"
#include "views/arietta-drag-content.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-export.h"
#include "views/arietta-load.h"

#define OLD_SECONDS (24 * 60 * 60)
#define DELIVERY_KEY "arietta-delivery"

typedef struct
{
  GtkWidget          *widget;    /* borrowed: the controller goes with it */
  AriettaSession     *session;
  AriettaDraggedFunc  get_dragged;
  gpointer            user_data;
  GCancellable       *cancellable;   /* of the drag that is going on */
} Source;

static void
source_free (gpointer  data,
             GClosure *closure)
{
  Source *source = data;

  g_clear_object (&source->cancellable);
  g_object_unref (source->session);
  g_free (source);
}

/* ---- Where files pass through ---- */

static void
remove_old (const char *top)
{
  g_autoptr(GDir) dir = g_dir_open (top, 0, NULL);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (top, name, NULL);
      g_autoptr(GDir) inner = NULL;
      const char *file;
      GStatBuf info;

      if (g_lstat (folder, &info) != 0 || now - info.st_mtime < OLD_SECONDS)
        continue;
      inner = g_dir_open (folder, 0, NULL);
      while (inner != NULL && (file = g_dir_read_name (inner)) != NULL)
        {
          g_autofree char *path = g_build_filename (folder, file, NULL);

          g_unlink (path);
        }
      g_rmdir (folder);
    }
}

/* Each in a folder of its own, so that the name is the title's. */
static char *
make_folder (GError **error)
{
  g_autofree char *top = g_build_filename (g_get_user_cache_dir (), "arietta", "dragged", NULL);
  g_autofree char *folder = g_build_filename (top, "XXXXXX", NULL);

  if (g_mkdir_with_parents (top, 0700) == 0)
    {
      remove_old (top);
      if (g_mkdtemp (folder) != NULL)
        return g_steal_pointer (&folder);
    }
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s”: %s", top, g_strerror (errno));
  return NULL;
}

/* ---- The drag ---- */

typedef struct
{
  /* not touched by the worker */
  AriettaDragContent *content;
  GtkWidget          *widget;
  AriettaSession     *session;
  GCancellable       *cancellable;
  char               *format;

  AriettaDragged      dragged;
  char               *folder;
} Delivery;

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  g_object_unref (delivery->content);
  g_object_unref (delivery->widget);
  g_object_unref (delivery->session);
  g_object_unref (delivery->cancellable);
  g_free (delivery->format);
  g_clear_pointer (&delivery->dragged.piece, arietta_piece_unref);
  g_clear_pointer (&delivery->dragged.notes, arietta_selection_unref);
  g_free (delivery->dragged.title);
  g_free (delivery->folder);
  g_free (delivery);
}

static void
made_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Delivery *delivery = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = arietta_job_run_finish (ARIETTA_JOB (object), result, &error);

  arietta_drag_content_give (delivery->content, path, error);
  if (path == NULL)
    arietta_present_error (delivery->widget, error);
  delivery_free (delivery);
}

/* A place for the file, which may be long swept, and the notes that are meant, which may be many. */
static gpointer
make_ready (gpointer   data,
            GError   **error)
{
  Delivery *delivery = data;
  AriettaDragged *dragged = &delivery->dragged;

  if (dragged->notes != NULL)
    {
      AriettaPiece *carried = arietta_notes_carry (dragged->piece, dragged->notes, dragged->grid_ticks);

      arietta_piece_unref (dragged->piece);
      dragged->piece = carried;
    }
  delivery->folder = make_folder (error);
  return NULL;
}

static void
ready_cb (gpointer      owner,
          gpointer      result,
          const GError *error)
{
  Delivery *delivery = g_object_steal_data (owner, DELIVERY_KEY);
  const AriettaDragged *dragged = &delivery->dragged;
  g_autoptr(AriettaJob) job = NULL;

  if (delivery->folder == NULL || g_cancellable_is_cancelled (delivery->cancellable))
    {
      arietta_drag_content_give (delivery->content, NULL, error);
      arietta_present_error (delivery->widget, error);
      delivery_free (delivery);
      return;
    }

  job = arietta_export_job_new (delivery->session, dragged->piece, dragged->take_id, dragged->title, delivery->format,
                                delivery->folder);
  g_signal_connect_object (delivery->cancellable, "cancelled", G_CALLBACK (arietta_job_cancel), job, G_CONNECT_SWAPPED);
  /* Notes are there at once; sound takes its time, and shows it. */
  if (g_str_equal (delivery->format, "mid"))
    arietta_job_run_async (job, g_free, made_cb, delivery);
  else
    arietta_job_queue_add (arietta_session_get_jobs (delivery->session), job, g_free, made_cb, delivery);
}

static GdkContentProvider *
prepare_cb (GtkDragSource *drag_source,
            double         x,
            double         y,
            gpointer       user_data)
{
  Source *source = user_data;
  AriettaDragged dragged = { NULL };
  AriettaDragContent *content;
  Delivery *delivery;

  if (!source->get_dragged (source->widget, source->user_data, &dragged))
    return NULL;

  g_clear_object (&source->cancellable);
  source->cancellable = g_cancellable_new ();
  content = arietta_drag_content_new ();
  delivery = g_new0 (Delivery, 1);
  delivery->content = g_object_ref (content);
  delivery->widget = g_object_ref (source->widget);
  delivery->session = g_object_ref (source->session);
  delivery->cancellable = g_object_ref (source->cancellable);
  delivery->format = g_settings_get_string (arietta_session_get_settings (source->session), "drag-format");
  delivery->dragged = dragged;
  g_object_set_data (G_OBJECT (content), DELIVERY_KEY, delivery);
  arietta_load_async (content, NULL, make_ready, delivery, NULL, NULL, ready_cb);
  return GDK_CONTENT_PROVIDER (content);
}

static void
begin_cb (GtkDragSource *drag_source,
          GdkDrag       *drag,
          gpointer       user_data)
{
  gtk_drag_source_set_icon (drag_source, NULL, 0, 0);
  gtk_drag_icon_set_child (GTK_DRAG_ICON (gtk_drag_icon_get_for_drag (drag)),
                           gtk_image_new_from_icon_name ("audio-x-generic"));
}

static gboolean
cancel_cb (GtkDragSource       *drag_source,
           GdkDrag             *drag,
           GdkDragCancelReason  reason,
           gpointer             user_data)
{
  Source *source = user_data;

  if (source->cancellable != NULL)
    g_cancellable_cancel (source->cancellable);
  return FALSE;
}

void
arietta_drag_out_add (GtkWidget          *widget,
                      AriettaSession     *session,
                      AriettaDraggedFunc  get_dragged,
                      gpointer            user_data)
{
  GtkDragSource *drag_source = gtk_drag_source_new ();
  Source *source = g_new0 (Source, 1);

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (ARIETTA_IS_SESSION (session));

  source->widget = widget;
  source->session = g_object_ref (session);
  source->get_dragged = get_dragged;
  source->user_data = user_data;
  gtk_drag_source_set_actions (drag_source, GDK_ACTION_COPY);
  /* Before a button or a list makes a click of it; a press that does not move is still theirs. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag_source), GTK_PHASE_CAPTURE);
  g_signal_connect_data (drag_source, "prepare", G_CALLBACK (prepare_cb), source, source_free, 0);
  g_signal_connect (drag_source, "drag-begin", G_CALLBACK (begin_cb), source);
  g_signal_connect (drag_source, "drag-cancel", G_CALLBACK (cancel_cb), source);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag_source));
}
