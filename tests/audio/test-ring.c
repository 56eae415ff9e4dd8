#include "audio/arietta-ring.h"

#include <pthread.h>

#define N_ITEMS 200000

typedef struct
{
  guint64 number;
  guint64 copies[3];
} Item;

static void
test_order_and_bounds (void)
{
  g_autoptr(AriettaRing) ring = arietta_ring_new (sizeof (int), 5);  /* 8 in fact */
  int out;

  g_assert_false (arietta_ring_pop (ring, &out));

  /* Round and round, so that the indices wrap. */
  for (int round = 0; round < 10; round++)
    {
      for (int i = 0; i < 8; i++)
        g_assert_true (arietta_ring_push (ring, &(int) { round * 8 + i }));
      g_assert_false (arietta_ring_push (ring, &(int) { -1 }));

      for (int i = 0; i < 8; i++)
        {
          g_assert_true (arietta_ring_pop (ring, &out));
          g_assert_cmpint (out, ==, round * 8 + i);
        }
      g_assert_false (arietta_ring_pop (ring, &out));
    }
}

static void *
push_thread (void *data)
{
  for (guint64 i = 0; i < N_ITEMS; )
    {
      Item item = { i, { i, i, i } };

      if (arietta_ring_push (data, &item))
        i++;
      else
        g_thread_yield ();
    }

  return NULL;
}

static void
test_two_threads (void)
{
  g_autoptr(AriettaRing) ring = arietta_ring_new (sizeof (Item), 64);
  pthread_t thread;

  g_assert_cmpint (pthread_create (&thread, NULL, push_thread, ring), ==, 0);
  for (guint64 i = 0; i < N_ITEMS; )
    {
      Item item;

      if (!arietta_ring_pop (ring, &item))
        {
          g_thread_yield ();
          continue;
        }

      g_assert_cmpuint (item.number, ==, i);
      for (guint c = 0; c < 3; c++)
        g_assert_cmpuint (item.copies[c], ==, i);
      i++;
    }
  pthread_join (thread, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audio/ring/order-and-bounds", test_order_and_bounds);
  g_test_add_func ("/audio/ring/two-threads", test_two_threads);
  return g_test_run ();
}
