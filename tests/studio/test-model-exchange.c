#include "studio-fixtures.h"

#include "studio/arietta-card.h"
#include "studio/arietta-model-exchange.h"
#include "studio/arietta-model-figures.h"
#include "studio/arietta-evaluation-words.h"
#include "studio/arietta-model-words.h"
#include "studio/arietta-studio-error.h"
#include "nn/arietta-safetensors.h"

static AriettaModelInfo *
find (const Studio *studio,
      const char   *name)
{
  g_autoptr(GError) error = NULL;
  AriettaModelInfo *info = arietta_models_find (studio->library, name, &error);

  g_assert_no_error (error);

  return info;
}

/* Out and in again: the same weights to the last bit, the same card, another name. */
static void
test_there_and_back (gconstpointer data)
{
  const Studio               *studio = data;
  g_autofree char            *path = g_build_filename (studio->folder, "tiny.arietta-model", NULL);
  g_autoptr(GError)           error = NULL;
  g_autoptr(AriettaModelInfo) was = find (studio, "tiny"), is = NULL;
  g_autoptr(AriettaModel)     model = NULL;
  g_autoptr(GArray)           points = NULL, points_was = NULL;
  g_autofree char            *name = NULL;

  g_assert_true (arietta_model_is_file (path));
  g_assert_true (arietta_model_export (studio->library, "tiny", path, &error));
  g_assert_no_error (error);
  name = arietta_model_import (studio->library, path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "tiny 2");

  is = find (studio, name);
  g_assert_cmpint (is->state, ==, ARIETTA_MODEL_READY);
  g_assert_cmpstr (is->sha256, ==, was->sha256);
  g_assert_cmpstr (is->kind, ==, was->kind);
  g_assert_null (is->problem);
  g_assert_true (json_object_equal (is->card, was->card));
  points = arietta_train_read_log (is->folder, &error);
  points_was = arietta_train_read_log (was->folder, &error);
  g_assert_cmpuint (points->len, ==, points_was->len);
  g_assert_cmpuint (points->len, >, 0);
  model = arietta_models_load (studio->library, name, &error);
  g_assert_no_error (error);
  /* What it knows is told without loading it. */
  g_assert_true (g_strv_contains ((const char * const *) is->styles, "even"));
  g_assert_true (g_strv_equal ((const char * const *) is->styles, arietta_model_get_styles (model)));
}

static void
test_duplicate (gconstpointer data)
{
  const Studio               *studio = data;
  g_autoptr(GError)           error = NULL;
  g_autofree char            *name = arietta_model_duplicate (studio->library, "tiny", &error), *again = NULL;
  g_autoptr(AriettaModelInfo) was = find (studio, "tiny"), is = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (name, !=, "tiny");
  is = find (studio, name);
  g_assert_cmpstr (is->sha256, ==, was->sha256);
  g_assert_cmpstr (is->folder, !=, was->folder);
  again = arietta_model_duplicate (studio->library, name, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_ascii_strtoll (again + strlen ("tiny "), NULL, 10), ==,
                   g_ascii_strtoll (name + strlen ("tiny "), NULL, 10) + 1);
  g_assert_null (arietta_model_duplicate (studio->library, "nobody", &error));
  g_assert_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNKNOWN_MODEL);
}

static void
refuse (const Studio *studio,
        const char   *path)
{
  g_autoptr(GPtrArray) before = arietta_library_list_models (studio->library, NULL), after = NULL;
  g_autoptr(GError)    error = NULL;

  g_assert_null (arietta_model_import (studio->library, path, &error));
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE);
  g_assert_nonnull (strstr (error->message, path));
  after = arietta_library_list_models (studio->library, NULL);
  g_assert_cmpuint (after->len, ==, before->len);
}

/* Cut short, of something else, newer, of another kind, without its weights: refused with a sentence, and the library is as
 * it was. */
