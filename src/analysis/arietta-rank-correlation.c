#include "analysis/arietta-rank-correlation.h"

#include <math.h>

/* From 1 on; quadratic, for the hundreds of pairs a measurement has. */
static double *
rank (const double *values,
      guint         n)
{
  double *ranks = g_new (double, n);

  for (guint i = 0; i < n; i++)
    {
      guint below = 0, equal = 0;

      for (guint k = 0; k < n; k++)
        {
          below += values[k] < values[i];
          equal += values[k] == values[i];
        }
      ranks[i] = below + (equal + 1) / 2.0;
    }

  return ranks;
}

double
arietta_rank_correlation (const double *a,
                          const double *b,
                          guint         n)
{
  g_autofree double *x = rank (a, n), *y = rank (b, n);
  double             mean = (n + 1) / 2.0, xy = 0.0, xx = 0.0, yy = 0.0;

  for (guint i = 0; i < n; i++)
    {
      xy += (x[i] - mean) * (y[i] - mean);
      xx += (x[i] - mean) * (x[i] - mean);
      yy += (y[i] - mean) * (y[i] - mean);
    }

  return xx > 0.0 && yy > 0.0 ? xy / sqrt (xx * yy) : NAN;
}
