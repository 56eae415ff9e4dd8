#include "analysis-fixtures.h"

#include "analysis/arietta-copied.h"
#include "analysis/arietta-repetition.h"

#include <string.h>

/* Four bars of quarters: 16 notes. */
static const int known[16] = { 60, 62, 64, 65, 67, 65, 64, 62, 64, 67, 72, 71, 69, 67, 65, 64 };

static AriettaPiece *
make_tune (const int *pitches,
           int        shift,
           int        channel,
           int        late)      /* how many notes from the end come a sixteenth late */
{
  Note notes[17] = { 0 };

  for (int i = 0; i < 16; i++)
    notes[i] = (Note) { 4 * i + (i >= 16 - late), 2, pitches[i] + shift, channel };

  return make_piece (notes);
}

static void
count (AriettaCopied      *copied,
       AriettaPiece       *piece,
       AriettaCopiedCount *n)
{
  memset (n, 0, sizeof *n);
  arietta_copied_measure (copied, piece, n);
}

static void
test_keys (void)
{
  g_autoptr(AriettaCopied) copied = arietta_copied_new ();
  g_autoptr(AriettaPiece)  tune = make_tune (known, 0, 0, 0);
  g_autoptr(AriettaPiece)  higher = make_tune (known, 5, 3, 0);
  AriettaCopiedCount       n;

  count (copied, tune, &n);
  g_assert_cmpuint (n.passages, ==, 1);
  g_assert_cmpuint (n.copied, ==, 0);

  arietta_copied_add (copied, tune);
  count (copied, higher, &n);
  g_assert_cmpuint (n.passages, ==, 1);
  g_assert_cmpuint (n.copied, ==, 1);
  g_assert_cmpuint (n.drum_passages, ==, 0);
}

/* Of 16 notes 15 are needed.  One note moved up by two changes two intervals; one late onset changes
 * one note. */
static void
test_nearly (void)
{
  g_autoptr(AriettaCopied) copied = arietta_copied_new ();
  g_autoptr(AriettaPiece)  tune = make_tune (known, 0, 0, 0);
  g_autoptr(AriettaPiece)  one = make_tune (known, 0, 0, 1);
  g_autoptr(AriettaPiece)  two = make_tune (known, 0, 0, 2);
  g_autoptr(AriettaPiece)  bent = NULL;
  int                      pitches[16];
  AriettaCopiedCount       n;

  memcpy (pitches, known, sizeof known);
  pitches[7] += 2;
  bent = make_tune (pitches, 0, 0, 0);

  arietta_copied_add (copied, tune);
  count (copied, one, &n);
  g_assert_cmpuint (n.copied, ==, 1);
  count (copied, two, &n);
  g_assert_cmpuint (n.copied, ==, 0);
  count (copied, bent, &n);
  g_assert_cmpuint (n.copied, ==, 0);

  /* The last note reached otherwise is one in 16. */
  memcpy (pitches, known, sizeof known);
  pitches[15] += 2;
  g_clear_pointer (&bent, arietta_piece_unref);
  bent = make_tune (pitches, 0, 0, 0);
  count (copied, bent, &n);
  g_assert_cmpuint (n.copied, ==, 1);
}

/* Fewer than eight onsets are no passage, nor are three bars. */
static void
test_what_counts (void)
{
  static const Note        slow[] = { { 0, 8, 60 }, { 8, 8, 62 }, { 16, 8, 64 }, { 24, 8, 65 },
                                      { 32, 8, 67 }, { 40, 8, 69 }, { 48, 16, 71 }, { 0 } };
  static const Note        chords[] = { { 0, 16, 60 }, { 0, 16, 64 }, { 0, 16, 67 }, { 16, 16, 60 },
                                        { 16, 16, 65 }, { 16, 16, 69 }, { 32, 16, 59 },
                                        { 32, 16, 62 }, { 48, 16, 60 }, { 0 } };
  g_autoptr(AriettaCopied) copied = arietta_copied_new ();
  g_autoptr(AriettaPiece)  a = make_piece (slow);
  g_autoptr(AriettaPiece)  b = make_piece (chords);
  AriettaCopiedCount       n;

  count (copied, a, &n);
  g_assert_cmpuint (n.passages, ==, 0);
  count (copied, b, &n);
  g_assert_cmpuint (n.passages, ==, 0);
}

