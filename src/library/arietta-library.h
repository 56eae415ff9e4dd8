/* arietta-library.h - everything the studio remembers, in SQLite
 *
 * One folder (ARIETTA_DATA_DIR, else the XDG data directory's "arietta") with library.db and the files it
 * speaks of.  Several programs may use one library at once: WAL, a busy timeout, foreign keys on; changes
 * made by another program are noticed through PRAGMA data_version.  One writing connection per program,
 * guarded inside; reads have a connection of their own.  All functions may be called from any thread and
 * block for the time of the query: pages call the long ones through studio/.
 *
 * The schema has numbered migrations, each in one transaction.  A database from a newer program is refused
 * (ARIETTA_LIBRARY_ERROR_NEWER) and left untouched.
 *
 * Lists are GPtrArrays of records with a free function.  "Removed" rows keep existing, marked, until
 * arietta_library_empty_trash (), which is what undo stands on.
 */
#pragma once

#include <gio/gio.h>

#include "library/arietta-library-error.h"
#include "library/arietta-records.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_LIBRARY (arietta_library_get_type ())
G_DECLARE_FINAL_TYPE (AriettaLibrary, arietta_library, ARIETTA, LIBRARY, GObject)

/* Signal "changed" (AriettaLibraryTables tables): rows of these tables changed, by us or by another
 * program; emitted on the main context that was the thread default when the library was opened, folded. */
typedef enum
{
  ARIETTA_TABLE_ITEMS    = 1 << 0,
  ARIETTA_TABLE_DATASETS = 1 << 1,
  ARIETTA_TABLE_MODELS   = 1 << 2,
  ARIETTA_TABLE_TAKES    = 1 << 3,
  ARIETTA_TABLE_LISTENS  = 1 << 4,
  ARIETTA_TABLE_PROJECTS = 1 << 5,
} AriettaLibraryTables;

/* @folder NULL: the usual place; made when missing. */
AriettaLibrary *arietta_library_open               (const char       *folder,
                                                    GError          **error) G_GNUC_WARN_UNUSED_RESULT;
char           *arietta_library_dup_default_folder (void);
const char     *arietta_library_get_folder         (AriettaLibrary   *self);

/* --- datasets --- */
GPtrArray      *arietta_library_list_datasets      (AriettaLibrary   *self,
                                                    GError          **error);
AriettaDataset *arietta_library_find_dataset       (AriettaLibrary   *self,
                                                    const char       *name,
                                                    GError          **error);
/* The id of the dataset of that name, made if there is none; 0 on error. */
gint64          arietta_library_ensure_dataset     (AriettaLibrary   *self,
                                                    const char       *name,
                                                    GError          **error);
gboolean        arietta_library_rename_dataset     (AriettaLibrary   *self,
                                                    gint64            id,
                                                    const char       *name,
                                                    GError          **error);
gboolean        arietta_library_remove_dataset     (AriettaLibrary   *self,
                                                    gint64            id,
                                                    gboolean          removed,   /* FALSE: bring back */
                                                    GError          **error);

/* --- items --- */

/* What importing knows of a file before it is a row. */
typedef struct
{
  const char    *source_path;
  AriettaMedium  medium;
  AriettaPiece  *piece;         /* notes only */
  GBytes        *bytes;         /* notes only: copied into the library's folder; NULL: the piece as MIDI */
  const char    *title;         /* NULL: the piece's if it says anything, else the file name without
                                   its ending */
  const char    *digest;
  double         seconds;       /* sound only; else from the piece */
  const char    *style;
  const char    *licence;
  gboolean       may_train;
  int            split;         /* an AriettaSplit, or -1: by tune */
  guint          n_warnings;
  gboolean       example;
} AriettaNewItem;

/* The id; 0 and no error when content equal note for note is already in this dataset; 0 and an error.
 * With split -1 the side is drawn by tune: pieces whose normalised title or first twelve melody intervals
 * are equal share a side, and a side once given never changes. */
gint64          arietta_library_add_item           (AriettaLibrary         *self,
                                                    gint64                  dataset_id,
                                                    const AriettaNewItem   *item,
                                                    GError                **error);
