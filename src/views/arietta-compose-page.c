#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page.h"

#include <glib/gi18n.h>

#include "widgets/arietta-piano-roll.h"

struct _AriettaComposePage
{
  AriettaPage       parent_instance;

  /* template children */
  AriettaPianoRoll *roll;
};

G_DEFINE_FINAL_TYPE (AriettaComposePage, arietta_compose_page, ARIETTA_TYPE_PAGE)

static void
arietta_compose_page_constructed (GObject *object)
{
  AriettaComposePage *self = ARIETTA_COMPOSE_PAGE (object);
  AriettaSession *session = arietta_page_get_session (ARIETTA_PAGE (self));
  AriettaPlayer *player = arietta_session_get_player (session);

  G_OBJECT_CLASS (arietta_compose_page_parent_class)->constructed (object);

  g_object_bind_property (session, "piece", self->roll, "piece", G_BINDING_SYNC_CREATE);
  g_object_bind_property (player, "position-ticks", self->roll, "position", G_BINDING_SYNC_CREATE);
  g_object_bind_property (player, "playing", self->roll, "playing", G_BINDING_SYNC_CREATE);
}

static void
arietta_compose_page_class_init (AriettaComposePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = arietta_compose_page_constructed;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/arietta/Arietta/arietta-compose-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, roll);
}

static void
arietta_compose_page_init (AriettaComposePage *self)
{
  g_type_ensure (ARIETTA_TYPE_PIANO_ROLL);
  gtk_widget_init_template (GTK_WIDGET (self));
}
