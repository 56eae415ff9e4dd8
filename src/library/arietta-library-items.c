#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/arietta-error.h"
#include "formats/arietta-formats.h"
#include "library/arietta-library-private.h"
#include "library/arietta-search-text.h"

#define ITEM_COLUMNS                                                                                \
  "SELECT items.id, dataset_id, medium, title, file_name, source_path, stored, digest, style,"      \
  " licence, may_train, split, seconds, n_notes, n_tracks, n_warnings, added_unix, example"         \
  " FROM items "

/* Items of a removed dataset are out of sight with it. */
#define IN_SIGHT                                                                                    \
  "removed_unix IS NULL AND dataset_id IN (SELECT id FROM datasets WHERE removed_unix IS NULL)"
/* The same walking the table in its order: by an index the rows would have to be sorted again. */
#define IN_SIGHT_IN_ORDER                                                                           \
  "+removed_unix IS NULL AND +dataset_id IN (SELECT id FROM datasets WHERE removed_unix IS NULL)"

/* The text columns, which follow one another. */
enum
{
  TEXT_TITLE,
  TEXT_FILE_NAME,
  TEXT_SOURCE_PATH,
  TEXT_STORED,
  TEXT_DIGEST,
  TEXT_STYLE,
  TEXT_LICENCE,
  N_TEXTS
};

#define FIRST_TEXT_COLUMN 3

static char *
put_text (char       **at,
          const char  *text,
          gsize        n)
{
  char *start = *at;

  if (n > 0)
    memcpy (start, text, n);
  start[n] = '\0';
  *at += n + 1;
  return start;
}

/* One block for the record and its strings: a list may hold 100,000 of them. */
static AriettaItem *
read_item (AriettaLibrary *self,
           sqlite3_stmt   *statement)
{
  const gsize  n_folder = strlen (self->folder);
  const char  *texts[N_TEXTS];
  gsize        lengths[N_TEXTS];
  gsize        n_all = 0;
  AriettaItem *item;
  char        *at;

  for (int i = 0; i < N_TEXTS; i++)
    {
      texts[i] = (const char *) sqlite3_column_text (statement, FIRST_TEXT_COLUMN + i);
      lengths[i] = texts[i] != NULL ? (gsize) sqlite3_column_bytes (statement, FIRST_TEXT_COLUMN + i) : 0;
      n_all += lengths[i] + 1;
    }

  item = g_malloc (sizeof *item + n_all + MAX (n_folder + 1, lengths[TEXT_SOURCE_PATH]));
  at = (char *) (item + 1);

  item->title = put_text (&at, texts[TEXT_TITLE], lengths[TEXT_TITLE]);
  item->file_name = put_text (&at, texts[TEXT_FILE_NAME], lengths[TEXT_FILE_NAME]);
  item->source_path = put_text (&at, texts[TEXT_SOURCE_PATH], lengths[TEXT_SOURCE_PATH]);
  item->digest = put_text (&at, texts[TEXT_DIGEST], lengths[TEXT_DIGEST]);
  item->style = put_text (&at, texts[TEXT_STYLE], lengths[TEXT_STYLE]);
  item->licence = put_text (&at, texts[TEXT_LICENCE], lengths[TEXT_LICENCE]);
  item->path = at;
  if (texts[TEXT_STORED] != NULL)
    {
      put_text (&at, self->folder, n_folder);
      at[-1] = G_DIR_SEPARATOR;
      put_text (&at, texts[TEXT_STORED], lengths[TEXT_STORED]);
    }
  else
    put_text (&at, texts[TEXT_SOURCE_PATH], lengths[TEXT_SOURCE_PATH]);

  item->id = sqlite3_column_int64 (statement, 0);
  item->dataset_id = sqlite3_column_int64 (statement, 1);
  item->medium = (AriettaMedium) CLAMP (sqlite3_column_int (statement, 2), ARIETTA_MEDIUM_NONE,
                                        ARIETTA_MEDIUM_SOUND);
  item->may_train = sqlite3_column_int (statement, 10) != 0;
  item->split = (AriettaSplit) CLAMP (sqlite3_column_int (statement, 11), ARIETTA_SPLIT_TRAIN,
                                      ARIETTA_SPLIT_TEST);
  item->seconds = sqlite3_column_double (statement, 12);
  item->n_notes = (guint) sqlite3_column_int (statement, 13);
  item->n_tracks = (guint) sqlite3_column_int (statement, 14);
  item->n_warnings = (guint) sqlite3_column_int (statement, 15);
  item->added_unix = sqlite3_column_int64 (statement, 16);
  item->example = sqlite3_column_int (statement, 17) != 0;

  return item;
}

/* Wants a transaction. Runs @sql, whose last parameter is the id and whose first are @types, for each. */
static gboolean
change_each (AriettaLibrary  *self,
             const gint64    *ids,
             guint            n_ids,
             const char      *text,
             const char      *sql,
             GError         **error)
{
  gboolean done = TRUE;

  if (!arietta_library_begin (self, error))
    return FALSE;

  for (guint i = 0; i < n_ids && done; i++)
    done = arietta_database_run (self->writer, error, sql, "si", text, ids[i]);

  return arietta_library_end (self, done, ARIETTA_TABLE_ITEMS | ARIETTA_TABLE_DATASETS, error);
}

