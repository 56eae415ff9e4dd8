#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include "library/arietta-schema.h"

#include <glib/gi18n.h>

#include "base/arietta-error.h"

/* "Arie": says that a database is a library of ours. */
#define APPLICATION_ID 0x41726965

/* removed_unix NULL: there; else when it was removed.  Times are Unix seconds.  stored is relative to the
 * library's folder, so that the folder can be moved as a whole. */
static const char *const migrations[] = {
  /* 1 */
  "CREATE TABLE facts ("
  "  key TEXT NOT NULL PRIMARY KEY,"
  "  value TEXT NOT NULL"
  ") WITHOUT ROWID;"

  "CREATE TABLE datasets ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  name TEXT NOT NULL,"
  "  augmentation TEXT NOT NULL DEFAULT '{}',"
  "  created_unix INTEGER NOT NULL,"
  "  removed_unix INTEGER"
  ");"
  "CREATE UNIQUE INDEX datasets_by_name ON datasets (name) WHERE removed_unix IS NULL;"

  "CREATE TABLE items ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,"
  "  medium INTEGER NOT NULL,"
  "  title TEXT NOT NULL,"
  "  file_name TEXT NOT NULL,"
  "  source_path TEXT NOT NULL,"
  "  stored TEXT,"
  "  n_bytes INTEGER NOT NULL,"
  "  digest TEXT NOT NULL,"
  "  style TEXT NOT NULL,"
  "  licence TEXT NOT NULL,"
  "  may_train INTEGER NOT NULL,"
  "  split INTEGER NOT NULL,"
  "  seconds REAL NOT NULL,"
  "  n_notes INTEGER NOT NULL,"
  "  n_tracks INTEGER NOT NULL,"
  "  n_warnings INTEGER NOT NULL,"
  "  example INTEGER NOT NULL,"
  "  added_unix INTEGER NOT NULL,"
  "  removed_unix INTEGER,"
  "  search TEXT NOT NULL"
  ");"
  "CREATE UNIQUE INDEX items_by_content ON items (dataset_id, digest) WHERE removed_unix IS NULL;"
  "CREATE INDEX items_by_dataset ON items (dataset_id, removed_unix);"
  "CREATE INDEX items_by_style ON items (dataset_id, removed_unix, style, split, medium);"
  "CREATE INDEX items_by_search ON items (removed_unix, dataset_id, search);"
  "CREATE INDEX items_by_stored ON items (stored);"

  "CREATE TABLE tunes ("
  "  key TEXT NOT NULL PRIMARY KEY,"
  "  split INTEGER NOT NULL"
  ") WITHOUT ROWID;"

  "CREATE TABLE refusals ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,"
  "  path TEXT NOT NULL,"
  "  reason TEXT NOT NULL,"
  "  unix_time INTEGER NOT NULL,"
  "  UNIQUE (dataset_id, path)"
  ");"

  "CREATE TABLE models ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  name TEXT NOT NULL,"
  "  kind TEXT NOT NULL,"
  "  dataset_id INTEGER REFERENCES datasets (id) ON DELETE SET NULL,"
  "  stored TEXT NOT NULL,"
  "  state INTEGER NOT NULL,"
  "  created_unix INTEGER NOT NULL,"
  "  removed_unix INTEGER"
  ");"
  "CREATE UNIQUE INDEX models_by_name ON models (name) WHERE removed_unix IS NULL;"
  "CREATE INDEX models_by_dataset ON models (dataset_id);"

  "CREATE TABLE takes ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  title TEXT NOT NULL,"
  "  model TEXT NOT NULL,"
  "  model_hash TEXT NOT NULL,"
  "  seed INTEGER NOT NULL,"
  "  settings TEXT NOT NULL,"
  "  style TEXT NOT NULL,"
  "  starred INTEGER NOT NULL,"
  "  example INTEGER NOT NULL,"
  "  parent_id INTEGER REFERENCES takes (id) ON DELETE SET NULL,"
  "  created_unix INTEGER NOT NULL,"
  "  seconds REAL NOT NULL,"
  "  n_notes INTEGER NOT NULL,"
  "  removed_unix INTEGER,"
  "  notes BLOB NOT NULL"
  ");"
  "CREATE INDEX takes_by_parent ON takes (parent_id);"
  "CREATE TRIGGER takes_are_final"
  "  BEFORE UPDATE OF model, model_hash, seed, settings, created_unix, seconds, n_notes, notes ON takes"
  "  BEGIN SELECT RAISE (ABORT, 'a take is never overwritten'); END;"

  "CREATE TABLE listens ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  item_id INTEGER REFERENCES items (id) ON DELETE CASCADE,"
  "  take_id INTEGER REFERENCES takes (id) ON DELETE CASCADE,"
  "  unix_time INTEGER NOT NULL,"
  "  seconds REAL NOT NULL,"
  "  liking INTEGER NOT NULL,"
  "  CHECK ((item_id IS NULL) <> (take_id IS NULL))"
  ");"
  "CREATE INDEX listens_by_item ON listens (item_id);"
  "CREATE INDEX listens_by_take ON listens (take_id);"

  /* quantities is little-endian float32. */
  "CREATE TABLE features ("
  "  id INTEGER PRIMARY KEY,"
  "  item_id INTEGER REFERENCES items (id) ON DELETE CASCADE,"
  "  take_id INTEGER REFERENCES takes (id) ON DELETE CASCADE,"
  "  name TEXT NOT NULL,"
  "  quantities BLOB NOT NULL,"
  "  CHECK ((item_id IS NULL) <> (take_id IS NULL))"
  ");"
  "CREATE UNIQUE INDEX features_by_item ON features (item_id, name) WHERE item_id IS NOT NULL;"
  "CREATE UNIQUE INDEX features_by_take ON features (take_id, name) WHERE take_id IS NOT NULL;",

  /* 2: open pieces.  place is the number of edits done, state the piece after state_place of them, origin the digest
   * of the piece it began with; both are bytes of
   * formats/arietta-history-bytes.h.  maker is JSON: the model step that made the edit, or "". */
  "CREATE TABLE projects ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  title TEXT NOT NULL,"
  "  origin TEXT NOT NULL,"
  "  take_id INTEGER REFERENCES takes (id) ON DELETE SET NULL,"
  "  created_unix INTEGER NOT NULL,"
  "  changed_unix INTEGER NOT NULL,"
  "  removed_unix INTEGER,"
  "  place INTEGER NOT NULL,"
  "  state_place INTEGER NOT NULL,"
  "  state BLOB NOT NULL"
  ");"
  "CREATE INDEX projects_by_take ON projects (take_id);"
  "CREATE INDEX projects_by_origin ON projects (origin, removed_unix);"

  "CREATE TABLE edits ("
  "  project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,"
  "  nth INTEGER NOT NULL,"
  "  label TEXT NOT NULL,"
  "  maker TEXT NOT NULL,"
  "  unix_time INTEGER NOT NULL,"
  "  edit BLOB NOT NULL,"
  "  PRIMARY KEY (project_id, nth)"
  ") WITHOUT ROWID;",

  /* 3: what a person has to say of a take. */
  "ALTER TABLE takes ADD COLUMN note TEXT NOT NULL DEFAULT '';",

  /* 4: what of a piece is listened to, as arietta_player_dup_heard () says it. */
  "ALTER TABLE projects ADD COLUMN heard TEXT NOT NULL DEFAULT '';",
};

