#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-panel.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "base/arietta-random.h"
#include "learning/arietta-model-kind.h"
#include "studio/arietta-compose.h"
#include "studio/arietta-model-list.h"
#include "studio/arietta-names.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "views/arietta-steps.h"

/* Short enough to be read out and typed again. */
#define SEEDS 1000000000

struct _AriettaComposePanel
{
  GtkWidget        parent_instance;

  AriettaSession  *session;
  AriettaRandom    random;
  GStrv            models;   /* names beside the rows */
  GStrv            styles;   /* labels beside the rows; the first, "", is any */
  char            *styles_of; /* the model they belong to */
  guint            filling : 1;
  guint            reading : 1;
  guint            stale : 1;

  /* template children */
  GtkWidget       *box;
  GtkBox          *groups;
  AdwComboRow     *model_row;
  AdwComboRow     *style_row;
  AdwComboRow     *key_row;
  GtkAdjustment   *bars_adjustment;
  GtkAdjustment   *adventure_adjustment;
  GtkAdjustment   *amount_adjustment;
  GtkSwitch       *surprise_switch;
  GtkEditable     *seed_row;
  GtkWidget       *close_button;
};

G_DEFINE_FINAL_TYPE (AriettaComposePanel, arietta_compose_panel, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_READY,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

typedef struct
{
  AriettaLibrary *library;
  char           *model;
} Errand;

static void
errand_free (Errand *errand)
{
  g_object_unref (errand->library);
  g_free (errand->model);
  g_free (errand);
}

static Errand *
errand_new (AriettaComposePanel *self,
            const char          *model)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->library = g_object_ref (arietta_session_get_library (self->session));
  errand->model = g_strdup (model);
  return errand;
}

static gboolean
can_compose (const AriettaModelInfo *info)
{
  const AriettaModelKind *kind = arietta_model_kind_find (info->kind);

  return info->weights_path != NULL && kind != NULL
         && (kind->abilities & (ARIETTA_MODEL_HAS_LATENT | ARIETTA_MODEL_CAN_WRITE)) != 0;
}

/* The names of models with weights that compose, bundled ones first. */
static gpointer
list_models (gpointer   data,
             GError   **error)
{
  Errand *errand = data;
  g_autoptr(GPtrArray) infos = arietta_models_list (errand->library, error);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  if (infos == NULL)
    return NULL;
  for (guint i = 0; i < infos->len; i++)
    {
      const AriettaModelInfo *info = g_ptr_array_index (infos, i);

      if (can_compose (info))
        g_strv_builder_add (names, info->name);
    }
  return g_strv_builder_end (names);
}

static gpointer
list_styles (gpointer   data,
             GError   **error)
{
  Errand *errand = data;

  return arietta_compose_list_styles (errand->library, errand->model, error);
}

static GSettings *
get_settings (AriettaComposePanel *self)
{
  return arietta_session_get_settings (self->session);
}

static const char *
get_model (AriettaComposePanel *self)
{
  guint selected = adw_combo_row_get_selected (self->model_row);

  if (self->models == NULL || selected >= g_strv_length (self->models))
    return NULL;
  return self->models[selected];
}

static void
styles_listed_cb (gpointer      owner,
                  gpointer      result,
                  const GError *error)
{
  AriettaComposePanel *self = owner;
  g_auto(GStrv) found = result;
  g_autofree char *chosen = NULL;
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  g_autoptr(GStrvBuilder) styles = g_strv_builder_new ();
  guint selected = 0;

  if (self->session == NULL)
    return;
  if (error != NULL)
    arietta_present_error (GTK_WIDGET (self), error);

  chosen = g_settings_get_string (get_settings (self), "compose-style");
  gtk_string_list_append (names, _("Any"));
  g_strv_builder_add (styles, "");
  for (guint i = 0; found != NULL && found[i] != NULL; i++)
    {
      gtk_string_list_append (names, arietta_style_get_name (found[i]));
      g_strv_builder_add (styles, found[i]);
      if (g_strcmp0 (chosen, found[i]) == 0)
        selected = i + 1;
    }

  self->filling = TRUE;
  g_strfreev (self->styles);
  self->styles = g_strv_builder_end (styles);
  adw_combo_row_set_model (self->style_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->style_row, selected);
  self->filling = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->style_row), found != NULL && found[0] != NULL);
}

