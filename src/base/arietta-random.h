/* arietta-random.h - named, seeded streams of random numbers
 *
 * All chance in the program comes from here, so that the same seed gives the same notes.  A stream is
 * named by what it is for ("shuffle", "dropout", "compose"): streams of one seed with different names
 * are independent, so drawing more from one never shifts another.  The state is four plain words and
 * may be saved and restored, which is what lets a resumed training go on bit for bit.
 *
 * Generator: xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
 * ACM TOMS 2021), seeded through splitmix64 over the seed and an FNV-1a hash of the name.
 *
 * Threads: a stream belongs to one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 state[4];
} AriettaRandom;

void    arietta_random_init     (AriettaRandom *self,
                                 guint64        seed,
                                 const char    *stream);

guint64 arietta_random_next     (AriettaRandom *self);

/* In [0, 1), 53 bits. */
double  arietta_random_uniform  (AriettaRandom *self);

/* In 0 .. n - 1 without bias; n > 0. */
guint64 arietta_random_below    (AriettaRandom *self,
                                 guint64        n);

/* Mean 0, variance 1 (Box-Muller, one of the pair used, so that the state is the whole state). */
double  arietta_random_normal   (AriettaRandom *self);

/* An index drawn with chance proportional to weights[i] >= 0; n > 0.  All zero: uniform. */
guint   arietta_random_weighted (AriettaRandom *self,
                                 const float   *weights,
                                 guint          n);

G_END_DECLS
