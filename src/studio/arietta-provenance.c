#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-provenance.h"

#include <string.h>

#include "base/arietta-json.h"

#define PREFIX "Arietta: "

enum { META = 0xff, META_TEXT = 0x01 };

void
arietta_provenance_add (AriettaPiece      *piece,
                        const AriettaTake *take,
                        const char        *licences)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode)    settings = NULL;
  g_autofree char       *json = NULL;
  g_autofree char       *text = NULL;
  const char            *epoch = g_getenv ("SOURCE_DATE_EPOCH");
  guint64                unix_time;

  g_return_if_fail (arietta_piece_get_n_tracks (piece) > 0);

  json_builder_begin_object (builder);
  arietta_json_string (builder, "program", "arietta " ARIETTA_VERSION);
  arietta_json_string (builder, "model", take->model);
  arietta_json_string (builder, "sha256", take->model_hash);
  arietta_json_int (builder, "seed", (gint64) take->seed);
  if (take->settings != NULL && (settings = json_from_string (take->settings, NULL)) != NULL)
    {
      json_builder_set_member_name (builder, "settings");
      json_builder_add_value (builder, g_steal_pointer (&settings));
    }
  if (licences != NULL)
    arietta_json_string (builder, "training_data", licences);
  if (epoch != NULL && g_ascii_string_to_unsigned (epoch, 10, 0, G_MAXINT64, &unix_time, NULL))
    arietta_json_int (builder, "unix_time", (gint64) unix_time);
  json_builder_end_object (builder);

  json = arietta_json_dup_text (builder);
  text = g_strconcat (PREFIX, json, NULL);
  arietta_track_add_event (arietta_piece_get_track (piece, 0), 0, META, META_TEXT, 0,
                           (const guint8 *) text, (guint32) strlen (text));
}

char *
arietta_provenance_dup_text (AriettaPiece *piece)
{
  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint               n;
      const AriettaEvent *events = arietta_track_get_events (arietta_piece_get_track (piece, t),
                                                             &n);

      for (guint i = 0; i < n; i++)
        if (events[i].status == META && events[i].data1 == META_TEXT &&
            events[i].n_bytes > strlen (PREFIX) &&
            memcmp (events[i].bytes, PREFIX, strlen (PREFIX)) == 0)
          return g_strndup ((const char *) events[i].bytes + strlen (PREFIX),
                            events[i].n_bytes - strlen (PREFIX));
    }

  return NULL;
}
