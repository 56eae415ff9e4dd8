/* Reading. The header is parsed by a scanner of our own, since a general JSON reader silently keeps one
 * of two equal names, and a weight file with two tensors of one name is broken. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-safetensors.h"

#include "base/arietta-error.h"
#include "nn/arietta-half.h"
#include "nn/arietta-nn-error.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_HEADER_BYTES (100 * 1000 * 1000)

struct _AriettaSafetensors
{
  GBytes     *bytes;
  char       *file;
  GArray     *tensors;   /* AriettaTensorView, in the order of their data */
  GHashTable *by_name;   /* name (owned here) -> index + 1 */
  GHashTable *metadata;  /* char * -> char * */
};

/* A place in the header's JSON. */
typedef struct
{
  const char *file;
  const char *at;
  const char *start;
  const char *end;
  GError    **error;
} Scanner;

static const struct
{
  const char   *name;
  AriettaDtype  dtype;
  gsize         size;
} dtypes[] = {
  { "F32", ARIETTA_DTYPE_F32, 4 },   { "F16", ARIETTA_DTYPE_F16, 2 },
  { "BF16", ARIETTA_DTYPE_BF16, 2 }, { "F64", ARIETTA_DTYPE_F64, 8 },
  { "I8", ARIETTA_DTYPE_I8, 1 },     { "U8", ARIETTA_DTYPE_U8, 1 },
  { "I16", ARIETTA_DTYPE_I16, 2 },   { "I32", ARIETTA_DTYPE_I32, 4 },
  { "I64", ARIETTA_DTYPE_I64, 8 },   { "U64", ARIETTA_DTYPE_U64, 8 },
  { "BOOL", ARIETTA_DTYPE_BOOL, 1 },
};

static gboolean
fail (Scanner    *scanner,
      const char *what)
{
  g_autofree char *place = NULL;

  if (scanner->error != NULL && *scanner->error != NULL)
    return FALSE;

  place = g_strdup_printf (_("header byte %td"), scanner->at - scanner->start);
  arietta_set_error (scanner->error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MALFORMED,
                     scanner->file, place, _("“%s” is not a sound weight file: %s (%s)."),
                     scanner->file, what, place);
  return FALSE;
}

static void
skip_space (Scanner *scanner)
{
  while (scanner->at < scanner->end
         && (*scanner->at == ' ' || *scanner->at == '\n' || *scanner->at == '\t' || *scanner->at == '\r'))
    scanner->at++;
}

/* Steps over @c if it comes next. */
static gboolean
accept (Scanner *scanner,
        char     c)
{
  skip_space (scanner);
  if (scanner->at >= scanner->end || *scanner->at != c)
    return FALSE;

  scanner->at++;
  return TRUE;
}

static gboolean
expect (Scanner *scanner,
        char     c)
{
  char what[64];

  if (accept (scanner, c))
    return TRUE;

  g_snprintf (what, sizeof what, _("“%c” was expected"), c);
  return fail (scanner, what);
}

static gboolean
scan_hex4 (Scanner  *scanner,
           gunichar *value)
{
  *value = 0;
  if (scanner->end - scanner->at < 4)
    return FALSE;

  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (*scanner->at++);

      if (digit < 0)
        return FALSE;
      *value = *value << 4 | (gunichar) digit;
    }

  return TRUE;
}

static gboolean
scan_escape (Scanner *scanner,
             GString *text)
{
  static const char plain[] = "\"\\/bfnrt";
  static const char meaning[] = "\"\\/\b\f\n\r\t";
  const char       *found;
  gunichar          c, low;

  if (scanner->at >= scanner->end)
    return FALSE;

  if (*scanner->at != 'u')
    {
      if (*scanner->at == '\0' || (found = strchr (plain, *scanner->at)) == NULL)
        return FALSE;
      g_string_append_c (text, meaning[found - plain]);
      scanner->at++;
      return TRUE;
    }

  scanner->at++;
  if (!scan_hex4 (scanner, &c))
    return FALSE;

  if (c >= 0xd800 && c < 0xdc00)
    {
      if (scanner->end - scanner->at < 6 || scanner->at[0] != '\\' || scanner->at[1] != 'u')
        return FALSE;
      scanner->at += 2;
      if (!scan_hex4 (scanner, &low) || low < 0xdc00 || low > 0xdfff)
        return FALSE;
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }

  if (c == 0 || !g_unichar_validate (c))
    return FALSE;

  g_string_append_unichar (text, c);
  return TRUE;
}

