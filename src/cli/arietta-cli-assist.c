/* The verb that has a model work on a piece. */
#define G_LOG_DOMAIN "arietta-cli"

#include <glib/gi18n.h>

#include "base/arietta-json.h"
#include "cli/arietta-cli.h"
#include "formats/arietta-formats.h"
#include "studio/arietta-assist.h"

typedef AriettaComposed *(*AssistFunc) (AriettaLibrary              *library,
                                        AriettaPiece                *piece,
                                        const AriettaAssistRequest  *request,
                                        AriettaJob                  *job,
                                        GError                     **error);

static const struct
{
  const char *name;
  AssistFunc  run;
} actions[] = {
  { "harmonise", arietta_assist_harmonise },
};

static AssistFunc
find_action (const char  *name,
             GError     **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, name))
      return actions[i].run;

  arietta_cli_usage (error, _("“assist” cannot “%s”; what it can is: harmonise."), name);
  return NULL;
}

JsonNode *
arietta_cli_assist (AriettaCli *cli,
                    char      **args,
                    GError    **error)
{
  AriettaAssistRequest    request = ARIETTA_ASSIST_REQUEST_INIT;
  g_autofree char        *model = NULL, *key = NULL, *output = NULL;
  int                     count = 1;
  AssistFunc              run;
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(JsonBuilder)  builder = NULL;
  g_autoptr(AriettaJob)   job = NULL;
  AriettaLibrary         *library;
  const GOptionEntry      entries[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &model, NULL, NULL },
    { "key", 0, 0, G_OPTION_ARG_STRING, &key, NULL, NULL },
    { "temperature", 0, 0, G_OPTION_ARG_DOUBLE, &request.adventure, NULL, NULL },
    { "count", 0, 0, G_OPTION_ARG_INT, &count, NULL, NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 2, 2, error)
      || (run = find_action (args[1], error)) == NULL
      || !arietta_cli_need_notes_output (output, error))
    return NULL;
  if (count < 1 || count > 1000)
    {
      arietta_cli_usage (error, _("--count takes 1 to 1000, not %d."), count);
      return NULL;
    }
  if (!(request.adventure >= 0.1 && request.adventure <= 2.0))
    {
      arietta_cli_usage (error, _("--temperature takes 0.1 to 2."));
      return NULL;
    }
  if (key != NULL && !arietta_tonality_parse (key, &request.key))
    {
      arietta_cli_usage (error, _("“%s” is not a key; write it like G, Eb, “F# minor” or Am."), key);
      return NULL;
    }

  request.model = model;
  library = arietta_cli_get_library (cli, error);
  if (library == NULL || (piece = arietta_formats_read (args[2], NULL, error)) == NULL)
    return NULL;

  job = arietta_cli_job_new (cli, _("Harmonising"));
  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (int i = 0; i < count; i++)
    {
      g_autofree char            *path = arietta_cli_dup_numbered (output, i + 1, count);
      g_autoptr(AriettaComposed)  composed = NULL;
      gint64                      start_us = g_get_monotonic_time ();

      request.seed = cli->seed + i;
      composed = run (library, piece, &request, job, error);
      if (composed == NULL || !arietta_formats_write (composed->piece, path, error))
        return NULL;

      arietta_cli_print (cli, "%s: %s\n", path, composed->take->title);
      json_builder_begin_object (builder);
      arietta_json_string (builder, "file", path);
      arietta_json_string (builder, "take", composed->take->title);
      arietta_json_int (builder, "seed", (gint64) request.seed);
      arietta_json_double (builder, "seconds", (g_get_monotonic_time () - start_us) / 1e6);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return json_builder_get_root (builder);
}
