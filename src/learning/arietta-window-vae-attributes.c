/* Directions of the latent space along which something a musician has a word for grows.
 *
 * Attributes of the training windows (density, range, syncopation ...), each less its mean and over its
 * deviation, A (n,k), and their points Z (n,L): the directions are the rows of (A^T A)^-1 A^T Z, how far a
 * point moves on the average when one attribute grows by a deviation and the others stay.  Regressing
 * points on attributes, and not the other way, keeps the way among points there are.  As most of what
 * makes a window dense is its own, the average falls short; so each direction is then made longer until
 * going along it gives the deviation asked for.
 */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-window-vae-private.h"

#include <math.h>
#include <string.h>

#define MIN_WINDOWS 8
#define ROUNDS      4
#define LONGEST_STEP 2.0
#define LONGEST    16.0  /* farther, nothing has been learned */

/* Solves a (k,k) x = b (k,n) in place, by Gauss and Jordan with pivots; b becomes x.  FALSE when a is
 * singular. */
static gboolean
solve (double *a,
       double *b,
       guint   k,
       guint   n)
{
  for (guint c = 0; c < k; c++)
    {
      guint pivot = c;

      for (guint r = c + 1; r < k; r++)
        if (fabs (a[r * k + c]) > fabs (a[pivot * k + c]))
          pivot = r;
      if (fabs (a[pivot * k + c]) < 1e-9)
        return FALSE;

      for (guint j = 0; pivot != c && j < k; j++)
        {
          double kept = a[c * k + j];

          a[c * k + j] = a[pivot * k + j];
          a[pivot * k + j] = kept;
        }
      for (guint j = 0; pivot != c && j < n; j++)
        {
          double kept = b[c * n + j];

          b[c * n + j] = b[pivot * n + j];
          b[pivot * n + j] = kept;
        }

      for (guint r = 0; r < k; r++)
        {
          double factor = a[r * k + c] / a[c * k + c];

          if (r == c)
            continue;
          for (guint j = 0; j < k; j++)
            a[r * k + j] -= factor * a[c * k + j];
          for (guint j = 0; j < n; j++)
            b[r * n + j] -= factor * b[c * n + j];
        }
    }

  for (guint r = 0; r < k; r++)
    for (guint j = 0; j < n; j++)
      b[r * n + j] /= a[r * k + r];

  return TRUE;
}

gboolean
arietta_window_vae_fit_attributes (AriettaWindowVae *net,
                                   const float      *mu,
                                   const double     *attributes,
                                   guint             n)
{
  guint              k = net->spec->form->n_attributes, L = (guint) net->n_latent;
  g_autofree double *mean = g_new0 (double, MAX (k, 1));
  g_autofree double *centre = g_new0 (double, L);
  g_autofree double *row = g_new (double, MAX (k, 1));
  g_autofree double *square = g_new0 (double, MAX (k * k, 1));
  g_autofree double *product = g_new0 (double, MAX (k * L, 1));

  g_clear_pointer (&net->attributes, g_free);
  g_clear_pointer (&net->attribute_deviations, g_free);
  if (k == 0 || n < MIN_WINDOWS)
    return FALSE;

  net->attribute_deviations = g_new0 (float, k);
  for (guint i = 0; i < n; i++)
    {
      for (guint a = 0; a < k; a++)
        mean[a] += attributes[i * k + a] / n;
      for (guint d = 0; d < L; d++)
        centre[d] += mu[(gsize) i * L + d] / n;
    }
  for (guint a = 0; a < k; a++)
    {
      double sum = 0.0;

      for (guint i = 0; i < n; i++)
        sum += (attributes[i * k + a] - mean[a]) * (attributes[i * k + a] - mean[a]);
      net->attribute_deviations[a] = (float) sqrt (sum / n);
    }

  for (guint i = 0; i < n; i++)
    {
      for (guint a = 0; a < k; a++)
        row[a] = (attributes[i * k + a] - mean[a]) / MAX (net->attribute_deviations[a], 1e-6);
      for (guint a = 0; a < k; a++)
        {
          for (guint b = 0; b < k; b++)
            square[a * k + b] += row[a] * row[b];
          for (guint d = 0; d < L; d++)
            product[a * L + d] += row[a] * (mu[(gsize) i * L + d] - centre[d]);
        }
    }
  /* A little ridge: an attribute that never varies has no direction. */
  for (guint a = 0; a < k; a++)
    square[a * k + a] += 1e-3 * n;
  if (!solve (square, product, k, L))
    return FALSE;

  net->attributes = g_new (float, (gsize) k * L);
  for (guint i = 0; i < k * L; i++)
    net->attributes[i] = (float) product[i];

  return TRUE;
}

