#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-latent-prior.h"

#include "base/arietta-error.h"
#include "learning/arietta-model.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Of a direction without any. */
#define LEAST_SPREAD 1e-4f

struct _AriettaLatentPrior
{
  guint  n_latent, n_styles;
  float *mean;     /* (1 + styles, L) */
  float *factor;   /* (1 + styles, L, L): lower triangles, factor factor^T is the covariance */
  float *vectors;  /* (styles, L) */
};

static AriettaLatentPrior *
allocate (guint n_latent,
          guint n_styles)
{
  AriettaLatentPrior *self = g_new0 (AriettaLatentPrior, 1);

  self->n_latent = n_latent;
  self->n_styles = n_styles;
  self->mean = g_new0 (float, (gsize) (1 + n_styles) * n_latent);
  self->factor = g_new0 (float, (gsize) (1 + n_styles) * n_latent * n_latent);
  self->vectors = g_new0 (float, (gsize) (n_styles + 1) * n_latent);

  return self;
}

void
arietta_latent_prior_free (AriettaLatentPrior *self)
{
  if (self == NULL)
    return;

  g_free (self->mean);
  g_free (self->factor);
  g_free (self->vectors);
  g_free (self);
}

static void
make_vectors (AriettaLatentPrior *self)
{
  guint L = self->n_latent;

  for (guint s = 0; s < self->n_styles; s++)
    for (guint i = 0; i < L; i++)
      self->vectors[s * L + i] = self->mean[(1 + s) * L + i] - self->mean[i];
}

/* a (L,L) symmetric, in its lower triangle -> its Cholesky factor.  A pivot that is not above zero
 * is lifted, which only happens to directions without variance. */
static void
factorise (double *a,
           guint   L)
{
  for (guint j = 0; j < L; j++)
    {
      double pivot = a[j * L + j];

      for (guint k = 0; k < j; k++)
        pivot -= a[j * L + k] * a[j * L + k];
      pivot = sqrt (MAX (pivot, 1e-8));
      a[j * L + j] = pivot;

      for (guint i = j + 1; i < L; i++)
        {
          double sum = a[i * L + j];

          for (guint k = 0; k < j; k++)
            sum -= a[i * L + k] * a[j * L + k];
          a[i * L + j] = sum / pivot;
        }
    }
}

/* Of a style, on all: a covariance of L dimensions needs several times L examples. */
#define LEAN_ON_ALL 2.0

static double
get_share (double count,
           double lean,
           guint  L)
{
  return count / (count + lean * L);
}

/* Fits place @slot on the rows whose label is @label (-2: all); with @shrink_to the covariance
 * leans on that slot's where there are few rows. */
static void
fit_slot (AriettaLatentPrior *self,
          guint               slot,
          int                 label,
          const float        *mu,
          const float        *logvar,
          const int          *labels,
          guint               n,
          const double       *lean_on,
          double             *covariance)
{
  guint              L = self->n_latent;
  g_autofree double *mean = g_new0 (double, L);
  double             count = 0.0, share;

  memset (covariance, 0, sizeof (double) * L * L);
  for (guint r = 0; r < n; r++)
    if (label == -2 || labels[r] == label)
      {
        count += 1.0;
        for (guint i = 0; i < L; i++)
          mean[i] += mu[(gsize) r * L + i];
      }

  if (count < 1.0)
    {
      memcpy (self->mean + slot * L, self->mean, sizeof (float) * L);
      memcpy (covariance, lean_on, sizeof (double) * L * L);
      return;
    }

  for (guint i = 0; i < L; i++)
    {
      mean[i] /= count;
      self->mean[slot * L + i] = (float) mean[i];
    }

  for (guint r = 0; r < n; r++)
    if (label == -2 || labels[r] == label)
      for (guint i = 0; i < L; i++)
        {
          double d = mu[(gsize) r * L + i] - mean[i];

          for (guint j = 0; j <= i; j++)
            covariance[i * L + j] += d * (mu[(gsize) r * L + j] - mean[j]);
          covariance[i * L + i] += exp (MIN (logvar[(gsize) r * L + i], 4.0f));
        }

  share = lean_on != NULL ? get_share (count, LEAN_ON_ALL, L) : 1.0;
  for (guint i = 0; i < L; i++)
    for (guint j = 0; j <= i; j++)
      {
        covariance[i * L + j] *= share / count;
        if (lean_on != NULL)
          covariance[i * L + j] += (1.0 - share) * lean_on[i * L + j];
      }
}

