#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-window-vae-private.h"

#include "base/arietta-error.h"

#include <glib/gi18n.h>
#include <string.h>

const AriettaRecipeField arietta_window_vae_fields[] = {
  { "model", "latent", ARIETTA_RECIPE_INT, 2, 512, "128" },
  { "model", "encoder", ARIETTA_RECIPE_INT, 4, 1024, "192" },
  { "model", "decoder", ARIETTA_RECIPE_INT, 4, 1024, "256" },
  { "model", "place", ARIETTA_RECIPE_INT, 1, 128, "16" },
  { "model", "gate", ARIETTA_RECIPE_INT, 1, 512, "96" },
  /* The level above the units, by its LSTM; 0: flat. */
  { "model", "conductor", ARIETTA_RECIPE_INT, 0, 1024, "0" },
  { "model", "unit-gate", ARIETTA_RECIPE_INT, 1, 1024, "256" },
  /* Of a unit: the latent size of the flat model whose weights it may begin with. */
  { "model", "point", ARIETTA_RECIPE_INT, 2, 512, "96" },
  { "data", "bars", ARIETTA_RECIPE_INT, 1, ARIETTA_STEPS_MAX_BARS, "2" },
  /* Bars of a unit. */
  { "data", "unit", ARIETTA_RECIPE_INT, 1, ARIETTA_STEPS_MAX_BARS, "2" },
  /* Chance that a window is learned in another key than C, within a tritone. */
  { "data", "transpose", ARIETTA_RECIPE_REAL, 0, 1, "0.5" },
  { "training", "free", ARIETTA_RECIPE_REAL, 0, 20, "2" }, /* nats a step that cost nothing */
  { "training", "beta", ARIETTA_RECIPE_REAL, 0, 10, "0.1" },
  { "training", "kl-warmup", ARIETTA_RECIPE_REAL, 0, 1, "0.1" }, /* share of the budget */
  /* Share of the budget in which the lower level stays as it began, while the one above learns its points. */
  { "training", "hold-lower", ARIETTA_RECIPE_REAL, 0, 1, "0" },
  { "training", "noise", ARIETTA_RECIPE_REAL, 0, 1, "0.15" }, /* chance: wrong token as input */
  { "training", "own", ARIETTA_RECIPE_REAL, 0, 1, "0.5" }, /* chance: its own token as input */
  { "training", "dropout", ARIETTA_RECIPE_REAL, 0, 0.9, "0" },
  { "training", "velocity", ARIETTA_RECIPE_REAL, 0, 10, "0.02" }, /* weight of the touch error */
  { NULL, NULL, 0, 0, 0, NULL },
};

int
arietta_window_vae_get_place (const AriettaStepWindow *window,
                              guint                    cell)
{
  guint step = cell % window->n_steps;
  int   metre;

  if (window->denominator >= 8 && window->numerator % 3 == 0 && window->numerator > 3)
    metre = 2;
  else if (window->numerator % 3 == 0)
    metre = 1;
  else if (window->numerator == 1 || window->numerator == 2 || window->numerator % 4 == 0)
    metre = 0;
  else
    metre = 3;

  return metre * ARIETTA_STEPS_MAX_SHORT
         + MIN (window->positions[step], ARIETTA_STEPS_MAX_SHORT - 1);
}

void
arietta_window_vae_find_beside (AriettaWindowVae        *net,
                                const AriettaStepWindow *window,
                                const guint16           *sounding,
                                guint                    cell,
                                gint32                  *rows)
{
  guint voice = cell / window->n_steps, step = cell % window->n_steps;

  for (guint v = 0; v < (guint) net->n_beside; v++)
    rows[v] = v < voice ? (gint32) (v * (guint) net->n_tokens + sounding[v * window->n_steps + step])
                        : -1;
}

guint16
arietta_window_vae_get_sounding (const AriettaStepWindow *window,
                                 const guint16           *sounding,
                                 guint                    cell,
                                 guint16                  token)
{
  return token != ARIETTA_STEPS_HOLD || cell % window->n_steps == 0 ? token : sounding[cell - 1];
}

