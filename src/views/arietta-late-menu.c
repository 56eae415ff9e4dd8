#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-late-menu.h"

#include "views/arietta-focus.h"

/* The template lets go of it; the button then keeps it as the data of its callback. */
struct _AriettaLateMenu
{
  GObject     parent_instance;

  GMenuModel *menu_model;
};

G_DEFINE_FINAL_TYPE (AriettaLateMenu, arietta_late_menu, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_BUTTON,
  PROP_MENU_MODEL,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* Called each time the menu is to open. */
static void
make_popup_cb (GtkMenuButton *button,
               gpointer       user_data)
{
  AriettaLateMenu *self = user_data;

  if (gtk_menu_button_get_menu_model (button) == NULL)
    gtk_menu_button_set_menu_model (button, self->menu_model);
}

static void
arietta_late_menu_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  AriettaLateMenu *self = ARIETTA_LATE_MENU (object);

  if (prop_id == PROP_BUTTON)
    {
      gtk_menu_button_set_create_popup_func (g_value_get_object (value), make_popup_cb, g_object_ref (self),
                                             g_object_unref);
      arietta_focus_leave (g_value_get_object (value));
    }
  else if (prop_id == PROP_MENU_MODEL)
    g_set_object (&self->menu_model, g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
arietta_late_menu_dispose (GObject *object)
{
  AriettaLateMenu *self = ARIETTA_LATE_MENU (object);

  g_clear_object (&self->menu_model);
  G_OBJECT_CLASS (arietta_late_menu_parent_class)->dispose (object);
}

static void
arietta_late_menu_class_init (AriettaLateMenuClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = arietta_late_menu_set_property;
  object_class->dispose = arietta_late_menu_dispose;

  properties[PROP_BUTTON] =
    g_param_spec_object ("button", NULL, NULL, GTK_TYPE_MENU_BUTTON, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_MENU_MODEL] =
    g_param_spec_object ("menu-model", NULL, NULL, G_TYPE_MENU_MODEL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
arietta_late_menu_init (AriettaLateMenu *self)
{
}
