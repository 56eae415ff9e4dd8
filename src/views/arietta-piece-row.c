#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-piece-row.h"

#include <glib/gi18n.h>

#include "drawing/arietta-palette.h"
#include "studio/arietta-names.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"
#include "widgets/arietta-face-view.h"
#include "widgets/arietta-slices.h"

/* Face, two lines and their padding: what a row measures before it is filled, so that nothing moves then. */
#define EMPTY_HEIGHT 52

struct _AriettaPieceRow
{
  GtkWidget       parent_instance;

  AriettaSession *session;      /* owned */
  gint64          item_id;
  gint64          take_id;
  char           *title;
  char           *facts;
  int             hue;          /* of its face, -1: none */
  gboolean        is_sound;     /* an icon instead of a face */
  gboolean        sounding;     /* as the button shows it */

  AriettaPieceRowFunc build, show;
  gpointer        user_data;

  /* children, NULL until the row's turn has come */
  GtkWidget      *box;
  GtkWidget      *face;
  GtkWidget      *sound_icon;
  GtkWidget      *title_label;
  GtkWidget      *facts_label;
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
  g_autofree char *name = g_strdup_printf (self->sounding ? _("Stop “%s”") : _("Play “%s”"), self->title);

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

  if (self->box == NULL || sounding == self->sounding)
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
      arietta_session_play_take (self->session, self->take_id, self->title, TRUE);
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

static GtkWidget *
line_new (const char * const *css_classes)
{
  return g_object_new (GTK_TYPE_LABEL,
                       "xalign", 0.0f,
                       "ellipsize", PANGO_ELLIPSIZE_END,
                       "css-classes", css_classes,
                       NULL);
}

/* In code: two hundred of these from a template would cost twice as much. */
static void
build (AriettaPieceRow *self)
{
  static const char * const row_classes[] = { "piece-row", NULL };
  static const char * const title_classes[] = { NULL };
  static const char * const facts_classes[] = { "dim-label", "caption", "numeric", NULL };
  static const char * const play_classes[] = { "flat", "circular", NULL };
  GtkWidget *lines = g_object_new (GTK_TYPE_BOX,
                                   "orientation", GTK_ORIENTATION_VERTICAL,
                                   "valign", GTK_ALIGN_CENTER,
                                   "hexpand", TRUE,
                                   NULL);

  self->box = g_object_new (GTK_TYPE_BOX, "spacing", 12, "css-classes", row_classes, NULL);
  self->face = g_object_new (ARIETTA_TYPE_FACE_VIEW, "size", 40, "valign", GTK_ALIGN_CENTER, NULL);
  self->sound_icon = g_object_new (GTK_TYPE_IMAGE,
                                   "icon-name", "audio-x-generic-symbolic",
                                   "pixel-size", 24,
                                   "width-request", 40,
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                   NULL);
  self->title_label = line_new (title_classes);
  self->facts_label = line_new (facts_classes);
  self->play = g_object_new (GTK_TYPE_BUTTON, "valign", GTK_ALIGN_CENTER, "css-classes", play_classes, NULL);
  g_signal_connect_swapped (self->play, "clicked", G_CALLBACK (play_clicked_cb), self);

  gtk_box_append (GTK_BOX (self->box), self->face);
  gtk_box_append (GTK_BOX (self->box), self->sound_icon);
  gtk_box_append (GTK_BOX (lines), self->title_label);
  gtk_box_append (GTK_BOX (lines), self->facts_label);
  gtk_box_append (GTK_BOX (self->box), lines);
  gtk_box_append (GTK_BOX (self->box), self->play);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  if (self->build != NULL)
    self->build (self, self->user_data);
}

/* What was asked for comes into the children. */
static void
fill (AriettaPieceRow *self)
{
  gtk_label_set_label (GTK_LABEL (self->title_label), self->title);
  gtk_label_set_label (GTK_LABEL (self->facts_label), self->facts);
  gtk_widget_set_visible (self->face, !self->is_sound);
  gtk_widget_set_visible (self->sound_icon, self->is_sound);
  if (!self->is_sound)
    {
      g_object_set (self->face, "hue", self->hue, NULL);
      arietta_face_loader_show (arietta_session_get_faces (self->session), ARIETTA_FACE_VIEW (self->face),
                                self->item_id, self->take_id);
    }
  renew_play (self);
  if (self->show != NULL)
    self->show (self, self->user_data);
}

static void
build_cb (GtkWidget *widget)
{
  AriettaPieceRow *self = ARIETTA_PIECE_ROW (widget);

  if (self->session == NULL || self->box != NULL)
    return;
  build (self);
  if (self->title != NULL)
    fill (self);
}

static void
arietta_piece_row_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  AriettaPieceRow *self = ARIETTA_PIECE_ROW (widget);
  const int empty = orientation == GTK_ORIENTATION_VERTICAL ? EMPTY_HEIGHT : 0;

