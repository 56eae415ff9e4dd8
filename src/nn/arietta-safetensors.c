#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-safetensors-private.h"

#include "base/arietta-error.h"
#include "nn/arietta-half.h"
#include "nn/arietta-nn-error.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_HEADER_BYTES (100 * 1000 * 1000)

static int
compare_place (gconstpointer a,
               gconstpointer b)
{
  const AriettaTensorView *first = a, *second = b;

  if (first->data != second->data)
    return first->data < second->data ? -1 : 1;
  if (first->n_bytes != second->n_bytes)
    return first->n_bytes < second->n_bytes ? -1 : 1;

  return strcmp (first->name, second->name);
}

static gboolean
check_places (AriettaSafetensors *self,
              const guint8       *data,
              gsize               data_size,
              GError            **error)
{
  const guint8 *expected = data;

  g_array_sort (self->tensors, compare_place);

  for (guint i = 0; i < self->tensors->len; i++)
    {
      const AriettaTensorView *view = &g_array_index (self->tensors, AriettaTensorView, i);
      const guint8            *begin = view->data;

      if (begin != expected)
        {
          arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MALFORMED, self->file, view->name,
                             begin < expected
                               ? _("“%s” is not a sound weight file: “%s” overlaps another tensor.")
                             : i == 0
                               ? _("“%s” is not a sound weight file: bytes come before the first tensor, “%s”.")
                               : _("“%s” is not a sound weight file: there is a gap before “%s”."),
                             self->file, view->name);
          return FALSE;
        }
      expected = begin + view->n_bytes;
    }

  if (expected != data + data_size)
    {
      arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MALFORMED, self->file, NULL,
                         _("“%s” is not a sound weight file: bytes follow the last tensor."), self->file);
      return FALSE;
    }

  for (guint i = 0; i < self->tensors->len; i++)
    {
      const AriettaTensorView *view = &g_array_index (self->tensors, AriettaTensorView, i);
      gpointer                 name;

      g_hash_table_steal_extended (self->by_name, view->name, &name, NULL);
      g_hash_table_insert (self->by_name, name, GUINT_TO_POINTER (i + 1));
    }

  return TRUE;
}

AriettaSafetensors *
arietta_safetensors_open (const char  *path,
                          GError     **error)
{
  g_autoptr(GMappedFile) mapped = NULL;
  g_autoptr(GError)      local = NULL;
  g_autoptr(GBytes)      bytes = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  mapped = g_mapped_file_new (path, FALSE, &local);
  if (mapped == NULL)
    {
      arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_IO, path, NULL,
                         _("“%s” cannot be opened: %s"), path, local->message);
      return NULL;
    }

  bytes = g_mapped_file_get_bytes (mapped);
  return arietta_safetensors_open_bytes (bytes, path, error);
}

/* The first eight bytes. FALSE if there is no header of that length. */
static gboolean
read_header_length (const guint8  *start,
                    gsize          size,
                    const char    *name,
                    gsize         *n_header,
                    GError       **error)
{
  const char *what = NULL;
  guint64     length = 0;

  for (gsize i = 0; i < 8 && i < size; i++)
    length |= (guint64) start[i] << (8 * i);

  if (size == 0)
    what = _("it is empty");
  else if (size < 8)
    what = _("it is too short for one");
  else if (length > G_MAXINT64)
    what = _("its header would have a negative length");
  else if (length > MAX_HEADER_BYTES)
    what = _("its header would be too long");
  else if (length > size - 8)
    what = _("it ends within its header, so it may have been cut short");
  else if (length == 0)
    what = _("it has no header");

  if (what != NULL)
    {
      arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MALFORMED, name, _("header"),
                         _("“%s” is not a sound weight file: %s."), name, what);
      return FALSE;
    }

  *n_header = (gsize) length;
  return TRUE;
}

