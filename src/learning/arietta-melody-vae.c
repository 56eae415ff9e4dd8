#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-melody-vae-private.h"

#include "base/arietta-error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static const AriettaRecipeField fields[] = {
  { "model", "latent", ARIETTA_RECIPE_INT, 2, 512, "128" },
  { "model", "encoder", ARIETTA_RECIPE_INT, 4, 1024, "192" },
  { "model", "decoder", ARIETTA_RECIPE_INT, 4, 1024, "256" },
  { "model", "place", ARIETTA_RECIPE_INT, 1, 128, "16" },
  { "model", "gate", ARIETTA_RECIPE_INT, 1, 512, "96" },
  /* Chance that a window is learned in another key than C, within a tritone. */
  { "data", "transpose", ARIETTA_RECIPE_REAL, 0, 1, "0.5" },
  { "training", "free", ARIETTA_RECIPE_REAL, 0, 20, "2" }, /* nats a step that cost nothing */
  { "training", "beta", ARIETTA_RECIPE_REAL, 0, 10, "0.1" },
  { "training", "kl-warmup", ARIETTA_RECIPE_REAL, 0, 1, "0.1" }, /* share of the budget */
  { "training", "noise", ARIETTA_RECIPE_REAL, 0, 1, "0.15" }, /* chance: wrong token as input */
  { "training", "own", ARIETTA_RECIPE_REAL, 0, 1, "0.5" }, /* chance: its own token as input */
  { "training", "dropout", ARIETTA_RECIPE_REAL, 0, 0.9, "0" },
  { "training", "velocity", ARIETTA_RECIPE_REAL, 0, 10, "0.02" }, /* weight of the velocity error */
  { NULL, NULL, 0, 0, 0, NULL },
};

static const char default_recipe[] =
  "# A melody VAE of two bars, small enough to learn from a few hundred tunes in minutes.\n"
  "[model]\n"
  "kind = melody-vae\n"
  "latent = 64\n"
  "encoder = 128\n"
  "decoder = 192\n"
  "\n"
  "[training]\n"
  "minutes = 10\n"
  "batch = 64\n"
  "rate = 0.003\n";

int
arietta_melody_vae_get_place (const AriettaStepWindow *window,
                              guint                    step)
{
  int metre;

  if (window->denominator >= 8 && window->numerator % 3 == 0 && window->numerator > 3)
    metre = 2;
  else if (window->numerator % 3 == 0)
    metre = 1;
  else if (window->numerator == 1 || window->numerator == 2 || window->numerator % 4 == 0)
    metre = 0;
  else
    metre = 3;

  return metre * ARIETTA_STEPS_MAX + MIN (window->positions[step], ARIETTA_STEPS_MAX - 1);
}

