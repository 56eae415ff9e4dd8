#include "analysis/arietta-melody.h"
#include "analysis/arietta-style-measure.h"

#include <math.h>

typedef struct
{
  const char *name;
  int         channel;
  int         pitch;      /* of its first note */
  int         step;       /* from note to note */
  int         n_chord;    /* notes at once, a third apart downwards */
} Part;

static void
add_part (AriettaPiece *piece,
          const Part   *part)
{
  AriettaTrack *track = arietta_piece_add_track (piece, part->name);

  for (int i = 0; i < 16; i++)
    for (int k = 0; k < part->n_chord; k++)
      arietta_track_add_note (track, &(AriettaNote) {
                                .onset_ticks = 240 * i,
                                .duration_ticks = 240,
                                .pitch = (guint8) (part->pitch + part->step * (i % 5) - 3 * k),
                                .velocity = 80,
                                .channel = (guint8) part->channel,
                              });
}

static const struct
{
  const char *name;
  Part        parts[3];
  guint       melody;
} pieces[] = {
  { "the-higher-line", { { "", 0, 50, 1, 1 }, { "", 1, 72, 1, 1 } }, 1 },
  { "the-line-not-the-chords", { { "", 0, 76, 1, 4 }, { "", 1, 70, 1, 1 } }, 1 },
  { "by-name", { { "Piano", 0, 79, 1, 1 }, { "Gesang", 1, 67, 1, 1 } }, 1 },
  { "never-drums", { { "", 9, 80, 1, 1 }, { "", 0, 60, 1, 1 } }, 1 },
  { "first-of-four-voices",
    { { "", 0, 72, 1, 1 }, { "", 1, 66, 1, 1 }, { "", 2, 55, 1, 1 } }, 0 },
};

static void
test_part (gconstpointer data)
{
  guint                   i = GPOINTER_TO_UINT (data);
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  guint                   track;
  int                     channel;

  for (int p = 0; p < 3 && pieces[i].parts[p].n_chord > 0; p++)
    add_part (piece, &pieces[i].parts[p]);

  g_assert_true (arietta_melody_find_part (piece, &track, &channel));
  g_assert_cmpuint (track, ==, pieces[i].melody);
}

/* Format 0: the parts are channels of one track. */
static void
test_channels (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack           *track = arietta_piece_add_track (piece, "");
  guint                   nth;
  int                     channel;

  for (int i = 0; i < 16; i++)
    {
      arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = 240 * i,
                                                      .duration_ticks = 240,
                                                      .pitch = 40,
                                                      .velocity = 80,
                                                      .channel = 2 });
      arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = 240 * i,
                                                      .duration_ticks = 240,
                                                      .pitch = (guint8) (70 + i % 4),
                                                      .velocity = 80,
                                                      .channel = 5 });
    }

  g_assert_true (arietta_melody_find_part (piece, &nth, &channel));
  g_assert_cmpint (channel, ==, 5);
}

static AriettaPiece *
make_tune (int pitch,
           int step,
           int duration)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "");

  for (int i = 0; i < 32; i++)
    arietta_track_add_note (track,
                            &(AriettaNote) { .onset_ticks = duration * i,
                                             .duration_ticks = duration,
                                             .pitch = (guint8) (pitch + step * ((i * i) % 7)),
                                             .velocity = 80 });

  return piece;
}

static void
test_similarity (void)
{
  g_autoptr(AriettaPiece) tune = make_tune (60, 2, 240);
  g_autoptr(AriettaPiece) moved = make_tune (65, 2, 480);
  g_autoptr(AriettaPiece) other = make_tune (60, 1, 240);
  g_autoptr(AriettaPiece) empty = arietta_piece_new (480);

  g_assert_cmpfloat_with_epsilon (arietta_melody_similarity (tune, moved), 1.0, 1e-9);
  g_assert_cmpfloat (arietta_melody_similarity (tune, other), <, 0.5);
  g_assert_cmpfloat (arietta_melody_similarity (tune, empty), ==, 0.0);
}

/* Two made-up styles: calm steps and quick leaps.  New pieces of each are told apart. */
static void
test_style_measure (void)
{
  static const char * const      styles[] = { "calm", "quick", NULL };
  float                          statistics[20][ARIETTA_STYLE_N_STATISTICS];
  guint                          labels[20];
  g_autoptr(AriettaStyleMeasure) measure = NULL;
  g_autoptr(AriettaStyleMeasure) again = NULL;
  const float                   *values;
  gsize                          n_values;

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(AriettaPiece) piece = i % 2 == 0 ? make_tune (55 + (int) i, 1, 480)
                                                 : make_tune (50 + (int) i, 3, 120);

      labels[i] = i % 2;
      g_assert_true (arietta_style_measure_statistics (piece, statistics[i]));
      for (int k = 0; k < ARIETTA_STYLE_N_STATISTICS; k++)
        g_assert_true (isfinite (statistics[i][k]));
    }

  measure = arietta_style_measure_fit (statistics[0], labels, 20, styles);
  values = arietta_style_measure_get_values (measure, &n_values);
  again = arietta_style_measure_new (styles, values, n_values);
  g_assert_nonnull (again);
  g_assert_null (arietta_style_measure_new (styles, values, n_values - 1));

  for (int i = 0; i < 2; i++)
    {
      g_autoptr(AriettaPiece) piece = i == 0 ? make_tune (66, 1, 480) : make_tune (66, 3, 120);
      g_autoptr(GHashTable)   chances = arietta_style_measure_judge_piece (again, piece);
      double                  calm = *(double *) g_hash_table_lookup (chances, "calm");
      double                  quick = *(double *) g_hash_table_lookup (chances, "quick");

      g_assert_cmpfloat_with_epsilon (calm + quick, 1.0, 1e-9);
      g_assert_cmpint (calm > 0.8, ==, i == 0);
      g_assert_cmpint (quick > 0.8, ==, i == 1);
    }

  /* A style without a piece cannot be fitted. */
  for (guint i = 0; i < 20; i++)
    labels[i] = 0;
  g_assert_null (arietta_style_measure_fit (statistics[0], labels, 20, styles));
}

static void
test_no_statistics (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  float                   statistics[ARIETTA_STYLE_N_STATISTICS];

  g_assert_false (arietta_style_measure_statistics (piece, statistics));
  g_assert_cmpfloat (statistics[0], ==, 0.0f);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autofree char *path = g_strdup_printf ("/analysis/melody/part/%s", pieces[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_part);
    }
  g_test_add_func ("/analysis/melody/channels", test_channels);
  g_test_add_func ("/analysis/melody/similarity", test_similarity);
  g_test_add_func ("/analysis/style-measure/two-styles", test_style_measure);
  g_test_add_func ("/analysis/style-measure/no-statistics", test_no_statistics);

  return g_test_run ();
}