static char *
scan_string (Scanner *scanner)
{
  g_autoptr(GString) text = NULL;

  if (!expect (scanner, '"'))
    return NULL;

  text = g_string_new (NULL);
  while (scanner->at < scanner->end && *scanner->at != '"')
    {
      char c = *scanner->at++;

      if ((guchar) c < 0x20 || (c == '\\' && !scan_escape (scanner, text)))
        {
          fail (scanner, _("a text cannot be read"));
          return NULL;
        }
      if (c != '\\')
        g_string_append_c (text, c);
    }

  if (!expect (scanner, '"'))
    return NULL;

  if (!g_utf8_validate_len (text->str, text->len, NULL))
    {
      fail (scanner, _("a text is not UTF-8"));
      return NULL;
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
scan_number (Scanner *scanner,
             guint64 *value)
{
  const char *start;

  skip_space (scanner);
  start = scanner->at;
  *value = 0;
  while (scanner->at < scanner->end && g_ascii_isdigit (*scanner->at))
    if (!g_uint64_checked_mul (value, *value, 10)
        || !g_uint64_checked_add (value, *value, (guint64) (*scanner->at++ - '0')))
      return fail (scanner, _("a number is too large"));

  return scanner->at > start || fail (scanner, _("a number was expected"));
}

static gboolean
scan_metadata (Scanner    *scanner,
               GHashTable *metadata)
{
  if (!expect (scanner, '{'))
    return FALSE;
  if (accept (scanner, '}'))
    return TRUE;

  do
    {
      g_autofree char *key = scan_string (scanner);
      g_autofree char *value = NULL;

      if (key == NULL || !expect (scanner, ':') || (value = scan_string (scanner)) == NULL)
        return FALSE;
      if (g_hash_table_contains (metadata, key))
        return fail (scanner, _("two entries of the metadata have one name"));
      g_hash_table_insert (metadata, g_steal_pointer (&key), g_steal_pointer (&value));
    }
  while (accept (scanner, ','));

  return expect (scanner, '}');
}

static gboolean
scan_shape (Scanner           *scanner,
            AriettaTensorView *view)
{
  if (!expect (scanner, '['))
    return FALSE;
  if (accept (scanner, ']'))
    return TRUE;

  do
    {
      guint64 length;

      if (view->n_dims == ARIETTA_TENSOR_MAX_DIMS)
        return fail (scanner, _("a tensor has too many dimensions"));
      if (!scan_number (scanner, &length))
        return FALSE;
      if (length > G_MAXINT64 || !g_size_checked_mul (&view->n_elements, view->n_elements, length))
        return fail (scanner, _("a tensor is too large"));
      view->shape[view->n_dims++] = (gint64) length;
    }
  while (accept (scanner, ','));

  return expect (scanner, ']');
}

static gboolean
scan_dtype (Scanner           *scanner,
            AriettaTensorView *view,
            gsize             *element_size)
{
  g_autofree char *name = scan_string (scanner);

  if (name == NULL)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (dtypes); i++)
    if (strcmp (dtypes[i].name, name) == 0)
      {
        view->dtype = dtypes[i].dtype;
        *element_size = dtypes[i].size;
        return TRUE;
      }

  arietta_set_error (scanner->error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_UNKNOWN, scanner->file, name,
                     _("“%s” holds numbers of the type “%s”, which this version does not know."),
                     scanner->file, name);
  return FALSE;
}

/* @data_size: bytes behind the header. */
static gboolean
scan_tensor (Scanner           *scanner,
             AriettaTensorView *view,
             const guint8      *data,
             gsize              data_size)
{
  gsize    element_size = 0, needed;
  guint64  begin = 0, end = 0;
  gboolean has_shape = FALSE, has_offsets = FALSE;

  view->n_elements = 1;
  if (!expect (scanner, '{'))
    return FALSE;

  do
    {
      g_autofree char *key = scan_string (scanner);

      if (key == NULL || !expect (scanner, ':'))
        return FALSE;

      if (strcmp (key, "dtype") == 0 && element_size == 0)
        {
          if (!scan_dtype (scanner, view, &element_size))
            return FALSE;
        }
      else if (strcmp (key, "shape") == 0 && !has_shape)
        {
          if (!scan_shape (scanner, view))
            return FALSE;
          has_shape = TRUE;
        }
      else if (strcmp (key, "data_offsets") == 0 && !has_offsets)
        {
          if (!expect (scanner, '[') || !scan_number (scanner, &begin) || !expect (scanner, ',')
              || !scan_number (scanner, &end) || !expect (scanner, ']'))
            return FALSE;
          has_offsets = TRUE;
        }
      else
        return fail (scanner, _("a tensor has an entry that does not belong there"));
    }
  while (accept (scanner, ','));

  if (!expect (scanner, '}'))
    return FALSE;
  if (element_size == 0 || !has_shape || !has_offsets)
    return fail (scanner, _("a tensor lacks its type, shape or place"));
  if (begin > end || end > data_size)
    return fail (scanner, _("a tensor lies outside the file, which may have been cut short"));
  if (!g_size_checked_mul (&needed, view->n_elements, element_size) || needed != end - begin)
    return fail (scanner, _("a tensor’s shape does not fit its bytes"));

  view->data = data + begin;
  view->n_bytes = needed;
  return TRUE;
}

static gboolean
scan_header (AriettaSafetensors *self,
             Scanner            *scanner,
             const guint8       *data,
             gsize               data_size)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean              has_metadata = FALSE;

  if (!expect (scanner, '{'))
    return FALSE;

  if (!accept (scanner, '}'))
    {
      do
        {
          g_autofree char  *name = scan_string (scanner);
          AriettaTensorView view = { 0 };

          if (name == NULL || !expect (scanner, ':'))
            return FALSE;

          if (strcmp (name, "__metadata__") == 0)
            {
              if (has_metadata)
                return fail (scanner, _("there are two blocks of metadata"));
              has_metadata = TRUE;
              if (!scan_metadata (scanner, self->metadata))
                return FALSE;
              continue;
            }

          if (g_hash_table_contains (seen, name))
            return fail (scanner, _("two tensors have one name"));
          if (!scan_tensor (scanner, &view, data, data_size))
            return FALSE;

          view.name = name;
          g_array_append_val (self->tensors, view);
          /* by_name owns every name from here on, whatever happens to the rest. */
          g_hash_table_add (seen, name);
          g_hash_table_insert (self->by_name, g_steal_pointer (&name), NULL);
        }
      while (accept (scanner, ','));

      if (!expect (scanner, '}'))
        return FALSE;
    }

  skip_space (scanner);
  return scanner->at == scanner->end || fail (scanner, _("something follows the end of the header"));
}

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
                             begin > expected
                               ? _("“%s” is not a sound weight file: there is a gap before “%s”.")
                               : _("“%s” is not a sound weight file: “%s” overlaps another tensor."),
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

