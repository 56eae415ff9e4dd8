#include "base/arietta-random.h"
#include "base/arietta-sort.h"

typedef struct
{
  gint64  number;
  guint   nth;
  guint8  rest[5];
} Record;

/* The sign bit turned, so that what is below 0 comes first. */
static guint64
get_key (gconstpointer record)
{
  return (guint64) ((const Record *) record)->number ^ (G_GUINT64_CONSTANT (1) << 63);
}

static void
check (guint  n,
       gint64 range)
{
  g_autoptr(GArray) array = g_array_new (FALSE, TRUE, sizeof (Record));
  AriettaRandom random;

  arietta_random_init (&random, n, "sort");
  for (guint i = 0; i < n; i++)
    {
      Record record = { .number = (gint64) arietta_random_below (&random, 2 * (guint64) range + 1) - range, .nth = i };

      g_array_append_val (array, record);
    }
  arietta_sort_by_key (array, sizeof (Record), get_key);
  for (guint i = 1; i < n; i++)
    {
      const Record *before = &g_array_index (array, Record, i - 1), *here = &g_array_index (array, Record, i);

      g_assert_cmpint (before->number, <=, here->number);
      if (before->number == here->number)
        g_assert_cmpuint (before->nth, <, here->nth);
    }
}

static void
test_orders (void)
{
  check (0, 10);
  check (1, 10);
  check (1000, 3);
  check (5000, 100000);
  check (5000, G_MAXINT64 / 4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/sort", test_orders);
  return g_test_run ();
}
