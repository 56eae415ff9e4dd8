#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-safetensors.h"

#include "base/arietta-error.h"
#include "nn/arietta-half.h"
#include "nn/arietta-nn-error.h"

#include <glib/gi18n.h>
#include <string.h>

struct _AriettaSafetensorsWriter
{
  GPtrArray  *keys;      /* metadata in the order of setting */
  GPtrArray  *values;
  GString    *entries;   /* the tensors' part of the header */
  GHashTable *names;
  GByteArray *data;
};

static void
append_quoted (GString    *json,
               const char *text)
{
  g_string_append_c (json, '"');
  for (const char *p = text; *p != '\0'; p++)
    if (*p == '"' || *p == '\\')
      g_string_append_printf (json, "\\%c", *p);
    else if ((guchar) *p < 0x20)
      g_string_append_printf (json, "\\u%04x", (guint) (guchar) *p);
    else
      g_string_append_c (json, *p);
  g_string_append_c (json, '"');
}

static const char *
get_dtype_name (AriettaDtype  dtype,
                gsize        *size)
{
  static const struct
  {
    const char *name;
    gsize       size;
  } rows[] = {
    [ARIETTA_DTYPE_F32] = { "F32", 4 },   [ARIETTA_DTYPE_F16] = { "F16", 2 },
    [ARIETTA_DTYPE_BF16] = { "BF16", 2 }, [ARIETTA_DTYPE_F64] = { "F64", 8 },
    [ARIETTA_DTYPE_I8] = { "I8", 1 },     [ARIETTA_DTYPE_U8] = { "U8", 1 },
    [ARIETTA_DTYPE_I16] = { "I16", 2 },   [ARIETTA_DTYPE_I32] = { "I32", 4 },
    [ARIETTA_DTYPE_I64] = { "I64", 8 },   [ARIETTA_DTYPE_U64] = { "U64", 8 },
    [ARIETTA_DTYPE_BOOL] = { "BOOL", 1 },
  };

  *size = rows[dtype].size;
  return rows[dtype].name;
}

AriettaSafetensorsWriter *
arietta_safetensors_writer_new (void)
{
  AriettaSafetensorsWriter *self = g_new0 (AriettaSafetensorsWriter, 1);

  self->keys = g_ptr_array_new_with_free_func (g_free);
  self->values = g_ptr_array_new_with_free_func (g_free);
  self->entries = g_string_new (NULL);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->data = g_byte_array_new ();

  return self;
}

void
arietta_safetensors_writer_free (AriettaSafetensorsWriter *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->keys);
  g_ptr_array_unref (self->values);
  g_string_free (self->entries, TRUE);
  g_hash_table_unref (self->names);
  g_byte_array_unref (self->data);
  g_free (self);
}

void
arietta_safetensors_writer_set_metadata (AriettaSafetensorsWriter *self,
                                         const char               *key,
                                         const char               *value)
{
  guint place;

  g_return_if_fail (self != NULL && key != NULL && value != NULL);

  if (g_ptr_array_find_with_equal_func (self->keys, key, g_str_equal, &place))
    {
      g_free (self->values->pdata[place]);
      self->values->pdata[place] = g_strdup (value);
      return;
    }

  g_ptr_array_add (self->keys, g_strdup (key));
  g_ptr_array_add (self->values, g_strdup (value));
}

void
arietta_safetensors_writer_add (AriettaSafetensorsWriter *self,
                                const char               *name,
                                AriettaDtype              dtype,
                                int                       n_dims,
                                const gint64             *shape,
                                const void               *data)
{
  gsize       size;
  const char *type = get_dtype_name (dtype, &size);
  gsize       begin;

  g_return_if_fail (self != NULL && name != NULL && n_dims >= 0 && n_dims <= ARIETTA_TENSOR_MAX_DIMS);
  g_return_if_fail (!g_hash_table_contains (self->names, name));

  begin = self->data->len;
  g_hash_table_add (self->names, g_strdup (name));
  if (self->entries->len > 0)
    g_string_append_c (self->entries, ',');
  append_quoted (self->entries, name);
  g_string_append_printf (self->entries, ":{\"dtype\":\"%s\",\"shape\":[", type);
  for (int i = 0; i < n_dims; i++)
    {
      g_string_append_printf (self->entries, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", shape[i]);
      size *= (gsize) shape[i];
    }
  g_return_if_fail (size <= G_MAXUINT - begin);

  g_byte_array_append (self->data, data, (guint) size);
  g_string_append_printf (self->entries,
                          "],\"data_offsets\":[%" G_GSIZE_FORMAT ",%" G_GSIZE_FORMAT "]}",
                          begin, begin + size);
}

void
arietta_safetensors_writer_add_as_f16 (AriettaSafetensorsWriter *self,
                                       const char               *name,
                                       int                       n_dims,
                                       const gint64             *shape,
                                       const float              *data)
{
  gsize               n = 1;
  g_autofree guint16 *halves = NULL;

  for (int i = 0; i < n_dims; i++)
    n *= (gsize) shape[i];

  halves = g_new (guint16, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    halves[i] = GUINT16_TO_LE (arietta_half_from_float (data[i]));

  arietta_safetensors_writer_add (self, name, ARIETTA_DTYPE_F16, n_dims, shape, halves);
}

gboolean
arietta_safetensors_writer_save (AriettaSafetensorsWriter  *self,
                                 const char                *path,
                                 GError                   **error)
{
  g_autoptr(GString)    header = g_string_new ("{");
  g_autoptr(GByteArray) file = g_byte_array_new ();
  g_autoptr(GError)     local = NULL;
  guint64               n_header;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  if (self->keys->len > 0)
    {
      g_string_append (header, "\"__metadata__\":{");
      for (guint i = 0; i < self->keys->len; i++)
        {
          if (i > 0)
            g_string_append_c (header, ',');
          append_quoted (header, self->keys->pdata[i]);
          g_string_append_c (header, ':');
          append_quoted (header, self->values->pdata[i]);
        }
      g_string_append (header, self->entries->len > 0 ? "}," : "}");
    }
  g_string_append (header, self->entries->str);
  g_string_append_c (header, '}');
  /* Padding keeps the data aligned in a mapped file. */
  while (header->len % 8 != 0)
    g_string_append_c (header, ' ');

  n_header = GUINT64_TO_LE ((guint64) header->len);
  g_byte_array_append (file, (const guint8 *) &n_header, 8);
  g_byte_array_append (file, (const guint8 *) header->str, (guint) header->len);
  g_byte_array_append (file, self->data->data, self->data->len);

  if (!g_file_set_contents_full (path, (const char *) file->data, file->len,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, &local))
    {
      arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_IO, path, NULL,
                         _("“%s” cannot be written: %s."), path, arietta_error_get_reason (local));
      return FALSE;
    }

  return TRUE;
}