/* The parameters that a level ("" or "units.") has: both directions of @E over @n_in inputs and what is
 * read from them (@G), a decoder of @H over @n_in_decoder inputs from a point of @n_point. */
static void
declare_level (AriettaWindowVae *self,
               const char       *level,
               int               n_rows,
               int               n_in,
               int               n_read,
               int               E,
               int               n_point,
               int               n_in_decoder,
               int               G,
               int               H)
{
  AriettaParams *p = self->params;

#define ADD(name, init, scale, ...) \
  arietta_params_add (p, (g_snprintf (full, sizeof full, "%s%s", level, name), full), init, scale, \
                      ARIETTA_SHAPE (__VA_ARGS__))
  char full[64];

  ADD ("fore.in", ARIETTA_INIT_XAVIER, 0, 4 * E, n_in);
  ADD ("back.in", ARIETTA_INIT_XAVIER, 0, 4 * E, n_in);
  ADD ("read.y", ARIETTA_INIT_XAVIER, 0, G, n_read);
  ADD ("read.table", ARIETTA_INIT_NORMAL, 1, n_rows, G);
  ADD ("gate.z", ARIETTA_INIT_XAVIER, 0, G, n_point);
  ADD ("gate.table", ARIETTA_INIT_NORMAL, 1, n_rows, G);
  ADD ("dec.z", ARIETTA_INIT_XAVIER, 0, 4 * H, n_point);
  ADD ("dec.in", ARIETTA_INIT_XAVIER, 0, 4 * H, n_in_decoder);
#undef ADD

  g_snprintf (full, sizeof full, "%sfore", level);
  arietta_params_add_lstm (p, full, E);
  g_snprintf (full, sizeof full, "%sback", level);
  arietta_params_add_lstm (p, full, E);
  g_snprintf (full, sizeof full, "%sstart", level);
  arietta_params_add_linear (p, full, n_point, 2 * H);
  g_snprintf (full, sizeof full, "%sdec", level);
  arietta_params_add_lstm (p, full, H);
}

static void
declare (AriettaWindowVae *self)
{
  AriettaParams *p = self->params;
  int            L = self->n_latent, E = self->n_encoder, H = self->n_decoder;
  int            P = self->n_place, G = self->n_gate, V = self->n_tokens, C = self->n_conductor;

  arietta_params_add (p, "places", ARIETTA_INIT_NORMAL, 0.5, ARIETTA_SHAPE (N_PLACES, P));
  arietta_params_add (p, "fore.table", ARIETTA_INIT_NORMAL, 0.3, ARIETTA_SHAPE (V, 4 * E));
  arietta_params_add (p, "back.table", ARIETTA_INIT_NORMAL, 0.3, ARIETTA_SHAPE (V, 4 * E));
  arietta_params_add (p, "dec.table", ARIETTA_INIT_NORMAL, 0.3, ARIETTA_SHAPE (V, 4 * H));
  declare_level (self, "", self->n_rows, P + self->n_touches, 2 * E, E, self->n_point, P + G, G, H);
  arietta_params_add_linear (p, "mu", 2 * E + G, self->n_point);
  if (C > 0)
    {
      int top = self->n_unit_gate, half = C / 2;

      declare_level (self, "units.", (int) arietta_window_shape_get_most_units (&self->shape),
                     self->n_point, 2 * half + self->n_point, half, L, top, top, C);
      arietta_params_add_linear (p, "units.mu", 2 * half + top, L);
      arietta_params_add_linear (p, "units.logvar", 2 * half + top, L);
      arietta_params_add_linear (p, "units.point", C + top, self->n_point);
      arietta_params_add (p, "units.mean", ARIETTA_INIT_ZERO, 0,
                          ARIETTA_SHAPE ((int) arietta_window_shape_get_most_units (&self->shape),
                                         self->n_point));
    }
  else
    {
      arietta_params_add_linear (p, "logvar", 2 * E + G, L);
    }
  if (self->n_beside > 0)
    arietta_params_add (p, "dec.beside", ARIETTA_INIT_ZERO, 0,
                        ARIETTA_SHAPE (self->n_beside * V, 4 * H));
  arietta_params_add_linear (p, "out", H + G, V);
  arietta_params_add_linear (p, "velocity", H + G, self->n_touches);
}

