/* What may stay of what the composer writes. */
#include "learning-fixtures.h"

#include "learning/arietta-composer-writing-private.h"

#define N_BARS 4

/* The same four notes in each bar of one part, and nothing else. */
static AriettaEventScore *
make_alike (void)
{
  g_autoptr(AriettaPiece) piece = fixture_tune (0, 4, 4, N_BARS, 0);
  AriettaEventScore      *score = arietta_event_score_from_piece (piece);

  g_assert_cmpuint (score->parts->len, ==, 1);
  g_array_set_size (score->notes, 0);
  for (guint i = 0; i < 4 * N_BARS; i++)
    {
      AriettaEventNote note = { .bar = i / 4, .onset = (gint32) (i % 4) * ARIETTA_EVENTS_UNITS,
                                .duration = ARIETTA_EVENTS_UNITS, .pitch = (guint8) (60 + i % 4), .velocity = 80 };

      g_array_append_val (score->notes, note);
    }

  return score;
}

/* The third bar in a row that says the same is known as such, in whatever order its notes stand; one that differs in
 * a note, that follows what a person gave, that is silent or drummed is not. */
static void
test_stuck (void)
{
  g_autoptr(AriettaEventScore) score = make_alike ();
  guint8                       wanted[N_BARS] = { 1, 1, 1, 1 }, done[N_BARS] = { 1, 1, 0, 0 };
  const AriettaFillSettings    settings = { 0 };
  AriettaWriting               writing = { .score = score, .wanted = wanted, .done = done, .settings = &settings };
  AriettaEventNote            *notes = (AriettaEventNote *) (gpointer) score->notes->data, swapped;

  g_assert_cmpint (arietta_writing_check (&writing, 0, 0), ==, ARIETTA_WRITING_SOUND);
  g_assert_cmpint (arietta_writing_check (&writing, 1, 0), ==, ARIETTA_WRITING_SOUND);
  g_assert_cmpint (arietta_writing_check (&writing, 2, 0), ==, ARIETTA_WRITING_STUCK);
  g_assert_cmpint (arietta_writing_check (&writing, 3, 0), ==, ARIETTA_WRITING_STUCK);

  swapped = notes[8];
  notes[8] = notes[11];
  notes[11] = swapped;
  g_assert_cmpint (arietta_writing_check (&writing, 2, 0), ==, ARIETTA_WRITING_STUCK);

  notes[8].pitch++;
  g_assert_cmpint (arietta_writing_check (&writing, 2, 0), ==, ARIETTA_WRITING_SOUND);
  g_assert_cmpint (arietta_writing_check (&writing, 3, 0), ==, ARIETTA_WRITING_SOUND);
  notes[8].pitch--;
  notes[8].onset++;
  g_assert_cmpint (arietta_writing_check (&writing, 2, 0), ==, ARIETTA_WRITING_SOUND);
  notes[8].onset--;

  wanted[0] = 0;
  g_assert_cmpint (arietta_writing_check (&writing, 2, 0), ==, ARIETTA_WRITING_SOUND);
  g_assert_cmpint (arietta_writing_check (&writing, 3, 0), ==, ARIETTA_WRITING_STUCK);
  wanted[3] = 0;
  g_assert_cmpint (arietta_writing_check (&writing, 3, 0), ==, ARIETTA_WRITING_SOUND);
  wanted[0] = wanted[3] = 1;

  g_array_index (score->parts, AriettaEventPart, 0).drums = TRUE;
  g_assert_cmpint (arietta_writing_check (&writing, 2, 0), ==, ARIETTA_WRITING_SOUND);
  g_array_index (score->parts, AriettaEventPart, 0).drums = FALSE;
  g_array_set_size (score->notes, 0);
  g_assert_cmpint (arietta_writing_check (&writing, 2, 0), ==, ARIETTA_WRITING_SOUND);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/composer-check/stuck", test_stuck);

  return g_test_run ();
}
