/* arietta-library-error.h - what can go wrong with the library */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_LIBRARY_ERROR (arietta_library_error_quark ())
GQuark arietta_library_error_quark (void);

typedef enum
{
  ARIETTA_LIBRARY_ERROR_NEWER,      /* made by a newer version of the program; it is left untouched */
  ARIETTA_LIBRARY_ERROR_DAMAGED,
  ARIETTA_LIBRARY_ERROR_BUSY,       /* another program wrote for longer than the busy timeout, or trains the model */
  ARIETTA_LIBRARY_ERROR_FULL,       /* the disk is full */
  ARIETTA_LIBRARY_ERROR_IO,
  ARIETTA_LIBRARY_ERROR_NOT_FOUND,
  ARIETTA_LIBRARY_ERROR_EXISTS,
} AriettaLibraryError;

G_END_DECLS