AriettaWindowVae *
arietta_window_vae_build (const AriettaWindowVaeSpec *spec,
                          AriettaRecipe              *recipe,
                          guint64                     seed)
{
  AriettaWindowVae *self = g_new0 (AriettaWindowVae, 1);

  self->spec = spec;
  self->n_tokens = (int) spec->form->n_tokens;
  self->n_touches = (int) spec->form->n_touches;
  self->n_latent = (int) arietta_recipe_get_int (recipe, "model", "latent");
  self->n_encoder = (int) arietta_recipe_get_int (recipe, "model", "encoder");
  self->n_decoder = (int) arietta_recipe_get_int (recipe, "model", "decoder");
  self->n_place = (int) arietta_recipe_get_int (recipe, "model", "place");
  self->n_gate = (int) arietta_recipe_get_int (recipe, "model", "gate");
  self->n_conductor = (int) arietta_recipe_get_int (recipe, "model", "conductor");
  self->n_unit_gate = (int) arietta_recipe_get_int (recipe, "model", "unit-gate");
  self->n_point = self->n_conductor > 0 ? (int) arietta_recipe_get_int (recipe, "model", "point")
                                        : self->n_latent;
  self->shape.form = spec->form;
  self->shape.n_bars = (guint) arietta_recipe_get_int (recipe, "data", "bars");
  self->shape.max_steps = self->shape.n_bars <= 2
                            ? ARIETTA_STEPS_MAX_SHORT
                            : self->shape.n_bars * (ARIETTA_STEPS_MAX / ARIETTA_STEPS_MAX_BARS);
  self->n_rows = (int) (self->shape.max_steps * spec->form->n_voices);
  if (self->n_conductor > 0)
    {
      self->n_beside = (int) spec->form->n_voices - 1;
      self->n_rows = ARIETTA_STEPS_MAX_SHORT;
      self->shape.unit_bars = (guint) arietta_recipe_get_int (recipe, "data", "unit");
    }
  self->shape.max_unit_steps = (guint) self->n_rows;
  self->styles = g_new0 (char *, 1);
  self->params = arietta_params_new ();
  declare (self);
  arietta_params_allocate (self->params, seed);

  return self;
}

void
arietta_window_vae_free (gpointer net)
{
  AriettaWindowVae *self = net;

  if (self == NULL)
    return;

  arietta_window_vae_free (self->before);
  arietta_window_vae_steps_free (self->steps);
  arietta_latent_prior_free (self->prior);
  arietta_style_measure_free (self->measure);
  arietta_step_counts_free (self->counts);
  g_clear_pointer (&self->stored_counts, g_bytes_unref);
  g_free (self->attributes);
  g_free (self->attribute_deviations);
  g_clear_pointer (&self->params, arietta_params_free);
  g_strfreev (self->styles);
  g_free (self);
}

AriettaParams *
arietta_window_vae_get_params (gpointer net)
{
  return ((AriettaWindowVae *) net)->params;
}

