#define G_LOG_DOMAIN "arietta-base"

#include "base/arietta-random.h"

#include <math.h>

static guint64
splitmix64 (guint64 *x)
{
  guint64 z = (*x += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);

  return z ^ (z >> 31);
}

static guint64
rotate_left (guint64 x,
             int     k)
{
  return (x << k) | (x >> (64 - k));
}

void
arietta_random_init (AriettaRandom *self,
                     guint64        seed,
                     const char    *stream)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);
  guint64 x;

  for (const char *p = stream; *p != '\0'; p++)
    hash = (hash ^ (guint8) *p) * G_GUINT64_CONSTANT (0x100000001b3);

  x = seed;
  x = splitmix64 (&x) ^ hash;
  for (int i = 0; i < 4; i++)
    self->state[i] = splitmix64 (&x);
}

guint64
arietta_random_next (AriettaRandom *self)
{
  guint64 *s = self->state;
  guint64  result = rotate_left (s[1] * 5, 7) * 9;
  guint64  t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left (s[3], 45);

  return result;
}

double
arietta_random_uniform (AriettaRandom *self)
{
  return (double) (arietta_random_next (self) >> 11) * 0x1.0p-53;
}

guint64
arietta_random_below (AriettaRandom *self,
                      guint64        n)
{
  guint64 limit, x;

  g_return_val_if_fail (n > 0, 0);

  /* Numbers under 2^64 mod n are rejected, so every residue is equally likely. */
  limit = (0 - n) % n;
  do
    x = arietta_random_next (self);
  while (x < limit);

  return x % n;
}

double
arietta_random_normal (AriettaRandom *self)
{
  double u = 1.0 - arietta_random_uniform (self);
  double v = arietta_random_uniform (self);

  return sqrt (-2.0 * log (u)) * cos (2.0 * G_PI * v);
}

guint
arietta_random_weighted (AriettaRandom *self,
                         const float   *weights,
                         guint          n)
{
  double total = 0.0, mark;

  g_return_val_if_fail (n > 0, 0);

  for (guint i = 0; i < n; i++)
    total += weights[i];

  if (!(total > 0.0) || !isfinite (total))
    return (guint) arietta_random_below (self, n);

  mark = arietta_random_uniform (self) * total;
  for (guint i = 0; i < n; i++)
    {
      mark -= weights[i];
      if (mark < 0.0)
        return i;
    }

  /* Rounding may leave a crumb: the last index that can be drawn at all takes it. */
  for (guint i = n; i-- > 0;)
    if (weights[i] > 0.0f)
      return i;

  return n - 1;
}
