#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-page.h"

typedef struct
{
  AriettaSession     *session;
  GSimpleActionGroup *actions;
  guint               narrow : 1;
  guint               compact : 1;
} AriettaPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AriettaPage, arietta_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_NARROW,
  PROP_COMPACT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
arietta_page_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  AriettaPagePrivate *priv = arietta_page_get_instance_private (ARIETTA_PAGE (object));

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, priv->session);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, priv->narrow);
      break;
    case PROP_COMPACT:
      g_value_set_boolean (value, priv->compact);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
arietta_page_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  AriettaPagePrivate *priv = arietta_page_get_instance_private (ARIETTA_PAGE (object));
  gboolean wanted;

  switch (prop_id)
    {
    case PROP_SESSION:
      priv->session = g_value_dup_object (value);
      break;
    case PROP_NARROW:
      wanted = g_value_get_boolean (value);
      if (wanted == priv->narrow)
        return;
      priv->narrow = wanted;
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_COMPACT:
      wanted = g_value_get_boolean (value);
      if (wanted == priv->compact)
        return;
      priv->compact = wanted;
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
arietta_page_dispose (GObject *object)
{
  AriettaPagePrivate *priv = arietta_page_get_instance_private (ARIETTA_PAGE (object));

  g_clear_object (&priv->actions);
  G_OBJECT_CLASS (arietta_page_parent_class)->dispose (object);
}

/* The session outlives dispose: children that go last may still ask for it. */
static void
arietta_page_finalize (GObject *object)
{
  AriettaPagePrivate *priv = arietta_page_get_instance_private (ARIETTA_PAGE (object));

  g_clear_object (&priv->session);
  G_OBJECT_CLASS (arietta_page_parent_class)->finalize (object);
}

static void
arietta_page_class_init (AriettaPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = arietta_page_get_property;
  object_class->set_property = arietta_page_set_property;
  object_class->dispose = arietta_page_dispose;
  object_class->finalize = arietta_page_finalize;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, ARIETTA_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_COMPACT] =
    g_param_spec_boolean ("compact", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
arietta_page_init (AriettaPage *self)
{
  AriettaPagePrivate *priv = arietta_page_get_instance_private (self);

  priv->actions = g_simple_action_group_new ();
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (priv->actions));
}

void
arietta_page_class_set_verb (AriettaPageClass *klass,
                             const char       *label,
                             const char       *icon_name,
                             const char       *action)
{
  klass->verb_label = label;
  klass->verb_icon_name = icon_name;
  klass->verb_action = action;
}

AriettaSession *
arietta_page_get_session (AriettaPage *self)
{
  AriettaPagePrivate *priv = arietta_page_get_instance_private (self);

  g_return_val_if_fail (ARIETTA_IS_PAGE (self), NULL);
  return priv->session;
}

gboolean
arietta_page_get_narrow (AriettaPage *self)
{
  AriettaPagePrivate *priv = arietta_page_get_instance_private (self);

  g_return_val_if_fail (ARIETTA_IS_PAGE (self), FALSE);
  return priv->narrow;
}

gboolean
arietta_page_get_compact (AriettaPage *self)
{
  AriettaPagePrivate *priv = arietta_page_get_instance_private (self);

  g_return_val_if_fail (ARIETTA_IS_PAGE (self), FALSE);
  return priv->compact;
}

GActionMap *
arietta_page_get_actions (AriettaPage *self)
{
  AriettaPagePrivate *priv = arietta_page_get_instance_private (self);

  g_return_val_if_fail (ARIETTA_IS_PAGE (self), NULL);
  return G_ACTION_MAP (priv->actions);
}

void
arietta_page_add_actions (AriettaPage        *self,
                          const GActionEntry *entries,
                          int                 n_entries)
{
  g_action_map_add_action_entries (arietta_page_get_actions (self), entries, n_entries, self);
}

void
arietta_page_enable_action (AriettaPage *self,
                            const char  *name,
                            gboolean     enabled)
{
  GAction *action = g_action_map_lookup_action (arietta_page_get_actions (self), name);

  g_return_if_fail (G_IS_SIMPLE_ACTION (action));
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
arietta_page_shown (AriettaPage *self)
{
  g_return_if_fail (ARIETTA_IS_PAGE (self));

  if (ARIETTA_PAGE_GET_CLASS (self)->shown != NULL)
    ARIETTA_PAGE_GET_CLASS (self)->shown (self);
}

gboolean
arietta_page_open_files (AriettaPage *self,
                         GListModel  *files)
{
  g_return_val_if_fail (ARIETTA_IS_PAGE (self), FALSE);

  if (ARIETTA_PAGE_GET_CLASS (self)->open_files == NULL)
    return FALSE;
  return ARIETTA_PAGE_GET_CLASS (self)->open_files (self, files);
}
