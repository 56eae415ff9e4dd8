#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-audio-sink.h"

#include <glib/gi18n.h>

#include "base/arietta-error.h"

static void
element_added_cb (GstBin     *bin,
                  GstElement *child,
                  gpointer    user_data)
{
  GObjectClass *class = G_OBJECT_GET_CLASS (child);
  gint64 latency_us = 1000 * (gint64) GPOINTER_TO_UINT (user_data);

  if (g_object_class_find_property (class, "buffer-time") != NULL
      && g_object_class_find_property (class, "latency-time") != NULL)
    g_object_set (child,
                  "buffer-time", latency_us,
                  "latency-time", latency_us / 4,
                  NULL);
}

static int
compare_fakesink_cb (gconstpointer value,
                     gconstpointer user_data)
{
  GstElementFactory *factory = gst_element_get_factory (g_value_get_object (value));

  return factory != NULL ? g_strcmp0 (GST_OBJECT_NAME (factory), "fakesink") : 1;
}

gboolean
arietta_audio_init (GError **error)
{
  g_autoptr(GError) reason = NULL;

  if (gst_init_check (NULL, NULL, &reason))
    return TRUE;

  arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_DEVICE, NULL, NULL,
                     _("GStreamer could not be started, so there is no sound: %s"),
                     reason != NULL ? reason->message : "?");
  return FALSE;
}

GstElement *
arietta_audio_sink_new (guint    latency_ms,
                        GError **error)
{
  const char *description = g_getenv ("ARIETTA_AUDIO_SINK");
  GstElement *sink;

  if (description != NULL && *description != '\0')
    {
      g_autoptr(GError) reason = NULL;

      sink = gst_parse_bin_from_description_full (description, TRUE, NULL,
                                                  GST_PARSE_FLAG_NO_SINGLE_ELEMENT_BINS | GST_PARSE_FLAG_FATAL_ERRORS,
                                                  &reason);
      if (sink == NULL)
        arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_DEVICE, NULL, NULL,
                           _("ARIETTA_AUDIO_SINK names no sound output (“%s”): %s"),
                           description, reason->message);
      return sink;
    }

  sink = gst_element_factory_make ("autoaudiosink", NULL);
  if (sink != NULL)
    {
      g_signal_connect (sink, "element-added", G_CALLBACK (element_added_cb), GUINT_TO_POINTER (latency_ms));
      return sink;
    }

  return arietta_audio_sink_new_silent (error);
}

GstElement *
arietta_audio_sink_new_silent (GError **error)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);

  if (sink == NULL)
    arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_DEVICE, NULL, NULL,
                       _("GStreamer’s basic plugins are missing, so there is no sound."));
  else
    g_object_set (sink, "sync", TRUE, NULL);

  return sink;
}

gboolean
arietta_audio_sink_probe (void)
{
  g_autoptr(GstElement) sink = NULL;
  GstElement *found;
  gboolean heard;

  if (!arietta_audio_init (NULL))
    return FALSE;

  found = arietta_audio_sink_new (ARIETTA_AUDIO_LATENCY_MS, NULL);
  if (found == NULL)
    return FALSE;

  sink = gst_object_ref_sink (found);
  heard = gst_element_set_state (sink, GST_STATE_READY) != GST_STATE_CHANGE_FAILURE
          && !arietta_audio_sink_is_silent (sink);
  gst_element_set_state (sink, GST_STATE_NULL);

  return heard;
}

gboolean
arietta_audio_sink_is_silent (GstElement *sink)
{
  g_auto(GValue) found = G_VALUE_INIT;
  g_auto(GValue) self = G_VALUE_INIT;
  GstIterator *children;
  gboolean silent;

  if (!GST_IS_BIN (sink))
    {
      g_value_init (&self, GST_TYPE_ELEMENT);
      g_value_set_object (&self, sink);
      return compare_fakesink_cb (&self, NULL) == 0;
    }

  children = gst_bin_iterate_recurse (GST_BIN (sink));
  silent = gst_iterator_find_custom (children, compare_fakesink_cb, &found, NULL);
  gst_iterator_free (children);

  return silent;
}