AriettaSafetensors *
arietta_safetensors_open_bytes (GBytes      *bytes,
                                const char  *name,
                                GError     **error)
{
  g_autoptr(AriettaSafetensors) self = g_new0 (AriettaSafetensors, 1);
  gsize                         size, n_header, data_size;
  const guint8                 *start = g_bytes_get_data (bytes, &size);

  self->bytes = g_bytes_ref (bytes);
  self->file = g_strdup (name);
  self->tensors = g_array_new (FALSE, TRUE, sizeof (AriettaTensorView));
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (!read_header_length (start, size, name, &n_header, error))
    return NULL;

  data_size = size - 8 - n_header;
  if (!arietta_safetensors_scan (self, (const char *) start + 8, n_header, data_size, error)
      || !check_places (self, start + 8 + n_header, data_size, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
arietta_safetensors_free (AriettaSafetensors *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->tensors);
  g_hash_table_unref (self->by_name);
  g_hash_table_unref (self->metadata);
  g_bytes_unref (self->bytes);
  g_free (self->file);
  g_free (self);
}

guint
arietta_safetensors_get_n (AriettaSafetensors *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->tensors->len;
}

const AriettaTensorView *
arietta_safetensors_get_nth (AriettaSafetensors *self,
                             guint               nth)
{
  g_return_val_if_fail (self != NULL && nth < self->tensors->len, NULL);

  return &g_array_index (self->tensors, AriettaTensorView, nth);
}

const AriettaTensorView *
arietta_safetensors_find (AriettaSafetensors *self,
                          const char         *name)
{
  guint place;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  place = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_name, name));
  return place > 0 ? &g_array_index (self->tensors, AriettaTensorView, place - 1) : NULL;
}

const char *
arietta_safetensors_get_metadata (AriettaSafetensors *self,
                                  const char         *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, NULL);

  return g_hash_table_lookup (self->metadata, key);
}

float *
arietta_tensor_view_dup_f32 (const AriettaTensorView  *view,
                             GError                  **error)
{
  const guint8     *bytes = view->data;
  g_autofree float *values = g_new (float, MAX (view->n_elements, 1));

  for (gsize i = 0; i < view->n_elements; i++)
    switch (view->dtype)
      {
      case ARIETTA_DTYPE_F32:
        memcpy (&values[i], bytes + 4 * i, 4);
        break;

      case ARIETTA_DTYPE_F16:
        values[i] = arietta_half_to_float ((guint16) (bytes[2 * i] | bytes[2 * i + 1] << 8));
        break;

      case ARIETTA_DTYPE_BF16:
        {
          guint32 bits = (guint32) bytes[2 * i] << 16 | (guint32) bytes[2 * i + 1] << 24;

          memcpy (&values[i], &bits, 4);
          break;
        }

      case ARIETTA_DTYPE_F64:
        {
          double wide;

          memcpy (&wide, bytes + 8 * i, 8);
          values[i] = (float) wide;
          break;
        }

      case ARIETTA_DTYPE_I8:
      case ARIETTA_DTYPE_U8:
      case ARIETTA_DTYPE_I16:
      case ARIETTA_DTYPE_I32:
      case ARIETTA_DTYPE_I64:
      case ARIETTA_DTYPE_U64:
      case ARIETTA_DTYPE_U16:
      case ARIETTA_DTYPE_U32:
      case ARIETTA_DTYPE_BOOL:
      default:
        arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH, NULL, view->name,
                           _("“%s” does not hold floating-point numbers."), view->name);
        return NULL;
      }

  return g_steal_pointer (&values);
}

float *
arietta_safetensors_dup_f32 (AriettaSafetensors       *self,
                             const AriettaTensorView  *view,
                             GError                  **error)
{
  const gint8             *bytes = view->data;
  const AriettaTensorView *scale;
  g_autofree char         *name = NULL;
  g_autofree float        *scales = NULL, *values = NULL;
  gsize                    columns;

  if (view->dtype != ARIETTA_DTYPE_I8)
    return arietta_tensor_view_dup_f32 (view, error);

  name = g_strconcat (view->name, ARIETTA_SCALE_SUFFIX, NULL);
  scale = arietta_safetensors_find (self, name);
  if (scale == NULL || view->n_dims == 0 || scale->n_dims != 1 || scale->shape[0] != view->shape[0])
    {
      arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH, NULL, view->name,
                         _("“%s” has no scale for each of its rows."), view->name);
      return NULL;
    }
  scales = arietta_tensor_view_dup_f32 (scale, error);
  if (scales == NULL)
    return NULL;

  columns = view->shape[0] > 0 ? view->n_elements / (gsize) view->shape[0] : 0;
  values = g_new (float, MAX (view->n_elements, 1));
  for (gsize i = 0; i < view->n_elements; i++)
    values[i] = (float) bytes[i] * scales[i / columns];

  return g_steal_pointer (&values);
}
