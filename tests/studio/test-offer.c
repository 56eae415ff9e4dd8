/* Offers: bars of the one and of the other piece, and nothing else. */
#include "studio-fixtures.h"

#include "music/arietta-statement.h"
#include "studio/arietta-composition.h"
#include "studio/arietta-offer.h"
#include "studio/arietta-provenance.h"
#include "studio/arietta-studio-error.h"

/* Four bars of whole notes at @pitch. */
static AriettaPiece *
make_piece (guint n_tracks,
            guint n_bars,
            int   pitch)
{
  AriettaPiece *piece = arietta_piece_new (480);

  for (guint t = 0; t < n_tracks; t++)
    {
      AriettaTrack *track = arietta_piece_add_track (piece, t == 0 ? "Melody" : "New");

      for (gint64 bar = 0; bar < n_bars; bar++)
        arietta_track_add_note (track, &(AriettaNote) {
                                         .onset_ticks = bar * 1920, .duration_ticks = 1920,
                                         .pitch = (guint8) (pitch + (int) t), .velocity = 80,
                                         .off_velocity = 64, .channel = (guint8) t, });
    }

  return arietta_piece_freeze (piece);
}

static void
assert_pitches (AriettaPiece *piece,
                guint         track,
                const int    *pitches,
                guint         n_pitches)
{
  guint              n;
  const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, track), &n);

  g_assert_cmpint (n, ==, n_pitches);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (notes[i].pitch, ==, pitches[i]);
}

static void
test_merge (void)
{
  g_autoptr(AriettaPiece) before = make_piece (1, 4, 60), after = make_piece (2, 6, 70);
  g_autoptr(AriettaPiece) some = NULL, all = NULL, none = NULL;
  const guint8            taken[] = { 1, 0, 1 }, nothing[] = { 0, 0, 0 };

  some = arietta_offer_merge (before, after, 1, taken, G_N_ELEMENTS (taken));
  assert_pitches (some, 0, (const int[]) { 60, 70, 60, 70 }, 4);
  assert_pitches (some, 1, (const int[]) { 71, 71 }, 2);
  g_assert_cmpstr (arietta_track_get_name (arietta_piece_get_track (some, 1)), ==, "New");

  all = arietta_offer_merge (before, after, 2, NULL, 0);
  assert_pitches (all, 0, (const int[]) { 60, 60, 70, 70, 70, 70 }, 6);
  assert_pitches (all, 1, (const int[]) { 71, 71, 71, 71 }, 4);

  none = arietta_offer_merge (before, after, 1, nothing, G_N_ELEMENTS (nothing));
  g_assert_true (arietta_piece_equal (none, before));
}

/* A piece that was given says who worked on it, each in turn; one that says so already goes on. */
static void
test_provenance (void)
{
  g_autoptr(AriettaPiece) given = make_piece (1, 4, 60), once = NULL, twice = NULL, dated = NULL;
  g_autofree char        *text = NULL;
  g_autoptr(JsonNode)     root = NULL;
  JsonObject             *object;
  JsonArray              *then;
  const AriettaProvenanceWishes wishes = { .unix_time = 1000 };

  once = arietta_provenance_extend (given, "{\"model\": \"a\"}");
  dated = arietta_provenance_export (once, &wishes);
  twice = arietta_provenance_extend (dated, "{\"model\": \"b\"}");
  text = arietta_statement_dup (twice);
  root = json_from_string (text, NULL);
  g_assert_nonnull (root);
  object = json_node_get_object (root);
  g_assert_cmpstr (json_object_get_string_member (object, "source"), ==, "given");
  g_assert_false (json_object_has_member (object, "unix_time"));
  then = json_object_get_array_member (object, "then");
  g_assert_cmpint (json_array_get_length (then), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (then, 1), "model"), ==, "b");
  g_assert_cmpint (arietta_piece_get_n_notes (twice), ==, 4);
}

static void
test_wishes (void)
{
  static const char * const odd[] = { "", "[]", "5", "{}", "{\"action\": 5}", "{\"action\": null}", "{\"action\": \"dance\"}" };

  for (guint wish = 0; wish < ARIETTA_WISH_N; wish++)
    g_assert_cmpint (arietta_wish_find (arietta_wish_get_name (wish)), ==, wish);
  g_assert_cmpint (arietta_wish_find ("dance"), ==, ARIETTA_WISH_N);
  g_assert_cmpint (arietta_offer_find_wish (NULL), ==, ARIETTA_WISH_N);
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    g_assert_cmpint (arietta_offer_find_wish (odd[i]), ==, ARIETTA_WISH_N);
}

