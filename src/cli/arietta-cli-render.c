/* The verbs that make a piece heard or seen: render, roll. */
#define G_LOG_DOMAIN "arietta-cli"

#include <glib/gi18n.h>

#include "audio/arietta-render.h"
#include "base/arietta-json.h"
#include "cli/arietta-cli.h"
#include "drawing/arietta-roll.h"
#include "formats/arietta-formats.h"

static gboolean
progress_cb (double   fraction,
             gpointer user_data)
{
  arietta_job_report (user_data, fraction, NULL);
  return arietta_job_check (user_data);
}

JsonNode *
arietta_cli_render (AriettaCli *cli,
                    char      **args,
                    GError    **error)
{
  g_autofree char        *output = NULL, *soundfont = NULL;
  g_autoptr(GError)       unable = NULL;
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(AriettaJob)   job = NULL;
  g_autoptr(JsonBuilder)  builder = NULL;
  AriettaRenderResult     result;
  const GOptionEntry      entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { "soundfont", 0, 0, G_OPTION_ARG_FILENAME, &soundfont, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 1, 1, error) || !arietta_cli_need_output (output, error))
    return NULL;
  if (!arietta_render_can_write (output, &unable))
    {
      arietta_cli_usage (error, "%s", unable->message);
      return NULL;
    }

  job = arietta_cli_job_new (cli, _("Rendering"));
  piece = arietta_formats_read (args[1], NULL, error);
  if (piece == NULL ||
      !arietta_render_file (piece, output, soundfont, NULL, progress_cb, job,
                            arietta_job_get_cancellable (job), &result, error))
    return NULL;

  arietta_cli_print (cli, _("%s: %.1f seconds, peak %.1f dB, %.1f LUFS\n"), output, result.seconds,
                     result.peak_db, result.lufs);

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  arietta_json_double (builder, "seconds", result.seconds);
  arietta_json_double (builder, "peak_db", result.peak_db);
  arietta_json_double (builder, "lufs", result.lufs);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

JsonNode *
arietta_cli_roll (AriettaCli *cli,
                  char      **args,
                  GError    **error)
{
  g_autofree char        *output = NULL;
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(JsonBuilder)  builder = NULL;
  const GOptionEntry      entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 1, 1, error) || !arietta_cli_need_output (output, error))
    return NULL;
  if (!g_str_has_suffix (output, ".png") && !g_str_has_suffix (output, ".svg"))
    {
      arietta_cli_usage (error, _("“%s” cannot be written: a roll is drawn as .png or .svg."), output);
      return NULL;
    }

  piece = arietta_formats_read (args[1], NULL, error);
  if (piece == NULL || !arietta_roll_save (piece, output, error))
    return NULL;

  arietta_cli_print (cli, "%s\n", output);
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  arietta_json_int (builder, "pages", 1);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}
