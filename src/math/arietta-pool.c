/* One mutex guards the job on offer.  Pieces are large (tens of microseconds and more), so taking one
 * under the mutex costs nothing worth a cleverer scheme.  Waiting threads watch a counter for a short
 * while before they sleep, because the next job of a training step mostly comes within microseconds. */
#include "math/arietta-pool.h"

#include "math/arietta-blas.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#ifdef __linux__
#include <sys/resource.h>
#endif
#include <unistd.h>

#define FEW_SMALL_PIECES 6
#define SPINS 4000

typedef struct
{
  pthread_mutex_t  mutex;
  pthread_cond_t   work;      /* a new job, or fewer or no more threads wanted */
  pthread_cond_t   done;      /* the last piece of the job has ended */

  pthread_t        workers[ARIETTA_POOL_MAX_THREADS];
  int              n_workers; /* started; the asking thread comes on top */
  int              n_threads; /* wanted, with the asking one */
  int              n_spared;  /* of them, for now */
  int              niceness;  /* of the workers */
  bool             stopping;

  AriettaPieceFunc func;
  void            *data;
  int              n_pieces;
  int              n_left;    /* pieces not handed out */
  int              n_done;

  /* Each thread has a share of its own, from next to end, and helps the others when that is done: so what a
   * thread has in its caches from the job before (weights, a block of the batch) is mostly what it needs. */
  int              n_shares;
  int              next[ARIETTA_POOL_MAX_THREADS], end[ARIETTA_POOL_MAX_THREADS];

  atomic_uint      jobs;      /* how many jobs were ever offered */
  atomic_bool      finished;
  atomic_flag      busy;
} Pool;

static Pool pool = {
  .mutex = PTHREAD_MUTEX_INITIALIZER,
  .work = PTHREAD_COND_INITIALIZER,
  .done = PTHREAD_COND_INITIALIZER,
  .busy = ATOMIC_FLAG_INIT,
};
static pthread_once_t pool_once = PTHREAD_ONCE_INIT;

static inline void
relax (void)
{
#if defined (__x86_64__) || defined (__i386__)
  __builtin_ia32_pause ();
#endif
}

static int
clamp_threads (long n)
{
  return n < 1 ? 1 : n > ARIETTA_POOL_MAX_THREADS ? ARIETTA_POOL_MAX_THREADS : (int) n;
}

static void
pool_init (void)
{
  const char *wish = getenv ("ARIETTA_THREADS");

#ifdef HAVE_OPENBLAS_SET_NUM_THREADS
  openblas_set_num_threads (1);
#endif
  pool.n_threads = clamp_threads (wish != NULL && atol (wish) > 0 ? atol (wish)
                                                                  : sysconf (_SC_NPROCESSORS_ONLN));
}

static int
n_active (void)
{
  return clamp_threads ((long) pool.n_threads - pool.n_spared);
}

static void
share_out (int n_pieces)
{
  pool.n_pieces = pool.n_left = n_pieces;
  pool.n_done = 0;
  pool.n_shares = n_active ();
  for (int i = 0; i < pool.n_shares; i++)
    {
      pool.next[i] = (int) ((long long) n_pieces * i / pool.n_shares);
      pool.end[i] = (int) ((long long) n_pieces * (i + 1) / pool.n_shares);
    }
}

/* One of the thread's own, else the last of whoever has most left; there is one. */
static int
take_piece (int index)
{
  int most = 0;

  pool.n_left--;
  if (index < pool.n_shares && pool.next[index] < pool.end[index])
    return pool.next[index]++;

  for (int i = 1; i < pool.n_shares; i++)
    if (pool.end[i] - pool.next[i] > pool.end[most] - pool.next[most])
      most = i;

  return --pool.end[most];
}

/* Takes and does pieces until none is left or this thread is not wanted; called with the mutex held. */
static void
do_pieces (int index)
{
  while (pool.n_left > 0 && index < n_active ())
    {
      AriettaPieceFunc func = pool.func;
      void            *data = pool.data;
      int              piece = take_piece (index);

      pthread_mutex_unlock (&pool.mutex);
      func (data, piece);
      pthread_mutex_lock (&pool.mutex);

      if (++pool.n_done == pool.n_pieces)
        {
          atomic_store (&pool.finished, true);
          pthread_cond_signal (&pool.done);
        }
    }
}

/* This thread's; elsewhere than on Linux it would be the whole program's. */
static void
be_nice (int niceness)
{
#ifdef __linux__
  setpriority (PRIO_PROCESS, 0, niceness);
#else
  (void) niceness;
#endif
}

