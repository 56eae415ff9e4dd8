/* Notes on the clipboard and on their way to other programs, from the beat of the first note on. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>

#include "formats/arietta-history-bytes.h"
#include "formats/arietta-midi.h"
#include "music/arietta-note-carry.h"
#include "music/arietta-note-verbs.h"
#include "views/arietta-drag-out.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "views/arietta-notes-content.h"

/* ---- The clipboard ---- */

static void
copy_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  AriettaSelection *notes = arietta_piano_roll_get_selection (self->roll);
  g_autoptr(GdkContentProvider) provider = NULL;

  if (self->composition == NULL || arietta_selection_get_n (notes) == 0)
    return;
  provider = arietta_notes_content_new (arietta_composition_get_piece (self->composition), notes,
                                        arietta_compose_page_get_grid (self));
  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), provider);
  if (g_str_equal (g_action_get_name (G_ACTION (action)), "cut"))
    arietta_compose_page_remove_selected (self, _("Cut Notes"));
}

/* Where notes from the clipboard go. */
typedef struct
{
  AriettaPiece *carried;
  gint64        at_ticks;
} Paste;

static void
paste_free (gpointer data)
{
  Paste *paste = data;

  arietta_piece_unref (paste->carried);
  g_free (paste);
}

static AriettaPiece *
paste_notes (AriettaPiece      *piece,
             AriettaSelection  *notes,
             gconstpointer      settings,
             AriettaSelection **selected)
{
  const Paste *paste = settings;

  return arietta_notes_drop (piece, paste->carried, paste->at_ticks);
}

static void
paste_piece (AriettaComposePage *self,
             AriettaPiece       *carried)
{
  gint64 grid = arietta_compose_page_get_grid (self);
  gint64 position = arietta_player_get_position (arietta_session_get_player (arietta_page_get_session (ARIETTA_PAGE (self))));
  Paste *paste = g_new (Paste, 1);
  guint n_new = 0;
  g_autoptr(GBytes) settings = g_bytes_new_with_free_func (paste, sizeof *paste, paste_free, paste);

  *paste = (Paste) { arietta_piece_ref (carried), position / grid * grid };
  for (guint i = 0; i < arietta_piece_get_n_tracks (carried); i++)
    {
      guint n;

      arietta_track_get_notes (arietta_piece_get_track (carried, i), &n);
      n_new += n;
    }
  arietta_compose_page_change_these (self, _("Paste Notes"), paste_notes, settings, NULL, NULL, n_new);
}

/* What was read, and as what; any program may have put it there. */
typedef struct
{
  AriettaComposePage *page;   /* not touched by the worker */
  GBytes             *bytes;
  gboolean            own;
} Pasting;

static void
pasting_free (gpointer data)
{
  Pasting *pasting = data;

  g_object_unref (pasting->page);
  g_clear_pointer (&pasting->bytes, g_bytes_unref);
  g_free (pasting);
}

static gpointer
read_notes (gpointer   data,
            GError   **error)
{
  Pasting *pasting = data;

  return pasting->own ? arietta_history_read_state (pasting->bytes, _("Clipboard"), error)
                      : arietta_midi_read_bytes (g_bytes_get_data (pasting->bytes, NULL), g_bytes_get_size (pasting->bytes),
                                                 _("Clipboard"), ARIETTA_MIDI_READ_DEFAULT, NULL, error);
}

static void
notes_read_cb (gpointer      owner,
               gpointer      result,
               const GError *error)
{
  AriettaComposePage *self = owner;
  g_autoptr(AriettaPiece) notes = result;

  arietta_present_error (GTK_WIDGET (self), error);
  if (notes != NULL && self->composition != NULL)
    paste_piece (self, notes);
}

static void
spliced_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Pasting *pasting = user_data;
  g_autoptr(GOutputStream) memory = g_object_ref (G_OUTPUT_STREAM (source));
  g_autoptr(GError) error = NULL;

  if (g_output_stream_splice_finish (memory, result, &error) < 0)
    {
      arietta_present_error (GTK_WIDGET (pasting->page), error);
      pasting_free (pasting);
      return;
    }
  pasting->bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  arietta_load_async (pasting->page, NULL, read_notes, pasting, pasting_free, (GDestroyNotify) arietta_piece_unref,
                      notes_read_cb);
}

static void
clipboard_read_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(AriettaComposePage) self = user_data;
  const char *type = NULL;
  g_autoptr(GInputStream) stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, &type, NULL);
  g_autoptr(GOutputStream) memory = NULL;
  Pasting *pasting;

  /* Nothing that is notes: nothing to say. */
  if (stream == NULL)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }

  pasting = g_new0 (Pasting, 1);
  pasting->own = g_strcmp0 (type, ARIETTA_NOTES_TYPE) == 0;
  pasting->page = g_steal_pointer (&self);
  memory = g_memory_output_stream_new_resizable ();
  g_output_stream_splice_async (memory, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, NULL, spliced_cb, pasting);
}

static void
paste_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const char *types[] = { ARIETTA_NOTES_TYPE, ARIETTA_NOTES_MIDI_TYPE, NULL };

  gdk_clipboard_read_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), types, G_PRIORITY_DEFAULT, NULL,
                            clipboard_read_cb, g_object_ref (self));
}

/* ---- Dragging out ---- */

static gboolean
drag_piece (GtkWidget      *widget,
            gpointer        user_data,
            AriettaDragged *dragged)
{
  AriettaComposePage *self = user_data;

  if (self->composition == NULL)
    return FALSE;
  dragged->piece = arietta_piece_ref (arietta_composition_get_piece (self->composition));
  dragged->title = g_strdup (arietta_composition_get_title (self->composition));
  return TRUE;
}

static gboolean
drag_notes (GtkWidget      *widget,
            gpointer        user_data,
            AriettaDragged *dragged)
{
  AriettaComposePage *self = user_data;

  AriettaSelection *notes = arietta_piano_roll_get_selection (self->roll);

  if (self->composition == NULL || arietta_selection_get_n (notes) == 0)
    return FALSE;
  dragged->piece = arietta_piece_ref (arietta_composition_get_piece (self->composition));
  dragged->notes = arietta_selection_ref (notes);
  dragged->grid_ticks = arietta_compose_page_get_grid (self);
  dragged->title = g_strdup_printf (_("%s (Notes)"), arietta_composition_get_title (self->composition));
  return TRUE;
}

static const GActionEntry actions[] = {
  { .name = "cut", .activate = copy_cb },
  { .name = "copy", .activate = copy_cb },
  { .name = "paste", .activate = paste_cb },
};

void
arietta_compose_page_init_clipboard (AriettaComposePage *self)
{
  AriettaSession *session = arietta_page_get_session (ARIETTA_PAGE (self));
  g_autoptr(GAction) format = g_settings_create_action (arietta_session_get_settings (session), "drag-format");

  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  g_action_map_add_action (arietta_page_get_actions (ARIETTA_PAGE (self)), format);
  arietta_drag_out_add (self->export_button, session, drag_piece, self);
  arietta_drag_out_add (self->notes_button, session, drag_notes, self);
}
