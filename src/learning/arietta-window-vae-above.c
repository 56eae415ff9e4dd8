/* How the level above begins.
 *
 * Drawn by chance, it hands the lower decoder points that mean nothing, and the shortest way to a smaller
 * loss is to stop listening to them, from which no way leads back (440 steps of batch 16 over 16 bars left no
 * onset right).  So it begins as the best linear copy of the points that its form allows: a component k of the
 * latent is the product of a direction over units, T_k (U), and one over the dimensions of a point, V_k (P):
 *
 *   z_k = sum over u of T_uk (V_k p_u) / s_k       by the tables of r and mu
 *   p_u = m_u + sum over k of T_uk s_k z_k V_k     by those of g_u and the point; m the mean point of each unit
 *
 * T and V are eigenvectors of the covariances of units and of dimensions; of their products those of most
 * variance s_k^2 are taken.  What is drawn by chance stays beside them, small.
 */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-window-vae-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_WINDOWS    1500
#define FEWEST       8
#define SWEEPS       30
#define BESIDE       0.05f    /* what chance drew is multiplied by */
#define FIRST_LOGVAR (-3.0f)  /* little noise at first, or there is nothing to learn from */

/* Jacobi's rotations: a (n,n) symmetric becomes diagonal, the columns of v (n,n) its eigenvectors. */
static void
diagonalise (double *a,
             double *v,
             gsize   n)
{
  memset (v, 0, sizeof *v * n * n);
  for (gsize i = 0; i < n; i++)
    v[i * n + i] = 1.0;

  for (int sweep = 0; sweep < SWEEPS; sweep++)
    {
      double off = 0.0, all = 0.0;

      for (gsize i = 0; i < n; i++)
        for (gsize j = 0; j < n; j++)
          {
            off += i != j ? a[i * n + j] * a[i * n + j] : 0.0;
            all += a[i * n + j] * a[i * n + j];
          }
      if (off <= 1e-16 * all)
        return;

      for (gsize p = 0; p < n; p++)
        for (gsize q = p + 1; q < n; q++)
          {
            double theta, t, c, s;

            if (fabs (a[p * n + q]) <= 1e-300)
              continue;
            theta = (a[q * n + q] - a[p * n + p]) / (2.0 * a[p * n + q]);
            t = (theta >= 0.0 ? 1.0 : -1.0) / (fabs (theta) + sqrt (theta * theta + 1.0));
            c = 1.0 / sqrt (t * t + 1.0);
            s = t * c;
            for (gsize k = 0; k < n; k++)
              {
                double x = a[k * n + p], y = a[k * n + q];

                a[k * n + p] = c * x - s * y;
                a[k * n + q] = s * x + c * y;
              }
            for (gsize k = 0; k < n; k++)
              {
                double x = a[p * n + k], y = a[q * n + k];

                a[p * n + k] = c * x - s * y;
                a[q * n + k] = s * x + c * y;
              }
            for (gsize k = 0; k < n; k++)
              {
                double x = v[k * n + p], y = v[k * n + q];

                v[k * n + p] = c * x - s * y;
                v[k * n + q] = s * x + c * y;
              }
          }
    }
}

/* The points of whole windows of @set, evenly taken: (their number, U, P). */
static GArray *
read_all (AriettaWindowVae *net,
          AriettaWindowSet *set,
          gsize             size)
{
  GArray           *points = g_array_new (FALSE, FALSE, sizeof (float));
  g_autofree float *of_window = g_new (float, size);
  guint             n_all = arietta_window_set_get_n (set), n = MIN (n_all, N_WINDOWS);
  guint             most = arietta_window_shape_get_most_units (&net->shape);
  AriettaStepWindow window;

  for (guint i = 0; i < n; i++)
    {
      arietta_window_set_read (set, (guint) ((guint64) i * n_all / n), &window);
      if (arietta_window_shape_count_units (&net->shape, &window) != most)
        continue;
      arietta_window_vae_read_points (net, &window, of_window);
      g_array_append_vals (points, of_window, (guint) size);
    }

  return points;
}

typedef struct
{
  gsize  unit, dimension;   /* columns of T and V */
  double variance;
} Component;

static int
compare_components (gconstpointer a,
                    gconstpointer b)
{
  double x = ((const Component *) a)->variance, y = ((const Component *) b)->variance;

  return x > y ? -1 : x < y;
}

