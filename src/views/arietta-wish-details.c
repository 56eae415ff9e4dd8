#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-wish-details.h"

#include <glib/gi18n.h>

#include "learning/arietta-model-kind.h"
#include "music/arietta-general-midi.h"
#include "music/arietta-mode.h"
#include "studio/arietta-model-list.h"
#include "studio/arietta-names.h"
#include "views/arietta-a11y.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-instrument-list.h"
#include "views/arietta-load.h"
#include "views/arietta-scale-button.h"

#define MOST_INSTRUMENTS 6

/* The rows of the list of densities, in classes of the models. */
static const int densities[] = { 0, 2, 4, 5, 7, 9 };

/* A model that works on pieces, and the styles it knows. */
typedef struct
{
  char  *name;
  char **styles;
} Helper;

struct _AriettaWishDetails
{
  GtkWidget       parent_instance;

  AriettaSession *session;
  GPtrArray      *helpers;    /* Helper, in the order of the list, which has one row more before them */
  GStrv           styles;     /* labels beside the rows; the first, "", is any */
  guint           reading : 1;
  guint           stale : 1;
  guint           filling : 1;

  /* template children */
  GtkWidget      *grid;
  GtkDropDown    *model_list;
  GtkDropDown    *style_list;
  GtkDropDown    *density_list;
  GtkAdjustment  *amount;
  GtkFlowBox     *instruments;
  GtkWidget      *add_button;
  GtkPopover     *add_popover;
  GtkEditable    *seed_entry;
  GtkWidget      *scale_check;
};

G_DEFINE_FINAL_TYPE (AriettaWishDetails, arietta_wish_details, GTK_TYPE_WIDGET)

static GSettings *
get_settings (AriettaWishDetails *self)
{
  return arietta_session_get_settings (self->session);
}

/* ---- Models and styles ---- */

static void
helper_free (gpointer data)
{
  Helper *helper = data;

  g_free (helper->name);
  g_strfreev (helper->styles);
  g_free (helper);
}

static gpointer
list_helpers (gpointer   data,
              GError   **error)
{
  const AriettaModelAbilities wanted = ARIETTA_MODEL_CAN_FILL | ARIETTA_MODEL_HAS_LATENT | ARIETTA_MODEL_CAN_HARMONISE;
  g_autoptr(GPtrArray) infos = arietta_models_list (data, error);
  GPtrArray *helpers;

  if (infos == NULL)
    return NULL;

  helpers = g_ptr_array_new_with_free_func (helper_free);
  for (guint i = 0; i < infos->len; i++)
    {
      const AriettaModelInfo *info = infos->pdata[i];
      const AriettaModelKind *kind = arietta_model_kind_find (info->kind);
      Helper *helper;

      if (info->weights_path == NULL || info->problem != NULL || kind == NULL || (kind->abilities & wanted) == 0)
        continue;
      helper = g_new0 (Helper, 1);
      helper->name = g_strdup (info->name);
      helper->styles = g_strdupv (info->styles);
      g_ptr_array_add (helpers, helper);
    }

  return helpers;
}

/* Those of the model; of whichever suits best, all there are. */
static void
fill_styles (AriettaWishDetails *self)
{
  guint row = gtk_drop_down_get_selected (self->model_list), selected = 0;
  g_autofree char *chosen = g_settings_get_string (get_settings (self), "ask-style");
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  g_autoptr(GPtrArray) labels = g_ptr_array_new ();

  gtk_string_list_append (names, _("Any"));
  g_ptr_array_add (labels, g_strdup (""));
  for (guint i = 0; i < self->helpers->len; i++)
    {
      Helper *helper = self->helpers->pdata[i];

      for (guint s = 0; (row == 0 || row == i + 1) && helper->styles[s] != NULL; s++)
        {
          if (g_ptr_array_find_with_equal_func (labels, helper->styles[s], g_str_equal, NULL))
            continue;
          if (g_str_equal (helper->styles[s], chosen))
            selected = labels->len;
          gtk_string_list_append (names, arietta_style_get_name (helper->styles[s]));
          g_ptr_array_add (labels, g_strdup (helper->styles[s]));
        }
    }
  g_ptr_array_add (labels, NULL);

  self->filling = TRUE;
  g_strfreev (self->styles);
  self->styles = (char **) g_ptr_array_free (g_steal_pointer (&labels), FALSE);
  gtk_drop_down_set_model (self->style_list, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->style_list, selected);
  gtk_widget_set_sensitive (GTK_WIDGET (self->style_list), self->styles[1] != NULL);
  self->filling = FALSE;
}