/* Those of all rows, mean and @covariance, become those of a mixture of them and what @before has for all. */
static void
mix_with (AriettaLatentPrior *self,
          AriettaLatentPrior *before,
          double              lean,
          guint               n,
          double             *covariance)
{
  guint              L = self->n_latent;
  g_autofree double *apart = g_new (double, L);
  double             share = get_share (n, lean, L);

  for (guint i = 0; i < L; i++)
    {
      apart[i] = (double) self->mean[i] - before->mean[i];
      self->mean[i] = (float) (before->mean[i] + share * apart[i]);
    }
  for (guint i = 0; i < L; i++)
    for (guint j = 0; j <= i; j++)
      {
        double old = 0.0;

        for (guint k = 0; k <= j; k++)
          old += (double) before->factor[i * L + k] * before->factor[j * L + k];
        covariance[i * L + j] = share * covariance[i * L + j] + (1.0 - share) * old
                                + share * (1.0 - share) * apart[i] * apart[j];
      }
}

AriettaLatentPrior *
arietta_latent_prior_fit (const float        *mu,
                          const float        *logvar,
                          const int          *labels,
                          guint               n,
                          guint               n_latent,
                          guint               n_styles,
                          AriettaLatentPrior *before,
                          double              lean)
{
  AriettaLatentPrior *self = allocate (n_latent, n_styles);
  gsize               square = (gsize) n_latent * n_latent;
  g_autofree double  *all = g_new0 (double, square);
  g_autofree double  *work = g_new0 (double, square);

  fit_slot (self, 0, -2, mu, logvar, labels, n, NULL, all);
  if (before != NULL)
    mix_with (self, before, lean, n, all);
  for (guint slot = 0; slot <= n_styles; slot++)
    {
      if (slot == 0)
        memcpy (work, all, sizeof (double) * square);
      else
        fit_slot (self, slot, (int) slot - 1, mu, logvar, labels, n, all, work);

      factorise (work, n_latent);
      for (guint i = 0; i < n_latent; i++)
        for (guint j = 0; j <= i; j++)
          self->factor[slot * square + i * n_latent + j] = (float) work[i * n_latent + j];
    }
  make_vectors (self);

  return self;
}

void
arietta_latent_prior_add_style (AriettaLatentPrior *self,
                                AriettaLatentPrior *other,
                                guint               style)
{
  gsize L = self->n_latent, slots = 1 + self->n_styles;

  g_return_if_fail (style < other->n_styles && other->n_latent == self->n_latent);

  self->mean = g_renew (float, self->mean, (slots + 1) * L);
  self->factor = g_renew (float, self->factor, (slots + 1) * L * L);
  self->vectors = g_renew (float, self->vectors, (slots + 1) * L);
  memcpy (self->mean + slots * L, other->mean + (1 + style) * L, sizeof (float) * L);
  memcpy (self->factor + slots * L * L, other->factor + (1 + style) * L * L, sizeof (float) * L * L);
  self->n_styles++;
  make_vectors (self);
}

void
arietta_latent_prior_store (AriettaLatentPrior       *self,
                            AriettaSafetensorsWriter *writer)
{
  gint64            L = self->n_latent, slots = 1 + self->n_styles;
  g_autofree float *lower = g_new (float, slots * L * (L + 1) / 2);
  gsize             at = 0;

  for (gint64 slot = 0; slot < slots; slot++)
    for (gint64 i = 0; i < L; i++)
      for (gint64 j = 0; j <= i; j++)
        lower[at++] = self->factor[(slot * L + i) * L + j];

  arietta_safetensors_writer_add (writer, "prior.mean", ARIETTA_DTYPE_F32, 2,
                                  (const gint64[]) { slots, L }, self->mean);
  arietta_safetensors_writer_add_as_f16 (writer, "prior.factor", 2,
                                         (const gint64[]) { slots, L * (L + 1) / 2 }, lower);
}

