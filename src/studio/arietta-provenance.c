#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-provenance.h"

#include <math.h>

#include "base/arietta-json.h"
#include "music/arietta-statement.h"

#define PROGRAM "arietta " ARIETTA_VERSION

char *
arietta_provenance_dup_maker (const AriettaTake *take,
                              const char        *licences,
                              gboolean           own_model)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode)    settings = NULL;

  json_builder_begin_object (builder);
  arietta_json_string (builder, "model", take->model);
  arietta_json_string (builder, "sha256", take->model_hash);
  if (own_model)
    arietta_json_boolean (builder, "own_model", TRUE);
  arietta_json_int (builder, "seed", (gint64) take->seed);
  if (take->settings != NULL && (settings = json_from_string (take->settings, NULL)) != NULL)
    {
      json_builder_set_member_name (builder, "settings");
      json_builder_add_value (builder, g_steal_pointer (&settings));
    }
  if (licences != NULL)
    arietta_json_string (builder, "training_data", licences);
  json_builder_end_object (builder);

  return arietta_json_dup_text (builder);
}

/* --- statements as objects --- */

static JsonNode *
make_object (void)
{
  JsonNode *node = json_node_init_object (json_node_alloc (), json_object_new ());

  json_object_unref (json_node_get_object (node));
  json_object_set_string_member (json_node_get_object (node), "program", PROGRAM);
  return node;
}

/* What @piece states; what is there but no object was not stated by us, and says nothing. */
static JsonNode *
find_object (AriettaPiece *piece)
{
  g_autofree char    *json = arietta_statement_dup (piece);
  g_autoptr(JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? g_steal_pointer (&root) : NULL;
}

static JsonNode *
find_or_make_object (AriettaPiece *piece)
{
  JsonNode *root = find_object (piece);

  if (root == NULL)
    {
      root = make_object ();
      json_object_set_string_member (json_node_get_object (root), "source", "given");
    }
  return root;
}

static void
state (AriettaPiece *piece,
       JsonNode     *root)
{
  g_autofree char *json = json_to_string (root, FALSE);

  arietta_statement_set (piece, json);
}

static AriettaPiece *
restate (AriettaPiece *piece,
         JsonNode     *root)
{
  AriettaPiece *copy = arietta_piece_copy (piece);

  state (copy, root);
  return arietta_piece_freeze (copy);
}

/* What was said of an export before is true no longer. */
static void
forget_export (JsonObject *object)
{
  json_object_remove_member (object, "edited_by_hand");
  json_object_remove_member (object, "unix_time");
}

static void
append_step (JsonObject *object,
             const char *maker)
{
  g_autoptr(JsonNode) step = json_from_string (maker, NULL);

  g_return_if_fail (step != NULL);

  if (!json_object_has_member (object, "then") || !JSON_NODE_HOLDS_ARRAY (json_object_get_member (object, "then")))
    json_object_set_array_member (object, "then", json_array_new ());
  json_array_add_element (json_object_get_array_member (object, "then"), g_steal_pointer (&step));
  forget_export (object);
}

static void
copy_member_cb (JsonObject *object,
                const char *name,
                JsonNode   *node,
                gpointer    user_data)
{
  json_object_set_member (user_data, name, json_node_copy (node));
}

void
arietta_provenance_add (AriettaPiece *piece,
                        const char   *maker)
{
  g_autoptr(JsonNode) root = NULL, made = NULL;
  const char         *epoch = g_getenv ("SOURCE_DATE_EPOCH");
  guint64             unix_time;

  g_return_if_fail (arietta_piece_get_n_tracks (piece) > 0);

  root = find_object (piece);
  if (root != NULL)
    append_step (json_node_get_object (root), maker);
  else
    {
      made = json_from_string (maker, NULL);
      g_return_if_fail (made != NULL && JSON_NODE_HOLDS_OBJECT (made));
      root = make_object ();
      json_object_foreach_member (json_node_get_object (made), copy_member_cb, json_node_get_object (root));
    }
  if (epoch != NULL && g_ascii_string_to_unsigned (epoch, 10, 0, G_MAXINT64, &unix_time, NULL))
    json_object_set_int_member (json_node_get_object (root), "unix_time", (gint64) unix_time);
  state (piece, root);
}

AriettaPiece *
arietta_provenance_extend (AriettaPiece *piece,
                           const char   *maker)
{
  g_autoptr(JsonNode) root = find_or_make_object (piece);

  append_step (json_node_get_object (root), maker);
  return restate (piece, root);
}

/* --- leaving the house --- */

/* With three digits; -1 without notes. */
static double
get_edited_share (AriettaPiece *piece)
{
  guint n_edited = 0, n_all = 0;

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        n_edited += (notes[i].flags & ARIETTA_NOTE_EDITED) != 0;
      n_all += n;
    }

  return n_all > 0 ? round (1000.0 * n_edited / n_all) / 1000.0 : -1.0;
}

/* What names a person or what is theirs.  The hash of a model stays: it names nobody, and proves. */
static void
make_discreet (JsonObject *maker)
{
  JsonNode *settings = json_object_get_member (maker, "settings");

  if (json_object_has_member (maker, "own_model"))
    json_object_remove_member (maker, "model");
  if (settings != NULL && JSON_NODE_HOLDS_OBJECT (settings))
    json_object_remove_member (json_node_get_object (settings), "source");
}

static void
make_step_discreet_cb (JsonArray *array,
                       guint      nth,
                       JsonNode  *node,
                       gpointer   user_data)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    make_discreet (json_node_get_object (node));
}

AriettaPiece *
arietta_provenance_export (AriettaPiece                  *piece,
                           const AriettaProvenanceWishes *wishes)
{
  g_autoptr(JsonNode) root = find_or_make_object (piece);
  JsonObject         *object = json_node_get_object (root);
  double              share = get_edited_share (piece);
  const char         *named = json_object_get_string_member_with_default (object, "author", NULL);

  forget_export (object);
  if (share >= 0.0)
    json_object_set_double_member (object, "edited_by_hand", share);
  if (wishes->discreet)
    {
      /* The credit of somebody else is not ours to take away. */
      if (g_strcmp0 (named, wishes->author) == 0)
        json_object_remove_member (object, "author");
      make_discreet (object);
      if (json_object_has_member (object, "then") && JSON_NODE_HOLDS_ARRAY (json_object_get_member (object, "then")))
        json_array_foreach_element (json_object_get_array_member (object, "then"), make_step_discreet_cb, NULL);
    }
  else
    {
      if (named == NULL && wishes->author != NULL && *wishes->author != '\0')
        json_object_set_string_member (object, "author", wishes->author);
      if (wishes->unix_time > 0)
        json_object_set_int_member (object, "unix_time", wishes->unix_time);
    }

  return restate (piece, root);
}
