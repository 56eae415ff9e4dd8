#include "nn/arietta-half.h"
#include "nn/arietta-nn-error.h"
#include "nn/arietta-safetensors.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static GBytes *
make_file (const char *header,
           gsize       n_data)
{
  guint64     n = GUINT64_TO_LE ((guint64) strlen (header));
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) &n, 8);
  g_byte_array_append (file, (const guint8 *) header, (guint) strlen (header));
  for (gsize i = 0; i < n_data; i++)
    g_byte_array_append (file, (const guint8 *) "\0", 1);

  return g_byte_array_free_to_bytes (file);
}

/* One header for each kind of defect, with the number of bytes behind it and what the sentence must say. */
static const struct
{
  const char *name;
  const char *header;
  gsize       n_data;
  const char *says;
  int         code; /* 0: ARIETTA_NN_ERROR_MALFORMED */
} refused[] = {
  { "not-an-object", "hello, world", 0, "the header is no object" },
  { "unfinished", "{\"a\":{\"dtype\":\"U8\"", 0, "the header ends too early" },
  { "after-end", "{} x", 0, "something follows the end of the header" },
  { "no-colon", "{\"a\" {}}", 0, "a colon is missing after a name" },
  { "no-comma-between-tensors", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]} \"b\":{}}", 1,
    "a comma is missing between tensors" },
  { "no-comma-within", "{\"a\":{\"dtype\":\"U8\" \"shape\":[1]}}", 0, "a comma is missing within a tensor" },
  { "comma-at-the-end", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},}", 1,
    "nothing follows a comma" },
  { "open-text", "{\"a", 0, "a text has no end" },
  { "control-character", "{\"a\n\":{}}", 0, "a text holds a control character" },
  { "escape", "{\"\\x\":{}}", 0, "a text has an escape that is none" },
  { "escape-digits", "{\"\\u12g4\":{}}", 0, "a text has an escape without four digits" },
  { "escaped-zero", "{\"a\\u0000b\":{}}", 0, "a text holds a zero" },
  { "lone-surrogate", "{\"\\ud800\":{}}", 0, "a text holds half of a character" },
  { "bad-utf8", "{\"\xff\":{}}", 0, "a text is not UTF-8" },
  { "name-a-number", "{1:{}}", 0, "a tensor’s name is no text" },
  { "name-empty", "{\"\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}}", 1,
    "a tensor’s name is empty" },
  { "duplicate",
    "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}", 2,
    "two tensors have one name" },
  { "metadata-list", "{\"__metadata__\":[]}", 0, "the metadata is no object" },
  { "metadata-number", "{\"__metadata__\":{\"a\":1}}", 0, "a value of the metadata is no text" },
  { "metadata-key", "{\"__metadata__\":{1:\"a\"}}", 0, "a name of the metadata is no text" },
  { "metadata-comma", "{\"__metadata__\":{\"a\":\"1\" \"b\":\"2\"}}", 0,
    "a comma is missing between entries of the metadata" },
  { "metadata-twice", "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "there are two blocks of metadata" },
  { "metadata-duplicate", "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0,
    "two entries of the metadata have one name" },
  { "tensor-a-list", "{\"a\":[]}", 0, "a tensor is no object" },
  { "entry-a-number", "{\"a\":{1:2}}", 0, "a tensor’s entry has no name" },
  { "entry-unknown", "{\"a\":{\"stride\":[1]}}", 0, "a tensor has an entry that does not belong there" },
  { "two-dtypes", "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}", 0, "a tensor has two types" },
  { "two-shapes", "{\"a\":{\"shape\":[1],\"shape\":[2]}}", 0, "a tensor has two shapes" },
  { "two-places", "{\"a\":{\"data_offsets\":[0,1],\"data_offsets\":[0,1]}}", 1, "a tensor has two places" },
  { "no-dtype", "{\"a\":{\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "a tensor lacks its type" },
  { "no-shape", "{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}", 1, "a tensor lacks its shape" },
  { "no-place", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1, "a tensor lacks its place" },
  { "dtype-a-number", "{\"a\":{\"dtype\":8}}", 0, "a tensor’s type is no text" },
  { "dtype-unused", "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1,
    "“F8_E4M3”, which Arietta does not use", ARIETTA_NN_ERROR_UNKNOWN },
  { "dtype-unknown", "{\"a\":{\"dtype\":\"Q7\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1,
    "“Q7”, which this version does not know", ARIETTA_NN_ERROR_UNKNOWN },
  { "shape-a-number", "{\"a\":{\"shape\":1}}", 0, "a tensor’s shape is no list" },
  { "shape-comma", "{\"a\":{\"shape\":[1 2]}}", 0, "a tensor’s shape is no list of numbers" },
  { "nine-dimensions", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,1]}}", 1,
    "a tensor has too many dimensions" },
  { "negative-length", "{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}}", 1,
    "a number is negative" },
  { "fraction", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1.5],\"data_offsets\":[0,1]}}", 1,
    "a number is not whole" },
  { "leading-zero", "{\"a\":{\"dtype\":\"U8\",\"shape\":[01],\"data_offsets\":[0,1]}}", 1,
    "a number begins with a zero" },
  { "number-missing", "{\"a\":{\"dtype\":\"U8\",\"shape\":[x],\"data_offsets\":[0,1]}}", 1,
    "a number was expected" },
  { "number-overflow", "{\"a\":{\"dtype\":\"U8\",\"shape\":[99999999999999999999],\"data_offsets\":[0,0]}}", 0,
    "a number is too large" },
  { "product-overflow",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,16],\"data_offsets\":[0,0]}}", 0,
    "a tensor is too large" },
  { "size-overflow", "{\"a\":{\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}}", 0,
    "a tensor has more bytes than can be counted" },
  { "place-a-number", "{\"a\":{\"data_offsets\":1}}", 0, "a tensor’s place is no list" },
  { "place-without-end", "{\"a\":{\"data_offsets\":[1]}}", 0, "a tensor’s place has no end" },
  { "place-of-three", "{\"a\":{\"data_offsets\":[0,1,2]}}", 0, "a tensor’s place is more than two numbers" },
  { "backwards", "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,0]}}", 2,
    "a tensor ends before it begins" },
  { "wrong-shape", "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8,
    "a tensor’s shape does not fit its bytes" },
  { "cut-short", "{\"a\":{\"dtype\":\"U8\",\"shape\":[20],\"data_offsets\":[0,20]}}", 19,
    "a tensor lies outside the file" },
  { "gap-before", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8,
    "bytes come before the first tensor" },
  { "gap-between",
    "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[3,5]}}", 5,
    "there is a gap before “b”" },
  { "overlap",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12,
    "“b” overlaps another tensor" },
  { "tail", "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 3,
    "bytes follow the last tensor" },
};

