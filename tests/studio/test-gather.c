#include "studio-fixtures.h"

#include "studio/arietta-explore.h"
#include "studio/arietta-gather.h"

#define SIZE 2

typedef struct
{
  char           *folder;
  AriettaLibrary *library;
  gint64          ids[STUDIO_N_TUNES];
} Shelf;

static int n_measured;

/* The number of notes, and 1; a drum has neither. */
static gboolean
measure (AriettaPiece  *piece,
         float         *values,
         gconstpointer  data)
{
  g_atomic_int_inc (&n_measured);
  values[0] = (float) arietta_piece_get_n_notes (piece);
  values[1] = 1.0f;
  return values[0] > 1.0f;
}

static const AriettaGather all = { .name = "test-1", .size = SIZE, .func = measure };
static const AriettaGather five = { .name = "test-1", .size = SIZE, .func = measure, .enough = 5 };

static void
shelf_set_up (Shelf         *shelf,
              gconstpointer  data)
{
  g_autoptr(GPtrArray) items = NULL;

  shelf->folder = g_dir_make_tmp ("arietta-gather-XXXXXX", NULL);
  shelf->library = studio_open_library (shelf->folder);
  items = arietta_library_list_items (shelf->library, 0, NULL, NULL);
  g_assert_cmpuint (items->len, ==, STUDIO_N_TUNES);
  for (guint i = 0; i < items->len; i++)
    shelf->ids[i] = ((const AriettaItem *) items->pdata[i])->id;
  n_measured = 0;
}

static void
shelf_tear_down (Shelf         *shelf,
                 gconstpointer  data)
{
  g_assert_finalize_object (shelf->library);
  test_folder_delete (shelf->folder);
  g_free (shelf->folder);
}

/* How many are known; each of these has its values. */
static guint
gather (Shelf               *shelf,
        const AriettaGather *how,
        guint                n_first,
        AriettaJob          *job,
        gboolean             done,
        guint8              *states)
{
  float values[STUDIO_N_TUNES * SIZE] = { 0 };
  guint n_known = 0;

  g_assert_cmpint (arietta_gather (how, shelf->library, shelf->ids, STUDIO_N_TUNES, n_first, job, values, states), ==, done);
  for (guint i = 0; i < STUDIO_N_TUNES; i++)
    if (states[i] == ARIETTA_GATHER_KNOWN)
      {
        g_assert_cmpfloat (values[i * SIZE], >, 1.0f);
        g_assert_cmpfloat (values[i * SIZE + 1], ==, 1.0f);
        n_known++;
      }

  return n_known;
}

static void
test_remembered (Shelf         *shelf,
                 gconstpointer  data)
{
  guint8 states[STUDIO_N_TUNES];

  g_assert_cmpuint (gather (shelf, &all, 0, NULL, TRUE, states), ==, STUDIO_N_TUNES);
  g_assert_cmpint (n_measured, ==, STUDIO_N_TUNES);
  g_assert_cmpuint (gather (shelf, &all, 0, NULL, TRUE, states), ==, STUDIO_N_TUNES);
  g_assert_cmpint (n_measured, ==, STUDIO_N_TUNES);
}

/* Some at once, out of all of them; then no more until all are asked for. */
static void
test_enough (Shelf         *shelf,
             gconstpointer  data)
{
  guint8 states[STUDIO_N_TUNES];

  g_assert_cmpuint (gather (shelf, &five, 0, NULL, TRUE, states), ==, 5);
  g_assert_cmpuint (states[0], ==, ARIETTA_GATHER_KNOWN);
  g_assert_true (states[STUDIO_N_TUNES - 1] == ARIETTA_GATHER_KNOWN || states[STUDIO_N_TUNES - 2] == ARIETTA_GATHER_KNOWN ||
                 states[STUDIO_N_TUNES - 3] == ARIETTA_GATHER_KNOWN);

  g_assert_cmpuint (gather (shelf, &five, 0, NULL, TRUE, states), ==, 5);
  g_assert_cmpint (n_measured, ==, 5);
  g_assert_cmpuint (gather (shelf, &all, 0, NULL, TRUE, states), ==, STUDIO_N_TUNES);
  g_assert_cmpint (n_measured, ==, STUDIO_N_TUNES);
}

