/* Styles mixed into a piece by latent arithmetic, with two honest meters: see
 * studio/arietta-mix-search.h for the way there. */
#define G_LOG_DOMAIN "arietta-studio"

#include <glib/gi18n.h>

#include "base/arietta-error.h"
#include "studio/arietta-composed-private.h"
#include "studio/arietta-mix-search.h"
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

/* What attributes add to every window; NULL and an error for a style or attribute the model does
 * not know. */
static float *
sum_attributes (AriettaModel              *model,
                const char                *name,
                const AriettaStyleWeight  *weights,
                guint                      n_weights,
                GError                   **error)
{
  guint             size = arietta_model_get_latent_size (model);
  g_autofree float *sum = g_new0 (float, MAX (size, 1));

  for (guint i = 0; i < n_weights; i++)
    {
      const float *vector =
        weights[i].attribute ? arietta_model_get_attribute_vector (model, weights[i].style)
                             : arietta_model_get_style_vector (model, weights[i].style);

      if (vector == NULL)
        {
          refuse (model, name, &weights[i], error);
          return NULL;
        }
      for (guint d = 0; weights[i].attribute && d < size; d++)
        sum[d] += (float) weights[i].weight * vector[d];
    }

  return g_steal_pointer (&sum);
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
  g_autofree float           *shift = NULL;
  g_autoptr(AriettaMixSearch) search = NULL;
  g_autoptr(JsonBuilder)      settings = NULL;
  g_autofree char            *title = NULL;
  g_autofree const char     **styles = g_new0 (const char *, n_weights + 1);
  g_autofree double          *asked = g_new0 (double, n_weights + 1);
  const AriettaMixCandidate  *chosen;
  guint                       n_asked = 0;
  AriettaMix                 *mix;

  if (model == NULL
      || (shift = sum_attributes (model, name, weights, n_weights, error)) == NULL)
    return NULL;

  for (guint i = 0; i < n_weights; i++)
    if (!weights[i].attribute && weights[i].weight > 0.0 && strength > 0.0)
      {
        styles[n_asked] = weights[i].style;
        asked[n_asked++] = weights[i].weight;
      }

  search = arietta_mix_search_new (model, source, shift, styles, asked, n_asked, NULL, seed, job, error);
  if (search == NULL)
    return NULL;

  chosen = arietta_mix_search_get_nth (search, arietta_mix_search_choose (search, asked, strength));
  settings = describe (weights, n_weights, strength);
  title = g_strdup_printf (_("%s, mixed"), arietta_piece_get_title (source) != NULL
                                              ? arietta_piece_get_title (source)
                                              : _("A piece"));

  mix = g_new0 (AriettaMix, 1);
  mix->composed = arietta_composed_new (chosen->piece, title, info, strongest (weights, n_weights), seed,
                                        settings, NULL, NULL);
  mix->retention_chroma = chosen->retention.chroma;
  mix->retention_contour = chosen->retention.contour;
  mix->retention_onset_f1 = chosen->retention.onset_f1;
  mix->arrival = arietta_model_measure_style (model, chosen->piece);
  mix->arrival_before = arietta_model_measure_style (model, source);

  return mix;
}
