#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-session.h"

#include "audio/arietta-midi-script.h"
#include "audio/arietta-soundfont.h"
#include "math/arietta-pool.h"
#include "views/arietta-listen-clock.h"
#include "views/arietta-load.h"

struct _AriettaSession
{
  GObject            parent_instance;

  GSettings         *settings;
  AriettaLibrary    *library;
  AriettaPlayer     *player;
  AriettaRecorder   *recorder;
  AriettaJobQueue   *jobs;
  AriettaFaceLoader *faces;
  AriettaSlices     *slices;

  /* What is on the stand. */
  char              *title;
  gint64             take_id;
  gint64             item_id;

  /* The last request wins. */
  GCancellable      *loading;

  AriettaListenClock *clock;

  gboolean           beside;   /* all but the stand is another session's */
};

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

typedef struct
{
  AriettaLibrary *library;
  gint64          take_id;
  gint64          item_id;
  char           *title;
  gboolean        play;
} Errand;

static Errand *
errand_new (AriettaSession *self)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->library = g_object_ref (self->library);
  return errand;
}

static void
errand_free (Errand *errand)
{
  g_object_unref (errand->library);
  g_free (errand->title);
  g_free (errand);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Errand, errand_free)

/* Before the stand changes and when playing stops. */
static void
flush_listen (AriettaSession *self)
{
  arietta_listen_clock_flush (self->clock, self->item_id, self->take_id);
}

static void
set_stand (AriettaSession *self,
           const char     *title,
           gint64          item_id,
           gint64          take_id)
{
  g_free (self->title);
  self->title = g_strdup (title);
  self->item_id = item_id;
  self->take_id = take_id;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM_ID]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TAKE_ID]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PIECE]);
}

/* A new thing on the stand starts at its beginning; the same one goes on where it is. */
static void
put_piece (AriettaSession *self,
           AriettaPiece   *piece,
           const char     *title,
           gint64          item_id,
           gint64          take_id,
           gboolean        play)
{
  gboolean same = take_id != 0 ? take_id == self->take_id
                  : item_id != 0 ? item_id == self->item_id
                  : piece == arietta_player_get_piece (self->player);

  g_clear_object (&self->loading);
  if (!same)
    flush_listen (self);

  if (piece != arietta_player_get_piece (self->player))
    {
      if (!same && arietta_player_is_playing (self->player))
        arietta_player_stop (self->player);
      arietta_player_set_piece (self->player, piece);
    }
  if (!same || play)
    arietta_player_seek (self->player, 0);

  set_stand (self, title != NULL ? title : arietta_piece_get_title (piece), item_id, take_id);
  if (play)
    arietta_player_play (self->player);
}

static void
put_sound (AriettaSession *self,
           const char     *path,
           const char     *title,
           gint64          item_id,
           gboolean        play)
{
  g_clear_object (&self->loading);
  flush_listen (self);
  arietta_player_stop (self->player);
  arietta_player_set_sound_file (self->player, path);
  set_stand (self, title, item_id, 0);
  if (play)
    arietta_player_play (self->player);
}

static gpointer
read_piece (gpointer   data,
            GError   **error)
{
  Errand *errand = data;

  if (errand->take_id != 0)
    return arietta_library_load_take (errand->library, errand->take_id, error);
  return arietta_library_load_item (errand->library, errand->item_id, error);
}

typedef struct
{
  AriettaPiece *piece;
  char         *title;
  gint64        item_id;
  gint64        take_id;
  gboolean      play;
} Arrival;

static void
arrival_free (Arrival *arrival)
{
  g_clear_pointer (&arrival->piece, arietta_piece_unref);
  g_free (arrival->title);
  g_free (arrival);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Arrival, arrival_free)

static gpointer
read_arrival (gpointer   data,
              GError   **error)
{
  Errand *errand = data;
  AriettaPiece *piece = read_piece (errand, error);
  Arrival *arrival;

  if (piece == NULL)
    return NULL;

  arrival = g_new0 (Arrival, 1);
  arrival->piece = piece;
  arrival->title = g_strdup (errand->title);
  arrival->item_id = errand->item_id;
  arrival->take_id = errand->take_id;
  arrival->play = errand->play;
  return arrival;
}

