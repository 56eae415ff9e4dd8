#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

#include "base/arietta-error.h"
#include "learning/arietta-composer-use.h"

#include <glib/gi18n.h>

static const AriettaRecipeField fields[] = {
  { "model", "layers", ARIETTA_RECIPE_INT, 1, 24, "4" },
  { "model", "size", ARIETTA_RECIPE_INT, 8, 1024, "256" },
  { "model", "heads", ARIETTA_RECIPE_INT, 1, 32, "8" },
  { "model", "inner", ARIETTA_RECIPE_INT, 8, 4096, "1024" },
  { "model", "context", ARIETTA_RECIPE_INT, 64, 4096, "512" },  /* most tokens of a window */
  { "model", "distances", ARIETTA_RECIPE_INT, 1, 1024, "128" }, /* with an embedding of their own */
  { "model", "home", ARIETTA_RECIPE_INT, 0, 1, "1" },           /* windows are moved so that C is their tonic */
  /* Columns of each echo, arietta-composer-echo.h; 0: none are heard. */
  { "model", "echoes", ARIETTA_RECIPE_INT, 0, 1024, "0" },
  { "model", "chords", ARIETTA_RECIPE_INT, 0, 1, "0" },         /* what the other parts sound is heard */
  { "model", "surroundings", ARIETTA_RECIPE_INT, 0, 1, "0" },   /* what sounds in the bars around is heard */
  /* Chances. */
  { "data", "told", ARIETTA_RECIPE_REAL, 0, 1, "0.75" },      /* a condition is told */
  { "data", "infill", ARIETTA_RECIPE_REAL, 0, 1, "0.5" },     /* a window has masked cells */
  { "data", "transpose", ARIETTA_RECIPE_REAL, 0, 1, "0.1" },  /* a window is in another key instead */
  { "data", "louder", ARIETTA_RECIPE_REAL, 0, 1, "0.3" },
  { "data", "stretch", ARIETTA_RECIPE_REAL, 0, 1, "0.3" },
  /* A window comes with the bars of two holes exchanged as well. */
  { "data", "exchanged", ARIETTA_RECIPE_REAL, 0, 0.9, "0" },
  /* 1: styles as often as they are large, 0: all alike */
  { "data", "balance", ARIETTA_RECIPE_REAL, 0, 1, "0.6" },
  { "training", "dropout", ARIETTA_RECIPE_REAL, 0, 0.9, "0.1" },
  { "training", "smoothing", ARIETTA_RECIPE_REAL, 0, 0.5, "0.05" },
  /* Weight of each event that fills a hole; of all others: 1. */
  { "training", "fill-weight", ARIETTA_RECIPE_REAL, 0.1, 10, "1" },
  /* Weight of telling the bars of holes from exchanged ones, arietta_composer_graph_pair (). */
  { "training", "exchange-weight", ARIETTA_RECIPE_REAL, 0.01, 10, "1" },
  { NULL, NULL, 0, 0, 0, NULL },
};

static const char default_recipe[] =
  "# A composer small enough to learn from some hundred pieces within the hour.\n"
  "[model]\n"
  "kind = attention-composer\n"
  "layers = 3\n"
  "size = 128\n"
  "heads = 4\n"
  "inner = 512\n"
  "context = 384\n"
  "echoes = 32\n"
  "chords = 1\n"
  "\n"
  "[training]\n"
  "minutes = 40\n"
  "batch = 8\n"
  "watch = 4\n"
  "rate = 0.002\n";

static void
declare (AriettaComposer *self)
{
  AriettaParams       *p = self->params;
  AriettaDecoderShape  shape = arietta_composer_get_shape (self);
  int                  E = self->n_size, V = (int) arietta_events_get_n ();

  /* Tokens go in by the rows of the matrix they come out by. */
  arietta_params_add (p, "out.weight", ARIETTA_INIT_NORMAL, 0.02, ARIETTA_SHAPE (V, E));
  arietta_params_add (p, "bars", ARIETTA_INIT_NORMAL, 0.02, ARIETTA_SHAPE (COMPOSER_BARS, E));
  arietta_params_add (p, "positions", ARIETTA_INIT_NORMAL, 0.02, ARIETTA_SHAPE (COMPOSER_POSITIONS, E));
  arietta_params_add (p, "slots", ARIETTA_INIT_NORMAL, 0.02, ARIETTA_SHAPE (COMPOSER_SLOTS, E));
  arietta_params_add_decoder (p, &shape);
  if (self->chords)
    arietta_params_add (p, "echo.chord", ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (COMPOSER_CHORD_ROWS, E));
  if (self->surroundings)
    arietta_params_add (p, "echo.around", ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (COMPOSER_AROUND_ROWS, E));
  /* What begins at zero leaves a net that knew no echoes as it was. */
  if (self->n_echo > 0)
    {
      arietta_params_add (p, "echo.tokens", ARIETTA_INIT_NORMAL, 0.1, ARIETTA_SHAPE (V, self->n_echo));
      arietta_params_add (p, "echo.in.weight", ARIETTA_INIT_ZERO, 0,
                          ARIETTA_SHAPE (E, COMPOSER_ECHOES * self->n_echo));
      arietta_params_add (p, "echo.trust", ARIETTA_INIT_ZERO, 0,
                          ARIETTA_SHAPE (COMPOSER_ECHOES * COMPOSER_TRUSTS, E));
      arietta_params_add (p, "echo.out.weight", ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (COMPOSER_ECHOES, E));
      arietta_params_add (p, "echo.out.bias", ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (COMPOSER_ECHOES));
      arietta_params_add (p, "echo.gate", ARIETTA_INIT_ZERO, 0,
                          ARIETTA_SHAPE (COMPOSER_ECHOES * COMPOSER_TRUSTS, COMPOSER_ECHOES));
    }
  arietta_params_add (p, "out.bias", ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (V));
}