static void
load_styles (AriettaComposePanel *self)
{
  const char *model = get_model (self);

  if (model == NULL || self->session == NULL || g_strcmp0 (model, self->styles_of) == 0)
    return;
  g_free (self->styles_of);
  self->styles_of = g_strdup (model);
  arietta_load_async (self, NULL, list_styles, errand_new (self, model),
                      (GDestroyNotify) errand_free, (GDestroyNotify) g_strfreev,
                      styles_listed_cb);
}

/* Only what a person chose is remembered, never what stood in for it. */
static void
model_selected_cb (AriettaComposePanel *self)
{
  const char *model = get_model (self);

  if (self->filling || model == NULL || self->session == NULL)
    return;
  g_settings_set_string (get_settings (self), "compose-model", model);
  load_styles (self);
}

static void
style_selected_cb (AriettaComposePanel *self)
{
  guint selected = adw_combo_row_get_selected (self->style_row);

  if (self->filling || self->session == NULL || self->styles == NULL ||
      selected >= g_strv_length (self->styles))
    return;
  g_settings_set_string (get_settings (self), "compose-style", self->styles[selected]);
}

static void reload (AriettaComposePanel *self);

static void
models_listed_cb (gpointer      owner,
                  gpointer      result,
                  const GError *error)
{
  AriettaComposePanel *self = owner;
  g_auto(GStrv) found = result;
  g_autofree char *chosen = NULL;
  guint selected = 0;

  self->reading = FALSE;
  if (self->session == NULL)
    return;
  if (error != NULL)
    arietta_present_error (GTK_WIDGET (self), error);
  else if (self->models == NULL ||
           !g_strv_equal ((const char * const *) self->models, (const char * const *) found))
    {
      g_autoptr(GtkStringList) titles = gtk_string_list_new (NULL);

      chosen = self->models != NULL ? g_strdup (get_model (self))
                                    : g_settings_get_string (get_settings (self), "compose-model");
      if (chosen == NULL || !g_strv_contains ((const char * const *) found, chosen))
        {
          g_free (chosen);
          chosen = g_strdup (g_strv_contains ((const char * const *) found, ARIETTA_DEFAULT_COMPOSER)
                               ? ARIETTA_DEFAULT_COMPOSER : ARIETTA_DEFAULT_MODEL);
        }
      for (guint i = 0; found[i] != NULL; i++)
        {
          gtk_string_list_append (titles, arietta_model_get_title (found[i]));
          if (g_str_equal (found[i], chosen))
            selected = i;
        }

      self->filling = TRUE;
      g_strfreev (self->models);
      self->models = g_steal_pointer (&found);
      adw_combo_row_set_model (self->model_row, G_LIST_MODEL (titles));
      adw_combo_row_set_selected (self->model_row, selected);
      self->filling = FALSE;
      load_styles (self);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
    }

  if (self->stale)
    reload (self);
}

static void
reload (AriettaComposePanel *self)
{
  self->stale = self->reading;
  if (self->reading)
    return;
  self->reading = TRUE;
  arietta_load_async (self, NULL, list_models, errand_new (self, NULL),
                      (GDestroyNotify) errand_free, (GDestroyNotify) g_strfreev,
                      models_listed_cb);
}

static void
library_changed_cb (AriettaComposePanel *self,
                    guint                tables)
{
  if ((tables & ARIETTA_TABLE_MODELS) != 0)
    reload (self);
}

static char *
show_adventure (AriettaComposePanel *self,
                double               adventure)
{
  if (adventure < 0.6)
    return g_strdup (_("Calm: keeps to what it has learned"));
  if (adventure <= 1.2)
    return g_strdup (_("As learned"));
  return g_strdup (_("Bold: strays from what it has learned"));
}

