#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-provenance.h"

#include "base/arietta-json.h"
#include "music/arietta-statement.h"

void
arietta_provenance_add (AriettaPiece      *piece,
                        const AriettaTake *take,
                        const char        *licences)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode)    settings = NULL;
  g_autofree char       *json = NULL;
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
  arietta_statement_set (piece, json);
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

/* A copy of @piece that states @json instead of what it stated. */
static AriettaPiece *
restate (AriettaPiece *piece,
         const char   *json)
{
  AriettaPiece *copy = arietta_piece_copy (piece);

  arietta_statement_set (copy, json);
  return arietta_piece_freeze (copy);
}

AriettaPiece *
arietta_provenance_date (AriettaPiece *piece,
                         gint64        unix_time)
{
  g_autofree char *json = arietta_statement_dup (piece);
  g_autofree char *dated = json != NULL ? dup_dated (json, unix_time) : NULL;

  return dated != NULL ? restate (piece, dated) : arietta_piece_ref (piece);
}

AriettaPiece *
arietta_provenance_extend (AriettaPiece *piece,
                           const char   *maker)
{
  g_autofree char     *json = arietta_statement_dup (piece);
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