GPtrArray *
arietta_library_list_items (AriettaLibrary  *self,
                            gint64           dataset_id,
                            const char      *search,
                            GError         **error)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_item_free);
  g_autofree char     *words = NULL;
  sqlite3_stmt        *statement;
  int                  state = -1;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);

  if (search != NULL)
    words = g_strstrip (arietta_search_text_fold (search));

  arietta_database_lock (self->reader);

  /* The search walks an index that holds the folded text alone; the rows are fetched for hits only. */
  if (words != NULL && *words != '\0' && dataset_id != 0)
    statement = arietta_database_query (self->reader, error,
                                        ITEM_COLUMNS
                                        "WHERE items.id IN (SELECT id FROM items INDEXED BY items_by_search"
                                        "  WHERE removed_unix IS NULL AND dataset_id = ?"
                                        "  AND arietta_matches (search, ?)) ORDER BY items.id",
                                        "is", dataset_id, words);
  else if (words != NULL && *words != '\0')
    statement = arietta_database_query (self->reader, error,
                                        ITEM_COLUMNS
                                        "WHERE items.id IN (SELECT id FROM items INDEXED BY items_by_search"
                                        "  WHERE " IN_SIGHT " AND arietta_matches (search, ?))"
                                        " ORDER BY items.id",
                                        "s", words);
  else if (dataset_id != 0)
    statement = arietta_database_query (self->reader, error,
                                        ITEM_COLUMNS
                                        "WHERE dataset_id = ? AND removed_unix IS NULL ORDER BY items.id",
                                        "i", dataset_id);
  else
    statement = arietta_database_query (self->reader, error,
                                        ITEM_COLUMNS "WHERE " IN_SIGHT_IN_ORDER " ORDER BY items.id", "");

  while (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    g_ptr_array_add (items, read_item (self, statement));
  arietta_database_unlock (self->reader);

  return state == 0 ? g_steal_pointer (&items) : NULL;
}

AriettaItem *
arietta_library_get_item (AriettaLibrary  *self,
                          gint64           id,
                          GError         **error)
{
  AriettaItem  *item = NULL;
  sqlite3_stmt *statement;
  int           state = -1;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error, ITEM_COLUMNS "WHERE items.id = ?", "i", id);
  if (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    {
      item = read_item (self, statement);
      arietta_statement_end (statement);
    }
  arietta_database_unlock (self->reader);

  if (state == 0)
    arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND, NULL, NULL,
                       _("The item is no longer in the library."));

  return item;
}

AriettaPiece *
arietta_library_load_item (AriettaLibrary  *self,
                           gint64           id,
                           GError         **error)
{
  g_autoptr(AriettaItem) item = arietta_library_get_item (self, id, error);

  if (item == NULL)
    return NULL;

  if (item->medium != ARIETTA_MEDIUM_NOTES)
    {
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND, item->path, NULL,
                         _("“%s” is a sound file and holds no notes."), item->file_name);
      return NULL;
    }

  if (!g_file_test (item->path, G_FILE_TEST_EXISTS))
    {
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND, item->path, NULL,
                         _("The notes of “%s” are gone from the library’s folder. Import “%s” again."),
                         item->title, item->source_path);
      return NULL;
    }

  return arietta_formats_read (item->path, NULL, error);
}

gboolean
arietta_library_set_item_style (AriettaLibrary  *self,
                                const gint64    *ids,
                                guint            n_ids,
                                const char      *style,
                                GError         **error)
{
  g_autofree char *label = NULL;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  label = g_strstrip (g_strdup (style != NULL ? style : ""));
  return change_each (self, ids, n_ids, label,
                      "UPDATE items SET style = ?1,"
                      " search = arietta_fold (title || char (10) || file_name || char (10) || ?1)"
                      " WHERE id = ?2",
                      error);
}

gboolean
arietta_library_set_item_licence (AriettaLibrary  *self,
                                  const gint64    *ids,
                                  guint            n_ids,
                                  const char      *licence,
                                  GError         **error)
{
  g_autofree char *label = NULL;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  label = g_strstrip (g_strdup (licence != NULL ? licence : ""));
  return change_each (self, ids, n_ids, *label != '\0' ? label : "NOASSERTION",
                      "UPDATE items SET licence = ?1 WHERE id = ?2", error);
}

gboolean
arietta_library_set_item_may_train (AriettaLibrary  *self,
                                    const gint64    *ids,
                                    guint            n_ids,
                                    gboolean         may_train,
                                    GError         **error)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  return change_each (self, ids, n_ids, may_train ? "1" : "0",
                      "UPDATE items SET may_train = CAST (?1 AS INTEGER) WHERE id = ?2", error);
}

gboolean
arietta_library_remove_items (AriettaLibrary  *self,
                              const gint64    *ids,
                              guint            n_ids,
                              gboolean         removed,
                              GError         **error)
{
  g_autofree char *now = NULL;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  /* Bringing back what was imported again meanwhile changes nothing: the content is there. */
  now = removed ? g_strdup_printf ("%" G_GINT64_FORMAT, arietta_library_now ()) : NULL;
  return change_each (self, ids, n_ids, now,
                      "UPDATE OR IGNORE items SET removed_unix = CAST (?1 AS INTEGER) WHERE id = ?2", error);
}

char *
arietta_library_dup_file_digest (const char  *path,
                                 GError     **error)
{
  g_autoptr(GChecksum)    checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr(GFile)        file = g_file_new_for_path (path);
  g_autoptr(GError)       local_error = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autofree guint8      *buffer = g_malloc (1 << 16);
  gssize                  n = -1;

  stream = G_INPUT_STREAM (g_file_read (file, NULL, &local_error));
  while (stream != NULL && (n = g_input_stream_read (stream, buffer, 1 << 16, NULL, &local_error)) > 0)
    g_checksum_update (checksum, buffer, n);

  if (n < 0)
    {
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_IO, path, NULL,
                         _("“%s” cannot be read: %s."), path, local_error->message);
      return NULL;
    }

  return g_strdup (g_checksum_get_string (checksum));
}
