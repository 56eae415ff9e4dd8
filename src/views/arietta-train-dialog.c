#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-train-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "learning/arietta-model-kind.h"
#include "studio/arietta-train-estimate.h"
#include "views/arietta-a11y.h"
#include "views/arietta-load.h"
#include "views/arietta-model-name.h"
#include "views/arietta-record-list.h"
#include "views/arietta-steps.h"
#include "widgets/arietta-adaptive-box.h"
#include "widgets/arietta-quick-layout.h"

#define ARIETTA_TYPE_TRAIN_DIALOG (arietta_train_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AriettaTrainDialog, arietta_train_dialog, ARIETTA, TRAIN_DIALOG, AdwWindow)

struct _AriettaTrainDialog
{
  AdwWindow          parent_instance;

  AriettaSession       *session;
  AriettaRecordList    *datasets;
  AriettaTrainStart     start;
  GWeakRef              owner;
  GCancellable         *estimating;   /* the estimate under way, or NULL */
  AriettaTrainEstimate *estimate;     /* of what is chosen, or NULL */

  /* template children */
  GtkWidget         *kind;
  GtkWidget         *dataset;
  GtkWidget         *dataset_note;
  GtkWidget         *minutes;
  GtkWidget         *estimate_note;
  GtkWidget         *name;
  GtkWidget         *train;
};

G_DEFINE_FINAL_TYPE (AriettaTrainDialog, arietta_train_dialog, ADW_TYPE_WINDOW)

static const AriettaDataset *
get_dataset (AriettaTrainDialog *self)
{
  return arietta_record_list_get (self->datasets, adw_combo_row_get_selected (ADW_COMBO_ROW (self->dataset)));
}

static gpointer
read_datasets (gpointer  data,
               GError  **error)
{
  return arietta_library_list_datasets (data, error);
}

/* ---- The estimate ---- */

static void
show_estimate (AriettaTrainDialog *self)
{
  double           seconds = 60.0 * gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->minutes));
  g_autofree char *size = NULL;
  g_autofree char *text = NULL;
  double           passes;

  if (self->estimate == NULL)
    {
      gtk_label_set_label (GTK_LABEL (self->estimate_note),
                           self->estimating != NULL ? _("Trying two steps to see what it takes…") : "");
      return;
    }

  size = g_format_size (self->estimate->bytes);
  passes = seconds / self->estimate->step_seconds / self->estimate->steps_per_pass;
  /* Translators: the last is a size, such as “1.2 GB”. */
  text = passes >= 1.5
           ? g_strdup_printf (_("About %.0f steps: every piece is heard %.0f times. It needs %s of memory."),
                              seconds / self->estimate->step_seconds, passes, size)
           : g_strdup_printf (_("About %.0f steps: once through all pieces takes %.0f minutes. It needs %s of memory."),
                              seconds / self->estimate->step_seconds,
                              MAX (1.0, self->estimate->step_seconds * self->estimate->steps_per_pass / 60.0), size);
  gtk_label_set_label (GTK_LABEL (self->estimate_note), text);
}

typedef struct
{
  AriettaLibrary *library;
  GCancellable   *cancellable;
  const char     *kind;      /* static */
  char           *dataset;
} EstimateRequest;

static void
estimate_request_free (gpointer data)
{
  EstimateRequest *request = data;

  g_object_unref (request->library);
  g_object_unref (request->cancellable);
  g_free (request->dataset);
  g_free (request);
}

static gpointer
make_estimate (gpointer  data,
               GError  **error)
{
  EstimateRequest *request = data;

  return arietta_train_estimate (request->library, request->kind, request->dataset, request->cancellable, error);
}

/* What cannot be estimated, such as a dataset without anything for this kind, says so at the start
 * of the training too. */
static void
estimated_cb (gpointer      owner,
              gpointer      result,
              const GError *error)
{
  AriettaTrainDialog *self = owner;

  g_clear_object (&self->estimating);
  g_free (self->estimate);
  self->estimate = result;
  show_estimate (self);
  if (error != NULL)
    gtk_label_set_label (GTK_LABEL (self->estimate_note), error->message);
}

static void
stop_estimating (AriettaTrainDialog *self)
{
  if (self->estimating != NULL)
    g_cancellable_cancel (self->estimating);
  g_clear_object (&self->estimating);
  g_clear_pointer (&self->estimate, g_free);
}

