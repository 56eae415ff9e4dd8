#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include "library/arietta-library-private.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "base/arietta-error.h"
#include "library/arietta-schema.h"

#define ALL_TABLES                                                                                  \
  (ARIETTA_TABLE_ITEMS | ARIETTA_TABLE_DATASETS | ARIETTA_TABLE_MODELS | ARIETTA_TABLE_TAKES        \
   | ARIETTA_TABLE_LISTENS | ARIETTA_TABLE_PROJECTS)

G_DEFINE_FINAL_TYPE (AriettaLibrary, arietta_library, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
free_weak_ref (gpointer data)
{
  GWeakRef *ref = data;

  g_weak_ref_clear (ref);
  g_free (ref);
}

/* A source that does not keep the library alive. */
static void
attach_source (AriettaLibrary *self,
               GSource        *source,
               GSourceFunc     callback)
{
  GWeakRef *ref = g_new0 (GWeakRef, 1);

  g_weak_ref_init (ref, self);
  g_source_set_callback (source, callback, ref, free_weak_ref);
  g_source_attach (source, self->context);
}

static gboolean
tell_changes_cb (gpointer data)
{
  g_autoptr(AriettaLibrary) self = g_weak_ref_get (data);
  guint                     changes;

  if (self == NULL)
    return G_SOURCE_REMOVE;

  g_mutex_lock (&self->changes_lock);
  changes = self->changes;
  self->changes = 0;
  g_mutex_unlock (&self->changes_lock);

  g_signal_emit (self, signals[CHANGED], 0, changes);
  return G_SOURCE_REMOVE;
}

static gboolean
watch_cb (gpointer data)
{
  g_autoptr(AriettaLibrary) self = g_weak_ref_get (data);
  gint64                    version;

  if (self == NULL)
    return G_SOURCE_REMOVE;

  /* The main loop never waits for a writing thread: the next second is early enough. */
  if (!g_signal_has_handler_pending (self, signals[CHANGED], 0, FALSE)
      || !arietta_database_try_lock (self->writer))
    return G_SOURCE_CONTINUE;

  /* Asked on the writer, whose own changes do not count. */
  version = arietta_database_read_integer (self->writer, "PRAGMA data_version", self->data_version);
  arietta_database_unlock (self->writer);

  if (version != self->data_version)
    {
      self->data_version = version;
      arietta_library_note_change (self, ALL_TABLES);
    }

  return G_SOURCE_CONTINUE;
}

static gboolean
make_folder (const char  *folder,
             GError     **error)
{
  int code = ARIETTA_LIBRARY_ERROR_IO;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;

  if (errno == ENOSPC || errno == EDQUOT)
    code = ARIETTA_LIBRARY_ERROR_FULL;
  arietta_set_error (error, ARIETTA_LIBRARY_ERROR, code, folder, NULL,
                     _("The folder “%s” for the library cannot be made: %s."), folder,
                     g_strerror (errno));
  return FALSE;
}

static void
arietta_library_finalize (GObject *object)
{
  AriettaLibrary *self = ARIETTA_LIBRARY (object);

  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
  /* The writer goes last: it puts the WAL back into the database. */
  g_clear_pointer (&self->reader, arietta_database_close);
  g_clear_pointer (&self->writer, arietta_database_close);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->folder, g_free);
  g_mutex_clear (&self->changes_lock);

  G_OBJECT_CLASS (arietta_library_parent_class)->finalize (object);
}

