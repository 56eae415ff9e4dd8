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

/* Within a transaction. */
static gboolean
set_feature (AriettaLibrary  *self,
             gboolean         of_take,
             gint64           id,
             const char      *name,
             const float     *values,
             guint            n_values,
             GError         **error)
{
  g_autofree float *stored = g_memdup2 (values, n_values * sizeof (float));

  if (stored != NULL)
    swap_if_big (stored, n_values);

  return arietta_database_run (self->writer, error,
                               of_take
                                 ? "INSERT INTO features (take_id, name, quantities) VALUES (?, ?, ?)"
                                   " ON CONFLICT (take_id, name) WHERE take_id IS NOT NULL"
                                   " DO UPDATE SET quantities = excluded.quantities"
                                 : "INSERT INTO features (item_id, name, quantities) VALUES (?, ?, ?)"
                                   " ON CONFLICT (item_id, name) WHERE item_id IS NOT NULL"
                                   " DO UPDATE SET quantities = excluded.quantities",
                               "isb", id, name, stored, (gsize) n_values * sizeof (float));
}

gboolean
arietta_library_set_features (AriettaLibrary  *self,
                              gboolean         of_takes,
                              const gint64    *ids,
                              guint            n,
                              const char      *name,
                              const float     *values,
                              guint            n_values,
                              GError         **error)
{
  gboolean done = TRUE;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (name != NULL && (values != NULL || n_values == 0 || n == 0), FALSE);

  if (n == 0)
    return TRUE;
  if (!arietta_library_begin (self, error))
    return FALSE;

  for (guint i = 0; done && i < n; i++)
    done = set_feature (self, of_takes, ids[i], name, values + (gsize) i * n_values, n_values, error);

  /* Features are made from notes, which never change: nobody waits to be told of them. */
  return arietta_library_end (self, done, 0, error);
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
  return arietta_library_set_features (self, of_take, &id, 1, name, values, n_values, error);
}

/* The numbers of a row's column; *n_values of them. */
static float *
read_values (sqlite3_stmt *statement,
             int           column,
             guint        *n_values)
{
  const void *stored = sqlite3_column_blob (statement, column);
  float      *values;

  *n_values = (guint) sqlite3_column_bytes (statement, column) / sizeof (float);
  values = g_new0 (float, MAX (*n_values, 1));
  if (*n_values > 0)
    memcpy (values, stored, *n_values * sizeof (float));
  swap_if_big (values, *n_values);

  return values;
}

GHashTable *
arietta_library_list_features (AriettaLibrary  *self,
                               gboolean         of_takes,
                               const char      *name,
                               guint            n_values,
                               GError         **error)
{
  g_autoptr(GHashTable) features =
    g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  sqlite3_stmt         *statement;
  int                   state = -1;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error,
                                      of_takes
                                        ? "SELECT take_id, quantities FROM features"
                                          " WHERE take_id IS NOT NULL AND name = ?"
                                        : "SELECT item_id, quantities FROM features"
                                          " WHERE item_id IS NOT NULL AND name = ?",
                                      "s", name);
  while (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    {
      gint64            id = sqlite3_column_int64 (statement, 0);
      guint             n;
      g_autofree float *values = read_values (statement, 1, &n);

      if (n == n_values)
        g_hash_table_insert (features, g_memdup2 (&id, sizeof id), g_steal_pointer (&values));
    }
  arietta_database_unlock (self->reader);

  return state == 0 ? g_steal_pointer (&features) : NULL;
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
      values = read_values (statement, 0, n_values);
      arietta_statement_end (statement);
    }
  arietta_database_unlock (self->reader);

  return values;
}
