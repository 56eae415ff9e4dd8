#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-midi-alsa.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <poll.h>
#include <unistd.h>

#include "audio/arietta-midi-system.h"

#define MAX_FDS       8
#define CLIENT_NAME   "Arietta"
#define THROUGH_NAME  "Midi Through"
#define DEVICES_PATH  "/dev/snd"

typedef struct
{
  snd_seq_addr_t  address;
  char           *name;
} Device;

struct _AriettaMidiAlsa
{
  GObject              parent_instance;

  snd_seq_t           *seq;        /* NULL: no sequencer; after start the thread's */
  int                  port;
  GThread             *thread;
  int                  stop[2];    /* a pipe: closing it ends the thread */
  GFileMonitor        *monitor;    /* of DEVICES_PATH, while there is no sequencer */

  GMutex               lock;       /* of what follows */
  GPtrArray           *devices;    /* Device */
  char                *chosen;
  AriettaMidiReceiver  receiver;
  gpointer             receiver_data;
};

static void arietta_midi_alsa_input_init (AriettaMidiInputInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AriettaMidiAlsa, arietta_midi_alsa, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ARIETTA_TYPE_MIDI_INPUT, arietta_midi_alsa_input_init))

static void
device_free (gpointer data)
{
  g_free (((Device *) data)->name);
  g_free (data);
}

/* ---- In the thread, but for the beginning ---- */

static gboolean
tell_cb (gpointer data)
{
  g_autoptr(AriettaMidiAlsa) self = g_weak_ref_get (data);

  if (self != NULL)
    arietta_midi_input_emit_devices_changed (ARIETTA_MIDI_INPUT (self));
  return G_SOURCE_REMOVE;
}

static void
weak_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
tell (AriettaMidiAlsa *self)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, self);
  g_idle_add_full (G_PRIORITY_DEFAULT, tell_cb, weak, weak_free);
}

static void
add_device (AriettaMidiAlsa *self,
            int              client,
            int              port)
{
  const unsigned int wanted = SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ;
  snd_seq_client_info_t *client_info;
  snd_seq_port_info_t *port_info;
  const char *client_name;
  Device *device;

  snd_seq_client_info_alloca (&client_info);
  snd_seq_port_info_alloca (&port_info);
  if (client == SND_SEQ_CLIENT_SYSTEM || client == snd_seq_client_id (self->seq)
      || snd_seq_get_any_client_info (self->seq, client, client_info) < 0
      || snd_seq_get_any_port_info (self->seq, client, port, port_info) < 0)
    return;

  client_name = snd_seq_client_info_get_name (client_info);
  if ((snd_seq_port_info_get_capability (port_info) & wanted) != wanted
      || (snd_seq_port_info_get_capability (port_info) & SND_SEQ_PORT_CAP_NO_EXPORT) != 0
      || g_str_has_prefix (client_name, THROUGH_NAME))
    return;
  if (snd_seq_connect_from (self->seq, self->port, client, port) < 0)
    return;

  device = g_new0 (Device, 1);
  device->address = (snd_seq_addr_t) { (unsigned char) client, (unsigned char) port };
  device->name = g_utf8_make_valid (client_name, -1);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->devices, device);
  g_mutex_unlock (&self->lock);
  g_debug ("MIDI keyboard: %s (%d:%d)", device->name, client, port);
}

static void
remove_devices (AriettaMidiAlsa *self,
                int              client,
                int              port)   /* -1: all of the client */
{
  const AriettaMidiMessage all_off = { g_get_monotonic_time (), 0xB0, ARIETTA_MIDI_ALL_NOTES_OFF, 0 };
  gboolean any = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = self->devices->len; i > 0; i--)
    {
      const Device *device = g_ptr_array_index (self->devices, i - 1);

      if (device->address.client == client && (port < 0 || device->address.port == port))
        {
          g_ptr_array_remove_index (self->devices, i - 1);
          any = TRUE;
        }
    }
  /* Its keys will not be let go of any more. */
  if (any && self->receiver != NULL)
    self->receiver (&all_off, self->receiver_data);
  g_mutex_unlock (&self->lock);
}

static void
find_devices (AriettaMidiAlsa *self)
{
  snd_seq_client_info_t *client;
  snd_seq_port_info_t *port;

  snd_seq_client_info_alloca (&client);
  snd_seq_port_info_alloca (&port);
  snd_seq_client_info_set_client (client, -1);
  while (snd_seq_query_next_client (self->seq, client) >= 0)
    {
      snd_seq_port_info_set_client (port, snd_seq_client_info_get_client (client));
      snd_seq_port_info_set_port (port, -1);
      while (snd_seq_query_next_port (self->seq, port) >= 0)
        add_device (self, snd_seq_client_info_get_client (client), snd_seq_port_info_get_port (port));
    }
}

