/* The verbs that make new notes: compose, interpolate, mix. */
#define G_LOG_DOMAIN "arietta-cli"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/arietta-json.h"
#include "cli/arietta-cli.h"
#include "formats/arietta-formats.h"
#include "studio/arietta-compose.h"

/* "folk=0.7" or "folk"; the name is cut off at the sign in place. */
static gboolean
parse_style_weight (char               *text,
                    AriettaStyleWeight *weight,
                    GError            **error)
{
  char *sign = strrchr (text, '=');
  char *end;

  weight->weight = 1.0;
  if (sign != NULL)
    {
      *sign = '\0';
      weight->weight = g_ascii_strtod (sign + 1, &end);
      if (end == sign + 1 || *end != '\0' || !(weight->weight >= 0.0 && weight->weight <= 1.0))
        return arietta_cli_usage (error, _("The weight of style “%s” must be a number from 0 to 1."), text);
    }
  weight->style = text;

  return TRUE;
}

/* "density=1.5", cut in place as above. */
static gboolean
parse_attribute (char               *text,
                 AriettaStyleWeight *weight,
                 GError            **error)
{
  char *sign = strrchr (text, '='), *end = NULL;

  if (sign != NULL)
    {
      *sign = '\0';
      weight->weight = g_ascii_strtod (sign + 1, &end);
    }
  if (sign == NULL || end == sign + 1 || *end != '\0' || !(fabs (weight->weight) <= 4.0))
    return arietta_cli_usage (error, _("How much more of “%s” must be a number from -4 to 4."), text);
  weight->style = text;
  weight->attribute = TRUE;

  return TRUE;
}

static const struct
{
  const char       *name;
  AriettaEventRole  role;
} instruments[] = {
  { "melody", ARIETTA_ROLE_MELODY }, { "voice", ARIETTA_ROLE_INNER }, { "chords", ARIETTA_ROLE_CHORDS },
  { "bass", ARIETTA_ROLE_BASS },     { "drums", ARIETTA_ROLE_DRUMS },
};

/* "melody=73,bass,drums": what a part does, with its General MIDI program where that matters. */
static GArray *
parse_instruments (const char  *text,
                   GError     **error)
{
  g_autoptr(GArray) parts = g_array_new (FALSE, FALSE, sizeof (AriettaFillPart));
  g_auto(GStrv)     words = g_strsplit (text, ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      AriettaFillPart part = { .track = ARIETTA_FILL_NEW_TRACK, .program = -1 };
      char           *sign = strchr (words[i], '=');
      guint64         program = 0;
      guint           nth = 0;

      if (sign != NULL)
        *sign = '\0';
      while (nth < G_N_ELEMENTS (instruments) && !g_str_equal (instruments[nth].name, g_strstrip (words[i])))
        nth++;
      if (nth == G_N_ELEMENTS (instruments) || parts->len == ARIETTA_EVENTS_MAX_PARTS
          || (sign != NULL && !g_ascii_string_to_unsigned (sign + 1, 10, 0, 127, &program, NULL)))
        {
          arietta_cli_usage (error,
                             _("--instruments takes melody, voice, chords, bass and drums, each with a program from "
                               "0 to 127 if wished, such as melody=73,bass; not “%s”."), words[i]);
          return NULL;
        }
      part.role = instruments[nth].role;
      if (sign != NULL)
        part.program = (int) program;
      g_array_append_val (parts, part);
    }

  return g_steal_pointer (&parts);
}

/* "7/8" */
static gboolean
parse_meter (const char            *text,
             AriettaComposeRequest *request,
             GError               **error)
{
  char   *end;
  guint64 numerator = g_ascii_strtoull (text, &end, 10), denominator = 0;

  if (end != text && *end == '/')
    denominator = g_ascii_strtoull (end + 1, &end, 10);
  if (*end != '\0' || numerator < 1 || numerator > 32 || denominator < 1 || denominator > 32
      || (denominator & (denominator - 1)) != 0)
    return arietta_cli_usage (error, _("“%s” is not a metre; write it like 3/4 or 7/8."), text);

  request->numerator = (int) numerator;
  request->denominator = (int) denominator;

  return TRUE;
}

