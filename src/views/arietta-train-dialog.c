#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-train-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "learning/arietta-model-kind.h"
#include "views/arietta-a11y.h"
#include "views/arietta-load.h"
#include "views/arietta-record-list.h"

#define ARIETTA_TYPE_TRAIN_DIALOG (arietta_train_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AriettaTrainDialog, arietta_train_dialog, ARIETTA, TRAIN_DIALOG, AdwWindow)

struct _AriettaTrainDialog
{
  AdwWindow          parent_instance;

  AriettaSession    *session;
  AriettaRecordList *datasets;
  AriettaTrainStart  start;
  GWeakRef           owner;

  /* template children */
  GtkWidget         *kind;
  GtkWidget         *dataset;
  GtkWidget         *dataset_note;
  GtkWidget         *minutes;
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
    gtk_editable_set_text (GTK_EDITABLE (self->name), dataset->name);
  update (self);
}

static void
kind_changed_cb (AriettaTrainDialog *self)
{
  guint nth = adw_combo_row_get_selected (ADW_COMBO_ROW (self->kind));

  if (nth < arietta_model_kind_get_n ())
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->kind), _(arietta_model_kind_get_nth (nth)->summary));
}

static void
datasets_loaded_cb (gpointer      owner,
                    gpointer      result,
                    const GError *error)
{
  AriettaTrainDialog *self = owner;
  guint               best = 0;

  if (result != NULL)
    arietta_record_list_take (self->datasets, result);

  /* The largest one is the likeliest to be meant. */
  for (guint i = 1; i < g_list_model_get_n_items (G_LIST_MODEL (self->datasets)); i++)
    if (((const AriettaDataset *) arietta_record_list_get (self->datasets, i))->n_train >
        ((const AriettaDataset *) arietta_record_list_get (self->datasets, best))->n_train)
      best = i;
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->dataset), best);
  dataset_changed_cb (self);
  arietta_a11y_name_row_images (GTK_WIDGET (self));
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
  gtk_widget_class_bind_template_child (widget_class, AriettaTrainDialog, name);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrainDialog, train);
  gtk_widget_class_bind_template_callback (widget_class, dataset_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, train_clicked_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
arietta_train_dialog_init (AriettaTrainDialog *self)
{
  g_autoptr(GtkStringList) kinds = gtk_string_list_new (NULL);
  g_autoptr(GtkExpression) name = NULL;

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
  arietta_load_async (self, NULL, read_datasets, g_object_ref (arietta_session_get_library (session)), g_object_unref,
                      (GDestroyNotify) g_ptr_array_unref, datasets_loaded_cb);
  gtk_window_present (GTK_WINDOW (self));
}
