#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-model.h"

#include "base/arietta-error.h"
#include "learning/arietta-model-file.h"

#include <glib/gi18n.h>

struct _AriettaModel
{
  gatomicrefcount         ref_count;
  const AriettaModelKind *kind;
  gpointer                net;
  AriettaRecipe          *recipe;
  GHashTable             *seen;    /* guint64 * as a set; NULL when the file does not say */
  GBytes                 *known;   /* passages of those pieces; NULL when the file does not say */
  GMutex                  lock;    /* of what follows */
  AriettaCopied          *passages; /* the same, ready for questions; NULL before the first */
  char                   *path;
  char                   *sha256;
};

ARIETTA_DEFINE_ERROR (learning)

static GHashTable *
make_set (GArray *marks)
{
  GHashTable *set = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < marks->len; i++)
    g_hash_table_add (set, g_memdup2 (&g_array_index (marks, guint64, i), sizeof (guint64)));

  return set;
}

/* The digest of the file as it is on the disk now. */
static char *
digest_file (const char  *path,
             GError     **error)
{
  g_autoptr(GMappedFile) mapped = g_mapped_file_new (path, FALSE, error);
  g_autoptr(GBytes)      bytes = mapped != NULL ? g_mapped_file_get_bytes (mapped) : NULL;

  return bytes != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;
}

AriettaModel *
arietta_model_load (const char  *weights_path,
                    GError     **error)
{
  return arietta_model_load_known (weights_path, NULL, error);
}

AriettaModel *
arietta_model_load_known (const char  *weights_path,
                          const char  *known_sha256,
                          GError     **error)
{
  AriettaModel           *self;
  const AriettaModelKind *kind;
  g_autoptr(AriettaRecipe) recipe = NULL;
  g_autoptr(GArray)       seen = NULL;
  g_autoptr(GBytes)       known = NULL;
  g_autoptr(GError)       local = NULL;
  g_autofree char        *sha256 = NULL;
  gpointer                net;

  g_return_val_if_fail (weights_path != NULL, NULL);

  net = arietta_model_file_load (weights_path, &kind, &recipe, &seen, &known, error);
  if (net == NULL)
    return NULL;

  sha256 = known_sha256 != NULL ? g_strdup (known_sha256) : digest_file (weights_path, &local);
  if (sha256 == NULL)
    {
      kind->free (net);
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE,
                         weights_path, NULL, _("“%s” cannot be opened: %s"), weights_path,
                         local->message);
      return NULL;
    }

  kind->ready (net);
  self = g_new0 (AriettaModel, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->net = net;
  self->recipe = g_steal_pointer (&recipe);
  self->seen = seen != NULL ? make_set (seen) : NULL;
  self->known = g_steal_pointer (&known);
  g_mutex_init (&self->lock);
  self->path = g_strdup (weights_path);
  self->sha256 = g_steal_pointer (&sha256);

  return self;
}

AriettaModel *
arietta_model_ref (AriettaModel *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
arietta_model_unref (AriettaModel *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  self->kind->free (self->net);
  arietta_recipe_unref (self->recipe);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  g_clear_pointer (&self->known, g_bytes_unref);
  g_clear_pointer (&self->passages, arietta_copied_unref);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self->sha256);
  g_free (self);
}

const char *
arietta_model_get_kind (AriettaModel *self)
{
  return self->kind->name;
}

AriettaModelAbilities
arietta_model_get_abilities (AriettaModel *self)
{
  return self->kind->abilities;
}

guint64
arietta_model_get_parameters (AriettaModel *self)
{
  return arietta_params_count (self->kind->get_params (self->net));
}

const char *
arietta_model_get_sha256 (AriettaModel *self)
{
  return self->sha256;
}

const char * const *
arietta_model_get_styles (AriettaModel *self)
{
  static const char * const none[] = { NULL };

  return self->kind->get_styles != NULL ? self->kind->get_styles (self->net) : none;
}

guint
arietta_model_get_latent_size (AriettaModel *self)
{
  return self->kind->get_latent_size != NULL ? self->kind->get_latent_size (self->net) : 0;
}

guint
arietta_model_get_window_bars (AriettaModel *self)
{
  return self->kind->get_window_bars != NULL ? self->kind->get_window_bars (self->net) : 0;
}