static void load_helpers (AriettaWishDetails *self);

static void
helpers_listed_cb (gpointer      owner,
                   gpointer      result,
                   const GError *error)
{
  AriettaWishDetails *self = owner;
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *chosen = NULL;
  guint selected = 0;

  self->reading = FALSE;
  if (error != NULL)
    {
      arietta_present_error (GTK_WIDGET (self), error);
      return;
    }

  g_ptr_array_unref (self->helpers);
  self->helpers = result;
  chosen = g_settings_get_string (get_settings (self), "ask-model");
  /* Translators: of models, the one that suits what is asked for */
  gtk_string_list_append (names, _("Best for Each"));
  for (guint i = 0; i < self->helpers->len; i++)
    {
      Helper *helper = self->helpers->pdata[i];

      gtk_string_list_append (names, arietta_model_get_title (helper->name));
      if (g_str_equal (helper->name, chosen))
        selected = i + 1;
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (self->model_list, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->model_list, selected);
  self->filling = FALSE;
  fill_styles (self);
  if (self->stale && gtk_widget_get_mapped (GTK_WIDGET (self)))
    load_helpers (self);
}

static void
load_helpers (AriettaWishDetails *self)
{
  if (self->reading || !self->stale)
    return;
  self->reading = TRUE;
  self->stale = FALSE;
  arietta_load_async (self, NULL, list_helpers, g_object_ref (arietta_session_get_library (self->session)),
                      g_object_unref, (GDestroyNotify) g_ptr_array_unref, helpers_listed_cb);
}

static void
library_changed_cb (AriettaWishDetails *self,
                    guint               tables)
{
  if ((tables & ARIETTA_TABLE_MODELS) == 0)
    return;
  self->stale = TRUE;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    load_helpers (self);
}

static void
model_selected_cb (AriettaWishDetails *self)
{
  guint row = gtk_drop_down_get_selected (self->model_list);

  if (self->filling || self->session == NULL)
    return;
  g_settings_set_string (get_settings (self), "ask-model",
                         row > 0 && row <= self->helpers->len ? ((Helper *) self->helpers->pdata[row - 1])->name : "");
  fill_styles (self);
}

static void
style_selected_cb (AriettaWishDetails *self)
{
  guint row = gtk_drop_down_get_selected (self->style_list);

  if (!self->filling && self->styles != NULL && row < g_strv_length (self->styles))
    g_settings_set_string (get_settings (self), "ask-style", self->styles[row]);
}

static void
density_selected_cb (AriettaWishDetails *self)
{
  guint row = gtk_drop_down_get_selected (self->density_list);

  if (!self->filling && self->session != NULL && row < G_N_ELEMENTS (densities))
    g_settings_set_int (get_settings (self), "ask-density", densities[row]);
}

/* Digits only, or nothing: what is typed is what the number will be. */
static void
seed_changed_cb (AriettaWishDetails *self)
{
  const char *text = gtk_editable_get_text (self->seed_entry);
  guint64 seed = 0;
  gboolean valid = *text == '\0' || g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &seed, NULL);

  if (valid && self->session != NULL && !self->filling)
    g_settings_set_uint64 (get_settings (self), "ask-seed", seed);
  if (valid)
    gtk_widget_remove_css_class (GTK_WIDGET (self->seed_entry), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->seed_entry), "error");
}

/* ---- Instruments ---- */

static GArray *
read_instruments (GSettings *settings)
{
  g_autoptr(GVariant) value = g_settings_get_value (settings, "ask-instruments");
  GArray *programs = g_array_new (FALSE, FALSE, sizeof (int));
  GVariantIter iter;
  gint32 program;

  g_variant_iter_init (&iter, value);
  while (programs->len < MOST_INSTRUMENTS && g_variant_iter_next (&iter, "i", &program))
    {
      int known = program;

      if (program >= ARIETTA_ASSIST_DRUM_KIT && program < ARIETTA_N_PROGRAMS)
        g_array_append_val (programs, known);
    }

  return programs;
}

