/* arietta-audio-error.h - what can go wrong with sound */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_AUDIO_ERROR (arietta_audio_error_quark ())
GQuark arietta_audio_error_quark (void);

typedef enum
{
  ARIETTA_AUDIO_ERROR_NO_SOUNDFONT,  /* none found, or the chosen one cannot be loaded */
  ARIETTA_AUDIO_ERROR_NO_DEVICE,
  ARIETTA_AUDIO_ERROR_NO_ENCODER,    /* the GStreamer element is missing; the sentence names it */
  ARIETTA_AUDIO_ERROR_DECODE,
  ARIETTA_AUDIO_ERROR_IO,            /* unwritable, full disk */
  ARIETTA_AUDIO_ERROR_CANCELLED,
} AriettaAudioError;

G_END_DECLS