void
arietta_window_vae_scale_attributes (AriettaWindowVae *net,
                                     AriettaWindowSet *set,
                                     guint             limit)
{
  double scales[ARIETTA_STEPS_MAX_ATTRIBUTES];

  if (net->attributes == NULL)
    return;

  for (guint a = 0; a < net->spec->form->n_attributes; a++)
    scales[a] = 1.0;

  /* Near a point nothing changes, since likeliest tokens stay likeliest; so by steps. */
  for (int round = 0; round < ROUNDS; round++)
    {
      AriettaWindowVaeMoves moves[ARIETTA_STEPS_MAX_ATTRIBUTES];

      arietta_window_vae_test_attributes (net, set, limit, moves);
      for (guint a = 0; a < net->spec->form->n_attributes; a++)
        {
          double gain = moves[a].n > 0 ? moves[a].gain / moves[a].n : 1.0;
          double factor = CLAMP (1.0 / MAX (gain, 1e-3), 0.5, LONGEST_STEP);

          factor = MIN (factor, LONGEST / scales[a]);
          scales[a] *= factor;
          for (int d = 0; d < net->n_latent; d++)
            net->attributes[(gsize) a * (gsize) net->n_latent + (gsize) d] *= (float) factor;
        }
    }
}

void
arietta_window_vae_test_attributes (AriettaWindowVae         *net,
                                    AriettaWindowSet         *set,
                                    guint                     limit,
                                    AriettaWindowVaeMoves    *moves)
{
  const AriettaStepForm *form = net->spec->form;
  guint                  k = form->n_attributes, n_all = arietta_window_set_get_n (set);
  guint                  n = MIN (limit, n_all);
  int                    L = net->n_latent;
  g_autofree float      *mu = g_new (float, L), *logvar = g_new (float, L), *z = g_new (float, L);

  memset (moves, 0, sizeof *moves * k);
  for (guint i = 0; net->attributes != NULL && i < n; i++)
    {
      AriettaStepWindow window, moved;
      double            values[ARIETTA_STEPS_MAX_ATTRIBUTES], sides[2];

      arietta_window_set_read (set, (guint) ((guint64) i * n_all / n), &window);
      arietta_window_vae_encode (net, &window, mu, logvar);
      for (guint a = 0; a < k; a++)
        {
          for (int side = 0; side < 2; side++)
            {
              for (int d = 0; d < L; d++)
                z[d] = mu[d] + (side == 0 ? -1.0f : 1.0f) * net->attributes[a * (guint) L + (guint) d];
              moved = window;
              arietta_window_vae_decode_greedy (net, z, &moved, moved.tokens);
              form->measure (&moved, values);
              sides[side] = values[a];
            }
          moves[a].raised += sides[1] > sides[0];
          moves[a].lowered += sides[1] < sides[0];
          moves[a].gain += (sides[1] - sides[0]) / 2.0 / MAX (net->attribute_deviations[a], 1e-6f);
        }
      for (guint a = 0; a < k; a++)
        moves[a].n++;
    }
}

void
arietta_window_vae_store_attributes (AriettaWindowVae         *net,
                                     AriettaSafetensorsWriter *writer)
{
  const AriettaStepForm *form = net->spec->form;
  g_autoptr(GString)     names = g_string_new (NULL);

  if (net->attributes == NULL)
    return;

  for (guint a = 0; a < form->n_attributes; a++)
    g_string_append_printf (names, "%s%s", a > 0 ? "\n" : "", form->attributes[a]);
  arietta_safetensors_writer_set_metadata (writer, "attributes", names->str);
  arietta_safetensors_writer_add (writer, "attributes", ARIETTA_DTYPE_F32, 2,
                                  (const gint64[]) { form->n_attributes, net->n_latent },
                                  net->attributes);
}

gboolean
arietta_window_vae_restore_attributes (AriettaWindowVae    *net,
                                       AriettaSafetensors  *file,
                                       GError             **error)
{
  const AriettaStepForm   *form = net->spec->form;
  const AriettaTensorView *view = arietta_safetensors_find (file, "attributes");
  const char              *text = arietta_safetensors_get_metadata (file, "attributes");
  g_auto(GStrv)            names = text != NULL ? g_strsplit (text, "\n", -1) : NULL;

  g_clear_pointer (&net->attributes, g_free);
  /* A file from before there were any, or of other attributes, does without. */
  if (view == NULL || names == NULL || g_strv_length (names) != form->n_attributes
      || view->n_elements != (gsize) form->n_attributes * (gsize) net->n_latent)
    return TRUE;
  for (guint a = 0; a < form->n_attributes; a++)
    if (strcmp (names[a], form->attributes[a]) != 0)
      return TRUE;

  net->attributes = arietta_tensor_view_dup_f32 (view, error);

  return net->attributes != NULL;
}

const char * const *
arietta_window_vae_get_attributes (gpointer net)
{
  static const char * const none[] = { NULL };
  AriettaWindowVae         *self = net;

  return self->attributes != NULL ? self->spec->form->attributes : none;
}

const float *
arietta_window_vae_get_attribute_vector (gpointer    net,
                                         const char *name)
{
  AriettaWindowVae *self = net;

  for (guint a = 0; self->attributes != NULL && a < self->spec->form->n_attributes; a++)
    if (strcmp (self->spec->form->attributes[a], name) == 0)
      return self->attributes + (gsize) a * (gsize) self->n_latent;

  return NULL;
}
