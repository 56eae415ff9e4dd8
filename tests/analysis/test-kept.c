/* What is left of a piece: by the note after a conversion, by the melody after a mix. */
#include "analysis/arietta-kept.h"
#include "analysis/arietta-retention.h"

typedef struct
{
  int onset, duration;   /* sixteenths */
  int pitch, velocity;
} Note;

#define MAX_NOTES 8

static AriettaPiece *
make (const Note *notes,
      int         ticks_per_quarter)
{
  AriettaPiece *piece = arietta_piece_new (ticks_per_quarter);
  AriettaTrack *track = arietta_piece_add_track (piece, "");
  int           sixteenth = ticks_per_quarter / 4;

  for (int i = 0; i < MAX_NOTES && notes[i].pitch > 0; i++)
    arietta_track_add_note (track, &(AriettaNote) {
                              .onset_ticks = notes[i].onset * sixteenth,
                              .duration_ticks = notes[i].duration * sixteenth,
                              .pitch = (guint8) notes[i].pitch,
                              .velocity = (guint8) notes[i].velocity,
                            });

  return arietta_piece_freeze (piece);
}

static const Note tune[] = {
  { 0, 4, 60, 80 }, { 4, 4, 64, 80 }, { 8, 4, 67, 80 }, { 12, 4, 64, 80 },
  { 16, 4, 62, 80 }, { 20, 4, 59, 80 }, { 24, 8, 60, 80 }, { 0 },
};

/* --- kept --- */

static const struct
{
  const char  *name;
  Note         after[MAX_NOTES];
  AriettaKept  kept;   /* of the tune's seven notes, in sevenths */
} conversions[] = {
  { "the-same",
    { { 0, 4, 60, 80 }, { 4, 4, 64, 80 }, { 8, 4, 67, 80 }, { 12, 4, 64, 80 },
      { 16, 4, 62, 80 }, { 20, 4, 59, 80 }, { 24, 8, 60, 80 } },
    { 7, 7, 7, 7 } },
  { "two-lost",
    { { 0, 4, 60, 80 }, { 4, 4, 64, 80 }, { 8, 4, 67, 80 }, { 12, 4, 64, 80 }, { 24, 8, 60, 80 } },
    { 5, 5, 5, 5 } },
  { "another-pitch-length-velocity",
    { { 0, 4, 61, 80 }, { 4, 2, 64, 80 }, { 8, 4, 67, 70 }, { 12, 4, 64, 80 },
      { 16, 4, 62, 80 }, { 20, 4, 59, 80 }, { 24, 8, 60, 80 } },
    { 6, 6, 5, 5 } },
  { "a-sixteenth-late",
    { { 1, 4, 60, 80 }, { 4, 4, 64, 80 }, { 8, 4, 67, 80 }, { 12, 4, 64, 80 },
      { 16, 4, 62, 80 }, { 20, 4, 59, 80 }, { 24, 8, 60, 80 } },
    { 6, 6, 6, 6 } },
  { "nothing", { { 0 } }, { 0, 0, 0, 0 } },
};