static void
write_instruments (AriettaWishDetails *self,
                   GArray             *programs)
{
  g_settings_set_value (get_settings (self), "ask-instruments",
                        g_variant_new_fixed_array (G_VARIANT_TYPE_INT32, programs->data, programs->len, sizeof (gint32)));
}

static void
remove_instrument_cb (AriettaWishDetails *self,
                      GtkWidget          *button)
{
  GtkWidget *child = gtk_widget_get_parent (button);
  g_autoptr(GArray) programs = read_instruments (get_settings (self));
  guint nth = (guint) gtk_flow_box_child_get_index (GTK_FLOW_BOX_CHILD (child));

  if (nth >= programs->len)
    return;
  g_array_remove_index (programs, nth);
  gtk_widget_grab_focus (self->add_button);
  write_instruments (self, programs);
}

static void
add_chip (AriettaWishDetails *self,
          const char         *text)
{
  g_autofree char *name = g_strdup_printf (_("Remove %s"), text);
  GtkWidget *button = gtk_button_new (), *label = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 12);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "quiet");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (remove_instrument_cb), self);
  gtk_flow_box_insert (self->instruments, button, -1);
}

/* A click on one takes it away. */
static void
show_instruments (AriettaWishDetails *self)
{
  g_autoptr(GArray) programs = read_instruments (get_settings (self));
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->instruments))) != NULL)
    gtk_flow_box_remove (self->instruments, child);
  for (guint i = 0; i < programs->len; i++)
    {
      int program = g_array_index (programs, int, i);

      add_chip (self, program < 0 ? _("Drums") : arietta_general_midi_get_program (program));
    }
  if (programs->len == 0)
    {
      GtkWidget *label = gtk_label_new (_("Chords, Bass, Drums"));

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_widget_add_css_class (label, "dim-label");
      gtk_flow_box_insert (self->instruments, label, -1);
    }
  for (child = gtk_widget_get_first_child (GTK_WIDGET (self->instruments)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_focusable (child, FALSE);
  gtk_widget_set_sensitive (self->add_button, programs->len < MOST_INSTRUMENTS);
}

static void
instrument_cb (AriettaWishDetails *self,
               int                 program)
{
  g_autoptr(GArray) programs = read_instruments (get_settings (self));

  gtk_popover_popdown (self->add_popover);
  g_array_append_val (programs, program);
  write_instruments (self, programs);
}

static void
drums_cb (AriettaWishDetails *self)
{
  instrument_cb (self, ARIETTA_ASSIST_DRUM_KIT);
}

/* ---- Overrides ---- */

static void
arietta_wish_details_map (GtkWidget *widget)
{
  AriettaWishDetails *self = ARIETTA_WISH_DETAILS (widget);

  if (self->session != NULL)
    load_helpers (self);
  GTK_WIDGET_CLASS (arietta_wish_details_parent_class)->map (widget);
}

static void
arietta_wish_details_dispose (GObject *object)
{
  AriettaWishDetails *self = ARIETTA_WISH_DETAILS (object);

  g_clear_pointer (&self->grid, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (arietta_wish_details_parent_class)->dispose (object);
}

static void
arietta_wish_details_finalize (GObject *object)
{
  AriettaWishDetails *self = ARIETTA_WISH_DETAILS (object);

  g_ptr_array_unref (self->helpers);
  g_strfreev (self->styles);

  G_OBJECT_CLASS (arietta_wish_details_parent_class)->finalize (object);
}

static void
arietta_wish_details_class_init (AriettaWishDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = arietta_wish_details_dispose;
  object_class->finalize = arietta_wish_details_finalize;
  widget_class->map = arietta_wish_details_map;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-wish-details.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaWishDetails, grid);
  gtk_widget_class_bind_template_child (widget_class, AriettaWishDetails, model_list);
  gtk_widget_class_bind_template_child (widget_class, AriettaWishDetails, style_list);
  gtk_widget_class_bind_template_child (widget_class, AriettaWishDetails, density_list);
  gtk_widget_class_bind_template_child (widget_class, AriettaWishDetails, amount);
  gtk_widget_class_bind_template_child (widget_class, AriettaWishDetails, instruments);
  gtk_widget_class_bind_template_child (widget_class, AriettaWishDetails, add_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaWishDetails, add_popover);
  gtk_widget_class_bind_template_child (widget_class, AriettaWishDetails, seed_entry);
  gtk_widget_class_bind_template_child (widget_class, AriettaWishDetails, scale_check);
  gtk_widget_class_bind_template_callback (widget_class, model_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, style_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, density_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, seed_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, instrument_cb);
  gtk_widget_class_bind_template_callback (widget_class, drums_cb);
}

static void
arietta_wish_details_init (AriettaWishDetails *self)
{
  self->helpers = g_ptr_array_new_with_free_func (helper_free);
  self->stale = TRUE;
  g_type_ensure (ARIETTA_TYPE_INSTRUMENT_LIST);
  gtk_widget_init_template (GTK_WIDGET (self));
  arietta_a11y_name_drop_down (GTK_WIDGET (self->model_list), _("Model"));
  arietta_a11y_name_drop_down (GTK_WIDGET (self->style_list), _("Style"));
  arietta_a11y_name_drop_down (GTK_WIDGET (self->density_list), _("Density"));
  arietta_wish_details_set_scale (self, -1, 0);
}

/* ---- Public ---- */

void
arietta_wish_details_set_session (AriettaWishDetails *self,
                                  AriettaSession     *session)
{
  GSettings *settings;
  guint64 seed;
  int density;

  g_return_if_fail (ARIETTA_IS_WISH_DETAILS (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  settings = get_settings (self);
  seed = g_settings_get_uint64 (settings, "ask-seed");
  density = g_settings_get_int (settings, "ask-density");
  self->filling = TRUE;
  if (seed != 0)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, seed);

      gtk_editable_set_text (self->seed_entry, text);
    }
  for (guint i = 0; i < G_N_ELEMENTS (densities); i++)
    if (densities[i] <= density)
      gtk_drop_down_set_selected (self->density_list, i);
  self->filling = FALSE;
  g_settings_bind (settings, "compose-amount", self->amount, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "ask-scale", self->scale_check, "active", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (settings, "changed::ask-instruments", G_CALLBACK (show_instruments), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (arietta_session_get_library (session), "changed", G_CALLBACK (library_changed_cb), self,
                           G_CONNECT_SWAPPED);
  show_instruments (self);
  load_helpers (self);
}

void
arietta_wish_details_set_scale (AriettaWishDetails *self,
                                int                 tonic,
                                int                 mode)
{
  g_autofree char *name = NULL, *text = NULL;

  g_return_if_fail (ARIETTA_IS_WISH_DETAILS (self));

  name = arietta_scale_dup_name (tonic, mode);
  /* Translators: a scale, such as “G Major” */
  text = tonic >= 0 ? g_strdup_printf (_("Keep to %s"), name) : g_strdup (_("Keep to the Scale"));
  gtk_check_button_set_label (GTK_CHECK_BUTTON (self->scale_check), text);
  gtk_widget_set_sensitive (self->scale_check, tonic >= 0);
}

AriettaAssistRequest *
arietta_wish_details_dup_request (GSettings *settings,
                                int        tonic,
                                int        mode)
{
  AriettaAssistRequest request = ARIETTA_ASSIST_REQUEST_INIT;
  g_autoptr(GArray) programs = read_instruments (settings);
  g_autofree char *model = g_settings_get_string (settings, "ask-model");
  g_autofree char *style = g_settings_get_string (settings, "ask-style");

  request.model = *model != '\0' ? model : NULL;
  request.style = *style != '\0' ? style : NULL;
  request.adventure = g_settings_get_double (settings, "compose-adventure");
  request.amount = g_settings_get_double (settings, "compose-amount");
  request.density = g_settings_get_int (settings, "ask-density");
  request.seed = g_settings_get_uint64 (settings, "ask-seed");
  request.instruments = (const int *) (gpointer) programs->data;
  request.n_instruments = programs->len;
  if (g_settings_get_boolean (settings, "ask-scale") && tonic >= 0)
    {
      request.classes = arietta_mode_get_classes (tonic, mode);
      /* What the models know of keys helps them to get there by themselves. */
      request.in_scale = mode <= ARIETTA_SCALE_MINOR;
      if (request.in_scale)
        request.key = (AriettaTonality) { tonic, (AriettaScale) mode };
    }

  return arietta_assist_request_copy (&request);
}