/* The lock is held while it is told, so that whoever stops listening knows that no call is under way. */
static void
hand_over (AriettaMidiAlsa       *self,
           const snd_seq_event_t *event)
{
  AriettaMidiMessage message = { .time_us = g_get_monotonic_time () };
  gboolean wanted = FALSE;

  if (!arietta_midi_alsa_translate (event, &message))
    return;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->devices->len && !wanted; i++)
    {
      const Device *device = g_ptr_array_index (self->devices, i);

      wanted = device->address.client == event->source.client && device->address.port == event->source.port
               && (self->chosen == NULL || g_str_equal (self->chosen, device->name));
    }
  if (wanted && self->receiver != NULL)
    self->receiver (&message, self->receiver_data);
  g_mutex_unlock (&self->lock);
}

static void
take_event (AriettaMidiAlsa       *self,
            const snd_seq_event_t *event)
{
  switch (event->type)
    {
    case SND_SEQ_EVENT_PORT_START:
      add_device (self, event->data.addr.client, event->data.addr.port);
      tell (self);
      break;

    case SND_SEQ_EVENT_PORT_EXIT:
      remove_devices (self, event->data.addr.client, event->data.addr.port);
      tell (self);
      break;

    case SND_SEQ_EVENT_CLIENT_EXIT:
      remove_devices (self, event->data.addr.client, -1);
      tell (self);
      break;

    default:
      hand_over (self, event);
    }
}

/* A sequencer that went away would be ready for ever. */
static gboolean
is_gone (const struct pollfd *fds, int n)
{
  for (int i = 0; i < n; i++)
    if ((fds[i].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
      return TRUE;
  return FALSE;
}

static gpointer
listen_in_thread (gpointer data)
{
  AriettaMidiAlsa *self = data;
  struct pollfd fds[MAX_FDS] = { 0 };
  int n_fds = snd_seq_poll_descriptors (self->seq, fds + 1, MAX_FDS - 1, POLLIN);
  snd_seq_event_t *event;

  fds[0] = (struct pollfd) { self->stop[0], POLLIN, 0 };
  while (poll (fds, (nfds_t) n_fds + 1, -1) >= 0 || errno == EINTR)
    {
      if (fds[0].revents != 0 || is_gone (fds + 1, n_fds))
        break;
      while (snd_seq_event_input (self->seq, &event) >= 0)
        take_event (self, event);
    }

  return NULL;
}

/* ---- On the main loop ---- */

static gboolean
start (AriettaMidiAlsa *self)
{
  if (self->seq != NULL)
    return TRUE;
  if (snd_seq_open (&self->seq, "default", SND_SEQ_OPEN_DUPLEX, SND_SEQ_NONBLOCK) < 0)
    {
      self->seq = NULL;
      return FALSE;
    }

  snd_seq_set_client_name (self->seq, CLIENT_NAME);
  self->port = snd_seq_create_simple_port (self->seq, CLIENT_NAME, SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE,
                                           SND_SEQ_PORT_TYPE_MIDI_GENERIC | SND_SEQ_PORT_TYPE_APPLICATION);
  if (self->port < 0
      || snd_seq_connect_from (self->seq, self->port, SND_SEQ_CLIENT_SYSTEM, SND_SEQ_PORT_SYSTEM_ANNOUNCE) < 0
      || !g_unix_open_pipe (self->stop, FD_CLOEXEC, NULL))
    {
      snd_seq_close (self->seq);
      self->seq = NULL;
      return FALSE;
    }

  find_devices (self);
  self->thread = g_thread_new ("midi-keyboards", listen_in_thread, self);
  return TRUE;
}

static void
appeared_cb (AriettaMidiAlsa *self)
{
  if (!start (self))
    return;
  g_clear_object (&self->monitor);
  arietta_midi_input_emit_devices_changed (ARIETTA_MIDI_INPUT (self));
}

static void
arietta_midi_alsa_set_receiver (AriettaMidiInput    *input,
                                AriettaMidiReceiver  receiver,
                                gpointer             user_data)
{
  AriettaMidiAlsa *self = ARIETTA_MIDI_ALSA (input);

  g_mutex_lock (&self->lock);
  self->receiver = receiver;
  self->receiver_data = user_data;
  g_mutex_unlock (&self->lock);
}

static GStrv
arietta_midi_alsa_dup_devices (AriettaMidiInput *input)
{
  AriettaMidiAlsa *self = ARIETTA_MIDI_ALSA (input);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->devices->len; i++)
    g_strv_builder_add (builder, ((const Device *) g_ptr_array_index (self->devices, i))->name);
  g_mutex_unlock (&self->lock);
  return g_strv_builder_end (builder);
}

static void
arietta_midi_alsa_choose (AriettaMidiInput *input,
                          const char       *device)
{
  AriettaMidiAlsa *self = ARIETTA_MIDI_ALSA (input);

  g_mutex_lock (&self->lock);
  g_free (self->chosen);
  self->chosen = g_strdup (device);
  g_mutex_unlock (&self->lock);
}

/* The thread takes weak references, so it ends before they are refused. */
static void
arietta_midi_alsa_dispose (GObject *object)
{
  AriettaMidiAlsa *self = ARIETTA_MIDI_ALSA (object);

  if (self->thread != NULL)
    {
      close (self->stop[1]);
      g_thread_join (g_steal_pointer (&self->thread));
      close (self->stop[0]);
    }

  G_OBJECT_CLASS (arietta_midi_alsa_parent_class)->dispose (object);
}

static void
arietta_midi_alsa_finalize (GObject *object)
{
  AriettaMidiAlsa *self = ARIETTA_MIDI_ALSA (object);

  if (self->seq != NULL)
    snd_seq_close (self->seq);
  g_clear_object (&self->monitor);
  g_ptr_array_unref (self->devices);
  g_mutex_clear (&self->lock);
  g_free (self->chosen);

  G_OBJECT_CLASS (arietta_midi_alsa_parent_class)->finalize (object);
}

static void
arietta_midi_alsa_input_init (AriettaMidiInputInterface *iface)
{
  iface->set_receiver = arietta_midi_alsa_set_receiver;
  iface->dup_devices = arietta_midi_alsa_dup_devices;
  iface->choose = arietta_midi_alsa_choose;
}

static void
arietta_midi_alsa_class_init (AriettaMidiAlsaClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = arietta_midi_alsa_dispose;
  G_OBJECT_CLASS (klass)->finalize = arietta_midi_alsa_finalize;
}

/* ALSA tells the terminal of each thing that is missing; it is no business of the terminal's. */
static void
quiet_cb (const char *file,
          int         line,
          const char *function,
          int         err,
          const char *fmt,
          ...)
{
}

static void
arietta_midi_alsa_init (AriettaMidiAlsa *self)
{
  g_autoptr(GFile) folder = g_file_new_for_path (DEVICES_PATH);

  g_mutex_init (&self->lock);
  self->devices = g_ptr_array_new_with_free_func (device_free);
  snd_lib_error_set_handler (quiet_cb);
  if (start (self))
    return;

  self->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (appeared_cb), self, G_CONNECT_SWAPPED);
}

