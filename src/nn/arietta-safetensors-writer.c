#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-safetensors-private.h"

#include "base/arietta-error.h"
#include "nn/arietta-half.h"
#include "nn/arietta-nn-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

/* Scales tried for a row in 8 bits, from its largest number down to half of it. */
#define N_CUTS 16

struct _AriettaSafetensorsWriter
{
  GPtrArray  *keys;      /* metadata in the order of setting */
  GPtrArray  *values;
  GString    *entries;   /* the tensors' part of the header */
  GHashTable *names;
  GPtrArray  *data;      /* GBytes of each tensor */
  gsize       n_data;    /* bytes of them all */
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

AriettaSafetensorsWriter *
arietta_safetensors_writer_new (void)
{
  AriettaSafetensorsWriter *self = g_new0 (AriettaSafetensorsWriter, 1);

  self->keys = g_ptr_array_new_with_free_func (g_free);
  self->values = g_ptr_array_new_with_free_func (g_free);
  self->entries = g_string_new (NULL);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->data = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

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
  g_ptr_array_unref (self->data);
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

static gsize
count_bytes (AriettaDtype  dtype,
             int           n_dims,
             const gint64 *shape)
{
  gsize size = 0;

  arietta_dtype_get_name (dtype, &size);
  for (int i = 0; i < n_dims; i++)
    size *= (gsize) shape[i];

  return size;
}

/* Takes @data. */
static void
add (AriettaSafetensorsWriter *self,
     const char               *name,
     AriettaDtype              dtype,
     int                       n_dims,
     const gint64             *shape,
     GBytes                   *data)
{
  gsize       size, begin = self->n_data;
  const char *type = arietta_dtype_get_name (dtype, &size);

  g_hash_table_add (self->names, g_strdup (name));
  if (self->entries->len > 0)
    g_string_append_c (self->entries, ',');
  append_quoted (self->entries, name);
  g_string_append_printf (self->entries, ":{\"dtype\":\"%s\",\"shape\":[", type);
  for (int i = 0; i < n_dims; i++)
    g_string_append_printf (self->entries, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", shape[i]);

  g_ptr_array_add (self->data, data);
  self->n_data += g_bytes_get_size (data);
  g_string_append_printf (self->entries,
                          "],\"data_offsets\":[%" G_GSIZE_FORMAT ",%" G_GSIZE_FORMAT "]}",
                          begin, self->n_data);
}

void
arietta_safetensors_writer_add (AriettaSafetensorsWriter *self,
                                const char               *name,
                                AriettaDtype              dtype,
                                int                       n_dims,
                                const gint64             *shape,
                                const void               *data)
{
  g_return_if_fail (self != NULL && name != NULL && n_dims >= 0 && n_dims <= ARIETTA_TENSOR_MAX_DIMS);
  g_return_if_fail (!g_hash_table_contains (self->names, name));

  add (self, name, dtype, n_dims, shape, g_bytes_new (data, count_bytes (dtype, n_dims, shape)));
}

void
arietta_safetensors_writer_add_borrowed (AriettaSafetensorsWriter *self,
                                         const char               *name,
                                         AriettaDtype              dtype,
                                         int                       n_dims,
                                         const gint64             *shape,
                                         const void               *data)
{
  g_return_if_fail (self != NULL && name != NULL && n_dims >= 0 && n_dims <= ARIETTA_TENSOR_MAX_DIMS);
  g_return_if_fail (!g_hash_table_contains (self->names, name));

  add (self, name, dtype, n_dims, shape, g_bytes_new_static (data, count_bytes (dtype, n_dims, shape)));
}

void
arietta_safetensors_writer_add_as_f16 (AriettaSafetensorsWriter *self,
                                       const char               *name,
                                       int                       n_dims,
                                       const gint64             *shape,
                                       const float              *data)
{
  gsize    n_bytes;
  guint16 *halves;

  g_return_if_fail (self != NULL && name != NULL && n_dims >= 0 && n_dims <= ARIETTA_TENSOR_MAX_DIMS);
  g_return_if_fail (!g_hash_table_contains (self->names, name));

  n_bytes = count_bytes (ARIETTA_DTYPE_F16, n_dims, shape);
  halves = g_malloc (MAX (n_bytes, 1));
  for (gsize i = 0; i < n_bytes / 2; i++)
    halves[i] = GUINT16_TO_LE (arietta_half_from_float (data[i]));

  add (self, name, ARIETTA_DTYPE_F16, n_dims, shape, g_bytes_new_take (halves, n_bytes));
}

static gint8
to_byte (float value,
         float scale)
{
  return (gint8) CLAMP (lrintf (value / scale), -127, 127);
}

/* One row in 8 bits; what 1 stands for.  Rows with a few large numbers come out nearer to what they were when these
 * are cut short, so several scales are tried. */
static float
take_bytes (gint8       *bytes,
            const float *row,
            gsize        n)
{
  float  most = 0.0f, best = 1.0f;
  double least = HUGE_VAL;

  for (gsize i = 0; i < n; i++)
    most = fmaxf (most, fabsf (row[i]));

  for (int cut = 0; most > 0.0f && cut < N_CUTS; cut++)
    {
      float  scale = most * (1.0f - (float) cut / (2 * N_CUTS)) / 127.0f;
      double sum = 0.0;

      for (gsize i = 0; i < n; i++)
        {
          double d = row[i] - (float) to_byte (row[i], scale) * scale;

          sum += d * d;
        }
      if (sum < least)
        {
          least = sum;
          best = scale;
        }
    }

  for (gsize i = 0; i < n; i++)
    bytes[i] = to_byte (row[i], best);

  return best;
}

void
arietta_safetensors_writer_add_as_bytes (AriettaSafetensorsWriter *self,
                                         const char               *name,
                                         int                       n_dims,
                                         const gint64             *shape,
                                         const float              *data)
{
  g_autofree char  *scale_name = NULL;
  g_autofree float *scales = NULL;
  gsize             n, columns;
  gint8            *bytes;

  g_return_if_fail (self != NULL && name != NULL && n_dims >= 1 && n_dims <= ARIETTA_TENSOR_MAX_DIMS);
  g_return_if_fail (!g_hash_table_contains (self->names, name));

  scale_name = g_strconcat (name, ARIETTA_SCALE_SUFFIX, NULL);
  n = count_bytes (ARIETTA_DTYPE_I8, n_dims, shape);
  columns = shape[0] > 0 ? n / (gsize) shape[0] : 0;
  bytes = g_malloc (MAX (n, 1));
  scales = g_new (float, MAX (shape[0], 1));
  for (gint64 row = 0; row < shape[0]; row++)
    scales[row] = take_bytes (bytes + (gsize) row * columns, data + (gsize) row * columns, columns);

  add (self, name, ARIETTA_DTYPE_I8, n_dims, shape, g_bytes_new_take (bytes, n));
  arietta_safetensors_writer_add (self, scale_name, ARIETTA_DTYPE_F32, 1, shape, scales);
}

void
arietta_safetensors_round_f16 (float *data,
                               gsize  n)
{
  for (gsize i = 0; i < n; i++)
    data[i] = arietta_half_to_float (arietta_half_from_float (data[i]));
}

double
arietta_safetensors_round_bytes (float *data,
                                 gsize  n_rows,
                                 gsize  n_columns)
{
  g_autofree gint8 *bytes = g_new (gint8, MAX (n_columns, 1));
  double            size = 0.0, lost = 0.0;

  for (gsize row = 0; row < n_rows; row++)
    {
      float *values = data + row * n_columns;
      float  scale = take_bytes (bytes, values, n_columns);

      for (gsize i = 0; i < n_columns; i++)
        {
          double was = values[i];

          values[i] = (float) bytes[i] * scale;
          size += was * was;
          lost += (was - values[i]) * (was - values[i]);
        }
    }

  return size > 0.0 ? sqrt (lost / size) : 0.0;
}

static gboolean
write_all (int         fd,
           const void *data,
           gsize       size)
{
  const guint8 *at = data;

  while (size > 0)
    {
      gssize n = write (fd, at, MIN (size, G_MAXINT32 / 2));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      at += n;
      size -= (gsize) n;
    }

  return TRUE;
}

static gboolean
write_file (AriettaSafetensorsWriter *self,
            int                       fd,
            GString                  *header)
{
  guint64 n_header = GUINT64_TO_LE ((guint64) header->len);

  if (!write_all (fd, &n_header, sizeof n_header) || !write_all (fd, header->str, header->len))
    return FALSE;

  for (guint i = 0; i < self->data->len; i++)
    {
      gsize       size;
      const void *bytes = g_bytes_get_data (self->data->pdata[i], &size);

      if (!write_all (fd, bytes, size))
        return FALSE;
    }

  return fsync (fd) == 0;
}

/* After a rename: the folder's own entry lies on the disk then. Some file systems have nothing to say to that. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int              fd = g_open (folder, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

static GString *
make_header (AriettaSafetensorsWriter *self)
{
  GString *header = g_string_new ("{");

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

  return header;
}

gboolean
arietta_safetensors_writer_save (AriettaSafetensorsWriter  *self,
                                 const char                *path,
                                 GError                   **error)
{
  g_autoptr(GString) header = NULL;
  g_autofree char   *part = NULL;
  gboolean           written = FALSE;
  int                fd, code = 0;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  header = make_header (self);
  part = g_strconcat (path, ".XXXXXX", NULL);
  fd = g_mkstemp_full (part, O_WRONLY | O_CLOEXEC, 0644);
  if (fd >= 0)
    {
      written = write_file (self, fd, header);
      code = errno;
      if (close (fd) != 0 && written)
        {
          written = FALSE;
          code = errno;
        }
      if (written && g_rename (part, path) != 0)
        {
          written = FALSE;
          code = errno;
        }
      if (!written)
        g_unlink (part);
    }
  else
    {
      code = errno;
    }

  if (!written)
    {
      arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_IO, path, NULL,
                         _("“%s” cannot be written: %s."), path, g_strerror (code));
      return FALSE;
    }
  sync_folder (path);

  return TRUE;
}
