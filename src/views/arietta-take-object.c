#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-take-object.h"

struct _AriettaTakeObject
{
  GObject      parent_instance;

  AriettaTake *take;
};

G_DEFINE_FINAL_TYPE (AriettaTakeObject, arietta_take_object, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_TITLE,
  PROP_STYLE,
  PROP_STARRED,
  PROP_EXAMPLE,
  PROP_SEED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
arietta_take_object_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  const AriettaTake *take = ARIETTA_TAKE_OBJECT (object)->take;

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, take->id);
      break;
    case PROP_TITLE:
      g_value_set_string (value, take->title);
      break;
    case PROP_STYLE:
      g_value_set_string (value, take->style);
      break;
    case PROP_STARRED:
      g_value_set_boolean (value, take->starred);
      break;
    case PROP_EXAMPLE:
      g_value_set_boolean (value, take->example);
      break;
    case PROP_SEED:
      g_value_set_uint64 (value, take->seed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
arietta_take_object_finalize (GObject *object)
{
  arietta_take_free (ARIETTA_TAKE_OBJECT (object)->take);
  G_OBJECT_CLASS (arietta_take_object_parent_class)->finalize (object);
}

static void
arietta_take_object_class_init (AriettaTakeObjectClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = arietta_take_object_get_property;
  object_class->finalize = arietta_take_object_finalize;

  properties[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_STYLE] = g_param_spec_string ("style", NULL, NULL, NULL, flags);
  properties[PROP_STARRED] = g_param_spec_boolean ("starred", NULL, NULL, FALSE, flags);
  properties[PROP_EXAMPLE] = g_param_spec_boolean ("example", NULL, NULL, FALSE, flags);
  properties[PROP_SEED] = g_param_spec_uint64 ("seed", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
arietta_take_object_init (AriettaTakeObject *self)
{
}

AriettaTakeObject *
arietta_take_object_new (AriettaTake *take)
{
  AriettaTakeObject *self = g_object_new (ARIETTA_TYPE_TAKE_OBJECT, NULL);

  self->take = take;
  return self;
}

const AriettaTake *
arietta_take_object_get (AriettaTakeObject *self)
{
  g_return_val_if_fail (ARIETTA_IS_TAKE_OBJECT (self), NULL);
  return self->take;
}

gboolean
arietta_take_object_same (AriettaTakeObject *self,
                          AriettaTakeObject *other)
{
  g_return_val_if_fail (ARIETTA_IS_TAKE_OBJECT (self), FALSE);
  g_return_val_if_fail (ARIETTA_IS_TAKE_OBJECT (other), FALSE);

  return self->take->id == other->take->id && self->take->starred == other->take->starred &&
         g_strcmp0 (self->take->title, other->take->title) == 0 &&
         g_strcmp0 (self->take->note, other->take->note) == 0;
}