AriettaMidiAlsa *
arietta_midi_alsa_new (void)
{
  return g_object_new (ARIETTA_TYPE_MIDI_ALSA, NULL);
}

AriettaMidiInput *
arietta_midi_system_new (void)
{
  return ARIETTA_MIDI_INPUT (arietta_midi_alsa_new ());
}

gboolean
arietta_midi_alsa_translate (const snd_seq_event_t *event,
                             AriettaMidiMessage    *message)
{
  const snd_seq_ev_note_t *note = &event->data.note;
  const snd_seq_ev_ctrl_t *control = &event->data.control;
  const guint bend = (guint) CLAMP (control->value + 8192, 0, 16383);

#define MESSAGE(kind, channel, first, second)                        \
  message->status = (guint8) ((kind) | ((channel) & 15));            \
  message->data1 = (guint8) ((first) & 127);                         \
  message->data2 = (guint8) ((second) & 127);                        \
  return TRUE

  switch (event->type)
    {
    case SND_SEQ_EVENT_NOTEON:
      MESSAGE (0x90, note->channel, note->note, note->velocity);
    case SND_SEQ_EVENT_NOTEOFF:
      MESSAGE (0x80, note->channel, note->note, note->velocity);
    case SND_SEQ_EVENT_KEYPRESS:
      MESSAGE (0xA0, note->channel, note->note, note->velocity);
    case SND_SEQ_EVENT_CONTROLLER:
      MESSAGE (0xB0, control->channel, control->param, control->value);
    case SND_SEQ_EVENT_PGMCHANGE:
      MESSAGE (0xC0, control->channel, control->value, 0);
    case SND_SEQ_EVENT_CHANPRESS:
      MESSAGE (0xD0, control->channel, control->value, 0);
    case SND_SEQ_EVENT_PITCHBEND:
      MESSAGE (0xE0, control->channel, bend, bend >> 7);
    default:
      return FALSE;
    }
#undef MESSAGE
}
