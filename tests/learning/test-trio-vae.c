#include <glib/gstdio.h>

#include "window-vae-fixtures.h"

#include "encoding/arietta-trio-steps.h"
#include "learning/arietta-trio-vae.h"

static const char text[] =
  "[model]\nkind = trio-vae\nlatent = 40\nencoder = 32\ndecoder = 48\nplace = 8\ngate = 24\n"
  "conductor = 24\nunit-gate = 40\npoint = 20\n[data]\ntranspose = 0\n";

static void
add (AriettaTrack *track,
     int           channel,
     guint         sixteenth,
     guint         length,
     int           pitch)
{
  arietta_track_add_note (track, &(AriettaNote) {
                                   .onset_ticks = sixteenth * 120,
                                   .duration_ticks = length * 120,
                                   .pitch = (guint8) pitch,
                                   .velocity = 80,
                                   .off_velocity = 64,
                                   .channel = (guint8) channel,
                                 });
}

/* A tune over bass and chords after the beat, with a kit in every other piece. */
static AriettaPiece *
make_band (guint nth,
           guint n_bars)
{
  static const int        roots[] = { 0, 5, 7, 0, 9, 2, 7, 0 };
  g_autoptr(AriettaPiece) tune = fixture_tune (nth, 4, 4, n_bars, 0);
  AriettaPiece           *piece = arietta_piece_copy (tune);
  AriettaTrack           *chords = arietta_piece_add_track (piece, "Piano");
  AriettaTrack           *bass = arietta_piece_add_track (piece, "Bass");
  AriettaTrack           *kit = arietta_piece_add_track (piece, "Kit");

  for (guint bar = 0; bar < n_bars; bar++)
    {
      int root = roots[(bar + nth) % 8];

      for (guint beat = 0; beat < 4; beat++)
        {
          guint s = 16 * bar + 4 * beat;

          if (beat % 2 == 0)
            add (bass, 2, s, 4, 36 + root);
          else
            for (int i = 0; i < 3; i++)
              add (chords, 1, s, 4, 48 + root + (int[]) { 0, 4, 7 }[i]);
          if (nth % 2 == 0)
            add (kit, 9, s, 1, beat % 2 == 0 ? 36 : 38);
        }
    }

  return arietta_piece_freeze (piece);
}

static void
test_overfit (void)
{
  g_autoptr(AriettaPiece) piece = make_band (2, 9);

  fixture_overfit (&arietta_trio_vae_kind, text, piece);
}

static void
test_graph_and_steps_agree (void)
{
  g_autoptr(AriettaPiece) piece = make_band (2, 4);

  for (guint bars = 1; bars <= 2; bars++)
    fixture_graph_and_steps_agree (&arietta_trio_vae_kind, text, piece, bars);
}

static AriettaModel *
train (JsonObject *card)
{
  g_autofree char            *folder = g_dir_make_tmp ("arietta-XXXXXX", NULL);
  g_autofree char            *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autofree char            *whole = g_strconcat (text, "[training]\nminutes = 0\nepochs = 6\nbatch = 8\n"
                                                   "rate = 0.005\nvalidate-every = 20\nown = 0.3\n", NULL);
  g_autoptr(GError)           error = NULL;
  g_autoptr(AriettaRecipe)    recipe = arietta_recipe_parse (whole, "test", &error);
  g_autoptr(AriettaTraining)  training = NULL;
  AriettaModel               *model;

  g_assert_no_error (error);
  training = arietta_training_new (recipe, 3, 0.0, 0, folder, &error);
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr(AriettaPiece) piece = make_band (i, 8);
      AriettaExample          example = { .piece = piece, .name = "band",
                                          .style = i % 2 == 0 ? "kit" : "none", .validation = i >= 8 };

      g_assert_true (arietta_training_add (training, &example));
    }
  g_assert_true (arietta_training_begin (training, &error));
  g_assert_cmpint (arietta_training_run (training, NULL, NULL, NULL, &error), ==, ARIETTA_TRAINING_COMPLETE);
  g_assert_true (arietta_training_finish (training, card, NULL, NULL, &error));
  model = arietta_model_load (path, &error);
  g_assert_no_error (error);
  fixture_remove (folder);

  return model;
}

/* What comes out is a track for each voice that sounds, on instruments of its own; the card counts the voices. */
static void
test_parts (void)
{
  g_autoptr(JsonObject)     card = json_object_new ();
  g_autoptr(AriettaModel)   model = train (card);
  g_autoptr(AriettaPiece)   band = make_band (20, 4), duo = fixture_tune (1, 4, 4, 4, 0), again = NULL, heard = NULL;
  g_autofree float         *latents = NULL, *none = NULL;
  g_autofree AriettaWindow *windows = NULL, *no_windows = NULL;
  AriettaDecodeSettings     settings = { .key = { 2, ARIETTA_SCALE_MAJOR }, .end_on_tonic = TRUE,
                                         .tempo_bpm = 100.0, .temperature = 0.5 };
  JsonObject               *voices = json_object_get_object_member (card, "voices");
  g_autoptr(GError)         error = NULL;
  AriettaRandom             random;
  guint                     n, n_tracks, n_notes;
  gboolean                  percussion = FALSE;

  g_assert_cmpint (json_object_get_int_member (voices, "melody"), >, 0);
  g_assert_cmpint (json_object_get_int_member (voices, "drums"), >, 0);
  g_assert_cmpint (json_object_get_int_member (voices, "drums"), <,
                   json_object_get_int_member (voices, "bass"));

  g_assert_true (arietta_model_encode (model, band, &latents, &windows, &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (windows[0].n_steps, ==, 32);
  arietta_random_init (&random, 1, "decode");
  again = arietta_model_decode (model, latents, windows, n, &settings, &random, &error);
  g_assert_no_error (error);
  n_tracks = arietta_piece_get_n_tracks (again);
  g_assert_cmpuint (n_tracks, >=, 3);
  for (guint t = 0; t < n_tracks; t++)
    {
      AriettaTrack      *track = arietta_piece_get_track (again, t);
      const AriettaNote *notes = arietta_track_get_notes (track, &n_notes);

      percussion = percussion || arietta_track_is_percussion (track);
      for (guint i = 0; i < n_notes; i++)
        g_assert_cmpint (notes[i].onset_ticks + notes[i].duration_ticks, <=, 64 * 120);
    }
  g_assert_cmpuint (n_tracks, ==, percussion ? 4 : 3);
  g_assert_cmpint (arietta_track_get_program (arietta_piece_get_track (again, 2)), ==, 32);

  heard = arietta_model_hear (model, band);
  g_assert_cmpuint (arietta_piece_get_n_tracks (heard), ==, ARIETTA_TRIO_N_VOICES);

  /* One line is no trio. */
  g_assert_false (arietta_model_encode (model, duo, &none, &no_windows, &n, &error));
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/learning/trio-vae/overfit", test_overfit);
  g_test_add_func ("/learning/trio-vae/graph-and-steps-agree", test_graph_and_steps_agree);
  g_test_add_func ("/learning/trio-vae/parts", test_parts);

  return g_test_run ();
}