/* x (n,U,P) without its means; all U P components, those of most variance first. */
static Component *
find_components (const float *x,
                 gsize        n,
                 gsize        U,
                 gsize        P,
                 double      *T,
                 double      *V)
{
  g_autofree double *of_units = g_new0 (double, U * U);
  g_autofree double *of_dimensions = g_new0 (double, P * P);
  g_autofree double *turned = g_new (double, U * P);
  Component         *components = g_new0 (Component, U * P);

  for (gsize i = 0; i < n; i++)
    for (gsize u = 0; u < U; u++)
      {
        const float *row = x + (i * U + u) * P;

        for (gsize a = 0; a < P; a++)
          for (gsize b = 0; b < P; b++)
            of_dimensions[a * P + b] += (double) row[a] * row[b];
        for (gsize w = 0; w < U; w++)
          for (gsize a = 0; a < P; a++)
            of_units[u * U + w] += (double) row[a] * x[(i * U + w) * P + a];
      }
  diagonalise (of_units, T, U);
  diagonalise (of_dimensions, V, P);

  for (gsize c = 0; c < U * P; c++)
    components[c] = (Component) { c / P, c % P, 0.0 };
  for (gsize i = 0; i < n; i++)
    {
      for (gsize u = 0; u < U; u++)
        for (gsize d = 0; d < P; d++)
          {
            double sum = 0.0;

            for (gsize a = 0; a < P; a++)
              sum += x[(i * U + u) * P + a] * V[a * P + d];
            turned[u * P + d] = sum;
          }
      for (gsize c = 0; c < U * P; c++)
        {
          double sum = 0.0;

          for (gsize u = 0; u < U; u++)
            sum += T[u * U + c / P] * turned[u * P + c % P];
          components[c].variance += sum * sum / (double) n;
        }
    }
  qsort (components, U * P, sizeof *components, compare_components);

  return components;
}

static void
shrink (AriettaReal *values,
        gsize        n)
{
  for (gsize i = 0; i < n; i++)
    values[i] *= BESIDE;
}

/* The weights of component @k, as the formulas above say. */
static void
set_component (AriettaWindowVae *net,
               const Component  *component,
               gsize             k,
               const double     *T,
               const double     *V,
               const double     *mean)
{
  AriettaParams *p = net->params;
  gsize          U = arietta_window_shape_get_most_units (&net->shape), P = (gsize) net->n_point;
  gsize          G = (gsize) net->n_unit_gate, C = (gsize) net->n_conductor, L = (gsize) net->n_latent;
  gsize          E = C / 2 * 2;
  double         s = sqrt (MAX (component->variance, 1e-6)), centre = 0.0;

  for (gsize u = 0; u < U; u++)
    {
      double t = T[u * U + component->unit];

      arietta_params_get (p, "units.read.table")[u * G + k] = (AriettaReal) t;
      arietta_params_get (p, "units.gate.table")[u * G + k] = (AriettaReal) t;
      for (gsize d = 0; d < P; d++)
        centre += t * V[d * P + component->dimension] * mean[u * P + d];
    }
  for (gsize d = 0; d < P; d++)
    {
      AriettaReal v = (AriettaReal) V[d * P + component->dimension];

      arietta_params_get (p, "units.read.y")[k * (E + P) + E + d] = v;
      arietta_params_get (p, "units.point.weight")[d * (C + G) + C + k] = v;
    }
  for (gsize l = 0; l < L; l++)
    arietta_params_get (p, "units.gate.z")[k * L + l] = l == k ? (AriettaReal) s : 0.0f;
  arietta_params_get (p, "units.mu.weight")[k * (E + G) + E + k] = (AriettaReal) (1.0 / (READ_SCALE * s));
  arietta_params_get (p, "units.mu.bias")[k] = (AriettaReal) (-centre / s);
}

void
arietta_window_vae_begin_above (AriettaWindowVae *net,
                                AriettaWindowSet *set)
{
  gsize              U = arietta_window_shape_get_most_units (&net->shape), P = (gsize) net->n_point;
  gsize              K = MIN (MIN ((gsize) net->n_latent, (gsize) net->n_unit_gate), U * P);
  g_autoptr(GArray)  points = NULL;
  g_autofree double *mean = g_new0 (double, U * P);
  g_autofree double *T = g_new (double, U * U), *V = g_new (double, P * P);
  g_autofree Component *components = NULL;
  AriettaReal       *logvar = arietta_params_get (net->params, "units.logvar.bias");
  double             kept = 0.0, all = 0.0;
  float             *x;
  gsize              n;

  for (int l = 0; l < net->n_latent; l++)
    logvar[l] = FIRST_LOGVAR;

  arietta_window_vae_ready (net);
  points = read_all (net, set, U * P);
  n = points->len / (U * P);
  if (n < FEWEST)
    return;

  x = (float *) (gpointer) points->data;
  for (gsize i = 0; i < points->len; i++)
    mean[i % (U * P)] += x[i] / (double) n;
  for (gsize i = 0; i < points->len; i++)
    x[i] -= (float) mean[i % (U * P)];
  components = find_components (x, n, U, P, T, V);

  {
    static const char * const small[] = {
      "units.read.y", "units.mu.weight", "units.logvar.weight", "units.point.weight",
    };

    for (guint i = 0; i < G_N_ELEMENTS (small); i++)
      shrink (arietta_params_get (net->params, small[i]),
              arietta_params_find (net->params, small[i])->n_elements);
  }
  for (gsize i = 0; i < U * P; i++)
    arietta_params_get (net->params, "units.mean")[i] = (AriettaReal) mean[i];
  memset (arietta_params_get (net->params, "units.point.bias"), 0, sizeof (AriettaReal) * P);

  for (gsize k = 0; k < U * P; k++)
    {
      if (k < K)
        set_component (net, &components[k], k, T, V, mean);
      kept += k < K ? components[k].variance : 0.0;
      all += components[k].variance;
    }
  g_debug ("the level above begins with %" G_GSIZE_FORMAT " components, %.1f %% of the variance of %"
           G_GSIZE_FORMAT " windows", K, 100.0 * kept / MAX (all, 1e-30), n);
}
