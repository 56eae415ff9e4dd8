/* Every file says how it was made, what is personal only when wished; tracks become files of their own, all or none. */
#include "../test-folder.h"

#include "music/arietta-marks.h"
#include "music/arietta-statement.h"
#include "formats/arietta-formats.h"
#include "formats/arietta-musicxml.h"
#include "studio/arietta-export-file.h"
#include "studio/arietta-provenance.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define SOUNDFONT "/usr/share/sounds/sf2/TimGM6mb.sf2"
#define MAKER "{\"model\":\"mine\",\"sha256\":\"abc\",\"own_model\":true,\"seed\":7," \
  "\"settings\":{\"action\":\"compose\",\"source\":\"f00d\"},\"training_data\":\"CC0-1.0\"}"

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("arietta-export-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  test_folder_delete (fixture->folder);
  g_free (fixture->folder);
}

/* Three tracks with notes and one without; one note of four is a person's. */
static AriettaPiece *
make_piece (const char *maker)
{
  AriettaPiece *piece = arietta_piece_new (480);
  const char   *names[] = { "Flute", "", "Empty", "Bass / low" };

  for (guint t = 0; t < G_N_ELEMENTS (names); t++)
    {
      AriettaTrack *track = arietta_piece_add_track (piece, names[t]);

      for (guint i = 0; t != 2 && i < 4; i++)
        arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = 240 * i, .duration_ticks = 240, .velocity = 90,
                                                        .pitch = (guint8) (60 + i), .channel = (guint8) t,
                                                        .program = (guint8) (8 * t), .off_velocity = 64,
                                                        .flags = i == 0 ? ARIETTA_NOTE_EDITED : 0 });
    }
  arietta_piece_set_title (piece, "Étude");
  arietta_piece_set_tempo (piece, 0, 400000);
  if (maker != NULL)
    arietta_provenance_add (piece, maker);
  return arietta_piece_freeze (piece);
}

static JsonObject *
read_statement (AriettaPiece *piece,
                JsonNode    **root)
{
  g_autofree char *json = arietta_statement_dup (piece);

  g_assert_nonnull (json);
  *root = json_from_string (json, NULL);
  g_assert_nonnull (*root);
  return json_node_get_object (*root);
}

static void
test_says (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(AriettaPiece) composed = make_piece (MAKER), piece = NULL, worked = NULL, again = NULL;
  const AriettaProvenanceWishes open = { "Anna Magdalena", 1700000000, FALSE };
  g_autoptr(JsonNode)     root = NULL, second = NULL;
  g_autofree char        *json = NULL, *words = NULL;
  JsonObject             *said;

  piece = arietta_provenance_export (composed, &open);
  said = read_statement (piece, &root);
  g_assert_true (g_str_has_prefix (json_object_get_string_member (said, "program"), "arietta "));
  g_assert_cmpstr (json_object_get_string_member (said, "model"), ==, "mine");
  g_assert_cmpint (json_object_get_int_member (said, "seed"), ==, 7);
  g_assert_cmpstr (json_object_get_string_member (said, "training_data"), ==, "CC0-1.0");
  g_assert_cmpfloat (json_object_get_double_member (said, "edited_by_hand"), ==, 0.25);
  g_assert_cmpstr (json_object_get_string_member (said, "author"), ==, "Anna Magdalena");
  g_assert_cmpint (json_object_get_int_member (said, "unix_time"), ==, 1700000000);

  json = arietta_statement_dup (piece);
  words = arietta_statement_dup_words (json);
  g_assert_nonnull (strstr (words, "composed by the model mine (compose, seed 7), which learned from works under CC0-1.0"));
  g_assert_nonnull (strstr (words, "25 % of the notes edited by hand"));

  /* What a model does later comes behind it, and the old share is gone until the next export. */
  worked = arietta_provenance_extend (piece, MAKER);
  again = arietta_provenance_export (worked, &open);
  said = read_statement (worked, &second);
  g_assert_false (json_object_has_member (said, "edited_by_hand"));
  g_assert_cmpint (json_array_get_length (json_object_get_array_member (said, "then")), ==, 1);
}

/* The personal goes, the fact stays. */
static void
test_discreet (Fixture       *fixture,
               gconstpointer  data)
{
  static const char * const personal[] = { "mine", "f00d", "Anna", "1700000000" };
  static const char * const facts[] = { "arietta ", "abc", "\"seed\":7", "CC0-1.0", "edited_by_hand", "\"action\":\"compose\"" };
  g_autoptr(AriettaPiece) composed = make_piece (MAKER), worked = arietta_provenance_extend (composed, MAKER);
  const AriettaProvenanceWishes open = { "Anna Magdalena", 1700000000, FALSE };
  const AriettaProvenanceWishes discreet = { "Anna Magdalena", 1700000000, TRUE };
  g_autoptr(AriettaPiece) said = arietta_provenance_export (worked, &open);
  g_autoptr(AriettaPiece) piece = arietta_provenance_export (said, &discreet);
  g_autofree char        *json = arietta_statement_dup (piece);

  for (guint i = 0; i < G_N_ELEMENTS (personal); i++)
    g_assert_null (strstr (json, personal[i]));
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    g_assert_nonnull (strstr (json, facts[i]));
}

