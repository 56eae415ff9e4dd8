#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include "library/arietta-database.h"

#include <errno.h>
#include <glib/gi18n.h>

#include "base/arietta-error.h"
#include "library/arietta-search-text.h"

/* Long enough for another program's batch of an import on a slow disk. */
#define BUSY_TIMEOUT_MS 10000

struct _AriettaDatabase
{
  char       *path;
  sqlite3    *handle;
  GHashTable *statements; /* SQL text -> sqlite3_stmt */
  GMutex      lock;
  int         step_errno; /* what the system said in the last step */
};

static gboolean
is_disk_full (int code,
              int system_errno)
{
  /* A quota and a limit on file sizes are a full disk to the person who meets them. */
  return (code & 0xff) == SQLITE_FULL
         || ((code & 0xff) == SQLITE_IOERR
             && (system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG));
}

static void
set_error_from_code (const char  *path,
                     int          code,
                     int          system_errno,
                     const char  *message,
                     GError     **error)
{
  if (is_disk_full (code, system_errno))
    {
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_FULL, path, NULL,
                         _("The disk that holds the library “%s” is full. What was stored before is safe; "
                           "free some space and try again."), path);
      return;
    }

  switch (code & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_BUSY, path, NULL,
                         _("Another program has been writing to the library “%s” for a long time. "
                           "Try again when it is done."), path);
      break;

    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_DAMAGED, path, NULL,
                         _("The library “%s” is damaged (%s). It was left as it is: move the file away to "
                           "start with an empty library, or put back a copy that is whole."),
                         path, message);
      break;

    default:
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_IO, path, NULL,
                         _("The library “%s” cannot be used: %s."), path, message);
    }
}

static void
finalize_statement (gpointer data)
{
  sqlite3_finalize (data);
}

static gboolean
bind_all (sqlite3_stmt *statement,
          const char   *types,
          va_list       args)
{
  int code = SQLITE_OK;

  for (int i = 1; types[i - 1] != '\0' && code == SQLITE_OK; i++)
    switch (types[i - 1])
      {
      case 'i':
        code = sqlite3_bind_int64 (statement, i, va_arg (args, gint64));
        break;

      case 'u':
        code = sqlite3_bind_int64 (statement, i, va_arg (args, int));
        break;

      case 'd':
        code = sqlite3_bind_double (statement, i, va_arg (args, double));
        break;

      case 's':
        code = sqlite3_bind_text (statement, i, va_arg (args, const char *), -1, SQLITE_TRANSIENT);
        break;

      case 'b':
        {
          const void *bytes = va_arg (args, const void *);
          gsize       n_bytes = va_arg (args, gsize);

          code = sqlite3_bind_blob64 (statement, i, n_bytes > 0 ? bytes : "", n_bytes,
                                      SQLITE_TRANSIENT);
          break;
        }

      default:
        g_return_val_if_reached (FALSE);
      }

  return code == SQLITE_OK;
}

AriettaDatabase *
arietta_database_open (const char           *path,
                       AriettaDatabaseRole   role,
                       GError              **error)
{
  g_autoptr(AriettaDatabase) self = g_new0 (AriettaDatabase, 1);
  int                        flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

  if (role == ARIETTA_DATABASE_WRITER)
    flags |= SQLITE_OPEN_CREATE;

  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            finalize_statement);
  g_mutex_init (&self->lock);

  if (sqlite3_open_v2 (path, &self->handle, flags, NULL) != SQLITE_OK)
    {
      arietta_database_set_error (self, error);
      return NULL;
    }

  sqlite3_extended_result_codes (self->handle, 1);
  sqlite3_busy_timeout (self->handle, BUSY_TIMEOUT_MS);
  arietta_search_text_register (self->handle);

  if (!arietta_database_run_script (self, "PRAGMA foreign_keys = ON", error))
    return NULL;
  if (role == ARIETTA_DATABASE_READER
      && !arietta_database_run_script (self, "PRAGMA query_only = ON; PRAGMA cache_size = -16000", error))
    return NULL;

  return g_steal_pointer (&self);
}

void
arietta_database_close (AriettaDatabase *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->statements);
  sqlite3_close_v2 (self->handle);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self);
}

void
arietta_database_lock (AriettaDatabase *self)
{
  g_mutex_lock (&self->lock);
}

gboolean
arietta_database_try_lock (AriettaDatabase *self)
{
  return g_mutex_trylock (&self->lock);
}

void
arietta_database_unlock (AriettaDatabase *self)
{
  g_mutex_unlock (&self->lock);
}

