/* arietta-nn-error.h - what can go wrong with weights and training */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_NN_ERROR (arietta_nn_error_quark ())
GQuark arietta_nn_error_quark (void);

typedef enum
{
  ARIETTA_NN_ERROR_NOT_FINITE, /* a loss or gradient turned NaN or infinite; says step and operation */
  ARIETTA_NN_ERROR_MALFORMED,  /* a weight or state file does not hold together */
  ARIETTA_NN_ERROR_MISMATCH,   /* a sound file, but not of this model: names or shapes differ */
  ARIETTA_NN_ERROR_UNKNOWN,    /* a dtype or version this program does not know */
  ARIETTA_NN_ERROR_IO,
} AriettaNnError;

G_END_DECLS
