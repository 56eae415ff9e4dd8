/* The map: pieces through a model's encoder, onto two dimensions. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-explore.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "analysis/arietta-projection.h"
#include "base/arietta-error.h"
#include "math/arietta-pool.h"
#include "studio/arietta-composed-private.h"
#include "studio/arietta-studio-error.h"

#define NEIGHBOURS 12
/* Pieces encoded and stored at a time. */
#define BATCH 64
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

/* What a batch of a thread's work is: pieces to be read and encoded. */
typedef struct
{
  AriettaLibrary *library;
  AriettaModel   *model;
  gboolean        of_takes;
  const gint64   *ids;
  float         **means;    /* of each; NULL where the model cannot encode it */
} Encoding;

/* Mean of a piece's window latents. */
static float *
encode_piece (const Encoding *encoding,
              gint64          id)
{
  guint                     size = arietta_model_get_latent_size (encoding->model), n_windows;
  g_autofree float         *latents = NULL;
  g_autofree AriettaWindow *windows = NULL;
  g_autoptr(AriettaPiece)   piece = encoding->of_takes
                                      ? arietta_library_load_take (encoding->library, id, NULL)
                                      : arietta_library_load_item (encoding->library, id, NULL);
  float                    *mean;

  if (piece == NULL
      || !arietta_model_encode (encoding->model, piece, &latents, &windows, &n_windows, NULL))
    return NULL;

  mean = g_new0 (float, size);
  for (guint w = 0; w < n_windows; w++)
    for (guint d = 0; d < size; d++)
      mean[d] += latents[(gsize) w * size + d] / n_windows;

  return mean;
}

static void
encode_part (void *data,
             int   part)
{
  const Encoding *encoding = data;

  encoding->means[part] = encode_piece (encoding, encoding->ids[part]);
}

/* The latents of all @ids, @known ones from the table and the rest encoded batch by batch on all
 * threads and remembered as features named by the model's weights.  FALSE when stopped. */
static gboolean
find_latents (AriettaLibrary *library,
              AriettaModel   *model,
              gboolean        of_takes,
              const gint64   *ids,
              guint           n,
              AriettaJob     *job,
              float         **latents)
{
  guint                 size = arietta_model_get_latent_size (model);
  g_autofree char      *name = g_strconcat ("latent:", arietta_model_get_sha256 (model), NULL);
  g_autoptr(GHashTable) known = arietta_library_list_features (library, of_takes, name, size, NULL);
  g_autofree gint64    *new_ids = g_new (gint64, MAX (n, 1));
  g_autofree guint     *places = g_new (guint, MAX (n, 1));
  guint                 n_new = 0;

  for (guint i = 0; i < n; i++)
    {
      const float *found = known != NULL ? g_hash_table_lookup (known, &ids[i]) : NULL;

      latents[i] = g_memdup2 (found, size * sizeof (float));
      if (found == NULL)
        {
          new_ids[n_new] = ids[i];
          places[n_new++] = i;
        }
    }

  for (guint from = 0; from < n_new; from += BATCH)
    {
      guint              count = MIN (BATCH, n_new - from), n_kept = 0;
      float             *means[BATCH] = { NULL };
      gint64             kept[BATCH];
      g_autofree float  *values = g_new (float, (gsize) BATCH * MAX (size, 1));
      Encoding           encoding = { library, model, of_takes, new_ids + from, means };

      if (!arietta_job_check (job))
        return FALSE;
      arietta_job_report (job, (double) from / n_new, _("Listening to the pieces"));

      arietta_pool_run (encode_part, &encoding, (int) count);
      for (guint i = 0; i < count; i++)
        {
          latents[places[from + i]] = means[i];
          if (means[i] == NULL)
            continue;
          memcpy (values + (gsize) n_kept * size, means[i], size * sizeof (float));
          kept[n_kept++] = encoding.ids[i];
        }

      /* A feature that cannot be stored is computed again next time. */
      arietta_library_set_features (library, of_takes, kept, n_kept, name, values, size, NULL);
    }

  return TRUE;
}

static void
add_point (AriettaMap  *map,
           GArray      *latents,
           guint        size,
           float       *latent,
           gint64       item_id,
           gint64       take_id,
           const char  *title,
           const char  *style)
{
  AriettaMapPoint point = { .item_id = item_id, .take_id = take_id };

  if (latent == NULL)
    {
      map->left_out++;
      return;
    }

  point.title = g_strdup (title);
  point.style = g_strdup (style);
  g_array_append_val (map->points, point);
  g_array_append_vals (latents, latent, size);
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
free_all (float **latents,
          guint   n)
{
  for (guint i = 0; i < n; i++)
    g_free (latents[i]);
  g_free (latents);
}

static gboolean
add_items (AriettaMap     *map,
           GArray         *latents,
           AriettaLibrary *library,
           AriettaModel   *model,
           GPtrArray      *items,
           AriettaJob     *job)
{
  g_autofree gint64            *ids = g_new (gint64, MAX (items->len, 1));
  g_autofree const AriettaItem **notes = g_new (const AriettaItem *, MAX (items->len, 1));
  float                       **found = g_new0 (float *, MAX (items->len, 1));
  guint                         n = 0;
  gboolean                      done;

  for (guint i = 0; i < items->len; i++)
    {
      const AriettaItem *item = items->pdata[i];

      if (item->medium != ARIETTA_MEDIUM_NOTES)
        {
          map->left_out++;
          continue;
        }
      notes[n] = item;
      ids[n++] = item->id;
    }

  done = find_latents (library, model, FALSE, ids, n, job, found);
  for (guint i = 0; done && i < n; i++)
    add_point (map, latents, arietta_model_get_latent_size (model), found[i], notes[i]->id, 0,
               notes[i]->title, notes[i]->style);
  free_all (found, n);

  return done;
}

static gboolean
add_takes (AriettaMap     *map,
           GArray         *latents,
           AriettaLibrary *library,
           AriettaModel   *model,
           GPtrArray      *takes,
           AriettaJob     *job)
{
  g_autofree gint64 *ids = g_new (gint64, MAX (takes->len, 1));
  float            **found = g_new0 (float *, MAX (takes->len, 1));
  gboolean           done;

  for (guint i = 0; i < takes->len; i++)
    ids[i] = ((const AriettaTake *) takes->pdata[i])->id;

  done = find_latents (library, model, TRUE, ids, takes->len, job, found);
  for (guint i = 0; done && i < takes->len; i++)
    {
      const AriettaTake *take = takes->pdata[i];

      add_point (map, latents, arietta_model_get_latent_size (model), found[i], 0, take->id,
                 take->title, take->style);
    }
  free_all (found, takes->len);

  return done;
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
  if (!add_items (map, latents, library, model, items, job)
      || !add_takes (map, latents, library, model, takes, job))
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_CANCELLED, NULL, NULL,
                         _("The map was stopped."));
      return NULL;
    }

  xy = g_new (float, 2 * (gsize) map->points->len + 1);
  arietta_projection_pca (xy, (const float *) latents->data, map->points->len,
                          arietta_model_get_latent_size (model));
  place (map, xy);
  measure (map, xy, (const float *) latents->data, arietta_model_get_latent_size (model));

  return g_steal_pointer (&map);
}
