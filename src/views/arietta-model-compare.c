#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-model-compare.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "studio/arietta-model-figures.h"
#include "studio/arietta-names.h"
#include "studio/arietta-train.h"
#include "views/arietta-a11y.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "views/arietta-steps.h"
#include "widgets/arietta-adaptive-box.h"
#include "widgets/arietta-loss-chart.h"
#include "widgets/arietta-quick-layout.h"

#define ARIETTA_TYPE_MODEL_COMPARE (arietta_model_compare_get_type ())
G_DECLARE_FINAL_TYPE (AriettaModelCompare, arietta_model_compare, ARIETTA, MODEL_COMPARE, AdwWindow)

struct _AriettaModelCompare
{
  AdwWindow       parent_instance;

  /* owned */
  AriettaSession *session;
  char           *first;
  GPtrArray      *models;      /* AriettaModelInfo: the first, then those it may be held against */

  /* template children */
  GtkWidget      *other;
  GtkWidget      *grid;
  GtkWidget      *none;
  GtkWidget      *curves;
  GtkWidget      *chart;
};

G_DEFINE_FINAL_TYPE (AriettaModelCompare, arietta_model_compare, ADW_TYPE_WINDOW)

/* ---- Figures ---- */

static const AriettaModelFigure *
find_figure (GArray     *figures,
             const char *title)
{
  for (guint i = 0; i < figures->len; i++)
    {
      const AriettaModelFigure *figure = &g_array_index (figures, AriettaModelFigure, i);

      if (g_str_equal (figure->title, title))
        return figure;
    }

  return NULL;
}

static GtkWidget *
label_new (const char *text,
           float       xalign,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);

  return label;
}

/* The better one is heavier and has a mark, so that it can be told without seeing colours. */
static GtkWidget *
value_new (const AriettaModelFigure *figure,
           gboolean                  better)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = label_new (figure != NULL ? figure->text : "–", 1.0f, "numeric");

  /* A figure is never broken up. */
  gtk_label_set_wrap (GTK_LABEL (label), FALSE);
  gtk_widget_set_halign (box, GTK_ALIGN_END);
  gtk_widget_set_valign (box, GTK_ALIGN_BASELINE);
  if (better)
    {
      GtkWidget *mark = gtk_image_new_from_icon_name ("object-select-symbolic");

      gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Better"), -1);
      gtk_widget_set_tooltip_text (mark, _("Better"));
      gtk_widget_add_css_class (label, "heading");
      gtk_box_append (GTK_BOX (box), mark);
    }
  gtk_box_append (GTK_BOX (box), label);

  return box;
}

static void
add_row (AriettaModelCompare      *self,
         int                       row,
         const char               *title,
         const AriettaModelFigure *a,
         const AriettaModelFigure *b)
{
  int        better = a != NULL && b != NULL ? arietta_model_figures_compare (a, b) : 0;
  GtkWidget *label = label_new (title, 0.0f, NULL);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (label, GTK_ALIGN_BASELINE);
  gtk_grid_attach (GTK_GRID (self->grid), label, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->grid), value_new (a, better > 0), 1, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->grid), value_new (b, better < 0), 2, row, 1, 1);
}

static void
clear_grid (AriettaModelCompare *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->grid)) != NULL)
    gtk_grid_remove (GTK_GRID (self->grid), child);
}

static GtkWidget *
heading_new (const char *name)
{
  GtkWidget *label = label_new (name, 1.0f, "heading");

  gtk_label_set_max_width_chars (GTK_LABEL (label), 14);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
  gtk_widget_set_valign (label, GTK_ALIGN_END);

  return label;
}

static void
fill_grid (AriettaModelCompare    *self,
           const AriettaModelInfo *first,
           const AriettaModelInfo *second)
{
  g_autoptr(GArray) a = arietta_model_list_figures (first);
  g_autoptr(GArray) b = arietta_model_list_figures (second);
  int               row = 0;

  clear_grid (self);
  gtk_grid_attach (GTK_GRID (self->grid), heading_new (first->name), 1, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->grid), heading_new (second->name), 2, row++, 1, 1);
  for (guint i = 0; i < a->len; i++)
    {
      const AriettaModelFigure *figure = &g_array_index (a, AriettaModelFigure, i);

      add_row (self, row++, figure->title, figure, find_figure (b, figure->title));
    }
  for (guint i = 0; i < b->len; i++)
    {
      const AriettaModelFigure *figure = &g_array_index (b, AriettaModelFigure, i);

      if (find_figure (a, figure->title) == NULL)
        add_row (self, row++, figure->title, NULL, figure);
    }
}

/* ---- Curves ---- */

typedef struct
{
  char *path[2], *name[2];
} CurvesRequest;

static void
curves_request_free (gpointer data)
{
  CurvesRequest *request = data;

  for (guint i = 0; i < 2; i++)
    {
      g_free (request->path[i]);
      g_free (request->name[i]);
    }
  g_free (request);
}

typedef struct
{
  GArray *points[2];
  char   *name[2];
} Curves;

static void
curves_free (gpointer data)
{
  Curves *curves = data;

  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&curves->points[i], g_array_unref);
      g_free (curves->name[i]);
    }
  g_free (curves);
}

static gpointer
read_curves (gpointer  data,
             GError  **error)
{
  CurvesRequest *request = data;
  Curves        *curves = g_new0 (Curves, 1);

  for (guint i = 0; i < 2; i++)
    {
      curves->points[i] = arietta_train_read_log (request->path[i], NULL);
      curves->name[i] = g_strdup (request->name[i]);
    }

  return curves;
}