gboolean
arietta_database_begin (AriettaDatabase  *self,
                        GError          **error)
{
  /* Asking for the write lock at once lets the busy timeout work; a reader that becomes a writer later
   * could be refused without waiting. */
  return arietta_database_run (self, error, "BEGIN IMMEDIATE", "");
}

gboolean
arietta_database_commit (AriettaDatabase  *self,
                         GError          **error)
{
  if (arietta_database_run (self, error, "COMMIT", ""))
    return TRUE;

  arietta_database_rollback (self);
  return FALSE;
}

void
arietta_database_rollback (AriettaDatabase *self)
{
  /* Some failures, a full disk among them, have rolled back already. */
  if (!sqlite3_get_autocommit (self->handle))
    arietta_database_run (self, NULL, "ROLLBACK", "");
}

sqlite3_stmt *
arietta_database_query (AriettaDatabase  *self,
                        GError          **error,
                        const char       *sql,
                        const char       *types,
                        ...)
{
  sqlite3_stmt *statement;
  va_list       args;

  va_start (args, types);
  statement = arietta_database_query_valist (self, error, sql, types, args);
  va_end (args);

  return statement;
}

sqlite3_stmt *
arietta_database_query_valist (AriettaDatabase  *self,
                               GError          **error,
                               const char       *sql,
                               const char       *types,
                               va_list           args)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement == NULL)
    {
      if (sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL)
          != SQLITE_OK)
        {
          arietta_database_set_error (self, error);
          return NULL;
        }
      g_hash_table_insert (self->statements, g_strdup (sql), statement);
    }

  arietta_statement_end (statement);
  if (!bind_all (statement, types, args))
    {
      arietta_database_set_error (self, error);
      return NULL;
    }

  return statement;
}

int
arietta_database_step (AriettaDatabase  *self,
                       sqlite3_stmt     *statement,
                       GError          **error)
{
  int code;

  /* SQLite forgets errno when it is the commit that fails. */
  errno = 0;
  code = sqlite3_step (statement);
  self->step_errno = errno;

  if (code == SQLITE_ROW)
    return 1;

  if (code != SQLITE_DONE)
    arietta_database_set_error (self, error);
  arietta_statement_end (statement);

  return code == SQLITE_DONE ? 0 : -1;
}

gboolean
arietta_database_run (AriettaDatabase  *self,
                      GError          **error,
                      const char       *sql,
                      const char       *types,
                      ...)
{
  sqlite3_stmt *statement;
  va_list       args;
  int           state;

  va_start (args, types);
  statement = arietta_database_query_valist (self, error, sql, types, args);
  va_end (args);

  if (statement == NULL)
    return FALSE;

  do
    state = arietta_database_step (self, statement, error);
  while (state > 0);

  return state == 0;
}

gboolean
arietta_database_run_script (AriettaDatabase  *self,
                             const char       *script,
                             GError          **error)
{
  if (sqlite3_exec (self->handle, script, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  arietta_database_set_error (self, error);
  return FALSE;
}

gint64
arietta_database_read_integer (AriettaDatabase *self,
                               const char      *sql,
                               gint64           fallback)
{
  sqlite3_stmt *statement = arietta_database_query (self, NULL, sql, "");
  gint64        value = fallback;

  if (statement != NULL && arietta_database_step (self, statement, NULL) > 0)
    {
      value = sqlite3_column_int64 (statement, 0);
      arietta_statement_end (statement);
    }

  return value;
}

gint64
arietta_database_last_id (AriettaDatabase *self)
{
  return sqlite3_last_insert_rowid (self->handle);
}

guint
arietta_database_n_changed (AriettaDatabase *self)
{
  return (guint) sqlite3_changes (self->handle);
}

void
arietta_database_set_error (AriettaDatabase  *self,
                            GError          **error)
{
  int system_errno = self->step_errno;

  if (self->handle == NULL)
    {
      set_error_from_code (self->path, SQLITE_NOMEM, 0, sqlite3_errstr (SQLITE_NOMEM), error);
      return;
    }

  if (sqlite3_system_errno (self->handle) != 0)
    system_errno = sqlite3_system_errno (self->handle);
  set_error_from_code (self->path, sqlite3_extended_errcode (self->handle), system_errno,
                       sqlite3_errmsg (self->handle), error);
}

void
arietta_statement_end (sqlite3_stmt *statement)
{
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}

char *
arietta_statement_dup_text (sqlite3_stmt *statement,
                            int           column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  return g_strdup (text != NULL ? text : "");
}
