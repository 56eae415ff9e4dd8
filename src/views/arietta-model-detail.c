#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-model-detail.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "studio/arietta-model-words.h"
#include "studio/arietta-names.h"
#include "views/arietta-a11y.h"
#include "views/arietta-job-row.h"
#include "views/arietta-model-attention.h"
#include "views/arietta-model-measure.h"
#include "widgets/arietta-loose-bin.h"
#include "widgets/arietta-loss-chart.h"
#include "widgets/arietta-quick-layout.h"

/* Of a row that says what is measured or what it learned from. */
#define VALUE_KEY "arietta-value"
/* So many to a frame: their words take a millisecond each to lay out, and a model may have
 * sixty. */
#define ROWS_A_FRAME 2

enum
{
  GROUP_RESULTS,
  GROUP_DATA,
  N_GROUPS,
};

typedef struct
{
  guint  group;
  char  *title;
  char  *subtitle;
  char  *value;             /* or NULL */
} RowWords;

struct _AriettaModelDetail
{
  GtkWidget  parent_instance;

  AriettaSession *session;
  GMenuModel *menu;
  GPtrArray *words;         /* RowWords, group by group */
  guint      n_filled;      /* rows that say theirs */
  gboolean   filling;
  GPtrArray *rows[N_GROUPS];  /* borrowed; those that are left over are hidden */

  /* template children */
  GtkWidget *bin;
  GtkWidget *title;
  GtkWidget *line;
  GtkWidget *facts;
  GtkWidget *run_row;
  GtkWidget *pause;
  GtkWidget *resume;
  GtkWidget *keep;
  GtkWidget *hear;
  GtkWidget *tune;
  GtkWidget *more;
  GtkWidget *curve_group;
  GtkWidget *chart;
  GtkWidget *results_group;
  GtkWidget *measure;
  GtkWidget *attention;
  GtkWidget *data_group;
};

G_DEFINE_FINAL_TYPE (AriettaModelDetail, arietta_model_detail, GTK_TYPE_WIDGET)

static void
row_words_free (RowWords *words)
{
  g_free (words->title);
  g_free (words->subtitle);
  g_free (words->value);
  g_free (words);
}

static gboolean
same_words (GPtrArray *a,
            GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    {
      const RowWords *x = a->pdata[i], *y = b->pdata[i];

      if (x->group != y->group || strcmp (x->title, y->title) != 0 || strcmp (x->subtitle, y->subtitle) != 0 ||
          g_strcmp0 (x->value, y->value) != 0)
        return FALSE;
    }
  return TRUE;
}

/* Made when it is first opened: it is many widgets. */
static void
make_menu_cb (GtkMenuButton *button,
              gpointer       user_data)
{
  if (gtk_menu_button_get_menu_model (button) == NULL)
    gtk_menu_button_set_menu_model (button, ARIETTA_MODEL_DETAIL (user_data)->menu);
}

static void
arietta_model_detail_dispose (GObject *object)
{
  AriettaModelDetail *self = ARIETTA_MODEL_DETAIL (object);

  g_clear_pointer (&self->bin, gtk_widget_unparent);
  g_clear_object (&self->session);
  g_clear_object (&self->menu);

  G_OBJECT_CLASS (arietta_model_detail_parent_class)->dispose (object);
}

static void
arietta_model_detail_finalize (GObject *object)
{
  AriettaModelDetail *self = ARIETTA_MODEL_DETAIL (object);

  g_ptr_array_unref (self->words);
  for (guint i = 0; i < N_GROUPS; i++)
    g_ptr_array_unref (self->rows[i]);

  G_OBJECT_CLASS (arietta_model_detail_parent_class)->finalize (object);
}

static void
arietta_model_detail_class_init (AriettaModelDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_model_detail_dispose;
  G_OBJECT_CLASS (klass)->finalize = arietta_model_detail_finalize;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-model-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, bin);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, title);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, line);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, facts);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, run_row);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, pause);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, resume);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, keep);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, hear);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, tune);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, more);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, curve_group);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, chart);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, results_group);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, data_group);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, measure);
  gtk_widget_class_bind_template_child (widget_class, AriettaModelDetail, attention);
}

