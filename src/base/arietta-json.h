/* arietta-json.h - one line a member when building JSON objects
 *
 * Each adds the member @key to the object the builder is in.  Doubles that are not finite become null, since
 * JSON has no word for them.
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

G_END_DECLS