/* Many at once in one transaction; all or none.  Fills ids[i] as arietta_library_add_item () returns. */
gboolean        arietta_library_add_items          (AriettaLibrary         *self,
                                                    gint64                  dataset_id,
                                                    const AriettaNewItem   *items,
                                                    guint                   n_items,
                                                    gint64                 *ids,
                                                    GError                **error);
/* dataset_id 0: of all datasets; @search NULL or words that must all occur in title, file name or style. */
GPtrArray      *arietta_library_list_items         (AriettaLibrary   *self,
                                                    gint64            dataset_id,
                                                    const char       *search,
                                                    GError          **error);
AriettaItem    *arietta_library_get_item           (AriettaLibrary   *self,
                                                    gint64            id,
                                                    GError          **error);
/* Reads the item's notes from its stored file. */
AriettaPiece   *arietta_library_load_item          (AriettaLibrary   *self,
                                                    gint64            id,
                                                    GError          **error);
gboolean        arietta_library_set_item_style     (AriettaLibrary   *self,
                                                    const gint64     *ids,
                                                    guint             n_ids,
                                                    const char       *style,
                                                    GError          **error);
gboolean        arietta_library_set_item_licence   (AriettaLibrary   *self,
                                                    const gint64     *ids,
                                                    guint             n_ids,
                                                    const char       *licence,
                                                    GError          **error);
gboolean        arietta_library_set_item_may_train (AriettaLibrary   *self,
                                                    const gint64     *ids,
                                                    guint             n_ids,
                                                    gboolean          may_train,
                                                    GError          **error);
gboolean        arietta_library_remove_items       (AriettaLibrary   *self,
                                                    const gint64     *ids,
                                                    guint             n_ids,
                                                    gboolean          removed,
                                                    GError          **error);

/* The digest of a sound file's item: SHA-256 in hex over the file's bytes. */
char           *arietta_library_dup_file_digest    (const char       *path,
                                                    GError          **error);

/* Features: named vectors of an item or a take ("style-measure-1", "latent:SHA256"), computed once. */
gboolean        arietta_library_set_feature        (AriettaLibrary   *self,
                                                    gboolean          of_take,
                                                    gint64            id,
                                                    const char       *name,
                                                    const float      *values,
                                                    guint             n_values,
                                                    GError          **error);
/* A new array of *n_values floats, or NULL without error when there is none. */
float          *arietta_library_get_feature        (AriettaLibrary   *self,
                                                    gboolean          of_take,
                                                    gint64            id,
                                                    const char       *name,
                                                    guint            *n_values,
                                                    GError          **error);

/* All of one name at once: gint64 * (the id) -> float *, each of @n_values; those of another size are left
 * out. */
GHashTable     *arietta_library_list_features      (AriettaLibrary   *self,
                                                    gboolean          of_takes,
                                                    const char       *name,
                                                    guint             n_values,
                                                    GError          **error);
/* Many of one name in one transaction; values (n, n_values). */
gboolean        arietta_library_set_features       (AriettaLibrary   *self,
                                                    gboolean          of_takes,
                                                    const gint64     *ids,
                                                    guint             n,
                                                    const char       *name,
                                                    const float      *values,
                                                    guint             n_values,
                                                    GError          **error);

/* --- refused files --- */
gboolean        arietta_library_add_refusal        (AriettaLibrary   *self,
                                                    gint64            dataset_id,
                                                    const char       *path,
                                                    const char       *reason,
                                                    GError          **error);
/* Many at once in one transaction; their times are filled in. */
gboolean        arietta_library_add_refusals       (AriettaLibrary        *self,
                                                    AriettaRefusal *const *refusals,
                                                    guint                  n_refusals,
                                                    GError               **error);
GPtrArray      *arietta_library_list_refusals      (AriettaLibrary   *self,
                                                    gint64            dataset_id,
                                                    GError          **error);
gboolean        arietta_library_clear_refusals     (AriettaLibrary   *self,
                                                    gint64            dataset_id,
                                                    GError          **error);

