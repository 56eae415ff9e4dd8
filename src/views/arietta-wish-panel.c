#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-wish-panel.h"

#include "views/arietta-steps.h"
#include "views/arietta-wish-details.h"

struct _AriettaWishPanel
{
  GtkPopover          parent_instance;

  AriettaSession     *session;
  AriettaWishDetails *details;   /* in the revealer; NULL for the first moment */
  int                 tonic;
  int                 mode;

  /* template children */
  GtkWidget          *how;
  GtkRevealer        *revealer;
};

G_DEFINE_FINAL_TYPE (AriettaWishPanel, arietta_wish_panel, GTK_TYPE_POPOVER)

static void
asked_cb (AriettaWishPanel *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
}

/* Half of the widgets, and mostly out of sight. */
static gboolean
details_step (gpointer owner,
              guint    n)
{
  AriettaWishPanel *self = owner;

  self->details = g_object_new (ARIETTA_TYPE_WISH_DETAILS, NULL);
  arietta_wish_details_set_session (self->details, self->session);
  arietta_wish_details_set_scale (self->details, self->tonic, self->mode);
  gtk_revealer_set_child (self->revealer, GTK_WIDGET (self->details));
  return G_SOURCE_REMOVE;
}

static void
arietta_wish_panel_dispose (GObject *object)
{
  g_clear_object (&ARIETTA_WISH_PANEL (object)->session);

  G_OBJECT_CLASS (arietta_wish_panel_parent_class)->dispose (object);
}

static void
arietta_wish_panel_class_init (AriettaWishPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_wish_panel_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-wish-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaWishPanel, how);
  gtk_widget_class_bind_template_child (widget_class, AriettaWishPanel, revealer);
  gtk_widget_class_bind_template_callback (widget_class, asked_cb);
}

static void
arietta_wish_panel_init (AriettaWishPanel *self)
{
  self->tonic = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
arietta_wish_panel_set_session (AriettaWishPanel *self,
                                AriettaSession   *session)
{
  g_return_if_fail (ARIETTA_IS_WISH_PANEL (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_settings_bind (arietta_session_get_settings (session), "ask-how", self->how, "active", G_SETTINGS_BIND_DEFAULT);
  arietta_steps_run (self, details_step);
}

void
arietta_wish_panel_set_scale (AriettaWishPanel *self,
                              int               tonic,
                              int               mode)
{
  g_return_if_fail (ARIETTA_IS_WISH_PANEL (self));

  self->tonic = tonic;
  self->mode = mode;
  if (self->details != NULL)
    arietta_wish_details_set_scale (self->details, tonic, mode);
}
