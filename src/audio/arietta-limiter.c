#include "audio/arietta-limiter.h"

#include <math.h>

/* Half of what is missing comes back in 40 pieces of 1.45 ms. */
#define RELEASE 0.0172f
/* So near to 1 it is 1. */
#define AT_REST 0.9999f

static float
size_at (const float *frames,
         guint        nth)
{
  return MAX (fabsf (frames[2 * nth]), fabsf (frames[2 * nth + 1]));
}

/* The steepest fall that any frame asks for, and up to which it goes; FALSE when the gain may stay. */
static gboolean
find_fall (float        gain,
           const float *frames,
           guint        n_frames,
           float       *slope,
           guint       *n_steps)
{
  *slope = 0;

  for (guint i = 0; i < n_frames; i++)
    {
      float size = size_at (frames, i);
      float asked = size * gain > ARIETTA_LIMITER_CEILING ? (ARIETTA_LIMITER_CEILING / size - gain) / (i + 1) : 0;

      if (asked < *slope)
        {
          *slope = asked;
          *n_steps = i + 1;
        }
    }

  return *slope < 0;
}

/* Rounding may leave a frame a hair above the ceiling. */
static void
apply (float *frames,
       guint  nth,
       float  gain)
{
  for (guint c = 0; c < 2; c++)
    frames[2 * nth + c] = CLAMP (frames[2 * nth + c] * gain, -ARIETTA_LIMITER_CEILING, ARIETTA_LIMITER_CEILING);
}

static float
run_piece (AriettaLimiter *self,
           float          *frames,
           guint           n_frames)
{
  float rise = (1.0f - self->gain) * RELEASE / n_frames, least = self->gain, allowed = 1, slope;
  guint at = 0, n_steps;

  while (at < n_frames && find_fall (self->gain, frames + 2 * at, n_frames - at, &slope, &n_steps))
    {
      for (guint i = 0; i < n_steps; i++)
        apply (frames, at++, self->gain += slope);
      least = MIN (least, self->gain);
      rise = 0;
    }
  if (rise == 0.0f && self->gain == 1.0f)
    return least;

  /* It rises no higher than the loudest of what is left allows. */
  for (guint i = at; i < n_frames; i++)
    allowed = MIN (allowed, ARIETTA_LIMITER_CEILING / MAX (size_at (frames, i), ARIETTA_LIMITER_CEILING));
  for (; at < n_frames; at++)
    {
      self->gain = MAX (MIN (self->gain + rise, allowed), self->gain);
      apply (frames, at, self->gain);
    }
  if (self->gain > AT_REST)
    self->gain = 1.0f;

  return least;
}

void
arietta_limiter_init (AriettaLimiter *self)
{
  self->gain = 1.0f;
}

float
arietta_limiter_run (AriettaLimiter *self,
                     float          *frames,
                     guint           n_frames)
{
  float least = 1.0f;

  for (guint done = 0; done < n_frames; done += ARIETTA_LIMITER_FRAMES)
    {
      float lowest = run_piece (self, frames + 2 * done, MIN (ARIETTA_LIMITER_FRAMES, n_frames - done));

      least = MIN (least, lowest);
    }

  return least;
}