static void
arietta_library_class_init (AriettaLibraryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = arietta_library_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", ARIETTA_TYPE_LIBRARY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
arietta_library_init (AriettaLibrary *self)
{
  g_mutex_init (&self->changes_lock);
  self->context = g_main_context_ref_thread_default ();
}

gboolean
arietta_library_begin (AriettaLibrary  *self,
                       GError         **error)
{
  arietta_database_lock (self->writer);
  if (arietta_database_begin (self->writer, error))
    return TRUE;

  arietta_database_unlock (self->writer);
  return FALSE;
}

gboolean
arietta_library_end (AriettaLibrary  *self,
                     gboolean         done,
                     guint            tables,
                     GError         **error)
{
  if (done)
    done = arietta_database_commit (self->writer, error);
  else
    arietta_database_rollback (self->writer);
  arietta_database_unlock (self->writer);

  if (done)
    arietta_library_note_change (self, tables);

  return done;
}

void
arietta_library_note_change (AriettaLibrary *self,
                             guint           tables)
{
  g_autoptr(GSource) source = NULL;
  gboolean           waiting;

  if (tables == 0)
    return;

  g_mutex_lock (&self->changes_lock);
  waiting = self->changes != 0;
  self->changes |= tables;
  g_mutex_unlock (&self->changes_lock);

  if (waiting)
    return;

  source = g_idle_source_new ();
  attach_source (self, source, tell_changes_cb);
}

gboolean
arietta_library_change_row (AriettaLibrary  *self,
                            guint            tables,
                            const char      *what,
                            GError         **error,
                            const char      *sql,
                            const char      *types,
                            ...)
{
  sqlite3_stmt *statement;
  va_list       args;
  gboolean      done = FALSE;

  if (!arietta_library_begin (self, error))
    return FALSE;

  va_start (args, types);
  statement = arietta_database_query_valist (self->writer, error, sql, types, args);
  va_end (args);

  if (statement != NULL && arietta_database_step (self->writer, statement, error) == 0)
    {
      done = arietta_database_n_changed (self->writer) > 0;
      if (!done)
        arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND, NULL, NULL,
                           "%s", what);
    }

  return arietta_library_end (self, done, tables, error);
}

gint64
arietta_library_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

char *
arietta_library_dup_path (AriettaLibrary *self,
                          const char     *stored)
{
  return g_strconcat (self->folder, G_DIR_SEPARATOR_S, stored, NULL);
}

AriettaLibrary *
arietta_library_open (const char  *folder,
                      GError     **error)
{
  g_autoptr(AriettaLibrary) self = g_object_new (ARIETTA_TYPE_LIBRARY, NULL);
  g_autofree char          *path = NULL;

  self->folder = folder != NULL ? g_canonicalize_filename (folder, NULL)
                                : arietta_library_dup_default_folder ();
  if (!make_folder (self->folder, error))
    return NULL;

  path = g_build_filename (self->folder, "library.db", NULL);
  self->writer = arietta_database_open (path, ARIETTA_DATABASE_WRITER, error);
  if (self->writer == NULL || !arietta_schema_prepare (self->writer, path, error))
    return NULL;

  self->reader = arietta_database_open (path, ARIETTA_DATABASE_READER, error);
  if (self->reader == NULL)
    return NULL;

  self->data_version = arietta_database_read_integer (self->writer, "PRAGMA data_version", 0);
  self->watch = g_timeout_source_new_seconds (1);
  attach_source (self, self->watch, watch_cb);

  return g_steal_pointer (&self);
}

char *
arietta_library_dup_default_folder (void)
{
  const char *folder = g_getenv ("ARIETTA_DATA_DIR");

  if (folder != NULL && *folder != '\0')
    return g_canonicalize_filename (folder, NULL);

  return g_build_filename (g_get_user_data_dir (), "arietta", NULL);
}

const char *
arietta_library_get_folder (AriettaLibrary *self)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);

  return self->folder;
}

char *
arietta_library_dup_fact (AriettaLibrary *self,
                          const char     *key)
{
  sqlite3_stmt *statement;
  char         *value = NULL;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, NULL, "SELECT value FROM facts WHERE key = ?",
                                      "s", key);
  if (statement != NULL && arietta_database_step (self->reader, statement, NULL) > 0)
    {
      value = arietta_statement_dup_text (statement, 0);
      arietta_statement_end (statement);
    }
  arietta_database_unlock (self->reader);

  return value;
}

gboolean
arietta_library_set_fact (AriettaLibrary  *self,
                          const char      *key,
                          const char      *value,
                          GError         **error)
{
  gboolean done;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  if (!arietta_library_begin (self, error))
    return FALSE;

  if (value == NULL)
    done = arietta_database_run (self->writer, error, "DELETE FROM facts WHERE key = ?", "s", key);
  else
    done = arietta_database_run (self->writer, error,
                                 "INSERT INTO facts (key, value) VALUES (?, ?)"
                                 " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                                 "ss", key, value);

  return arietta_library_end (self, done, 0, error);
}
