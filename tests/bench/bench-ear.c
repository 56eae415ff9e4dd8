#include "config.h"

#include "bench-ear.h"

#include <gst/base/gstbasesink.h>
#include <math.h>

#include "audio/arietta-audio-sink.h"

#define THRESHOLD 1e-4f

typedef struct
{
  GstBaseSink parent;
} Ear;

typedef struct
{
  GstBaseSinkClass parent_class;
} EarClass;

_Atomic gint64 bench_heard_us;

static GType ear_get_type (void);

G_DEFINE_TYPE (Ear, ear, GST_TYPE_BASE_SINK)

static GstStaticPadTemplate ear_template =
  GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
                           GST_STATIC_CAPS ("audio/x-raw, format = F32LE, layout = interleaved"));

void
bench_listen_to (const float *samples,
                 gsize        n)
{
  for (gsize i = 0; i < n; i++)
    if (fabsf (samples[i]) > THRESHOLD)
      {
        if (bench_heard_us == 0)
          bench_heard_us = g_get_monotonic_time ();
        return;
      }
}

/* Before the sink waits for the buffer's time: that is when it is handed over. */
static GstFlowReturn
ear_prepare (GstBaseSink *sink,
             GstBuffer   *buffer)
{
  GstMapInfo map;

  if (gst_buffer_map (buffer, &map, GST_MAP_READ))
    {
      bench_listen_to ((const float *) map.data, map.size / sizeof (float));
      gst_buffer_unmap (buffer, &map);
    }
  return GST_FLOW_OK;
}

static void
ear_class_init (EarClass *klass)
{
  GST_BASE_SINK_CLASS (klass)->prepare = ear_prepare;
  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (klass), &ear_template);
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass), "Ear", "Sink", "Listens", "Arietta");
}

static void
ear_init (Ear *self)
{
}

gboolean
bench_ear_init (void)
{
  g_setenv ("ARIETTA_AUDIO_SINK", "ariettaear sync=true", TRUE);
  return arietta_audio_init (NULL) && gst_element_register (NULL, "ariettaear", GST_RANK_NONE, ear_get_type ());
}

static gboolean
set_true_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
bench_run_for (guint ms)
{
  gboolean done = FALSE;

  g_timeout_add (ms, set_true_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}
