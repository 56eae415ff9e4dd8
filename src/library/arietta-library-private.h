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

/* A table of rows with a name, no two alike but for removed ones (arietta-library-names.c). */
typedef struct
{
  const char *table;
  guint       tables;   /* AriettaLibraryTables that a change touches */
  char     *(*dup_taken) (const char *name);   /* sentences: another row has the name; */
  const char *gone;                            /* no such row, untranslated */
} AriettaNamedRows;

/* TRUE when no other row has the name; wants the writer's lock. */
gboolean  arietta_library_check_name  (AriettaLibrary          *self,
                                       const AriettaNamedRows  *rows,
                                       const char              *name,
                                       gint64                   but_id,
                                       GError                 **error);
gboolean  arietta_library_rename_row  (AriettaLibrary          *self,
                                       const AriettaNamedRows  *rows,
                                       gint64                   id,
                                       const char              *name,
                                       GError                 **error);
/* Marks as removed, or brings back. */
gboolean  arietta_library_remove_row  (AriettaLibrary          *self,
                                       const AriettaNamedRows  *rows,
                                       gint64                   id,
                                       gboolean                 removed,
                                       GError                 **error);

gint64    arietta_library_now         (void);
/* Path of a file or folder that the library keeps; @stored is relative. */
char     *arietta_library_dup_path    (AriettaLibrary   *self,
                                       const char       *stored);

G_END_DECLS
