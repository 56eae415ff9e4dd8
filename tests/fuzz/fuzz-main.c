/* The plain driver of the fuzz targets; see fuzz.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arietta-random.h"
#include "fuzz.h"

#define ROUNDS   4000
#define MAX_SIZE 4096

/* Bytes at the edges of what fields mean. */
static const guint8 EDGES[] = { 0x00, 0x01, 0x7F, 0x80, 0x81, 0xC0, 0xF0, 0xF7, 0xFE, 0xFF };

static void
mutate (GByteArray *bytes, GByteArray *other, AriettaRandom *random)
{
  gsize at = bytes->len > 0 ? arietta_random_below (random, bytes->len) : 0;
  gsize length = 1 + arietta_random_below (random, 8);
  guint8 edge = EDGES[arietta_random_below (random, G_N_ELEMENTS (EDGES))];

  if (bytes->len == 0)
    {
      g_byte_array_append (bytes, &edge, 1);
      return;
    }

  switch (arietta_random_below (random, 7))
    {
    case 0:
      bytes->data[at] ^= 1 << arietta_random_below (random, 8);
      break;
    case 1:
      bytes->data[at] = edge;
      break;
    case 2:
      bytes->data[at] = arietta_random_next (random);
      break;
    case 3:
      g_byte_array_remove_range (bytes, at, MIN (length, bytes->len - at));
      break;
    case 4: /* a piece of its own once more, somewhere */
      {
        guint8 piece[8];

        length = MIN (length, bytes->len - at);
        memcpy (piece, bytes->data + at, length);
        g_byte_array_append (bytes, piece, length);
        at = arietta_random_below (random, bytes->len - length + 1);
        memmove (bytes->data + at + length, bytes->data + at, bytes->len - length - at);
        memcpy (bytes->data + at, piece, length);
      }
      break;
    case 5: /* the tail of another seed */
      g_byte_array_set_size (bytes, at);
      if (other->len > 0)
        {
          at = arietta_random_below (random, other->len);
          g_byte_array_append (bytes, other->data + at, other->len - at);
        }
      break;
    default:
      g_byte_array_set_size (bytes, at);
      break;
    }
  if (bytes->len > MAX_SIZE)
    g_byte_array_set_size (bytes, MAX_SIZE);
}

/* From memory of exactly its size, so that a step outside is seen by tools that watch. */
static void
try_one (const guint8 *data, gsize size)
{
  g_autofree guint8 *exact = g_memdup2 (data, size);

  LLVMFuzzerTestOneInput (exact, size);
}

/* What is being tried stays behind in @path when the target aborts. */
static void
leave (const char *path, GByteArray *bytes)
{
  FILE *file = fopen (path, "wb");

  if (file == NULL)
    return;
  fwrite (bytes->data, 1, bytes->len, file);
  fclose (file);
}

static void
run (guint rounds)
{
  AriettaRandom random;
  guint n_seeds = 0;

  arietta_random_init (&random, 1, "fuzz");
  for (GByteArray *seed; (seed = fuzz_seed_new (n_seeds)) != NULL; n_seeds++)
    {
      try_one (seed->data, seed->len);
      g_byte_array_unref (seed);
    }

  for (guint i = 0; i < rounds; i++)
    {
      g_autoptr(GByteArray) bytes = fuzz_seed_new (arietta_random_below (&random, n_seeds));
      g_autoptr(GByteArray) other = fuzz_seed_new (arietta_random_below (&random, n_seeds));

      for (guint k = 1 + arietta_random_below (&random, 6); k > 0; k--)
        mutate (bytes, other, &random);
      if (g_getenv ("FUZZ_LAST") != NULL)
        leave (g_getenv ("FUZZ_LAST"), bytes);
      try_one (bytes->data, bytes->len);
    }
  printf ("%u seeds, %u mutations\n", n_seeds, rounds);
}

int
main (int   argc,
      char *argv[])
{
  if (argc == 1)
    run (ROUNDS);
  else if (argc == 3 && strcmp (argv[1], "--rounds") == 0)
    run (strtoul (argv[2], NULL, 10));
  else
    for (int i = 1; i < argc; i++)
      {
        g_autofree char *data = NULL;
        g_autoptr(GError) error = NULL;
        gsize size;

        if (!g_file_get_contents (argv[i], &data, &size, &error))
          {
            fprintf (stderr, "%s\n", error->message);
            return 1;
          }
        try_one ((const guint8 *) data, size);
      }
  return 0;
}
