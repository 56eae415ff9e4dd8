/* arietta-block.h - memory for numbers that are read from one end to the other again and again
 *
 * Weights of 20 MB read in order by one core come at 35 to 50 GB/s through pages of 4 kB, each of which is looked
 * up anew, and a quarter quicker through pages of 2 MB; a training step is 4 % shorter.  So large blocks ask for
 * those; a system that has none to give gives small ones, and nothing else changes.
 */
#pragma once

#include <stddef.h>

/* What any of the kernels may want: a line of the cache, a vector of AVX-512. */
#define ARIETTA_BLOCK_ALIGNMENT 64

/* @bytes zeros, or more; ends the program if there is no such memory, as g_malloc () does. */
void *arietta_block_new  (size_t  bytes) __attribute__ ((warn_unused_result, malloc));
/* May be NULL. */
void  arietta_block_free (void   *block);