static void
curves_read_cb (gpointer      owner,
                gpointer      result,
                const GError *error)
{
  AriettaModelCompare *self = owner;
  AriettaLossChart    *chart = ARIETTA_LOSS_CHART (self->chart);
  Curves              *curves = result;
  gboolean             both;

  if (curves == NULL)
    return;

  both = curves->points[0] != NULL && curves->points[0]->len > 0
         && curves->points[1] != NULL && curves->points[1]->len > 0;
  gtk_widget_set_visible (self->curves, both);
  arietta_loss_chart_clear (chart);
  if (both)
    {
      arietta_loss_chart_lay_over (chart, curves->name[0], curves->name[1]);
      for (guint side = 0; side < 2; side++)
        for (guint i = 0; i < curves->points[side]->len; i++)
          {
            const AriettaTrainPoint *point = &g_array_index (curves->points[side], AriettaTrainPoint, i);

            (side == 0 ? arietta_loss_chart_add : arietta_loss_chart_add_beside) (chart, point->seconds / 60.0,
                                                                                 point->train_loss, point->validation_loss);
          }
    }
  curves_free (curves);
}

/* ---- The two ---- */

static void
other_changed_cb (AriettaModelCompare *self)
{
  guint                   nth = adw_combo_row_get_selected (ADW_COMBO_ROW (self->other)) + 1;
  const AriettaModelInfo *first, *second;
  CurvesRequest          *request;

  if (self->models == NULL || nth >= self->models->len)
    return;

  first = self->models->pdata[0];
  second = self->models->pdata[nth];
  fill_grid (self, first, second);

  request = g_new0 (CurvesRequest, 1);
  request->path[0] = arietta_model_info_dup_log_path (first);
  request->path[1] = arietta_model_info_dup_log_path (second);
  request->name[0] = g_strdup (first->name);
  request->name[1] = g_strdup (second->name);
  arietta_load_async (self, NULL, read_curves, request, curves_request_free, curves_free, curves_read_cb);
}

static gpointer
read_models (gpointer  data,
             GError  **error)
{
  return arietta_models_list (data, error);
}

/* The first to the front, then its own kind, then the rest. */
static GPtrArray *
sort_models (GPtrArray  *listed,
             const char *first)
{
  GPtrArray              *models = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_model_info_free);
  const AriettaModelInfo *named = NULL;

  for (guint pass = 0; pass < 3; pass++)
    for (guint i = 0; i < listed->len; i++)
      {
        AriettaModelInfo *info = listed->pdata[i];
        gboolean          fits;

        if (info == NULL)
          continue;
        fits = pass == 0 ? g_str_equal (info->name, first)
                         : info->state == ARIETTA_MODEL_READY
                             && (pass == 2 || (named != NULL && g_strcmp0 (info->kind, named->kind) == 0));
        if (!fits)
          continue;
        if (pass == 0)
          named = info;
        g_ptr_array_add (models, info);
        listed->pdata[i] = NULL;
      }
  for (guint i = 0; i < listed->len; i++)
    g_clear_pointer ((AriettaModelInfo **) &listed->pdata[i], arietta_model_info_free);
  g_ptr_array_set_free_func (listed, NULL);

  return models;
}

static void
models_read_cb (gpointer      owner,
                gpointer      result,
                const GError *error)
{
  AriettaModelCompare     *self = owner;
  g_autoptr(GPtrArray)     listed = result;
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);

  arietta_present_error (GTK_WIDGET (self), error);
  if (listed == NULL)
    return;

  self->models = sort_models (listed, self->first);
  for (guint i = 1; i < self->models->len; i++)
    gtk_string_list_append (names, arietta_model_get_title (((const AriettaModelInfo *) self->models->pdata[i])->name));
  adw_combo_row_set_model (ADW_COMBO_ROW (self->other), G_LIST_MODEL (names));
  gtk_widget_set_visible (self->none, self->models->len < 2);
  gtk_widget_set_visible (self->other, self->models->len >= 2);
  other_changed_cb (self);
  arietta_a11y_name_row_images (GTK_WIDGET (self));
  arietta_quick_layout_ease (GTK_WIDGET (self));
}

static void
arietta_model_compare_dispose (GObject *object)
{
  AriettaModelCompare *self = ARIETTA_MODEL_COMPARE (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->first, g_free);
  g_clear_pointer (&self->models, g_ptr_array_unref);

  G_OBJECT_CLASS (arietta_model_compare_parent_class)->dispose (object);
}

static void
arietta_model_compare_class_init (AriettaModelCompareClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_model_compare_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-model-compare.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaModelCompare, other);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelCompare, grid);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelCompare, none);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelCompare, curves);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelCompare, chart);
  gtk_widget_class_bind_template_callback (widget_class, other_changed_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
arietta_model_compare_init (AriettaModelCompare *self)
{
  g_type_ensure (ARIETTA_TYPE_LOSS_CHART);
  g_type_ensure (ARIETTA_TYPE_ADAPTIVE_BOX);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
arietta_model_compare_present (GtkWidget      *near,
                               AriettaSession *session,
                               const char     *model)
{
  AriettaModelCompare *self = g_object_new (ARIETTA_TYPE_MODEL_COMPARE, "transient-for", gtk_widget_get_root (near), NULL);

  self->session = g_object_ref (session);
  self->first = g_strdup (model);
  arietta_load_async (self, NULL, read_models, g_object_ref (arietta_session_get_library (session)), g_object_unref,
                      (GDestroyNotify) g_ptr_array_unref, models_read_cb);
  arietta_steps_present (GTK_WINDOW (self));
}
