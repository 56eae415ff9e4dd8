/* The verb that writes a piece in another format, or through an encoding and back. */
#define G_LOG_DOMAIN "arietta-cli"

#include <glib/gi18n.h>

#include "analysis/arietta-kept.h"
#include "base/arietta-error.h"
#include "base/arietta-json.h"
#include "cli/arietta-cli.h"
#include "encoding/arietta-events.h"
#include "encoding/arietta-note-graph.h"
#include "encoding/arietta-note-rolls.h"
#include "encoding/arietta-steps.h"
#include "formats/arietta-formats.h"
#include "studio/arietta-studio-error.h"

static AriettaPiece *
events_round_trip (AriettaPiece *piece,
                   AriettaKept  *kept)
{
  return arietta_events_round_trip (piece, ARIETTA_EVENTS_EXACT, kept);
}

static const struct
{
  const char     *name;
  AriettaPiece *(*round_trip) (AriettaPiece *piece, AriettaKept *kept);
} representations[] = {
  { "steps", arietta_steps_round_trip },   /* the melody alone */
  { "events", events_round_trip },
  { "roll", arietta_note_rolls_round_trip },
  { "graph", arietta_note_graph_round_trip },
};

JsonNode *
arietta_cli_convert (AriettaCli *cli,
                     char      **args,
                     GError    **error)
{
  g_autofree char        *output = NULL, *via = NULL;
  g_autoptr(AriettaPiece) piece = NULL, between = NULL, back = NULL;
  g_autoptr(JsonBuilder)  builder = NULL;
  AriettaKept             kept;
  gboolean                salvage = FALSE;
  guint                   nth = 0;
  const GOptionEntry      entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { "via", 0, 0, G_OPTION_ARG_STRING, &via, NULL, NULL },
    { "salvage", 0, 0, G_OPTION_ARG_NONE, &salvage, NULL, NULL },
    { NULL }
  };

  if (!arietta_cli_parse (cli, entries, &args, 1, 1, error) || !arietta_cli_need_notes_output (output, error))
    return NULL;
  while (via != NULL && nth < G_N_ELEMENTS (representations)
         && !g_str_equal (via, representations[nth].name))
    nth++;
  if (nth == G_N_ELEMENTS (representations))
    {
      arietta_cli_usage (error, _("There is no representation “%s”; there are “steps”, “events”, “roll” and “graph”."), via);
      return NULL;
    }

  piece = (salvage ? arietta_formats_salvage : arietta_formats_read) (args[1], NULL, error);
  if (piece == NULL)
    return NULL;

  between = via != NULL ? representations[nth].round_trip (piece, &kept) : arietta_piece_ref (piece);
  if (between == NULL)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, args[1], NULL,
                         _("“%s” has no notes that could be written as “%s”."), args[1], via);
      return NULL;
    }

  /* What is measured is what stands in the file, not what was meant to. */
  if (!arietta_formats_write (between, output, error) ||
      (back = arietta_formats_read (output, NULL, error)) == NULL)
    return NULL;

  arietta_kept_measure (piece, back, &kept);
  arietta_cli_print (cli, _("%s: kept %.1f %% of the notes, %.1f %% of the onsets, %.1f %% of the durations, "
                            "%.1f %% of the velocities\n"),
                     output, 100.0 * kept.notes, 100.0 * kept.onsets, 100.0 * kept.durations,
                     100.0 * kept.velocities);

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  arietta_json_begin_object (builder, "kept");
  arietta_json_double (builder, "notes", kept.notes);
  arietta_json_double (builder, "onsets", kept.onsets);
  arietta_json_double (builder, "durations", kept.durations);
  arietta_json_double (builder, "velocities", kept.velocities);
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}
