#include "studio-fixtures.h"

#include "music/arietta-bar-map.h"
#include "music/arietta-statement.h"
#include "studio/arietta-compose.h"
#include "studio/arietta-provenance.h"
#include "studio/arietta-studio-error.h"

#include <string.h>

static AriettaComposed *
compose (const Studio *studio,
         guint         bars,
         guint64       seed)
{
  AriettaComposeRequest request = ARIETTA_COMPOSE_REQUEST_INIT;
  g_autoptr(GError)     error = NULL;
  AriettaComposed      *composed;

  request.model = "tiny";
  request.bars = bars;
  request.seed = seed;
  composed = arietta_compose (studio->library, &request, NULL, &error);
  g_assert_no_error (error);

  return composed;
}

static GBytes *
to_bytes (AriettaPiece *piece)
{
  g_autoptr(GError) error = NULL;
  GBytes           *bytes = arietta_midi_write_bytes (piece, 1, &error);

  g_assert_no_error (error);
  return bytes;
}

static void
test_same_seed (gconstpointer data)
{
  g_autoptr(AriettaComposed) a = compose (data, 8, 3);
  g_autoptr(AriettaComposed) b = compose (data, 8, 3);
  g_autoptr(AriettaComposed) c = compose (data, 8, 4);
  g_autoptr(GBytes)          bytes_a = to_bytes (a->piece);
  g_autoptr(GBytes)          bytes_b = to_bytes (b->piece);
  g_autofree char           *digest_a = arietta_piece_dup_digest (a->piece);
  g_autofree char           *digest_c = arietta_piece_dup_digest (c->piece);

  g_assert_true (g_bytes_equal (bytes_a, bytes_b));
  g_assert_cmpstr (a->take->settings, ==, b->take->settings);
  g_assert_cmpstr (digest_a, !=, digest_c);
}

/* Every note belongs to the key asked for, and the last one is its tonic. */
static void
test_key (gconstpointer data)
{
  static const char * const keys[] = { "C major", "F# major", "Bb major", "A minor", "C# minor" };
  const Studio             *studio = data;

  for (guint k = 0; k < G_N_ELEMENTS (keys); k++)
    for (guint64 seed = 1; seed <= 4; seed++)
      {
        AriettaComposeRequest      request = ARIETTA_COMPOSE_REQUEST_INIT;
        g_autoptr(GError)          error = NULL;
        g_autoptr(AriettaComposed) composed = NULL;
        const AriettaNote         *notes;
        guint                      n;

        request.model = "tiny";
        request.seed = seed;
        g_assert_true (arietta_tonality_parse (keys[k], &request.key));
        composed = arietta_compose (studio->library, &request, NULL, &error);
        g_assert_no_error (error);

        notes = arietta_track_get_notes (arietta_piece_get_track (composed->piece, 0), &n);
        g_assert_cmpuint (n, >, 4);
        for (guint i = 0; i < n; i++)
          g_assert_true (arietta_tonality_contains (request.key, notes[i].pitch));
        g_assert_cmpint (notes[n - 1].pitch % 12, ==, request.key.tonic);
        g_assert_cmpint (notes[n - 1].onset_ticks + notes[n - 1].duration_ticks, ==, 8 * 4 * 480);
      }
}

static const struct
{
  int   numerator, denominator;
  guint bars[8];
} lengths[] = {
  { 4, 4, { 1, 2, 3, 5, 8, 16, 64 } },
  { 3, 4, { 1, 2, 3, 8 } },
  { 6, 8, { 1, 2, 3, 8 } },
};

static void
test_bars (gconstpointer data)
{
  const Studio *studio = data;

  for (guint m = 0; m < G_N_ELEMENTS (lengths); m++)
    for (const guint *bars = lengths[m].bars; *bars > 0; bars++)
      {
        AriettaComposeRequest      request = ARIETTA_COMPOSE_REQUEST_INIT;
        g_autoptr(GError)          error = NULL;
        g_autoptr(AriettaComposed) composed = NULL;
        g_autoptr(AriettaBarMap)   map = NULL;
        gint64 bar_ticks = 1920 * lengths[m].numerator / lengths[m].denominator;

        request.model = "tiny";
        request.bars = *bars;
        request.numerator = lengths[m].numerator;
        request.denominator = lengths[m].denominator;
        composed = arietta_compose (studio->library, &request, NULL, &error);
        g_assert_no_error (error);

        map = arietta_bar_map_new (composed->piece);
        g_assert_cmpuint (arietta_bar_map_get_n (map), ==, *bars);
        g_assert_cmpint (arietta_piece_get_end_ticks (composed->piece), ==, *bars * bar_ticks);
        g_assert_cmpint (arietta_bar_map_get_nth (map, *bars - 1)->start_ticks, ==,
                         (*bars - 1) * bar_ticks);
      }
}

