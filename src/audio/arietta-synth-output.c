#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-synth-output.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <gst/gst.h>

#include "audio/arietta-audio-sink.h"
#include "audio/arietta-synth-source.h"
#include "base/arietta-error.h"

/* A device that is gone is looked for this often, each time after twice as long. */
#define FIRST_RETRY_MS  2000
#define LAST_RETRY_MS   60000

struct _AriettaSynthOutput
{
  AriettaSynthOutputEvents  events;
  gpointer                  user_data;
  GCancellable             *cancellable;  /* cancelled when the output is gone; workers hold it */

  AriettaSequencer         *sequencer;
  GstElement               *pipeline;
  guint                     bus_watch;
  guint                     latency_ms;
  gboolean                  opening;
  gboolean                  outdated;     /* what is being opened is not what is wanted any more */
  gboolean                  silent;
  gboolean                  lost;         /* the device failed, and none was seen since */
  gboolean                  wanted;
  guint                     retry_id;
  guint                     retry_ms;
};

/* What a worker is asked for, and what it brings. */
typedef struct
{
  AriettaSequencer *sequencer;
  guint             latency_ms;
  gboolean          device;     /* or silence at once: the device has just failed */
  GstElement       *pipeline;   /* PAUSED */
  gboolean          silent;
} Order;

static void
order_free (Order *self)
{
  if (self->pipeline != NULL)
    {
      gst_element_set_state (self->pipeline, GST_STATE_NULL);
      gst_object_unref (self->pipeline);
    }
  arietta_sequencer_unref (self->sequencer);
  g_free (self);
}

/* ---- In a worker ---- */

static gboolean
make_pipeline (Order     *order,
               gboolean   device,
               GError   **error)
{
  g_autoptr(GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstElement *source = arietta_synth_source_new (order->sequencer);
  GstElement *convert = gst_element_factory_make ("audioconvert", NULL);
  GstElement *resample = gst_element_factory_make ("audioresample", NULL);
  GstElement *sink = NULL;

  if (convert != NULL && resample != NULL)
    sink = device ? arietta_audio_sink_new (order->latency_ms, error) : arietta_audio_sink_new_silent (error);

  if (convert == NULL || resample == NULL)
    arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_DEVICE, NULL, NULL,
                       _("GStreamer’s base plugins are missing, so there is no sound."));

  if (sink == NULL)
    {
      g_clear_pointer (&source, gst_object_unref);
      g_clear_pointer (&convert, gst_object_unref);
      g_clear_pointer (&resample, gst_object_unref);
      return FALSE;
    }

  gst_bin_add_many (GST_BIN (pipeline), source, convert, resample, sink, NULL);
  if (!gst_element_link_many (source, convert, resample, sink, NULL)
      || gst_element_set_state (pipeline, GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE)
    {
      gst_element_set_state (pipeline, GST_STATE_NULL);
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_DEVICE, NULL, NULL,
                         _("The sound device cannot be opened. Another program may be holding it."));
      return FALSE;
    }

  order->silent = arietta_audio_sink_is_silent (sink);
  order->pipeline = g_steal_pointer (&pipeline);
  return TRUE;
}

static void
open_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Order *order = data;
  g_autoptr(GError) reason = NULL;
  GError *error = NULL;
  gboolean made = FALSE;

  if (arietta_audio_init (&error))
    {
      if (order->device)
        made = make_pipeline (order, TRUE, &reason);
      if (reason != NULL)
        g_message ("%s", reason->message);
      if (!made)
        made = make_pipeline (order, FALSE, &error);
    }

  if (made)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
probe_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  g_task_return_boolean (task, arietta_audio_sink_probe ());
}

/* ---- On the main loop ---- */

static void look_for_device (AriettaSynthOutput *self);

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AriettaSynthOutput *self = user_data;
  gboolean there = g_task_propagate_boolean (G_TASK (result), NULL);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  if (!there)
    {
      self->retry_ms = MIN (2 * self->retry_ms, LAST_RETRY_MS);
      look_for_device (self);
      return;
    }

  self->lost = FALSE;
  if (self->pipeline == NULL || !self->silent)
    return;

  arietta_synth_output_close (self);
  arietta_synth_output_open (self);
}

static gboolean
retry_cb (gpointer user_data)
{
  AriettaSynthOutput *self = user_data;
  g_autoptr(GTask) task = g_task_new (NULL, self->cancellable, probed_cb, self);

  self->retry_id = 0;
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, probe_in_thread);

  return G_SOURCE_REMOVE;
}

static void
look_for_device (AriettaSynthOutput *self)
{
  if (self->pipeline != NULL && self->silent && self->wanted && self->retry_id == 0)
    self->retry_id = g_timeout_add (self->retry_ms, retry_cb, self);
}

