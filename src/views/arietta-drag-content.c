#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-drag-content.h"

#include <string.h>

#define MIME "text/uri-list"

struct _AriettaDragContent
{
  GdkContentProvider  parent_instance;

  char               *line;      /* the address as it travels; NULL: not yet */
  GError             *error;
  GPtrArray          *waiting;   /* GTask, each with the stream to write to */
};

G_DEFINE_FINAL_TYPE (AriettaDragContent, arietta_drag_content, GDK_TYPE_CONTENT_PROVIDER)

static GdkContentFormats *
arietta_drag_content_ref_formats (GdkContentProvider *provider)
{
  static const char *mime_types[] = { MIME };

  return gdk_content_formats_new (mime_types, G_N_ELEMENTS (mime_types));
}

static void
written_cb (GObject      *source,
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
answer (AriettaDragContent *self,
        GTask              *task)
{
  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_output_stream_write_all_async (g_task_get_task_data (task), self->line, strlen (self->line),
                                     g_task_get_priority (task), g_task_get_cancellable (task), written_cb,
                                     g_object_ref (task));
}

static void
arietta_drag_content_write_mime_type_async (GdkContentProvider  *provider,
                                            const char          *mime_type,
                                            GOutputStream       *stream,
                                            int                  priority,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data)
{
  AriettaDragContent *self = ARIETTA_DRAG_CONTENT (provider);
  g_autoptr(GTask) task = g_task_new (provider, cancellable, callback, user_data);

  g_task_set_source_tag (task, arietta_drag_content_write_mime_type_async);
  g_task_set_priority (task, priority);
  g_task_set_task_data (task, g_object_ref (stream), g_object_unref);
  if (strcmp (mime_type, MIME) != 0)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s", mime_type);
  else if (self->line == NULL && self->error == NULL)
    g_ptr_array_add (self->waiting, g_object_ref (task));
  else
    answer (self, task);
}

static gboolean
arietta_drag_content_write_mime_type_finish (GdkContentProvider  *provider,
                                             GAsyncResult        *result,
                                             GError             **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
arietta_drag_content_finalize (GObject *object)
{
  AriettaDragContent *self = ARIETTA_DRAG_CONTENT (object);

  g_free (self->line);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->waiting);

  G_OBJECT_CLASS (arietta_drag_content_parent_class)->finalize (object);
}

static void
arietta_drag_content_class_init (AriettaDragContentClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = arietta_drag_content_finalize;
  provider_class->ref_formats = arietta_drag_content_ref_formats;
  provider_class->write_mime_type_async = arietta_drag_content_write_mime_type_async;
  provider_class->write_mime_type_finish = arietta_drag_content_write_mime_type_finish;
}

static void
arietta_drag_content_init (AriettaDragContent *self)
{
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

AriettaDragContent *
arietta_drag_content_new (void)
{
  return g_object_new (ARIETTA_TYPE_DRAG_CONTENT, NULL);
}

void
arietta_drag_content_give (AriettaDragContent *self,
                           const char         *path,
                           const GError       *error)
{
  g_autoptr(GPtrArray) waiting = NULL;

  g_return_if_fail (ARIETTA_IS_DRAG_CONTENT (self));
  g_return_if_fail (self->line == NULL && self->error == NULL);

  if (path != NULL)
    {
      g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);

      self->line = g_strconcat (uri, "\r\n", NULL);
    }
  else
    self->error = error != NULL ? g_error_copy (error)
                                : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "");

  waiting = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++)
    answer (self, waiting->pdata[i]);
}
