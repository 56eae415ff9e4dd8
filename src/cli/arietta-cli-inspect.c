#define G_LOG_DOMAIN "arietta-cli"

#include <glib/gi18n.h>

#include "base/arietta-json.h"
#include "cli/arietta-cli.h"
#include "formats/arietta-formats.h"

static void
add_maps (JsonBuilder  *builder,
          AriettaPiece *piece)
{
  guint               n;
  const AriettaTempo *tempos = arietta_piece_get_tempos (piece, &n);
  const AriettaMeter *meters;
  const AriettaKey   *keys;

  arietta_json_begin_array (builder, "tempos");
  for (guint i = 0; i < n; i++)
    {
      json_builder_begin_array (builder);
      json_builder_add_int_value (builder, tempos[i].tick);
      json_builder_add_int_value (builder, tempos[i].us_per_quarter);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);

  meters = arietta_piece_get_meters (piece, &n);
  arietta_json_begin_array (builder, "meters");
  for (guint i = 0; i < n; i++)
    {
      json_builder_begin_array (builder);
      json_builder_add_int_value (builder, meters[i].tick);
      json_builder_add_int_value (builder, meters[i].numerator);
      json_builder_add_int_value (builder, G_GINT64_CONSTANT (1) << MIN (meters[i].denominator_log2, 62));
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);

  keys = arietta_piece_get_keys (piece, &n);
  arietta_json_begin_array (builder, "keys");
  for (guint i = 0; i < n; i++)
    {
      json_builder_begin_array (builder);
      json_builder_add_int_value (builder, keys[i].tick);
      json_builder_add_int_value (builder, keys[i].sharps);
      json_builder_add_boolean_value (builder, keys[i].minor);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
}

static void
add_tracks (JsonBuilder  *builder,
            AriettaPiece *piece)
{
  arietta_json_begin_array (builder, "tracks");
  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      AriettaTrack      *track = arietta_piece_get_track (piece, t);
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (track, &n);

      json_builder_begin_object (builder);
      arietta_json_string (builder, "name", arietta_track_get_name (track));
      arietta_json_begin_array (builder, "notes");
      for (guint i = 0; i < n; i++)
        {
          json_builder_begin_array (builder);
          json_builder_add_int_value (builder, notes[i].onset_ticks);
          json_builder_add_int_value (builder, notes[i].duration_ticks);
          json_builder_add_int_value (builder, notes[i].pitch);
          json_builder_add_int_value (builder, notes[i].velocity);
          json_builder_add_int_value (builder, notes[i].channel);
          json_builder_add_int_value (builder, notes[i].program);
          json_builder_end_array (builder);
        }
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_piece (AriettaCli        *cli,
             AriettaPiece      *piece,
             AriettaReadReport *report,
             const char        *path,
             gboolean           with_notes)
{
  const char *title = arietta_piece_get_title (piece);

  arietta_cli_print (cli, "%s\n", path);
  if (title != NULL)
    arietta_cli_print (cli, _("  Title: %s\n"), title);
  arietta_cli_print (cli, _("  %u notes in %u tracks, %.1f seconds, %d ticks per quarter\n"),
                     arietta_piece_get_n_notes (piece), arietta_piece_get_n_tracks (piece),
                     arietta_piece_get_duration_seconds (piece), arietta_piece_get_ticks_per_quarter (piece));
  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      AriettaTrack      *track = arietta_piece_get_track (piece, t);
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (track, &n);

      arietta_cli_print (cli, _("  Track %u “%s”: %u notes\n"), t + 1, arietta_track_get_name (track), n);
      for (guint i = 0; with_notes && i < n; i++)
        arietta_cli_print (cli, "    %8" G_GINT64_FORMAT " %6" G_GINT64_FORMAT "  %3d %3d  %2d %3d\n",
                           notes[i].onset_ticks, notes[i].duration_ticks, notes[i].pitch,
                           notes[i].velocity, notes[i].channel, notes[i].program);
    }
  for (guint i = 0; i < report->warnings->len; i++)
    arietta_cli_print (cli, _("  Note: %s\n"), (const char *) g_ptr_array_index (report->warnings, i));
}

JsonNode *
arietta_cli_inspect (AriettaCli *cli,
                     char      **args,
                     GError    **error)
{
  gboolean                  with_notes = FALSE, salvage = FALSE;
  g_auto(AriettaReadReport) report = { 0 };
  g_autoptr(AriettaPiece)   piece = NULL;
  g_autoptr(JsonBuilder)    builder = NULL;
  const GOptionEntry        entries[] = {
    { "notes", 0, 0, G_OPTION_ARG_NONE, &with_notes, NULL, NULL },
    { "salvage", 0, 0, G_OPTION_ARG_NONE, &salvage, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 1, 1, error))
    return NULL;

  piece = (salvage ? arietta_formats_salvage : arietta_formats_read) (args[1], &report, error);
  if (piece == NULL)
    return NULL;

  print_piece (cli, piece, &report, args[1], with_notes);
  if (!cli->json)
    return NULL;

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  if (report.midi_format >= 0)
    arietta_json_int (builder, "format", report.midi_format);
  else
    arietta_json_string (builder, "format", report.format);
  arietta_json_int (builder, "ticks_per_quarter", arietta_piece_get_ticks_per_quarter (piece));
  arietta_json_double (builder, "duration_seconds", arietta_piece_get_duration_seconds (piece));
  arietta_json_int (builder, "n_notes", arietta_piece_get_n_notes (piece));
  add_maps (builder, piece);
  add_tracks (builder, piece);
  arietta_json_begin_array (builder, "warnings");
  for (guint i = 0; i < report.warnings->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (report.warnings, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}