static gboolean
refuse (AriettaModel *self,
        gpointer      function,
        GError      **error)
{
  if (function != NULL)
    return FALSE;

  arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_UNABLE, self->path, NULL,
                     _("A model of the kind “%s” cannot do this."), self->kind->name);
  return TRUE;
}

gboolean
arietta_model_encode (AriettaModel    *self,
                      AriettaPiece    *piece,
                      float          **latents,
                      AriettaWindow  **windows,
                      guint           *n_windows,
                      GError         **error)
{
  g_return_val_if_fail (self != NULL && piece != NULL && latents != NULL && windows != NULL
                          && n_windows != NULL,
                        FALSE);

  *latents = NULL;
  *windows = NULL;
  *n_windows = 0;
  if (refuse (self, (gpointer) self->kind->encode, error))
    return FALSE;

  return self->kind->encode (self->net, piece, latents, windows, n_windows, error);
}

AriettaPiece *
arietta_model_decode (AriettaModel                 *self,
                      const float                  *latents,
                      const AriettaWindow          *windows,
                      guint                         n_windows,
                      const AriettaDecodeSettings  *settings,
                      AriettaRandom                *random,
                      GError                      **error)
{
  g_return_val_if_fail (self != NULL && latents != NULL && windows != NULL && settings != NULL
                          && random != NULL,
                        NULL);

  if (refuse (self, (gpointer) self->kind->decode, error))
    return NULL;

  return self->kind->decode (self->net, latents, windows, n_windows, settings, random, error);
}

void
arietta_model_draw_latent (AriettaModel  *self,
                           const char    *style,
                           double         weight,
                           AriettaRandom *random,
                           float         *latent)
{
  g_return_if_fail (self != NULL && self->kind->draw_latent != NULL);

  self->kind->draw_latent (self->net, style, weight, random, latent);
}

const float *
arietta_model_get_style_vector (AriettaModel *self,
                                const char   *style)
{
  g_return_val_if_fail (self != NULL && style != NULL, NULL);

  return self->kind->get_style_vector != NULL ? self->kind->get_style_vector (self->net, style)
                                              : NULL;
}

AriettaPiece *
arietta_model_write (AriettaModel                *self,
                     const AriettaWriteSettings  *settings,
                     AriettaRandom               *random,
                     AriettaGoOnFunc              go_on,
                     gpointer                     user_data,
                     GError                     **error)
{
  g_return_val_if_fail (self != NULL && settings != NULL && settings->bars > 0 && random != NULL, NULL);

  if (refuse (self, (gpointer) self->kind->write, error))
    return NULL;

  return self->kind->write (self->net, settings, random, go_on, user_data, error);
}

AriettaPiece *
arietta_model_harmonise (AriettaModel                *self,
                         AriettaPiece                *piece,
                         const AriettaWriteSettings  *settings,
                         AriettaRandom               *random,
                         AriettaGoOnFunc              go_on,
                         gpointer                     user_data,
                         GError                     **error)
{
  g_return_val_if_fail (self != NULL && piece != NULL && settings != NULL && random != NULL, NULL);

  if (refuse (self, (gpointer) self->kind->harmonise, error))
    return NULL;

  return self->kind->harmonise (self->net, piece, settings, random, go_on, user_data, error);
}

const char * const *
arietta_model_get_attributes (AriettaModel *self)
{
  static const char * const none[] = { NULL };

  return self->kind->get_attributes != NULL ? self->kind->get_attributes (self->net) : none;
}

const float *
arietta_model_get_attribute_vector (AriettaModel *self,
                                    const char   *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  return self->kind->get_attribute_vector != NULL
           ? self->kind->get_attribute_vector (self->net, name)
           : NULL;
}

AriettaPiece *
arietta_model_fill (AriettaModel                *self,
                    AriettaPiece                *piece,
                    const AriettaFillSettings   *settings,
                    AriettaRandom               *random,
                    AriettaGoOnFunc              go_on,
                    gpointer                     user_data,
                    GError                     **error)
{
  g_return_val_if_fail (self != NULL && piece != NULL && settings != NULL && random != NULL, NULL);

  if (refuse (self, (gpointer) self->kind->fill, error))
    return NULL;

  return self->kind->fill (self->net, piece, settings, random, go_on, user_data, error);
}