static char *
show_amount (AriettaComposePanel *self,
             double               amount)
{
  if (amount < 0.3)
    return g_strdup (_("Asked to vary: close to what is there"));
  if (amount <= 0.7)
    return g_strdup (_("Asked to vary: some of it anew"));
  return g_strdup (_("Asked to vary: only the idea stays"));
}

/* Row 0 is any key; then twelve major and twelve minor ones in the order of their tonics. */
static void
fill_keys (AriettaComposePanel *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _("Any"));
  for (int tonic = 0; tonic < 12; tonic++)
    gtk_string_list_append (names, arietta_key_get_name ((AriettaTonality) { tonic, ARIETTA_SCALE_MAJOR }));
  for (int tonic = 0; tonic < 12; tonic++)
    gtk_string_list_append (names, arietta_key_get_name ((AriettaTonality) { tonic, ARIETTA_SCALE_MINOR }));
  adw_combo_row_set_model (self->key_row, G_LIST_MODEL (names));
}

/* As the settings hold it, in English whatever language is shown. */
static const char *
get_key_name (guint row)
{
  static const char * const names[] = {
    "", "C major", "D♭ major", "D major", "E♭ major", "E major", "F major", "G♭ major", "G major",
    "A♭ major", "A major", "B♭ major", "B major", "C minor", "C♯ minor", "D minor", "E♭ minor",
    "E minor", "F minor", "F♯ minor", "G minor", "G♯ minor", "A minor", "B♭ minor", "B minor",
  };

  return row < G_N_ELEMENTS (names) ? names[row] : "";
}

static gboolean
key_to_row (GValue   *value,
            GVariant *variant,
            gpointer  user_data)
{
  const char *name = g_variant_get_string (variant, NULL);
  guint row = 24;

  while (row > 0 && !g_str_equal (get_key_name (row), name))
    row--;
  g_value_set_uint (value, row);
  return TRUE;
}

static GVariant *
row_to_key (const GValue       *value,
            const GVariantType *expected,
            gpointer            user_data)
{
  return g_variant_new_string (get_key_name (g_value_get_uint (value)));
}

static void
bind_settings (AriettaComposePanel *self)
{
  GSettings *settings = get_settings (self);
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT,
                                           g_settings_get_uint64 (settings, "compose-seed"));

  gtk_editable_set_text (self->seed_row, seed);
  g_settings_bind (settings, "compose-bars", self->bars_adjustment, "value",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "compose-adventure", self->adventure_adjustment, "value",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "compose-amount", self->amount_adjustment, "value",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "compose-surprise", self->surprise_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (settings, "compose-key", self->key_row, "selected",
                                G_SETTINGS_BIND_DEFAULT, key_to_row, row_to_key, NULL, NULL);
}

static AriettaTonality
get_key (AriettaComposePanel *self)
{
  guint selected = adw_combo_row_get_selected (self->key_row);

  if (selected == 0 || selected > 24)
    return ARIETTA_TONALITY_NONE;
  return (AriettaTonality) {
    .tonic = (int) ((selected - 1) % 12),
    .scale = selected <= 12 ? ARIETTA_SCALE_MAJOR : ARIETTA_SCALE_MINOR,
  };
}

/* Digits only: what is typed is what the number will be. */
static void
seed_changed_cb (AriettaComposePanel *self)
{
  const char *text = gtk_editable_get_text (self->seed_row);
  guint64 seed;
  gboolean valid = g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &seed, NULL);

  if (valid && self->session != NULL)
    g_settings_set_uint64 (get_settings (self), "compose-seed", seed);
  if (valid)
    gtk_widget_remove_css_class (GTK_WIDGET (self->seed_row), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->seed_row), "error");
}