static void
test_markers (gconstpointer data)
{
  static const char * const  names[] = { "A", "A′", "B", "A″" };
  g_autoptr(AriettaComposed) composed = compose (data, 8, 1);
  const AriettaEvent        *events;
  guint                      n, found = 0;

  events = arietta_track_get_events (arietta_piece_get_track (composed->piece, 0), &n);
  for (guint i = 0; i < n; i++)
    if (events[i].status == 0xff && events[i].data1 == 0x06)
      {
        g_assert_cmpuint (found, <, G_N_ELEMENTS (names));
        g_assert_cmpmem (events[i].bytes, events[i].n_bytes, names[found], strlen (names[found]));
        g_assert_cmpint (events[i].tick, ==, found * 2 * 1920);
        found++;
      }
  g_assert_cmpuint (found, ==, G_N_ELEMENTS (names));
}

static void
test_unknown (gconstpointer data)
{
  const Studio         *studio = data;
  AriettaComposeRequest request = ARIETTA_COMPOSE_REQUEST_INIT;
  g_autoptr(GError)     error = NULL;

  request.model = "never was";
  g_assert_null (arietta_compose (studio->library, &request, NULL, &error));
  g_assert_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNKNOWN_MODEL);
  g_assert_nonnull (strstr (error->message, "“never was”"));
  g_clear_error (&error);

  request.model = "tiny";
  request.style = "polka";
  g_assert_null (arietta_compose (studio->library, &request, NULL, &error));
  g_assert_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNKNOWN_STYLE);
  g_assert_nonnull (strstr (error->message, "“polka”"));
  g_assert_nonnull (strstr (error->message, "even, odd"));
}

/* A piece keeps to one style; where none was asked for, the seed decides. */
static void
test_style (gconstpointer data)
{
  const Studio *studio = data;
  guint         n_even = 0, n_odd = 0;

  for (guint64 seed = 1; seed <= 12; seed++)
    {
      g_autoptr(AriettaComposed) composed = compose (studio, 2, seed);

      n_even += strcmp (composed->take->style, "even") == 0;
      n_odd += strcmp (composed->take->style, "odd") == 0;
    }
  g_assert_cmpuint (n_even, >, 0);
  g_assert_cmpuint (n_odd, >, 0);
  g_assert_cmpuint (n_even + n_odd, ==, 12);

  {
    AriettaComposeRequest      request = ARIETTA_COMPOSE_REQUEST_INIT;
    g_autoptr(AriettaComposed) composed = NULL;

    request.model = "tiny";
    request.style = "odd";
    composed = arietta_compose (studio->library, &request, NULL, NULL);
    g_assert_cmpstr (composed->take->style, ==, "odd");
  }
}

/* What a written file says of itself; a date only when the builder of reproducible things asks. */
static void
test_provenance (gconstpointer data)
{
  const Studio *studio = data;

  for (int dated = 0; dated < 2; dated++)
    {
      g_autoptr(GError)          error = NULL;
      g_autoptr(AriettaComposed) composed = NULL;
      g_autoptr(GBytes)          bytes = NULL;
      g_autoptr(AriettaPiece)    piece = NULL;
      g_autoptr(JsonNode)        node = NULL;
      g_autofree char           *text = NULL;
      const guint8              *start;
      gsize                      size;
      JsonObject                *said;

      if (dated)
        g_setenv ("SOURCE_DATE_EPOCH", "1700000000", TRUE);
      composed = compose (studio, 4, 9);
      g_unsetenv ("SOURCE_DATE_EPOCH");
      bytes = to_bytes (composed->piece);
      start = g_bytes_get_data (bytes, &size);
      piece = arietta_midi_read_bytes (start, size, "test", ARIETTA_MIDI_READ_DEFAULT, NULL,
                                       &error);
      g_assert_no_error (error);

      text = arietta_statement_dup (piece);
      g_assert_nonnull (text);
      node = json_from_string (text, &error);
      g_assert_no_error (error);
      said = json_node_get_object (node);
      g_assert_cmpstr (json_object_get_string_member (said, "model"), ==, "tiny");
      g_assert_cmpstr (json_object_get_string_member (said, "sha256"), ==,
                       arietta_model_get_sha256 (studio->model));
      g_assert_cmpint (json_object_get_int_member (said, "seed"), ==, 9);
      g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (said, "settings"),
                                                   "bars"), ==, 4);
      g_assert_cmpstr (json_object_get_string_member (said, "training_data"), ==, "CC0-1.0");
      g_assert_cmpint (json_object_has_member (said, "unix_time"), ==, dated);
      if (dated)
        g_assert_cmpint (json_object_get_int_member (said, "unix_time"), ==, 1700000000);
    }

  {
    g_autoptr(AriettaPiece) plain = fixture_tune (1, 4, 4, 2, 0);

    g_assert_null (arietta_statement_dup (plain));
  }
}

static void
add_tests (Studio *studio)
{
  g_test_add_data_func ("/studio/compose/same-seed", studio, test_same_seed);
  g_test_add_data_func ("/studio/compose/key", studio, test_key);
  g_test_add_data_func ("/studio/compose/bars", studio, test_bars);
  g_test_add_data_func ("/studio/compose/markers", studio, test_markers);
  g_test_add_data_func ("/studio/compose/unknown", studio, test_unknown);
  g_test_add_data_func ("/studio/compose/style", studio, test_style);
  g_test_add_data_func ("/studio/compose/provenance", studio, test_provenance);
}

int
main (int   argc,
      char *argv[])
{
  return studio_run_tests (argc, argv, add_tests);
}
