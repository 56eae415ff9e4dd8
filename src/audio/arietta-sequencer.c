#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-sequencer-private.h"

#include <math.h>
#include <string.h>

#define RING_SIZE          4096
/* Where the output leaves the straight line and bends towards full scale. */
#define KNEE               0.8f
#define CLICK_ACCENT       76  /* General MIDI wood blocks, high and low */
#define CLICK_BEAT         77

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

static void
apply_due (AriettaSequencer *self,
           const AriettaDue *due)
{
  AriettaSynth *synth = self->synth;

  if (synth == NULL || self->skipped[due->channel])
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
  double limit = arietta_sequencer_get_limit (self);
  double until = limit;
  double wait;

  while (self->next < self->n_dues)
    {
      const AriettaDue *due = &self->dues[self->next];

      if (due->frame > self->position + ARIETTA_SEQUENCER_EPSILON)
        {
          until = MIN (limit, due->frame);
          break;
        }
      /* What begins at the limit belongs to what comes after it. */
      if (due->frame >= limit - ARIETTA_SEQUENCER_EPSILON && due->kind != ARIETTA_DUE_NOTE_OFF)
        break;

      apply_due (self, due);
      self->next++;
    }

  if (self->position >= limit - ARIETTA_SEQUENCER_EPSILON)
    {
      arietta_sequencer_release (self);
      if (!self->loop)
        {
          self->playing = FALSE;
          push_mark (self, TRUE);
          return n_left;
        }

      self->position = arietta_sequencer_get_loop_start (self) + MIN (MAX (self->position - limit, 0.0), self->scale);
      arietta_sequencer_chase (self);
      push_mark (self, FALSE);
      return 0;
    }

  wait = ceil ((until - self->position) / self->scale - ARIETTA_SEQUENCER_EPSILON);
  return (guint) CLAMP (wait, 1.0, (double) n_left);
}

static inline float
round_peak (float x)
{
  float size = fabsf (x);

  return size > KNEE ? copysignf (KNEE + (1.0f - KNEE) * tanhf ((size - KNEE) / (1.0f - KNEE)), x) : x;
}

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
          float x = round_peak (out[2 * i + c] * (float) gain);

          self->peak = MAX (self->peak, fabsf (x));
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
  for (guint i = 0; i < ARIETTA_SEQUENCER_MAX_TRACKS; i++)
    self->strips[i].volume = 1.0;

  return self;
}

AriettaSequencer *
arietta_sequencer_new_share (const guint8 *share_of,
                             guint         nth)
{
  AriettaSequencer *self = arietta_sequencer_new ();

  self->shared = TRUE;
  for (guint i = 0; i < ARIETTA_SCHEDULE_MAX_CHANNELS; i++)
    self->skipped[i] = share_of[i] != nth;
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
    arietta_sequencer_command_clear (&command);
  while (arietta_ring_pop (self->retired, &command))
    arietta_sequencer_command_clear (&command);

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
    arietta_sequencer_command_clear (&old);

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
    arietta_sequencer_obey (self, &command);

  /* Once for however many commands: a backlog of seeks costs one. */
  if (self->moved && self->playing)
    {
      self->moved = FALSE;
      arietta_sequencer_chase (self);
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

  if (!self->shared)
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

void
arietta_sequencer_round_peaks (float *frames,
                               guint  n_frames)
{
  for (guint i = 0; i < 2 * n_frames; i++)
    frames[i] = round_peak (frames[i]);
}
