#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-audio-error.h"

#include "base/arietta-error.h"

ARIETTA_DEFINE_ERROR (audio)
