/* The verbs that measure a model on given pieces: evaluate, pack. */
#define G_LOG_DOMAIN "arietta-cli"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>

#include "base/arietta-error.h"
#include "base/arietta-json.h"
#include "cli/arietta-cli.h"
#include "formats/arietta-formats.h"
#include "studio/arietta-evaluate.h"
#include "studio/arietta-model-list.h"
#include "studio/arietta-model-pack.h"
#include "studio/arietta-studio-error.h"

static void
step_cb (const char *file,
         guint       step,
         guint       voice,
         double      nll,
         gboolean    correct,
         gpointer    user_data)
{
  FILE                  *lines = user_data;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char       *line = NULL;

  json_builder_begin_object (builder);
  arietta_json_string (builder, "file", file);
  arietta_json_int (builder, "step", step);
  arietta_json_int (builder, "voice", voice);
  arietta_json_double (builder, "nll", nll);
  arietta_json_boolean (builder, "correct", correct);
  json_builder_end_object (builder);
  line = arietta_json_dup_text (builder);
  fprintf (lines, "%s\n", line);
}

static void
example_clear (AriettaExample *example)
{
  arietta_piece_unref (example->piece);
}

/* Pieces that can be read; the others are told of and counted in @refused. */
static GArray *
read_examples (AriettaCli *cli,
               GPtrArray  *files,
               guint      *refused)
{
  GArray *examples = g_array_new (FALSE, TRUE, sizeof (AriettaExample));

  g_array_set_clear_func (examples, (GDestroyNotify) example_clear);
  for (guint i = 0; i < files->len; i++)
    {
      g_autoptr(GError) error = NULL;
      AriettaExample    example = { .name = g_ptr_array_index (files, i), .style = "" };

      example.piece = arietta_formats_read (example.name, NULL, &error);
      if (example.piece != NULL)
        {
          g_array_append_val (examples, example);
        }
      else
        {
          fprintf (stderr, "arietta-cli: %s\n", error->message);
          *refused += 1;
        }
    }

  return examples;
}

/* NULL with an error when there is none at all. */
static GArray *
read_paths (AriettaCli *cli,
            char      **paths,
            guint      *refused,
            GError    **error)
{
  guint                skipped = 0;
  g_autoptr(GPtrArray) files = arietta_cli_collect (paths, &skipped, error);
  g_autoptr(GArray)    examples = files != NULL ? read_examples (cli, files, refused) : NULL;

  if (examples != NULL && examples->len == 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, paths[0], NULL,
                         _("There is no piece to measure on in “%s”."), paths[0]);
      return NULL;
    }

  return g_steal_pointer (&examples);
}

JsonNode *
arietta_cli_evaluate (AriettaCli *cli,
                      char      **args,
                      GError    **error)
{
  g_autofree char        *name = NULL, *per_step = NULL;
  g_autoptr(GArray)       examples = NULL;
  g_autoptr(AriettaJob)   job = NULL;
  g_autoptr(JsonObject)   results = NULL;
  g_autoptr(JsonNode)     root = NULL;
  AriettaLibrary         *library;
  guint                   refused = 0;
  FILE                   *lines = NULL;
  int                     n_samples = -1;
  gboolean                whole;
  const GOptionEntry      entries[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &name, NULL, NULL },
    { "per-step", 0, 0, G_OPTION_ARG_FILENAME, &per_step, NULL, NULL },
    { "samples", 0, 0, G_OPTION_ARG_INT, &n_samples, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 1, -1, error))
    return NULL;
  if (name == NULL)
    {
      arietta_cli_usage (error, _("Say which model to measure, with --model."));
      return NULL;
    }

  if (n_samples < -1)
    {
      arietta_cli_usage (error, _("--samples takes a number from 0 on."));
      return NULL;
    }

  library = arietta_cli_get_library (cli, error);
  if (library == NULL ||
      (examples = read_paths (cli, args + 1, &refused, error)) == NULL)
    return NULL;

  if (per_step != NULL && (lines = g_fopen (per_step, "w")) == NULL)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, per_step, NULL,
                         _("“%s” cannot be written: %s."), per_step, g_strerror (errno));
      return NULL;
    }

  job = arietta_cli_job_new (cli, _("Measuring"));
  results = arietta_evaluate (library, name, (const AriettaExample *) (gpointer) examples->data,
                              examples->len, n_samples < 0 ? ARIETTA_EVALUATE_DEFAULT : (guint) n_samples, cli->seed,
                              lines != NULL ? step_cb : NULL, lines, job, error);
  whole = lines == NULL || !ferror (lines);
  if (lines != NULL && fclose (lines) != 0)
    whole = FALSE;
  if (results == NULL)
    return NULL;
  if (!whole)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, per_step, NULL,
                         _("“%s” could not be written to its end.  Is the disk full?"), per_step);
      return NULL;
    }

  json_object_set_int_member (results, "pieces_skipped",
                              json_object_get_int_member_with_default (results, "pieces_skipped", 0) + refused);
  root = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (root, results);
  if (!cli->json)
    {
      g_autofree char *text = json_to_string (root, TRUE);

      arietta_cli_print (cli, "%s\n", text);
    }

  return g_steal_pointer (&root);
}

JsonNode *
arietta_cli_pack (AriettaCli *cli,
                  char      **args,
                  GError    **error)
{
  g_autoptr(GArray)           examples = NULL;
  g_autoptr(AriettaJob)       job = NULL;
  g_autoptr(AriettaModelInfo) info = NULL;
  g_autoptr(JsonBuilder)      builder = NULL;
  AriettaModelPackCost             cost = { 0 };
  AriettaLibrary             *library;
  guint                       refused = 0;
  int                         bits = 8;
  const GOptionEntry          entries[] = {
    { "bits", 0, 0, G_OPTION_ARG_INT, &bits, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 2, -1, error))
    return NULL;
  if (bits != 8 && bits != 16)
    {
      arietta_cli_usage (error, _("--bits takes 8 or 16."));
      return NULL;
    }
  if ((library = arietta_cli_get_library (cli, error)) == NULL ||
      (info = arietta_models_find (library, args[1], error)) == NULL)
    return NULL;
  if (!info->bundled || info->weights_path == NULL)
    {
      arietta_cli_usage (error, _("“pack” is for models in the folder that ARIETTA_MODELS_DIR names."));
      return NULL;
    }
  if ((examples = read_paths (cli, args + 2, &refused, error)) == NULL)
    return NULL;

  job = arietta_cli_job_new (cli, _("Measuring"));
  if (!arietta_model_pack (info, bits == 8 ? ARIETTA_WEIGHTS_I8 : ARIETTA_WEIGHTS_F16,
                     (const AriettaExample *) (gpointer) examples->data, examples->len, job, &cost, error))
    return NULL;

  arietta_cli_print (cli, _("%s: %.1f MB instead of %.1f, %.4f nats instead of %.4f\n"), info->name,
                     (double) cost.bytes_after / 1e6, (double) cost.bytes_before / 1e6, cost.after, cost.before);
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  arietta_json_string (builder, "model", info->name);
  arietta_json_int (builder, "bits", bits);
  arietta_json_int (builder, "bytes_before", cost.bytes_before);
  arietta_json_int (builder, "bytes_after", cost.bytes_after);
  arietta_json_string (builder, "figure", cost.figure);
  arietta_json_double (builder, "before", cost.before);
  arietta_json_double (builder, "after", cost.after);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}