static void
declare (AriettaMelodyVae *self)
{
  AriettaParams *p = self->params;
  int            L = self->n_latent, E = self->n_encoder, H = self->n_decoder;
  int            P = self->n_place, G = self->n_gate;

  arietta_params_add (p, "places", ARIETTA_INIT_NORMAL, 0.5, ARIETTA_SHAPE (N_PLACES, P));
  arietta_params_add (p, "fore.in", ARIETTA_INIT_XAVIER, 0, ARIETTA_SHAPE (4 * E, P + 1));
  arietta_params_add (p, "fore.table", ARIETTA_INIT_NORMAL, 0.3,
                      ARIETTA_SHAPE (ARIETTA_STEPS_N_TOKENS, 4 * E));
  arietta_params_add_lstm (p, "fore", E);
  arietta_params_add (p, "back.in", ARIETTA_INIT_XAVIER, 0, ARIETTA_SHAPE (4 * E, P + 1));
  arietta_params_add (p, "back.table", ARIETTA_INIT_NORMAL, 0.3,
                      ARIETTA_SHAPE (ARIETTA_STEPS_N_TOKENS, 4 * E));
  arietta_params_add_lstm (p, "back", E);
  arietta_params_add (p, "read.y", ARIETTA_INIT_XAVIER, 0, ARIETTA_SHAPE (G, 2 * E));
  arietta_params_add (p, "read.table", ARIETTA_INIT_NORMAL, 1,
                      ARIETTA_SHAPE (ARIETTA_STEPS_MAX, G));
  arietta_params_add_linear (p, "mu", 2 * E + G, L);
  arietta_params_add_linear (p, "logvar", 2 * E + G, L);
  arietta_params_add_linear (p, "start", L, 2 * H);
  arietta_params_add (p, "gate.z", ARIETTA_INIT_XAVIER, 0, ARIETTA_SHAPE (G, L));
  arietta_params_add (p, "gate.table", ARIETTA_INIT_NORMAL, 1,
                      ARIETTA_SHAPE (ARIETTA_STEPS_MAX, G));
  arietta_params_add (p, "dec.z", ARIETTA_INIT_XAVIER, 0, ARIETTA_SHAPE (4 * H, L));
  arietta_params_add (p, "dec.in", ARIETTA_INIT_XAVIER, 0, ARIETTA_SHAPE (4 * H, P + G));
  arietta_params_add (p, "dec.table", ARIETTA_INIT_NORMAL, 0.3,
                      ARIETTA_SHAPE (ARIETTA_STEPS_N_TOKENS, 4 * H));
  arietta_params_add_lstm (p, "dec", H);
  arietta_params_add_linear (p, "out", H + G, ARIETTA_STEPS_N_TOKENS);
  arietta_params_add_linear (p, "velocity", H + G, 1);
}

static gpointer
melody_vae_build (AriettaRecipe  *recipe,
                  guint64         seed,
                  GError        **error)
{
  AriettaMelodyVae *self = g_new0 (AriettaMelodyVae, 1);

  self->n_latent = (int) arietta_recipe_get_int (recipe, "model", "latent");
  self->n_encoder = (int) arietta_recipe_get_int (recipe, "model", "encoder");
  self->n_decoder = (int) arietta_recipe_get_int (recipe, "model", "decoder");
  self->n_place = (int) arietta_recipe_get_int (recipe, "model", "place");
  self->n_gate = (int) arietta_recipe_get_int (recipe, "model", "gate");
  self->styles = g_new0 (char *, 1);
  self->params = arietta_params_new ();
  declare (self);
  arietta_params_allocate (self->params, seed);

  return self;
}

static void
melody_vae_free (gpointer net)
{
  AriettaMelodyVae *self = net;

  if (self == NULL)
    return;

  arietta_melody_vae_steps_free (self->steps);
  arietta_latent_prior_free (self->prior);
  arietta_style_measure_free (self->measure);
  arietta_params_free (self->params);
  g_strfreev (self->styles);
  g_free (self);
}

static AriettaParams *
melody_vae_get_params (gpointer net)
{
  return ((AriettaMelodyVae *) net)->params;
}

static void
melody_vae_store (gpointer                  net,
                  AriettaSafetensorsWriter *writer)
{
  AriettaMelodyVae *self = net;
  g_autofree char  *styles = g_strjoinv ("\n", self->styles);

  arietta_safetensors_writer_set_metadata (writer, "styles", styles);
  if (self->prior != NULL)
    arietta_latent_prior_store (self->prior, writer);
  if (self->measure != NULL)
    {
      g_autofree char *measured =
        g_strjoinv ("\n", (char **) arietta_style_measure_get_styles (self->measure));
      gsize            n;
      const float     *values = arietta_style_measure_get_values (self->measure, &n);

      arietta_safetensors_writer_set_metadata (writer, "measured-styles", measured);
      arietta_safetensors_writer_add (writer, "style-measure", ARIETTA_DTYPE_F32, 1,
                                      (const gint64[]) { (gint64) n }, values);
    }
}

