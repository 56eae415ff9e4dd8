/* Notes on the clipboard and on their way to other programs, from the beat of the first note on. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "formats/arietta-history-bytes.h"
#include "formats/arietta-midi.h"
#include "music/arietta-note-carry.h"
#include "music/arietta-note-verbs.h"
#include "views/arietta-drag-out.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"

#define NOTES_TYPE "application/x-arietta-notes"
#define MIDI_TYPE "audio/midi"

AriettaPiece *
arietta_compose_page_dup_selected (AriettaComposePage *self)
{
  return arietta_notes_carry (arietta_composition_get_piece (self->composition),
                              arietta_piano_roll_get_selection (self->roll), arietta_compose_page_get_grid (self));
}

/* ---- The clipboard ---- */

/* For programs that know no notes: a line for each, "C4 1 1/2 80": name, onset and length in quarters, velocity. */
static char *
dup_text (AriettaPiece *piece)
{
  GString *text = g_string_new (NULL);
  double quarter = arietta_piece_get_ticks_per_quarter (piece);

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        {
          g_autofree char *name = arietta_pitch_dup_name (notes[i].pitch, FALSE);

          g_string_append_printf (text, "%s\t%.6g\t%.6g\t%d\n", name, (double) notes[i].onset_ticks / quarter,
                                  (double) notes[i].duration_ticks / quarter, notes[i].velocity);
        }
    }
  return g_string_free (text, FALSE);
}

/* Our own type keeps what a MIDI file cannot: what was edited, what is locked. */
static GdkContentProvider *
make_provider (AriettaPiece *notes)
{
  g_autoptr(GBytes) own = arietta_history_write_state (notes, NULL);
  g_autoptr(GBytes) midi = arietta_midi_write_bytes (notes, 1, NULL);
  char *text = dup_text (notes);
  g_autoptr(GBytes) words = g_bytes_new_take (text, strlen (text));
  GdkContentProvider *providers[3];

  if (own == NULL || midi == NULL)
    return NULL;
  providers[0] = gdk_content_provider_new_for_bytes (NOTES_TYPE, own);
  providers[1] = gdk_content_provider_new_for_bytes (MIDI_TYPE, midi);
  providers[2] = gdk_content_provider_new_for_bytes ("text/plain;charset=utf-8", words);
  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}

static void
copy_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  g_autoptr(AriettaPiece) notes = self->composition != NULL ? arietta_compose_page_dup_selected (self) : NULL;
  g_autoptr(GdkContentProvider) provider = notes != NULL ? make_provider (notes) : NULL;

  if (provider == NULL)
    return;
  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), provider);
  if (g_str_equal (g_action_get_name (G_ACTION (action)), "cut"))
    arietta_compose_page_step_take (self, _("Cut Notes"),
               arietta_notes_remove (arietta_composition_get_piece (self->composition), arietta_piano_roll_get_selection (self->roll)), NULL);
}

static void
paste_piece (AriettaComposePage *self,
             AriettaPiece       *notes)
{
  AriettaPlayer *player = arietta_session_get_player (arietta_page_get_session (ARIETTA_PAGE (self)));
  gint64 grid = arietta_compose_page_get_grid (self);

  arietta_compose_page_step_take (self, _("Paste Notes"),
                                  arietta_notes_drop (arietta_composition_get_piece (self->composition), notes,
                                                      arietta_player_get_position (player) / grid * grid), NULL);
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
  pasting->own = g_strcmp0 (type, NOTES_TYPE) == 0;
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
  const char *types[] = { NOTES_TYPE, MIDI_TYPE, NULL };

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

  dragged->piece = self->composition != NULL ? arietta_compose_page_dup_selected (self) : NULL;
  if (dragged->piece == NULL)
    return FALSE;
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
