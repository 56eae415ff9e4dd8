#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-sequencer.h"

#include <math.h>
#include <string.h>

#include "audio/arietta-ring.h"

#define MAX_TRACKS         256
#define RING_SIZE          4096
/* A loop shorter than this would only buzz. */
#define MIN_LOOP_FRAMES    441.0
/* A note begun before a seek is taken up again only if this much of it is left. */
#define MIN_CHASE_FRAMES   2205.0
#define EPSILON            1e-6
/* Where the output leaves the straight line and bends towards full scale. */
#define KNEE               0.8f
#define CLICK_ACCENT       76  /* General MIDI wood blocks, high and low */
#define CLICK_BEAT         77

typedef struct
{
  gboolean mute;
  gboolean solo;
  double   volume;
} Strip;

struct _AriettaSequencer
{
  gatomicrefcount  ref_count;
  AriettaRing     *commands;  /* to the sound side */
  AriettaRing     *retired;   /* and back: SYNTH and SCHEDULE commands to be freed */
  AriettaRing     *marks;

  /* From here on the sound side's own. */
  AriettaSynth    *synth;
  AriettaSchedule *schedule;
  const AriettaDue *dues;
  guint            n_dues;
  guint            next;      /* index of the next due */
  double           position;
  gboolean         playing;
  gboolean         moved;     /* what sounds may not fit the position any more */
  gboolean         loop;
  double           loop_start;
  double           loop_end;
  double           scale;
  double           volume;
  double           volume_now;
  gboolean         metronome;
  Strip            strips[MAX_TRACKS];
  guint            epoch;
  guint64          stream_frame;
  float            peak;
  AriettaSynthChannel wanted[ARIETTA_SYNTH_N_CHANNELS];
  guint8           wanted_on[ARIETTA_SYNTH_N_CHANNELS][128];  /* velocity */
};

static void
free_pointer (const AriettaCommand *command)
{
  if (command->kind == ARIETTA_COMMAND_SYNTH)
    arietta_synth_free (command->pointer);
  else if (command->kind == ARIETTA_COMMAND_SCHEDULE)
    arietta_schedule_free (command->pointer);
}

static void
retire (AriettaSequencer   *self,
        AriettaCommandKind  kind,
        gpointer            pointer)
{
  AriettaCommand command = { .kind = kind, .pointer = pointer };

  if (pointer != NULL && !arietta_ring_push (self->retired, &command))
    free_pointer (&command);
}

static void
push_mark (AriettaSequencer *self,
           gboolean          ended)
{
  AriettaMark mark = {
    .stream_frame = self->stream_frame,
    .music_frame = self->position,
    .scale = self->scale,
    .peak = self->peak,
    .epoch = self->epoch,
    .playing = self->playing,
    .ended = ended,
  };

  /* When nobody reads them, the newest are lost and nothing else. */
  if (arietta_ring_push (self->marks, &mark))
    self->peak = 0;
}

static double
get_limit (AriettaSequencer *self)
{
  if (self->schedule == NULL)
    return 0;
  if (!self->loop)
    return arietta_schedule_get_end (self->schedule);
  if (self->loop_end - self->loop_start >= MIN_LOOP_FRAMES)
    return self->loop_end;
  return MAX (arietta_schedule_get_loop_end (self->schedule), MIN_LOOP_FRAMES);
}

static double
get_loop_start (AriettaSequencer *self)
{
  return self->loop_end - self->loop_start >= MIN_LOOP_FRAMES ? self->loop_start : 0;
}

static void
apply_mix (AriettaSequencer *self)
{
  const AriettaScheduleChannel *channels;
  gboolean any_solo = FALSE;
  guint n_channels;

  if (self->synth == NULL || self->schedule == NULL)
    return;

  for (guint i = 0; i < MAX_TRACKS; i++)
    any_solo |= self->strips[i].solo;

  channels = arietta_schedule_get_channels (self->schedule, &n_channels);
  for (guint i = 0; i < n_channels; i++)
    {
      const Strip *strip = &self->strips[MIN (channels[i].track, MAX_TRACKS - 1)];
      gboolean heard = !strip->mute && (!any_solo || strip->solo);

      arietta_synth_set_gain (self->synth, i, heard ? strip->volume : 0.0);
    }
}

