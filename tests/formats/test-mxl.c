/* Packed scores are read; bombs, damage and emptiness are refused with a sentence. */
#include "formats/arietta-formats.h"
#include "formats/arietta-musicxml.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>

#define CONTAINER(path) "<?xml version='1.0'?><container><rootfiles><rootfile full-path='cover.png' media-type='image/png'/>" \
  "<rootfile full-path='" path "' media-type='application/vnd.recordare.musicxml+xml'/></rootfiles></container>"
#define SCORE(step) "<score-partwise><part-list><score-part id='P1'><part-name>A</part-name></score-part></part-list>" \
  "<part id='P1'><measure number='1'><note><pitch><step>" step "</step><octave>4</octave></pitch><duration>4</duration>" \
  "</note></measure></part></score-partwise>"

static void
add_entry (struct archive *archive,
           const char     *name,
           const char     *text,
           gsize           n)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_size (entry, (la_int64_t) n);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_data (archive, text, n), ==, (la_ssize_t) n);
  archive_entry_free (entry);
}

/* Names and texts in turn. */
static GBytes *
pack (const char * const *entries)
{
  gsize           room = 1024 * 1024, used;
  guint8         *bytes = g_malloc (room);
  struct archive *archive = archive_write_new ();

  archive_write_set_format_zip (archive);
  archive_write_open_memory (archive, bytes, room, &used);
  for (guint i = 0; entries[i] != NULL; i += 2)
    add_entry (archive, entries[i], entries[i + 1], strlen (entries[i + 1]));
  archive_write_free (archive);
  return g_bytes_new_take (bytes, used);
}

static AriettaPiece *
read_bytes (GBytes  *packed,
            GError **error)
{
  gsize       n;
  const char *bytes = g_bytes_get_data (packed, &n);

  return arietta_musicxml_read_bytes (bytes, n, "score.mxl", error);
}

static void
check_pitch (AriettaPiece *piece,
             int           pitch)
{
  guint              n;
  const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n);

  g_assert_cmpint (n, ==, 1);
  g_assert_cmpint (notes[0].pitch, ==, pitch);
}

/* The one the container names, else the first. */
static void
test_reads (void)
{
  static const char * const named[] = { "wrong.xml", SCORE ("C"), "META-INF/container.xml", CONTAINER ("a/\xc3\xbc.xml"),
                                        "cover.png", "no picture", "a/\xc3\xbc.xml", SCORE ("G"), NULL };
  static const char * const bare[] = { "notes.txt", "hello", "tune.musicxml", SCORE ("E"), NULL };
  static const char * const lost[] = { "META-INF/container.xml", CONTAINER ("gone.xml"), "tune.xml", SCORE ("F"), NULL };
  static const struct
  {
    const char * const *entries;
    int                 pitch;
  } rows[] = { { named, 67 }, { bare, 64 }, { lost, 65 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError)       error = NULL;
      g_autoptr(GBytes)       packed = pack (rows[i].entries);
      g_autoptr(AriettaPiece) piece = read_bytes (packed, &error);

      g_assert_no_error (error);
      check_pitch (piece, rows[i].pitch);
    }
}

/* Known by its first bytes whatever it is called. */
static void
test_by_head (void)
{
  static const char * const entries[] = { "tune.xml", SCORE ("D"), NULL };
  g_autofree char         *folder = g_dir_make_tmp ("arietta-mxl-XXXXXX", NULL);
  g_autofree char         *path = g_build_filename (folder, "tune", NULL);
  g_autoptr(GBytes)        packed = pack (entries);
  g_auto(AriettaReadReport) report = { 0 };
  g_autoptr(GError)        error = NULL;
  g_autoptr(AriettaPiece)  piece = NULL;

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (packed, NULL), (gssize) g_bytes_get_size (packed), NULL));
  piece = arietta_formats_read (path, &report, &error);
  g_assert_no_error (error);
  check_pitch (piece, 62);
  g_assert_cmpstr (report.format, ==, "musicxml");
  g_assert_cmpint (arietta_formats_guess_medium ("tune.MXL"), ==, ARIETTA_MEDIUM_NOTES);
  g_unlink (path);
  g_rmdir (folder);
}

static void
check_refused (GBytes     *packed,
               const char *says)
{
  g_autoptr(GError)       error = NULL;
  g_autoptr(AriettaPiece) piece = read_bytes (packed, &error);

  g_assert_null (piece);
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "score.mxl"));
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, says);
}

/* 80 MB of spaces in 80 KB. */
static void
test_bomb (void)
{
  gsize              n = 80 * 1024 * 1024, room = 1024 * 1024, used;
  g_autofree char   *spaces = g_malloc (n);
  guint8            *bytes = g_malloc (room);
  struct archive    *archive = archive_write_new ();
  g_autoptr(GBytes)  packed = NULL;

  memset (spaces, ' ', n);
  archive_write_set_format_zip (archive);
  archive_write_open_memory (archive, bytes, room, &used);
  add_entry (archive, "tune.xml", spaces, n);
  archive_write_free (archive);
  packed = g_bytes_new_take (bytes, used);
  g_assert_cmpuint (used, <, 200 * 1024);
  check_refused (packed, "larger unpacked");
}

static void
test_bad (void)
{
  static const char * const none[] = { "notes.txt", "hello", NULL };
  static const char * const nested[] = { "inner.mxl", "PK\3\4", NULL };
  static const char * const broken[] = { "tune.xml", "<score-partwise>", NULL };
  static const char * const entries[] = { "META-INF/container.xml", CONTAINER ("tune.xml"), "tune.xml", SCORE ("D"), NULL };
  g_autoptr(GBytes)         no_score = pack (none), in_another = pack (nested), half = pack (broken), whole = pack (entries);
  g_autoptr(GBytes)         head = g_bytes_new_static ("PK\3\4", 4);

  check_refused (no_score, "no score");
  check_refused (in_another, "no score");
  check_refused (half, "MusicXML");
  check_refused (head, "unpacked");

  /* Cut anywhere: never more than was there, never without a word. */
  for (gsize n = 4; n < g_bytes_get_size (whole); n += 7)
    {
      g_autoptr(GBytes)       cut = g_bytes_new_from_bytes (whole, 0, n);
      g_autoptr(GError)       error = NULL;
      g_autoptr(AriettaPiece) piece = read_bytes (cut, &error);

      g_assert_true ((piece == NULL) == (error != NULL));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mxl/reads", test_reads);
  g_test_add_func ("/mxl/by-head", test_by_head);
  g_test_add_func ("/mxl/bomb", test_bomb);
  g_test_add_func ("/mxl/bad", test_bad);

  return g_test_run ();
}