AriettaLatentPrior *
arietta_latent_prior_restore (AriettaSafetensors *file,
                              const char         *name,
                              guint               n_latent,
                              guint               n_styles,
                              GError            **error)
{
  const AriettaTensorView      *mean = arietta_safetensors_find (file, "prior.mean");
  const AriettaTensorView      *factor = arietta_safetensors_find (file, "prior.factor");
  gsize                         n = (gsize) (1 + n_styles) * n_latent, at = 0;
  gsize                         n_lower = n * (n_latent + 1) / 2;
  g_autoptr(AriettaLatentPrior) self = NULL;
  g_autofree float             *values = NULL, *factors = NULL;

  if (mean == NULL && factor == NULL)
    return NULL;

  /* Squares with their upper halves 0 are how the first models stored them. */
  if (mean == NULL || factor == NULL || mean->n_elements != n
      || (factor->n_elements != n_lower && factor->n_elements != n * n_latent))
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, name,
                         "prior",
                         _("The model “%s” does not hold together: its prior has another size "
                           "than its latent space."),
                         name);
      return NULL;
    }

  values = arietta_tensor_view_dup_f32 (mean, error);
  factors = values != NULL ? arietta_tensor_view_dup_f32 (factor, error) : NULL;
  if (factors == NULL)
    return NULL;

  self = allocate (n_latent, n_styles);
  memcpy (self->mean, values, sizeof (float) * n);
  if (factor->n_elements == n_lower)
    {
      for (gsize row = 0; row < n; row++)
        for (gsize j = 0; j <= row % n_latent; j++)
          self->factor[row * n_latent + j] = factors[at++];
    }
  else
    {
      memcpy (self->factor, factors, sizeof (float) * n * n_latent);
    }
  make_vectors (self);

  return g_steal_pointer (&self);
}

void
arietta_latent_prior_draw (AriettaLatentPrior *self,
                           int                 style,
                           double              weight,
                           AriettaRandom      *random,
                           float              *latent)
{
  guint              L = self->n_latent;
  g_autofree double *normal = g_new (double, L);
  double             w = style >= 0 ? CLAMP (weight, 0.0, 1.0) : 0.0;
  const float       *all = self->factor, *own = self->factor + (gsize) (1 + MAX (style, 0)) * L * L;

  if (style < 0 || self->n_styles == 0)
    own = all;

  for (guint i = 0; i < L; i++)
    normal[i] = arietta_random_normal (random);

  for (guint i = 0; i < L; i++)
    {
      double sum = self->mean[i];

      if (style >= 0)
        sum += weight * self->vectors[(guint) style * L + i];
      for (guint j = 0; j <= i; j++)
        sum += ((1.0 - w) * all[i * L + j] + w * own[i * L + j]) * normal[j];
      latent[i] = (float) sum;
    }
}

/* Where @latent is in the spread of all: the normal draws that would have given it. */
static void
find_place (AriettaLatentPrior *self,
            const float        *latent,
            double             *place)
{
  guint L = self->n_latent;

  for (guint i = 0; i < L; i++)
    {
      double rest = (double) latent[i] - self->mean[i];

      for (guint j = 0; j < i; j++)
        rest -= self->factor[i * L + j] * place[j];
      place[i] = rest / MAX (self->factor[i * L + i], LEAST_SPREAD);
    }
}

double
arietta_latent_prior_get_nats (AriettaLatentPrior *self,
                               const float        *latent)
{
  guint              L = self->n_latent;
  g_autofree double *place = g_new (double, L);
  double             nats = 0.5 * L * log (2.0 * G_PI);

  find_place (self, latent, place);
  for (guint i = 0; i < L; i++)
    nats += 0.5 * place[i] * place[i] + log (MAX (self->factor[i * L + i], LEAST_SPREAD));

  return nats;
}

void
arietta_latent_prior_carry (AriettaLatentPrior *self,
                            guint               style,
                            const float        *latent,
                            float              *carried)
{
  guint              L = self->n_latent;
  const float       *own = self->factor + (gsize) (1 + style) * L * L;
  g_autofree double *place = g_new (double, L);

  g_return_if_fail (style < self->n_styles);

  find_place (self, latent, place);
  for (guint i = 0; i < L; i++)
    {
      double sum = self->mean[(1 + style) * L + i];

      for (guint j = 0; j <= i; j++)
        sum += own[i * L + j] * place[j];
      carried[i] = (float) sum;
    }
}

const float *
arietta_latent_prior_get_vector (AriettaLatentPrior *self,
                                 guint               style)
{
  g_return_val_if_fail (style < self->n_styles, NULL);

  return self->vectors + (gsize) style * self->n_latent;
}
