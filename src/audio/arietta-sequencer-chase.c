#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-sequencer-private.h"

#include <string.h>

/* A note begun before the position is taken up again only if this much of it is left. */
#define MIN_CHASE_FRAMES 2205.0

/* What a due leaves behind in its channel, for a position after it. */
static void
note_down (AriettaSequencer *self,
           const AriettaDue *due)
{
  AriettaSynthChannel *wanted = &self->wanted[due->channel];
  const AriettaSynthChannel *defaults = arietta_synth_get_defaults (self->synth);

  switch ((AriettaDueKind) due->kind)
    {
    case ARIETTA_DUE_NOTE_ON:
      self->wanted_on[due->channel][due->data1] = due->data2;
      break;

    case ARIETTA_DUE_NOTE_OFF:
      self->wanted_on[due->channel][due->data1] = 0;
      break;

    case ARIETTA_DUE_CONTROL:
      if (arietta_synth_is_parameter (due->data1))
        arietta_synth_control (self->synth, due->channel, due->data1, due->data2);
      else if (due->data1 < 120)
        wanted->controls[due->data1] = due->data2;
      else if (due->data1 == 121)  /* as in MIDI's RP-015: volume, pan, banks and sounds stay */
        {
          wanted->controls[1] = 0;
          wanted->controls[11] = 127;
          for (guint pedal = 64; pedal <= 69; pedal++)
            wanted->controls[pedal] = defaults->controls[pedal];
          wanted->bend = 8192;
          wanted->pressure = 0;
        }
      else
        memset (self->wanted_on[due->channel], 0, 128);
      break;

    case ARIETTA_DUE_PROGRAM:
      wanted->program = due->data1;
      break;

    case ARIETTA_DUE_BEND:
      wanted->bend = due->data1 + 128 * due->data2;
      break;

    case ARIETTA_DUE_PRESSURE:
      wanted->pressure = due->data1;
      break;

    case ARIETTA_DUE_KEY_PRESSURE:
    case ARIETTA_DUE_CLICK:
    default:
      break;
    }
}

/* Percussion is struck, not held, and the last moment of a note is not worth an attack. */
static void
forget_what_is_not_worth_taking_up (AriettaSequencer *self)
{
  const AriettaScheduleChannel *channels;
  guint n_channels;

  channels = arietta_schedule_get_channels (self->schedule, &n_channels);
  for (guint i = 0; i < n_channels; i++)
    if (channels[i].percussion)
      for (guint pitch = 0; pitch < 128; pitch++)
        if (!arietta_synth_is_on (self->synth, i, pitch))
          self->wanted_on[i][pitch] = 0;

  for (guint i = self->next; i < self->n_dues; i++)
    {
      const AriettaDue *due = &self->dues[i];

      if (due->frame >= self->position + MIN_CHASE_FRAMES)
        break;
      if (due->kind == ARIETTA_DUE_NOTE_OFF && !arietta_synth_is_on (self->synth, due->channel, due->data1))
        self->wanted_on[due->channel][due->data1] = 0;
    }
}

void
arietta_sequencer_chase (AriettaSequencer *self)
{
  guint n_channels = 0;

  self->next = 0;
  if (self->schedule == NULL)
    return;

  self->next = arietta_schedule_find (self->schedule, self->position - ARIETTA_SEQUENCER_EPSILON);
  arietta_schedule_get_channels (self->schedule, &n_channels);
  if (self->synth == NULL)
    return;

  for (guint i = 0; i < n_channels; i++)
    self->wanted[i] = *arietta_synth_get_defaults (self->synth);
  memset (self->wanted_on, 0, sizeof self->wanted_on[0] * n_channels);

  for (guint i = 0; i < self->next; i++)
    if (!self->skipped[self->dues[i].channel])
      note_down (self, &self->dues[i]);
  forget_what_is_not_worth_taking_up (self);

  for (guint i = 0; i < n_channels; i++)
    {
      for (guint pitch = 0; pitch < 128; pitch++)
        if (self->wanted_on[i][pitch] == 0)
          arietta_synth_note_off (self->synth, i, pitch);

      arietta_synth_set_channel (self->synth, i, &self->wanted[i]);

      for (guint pitch = 0; pitch < 128; pitch++)
        if (self->wanted_on[i][pitch] > 0 && !arietta_synth_is_on (self->synth, i, pitch))
          arietta_synth_note_on (self->synth, i, pitch, self->wanted_on[i][pitch]);
    }
}
