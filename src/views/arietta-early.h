/* arietta-early.h - bars that are whole before the rest is, on their way from the worker to the ear
 *
 * The notes are handed to the main loop; @func is called there with the page, the job they come
 * from and the piece so far, all three kept alive until then.  The page may have been closed or
 * asked for something else meanwhile: @func looks.
 */
#pragma once

#include "music/arietta-piece.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

typedef void (*AriettaEarlyFunc) (gpointer      page,
                                  AriettaJob   *job,
                                  AriettaPiece *so_far);

/* From any thread.  @page is a GObject. */
void arietta_early_tell (gpointer          page,
                         AriettaJob       *job,
                         AriettaPiece     *so_far,
                         AriettaEarlyFunc  func);

G_END_DECLS
