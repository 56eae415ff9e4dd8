#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-pieces-dialog.h"

#include <glib/gi18n.h>

#include "library/arietta-library-projects.h"
#include "studio/arietta-composition.h"
#include "views/arietta-change.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "views/arietta-record-list.h"
#include "views/arietta-steps.h"
#include "widgets/arietta-adaptive-box.h"

#define ARIETTA_TYPE_PIECES_DIALOG (arietta_pieces_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AriettaPiecesDialog, arietta_pieces_dialog, ARIETTA, PIECES_DIALOG, AdwWindow)

struct _AriettaPiecesDialog
{
  AdwWindow          parent_instance;

  AriettaSession    *session;
  AriettaRecordList *pieces;    /* of AriettaProject */

  /* template children */
  GtkWidget         *toast_overlay;
  GtkStack          *stack;
  GtkWidget         *list;
};

G_DEFINE_FINAL_TYPE (AriettaPiecesDialog, arietta_pieces_dialog, ADW_TYPE_WINDOW)

static AriettaLibrary *
get_library (AriettaPiecesDialog *self)
{
  return arietta_session_get_library (self->session);
}

/* ---- The list ---- */

static gpointer
list_projects (gpointer   data,
               GError   **error)
{
  return arietta_library_list_projects (data, error);
}

static void
listed_cb (gpointer      owner,
           gpointer      result,
           const GError *error)
{
  AriettaPiecesDialog *self = owner;

  if (error != NULL)
    arietta_present_error (GTK_WIDGET (self), error);
  if (result == NULL)
    return;
  arietta_record_list_take (self->pieces, result);
  gtk_stack_set_visible_child_name (self->stack,
                                    g_list_model_get_n_items (G_LIST_MODEL (self->pieces)) > 0 ? "pieces" : "empty");
}

static void
changed_cb (AriettaPiecesDialog  *self,
            AriettaLibraryTables  tables)
{
  if ((tables & ARIETTA_TABLE_PROJECTS) != 0)
    arietta_load_async (self, NULL, list_projects, g_object_ref (get_library (self)), g_object_unref,
                        (GDestroyNotify) g_ptr_array_unref, listed_cb);
}

static gboolean
is_same (gconstpointer a,
         gconstpointer b)
{
  const AriettaProject *one = a, *other = b;

  return one->id == other->id && one->changed_unix == other->changed_unix && one->place == other->place &&
         g_str_equal (one->title, other->title);
}

/* ---- Verbs ---- */

static gboolean
make_title (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_rename_project (library, ids[0], text, error);
}

static gboolean
make_removed (AriettaLibrary *library, const gint64 *ids, guint n_ids, const char *text, gboolean flag, GError **error)
{
  return arietta_library_remove_project (library, ids[0], flag, error);
}

/* It may be open, and then goes by the new name at once. */
static void
title_made (GtkWidget *near, gint64 id, const char *text, gboolean flag)
{
  AriettaComposition *open = arietta_composition_find_open (get_library (ARIETTA_PIECES_DIALOG (near)), id);

  if (open != NULL)
    arietta_composition_set_title (open, text);
}

static const AriettaChange change_title = { make_title, title_made };
static const AriettaChange change_removed = { make_removed, NULL };

static const AriettaProject *
get_project (GtkWidget *button)
{
  GtkListItem *item = g_object_get_data (G_OBJECT (button), "item");
  AriettaRecord *record = gtk_list_item_get_item (item);

  return record != NULL ? arietta_record_get (record) : NULL;
}

static const char *
get_title (const AriettaProject *project)
{
  return project->title[0] != '\0' ? project->title : _("Untitled");
}

static void
rename_clicked_cb (AriettaPiecesDialog *self,
                   GtkWidget           *button)
{
  const AriettaProject *project = get_project (button);

  if (project != NULL)
    arietta_change_rename (GTK_WIDGET (self), get_library (self), &change_title, project->id, _("Rename Piece"),
                           _("Title"), project->title);
}

static void
delete_clicked_cb (AriettaPiecesDialog *self,
                   GtkWidget           *button)
{
  const AriettaProject *project = get_project (button);
  g_autoptr(GArray) ids = NULL;
  g_autofree char *text = NULL;

  if (project == NULL)
    return;
  ids = arietta_change_ids (project->id);
  text = g_strdup_printf (_("Deleted “%s”"), get_title (project));
  arietta_change_remove (GTK_WIDGET (self), get_library (self), &change_removed, ids, text);
}