/* A piece that was given says so, once it leaves. */
static void
test_given (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(AriettaPiece)       given = make_piece (NULL), piece = NULL;
  const AriettaProvenanceWishes wishes = { NULL };
  g_autoptr(JsonNode)           root = NULL;
  JsonObject                   *said;

  piece = arietta_provenance_export (given, &wishes);
  said = read_statement (piece, &root);
  g_assert_cmpstr (json_object_get_string_member (said, "source"), ==, "given");
  g_assert_false (json_object_has_member (said, "unix_time"));
  g_assert_true (arietta_piece_get_n_notes (piece) == arietta_piece_get_n_notes (given));
}

/* In every format there is. */
static void
test_formats (Fixture       *fixture,
              gconstpointer  data)
{
  static const char * const endings[] = { "mid", "musicxml", "png", "svg", "wav", "flac", "ogg", "opus", "mp3" };
  g_autoptr(AriettaPiece)       composed = make_piece (MAKER), piece = NULL;
  const AriettaProvenanceWishes wishes = { "Anna Magdalena", 1700000000, FALSE };

  piece = arietta_provenance_export (composed, &wishes);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      AriettaExportOptions options = { "Étude", SOUNDFONT, 1 };
      g_autofree char     *path = g_strdup_printf ("%s/a.%s", fixture->folder, endings[i]), *bytes = NULL;
      g_autoptr(GError)    error = NULL;
      gboolean             notes = i < 4;
      gsize                n;

      if (!notes && (!g_file_test (SOUNDFONT, G_FILE_TEST_EXISTS) || !arietta_render_can_write (path, NULL)))
        continue;
      arietta_export_file (piece, path, &options, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
      if (memmem (bytes, n, "Anna Magdalena", 14) == NULL
          || (memmem (bytes, n, "\"sha256\":\"abc\"", 14) == NULL
              && memmem (bytes, n, "sha256&quot;:&quot;abc", 22) == NULL))
        g_error ("%s does not say how it was made", path);
    }
}

/* A score of a piece that bears no key has the one it is in; of one that does, that. */
static void
test_key (Fixture       *fixture,
          gconstpointer  data)
{
  static const int     scale[] = { 63, 65, 67, 68, 70, 72, 74, 75, 70, 67, 63 };
  AriettaExportOptions options = { 0 };
  g_autofree char     *path = g_build_filename (fixture->folder, "score.musicxml", NULL);

  for (guint said = 0; said < 2; said++)
    {
      g_autoptr(AriettaPiece) piece = arietta_piece_new (480), back = NULL;
      g_autoptr(GError)       error = NULL;
      AriettaTrack           *track = arietta_piece_add_track (piece, "Flute");
      AriettaKey              key;

      for (guint i = 0; i < G_N_ELEMENTS (scale); i++)
        arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = 480 * i, .duration_ticks = 480, .velocity = 90,
                                                        .pitch = (guint8) scale[i] });
      if (said)
        arietta_piece_set_key (piece, 0, 1, FALSE);
      arietta_piece_freeze (piece);
      g_assert_true (arietta_export_file (piece, path, &options, NULL, NULL, &error));
      back = arietta_musicxml_read_file (path, &error);
      g_assert_no_error (error);
      g_assert_true (arietta_piece_get_key_at (back, 0, &key));
      g_assert_cmpint (key.sharps, ==, said ? 1 : -3);
      g_assert_false (key.minor);
    }
}

static void
test_one_track (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(AriettaPiece)  piece = make_piece (MAKER);
  g_autofree char         *path = g_build_filename (fixture->folder, "a.mid", NULL);
  AriettaExportOptions     options = { .midi_format = 0 };
  g_auto(AriettaReadReport) report = { 0 };
  g_autoptr(AriettaPiece)  back = NULL;
  g_autoptr(GError)        error = NULL;

  g_assert_true (arietta_export_file (piece, path, &options, NULL, NULL, &error));
  back = arietta_formats_read (path, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report.midi_format, ==, 0);
  g_assert_cmpint (arietta_piece_get_n_notes (back), ==, arietta_piece_get_n_notes (piece));
}

