/* Archives from anywhere: a score's text within its bound, or a sentence. */
#include "formats/arietta-mxl.h"
#include "fuzz.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define MOST (1024 * 1024)

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) text = arietta_mxl_unpack (data, n, MOST, "fuzz", &error);

  g_assert_true ((text == NULL) == (error != NULL));
  if (text != NULL)
    g_assert_cmpuint (g_bytes_get_size (text), <=, MOST);
  else
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  return 0;
}

static void
add_entry (struct archive *archive,
           const char     *name,
           const char     *text)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_size (entry, (la_int64_t) strlen (text));
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_write_header (archive, entry);
  archive_write_data (archive, text, strlen (text));
  archive_entry_free (entry);
}

/* Packed, and only stored. */
GByteArray *
fuzz_seed_new (guint nth)
{
  GByteArray     *bytes;
  struct archive *archive;
  gsize           used = 0;

  if (nth >= 2)
    return NULL;
  bytes = g_byte_array_new ();
  g_byte_array_set_size (bytes, 64 * 1024);
  archive = archive_write_new ();
  archive_write_set_format_zip (archive);
  if (nth == 1)
    archive_write_zip_set_compression_store (archive);
  archive_write_open_memory (archive, bytes->data, bytes->len, &used);
  add_entry (archive, "META-INF/container.xml", "<container><rootfiles><rootfile full-path='a.xml'/></rootfiles></container>");
  add_entry (archive, "a.xml", "<score-partwise><part-list/></score-partwise>");
  archive_write_free (archive);
  g_byte_array_set_size (bytes, (guint) used);
  return bytes;
}
