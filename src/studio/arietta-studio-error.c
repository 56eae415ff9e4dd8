#include "studio/arietta-studio-error.h"

#include "base/arietta-error.h"

ARIETTA_DEFINE_ERROR (studio)
