/* The header is parsed by a scanner of our own, since a general JSON reader silently keeps one of two equal
 * names, and a weight file with two tensors of one name is broken. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-safetensors-private.h"

#include "base/arietta-error.h"
#include "nn/arietta-nn-error.h"

#include <glib/gi18n.h>
#include <string.h>

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
  const char *name;
  gsize       size;
} dtypes[] = {
  [ARIETTA_DTYPE_F32] = { "F32", 4 },   [ARIETTA_DTYPE_F16] = { "F16", 2 },
  [ARIETTA_DTYPE_BF16] = { "BF16", 2 }, [ARIETTA_DTYPE_F64] = { "F64", 8 },
  [ARIETTA_DTYPE_I8] = { "I8", 1 },     [ARIETTA_DTYPE_U8] = { "U8", 1 },
  [ARIETTA_DTYPE_I16] = { "I16", 2 },   [ARIETTA_DTYPE_I32] = { "I32", 4 },
  [ARIETTA_DTYPE_I64] = { "I64", 8 },   [ARIETTA_DTYPE_U64] = { "U64", 8 },
  [ARIETTA_DTYPE_BOOL] = { "BOOL", 1 }, [ARIETTA_DTYPE_U16] = { "U16", 2 },
  [ARIETTA_DTYPE_U32] = { "U32", 4 },
};

/* Of the format, but nothing of ours is ever stored so. */
static const char *const unused_dtypes[] = {
  "F8_E4M3", "F8_E5M2", "F8_E8M0", "F6_E2M3", "F6_E3M2", "F4", "C64", NULL,
};

const char *
arietta_dtype_get_name (AriettaDtype  dtype,
                        gsize        *size)
{
  if ((guint) dtype >= G_N_ELEMENTS (dtypes))
    return NULL;

  *size = dtypes[dtype].size;
  return dtypes[dtype].name;
}

/* The first defect is the one to speak of. */
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

