#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-model-measure.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "base/arietta-json.h"
#include "drawing/arietta-bars.h"
#include "studio/arietta-evaluate.h"
#include "studio/arietta-evaluation-words.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "widgets/arietta-colors.h"
#include "widgets/arietta-quick-layout.h"

#define N_SERIES 3

struct _AriettaModelMeasure
{
  GtkWidget       parent_instance;

  /* owned */
  AriettaSession *session;
  char           *model;
  char           *sha256;
  JsonObject     *results;      /* of the shown model, or NULL */
  GHashTable     *jobs;         /* model -> AriettaJob at work */
  GPtrArray      *rows[ARIETTA_EVALUATION_N_PARTS];   /* borrowed; those to take away */
  GPtrArray      *datasets;     /* char * */

  /* children */
  GtkWidget      *box;
  GtkWidget      *group;
  GtkWidget      *parts[ARIETTA_EVALUATION_N_PARTS];  /* groups of rows */
  GtkWidget      *dataset;
  GtkWidget      *measure;
  GtkWidget      *progress_row;
  GtkWidget      *progress;
  GtkWidget      *chart;
};

G_DEFINE_FINAL_TYPE (AriettaModelMeasure, arietta_model_measure, GTK_TYPE_WIDGET)

static const struct { const char *key, *label; } overlaps[] = {
  { "pitch", N_("Pitch") },
  { "duration", N_("Duration") },
  { "interval", N_("Interval") },
  { "inter_onset", N_("Time Between Notes") },
  { "density", N_("Density") },
  { "pitch_class_entropy", N_("Pitch Classes") },
  { "scale_consistency", N_("Scale") },
  { "groove", N_("Groove") },
};

static double
overlap_of (JsonObject *overlap,
            const char *beside,
            const char *key)
{
  return arietta_json_get_number (beside != NULL ? arietta_json_get_object (overlap, beside) : overlap, key);
}

static JsonObject *
get_overlap (AriettaModelMeasure *self)
{
  return arietta_json_get_object (self->results, "overlap");
}

static void
draw_cb (GtkDrawingArea *area,
         cairo_t        *cr,
         int             width,
         int             height,
         gpointer        user_data)
{
  AriettaModelMeasure *self = user_data;
  JsonObject          *overlap = get_overlap (self);
  const char          *series[N_SERIES] = { _("This model"), _("Half of the pieces"), _("Shuffled") };
  AriettaBarsRow       rows[G_N_ELEMENTS (overlaps)];
  AriettaPalette       palette;
  guint                n = 0;

  if (overlap == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (overlaps); i++)
    if (!isnan (overlap_of (overlap, NULL, overlaps[i].key)))
      rows[n++] = (AriettaBarsRow) {
        _(overlaps[i].label),
        { overlap_of (overlap, NULL, overlaps[i].key), overlap_of (overlap, "ceiling", overlaps[i].key),
          overlap_of (overlap, "shuffled", overlaps[i].key) },
      };
  arietta_colors_get (GTK_WIDGET (area), &palette);
  arietta_bars_draw (cr, &palette, width, series, N_SERIES, rows, n);
}

/* Drums have no pitches to compare. */
static guint
count_overlaps (AriettaModelMeasure *self)
{
  JsonObject *overlap = get_overlap (self);
  guint       n = 0;

  for (guint i = 0; overlap != NULL && i < G_N_ELEMENTS (overlaps); i++)
    n += !isnan (overlap_of (overlap, NULL, overlaps[i].key));

  return n;
}

static AriettaJob *
get_job (AriettaModelMeasure *self)
{
  return self->model != NULL ? g_hash_table_lookup (self->jobs, self->model) : NULL;
}

static GtkWidget *
make_row (const AriettaModelResult *result)
{
  GtkWidget *row = adw_action_row_new (), *value = gtk_label_new (result->value);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), result->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), result->baseline);
  gtk_widget_add_css_class (value, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), value);
  arietta_quick_layout_ease (row);

  return row;
}

static void
fill_part (AriettaModelMeasure   *self,
           AriettaEvaluationPart  part)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self->parts[part]);
  g_autoptr(GArray)    results = NULL;

  for (guint i = 0; i < self->rows[part]->len; i++)
    adw_preferences_group_remove (group, self->rows[part]->pdata[i]);
  g_ptr_array_set_size (self->rows[part], 0);
  gtk_widget_set_visible (GTK_WIDGET (group), FALSE);
  if (self->results == NULL)
    return;

  results = arietta_evaluation_list (self->results, part);
  for (guint i = 0; i < results->len; i++)
    {
      GtkWidget *row = make_row (&g_array_index (results, AriettaModelResult, i));

      adw_preferences_group_add (group, row);
      g_ptr_array_add (self->rows[part], row);
    }
  gtk_widget_set_visible (GTK_WIDGET (group), results->len > 0);
}

