#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-projection.h"

#include <math.h>
#include <stdlib.h>

#define ITERATIONS 300
#define SETTLED 1e-10

static void
mean_of (double      *mean,
         const float *points,
         guint        n,
         guint        size)
{
  for (guint d = 0; d < size; d++)
    mean[d] = 0.0;
  for (guint i = 0; i < n; i++)
    for (guint d = 0; d < size; d++)
      mean[d] += (double) points[(gsize) i * size + d] / n;
}

/* covariance (size, size), not divided by n: directions do not care. */
static double *
covariance_of (const double *mean,
               const float  *points,
               guint         n,
               guint         size)
{
  double           *covariance = g_new0 (double, (gsize) size * size);
  g_autofree double *row = g_new (double, size);

  for (guint i = 0; i < n; i++)
    {
      for (guint d = 0; d < size; d++)
        row[d] = points[(gsize) i * size + d] - mean[d];
      for (guint a = 0; a < size; a++)
        for (guint b = 0; b <= a; b++)
          covariance[(gsize) a * size + b] += row[a] * row[b];
    }
  for (guint a = 0; a < size; a++)
    for (guint b = a + 1; b < size; b++)
      covariance[(gsize) a * size + b] = covariance[(gsize) b * size + a];

  return covariance;
}

static double
dot (const double *a,
     const double *b,
     guint         n)
{
  double sum = 0.0;

  for (guint i = 0; i < n; i++)
    sum += a[i] * b[i];

  return sum;
}

static gboolean
normalise (double *v,
           guint   n)
{
  double length = sqrt (dot (v, v, n));

  if (!(length > 1e-12))
    return FALSE;
  for (guint i = 0; i < n; i++)
    v[i] /= length;

  return TRUE;
}

/* The leading direction of @matrix at right angles to @other (may be NULL). All zero if there is
 * none. */
static void
leading_direction (double       *v,
                   const double *matrix,
                   const double *other,
                   guint         size)
{
  g_autofree double *next = g_new (double, size);
  guint              largest = 0;

  for (guint d = 0; d < size; d++)
    v[d] = 1.0 + 0.37 * sin (1.0 + d);   /* in no special position to any axis */

  for (guint iteration = 0; iteration < ITERATIONS; iteration++)
    {
      double change = 0.0;

      for (guint a = 0; a < size; a++)
        next[a] = dot (matrix + (gsize) a * size, v, size);
      if (other != NULL)
        {
          double along = dot (next, other, size);

          for (guint d = 0; d < size; d++)
            next[d] -= along * other[d];
        }
      if (!normalise (next, size))
        {
          for (guint d = 0; d < size; d++)
            v[d] = 0.0;
          return;
        }
      for (guint d = 0; d < size; d++)
        {
          change += fabs (next[d] - v[d]);
          v[d] = next[d];
        }
      if (change < SETTLED)
        break;
    }

  for (guint d = 1; d < size; d++)
    if (fabs (v[d]) > fabs (v[largest]) + 1e-9)
      largest = d;
  if (v[largest] < 0.0)
    for (guint d = 0; d < size; d++)
      v[d] = -v[d];
}

void
arietta_projection_pca (float       *xy,
                        const float *points,
                        guint        n,
                        guint        size)
{
  g_autofree double *mean = g_new (double, size);
  g_autofree double *directions = g_new0 (double, 2 * (gsize) size);
  g_autofree double *covariance = NULL;

  if (n == 0)
    return;

  mean_of (mean, points, n, size);
  covariance = covariance_of (mean, points, n, size);
  leading_direction (directions, covariance, NULL, size);
  leading_direction (directions + size, covariance, directions, size);

  for (guint i = 0; i < n; i++)
    for (guint axis = 0; axis < 2; axis++)
      {
        double sum = 0.0;

        for (guint d = 0; d < size; d++)
          sum += (points[(gsize) i * size + d] - mean[d]) * directions[axis * size + d];
        xy[2 * i + axis] = (float) sum;
      }
}

typedef struct
{
  float distance;
  guint index;
} Neighbour;

static int
compare_neighbours (const void *a,
                    const void *b)
{
  const Neighbour *x = a, *y = b;

  if (x->distance != y->distance)
    return x->distance < y->distance ? -1 : 1;

  return x->index < y->index ? -1 : x->index > y->index;
}

/* rank[j]: place of point j among the neighbours of point @i, 1 for the nearest, 0 for @i
 * itself. */
static void
rank_neighbours (guint       *rank,
                 Neighbour   *scratch,
                 const float *points,
                 guint        n,
                 guint        size,
                 guint        i)
{
  const float *p = points + (gsize) i * size;

  for (guint j = 0; j < n; j++)
    {
      const float *q = points + (gsize) j * size;
      float        sum = 0.0f;

      for (guint d = 0; d < size; d++)
        sum += (p[d] - q[d]) * (p[d] - q[d]);
      scratch[j] = (Neighbour) { j == i ? -1.0f : sum, j };
    }
  qsort (scratch, n, sizeof *scratch, compare_neighbours);
  for (guint r = 0; r < n; r++)
    rank[scratch[r].index] = r;
}

gboolean
arietta_projection_measure (const float *xy,
                            const float *points,
                            guint        n,
                            guint        size,
                            guint        k,
                            double      *trustworthiness,
                            double      *continuity)
{
  g_autofree guint     *rank_there = NULL;
  g_autofree guint     *rank_here = NULL;
  g_autofree Neighbour *scratch = NULL;
  double                intruders = 0.0, lost = 0.0, scale;

  if (k == 0 || n < 3 * k)
    return FALSE;

  rank_there = g_new (guint, n);
  rank_here = g_new (guint, n);
  scratch = g_new (Neighbour, n);

  for (guint i = 0; i < n; i++)
    {
      rank_neighbours (rank_there, scratch, points, n, size, i);
      rank_neighbours (rank_here, scratch, xy, n, 2, i);
      for (guint j = 0; j < n; j++)
        {
          if (j == i)
            continue;
          if (rank_here[j] <= k && rank_there[j] > k)
            intruders += rank_there[j] - k;
          if (rank_there[j] <= k && rank_here[j] > k)
            lost += rank_here[j] - k;
        }
    }

  scale = 2.0 / ((double) n * k * (2.0 * n - 3.0 * k - 1.0));
  *trustworthiness = 1.0 - scale * intruders;
  *continuity = 1.0 - scale * lost;

  return TRUE;
}