/* The same, but where the header just ends that is the defect. */
static gboolean
fail_at (Scanner    *scanner,
         const char *what)
{
  return fail (scanner, scanner->at >= scanner->end ? _("the header ends too early") : what);
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

/* The same; anything else is the defect @what. */
static gboolean
expect (Scanner    *scanner,
        char        c,
        const char *what)
{
  return accept (scanner, c) || fail_at (scanner, what);
}

static gboolean
expect_colon (Scanner *scanner)
{
  return expect (scanner, ':', _("a colon is missing after a name"));
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
scan_code (Scanner *scanner,
           GString *text)
{
  gunichar c, low;

  if (!scan_hex4 (scanner, &c))
    return fail_at (scanner, _("a text has an escape without four digits"));
  if (c == 0)
    return fail (scanner, _("a text holds a zero"));

  if (c >= 0xd800 && c < 0xdc00)
    {
      if (scanner->end - scanner->at < 6 || scanner->at[0] != '\\' || scanner->at[1] != 'u')
        return fail_at (scanner, _("a text holds half of a character"));
      scanner->at += 2;
      if (!scan_hex4 (scanner, &low) || low < 0xdc00 || low > 0xdfff)
        return fail (scanner, _("a text holds half of a character"));
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
  else if (c >= 0xdc00 && c < 0xe000)
    {
      return fail (scanner, _("a text holds half of a character"));
    }

  g_string_append_unichar (text, c);
  return TRUE;
}

static gboolean
scan_escape (Scanner *scanner,
             GString *text)
{
  static const char plain[] = "\"\\/bfnrt";
  static const char meaning[] = "\"\\/\b\f\n\r\t";
  const char       *found;

  if (scanner->at >= scanner->end)
    return fail_at (scanner, NULL);

  if (*scanner->at == 'u')
    {
      scanner->at++;
      return scan_code (scanner, text);
    }

  if (*scanner->at == '\0' || (found = strchr (plain, *scanner->at)) == NULL)
    return fail (scanner, _("a text has an escape that is none"));

  g_string_append_c (text, meaning[found - plain]);
  scanner->at++;
  return TRUE;
}

/* @what: the defect when something else than a text comes. */
static char *
scan_string (Scanner    *scanner,
             const char *what)
{
  g_autoptr(GString) text = NULL;

  if (!expect (scanner, '"', what))
    return NULL;

  text = g_string_new (NULL);
  while (scanner->at < scanner->end && *scanner->at != '"')
    {
      char c = *scanner->at++;

      if ((guchar) c < 0x20)
        {
          fail (scanner, _("a text holds a control character"));
          return NULL;
        }
      if (c != '\\')
        g_string_append_c (text, c);
      else if (!scan_escape (scanner, text))
        return NULL;
    }

  if (scanner->at >= scanner->end)
    {
      fail (scanner, _("a text has no end"));
      return NULL;
    }
  scanner->at++;

  if (!g_utf8_validate_len (text->str, text->len, NULL))
    {
      fail (scanner, _("a text is not UTF-8"));
      return NULL;
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A whole number from 0 on. */
static gboolean
scan_number (Scanner *scanner,
             guint64 *value)
{
  const char *start;

  skip_space (scanner);
  start = scanner->at;
  *value = 0;
  if (start < scanner->end && *start == '-')
    return fail (scanner, _("a number is negative"));

  while (scanner->at < scanner->end && g_ascii_isdigit (*scanner->at))
    if (!g_uint64_checked_mul (value, *value, 10)
        || !g_uint64_checked_add (value, *value, (guint64) (*scanner->at++ - '0')))
      return fail (scanner, _("a number is too large"));

  if (scanner->at == start)
    return fail_at (scanner, _("a number was expected"));
  if (*start == '0' && scanner->at > start + 1)
    return fail (scanner, _("a number begins with a zero"));
  if (scanner->at < scanner->end && strchr (".eE", *scanner->at) != NULL && *scanner->at != '\0')
    return fail (scanner, _("a number is not whole"));

  return TRUE;
}

/* After an entry of an object: TRUE if another one follows. FALSE at the end, or with the error set. */
static gboolean
next_entry (Scanner    *scanner,
            char        close,
            const char *what)
{
  if (accept (scanner, ','))
    {
      skip_space (scanner);
      if (scanner->at < scanner->end && *scanner->at == close)
        return fail (scanner, _("nothing follows a comma"));
      return TRUE;
    }

  expect (scanner, close, what);
  return FALSE;
}

static gboolean
has_failed (Scanner *scanner)
{
  return *scanner->error != NULL;
}

static gboolean
scan_metadata (Scanner    *scanner,
               GHashTable *metadata)
{
  if (!expect (scanner, '{', _("the metadata is no object")))
    return FALSE;
  if (accept (scanner, '}'))
    return TRUE;

  do
    {
      g_autofree char *key = scan_string (scanner, _("a name of the metadata is no text"));
      g_autofree char *value = NULL;

      if (key == NULL || !expect_colon (scanner)
          || (value = scan_string (scanner, _("a value of the metadata is no text"))) == NULL)
        return FALSE;
      if (g_hash_table_contains (metadata, key))
        return fail (scanner, _("two entries of the metadata have one name"));
      g_hash_table_insert (metadata, g_steal_pointer (&key), g_steal_pointer (&value));
    }
  while (next_entry (scanner, '}', _("a comma is missing between entries of the metadata")));

  return !has_failed (scanner);
}

static gboolean
scan_shape (Scanner           *scanner,
            AriettaTensorView *view)
{
  if (!expect (scanner, '[', _("a tensor’s shape is no list")))
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
  while (next_entry (scanner, ']', _("a tensor’s shape is no list of numbers")));

  return !has_failed (scanner);
}

static gboolean
scan_dtype (Scanner           *scanner,
            AriettaTensorView *view,
            gsize             *element_size)
{
  g_autofree char *name = scan_string (scanner, _("a tensor’s type is no text"));

  if (name == NULL)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (dtypes); i++)
    if (strcmp (dtypes[i].name, name) == 0)
      {
        view->dtype = (AriettaDtype) i;
        *element_size = dtypes[i].size;
        return TRUE;
      }

  arietta_set_error (scanner->error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_UNKNOWN, scanner->file, name,
                     g_strv_contains (unused_dtypes, name)
                       ? _("“%s” holds numbers of the type “%s”, which Arietta does not use.")
                       : _("“%s” holds numbers of the type “%s”, which this version does not know."),
                     scanner->file, name);
  return FALSE;
}

static gboolean
scan_offsets (Scanner *scanner,
              guint64 *begin,
              guint64 *end)
{
  return expect (scanner, '[', _("a tensor’s place is no list"))
         && scan_number (scanner, begin)
         && expect (scanner, ',', _("a tensor’s place has no end"))
         && scan_number (scanner, end)
         && expect (scanner, ']', _("a tensor’s place is more than two numbers"));
}

typedef struct
{
  gboolean has_dtype, has_shape, has_offsets;
  gsize    element_size;
  guint64  begin, end;
} Entry;

static gboolean
scan_field (Scanner           *scanner,
            AriettaTensorView *view,
            Entry             *entry)
{
  g_autofree char *key = scan_string (scanner, _("a tensor’s entry has no name"));

  if (key == NULL || !expect_colon (scanner))
    return FALSE;

  if (strcmp (key, "dtype") == 0)
    {
      if (entry->has_dtype)
        return fail (scanner, _("a tensor has two types"));
      entry->has_dtype = TRUE;
      return scan_dtype (scanner, view, &entry->element_size);
    }

  if (strcmp (key, "shape") == 0)
    {
      if (entry->has_shape)
        return fail (scanner, _("a tensor has two shapes"));
      entry->has_shape = TRUE;
      return scan_shape (scanner, view);
    }

  if (strcmp (key, "data_offsets") == 0)
    {
      if (entry->has_offsets)
        return fail (scanner, _("a tensor has two places"));
      entry->has_offsets = TRUE;
      return scan_offsets (scanner, &entry->begin, &entry->end);
    }

  return fail (scanner, _("a tensor has an entry that does not belong there"));
}

/* @data_size: bytes behind the header. */
static gboolean
scan_tensor (Scanner           *scanner,
             AriettaTensorView *view,
             gsize              data_size)
{
  Entry entry = { 0 };
  gsize needed;

  view->n_elements = 1;
  if (!expect (scanner, '{', _("a tensor is no object")))
    return FALSE;

  if (!accept (scanner, '}'))
    {
      do
        if (!scan_field (scanner, view, &entry))
          return FALSE;
      while (next_entry (scanner, '}', _("a comma is missing within a tensor")));
      if (has_failed (scanner))
        return FALSE;
    }

  if (!entry.has_dtype)
    return fail (scanner, _("a tensor lacks its type"));
  if (!entry.has_shape)
    return fail (scanner, _("a tensor lacks its shape"));
  if (!entry.has_offsets)
    return fail (scanner, _("a tensor lacks its place"));
  if (entry.begin > entry.end)
    return fail (scanner, _("a tensor ends before it begins"));
  if (!g_size_checked_mul (&needed, view->n_elements, entry.element_size))
    return fail (scanner, _("a tensor has more bytes than can be counted"));
  if (needed != entry.end - entry.begin)
    return fail (scanner, _("a tensor’s shape does not fit its bytes"));
  if (entry.end > data_size)
    return fail (scanner, _("a tensor lies outside the file, which may have been cut short"));

  view->data = (const guint8 *) scanner->end + entry.begin;
  view->n_bytes = needed;
  return TRUE;
}

static gboolean
scan_entry (AriettaSafetensors *self,
            Scanner            *scanner,
            gsize               data_size,
            gboolean           *has_metadata)
{
  g_autofree char  *name = scan_string (scanner, _("a tensor’s name is no text"));
  AriettaTensorView view = { 0 };

  if (name == NULL || !expect_colon (scanner))
    return FALSE;

  if (strcmp (name, "__metadata__") == 0)
    {
      if (*has_metadata)
        return fail (scanner, _("there are two blocks of metadata"));
      *has_metadata = TRUE;
      return scan_metadata (scanner, self->metadata);
    }

  if (*name == '\0')
    return fail (scanner, _("a tensor’s name is empty"));
  if (g_hash_table_contains (self->by_name, name))
    return fail (scanner, _("two tensors have one name"));
  if (!scan_tensor (scanner, &view, data_size))
    return FALSE;

  view.name = name;
  g_array_append_val (self->tensors, view);
  g_hash_table_insert (self->by_name, g_steal_pointer (&name), NULL);

  return TRUE;
}

gboolean
arietta_safetensors_scan (AriettaSafetensors  *self,
                          const char          *header,
                          gsize                n_header,
                          gsize                data_size,
                          GError             **error)
{
  g_autoptr(GError) local = NULL;
  Scanner           scanner = { self->file, header, header, header + n_header, &local };
  gboolean          has_metadata = FALSE;

  if (expect (&scanner, '{', _("the header is no object")) && !accept (&scanner, '}'))
    do
      if (!scan_entry (self, &scanner, data_size, &has_metadata))
        break;
    while (next_entry (&scanner, '}', _("a comma is missing between tensors")));

  if (local == NULL)
    {
      skip_space (&scanner);
      if (scanner.at < scanner.end)
        fail (&scanner, _("something follows the end of the header"));
    }

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  return TRUE;
}