/* More ways to the same defects. */
static const struct
{
  const char *name;
  const char *header;
  gsize       n_data;
  const char *says;
} more[] = {
  { "duplicate-escaped",
    "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
    "\"\\u0061\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
    2, "two tensors have one name" },
  { "negative-offset", "{\"a\":{\"data_offsets\":[-1,1]}}", 1, "a number is negative" },
  { "huge-offset", "{\"a\":{\"data_offsets\":[0,99999999999999999999]}}", 1, "a number is too large" },
  { "offset-of-2^63", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[9223372036854775807,9223372036854775808]}}",
    1, "a tensor lies outside the file" },
  { "low-surrogate-first", "{\"\\udc00\":{}}", 0, "half of a character" },
  { "high-surrogates", "{\"\\ud800\\ud800\":{}}", 0, "half of a character" },
  { "empty-tensor", "{\"a\":{}}", 0, "a tensor lacks its type" },
  { "nothing", "{", 0, "the header ends too early" },
  { "exponent", "{\"a\":{\"shape\":[1e3]}}", 0, "a number is not whole" },
  { "comma-in-a-shape", "{\"a\":{\"shape\":[1,]}}", 0, "nothing follows a comma" },
  { "latin-1", "{\"caf\xe9\":{}}", 0, "a text is not UTF-8" },
  { "overlong-utf8", "{\"\xc0\xaf\":{}}", 0, "a text is not UTF-8" },
};

static void
assert_refused (const char *header,
                gsize       n_data,
                const char *says,
                int         code)
{
  g_autoptr(GBytes)             bytes = make_file (header, n_data);
  g_autoptr(GError)             error = NULL;
  g_autoptr(AriettaSafetensors) file = arietta_safetensors_open_bytes (bytes, "tune.safetensors", &error);

  g_assert_null (file);
  g_assert_error (error, ARIETTA_NN_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, says));
  g_assert_nonnull (strstr (error->message, "“tune.safetensors”"));
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_null (arietta_safetensors_open_bytes (bytes, "tune.safetensors", NULL));
}

