/* arietta-load.h - a file from the disk, whole and not larger than it may be
 *
 * What a person opens may be anything: a folder, a pipe that nobody writes into, a device that
 * never ends.  Only what is a file is read, and never more of it than asked for, whatever size it
 * says it has.
 *
 * Threads: any; blocks.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The domain (made by ARIETTA_DEFINE_ERROR) and codes of a reader's errors. */
typedef struct
{
  GQuark domain;
  int    unreadable; /* missing, forbidden, or a disk that fails */
  int    not_a_file;
  int    too_large;
} AriettaLoadErrors;

/* All bytes of @path, at most @most of them.  The error names the file. */
GBytes *arietta_load_file (const char               *path,
                           gsize                     most,
                           const AriettaLoadErrors  *errors,
                           GError                  **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