static void
test_kept (gconstpointer data)
{
  guint                   i = GPOINTER_TO_UINT (data);
  g_autoptr(AriettaPiece) before = make (tune, 480);
  g_autoptr(AriettaPiece) after = make (conversions[i].after, 96);
  AriettaKept             kept;

  arietta_kept_measure (before, after, &kept);
  g_assert_cmpfloat_with_epsilon (kept.notes, conversions[i].kept.notes / 7.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (kept.onsets, conversions[i].kept.onsets / 7.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (kept.durations, conversions[i].kept.durations / 7.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (kept.velocities, conversions[i].kept.velocities / 7.0, 1e-9);
}

/* A partner serves once, and what begins near by is kept, but not its onset. */
static void
test_kept_partners (void)
{
  static const Note       twice[] = { { 0, 4, 60, 80 }, { 0, 4, 60, 80 }, { 0 } };
  static const Note       once[] = { { 0, 4, 60, 80 }, { 0 } };
  g_autoptr(AriettaPiece) two = make (twice, 480);
  g_autoptr(AriettaPiece) one = make (once, 480);
  g_autoptr(AriettaPiece) late = arietta_piece_new (480);
  g_autoptr(AriettaPiece) empty = arietta_piece_new (480);
  AriettaKept             kept;

  arietta_kept_measure (two, one, &kept);
  g_assert_cmpfloat_with_epsilon (kept.notes, 0.5, 1e-9);

  arietta_track_add_note (arietta_piece_add_track (late, ""),
                          &(AriettaNote) { .onset_ticks = 30, .duration_ticks = 480, .pitch = 60,
                                           .velocity = 80 });
  arietta_kept_measure (one, late, &kept);
  g_assert_cmpfloat (kept.notes, ==, 1.0);
  g_assert_cmpfloat (kept.onsets, ==, 0.0);
  g_assert_cmpfloat (kept.durations, ==, 1.0);

  arietta_kept_measure (empty, one, &kept);
  g_assert_cmpfloat (kept.notes, ==, 1.0);
}

/* --- retention --- */

static const struct
{
  const char       *name;
  Note              result[MAX_NOTES];
  AriettaRetention  retention;
} mixes[] = {
  { "itself",
    { { 0, 4, 60, 80 }, { 4, 4, 64, 80 }, { 8, 4, 67, 80 }, { 12, 4, 64, 80 },
      { 16, 4, 62, 80 }, { 20, 4, 59, 80 }, { 24, 8, 60, 80 } },
    { 1.0, 1.0, 1.0 } },
  { "an-octave-up",
    { { 0, 4, 72, 80 }, { 4, 4, 76, 80 }, { 8, 4, 79, 80 }, { 12, 4, 76, 80 },
      { 16, 4, 74, 80 }, { 20, 4, 71, 80 }, { 24, 8, 72, 80 } },
    { 1.0, 1.0, 1.0 } },
  { "other-pitches-same-rhythm",   /* a tritone up: the contour is the same */
    { { 0, 4, 66, 80 }, { 4, 4, 70, 80 }, { 8, 4, 73, 80 }, { 12, 4, 70, 80 },
      { 16, 4, 68, 80 }, { 20, 4, 65, 80 }, { 24, 8, 66, 80 } },
    { 0.0, 1.0, 1.0 } },
  { "upside-down",                 /* every step goes the other way */
    { { 0, 4, 67, 80 }, { 4, 4, 64, 80 }, { 8, 4, 60, 80 }, { 12, 4, 64, 80 },
      { 16, 4, 65, 80 }, { 20, 4, 69, 80 }, { 24, 8, 67, 80 } },
    { 0.5, 0.0, 1.0 } },
  { "half-the-onsets",             /* one long note for each bar's four quarters, then none */
    { { 0, 16, 60, 80 } },
    { 0.5 * 0.40824829, 0.0, 2.0 / 8.0 } },
};

static void
test_retention (gconstpointer data)
{
  guint                   i = GPOINTER_TO_UINT (data);
  g_autoptr(AriettaPiece) source = make (tune, 480);
  g_autoptr(AriettaPiece) result = make (mixes[i].result, 240);
  AriettaRetention        r;

  arietta_retention_measure (source, result, &r);
  g_assert_cmpfloat_with_epsilon (r.chroma, mixes[i].retention.chroma, 1e-6);
  g_assert_cmpfloat_with_epsilon (r.contour, mixes[i].retention.contour, 1e-6);
  g_assert_cmpfloat_with_epsilon (r.onset_f1, mixes[i].retention.onset_f1, 1e-6);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (conversions); i++)
    {
      g_autofree char *path = g_strdup_printf ("/analysis/kept/%s", conversions[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_kept);
    }
  g_test_add_func ("/analysis/kept/partners", test_kept_partners);
  for (guint i = 0; i < G_N_ELEMENTS (mixes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/analysis/retention/%s", mixes[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_retention);
    }

  return g_test_run ();
}
