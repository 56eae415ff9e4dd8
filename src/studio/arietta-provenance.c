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

static gboolean
is_statement (const AriettaEvent *event)
{
  return event->status == META && event->data1 == META_TEXT && event->n_bytes > strlen (PREFIX) &&
         memcmp (event->bytes, PREFIX, strlen (PREFIX)) == 0;
}

/* @json with the time in it, or NULL when there is one or it is no object. */
static char *
dup_dated (const char *json,
           gint64      unix_time)
{
  g_autoptr(JsonNode) root = json_from_string (json, NULL);

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root) ||
      json_object_has_member (json_node_get_object (root), "unix_time"))
    return NULL;
  json_object_set_int_member (json_node_get_object (root), "unix_time", unix_time);
  return json_to_string (root, FALSE);
}

/* The event that holds the statement, or NULL; @nth and @track say where. */
static const AriettaEvent *
find_statement (AriettaPiece  *piece,
                AriettaTrack **track,
                guint         *nth)
{
  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint               n;
      const AriettaEvent *events;

      *track = arietta_piece_get_track (piece, t);
      events = arietta_track_get_events (*track, &n);
      for (*nth = 0; *nth < n; (*nth)++)
        if (is_statement (&events[*nth]))
          return &events[*nth];
    }

  return NULL;
}

/* A copy of @piece that states @json instead of what it stated. */
static AriettaPiece *
restate (AriettaPiece *piece,
         const char   *json)
{
  g_autofree char *text = g_strconcat (PREFIX, json, NULL);
  AriettaPiece    *copy = arietta_piece_copy (piece);
  AriettaTrack    *track;
  guint            nth;

  if (find_statement (copy, &track, &nth) != NULL)
    arietta_track_set_event_bytes (track, nth, (const guint8 *) text, (guint32) strlen (text));
  else if (arietta_piece_get_n_tracks (copy) > 0)
    arietta_track_add_event (arietta_piece_get_track (copy, 0), 0, META, META_TEXT, 0,
                             (const guint8 *) text, (guint32) strlen (text));
  return arietta_piece_freeze (copy);
}

AriettaPiece *
arietta_provenance_date (AriettaPiece *piece,
                         gint64        unix_time)
{
  g_autofree char *json = arietta_provenance_dup_text (piece);
  g_autofree char *dated = json != NULL ? dup_dated (json, unix_time) : NULL;

  return dated != NULL ? restate (piece, dated) : arietta_piece_ref (piece);
}

AriettaPiece *
arietta_provenance_extend (AriettaPiece *piece,
                           const char   *maker)
{
  g_autofree char     *json = arietta_provenance_dup_text (piece);
  g_autofree char     *extended = NULL;
  g_autoptr(JsonNode)  root = json != NULL ? json_from_string (json, NULL) : NULL;
  g_autoptr(JsonNode)  step = json_from_string (maker, NULL);
  JsonObject          *object;

  g_return_val_if_fail (step != NULL, arietta_piece_ref (piece));

  /* What is there but no object was not stated by us, and says nothing. */
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_clear_pointer (&root, json_node_unref);
      root = json_node_init_object (json_node_alloc (), json_object_new ());
      json_object_unref (json_node_get_object (root));
      json_object_set_string_member (json_node_get_object (root), "program", "arietta " ARIETTA_VERSION);
      json_object_set_string_member (json_node_get_object (root), "source", "given");
    }
  object = json_node_get_object (root);
  if (!json_object_has_member (object, "then") ||
      !JSON_NODE_HOLDS_ARRAY (json_object_get_member (object, "then")))
    json_object_set_array_member (object, "then", json_array_new ());
  json_array_add_element (json_object_get_array_member (object, "then"), g_steal_pointer (&step));
  /* The time was that of an earlier export. */
  json_object_remove_member (object, "unix_time");
  extended = json_to_string (root, FALSE);

  return restate (piece, extended);
}

char *
arietta_provenance_dup_text (AriettaPiece *piece)
{
  AriettaTrack       *track;
  guint               nth;
  const AriettaEvent *event = find_statement (piece, &track, &nth);

  if (event == NULL)
    return NULL;
  return g_strndup ((const char *) event->bytes + strlen (PREFIX),
                    event->n_bytes - strlen (PREFIX));
}