static void
arietta_model_detail_init (AriettaModelDetail *self)
{
  g_type_ensure (ARIETTA_TYPE_LOOSE_BIN);
  g_type_ensure (ARIETTA_TYPE_LOSS_CHART);
  g_type_ensure (ARIETTA_TYPE_MODEL_MEASURE);
  g_type_ensure (ARIETTA_TYPE_MODEL_ATTENTION);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->more), make_menu_cb, self, NULL);
  self->words = g_ptr_array_new_with_free_func ((GDestroyNotify) row_words_free);
  for (guint i = 0; i < N_GROUPS; i++)
    self->rows[i] = g_ptr_array_new ();
}

static void
add_words (GPtrArray  *all,
           guint       group,
           const char *title,
           const char *subtitle,
           const char *value)
{
  RowWords *words = g_new0 (RowWords, 1);

  words->group = group;
  words->title = g_strdup (title);
  words->subtitle = g_strdup (subtitle);
  words->value = g_strdup (value);
  g_ptr_array_add (all, words);
}

static GtkWidget *
row_new (AriettaModelDetail *self,
         guint               group)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  if (group == GROUP_RESULTS)
    {
      GtkWidget *label = gtk_label_new (NULL);

      gtk_widget_add_css_class (label, "numeric");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
      g_object_set_data (G_OBJECT (row), VALUE_KEY, label);
    }
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group == GROUP_RESULTS ? self->results_group : self->data_group), row);
  arietta_quick_layout_ease (row);
  g_ptr_array_add (self->rows[group], row);

  return row;
}

/* The next rows say what is theirs, the rest after the next frame. */
static void
fill_rows (GtkWidget *widget)
{
  AriettaModelDetail *self = ARIETTA_MODEL_DETAIL (widget);

  for (guint n = 0; n < ROWS_A_FRAME && self->n_filled < self->words->len; n++, self->n_filled++)
    {
      const RowWords *words = self->words->pdata[self->n_filled];
      guint           nth = self->n_filled;
      GtkWidget      *row;

      while (nth > 0 && ((RowWords *) self->words->pdata[self->n_filled - nth])->group != words->group)
        nth--;
      row = nth < self->rows[words->group]->len ? self->rows[words->group]->pdata[nth] : row_new (self, words->group);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), words->title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words->subtitle);
      if (words->value != NULL)
        gtk_label_set_label (g_object_get_data (G_OBJECT (row), VALUE_KEY), words->value);
      gtk_widget_set_visible (row, TRUE);
    }

  self->filling = self->n_filled < self->words->len;
  if (self->filling)
    arietta_slices_add_later (arietta_session_get_slices (self->session), widget, fill_rows);
}

/* Takes @words over. */
static void
take_words (AriettaModelDetail *self,
            GPtrArray          *words)
{
  if (same_words (self->words, words))
    {
      g_ptr_array_unref (words);
      return;
    }

  g_ptr_array_unref (self->words);
  self->words = words;
  self->n_filled = 0;
  for (guint i = 0; i < N_GROUPS; i++)
    for (guint k = 0; k < self->rows[i]->len; k++)
      gtk_widget_set_visible (self->rows[i]->pdata[k], FALSE);
  if (!self->filling && words->len > 0)
    {
      self->filling = TRUE;
      arietta_slices_add_later (arietta_session_get_slices (self->session), GTK_WIDGET (self), fill_rows);
    }
}

static void
offer (GtkWidget  *button,
       gboolean    offered,
       const char *name)
{
  gtk_widget_set_visible (button, offered);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", name);
}

static void
add_item (GMenu      *menu,
          const char *label,
          const char *action,
          const char *name)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", name);
  g_menu_append_item (menu, item);
}

static void
fill_menu (AriettaModelDetail     *self,
           const AriettaModelInfo *info)
{
  g_autoptr(GMenu) menu = g_menu_new ();

  if (info->problem == NULL)
    add_item (menu, _("_Compare…"), "page.compare-model", info->name);
  if (!info->bundled)
    add_item (menu, _("_Rename…"), "page.rename-model", info->name);
  if (info->weights_path != NULL)
    {
      add_item (menu, _("D_uplicate"), "page.duplicate-model", info->name);
      add_item (menu, _("_Export…"), "page.export-model", info->name);
    }
  if (!info->bundled)
    add_item (menu, _("_Delete"), "page.delete-model", info->name);
  g_set_object (&self->menu, G_MENU_MODEL (menu));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->more), NULL);
}

void
arietta_model_detail_set_audible (AriettaModelDetail *self,
                                  gboolean            audible)
{
  g_return_if_fail (ARIETTA_IS_MODEL_DETAIL (self));

  gtk_widget_set_sensitive (self->hear, audible);
  arietta_a11y_set_tooltip (self->hear, audible
                                          ? _("Another one at each click")
                                          : _("There is something to hear after the first checkpoint"));
}

