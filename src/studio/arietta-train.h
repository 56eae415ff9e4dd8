/* arietta-train.h - teaching a model from a dataset; stopping and going on
 *
 * A run is a folder: recipe, checkpoint (weights and training state), log.jsonl, card.json.  It
 * writes a checkpoint at least every 30 seconds of training, so that nothing worse than that is
 * lost by a crash; at the next start a run whose lock nobody holds stands as paused.
 */
#pragma once

#include "library/arietta-library.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

typedef struct
{
  const char *kind;          /* "melody-vae" */
  const char *dataset;       /* name */
  const char *name;          /* of the model; NULL: made from kind and dataset */
  const char *recipe_path;   /* NULL: the kind's default */
  const char *from;          /* the model to teach further, by its recipe; kind and recipe_path are then its own */
  const char *const *paths;  /* NULL-terminated: files brought into @dataset first (arietta_tune_bring_in ()); NULL: none */
  const char *resume;        /* name of a paused model: the fields above are then its own */
  double      minutes;       /* 0: as the recipe says */
  guint       epochs;        /* 0: as the recipe says */
  guint64     seed;
  gboolean    export_bundle; /* also write NAME.{safetensors,json,log} for models/ */
} AriettaTrainRequest;

/* What the page draws while it runs; called from the worker about once a second. */
typedef struct
{
  guint64 step;
  double  seconds;
  double  train_loss;
  double  validation_loss;   /* NaN when not measured at this step */
  double  learning_rate;
} AriettaTrainPoint;

typedef void (*AriettaTrainFunc) (const AriettaTrainPoint *point,
                                  gpointer                 user_data);

typedef struct
{
  char    *model;
  guint64  steps;
  double   seconds;
  double   train_loss;
  double   validation_loss;
  char    *checkpoint;
} AriettaTrainResult;

void                arietta_train_result_free (AriettaTrainResult         *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaTrainResult, arietta_train_result_free)

/* Blocks. Pausing the job writes a checkpoint and waits; cancelling leaves the run paused; "stop
 * and keep" is arietta_train_stop_and_keep (). */
AriettaTrainResult *arietta_train             (AriettaLibrary             *library,
                                               const AriettaTrainRequest  *request,
                                               AriettaTrainFunc            func,
                                               gpointer                    user_data,
                                               AriettaJob                 *job,
                                               GError                    **error);
/* Makes a paused run's best weights its result. */
gboolean            arietta_train_stop_and_keep (AriettaLibrary           *library,
                                                 const char               *model,
                                                 GError                  **error);
/* Points of a run so far, from its log: an array of AriettaTrainPoint.  @folder is the run's, or the path of a bundled
 * model's log. */
GArray             *arietta_train_read_log    (const char                 *folder,
                                               GError                    **error);
/* Marks runs that were cut off (unfinished, and nobody holds their lock) as PAUSED; the number of
 * them. */
guint               arietta_train_find_paused (AriettaLibrary             *library,
                                               GError                    **error);

G_END_DECLS