static void
test_refused (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);

  assert_refused (refused[i].header, refused[i].n_data, refused[i].says,
                  refused[i].code != 0 ? refused[i].code : ARIETTA_NN_ERROR_MALFORMED);
  /* No two kinds share a sentence. */
  for (guint k = 0; k < i; k++)
    g_assert_cmpstr (refused[k].says, !=, refused[i].says);
}

static void
test_refused_again (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (more); i++)
    assert_refused (more[i].header, more[i].n_data, more[i].says, ARIETTA_NN_ERROR_MALFORMED);
}

/* What is wrong with the first eight bytes. */
static void
test_header_length (void)
{
  static const struct
  {
    guint8      bytes[16];
    gsize       size;
    const char *says;
  } cases[] = {
    { { 0 }, 0, "it is empty" },
    { { 2 }, 7, "it is too short for one" },
    { { 0 }, 8, "it has no header" },
    { { 9 }, 16, "it ends within its header" },
    { { 8 }, 15, "it ends within its header" },
    { { 0x01, 0xe1, 0xf5, 0x05 }, 16, "its header would be too long" },
    { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f }, 16, "its header would be too long" },
    { { 0, 0, 0, 0, 0, 0, 0, 0x80 }, 16, "its header would have a negative length" },
    { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 16, "its header would have a negative length" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* A copy of its own, so that a step outside is seen by a memory checker. */
      g_autoptr(GBytes) bytes = g_bytes_new (cases[i].bytes, cases[i].size);
      g_autoptr(GError) error = NULL;

      g_assert_null (arietta_safetensors_open_bytes (bytes, "a", &error));
      g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MALFORMED);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

static AriettaSafetensorsWriter *
make_writer (void)
{
  static const float        values[6] = { 0.0f, 1.0f, -2.5f, 0.1f, 1e5f, 3e-7f };
  static const gint64       shape[2] = { 2, 3 };
  static const gint64       one[1] = { 1 };
  static const gint64       none[1] = { 0 };
  static const guint64      word = G_GUINT64_CONSTANT (0x0102030405060708);
  AriettaSafetensorsWriter *writer = arietta_safetensors_writer_new ();

  arietta_safetensors_writer_set_metadata (writer, "kind", "melody-vae");
  arietta_safetensors_writer_set_metadata (writer, "says", "“zwei”\n\\ \"drei\"");
  arietta_safetensors_writer_add (writer, "z.full", ARIETTA_DTYPE_F32, 2, shape, values);
  arietta_safetensors_writer_add_as_f16 (writer, "a.half", 2, shape, values);
  arietta_safetensors_writer_add (writer, "empty", ARIETTA_DTYPE_F32, 1, none, values);
  arietta_safetensors_writer_add (writer, "scalar", ARIETTA_DTYPE_F32, 0, NULL, values + 2);
  arietta_safetensors_writer_add (writer, "word", ARIETTA_DTYPE_U64, 1, one, &word);

  return writer;
}

static void
test_round_trip (void)
{
  g_autofree char                    *folder = g_dir_make_tmp ("arietta-XXXXXX", NULL);
  g_autofree char                    *path = g_build_filename (folder, "a.safetensors", NULL);
  g_autofree char                    *again = g_build_filename (folder, "b.safetensors", NULL);
  g_autofree char                    *bytes = NULL, *bytes_again = NULL;
  gsize                               size, size_again;
  g_autoptr(AriettaSafetensorsWriter) writer = make_writer ();
  g_autoptr(AriettaSafetensorsWriter) twin = make_writer ();
  g_autoptr(AriettaSafetensors)       file = NULL;
  g_autoptr(GError)                   error = NULL;
  g_autofree float                   *full = NULL, *half = NULL, *wrong = NULL;
  const AriettaTensorView            *view;

  g_assert_true (arietta_safetensors_writer_save (writer, path, &error));
  g_assert_no_error (error);
  g_assert_true (arietta_safetensors_writer_save (twin, again, &error));

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_true (g_file_get_contents (again, &bytes_again, &size_again, NULL));
  g_assert_cmpmem (bytes, size, bytes_again, size_again);

  file = arietta_safetensors_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (arietta_safetensors_get_n (file), ==, 5);
  g_assert_cmpstr (arietta_safetensors_get_metadata (file, "kind"), ==, "melody-vae");
  g_assert_cmpstr (arietta_safetensors_get_metadata (file, "says"), ==, "“zwei”\n\\ \"drei\"");
  g_assert_null (arietta_safetensors_get_metadata (file, "nothing"));
  g_assert_null (arietta_safetensors_find (file, "z"));

  view = arietta_safetensors_find (file, "z.full");
  g_assert_cmpint (view->n_dims, ==, 2);
  g_assert_cmpint (view->shape[1], ==, 3);
  full = arietta_tensor_view_dup_f32 (view, &error);
  g_assert_cmpfloat (full[2], ==, -2.5f);
  g_assert_cmpfloat (full[5], ==, 3e-7f);

  view = arietta_safetensors_find (file, "a.half");
  half = arietta_tensor_view_dup_f32 (view, &error);
  g_assert_cmpfloat (half[1], ==, 1.0f);
  g_assert_cmpfloat_with_epsilon (half[3], 0.1f, 0.1f / 2048);
  g_assert_true (isinf (half[4]));
  g_assert_cmpfloat_with_epsilon (half[5], 3e-7f, 3e-8f);

  g_assert_cmpuint (arietta_safetensors_find (file, "empty")->n_elements, ==, 0);
  g_assert_cmpuint (arietta_safetensors_find (file, "scalar")->n_elements, ==, 1);

  wrong = arietta_tensor_view_dup_f32 (arietta_safetensors_find (file, "word"), &error);
  g_assert_null (wrong);
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH);

  g_unlink (path);
  g_unlink (again);
  g_rmdir (folder);
}

