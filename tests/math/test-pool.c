#include "math/arietta-pool.h"

#include <glib.h>
#include <stdatomic.h>
#ifdef __linux__
#include <sys/resource.h>
#endif

typedef struct
{
  atomic_int times[500];
  int        depth;
} Count;

static void
count_cb (void *data,
          int   piece)
{
  Count *count = data;

  atomic_fetch_add (&count->times[piece], 1);
}

static void
check_each_once (void)
{
  Count count = { 0 };

  arietta_pool_run (count_cb, &count, 500);
  for (int i = 0; i < 500; i++)
    g_assert_cmpint (atomic_load (&count.times[i]), ==, 1);
}

static void
test_each_piece_once (void)
{
  static const int threads[] = { 1, 2, 3, 8, 2, 1, 4 };

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      arietta_pool_set_threads (threads[i]);
      g_assert_cmpint (arietta_pool_get_threads (), ==, threads[i]);
      for (int k = 0; k < 50; k++)
        check_each_once ();
    }
}

static void
test_range (void)
{
  arietta_pool_set_threads (0);
  g_assert_cmpint (arietta_pool_get_threads (), ==, 1);
  arietta_pool_set_threads (100000);
  g_assert_cmpint (arietta_pool_get_threads (), ==, ARIETTA_POOL_MAX_THREADS);
  arietta_pool_set_threads (2);
}

static void
same_thread_cb (void *data,
                int   piece)
{
  g_assert_true (g_thread_self () == data);
}

/* What is spared does nothing, and comes back. */
static void
test_spare (void)
{
  arietta_pool_set_threads (3);
  check_each_once ();
  arietta_pool_spare (2);
  g_assert_cmpint (arietta_pool_get_threads (), ==, 3);
  for (int k = 0; k < 20; k++)
    arietta_pool_run (same_thread_cb, g_thread_self (), 500);
  /* One always works. */
  arietta_pool_spare (100);
  check_each_once ();
  arietta_pool_spare (1);
  check_each_once ();
  arietta_pool_spare (0);
  check_each_once ();
}

#ifdef __linux__
static void
niceness_cb (void *data,
             int   piece)
{
  int *niceness = data;

  niceness[piece] = getpriority (PRIO_PROCESS, 0);
  g_usleep (2000);
}

/* Workers become nicer; the thread that asks stays as it is. */
static void
test_niceness (void)
{
  int niceness[40], own = getpriority (PRIO_PROCESS, 0), n_nicer = 0;

  arietta_pool_stop ();
  arietta_pool_set_threads (4);
  arietta_pool_set_niceness (MIN (own + 3, 19));
  for (int k = 0; k < 50 && n_nicer == 0 && own < 17; k++)
    {
      arietta_pool_run (niceness_cb, niceness, G_N_ELEMENTS (niceness));
      for (gsize i = 0; i < G_N_ELEMENTS (niceness); i++)
        n_nicer += niceness[i] == own + 3;
    }
  g_assert_true (n_nicer > 0 || own >= 17);
  g_assert_cmpint (getpriority (PRIO_PROCESS, 0), ==, own);
  arietta_pool_set_niceness (0);
  arietta_pool_stop ();
}
#endif

static void
nested_cb (void *data,
           int   piece)
{
  Count *counts = data;

  arietta_pool_run (count_cb, &counts[piece], 500);
}

static void
test_nested (void)
{
  g_autofree Count *counts = g_new0 (Count, 6);

  arietta_pool_set_threads (3);
  arietta_pool_run (nested_cb, counts, 6);
  for (int k = 0; k < 6; k++)
    for (int i = 0; i < 500; i++)
      g_assert_cmpint (atomic_load (&counts[k].times[i]), ==, 1);
}

static gpointer
many_runs_in_thread (gpointer data)
{
  for (int k = 0; k < 200; k++)
    check_each_once ();

  return NULL;
}

/* Several threads ask at once, while another gives cores away and takes them back. */
static void
test_at_once (void)
{
  GThread *threads[3];

  arietta_pool_set_threads (4);
  for (int i = 0; i < 3; i++)
    threads[i] = g_thread_new ("asker", many_runs_in_thread, NULL);
  for (int k = 0; k < 200; k++)
    {
      arietta_pool_set_threads (1 + k % 4);
      g_thread_yield ();
    }
  for (int i = 0; i < 3; i++)
    g_thread_join (threads[i]);
}

static void
test_stop_and_start (void)
{
  arietta_pool_set_threads (4);
  for (int k = 0; k < 5; k++)
    {
      check_each_once ();
      arietta_pool_stop ();
    }
  check_each_once ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/math/pool/each-piece-once", test_each_piece_once);
  g_test_add_func ("/math/pool/range", test_range);
  g_test_add_func ("/math/pool/spare", test_spare);
#ifdef __linux__
  g_test_add_func ("/math/pool/niceness", test_niceness);
#endif
  g_test_add_func ("/math/pool/nested", test_nested);
  g_test_add_func ("/math/pool/at-once", test_at_once);
  g_test_add_func ("/math/pool/stop-and-start", test_stop_and_start);

  return g_test_run ();
}
