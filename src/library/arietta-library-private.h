/* arietta-library-private.h - what the files of the library share */
#pragma once

#include "library/arietta-database.h"
#include "library/arietta-library.h"

G_BEGIN_DECLS

struct _AriettaLibrary
{
  GObject          parent_instance;

  char            *folder;
  AriettaDatabase *writer;         /* all changes; guarded by its own lock */
  AriettaDatabase *reader;         /* all questions; guarded by its own lock */

  GMainContext    *context;        /* where "changed" is emitted */
  GSource         *watch;          /* looks for changes of other programs */
  gint64           data_version;   /* as last seen; touched by the watch alone */

  GMutex           changes_lock;
  guint            changes;        /* AriettaLibraryTables waiting to be told; under changes_lock */
};

/* Takes the writer and begins a transaction; FALSE: nothing was taken. */
gboolean  arietta_library_begin       (AriettaLibrary   *self,
                                       GError          **error);
/* Ends what begin () began: commits when @done, else rolls back; lets the writer go; notes @tables as
 * changed.  FALSE when nothing was changed in the end. */
gboolean  arietta_library_end         (AriettaLibrary   *self,
                                       gboolean          done,
                                       guint             tables,
                                       GError          **error);
void      arietta_library_note_change (AriettaLibrary   *self,
                                       guint             tables);

/* A change of one statement that must meet a row; @what is the sentence when it does not. */
gboolean  arietta_library_change_row  (AriettaLibrary   *self,
                                       guint             tables,
                                       const char       *what,
                                       GError          **error,
                                       const char       *sql,
                                       const char       *types,
                                       ...);

gint64    arietta_library_now         (void);
/* Path of a file or folder that the library keeps; @stored is relative. */
char     *arietta_library_dup_path    (AriettaLibrary   *self,
                                       const char       *stored);

G_END_DECLS