/* Any cut of a sound file is refused: nothing of it is believed. */
static void
test_every_cut (void)
{
  g_autofree char                    *folder = g_dir_make_tmp ("arietta-XXXXXX", NULL);
  g_autofree char                    *path = g_build_filename (folder, "a.safetensors", NULL);
  g_autofree char                    *contents = NULL;
  gsize                               size;
  g_autoptr(AriettaSafetensorsWriter) writer = make_writer ();

  g_assert_true (arietta_safetensors_writer_save (writer, path, NULL));
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));

  for (gsize cut = 0; cut < size; cut++)
    {
      /* A copy of its own, so that a step outside is seen by a memory checker. */
      g_autoptr(GBytes) bytes = g_bytes_new (contents, cut);
      g_autoptr(GError) error = NULL;

      g_assert_null (arietta_safetensors_open_bytes (bytes, "cut", &error));
      g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MALFORMED);
    }

  g_unlink (path);
  g_rmdir (folder);
}

static void
test_unwritable (void)
{
  g_autoptr(AriettaSafetensorsWriter) writer = make_writer ();
  g_autoptr(GError)                   error = NULL;

  g_assert_false (arietta_safetensors_writer_save (writer, "/nonexistent/folder/a.safetensors", &error));
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_IO);
  g_clear_error (&error);
  g_assert_null (arietta_safetensors_open ("/nonexistent/a.safetensors", &error));
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_IO);
}

static void
test_half (void)
{
  /* Every half survives the way through float; the ties round to even. */
  for (guint h = 0; h < 0x10000; h++)
    {
      float value = arietta_half_to_float ((guint16) h);

      if (isnan (value))
        g_assert_true (isnan (arietta_half_to_float (arietta_half_from_float (value))));
      else
        g_assert_cmphex (arietta_half_from_float (value), ==, h);
    }

  g_assert_cmphex (arietta_half_from_float (1.0f + 0x1p-11f), ==, 0x3c00);
  g_assert_cmphex (arietta_half_from_float (1.0f + 3 * 0x1p-11f), ==, 0x3c02);
  g_assert_cmphex (arietta_half_from_float (65519.0f), ==, 0x7bff);
  g_assert_cmphex (arietta_half_from_float (65520.0f), ==, 0x7c00);
  g_assert_cmphex (arietta_half_from_float (0x1p-25f), ==, 0);
  g_assert_cmphex (arietta_half_from_float (0x1.8p-25f), ==, 1);
  g_assert_cmphex (arietta_half_from_float (-INFINITY), ==, 0xfc00);
}

/* Files written by another implementation. */
/* Rows of 8 bits: each number within half a step of its row, a row of zeros as zeros, the same as rounding in place; and
 * a file without its scales is refused. */
