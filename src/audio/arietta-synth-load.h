/* arietta-synth-load.h - a synthesiser with its SoundFont, made in a worker: loading takes 65 ms and more */
#pragma once

#include <gio/gio.h>

#include "audio/arietta-synth.h"

G_BEGIN_DECLS

/* @soundfont NULL: the default. */
void          arietta_synth_load_async  (const char           *soundfont,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
/* @soundfont gets the path that was loaded.  G_IO_ERROR_CANCELLED when cancelled: then the user data may be gone. */
AriettaSynth *arietta_synth_load_finish (GAsyncResult         *result,
                                         char                **soundfont,
                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
