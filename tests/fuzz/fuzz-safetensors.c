/* Whatever the bytes: they are a weight file whose tensors lie within it, or a refusal with a sentence. */
#include "fuzz.h"
#include "nn/arietta-safetensors.h"

#include <string.h>

/* Not g_assert (), which a build may leave out. */
static void
must (gboolean    holds,
      const char *what)
{
  if (!holds)
    g_error ("%s", what);
}

static void
try_bytes (GBytes *bytes)
{
  g_autoptr(GError)             error = NULL;
  g_autoptr(AriettaSafetensors) file = arietta_safetensors_open_bytes (bytes, "fuzz", &error);
  gsize                         size, n_used = 0;
  const guint8                 *start = g_bytes_get_data (bytes, &size);

  must ((file == NULL) == (error != NULL), "neither a file nor an error, or both");
  if (file == NULL)
    {
      must (g_utf8_validate (error->message, -1, NULL), "a sentence is no text");
      return;
    }

  for (guint i = 0; i < arietta_safetensors_get_n (file); i++)
    {
      const AriettaTensorView *view = arietta_safetensors_get_nth (file, i);
      g_autofree float        *values = arietta_tensor_view_dup_f32 (view, NULL);
      const guint8            *at = view->data;

      must (at >= start && view->n_bytes <= size && at + view->n_bytes <= start + size, "a tensor lies outside");
      must (g_utf8_validate (view->name, -1, NULL), "a name is no text");
      must (arietta_safetensors_find (file, view->name) == view, "a tensor is not found by its name");
      n_used += view->n_bytes;
    }
  must (n_used < size, "tensors overlap");
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  gsize             end = size;

  try_bytes (bytes);

  /* Most changes only spoil the length of the header; the same once more with a length that ends at its last
   * brace. */
  while (end > 8 && data[end - 1] != '}')
    end--;
  if (end > 8)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      g_autoptr(GBytes)  mended = NULL;
      guint64            length = GUINT64_TO_LE ((guint64) (end - 8));

      memcpy (copy, &length, sizeof length);
      mended = g_bytes_new_take (g_steal_pointer (&copy), size);
      try_bytes (mended);
    }

  return 0;
}

static const struct
{
  const char *header;
  guint       n_data;
} seeds[] = {
  { "{\"__metadata__\":{\"kind\":\"melody-vae\",\"a\\u00e9\":\"\\\"\"},"
    "\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
    "\"h\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[24,32]},"
    "\"s\":{\"dtype\":\"U64\",\"shape\":[],\"data_offsets\":[32,40]}}    ", 40 },
  { "{\"b\":{\"shape\":[3],\"data_offsets\":[0,6],\"dtype\":\"BF16\"},"
    "\"e\":{\"dtype\":\"F64\",\"shape\":[0,7],\"data_offsets\":[6,6]},"
    "\"x\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[6,14]}}", 14 },
  { "{}", 0 },
};

GByteArray *
fuzz_seed_new (guint nth)
{
  GByteArray *bytes;
  guint64     length;

  if (nth >= G_N_ELEMENTS (seeds))
    return NULL;

  bytes = g_byte_array_new ();
  length = GUINT64_TO_LE ((guint64) strlen (seeds[nth].header));
  g_byte_array_append (bytes, (const guint8 *) &length, 8);
  g_byte_array_append (bytes, (const guint8 *) seeds[nth].header, (guint) strlen (seeds[nth].header));
  for (guint i = 0; i < seeds[nth].n_data; i++)
    g_byte_array_append (bytes, (const guint8 *) "\x3c\x80" + i % 2, 1);

  return bytes;
}