GArray *
arietta_model_attend (AriettaModel  *self,
                      AriettaPiece  *piece,
                      guint          bar,
                      GError       **error)
{
  g_return_val_if_fail (self != NULL && piece != NULL, NULL);

  return refuse (self, (gpointer) self->kind->attend, error) ? NULL
                                                             : self->kind->attend (self->net, piece, bar, error);
}

gboolean
arietta_model_carry_latent (AriettaModel *self,
                            const char   *style,
                            const float  *latent,
                            float        *carried)
{
  const float *vector = arietta_model_get_style_vector (self, style);

  if (vector == NULL)
    return FALSE;

  if (self->kind->carry_latent != NULL)
    self->kind->carry_latent (self->net, style, latent, carried);
  else
    for (guint i = 0; i < arietta_model_get_latent_size (self); i++)
      carried[i] = latent[i] + vector[i];

  return TRUE;
}

GHashTable *
arietta_model_measure_style (AriettaModel *self,
                             AriettaPiece *piece)
{
  g_return_val_if_fail (self != NULL && piece != NULL, NULL);

  if (self->kind->measure_style == NULL)
    return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self->kind->measure_style (self->net, piece);
}

double
arietta_model_get_typical_style (AriettaModel *self,
                                 const char   *style)
{
  g_return_val_if_fail (self != NULL && style != NULL, 1.0);

  return self->kind->get_typical_style != NULL ? self->kind->get_typical_style (self->net, style)
                                               : 1.0;
}

AriettaPiece *
arietta_model_hear (AriettaModel *self,
                    AriettaPiece *piece)
{
  g_return_val_if_fail (self != NULL && piece != NULL, NULL);

  return self->kind->hear != NULL ? self->kind->hear (self->net, piece) : arietta_piece_ref (piece);
}

AriettaCopied *
arietta_model_dup_known (AriettaModel *self)
{
  AriettaCopied *passages;

  g_mutex_lock (&self->lock);
  if (self->known != NULL && self->passages == NULL)
    {
      gsize         n;
      const guint8 *bytes = g_bytes_get_data (self->known, &n);

      self->passages = arietta_copied_restore (bytes, n);
      if (self->passages != NULL)
        arietta_copied_prepare (self->passages);
      /* Bytes that do not hold together are not tried again. */
      g_clear_pointer (&self->known, g_bytes_unref);
    }
  passages = self->passages != NULL ? arietta_copied_ref (self->passages) : NULL;
  g_mutex_unlock (&self->lock);

  return passages;
}

/* The keys of cli.md's row "evaluate", in its order. */
static const char * const evaluate_keys[] = {
  "n_pieces",     "pieces_skipped",   "seen",          "n_predicted",
  "n_windows",    "windows_failed",   "nll_per_note",  "nll_per_token",
  "accuracy",     "changed_accuracy", "elbo_per_step", "reconstruction",
  "kl",           "active_units",     "overlap",       "musegan",
  "copied_share", "self_repetition",  "baselines",
};

JsonObject *
arietta_model_evaluate (AriettaModel          *self,
                        const AriettaExample  *examples,
                        guint                  n_examples,
                        AriettaStepFunc        per_step,
                        AriettaGoOnFunc        go_on,
                        gpointer               user_data,
                        GError               **error)
{
  g_autoptr(JsonObject) results = json_object_new ();

  g_return_val_if_fail (self != NULL, NULL);

  if (refuse (self, (gpointer) self->kind->evaluate, error))
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (evaluate_keys); i++)
    json_object_set_null_member (results, evaluate_keys[i]);

  if (!self->kind->evaluate (self->net, examples, n_examples, results, per_step, go_on, user_data,
                             error))
    return NULL;

  if (self->seen != NULL)
    {
      gint64 n = 0;

      for (guint i = 0; i < n_examples; i++)
        {
          guint64 mark = arietta_model_file_mark (examples[i].piece);

          n += g_hash_table_contains (self->seen, &mark);
        }
      json_object_set_int_member (results, "seen", n);
    }

  return g_steal_pointer (&results);
}
