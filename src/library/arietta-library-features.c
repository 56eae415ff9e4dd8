#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include <string.h>

#include "library/arietta-library-private.h"

/* On the disk a feature is little-endian whatever the machine. */
static void
swap_if_big (float *values,
             guint  n_values)
{
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
    return;

  for (guint i = 0; i < n_values; i++)
    {
      guint32 word;

      memcpy (&word, &values[i], sizeof word);
      word = GUINT32_SWAP_LE_BE (word);
      memcpy (&values[i], &word, sizeof word);
    }
}

gboolean
arietta_library_set_feature (AriettaLibrary  *self,
                             gboolean         of_take,
                             gint64           id,
                             const char      *name,
                             const float     *values,
                             guint            n_values,
                             GError         **error)
{
  g_autofree float *stored = NULL;
  gboolean          done;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (name != NULL && (values != NULL || n_values == 0), FALSE);

  stored = g_memdup2 (values, n_values * sizeof (float));
  if (stored != NULL)
    swap_if_big (stored, n_values);

  if (!arietta_library_begin (self, error))
    return FALSE;

  /* Features are made from notes, which never change: nobody waits to be told of them. */
  done = arietta_database_run (self->writer, error,
                               of_take
                                 ? "INSERT INTO features (take_id, name, quantities) VALUES (?, ?, ?)"
                                   " ON CONFLICT (take_id, name) WHERE take_id IS NOT NULL"
                                   " DO UPDATE SET quantities = excluded.quantities"
                                 : "INSERT INTO features (item_id, name, quantities) VALUES (?, ?, ?)"
                                   " ON CONFLICT (item_id, name) WHERE item_id IS NOT NULL"
                                   " DO UPDATE SET quantities = excluded.quantities",
                               "isb", id, name, stored, (gsize) n_values * sizeof (float));

  return arietta_library_end (self, done, 0, error);
}

float *
arietta_library_get_feature (AriettaLibrary  *self,
                             gboolean         of_take,
                             gint64           id,
                             const char      *name,
                             guint           *n_values,
                             GError         **error)
{
  sqlite3_stmt *statement;
  float        *values = NULL;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (name != NULL && n_values != NULL, NULL);

  *n_values = 0;

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error,
                                      of_take
                                        ? "SELECT quantities FROM features WHERE take_id = ? AND name = ?"
                                        : "SELECT quantities FROM features WHERE item_id = ? AND name = ?",
                                      "is", id, name);
  if (statement != NULL && arietta_database_step (self->reader, statement, error) > 0)
    {
      const void *stored = sqlite3_column_blob (statement, 0);

      *n_values = (guint) sqlite3_column_bytes (statement, 0) / sizeof (float);
      values = g_new0 (float, MAX (*n_values, 1));
      if (*n_values > 0)
        memcpy (values, stored, *n_values * sizeof (float));
      swap_if_big (values, *n_values);
      arietta_statement_end (statement);
    }
  arietta_database_unlock (self->reader);

  return values;
}
