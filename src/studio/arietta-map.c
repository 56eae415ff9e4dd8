/* The map: pieces through a model's encoder, onto two dimensions. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-explore.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "analysis/arietta-projection.h"
#include "base/arietta-error.h"
#include "studio/arietta-composed-private.h"
#include "studio/arietta-studio-error.h"

#define NEIGHBOURS 12
/* Faithfulness is measured on at most this many points: the time grows with the square. */
#define MEASURED 1500

static void
map_point_clear (AriettaMapPoint *point)
{
  g_free (point->title);
  g_free (point->style);
}

void
arietta_map_free (AriettaMap *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->points, g_array_unref);
  g_free (self);
}

/* Mean of a piece's window latents, remembered as a feature named by the model's weights; NULL if
 * the model cannot encode the piece. */
static float *
latent_of (AriettaLibrary *library,
           AriettaModel   *model,
           gboolean        of_take,
           gint64          id)
{
  guint                   size = arietta_model_get_latent_size (model);
  g_autofree char        *name = g_strconcat ("latent:", arietta_model_get_sha256 (model), NULL);
  guint                   n_values = 0, n_windows;
  g_autofree float *known = arietta_library_get_feature (library, of_take, id, name, &n_values,
                                                         NULL);
  g_autofree float       *latents = NULL;
  g_autofree AriettaWindow *windows = NULL;
  g_autoptr(AriettaPiece) piece = NULL;
  g_autofree float       *mean = NULL;

  if (known != NULL && n_values == size)
    return g_steal_pointer (&known);

  piece = of_take ? arietta_library_load_take (library, id, NULL)
                  : arietta_library_load_item (library, id, NULL);
  if (piece == NULL ||
      !arietta_model_encode (model, piece, &latents, &windows, &n_windows, NULL))
    return NULL;

  mean = g_new0 (float, size);
  for (guint w = 0; w < n_windows; w++)
    for (guint d = 0; d < size; d++)
      mean[d] += latents[(gsize) w * size + d] / n_windows;

  /* A feature that cannot be stored is computed again next time. */
  arietta_library_set_feature (library, of_take, id, name, mean, size, NULL);

  return g_steal_pointer (&mean);
}

static void
add_point (AriettaMap     *map,
           GArray         *latents,
           AriettaLibrary *library,
           AriettaModel   *model,
           gint64          item_id,
           gint64          take_id,
           const char     *title,
           const char     *style)
{
  g_autofree float *latent = latent_of (library, model, take_id != 0,
                                        take_id != 0 ? take_id : item_id);
  AriettaMapPoint   point = { .item_id = item_id, .take_id = take_id };

  if (latent == NULL)
    {
      map->left_out++;
      return;
    }

  point.title = g_strdup (title);
  point.style = g_strdup (style);
  g_array_append_val (map->points, point);
  g_array_append_vals (latents, latent, arietta_model_get_latent_size (model));
}

/* Into -1..1 on both axes, which are scaled alike so that distances mean the same across and up. */
static void
place (AriettaMap  *map,
       const float *xy)
{
  float scale = 0.0f;

  for (guint i = 0; i < 2 * map->points->len; i++)
    scale = MAX (scale, fabsf (xy[i]));

  for (guint i = 0; i < map->points->len; i++)
    {
      AriettaMapPoint *point = &g_array_index (map->points, AriettaMapPoint, i);

      point->x = scale > 0.0f ? xy[2 * i] / scale : 0.0;
      point->y = scale > 0.0f ? xy[2 * i + 1] / scale : 0.0;
    }
}

static void
measure (AriettaMap  *map,
         const float *xy,
         const float *latents,
         guint        size)
{
  guint             n = MIN (map->points->len, MEASURED);
  guint             k = MIN (NEIGHBOURS, n / 3);
  g_autofree float *some_xy = g_new (float, 2 * (gsize) n + 1);
  g_autofree float *some = g_new (float, (gsize) n * size + 1);

  for (guint i = 0; i < n; i++)
    {
      guint from = (guint) ((guint64) i * map->points->len / n);

      memcpy (some_xy + 2 * i, xy + 2 * from, 2 * sizeof (float));
      memcpy (some + (gsize) i * size, latents + (gsize) from * size, size * sizeof (float));
    }

  map->trustworthiness = map->continuity = -1.0;
  arietta_projection_measure (some_xy, some, n, size, k, &map->trustworthiness, &map->continuity);
}

AriettaMap *
arietta_map (AriettaLibrary  *library,
             const char      *model_name,
             const char      *dataset_name,
             AriettaJob      *job,
             GError         **error)
{
  const char                *name = model_name != NULL ? model_name : ARIETTA_DEFAULT_MODEL;
  g_autoptr(AriettaModel)    model = arietta_models_load (library, name, error);
  g_autoptr(AriettaDataset)  dataset = NULL;
  g_autoptr(GPtrArray)       items = NULL;
  g_autoptr(GPtrArray)       takes = NULL;
  g_autoptr(GArray)          latents = g_array_new (FALSE, FALSE, sizeof (float));
  g_autofree float          *xy = NULL;
  g_autoptr(AriettaMap)      map = NULL;
  guint                      total;

  if (model == NULL)
    return NULL;
  if ((arietta_model_get_abilities (model) & ARIETTA_MODEL_HAS_LATENT) == 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                         _("The model “%s” has no space to draw a map of."), name);
      return NULL;
    }
  if (dataset_name != NULL &&
      (dataset = arietta_library_find_dataset (library, dataset_name, error)) == NULL)
    return NULL;

  items = arietta_library_list_items (library, dataset != NULL ? dataset->id : 0, NULL, error);
  takes = items != NULL && dataset == NULL ? arietta_library_list_takes (library, error)
                                           : g_ptr_array_new ();
  if (items == NULL || takes == NULL)
    return NULL;

  map = g_new0 (AriettaMap, 1);
  map->points = g_array_new (FALSE, FALSE, sizeof (AriettaMapPoint));
  g_array_set_clear_func (map->points, (GDestroyNotify) map_point_clear);
  total = items->len + takes->len;

  for (guint i = 0; i < total; i++)
    {
      if (!arietta_job_check (job))
        {
          arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_CANCELLED, NULL,
                             NULL, _("The map was stopped."));
          return NULL;
        }
      arietta_job_report (job, (double) i / MAX (total, 1), _("Listening to the pieces"));

      if (i >= items->len)
        {
          const AriettaTake *take = g_ptr_array_index (takes, i - items->len);

          add_point (map, latents, library, model, 0, take->id, take->title, take->style);
        }
      else
        {
          const AriettaItem *item = g_ptr_array_index (items, i);

          if (item->medium != ARIETTA_MEDIUM_NOTES)
            map->left_out++;
          else
            add_point (map, latents, library, model, item->id, 0, item->title, item->style);
        }
    }

  xy = g_new (float, 2 * (gsize) map->points->len + 1);
  arietta_projection_pca (xy, (const float *) latents->data, map->points->len,
                          arietta_model_get_latent_size (model));
  place (map, xy);
  measure (map, xy, (const float *) latents->data, arietta_model_get_latent_size (model));

  return g_steal_pointer (&map);
}
