#include "drawing/arietta-drawing-error.h"

ARIETTA_DEFINE_ERROR (drawing)