static void *
work_in_thread (void *data)
{
  int      index = (int) (intptr_t) data;
  int      niceness = 0;
  unsigned seen = 0;

  pthread_mutex_lock (&pool.mutex);
  while (!pool.stopping)
    {
      if (pool.niceness != niceness)
        {
          niceness = pool.niceness;
          be_nice (niceness);
        }

      if (index >= n_active () || pool.n_left == 0)
        {
          if (index < n_active ())
            {
              seen = atomic_load (&pool.jobs);
              pthread_mutex_unlock (&pool.mutex);
              for (int i = 0; i < SPINS && atomic_load_explicit (&pool.jobs, memory_order_relaxed) == seen; i++)
                relax ();
              pthread_mutex_lock (&pool.mutex);
            }

          while (!pool.stopping && (index >= n_active () || pool.n_left == 0))
            pthread_cond_wait (&pool.work, &pool.mutex);
        }

      if (!pool.stopping)
        do_pieces (index);
    }
  pthread_mutex_unlock (&pool.mutex);

  return NULL;
}

void
arietta_pool_run_small (AriettaPieceFunc  func,
                        void             *data,
                        int               n_pieces)
{
  if (n_pieces >= FEW_SMALL_PIECES)
    arietta_pool_run (func, data, n_pieces);
  else
    for (int i = 0; i < n_pieces; i++)
      func (data, i);
}

void
arietta_pool_run (AriettaPieceFunc  func,
                  void             *data,
                  int               n_pieces)
{
  assert (n_pieces >= 0);
  pthread_once (&pool_once, pool_init);

  if (n_pieces < 2 || atomic_flag_test_and_set (&pool.busy))
    {
      for (int i = 0; i < n_pieces; i++)
        func (data, i);
      return;
    }

  pthread_mutex_lock (&pool.mutex);
  while (pool.n_workers < pool.n_threads - 1)
    {
      /* A machine that refuses a thread still gets its work done by those there are. */
      if (pthread_create (&pool.workers[pool.n_workers], NULL, work_in_thread,
                          (void *) (intptr_t) (pool.n_workers + 1)) != 0)
        break;
      pool.n_workers++;
    }

  pool.func = func;
  pool.data = data;
  share_out (n_pieces);
  atomic_store (&pool.finished, false);
  atomic_fetch_add (&pool.jobs, 1);
  if (n_active () > 1)
    pthread_cond_broadcast (&pool.work);

  do_pieces (0);

  if (pool.n_done < pool.n_pieces)
    {
      pthread_mutex_unlock (&pool.mutex);
      for (int i = 0; i < SPINS && !atomic_load_explicit (&pool.finished, memory_order_relaxed); i++)
        relax ();
      pthread_mutex_lock (&pool.mutex);
      while (pool.n_done < pool.n_pieces)
        pthread_cond_wait (&pool.done, &pool.mutex);
    }
  pthread_mutex_unlock (&pool.mutex);

  atomic_flag_clear (&pool.busy);
}

void
arietta_pool_set_threads (int n_threads)
{
  pthread_once (&pool_once, pool_init);

  pthread_mutex_lock (&pool.mutex);
  pool.n_threads = clamp_threads (n_threads);
  pthread_cond_broadcast (&pool.work);
  pthread_mutex_unlock (&pool.mutex);
}

int
arietta_pool_get_threads (void)
{
  int n_threads;

  pthread_once (&pool_once, pool_init);

  pthread_mutex_lock (&pool.mutex);
  n_threads = pool.n_threads;
  pthread_mutex_unlock (&pool.mutex);

  return n_threads;
}

void
arietta_pool_spare (int n_threads)
{
  pthread_once (&pool_once, pool_init);

  pthread_mutex_lock (&pool.mutex);
  pool.n_spared = n_threads > 0 ? n_threads : 0;
  pthread_cond_broadcast (&pool.work);
  pthread_mutex_unlock (&pool.mutex);
}

void
arietta_pool_set_niceness (int niceness)
{
  pthread_mutex_lock (&pool.mutex);
  pool.niceness = niceness;
  pthread_mutex_unlock (&pool.mutex);
}

void
arietta_pool_stop (void)
{
  while (atomic_flag_test_and_set (&pool.busy))
    usleep (1000);

  pthread_mutex_lock (&pool.mutex);
  pool.stopping = true;
  pthread_cond_broadcast (&pool.work);
  pthread_mutex_unlock (&pool.mutex);

  for (int i = 0; i < pool.n_workers; i++)
    pthread_join (pool.workers[i], NULL);

  pool.n_workers = 0;
  pool.stopping = false;
  atomic_flag_clear (&pool.busy);
}
