#include "library/arietta-library-error.h"

#include "base/arietta-error.h"

ARIETTA_DEFINE_ERROR (library)