static gboolean
restore_measure (AriettaMelodyVae   *self,
                 AriettaSafetensors *file,
                 const char         *name,
                 GError            **error)
{
  const AriettaTensorView *view = arietta_safetensors_find (file, "style-measure");
  const char              *text = arietta_safetensors_get_metadata (file, "measured-styles");
  g_autofree float        *values = NULL;
  g_auto(GStrv)            styles = NULL;

  if (view == NULL || text == NULL)
    return TRUE;

  values = arietta_tensor_view_dup_f32 (view, error);
  if (values == NULL)
    return FALSE;

  styles = g_strsplit (text, "\n", -1);
  self->measure = arietta_style_measure_new ((const char * const *) styles, values,
                                             view->n_elements);
  if (self->measure == NULL)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, name,
                         "style-measure",
                         _("The model “%s” does not hold together: its style measure is for other "
                           "styles."),
                         name);
      return FALSE;
    }

  return TRUE;
}

static gboolean
melody_vae_restore (gpointer            net,
                    AriettaSafetensors *file,
                    const char         *name,
                    GError            **error)
{
  AriettaMelodyVae *self = net;
  const char       *styles = arietta_safetensors_get_metadata (file, "styles");
  GError           *local = NULL;

  g_clear_pointer (&self->styles, g_strfreev);
  self->styles = styles != NULL && styles[0] != '\0' ? g_strsplit (styles, "\n", -1)
                                                     : g_new0 (char *, 1);
  g_clear_pointer (&self->prior, arietta_latent_prior_free);
  self->prior = arietta_latent_prior_restore (file, name, (guint) self->n_latent,
                                              g_strv_length (self->styles), &local);
  if (local != NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }

  g_clear_pointer (&self->measure, arietta_style_measure_free);
  return restore_measure (self, file, name, error);
}

static void
melody_vae_ready (gpointer net)
{
  AriettaMelodyVae *self = net;

  g_clear_pointer (&self->steps, arietta_melody_vae_steps_free);
  self->steps = arietta_melody_vae_steps_new (self);
}

static const char * const *
melody_vae_get_styles (gpointer net)
{
  return (const char * const *) ((AriettaMelodyVae *) net)->styles;
}

static guint
melody_vae_get_latent_size (gpointer net)
{
  return (guint) ((AriettaMelodyVae *) net)->n_latent;
}

static const float *
melody_vae_get_style_vector (gpointer    net,
                             const char *style)
{
  AriettaMelodyVae *self = net;

  for (guint i = 0; self->prior != NULL && self->styles[i] != NULL; i++)
    if (strcmp (self->styles[i], style) == 0)
      return arietta_latent_prior_get_vector (self->prior, i);

  return NULL;
}

static GHashTable *
melody_vae_measure_style (gpointer      net,
                          AriettaPiece *piece)
{
  AriettaMelodyVae *self = net;

  if (self->measure == NULL)
    return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return arietta_style_measure_judge_piece (self->measure, piece);
}

const AriettaModelKind arietta_melody_vae_kind = {
  .name = "melody-vae",
  .title = N_("Melody"),
  .summary = N_("Two bars of melody as one point in a space where near points sound alike."),
  .abilities = ARIETTA_MODEL_CAN_SAMPLE | ARIETTA_MODEL_HAS_LATENT,
  .fields = fields,
  .default_recipe = default_recipe,

  .build = melody_vae_build,
  .free = melody_vae_free,
  .get_params = melody_vae_get_params,
  .store = melody_vae_store,
  .restore = melody_vae_restore,
  .ready = melody_vae_ready,

  .learner_new = arietta_melody_vae_learner_new,
  .learner_free = arietta_melody_vae_learner_free,
  .learner_add = arietta_melody_vae_learner_add,
  .learner_begin = arietta_melody_vae_learner_begin,
  .begin_epoch = arietta_melody_vae_begin_epoch,
  .fill_batch = arietta_melody_vae_fill_batch,
  .validate = arietta_melody_vae_validate,
  .finish = arietta_melody_vae_finish,

  .get_styles = melody_vae_get_styles,
  .get_latent_size = melody_vae_get_latent_size,
  .encode = arietta_melody_vae_encode_piece,
  .decode = arietta_melody_vae_decode_piece,
  .draw_latent = arietta_melody_vae_draw,
  .get_style_vector = melody_vae_get_style_vector,
  .measure_style = melody_vae_measure_style,
  .evaluate = arietta_melody_vae_evaluate,
};
