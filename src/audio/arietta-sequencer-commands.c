#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-sequencer-private.h"

/* A loop shorter than this would only buzz. */
#define MIN_LOOP_FRAMES 441.0

static void
retire (AriettaSequencer   *self,
        AriettaCommandKind  kind,
        gpointer            pointer)
{
  AriettaCommand command = { .kind = kind, .pointer = pointer };

  if (pointer != NULL && !arietta_ring_push (self->retired, &command))
    arietta_sequencer_command_clear (&command);
}

static void
apply_mix (AriettaSequencer *self)
{
  const AriettaScheduleChannel *channels;
  gboolean any_solo = FALSE;
  guint n_channels;

  if (self->synth == NULL || self->schedule == NULL)
    return;

  for (guint i = 0; i < ARIETTA_SEQUENCER_MAX_TRACKS; i++)
    any_solo |= self->strips[i].solo;

  channels = arietta_schedule_get_channels (self->schedule, &n_channels);
  for (guint i = 0; i < n_channels; i++)
    {
      guint track = MIN (channels[i].track, ARIETTA_SEQUENCER_MAX_TRACKS - 1);
      const AriettaStrip *strip = &self->strips[track];
      gboolean heard = !strip->mute && (!any_solo || strip->solo);

      arietta_synth_set_gain (self->synth, i, heard ? strip->volume : 0.0);
    }
}

static void
take_schedule (AriettaSequencer *self,
               AriettaSchedule  *schedule)
{
  AriettaSchedule *old = self->schedule;
  const AriettaScheduleChannel *before = NULL;
  const AriettaScheduleChannel *after = NULL;
  guint n_before = 0;
  guint n_after = 0;

  if (old != NULL)
    before = arietta_schedule_get_channels (old, &n_before);
  if (schedule != NULL)
    after = arietta_schedule_get_channels (schedule, &n_after);

  if (old != NULL && schedule != NULL && self->counting)
    {
      double ahead = self->count_end - self->position;

      self->count_end = arietta_schedule_translate (old, self->count_end, schedule);
      self->position = self->count_end - ahead;
    }
  else if (old != NULL && schedule != NULL)
    self->position = arietta_schedule_translate (old, self->position, schedule);
  else
    self->position = 0;

  self->schedule = schedule;
  self->dues = NULL;
  self->n_dues = 0;
  if (schedule != NULL)
    self->dues = arietta_schedule_get_dues (schedule, &self->n_dues);

  for (guint i = 0; i < MAX (n_before, n_after) && self->synth != NULL; i++)
    {
      gboolean same = i < n_before && i < n_after && before[i].track == after[i].track
                      && before[i].midi_channel == after[i].midi_channel;

      if (!same || !self->playing)
        arietta_synth_release (self->synth, i);
      if (i < n_after)
        arietta_synth_set_percussion (self->synth, i, after[i].percussion);
    }

  apply_mix (self);

  if (schedule == NULL)
    self->playing = FALSE;
  else if (!self->playing && self->position >= arietta_schedule_get_end (schedule))
    self->position = 0;

  self->next = 0;
  self->moved = TRUE;

  retire (self, ARIETTA_COMMAND_SCHEDULE, old);
}

static void
take_synth (AriettaSequencer *self,
            AriettaSynth     *synth)
{
  AriettaSynth *old = self->synth;
  const AriettaScheduleChannel *channels;
  guint n_channels;

  self->synth = synth;
  arietta_sequencer_take_voice (self, &self->voice);

  if (self->schedule != NULL && synth != NULL)
    {
      channels = arietta_schedule_get_channels (self->schedule, &n_channels);
      for (guint i = 0; i < n_channels; i++)
        arietta_synth_set_percussion (synth, i, channels[i].percussion);
      apply_mix (self);
      self->moved = TRUE;
    }

  retire (self, ARIETTA_COMMAND_SYNTH, old);
}

static void
key_on (AriettaSequencer     *self,
        const AriettaCommand *command)
{
  guint channel = command->flag ? ARIETTA_SYNTH_LIVE_DRUMS : ARIETTA_SYNTH_LIVE;
  AriettaSynthChannel wanted;

  if (self->synth == NULL)
    return;

  wanted = *arietta_synth_get_defaults (self->synth);
  wanted.program = command->program & 127;
  arietta_synth_set_channel (self->synth, channel, &wanted);
  arietta_synth_note_on (self->synth, channel, command->index & 127, CLAMP (command->velocity, 1, 127));
}

