/* arietta-drawing-error.h - what can go wrong when a picture is written */
#pragma once

#include "base/arietta-error.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_DRAWING_ERROR_UNKNOWN_FORMAT, /* the ending is neither .png nor .svg */
  ARIETTA_DRAWING_ERROR_WRITE,          /* the file could not be written */
  ARIETTA_DRAWING_ERROR_MEMORY,         /* no room for the picture */
} AriettaDrawingError;

#define ARIETTA_DRAWING_ERROR (arietta_drawing_error_quark ())
GQuark arietta_drawing_error_quark (void);

G_END_DECLS
