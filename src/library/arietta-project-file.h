/* arietta-project-file.h - a project as one file, to pass on
 *
 * A zip archive ending in .arietta (application/x-arietta):
 *
 *   mimetype        the type, stored first
 *   piece.mid       the piece as it is now, for programs that know nothing of projects
 *   project.json    format 1: title, times, place in the history, muted and solo tracks; label, maker and time of each step; the take it began from
 *                   and those behind that one, each with model, hash, seed and settings
 *   history/state   the piece at its place (formats/arietta-history-bytes.h)
 *   history/edits   all edits, each behind its length (32 bits, little-endian)
 *   takes/N.mid     the notes of take N
 *
 * Reading trusts nothing: sizes are bounded, and the whole history is walked once before anything enters the library.
 *
 * Threads: any; blocking.
 */
#pragma once

#include "library/arietta-library-projects.h"

G_BEGIN_DECLS

#define ARIETTA_PROJECT_FILE_TYPE "application/x-arietta"

/* Whole or not at all. */
gboolean arietta_project_file_save (AriettaLibrary  *library,
                                    gint64           project_id,
                                    const char      *path,
                                    GError         **error);
/* The id it has in the library; one that is there already, with all of its history, is not added again.  0 on error:
 * ARIETTA_FORMATS_ERROR for a file that is none of ours or damaged, ARIETTA_LIBRARY_ERROR_NEWER for
 * one of a newer version. */
gint64   arietta_project_file_open (AriettaLibrary  *library,
                                    const char      *path,
                                    GError         **error);

G_END_DECLS
