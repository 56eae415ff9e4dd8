/* arietta-formats-error.h - what can be wrong with a music file */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_FORMATS_ERROR (arietta_formats_error_quark ())
GQuark arietta_formats_error_quark (void);

typedef enum
{
  ARIETTA_FORMATS_ERROR_NOT_MUSIC,   /* not of the format its reader knows */
  ARIETTA_FORMATS_ERROR_TRUNCATED,   /* ends before what it promised */
  ARIETTA_FORMATS_ERROR_MALFORMED,   /* holds something that cannot be */
  ARIETTA_FORMATS_ERROR_UNSUPPORTED, /* sound, but of a kind this program does not read or write */
  ARIETTA_FORMATS_ERROR_IO,
} AriettaFormatsError;

G_END_DECLS
