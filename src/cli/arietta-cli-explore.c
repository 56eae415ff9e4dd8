/* The verbs that look over the library: map, recommend. */
#define G_LOG_DOMAIN "arietta-cli"

#include <glib/gi18n.h>

#include "base/arietta-error.h"
#include "base/arietta-json.h"
#include "cli/arietta-cli.h"
#include "studio/arietta-explore.h"
#include "studio/arietta-studio-error.h"

JsonNode *
arietta_cli_map (AriettaCli *cli,
                 char      **args,
                 GError    **error)
{
  g_autofree char        *model = NULL, *dataset = NULL, *method = NULL;
  g_autoptr(AriettaMap)   map = NULL;
  g_autoptr(AriettaJob)   job = NULL;
  g_autoptr(JsonBuilder)  builder = NULL;
  AriettaLibrary         *library;
  const GOptionEntry      entries[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &model, NULL, NULL },
    { "dataset", 0, 0, G_OPTION_ARG_STRING, &dataset, NULL, NULL },
    { "method", 0, 0, G_OPTION_ARG_STRING, &method, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 0, 0, error))
    return NULL;
  if (method != NULL && !g_str_equal (method, "pca"))
    {
      arietta_cli_usage (error, _("There is no projection “%s”; “pca” is the one there is."), method);
      return NULL;
    }

  library = arietta_cli_get_library (cli, error);
  job = arietta_cli_job_new (cli, _("Drawing the map"));
  if (library == NULL ||
      (map = arietta_map (library, model, dataset, 0, job, error)) == NULL)
    return NULL;
  if (map->waiting > 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_CANCELLED, NULL, NULL,
                         _("The map was stopped."));
      return NULL;
    }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  arietta_json_begin_array (builder, "points");
  for (guint i = 0; i < map->points->len; i++)
    {
      const AriettaMapPoint *point = &g_array_index (map->points, AriettaMapPoint, i);

      arietta_cli_print (cli, "%8.4f %8.4f  %-12s %s\n", point->x, point->y, point->style, point->title);
      json_builder_begin_object (builder);
      if (point->item_id != 0)
        arietta_json_int (builder, "item", point->item_id);
      else
        arietta_json_null (builder, "item");
      if (point->take_id != 0)
        arietta_json_int (builder, "take", point->take_id);
      arietta_json_string (builder, "title", point->title);
      arietta_json_double (builder, "x", point->x);
      arietta_json_double (builder, "y", point->y);
      arietta_json_string (builder, "style", point->style);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  if (map->trustworthiness >= 0.0)
    {
      arietta_json_double (builder, "trustworthiness", map->trustworthiness);
      arietta_json_double (builder, "continuity", map->continuity);
    }
  else
    {
      arietta_json_null (builder, "trustworthiness");
      arietta_json_null (builder, "continuity");
    }
  arietta_json_int (builder, "left_out", map->left_out);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

JsonNode *
arietta_cli_recommend (AriettaCli *cli,
                       char      **args,
                       GError    **error)
{
  int                    count = 10;
  g_autoptr(GPtrArray)   list = NULL;
  g_autoptr(AriettaJob)  job = NULL;
  g_autoptr(JsonBuilder) builder = NULL;
  AriettaLibrary        *library;
  const GOptionEntry     entries[] = {
    { "count", 0, 0, G_OPTION_ARG_INT, &count, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 0, 0, error))
    return NULL;
  if (count < 1)
    {
      arietta_cli_usage (error, _("--count takes a number from 1 on."));
      return NULL;
    }

  library = arietta_cli_get_library (cli, error);
  job = arietta_cli_job_new (cli, _("Looking for what fits"));
  if (library == NULL ||
      (list = arietta_recommend (library, (guint) count, 0.2, 0, job, NULL, NULL, error)) == NULL)
    return NULL;

  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < list->len; i++)
    {
      const AriettaRecommendation *one = g_ptr_array_index (list, i);

      arietta_cli_print (cli, "%.3f  %s: %s\n", one->score, one->title, one->reason);
      json_builder_begin_object (builder);
      if (one->item_id != 0)
        arietta_json_int (builder, "item", one->item_id);
      else
        arietta_json_null (builder, "item");
      if (one->take_id != 0)
        arietta_json_int (builder, "take", one->take_id);
      arietta_json_string (builder, "title", one->title);
      arietta_json_double (builder, "score", one->score);
      arietta_json_begin_array (builder, "reasons");
      json_builder_add_string_value (builder, one->reason);
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return json_builder_get_root (builder);
}