/* What was found. */
static void
fill_rows (AriettaModelMeasure *self)
{
  guint n = count_overlaps (self);

  gtk_widget_set_visible (self->chart, n > 0);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (self->chart), (int) ceil (arietta_bars_get_height (n, N_SERIES)));
  gtk_widget_queue_draw (self->chart);
  for (guint part = 0; part < ARIETTA_EVALUATION_N_PARTS; part++)
    fill_part (self, part);
}

static void
update (AriettaModelMeasure *self)
{
  AriettaJob *job = get_job (self);
  double      fraction = 0.0;

  /* What was under way when the window went. */
  if (self->group == NULL)
    return;

  gtk_widget_set_visible (self->progress_row, job != NULL);
  gtk_widget_set_sensitive (self->measure, job == NULL && self->datasets->len > 0);
  gtk_widget_set_sensitive (self->dataset, job == NULL && self->datasets->len > 0);
  if (job == NULL)
    return;

  g_object_get (job, "fraction", &fraction, NULL);
  if (fraction >= 0.0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), MIN (fraction, 1.0));
  else
    gtk_progress_bar_pulse (GTK_PROGRESS_BAR (self->progress));
}

typedef struct
{
  AriettaModelMeasure *self;
  char                *model;
} Ending;

static void
measured_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Ending                *ending = user_data;
  AriettaModelMeasure   *self = ending->self;
  g_autoptr(GError)      error = NULL;
  g_autoptr(JsonObject)  results = arietta_job_run_finish (ARIETTA_JOB (source), result, &error);

  g_hash_table_remove (self->jobs, ending->model);
  if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    arietta_present_error (GTK_WIDGET (self), error);
  if (results != NULL && self->group != NULL && g_strcmp0 (self->model, ending->model) == 0)
    {
      g_clear_pointer (&self->results, json_object_unref);
      self->results = g_steal_pointer (&results);
      fill_rows (self);
    }
  update (self);
  g_object_unref (ending->self);
  g_free (ending->model);
  g_free (ending);
}

static void
measure_cb (AriettaModelMeasure *self)
{
  guint       nth = adw_combo_row_get_selected (ADW_COMBO_ROW (self->dataset));
  AriettaJob *job;
  Ending     *ending;

  if (nth >= self->datasets->len || get_job (self) != NULL)
    return;

  job = arietta_evaluate_job_new (arietta_session_get_library (self->session), self->model, self->datasets->pdata[nth]);
  ending = g_new0 (Ending, 1);
  ending->self = g_object_ref (self);
  ending->model = g_strdup (self->model);
  g_hash_table_replace (self->jobs, g_strdup (self->model), job);
  g_signal_connect_object (job, "notify::fraction", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  arietta_job_queue_add (arietta_session_get_jobs (self->session), job, (GDestroyNotify) json_object_unref,
                         measured_cb, ending);
  update (self);
}

static void
stop_cb (AriettaModelMeasure *self)
{
  if (get_job (self) != NULL)
    arietta_job_cancel (get_job (self));
}

static gpointer
read_datasets (gpointer  data,
               GError  **error)
{
  return arietta_library_list_datasets (data, error);
}

static void
datasets_loaded_cb (gpointer      owner,
                    gpointer      result,
                    const GError *error)
{
  AriettaModelMeasure      *self = owner;
  g_autoptr(GPtrArray)      datasets = result;
  g_autoptr(GtkStringList)  names = gtk_string_list_new (NULL);
  g_autofree char          *chosen = NULL;
  guint                     selected;

  if (self->group == NULL)
    return;

  selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self->dataset));
  if (selected < self->datasets->len)
    chosen = g_strdup (self->datasets->pdata[selected]);
  selected = 0;
  g_ptr_array_set_size (self->datasets, 0);
  for (guint i = 0; datasets != NULL && i < datasets->len; i++)
    {
      const AriettaDataset *dataset = datasets->pdata[i];

      if (dataset->n_test + dataset->n_validation == 0)
        continue;
      if (g_strcmp0 (dataset->name, chosen) == 0)
        selected = self->datasets->len;
      g_ptr_array_add (self->datasets, g_strdup (dataset->name));
      gtk_string_list_append (names, dataset->name);
    }
  adw_combo_row_set_model (ADW_COMBO_ROW (self->dataset), G_LIST_MODEL (names));
  if (self->datasets->len > 0)
    adw_combo_row_set_selected (ADW_COMBO_ROW (self->dataset), selected);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->dataset),
                               self->datasets->len > 0 ? NULL : _("No dataset has pieces held back yet."));
  update (self);
}