AriettaSafetensors *
arietta_safetensors_open_bytes (GBytes      *bytes,
                                const char  *name,
                                GError     **error)
{
  g_autoptr(AriettaSafetensors) self = NULL;
  g_autoptr(GError)             local = NULL;
  gsize                         size, data_size;
  const guint8                 *start = g_bytes_get_data (bytes, &size);
  guint64                       n_header = 0;
  Scanner                       scanner;

  self = g_new0 (AriettaSafetensors, 1);
  self->bytes = g_bytes_ref (bytes);
  self->file = g_strdup (name);
  self->tensors = g_array_new (FALSE, TRUE, sizeof (AriettaTensorView));
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (gsize i = 0; i < 8 && i < size; i++)
    n_header |= (guint64) start[i] << (8 * i);

  if (size < 8 || n_header > size - 8 || n_header > MAX_HEADER_BYTES)
    {
      arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MALFORMED, name, _("header"),
                         size >= 8 && n_header > MAX_HEADER_BYTES
                           ? _("“%s” is not a weight file: its header would be too long.")
                           : _("“%s” is cut short within its header, or is not a weight file."),
                         name);
      return NULL;
    }

  scanner.file = name;
  scanner.start = scanner.at = (const char *) start + 8;
  scanner.end = scanner.start + n_header;
  scanner.error = &local;
  data_size = size - 8 - (gsize) n_header;

  if (!scan_header (self, &scanner, (const guint8 *) scanner.end, data_size)
      || !check_places (self, (const guint8 *) scanner.end, data_size, &local))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

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
      case ARIETTA_DTYPE_BOOL:
      default:
        arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH, NULL, view->name,
                           _("“%s” does not hold floating-point numbers."), view->name);
        return NULL;
      }

  return g_steal_pointer (&values);
}
