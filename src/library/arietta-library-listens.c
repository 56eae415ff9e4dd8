#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include "library/arietta-library-private.h"

gboolean
arietta_library_add_listen (AriettaLibrary       *self,
                            const AriettaListen  *listen,
                            GError              **error)
{
  gint64   when;
  gboolean done;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (listen != NULL, FALSE);
  g_return_val_if_fail ((listen->item_id == 0) != (listen->take_id == 0), FALSE);

  if (!arietta_library_begin (self, error))
    return FALSE;

  when = listen->unix_time != 0 ? listen->unix_time : arietta_library_now ();
  done = arietta_database_run (self->writer, error,
                               "INSERT INTO listens (item_id, take_id, unix_time, seconds, liking)"
                               " VALUES (nullif (?, 0), nullif (?, 0), ?, ?, ?)",
                               "iiidu", listen->item_id, listen->take_id, when, listen->seconds,
                               CLAMP (listen->liking, -1, 1));

  return arietta_library_end (self, done, ARIETTA_TABLE_LISTENS, error);
}

GPtrArray *
arietta_library_list_listens (AriettaLibrary  *self,
                              GError         **error)
{
  g_autoptr(GPtrArray) listens = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_listen_free);
  sqlite3_stmt        *statement;
  int                  state = -1;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error,
                                      "SELECT id, item_id, take_id, unix_time, seconds, liking"
                                      " FROM listens ORDER BY id",
                                      "");
  while (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    {
      AriettaListen *listen = g_new0 (AriettaListen, 1);

      listen->id = sqlite3_column_int64 (statement, 0);
      listen->item_id = sqlite3_column_int64 (statement, 1);
      listen->take_id = sqlite3_column_int64 (statement, 2);
      listen->unix_time = sqlite3_column_int64 (statement, 3);
      listen->seconds = sqlite3_column_double (statement, 4);
      listen->liking = sqlite3_column_int (statement, 5);
      g_ptr_array_add (listens, listen);
    }
  arietta_database_unlock (self->reader);

  return state == 0 ? g_steal_pointer (&listens) : NULL;
}
