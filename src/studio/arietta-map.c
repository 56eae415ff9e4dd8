/* The map: pieces through a model's encoder, onto two dimensions. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-explore.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "analysis/arietta-projection.h"
#include "base/arietta-error.h"
#include "studio/arietta-compose.h"
#include "studio/arietta-gather.h"
#include "studio/arietta-model-list.h"
#include "studio/arietta-studio-error.h"

#define NEIGHBOURS 12
/* Seconds until a first map of a part of a large library is shown. */
#define PATIENCE 5.0
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

/* Mean of a piece's window latents. */
static gboolean
encode_piece (AriettaPiece  *piece,
              float         *mean,
              gconstpointer  data)
{
  AriettaModel             *model = (AriettaModel *) data;
  guint                     size = arietta_model_get_latent_size (model), n_windows;
  g_autofree float         *latents = NULL;
  g_autofree AriettaWindow *windows = NULL;

  if (!arietta_model_encode (model, piece, &latents, &windows, &n_windows, NULL))
    return FALSE;

  memset (mean, 0, size * sizeof (float));
  for (guint w = 0; w < n_windows; w++)
    for (guint d = 0; d < size; d++)
      mean[d] += latents[(gsize) w * size + d] / n_windows;

  return TRUE;
}

/* The map on its way. */
typedef struct
{
  AriettaMap     *map;
  GArray         *latents;   /* float (points, size) */
  AriettaLibrary *library;
  AriettaModel   *model;
  AriettaGather   gather;
  AriettaJob     *job;
} Drawing;

/* Those of one table that are known, or become so. */
static void
add_points (Drawing      *drawing,
            gboolean      of_takes,
            const gint64 *ids,
            const char  **titles,
            const char  **styles,
            guint         n)
{
  AriettaMap        *map = drawing->map;
  guint              size = drawing->gather.size;
  g_autofree float  *values = g_new (float, (gsize) n * size + 1);
  g_autofree guint8 *states = g_new (guint8, (gsize) n + 1);

  drawing->gather.of_takes = of_takes;
  arietta_gather (&drawing->gather, drawing->library, ids, n, 0, drawing->job, values, states);
  for (guint i = 0; i < n; i++)
    {
      AriettaMapPoint point = { .item_id = of_takes ? 0 : ids[i], .take_id = of_takes ? ids[i] : 0 };

      map->left_out += states[i] == ARIETTA_GATHER_NONE;
      map->waiting += states[i] == ARIETTA_GATHER_LATER;
      if (states[i] != ARIETTA_GATHER_KNOWN)
        continue;
      point.title = g_strdup (titles[i]);
      point.style = g_strdup (styles[i]);
      g_array_append_val (map->points, point);
      g_array_append_vals (drawing->latents, values + (gsize) i * size, size);
    }
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

static void
add_items (Drawing   *drawing,
           GPtrArray *items)
{
  g_autofree gint64      *ids = g_new (gint64, (gsize) items->len + 1);
  g_autofree const char **titles = g_new (const char *, (gsize) items->len + 1);
  g_autofree const char **styles = g_new (const char *, (gsize) items->len + 1);
  guint                   n = 0;

  for (guint i = 0; i < items->len; i++)
    {
      const AriettaItem *item = items->pdata[i];

      if (item->medium != ARIETTA_MEDIUM_NOTES)
        {
          drawing->map->left_out++;
          continue;
        }
      ids[n] = item->id;
      titles[n] = item->title;
      styles[n++] = item->style;
    }

  add_points (drawing, FALSE, ids, titles, styles, n);
}

static void
add_takes (Drawing   *drawing,
           GPtrArray *takes)
{
  g_autofree gint64      *ids = g_new (gint64, (gsize) takes->len + 1);
  g_autofree const char **titles = g_new (const char *, (gsize) takes->len + 1);
  g_autofree const char **styles = g_new (const char *, (gsize) takes->len + 1);

  for (guint i = 0; i < takes->len; i++)
    {
      const AriettaTake *take = takes->pdata[i];

      ids[i] = take->id;
      titles[i] = take->title;
      styles[i] = take->style;
    }

  add_points (drawing, TRUE, ids, titles, styles, takes->len);
}

AriettaMap *
arietta_map (AriettaLibrary  *library,
             const char      *model_name,
             const char      *dataset_name,
             guint            enough,
             AriettaJob      *job,
             GError         **error)
{
  const char                *name = model_name != NULL ? model_name : ARIETTA_DEFAULT_MODEL;
  g_autoptr(AriettaModel)    model = arietta_models_load (library, name, error);
  g_autoptr(AriettaDataset)  dataset = NULL;
  g_autoptr(GPtrArray)       items = NULL;
  g_autoptr(GPtrArray)       takes = NULL;
  g_autoptr(GArray)          latents = g_array_new (FALSE, FALSE, sizeof (float));
  g_autofree char           *feature = NULL;
  g_autofree float          *xy = NULL;
  g_autoptr(AriettaMap)      map = NULL;
  Drawing                    drawing;

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
  feature = g_strconcat ("latent:", arietta_model_get_sha256 (model), NULL);
  drawing = (Drawing) {
    .map = map, .latents = latents, .library = library, .model = model, .job = job,
    .gather = { .name = feature, .size = arietta_model_get_latent_size (model), .func = encode_piece, .data = model,
                .message = _("Listening to the pieces"), .enough = enough, .patience = PATIENCE },
  };
  add_items (&drawing, items);
  add_takes (&drawing, takes);
  if (!arietta_job_check (job) && map->points->len == 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_CANCELLED, NULL, NULL,
                         _("The map was stopped."));
      return NULL;
    }

  xy = g_new (float, 2 * (gsize) map->points->len + 1);
  arietta_projection_pca (xy, (const float *) latents->data, map->points->len,
                          drawing.gather.size);
  place (map, xy);
  measure (map, xy, (const float *) latents->data, drawing.gather.size);

  return g_steal_pointer (&map);
}
