#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-synth-setup.h"

#include <glib/gi18n.h>

#include "audio/arietta-audio-sink.h"
#include "audio/arietta-soundfont.h"
#include "audio/arietta-synth-source.h"
#include "base/arietta-error.h"

typedef struct
{
  char             *soundfont;  /* or NULL */
  AriettaSequencer *sequencer;
  AriettaSynthSetupOutput output;
} Order;

static void
order_free (Order *self)
{
  arietta_sequencer_unref (self->sequencer);
  g_free (self->soundfont);
  g_free (self);
}

static GstElement *
make_pipeline (AriettaSequencer  *sequencer,
               gboolean           mute,
               gboolean          *silent,
               GError           **error)
{
  g_autoptr(GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstElement *source = arietta_synth_source_new (sequencer);
  GstElement *convert = gst_element_factory_make ("audioconvert", NULL);
  GstElement *resample = gst_element_factory_make ("audioresample", NULL);
  GstElement *sink = NULL;

  if (convert != NULL && resample != NULL)
    sink = mute ? arietta_audio_sink_new_silent (error) : arietta_audio_sink_new (error);

  if (convert == NULL || resample == NULL)
    arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_DEVICE, NULL, NULL,
                       _("GStreamer’s base plugins are missing, so there is no sound."));

  if (sink == NULL)
    {
      g_clear_pointer (&source, gst_object_unref);
      g_clear_pointer (&convert, gst_object_unref);
      g_clear_pointer (&resample, gst_object_unref);
      return NULL;
    }

  gst_bin_add_many (GST_BIN (pipeline), source, convert, resample, sink, NULL);
  if (!gst_element_link_many (source, convert, resample, sink, NULL)
      || gst_element_set_state (pipeline, GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE)
    {
      gst_element_set_state (pipeline, GST_STATE_NULL);
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_DEVICE, NULL, NULL,
                         _("The sound device cannot be opened. Another program may be holding it."));
      return NULL;
    }

  *silent = arietta_audio_sink_is_silent (sink);
  return g_steal_pointer (&pipeline);
}

static GstElement *
make_some_pipeline (Order     *order,
                    gboolean  *silent,
                    GError   **error)
{
  if (order->output == ARIETTA_SYNTH_SETUP_DEVICE)
    {
      g_autoptr(GError) reason = NULL;
      GstElement *pipeline = make_pipeline (order->sequencer, FALSE, silent, &reason);

      if (pipeline != NULL)
        return pipeline;
      g_message ("%s", reason->message);
    }

  return make_pipeline (order->sequencer, TRUE, silent, error);
}

static void
setup_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  g_autoptr(AriettaSynthSetup) self = g_new0 (AriettaSynthSetup, 1);
  Order *order = data;
  GError *error = NULL;

  if (order->soundfont != NULL)
    self->soundfont = g_strdup (order->soundfont);
  else
    self->soundfont = arietta_soundfont_find (NULL, &error);

  if (self->soundfont != NULL)
    self->synth = arietta_synth_new (self->soundfont, &error);
  if (self->synth != NULL && order->output != ARIETTA_SYNTH_SETUP_NO_PIPELINE && arietta_audio_init (&error))
    self->pipeline = make_some_pipeline (order, &self->silent, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&self), (GDestroyNotify) arietta_synth_setup_free);
}

void
arietta_synth_setup_free (AriettaSynthSetup *self)
{
  if (self == NULL)
    return;

  if (self->pipeline != NULL)
    {
      gst_element_set_state (self->pipeline, GST_STATE_NULL);
      gst_object_unref (self->pipeline);
    }
  arietta_synth_free (self->synth);
  g_free (self->soundfont);
  g_free (self);
}

void
arietta_synth_setup_async (const char          *soundfont,
                           AriettaSequencer    *sequencer,
                           AriettaSynthSetupOutput output,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Order *order = g_new0 (Order, 1);

  order->soundfont = g_strdup (soundfont);
  order->sequencer = arietta_sequencer_ref (sequencer);
  order->output = output;
  g_task_set_source_tag (task, arietta_synth_setup_async);
  g_task_set_task_data (task, order, (GDestroyNotify) order_free);
  g_task_run_in_thread (task, setup_in_thread);
}

AriettaSynthSetup *
arietta_synth_setup_finish (GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
