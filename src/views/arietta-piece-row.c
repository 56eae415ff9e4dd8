#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-piece-row.h"

#include <glib/gi18n.h>

#include "drawing/arietta-palette.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "widgets/arietta-face-view.h"

struct _AriettaPieceRow
{
  GtkWidget       parent_instance;

  AriettaSession *session;      /* owned */
  gint64          item_id;
  gint64          take_id;
  gboolean        sounding;     /* as the button shows it */

  /* template children */
  GtkWidget      *box;
  GtkWidget      *face;
  GtkWidget      *sound_icon;
  GtkWidget      *title;
  GtkWidget      *facts;
  GtkWidget      *play;
};

G_DEFINE_FINAL_TYPE (AriettaPieceRow, arietta_piece_row, GTK_TYPE_WIDGET)

static gboolean
is_on_stand (AriettaPieceRow *self)
{
  return (self->item_id != 0 && arietta_session_get_item_id (self->session) == self->item_id) ||
         (self->take_id != 0 && arietta_session_get_take_id (self->session) == self->take_id);
}

static gboolean
is_sounding (AriettaPieceRow *self)
{
  return is_on_stand (self) && arietta_player_is_playing (arietta_session_get_player (self->session));
}

static void
show_play (AriettaPieceRow *self)
{
  const char      *title = gtk_label_get_label (GTK_LABEL (self->title));
  g_autofree char *name = g_strdup_printf (self->sounding ? _("Stop “%s”") : _("Play “%s”"), title);

  gtk_button_set_icon_name (GTK_BUTTON (self->play),
                            self->sounding ? "media-playback-stop-symbolic" : "media-playback-start-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (self->play, self->sounding ? _("Stop") : _("Play"));
  if (self->sounding)
    gtk_widget_add_css_class (GTK_WIDGET (self), "sounding");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "sounding");
}

/* Every row of a list hears of every start and stop, and it concerns two of them. */
static void
update_play_cb (AriettaPieceRow *self)
{
  gboolean sounding = is_sounding (self);

  if (sounding == self->sounding)
    return;

  self->sounding = sounding;
  show_play (self);
}

/* After another piece has come into the row. */
static void
renew_play (AriettaPieceRow *self)
{
  self->sounding = is_sounding (self);
  show_play (self);
}

static void
item_loaded_cb (gpointer      owner,
                gpointer      result,
                const GError *error);

typedef struct
{
  AriettaLibrary *library;
  gint64          id;
} ItemRequest;

static void
item_request_free (ItemRequest *request)
{
  g_object_unref (request->library);
  g_free (request);
}

static gpointer
read_item (gpointer  data,
           GError  **error)
{
  ItemRequest *request = data;

  return arietta_library_get_item (request->library, request->id, error);
}

static void
play_clicked_cb (AriettaPieceRow *self)
{
  if (is_on_stand (self))
    {
      arietta_session_toggle (self->session);
    }
  else if (self->take_id != 0)
    {
      arietta_session_play_take (self->session, self->take_id, gtk_label_get_label (GTK_LABEL (self->title)), TRUE);
    }
  else
    {
      ItemRequest *request = g_new0 (ItemRequest, 1);

      request->library = g_object_ref (arietta_session_get_library (self->session));
      request->id = self->item_id;
      arietta_load_async (self, NULL, read_item, request, (GDestroyNotify) item_request_free,
                          (GDestroyNotify) arietta_item_free, item_loaded_cb);
    }
}

static void
item_loaded_cb (gpointer      owner,
                gpointer      result,
                const GError *error)
{
  AriettaPieceRow        *self = owner;
  g_autoptr(AriettaItem)  item = result;

  if (item != NULL)
    arietta_session_play_item (self->session, item, TRUE);
  else
    arietta_present_error (GTK_WIDGET (self), error);
}

static void
arietta_piece_row_dispose (GObject *object)
{
  AriettaPieceRow *self = ARIETTA_PIECE_ROW (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (arietta_piece_row_parent_class)->dispose (object);
}

static void
arietta_piece_row_class_init (AriettaPieceRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_piece_row_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-piece-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaPieceRow, box);
  gtk_widget_class_bind_template_child (widget_class, AriettaPieceRow, face);
  gtk_widget_class_bind_template_child (widget_class, AriettaPieceRow, sound_icon);
  gtk_widget_class_bind_template_child (widget_class, AriettaPieceRow, title);
  gtk_widget_class_bind_template_child (widget_class, AriettaPieceRow, facts);
  gtk_widget_class_bind_template_child (widget_class, AriettaPieceRow, play);
  gtk_widget_class_bind_template_callback (widget_class, play_clicked_cb);
}

