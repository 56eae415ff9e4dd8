#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-refusals-dialog.h"

#include <adwaita.h>
#include <glib/gstdio.h>

#include "formats/arietta-formats.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "views/arietta-record-list.h"
#include "views/arietta-steps.h"
#include "widgets/arietta-adaptive-box.h"

#define ARIETTA_TYPE_REFUSALS_DIALOG (arietta_refusals_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AriettaRefusalsDialog, arietta_refusals_dialog, ARIETTA, REFUSALS_DIALOG, AdwWindow)

struct _AriettaRefusalsDialog
{
  AdwWindow          parent_instance;

  AriettaSession    *session;
  AriettaRecordList *refusals;
  gint64             dataset_id;
  GWeakRef           page;          /* who answers "page.add-paths" */

  /* template children */
  GtkWidget         *list;
};

G_DEFINE_FINAL_TYPE (AriettaRefusalsDialog, arietta_refusals_dialog, ADW_TYPE_WINDOW)

typedef struct
{
  AriettaLibrary *library;
  gint64          dataset_id;
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->library);
  g_free (request);
}

static gpointer
read_refusals (gpointer  data,
               GError  **error)
{
  Request *request = data;

  return arietta_library_list_refusals (request->library, request->dataset_id, error);
}

static void
refusals_loaded_cb (gpointer      owner,
                    gpointer      result,
                    const GError *error)
{
  AriettaRefusalsDialog *self = owner;

  if (result != NULL)
    arietta_record_list_take (self->refusals, result);
}

static void
clear_clicked_cb (AriettaRefusalsDialog *self)
{
  g_autoptr(GError) error = NULL;

  if (!arietta_library_clear_refusals (arietta_session_get_library (self->session), self->dataset_id, &error))
    arietta_present_error (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))), error);
  gtk_window_close (GTK_WINDOW (self));
}

static GStrv
dup_paths (AriettaRefusalsDialog *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->refusals)); i++)
    {
      const AriettaRefusal *refusal = arietta_record_list_get (self->refusals, i);

      /* One that is gone would be an error for all. */
      if (g_file_test (refusal->path, G_FILE_TEST_EXISTS))
        g_strv_builder_add (builder, refusal->path);
    }
  return g_strv_builder_end (builder);
}

static void
add_paths (AriettaRefusalsDialog *self,
           GStrv                  paths)
{
  g_autoptr(GtkWidget) page = g_weak_ref_get (&self->page);

  clear_clicked_cb (self);
  if (page != NULL && paths[0] != NULL)
    gtk_widget_activate_action (page, "page.add-paths", "^as", paths);
}

/* What cannot be read this time either comes back into the list. */
static void
retry_clicked_cb (AriettaRefusalsDialog *self)
{
  g_auto(GStrv) paths = dup_paths (self);

  add_paths (self, paths);
}

/* In a worker.  What is whole of each file becomes a file of its own, to be added in its place;
 * where nothing is, the file itself is tried again and comes back with its reason. */
static gpointer
salvage_files (gpointer  data,
               GError  **error)
{
  GStrv                   paths = data;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char        *folder = g_dir_make_tmp ("arietta-whole-XXXXXX", error);

  if (folder == NULL)
    return NULL;

  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autoptr(AriettaPiece) piece = arietta_formats_salvage (paths[i], NULL, NULL);
      g_autofree char        *base = g_path_get_basename (paths[i]);
      g_autofree char        *own = g_strdup_printf ("%s/%u", folder, i);
      g_autofree char        *whole = g_strdup_printf ("%s/%s%s", own, base,
                                                       arietta_formats_can_write (base) ? "" : ".mid");

      if (piece != NULL && g_mkdir (own, 0700) == 0 && arietta_formats_write (piece, whole, NULL))
        g_strv_builder_add (builder, whole);
      else
        g_strv_builder_add (builder, paths[i]);
    }
  return g_strv_builder_end (builder);
}

