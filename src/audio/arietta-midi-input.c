#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-midi-input.h"

#include "audio/arietta-midi-script.h"
#include "audio/arietta-midi-system.h"

G_DEFINE_INTERFACE (AriettaMidiInput, arietta_midi_input, G_TYPE_OBJECT)

enum
{
  DEVICES_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
arietta_midi_input_default_init (AriettaMidiInputInterface *iface)
{
  signals[DEVICES_CHANGED] = g_signal_new ("devices-changed", ARIETTA_TYPE_MIDI_INPUT, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
}

AriettaMidiInput *
arietta_midi_input_new_system (void)
{
  const char *script = g_getenv ("ARIETTA_MIDI_SCRIPT");

  if (script != NULL && *script != '\0')
    return ARIETTA_MIDI_INPUT (arietta_midi_script_new (script));
  return arietta_midi_system_new ();
}

void
arietta_midi_input_set_receiver (AriettaMidiInput    *self,
                                 AriettaMidiReceiver  receiver,
                                 gpointer             user_data)
{
  g_return_if_fail (ARIETTA_IS_MIDI_INPUT (self));

  ARIETTA_MIDI_INPUT_GET_IFACE (self)->set_receiver (self, receiver, user_data);
}

GStrv
arietta_midi_input_dup_devices (AriettaMidiInput *self)
{
  g_return_val_if_fail (ARIETTA_IS_MIDI_INPUT (self), NULL);

  return ARIETTA_MIDI_INPUT_GET_IFACE (self)->dup_devices (self);
}

void
arietta_midi_input_choose (AriettaMidiInput *self,
                           const char       *device)
{
  g_return_if_fail (ARIETTA_IS_MIDI_INPUT (self));

  ARIETTA_MIDI_INPUT_GET_IFACE (self)->choose (self, device);
}

void
arietta_midi_input_emit_devices_changed (AriettaMidiInput *self)
{
  g_signal_emit (self, signals[DEVICES_CHANGED], 0);
}
