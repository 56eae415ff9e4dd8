#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-map-chart.h"

#include <glib/gi18n.h>

#include "drawing/arietta-palette.h"

/* From this many points on, freeing them takes longer than a frame has. */
#define MANY 5000

typedef struct
{
  AriettaLibrary *library;
  char           *dataset;   /* NULL: everything */
  guint           enough;
} MapRequest;

static void
map_request_free (MapRequest *request)
{
  g_object_unref (request->library);
  g_free (request->dataset);
  g_free (request);
}

static int
compare_styles (gconstpointer a,
                gconstpointer b)
{
  return g_utf8_collate (*(char * const *) a, *(char * const *) b);
}

static void
find_places (AriettaMapChart *chart)
{
  chart->places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < chart->map->points->len; i++)
    {
      const AriettaMapPoint *point = &g_array_index (chart->map->points, AriettaMapPoint, i);
      gint64                 key = point->take_id != 0 ? -point->take_id : point->item_id;

      g_hash_table_insert (chart->places, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (i + 1));
    }
}

/* Takes @map. */
static AriettaMapChart *
chart_new (AriettaMap *map,
           const char *dataset)
{
  AriettaMapChart      *chart = g_new0 (AriettaMapChart, 1);
  guint                 n = map->points->len;
  g_autoptr(GHashTable) index_of = g_hash_table_new (g_str_hash, g_str_equal);

  chart->map = map;
  chart->dataset = g_strdup (dataset != NULL ? dataset : "");
  chart->marks = g_new0 (AriettaMapMark, n + 1);
  chart->style_of = g_new0 (guint, n + 1);
  chart->styles = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n; i++)
    {
      const char *style = g_array_index (map->points, AriettaMapPoint, i).style;

      if (g_hash_table_add (index_of, (gpointer) style))
        g_ptr_array_add (chart->styles, g_strdup (style));
    }
  g_ptr_array_sort (chart->styles, compare_styles);

  chart->counts = g_array_new (FALSE, TRUE, sizeof (guint));
  g_array_set_size (chart->counts, chart->styles->len);
  g_hash_table_remove_all (index_of);
  for (guint i = 0; i < chart->styles->len; i++)
    g_hash_table_insert (index_of, chart->styles->pdata[i], GUINT_TO_POINTER (i));

  for (guint i = 0; i < n; i++)
    {
      const AriettaMapPoint *point = &g_array_index (map->points, AriettaMapPoint, i);

      chart->style_of[i] = GPOINTER_TO_UINT (g_hash_table_lookup (index_of, point->style));
      g_array_index (chart->counts, guint, chart->style_of[i])++;
      chart->marks[i].x = point->x;
      chart->marks[i].y = point->y;
      chart->marks[i].mark = (guint8) arietta_palette_style_mark (point->style);
    }

  find_places (chart);
  return chart;
}

static gpointer
draw_in_job (AriettaJob  *job,
             gpointer     data,
             GError     **error)
{
  MapRequest *request = data;
  AriettaMap *map = arietta_map (request->library, NULL, request->dataset, request->enough, job, error);

  return map != NULL ? chart_new (map, request->dataset) : NULL;
}

static void
free_now (AriettaMapChart *chart)
{
  g_clear_pointer (&chart->map, arietta_map_free);
  g_clear_pointer (&chart->styles, g_ptr_array_unref);
  g_clear_pointer (&chart->counts, g_array_unref);
  g_clear_pointer (&chart->places, g_hash_table_unref);
  g_free (chart->marks);
  g_free (chart->style_of);
  g_free (chart->dataset);
  g_free (chart);
}

static void
free_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  /* The chart goes with the task, here. */
  g_task_return_boolean (task, TRUE);
}

AriettaJob *
arietta_map_chart_job_new (AriettaLibrary *library,
                           const char     *dataset,
                           guint           enough)
{
  MapRequest *request = g_new0 (MapRequest, 1);

  request->library = g_object_ref (library);
  request->dataset = g_strdup (dataset);
  request->enough = enough;
  return arietta_job_new (_("Drawing the map"), FALSE, FALSE, draw_in_job, request,
                          (GDestroyNotify) map_request_free);
}

void
arietta_map_chart_free (AriettaMapChart *chart)
{
  g_autoptr(GTask) task = NULL;

  if (chart == NULL)
    return;
  if (chart->map->points->len < MANY)
    {
      free_now (chart);
      return;
    }

  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_name (task, "arietta-map-chart");
  g_task_set_task_data (task, chart, (GDestroyNotify) free_now);
  g_task_run_in_thread (task, free_in_thread);
}

const AriettaMapPoint *
arietta_map_chart_get_point (const AriettaMapChart *chart,
                             guint                  index)
{
  return chart != NULL && index < chart->map->points->len
         ? &g_array_index (chart->map->points, AriettaMapPoint, index) : NULL;
}

guint
arietta_map_chart_find (const AriettaMapChart *chart,
                        gint64                 item,
                        gint64                 take)
{
  gint64 key = take != 0 ? -take : item;

  return chart != NULL && key != 0 ? GPOINTER_TO_UINT (g_hash_table_lookup (chart->places, &key)) - 1
                                   : G_MAXUINT;
}
