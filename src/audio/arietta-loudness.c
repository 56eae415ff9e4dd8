#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-loudness.h"

#include <math.h>

#define STEPS_PER_BLOCK  4      /* blocks of 400 ms begin every 100 ms */
#define OFFSET_DB        -0.691 /* so that 997 Hz at full scale in one channel reads -3.01 */
#define ABSOLUTE_GATE    -70.0
#define RELATIVE_GATE    -10.0

/* Transposed direct form II. */
typedef struct
{
  double b0, b1, b2, a1, a2;
} Biquad;

struct _AriettaLoudness
{
  Biquad  shelf;
  Biquad  high_pass;
  double  state[2][2][2];  /* channel, filter, delay */
  GArray *steps;           /* double: weighted square sums of 100 ms */
  double  sum;             /* of the step begun */
  guint   step_frames;
  guint   n_in_step;
  float   peak;
};

static double
run_biquad (const Biquad *filter,
            double       *z,
            double        x)
{
  double y = filter->b0 * x + z[0];

  z[0] = filter->b1 * x - filter->a1 * y + z[1];
  z[1] = filter->b2 * x - filter->a2 * y;
  return y;
}

static Biquad
make_shelf (int sample_rate)
{
  const double q = 0.7071752369554196;
  double k = tan (G_PI * 1681.974450955533 / sample_rate);
  double vh = pow (10.0, 3.999843853973347 / 20.0);
  double vb = pow (vh, 0.4996667741545416);
  double a0 = 1.0 + k / q + k * k;

  return (Biquad) {
    (vh + vb * k / q + k * k) / a0,
    2.0 * (k * k - vh) / a0,
    (vh - vb * k / q + k * k) / a0,
    2.0 * (k * k - 1.0) / a0,
    (1.0 - k / q + k * k) / a0,
  };
}

static Biquad
make_high_pass (int sample_rate)
{
  const double q = 0.5003270373238773;
  double k = tan (G_PI * 38.13547087602444 / sample_rate);
  double a0 = 1.0 + k / q + k * k;

  return (Biquad) { 1.0, -2.0, 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0 };
}

static double
loudness_of (double mean_square)
{
  return mean_square > 0 ? OFFSET_DB + 10.0 * log10 (mean_square) : ARIETTA_SILENCE_DB;
}

/* Mean of the blocks louder than @gate, 0 if none is. */
static double
gated_mean (const double *blocks,
            guint         n_blocks,
            double        gate)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < n_blocks; i++)
    if (loudness_of (blocks[i]) > gate)
      {
        sum += blocks[i];
        n++;
      }

  return n > 0 ? sum / n : 0;
}

AriettaLoudness *
arietta_loudness_new (int sample_rate)
{
  AriettaLoudness *self = g_new0 (AriettaLoudness, 1);

  self->shelf = make_shelf (sample_rate);
  self->high_pass = make_high_pass (sample_rate);
  self->steps = g_array_new (FALSE, FALSE, sizeof (double));
  self->step_frames = sample_rate / 10;

  return self;
}

void
arietta_loudness_free (AriettaLoudness *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->steps);
  g_free (self);
}

void
arietta_loudness_add (AriettaLoudness *self,
                      const float     *frames,
                      guint            n_frames)
{
  for (guint i = 0; i < n_frames; i++)
    {
      for (guint c = 0; c < 2; c++)
        {
          float x = frames[2 * i + c];
          double y = run_biquad (&self->shelf, self->state[c][0], x);

          y = run_biquad (&self->high_pass, self->state[c][1], y);
          self->sum += y * y;
          self->peak = MAX (self->peak, fabsf (x));
        }

      if (++self->n_in_step == self->step_frames)
        {
          g_array_append_val (self->steps, self->sum);
          self->sum = 0;
          self->n_in_step = 0;
        }
    }
}

double
arietta_loudness_get (AriettaLoudness *self)
{
  g_autofree double *blocks = NULL;
  guint n_steps = self->steps->len;
  double mean;
  guint n_blocks;

  /* Shorter than a block: all there is stands for one. */
  if (n_steps < STEPS_PER_BLOCK)
    {
      guint n_frames = n_steps * self->step_frames + self->n_in_step;

      mean = self->sum;
      for (guint i = 0; i < n_steps; i++)
        mean += g_array_index (self->steps, double, i);
      mean = n_frames > 0 ? mean / n_frames : 0;
      return loudness_of (mean) > ABSOLUTE_GATE ? loudness_of (mean) : ARIETTA_SILENCE_DB;
    }

  n_blocks = n_steps - STEPS_PER_BLOCK + 1;
  blocks = g_new0 (double, n_blocks);
  for (guint i = 0; i < n_blocks; i++)
    {
      for (guint s = 0; s < STEPS_PER_BLOCK; s++)
        blocks[i] += g_array_index (self->steps, double, i + s);
      blocks[i] /= STEPS_PER_BLOCK * self->step_frames;
    }

  mean = gated_mean (blocks, n_blocks, ABSOLUTE_GATE);
  if (mean <= 0)
    return ARIETTA_SILENCE_DB;

  return loudness_of (gated_mean (blocks, n_blocks, MAX (ABSOLUTE_GATE, loudness_of (mean) + RELATIVE_GATE)));
}

double
arietta_loudness_get_peak (AriettaLoudness *self)
{
  return self->peak > 0 ? MAX (20.0 * log10 (self->peak), ARIETTA_SILENCE_DB) : ARIETTA_SILENCE_DB;
}
