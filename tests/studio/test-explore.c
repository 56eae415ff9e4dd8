#include "studio-fixtures.h"

#include "studio/arietta-explore.h"
#include "studio/arietta-studio-error.h"

#include <string.h>

/* A piece with a drum alone: nothing a melody model can encode. */
static AriettaPiece *
make_drum (void)
{
  AriettaPiece *piece = arietta_piece_new (480);

  arietta_track_add_note (arietta_piece_add_track (piece, "Drum"),
                          &(AriettaNote) { .duration_ticks = 480, .pitch = 38, .velocity = 80,
                                           .channel = 9 });

  return arietta_piece_freeze (piece);
}

static void
assert_same_map (const AriettaMap *a,
                 const AriettaMap *b)
{
  g_assert_cmpuint (a->points->len, ==, b->points->len);
  for (guint i = 0; i < a->points->len; i++)
    {
      const AriettaMapPoint *p = &g_array_index (a->points, AriettaMapPoint, i);
      const AriettaMapPoint *q = &g_array_index (b->points, AriettaMapPoint, i);

      g_assert_cmpint (p->item_id, ==, q->item_id);
      g_assert_cmpfloat (p->x, ==, q->x);
      g_assert_cmpfloat (p->y, ==, q->y);
    }
  g_assert_cmpfloat (a->trustworthiness, ==, b->trustworthiness);
}