static void
estimate (AriettaTrainDialog *self)
{
  const AriettaDataset   *dataset = self->datasets != NULL ? get_dataset (self) : NULL;
  const AriettaModelKind *kind = arietta_model_kind_get_nth (adw_combo_row_get_selected (ADW_COMBO_ROW (self->kind)));
  EstimateRequest        *request;

  /* While the dialog is being made there is nothing chosen yet. */
  stop_estimating (self);
  if (self->session == NULL || dataset == NULL || dataset->n_train == 0 || kind == NULL)
    {
      show_estimate (self);
      return;
    }

  self->estimating = g_cancellable_new ();
  request = g_new0 (EstimateRequest, 1);
  request->library = g_object_ref (arietta_session_get_library (self->session));
  request->cancellable = g_object_ref (self->estimating);
  request->kind = kind->name;
  request->dataset = g_strdup (dataset->name);
  show_estimate (self);
  arietta_load_async (self, self->estimating, make_estimate, request, estimate_request_free, g_free, estimated_cb);
}

/* ---- The choices ---- */

/* Says what the model will see, or what is missing. */
static void
update (AriettaTrainDialog *self)
{
  const AriettaDataset *dataset = get_dataset (self);
  g_autofree char      *note = NULL;
  gboolean              enough = dataset != NULL && dataset->n_train > 0;
  gboolean              named = *gtk_editable_get_text (GTK_EDITABLE (self->name)) != '\0';

  if (dataset == NULL)
    note = g_strdup (_("Add some music to a dataset first."));
  else if (!enough)
    note = g_strdup (_("There is nothing in this dataset that a model of notes can learn from."));
  else
    note = g_strdup_printf (ngettext ("It learns from %u piece; %u are kept back to check what it learned.",
                                      "It learns from %u pieces; %u are kept back to check what it learned.",
                                      dataset->n_train),
                            dataset->n_train, dataset->n_validation + dataset->n_test);
  gtk_label_set_label (GTK_LABEL (self->dataset_note), note);
  gtk_widget_set_sensitive (self->train, enough && named);
}

static void
dataset_changed_cb (AriettaTrainDialog *self)
{
  const AriettaDataset *dataset = get_dataset (self);

  if (dataset != NULL)
    arietta_model_name_suggest (self->name, arietta_session_get_library (self->session), dataset->name);
  update (self);
  estimate (self);
}

static void
kind_changed_cb (AriettaTrainDialog *self)
{
  guint nth = adw_combo_row_get_selected (ADW_COMBO_ROW (self->kind));

  if (nth < arietta_model_kind_get_n ())
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->kind), _(arietta_model_kind_get_nth (nth)->summary));
  estimate (self);
}

static void
datasets_loaded_cb (gpointer      owner,
                    gpointer      result,
                    const GError *error)
{
  AriettaTrainDialog *self = owner;
  g_autofree char    *last = g_settings_get_string (arietta_session_get_settings (self->session), "train-dataset");
  guint               best = 0;

  if (result != NULL)
    arietta_record_list_take (self->datasets, result);

  /* That of last time, or the largest one: it is the likeliest to be meant. */
  for (guint i = 1; i < g_list_model_get_n_items (G_LIST_MODEL (self->datasets)); i++)
    if (((const AriettaDataset *) arietta_record_list_get (self->datasets, i))->n_train >
        ((const AriettaDataset *) arietta_record_list_get (self->datasets, best))->n_train)
      best = i;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->datasets)); i++)
    if (g_str_equal (((const AriettaDataset *) arietta_record_list_get (self->datasets, i))->name, last))
      best = i;
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->dataset), best);
  dataset_changed_cb (self);
  arietta_a11y_name_row_images (GTK_WIDGET (self));
  arietta_quick_layout_ease (GTK_WIDGET (self));
}

static void
remember (AriettaTrainDialog        *self,
          const AriettaTrainRequest *request)
{
  GSettings *settings = arietta_session_get_settings (self->session);

  g_settings_set_string (settings, "train-kind", request->kind);
  g_settings_set_string (settings, "train-dataset", request->dataset);
  g_settings_set_double (settings, "train-minutes", request->minutes);
}

