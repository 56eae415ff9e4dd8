#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-error-presenter.h"

#include <glib/gi18n.h>

#include "audio/arietta-audio-error.h"
#include "learning/arietta-model.h"
#include "library/arietta-library-error.h"
#include "views/arietta-a11y.h"
#include "views/arietta-ask.h"

/* A toast is one line: longer sentences go behind a button. */
#define TOAST_CHARACTERS 72
#define TOAST_SECONDS 6
/* What has a button takes a moment to be decided on, and to be reached by keyboard. */
#define OFFER_SECONDS 12

typedef struct
{
  GtkWidget       *near;      /* weak */
  AriettaUndoFunc  undo;
  gpointer         user_data;
  GDestroyNotify   free_user_data;
} Undo;

static void
undo_free (Undo *undo)
{
  g_clear_weak_pointer (&undo->near);
  if (undo->free_user_data != NULL)
    undo->free_user_data (undo->user_data);
  g_free (undo);
}

static AdwToastOverlay *
find_overlay (GtkWidget *near)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (near, ADW_TYPE_TOAST_OVERLAY);

  /* The frame's own widgets (header bar, menus) stand outside of the overlay, which is then below. */
  if (overlay == NULL)
    {
      GtkRoot *root = gtk_widget_get_root (near);

      if (root != NULL)
        overlay = g_object_get_data (G_OBJECT (root), "arietta-toast-overlay");
    }
  return ADW_TOAST_OVERLAY (overlay);
}

static void
show_toast (GtkWidget *near,
            AdwToast  *toast)
{
  AdwToastOverlay *overlay = find_overlay (near);
  AdwToast *before;

  if (overlay == NULL)
    {
      g_message ("%s", adw_toast_get_title (toast));
      g_object_unref (toast);
      return;
    }

  /* What has a button goes before what waits; a sentence that has been there a while makes room. */
  before = g_object_get_data (G_OBJECT (overlay), "arietta-sentence");
  if (before != NULL)
    adw_toast_dismiss (before);
  if (adw_toast_get_button_label (toast) != NULL)
    {
      adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
      adw_toast_set_timeout (toast, OFFER_SECONDS);
    }
  else
    g_object_set_data_full (G_OBJECT (overlay), "arietta-sentence", g_object_ref (toast), g_object_unref);
  adw_toast_overlay_add_toast (overlay, toast);
  arietta_a11y_name_toasts (GTK_WIDGET (overlay));
}

/* Toast titles are markup. */
static AdwToast *
make_toast (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_timeout (toast, TOAST_SECONDS);
  return toast;
}

static gboolean
is_cancellation (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_CANCELLED) ||
         g_error_matches (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_CANCELLED);
}

static void
details_clicked_cb (AdwToast *toast,
                    gpointer  user_data)
{
  GtkWidget *near = g_object_get_data (G_OBJECT (toast), "near");
  const char *message = g_object_get_data (G_OBJECT (toast), "message");

  if (near != NULL)
    arietta_tell (near, _("What Happened"), message);
}

static void
undo_clicked_cb (AdwToast *toast,
                 Undo     *undo)
{
  AriettaUndoFunc func = g_steal_pointer (&undo->undo);

  if (func != NULL && undo->near != NULL)
    func (undo->near, undo->user_data);
}

static void
preferences_answer_cb (GtkWidget *near,
                       gboolean   agreed,
                       gpointer   user_data)
{
  if (agreed)
    gtk_widget_activate_action (near, "app.preferences", NULL);
}

void
arietta_present_error (GtkWidget    *near,
                       const GError *error)
{
  AdwToast *toast;

  g_return_if_fail (GTK_IS_WIDGET (near));

  if (error == NULL || is_cancellation (error))
    return;

  g_debug ("Presenting %s, %d: %s", g_quark_to_string (error->domain), error->code,
           error->message);

  if (g_error_matches (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_SOUNDFONT))
    {
      arietta_ask (near, _("No SoundFont Found"), error->message, _("_Choose One…"), FALSE,
                   preferences_answer_cb, NULL, NULL);
      return;
    }
  if (g_error_matches (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_FULL) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    {
      arietta_tell (near, _("The Disk Is Full"), error->message);
      return;
    }
  if (g_error_matches (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_DAMAGED))
    {
      arietta_tell (near, _("The Library Is Damaged"), error->message);
      return;
    }

  toast = make_toast (error->message);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  if (g_utf8_strlen (error->message, -1) > TOAST_CHARACTERS)
    {
      adw_toast_set_button_label (toast, _("_Details"));
      g_object_set_data_full (G_OBJECT (toast), "message", g_strdup (error->message), g_free);
      g_object_set_data_full (G_OBJECT (toast), "near", g_object_ref (near), g_object_unref);
      g_signal_connect (toast, "button-clicked", G_CALLBACK (details_clicked_cb), NULL);
    }
  show_toast (near, toast);
}

void
arietta_toast (GtkWidget  *near,
               const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (near));

  show_toast (near, make_toast (text));
}

void
arietta_toast_undo (GtkWidget       *near,
                    const char      *text,
                    AriettaUndoFunc  undo,
                    gpointer         user_data,
                    GDestroyNotify   free_user_data)
{
  AdwToast *toast;
  Undo *record;

  g_return_if_fail (GTK_IS_WIDGET (near));

  record = g_new0 (Undo, 1);
  g_set_weak_pointer (&record->near, near);
  record->undo = undo;
  record->user_data = user_data;
  record->free_user_data = free_user_data;

  toast = make_toast (text);
  adw_toast_set_button_label (toast, _("_Undo"));
  g_signal_connect (toast, "button-clicked", G_CALLBACK (undo_clicked_cb), record);
  g_object_set_data_full (G_OBJECT (toast), "undo", record, (GDestroyNotify) undo_free);
  show_toast (near, toast);
}

void
arietta_toast_action (GtkWidget  *near,
                      const char *text,
                      const char *button,
                      const char *detailed_action)
{
  AdwToast *toast;

  g_return_if_fail (GTK_IS_WIDGET (near));

  toast = make_toast (text);
  adw_toast_set_button_label (toast, button);
  adw_toast_set_detailed_action_name (toast, detailed_action);
  show_toast (near, toast);
}