static void
release_all (AriettaSequencer *self)
{
  if (self->synth == NULL)
    return;

  for (guint i = 0; i < ARIETTA_SCHEDULE_MAX_CHANNELS; i++)
    arietta_synth_release (self->synth, i);
  arietta_synth_release (self->synth, ARIETTA_SYNTH_CLICK);
}

static void
apply_due (AriettaSequencer *self,
           const AriettaDue *due)
{
  AriettaSynth *synth = self->synth;

  if (synth == NULL)
    return;

  switch ((AriettaDueKind) due->kind)
    {
    case ARIETTA_DUE_NOTE_ON:
      arietta_synth_note_on (synth, due->channel, due->data1, due->data2);
      break;

    case ARIETTA_DUE_NOTE_OFF:
      arietta_synth_note_off (synth, due->channel, due->data1);
      break;

    case ARIETTA_DUE_CONTROL:
      arietta_synth_control (synth, due->channel, due->data1, due->data2);
      break;

    case ARIETTA_DUE_PROGRAM:
      arietta_synth_program (synth, due->channel, due->data1);
      break;

    case ARIETTA_DUE_BEND:
      arietta_synth_bend (synth, due->channel, due->data1 + 128u * due->data2);
      break;

    case ARIETTA_DUE_PRESSURE:
      arietta_synth_pressure (synth, due->channel, due->data1);
      break;

    case ARIETTA_DUE_KEY_PRESSURE:
      arietta_synth_key_pressure (synth, due->channel, due->data1, due->data2);
      break;

    case ARIETTA_DUE_CLICK:
      if (self->metronome)
        {
          guint pitch = due->data1 ? CLICK_ACCENT : CLICK_BEAT;

          arietta_synth_note_off (synth, ARIETTA_SYNTH_CLICK, pitch);
          arietta_synth_note_on (synth, ARIETTA_SYNTH_CLICK, pitch, due->data1 ? 120 : 90);
        }
      break;

    default:
      break;
    }
}

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

/* Moves to self->position: everything sounds as if played from the start, notes that already sound and
 * should are left alone. */
static void
chase (AriettaSequencer *self)
{
  guint n_channels = 0;

  self->next = 0;
  if (self->schedule == NULL)
    return;

  self->next = arietta_schedule_find (self->schedule, self->position - EPSILON);
  arietta_schedule_get_channels (self->schedule, &n_channels);
  if (self->synth == NULL)
    return;

  for (guint i = 0; i < n_channels; i++)
    self->wanted[i] = *arietta_synth_get_defaults (self->synth);
  memset (self->wanted_on, 0, sizeof self->wanted_on[0] * n_channels);

  for (guint i = 0; i < self->next; i++)
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

  if (old != NULL && schedule != NULL)
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

static void
obey (AriettaSequencer     *self,
      const AriettaCommand *command)
{
  Strip *strip = &self->strips[MIN (command->index, MAX_TRACKS - 1)];

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
      if (self->position >= get_limit (self))
        self->position = self->loop ? get_loop_start (self) : 0;
      self->playing = TRUE;
      self->moved = TRUE;
      break;

    case ARIETTA_COMMAND_STOP:
      self->playing = FALSE;
      release_all (self);
      break;

    case ARIETTA_COMMAND_SEEK:
      self->position = MAX (command->a, 0.0);
      release_all (self);
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
      for (guint i = 0; i < MAX_TRACKS; i++)
        self->strips[i] = (Strip) { FALSE, FALSE, 1.0 };
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

    default:
      break;
    }
}

static void
render_sound (AriettaSequencer *self,
              float            *out,
              guint             n_frames)
{
  if (self->synth != NULL)
    arietta_synth_render (self->synth, out, n_frames);
  else
    memset (out, 0, sizeof (float) * 2 * n_frames);
}

