#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-sound-deck.h"

#include <glib/gi18n.h>
#include <math.h>

#include "audio/arietta-audio-sink.h"
#include "base/arietta-error.h"

/* playbin's flags: sound only, volume done by us. */
#define FLAG_AUDIO        (1 << 1)
#define FLAG_SOFT_VOLUME  (1 << 4)

struct _AriettaSoundDeck
{
  GstElement             *playbin;
  GstElement             *sink;       /* borrowed from the playbin */
  guint                   bus_watch;
  char                   *path;
  AriettaSoundDeckEvents  events;
  gpointer                user_data;
  gint64                  wanted_ns;  /* asked for before it was open; -1: nothing */
  gint64                  position_ns;
  gint64                  duration_ns;
  double                  level;
  gboolean                open;
  gboolean                playing;
};

static void
seek_now (AriettaSoundDeck *self,
          gint64            position_ns)
{
  gst_element_seek_simple (self->playbin, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE,
                           position_ns);
  self->position_ns = position_ns;
}

static void
take_level_message (AriettaSoundDeck   *self,
                    const GstStructure *structure)
{
  const GValue *value = gst_structure_get_value (structure, "peak");
  GValueArray *peaks = value != NULL ? g_value_get_boxed (value) : NULL;

  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  for (guint i = 0; peaks != NULL && i < peaks->n_values; i++)
    {
      double peak_db = g_value_get_double (g_value_array_get_nth (peaks, i));

      self->level = MAX (self->level, CLAMP (pow (10.0, peak_db / 20.0), 0.0, 1.0));
    }
  G_GNUC_END_IGNORE_DEPRECATIONS
}

static void
take_error (AriettaSoundDeck *self,
            GstMessage       *message)
{
  g_autoptr(GError) reason = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_filename_display_basename (self->path);

  gst_message_parse_error (message, &reason, NULL);
  arietta_set_error (&error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_DECODE, self->path, NULL,
                     _("“%s” cannot be played: %s"), name, reason->message);
  self->playing = FALSE;
  self->events.failed (error, self->user_data);
}

static gboolean
bus_cb (GstBus     *bus,
        GstMessage *message,
        gpointer    user_data)
{
  AriettaSoundDeck *self = user_data;

  switch (GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_ASYNC_DONE:
      if (self->open)
        break;
      self->open = TRUE;
      if (self->wanted_ns > 0)
        seek_now (self, self->wanted_ns);
      self->wanted_ns = -1;
      if (self->playing)
        gst_element_set_state (self->playbin, GST_STATE_PLAYING);
      self->events.opened (self->user_data);
      break;

    case GST_MESSAGE_EOS:
      self->playing = FALSE;
      self->position_ns = arietta_sound_deck_get_duration (self);
      gst_element_set_state (self->playbin, GST_STATE_PAUSED);
      self->events.ended (self->user_data);
      break;

    case GST_MESSAGE_ERROR:
      take_error (self, message);
      break;

    case GST_MESSAGE_ELEMENT:
      if (gst_message_has_name (message, "level"))
        take_level_message (self, gst_message_get_structure (message));
      break;

    default:
      break;
    }

  return G_SOURCE_CONTINUE;
}

/* Opening and closing run in threads of their own and may pass each other: the last look decides. */
static void
open_async_cb (GstElement *playbin,
               gpointer    user_data)
{
  if (g_object_get_data (G_OBJECT (playbin), "closing") == NULL)
    gst_element_set_state (playbin, GST_STATE_PAUSED);
  if (g_object_get_data (G_OBJECT (playbin), "closing") != NULL)
    gst_element_set_state (playbin, GST_STATE_NULL);
}

static void
close_async_cb (GstElement *playbin,
                gpointer    user_data)
{
  gst_element_set_state (playbin, GST_STATE_NULL);
}