static void
recall (AriettaTrainDialog *self)
{
  GSettings       *settings = arietta_session_get_settings (self->session);
  g_autofree char *kind = g_settings_get_string (settings, "train-kind");

  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->minutes), g_settings_get_double (settings, "train-minutes"));
  for (guint i = 0; i < arietta_model_kind_get_n (); i++)
    if (g_str_equal (arietta_model_kind_get_nth (i)->name, kind))
      adw_combo_row_set_selected (ADW_COMBO_ROW (self->kind), i);
}

static void
train_clicked_cb (AriettaTrainDialog *self)
{
  const AriettaDataset   *dataset = get_dataset (self);
  const AriettaModelKind *kind = arietta_model_kind_get_nth (adw_combo_row_get_selected (ADW_COMBO_ROW (self->kind)));
  g_autofree char        *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));
  g_autoptr(GObject)      owner = g_weak_ref_get (&self->owner);
  AriettaTrainRequest     request = { .seed = 1 };

  if (owner != NULL && dataset != NULL && kind != NULL)
    {
      request.kind = kind->name;
      request.dataset = dataset->name;
      request.name = name;
      request.minutes = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->minutes));
      remember (self, &request);
      self->start (owner, &request);
    }
  gtk_window_close (GTK_WINDOW (self));
}

static char *
dataset_name_cb (AriettaRecord *record,
                 gpointer       user_data)
{
  return record != NULL ? g_strdup (((const AriettaDataset *) arietta_record_get (record))->name) : NULL;
}

static void
arietta_train_dialog_dispose (GObject *object)
{
  AriettaTrainDialog *self = ARIETTA_TRAIN_DIALOG (object);

  stop_estimating (self);
  g_clear_object (&self->session);
  g_clear_object (&self->datasets);

  G_OBJECT_CLASS (arietta_train_dialog_parent_class)->dispose (object);
}

static void
arietta_train_dialog_finalize (GObject *object)
{
  g_weak_ref_clear (&ARIETTA_TRAIN_DIALOG (object)->owner);

  G_OBJECT_CLASS (arietta_train_dialog_parent_class)->finalize (object);
}

static void
arietta_train_dialog_class_init (AriettaTrainDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_train_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = arietta_train_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-train-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaTrainDialog, kind);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrainDialog, dataset);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrainDialog, dataset_note);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrainDialog, minutes);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrainDialog, estimate_note);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrainDialog, name);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrainDialog, train);
  gtk_widget_class_bind_template_callback (widget_class, dataset_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_estimate);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, train_clicked_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
arietta_train_dialog_init (AriettaTrainDialog *self)
{
  g_autoptr(GtkStringList) kinds = gtk_string_list_new (NULL);
  g_autoptr(GtkExpression) name = NULL;

  g_type_ensure (ARIETTA_TYPE_ADAPTIVE_BOX);
  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i < arietta_model_kind_get_n (); i++)
    gtk_string_list_append (kinds, _(arietta_model_kind_get_nth (i)->title));
  adw_combo_row_set_model (ADW_COMBO_ROW (self->kind), G_LIST_MODEL (kinds));
  kind_changed_cb (self);

  self->datasets = arietta_record_list_new ();
  name = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (dataset_name_cb), NULL, NULL);
  adw_combo_row_set_expression (ADW_COMBO_ROW (self->dataset), name);
  adw_combo_row_set_model (ADW_COMBO_ROW (self->dataset), G_LIST_MODEL (self->datasets));
}

void
arietta_train_dialog_present (GtkWidget         *near,
                              AriettaSession    *session,
                              AriettaTrainStart  start,
                              gpointer           owner)
{
  AriettaTrainDialog *self = g_object_new (ARIETTA_TYPE_TRAIN_DIALOG,
                                           "transient-for", gtk_widget_get_root (near),
                                           NULL);

  self->session = g_object_ref (session);
  self->start = start;
  g_weak_ref_init (&self->owner, owner);
  recall (self);
  arietta_load_async (self, NULL, read_datasets, g_object_ref (arietta_session_get_library (session)), g_object_unref,
                      (GDestroyNotify) g_ptr_array_unref, datasets_loaded_cb);
  arietta_steps_present (GTK_WINDOW (self));
}
