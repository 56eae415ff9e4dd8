/* Styles mixed into a piece by latent arithmetic, with two honest meters. */
#define G_LOG_DOMAIN "arietta-studio"

#include <glib/gi18n.h>

#include "analysis/arietta-retention.h"
#include "base/arietta-error.h"
#include "studio/arietta-composed-private.h"
#include "studio/arietta-studio-error.h"

void
arietta_mix_free (AriettaMix *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->composed, arietta_composed_free);
  g_clear_pointer (&self->arrival, g_hash_table_unref);
  g_clear_pointer (&self->arrival_before, g_hash_table_unref);
  g_free (self);
}

static void
refuse (AriettaModel             *model,
        const char               *name,
        const AriettaStyleWeight *weight,
        GError                  **error)
{
  const char * const *names = weight->attribute ? arietta_model_get_attributes (model)
                                                : arietta_model_get_styles (model);
  g_autofree char    *known = g_strjoinv (", ", (char **) names);

  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNKNOWN_STYLE, NULL, NULL,
                     weight->attribute && names[0] == NULL
                       ? _("The model “%s” was trained before such things as “%s” were measured.")
                     : weight->attribute
                       ? _("The model “%s” has no measure of “%s”. It has: %s.")
                       : _("The model “%s” knows no style “%s”. It knows: %s."),
                     name, weight->style, known);
}

/* The weighted sum of the vectors; FALSE for a style or attribute the model does not know. */
static gboolean
sum_vectors (AriettaModel              *model,
             const char                *name,
             const AriettaStyleWeight  *weights,
             guint                      n_weights,
             double                     strength,
             float                     *sum,
             guint                      size,
             GError                   **error)
{
  for (guint i = 0; i < n_weights; i++)
    {
      const float *vector =
        weights[i].attribute ? arietta_model_get_attribute_vector (model, weights[i].style)
                             : arietta_model_get_style_vector (model, weights[i].style);
      double       factor = weights[i].attribute ? weights[i].weight
                                                 : strength * weights[i].weight;

      if (vector == NULL)
        {
          refuse (model, name, &weights[i], error);
          return FALSE;
        }
      for (guint d = 0; d < size; d++)
        sum[d] += (float) factor * vector[d];
    }

  return TRUE;
}

static JsonBuilder *
describe (const AriettaStyleWeight *weights,
          guint                     n_weights,
          double                    strength)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  arietta_json_string (builder, "action", "mix");
  arietta_json_string (builder, "engine", "latent");
  arietta_json_double (builder, "strength", strength);
  arietta_json_begin_object (builder, "styles");
  for (guint i = 0; i < n_weights; i++)
    if (!weights[i].attribute)
      arietta_json_double (builder, weights[i].style, weights[i].weight);
  json_builder_end_object (builder);
  arietta_json_begin_object (builder, "attributes");
  for (guint i = 0; i < n_weights; i++)
    if (weights[i].attribute)
      arietta_json_double (builder, weights[i].style, weights[i].weight);
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  return builder;
}

static const char *
strongest (const AriettaStyleWeight *weights,
           guint                     n_weights)
{
  const AriettaStyleWeight *best = NULL;

  for (guint i = 0; i < n_weights; i++)
    if (!weights[i].attribute && (best == NULL || weights[i].weight > best->weight))
      best = &weights[i];

  return best != NULL ? best->style : NULL;
}

AriettaMix *
arietta_mix (AriettaLibrary            *library,
             const char                *model_name,
             AriettaPiece              *source,
             const AriettaStyleWeight  *weights,
             guint                      n_weights,
             double                     strength,
             guint64                    seed,
             AriettaJob                *job,
             GError                   **error)
{
  const char                 *name = model_name != NULL ? model_name : ARIETTA_DEFAULT_MODEL;
  g_autoptr(AriettaModelInfo) info = arietta_models_find (library, name, error);
  g_autoptr(AriettaModel) model = info != NULL ? arietta_models_load (library, name, error) : NULL;
  g_autofree float           *latents = NULL;
  g_autofree AriettaWindow   *windows = NULL;
  g_autofree float           *sum = NULL;
  g_autoptr(AriettaPiece)     notes = NULL;
  g_autoptr(JsonBuilder)      settings = NULL;
  g_autofree char            *title = NULL;
  guint                       n_windows, size, n_tempos;
  const AriettaTempo         *tempos = arietta_piece_get_tempos (source, &n_tempos);
  AriettaDecodeSettings       decode = { .key = ARIETTA_TONALITY_NONE };
  AriettaRetention            retention;
  AriettaRandom               random;
  AriettaMix                 *mix;

  if (model == NULL ||
      !arietta_model_encode (model, source, &latents, &windows, &n_windows, error))
    return NULL;

  size = arietta_model_get_latent_size (model);
  sum = g_new0 (float, size);
  if (!sum_vectors (model, name, weights, n_weights, strength, sum, size, error))
    return NULL;
  for (guint w = 0; w < n_windows; w++)
    for (guint d = 0; d < size; d++)
      latents[(gsize) w * size + d] += sum[d];

  decode.tempo_bpm = n_tempos > 0 && tempos[0].us_per_quarter > 0 ? 6e7 / tempos[0].us_per_quarter
                                                                  : 120.0;
  arietta_random_init (&random, seed, "mix-notes");
  notes = arietta_model_decode (model, latents, windows, n_windows, &decode, &random, error);
  if (notes == NULL)
    return NULL;

  arietta_retention_measure (source, notes, &retention);
  settings = describe (weights, n_weights, strength);
  title = g_strdup_printf (_("%s, mixed"), arietta_piece_get_title (source) != NULL
                                              ? arietta_piece_get_title (source)
                                              : _("A piece"));

  mix = g_new0 (AriettaMix, 1);
  mix->composed = arietta_composed_new (notes, title, info, strongest (weights, n_weights), seed,
                                        settings, NULL, NULL);
  mix->retention_chroma = retention.chroma;
  mix->retention_contour = retention.contour;
  mix->retention_onset_f1 = retention.onset_f1;
  mix->arrival = arietta_model_measure_style (model, notes);
  mix->arrival_before = arietta_model_measure_style (model, source);

  return mix;
}
