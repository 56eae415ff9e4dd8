#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-mixer.h"

#include <glib/gi18n.h>
#include <math.h>

#include "views/arietta-mixer-strip.h"
#include "widgets/arietta-level-meter.h"

#define MEASURE_MS 40
/* A strip has a dozen widgets: of an orchestra one comes at a time. */
#define N_AT_ONCE 4
/* How long the limiter's work stays to be read. */
#define SAID_US 1000000

struct _AriettaMixer
{
  GtkWidget          parent_instance;

  AriettaSession    *session;
  AriettaPiece      *piece;      /* NULL: nothing */
  guint              n_strips;
  guint              grow_id;    /* strips are still to come */
  guint              measure_id; /* while it can be seen */
  double             reduction;  /* what the label says */
  gint64             reduction_us;

  /* template children */
  GtkWidget         *box;
  GtkBox            *strips;
  AriettaLevelMeter *master_meter;
  GtkAdjustment     *master_volume;
  GtkLabel          *limiter_label;
};

G_DEFINE_FINAL_TYPE (AriettaMixer, arietta_mixer, GTK_TYPE_WIDGET)

/* Said only while the limiter works, and long enough to be read. */
static void
show_reduction (AriettaMixer *self,
                gint64        now_us)
{
  double reduction = arietta_player_take_reduction (arietta_session_get_player (self->session));
  g_autofree char *text = NULL;

  if (reduction < 0.99 && (reduction < self->reduction || now_us - self->reduction_us > SAID_US))
    {
      self->reduction = reduction;
      self->reduction_us = now_us;
    }
  else if (self->reduction == 1.0 || now_us - self->reduction_us <= SAID_US)
    return;
  else
    self->reduction = 1.0;

  if (self->reduction < 1.0)
    text = g_strdup_printf (_("Limiter −%.0f dB"), MAX (-20 * log10 (self->reduction), 1.0));
  gtk_label_set_label (self->limiter_label, text != NULL ? text : "");
}

static gboolean
measure_cb (gpointer user_data)
{
  AriettaMixer *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  double level;

  if (self->session == NULL)
    return G_SOURCE_CONTINUE;

  for (GtkWidget *strip = gtk_widget_get_first_child (GTK_WIDGET (self->strips)); strip != NULL;
       strip = gtk_widget_get_next_sibling (strip))
    arietta_mixer_strip_measure (ARIETTA_MIXER_STRIP (strip), now_us);
  g_object_get (arietta_session_get_player (self->session), "level", &level, NULL);
  arietta_level_meter_take (self->master_meter, level, now_us);
  show_reduction (self, now_us);
  return G_SOURCE_CONTINUE;
}

static gboolean
grow_cb (gpointer user_data)
{
  AriettaMixer *self = user_data;
  guint n_tracks = self->piece != NULL ? arietta_piece_get_n_tracks (self->piece) : 0;

  for (guint i = 0; i < N_AT_ONCE && self->n_strips < n_tracks; i++)
    {
      GtkWidget *strip = arietta_mixer_strip_new (self->session, self->n_strips++);

      arietta_mixer_strip_set_piece (ARIETTA_MIXER_STRIP (strip), self->piece);
      gtk_box_append (self->strips, strip);
    }
  if (self->n_strips < n_tracks)
    return G_SOURCE_CONTINUE;
  self->grow_id = 0;
  return G_SOURCE_REMOVE;
}

/* Nothing is made before it is looked at. */
static void
update_strips (AriettaMixer *self)
{
  guint n_tracks = self->piece != NULL ? arietta_piece_get_n_tracks (self->piece) : 0;
  guint nth = 0;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  while (self->n_strips > n_tracks)
    {
      gtk_box_remove (self->strips, gtk_widget_get_last_child (GTK_WIDGET (self->strips)));
      self->n_strips--;
    }
  for (GtkWidget *strip = gtk_widget_get_first_child (GTK_WIDGET (self->strips)); strip != NULL;
       strip = gtk_widget_get_next_sibling (strip), nth++)
    arietta_mixer_strip_set_piece (ARIETTA_MIXER_STRIP (strip), self->piece);
  if (self->n_strips < n_tracks && self->grow_id == 0)
    self->grow_id = g_idle_add (grow_cb, self);
}

static void
arietta_mixer_map (GtkWidget *widget)
{
  AriettaMixer *self = ARIETTA_MIXER (widget);

  GTK_WIDGET_CLASS (arietta_mixer_parent_class)->map (widget);
  update_strips (self);
  if (self->measure_id == 0)
    self->measure_id = g_timeout_add (MEASURE_MS, measure_cb, self);
}

static void
arietta_mixer_unmap (GtkWidget *widget)
{
  AriettaMixer *self = ARIETTA_MIXER (widget);

  g_clear_handle_id (&self->measure_id, g_source_remove);
  g_clear_handle_id (&self->grow_id, g_source_remove);
  GTK_WIDGET_CLASS (arietta_mixer_parent_class)->unmap (widget);
}

static void
arietta_mixer_dispose (GObject *object)
{
  AriettaMixer *self = ARIETTA_MIXER (object);

  g_clear_handle_id (&self->measure_id, g_source_remove);
  g_clear_handle_id (&self->grow_id, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (arietta_mixer_parent_class)->dispose (object);
}

static void
arietta_mixer_class_init (AriettaMixerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_mixer_dispose;
  widget_class->map = arietta_mixer_map;
  widget_class->unmap = arietta_mixer_unmap;

  gtk_widget_class_set_css_name (widget_class, "mixer");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-mixer.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaMixer, box);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixer, strips);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixer, master_meter);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixer, master_volume);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixer, limiter_label);
}

static void
arietta_mixer_init (AriettaMixer *self)
{
  self->reduction = 1.0;
  g_type_ensure (ARIETTA_TYPE_LEVEL_METER);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
arietta_mixer_set_session (AriettaMixer   *self,
                           AriettaSession *session)
{
  g_return_if_fail (ARIETTA_IS_MIXER (self) && self->session == NULL);

  self->session = g_object_ref (session);
  g_object_bind_property (arietta_session_get_player (session), "volume", self->master_volume, "value",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
}

void
arietta_mixer_set_piece (AriettaMixer *self,
                         AriettaPiece *piece)
{
  g_return_if_fail (ARIETTA_IS_MIXER (self));

  if (piece != NULL)
    arietta_piece_ref (piece);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  self->piece = piece;
  update_strips (self);
}
