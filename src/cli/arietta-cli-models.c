/* The verbs that speak of models: models, card, train. */
#define G_LOG_DOMAIN "arietta-cli"

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#include "base/arietta-error.h"
#include "base/arietta-json.h"
#include "base/arietta-save.h"
#include "cli/arietta-cli.h"
#include "learning/arietta-model-kind.h"
#include "studio/arietta-card.h"
#include "studio/arietta-model-list.h"
#include "studio/arietta-studio-error.h"
#include "studio/arietta-train.h"

JsonNode *
arietta_cli_models (AriettaCli *cli,
                    char      **args,
                    GError    **error)
{
  g_autoptr(GPtrArray)   models = NULL;
  g_autoptr(JsonBuilder) builder = NULL;
  AriettaLibrary        *library;

  if (!arietta_cli_parse (cli, NULL, &args, 0, 0, error) ||
      (library = arietta_cli_get_library (cli, error)) == NULL ||
      (models = arietta_models_list (library, error)) == NULL)
    return NULL;

  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < models->len; i++)
    {
      const AriettaModelInfo *info = g_ptr_array_index (models, i);
      static const char * const states[] = { "ready", "training", "paused" };

      arietta_cli_print (cli, "%-20s %-20s %9" G_GUINT64_FORMAT "  %s%s\n", info->name, info->kind,
                         info->parameters, states[info->state], info->bundled ? _(", bundled") : "");
      if (info->problem != NULL)
        arietta_cli_print (cli, "  %s\n", info->problem);
      json_builder_begin_object (builder);
      arietta_json_string (builder, "name", info->name);
      arietta_json_string (builder, "kind", info->kind);
      arietta_json_boolean (builder, "bundled", info->bundled);
      arietta_json_string (builder, "state", states[info->state]);
      arietta_json_int (builder, "parameters", (gint64) info->parameters);
      arietta_json_string (builder, "sha256", info->sha256);
      arietta_json_string (builder, "problem", info->problem);
      json_builder_set_member_name (builder, "metrics");
      if (json_object_has_member (info->card, "results"))
        json_builder_add_value (builder, json_node_copy (json_object_get_member (info->card, "results")));
      else
        json_builder_add_null_value (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return json_builder_get_root (builder);
}

/* Words of another language from here on; "" for those the person asked for. */
static void
speak (const char *language)
{
  g_setenv ("LANGUAGE", language, TRUE);
  /* gettext looks again when the locale is set, and in "C" it does not translate at all. */
  setlocale (LC_MESSAGES, "C.UTF-8");
}

/* Whether words of @language are there to write with: a build that was not told where they lie (ARIETTA_LOCALE_DIR)
 * would write English under that name. */
static gboolean
speaks (const char  *language,
        GError     **error)
{
  const char      *folder = bindtextdomain (GETTEXT_PACKAGE, NULL);
  g_autofree char *file = g_strconcat (GETTEXT_PACKAGE, ".mo", NULL);
  g_autofree char *path = g_build_filename (folder != NULL ? folder : "", language, "LC_MESSAGES", file, NULL);

  if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;

  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, path, NULL,
                     _("The card cannot be written: there is no “%s” to write the language %s with. Set "
                       "ARIETTA_LOCALE_DIR to the folder of the translations (of a build, its “po”)."), path, language);
  return FALSE;
}

static gboolean
write_text (const AriettaModelInfo  *info,
            const char              *path,
            const char              *picture,
            GError                 **error)
{
  g_autofree char *text = arietta_card_dup_text (info, picture);

  return arietta_save_file (path, text, strlen (text), ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, error);
}