/* Applies the dues of this moment and says how many frames there are until the next. */
static guint
step (AriettaSequencer *self,
      guint             n_left)
{
  double limit = get_limit (self);
  double until = limit;
  double wait;

  while (self->next < self->n_dues)
    {
      const AriettaDue *due = &self->dues[self->next];

      if (due->frame > self->position + EPSILON)
        {
          until = MIN (limit, due->frame);
          break;
        }
      /* What begins at the limit belongs to what comes after it. */
      if (due->frame >= limit - EPSILON && due->kind != ARIETTA_DUE_NOTE_OFF)
        break;

      apply_due (self, due);
      self->next++;
    }

  if (self->position >= limit - EPSILON)
    {
      release_all (self);
      if (!self->loop)
        {
          self->playing = FALSE;
          push_mark (self, TRUE);
          return n_left;
        }

      self->position = get_loop_start (self) + MIN (MAX (self->position - limit, 0.0), self->scale);
      chase (self);
      push_mark (self, FALSE);
      return 0;
    }

  wait = ceil ((until - self->position) / self->scale - EPSILON);
  return (guint) CLAMP (wait, 1.0, (double) n_left);
}

/* A line up to the knee, then a curve that never reaches 1: loud passages are rounded, not torn. */
static void
finish_output (AriettaSequencer *self,
               float            *out,
               guint             n_frames)
{
  double gain = self->volume_now;
  double slope = (self->volume - self->volume_now) / n_frames;

  for (guint i = 0; i < n_frames; i++)
    {
      gain += slope;
      for (guint c = 0; c < 2; c++)
        {
          float x = out[2 * i + c] * (float) gain;
          float size = fabsf (x);

          if (size > KNEE)
            {
              size = KNEE + (1.0f - KNEE) * tanhf ((size - KNEE) / (1.0f - KNEE));
              x = copysignf (size, x);
            }

          self->peak = MAX (self->peak, size);
          out[2 * i + c] = x;
        }
    }

  self->volume_now = self->volume;
}

AriettaSequencer *
arietta_sequencer_new (void)
{
  AriettaSequencer *self = g_new0 (AriettaSequencer, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->commands = arietta_ring_new (sizeof (AriettaCommand), RING_SIZE);
  self->retired = arietta_ring_new (sizeof (AriettaCommand), 2 * RING_SIZE);
  self->marks = arietta_ring_new (sizeof (AriettaMark), RING_SIZE);
  self->scale = 1.0;
  self->volume = 1.0;
  self->volume_now = 1.0;
  for (guint i = 0; i < MAX_TRACKS; i++)
    self->strips[i].volume = 1.0;

  return self;
}

AriettaSequencer *
arietta_sequencer_ref (AriettaSequencer *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
arietta_sequencer_unref (AriettaSequencer *self)
{
  AriettaCommand command;

  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;

  while (arietta_ring_pop (self->commands, &command))
    free_pointer (&command);
  while (arietta_ring_pop (self->retired, &command))
    free_pointer (&command);

  arietta_schedule_free (self->schedule);
  arietta_synth_free (self->synth);
  arietta_ring_free (self->commands);
  arietta_ring_free (self->retired);
  arietta_ring_free (self->marks);
  g_free (self);
}

gboolean
arietta_sequencer_post (AriettaSequencer     *self,
                        const AriettaCommand *command)
{
  AriettaCommand old;

  while (arietta_ring_pop (self->retired, &old))
    free_pointer (&old);

  return arietta_ring_push (self->commands, command);
}

gboolean
arietta_sequencer_pop_mark (AriettaSequencer *self,
                            AriettaMark      *mark)
{
  return arietta_ring_pop (self->marks, mark);
}

void
arietta_sequencer_render (AriettaSequencer *self,
                          float            *out,
                          guint             n_frames,
                          guint64           stream_frame)
{
  AriettaCommand command;
  guint done = 0;

  while (arietta_ring_pop (self->commands, &command))
    obey (self, &command);

  /* Once for however many commands: a backlog of seeks costs one. */
  if (self->moved && self->playing)
    {
      self->moved = FALSE;
      chase (self);
    }

  self->stream_frame = stream_frame;
  push_mark (self, FALSE);

  while (done < n_frames)
    {
      guint n = n_frames - done;

      if (self->playing)
        n = step (self, n);

      render_sound (self, out + 2 * done, n);
      if (self->playing)
        self->position += n * self->scale;
      done += n;
      self->stream_frame += n;
    }

  finish_output (self, out, n_frames);
}

double
arietta_sequencer_get_position (AriettaSequencer *self)
{
  return self->position;
}

gboolean
arietta_sequencer_is_playing (AriettaSequencer *self)
{
  return self->playing;
}
