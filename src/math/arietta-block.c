#include "math/arietta-block.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t) 2 << 20)
#define LARGE (2 * HUGE_PAGE) /* at most half as much again is taken */

static size_t
rounded (size_t bytes,
         size_t unit)
{
  return bytes == 0 ? unit : (bytes + unit - 1) / unit * unit;
}

void *
arietta_block_new (size_t bytes)
{
  const size_t unit = bytes >= LARGE ? HUGE_PAGE : ARIETTA_BLOCK_ALIGNMENT, size = rounded (bytes, unit);
  void        *block = size >= bytes ? aligned_alloc (unit, size) : NULL;

  if (block == NULL)
    {
      fprintf (stderr, "Arietta: there is no memory for %zu bytes.\n", bytes);
      abort ();
    }
#ifdef MADV_HUGEPAGE
  if (unit == HUGE_PAGE)
    madvise (block, size, MADV_HUGEPAGE);
#endif

  return memset (block, 0, size);
}

void
arietta_block_free (void *block)
{
  free (block);
}
