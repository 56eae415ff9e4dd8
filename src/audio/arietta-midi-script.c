#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-midi-script.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <stdio.h>
#include <unistd.h>

struct _AriettaMidiScript
{
  GObject              parent_instance;

  GPtrArray           *devices;   /* names */
  char                *chosen;
  AriettaMidiReceiver  receiver;
  gpointer             receiver_data;
  int                  fd;
  guint                watch;
  GString             *rest;      /* of a line */
};

static void arietta_midi_script_input_init (AriettaMidiInputInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AriettaMidiScript, arietta_midi_script, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ARIETTA_TYPE_MIDI_INPUT, arietta_midi_script_input_init))

static void
obey (AriettaMidiScript *self,
      const char        *line)
{
  int a = 0, b = 0;

  if (g_str_has_prefix (line, "plug "))
    arietta_midi_script_plug (self, line + strlen ("plug "));
  else if (g_str_has_prefix (line, "unplug "))
    arietta_midi_script_unplug (self, line + strlen ("unplug "));
  else if (sscanf (line, "on %d %d", &a, &b) == 2)
    arietta_midi_script_send (self, 0, 0x90, (guint8) a, (guint8) b);
  else if (sscanf (line, "off %d", &a) == 1)
    arietta_midi_script_send (self, 0, 0x80, (guint8) a, 64);
  else if (sscanf (line, "control %d %d", &a, &b) == 2)
    arietta_midi_script_send (self, 0, 0xB0, (guint8) a, (guint8) b);
  else if (*line != '\0')
    g_message ("MIDI script: “%s” is not understood", line);
}

static gboolean
readable_cb (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  AriettaMidiScript *self = user_data;
  char bytes[512];
  gssize n = read (fd, bytes, sizeof bytes);
  char *end;

  if (n <= 0)
    {
      self->watch = 0;
      return G_SOURCE_REMOVE;
    }

  g_string_append_len (self->rest, bytes, n);
  while ((end = strchr (self->rest->str, '\n')) != NULL)
    {
      g_autofree char *line = g_strndup (self->rest->str, end - self->rest->str);

      g_string_erase (self->rest, 0, end - self->rest->str + 1);
      obey (self, line);
    }

  return G_SOURCE_CONTINUE;
}

static void
arietta_midi_script_set_receiver (AriettaMidiInput    *input,
                                  AriettaMidiReceiver  receiver,
                                  gpointer             user_data)
{
  AriettaMidiScript *self = ARIETTA_MIDI_SCRIPT (input);

  self->receiver = receiver;
  self->receiver_data = user_data;
}

static GStrv
arietta_midi_script_dup_devices (AriettaMidiInput *input)
{
  AriettaMidiScript *self = ARIETTA_MIDI_SCRIPT (input);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->devices->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (self->devices, i));
  return g_strv_builder_end (builder);
}

static void
arietta_midi_script_choose (AriettaMidiInput *input,
                            const char       *device)
{
  AriettaMidiScript *self = ARIETTA_MIDI_SCRIPT (input);

  g_free (self->chosen);
  self->chosen = g_strdup (device);
}

static void
arietta_midi_script_finalize (GObject *object)
{
  AriettaMidiScript *self = ARIETTA_MIDI_SCRIPT (object);

  g_clear_handle_id (&self->watch, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  g_ptr_array_unref (self->devices);
  g_string_free (self->rest, TRUE);
  g_free (self->chosen);

  G_OBJECT_CLASS (arietta_midi_script_parent_class)->finalize (object);
}

static void
arietta_midi_script_input_init (AriettaMidiInputInterface *iface)
{
  iface->set_receiver = arietta_midi_script_set_receiver;
  iface->dup_devices = arietta_midi_script_dup_devices;
  iface->choose = arietta_midi_script_choose;
}

static void
arietta_midi_script_class_init (AriettaMidiScriptClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = arietta_midi_script_finalize;
}

static void
arietta_midi_script_init (AriettaMidiScript *self)
{
  self->devices = g_ptr_array_new_with_free_func (g_free);
  self->rest = g_string_new (NULL);
  self->fd = -1;
}

AriettaMidiScript *
arietta_midi_script_new (const char *path)
{
  AriettaMidiScript *self = g_object_new (ARIETTA_TYPE_MIDI_SCRIPT, NULL);

  if (path == NULL)
    return self;

  /* Writing too, so that a pipe has no end when one writer goes. */
  self->fd = open (path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (self->fd < 0)
    g_message ("MIDI script: “%s” cannot be opened: %s", path, g_strerror (errno));
  else
    self->watch = g_unix_fd_add (self->fd, G_IO_IN, readable_cb, self);
  return self;
}

void
arietta_midi_script_plug (AriettaMidiScript *self,
                          const char        *device)
{
  g_return_if_fail (ARIETTA_IS_MIDI_SCRIPT (self));

  g_ptr_array_add (self->devices, g_strdup (device));
  arietta_midi_input_emit_devices_changed (ARIETTA_MIDI_INPUT (self));
}

void
arietta_midi_script_unplug (AriettaMidiScript *self,
                            const char        *device)
{
  guint nth;

  g_return_if_fail (ARIETTA_IS_MIDI_SCRIPT (self));

  arietta_midi_script_send (self, 0, 0xB0, ARIETTA_MIDI_ALL_NOTES_OFF, 0);
  if (!g_ptr_array_find_with_equal_func (self->devices, device, g_str_equal, &nth))
    return;
  g_ptr_array_remove_index (self->devices, nth);
  arietta_midi_input_emit_devices_changed (ARIETTA_MIDI_INPUT (self));
}

void
arietta_midi_script_send (AriettaMidiScript *self,
                          gint64             time_us,
                          guint8             status,
                          guint8             data1,
                          guint8             data2)
{
  const AriettaMidiMessage message = { time_us > 0 ? time_us : g_get_monotonic_time (), status, data1, data2 };

  g_return_if_fail (ARIETTA_IS_MIDI_SCRIPT (self));

  if (self->devices->len == 0 || self->receiver == NULL
      || (self->chosen != NULL && !g_str_equal (self->chosen, g_ptr_array_index (self->devices, 0))))
    return;
  self->receiver (&message, self->receiver_data);
}
