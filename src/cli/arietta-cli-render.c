/* The verbs that make a piece heard or seen: render, roll. */
#define G_LOG_DOMAIN "arietta-cli"

#include <glib/gi18n.h>

#include "base/arietta-json.h"
#include "cli/arietta-cli.h"
#include "drawing/arietta-attention.h"
#include "drawing/arietta-picture.h"
#include "drawing/arietta-roll.h"
#include "formats/arietta-formats.h"
#include "studio/arietta-export-file.h"
#include "studio/arietta-model-list.h"

JsonNode *
arietta_cli_render (AriettaCli *cli,
                    char      **args,
                    GError    **error)
{
  g_autofree char        *output = NULL, *soundfont = NULL;
  g_autoptr(GPtrArray)    stems = NULL;
  g_autoptr(GError)       unable = NULL;
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(AriettaJob)   job = NULL;
  g_autoptr(JsonBuilder)  builder = NULL;
  AriettaExportOptions    options = ARIETTA_EXPORT_OPTIONS_INIT;
  AriettaRenderResult     result;
  gboolean                separate = FALSE;
  const GOptionEntry      entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { "soundfont", 0, 0, G_OPTION_ARG_FILENAME, &soundfont, NULL, NULL },
    { "stems", 0, 0, G_OPTION_ARG_NONE, &separate, NULL, NULL },
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
  if (piece == NULL)
    return NULL;
  options.soundfont = soundfont;
  if (separate)
    stems = arietta_export_stems (piece, output, FALSE, &options, job, &result, error);
  if (separate ? stems == NULL : !arietta_export_file (piece, output, &options, job, &result, error))
    return NULL;

  for (guint i = 0; stems != NULL && i < stems->len; i++)
    arietta_cli_print (cli, "%s\n", (const char *) stems->pdata[i]);
  arietta_cli_print (cli, _("%s: %.1f seconds, peak %.1f dB, %.1f LUFS\n"), output, result.seconds,
                     result.peak_db, result.lufs);

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  arietta_json_double (builder, "seconds", result.seconds);
  arietta_json_double (builder, "peak_db", result.peak_db);
  arietta_json_double (builder, "lufs", result.lufs);
  if (stems != NULL)
    {
      arietta_json_begin_array (builder, "stems");
      for (guint i = 0; i < stems->len; i++)
        json_builder_add_string_value (builder, stems->pdata[i]);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

/* The notes before a bar, as the model looks at them while it reads the bar. */
static gboolean
draw_attention (AriettaCli    *cli,
                AriettaPiece  *piece,
                const char    *name,
                int            bar,
                const char    *output,
                JsonBuilder   *builder,
                GError       **error)
{
  AriettaLibrary          *library = arietta_cli_get_library (cli, error);
  g_autoptr(AriettaModel)  model = library != NULL ? arietta_models_load (library, name, error) : NULL;
  g_autoptr(GArray)        attended = model != NULL ? arietta_model_attend (model, piece, (guint) bar - 1, error) : NULL;
  const AriettaAttended   *notes;

  if (attended == NULL)
    return FALSE;

  notes = (const AriettaAttended *) (gpointer) attended->data;
  arietta_json_begin_array (builder, "attended");
  for (guint i = 0; i < attended->len; i++)
    {
      json_builder_begin_object (builder);
      arietta_json_int (builder, "track", notes[i].track);
      arietta_json_int (builder, "onset_ticks", notes[i].onset_ticks);
      arietta_json_int (builder, "pitch", notes[i].pitch);
      arietta_json_double (builder, "share", notes[i].share);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return arietta_attention_save (piece, notes, attended->len, (guint) bar - 1, output, error);
}

JsonNode *
arietta_cli_roll (AriettaCli *cli,
                  char      **args,
                  GError    **error)
{
  g_autofree char        *output = NULL, *model = NULL;
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(JsonBuilder)  builder = NULL;
  int                     bar = 0;
  const GOptionEntry      entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { "attention", 0, 0, G_OPTION_ARG_INT, &bar, NULL, NULL },
    { "model", 0, 0, G_OPTION_ARG_STRING, &model, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 1, 1, error) || !arietta_cli_need_output (output, error))
    return NULL;
  if ((model != NULL) != (bar > 0))
    {
      arietta_cli_usage (error, _("--attention takes the number of a bar, and --model says whose attention."));
      return NULL;
    }
  if (!arietta_picture_can_write (output))
    {
      arietta_cli_usage (error, _("“%s” cannot be written: a roll is drawn as .png or .svg."), output);
      return NULL;
    }

  piece = arietta_formats_read (args[1], NULL, error);
  if (piece == NULL)
    return NULL;

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  if (model != NULL ? !draw_attention (cli, piece, model, bar, output, builder, error)
                    : !arietta_roll_save (piece, output, error))
    return NULL;

  arietta_cli_print (cli, "%s\n", output);
  arietta_json_int (builder, "pages", 1);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}
