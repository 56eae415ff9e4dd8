/* What is on the stand as an open composition: its history found again, every step of it shown and saved. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>

#include "views/arietta-error-presenter.h"

static AriettaSession *
get_session (AriettaComposePage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

static void
piece_cb (AriettaComposePage *self)
{
  arietta_session_change_piece (get_session (self), arietta_composition_get_piece (self->composition));
  arietta_compose_page_update_verbs (self);
}

/* Undo and redo show what they did. */
static void
stepped_cb (AriettaComposePage *self,
            AriettaEdit        *edit,
            gboolean            undo)
{
  gint64 start, end;
  int lowest, highest;

  if (self->step_unseen)
    return;
  if (arietta_edit_get_extent (edit, &start, &end, &lowest, &highest))
    arietta_piano_roll_show_range (self->roll, start, end, (lowest + highest) / 2);
  else if (arietta_edit_get_frame_extent (edit, &start, &end))
    arietta_piano_roll_show_range (self->roll, start, end, -1);
}

/* Of a piece that made room for another one: it is not lost, and one click away. */
static void
offer_return (AriettaComposePage *self,
              AriettaComposition *composition)
{
  g_autofree char *text = g_strdup_printf (_("“%s” has changes that could not be saved yet."),
                                           arietta_composition_get_title (composition));

  arietta_toast_action (GTK_WIDGET (self), text, _("_Go Back"), "page.open-unsaved");
}

static void
save_failed_cb (AriettaComposePage *self,
                const GError       *error,
                AriettaComposition *composition)
{
  arietta_present_error (GTK_WIDGET (self), error);
  if (composition != self->composition)
    offer_return (self, composition);
}

static void
saved_again_cb (AriettaComposePage *self,
                AriettaComposition *composition)
{
  g_autofree char *text = g_strdup_printf (_("“%s” is saved."), arietta_composition_get_title (composition));

  arietta_toast (GTK_WIDGET (self), text);
  if (composition != self->composition)
    g_signal_handlers_disconnect_by_data (composition, self);
}

static void
open_unsaved_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  g_autoptr(GPtrArray) unsaved = arietta_composition_list_unsaved (arietta_session_get_library (get_session (self)));

  if (unsaved->len > 0)
    arietta_compose_page_show_composition (self, unsaved->pdata[unsaved->len - 1]);
}

