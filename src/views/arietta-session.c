#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-session-private.h"

#include "audio/arietta-midi-script.h"
#include "math/arietta-pool.h"

/* How long the end of the program waits for what still computes; each looks up many times a second. */
#define WIND_UP_SECONDS 3.0

G_DEFINE_FINAL_TYPE (AriettaSession, arietta_session, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_ITEM_ID,
  PROP_TAKE_ID,
  PROP_PIECE,
  N_PROPS,
};

enum
{
  FAILED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
player_playing_cb (AriettaSession *self)
{
  gboolean playing = arietta_player_is_playing (self->player);

  arietta_pool_spare (playing ? 1 : 0);
  if (playing)
    arietta_listen_clock_start (self->clock);
  else
    arietta_session_flush_listen (self);
}

static void
player_failed_cb (AriettaSession *self,
                  const GError   *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

static void
soundfont_changed_cb (AriettaSession *self)
{
  g_autofree char *path = g_settings_get_string (self->settings, "soundfont");
  g_autoptr(GError) error = NULL;

  if (!arietta_player_set_soundfont (self->player, path[0] != '\0' ? path : NULL, &error))
    g_signal_emit (self, signals[FAILED], 0, error);
}

static void
keyboard_changed_cb (AriettaSession *self)
{
  g_autofree char *keyboard = g_settings_get_string (self->settings, "keyboard");

  arietta_midi_input_choose (arietta_recorder_get_input (self->recorder), keyboard[0] != '\0' ? keyboard : NULL);
}

static void
arietta_session_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  AriettaSession *self = ARIETTA_SESSION (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_ITEM_ID:
      g_value_set_int64 (value, self->item_id);
      break;
    case PROP_TAKE_ID:
      g_value_set_int64 (value, self->take_id);
      break;
    case PROP_PIECE:
      g_value_set_boxed (value, arietta_session_get_piece (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
arietta_session_dispose (GObject *object)
{
  AriettaSession *self = ARIETTA_SESSION (object);

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);

  if (self->player != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->player, self);
      arietta_player_stop (self->player);
    }
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  if (self->jobs != NULL && !self->beside)
    arietta_job_queue_wind_up (self->jobs, WIND_UP_SECONDS);

  g_clear_object (&self->faces);
  g_clear_object (&self->slices);
  g_clear_object (&self->recorder);
  g_clear_object (&self->player);
  g_clear_pointer (&self->clock, arietta_listen_clock_free);
  g_clear_object (&self->jobs);
  g_clear_object (&self->library);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (arietta_session_parent_class)->dispose (object);
}

static void
arietta_session_finalize (GObject *object)
{
  AriettaSession *self = ARIETTA_SESSION (object);

  g_free (self->title);

  G_OBJECT_CLASS (arietta_session_parent_class)->finalize (object);
}

static void
arietta_session_class_init (AriettaSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = arietta_session_get_property;
  object_class->dispose = arietta_session_dispose;
  object_class->finalize = arietta_session_finalize;

  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ITEM_ID] =
    g_param_spec_int64 ("item-id", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TAKE_ID] =
    g_param_spec_int64 ("take-id", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PIECE] =
    g_param_spec_boxed ("piece", NULL, NULL, ARIETTA_TYPE_PIECE,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
arietta_session_init (AriettaSession *self)
{
}

static void
set_up_stand (AriettaSession *self)
{
  g_autofree char *soundfont = g_settings_get_string (self->settings, "soundfont");
  g_autoptr(AriettaMidiInput) input = NULL;
  g_autoptr(GError) font_error = NULL;

  self->clock = arietta_listen_clock_new (self->library);
  self->player = arietta_player_new ();
  g_signal_connect_object (self->player, "notify::playing", G_CALLBACK (player_playing_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->player, "failed", G_CALLBACK (player_failed_cb), self,
                           G_CONNECT_SWAPPED);

  /* One that is gone is no reason to be silent: the default plays, and the preferences show it. */
  if (soundfont[0] != '\0' && !arietta_player_set_soundfont (self->player, soundfont, &font_error))
    g_warning ("%s", font_error->message);

  /* A key is heard once, and recorded in the first window. */
  input = self->beside ? ARIETTA_MIDI_INPUT (arietta_midi_script_new (NULL)) : arietta_midi_input_new_system ();
  self->recorder = arietta_recorder_new (self->player, input);
  keyboard_changed_cb (self);
  g_signal_connect_object (self->settings, "changed::keyboard", G_CALLBACK (keyboard_changed_cb), self,
                           G_CONNECT_SWAPPED);

  g_settings_bind (self->settings, "latency", self->player, "latency", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "volume", self->player, "volume", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "metronome", self->player, "metronome", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "loop", self->player, "loop", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (self->settings, "changed::soundfont", G_CALLBACK (soundfont_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

AriettaSession *
arietta_session_new (GSettings  *settings,
                     GError    **error)
{
  g_autoptr(AriettaSession) self = g_object_new (ARIETTA_TYPE_SESSION, NULL);
  g_autofree char *folder = g_settings_get_string (settings, "data-folder");

  self->settings = g_object_ref (settings);
  self->library = arietta_library_open (folder[0] != '\0' ? folder : NULL, error);
  if (self->library == NULL)
    return NULL;

  self->jobs = arietta_job_queue_new ();
  self->faces = arietta_face_loader_new (self->library);
  self->slices = arietta_slices_new ();
  set_up_stand (self);

  return g_steal_pointer (&self);
}

AriettaSession *
arietta_session_new_beside (AriettaSession *first)
{
  AriettaSession *self = g_object_new (ARIETTA_TYPE_SESSION, NULL);

  g_return_val_if_fail (ARIETTA_IS_SESSION (first), NULL);

  self->beside = TRUE;
  self->settings = g_object_ref (first->settings);
  self->library = g_object_ref (first->library);
  self->jobs = g_object_ref (first->jobs);
  self->faces = g_object_ref (first->faces);
  self->slices = g_object_ref (first->slices);
  set_up_stand (self);
  return self;
}

gboolean
arietta_session_is_beside (AriettaSession *self)
{
  g_return_val_if_fail (ARIETTA_IS_SESSION (self), FALSE);

  return self->beside;
}

AriettaLibrary *
arietta_session_get_library (AriettaSession *self)
{
  g_return_val_if_fail (ARIETTA_IS_SESSION (self), NULL);
  return self->library;
}

AriettaPlayer *
arietta_session_get_player (AriettaSession *self)
{
  g_return_val_if_fail (ARIETTA_IS_SESSION (self), NULL);
  return self->player;
}

AriettaRecorder *
arietta_session_get_recorder (AriettaSession *self)
{
  g_return_val_if_fail (ARIETTA_IS_SESSION (self), NULL);
  return self->recorder;
}

AriettaJobQueue *
arietta_session_get_jobs (AriettaSession *self)
{
  g_return_val_if_fail (ARIETTA_IS_SESSION (self), NULL);
  return self->jobs;
}

GSettings *
arietta_session_get_settings (AriettaSession *self)
{
  g_return_val_if_fail (ARIETTA_IS_SESSION (self), NULL);
  return self->settings;
}

AriettaFaceLoader *
arietta_session_get_faces (AriettaSession *self)
{
  g_return_val_if_fail (ARIETTA_IS_SESSION (self), NULL);
  return self->faces;
}

AriettaSlices *
arietta_session_get_slices (AriettaSession *self)
{
  g_return_val_if_fail (ARIETTA_IS_SESSION (self), NULL);
  return self->slices;
}

AriettaPiece *
arietta_session_get_piece (AriettaSession *self)
{
  g_return_val_if_fail (ARIETTA_IS_SESSION (self), NULL);
  return arietta_player_get_piece (self->player);
}

const char *
arietta_session_get_title (AriettaSession *self)
{
  g_return_val_if_fail (ARIETTA_IS_SESSION (self), NULL);
  return self->title;
}

gint64
arietta_session_get_take_id (AriettaSession *self)
{
  g_return_val_if_fail (ARIETTA_IS_SESSION (self), 0);
  return self->take_id;
}

gint64
arietta_session_get_item_id (AriettaSession *self)
{
  g_return_val_if_fail (ARIETTA_IS_SESSION (self), 0);
  return self->item_id;
}
