#include <glib/gstdio.h>

#include "learning-fixtures.h"

#include "base/arietta-error.h"
#include "learning/arietta-model-file.h"

#include <string.h>

#define HEAD "[model]\nkind = melody-vae\n"

static const struct
{
  const char *name;
  const char *text;
  const char *place;   /* NULL: it is sound */
} recipes[] = {
  { "least", HEAD, NULL },
  { "comments", "# a recipe\n\n" HEAD "# more\nlatent = 32\n[training]\nminutes = 2.5\n", NULL },
  { "sources", HEAD "[sources]\nfolk = Somebody\nold hymns = Somebody else\n", NULL },
  { "no-kind", "[model]\nlatent = 3\n", "line 1" },
  { "no-model", "[training]\nminutes = 3\n", "[model]" },
  { "unknown-kind", "[model]\nkind = crystal-ball\n", "line 2" },
  { "unknown-key", HEAD "latent = 32\nfoo = 3\n", "line 4" },
  { "unknown-group", HEAD "[sauce]\nsalt = 1\n", "line 4" },
  { "key-of-another-group", HEAD "minutes = 3\n", "line 3" },
  { "not-a-number", HEAD "latent = many\n", "line 3" },
  { "not-whole", HEAD "latent = 3.5\n", "line 3" },
  { "number-and-more", HEAD "[training]\nrate = 0.1x\n", "line 4" },
  { "infinite", HEAD "[training]\nrate = inf\n", "line 4" },
  { "too-large", HEAD "\n\nlatent = 99999999\n", "line 5" },
  { "negative", HEAD "[training]\nepochs = -1\n", "line 4" },
  { "an-optimiser", HEAD "[training]\noptimiser = sgd\n", NULL },
  { "no-optimiser", HEAD "[training]\noptimiser = magic\n", "line 4" },
  { "no-budget", HEAD "[training]\nminutes = 0\n", "line 4" },
};

static void
test_parse (gconstpointer data)
{
  guint                    i = GPOINTER_TO_UINT (data);
  g_autoptr(GError)        error = NULL;
  g_autoptr(AriettaRecipe) recipe = arietta_recipe_parse (recipes[i].text, "my.recipe", &error);

  if (recipes[i].place == NULL)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (arietta_recipe_get_kind (recipe), ==, "melody-vae");
      g_assert_cmpstr (arietta_recipe_get_text (recipe), ==, recipes[i].text);
      return;
    }

  g_assert_null (recipe);
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_RECIPE);
  g_assert_cmpstr (arietta_error_get_file (error), ==, "my.recipe");
  g_assert_cmpstr (arietta_error_get_place (error), ==, recipes[i].place);
  g_assert_nonnull (strstr (error->message, recipes[i].place));
}

static void
test_not_a_key_file (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (arietta_recipe_parse ("latent = 3\n", "my.recipe", &error));
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_RECIPE);
  g_clear_error (&error);
  g_assert_null (arietta_recipe_load ("/nonexistent/my.recipe", &error));
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_RECIPE);
}

static void
test_values (void)
{
  g_autoptr(AriettaRecipe) recipe = arietta_recipe_parse (HEAD
                                   "latent = 32\n[training]\nrate = 0.25\n[sources]\nfolk = A; B\n",
                                   "my.recipe", NULL);
  g_autofree char         *source = arietta_recipe_dup_source (recipe, "folk");
  g_autofree char         *none = arietta_recipe_dup_source (recipe, "jazz");

  g_assert_cmpint (arietta_recipe_get_int (recipe, "model", "latent"), ==, 32);
  g_assert_cmpfloat (arietta_recipe_get_real (recipe, "training", "rate"), ==, 0.25);
  g_assert_cmpint (arietta_recipe_get_int (recipe, "training", "batch"), ==, 128);
  g_assert_cmpstr (source, ==, "A; B");
  g_assert_null (none);
}

/* The default of every kind, and every recipe in models/, can be built. */
static void
test_defaults (void)
{
  for (guint k = 0; k < arietta_model_kind_get_n (); k++)
    {
      const AriettaModelKind  *kind = arietta_model_kind_get_nth (k);
      g_autoptr(GError)        error = NULL;
      g_autoptr(AriettaRecipe) recipe =
        arietta_recipe_parse (kind->default_recipe, kind->name, &error);
      gpointer                 net;

      g_assert_no_error (error);
      net = kind->build (recipe, 1, &error);
      g_assert_no_error (error);
      kind->free (net);
    }
}

static void
test_bundled (void)
{
  const char      *folder = g_getenv ("ARIETTA_MODELS_DIR");
  g_autoptr(GDir)  dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char      *name;
  guint            n = 0;

  if (dir == NULL)
    {
      g_test_skip ("ARIETTA_MODELS_DIR is not set");
      return;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".recipe"))
      {
        g_autofree char         *path = g_build_filename (folder, name, NULL);
        g_autoptr(GError)        error = NULL;
        g_autoptr(AriettaRecipe) recipe = arietta_recipe_load (path, &error);

        g_assert_no_error (error);
        n++;
      }
  g_assert_cmpuint (n, >, 0);
}

/* A model file cut short at any of many places, or of something else, is refused with a
 * sentence. */