static void
salvaged_cb (gpointer      owner,
             gpointer      result,
             const GError *error)
{
  AriettaRefusalsDialog *self = owner;
  g_auto(GStrv)          paths = result;

  if (paths != NULL)
    add_paths (self, paths);
  else
    arietta_present_error (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))), error);
}

static void
salvage_clicked_cb (AriettaRefusalsDialog *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self), FALSE);
  arietta_load_async (self, NULL, salvage_files, dup_paths (self), (GDestroyNotify) g_strfreev,
                      (GDestroyNotify) g_strfreev, salvaged_cb);
}

static void
setup_cb (AriettaRefusalsDialog *self,
          GtkListItem           *list_item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *file = gtk_label_new (NULL);
  GtkWidget *reason = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (file), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (file), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (reason), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (reason), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (reason), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (reason, "dim-label");
  gtk_widget_add_css_class (reason, "caption");
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_box_append (GTK_BOX (box), file);
  gtk_box_append (GTK_BOX (box), reason);
  gtk_list_item_set_child (list_item, box);
  gtk_list_item_set_activatable (list_item, FALSE);
}

/* A reason is a whole sentence, with the path in it; beside the file's name that is too much. */
static char *
dup_short_reason (const AriettaRefusal *refusal,
                  const char           *name)
{
  g_auto(GStrv) parts = g_strsplit (refusal->reason, refusal->path, -1);

  return g_strjoinv (name, parts);
}

static void
bind_cb (AriettaRefusalsDialog *self,
         GtkListItem           *list_item)
{
  const AriettaRefusal *refusal = arietta_record_get (gtk_list_item_get_item (list_item));
  GtkWidget            *file = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  g_autofree char      *name = g_path_get_basename (refusal->path);
  g_autofree char      *reason = dup_short_reason (refusal, name);

  gtk_label_set_label (GTK_LABEL (file), name);
  gtk_widget_set_tooltip_text (file, refusal->path);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (file)), reason);
}

static void
arietta_refusals_dialog_dispose (GObject *object)
{
  AriettaRefusalsDialog *self = ARIETTA_REFUSALS_DIALOG (object);

  g_clear_object (&self->session);
  g_clear_object (&self->refusals);

  G_OBJECT_CLASS (arietta_refusals_dialog_parent_class)->dispose (object);
}

static void
arietta_refusals_dialog_finalize (GObject *object)
{
  g_weak_ref_clear (&ARIETTA_REFUSALS_DIALOG (object)->page);

  G_OBJECT_CLASS (arietta_refusals_dialog_parent_class)->finalize (object);
}

static void
arietta_refusals_dialog_class_init (AriettaRefusalsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_refusals_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = arietta_refusals_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-refusals-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaRefusalsDialog, list);
  gtk_widget_class_bind_template_callback (widget_class, clear_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, salvage_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
arietta_refusals_dialog_init (AriettaRefusalsDialog *self)
{
  g_type_ensure (ARIETTA_TYPE_ADAPTIVE_BOX);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_weak_ref_init (&self->page, NULL);

  self->refusals = arietta_record_list_new ();
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list),
                           GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->refusals)))));
}

void
arietta_refusals_dialog_present (GtkWidget      *near,
                                 AriettaSession *session,
                                 gint64          dataset_id)
{
  AriettaRefusalsDialog *self = g_object_new (ARIETTA_TYPE_REFUSALS_DIALOG,
                                              "transient-for", gtk_widget_get_root (near),
                                              NULL);
  Request               *request = g_new0 (Request, 1);

  self->session = g_object_ref (session);
  self->dataset_id = dataset_id;
  g_weak_ref_set (&self->page, near);
  request->library = g_object_ref (arietta_session_get_library (session));
  request->dataset_id = dataset_id;
  arietta_load_async (self, NULL, read_refusals, request, (GDestroyNotify) request_free,
                      (GDestroyNotify) g_ptr_array_unref, refusals_loaded_cb);
  arietta_steps_present (GTK_WINDOW (self));
}