/* As long as there are steps to be saved, this is where it is said how that went. */
static void
leave_composition (AriettaComposePage *self)
{
  AriettaComposition *composition = self->composition;
  gboolean saved;

  g_object_get (composition, "saved", &saved, NULL);
  g_signal_handlers_disconnect_by_data (composition, self);
  if (saved)
    return;

  g_signal_connect_object (composition, "save-failed", G_CALLBACK (save_failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (composition, "saved-again", G_CALLBACK (saved_again_cb), self, G_CONNECT_SWAPPED);
  if (arietta_composition_has_failed (composition))
    offer_return (self, composition);
}

static void
title_cb (AriettaComposePage *self)
{
  arietta_session_rename (get_session (self), arietta_composition_get_title (self->composition));
}

/* Muted, soloed or slowed down by hand; what merely sounds is nobody's choice. */
static void
heard_cb (AriettaComposePage *self)
{
  g_autofree char *heard = NULL;

  if (self->composition == NULL || self->filling_heard)
    return;
  heard = arietta_player_dup_heard (arietta_session_get_player (get_session (self)));
  arietta_composition_set_heard (self->composition, heard);
}

static void
set_composition (AriettaComposePage *self,
                 AriettaComposition *composition)
{
  const char *heard = composition != NULL ? arietta_composition_get_heard (composition) : "";

  if (self->composition != NULL && self->composition != composition)
    leave_composition (self);
  g_set_object (&self->composition, composition);
  if (composition != NULL)
    {
      g_signal_handlers_disconnect_by_data (composition, self);
      g_signal_connect_swapped (composition, "notify::piece", G_CALLBACK (piece_cb), self);
      g_signal_connect_swapped (composition, "notify::title", G_CALLBACK (title_cb), self);
      g_signal_connect_swapped (composition, "stepped", G_CALLBACK (stepped_cb), self);
      g_signal_connect_object (composition, "save-failed", G_CALLBACK (save_failed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (composition, "saved-again", G_CALLBACK (saved_again_cb), self, G_CONNECT_SWAPPED);
    }
  self->filling_heard = TRUE;
  arietta_player_set_heard (arietta_session_get_player (get_session (self)), heard);
  self->filling_heard = FALSE;
  arietta_piano_roll_set_editable (self->roll, composition != NULL);
  arietta_compose_page_update_verbs (self);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(AriettaComposePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaComposition) found = arietta_composition_open_finish (result, &error);
  gboolean touched = FALSE;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    {
      arietta_present_error (GTK_WIDGET (self), error);
      return;
    }

  /* Who was quicker than the library begins anew. */
  if (self->composition != NULL)
    g_object_get (self->composition, "can-undo", &touched, NULL);
  touched |= arietta_compose_page_is_changing (self);
  if (found == NULL || touched || self->composition == NULL)
    return;

  set_composition (self, found);
  piece_cb (self);
}

void
arietta_compose_page_show_composition (AriettaComposePage *self,
                                       AriettaComposition *composition)
{
  AriettaPiece *piece = arietta_composition_get_piece (composition);
  gint64 take_id = arietta_composition_get_take_id (composition);

  set_composition (self, composition);
  self->freshly_opened = TRUE;
  if (take_id != 0)
    arietta_session_play_take_piece (get_session (self), take_id, piece, arietta_composition_get_title (composition),
                                     FALSE);
  else
    arietta_session_play_piece (get_session (self), piece, arietta_composition_get_title (composition), FALSE);
}

void
arietta_compose_page_open_piece (AriettaComposePage *self,
                                 AriettaPiece       *piece)
{
  AriettaSession *session = get_session (self);
  AriettaLibrary *library = arietta_session_get_library (session);
  g_autoptr(AriettaComposition) composition = NULL;

  if (self->composition != NULL && piece == arietta_composition_get_piece (self->composition))
    return;

  g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  if (piece == NULL)
    {
      set_composition (self, NULL);
      return;
    }

  composition = arietta_composition_new (library, arietta_session_get_title (session),
                                         arietta_session_get_take_id (session), piece);
  set_composition (self, composition);

  self->finding = g_cancellable_new ();
  arietta_composition_open_async (library, 0, piece, self->finding, found_cb, g_object_ref (self));
}

void
arietta_compose_page_put_aside (AriettaComposePage *self)
{
  if (self->composition == NULL)
    return;
  g_set_object (&self->aside, self->composition);
  self->aside_ticks = arietta_player_get_position (arietta_session_get_player (get_session (self)));
  set_composition (self, NULL);
}

gboolean
arietta_compose_page_put_back (AriettaComposePage *self)
{
  g_autoptr(AriettaComposition) aside = g_steal_pointer (&self->aside);

  if (aside == NULL)
    return FALSE;
  arietta_compose_page_show_composition (self, aside);
  arietta_player_seek (arietta_session_get_player (get_session (self)), self->aside_ticks);
  return TRUE;
}

static const GActionEntry actions[] = {
  { .name = "open-unsaved", .activate = open_unsaved_cb },
};

void
arietta_compose_page_init_open (AriettaComposePage *self)
{
  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  g_signal_connect_object (arietta_session_get_player (get_session (self)), "mix-changed", G_CALLBACK (heard_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (arietta_session_get_player (get_session (self)), "notify::tempo-scale", G_CALLBACK (heard_cb),
                           self, G_CONNECT_SWAPPED);
}

void
arietta_compose_page_dispose_open (AriettaComposePage *self)
{
  if (self->finding != NULL)
    g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  if (self->composition != NULL)
    g_signal_handlers_disconnect_by_data (self->composition, self);
  g_clear_object (&self->composition);
  g_clear_object (&self->aside);
}