void
arietta_model_detail_set_left (AriettaModelDetail *self,
                               double              seconds)
{
  g_autofree char *left = arietta_job_row_dup_left (seconds);
  g_autofree char *line = NULL;

  g_return_if_fail (ARIETTA_IS_MODEL_DETAIL (self));

  /* Translators: how long it will take: "9 minutes left" */
  line = *left != '\0' ? g_strdup_printf (_("Learning now. %s. It is measured when training ends."), left)
                       : g_strdup (_("Learning now. It is measured when training ends."));
  gtk_label_set_label (GTK_LABEL (self->line), line);
}

void
arietta_model_detail_show (AriettaModelDetail     *self,
                           AriettaSession         *session,
                           const AriettaModelInfo *info,
                           gboolean                training_here)
{
  g_autofree char      *line = NULL, *facts = NULL;
  g_autoptr(GArray)     results = NULL;
  g_autoptr(GPtrArray)  data = NULL;
  GPtrArray            *words = g_ptr_array_new_with_free_func ((GDestroyNotify) row_words_free);
  gboolean              paused = info->state == ARIETTA_MODEL_PAUSED && !training_here;

  g_return_if_fail (ARIETTA_IS_MODEL_DETAIL (self));

  line = arietta_model_dup_honest_line (info);
  facts = arietta_model_dup_facts (info);
  gtk_label_set_label (GTK_LABEL (self->title), arietta_model_get_title (info->name));
  if (!training_here)
    gtk_label_set_label (GTK_LABEL (self->line), line);
  gtk_label_set_label (GTK_LABEL (self->facts), facts);
  gtk_widget_set_visible (self->facts, *facts != '\0');

  gtk_widget_set_visible (self->run_row, training_here || paused);
  offer (self->pause, training_here, info->name);
  offer (self->resume, paused, info->name);
  offer (self->keep, training_here || (paused && info->weights_path != NULL), info->name);
  offer (self->hear, info->problem == NULL, info->name);
  offer (self->tune, info->state == ARIETTA_MODEL_READY && info->problem == NULL && !training_here, info->name);
  gtk_widget_set_visible (self->more, !training_here);
  fill_menu (self, info);
  arietta_model_detail_set_audible (self, info->weights_path != NULL);

  arietta_model_measure_show (ARIETTA_MODEL_MEASURE (self->measure), session, info);
  arietta_model_attention_show (ARIETTA_MODEL_ATTENTION (self->attention), session, info);

  results = arietta_model_list_results (info);
  for (guint i = 0; i < results->len; i++)
    {
      const AriettaModelResult *result = &g_array_index (results, AriettaModelResult, i);

      add_words (words, GROUP_RESULTS, result->title, result->baseline, result->value);
    }
  gtk_widget_set_visible (self->results_group, results->len > 0);

  data = arietta_model_list_data (info);
  for (guint i = 0; i < data->len; i++)
    {
      const char      *text = g_ptr_array_index (data, i);
      g_auto(GStrv)    parts = g_strsplit (text, "\n", 2);

      add_words (words, GROUP_DATA, parts[0], parts[1] != NULL ? parts[1] : "", NULL);
    }
  gtk_widget_set_visible (self->data_group, data->len > 0);
  g_set_object (&self->session, session);
  take_words (self, words);
}

void
arietta_model_detail_set_points (AriettaModelDetail      *self,
                                 const AriettaTrainPoint *points,
                                 guint                    n_points)
{
  g_return_if_fail (ARIETTA_IS_MODEL_DETAIL (self));

  arietta_loss_chart_clear (ARIETTA_LOSS_CHART (self->chart));
  gtk_widget_set_visible (self->curve_group, n_points > 0);
  for (guint i = 0; i < n_points; i++)
    arietta_loss_chart_add (ARIETTA_LOSS_CHART (self->chart), points[i].seconds / 60.0, points[i].train_loss,
                            points[i].validation_loss);
}

void
arietta_model_detail_add_point (AriettaModelDetail      *self,
                                const AriettaTrainPoint *point)
{
  g_return_if_fail (ARIETTA_IS_MODEL_DETAIL (self));

  gtk_widget_set_visible (self->curve_group, TRUE);
  arietta_loss_chart_add (ARIETTA_LOSS_CHART (self->chart), point->seconds / 60.0, point->train_loss,
                          point->validation_loss);
}