static void
test_stems (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = make_piece (MAKER);
  g_autofree char        *path = g_build_filename (fixture->folder, "Song.mid", NULL);
  AriettaExportOptions    options = ARIETTA_EXPORT_OPTIONS_INIT;
  g_autoptr(GError)       error = NULL;
  g_autoptr(GPtrArray)    paths = arietta_export_stems (piece, path, TRUE, &options, NULL, NULL, &error);
  const guint             tracks[] = { 0, 1, 3 };

  g_assert_no_error (error);
  g_assert_cmpint (paths->len, ==, 3);
  g_assert_true (g_str_has_suffix (paths->pdata[0], "/Song-1 Flute.mid"));
  g_assert_true (g_str_has_suffix (paths->pdata[2], "/Song-3 Bass - low.mid"));
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(AriettaPiece) back = arietta_formats_read (paths->pdata[i], NULL, &error);
      g_autofree char        *statement = NULL;
      guint                   n, m;
      const AriettaNote      *a, *b;

      g_assert_no_error (error);
      g_assert_cmpint (arietta_piece_get_n_tracks (back), ==, 1);
      g_assert_cmpint (arietta_piece_get_tempo_at (back, 0), ==, 400000);
      statement = arietta_statement_dup (back);
      g_assert_nonnull (statement);
      a = arietta_track_get_notes (arietta_piece_get_track (piece, tracks[i]), &n);
      b = arietta_track_get_notes (arietta_piece_get_track (back, 0), &m);
      g_assert_cmpint (n, ==, m);
      for (guint k = 0; k < n; k++)
        {
          g_assert_cmpint (a[k].onset_ticks, ==, b[k].onset_ticks);
          g_assert_cmpint (a[k].pitch, ==, b[k].pitch);
          g_assert_cmpint (a[k].program, ==, b[k].program);
        }
    }
}

static gpointer
stems_in_job (AriettaJob  *job,
              gpointer     data,
              GError     **error)
{
  gpointer            *both = data;
  AriettaExportOptions options = { NULL, SOUNDFONT, 1 };

  return arietta_export_stems (both[0], both[1], FALSE, &options, job, NULL, error);
}

static void
fraction_cb (AriettaJob *job)
{
  double fraction;

  g_object_get (job, "fraction", &fraction, NULL);
  if (fraction > 0.34)
    arietta_job_cancel (job);
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (arietta_job_run_finish (ARIETTA_JOB (source), result, &error));
  g_assert_nonnull (error);
  *(gboolean *) user_data = TRUE;
}

/* Stopped at the second of three, nothing stays. */
static void
test_stop (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(AriettaPiece) short_piece = make_piece (NULL);
  AriettaPiece           *long_piece = arietta_piece_copy (short_piece);
  g_autoptr(AriettaPiece) piece = NULL;
  g_autofree char        *path = g_build_filename (fixture->folder, "Song.wav", NULL);
  gpointer                both[2];
  g_autoptr(AriettaJob)   job = NULL;
  gboolean                done = FALSE;

  if (!g_file_test (SOUNDFONT, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("TimGM6mb.sf2 is not installed");
      return;
    }
  for (guint t = 0; t < 3; t++)
    for (guint i = 0; i < 400; i++)
      arietta_track_add_note (arietta_piece_get_track (long_piece, t),
                              &(AriettaNote) { .onset_ticks = 480 * i, .duration_ticks = 240, .velocity = 90,
                                               .pitch = 60, .channel = (guint8) t, .off_velocity = 64 });
  piece = arietta_piece_freeze (long_piece);
  both[0] = piece;
  both[1] = path;

  job = arietta_job_new ("stems", FALSE, FALSE, stems_in_job, both, NULL);
  g_signal_connect (job, "notify::fraction", G_CALLBACK (fraction_cb), NULL);
  arietta_job_run_async (job, (GDestroyNotify) g_ptr_array_unref, stopped_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (test_folder_count (fixture->folder), ==, 0);
}

static void
test_nowhere (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = make_piece (NULL);
  g_autoptr(AriettaPiece) silent = arietta_piece_freeze (arietta_piece_new (480));
  AriettaExportOptions    options = ARIETTA_EXPORT_OPTIONS_INIT;
  g_autoptr(GError)       error = NULL, empty = NULL;

  g_assert_null (arietta_export_stems (piece, "/nowhere/at/all.mid", TRUE, &options, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "all-1"));
  g_assert_null (arietta_export_stems (silent, "all.mid", TRUE, &options, NULL, NULL, &empty));
  g_assert_nonnull (strstr (empty->message, "no notes"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/studio/export-file/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("says", test_says);
  ADD ("discreet", test_discreet);
  ADD ("given", test_given);
  ADD ("formats", test_formats);
  ADD ("key", test_key);
  ADD ("one-track", test_one_track);
  ADD ("stems", test_stems);
  ADD ("stop", test_stop);
  ADD ("nowhere", test_nowhere);

  return g_test_run ();
}
