/* arietta-studio-error.h - what can be wrong with what was asked for */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_STUDIO_ERROR (arietta_studio_error_quark ())
GQuark arietta_studio_error_quark (void);

typedef enum
{
  ARIETTA_STUDIO_ERROR_UNKNOWN_MODEL,
  ARIETTA_STUDIO_ERROR_UNKNOWN_STYLE,
  ARIETTA_STUDIO_ERROR_UNKNOWN_DATASET,
  ARIETTA_STUDIO_ERROR_UNABLE,      /* the model or the material cannot do this */
  ARIETTA_STUDIO_ERROR_NOTHING,     /* an empty folder, an empty dataset */
  ARIETTA_STUDIO_ERROR_CANCELLED,
  ARIETTA_STUDIO_ERROR_NOT_FOUND,   /* a file or folder that was named is not there */
} AriettaStudioError;

G_END_DECLS