static void
arietta_piece_row_init (AriettaPieceRow *self)
{
  g_type_ensure (ARIETTA_TYPE_FACE_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
arietta_piece_row_new (AriettaSession *session)
{
  AriettaPieceRow *self = g_object_new (ARIETTA_TYPE_PIECE_ROW, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::item-id", G_CALLBACK (update_play_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::take-id", G_CALLBACK (update_play_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (arietta_session_get_player (session), "notify::playing", G_CALLBACK (update_play_cb), self,
                           G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

void
arietta_piece_row_show (AriettaPieceRow *self,
                        gint64           item_id,
                        gint64           take_id,
                        const char      *title,
                        const char      *facts,
                        const char      *style)
{
  gboolean has_style = style != NULL && *style != '\0';

  g_return_if_fail (ARIETTA_IS_PIECE_ROW (self));

  self->item_id = item_id;
  self->take_id = take_id;
  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_label_set_label (GTK_LABEL (self->facts), facts);
  gtk_widget_set_visible (self->face, TRUE);
  gtk_widget_set_visible (self->sound_icon, FALSE);
  g_object_set (self->face, "hue", has_style ? (int) arietta_palette_style_hue (style) : -1, NULL);
  arietta_face_loader_show (arietta_session_get_faces (self->session), ARIETTA_FACE_VIEW (self->face), item_id, take_id);
  renew_play (self);
}

void
arietta_piece_row_show_item (AriettaPieceRow   *self,
                             const AriettaItem *item)
{
  g_autofree char *facts = arietta_item_dup_facts (item);

  g_return_if_fail (ARIETTA_IS_PIECE_ROW (self));

  if (item->medium == ARIETTA_MEDIUM_NOTES)
    {
      arietta_piece_row_show (self, item->id, 0, item->title, facts, item->style);
      return;
    }

  self->item_id = item->id;
  self->take_id = 0;
  gtk_label_set_label (GTK_LABEL (self->title), item->title);
  gtk_label_set_label (GTK_LABEL (self->facts), facts);
  gtk_widget_set_visible (self->face, FALSE);
  gtk_widget_set_visible (self->sound_icon, TRUE);
  renew_play (self);
}

void
arietta_piece_row_clear (AriettaPieceRow *self)
{
  g_return_if_fail (ARIETTA_IS_PIECE_ROW (self));

  self->item_id = self->take_id = 0;
  /* Through the loader, which remembers what it was last asked for this view. */
  arietta_face_loader_show (arietta_session_get_faces (self->session), ARIETTA_FACE_VIEW (self->face), 0, 0);
}

void
arietta_piece_row_add_suffix (AriettaPieceRow *self,
                              GtkWidget       *widget)
{
  g_return_if_fail (ARIETTA_IS_PIECE_ROW (self));

  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->box), widget);
}

gint64
arietta_piece_row_get_item_id (AriettaPieceRow *self)
{
  g_return_val_if_fail (ARIETTA_IS_PIECE_ROW (self), 0);

  return self->item_id;
}

gint64
arietta_piece_row_get_take_id (AriettaPieceRow *self)
{
  g_return_val_if_fail (ARIETTA_IS_PIECE_ROW (self), 0);

  return self->take_id;
}

char *
arietta_item_dup_facts (const AriettaItem *item)
{
  int              seconds = (int) (item->seconds + 0.5);
  g_autofree char *notes = NULL;

  if (item->medium == ARIETTA_MEDIUM_SOUND)
    notes = g_strdup (_("sound"));
  else
    notes = g_strdup_printf (ngettext ("%u note", "%u notes", item->n_notes), item->n_notes);

  if (*item->style == '\0')
    return g_strdup_printf ("%d:%02d · %s", seconds / 60, seconds % 60, notes);

  return g_strdup_printf ("%s · %d:%02d · %s", item->style, seconds / 60, seconds % 60, notes);
}
