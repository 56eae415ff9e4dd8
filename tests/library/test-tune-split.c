#include "library/arietta-tune-split.h"

typedef struct
{
  const char *name;
  const char *a;
  const char *b;
  gboolean    same;
} TitlePair;

static const TitlePair title_pairs[] = {
  { "case", "The Entertainer", "THE ENTERTAINER", TRUE },
  { "accents", "Für Elise", "Fur Elise", TRUE },
  { "full width", "Ｆｕｒ　Ｅｌｉｓｅ", "Fur Elise", TRUE },
  { "punctuation", "Don’t Stop, Me Now!", "Dont stop me now", TRUE },
  { "underscores", "maple_leaf_rag", "Maple Leaf Rag", TRUE },
  { "copies", "Greensleeves (2)", "Greensleeves", TRUE },
  { "versions", "Greensleeves version 3", "Greensleeves", TRUE },
  { "arrangers", "Greensleeves [arr. Miller]", "Greensleeves", TRUE },
  { "catalogue", "Für Elise, WoO 59", "Für Elise", TRUE },
  { "opus and number", "Moonlight Sonata op. 27 no. 2", "Moonlight Sonata, Op.27", TRUE },
  { "another opus of a form", "Nocturne op. 9 no. 2", "Nocturne op. 27 no. 2", FALSE },
  { "another number", "Invention 13", "Invention 14", FALSE },
  { "a number of the title", "Hungarian Dance No. 5", "Hungarian Dance No. 6", FALSE },
  { "numbered tunes of a book", "ashover12", "ashover13", FALSE },
  { "closed-up numbers", "ashover12", "Ashover 12", TRUE },
  { "another key", "Prelude in F# minor", "Prelude in F minor", FALSE },
  { "chinese", "茉莉花 (2)", "茉莉花", TRUE },
  { "other words", "The Entertainer", "The Easy Winners", FALSE },
};

static const char *const empty_titles[] = { "", "  ", "Untitled", "Track 1", "001", "Piano right", "(2)", "♪ ♪", NULL };

static AriettaPiece *
piece_of (int        ticks_per_quarter,
          int        transposition,
          const int *pitches,
          guint      n)
{
  AriettaPiece *piece = arietta_piece_new (ticks_per_quarter);
  AriettaTrack *drums = arietta_piece_add_track (piece, "Drums");
  AriettaTrack *melody = arietta_piece_add_track (piece, "Melody");

  for (guint i = 0; i < n; i++)
    {
      AriettaNote note = { (gint64) i * ticks_per_quarter, ticks_per_quarter, 0, 80, 64, 0, 0, 0 };

      note.pitch = (guint8) (pitches[i] + transposition);
      arietta_track_add_note (melody, &note);

      note.pitch = 36 + i % 3;
      note.channel = 9;
      arietta_track_add_note (drums, &note);
    }

  return arietta_piece_freeze (piece);
}

static void
test_titles (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (title_pairs); i++)
    {
      const TitlePair *pair = &title_pairs[i];
      g_autofree char *a = arietta_tune_dup_title_key (pair->a);
      g_autofree char *b = arietta_tune_dup_title_key (pair->b);

      g_test_message ("%s: “%s”, “%s”", pair->name, a, b);
      g_assert_nonnull (a);
      g_assert_nonnull (b);
      g_assert_cmpint (g_str_equal (a, b), ==, pair->same);
    }
}

static void
test_titles_that_say_nothing (void)
{
  for (guint i = 0; empty_titles[i] != NULL; i++)
    g_assert_null (arietta_tune_dup_title_key (empty_titles[i]));
  g_assert_null (arietta_tune_dup_title_key (NULL));
}

static const int scale[] = { 60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62, 60 };

static void
test_melody_in_any_key (void)
{
  g_autoptr(AriettaPiece) here = piece_of (480, 0, scale, G_N_ELEMENTS (scale));
  g_autoptr(AriettaPiece) there = piece_of (96, 5, scale, G_N_ELEMENTS (scale));
  g_autofree char        *a = arietta_tune_dup_melody_key (here);
  g_autofree char        *b = arietta_tune_dup_melody_key (there);

  g_assert_cmpstr (a, ==, "melody:2,2,1,2,2,2,1,-1,-2,-2,-2,-1");
  g_assert_cmpstr (a, ==, b);
}

static void
test_melody_is_the_highest_line (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack           *track = arietta_piece_add_track (piece, "Piano");
  g_autofree char        *key = NULL;

  /* A melody in quarters that overlap a little, over broken chords in eighths. */
  for (guint i = 0; i < G_N_ELEMENTS (scale); i++)
    {
      AriettaNote top = { (gint64) i * 480, 500, (guint8) scale[i], 80, 64, 0, 0, 0 };
      AriettaNote low = { (gint64) i * 480 + 3, 200, 40, 60, 64, 0, 0, 0 };
      AriettaNote middle = { (gint64) i * 480 + 240, 200, 48, 60, 64, 0, 0, 0 };

      arietta_track_add_note (track, &low);
      arietta_track_add_note (track, &top);
      arietta_track_add_note (track, &middle);
    }

  key = arietta_tune_dup_melody_key (arietta_piece_freeze (piece));
  g_assert_cmpstr (key, ==, "melody:2,2,1,2,2,2,1,-1,-2,-2,-2,-1");
}

static void
test_too_short_for_a_melody (void)
{
  g_autoptr(AriettaPiece) piece = piece_of (480, 0, scale, 4);
  g_autoptr(AriettaPiece) empty = arietta_piece_new (480);

  g_assert_null (arietta_tune_dup_melody_key (piece));
  g_assert_null (arietta_tune_dup_melody_key (empty));
}

static void
test_fractions (void)
{
  int counts[3] = { 0 };

  for (int i = 0; i < 20000; i++)
    {
      g_autofree char *key = g_strdup_printf ("title:tune %d", i);

      counts[arietta_tune_split_draw (key)]++;
    }

  g_assert_cmpfloat_with_epsilon (counts[ARIETTA_SPLIT_TRAIN] / 20000.0, 0.8, 0.01);
  g_assert_cmpfloat_with_epsilon (counts[ARIETTA_SPLIT_VALIDATION] / 20000.0, 0.1, 0.01);
  g_assert_cmpfloat_with_epsilon (counts[ARIETTA_SPLIT_TEST] / 20000.0, 0.1, 0.01);

  /* The same in every library and every version: these may not change any more. */
  g_assert_cmpint (arietta_tune_split_draw ("title:fur elise"), ==, ARIETTA_SPLIT_TRAIN);
  g_assert_cmpint (arietta_tune_split_join (ARIETTA_SPLIT_TRAIN, ARIETTA_SPLIT_TEST), ==, ARIETTA_SPLIT_TEST);
  g_assert_cmpint (arietta_tune_split_join (ARIETTA_SPLIT_TEST, ARIETTA_SPLIT_VALIDATION), ==,
                   ARIETTA_SPLIT_TEST);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/library/tune-split/titles", test_titles);
  g_test_add_func ("/library/tune-split/titles-that-say-nothing", test_titles_that_say_nothing);
  g_test_add_func ("/library/tune-split/melody-in-any-key", test_melody_in_any_key);
  g_test_add_func ("/library/tune-split/melody-is-the-highest-line", test_melody_is_the_highest_line);
  g_test_add_func ("/library/tune-split/too-short-for-a-melody", test_too_short_for_a_melody);
  g_test_add_func ("/library/tune-split/fractions", test_fractions);
  return g_test_run ();
}
