/* arietta-synth-setup.h - what a synth deck needs and what takes its time: a SoundFont and a device
 *
 * Both are had in a worker thread, since loading takes 65 ms and more and a device may take longer.
 */
#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

#include "audio/arietta-sequencer.h"

G_BEGIN_DECLS

typedef struct
{
  char         *soundfont;  /* the path that was loaded */
  AriettaSynth *synth;
  GstElement   *pipeline;   /* source to sink, PAUSED; NULL when none was asked for */
  gboolean      silent;     /* the sink has no device */
} AriettaSynthSetup;

void               arietta_synth_setup_free  (AriettaSynthSetup    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaSynthSetup, arietta_synth_setup_free)

typedef enum
{
  ARIETTA_SYNTH_SETUP_NO_PIPELINE,
  ARIETTA_SYNTH_SETUP_DEVICE,   /* where none can be opened, a silent sink that keeps time */
  ARIETTA_SYNTH_SETUP_SILENT,   /* that at once: the device has just failed */
} AriettaSynthSetupOutput;

/* @soundfont NULL: the default.  A pipeline is fed by @sequencer. */
void               arietta_synth_setup_async (const char           *soundfont,
                                              AriettaSequencer     *sequencer,
                                              AriettaSynthSetupOutput output,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
/* G_IO_ERROR_CANCELLED when cancelled: then @user_data may be gone. */
AriettaSynthSetup *arietta_synth_setup_finish (GAsyncResult        *result,
                                               GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