static gint64
read_version (AriettaDatabase *writer)
{
  return arietta_database_read_integer (writer, "PRAGMA user_version", -1);
}

static gboolean
check_identity (AriettaDatabase  *writer,
                const char       *path,
                GError          **error)
{
  gint64 version, identity;

  /* The first look at the file's pages, and so where damage shows. */
  if (!arietta_database_run (writer, error, "SELECT count (*) FROM sqlite_schema", ""))
    return FALSE;

  version = read_version (writer);
  identity = arietta_database_read_integer (writer, "PRAGMA application_id", 0);

  if (version > arietta_schema_get_version () && identity == APPLICATION_ID)
    {
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NEWER, path, NULL,
                         _("The library “%s” was made by a newer version of Arietta. It was left as it is; "
                           "update Arietta to open it."), path);
      return FALSE;
    }

  if (identity != APPLICATION_ID
      && (version != 0
          || arietta_database_read_integer (writer, "SELECT count (*) FROM sqlite_schema", 0) > 0))
    {
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_DAMAGED, path, NULL,
                         _("The database “%s” is not a library of Arietta. It was left as it is; move it "
                           "away or choose another folder for the library."), path);
      return FALSE;
    }

  return TRUE;
}

static gboolean
migrate (AriettaDatabase  *writer,
         GError          **error)
{
  for (;;)
    {
      g_autofree char *stamp = NULL;
      gint64           version;

      if (!arietta_database_begin (writer, error))
        return FALSE;

      /* Asked inside the transaction: another program may have done the same step a moment ago. */
      version = read_version (writer);
      if (version < 0 || version >= arietta_schema_get_version ())
        {
          arietta_database_rollback (writer);
          return TRUE;
        }

      stamp = g_strdup_printf ("PRAGMA user_version = %d; PRAGMA application_id = %d",
                               (int) version + 1, APPLICATION_ID);
      if (!arietta_database_run_script (writer, migrations[version], error)
          || !arietta_database_run_script (writer, stamp, error))
        {
          arietta_database_rollback (writer);
          return FALSE;
        }
      if (!arietta_database_commit (writer, error))
        return FALSE;
    }
}

/* Turning a fresh file to WAL wants it alone, and SQLite then refuses a second program without waiting. */
static gboolean
enter_wal (AriettaDatabase  *writer,
           GError          **error)
{
  const gint64 deadline_us = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  for (;;)
    {
      g_autoptr(GError) local_error = NULL;

      if (arietta_database_run (writer, &local_error, "PRAGMA journal_mode = WAL", ""))
        return TRUE;

      if (g_get_monotonic_time () > deadline_us
          || !g_error_matches (local_error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_BUSY))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      g_usleep (10000);
    }
}

int
arietta_schema_get_version (void)
{
  return (int) G_N_ELEMENTS (migrations);
}

gboolean
arietta_schema_prepare (AriettaDatabase  *writer,
                        const char       *path,
                        GError          **error)
{
  gboolean done;

  arietta_database_lock (writer);
  done = check_identity (writer, path, error)
         && enter_wal (writer, error)
         && arietta_database_run_script (writer, "PRAGMA synchronous = FULL", error)
         && (read_version (writer) == arietta_schema_get_version () || migrate (writer, error));
  arietta_database_unlock (writer);

  return done;
}
