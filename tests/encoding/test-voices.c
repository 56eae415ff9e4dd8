#include "encoding/arietta-voices.h"

#include <string.h>

#define PPQ 480
#define S   (PPQ / 4)  /* a sixteenth */

/* A voice as text, a character a sixteenth: a note of pitch base + n begins at 'a' + n, "-" hold, "."
 * silence. */
static void
add_line (AriettaTrack *track,
          const char   *line,
          int           base,
          int           channel)
{
  gint64 n = (gint64) strlen (line);

  for (gint64 i = 0; i < n; i++)
    if (line[i] >= 'a')
      {
        gint64 end = i + 1;

        while (end < n && line[end] == '-')
          end++;
        arietta_track_add_note (track, &(AriettaNote) {
                                  .onset_ticks = i * S,
                                  .duration_ticks = (end - i) * S,
                                  .pitch = (guint8) (base + line[i] - 'a'),
                                  .velocity = 70,
                                  .channel = (guint8) channel,
                                });
      }
}

static const char * const lines[ARIETTA_N_VOICES] = {
  "c---d-e-f-------", "c-------a-----b-", "....c---d---e---", "a---b---c---d-b-",
};
static const int bases[ARIETTA_N_VOICES] = { 72, 64, 58, 45 };

/* Tracks in the order of @order, named where @named. */
static AriettaPiece *
make_piece (const int *order,
            gboolean   named)
{
  static const char * const names[] = { "Soprano", "Alto", "Tenor", "Bass" };
  AriettaPiece *piece = arietta_piece_new (PPQ);

  for (int i = 0; i < ARIETTA_N_VOICES; i++)
    add_line (arietta_piece_add_track (piece, named ? names[order[i]] : ""), lines[order[i]], bases[order[i]], i);

  return arietta_piece_freeze (piece);
}

static void
check_lines (const AriettaVoices *voices)
{
  g_assert_cmpuint (voices->n_steps, ==, 16);
  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    for (guint s = 0, begun = 0; s < 16; s++)
      {
        if (lines[v][s] != '-')
          begun = s;
        g_assert_cmpint (voices->frames[s].pitches[v], ==,
                         lines[v][begun] == '.' ? ARIETTA_VOICE_REST : bases[v] + lines[v][begun] - 'a');
      }
}

