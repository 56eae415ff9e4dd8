/* arietta-json.h - one line a member when building JSON objects, and when reading those of strangers
 *
 * Building: each adds the member @key to the object the builder is in.  Doubles that are not finite become null, since
 * JSON has no word for them.
 *
 * Reading: a file may say anything under any name, so what is not there and what is of another type
 * are the same.  What is given back is the object's own.
 */
#pragma once

#include <json-glib/json-glib.h>
#include <math.h>

G_BEGIN_DECLS

static inline void
arietta_json_string (JsonBuilder *builder,
                     const char  *key,
                     const char  *value)   /* NULL: null */
{
  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, value);
}

static inline void
arietta_json_int (JsonBuilder *builder,
                  const char  *key,
                  gint64       value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, value);
}

static inline void
arietta_json_boolean (JsonBuilder *builder,
                      const char  *key,
                      gboolean     value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_boolean_value (builder, value);
}

static inline void
arietta_json_double (JsonBuilder *builder,
                     const char  *key,
                     double       value)
{
  json_builder_set_member_name (builder, key);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static inline void
arietta_json_null (JsonBuilder *builder,
                   const char  *key)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_null_value (builder);
}

static inline void
arietta_json_begin_array (JsonBuilder *builder,
                          const char  *key)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
}

static inline void
arietta_json_begin_object (JsonBuilder *builder,
                           const char  *key)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
}

/* The finished value as compact text. */
static inline char *
arietta_json_dup_text (JsonBuilder *builder)
{
  g_autoptr(JsonNode) root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

/* --- reading --- */

/* NULL: none, also of an @object that is NULL itself. */
static inline JsonNode *
arietta_json_find (JsonObject   *object,
                   const char   *key,
                   JsonNodeType  type)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, key) : NULL;

  return node != NULL && json_node_get_node_type (node) == type ? node : NULL;
}

static inline JsonObject *
arietta_json_get_object (JsonObject *object,
                         const char *key)
{
  JsonNode *node = arietta_json_find (object, key, JSON_NODE_OBJECT);

  return node != NULL ? json_node_get_object (node) : NULL;
}

static inline JsonArray *
arietta_json_get_array (JsonObject *object,
                        const char *key)
{
  JsonNode *node = arietta_json_find (object, key, JSON_NODE_ARRAY);

  return node != NULL ? json_node_get_array (node) : NULL;
}

static inline guint
arietta_json_get_length (JsonArray *array)   /* NULL: 0 */
{
  return array != NULL ? json_array_get_length (array) : 0;
}

static inline JsonObject *
arietta_json_get_nth_object (JsonArray *array,
                             guint      nth)
{
  JsonNode *node = json_array_get_element (array, nth);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static inline const char *
arietta_json_read_text (JsonNode *node)   /* NULL: NULL */
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

/* NULL: no text. */
static inline const char *
arietta_json_get_text (JsonObject *object,
                       const char *key)
{
  return arietta_json_read_text (arietta_json_find (object, key, JSON_NODE_VALUE));
}

/* NaN: no number. */
static inline double
arietta_json_get_number (JsonObject *object,
                         const char *key)
{
  JsonNode *node = arietta_json_find (object, key, JSON_NODE_VALUE);
  GType     type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : (double) NAN;
}

/* @other: no whole number. */
static inline gint64
arietta_json_get_int (JsonObject *object,
                      const char *key,
                      gint64      other)
{
  JsonNode *node = arietta_json_find (object, key, JSON_NODE_VALUE);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : other;
}

G_END_DECLS
