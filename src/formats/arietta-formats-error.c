#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-formats-error.h"

#include "base/arietta-error.h"

ARIETTA_DEFINE_ERROR (formats)
