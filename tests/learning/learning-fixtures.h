/* Tunes and recipes that the tests of learning/ share. */
#pragma once

#include <glib/gstdio.h>

#include "learning/arietta-training.h"

/* Tune @nth of an endless book: scales, turns and arpeggios in any metre, with a little rhythm. */
static inline AriettaPiece *
fixture_tune (guint nth,
              int   numerator,
              int   denominator,
              guint n_bars,
              guint pickup_sixteenths)
{
  static const int rhythms[][8] = {
    { 4, 4, 4, 4 }, { 2, 2, 4, 4, 4 },    { 6, 2, 8 },
    { 4, 2, 2, 8 }, { 2, 2, 2, 2, 4, 4 }, { 8, 4, 4 },
  };
  static const int degrees[] = { 0, 2, 4, 5, 7, 9, 11 };
  AriettaPiece    *piece = arietta_piece_new (480);
  AriettaTrack    *track = arietta_piece_add_track (piece, "Melody");
  AriettaRandom    random;
  gint64 tick = 0, end = ((gint64) n_bars * numerator * 16 / denominator + pickup_sixteenths) * 120;
  int              degree = 0;

  arietta_random_init (&random, nth, "tune");
  arietta_piece_set_meter (piece, 0, numerator, denominator);
  if (pickup_sixteenths > 0)
    arietta_piece_set_meter (piece, pickup_sixteenths * 120, numerator, denominator);

  while (tick < end)
    {
      const int *rhythm = rhythms[arietta_random_below (&random, G_N_ELEMENTS (rhythms))];

      for (int i = 0; i < 8 && rhythm[i] > 0 && tick < end; i++)
        {
          gint64 duration = MIN (rhythm[i] * 120, end - tick);

          arietta_track_add_note (track, &(AriettaNote) {
                                           .onset_ticks = tick,
                                           .duration_ticks = duration,
                                           .pitch = (guint8) (60 + 12 * (degree / 7)
                                                              + degrees[degree % 7]),
                                           .velocity = (guint8) (i == 0 ? 96 : 72),
                                           .off_velocity = 64,
                                         });
          tick += duration;
          degree += (int) arietta_random_below (&random, 5) - 2;
          degree = CLAMP (degree, 0, 12);
        }
    }

  return arietta_piece_freeze (piece);
}

#define FIXTURE_RECIPE                                                     \
  "[model]\nkind = melody-vae\nlatent = 16\nencoder = 24\ndecoder = 32\n"   \
  "place = 8\ngate = 16\n[data]\ntranspose = 0.2\n"                         \
  "[training]\nminutes = 0\nepochs = 3\nbatch = 8\nrate = 0.005\n"          \
  "validate-every = 5\nfree = 1\nbeta = 0.1\nnoise = 0.1\nown = 0.4\n"

static inline AriettaTraining *
fixture_training (const char *recipe_text,
                  const char *folder,
                  guint       n_tunes)
{
  g_autoptr(GError)        error = NULL;
  g_autoptr(AriettaRecipe) recipe = arietta_recipe_parse (recipe_text, "test", &error);
  AriettaTraining         *training;

  g_assert_no_error (error);
  training = arietta_training_new (recipe, 7, 0.0, 0, folder, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < n_tunes; i++)
    {
      g_autoptr(AriettaPiece) piece = fixture_tune (i, i % 3 == 2 ? 3 : 4, 4, 6, i % 4 == 1 ? 4 : 0);
      AriettaExample          example = {
        .piece = piece,
        .name = "tune",
        .style = i % 2 == 0 ? "even" : "odd",
        .validation = i % 5 == 4,
      };

      g_assert_true (arietta_training_add (training, &example));
    }
  g_assert_true (arietta_training_begin (training, &error));
  g_assert_no_error (error);

  return training;
}

/* Removes a run's folder and what training writes into it. */
static inline void
fixture_remove (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char     *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}
