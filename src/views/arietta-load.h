/* arietta-load.h - short reading in a worker, the answer on the main loop
 *
 * For what should not be a row among the jobs: listing takes, reading one piece, finding SoundFonts.
 * Longer work that a person may want to stop is an AriettaJob.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* In a worker thread: touches @data only; returns a result, or NULL (with or without an error). */
typedef gpointer (*AriettaLoadFunc)   (gpointer       data,
                                       GError       **error);
/* On the main loop: @result belongs to the callee and may be NULL; @error is borrowed, NULL when it went well. */
typedef void     (*AriettaLoadedFunc) (gpointer       owner,
                                       gpointer       result,
                                       const GError  *error);

/* Takes @data.  Nothing is called for an @owner that is gone by then, or when @cancellable (may be NULL)
 * was cancelled; the result is then freed with @free_result. */
void arietta_load_async (gpointer           owner,
                         GCancellable      *cancellable,
                         AriettaLoadFunc    func,
                         gpointer           data,
                         GDestroyNotify     free_data,
                         GDestroyNotify     free_result,
                         AriettaLoadedFunc  loaded);

G_END_DECLS
