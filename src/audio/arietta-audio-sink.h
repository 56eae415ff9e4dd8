/* arietta-audio-sink.h - where sound goes
 *
 * autoaudiosink with short buffers; without a device it plays into a silent sink that keeps time,
 * so that a transport goes on as usual.  ARIETTA_AUDIO_SINK in the environment names another sink as
 * gst-launch would ("fakesink sync=true"): for tests and for odd machines.
 *
 * Threads: any.  Opening the device (READY and up) may take a while: not on the main loop.
 */
#pragma once

#include <gst/gst.h>

#include "audio/arietta-audio-error.h"

G_BEGIN_DECLS

/* gst_init () for whoever comes first; nothing when it is done already. */
gboolean    arietta_audio_init           (GError     **error);
/* Where nobody chose otherwise: from key to ear in 35 ms, and no drop-outs on a busy machine. */
#define ARIETTA_AUDIO_LATENCY_MS 40

/* @latency_ms: how much sound the device holds in advance, handed to it in four pieces.  Floating. */
GstElement *arietta_audio_sink_new       (guint        latency_ms,
                                          GError     **error) G_GNUC_WARN_UNUSED_RESULT;
/* Keeps time and is heard by nobody; floating, NULL only without GStreamer's basic plugins. */
GstElement *arietta_audio_sink_new_silent (GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a device that can be heard opens now.  Waits for it: not on the main loop. */
gboolean    arietta_audio_sink_probe     (void);
/* Whether nobody can hear it; known once the sink is READY. */
gboolean    arietta_audio_sink_is_silent (GstElement  *sink);

G_END_DECLS
