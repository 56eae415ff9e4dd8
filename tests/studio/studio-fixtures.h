/* A library of made-up tunes and a tiny model taught from them, for the tests of studio/. */
#pragma once

#include "../test-folder.h"

#include "../learning/learning-fixtures.h"

#include "formats/arietta-midi.h"
#include "studio/arietta-model-list.h"
#include "studio/arietta-train.h"

#define STUDIO_N_TUNES 14

typedef struct
{
  char           *folder;
  AriettaLibrary *library;
  AriettaModel   *model;     /* named "tiny"; styles "even" and "odd" */
} Studio;

static inline gint64
studio_add (AriettaLibrary *library,
            gint64          dataset,
            AriettaPiece   *piece,
            const char     *title,
            const char     *style)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *digest = arietta_piece_dup_digest (piece);
  AriettaNewItem    item = {
    .source_path = "/nowhere/tune.mid",
    .medium = ARIETTA_MEDIUM_NOTES,
    .piece = piece,
    .title = title,
    .digest = digest,
    .style = style,
    .licence = "CC0-1.0",
    .may_train = TRUE,
    .split = ARIETTA_SPLIT_TRAIN,
  };
  gint64            id = arietta_library_add_item (library, dataset, &item, &error);

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);

  return id;
}

/* A dataset "folk" of tunes of six bars. */
static inline AriettaLibrary *
studio_open_library (const char *folder)
{
  g_autoptr(GError) error = NULL;
  AriettaLibrary   *library = arietta_library_open (folder, &error);
  gint64            dataset;

  g_assert_no_error (error);
  dataset = arietta_library_ensure_dataset (library, "folk", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < STUDIO_N_TUNES; i++)
    {
      g_autoptr(AriettaPiece) piece = fixture_tune (i, 4, 4, 6, 0);
      g_autofree char        *title = g_strdup_printf ("Tune of number %u", i);

      studio_add (library, dataset, piece, title, i % 2 == 0 ? "even" : "odd");
    }

  return library;
}

static inline Studio *
studio_new (void)
{
  g_autoptr(GError)             error = NULL;
  g_autoptr(AriettaTrainResult) result = NULL;
  g_autofree char              *recipe = NULL;
  g_autofree char              *place = NULL;
  Studio                       *self = g_new0 (Studio, 1);
  AriettaTrainRequest           request = { .kind = "melody-vae", .dataset = "folk", .name = "tiny",
                                            .seed = 5 };

  self->folder = g_dir_make_tmp ("arietta-studio-XXXXXX", NULL);
  recipe = g_build_filename (self->folder, "small.recipe", NULL);
  place = g_build_filename (self->folder, "library", NULL);
  g_assert_true (g_file_set_contents (recipe, FIXTURE_RECIPE, -1, NULL));
  g_setenv ("ARIETTA_MODELS_DIR", self->folder, TRUE);
  g_unsetenv ("SOURCE_DATE_EPOCH");
  self->library = studio_open_library (place);

  request.recipe_path = recipe;
  result = arietta_train (self->library, &request, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  self->model = arietta_models_load (self->library, "tiny", &error);
  g_assert_no_error (error);

  return self;
}

static inline void
studio_free (Studio *self)
{
  arietta_model_unref (self->model);
  g_assert_finalize_object (self->library);
  test_folder_delete (self->folder);
  g_free (self->folder);
  g_free (self);
}

/* What main () does: @add registers the tests, which share one studio. */
static inline int
studio_run_tests (int    argc,
                  char  *argv[],
                  void (*add) (Studio *studio))
{
  Studio *studio;
  int     result;

  g_test_init (&argc, &argv, NULL);
  studio = studio_new ();
  add (studio);
  result = g_test_run ();
  studio_free (studio);

  return result;
}