JsonNode *
arietta_cli_compose (AriettaCli *cli,
                     char      **args,
                     GError    **error)
{
  AriettaComposeRequest  request = ARIETTA_COMPOSE_REQUEST_INIT;
  AriettaStyleWeight     style_weight = { NULL, 1.0 };
  g_autofree char       *model = NULL, *style = NULL, *key = NULL, *output = NULL, *meter = NULL, *who = NULL;
  g_autoptr(GArray)      parts = NULL;
  int                    bars = 8, count = 1;
  g_autoptr(JsonBuilder) builder = NULL;
  g_autoptr(AriettaJob)  job = NULL;
  AriettaLibrary        *library;
  const GOptionEntry     entries[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &model, NULL, NULL },
    { "bars", 0, 0, G_OPTION_ARG_INT, &bars, NULL, NULL },
    { "style", 0, 0, G_OPTION_ARG_STRING, &style, NULL, NULL },
    { "key", 0, 0, G_OPTION_ARG_STRING, &key, NULL, NULL },
    { "temperature", 0, 0, G_OPTION_ARG_DOUBLE, &request.adventure, NULL, NULL },
    { "meter", 0, 0, G_OPTION_ARG_STRING, &meter, NULL, NULL },
    { "tempo", 0, 0, G_OPTION_ARG_DOUBLE, &request.tempo_bpm, NULL, NULL },
    { "density", 0, 0, G_OPTION_ARG_INT, &request.density, NULL, NULL },
    { "instruments", 0, 0, G_OPTION_ARG_STRING, &who, NULL, NULL },
    { "in-scale", 0, 0, G_OPTION_ARG_NONE, &request.in_scale, NULL, NULL },
    { "count", 0, 0, G_OPTION_ARG_INT, &count, NULL, NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 0, 0, error) || !arietta_cli_need_notes_output (output, error))
    return NULL;
  if (bars < 1 || bars > 256)
    {
      arietta_cli_usage (error, _("--bars takes 1 to 256, not %d."), bars);
      return NULL;
    }
  if (!arietta_cli_check_drawing (count, request.adventure, key, &request.key, request.density, error))
    return NULL;
  if (style != NULL && !parse_style_weight (style, &style_weight, error))
    return NULL;
  if (meter != NULL && !parse_meter (meter, &request, error))
    return NULL;
  if (request.tempo_bpm != 0.0 && !(request.tempo_bpm >= 20.0 && request.tempo_bpm <= 400.0))
    {
      arietta_cli_usage (error, _("--tempo takes 20 to 400."));
      return NULL;
    }
  if (who != NULL)
    {
      parts = parse_instruments (who, error);
      if (parts == NULL)
        return NULL;
      request.parts = (const AriettaFillPart *) (gpointer) parts->data;
      request.n_parts = parts->len;
    }

  request.model = model;
  request.bars = (guint) bars;
  request.style = style;
  request.style_weight = style_weight.weight;

  library = arietta_cli_get_library (cli, error);
  if (library == NULL)
    return NULL;

  job = arietta_cli_job_new (cli, _("Composing"));
  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (int i = 0; i < count; i++)
    {
      g_autofree char            *path = arietta_cli_dup_numbered (output, i + 1, count);
      g_autoptr(AriettaComposed)  composed = NULL;
      gint64                      start_us = g_get_monotonic_time ();
      double                      seconds;

      request.seed = cli->seed + i;
      composed = arietta_compose (library, &request, job, error);
      if (composed == NULL || !arietta_formats_write (composed->piece, path, error))
        return NULL;

      seconds = (g_get_monotonic_time () - start_us) / 1e6;
      arietta_cli_print (cli, "%s: %s\n", path, composed->take->title);
      json_builder_begin_object (builder);
      arietta_json_string (builder, "file", path);
      arietta_json_string (builder, "take", composed->take->title);
      arietta_json_int (builder, "seed", (gint64) request.seed);
      arietta_json_double (builder, "seconds", seconds);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return json_builder_get_root (builder);
}

JsonNode *
arietta_cli_interpolate (AriettaCli *cli,
                         char      **args,
                         GError    **error)
{
  g_autofree char         *model = NULL, *output = NULL;
  int                      steps = 5;
  g_autoptr(AriettaPiece)  a = NULL, b = NULL;
  g_autoptr(GPtrArray)     morphs = NULL;
  g_autoptr(JsonBuilder)   builder = NULL;
  g_autoptr(AriettaJob)    job = NULL;
  AriettaLibrary          *library;
  const GOptionEntry       entries[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &model, NULL, NULL },
    { "steps", 0, 0, G_OPTION_ARG_INT, &steps, NULL, NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 2, 2, error) || !arietta_cli_need_notes_output (output, error))
    return NULL;
  if (steps < 2 || steps > 1000)
    {
      arietta_cli_usage (error, _("--steps takes 2 to 1000, not %d."), steps);
      return NULL;
    }

  library = arietta_cli_get_library (cli, error);
  job = arietta_cli_job_new (cli, _("Morphing"));
  if (library == NULL ||
      (a = arietta_formats_read (args[1], NULL, error)) == NULL ||
      (b = arietta_formats_read (args[2], NULL, error)) == NULL ||
      (morphs = arietta_morph (library, model, a, b, steps, FALSE, cli->seed, job, error)) == NULL)
    return NULL;

  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < morphs->len; i++)
    {
      AriettaComposed *composed = g_ptr_array_index (morphs, i);
      g_autofree char *path = arietta_cli_dup_numbered (output, i + 1, morphs->len);
      double           position = (double) i / (morphs->len - 1);

      if (!arietta_formats_write (composed->piece, path, error))
        return NULL;

      arietta_cli_print (cli, "%s  %.3f\n", path, position);
      json_builder_begin_object (builder);
      arietta_json_string (builder, "file", path);
      arietta_json_double (builder, "position", position);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return json_builder_get_root (builder);
}

