/* arietta-synth-source.h - a sequencer as a GStreamer source
 *
 * Interleaved stereo float at ARIETTA_SAMPLE_RATE in buffers of ARIETTA_SYNTH_SOURCE_FRAMES; it flows
 * for ever, silent when the sequencer is.  Time stamps count rendered frames from 0; where the music stands is told
 * by the sequencer's marks, so seeking in the music never flushes the pipeline.
 */
#pragma once

#include <gst/base/gstpushsrc.h>

#include "audio/arietta-sequencer.h"

G_BEGIN_DECLS

#define ARIETTA_SYNTH_SOURCE_FRAMES 256  /* 5.8 ms */

#define ARIETTA_TYPE_SYNTH_SOURCE (arietta_synth_source_get_type ())
G_DECLARE_FINAL_TYPE (AriettaSynthSource, arietta_synth_source, ARIETTA, SYNTH_SOURCE, GstPushSrc)

/* Floating. */
GstElement *arietta_synth_source_new (AriettaSequencer *sequencer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
