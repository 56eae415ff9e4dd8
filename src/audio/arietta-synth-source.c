#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-synth-source.h"

#include <gst/audio/audio.h>

#define FRAME_BYTES (2 * sizeof (float))

struct _AriettaSynthSource
{
  GstPushSrc        parent_instance;

  AriettaSequencer *sequencer;
  guint64           frame;      /* of the streaming thread */
};

G_DEFINE_FINAL_TYPE (AriettaSynthSource, arietta_synth_source, GST_TYPE_PUSH_SRC)

static GstStaticPadTemplate source_template =
  GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                           GST_STATIC_CAPS ("audio/x-raw, format = " GST_AUDIO_NE (F32) ", "
                                            "rate = " G_STRINGIFY (ARIETTA_SAMPLE_RATE) ", "
                                            "channels = 2, layout = interleaved"));

static GstClockTime
time_of_frame (guint64 frame)
{
  return gst_util_uint64_scale (frame, GST_SECOND, ARIETTA_SAMPLE_RATE);
}

static gboolean
arietta_synth_source_start (GstBaseSrc *base)
{
  ARIETTA_SYNTH_SOURCE (base)->frame = 0;
  return TRUE;
}

static gboolean
arietta_synth_source_is_seekable (GstBaseSrc *base)
{
  return FALSE;
}

static GstFlowReturn
arietta_synth_source_fill (GstPushSrc *base,
                           GstBuffer  *buffer)
{
  AriettaSynthSource *self = ARIETTA_SYNTH_SOURCE (base);
  GstMapInfo map;
  guint n_frames;

  if (!gst_buffer_map (buffer, &map, GST_MAP_WRITE))
    return GST_FLOW_ERROR;

  n_frames = map.size / FRAME_BYTES;
  arietta_sequencer_render (self->sequencer, (float *) map.data, n_frames, self->frame);
  gst_buffer_unmap (buffer, &map);

  GST_BUFFER_PTS (buffer) = time_of_frame (self->frame);
  GST_BUFFER_DURATION (buffer) = time_of_frame (self->frame + n_frames) - GST_BUFFER_PTS (buffer);
  GST_BUFFER_OFFSET (buffer) = self->frame;
  self->frame += n_frames;
  GST_BUFFER_OFFSET_END (buffer) = self->frame;

  return GST_FLOW_OK;
}

static void
arietta_synth_source_finalize (GObject *object)
{
  g_clear_pointer (&ARIETTA_SYNTH_SOURCE (object)->sequencer, arietta_sequencer_unref);

  G_OBJECT_CLASS (arietta_synth_source_parent_class)->finalize (object);
}

static void
arietta_synth_source_class_init (AriettaSynthSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSrcClass *base_class = GST_BASE_SRC_CLASS (klass);
  GstPushSrcClass *push_class = GST_PUSH_SRC_CLASS (klass);

  object_class->finalize = arietta_synth_source_finalize;
  base_class->start = arietta_synth_source_start;
  base_class->is_seekable = arietta_synth_source_is_seekable;
  push_class->fill = arietta_synth_source_fill;

  gst_element_class_add_static_pad_template (element_class, &source_template);
  gst_element_class_set_static_metadata (element_class, "Arietta synthesiser", "Source/Audio",
                                         "Plays a piece through FluidSynth", "Arietta");
}

static void
arietta_synth_source_init (AriettaSynthSource *self)
{
  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_TIME);
  gst_base_src_set_blocksize (GST_BASE_SRC (self), ARIETTA_SYNTH_SOURCE_FRAMES * FRAME_BYTES);
}

GstElement *
arietta_synth_source_new (AriettaSequencer *sequencer)
{
  AriettaSynthSource *self;

  g_return_val_if_fail (sequencer != NULL, NULL);

  self = g_object_new (ARIETTA_TYPE_SYNTH_SOURCE, NULL);
  self->sequencer = arietta_sequencer_ref (sequencer);

  return GST_ELEMENT (self);
}