static void
open_clicked_cb (AriettaPiecesDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
  g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()), "open", NULL);
}

static void
activated_cb (AriettaPiecesDialog *self,
              guint                position)
{
  const AriettaProject *project = arietta_record_list_get (self->pieces, position);
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (self));
  gint64 id;

  if (project == NULL)
    return;
  id = project->id;
  gtk_window_close (GTK_WINDOW (self));
  arietta_window_open_project (ARIETTA_WINDOW (window), id);
}

/* ---- Rows ---- */

static GtkWidget *
make_button (AriettaPiecesDialog *self,
             GtkListItem         *item,
             const char          *icon,
             const char          *label,
             GCallback            clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data (G_OBJECT (button), "item", item);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  return button;
}

static void
setup_cb (AriettaPiecesDialog *self,
          GtkListItem         *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3), *face = arietta_face_view_new ();
  GtkWidget *title = gtk_label_new (NULL);
  GtkWidget *facts = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (title), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (facts), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (facts), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (facts, "dim-label");
  gtk_widget_add_css_class (facts, "caption");
  g_object_set (face, "size", 40, NULL);
  gtk_widget_set_margin_end (face, 6);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 6);
  gtk_box_append (GTK_BOX (words), title);
  gtk_box_append (GTK_BOX (words), facts);
  gtk_box_append (GTK_BOX (box), face);
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (box), make_button (self, item, "document-edit-symbolic", _("Rename Piece"),
                                              G_CALLBACK (rename_clicked_cb)));
  gtk_box_append (GTK_BOX (box), make_button (self, item, "user-trash-symbolic", _("Delete Piece"),
                                              G_CALLBACK (delete_clicked_cb)));
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (AriettaPiecesDialog *self,
         GtkListItem         *item)
{
  const AriettaProject *project = arietta_record_get (gtk_list_item_get_item (item));
  GtkWidget *face = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *title = gtk_widget_get_first_child (gtk_widget_get_next_sibling (face));
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (project->changed_unix);
  g_autofree char *when = time != NULL ? g_date_time_format (time, "%x, %H:%M") : g_strdup ("");
  g_autofree char *steps = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u step", "%u steps", project->place),
                                            project->place);
  g_autofree char *facts = g_strdup_printf ("%s · %s", when, steps);

  arietta_face_loader_show_project (arietta_session_get_faces (self->session), ARIETTA_FACE_VIEW (face), project);
  gtk_label_set_text (GTK_LABEL (title), get_title (project));
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (title)), facts);
}

/* ---- Overrides ---- */

static void
arietta_pieces_dialog_dispose (GObject *object)
{
  AriettaPiecesDialog *self = ARIETTA_PIECES_DIALOG (object);

  g_clear_object (&self->session);
  g_clear_object (&self->pieces);

  G_OBJECT_CLASS (arietta_pieces_dialog_parent_class)->dispose (object);
}

static void
arietta_pieces_dialog_class_init (AriettaPiecesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_pieces_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-pieces-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaPiecesDialog, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, AriettaPiecesDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaPiecesDialog, list);
  gtk_widget_class_bind_template_callback (widget_class, open_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
arietta_pieces_dialog_init (AriettaPiecesDialog *self)
{
  g_type_ensure (ARIETTA_TYPE_ADAPTIVE_BOX);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_object_set_data (G_OBJECT (self), "arietta-toast-overlay", self->toast_overlay);

  self->pieces = arietta_record_list_new ();
  arietta_record_list_set_same (self->pieces, is_same);
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list),
                           GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->pieces)))));
}

void
arietta_pieces_dialog_present (AriettaWindow  *window,
                               AriettaSession *session)
{
  AriettaPiecesDialog *self;

  g_return_if_fail (ARIETTA_IS_WINDOW (window));

  self = g_object_new (ARIETTA_TYPE_PIECES_DIALOG, "transient-for", window, NULL);
  self->session = g_object_ref (session);
  g_signal_connect_object (get_library (self), "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self, ARIETTA_TABLE_PROJECTS);
  arietta_steps_present (GTK_WINDOW (self));
}