  *minimum = *natural = empty;
  if (self->box != NULL)
    {
      gtk_widget_measure (self->box, orientation, for_size, minimum, natural, NULL, NULL);
      *minimum = MAX (*minimum, empty);
      *natural = MAX (*natural, empty);
    }
}

static void
arietta_piece_row_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  AriettaPieceRow *self = ARIETTA_PIECE_ROW (widget);

  if (self->box != NULL)
    gtk_widget_allocate (self->box, width, height, baseline, NULL);
}

static void
arietta_piece_row_dispose (GObject *object)
{
  AriettaPieceRow *self = ARIETTA_PIECE_ROW (object);

  /* Two hundred rows go at once when a list is filled anew. */
  if (self->box != NULL)
    arietta_slices_drop (arietta_session_get_slices (self->session), g_steal_pointer (&self->box));
  g_clear_object (&self->session);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->facts, g_free);

  G_OBJECT_CLASS (arietta_piece_row_parent_class)->dispose (object);
}

static void
arietta_piece_row_class_init (AriettaPieceRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_piece_row_dispose;
  widget_class->measure = arietta_piece_row_measure;
  widget_class->size_allocate = arietta_piece_row_size_allocate;
}

static void
arietta_piece_row_init (AriettaPieceRow *self)
{
}

GtkWidget *
arietta_piece_row_new (AriettaSession      *session,
                       AriettaPieceRowFunc  build_func,
                       AriettaPieceRowFunc  show_func,
                       gpointer             user_data)
{
  AriettaPieceRow *self = g_object_new (ARIETTA_TYPE_PIECE_ROW, NULL);

  self->session = g_object_ref (session);
  self->build = build_func;
  self->show = show_func;
  self->user_data = user_data;
  g_signal_connect_object (session, "notify::item-id", G_CALLBACK (update_play_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::take-id", G_CALLBACK (update_play_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (arietta_session_get_player (session), "notify::playing", G_CALLBACK (update_play_cb), self,
                           G_CONNECT_SWAPPED);
  arietta_slices_add (arietta_session_get_slices (session), GTK_WIDGET (self), build_cb);

  return GTK_WIDGET (self);
}

static void
show (AriettaPieceRow *self,
      gint64           item_id,
      gint64           take_id,
      const char      *title,
      const char      *facts,
      const char      *style,
      gboolean         is_sound)
{
  self->item_id = item_id;
  self->take_id = take_id;
  g_free (self->title);
  g_free (self->facts);
  self->title = g_strdup (title);
  self->facts = g_strdup (facts);
  self->hue = style != NULL && *style != '\0' ? (int) arietta_palette_style_hue (style) : -1;
  self->is_sound = is_sound;
  if (self->box != NULL)
    fill (self);
}

void
arietta_piece_row_show (AriettaPieceRow *self,
                        gint64           item_id,
                        gint64           take_id,
                        const char      *title,
                        const char      *facts,
                        const char      *style)
{
  g_return_if_fail (ARIETTA_IS_PIECE_ROW (self));

  show (self, item_id, take_id, title, facts, style, FALSE);
}

void
arietta_piece_row_show_item (AriettaPieceRow   *self,
                             const AriettaItem *item)
{
  g_autofree char *facts = arietta_item_dup_facts (item);

  g_return_if_fail (ARIETTA_IS_PIECE_ROW (self));

  show (self, item->id, 0, item->title, facts, item->style, item->medium != ARIETTA_MEDIUM_NOTES);
}

void
arietta_piece_row_clear (AriettaPieceRow *self)
{
  g_return_if_fail (ARIETTA_IS_PIECE_ROW (self));

  self->item_id = self->take_id = 0;
  /* Through the loader, which remembers what it was last asked for this view. */
  if (self->box != NULL)
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

const char *
arietta_piece_row_get_title (AriettaPieceRow *self)
{
  g_return_val_if_fail (ARIETTA_IS_PIECE_ROW (self), NULL);

  return self->title;
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

  return g_strdup_printf ("%s · %d:%02d · %s", arietta_style_get_name (item->style), seconds / 60, seconds % 60, notes);
}
