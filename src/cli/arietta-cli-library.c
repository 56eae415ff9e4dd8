/* The verbs that speak of the library: import, datasets, items. */
#define G_LOG_DOMAIN "arietta-cli"

#include <glib/gi18n.h>

#include "base/arietta-error.h"
#include "base/arietta-json.h"
#include "cli/arietta-cli.h"
#include "studio/arietta-import.h"
#include "studio/arietta-studio-error.h"

static gboolean
parse_choices (const char            *may_train,
               const char            *split,
               AriettaImportOptions  *options,
               GError               **error)
{
  AriettaSplit side;

  if (g_strcmp0 (may_train, "no") == 0)
    options->may_train = FALSE;
  else if (may_train != NULL && !g_str_equal (may_train, "yes"))
    return arietta_cli_usage (error, _("--may-train takes yes or no, not “%s”."), may_train);

  if (split == NULL || g_str_equal (split, "auto"))
    options->split = -1;
  else if (arietta_split_parse (split, &side))
    options->split = side;
  else
    return arietta_cli_usage (error, _("--split takes auto, train, validation or test, not “%s”."), split);

  return TRUE;
}

JsonNode *
arietta_cli_import (AriettaCli *cli,
                    char      **args,
                    GError    **error)
{
  g_autofree char             *dataset = NULL, *style = NULL, *licence = NULL, *may_train = NULL, *split = NULL;
  AriettaImportOptions         options = { .may_train = TRUE, .split = -1 };
  g_auto(AriettaImportResult)  result = { 0 };
  g_autoptr(AriettaJob)        job = NULL;
  g_autoptr(JsonBuilder)       builder = NULL;
  AriettaLibrary              *library;
  const GOptionEntry           entries[] = {
    { "dataset", 0, 0, G_OPTION_ARG_STRING, &dataset, NULL, NULL },
    { "style", 0, 0, G_OPTION_ARG_STRING, &style, NULL, NULL },
    { "licence", 0, 0, G_OPTION_ARG_STRING, &licence, NULL, NULL },
    { "may-train", 0, 0, G_OPTION_ARG_STRING, &may_train, NULL, NULL },
    { "split", 0, 0, G_OPTION_ARG_STRING, &split, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 1, -1, error))
    return NULL;
  if (dataset == NULL)
    {
      arietta_cli_usage (error, _("Say which dataset the files belong to, with --dataset."));
      return NULL;
    }
  if (licence != NULL && !g_regex_match_simple ("^[A-Za-z0-9][A-Za-z0-9.+-]*$", licence, 0, 0))
    {
      arietta_cli_usage (error, _("“%s” is no licence id; --licence takes one of SPDX, LicenseRef-… or NOASSERTION."),
                         licence);
      return NULL;
    }
  if (!parse_choices (may_train, split, &options, error))
    return NULL;
  options.style = style;
  options.licence = licence;

  library = arietta_cli_get_library (cli, error);
  if (library == NULL)
    return NULL;

  job = arietta_cli_job_new (cli, _("Importing"));
  if (!arietta_import_paths (library, dataset, (const char * const *) args + 1, g_strv_length (args + 1),
                             &options, job, &result, error))
    {
      if (result.cancelled)
        {
          g_clear_error (error);
          arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_CANCELLED, NULL, NULL,
                             _("The import was stopped.  What was read stays: %u new items in “%s”; the same "
                               "command goes on with the rest."), result.imported, dataset);
        }
      return NULL;
    }

  arietta_cli_print (cli, _("%u imported, %u duplicates, %u skipped, %u refused\n"),
                     result.imported, result.duplicates, result.skipped, result.refused->len);

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  arietta_json_int (builder, "imported", result.imported);
  arietta_json_int (builder, "duplicates", result.duplicates);
  arietta_json_int (builder, "skipped", result.skipped);
  arietta_json_begin_array (builder, "refused");
  for (guint i = 0; i < result.refused->len; i++)
    {
      const AriettaRefusal *refusal = g_ptr_array_index (result.refused, i);

      arietta_cli_print (cli, "  %s: %s\n", refusal->path, refusal->reason);
      json_builder_begin_object (builder);
      arietta_json_string (builder, "file", refusal->path);
      arietta_json_string (builder, "reason", refusal->reason);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

JsonNode *
arietta_cli_datasets (AriettaCli *cli,
                      char      **args,
                      GError    **error)
{
  g_autoptr(GPtrArray)   datasets = NULL;
  g_autoptr(JsonBuilder) builder = NULL;
  AriettaLibrary        *library;

  if (!arietta_cli_parse (cli, NULL, &args, 0, 0, error) ||
      (library = arietta_cli_get_library (cli, error)) == NULL ||
      (datasets = arietta_library_list_datasets (library, error)) == NULL)
    return NULL;

  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < datasets->len; i++)
    {
      const AriettaDataset *dataset = g_ptr_array_index (datasets, i);

      arietta_cli_print (cli, _("%s: %u items (%u train, %u validation, %u test), %u of sound; %s\n"),
                         dataset->name, dataset->n_items, dataset->n_train, dataset->n_validation,
                         dataset->n_test, dataset->n_sound, dataset->styles);
      json_builder_begin_object (builder);
      arietta_json_int (builder, "id", dataset->id);
      arietta_json_string (builder, "name", dataset->name);
      arietta_json_int (builder, "items", dataset->n_items);
      arietta_json_int (builder, "train", dataset->n_train);
      arietta_json_int (builder, "validation", dataset->n_validation);
      arietta_json_int (builder, "test", dataset->n_test);
      arietta_json_int (builder, "sound", dataset->n_sound);
      arietta_json_string (builder, "styles", dataset->styles);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return json_builder_get_root (builder);
}

JsonNode *
arietta_cli_items (AriettaCli *cli,
                   char      **args,
                   GError    **error)
{
  g_autofree char            *name = NULL, *search = NULL;
  g_autoptr(AriettaDataset)   dataset = NULL;
  g_autoptr(GPtrArray)        items = NULL;
  g_autoptr(JsonBuilder)      builder = NULL;
  AriettaLibrary             *library;
  const GOptionEntry          entries[] = {
    { "dataset", 0, 0, G_OPTION_ARG_STRING, &name, NULL, NULL },
    { "search", 0, 0, G_OPTION_ARG_STRING, &search, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 0, 0, error))
    return NULL;
  if (name == NULL)
    {
      arietta_cli_usage (error, _("Say which dataset, with --dataset."));
      return NULL;
    }

  library = arietta_cli_get_library (cli, error);
  if (library == NULL ||
      (dataset = arietta_library_find_dataset (library, name, error)) == NULL ||
      (items = arietta_library_list_items (library, dataset->id, search, error)) == NULL)
    return NULL;

  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < items->len; i++)
    {
      const AriettaItem *item = g_ptr_array_index (items, i);

      arietta_cli_print (cli, "%6" G_GINT64_FORMAT "  %-10s  %-12s  %s\n", item->id,
                         arietta_split_get_name (item->split), item->style, item->title);
      json_builder_begin_object (builder);
      arietta_json_int (builder, "id", item->id);
      arietta_json_string (builder, "title", item->title);
      arietta_json_string (builder, "file", item->file_name);
      arietta_json_string (builder, "source", item->source_path);
      arietta_json_string (builder, "medium", item->medium == ARIETTA_MEDIUM_SOUND ? "sound" : "notes");
      arietta_json_string (builder, "style", item->style);
      arietta_json_string (builder, "licence", item->licence);
      arietta_json_boolean (builder, "may_train", item->may_train);
      arietta_json_string (builder, "split", arietta_split_get_name (item->split));
      arietta_json_double (builder, "seconds", item->seconds);
      arietta_json_int (builder, "n_notes", item->n_notes);
      arietta_json_string (builder, "digest", item->digest);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return json_builder_get_root (builder);
}