static void
test_drums (void)
{
  static const int         beat[16] = { 36, 42, 38, 42, 36, 42, 38, 42, 36, 42, 38, 42, 36, 36, 38, 38 };
  g_autoptr(AriettaCopied) copied = arietta_copied_new ();
  g_autoptr(AriettaPiece)  known_beat = make_tune (beat, 0, 9, 0);
  g_autoptr(AriettaPiece)  moved = make_tune (beat, 1, 9, 0);
  AriettaCopiedCount       n;

  arietta_copied_add (copied, known_beat);
  count (copied, known_beat, &n);
  g_assert_cmpuint (n.passages, ==, 0);
  g_assert_cmpuint (n.drum_passages, ==, 1);
  g_assert_cmpuint (n.drum_copied, ==, 1);
  /* Other drums in the same rhythm are another beat. */
  count (copied, moved, &n);
  g_assert_cmpuint (n.drum_copied, ==, 0);
}

/* Four bars by themselves, as they are asked for while they are written. */
static void
test_bars (void)
{
  static const int         lengths[ARIETTA_COPIED_BARS] = { 96, 96, 96, 96 };
  g_autoptr(AriettaCopied) copied = arietta_copied_new ();
  g_autoptr(AriettaPiece)  tune = make_tune (known, 0, 0, 0);
  AriettaPartNote          notes[16];

  arietta_copied_add (copied, tune);
  for (guint i = 0; i < 16; i++)
    notes[i] = (AriettaPartNote) { i / 4, (int) (i % 4) * 24, 12, (guint8) (known[i] + 3) };
  g_assert_true (arietta_copied_has (copied, notes, 16, FALSE, lengths));
  g_assert_false (arietta_copied_has (copied, notes, 16, TRUE, lengths));
  g_assert_false (arietta_copied_has (copied, notes, 7, FALSE, lengths));
  notes[6].pitch++;
  g_assert_false (arietta_copied_has (copied, notes, 16, FALSE, lengths));
}

static void
test_store (void)
{
  g_autoptr(AriettaCopied) copied = arietta_copied_new ();
  g_autoptr(AriettaCopied) again = NULL;
  g_autoptr(AriettaPiece)  tune = make_tune (known, 0, 0, 0);
  g_autoptr(GBytes)        bytes = NULL;
  AriettaCopiedCount       n;
  gsize                    size;
  const guint8            *data;

  arietta_copied_add (copied, tune);
  bytes = arietta_copied_store (copied);
  data = g_bytes_get_data (bytes, &size);
  again = arietta_copied_restore (data, size);
  g_assert_nonnull (again);
  count (again, tune, &n);
  g_assert_cmpuint (n.copied, ==, 1);

  /* Cut short anywhere, it is refused. */
  for (gsize cut = 0; cut < size; cut++)
    g_assert_null (arietta_copied_restore (data, cut));
}

/* Two bars, then the same a fourth higher, then one that is new. */
static void
test_repetition (void)
{
  static const Note       notes[] = {
    { 0, 4, 60 }, { 4, 4, 62 }, { 8, 8, 64 },  { 16, 8, 67 }, { 24, 8, 60 },
    { 32, 4, 65 }, { 36, 4, 67 }, { 40, 8, 69 }, { 48, 8, 72 }, { 56, 8, 65 },
    { 64, 4, 60 }, { 68, 12, 59 }, { 80, 16, 60 }, { 0 },
  };
  g_autoptr(AriettaPiece) piece = make_piece (notes);
  guint                   bars = 0, repeated = 0;

  /* The last bar has one onset and does not count. */
  arietta_repetition_count (piece, &bars, &repeated);
  g_assert_cmpuint (bars, ==, 5);
  g_assert_cmpuint (repeated, ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/copied/keys", test_keys);
  g_test_add_func ("/copied/nearly", test_nearly);
  g_test_add_func ("/copied/what-counts", test_what_counts);
  g_test_add_func ("/copied/drums", test_drums);
  g_test_add_func ("/copied/bars", test_bars);
  g_test_add_func ("/copied/store", test_store);
  g_test_add_func ("/copied/repetition", test_repetition);

  return g_test_run ();
}
