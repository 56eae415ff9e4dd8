#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-notes-content.h"

#include <string.h>

#include "formats/arietta-history-bytes.h"
#include "formats/arietta-midi.h"
#include "music/arietta-note-carry.h"
#include "music/arietta-pitch.h"

#define TEXT_TYPE "text/plain;charset=utf-8"

/* Pieces and selections do not change, so a worker may read them. */
struct _AriettaNotesContent
{
  GdkContentProvider  parent_instance;

  AriettaPiece       *piece;
  AriettaSelection   *notes;
  gint64              grid_ticks;
};

G_DEFINE_FINAL_TYPE (AriettaNotesContent, arietta_notes_content, GDK_TYPE_CONTENT_PROVIDER)

typedef struct
{
  const char    *mime_type;   /* interned */
  GOutputStream *stream;      /* not touched by the worker */
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_object_unref (order->stream);
  g_free (order);
}

/* "C4 1 1/2 80": name, onset and length in quarters, velocity. */
static GBytes *
write_text (AriettaPiece *piece)
{
  GString *text = g_string_new (NULL);
  double quarter = arietta_piece_get_ticks_per_quarter (piece);

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        {
          g_autofree char *name = arietta_pitch_dup_name (notes[i].pitch, FALSE);

          g_string_append_printf (text, "%s\t%.6g\t%.6g\t%d\n", name, (double) notes[i].onset_ticks / quarter,
                                  (double) notes[i].duration_ticks / quarter, notes[i].velocity);
        }
    }
  return g_string_free_to_bytes (text);
}

static void
write_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  AriettaNotesContent *self = source;
  Order *order = data;
  g_autoptr(AriettaPiece) carried = arietta_notes_carry (self->piece, self->notes, self->grid_ticks);
  GError *error = NULL;
  GBytes *bytes = NULL;

  if (carried != NULL && strcmp (order->mime_type, ARIETTA_NOTES_TYPE) == 0)
    bytes = arietta_history_write_state (carried, &error);
  else if (carried != NULL && strcmp (order->mime_type, ARIETTA_NOTES_MIDI_TYPE) == 0)
    bytes = arietta_midi_write_bytes (carried, 1, &error);
  else if (carried != NULL && strcmp (order->mime_type, TEXT_TYPE) == 0)
    bytes = write_text (carried);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s", order->mime_type);
}

static void
passed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Order *order = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;
  GBytes *bytes = g_task_propagate_pointer (G_TASK (result), &error);

  if (bytes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* Kept until they have gone through. */
  g_task_set_task_data (task, bytes, (GDestroyNotify) g_bytes_unref);
  g_output_stream_write_all_async (order->stream, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                   g_task_get_priority (task), g_task_get_cancellable (task), passed_cb,
                                   g_object_ref (task));
}

static GdkContentFormats *
arietta_notes_content_ref_formats (GdkContentProvider *provider)
{
  static const char *mime_types[] = { ARIETTA_NOTES_TYPE, ARIETTA_NOTES_MIDI_TYPE, TEXT_TYPE };

  return gdk_content_formats_new (mime_types, G_N_ELEMENTS (mime_types));
}

static void
arietta_notes_content_write_mime_type_async (GdkContentProvider  *provider,
                                             const char          *mime_type,
                                             GOutputStream       *stream,
                                             int                  priority,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data)
{
  GTask *task = g_task_new (provider, cancellable, callback, user_data);
  g_autoptr(GTask) work = g_task_new (provider, cancellable, written_cb, task);
  Order *order = g_new0 (Order, 1);

  g_task_set_source_tag (task, arietta_notes_content_write_mime_type_async);
  g_task_set_priority (task, priority);
  order->mime_type = g_intern_string (mime_type);
  order->stream = g_object_ref (stream);
  g_task_set_source_tag (work, arietta_notes_content_write_mime_type_async);
  g_task_set_task_data (work, order, order_free);
  g_task_run_in_thread (work, write_in_thread);
}

static gboolean
arietta_notes_content_write_mime_type_finish (GdkContentProvider  *provider,
                                              GAsyncResult        *result,
                                              GError             **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
arietta_notes_content_finalize (GObject *object)
{
  AriettaNotesContent *self = ARIETTA_NOTES_CONTENT (object);

  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_pointer (&self->notes, arietta_selection_unref);

  G_OBJECT_CLASS (arietta_notes_content_parent_class)->finalize (object);
}

static void
arietta_notes_content_class_init (AriettaNotesContentClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = arietta_notes_content_finalize;
  provider_class->ref_formats = arietta_notes_content_ref_formats;
  provider_class->write_mime_type_async = arietta_notes_content_write_mime_type_async;
  provider_class->write_mime_type_finish = arietta_notes_content_write_mime_type_finish;
}

static void
arietta_notes_content_init (AriettaNotesContent *self)
{
}

GdkContentProvider *
arietta_notes_content_new (AriettaPiece     *piece,
                           AriettaSelection *notes,
                           gint64            grid_ticks)
{
  AriettaNotesContent *self = g_object_new (ARIETTA_TYPE_NOTES_CONTENT, NULL);

  self->piece = arietta_piece_ref (piece);
  self->notes = arietta_selection_ref (notes);
  self->grid_ticks = grid_ticks;
  return GDK_CONTENT_PROVIDER (self);
}