/* Everything that stands beside the weights: NAME.json completed, NAME.svg, NAME.md and its translations. */
static gboolean
write_card (AriettaModelInfo  *info,
            const char        *figures_path,
            GError           **error)
{
  static const struct { const char *language, *ending; } texts[] = {
    { "en", ".md" },
    { "zh_CN", ".zh_CN.md" },
  };
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autofree char      *picture = g_strconcat (info->name, ".svg", NULL);
  g_autofree char      *picture_path = g_build_filename (info->folder, picture, NULL);
  JsonNode             *figures = NULL;

  for (guint i = 1; i < G_N_ELEMENTS (texts); i++)
    if (!speaks (texts[i].language, error))
      return FALSE;

  if (figures_path != NULL)
    {
      if (!json_parser_load_from_file (parser, figures_path, error))
        return FALSE;
      figures = json_parser_get_root (parser);
      if (figures == NULL || !JSON_NODE_HOLDS_OBJECT (figures))
        return arietta_cli_usage (error, _("“%s” does not hold the figures of a model."), figures_path);
    }
  if (!arietta_card_complete (info, figures != NULL ? json_node_get_object (figures) : NULL, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *file = g_strconcat (info->name, texts[i].ending, NULL);
      g_autofree char *path = g_build_filename (info->folder, file, NULL);

      speak (texts[i].language);
      if ((i == 0 && !arietta_card_save_curves (info, picture_path, error))
          || !write_text (info, path, picture, error))
        return FALSE;
    }

  return TRUE;
}

JsonNode *
arietta_cli_card (AriettaCli *cli,
                  char      **args,
                  GError    **error)
{
  g_autoptr(AriettaModelInfo) info = NULL;
  g_autoptr(JsonNode)         card = NULL;
  g_autoptr(JsonObject)       object = NULL;
  g_autoptr(GList)            members = NULL;
  g_autofree char            *output = NULL, *figures = NULL;
  gboolean                    write = FALSE;
  AriettaLibrary             *library;
  const GOptionEntry          entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { "write", 0, 0, G_OPTION_ARG_NONE, &write, NULL, NULL },
    { "figures", 0, 0, G_OPTION_ARG_FILENAME, &figures, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 1, 1, error))
    return NULL;
  if (output != NULL && !g_str_has_suffix (output, ".md") && !g_str_has_suffix (output, ".svg"))
    {
      arietta_cli_usage (error, _("“%s” cannot be written: a card is written as .md, its curves as .svg."), output);
      return NULL;
    }
  if (figures != NULL && !write)
    {
      arietta_cli_usage (error, _("--figures only goes with --write."));
      return NULL;
    }
  if ((library = arietta_cli_get_library (cli, error)) == NULL ||
      (info = arietta_models_find (library, args[1], error)) == NULL)
    return NULL;
  if (write && !info->bundled)
    {
      arietta_cli_usage (error, _("--write is for models in the folder that ARIETTA_MODELS_DIR names."));
      return NULL;
    }
  if (write && !write_card (info, figures, error))
    return NULL;
  if (output != NULL
      && !(g_str_has_suffix (output, ".md") ? write_text (info, output, NULL, error)
                                            : arietta_card_save_curves (info, output, error)))
    return NULL;

  object = json_object_new ();
  members = json_object_get_members (info->card);
  for (GList *l = members; l != NULL; l = l->next)
    json_object_set_member (object, l->data, json_object_dup_member (info->card, l->data));
  json_object_set_string_member (object, "name", info->name);
  json_object_set_string_member (object, "kind", info->kind);
  json_object_set_boolean_member (object, "bundled", info->bundled);
  json_object_set_int_member (object, "parameters", (gint64) info->parameters);
  if (info->sha256 != NULL)
    json_object_set_string_member (object, "sha256", info->sha256);
  else
    json_object_set_null_member (object, "sha256");
  if (json_object_has_member (info->card, "results"))
    json_object_set_member (object, "metrics", json_object_dup_member (info->card, "results"));
  else
    json_object_set_null_member (object, "metrics");
  if (info->problem != NULL)
    json_object_set_string_member (object, "problem", info->problem);

  card = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (card, object);
  if (!cli->json && output == NULL && !write)
    {
      g_autofree char *text = json_to_string (card, TRUE);

      arietta_cli_print (cli, "%s\n", text);
    }

  return g_steal_pointer (&card);
}

JsonNode *
arietta_cli_train (AriettaCli *cli,
                   char      **args,
                   GError    **error)
{
  g_autofree char    *kind = NULL, *dataset = NULL, *recipe = NULL, *resume = NULL, *name = NULL, *from = NULL;
  AriettaTrainRequest request = { 0 };
  int                 epochs = 0;
  g_autoptr(AriettaTrainResult) result = NULL;
  g_autoptr(AriettaJob)         job = NULL;
  g_autoptr(JsonBuilder)        builder = NULL;
  AriettaLibrary     *library;
  const GOptionEntry  entries[] = {
    { "kind", 0, 0, G_OPTION_ARG_STRING, &kind, NULL, NULL },
    { "dataset", 0, 0, G_OPTION_ARG_STRING, &dataset, NULL, NULL },
    { "recipe", 0, 0, G_OPTION_ARG_FILENAME, &recipe, NULL, NULL },
    { "minutes", 0, 0, G_OPTION_ARG_DOUBLE, &request.minutes, NULL, NULL },
    { "epochs", 0, 0, G_OPTION_ARG_INT, &epochs, NULL, NULL },
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, NULL, NULL },
    { "resume", 0, 0, G_OPTION_ARG_STRING, &resume, NULL, NULL },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, NULL, NULL },
    { "export-bundle", 0, 0, G_OPTION_ARG_NONE, &request.export_bundle, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 0, 0, error))
    return NULL;
  if (from != NULL && (kind != NULL || recipe != NULL || resume != NULL))
    {
      arietta_cli_usage (error, _("--from takes kind and recipe from the model: leave --kind, --recipe and --resume out."));
      return NULL;
    }
  if (resume == NULL && ((kind == NULL && from == NULL) || dataset == NULL))
    {
      arietta_cli_usage (error, _("Say what to train and from what: --kind and --dataset, or --resume with a paused run."));
      return NULL;
    }
  if (kind != NULL && arietta_model_kind_find (kind) == NULL)
    {
      arietta_cli_usage (error, _("There is no kind of model called “%s”."), kind);
      return NULL;
    }
  if (!(request.minutes >= 0.0) || epochs < 0)
    {
      arietta_cli_usage (error, _("--minutes and --epochs take numbers from 0 on."));
      return NULL;
    }

  request.kind = kind;
  request.from = from;
  request.dataset = dataset;
  request.recipe_path = recipe;
  request.resume = resume;
  request.name = name;
  request.epochs = (guint) epochs;
  request.seed = cli->seed;

  library = arietta_cli_get_library (cli, error);
  job = arietta_cli_job_new (cli, _("Training"));
  if (library == NULL ||
      (result = arietta_train (library, &request, NULL, NULL, job, error)) == NULL)
    return NULL;

  arietta_cli_print (cli, _("%s: %.0f steps in %.0f seconds, loss %.4f, on validation pieces %.4f\n"),
                     result->model, (double) result->steps, result->seconds, result->train_loss,
                     result->validation_loss);

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  arietta_json_string (builder, "model", result->model);
  arietta_json_int (builder, "steps", (gint64) result->steps);
  arietta_json_double (builder, "seconds", result->seconds);
  arietta_json_double (builder, "train_loss", result->train_loss);
  arietta_json_double (builder, "validation_loss", result->validation_loss);
  arietta_json_string (builder, "checkpoint", result->checkpoint);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}