static gboolean
bus_cb (GstBus     *bus,
        GstMessage *message,
        gpointer    user_data)
{
  AriettaSynthOutput *self = user_data;
  g_autoptr(GError) reason = NULL;
  g_autoptr(GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return G_SOURCE_CONTINUE;

  gst_message_parse_error (message, &reason, NULL);
  arietta_set_error (&error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_DEVICE, NULL, NULL,
                     _("The sound device stopped working: %s"), reason->message);

  self->bus_watch = 0;
  arietta_synth_output_close (self);
  if (!self->lost)
    {
      g_message ("%s", error->message);
      self->lost = TRUE;
      arietta_synth_output_open (self);
    }
  else
    self->events.failed (error, self->user_data);

  return G_SOURCE_REMOVE;
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Order *order = g_task_get_task_data (G_TASK (result));
  AriettaSynthOutput *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GstBus) bus = NULL;
  gboolean opened = g_task_propagate_boolean (G_TASK (result), &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  self->opening = FALSE;
  if (self->outdated)
    {
      self->outdated = FALSE;
      arietta_synth_output_open (self);
      return;
    }
  if (!opened)
    {
      self->events.failed (error, self->user_data);
      return;
    }

  self->pipeline = g_steal_pointer (&order->pipeline);
  self->silent = order->silent;
  bus = gst_element_get_bus (self->pipeline);
  self->bus_watch = gst_bus_add_watch (bus, bus_cb, self);
  look_for_device (self);
  self->events.opened (self->user_data);
}

AriettaSynthOutput *
arietta_synth_output_new (AriettaSequencer               *sequencer,
                          const AriettaSynthOutputEvents *events,
                          gpointer                        user_data)
{
  AriettaSynthOutput *self = g_new0 (AriettaSynthOutput, 1);

  self->events = *events;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  self->sequencer = arietta_sequencer_ref (sequencer);
  self->latency_ms = ARIETTA_AUDIO_LATENCY_MS;
  self->retry_ms = FIRST_RETRY_MS;

  return self;
}

void
arietta_synth_output_free (AriettaSynthOutput *self)
{
  if (self == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_pointer (&self->pipeline, gst_object_unref);
  g_clear_pointer (&self->sequencer, arietta_sequencer_unref);
  g_free (self);
}

void
arietta_synth_output_open (AriettaSynthOutput *self)
{
  g_autoptr(GTask) task = NULL;
  Order *order;

  if (self->pipeline != NULL || self->opening)
    return;

  self->opening = TRUE;
  order = g_new0 (Order, 1);
  order->sequencer = arietta_sequencer_ref (self->sequencer);
  order->latency_ms = self->latency_ms;
  order->device = !self->lost;

  task = g_task_new (NULL, self->cancellable, opened_cb, self);
  g_task_set_source_tag (task, arietta_synth_output_open);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, order, (GDestroyNotify) order_free);
  g_task_run_in_thread (task, open_in_thread);
}

void
arietta_synth_output_close (AriettaSynthOutput *self)
{
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  if (self->pipeline == NULL)
    return;

  self->events.closing (self->user_data);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_pointer (&self->pipeline, gst_object_unref);
  self->events.closed (self->user_data);
}

gboolean
arietta_synth_output_is_open (AriettaSynthOutput *self)
{
  return self->pipeline != NULL;
}

gboolean
arietta_synth_output_is_silent (AriettaSynthOutput *self)
{
  return self->silent;
}

void
arietta_synth_output_run (AriettaSynthOutput *self,
                          gboolean            run)
{
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, run ? GST_STATE_PLAYING : GST_STATE_PAUSED);
}

void
arietta_synth_output_set_wanted (AriettaSynthOutput *self,
                                 gboolean            wanted)
{
  self->wanted = wanted;
  if (!wanted)
    return;

  self->retry_ms = FIRST_RETRY_MS;
  look_for_device (self);
}

void
arietta_synth_output_set_latency (AriettaSynthOutput *self,
                                  guint               latency_ms)
{
  if (self->latency_ms == latency_ms)
    return;

  self->latency_ms = latency_ms;
  self->outdated = self->opening;
  if (self->pipeline == NULL)
    return;

  arietta_synth_output_close (self);
  arietta_synth_output_open (self);
}

gboolean
arietta_synth_output_get_frame (AriettaSynthOutput *self,
                                double             *frame)
{
  gint64 position_ns;

  if (self->pipeline == NULL || !gst_element_query_position (self->pipeline, GST_FORMAT_TIME, &position_ns))
    return FALSE;

  *frame = (double) position_ns * ARIETTA_SAMPLE_RATE / GST_SECOND;
  return TRUE;
}