void
arietta_window_vae_store (gpointer                  net,
                          AriettaSafetensorsWriter *writer)
{
  AriettaWindowVae *self = net;
  g_autofree char  *styles = g_strjoinv ("\n", self->styles);

  arietta_safetensors_writer_set_metadata (writer, "styles", styles);
  if (self->prior != NULL)
    arietta_latent_prior_store (self->prior, writer);
  arietta_window_vae_store_attributes (self, writer);
  if (self->stored_counts != NULL)
    arietta_safetensors_writer_add (writer, "counts", ARIETTA_DTYPE_U8, 1,
                                    (const gint64[]) {
                                      (gint64) g_bytes_get_size (self->stored_counts) },
                                    g_bytes_get_data (self->stored_counts, NULL));
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

gboolean
arietta_window_vae_take_counts (AriettaWindowVae *self,
                                GBytes           *bytes)
{
  gsize              n;
  const guint8      *data = g_bytes_get_data (bytes, &n);
  AriettaStepCounts *counts = arietta_step_counts_restore (self->spec->form, data, n);

  if (counts == NULL)
    return FALSE;

  arietta_step_counts_free (self->counts);
  g_clear_pointer (&self->stored_counts, g_bytes_unref);
  self->counts = counts;
  self->stored_counts = bytes;

  return TRUE;
}

/* Without them, or with broken ones, there is no dull predictor beside the figures. */
static void
restore_counts (AriettaWindowVae   *self,
                AriettaSafetensors *file)
{
  const AriettaTensorView *view = arietta_safetensors_find (file, "counts");
  GBytes                  *bytes;

  if (view == NULL || view->dtype != ARIETTA_DTYPE_U8)
    return;

  bytes = g_bytes_new (view->data, view->n_elements);
  if (!arietta_window_vae_take_counts (self, bytes))
    g_bytes_unref (bytes);
}

static gboolean
restore_measure (AriettaWindowVae   *self,
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

gboolean
arietta_window_vae_restore (gpointer            net,
                            AriettaSafetensors *file,
                            const char         *name,
                            GError            **error)
{
  AriettaWindowVae *self = net;
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

  restore_counts (self, file);
  g_clear_pointer (&self->measure, arietta_style_measure_free);
  return arietta_window_vae_restore_attributes (self, file, error)
         && restore_measure (self, file, name, error);
}

void
arietta_window_vae_ready (gpointer net)
{
  AriettaWindowVae *self = net;

  g_clear_pointer (&self->steps, arietta_window_vae_steps_free);
  self->steps = arietta_window_vae_steps_new (self);
}

const char * const *
arietta_window_vae_get_styles (gpointer net)
{
  return (const char * const *) ((AriettaWindowVae *) net)->styles;
}

guint
arietta_window_vae_get_latent_size (gpointer net)
{
  return (guint) ((AriettaWindowVae *) net)->n_latent;
}

guint
arietta_window_vae_get_window_bars (gpointer net)
{
  return ((AriettaWindowVae *) net)->shape.n_bars;
}

const float *
arietta_window_vae_get_style_vector (gpointer    net,
                             const char *style)
{
  AriettaWindowVae *self = net;

  for (guint i = 0; self->prior != NULL && self->styles[i] != NULL; i++)
    if (strcmp (self->styles[i], style) == 0)
      return arietta_latent_prior_get_vector (self->prior, i);

  return NULL;
}

void
arietta_window_vae_carry_latent (gpointer     net,
                                 const char  *style,
                                 const float *latent,
                                 float       *carried)
{
  AriettaWindowVae *self = net;

  for (guint i = 0; self->styles[i] != NULL; i++)
    if (strcmp (self->styles[i], style) == 0)
      arietta_latent_prior_carry (self->prior, i, latent, carried);
}

double
arietta_window_vae_get_typical_style (gpointer    net,
                                      const char *style)
{
  AriettaWindowVae   *self = net;
  const char * const *styles = self->measure != NULL
                                 ? arietta_style_measure_get_styles (self->measure) : NULL;

  for (guint i = 0; styles != NULL && styles[i] != NULL; i++)
    if (strcmp (styles[i], style) == 0)
      return arietta_style_measure_get_typical (self->measure, i);

  return 1.0;
}

GHashTable *
arietta_window_vae_measure_style (gpointer      net,
                          AriettaPiece *piece)
{
  AriettaWindowVae *self = net;

  if (self->measure == NULL)
    return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return arietta_style_measure_judge_piece (self->measure, piece);
}
