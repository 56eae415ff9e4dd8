#include "nn/arietta-nn-error.h"

#include "base/arietta-error.h"

ARIETTA_DEFINE_ERROR (nn)
