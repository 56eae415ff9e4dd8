#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-track-list.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "drawing/arietta-roll-index.h"
#include "music/arietta-track-verbs.h"
#include "views/arietta-late-menu.h"
#include "views/arietta-track-row.h"

struct _AriettaTrackList
{
  GtkWidget       parent_instance;

  AriettaSession *session;
  AriettaPiece   *piece;      /* NULL: nothing */
  guint           n_rows;
  guint           grow_id;    /* rows are still to come */

  /* template children */
  GtkWidget      *box;
  GtkListBox     *rows;
};

G_DEFINE_FINAL_TYPE (AriettaTrackList, arietta_track_list, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_ACTIVE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
row_selected_cb (AriettaTrackList *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

static void
arietta_track_list_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  if (id == PROP_ACTIVE)
    g_value_set_int (value, arietta_track_list_get_active (ARIETTA_TRACK_LIST (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
arietta_track_list_dispose (GObject *object)
{
  AriettaTrackList *self = ARIETTA_TRACK_LIST (object);

  g_clear_handle_id (&self->grow_id, g_source_remove);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (arietta_track_list_parent_class)->dispose (object);
}

static void
arietta_track_list_class_init (AriettaTrackListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = arietta_track_list_get_property;
  G_OBJECT_CLASS (klass)->dispose = arietta_track_list_dispose;

  properties[PROP_ACTIVE] = g_param_spec_int ("active", NULL, NULL, -1, G_MAXINT, -1,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-track-list.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackList, box);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackList, rows);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
}

static void
arietta_track_list_init (AriettaTrackList *self)
{
  g_type_ensure (ARIETTA_TYPE_LATE_MENU);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
arietta_track_list_set_session (AriettaTrackList *self,
                                AriettaSession   *session)
{
  g_return_if_fail (ARIETTA_IS_TRACK_LIST (self));

  g_set_object (&self->session, session);
}

static gboolean
has_pitched_notes (AriettaTrack *track)
{
  guint n;

  arietta_track_get_notes (track, &n);
  return n > 0 && !arietta_track_is_percussion (track);
}

/* The melody before the drums: those have a grid of their own. */
static void
select_first (AriettaTrackList *self)
{
  guint n_tracks = arietta_piece_get_n_tracks (self->piece), first = 0;

  while (first < n_tracks && !has_pitched_notes (arietta_piece_get_track (self->piece, first)))
    first++;
  /* None yet: the first that is seen. */
  for (guint i = 0; first == n_tracks; i++)
    if (arietta_tracks_plays (self->piece, i))
      first = i;
  if (gtk_list_box_get_selected_row (self->rows) == NULL && first < self->n_rows)
    gtk_list_box_select_row (self->rows, gtk_list_box_get_row_at_index (self->rows, (int) first));
}

static void
fill_row (AriettaTrackList *self,
          guint             nth)
{
  arietta_track_row_set_piece (ARIETTA_TRACK_ROW (gtk_list_box_get_row_at_index (self->rows, (int) nth)), self->piece,
                               arietta_roll_get_track_hue (self->piece, nth));
}

/* A row is a popover with lists and sliders too: of many one comes at a time, so that nobody waits for an orchestra. */
static gboolean
grow_cb (gpointer user_data)
{
  AriettaTrackList *self = user_data;

  if (self->piece == NULL || self->n_rows >= arietta_piece_get_n_tracks (self->piece))
    {
      self->grow_id = 0;
      return G_SOURCE_REMOVE;
    }
  gtk_list_box_append (self->rows, arietta_track_row_new (self->session, self->n_rows++));
  fill_row (self, self->n_rows - 1);
  select_first (self);
  return G_SOURCE_CONTINUE;
}

void
arietta_track_list_set_piece (AriettaTrackList *self,
                              AriettaPiece     *piece)
{
  guint n_tracks = piece != NULL ? arietta_piece_get_n_tracks (piece) : 0;

  g_return_if_fail (ARIETTA_IS_TRACK_LIST (self));

  if (piece != NULL)
    arietta_piece_ref (piece);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  self->piece = piece;

  while (self->n_rows > n_tracks)
    gtk_list_box_remove (self->rows, GTK_WIDGET (gtk_list_box_get_row_at_index (self->rows, (int) --self->n_rows)));
  for (guint i = 0; i < self->n_rows; i++)
    fill_row (self, i);
  if (self->n_rows < n_tracks)
    {
      grow_cb (self);
      if (self->grow_id == 0 && self->n_rows < n_tracks)
        self->grow_id = g_idle_add (grow_cb, self);
    }
  else if (n_tracks > 0)
    select_first (self);
}

int
arietta_track_list_get_active (AriettaTrackList *self)
{
  GtkListBoxRow *row;

  g_return_val_if_fail (ARIETTA_IS_TRACK_LIST (self), -1);

  row = gtk_list_box_get_selected_row (self->rows);
  return row != NULL ? gtk_list_box_row_get_index (row) : -1;
}
