/* arietta-database.h - one SQLite connection: statements kept, errors as sentences
 *
 * Private to library/.  A connection belongs to whoever holds its lock; everything but opening and closing
 * wants the lock held.  Statements are prepared once for each SQL text and kept until the connection closes.
 *
 * A statement that was stepped to its end or to an error is reset and lets go of its snapshot; one that is
 * left earlier must be reset by arietta_statement_end ().
 */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>
#include <stdarg.h>

#include "library/arietta-library-error.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_DATABASE_WRITER,  /* makes the file and its tables when they are missing */
  ARIETTA_DATABASE_READER,  /* cannot change anything */
} AriettaDatabaseRole;

typedef struct _AriettaDatabase AriettaDatabase;

AriettaDatabase *arietta_database_open         (const char           *path,
                                                AriettaDatabaseRole   role,
                                                GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void             arietta_database_close        (AriettaDatabase      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaDatabase, arietta_database_close)

void             arietta_database_lock         (AriettaDatabase      *self);
gboolean         arietta_database_try_lock     (AriettaDatabase      *self);
void             arietta_database_unlock       (AriettaDatabase      *self);

/* One write transaction.  A failed commit has been rolled back. */
gboolean         arietta_database_begin        (AriettaDatabase      *self,
                                                GError              **error);
gboolean         arietta_database_commit       (AriettaDatabase      *self,
                                                GError              **error);
void             arietta_database_rollback     (AriettaDatabase      *self);

/* @sql with its parameters bound, NULL on error; borrowed.  One letter of @types for each parameter: i gint64,
 * u guint or int, d double, s const char * (NULL gives NULL), b const void * and gsize. */
sqlite3_stmt    *arietta_database_query        (AriettaDatabase      *self,
                                                GError              **error,
                                                const char           *sql,
                                                const char           *types,
                                                ...);
sqlite3_stmt    *arietta_database_query_valist (AriettaDatabase      *self,
                                                GError              **error,
                                                const char           *sql,
                                                const char           *types,
                                                va_list               args);
/* 1: a row stands ready; 0: no more; -1: error. */
int              arietta_database_step         (AriettaDatabase      *self,
                                                sqlite3_stmt         *statement,
                                                GError              **error);
/* Query and step to the end, for what gives no rows. */
gboolean         arietta_database_run          (AriettaDatabase      *self,
                                                GError              **error,
                                                const char           *sql,
                                                const char           *types,
                                                ...);
/* Several statements separated by semicolons, not kept. */
gboolean         arietta_database_run_script   (AriettaDatabase      *self,
                                                const char           *script,
                                                GError              **error);
/* The first column of the first row, or @fallback when there is no row or an error. */
gint64           arietta_database_read_integer (AriettaDatabase      *self,
                                                const char           *sql,
                                                gint64                fallback);

gint64           arietta_database_last_id      (AriettaDatabase      *self);
guint            arietta_database_n_changed    (AriettaDatabase      *self);

/* Sets @error from what SQLite last said. */
void             arietta_database_set_error    (AriettaDatabase      *self,
                                                GError              **error);

void             arietta_statement_end         (sqlite3_stmt         *statement);
/* Never NULL. */
char            *arietta_statement_dup_text    (sqlite3_stmt         *statement,
                                                int                   column);

G_END_DECLS
