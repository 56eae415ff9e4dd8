/* The verb that has a model work on a piece. */
#define G_LOG_DOMAIN "arietta-cli"

#include <glib/gi18n.h>

#include "base/arietta-json.h"
#include "cli/arietta-cli.h"
#include "formats/arietta-formats.h"
#include "music/arietta-bar-map.h"
#include "studio/arietta-assist.h"

#define HARMONISE ARIETTA_ASSIST_N_TASKS   /* the one that is not a task of filling */

static gboolean
find_task (const char  *name,
           guint       *task,
           GError     **error)
{
  g_autoptr(GString) names = g_string_new ("harmonise");

  *task = HARMONISE;
  if (g_str_equal (name, "harmonise"))
    return TRUE;
  for (*task = 0; *task < ARIETTA_ASSIST_N_TASKS; *task += 1)
    if (g_str_equal (name, arietta_assist_get_name (*task)))
      return TRUE;

  for (guint i = 0; i < ARIETTA_ASSIST_N_TASKS; i++)
    g_string_append_printf (names, ", %s", arietta_assist_get_name (i));
  return arietta_cli_usage (error, _("“assist” cannot “%s”; what it can is: %s."), name, names->str);
}

/* "3-6" or "3": bars as a musician counts them, the pickup being bar 0. */
static gboolean
parse_bars (const char            *text,
            AriettaPiece          *piece,
            AriettaAssistRequest  *request,
            GError               **error)
{
  g_autoptr(AriettaBarMap) map = arietta_bar_map_new (piece);
  guint                    least = arietta_bar_map_has_pickup (map) ? 0 : 1;
  char                    *end;
  guint64                  first = g_ascii_strtoull (text, &end, 10), last = first;
  gboolean                 good = end != text && *text != '-';

  if (good && *end == '-')
    {
      const char *from = end + 1;

      last = g_ascii_strtoull (from, &end, 10);
      good = end != from && *from != '-';
    }
  if (!good || *end != '\0' || first < least || last < first || last > 10000)
    return arietta_cli_usage (error, _("--bars takes a bar or a range of them, such as 5-8, not “%s”."), text);

  request->first_bar = (guint) first - least;
  request->n_bars = (guint) (last - first) + 1;

  return TRUE;
}

/* "1,3": tracks as inspect lists them, from 1. */
static GArray *
parse_tracks (const char  *text,
              GError     **error)
{
  g_autoptr(GArray) tracks = g_array_new (FALSE, FALSE, sizeof (guint));
  g_auto(GStrv)     words = g_strsplit (text, ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint64 nth;
      guint   track;

      if (!g_ascii_string_to_unsigned (g_strstrip (words[i]), 10, 1, 1000, &nth, NULL))
        {
          arietta_cli_usage (error, _("--tracks takes numbers of tracks from 1 on, such as 1,3, not “%s”."), text);
          return NULL;
        }
      track = (guint) nth - 1;
      g_array_append_val (tracks, track);
    }

  return g_steal_pointer (&tracks);
}

JsonNode *
arietta_cli_assist (AriettaCli *cli,
                    char      **args,
                    GError    **error)
{
  AriettaAssistRequest    request = ARIETTA_ASSIST_REQUEST_INIT;
  g_autofree char        *model = NULL, *key = NULL, *output = NULL, *bars = NULL, *tracks = NULL, *style = NULL;
  g_autoptr(GArray)       chosen = NULL;
  int                     count = 1;
  guint                   task;
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(JsonBuilder)  builder = NULL;
  g_autoptr(AriettaJob)   job = NULL;
  AriettaLibrary         *library;
  const GOptionEntry      entries[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &model, NULL, NULL },
    { "key", 0, 0, G_OPTION_ARG_STRING, &key, NULL, NULL },
    { "temperature", 0, 0, G_OPTION_ARG_DOUBLE, &request.adventure, NULL, NULL },
    { "bars", 0, 0, G_OPTION_ARG_STRING, &bars, NULL, NULL },
    { "tracks", 0, 0, G_OPTION_ARG_STRING, &tracks, NULL, NULL },
    { "style", 0, 0, G_OPTION_ARG_STRING, &style, NULL, NULL },
    { "density", 0, 0, G_OPTION_ARG_INT, &request.density, NULL, NULL },
    { "amount", 0, 0, G_OPTION_ARG_DOUBLE, &request.amount, NULL, NULL },
    { "in-scale", 0, 0, G_OPTION_ARG_NONE, &request.in_scale, NULL, NULL },
    { "count", 0, 0, G_OPTION_ARG_INT, &count, NULL, NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 2, 2, error)
      || !find_task (args[1], &task, error)
      || !arietta_cli_need_notes_output (output, error))
    return NULL;
  if (!arietta_cli_check_drawing (count, request.adventure, key, &request.key, request.density, error))
    return NULL;
  if (!(request.amount >= 0.0 && request.amount <= 1.0))
    {
      arietta_cli_usage (error, _("--amount takes a number from 0 to 1."));
      return NULL;
    }
  if (task == HARMONISE && (bars != NULL || tracks != NULL || style != NULL))
    {
      arietta_cli_usage (error, _("Harmonising takes the whole melody: there is no --bars, --tracks or --style."));
      return NULL;
    }
  if (tracks != NULL)
    {
      chosen = parse_tracks (tracks, error);
      if (chosen == NULL)
        return NULL;
      request.tracks = (const guint *) (gpointer) chosen->data;
      request.n_tracks = chosen->len;
    }

  request.model = model;
  request.style = style;
  library = arietta_cli_get_library (cli, error);
  if (library == NULL || (piece = arietta_formats_read (args[2], NULL, error)) == NULL)
    return NULL;

  if (bars != NULL && !parse_bars (bars, piece, &request, error))
    return NULL;

  job = arietta_cli_job_new (cli, task == HARMONISE ? _("Harmonising") : _("Composing"));
  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (int i = 0; i < count; i++)
    {
      g_autofree char            *path = arietta_cli_dup_numbered (output, i + 1, count);
      g_autoptr(AriettaComposed)  composed = NULL;
      gint64                      start_us = g_get_monotonic_time ();

      request.seed = cli->seed + i;
      composed = task == HARMONISE ? arietta_assist_harmonise (library, piece, &request, job, error)
                                   : arietta_assist_fill (library, piece, task, &request, job, error);
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
