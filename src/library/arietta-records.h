/* arietta-records.h - the rows of the library as plain values
 *
 * Every record is a snapshot, owned by whoever got it and freed with its own free function; changing one
 * changes nothing in the library.  Ids are SQLite row ids, never reused.  Strings are UTF-8.
 */
#pragma once

#include <gio/gio.h>

#include "formats/arietta-formats.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_SPLIT_TRAIN,
  ARIETTA_SPLIT_VALIDATION,
  ARIETTA_SPLIT_TEST,
} AriettaSplit;

const char *arietta_split_get_name (AriettaSplit  split);           /* "train" ... */
gboolean    arietta_split_parse    (const char   *name,
                                    AriettaSplit *split);

/* One file in the library. Note files are copied into the library's folder under their content's hash;
 * sound files stay where they are and are checked by size and hash.  A record and its strings are one block:
 * none of them can be taken out or put in. */
typedef struct
{
  gint64         id;
  gint64         dataset_id;
  AriettaMedium  medium;
  char          *title;
  char          *file_name;      /* as it was when imported */
  char          *source_path;
  char          *path;           /* where its bytes are now */
  char          *digest;         /* of the notes (arietta_piece_dup_digest) or of the sound file's bytes */
  char          *style;          /* label, or "" */
  char          *licence;        /* SPDX id, LicenseRef-..., NOASSERTION */
  gboolean       may_train;
  AriettaSplit   split;
  double         seconds;
  guint          n_notes;
  guint          n_tracks;
  guint          n_warnings;
  gint64         added_unix;
  gboolean       example;        /* composed by the bundled model at first start */
} AriettaItem;

typedef struct
{
  gint64  id;
  char   *name;
  guint   n_items, n_train, n_validation, n_test, n_sound;
  char   *styles;                /* "folk 120, hymn 40" for one line of text */
} AriettaDataset;

/* A file that could not be imported. */
typedef struct
{
  gint64  id;
  gint64  dataset_id;
  char   *path;
  char   *reason;
  gint64  unix_time;
} AriettaRefusal;

typedef enum
{
  ARIETTA_MODEL_READY,
  ARIETTA_MODEL_TRAINING,  /* some process holds its run's lock */
  ARIETTA_MODEL_PAUSED,
} AriettaModelState;

/* A model trained here. Bundled ones are files beside the program, see learning/arietta-model-store.h. */
typedef struct
{
  gint64             id;
  char              *name;
  char              *kind;
  gint64             dataset_id;   /* 0 when the dataset is gone */
  char              *folder;       /* its run: recipe, checkpoint, log, card */
  AriettaModelState  state;
  gint64             created_unix;
} AriettaModelRecord;

/* One result of composing. Never overwritten; a deleted one can be brought back. */
typedef struct
{
  gint64    id;
  char     *title;
  char     *model;       /* name */
  char     *model_hash;  /* sha256 of its weights */
  guint64   seed;
  char     *settings;    /* JSON: everything that made it (bars, key, temperature, plan, sources ...) */
  char     *style;
  gboolean  starred;
  gboolean  example;
  gint64    parent_id;   /* 0: none */
  char     *note;        /* a person's; "" for none */
  gint64    created_unix;
  double    seconds;
  guint     n_notes;
} AriettaTake;

typedef struct
{
  gint64   id;
  gint64   item_id;      /* one of the two is 0 */
  gint64   take_id;
  gint64   unix_time;
  double   seconds;      /* listened */
  int      liking;       /* 1 like, -1 dislike, 0 only played; 0 and no seconds takes the last word back */
} AriettaListen;

void arietta_item_free         (AriettaItem        *self);
void arietta_dataset_free      (AriettaDataset     *self);
void arietta_refusal_free      (AriettaRefusal     *self);
void arietta_model_record_free (AriettaModelRecord *self);
void arietta_take_free         (AriettaTake        *self);
void arietta_listen_free       (AriettaListen      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaItem, arietta_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaDataset, arietta_dataset_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaRefusal, arietta_refusal_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaModelRecord, arietta_model_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaTake, arietta_take_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaListen, arietta_listen_free)

G_END_DECLS