JsonNode *
arietta_cli_mix (AriettaCli *cli,
                 char      **args,
                 GError    **error)
{
  g_autofree char         *model = NULL, *output = NULL, *engine = NULL;
  g_auto(GStrv)            styles = NULL, attributes = NULL;
  g_autofree AriettaStyleWeight *weights = NULL;
  guint                    n_styles, n_weights;
  double                   strength = 1.0;
  g_autoptr(AriettaPiece)  source = NULL;
  g_autoptr(AriettaMix)    mix = NULL;
  g_autoptr(JsonBuilder)   builder = NULL;
  g_autoptr(AriettaJob)    job = NULL;
  AriettaLibrary          *library;
  GHashTableIter           iter;
  gpointer                 style, probability;
  const GOptionEntry       entries[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &model, NULL, NULL },
    { "style", 0, 0, G_OPTION_ARG_STRING_ARRAY, &styles, NULL, NULL },
    { "attribute", 0, 0, G_OPTION_ARG_STRING_ARRAY, &attributes, NULL, NULL },
    { "strength", 0, 0, G_OPTION_ARG_DOUBLE, &strength, NULL, NULL },
    { "engine", 0, 0, G_OPTION_ARG_STRING, &engine, NULL, NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 1, 1, error) || !arietta_cli_need_notes_output (output, error))
    return NULL;
  if (engine != NULL && !g_str_equal (engine, "latent"))
    {
      arietta_cli_usage (error, _("There is no mixing engine “%s”; “latent” is the one there is."), engine);
      return NULL;
    }
  if (styles == NULL && attributes == NULL)
    {
      arietta_cli_usage (error, _("Say which style to mix in, with --style NAME=WEIGHT."));
      return NULL;
    }
  if (!(strength >= 0.0 && strength <= 3.0))
    {
      arietta_cli_usage (error, _("--strength takes 0 to 3."));
      return NULL;
    }

  n_styles = styles != NULL ? g_strv_length (styles) : 0;
  n_weights = n_styles + (attributes != NULL ? g_strv_length (attributes) : 0);
  weights = g_new0 (AriettaStyleWeight, n_weights);
  for (guint i = 0; i < n_styles; i++)
    if (!parse_style_weight (styles[i], &weights[i], error))
      return NULL;
  for (guint i = n_styles; i < n_weights; i++)
    if (!parse_attribute (attributes[i - n_styles], &weights[i], error))
      return NULL;

  library = arietta_cli_get_library (cli, error);
  job = arietta_cli_job_new (cli, _("Mixing"));
  if (library == NULL ||
      (source = arietta_formats_read (args[1], NULL, error)) == NULL ||
      (mix = arietta_mix (library, model, source, weights, n_weights, strength, cli->seed, job, error)) == NULL ||
      !arietta_formats_write (mix->composed->piece, output, error))
    return NULL;

  arietta_cli_print (cli, _("%s: kept chroma %.2f, contour %.2f, onsets %.2f\n"), output,
                     mix->retention_chroma, mix->retention_contour, mix->retention_onset_f1);

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  arietta_json_string (builder, "file", output);
  arietta_json_begin_object (builder, "retention");
  arietta_json_double (builder, "chroma", mix->retention_chroma);
  arietta_json_double (builder, "contour", mix->retention_contour);
  arietta_json_double (builder, "onset_f1", mix->retention_onset_f1);
  json_builder_end_object (builder);
  arietta_json_begin_object (builder, "arrival");
  g_hash_table_iter_init (&iter, mix->arrival);
  while (g_hash_table_iter_next (&iter, &style, &probability))
    {
      arietta_cli_print (cli, "  %s %.2f\n", (char *) style, *(double *) probability);
      arietta_json_double (builder, style, *(double *) probability);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}
