/* arietta-limiter.h - loud passages are held back, not torn
 *
 * A peak limiter without delay.  Within what it is handed it looks ahead in pieces of ARIETTA_LIMITER_FRAMES: where
 * a piece would pass the ceiling, the gain falls along straight lines that keep every frame below it; afterwards it
 * comes back, half of the way in some 60 ms.  Both channels share the gain, so that nothing wanders between the ears.
 * Below the ceiling the sound is untouched, bit for bit.
 *
 * What comes out depends on where the pieces begin, and so on the sizes it is called with: multiples of
 * ARIETTA_LIMITER_FRAMES give the same sound however many at a time.
 *
 * Threads: any, one at a time for one limiter; the audio thread's: nothing is allocated and nothing waits.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_LIMITER_CEILING  0.98f  /* of full scale, -0.2 dB */
#define ARIETTA_LIMITER_FRAMES   64

typedef struct
{
  float gain;   /* 1: at rest */
} AriettaLimiter;

void  arietta_limiter_init (AriettaLimiter *self);
/* @frames: interleaved stereo at 44.1 kHz, in place.  Returns the least gain there was. */
float arietta_limiter_run  (AriettaLimiter *self,
                            float          *frames,
                            guint           n_frames);

G_END_DECLS
