/* What a keyboard sends sounds beside the piece, on a channel of its own. */
#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-sequencer-private.h"

#define CONTROL_VOLUME 7
#define CONTROL_PAN    10
/* Up to here controllers are a player's: modulation, pedals, brightness.  Above they speak of modes. */
#define LAST_CONTROL   119
#define MAX_WAIT_US    G_USEC_PER_SEC

/* A key that was struck while the sound was still to come is heard when it comes, but not much later. */
static gboolean
is_stale (const AriettaMidiMessage *message)
{
  return (message->status & 0xF0) == 0x90 && message->time_us > 0
         && g_get_monotonic_time () - message->time_us > MAX_WAIT_US;
}

static void
play (AriettaSynth             *synth,
      const AriettaMidiMessage *message)
{
  switch (message->status & 0xF0)
    {
    case 0x80:
      arietta_synth_note_off (synth, ARIETTA_SYNTH_THRU, message->data1);
      break;

    case 0x90:
      if (message->data2 > 0)
        arietta_synth_note_on (synth, ARIETTA_SYNTH_THRU, message->data1, message->data2);
      else
        arietta_synth_note_off (synth, ARIETTA_SYNTH_THRU, message->data1);
      break;

    case 0xB0:
      if (message->data1 == 120 || message->data1 == 123)
        arietta_synth_release (synth, ARIETTA_SYNTH_THRU);
      else if (message->data1 <= LAST_CONTROL)
        arietta_synth_control (synth, ARIETTA_SYNTH_THRU, message->data1, message->data2);
      break;

    case 0xD0:
      arietta_synth_pressure (synth, ARIETTA_SYNTH_THRU, message->data1);
      break;

    case 0xE0:
      arietta_synth_bend (synth, ARIETTA_SYNTH_THRU, message->data1 + 128u * message->data2);
      break;

    default:
      break;
    }
}

void
arietta_sequencer_play_live (AriettaSequencer *self)
{
  AriettaMidiMessage message;

  while (self->synth != NULL && arietta_ring_pop (self->live, &message))
    if (!is_stale (&message))
      play (self->synth, &message);
}

void
arietta_sequencer_take_voice (AriettaSequencer     *self,
                              const AriettaCommand *command)
{
  AriettaSynth *synth = self->synth;

  self->voice = *command;
  if (synth == NULL)
    return;

  arietta_synth_release (synth, ARIETTA_SYNTH_THRU);
  arietta_synth_set_percussion (synth, ARIETTA_SYNTH_THRU, command->flag);
  arietta_synth_program (synth, ARIETTA_SYNTH_THRU, command->program & 127);
  arietta_synth_control (synth, ARIETTA_SYNTH_THRU, CONTROL_VOLUME, command->velocity & 127);
  arietta_synth_control (synth, ARIETTA_SYNTH_THRU, CONTROL_PAN, command->index & 127);
}

void
arietta_sequencer_post_live (AriettaSequencer         *self,
                             const AriettaMidiMessage *message)
{
  AriettaMidiMessage clean = *message;

  clean.data1 &= 127;
  clean.data2 &= 127;
  g_mutex_lock (&self->live_lock);
  arietta_ring_push (self->live, &clean);
  g_mutex_unlock (&self->live_lock);
}