static void
piece_read_cb (gpointer      owner,
               gpointer      result,
               const GError *error)
{
  AriettaSession *self = owner;
  g_autoptr(Arrival) arrival = result;

  if (error != NULL)
    {
      g_signal_emit (self, signals[FAILED], 0, error);
      return;
    }
  put_piece (self, arrival->piece, arrival->title, arrival->item_id, arrival->take_id,
             arrival->play);
}

static void
load_and_put (AriettaSession *self,
              gint64          item_id,
              gint64          take_id,
              const char     *title,
              gboolean        play)
{
  Errand *errand = errand_new (self);

  errand->item_id = item_id;
  errand->take_id = take_id;
  errand->title = g_strdup (title);
  errand->play = play;

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  arietta_load_async (self, self->loading, read_arrival, errand, (GDestroyNotify) errand_free,
                      (GDestroyNotify) arrival_free, piece_read_cb);
}

static void
player_playing_cb (AriettaSession *self)
{
  gboolean playing = arietta_player_is_playing (self->player);

  arietta_pool_spare (playing ? 1 : 0);
  if (playing)
    arietta_listen_clock_start (self->clock);
  else
    flush_listen (self);
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
    arietta_job_queue_cancel_all (self->jobs);

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

/* Something was put on the stand by hand: what is still being read no longer wants to get there. */
static void
forget_loading (AriettaSession *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
}

void
arietta_session_play_piece (AriettaSession *self,
                            AriettaPiece   *piece,
                            const char     *title,
                            gboolean        play)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));
  g_return_if_fail (piece != NULL);

  forget_loading (self);
  put_piece (self, piece, title, 0, 0, play);
}

void
arietta_session_play_take (AriettaSession *self,
                           gint64          take_id,
                           const char     *title,
                           gboolean        play)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));

  load_and_put (self, 0, take_id, title, play);
}

void
arietta_session_play_take_piece (AriettaSession *self,
                                 gint64          take_id,
                                 AriettaPiece   *piece,
                                 const char     *title,
                                 gboolean        play)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));
  g_return_if_fail (piece != NULL);

  forget_loading (self);
  put_piece (self, piece, title, 0, take_id, play);
}

void
arietta_session_play_item (AriettaSession    *self,
                           const AriettaItem *item,
                           gboolean           play)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));
  g_return_if_fail (item != NULL);

  if (item->medium == ARIETTA_MEDIUM_SOUND)
    {
      forget_loading (self);
      put_sound (self, item->path, item->title, item->id, play);
    }
  else
    load_and_put (self, item->id, 0, item->title, play);
}

void
arietta_session_play_sound (AriettaSession *self,
                            const char     *path,
                            const char     *title,
                            gboolean        play)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));
  g_return_if_fail (path != NULL);

  forget_loading (self);
  put_sound (self, path, title, 0, play);
}

/* Play at the very end means from the beginning. */
static void
rewind_at_end (AriettaSession *self)
{
  AriettaPiece *piece = arietta_player_get_piece (self->player);
  gint64 position_ns, duration_ns;

  if (piece != NULL)
    {
      if (arietta_player_get_position (self->player) >= arietta_piece_get_notes_end_ticks (piece))
        arietta_player_seek (self->player, 0);
      return;
    }

  g_object_get (self->player, "position-ns", &position_ns, "duration-ns", &duration_ns, NULL);
  if (duration_ns > 0 && position_ns >= duration_ns)
    arietta_player_seek_ns (self->player, 0);
}

gboolean
arietta_session_is_empty (AriettaSession *self)
{
  g_autofree char *sound = NULL;

  g_return_val_if_fail (ARIETTA_IS_SESSION (self), TRUE);

  if (arietta_player_get_piece (self->player) != NULL)
    return FALSE;
  g_object_get (self->player, "sound-file", &sound, NULL);
  return sound == NULL;
}

void
arietta_session_change_piece (AriettaSession *self,
                              AriettaPiece   *piece)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self) && piece != NULL);

  if (piece == arietta_player_get_piece (self->player))
    return;
  arietta_player_set_piece (self->player, piece);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PIECE]);
}

void
arietta_session_rename (AriettaSession *self,
                        const char     *title)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));

  if (g_strcmp0 (self->title, title) == 0)
    return;
  g_free (self->title);
  self->title = g_strdup (title);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

void
arietta_session_toggle (AriettaSession *self)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));

  if (arietta_player_is_playing (self->player))
    arietta_player_stop (self->player);
  else if (!arietta_session_is_empty (self))
    {
      rewind_at_end (self);
      arietta_player_play (self->player);
    }
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