static gpointer
composer_build (AriettaRecipe  *recipe,
                guint64         seed,
                GError        **error)
{
  AriettaComposer *self = g_new0 (AriettaComposer, 1);

  self->n_layers = (int) arietta_recipe_get_int (recipe, "model", "layers");
  self->n_size = (int) arietta_recipe_get_int (recipe, "model", "size");
  self->n_heads = (int) arietta_recipe_get_int (recipe, "model", "heads");
  self->n_inner = (int) arietta_recipe_get_int (recipe, "model", "inner");
  self->n_context = (int) arietta_recipe_get_int (recipe, "model", "context");
  self->n_distances = (int) arietta_recipe_get_int (recipe, "model", "distances");
  self->home = arietta_recipe_get_int (recipe, "model", "home") != 0;
  self->chords = arietta_recipe_get_int (recipe, "model", "chords") != 0;
  self->surroundings = arietta_recipe_get_int (recipe, "model", "surroundings") != 0;
  self->n_echo = (int) arietta_recipe_get_int (recipe, "model", "echoes");
  self->styles = g_new0 (char *, 1);
  if (self->n_size % self->n_heads != 0)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_RECIPE, NULL, NULL,
                         _("The recipe's size, %d, cannot be shared by %d heads."), self->n_size,
                         self->n_heads);
      g_strfreev (self->styles);
      g_free (self);
      return NULL;
    }

  self->params = arietta_params_new ();
  declare (self);
  arietta_params_allocate (self->params, seed);

  return self;
}

static void
composer_free (gpointer net)
{
  AriettaComposer *self = net;

  if (self == NULL)
    return;

  arietta_composer_steps_free (self->steps);
  arietta_params_free (self->params);
  g_strfreev (self->styles);
  g_free (self);
}

static AriettaParams *
composer_get_params (gpointer net)
{
  return ((AriettaComposer *) net)->params;
}

static void
composer_store (gpointer                  net,
                AriettaSafetensorsWriter *writer)
{
  AriettaComposer  *self = net;
  g_autofree char  *styles = g_strjoinv ("\n", self->styles);

  arietta_safetensors_writer_set_metadata (writer, "styles", styles);
}

/* Style tokens keep their meaning. */
static void
composer_begin_from (gpointer            net,
                     AriettaSafetensors *file)
{
  AriettaComposer *self = net;
  const char      *styles = arietta_safetensors_get_metadata (file, "styles");

  if (styles == NULL || styles[0] == '\0')
    return;

  g_strfreev (self->styles);
  self->styles = g_strsplit (styles, "\n", ARIETTA_EVENTS_N_STYLES);
}

static gboolean
composer_restore (gpointer            net,
                  AriettaSafetensors *file,
                  const char         *name,
                  GError            **error)
{
  AriettaComposer *self = net;
  const char      *styles = arietta_safetensors_get_metadata (file, "styles");

  g_strfreev (self->styles);
  self->styles = styles != NULL && styles[0] != '\0' ? g_strsplit (styles, "\n", -1)
                                                     : g_new0 (char *, 1);
  if (g_strv_length (self->styles) > ARIETTA_EVENTS_N_STYLES)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, name, "styles",
                         _("The model “%s” does not hold together: it names too many styles."), name);
      return FALSE;
    }

  return TRUE;
}

static void
composer_ready (gpointer net)
{
  AriettaComposer *self = net;

  g_clear_pointer (&self->steps, arietta_composer_steps_free);
  self->steps = arietta_composer_steps_new (self);
}

static const char * const *
composer_get_styles (gpointer net)
{
  return (const char * const *) ((AriettaComposer *) net)->styles;
}

const AriettaModelKind arietta_composer_kind = {
  .name = "attention-composer",
  .title = N_("Composer"),
  .summary = N_("All parts event by event: continues, fills in bars, and writes parts to what is there."),
  .abilities = ARIETTA_MODEL_CAN_SAMPLE | ARIETTA_MODEL_CAN_WRITE | ARIETTA_MODEL_CAN_FILL,
  .fields = fields,
  .default_recipe = default_recipe,

  .build = composer_build,
  .free = composer_free,
  .get_params = composer_get_params,
  .store = composer_store,
  .restore = composer_restore,
  .begin_from = composer_begin_from,
  .ready = composer_ready,

  .learner_new = arietta_composer_learner_new,
  .learner_free = arietta_composer_learner_free,
  .learner_add = arietta_composer_learner_add,
  .learner_begin = arietta_composer_learner_begin,
  .begin_epoch = arietta_composer_begin_epoch,
  .fill_batch = arietta_composer_fill_batch,
  .validate = arietta_composer_validate,
  .finish = arietta_composer_finish,

  .get_styles = composer_get_styles,
  .write = arietta_composer_compose,
  .fill = arietta_composer_fill,
  .attend = arietta_composer_attend,
  .evaluate = arietta_composer_evaluate,
};
