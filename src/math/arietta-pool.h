/* arietta-pool.h - the one worker pool
 *
 * Work is handed over as numbered pieces.  Who cuts it does so by shape alone, never by the number of
 * threads, and whatever the pieces leave behind is summed in the order of their numbers: so the bits
 * of a result do not depend on how many threads there were, nor on when one was given away.
 *
 * The thread that asks works too.  If the pool is busy (another thread trains, or a piece asks for
 * pieces of its own) the asking thread does all its pieces alone: the same bits, no waiting.
 *
 * The number of threads is that of the processors, or the environment's ARIETTA_THREADS, or what was
 * set last.  OpenBLAS is kept to one thread, because two pools on one machine fight.
 *
 * Threads: everything here may be called from any thread at any time.
 */
#pragma once

typedef void (*AriettaPieceFunc) (void *data,
                                  int   piece);

/* Runs func (data, 0) .. func (data, n_pieces - 1), in any order, and returns when all are done. */
void arietta_pool_run         (AriettaPieceFunc  func,
                               void             *data,
                               int               n_pieces);

/* The same for pieces of some microseconds each: of few the asking thread does all, since waking another would cost
 * more than they.  Which thread does a piece never shows in the bits. */
void arietta_pool_run_small   (AriettaPieceFunc  func,
                               void             *data,
                               int               n_pieces);

/* From 1 to ARIETTA_POOL_MAX_THREADS; others are brought into that range.  A lower number holds from
 * the next piece on, also within work that runs already. */
#define ARIETTA_POOL_MAX_THREADS 64
void arietta_pool_set_threads (int n_threads);
/* As set, whatever is spared. */
int  arietta_pool_get_threads (void);

/* Does without so many of them for now, keeping one at least; 0 takes them back. What runs goes on with the rest
 * from the next piece on, to the same bits: so a core is free while something plays. */
void arietta_pool_spare       (int n_threads);

/* The workers' niceness, for a program whose window must stay ahead of its work. Systems let it only rise. */
void arietta_pool_set_niceness (int niceness);

/* Ends the workers; the next run starts them again.  For tests. */
void arietta_pool_stop        (void);