/* A model that is not there is named. */
static void
test_no_model (void)
{
  g_autofree char          *folder = g_dir_make_tmp ("arietta-XXXXXX", NULL);
  g_autoptr(GError)         error = NULL;
  g_autoptr(AriettaLibrary) library = arietta_library_open (folder, &error);
  g_autoptr(AriettaPiece)   piece = make_piece (1, 4, 60);
  AriettaAssistRequest      request = ARIETTA_ASSIST_REQUEST_INIT;

  g_assert_no_error (error);
  request.model = "nobody";
  g_assert_null (arietta_offer_new (library, piece, ARIETTA_WISH_BASS, &request, NULL, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "nobody"));

  g_clear_object (&library);
  test_folder_delete (folder);
}

/* What is accepted becomes a take that knows seed, settings and parent; the history leads from one to the next, back and forth. */
static void
test_family (void)
{
  g_autofree char             *folder = g_dir_make_tmp ("arietta-XXXXXX", NULL);
  g_autoptr(GError)            error = NULL;
  g_autoptr(AriettaLibrary)    library = arietta_library_open (folder, &error);
  g_autoptr(AriettaPiece)      first = make_piece (1, 4, 60), second = make_piece (1, 4, 62), third = make_piece (2, 4, 64);
  g_autoptr(AriettaTake)       root = g_new0 (AriettaTake, 1), child = NULL, grandchild = NULL;
  g_autoptr(AriettaComposition) composition = NULL;
  AriettaOffer                 offer = { .seed = 7, .model = (char *) "tiny", .model_hash = (char *) "00",
                                         .settings = (char *) "{\"action\": \"vary\"}", .style = (char *) "folk",
                                         .maker = (char *) "{\"model\": \"tiny\"}", };
  g_autofree char             *maker = NULL, *next = NULL;
  gint64                       id;

  g_assert_no_error (error);
  root->title = g_strdup ("Song");
  g_assert_true (arietta_library_add_take (library, root, first, &error));
  composition = arietta_composition_new (library, "Song", root->id, first);
  g_assert_cmpint (arietta_composition_get_parent_take (composition), ==, root->id);

  id = arietta_offer_keep (&offer, library, ARIETTA_WISH_VARY, second, "Song",
                           arietta_composition_get_parent_take (composition), &error);
  g_assert_no_error (error);
  child = arietta_library_get_take (library, id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (child->parent_id, ==, root->id);
  g_assert_cmpuint (child->seed, ==, 7);
  g_assert_cmpstr (child->model, ==, "tiny");
  g_assert_cmpstr (child->style, ==, "folk");
  g_assert_cmpint (arietta_offer_find_wish (child->settings), ==, ARIETTA_WISH_VARY);
  g_assert_nonnull (strstr (child->title, "Song"));
  g_assert_cmpstr (child->note, ==, "");

  maker = arietta_offer_dup_maker (&offer, id);
  g_assert_true (arietta_composition_step (composition, "Vary", maker, second));
  g_assert_cmpint (arietta_composition_get_parent_take (composition), ==, id);
  g_assert_true (arietta_composition_step (composition, "Move Notes", NULL, third));
  g_assert_cmpint (arietta_composition_get_parent_take (composition), ==, id);
  grandchild = arietta_library_get_take (library,
                                         arietta_offer_keep (&offer, library, ARIETTA_WISH_BASS, third, NULL, id, &error),
                                         &error);
  g_assert_no_error (error);
  g_assert_cmpint (grandchild->parent_id, ==, id);
  g_assert_true (arietta_composition_undo (composition));
  g_assert_true (arietta_composition_undo (composition));
  g_assert_cmpint (arietta_composition_get_parent_take (composition), ==, root->id);

  /* Taken from in a comparison. */
  next = arietta_offer_dup_take_maker (grandchild);
  g_assert_true (arietta_composition_step (composition, "Take from Another", next, third));
  g_assert_cmpint (arietta_composition_get_parent_take (composition), ==, grandchild->id);

  g_assert_true (arietta_library_note_take (library, id, "the good one", &error));
  g_clear_pointer (&child, arietta_take_free);
  child = arietta_library_get_take (library, id, &error);
  g_assert_cmpstr (child->note, ==, "the good one");
  g_assert_false (arietta_library_note_take (library, 999, "nobody", &error));
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND);

  {
    GMainContext *context = g_main_context_default ();
    gboolean      saved = FALSE;

    for (g_object_get (composition, "saved", &saved, NULL); !saved; g_object_get (composition, "saved", &saved, NULL))
      g_main_context_iteration (context, TRUE);
  }
  g_clear_object (&composition);
  g_clear_object (&library);
  test_folder_delete (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/offer/merge", test_merge);
  g_test_add_func ("/offer/provenance", test_provenance);
  g_test_add_func ("/offer/wishes", test_wishes);
  g_test_add_func ("/offer/no-model", test_no_model);
  g_test_add_func ("/offer/family", test_family);

  return g_test_run ();
}
