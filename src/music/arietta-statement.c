#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-statement.h"

#include <string.h>

#include "base/arietta-json.h"

#define PREFIX "Arietta: "

enum { META = 0xff, META_TEXT = 0x01 };

static gboolean
is_statement (const AriettaEvent *event)
{
  return event->status == META && event->data1 == META_TEXT && event->n_bytes > strlen (PREFIX)
         && memcmp (event->bytes, PREFIX, strlen (PREFIX)) == 0;
}

/* The event that holds the statement, or NULL; @track and @nth say where. */
static const AriettaEvent *
find (AriettaPiece  *piece,
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

char *
arietta_statement_dup (AriettaPiece *piece)
{
  AriettaTrack       *track;
  guint               nth;
  const AriettaEvent *event;

  g_return_val_if_fail (piece != NULL, NULL);

  event = find (piece, &track, &nth);
  return event != NULL ? g_utf8_make_valid ((const char *) event->bytes + strlen (PREFIX),
                                            (gssize) (event->n_bytes - strlen (PREFIX))) : NULL;
}

void
arietta_statement_set (AriettaPiece *piece,
                       const char   *json)
{
  g_autofree char *text = g_strconcat (PREFIX, json, NULL);
  AriettaTrack    *track;
  guint            nth;

  g_return_if_fail (piece != NULL && !arietta_piece_is_frozen (piece));

  if (find (piece, &track, &nth) != NULL)
    arietta_track_set_event_bytes (track, nth, (const guint8 *) text, (guint32) strlen (text));
  else if (arietta_piece_get_n_tracks (piece) > 0)
    arietta_track_add_event (arietta_piece_get_track (piece, 0), 0, META, META_TEXT, 0, (const guint8 *) text,
                             (guint32) strlen (text));
}

/* --- what it says --- */

/* The object of @json, whose node is @root's; NULL when it is none. */
static JsonObject *
parse (const char  *json,
       JsonNode   **root)
{
  *root = json != NULL ? json_from_string (json, NULL) : NULL;
  return *root != NULL && JSON_NODE_HOLDS_OBJECT (*root) ? json_node_get_object (*root) : NULL;
}

/* "composed by the model trio (seed 3), which learned from CC0-1.0" */
static void
add_maker (GString    *words,
           JsonObject *maker,
           const char *done)
{
  const char *model = arietta_json_get_text (maker, "model"), *data = arietta_json_get_text (maker, "training_data");
  const char *action = arietta_json_get_text (arietta_json_get_object (maker, "settings"), "action");
  JsonNode   *seed = arietta_json_find (maker, "seed", JSON_NODE_VALUE);

  g_string_append_printf (words, "; %s by %s%s", done, model != NULL ? "the model " : "a model",
                          model != NULL ? model : "");
  if (action != NULL || seed != NULL)
    {
      g_string_append (words, " (");
      if (action != NULL)
        g_string_append_printf (words, "%s, ", action);
      if (seed != NULL)
        g_string_append_printf (words, "seed %" G_GINT64_FORMAT, json_node_get_int (seed));
      else
        g_string_truncate (words, words->len - 2);
      g_string_append_c (words, ')');
    }
  if (data != NULL)
    g_string_append_printf (words, ", which learned from works under %s", data);
}

char *
arietta_statement_dup_words (const char *json)
{
  g_autoptr(JsonNode) root = NULL;
  JsonObject         *object = parse (json, &root);
  GString            *words;
  JsonArray          *then;
  const char         *program;
  double              share;

  if (object == NULL)
    return NULL;

  program = arietta_json_get_text (object, "program");
  words = g_string_new (program != NULL ? program : "arietta");
  if (json_object_has_member (object, "sha256") || json_object_has_member (object, "model"))
    add_maker (words, object, "composed");
  else
    g_string_append (words, "; from a piece that was given or written by hand");
  then = arietta_json_get_array (object, "then");
  for (guint i = 0; i < arietta_json_get_length (then); i++)
    {
      JsonObject *step = arietta_json_get_nth_object (then, i);

      if (step != NULL)
        add_maker (words, step, "then changed");
    }
  share = arietta_json_get_number (object, "edited_by_hand");
  if (!isnan (share))
    g_string_append_printf (words, "; %d %% of the notes edited by hand", (int) (CLAMP (share, 0.0, 1.0) * 100 + 0.5));

  return g_string_free (words, FALSE);
}

char *
arietta_statement_dup_member (const char *json,
                              const char *name)
{
  g_autoptr(JsonNode) root = NULL;
  JsonObject         *object = parse (json, &root);

  return g_strdup (arietta_json_get_text (object, name));
}

gint64
arietta_statement_get_time (const char *json)
{
  g_autoptr(JsonNode) root = NULL;
  JsonObject         *object = parse (json, &root);
  double              time = arietta_json_get_number (object, "unix_time");

  return time > 0 && time < 2.5e11 ? (gint64) time : 0;
}
