/* arietta-checkpoint.h - weights and whole states of training, in safetensors files
 *
 * Weights: one tensor for each parameter, under its name; what a model ships and loads.
 *
 * Training state: everything a run needs to go on as if it had never stopped: weights, both moments,
 * the average of the weights if there is one, the number of steps, the random streams, and the
 * caller's own small facts (its place in the shuffled data, the best loss so far).  One file, so
 * that its parts always belong together.  Numbers are kept bit for bit: a run that was killed and
 * resumed ends with the same weights as one that was not.
 *
 * All files are written atomically and durably; loading changes nothing unless all of the file fits.
 *
 * Errors: ARIETTA_NN_ERROR with file and place; MISMATCH if names or shapes differ from the parameters'.
 * Threads: as the parameters.
 */
#pragma once

#include "base/arietta-random.h"
#include "nn/arietta-average.h"
#include "nn/arietta-optimiser.h"
#include "nn/arietta-safetensors.h"

G_BEGIN_DECLS

/* @dtype: ARIETTA_DTYPE_F32 or _F16.  @metadata: pairs of key and value ending with NULL, or NULL. */
gboolean arietta_weights_save (AriettaParams       *params,
                               const char          *path,
                               AriettaDtype         dtype,
                               const char *const   *metadata,
                               GError             **error);
/* Every parameter must be in the file with its shape; other tensors are let be.  @name stands for the
 * file in sentences. */
gboolean arietta_weights_load (AriettaParams       *params,
                               AriettaSafetensors  *file,
                               const char          *name,
                               GError             **error);

typedef struct _AriettaTrainingState AriettaTrainingState;

/* @optimiser, and so its parameters, is borrowed. */
AriettaTrainingState *arietta_training_state_new        (AriettaOptimiser     *optimiser) G_GNUC_WARN_UNUSED_RESULT;
void                  arietta_training_state_free       (AriettaTrainingState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaTrainingState, arietta_training_state_free)

/* Saved with the state and set again by loading; @average is borrowed, and is not swapped in then. */
void                  arietta_training_state_set_average (AriettaTrainingState *self,
                                                         AriettaAverage       *average);
/* Saved with the state and set again by loading; @stream is borrowed. */
void                  arietta_training_state_add_stream (AriettaTrainingState *self,
                                                         const char           *name,
                                                         AriettaRandom        *stream);
/* The caller's own; any UTF-8 text. */
void                  arietta_training_state_set        (AriettaTrainingState *self,
                                                         const char           *key,
                                                         const char           *value);
void                  arietta_training_state_set_int    (AriettaTrainingState *self,
                                                         const char           *key,
                                                         gint64                value);
/* Exactly, by its bits. */
void                  arietta_training_state_set_double (AriettaTrainingState *self,
                                                         const char           *key,
                                                         double                value);
/* NULL, or @otherwise, if there is none. */
const char           *arietta_training_state_get        (AriettaTrainingState *self,
                                                         const char           *key);
gint64                arietta_training_state_get_int    (AriettaTrainingState *self,
                                                         const char           *key,
                                                         gint64                otherwise);
double                arietta_training_state_get_double (AriettaTrainingState *self,
                                                         const char           *key,
                                                         double                otherwise);

gboolean              arietta_training_state_save       (AriettaTrainingState  *self,
                                                         const char            *path,
                                                         GError               **error);
/* A stream that was added but is not in the file is an error; own facts are replaced by the file's. */
gboolean              arietta_training_state_load       (AriettaTrainingState  *self,
                                                         const char            *path,
                                                         GError               **error);

G_END_DECLS