/* --- models trained here --- */

/* A new run: makes its folder; 0 on error (ARIETTA_LIBRARY_ERROR_EXISTS when the name is taken). */
gint64              arietta_library_add_model       (AriettaLibrary     *self,
                                                     const char         *name,
                                                     const char         *kind,
                                                     gint64              dataset_id,
                                                     GError            **error);
GPtrArray          *arietta_library_list_models     (AriettaLibrary     *self,
                                                     GError            **error);
AriettaModelRecord *arietta_library_find_model      (AriettaLibrary     *self,
                                                     const char         *name,
                                                     GError            **error);
gboolean            arietta_library_set_model_state (AriettaLibrary     *self,
                                                     gint64              id,
                                                     AriettaModelState   state,
                                                     GError            **error);
gboolean            arietta_library_rename_model    (AriettaLibrary     *self,
                                                     gint64              id,
                                                     const char         *name,
                                                     GError            **error);
gboolean            arietta_library_remove_model    (AriettaLibrary     *self,
                                                     gint64              id,
                                                     gboolean            removed,
                                                     GError            **error);

/* Holds the run of @model for as long as this process trains it: a descriptor for
 * arietta_library_release_model (), or -1 (ARIETTA_LIBRARY_ERROR_BUSY: another training holds it, and did
 * for @patience_ms).  The hold ends with the process, however it ends; a model whose state is TRAINING and
 * that nobody holds is listed as PAUSED.  May be called from any thread; blocks for as long as it tries. */
int                 arietta_library_hold_model      (AriettaLibrary            *self,
                                                     const AriettaModelRecord  *model,
                                                     guint                      patience_ms,
                                                     GError                   **error);
void                arietta_library_release_model   (int                        fd);

/* --- takes --- */
/* Stores notes (as MIDI bytes) and facts in one transaction; fills in take->id. */
gboolean        arietta_library_add_take           (AriettaLibrary   *self,
                                                    AriettaTake      *take,
                                                    AriettaPiece     *piece,
                                                    GError          **error);
/* Newest first. */
GPtrArray      *arietta_library_list_takes         (AriettaLibrary   *self,
                                                    GError          **error);
AriettaTake    *arietta_library_get_take           (AriettaLibrary   *self,
                                                    gint64            id,
                                                    GError          **error);
AriettaPiece   *arietta_library_load_take          (AriettaLibrary   *self,
                                                    gint64            id,
                                                    GError          **error);
gboolean        arietta_library_rename_take        (AriettaLibrary   *self,
                                                    gint64            id,
                                                    const char       *title,
                                                    GError          **error);
/* What a person has to say of it; "" for nothing. */
gboolean        arietta_library_note_take          (AriettaLibrary   *self,
                                                    gint64            id,
                                                    const char       *note,
                                                    GError          **error);
gboolean        arietta_library_star_take          (AriettaLibrary   *self,
                                                    gint64            id,
                                                    gboolean          starred,
                                                    GError          **error);
gboolean        arietta_library_remove_takes       (AriettaLibrary   *self,
                                                    const gint64     *ids,
                                                    guint             n_ids,
                                                    gboolean          removed,
                                                    GError          **error);

/* --- listens --- */
gboolean        arietta_library_add_listen         (AriettaLibrary       *self,
                                                    const AriettaListen  *listen,
                                                    GError              **error);
GPtrArray      *arietta_library_list_listens       (AriettaLibrary       *self,
                                                    GError              **error);

/* Small facts about the library itself ("examples-made": "1"). NULL when unset. */
char           *arietta_library_dup_fact           (AriettaLibrary   *self,
                                                    const char       *key);
gboolean        arietta_library_set_fact           (AriettaLibrary   *self,
                                                    const char       *key,
                                                    const char       *value,
                                                    GError          **error);

/* Rows removed at least @min_age_seconds ago go for good, and with them the files that nothing speaks of any more. */
gboolean        arietta_library_empty_trash        (AriettaLibrary   *self,
                                                    guint             min_age_seconds,
                                                    GError          **error);

G_END_DECLS