static void
arietta_model_measure_dispose (GObject *object)
{
  AriettaModelMeasure *self = ARIETTA_MODEL_MEASURE (object);

  self->group = NULL;
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);
  g_clear_pointer (&self->results, json_object_unref);

  G_OBJECT_CLASS (arietta_model_measure_parent_class)->dispose (object);
}

static void
arietta_model_measure_finalize (GObject *object)
{
  AriettaModelMeasure *self = ARIETTA_MODEL_MEASURE (object);

  g_free (self->model);
  g_free (self->sha256);
  for (guint part = 0; part < ARIETTA_EVALUATION_N_PARTS; part++)
    g_ptr_array_unref (self->rows[part]);
  g_ptr_array_unref (self->datasets);
  g_hash_table_unref (self->jobs);

  G_OBJECT_CLASS (arietta_model_measure_parent_class)->finalize (object);
}

static void
arietta_model_measure_class_init (AriettaModelMeasureClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = arietta_model_measure_dispose;
  G_OBJECT_CLASS (klass)->finalize = arietta_model_measure_finalize;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
arietta_model_measure_init (AriettaModelMeasure *self)
{
  GtkWidget *stop = gtk_button_new_with_mnemonic (_("_Stop")), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->datasets = g_ptr_array_new_with_free_func (g_free);
  self->jobs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  self->group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->group), _("Measured Here"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->group),
                                         _("Measured on what was held back of a dataset. It takes from seconds to minutes; "
                                           "composing goes on meanwhile."));
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  gtk_box_append (GTK_BOX (self->box), self->group);
  for (guint part = 0; part < ARIETTA_EVALUATION_N_PARTS; part++)
    {
      self->rows[part] = g_ptr_array_new ();
      self->parts[part] = adw_preferences_group_new ();
      adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->parts[part]), arietta_evaluation_get_title (part));
      gtk_widget_set_visible (self->parts[part], FALSE);
      gtk_box_append (GTK_BOX (self->box), self->parts[part]);
    }
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  self->dataset = adw_combo_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->dataset), _("Held-Out Pieces Of"));
  self->measure = gtk_button_new_with_mnemonic (_("_Measure"));
  gtk_widget_set_valign (self->measure, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->measure, "clicked", G_CALLBACK (measure_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->dataset), self->measure);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), self->dataset);

  self->progress = gtk_progress_bar_new ();
  gtk_widget_set_hexpand (self->progress, TRUE);
  gtk_widget_set_valign (self->progress, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Progress"), -1);
  g_signal_connect_swapped (stop, "clicked", G_CALLBACK (stop_cb), self);
  gtk_box_append (GTK_BOX (box), self->progress);
  gtk_box_append (GTK_BOX (box), stop);
  gtk_widget_set_margin_top (box, 12);
  self->progress_row = box;
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), box);

  self->chart = gtk_drawing_area_new ();
  gtk_widget_set_margin_top (self->chart, 18);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->chart), draw_cb, self, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->chart), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Overlap With the Pieces"), -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->parts[ARIETTA_EVALUATION_WRITTEN]), self->chart);
}

void
arietta_model_measure_show (AriettaModelMeasure    *self,
                            AriettaSession         *session,
                            const AriettaModelInfo *info)
{
  gboolean same;

  g_return_if_fail (ARIETTA_IS_MODEL_MEASURE (self));

  gtk_widget_set_visible (GTK_WIDGET (self), info->sha256 != NULL && info->problem == NULL);
  same = g_strcmp0 (self->model, info->name) == 0 && g_strcmp0 (self->sha256, info->sha256) == 0;
  g_set_object (&self->session, session);
  arietta_load_async (self, NULL, read_datasets, g_object_ref (arietta_session_get_library (session)), g_object_unref,
                      (GDestroyNotify) g_ptr_array_unref, datasets_loaded_cb);
  if (same)
    return;

  g_free (self->model);
  self->model = g_strdup (info->name);
  g_free (self->sha256);
  self->sha256 = g_strdup (info->sha256);
  g_clear_pointer (&self->results, json_object_unref);
  if (info->sha256 != NULL)
    self->results = arietta_evaluate_recall (arietta_session_get_library (session), info->sha256);
  fill_rows (self);
  update (self);
}
