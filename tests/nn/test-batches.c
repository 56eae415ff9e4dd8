#include "nn/arietta-batches.h"

#include <string.h>

enum { N = 103, SIZE = 8, GRAIN = 16 };

static void
fill_lengths (int *lengths)
{
  for (int i = 0; i < N; i++)
    lengths[i] = 1 + i * 37 % 90;
}

/* Each example comes, none more than twice, and padding stays small. */
static void
test_deal (void)
{
  g_autoptr(AriettaBatches) batches = NULL;
  AriettaRandom             random;
  int                       lengths[N], seen[N] = { 0 }, real = 0, padded = 0;

  fill_lengths (lengths);
  arietta_random_init (&random, 3, "deal");
  batches = arietta_batches_new (lengths, N, SIZE, GRAIN);
  arietta_batches_deal (batches, &random);
  g_assert_cmpuint (arietta_batches_get_n (batches), ==, (N + SIZE - 1) / SIZE);

  for (guint b = 0; b < arietta_batches_get_n (batches); b++)
    {
      AriettaBatch batch = arietta_batches_get_nth (batches, b);

      g_assert_cmpint (batch.length % GRAIN, ==, 0);
      for (int i = 0; i < SIZE; i++)
        {
          g_assert_cmpint (lengths[batch.examples[i]], <=, batch.length);
          seen[batch.examples[i]]++;
          real += lengths[batch.examples[i]];
          padded += batch.length;
        }
    }
  for (int i = 0; i < N; i++)
    g_assert_true (seen[i] == 1 || seen[i] == 2);
  /* In the order of the file it would be half as much again. */
  g_assert_cmpint (padded, <, real * 5 / 4);
}

/* The same stream deals the same, another one something else. */
static void
test_chance (void)
{
  int   lengths[N];
  guint first[3][SIZE];

  fill_lengths (lengths);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr(AriettaBatches) batches = arietta_batches_new (lengths, N, SIZE, GRAIN);
      AriettaRandom             random;

      arietta_random_init (&random, i == 2 ? 4 : 3, "deal");
      arietta_batches_deal (batches, &random);
      memcpy (first[i], arietta_batches_get_nth (batches, 0).examples, sizeof first[i]);
    }
  g_assert_cmpmem (first[0], sizeof first[0], first[1], sizeof first[1]);
  g_assert_cmpint (memcmp (first[0], first[2], sizeof first[0]), !=, 0);
}

static void
test_few (void)
{
  g_autoptr(AriettaBatches) batches = arietta_batches_new ((const int[]) { 5, 40, 17 }, 3, SIZE, 1);
  AriettaRandom             random;
  AriettaBatch              batch;
  int                       seen[3] = { 0 };

  arietta_random_init (&random, 3, "deal");
  arietta_batches_deal (batches, &random);
  g_assert_cmpuint (arietta_batches_get_n (batches), ==, 1);
  batch = arietta_batches_get_nth (batches, 0);
  g_assert_cmpint (batch.length, ==, 40);
  for (int i = 0; i < SIZE; i++)
    seen[batch.examples[i]]++;
  g_assert_true (seen[0] > 1 && seen[1] > 1 && seen[2] > 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/batches/deal", test_deal);
  g_test_add_func ("/nn/batches/chance", test_chance);
  g_test_add_func ("/nn/batches/few", test_few);

  return g_test_run ();
}
