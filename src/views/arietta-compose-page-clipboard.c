/* Notes on the clipboard: a MIDI file, from the beat of the first note on. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>

#include "formats/arietta-midi.h"
#include "music/arietta-note-verbs.h"
#include "views/arietta-error-presenter.h"

#define CLIPBOARD_TYPE "audio/midi"
#define MOST_CLIPBOARD_BYTES (16 * 1024 * 1024)

static GBytes *
copy_notes (AriettaComposePage *self)
{
  AriettaPiece *piece = arietta_composition_get_piece (self->composition);
  AriettaSelection *selection = arietta_piano_roll_get_selection (self->roll);
  g_autoptr(AriettaPiece) copy = arietta_piece_copy (piece);
  gint64 start, end, grid = arietta_compose_page_get_grid (self);
  int lowest, highest;
  guint n_refs;
  const AriettaNoteRef *refs = arietta_selection_get_refs (selection, &n_refs);

  if (!arietta_selection_get_extent (selection, piece, &start, &end, &lowest, &highest))
    return NULL;
  start = start / grid * grid;

  for (guint i = 0; i < arietta_piece_get_n_tracks (copy); i++)
    arietta_track_take_notes (arietta_piece_get_track (copy, i), g_array_new (FALSE, FALSE, sizeof (AriettaNote)));
  for (guint i = 0; i < n_refs; i++)
    {
      guint n;
      AriettaNote note = arietta_track_get_notes (arietta_piece_get_track (piece, refs[i].track), &n)[refs[i].nth];

      note.onset_ticks -= start;
      arietta_track_add_note (arietta_piece_get_track (copy, refs[i].track), &note);
    }
  arietta_piece_freeze (copy);
  return arietta_midi_write_bytes (copy, 1, NULL);
}

static void
copy_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  g_autoptr(GBytes) bytes = copy_notes (self);
  g_autoptr(GdkContentProvider) provider = NULL;

  if (bytes == NULL)
    return;
  provider = gdk_content_provider_new_for_bytes (CLIPBOARD_TYPE, bytes);
  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), provider);
  if (g_str_equal (g_action_get_name (G_ACTION (action)), "cut"))
    arietta_compose_page_step_take (self, _("Cut Notes"),
               arietta_notes_remove (arietta_composition_get_piece (self->composition), arietta_piano_roll_get_selection (self->roll)), NULL);
}

/* Track by track; what has no track of its own here goes into the last. */
static void
paste_piece (AriettaComposePage *self,
             AriettaPiece       *from)
{
  AriettaPiece *piece = arietta_composition_get_piece (self->composition);
  AriettaPlayer *player = arietta_session_get_player (arietta_page_get_session (ARIETTA_PAGE (self)));
  g_autoptr(AriettaPiece) after = arietta_piece_copy (piece);
  double scale = (double) arietta_piece_get_ticks_per_quarter (piece) / arietta_piece_get_ticks_per_quarter (from);
  gint64 grid = arietta_compose_page_get_grid (self), at = arietta_player_get_position (player) / grid * grid;

  if (arietta_piece_get_n_tracks (after) == 0)
    arietta_piece_add_track (after, "");
  for (guint i = 0; i < arietta_piece_get_n_tracks (from); i++)
    {
      guint track = MIN (i, arietta_piece_get_n_tracks (after) - 1), n;
      AriettaTrack *target = arietta_piece_get_track (after, track);
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (from, i), &n);

      for (guint k = 0; k < n; k++)
        {
          AriettaNote note = notes[k];

          note.onset_ticks = at + (gint64) ((double) note.onset_ticks * scale);
          note.duration_ticks = (gint64) ((double) note.duration_ticks * scale);
          note.channel = (guint8) arietta_track_get_channel (target);
          note.program = (guint8) arietta_track_get_program (target);
          note.flags = (note.flags | ARIETTA_NOTE_EDITED) & (guint8) ~ARIETTA_NOTE_LOCKED;
          arietta_track_add_note (target, &note);
        }
    }
  arietta_compose_page_step_take (self, _("Paste Notes"), arietta_piece_freeze (g_steal_pointer (&after)), NULL);
}

static void
pasted_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(AriettaComposePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  g_autoptr(AriettaPiece) piece = NULL;

  if (bytes != NULL)
    piece = arietta_midi_read_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), _("Clipboard"),
                                     ARIETTA_MIDI_READ_DEFAULT, NULL, &error);
  if (piece == NULL)
    arietta_present_error (GTK_WIDGET (self), error);
  else if (self->composition != NULL)
    paste_piece (self, piece);
}

static void
clipboard_read_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(AriettaComposePage) self = user_data;
  g_autoptr(GInputStream) stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, NULL);

  /* Nothing that is notes: nothing to say. */
  if (stream == NULL)
    gtk_widget_error_bell (GTK_WIDGET (self));
  else
    g_input_stream_read_bytes_async (stream, MOST_CLIPBOARD_BYTES, G_PRIORITY_DEFAULT, NULL, pasted_cb,
                                     g_steal_pointer (&self));
}

static void
paste_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const char *types[] = { CLIPBOARD_TYPE, NULL };

  gdk_clipboard_read_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), types, G_PRIORITY_DEFAULT, NULL,
                            clipboard_read_cb, g_object_ref (self));
}

static const GActionEntry actions[] = {
  { .name = "cut", .activate = copy_cb },
  { .name = "copy", .activate = copy_cb },
  { .name = "paste", .activate = paste_cb },
};

void
arietta_compose_page_init_clipboard (AriettaComposePage *self)
{
  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
}
