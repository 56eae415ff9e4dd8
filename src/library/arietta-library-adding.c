/* arietta-library-adding.c - new items: what is found out, where the file goes, which side the tune takes */
#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arietta-error.h"
#include "base/arietta-file-name.h"
#include "formats/arietta-midi.h"
#include "library/arietta-file-store.h"
#include "library/arietta-library-private.h"
#include "library/arietta-search-text.h"
#include "library/arietta-tune-split.h"

/* A new item with everything worked out that needs no database. */
typedef struct
{
  const AriettaNewItem *given;
  char                 *file_name;
  char                 *title;
  char                 *digest;
  char                 *search;
  char                 *style;
  char                 *title_key;
  char                 *melody_key;
  GBytes               *bytes;
  char                 *place;     /* NULL: stays where it is */
  gint64                n_bytes;
  double                seconds;
  guint                 n_notes;
  guint                 n_tracks;
} Draft;

static void
draft_clear (gpointer data)
{
  Draft *draft = data;

  g_free (draft->file_name);
  g_free (draft->title);
  g_free (draft->digest);
  g_free (draft->search);
  g_free (draft->style);
  g_free (draft->title_key);
  g_free (draft->melody_key);
  g_free (draft->place);
  g_clear_pointer (&draft->bytes, g_bytes_unref);
}

/* As a person would have written it, had the file system been kinder: "My_Tune__2.mid" is "My Tune 2". */
static char *
dup_words (const char *file_name)
{
  g_autofree char *title = arietta_file_name_dup_title (file_name);
  GString         *words = g_string_new (NULL);

  for (const char *at = title; *at != '\0'; at++)
    if (*at != '_')
      g_string_append_c (words, *at);
    else if (words->len > 0 && words->str[words->len - 1] != ' ')
      g_string_append_c (words, ' ');
  return g_strchomp (g_string_free (words, FALSE));
}

static char *
dup_title (const AriettaNewItem *item,
           const char           *file_name)
{
  const char *title = item->title;

  if (title == NULL && item->piece != NULL)
    {
      g_autofree char *telling = NULL;

      /* "Track 1" tells a person less than the file's name. */
      title = arietta_piece_get_title (item->piece);
      telling = arietta_tune_normalise_title (title);
      if (telling == NULL && *file_name != '\0')
        title = NULL;
    }
  if (title != NULL)
    {
      g_autofree char *stripped = g_strstrip (g_utf8_make_valid (title, -1));

      if (*stripped != '\0')
        return g_steal_pointer (&stripped);
    }

  return dup_words (file_name);
}

static gboolean
draft_notes (Draft   *draft,
             GError **error)
{
  const AriettaNewItem *item = draft->given;

  g_return_val_if_fail (item->piece != NULL, FALSE);

  draft->bytes = item->bytes != NULL ? g_bytes_ref (item->bytes)
                                     : arietta_midi_write_bytes (item->piece, 1, error);
  if (draft->bytes == NULL)
    return FALSE;

  /* Bytes we wrote are MIDI, whatever file the piece came from. */
  draft->place = arietta_file_store_dup_place (draft->bytes, item->bytes != NULL ? item->source_path : NULL);
  draft->n_bytes = (gint64) g_bytes_get_size (draft->bytes);
  draft->digest = item->digest != NULL ? g_strdup (item->digest) : arietta_piece_dup_digest (item->piece);
  draft->seconds = arietta_piece_get_duration_seconds (item->piece);
  draft->n_notes = arietta_piece_get_n_notes (item->piece);
  draft->n_tracks = arietta_piece_get_n_tracks (item->piece);
  draft->melody_key = arietta_tune_dup_melody_key (item->piece);

  return TRUE;
}

static gboolean
draft_sound (Draft   *draft,
             GError **error)
{
  const AriettaNewItem *item = draft->given;
  struct stat           facts;

  draft->n_bytes = stat (item->source_path, &facts) == 0 ? facts.st_size : 0;
  draft->seconds = item->seconds;
  draft->digest = item->digest != NULL ? g_strdup (item->digest)
                                       : arietta_library_dup_file_digest (item->source_path, error);
  return draft->digest != NULL;
}

