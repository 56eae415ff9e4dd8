#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-latent.h"

#include <math.h>

#define CENTRE_DRAWS 64

float *
arietta_latent_dup_centre (AriettaModel *model,
                           const char   *style,
                           double        weight)
{
  guint             size = arietta_model_get_latent_size (model);
  g_autofree float *draw = g_new (float, size);
  float            *centre = g_new0 (float, size);
  AriettaRandom     random;

  arietta_random_init (&random, 0, "centre");
  for (guint d = 0; d < CENTRE_DRAWS; d++)
    {
      arietta_model_draw_latent (model, style, weight, &random, draw);
      for (guint i = 0; i < size; i++)
        centre[i] += draw[i] / CENTRE_DRAWS;
    }

  return centre;
}

void
arietta_latent_step (float       *out,
                     const float *from,
                     const float *draw,
                     const float *centre,
                     double       distance,
                     guint        size)
{
  float keep = (float) sqrt (1.0 - distance * distance);

  for (guint i = 0; i < size; i++)
    out[i] = centre[i] + keep * (from[i] - centre[i]) + (float) distance * (draw[i] - centre[i]);
}

void
arietta_latent_slerp (float       *out,
                      const float *a,
                      const float *b,
                      double       position,
                      guint        size)
{
  double aa = 0.0, bb = 0.0, ab = 0.0, angle, wa, wb;

  for (guint i = 0; i < size; i++)
    {
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
      ab += (double) a[i] * b[i];
    }

  angle = aa > 0.0 && bb > 0.0 ? acos (CLAMP (ab / sqrt (aa * bb), -1.0, 1.0)) : 0.0;
  if (sin (angle) < 1e-4)
    {
      wa = 1.0 - position;
      wb = position;
    }
  else
    {
      wa = sin ((1.0 - position) * angle) / sin (angle);
      wb = sin (position * angle) / sin (angle);
    }

  for (guint i = 0; i < size; i++)
    out[i] = (float) (wa * a[i] + wb * b[i]);
}