AriettaSoundDeck *
arietta_sound_deck_new (const char                    *path,
                        const AriettaSoundDeckEvents  *events,
                        gpointer                       user_data,
                        GError                       **error)
{
  g_autoptr(AriettaSoundDeck) self = NULL;
  g_autoptr(GstBus) bus = NULL;
  g_autofree char *uri = NULL;
  GstElement *level;

  g_return_val_if_fail (path != NULL && events != NULL, NULL);

  if (!arietta_audio_init (error))
    return NULL;

  self = g_new0 (AriettaSoundDeck, 1);
  self->path = g_canonicalize_filename (path, NULL);
  self->events = *events;
  self->user_data = user_data;
  self->wanted_ns = -1;

  self->playbin = gst_element_factory_make ("playbin", NULL);
  if (self->playbin == NULL)
    {
      arietta_set_error (error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_DECODE, path, NULL,
                         _("GStreamer’s base plugins are missing, so sound files cannot be played."));
      return NULL;
    }
  gst_object_ref_sink (self->playbin);

  self->sink = arietta_audio_sink_new (ARIETTA_AUDIO_LATENCY_MS, error);
  if (self->sink == NULL)
    return NULL;

  uri = g_filename_to_uri (self->path, NULL, NULL);
  g_object_set (self->playbin,
                "uri", uri,
                "flags", FLAG_AUDIO | FLAG_SOFT_VOLUME,
                "audio-sink", self->sink,
                NULL);

  level = gst_element_factory_make ("level", NULL);
  if (level != NULL)
    {
      g_object_set (level, "interval", (guint64) 33 * GST_MSECOND, NULL);
      g_object_set (self->playbin, "audio-filter", level, NULL);
    }

  bus = gst_element_get_bus (self->playbin);
  self->bus_watch = gst_bus_add_watch (bus, bus_cb, self);

  /* Opening a device and reading a file may both take a while. */
  gst_element_call_async (self->playbin, open_async_cb, NULL, NULL);

  return g_steal_pointer (&self);
}

void
arietta_sound_deck_free (AriettaSoundDeck *self)
{
  if (self == NULL)
    return;

  g_clear_handle_id (&self->bus_watch, g_source_remove);
  if (self->playbin != NULL)
    {
      /* Silent at once; torn down where nobody waits, after an opening that may still be on its way. */
      if (self->open)
        gst_element_set_state (self->playbin, GST_STATE_PAUSED);
      g_object_set_data (G_OBJECT (self->playbin), "closing", GINT_TO_POINTER (TRUE));
      gst_element_call_async (self->playbin, close_async_cb, NULL, NULL);
      gst_object_unref (self->playbin);
    }

  g_free (self->path);
  g_free (self);
}

void
arietta_sound_deck_play (AriettaSoundDeck *self)
{
  self->playing = TRUE;
  if (!self->open)
    return;

  if (arietta_sound_deck_get_duration (self) > 0 && self->position_ns >= self->duration_ns)
    seek_now (self, 0);
  gst_element_set_state (self->playbin, GST_STATE_PLAYING);
}

void
arietta_sound_deck_stop (AriettaSoundDeck *self)
{
  self->playing = FALSE;
  if (self->open)
    gst_element_set_state (self->playbin, GST_STATE_PAUSED);
}

void
arietta_sound_deck_seek (AriettaSoundDeck *self,
                         gint64            position_ns)
{
  if (self->open)
    seek_now (self, MAX (position_ns, 0));
  else
    self->wanted_ns = MAX (position_ns, 0);
}

void
arietta_sound_deck_set_volume (AriettaSoundDeck *self,
                               double            volume)
{
  g_object_set (self->playbin, "volume", volume, NULL);
}

gint64
arietta_sound_deck_get_position (AriettaSoundDeck *self)
{
  gint64 position_ns;

  if (!self->open)
    return MAX (self->wanted_ns, 0);

  if (self->playing && gst_element_query_position (self->playbin, GST_FORMAT_TIME, &position_ns))
    self->position_ns = position_ns;

  return self->position_ns;
}

gint64
arietta_sound_deck_get_duration (AriettaSoundDeck *self)
{
  gint64 duration_ns;

  /* Some decoders know it only after a while. */
  if (self->open && self->duration_ns == 0
      && gst_element_query_duration (self->playbin, GST_FORMAT_TIME, &duration_ns))
    self->duration_ns = MAX (duration_ns, 0);

  return self->duration_ns;
}

double
arietta_sound_deck_take_level (AriettaSoundDeck *self)
{
  /* Opening already sends a first buffer through the meter. */
  double level = self->playing && self->open ? self->level : 0;

  self->level = 0;
  return level;
}

gboolean
arietta_sound_deck_is_silent (AriettaSoundDeck *self)
{
  return arietta_audio_sink_is_silent (self->sink);
}
