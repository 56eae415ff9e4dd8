#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-chorale-private.h"

#include <glib/gi18n.h>
#include <math.h>

static const AriettaRecipeField fields[] = {
  { "model", "input", ARIETTA_RECIPE_INT, 4, 1024, "256" },
  { "model", "units", ARIETTA_RECIPE_INT, 4, 1024, "256" },
  { "model", "layers", ARIETTA_RECIPE_INT, 1, 4, "2" },
  { "model", "head", ARIETTA_RECIPE_INT, 4, 1024, "256" },
  { "model", "middle", ARIETTA_RECIPE_INT, 4, 1024, "192" },
  { "data", "steps", ARIETTA_RECIPE_INT, 16, 1024, "128" }, /* of a window */
  /* Chance that a window is learned in another key, within a tritone and the voices' ranges. */
  { "data", "transpose", ARIETTA_RECIPE_REAL, 0, 1, "1" },
  { "training", "dropout", ARIETTA_RECIPE_REAL, 0, 0.9, "0.4" },
  { "training", "forget", ARIETTA_RECIPE_REAL, 0, 0.9, "0.2" }, /* share of facts left out */
  { NULL, NULL, 0, 0, 0, NULL },
};

static const char default_recipe[] =
  "# Four voices, small enough to learn from a hundred chorales in minutes.\n"
  "[model]\n"
  "kind = chorale\n"
  "input = 128\n"
  "units = 192\n"
  "head = 192\n"
  "middle = 128\n"
  "\n"
  "[training]\n"
  "watch = 2\n"
  "minutes = 15\n"
  "batch = 16\n"
  "rate = 0.002\n"
  "decay = 0.05\n";

static void
declare_table (AriettaParams *p,
               const char    *name,
               int            n_rows,
               int            n_facts,
               int            n_columns)
{
  arietta_params_add (p, name, ARIETTA_INIT_NORMAL, 0.5 / sqrt (n_facts),
                      ARIETTA_SHAPE (n_rows, n_columns));
}

static void
declare (AriettaChorale *self)
{
  AriettaParams *p = self->params;
  int            D = self->n_input, H = self->n_units;

  declare_table (p, "enc.table", arietta_chorale_encoder_rows (), arietta_chorale_encoder_facts (), D);
  arietta_params_add (p, "enc.bias", ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (D));
  for (int l = 0; l < self->n_layers; l++)
    {
      g_autofree char *lstm = g_strdup_printf ("lstm%d", l);
      g_autofree char *in = g_strdup_printf ("lstm%d.in.weight", l);

      arietta_params_add (p, in, ARIETTA_INIT_UNIFORM, 1.0 / sqrt (H),
                          ARIETTA_SHAPE (4 * H, l == 0 ? D : H));
      arietta_params_add_lstm (p, lstm, H);
    }
  for (int k = 0; k < ARIETTA_N_VOICES; k++)
    {
      g_autofree char *table = g_strdup_printf ("head%d.table", k);
      g_autofree char *enc = g_strdup_printf ("head%d.enc", k);
      g_autofree char *mid = g_strdup_printf ("head%d.mid", k);
      g_autofree char *pitch = g_strdup_printf ("head%d.pitch", k);
      g_autofree char *step = g_strdup_printf ("head%d.step", k);

      declare_table (p, table, arietta_chorale_head_rows (k), arietta_chorale_head_facts (k),
                     self->n_head);
      arietta_params_add_linear (p, enc, H, self->n_head);
      arietta_params_add_linear (p, mid, self->n_head, self->n_middle);
      arietta_params_add_linear (p, pitch, self->n_middle, CHORALE_TOKENS);
      arietta_params_add_linear (p, step, self->n_middle, 2 * CHORALE_TOKENS);
    }
}

static gpointer
chorale_build (AriettaRecipe  *recipe,
               guint64         seed,
               GError        **error)
{
  AriettaChorale *self = g_new0 (AriettaChorale, 1);

  self->n_input = (int) arietta_recipe_get_int (recipe, "model", "input");
  self->n_units = (int) arietta_recipe_get_int (recipe, "model", "units");
  self->n_layers = (int) arietta_recipe_get_int (recipe, "model", "layers");
  self->n_head = (int) arietta_recipe_get_int (recipe, "model", "head");
  self->n_middle = (int) arietta_recipe_get_int (recipe, "model", "middle");
  self->params = arietta_params_new ();
  declare (self);
  arietta_params_allocate (self->params, seed);

  return self;
}

static void
chorale_free (gpointer net)
{
  AriettaChorale *self = net;

  if (self == NULL)
    return;

  arietta_chorale_steps_free (self->steps);
  arietta_params_free (self->params);
  g_free (self);
}

static AriettaParams *
chorale_get_params (gpointer net)
{
  return ((AriettaChorale *) net)->params;
}

/* All there is are the parameters. */
static void
chorale_store (gpointer                  net,
               AriettaSafetensorsWriter *writer)
{
}

static gboolean
chorale_restore (gpointer             net,
                 AriettaSafetensors  *file,
                 const char          *name,
                 GError             **error)
{
  return TRUE;
}

static void
chorale_ready (gpointer net)
{
  AriettaChorale *self = net;

  g_clear_pointer (&self->steps, arietta_chorale_steps_free);
  self->steps = arietta_chorale_steps_new (self);
}

const AriettaModelKind arietta_chorale_kind = {
  .name = "chorale",
  .title = N_("Chorale"),
  .summary = N_("Four voices, one after another within each sixteenth; composes chorales and sets melodies for four voices."),
  .abilities = ARIETTA_MODEL_CAN_SAMPLE | ARIETTA_MODEL_CAN_WRITE | ARIETTA_MODEL_CAN_HARMONISE,
  .fields = fields,
  .default_recipe = default_recipe,

  .build = chorale_build,
  .free = chorale_free,
  .get_params = chorale_get_params,
  .store = chorale_store,
  .restore = chorale_restore,
  .ready = chorale_ready,

  .learner_new = arietta_chorale_learner_new,
  .learner_free = arietta_chorale_learner_free,
  .learner_add = arietta_chorale_learner_add,
  .learner_begin = arietta_chorale_learner_begin,
  .begin_epoch = arietta_chorale_begin_epoch,
  .fill_batch = arietta_chorale_fill_batch,
  .validate = arietta_chorale_validate,
  .finish = arietta_chorale_finish,

  .write = arietta_chorale_write,
  .harmonise = arietta_chorale_harmonise,
  .evaluate = arietta_chorale_evaluate,
};