static void
test_map (gconstpointer data)
{
  const Studio              *studio = data;
  g_autoptr(GError)          error = NULL;
  g_autoptr(AriettaPiece)    drum = make_drum ();
  g_autoptr(AriettaDataset) dataset =
    arietta_library_find_dataset (studio->library, "folk", &error);
  g_autoptr(AriettaMap)      map = NULL;
  g_autoptr(AriettaMap)      again = NULL;
  g_autofree char *name = g_strconcat ("latent:", arietta_model_get_sha256 (studio->model), NULL);
  AriettaNewItem             sound = { .source_path = "/nowhere/rain.wav",
                                       .medium = ARIETTA_MEDIUM_SOUND, .title = "Rain",
                                       .digest = "0123", .seconds = 3.0, .style = "",
                                       .licence = "CC0-1.0", .split = -1 };

  studio_add (studio->library, dataset->id, drum, "Drum", "");
  g_assert_cmpint (arietta_library_add_item (studio->library, dataset->id, &sound, &error), >, 0);
  g_assert_no_error (error);

  map = arietta_map (studio->library, "tiny", "folk", 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (map->points->len, ==, STUDIO_N_TUNES);
  g_assert_cmpuint (map->left_out, ==, 2);
  g_assert_cmpfloat (map->trustworthiness, >=, 0.0);
  g_assert_cmpfloat (map->trustworthiness, <=, 1.0);

  for (guint i = 0; i < map->points->len; i++)
    {
      const AriettaMapPoint *point = &g_array_index (map->points, AriettaMapPoint, i);
      guint                  n = 0;
      g_autofree float      *latent = arietta_library_get_feature (studio->library, FALSE,
                                                                   point->item_id, name, &n, NULL);

      g_assert_nonnull (latent);
      g_assert_cmpuint (n, ==, arietta_model_get_latent_size (studio->model));
      g_assert_cmpfloat (MAX (ABS (point->x), ABS (point->y)), <=, 1.0);
      g_assert_true (g_str_has_prefix (point->title, "Tune of number"));
      g_assert_true (strcmp (point->style, "even") == 0 || strcmp (point->style, "odd") == 0);
    }

  again = arietta_map (studio->library, "tiny", "folk", 0, NULL, &error);
  g_assert_no_error (error);
  assert_same_map (map, again);

  /* What is remembered is what is drawn: a point moved there moves on the map. */
  {
    guint                  size = arietta_model_get_latent_size (studio->model);
    const AriettaMapPoint *first = &g_array_index (map->points, AriettaMapPoint, 0);
    g_autofree float      *far = g_new (float, size);
    g_autoptr(AriettaMap)  moved = NULL;

    for (guint i = 0; i < size; i++)
      far[i] = 100.0f;
    g_assert_true (arietta_library_set_feature (studio->library, FALSE, first->item_id, name, far,
                                                size, &error));
    moved = arietta_map (studio->library, "tiny", "folk", 0, NULL, &error);
    g_assert_cmpfloat_with_epsilon (ABS (g_array_index (moved->points, AriettaMapPoint, 0).x), 1.0,
                                    1e-3);
  }
}

static void
test_map_unknown (gconstpointer data)
{
  const Studio     *studio = data;
  g_autoptr(GError) error = NULL;

  g_assert_null (arietta_map (studio->library, "tiny", "no such dataset", 0, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (arietta_map (studio->library, "never was", NULL, 0, NULL, &error));
  g_assert_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNKNOWN_MODEL);
}

/* --- what to hear next --- */

typedef struct
{
  char           *folder;
  AriettaLibrary *library;
  gint64          original, copy;  /* a tune and one that differs from it in a note */
} Shelf;

static AriettaPiece *
make_copy (AriettaPiece *piece)
{
  AriettaPiece      *copy = arietta_piece_copy (piece);
  AriettaTrack      *track = arietta_piece_get_track (copy, 0);
  guint              n;
  const AriettaNote *notes = arietta_track_get_notes (track, &n);
  GArray            *changed = g_array_new (FALSE, FALSE, sizeof (AriettaNote));

  g_array_append_vals (changed, notes, n);
  g_array_index (changed, AriettaNote, n - 1).pitch += 2;
  arietta_track_take_notes (track, changed);

  return arietta_piece_freeze (copy);
}

static void
shelf_set_up (Shelf         *shelf,
              gconstpointer  data)
{
  g_autoptr(AriettaPiece) original = fixture_tune (100, 3, 4, 16, 0);
  g_autoptr(AriettaPiece) copy = make_copy (original);
  gint64                  dataset;

  shelf->folder = g_dir_make_tmp ("arietta-shelf-XXXXXX", NULL);
  shelf->library = studio_open_library (shelf->folder);
  dataset = arietta_library_ensure_dataset (shelf->library, "folk", NULL);
  shelf->original = studio_add (shelf->library, dataset, original, "Original", "waltz");
  shelf->copy = studio_add (shelf->library, dataset, copy, "Copy", "waltz");
}

static void
shelf_tear_down (Shelf         *shelf,
                 gconstpointer  data)
{
  g_assert_finalize_object (shelf->library);
  test_folder_delete (shelf->folder);
  g_free (shelf->folder);
}

static GPtrArray *
recommend (Shelf *shelf)
{
  g_autoptr(GError) error = NULL;
  GPtrArray        *list = arietta_recommend (shelf->library, 100, 0.0, 0, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return list;
}

static void
listen (Shelf  *shelf,
        gint64  item,
        double  seconds,
        int     liking)
{
  g_autoptr(GError) error = NULL;
  AriettaListen     heard = { .item_id = item, .unix_time = 1700000000, .seconds = seconds,
                              .liking = liking };

  g_assert_true (arietta_library_add_listen (shelf->library, &heard, &error));
  g_assert_no_error (error);
}

static void
test_nothing_heard (Shelf         *shelf,
                    gconstpointer  data)
{
  g_autoptr(GPtrArray) list = recommend (shelf);

  g_assert_cmpuint (list->len, ==, STUDIO_N_TUNES + 2);
  for (guint i = 0; i < list->len; i++)
    {
      const AriettaRecommendation *one = list->pdata[i];

      g_assert_cmpint (one->kind, ==, ARIETTA_REASON_NEW);
      g_assert_cmpstr (one->reason, ==, "You have not heard this yet");
    }
}

static void
test_liked (Shelf         *shelf,
            gconstpointer  data)
{
  g_autoptr(GPtrArray)         list = NULL;
  const AriettaRecommendation *top;

  listen (shelf, shelf->original, 60.0, 1);
  list = recommend (shelf);
  top = list->pdata[0];
  g_assert_cmpint (top->item_id, ==, shelf->copy);
  g_assert_cmpint (top->kind, ==, ARIETTA_REASON_LIKE_LIKED);
  g_assert_cmpstr (top->reason, ==, "Close to “Original”, which you like");
}

static void
test_played (Shelf         *shelf,
             gconstpointer  data)
{
  g_autoptr(GPtrArray)         list = NULL;
  const AriettaRecommendation *top;

  listen (shelf, shelf->original, 60.0, 0);
  listen (shelf, shelf->original, 30.0, 0);
  list = recommend (shelf);
  top = list->pdata[0];
  g_assert_cmpint (top->item_id, ==, shelf->copy);
  g_assert_cmpint (top->kind, ==, ARIETTA_REASON_LIKE_PLAYED);
  g_assert_cmpstr (top->reason, ==, "Close to “Original”, which you played 2 times");
}

static void
test_disliked (Shelf         *shelf,
               gconstpointer  data)
{
  g_autoptr(GPtrArray)         list = NULL;
  const AriettaRecommendation *last;

  listen (shelf, shelf->original, 5.0, -1);
  list = recommend (shelf);
  g_assert_cmpuint (list->len, ==, STUDIO_N_TUNES + 1);
  for (guint i = 0; i < list->len; i++)
    g_assert_cmpint (((AriettaRecommendation *) list->pdata[i])->item_id, !=, shelf->original);

  /* What is like it comes last. */
  last = list->pdata[list->len - 1];
  g_assert_cmpint (last->item_id, ==, shelf->copy);
}

static void
test_same_order (Shelf         *shelf,
                 gconstpointer  data)
{
  g_autoptr(GPtrArray) first = NULL;
  g_autoptr(GPtrArray) second = NULL;

  listen (shelf, shelf->original, 60.0, 1);
  first = recommend (shelf);
  second = recommend (shelf);
  g_assert_cmpuint (first->len, ==, second->len);
  for (guint i = 0; i < first->len; i++)
    {
      const AriettaRecommendation *a = first->pdata[i], *b = second->pdata[i];

      g_assert_cmpint (a->item_id, ==, b->item_id);
      g_assert_cmpfloat (a->score, ==, b->score);
      if (i > 0)
        g_assert_cmpfloat (a->score, <=, ((AriettaRecommendation *) first->pdata[i - 1])->score);
    }
}

/* Long notes leaping up and down, like no tune of the book. */
static AriettaPiece *
make_leaps (void)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "Leaps");

  for (int i = 0; i < 24; i++)
    arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = 3840 * i, .duration_ticks = 960,
                                                    .pitch = i % 2 == 0 ? 90 : 61 + i % 5,
                                                    .velocity = 80 });

  return arietta_piece_freeze (piece);
}

