/* arietta-train-private.h - a run, shared by the files arietta-train*.c */
#pragma once

#include "learning/arietta-training.h"
#include "studio/arietta-train.h"

G_BEGIN_DECLS

/* Stands in the folder while somebody trains; found without anybody holding the lock, it tells of a
 * crash. */
#define ARIETTA_TRAIN_MARK "unfinished"

/* A run being worked on. Its lock is held as long as this lives, and let go by the system if we
 * die. */
typedef struct
{
  AriettaLibrary     *library;
  AriettaModelRecord *record;
  AriettaRecipe      *recipe;
  AriettaTraining    *training;
  AriettaJob         *job;            /* borrowed, may be NULL */
  AriettaTrainFunc    func;
  gpointer            user_data;
  GError             *error;          /* of a checkpoint made within a callback */

  int                 lock;           /* file descriptor, -1 */
  guint64             seed;
  double              minutes;
  guint               epochs;
  gboolean            export_bundle;
  char               *dataset;
  char               *from;           /* the model that is taught further, or NULL */
  char               *recipe_name;    /* without folders; NULL: the kind's default */
  GPtrArray          *imports;        /* char *: commands that bring these items in again */

  GHashTable         *licences;       /* style -> GHashTable of licences as a set */
  guint               n_unstated;     /* training items whose licence is unstated */
  guint               n_sound, n_forbidden, n_skipped, n_unreadable;
} AriettaTrainWork;

/* --- its folder (arietta-train-folder.c) --- */
AriettaTrainWork *arietta_train_work_new       (AriettaLibrary             *library,
                                                AriettaJob                 *job);
void             arietta_train_work_free       (AriettaTrainWork           *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaTrainWork, arietta_train_work_free)

/* A new run as @request says, or the paused one of @model; both take its lock. */
gboolean         arietta_train_work_start      (AriettaTrainWork           *self,
                                                const AriettaTrainRequest  *request,
                                                GError                    **error);
gboolean         arietta_train_work_open       (AriettaTrainWork           *self,
                                                const char                 *model,
                                                GError                    **error);
char             *arietta_train_work_dup_path  (AriettaTrainWork           *self,
                                                const char                 *name);

/* --- the run (arietta-train.c) --- */

/* Gives the training what the dataset holds. */
gboolean         arietta_train_work_read       (AriettaTrainWork           *self,
                                                GError                    **error);

/* --- what stays of it (arietta-train-keep.c) --- */

/* Notes for the card that @item was learned from. */
void             arietta_train_work_note_item  (AriettaTrainWork           *self,
                                                const AriettaItem          *item);
/* Weights, card and, when asked for, the bundle; the model is ready. */
gboolean         arietta_train_work_finish     (AriettaTrainWork           *self,
                                                GError                    **error);

G_END_DECLS
