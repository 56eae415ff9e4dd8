#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-train-tune.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "studio/arietta-names.h"
#include "views/arietta-a11y.h"
#include "views/arietta-file-chooser.h"
#include "views/arietta-model-name.h"
#include "views/arietta-steps.h"
#include "widgets/arietta-adaptive-box.h"
#include "widgets/arietta-quick-layout.h"

/* Names that stand in the row; the rest are counted. */
#define MOST_NAMES 3

#define ARIETTA_TYPE_TRAIN_TUNE (arietta_train_tune_get_type ())
G_DECLARE_FINAL_TYPE (AriettaTrainTune, arietta_train_tune, ARIETTA, TRAIN_TUNE, AdwWindow)

struct _AriettaTrainTune
{
  AdwWindow          parent_instance;

  /* owned */
  AriettaSession    *session;
  char              *model;
  GPtrArray         *paths;     /* char * */

  AriettaTrainStart  start;
  GWeakRef           owner;

  /* template children */
  GtkWidget         *files;
  GtkWidget         *minutes;
  GtkWidget         *name;
  GtkWidget         *train;
};

G_DEFINE_FINAL_TYPE (AriettaTrainTune, arietta_train_tune, ADW_TYPE_WINDOW)

static void
update (AriettaTrainTune *self)
{
  gboolean named = *gtk_editable_get_text (GTK_EDITABLE (self->name)) != '\0';

  gtk_widget_set_sensitive (self->train, self->paths != NULL && self->paths->len > 0 && named);
}

static void
show_files (AriettaTrainTune *self)
{
  guint               n = self->paths->len;
  g_autofree char    *title = g_strdup_printf (ngettext ("%u file or folder", "%u files or folders", n), n);
  g_autoptr(GString)  names = g_string_new (NULL);

  for (guint i = 0; i < MIN (n, MOST_NAMES); i++)
    {
      g_autofree char *name = g_filename_display_basename (self->paths->pdata[i]);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", name);
    }
  if (n > MOST_NAMES)
    g_string_append (names, "…");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->files), n > 0 ? title : _("Drop Files Here"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->files),
                               n > 0 ? names->str
                                     : _("A few MIDI files are enough. One in five is kept back to see "
                                         "what it learned."));
  update (self);
}

static void
add_file (AriettaTrainTune *self,
          GFile            *file)
{
  g_autofree char *path = g_file_get_path (file);

  if (path != NULL && !g_ptr_array_find_with_equal_func (self->paths, path, g_str_equal, NULL))
    g_ptr_array_add (self->paths, g_steal_pointer (&path));
}

static void
chosen_cb (GtkWidget  *near,
           GListModel *files,
           gpointer    user_data)
{
  AriettaTrainTune *self = user_data;

  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr(GFile) file = g_list_model_get_item (files, i);

      add_file (self, file);
    }
  show_files (self);
}

static void
choose_cb (AriettaTrainTune *self)
{
  arietta_choose_music (GTK_WIDGET (self), TRUE, chosen_cb, g_object_ref (self), g_object_unref);
}

static gboolean
drop_cb (AriettaTrainTune *self,
         const GValue     *value)
{
  GSList *files = gdk_file_list_get_files (g_value_get_boxed (value));

  for (GSList *l = files; l != NULL; l = l->next)
    add_file (self, l->data);
  g_slist_free (files);
  show_files (self);

  return TRUE;
}

static void
train_clicked_cb (AriettaTrainTune *self)
{
  g_autofree char    *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));
  g_autoptr(GObject)  owner = g_weak_ref_get (&self->owner);
  AriettaTrainRequest request = { .seed = 1 };

  if (owner != NULL && *name != '\0')
    {
      g_ptr_array_add (self->paths, NULL);
      request.from = self->model;
      request.dataset = name;
      request.name = name;
      request.minutes = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->minutes));
      g_settings_set_double (arietta_session_get_settings (self->session), "tune-minutes", request.minutes);
      request.paths = (const char *const *) self->paths->pdata;
      self->start (owner, &request);
    }
  gtk_window_close (GTK_WINDOW (self));
}

static void
arietta_train_tune_dispose (GObject *object)
{
  AriettaTrainTune *self = ARIETTA_TRAIN_TUNE (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->paths, g_ptr_array_unref);

  G_OBJECT_CLASS (arietta_train_tune_parent_class)->dispose (object);
}

static void
arietta_train_tune_finalize (GObject *object)
{
  AriettaTrainTune *self = ARIETTA_TRAIN_TUNE (object);

  g_free (self->model);
  g_weak_ref_clear (&self->owner);

  G_OBJECT_CLASS (arietta_train_tune_parent_class)->finalize (object);
}

static void
arietta_train_tune_class_init (AriettaTrainTuneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_train_tune_dispose;
  G_OBJECT_CLASS (klass)->finalize = arietta_train_tune_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-train-tune.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaTrainTune, files);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrainTune, minutes);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrainTune, name);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrainTune, train);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, train_clicked_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
arietta_train_tune_init (AriettaTrainTune *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->paths = g_ptr_array_new_with_free_func (g_free);
  g_type_ensure (ARIETTA_TYPE_ADAPTIVE_BOX);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

void
arietta_train_tune_present (GtkWidget         *near,
                            AriettaSession    *session,
                            const char        *model,
                            AriettaTrainStart  start,
                            gpointer           owner)
{
  AriettaTrainTune *self = g_object_new (ARIETTA_TYPE_TRAIN_TUNE, "transient-for", gtk_widget_get_root (near), NULL);
  g_autofree char  *title = g_strdup_printf (_("Fine-Tune “%s”"), arietta_model_get_title (model));
  g_autofree char  *name = g_strdup_printf (_("%s, my way"), arietta_model_get_title (model));

  self->session = g_object_ref (session);
  self->model = g_strdup (model);
  self->start = start;
  g_weak_ref_init (&self->owner, owner);
  gtk_window_set_title (GTK_WINDOW (self), title);
  arietta_model_name_suggest (self->name, arietta_session_get_library (session), name);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->minutes),
                             g_settings_get_double (arietta_session_get_settings (session), "tune-minutes"));
  show_files (self);
  arietta_a11y_name_row_images (GTK_WIDGET (self));
  arietta_quick_layout_ease (GTK_WIDGET (self));
  arietta_steps_present (GTK_WINDOW (self));
}