static gboolean
draft_item (Draft                 *draft,
            const AriettaNewItem  *item,
            GError               **error)
{
  g_autofree char *base = g_path_get_basename (item->source_path != NULL ? item->source_path : "");
  g_autofree char *shown = NULL;

  draft->given = item;
  draft->file_name = g_utf8_make_valid (item->source_path != NULL ? base : "", -1);
  draft->title = dup_title (item, draft->file_name);
  draft->style = g_strstrip (g_utf8_make_valid (item->style != NULL ? item->style : "", -1));
  draft->title_key = arietta_tune_dup_title_key (draft->title);
  shown = g_strconcat (draft->title, "\n", draft->file_name, "\n", draft->style, NULL);
  draft->search = arietta_search_text_fold (shown);

  return item->medium == ARIETTA_MEDIUM_SOUND ? draft_sound (draft, error) : draft_notes (draft, error);
}

/* 1 when equal content is in the dataset, 0 when not, -1 on error. */
static int
has_content (AriettaDatabase  *database,
             gint64            dataset_id,
             const char       *digest,
             GError          **error)
{
  sqlite3_stmt *statement;
  int           state;

  statement = arietta_database_query (database, error,
                                      "SELECT 1 FROM items"
                                      " WHERE dataset_id = ? AND digest = ? AND removed_unix IS NULL",
                                      "is", dataset_id, digest);
  if (statement == NULL)
    return -1;

  state = arietta_database_step (database, statement, error);
  if (state > 0)
    arietta_statement_end (statement);

  return state;
}

/* Puts the files of new content on the disk before the write lock is asked for. */
static gboolean
store_files (AriettaLibrary  *self,
             gint64           dataset_id,
             Draft           *drafts,
             guint            n,
             GError         **error)
{
  g_autofree char   **places = g_new0 (char *, n);
  g_autofree GBytes **bytes = g_new0 (GBytes *, n);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  int                 state = 0;

  arietta_database_lock (self->reader);
  for (guint i = 0; i < n && state >= 0; i++)
    {
      if (drafts[i].place == NULL || !g_hash_table_add (seen, drafts[i].digest))
        continue;

      state = has_content (self->reader, dataset_id, drafts[i].digest, error);
      if (state == 0)
        {
          places[i] = drafts[i].place;
          bytes[i] = drafts[i].bytes;
        }
    }
  arietta_database_unlock (self->reader);

  return state >= 0 && arietta_file_store_put (self->folder, places, bytes, n, error);
}

/* The side a key has, -1 when it has none yet, -2 on error. */
static int
read_side (AriettaLibrary  *self,
           const char      *key,
           GError         **error)
{
  sqlite3_stmt *statement;
  int           state, side = -1;

  statement = arietta_database_query (self->writer, error, "SELECT split FROM tunes WHERE key = ?", "s", key);
  if (statement == NULL || (state = arietta_database_step (self->writer, statement, error)) < 0)
    return -2;

  if (state > 0)
    {
      side = CLAMP (sqlite3_column_int (statement, 0), ARIETTA_SPLIT_TRAIN, ARIETTA_SPLIT_TEST);
      arietta_statement_end (statement);
    }

  return side;
}

/* Draws the side of a new item and gives it to those of its keys that had none. */
static gboolean
take_side (AriettaLibrary  *self,
           const Draft     *draft,
           AriettaSplit    *split,
           GError         **error)
{
  const char *keys[] = { draft->melody_key, draft->title_key };
  int         sides[G_N_ELEMENTS (keys)];
  int         side = -1;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      sides[i] = keys[i] != NULL ? read_side (self, keys[i], error) : -1;
      if (sides[i] == -2)
        return FALSE;
      if (sides[i] >= 0)
        side = side < 0 ? sides[i]
                        : (int) arietta_tune_split_join ((AriettaSplit) side, (AriettaSplit) sides[i]);
    }

  if (draft->given->split >= 0)
    side = MIN (draft->given->split, ARIETTA_SPLIT_TEST);
  else if (side < 0)
    side = (int) arietta_tune_split_draw (keys[0] != NULL ? keys[0]
                                          : keys[1] != NULL ? keys[1] : draft->digest);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i] != NULL && sides[i] < 0
        && !arietta_database_run (self->writer, error, "INSERT INTO tunes (key, split) VALUES (?, ?)",
                                  "su", keys[i], side))
      return FALSE;

  *split = (AriettaSplit) side;
  return TRUE;
}