static void
test_bytes (void)
{
  enum { ROWS = 3, COLUMNS = 40 };
  const gint64                        shape[] = { ROWS, COLUMNS };
  g_autofree char                    *folder = g_dir_make_tmp ("arietta-XXXXXX", NULL);
  g_autofree char                    *path = g_build_filename (folder, "bytes.safetensors", NULL);
  g_autoptr(AriettaSafetensorsWriter) writer = arietta_safetensors_writer_new ();
  g_autoptr(AriettaSafetensorsWriter) bare = arietta_safetensors_writer_new ();
  g_autoptr(AriettaSafetensors)       file = NULL, unscaled = NULL;
  g_autoptr(GError)                   error = NULL;
  g_autofree float                   *read = NULL;
  gint8                               bytes[ROWS * COLUMNS] = { 0 };
  float                               values[ROWS * COLUMNS], rounded[ROWS * COLUMNS];
  double                              lost;

  for (int i = 0; i < ROWS * COLUMNS; i++)
    values[i] = i < COLUMNS ? sinf ((float) i) : i < 2 * COLUMNS ? 0.0f : 1000.0f * cosf ((float) i);
  memcpy (rounded, values, sizeof values);
  lost = arietta_safetensors_round_bytes (rounded, ROWS, COLUMNS);
  g_assert_cmpfloat (lost, >, 0.0);
  g_assert_cmpfloat (lost, <, 0.005);

  arietta_safetensors_writer_add_as_bytes (writer, "w", 2, shape, values);
  g_assert_true (arietta_safetensors_writer_save (writer, path, &error));
  file = arietta_safetensors_open (path, &error);
  g_assert_no_error (error);
  read = arietta_safetensors_dup_f32 (file, arietta_safetensors_find (file, "w"), &error);
  g_assert_no_error (error);
  for (int i = 0; i < ROWS * COLUMNS; i++)
    {
      g_assert_true (read[i] == rounded[i]);
      g_assert_cmpfloat (fabsf (read[i] - values[i]), <=, i < COLUMNS ? 0.0041f : i < 2 * COLUMNS ? 0.0f : 4.1f);
    }

  arietta_safetensors_writer_add (bare, "w", ARIETTA_DTYPE_I8, 2, shape, bytes);
  g_assert_true (arietta_safetensors_writer_save (bare, path, &error));
  unscaled = arietta_safetensors_open (path, &error);
  g_assert_no_error (error);
  g_assert_null (arietta_safetensors_dup_f32 (unscaled, arietta_safetensors_find (unscaled, "w"), &error));
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH);

  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_golden (void)
{
  const char      *shared = g_getenv ("ARIETTA_SHARED_DIR");
  g_autofree char *folder = shared != NULL ? g_build_filename (shared, "golden", "torch", NULL) : NULL;
  g_autoptr(GDir)  dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char      *name;
  guint            n_files = 0;

  if (dir == NULL)
    {
      g_test_skip ("ARIETTA_SHARED_DIR is not set");
      return;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char              *path = g_build_filename (folder, name, NULL);
      g_autoptr(AriettaSafetensors) file = NULL;
      g_autoptr(GError)             error = NULL;

      if (!g_str_has_suffix (name, ".safetensors"))
        continue;

      file = arietta_safetensors_open (path, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (arietta_safetensors_get_n (file), >, 0);
      n_files++;

      for (guint i = 0; i < arietta_safetensors_get_n (file); i++)
        {
          const AriettaTensorView *view = arietta_safetensors_get_nth (file, i);
          g_autofree float        *values = NULL;

          if (view->dtype != ARIETTA_DTYPE_F32)
            continue;

          values = arietta_tensor_view_dup_f32 (view, &error);
          g_assert_no_error (error);
          for (gsize k = 0; k < view->n_elements; k++)
            g_assert_true (isfinite (values[k]));
        }
    }

  g_assert_cmpuint (n_files, >, 10);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strdup_printf ("/nn/safetensors/refused/%s", refused[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/nn/safetensors/refused-again", test_refused_again);
  g_test_add_func ("/nn/safetensors/header-length", test_header_length);
  g_test_add_func ("/nn/safetensors/round-trip", test_round_trip);
  g_test_add_func ("/nn/safetensors/every-cut", test_every_cut);
  g_test_add_func ("/nn/safetensors/unwritable", test_unwritable);
  g_test_add_func ("/nn/safetensors/half", test_half);
  g_test_add_func ("/nn/safetensors/bytes", test_bytes);
  g_test_add_func ("/nn/safetensors/golden", test_golden);

  return g_test_run ();
}