/* Three tunes of a style were played and nothing else: more of it, with figures that hold, also where
 * nothing that was played is close. */
static void
test_style (Shelf         *shelf,
            gconstpointer  data)
{
  g_autoptr(AriettaDataset) dataset = arietta_library_find_dataset (shelf->library, "folk", NULL);
  g_autoptr(AriettaPiece)   leaps = make_leaps ();
  gint64                    far = studio_add (shelf->library, dataset->id, leaps, "Leaps", "even");
  g_autoptr(GPtrArray)      before = recommend (shelf);
  g_autoptr(GPtrArray)      after = NULL;
  guint                     n_played = 0, n_named = 0;

  for (guint i = 0; i < before->len && n_played < 3; i++)
    {
      const AriettaRecommendation *one = before->pdata[i];

      if (g_str_equal (one->style, "even") && one->item_id != far)
        {
          listen (shelf, one->item_id, 20.0, 0);
          n_played++;
        }
    }
  g_assert_cmpuint (n_played, ==, 3);

  after = recommend (shelf);
  for (guint i = 0; i < after->len; i++)
    {
      const AriettaRecommendation *one = after->pdata[i];

      if (one->kind != ARIETTA_REASON_STYLE)
        continue;
      g_assert_cmpstr (one->style, ==, "even");
      g_assert_cmpstr (one->reason, ==, "More even: 3 of the 3 pieces you played are of this style");
      n_named++;
    }
  g_assert_cmpuint (n_named, >, 0);
}

static void
add_tests (Studio *studio)
{
  g_test_add_data_func ("/studio/map/remembered", studio, test_map);
  g_test_add_data_func ("/studio/map/unknown", studio, test_map_unknown);
#define ADD(name, function) \
  g_test_add ("/studio/recommend/" name, Shelf, NULL, shelf_set_up, function, shelf_tear_down)
  ADD ("nothing-heard", test_nothing_heard);
  ADD ("liked", test_liked);
  ADD ("played", test_played);
  ADD ("disliked", test_disliked);
  ADD ("same-order", test_same_order);
  ADD ("style", test_style);
}

int
main (int   argc,
      char *argv[])
{
  return studio_run_tests (argc, argv, add_tests);
}