static void
test_parts (void)
{
  static const int orders[][ARIETTA_N_VOICES] = { { 0, 1, 2, 3 }, { 3, 0, 2, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    for (int named = 0; named < 2; named++)
      {
        g_autoptr(AriettaPiece)  piece = make_piece (orders[i], named);
        g_autoptr(AriettaVoices) voices = arietta_voices_new (piece);

        g_assert_nonnull (voices);
        g_assert_cmpuint (voices->n_notes, ==, 15);
        check_lines (voices);
      }
}

/* Named voices are found among others; without names four of five are a guess, and so nothing. */
static void
test_more_parts (void)
{
  static const int order[] = { 0, 1, 2, 3 };

  for (int named = 0; named < 2; named++)
    {
      g_autoptr(AriettaPiece)  frozen = make_piece (order, named);
      g_autoptr(AriettaPiece)  piece = arietta_piece_copy (frozen);
      g_autoptr(AriettaVoices) voices = NULL;

      add_line (arietta_piece_add_track (piece, "Violino"), "a-b-c-d-e-f-g-h-", 76, 8);
      arietta_piece_freeze (piece);
      voices = arietta_voices_new (piece);
      g_assert_true ((voices != NULL) == named);
      if (voices != NULL)
        check_lines (voices);
    }
}

static void
test_chords_are_no_voices (void)
{
  static const int         order[] = { 0, 1, 2, 3 };
  g_autoptr(AriettaPiece)  frozen = make_piece (order, TRUE);
  g_autoptr(AriettaPiece)  piece = arietta_piece_copy (frozen);
  g_autoptr(AriettaVoices) voices = NULL;

  add_line (arietta_piece_get_track (piece, 1), "d-------c-------", 60, 1);
  arietta_piece_freeze (piece);
  voices = arietta_voices_new (piece);
  g_assert_null (voices);
}

static const struct
{
  const char *name;
  int         numerator, denominator, pickup;
  guint       steps[3];    /* and their phases */
  guint       phases[3];
} phase_cases[] = {
  { "four quarters", 4, 4, 0, { 0, 5, 17 }, { 0, 5, 1 } },
  { "pickup of a quarter", 4, 4, 4, { 0, 4, 20 }, { 0, 4, 4 } },
  { "pickup of an eighth", 4, 4, 2, { 0, 2, 18 }, { 2, 4, 4 } },
  { "three quarters", 3, 4, 0, { 12, 16, 24 }, { 12, 0, 8 } },
  { "seven eighths", 7, 8, 0, { 13, 14, 28 }, { 13, 0, 0 } },
};

static void
test_phases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (phase_cases); i++)
    {
      g_autoptr(AriettaPiece)  piece = arietta_piece_new (PPQ);
      g_autoptr(AriettaVoices) voices = NULL;

      g_test_message ("%s", phase_cases[i].name);
      arietta_piece_set_meter (piece, 0, phase_cases[i].numerator, phase_cases[i].denominator);
      if (phase_cases[i].pickup > 0)
        arietta_piece_set_meter (piece, phase_cases[i].pickup * S, phase_cases[i].numerator,
                                 phase_cases[i].denominator);
      add_line (arietta_piece_add_track (piece, "Melody"), "a-----------b-----------------c-d-e-", 60, 0);
      arietta_piece_freeze (piece);

      voices = arietta_voices_new_melody (piece);
      g_assert_cmpuint (voices->n_steps, ==, 36);
      for (int k = 0; k < 3; k++)
        g_assert_cmpuint (voices->phases[phase_cases[i].steps[k]], ==, phase_cases[i].phases[k]);
    }
}

/* Triplets go to the nearest steps and vanish nowhere. */
static void
test_triplets (void)
{
  g_autoptr(AriettaPiece)  piece = arietta_piece_new (PPQ);
  AriettaTrack            *track = arietta_piece_add_track (piece, "Melody");
  g_autoptr(AriettaVoices) voices = NULL;
  static const gint8       expected[] = { 60, 62, 62, 64 };

  for (int i = 0; i < 3; i++)
    arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = i * 160, .duration_ticks = 160,
                                                    .pitch = (guint8) (60 + 2 * i), .velocity = 80 });
  arietta_piece_freeze (piece);
  voices = arietta_voices_new_melody (piece);
  g_assert_cmpuint (voices->n_steps, ==, 4);
  for (int s = 0; s < 4; s++)
    g_assert_cmpint (voices->frames[s].pitches[0], ==, expected[s]);
}

static void
test_round_trip (void)
{
  static const int        order[] = { 0, 1, 2, 3 };
  g_autoptr(AriettaPiece) piece = make_piece (order, TRUE);
  g_autoptr(AriettaPiece) back = NULL;
  g_autoptr(AriettaVoices) voices = NULL;
  AriettaKept             kept;

  back = arietta_voices_round_trip (piece, &kept);
  g_assert_nonnull (back);
  g_assert_cmpfloat (kept.notes, ==, 1.0);
  g_assert_cmpfloat (kept.onsets, ==, 1.0);
  g_assert_cmpfloat (kept.durations, ==, 1.0);
  voices = arietta_voices_new (back);
  check_lines (voices);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/encoding/voices/parts", test_parts);
  g_test_add_func ("/encoding/voices/more-parts", test_more_parts);
  g_test_add_func ("/encoding/voices/chords-are-no-voices", test_chords_are_no_voices);
  g_test_add_func ("/encoding/voices/phases", test_phases);
  g_test_add_func ("/encoding/voices/triplets", test_triplets);
  g_test_add_func ("/encoding/voices/round-trip", test_round_trip);

  return g_test_run ();
}