/* @id becomes 0 for content that is there already. */
static gboolean
insert_item (AriettaLibrary  *self,
             gint64           dataset_id,
             const Draft     *draft,
             gint64          *id,
             GError         **error)
{
  const AriettaNewItem *item = draft->given;
  AriettaSplit          split;
  int                   state = has_content (self->writer, dataset_id, draft->digest, error);

  *id = 0;
  if (state != 0)
    return state > 0;

  /* Another program may have emptied the trash since the file was stored. */
  if (draft->place != NULL
      && !arietta_file_store_put (self->folder, &draft->place, &draft->bytes, 1, error))
    return FALSE;

  if (!take_side (self, draft, &split, error)
      || !arietta_database_run (self->writer, error,
                                "INSERT INTO items (dataset_id, medium, title, file_name, source_path, stored,"
                                " n_bytes, digest, style, licence, may_train, split, seconds, n_notes,"
                                " n_tracks, n_warnings, example, added_unix, search)"
                                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                "iussssisssuuduuuuis", dataset_id, item->medium, draft->title,
                                draft->file_name, item->source_path != NULL ? item->source_path : "",
                                draft->place, draft->n_bytes, draft->digest, draft->style,
                                item->licence != NULL && *item->licence != '\0' ? item->licence
                                                                                : "NOASSERTION",
                                item->may_train != FALSE, split, draft->seconds, draft->n_notes,
                                draft->n_tracks, item->n_warnings, item->example != FALSE,
                                arietta_library_now (), draft->search))
    return FALSE;

  *id = arietta_database_last_id (self->writer);

  /* A file that can be read now was perhaps refused before. */
  return item->source_path == NULL
         || arietta_database_run (self->writer, error,
                                  "DELETE FROM refusals WHERE dataset_id = ? AND path = ?",
                                  "is", dataset_id, item->source_path);
}

static gboolean
check_dataset (AriettaLibrary  *self,
               gint64           dataset_id,
               GError         **error)
{
  sqlite3_stmt *statement;
  int           state = -1;

  statement = arietta_database_query (self->writer, error,
                                      "SELECT 1 FROM datasets WHERE id = ? AND removed_unix IS NULL",
                                      "i", dataset_id);
  if (statement != NULL && (state = arietta_database_step (self->writer, statement, error)) > 0)
    arietta_statement_end (statement);
  if (state == 0)
    arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND, NULL, NULL,
                       _("The dataset is no longer in the library."));

  return state > 0;
}

gint64
arietta_library_add_item (AriettaLibrary        *self,
                          gint64                 dataset_id,
                          const AriettaNewItem  *item,
                          GError               **error)
{
  gint64 id = 0;

  return arietta_library_add_items (self, dataset_id, item, 1, &id, error) ? id : 0;
}

gboolean
arietta_library_add_items (AriettaLibrary        *self,
                           gint64                 dataset_id,
                           const AriettaNewItem  *items,
                           guint                  n_items,
                           gint64                *ids,
                           GError               **error)
{
  g_autoptr(GArray) drafts = g_array_sized_new (FALSE, TRUE, sizeof (Draft), n_items);
  guint             n_new = 0;
  gboolean          done;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (ids != NULL || n_items == 0, FALSE);

  if (n_items == 0)
    return TRUE;

  memset (ids, 0, n_items * sizeof *ids);
  g_array_set_clear_func (drafts, draft_clear);
  g_array_set_size (drafts, n_items);
  for (guint i = 0; i < n_items; i++)
    if (!draft_item (&g_array_index (drafts, Draft, i), &items[i], error))
      return FALSE;

  if (!store_files (self, dataset_id, (Draft *) (gpointer) drafts->data, n_items, error)
      || !arietta_library_begin (self, error))
    return FALSE;

  done = check_dataset (self, dataset_id, error);
  for (guint i = 0; i < n_items && done; i++)
    {
      done = insert_item (self, dataset_id, &g_array_index (drafts, Draft, i), &ids[i], error);
      n_new += ids[i] != 0;
    }

  done = arietta_library_end (self, done, n_new > 0 ? ARIETTA_TABLE_ITEMS | ARIETTA_TABLE_DATASETS : 0,
                              error);
  if (!done)
    memset (ids, 0, n_items * sizeof *ids);

  return done;
}