static void
arietta_compose_panel_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  AriettaComposePanel *self = ARIETTA_COMPOSE_PANEL (object);

  if (prop_id == PROP_READY)
    g_value_set_boolean (value, get_model (self) != NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
arietta_compose_panel_dispose (GObject *object)
{
  AriettaComposePanel *self = ARIETTA_COMPOSE_PANEL (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (arietta_compose_panel_parent_class)->dispose (object);
}

static void
arietta_compose_panel_finalize (GObject *object)
{
  AriettaComposePanel *self = ARIETTA_COMPOSE_PANEL (object);

  g_strfreev (self->models);
  g_strfreev (self->styles);
  g_free (self->styles_of);

  G_OBJECT_CLASS (arietta_compose_panel_parent_class)->finalize (object);
}

static void
arietta_compose_panel_class_init (AriettaComposePanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = arietta_compose_panel_get_property;
  object_class->dispose = arietta_compose_panel_dispose;
  object_class->finalize = arietta_compose_panel_finalize;

  properties[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "composepanel");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/arietta/Arietta/arietta-compose-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePanel, box);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePanel, groups);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePanel, model_row);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePanel, style_row);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePanel, key_row);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePanel, bars_adjustment);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePanel, adventure_adjustment);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePanel, amount_adjustment);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePanel, surprise_switch);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePanel, seed_row);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePanel, close_button);
  gtk_widget_class_bind_template_callback (widget_class, model_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, seed_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, style_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_adventure);
  gtk_widget_class_bind_template_callback (widget_class, show_amount);
}

static void
arietta_compose_panel_init (AriettaComposePanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  /* The clock decides where surprises begin; from there on they are drawn as all chance is. */
  arietta_random_init (&self->random, (guint64) g_get_real_time (), "surprise");
}

void
arietta_compose_panel_set_session (AriettaComposePanel *self,
                                   AriettaSession      *session)
{
  g_return_if_fail (ARIETTA_IS_COMPOSE_PANEL (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (arietta_session_get_library (session), "changed",
                           G_CALLBACK (library_changed_cb), self, G_CONNECT_SWAPPED);
  fill_keys (self);
  bind_settings (self);
  reload (self);
}

void
arietta_compose_panel_reveal (AriettaComposePanel *self)
{
  g_return_if_fail (ARIETTA_IS_COMPOSE_PANEL (self));

  arietta_steps_refill (self->groups, 1);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

void
arietta_compose_panel_fill_request (AriettaComposePanel   *self,
                                    AriettaComposeRequest *request)
{
  guint style;
  guint64 seed = 1;

  g_return_if_fail (ARIETTA_IS_COMPOSE_PANEL (self));

  if (gtk_switch_get_active (self->surprise_switch))
    {
      g_autofree char *text = NULL;

      seed = arietta_random_below (&self->random, SEEDS);
      text = g_strdup_printf ("%" G_GUINT64_FORMAT, seed);
      gtk_editable_set_text (self->seed_row, text);
    }
  else
    g_ascii_string_to_unsigned (gtk_editable_get_text (self->seed_row), 10, 0, G_MAXUINT64, &seed,
                                NULL);

  *request = (AriettaComposeRequest) ARIETTA_COMPOSE_REQUEST_INIT;
  request->model = g_strdup (get_model (self));
  request->bars = (guint) gtk_adjustment_get_value (self->bars_adjustment);
  request->adventure = gtk_adjustment_get_value (self->adventure_adjustment);
  request->key = get_key (self);
  request->seed = seed;

  style = adw_combo_row_get_selected (self->style_row);
  if (self->styles != NULL && style > 0 && style < g_strv_length (self->styles))
    request->style = g_strdup (self->styles[style]);
}

void
arietta_compose_panel_clear_request (AriettaComposeRequest *request)
{
  g_free ((char *) request->model);
  g_free ((char *) request->style);
  request->model = NULL;
  request->style = NULL;
}

void
arietta_compose_panel_set_closable (AriettaComposePanel *self,
                                    gboolean             closable)
{
  g_return_if_fail (ARIETTA_IS_COMPOSE_PANEL (self));

  gtk_widget_set_visible (self->close_button, closable);
}

void
arietta_compose_panel_set_seed (AriettaComposePanel *self,
                                guint64              seed)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, seed);

  g_return_if_fail (ARIETTA_IS_COMPOSE_PANEL (self));

  gtk_switch_set_active (self->surprise_switch, FALSE);
  gtk_editable_set_text (self->seed_row, text);
}