static void
test_model_file (void)
{
  g_autofree char         *folder = g_dir_make_tmp ("arietta-XXXXXX", NULL);
  g_autofree char         *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autofree char         *contents = NULL;
  gsize                    length;
  g_autoptr(AriettaRecipe) recipe = arietta_recipe_parse (FIXTURE_RECIPE, "test", NULL);
  const AriettaModelKind  *kind = arietta_model_kind_find ("melody-vae");
  gpointer                 net = kind->build (recipe, 1, NULL);
  g_autoptr(AriettaModel)  whole = NULL;
  g_autoptr(GError)        error = NULL;

  g_assert_true (arietta_model_file_save (kind, net, recipe, ARIETTA_WEIGHTS_F16, NULL, NULL, path, &error));
  whole = arietta_model_load (path, &error);
  g_assert_no_error (error);
  g_assert_nonnull (whole);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));

  for (gsize cut = 0; cut < length; cut += length / 40 + 1)
    {
      g_assert_true (g_file_set_contents (path, contents, (gssize) cut, NULL));
      g_assert_null (arietta_model_load (path, &error));
      g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE);
      g_assert_nonnull (strstr (error->message, path));
      g_clear_error (&error);
    }

  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_null (arietta_model_load (path, &error));
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE);
  g_clear_error (&error);

  {
    /* Weights of something else. */
    g_autoptr(AriettaSafetensorsWriter) writer = arietta_safetensors_writer_new ();

    arietta_safetensors_writer_set_metadata (writer, "arietta", "2");
    arietta_safetensors_writer_set_metadata (writer, "kind", "melody-vae");
    arietta_safetensors_writer_set_metadata (writer, "recipe", FIXTURE_RECIPE);
    g_assert_true (arietta_safetensors_writer_save (writer, path, NULL));
    g_assert_null (arietta_model_load (path, &error));
    g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE);
    g_clear_error (&error);

    /* Of the right layout, but without the weights. */
    arietta_safetensors_writer_set_metadata (writer, "arietta", "1");
    g_assert_true (arietta_safetensors_writer_save (writer, path, NULL));
    g_assert_null (arietta_model_load (path, &error));
    g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE);
  }

  kind->free (net);
  fixture_remove (folder);
}

/* In 8 bits: the same numbers as rounding gives, everything else as it was, a smaller file; and in 16 again nothing more
 * changes. */
static void
test_packed (void)
{
  g_autofree char         *folder = g_dir_make_tmp ("arietta-XXXXXX", NULL);
  g_autofree char         *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autofree char         *half_path = g_build_filename (folder, "half.safetensors", NULL);
  g_autoptr(AriettaRecipe) recipe = arietta_recipe_parse (FIXTURE_RECIPE, "test", NULL);
  const AriettaModelKind  *kind = arietta_model_kind_find ("melody-vae"), *found;
  g_autoptr(AriettaRecipe) read_recipe = NULL, again_recipe = NULL;
  g_autoptr(GArray)        seen = g_array_new (FALSE, FALSE, sizeof (guint64)), read_seen = NULL;
  g_autoptr(GBytes)        known = g_bytes_new_static ("bars", 4), read_known = NULL;
  g_autofree char         *whole = NULL, *packed = NULL;
  gsize                    whole_length, packed_length, n;
  guint64                  mark = 12345;
  gpointer                 net = kind->build (recipe, 1, NULL), read, again;
  g_autoptr(GError)        error = NULL;

  g_array_append_val (seen, mark);
  n = arietta_params_get_size (kind->get_params (net));
  g_assert_true (arietta_model_file_save (kind, net, recipe, ARIETTA_WEIGHTS_F32, seen, known, path, &error));
  g_assert_true (g_file_get_contents (path, &whole, &whole_length, NULL));
  g_assert_true (arietta_model_file_pack (path, path, ARIETTA_WEIGHTS_I8, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &packed, &packed_length, NULL));
  g_assert_cmpuint (packed_length, <, whole_length / 2);

  read = arietta_model_file_load (path, &found, &read_recipe, &read_seen, &read_known, &error);
  g_assert_no_error (error);
  g_assert_true (found == kind);
  g_assert_cmpstr (arietta_recipe_get_text (read_recipe), ==, arietta_recipe_get_text (recipe));
  g_assert_cmpuint (read_seen->len, ==, 1);
  g_assert_cmpuint (g_array_index (read_seen, guint64, 0), ==, mark);
  g_assert_true (g_bytes_equal (read_known, known));
  arietta_model_file_round (kind->get_params (net), ARIETTA_WEIGHTS_I8);
  g_assert_cmpmem (arietta_params_get_values (kind->get_params (read)), n * sizeof (float),
                   arietta_params_get_values (kind->get_params (net)), n * sizeof (float));

  g_assert_true (arietta_model_file_pack (path, half_path, ARIETTA_WEIGHTS_F32, &error));
  again = arietta_model_file_load (half_path, &found, &again_recipe, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (arietta_params_get_values (kind->get_params (again)), n * sizeof (float),
                   arietta_params_get_values (kind->get_params (net)), n * sizeof (float));

  kind->free (net);
  kind->free (read);
  kind->free (again);
  fixture_remove (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (recipes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/learning/recipe/%s", recipes[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_parse);
    }
  g_test_add_func ("/learning/recipe/not-a-key-file", test_not_a_key_file);
  g_test_add_func ("/learning/recipe/values", test_values);
  g_test_add_func ("/learning/recipe/defaults", test_defaults);
  g_test_add_func ("/learning/recipe/bundled", test_bundled);
  g_test_add_func ("/learning/recipe/model-file", test_model_file);
  g_test_add_func ("/learning/recipe/packed", test_packed);

  return g_test_run ();
}