void
arietta_sequencer_command_clear (const AriettaCommand *command)
{
  if (command->kind == ARIETTA_COMMAND_SYNTH)
    arietta_synth_free (command->pointer);
  else if (command->kind == ARIETTA_COMMAND_SCHEDULE)
    arietta_schedule_free (command->pointer);
}

double
arietta_sequencer_get_limit (AriettaSequencer *self)
{
  if (self->schedule == NULL)
    return 0;
  if (!self->loop)
    return arietta_schedule_get_end (self->schedule);
  if (self->loop_end - self->loop_start >= MIN_LOOP_FRAMES)
    return self->loop_end;
  return MAX (arietta_schedule_get_loop_end (self->schedule), MIN_LOOP_FRAMES);
}

double
arietta_sequencer_get_loop_start (AriettaSequencer *self)
{
  return self->loop_end - self->loop_start >= MIN_LOOP_FRAMES ? self->loop_start : 0;
}

void
arietta_sequencer_release (AriettaSequencer *self)
{
  if (self->synth == NULL)
    return;

  for (guint i = 0; i < ARIETTA_SCHEDULE_MAX_CHANNELS; i++)
    arietta_synth_release (self->synth, i);
  arietta_synth_release (self->synth, ARIETTA_SYNTH_CLICK);
}

void
arietta_sequencer_obey (AriettaSequencer     *self,
                        const AriettaCommand *command)
{
  AriettaStrip *strip = &self->strips[MIN (command->index, ARIETTA_SEQUENCER_MAX_TRACKS - 1)];

  self->epoch = command->epoch;

  switch (command->kind)
    {
    case ARIETTA_COMMAND_SYNTH:
      take_synth (self, command->pointer);
      break;

    case ARIETTA_COMMAND_SCHEDULE:
      take_schedule (self, command->pointer);
      break;

    case ARIETTA_COMMAND_PLAY:
      if (self->schedule == NULL || self->playing)
        break;
      if (self->position >= arietta_sequencer_get_limit (self))
        self->position = self->loop ? arietta_sequencer_get_loop_start (self) : 0;
      self->playing = TRUE;
      self->moved = TRUE;
      if (self->counting)
        {
          self->count_end = self->position;
          self->position -= self->count * self->count_frames;
        }
      break;

    case ARIETTA_COMMAND_COUNT_IN:
      if (self->playing)
        break;
      self->count = command->index;
      self->count_bar = command->velocity;
      self->count_frames = MAX (command->a, 1.0);
      self->counting = self->count > 0;
      break;

    case ARIETTA_COMMAND_STOP:
      self->playing = FALSE;
      self->counting = FALSE;
      arietta_sequencer_release (self);
      break;

    case ARIETTA_COMMAND_SEEK:
      self->position = MAX (command->a, 0.0);
      self->counting = FALSE;
      arietta_sequencer_release (self);
      self->moved = TRUE;
      break;

    case ARIETTA_COMMAND_LOOP:
      self->loop = command->flag;
      self->loop_start = MAX (command->a, 0.0);
      self->loop_end = command->b;
      break;

    case ARIETTA_COMMAND_TEMPO:
      self->scale = CLAMP (command->a, 0.25, 4.0);
      break;

    case ARIETTA_COMMAND_VOLUME:
      self->volume = CLAMP (command->a, 0.0, 1.0);
      break;

    case ARIETTA_COMMAND_METRONOME:
      self->metronome = command->flag;
      break;

    case ARIETTA_COMMAND_MUTE:
      strip->mute = command->flag;
      apply_mix (self);
      break;

    case ARIETTA_COMMAND_SOLO:
      strip->solo = command->flag;
      apply_mix (self);
      break;

    case ARIETTA_COMMAND_TRACK_VOLUME:
      strip->volume = CLAMP (command->a, 0.0, 1.0);
      apply_mix (self);
      break;

    case ARIETTA_COMMAND_RESET_MIX:
      for (guint i = 0; i < ARIETTA_SEQUENCER_MAX_TRACKS; i++)
        self->strips[i] = (AriettaStrip) { FALSE, FALSE, 1.0 };
      apply_mix (self);
      break;

    case ARIETTA_COMMAND_KEY_ON:
      key_on (self, command);
      break;

    case ARIETTA_COMMAND_KEY_OFF:
      if (self->synth != NULL)
        {
          arietta_synth_note_off (self->synth, ARIETTA_SYNTH_LIVE, command->index & 127);
          arietta_synth_note_off (self->synth, ARIETTA_SYNTH_LIVE_DRUMS, command->index & 127);
        }
      break;

    case ARIETTA_COMMAND_LIVE_VOICE:
      arietta_sequencer_take_voice (self, command);
      break;

    default:
      break;
    }
}