static void
test_refused (gconstpointer data)
{
  const Studio    *studio = data;
  g_autofree char *path = g_build_filename (studio->folder, "other.arietta-model", NULL);
  g_autofree char *contents = NULL;
  const gint64     shape[] = { 5 };
  gsize            length;

  refuse (studio, path);
  g_assert_true (arietta_model_export (studio->library, "tiny", path, NULL));
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  for (gsize cut = 0; cut < length; cut += length / 7)
    {
      g_assert_true (g_file_set_contents (path, contents, (gssize) cut, NULL));
      refuse (studio, path);
    }

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr(AriettaSafetensorsWriter) writer = arietta_safetensors_writer_new ();

      if (i > 0)
        arietta_safetensors_writer_set_metadata (writer, "arietta-model", i == 1 ? "2" : "1");
      arietta_safetensors_writer_set_metadata (writer, "name", i == 2 ? " " : "mine");
      arietta_safetensors_writer_set_metadata (writer, "kind", "melody-vae");
      if (i != 3)
        arietta_safetensors_writer_add (writer, "weights", ARIETTA_DTYPE_U8, 1, shape, "bytes");
      g_assert_true (arietta_safetensors_writer_save (writer, path, NULL));
      refuse (studio, path);
    }
}

/* A card is a file that anybody may have written: what is of another type than it should be is not there. */
static void
test_odd_cards (gconstpointer data)
{
  static const char * const cards[] = {
    "{\"data\": [5, null, {\"style\": 5, \"pieces\": 1e300, \"licences\": [{}, 5], \"attribution\": {}, \"note\": [],"
    " \"by\": 1}], \"summary\": 5, \"limits\": [5, {}], \"commands\": [null, {}], \"seconds\": {}, \"steps\": \"many\","
    " \"parameters\": \"all\"}",
    "{\"results\": {\"reconstruction\": {\"sampled\": 1e300}, \"baselines\": {\"copy\": {\"all\": -1e300}}},"
    " \"tuned\": {\"from\": 5, \"old\": {\"before\": 1, \"after\": 2}}, \"storage\": {\"before\": 1, \"after\": 1},"
    " \"evaluation\": {\"nll_per_note\": 1, \"accuracy\": 0.5, \"baselines\": {\"ngram\": {\"nll_per_note\": 1, \"accuracy\": 0.5,"
    " \"counted_on\": 5}}}}",
    "{\"results\": 5, \"tuned\": [], \"storage\": \"\", \"evaluation\": {\"baselines\": 5}, \"data\": {}}",
  };
  const Studio      *studio = data;
  g_autoptr(GError)  error = NULL;
  g_autofree char   *name = arietta_model_duplicate (studio->library, "tiny", &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      g_autoptr(AriettaModelInfo) info = find (studio, name), odd = NULL;
      g_autofree char            *path = g_build_filename (info->folder, "card.json", NULL), *text = NULL, *rights = NULL;
      g_autoptr(GPtrArray)        styles = NULL;
      g_autoptr(GArray)           figures = NULL;
      JsonNode                   *evaluation;

      g_assert_true (g_file_set_contents (path, cards[i], -1, NULL));
      odd = find (studio, name);
      text = arietta_card_dup_text (odd, NULL);
      g_assert_nonnull (strstr (text, name));
      rights = arietta_model_dup_rights (odd);
      g_assert_cmpstr (rights, ==, "");
      styles = arietta_model_list_styles (odd);
      g_assert_cmpuint (styles->len, ==, 0);
      figures = arietta_model_list_figures (odd);
      g_assert_cmpuint (figures->len, >=, 1);
      evaluation = json_object_get_member (odd->card, "evaluation");
      for (guint part = 0; evaluation != NULL && part < ARIETTA_EVALUATION_N_PARTS; part++)
        {
          g_autoptr(GArray) rows = arietta_evaluation_list (json_node_get_object (evaluation), part);

          g_assert_cmpuint (rows->len, <, 10);
        }
    }
}

static void
add_tests (Studio *studio)
{
  g_test_add_data_func ("/studio/model-exchange/there-and-back", studio, test_there_and_back);
  g_test_add_data_func ("/studio/model-exchange/duplicate", studio, test_duplicate);
  g_test_add_data_func ("/studio/model-exchange/refused", studio, test_refused);
  g_test_add_data_func ("/studio/model-exchange/odd-cards", studio, test_odd_cards);
}

int
main (int   argc,
      char *argv[])
{
  return studio_run_tests (argc, argv, add_tests);
}