/* What has to be known is computed beside that. */
static void
test_first (Shelf         *shelf,
            gconstpointer  data)
{
  guint8 states[STUDIO_N_TUNES];

  g_assert_cmpuint (gather (shelf, &five, 2, NULL, TRUE, states), ==, 7);
  g_assert_cmpuint (states[0], ==, ARIETTA_GATHER_KNOWN);
  g_assert_cmpuint (states[1], ==, ARIETTA_GATHER_KNOWN);
}

/* A piece without such numbers is looked at once; it is not among what waits. */
static void
test_none (Shelf         *shelf,
           gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  guint8                  states[STUDIO_N_TUNES];

  arietta_track_add_note (arietta_piece_add_track (piece, ""), &(AriettaNote) { .duration_ticks = 480, .pitch = 60,
                                                                                .velocity = 80 });
  arietta_piece_freeze (piece);
  shelf->ids[3] = studio_add (shelf->library, arietta_library_ensure_dataset (shelf->library, "folk", NULL), piece, "One", "");
  for (int pass = 0; pass < 2; pass++)
    {
      g_assert_cmpuint (gather (shelf, &all, 0, NULL, TRUE, states), ==, STUDIO_N_TUNES - 1);
      g_assert_cmpuint (states[3], ==, ARIETTA_GATHER_NONE);
      g_assert_cmpint (n_measured, ==, STUDIO_N_TUNES);
    }
}

/* Nothing more is begun; what is known by then is handed over. */
static void
test_stopped (Shelf         *shelf,
              gconstpointer  data)
{
  g_autoptr(AriettaJob) job = arietta_job_new ("", FALSE, FALSE, NULL, NULL, NULL);
  guint8                states[STUDIO_N_TUNES];

  g_assert_cmpuint (gather (shelf, &five, 0, NULL, TRUE, states), ==, 5);
  arietta_job_cancel (job);
  g_assert_cmpuint (gather (shelf, &all, 0, job, FALSE, states), ==, 5);
  g_assert_cmpint (n_measured, ==, 5);
}

/* The recommendations say how many there are still to come, and know what was heard whatever the bound. */
static void
test_recommended (Shelf         *shelf,
                  gconstpointer  data)
{
  g_autoptr(GError)            error = NULL;
  AriettaListen                heard = { .item_id = shelf->ids[6], .unix_time = 1700000000, .seconds = 60.0, .liking = 1 };
  g_autoptr(GPtrArray)         some = NULL, everything = NULL;
  guint                        n_chosen, n_waiting;

  g_assert_true (arietta_library_add_listen (shelf->library, &heard, &error));
  some = arietta_recommend (shelf->library, 100, 0.0, 4, NULL, &n_chosen, &n_waiting, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_chosen, ==, 5);
  g_assert_cmpuint (n_waiting, ==, STUDIO_N_TUNES - 5);
  g_assert_cmpuint (some->len, ==, 5);

  everything = arietta_recommend (shelf->library, 3, 0.0, 0, NULL, &n_chosen, &n_waiting, &error);
  g_assert_cmpuint (n_chosen, ==, STUDIO_N_TUNES);
  g_assert_cmpuint (n_waiting, ==, 0);
  g_assert_cmpuint (everything->len, ==, 3);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/studio/gather/" name, Shelf, NULL, shelf_set_up, function, shelf_tear_down)
  ADD ("remembered", test_remembered);
  ADD ("enough", test_enough);
  ADD ("first", test_first);
  ADD ("none", test_none);
  ADD ("stopped", test_stopped);
  ADD ("recommended", test_recommended);

  return g_test_run ();
}
