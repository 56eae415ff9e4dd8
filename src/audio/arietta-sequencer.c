#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-sequencer-private.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#define RING_SIZE          4096
#define LIVE_RING_SIZE     1024
#define CLICK_ACCENT       76  /* General MIDI wood blocks, high and low */
#define CLICK_BEAT         77

/* Of the count-in, the one that is under way with them. */
static guint8
get_beats_left (AriettaSequencer *self)
{
  double left = (self->count_end - self->position) / self->count_frames;

  return self->playing && self->counting ? (guint8) CLAMP (ceil (left - ARIETTA_SEQUENCER_EPSILON), 0, G_MAXUINT8) : 0;
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
    .count = get_beats_left (self),
    .ended = ended,
  };

  /* When nobody reads them, the newest are lost and nothing else. */
  if (arietta_ring_push (self->marks, &mark))
    self->peak = 0;
}

static void
click (AriettaSequencer *self,
       gboolean          accent)
{
  guint pitch = accent ? CLICK_ACCENT : CLICK_BEAT;

  arietta_synth_note_off (self->synth, ARIETTA_SYNTH_CLICK, pitch);
  arietta_synth_note_on (self->synth, ARIETTA_SYNTH_CLICK, pitch, accent ? 120 : 90);
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
        click (self, due->data1 != 0);
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

static guint
frames_until (AriettaSequencer *self,
              double            position,
              guint             n_left)
{
  double wait = ceil ((position - self->position) / self->scale - ARIETTA_SEQUENCER_EPSILON);

  return (guint) CLAMP (wait, 1.0, (double) n_left);
}

/* The same for a count-in, at whose end the music is taken up as after a jump. */
static guint
step_count (AriettaSequencer *self,
            guint             n_left)
{
  double due = self->count_end - self->count * self->count_frames;

  if (self->position >= self->count_end - ARIETTA_SEQUENCER_EPSILON)
    {
      self->counting = FALSE;
      self->position = MAX (self->position, self->count_end);
      arietta_sequencer_chase (self);
      push_mark (self, FALSE);
      return 0;
    }
  if (self->count > 0 && self->position >= due - ARIETTA_SEQUENCER_EPSILON)
    {
      if (self->synth != NULL)
        click (self, self->count % MAX (self->count_bar, 1) == 0);
      push_mark (self, FALSE);
      self->count--;
    }

  return frames_until (self, self->count_end - self->count * self->count_frames, n_left);
}

/* Applies the dues of this moment and says how many frames there are until the next. */
static guint
step (AriettaSequencer *self,
      guint             n_left)
{
  double limit = arietta_sequencer_get_limit (self);
  double until = limit;

  if (self->counting)
    return step_count (self, n_left);

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

  return frames_until (self, until, n_left);
}

/* The meter's falling is the business of who shows it: here only the highest counts. */
static void
raise_peak (_Atomic float *peak,
            float          value)
{
  if (value > atomic_load_explicit (peak, memory_order_relaxed))
    atomic_store_explicit (peak, value, memory_order_relaxed);
}

static void
note_track_peaks (AriettaSequencer *self)
{
  const AriettaScheduleChannel *channels;
  guint n_channels;

  if (self->schedule == NULL || self->synth == NULL)
    return;

  channels = arietta_schedule_get_channels (self->schedule, &n_channels);
  for (guint i = 0; i < n_channels; i++)
    {
      guint track = MIN (channels[i].track, ARIETTA_SEQUENCER_MAX_TRACKS - 1);

      raise_peak (&self->track_peaks[track], arietta_synth_get_peak (self->synth, i));
    }
}

static void
finish_output (AriettaSequencer *self,
               float            *out,
               guint             n_frames)
{
  double gain = self->volume_now;
  double slope = (self->volume - self->volume_now) / n_frames;
  float reduction;

  for (guint i = 0; i < n_frames; i++)
    {
      gain += slope;
      out[2 * i] *= (float) gain;
      out[2 * i + 1] *= (float) gain;
    }
  self->volume_now = self->volume;

  reduction = arietta_limiter_run (&self->limiter, out, n_frames);
  if (reduction < atomic_load_explicit (&self->reduction, memory_order_relaxed))
    atomic_store_explicit (&self->reduction, reduction, memory_order_relaxed);
  for (guint i = 0; i < 2 * n_frames; i++)
    self->peak = MAX (self->peak, fabsf (out[i]));
  note_track_peaks (self);
}

AriettaSequencer *
arietta_sequencer_new (void)
{
  AriettaSequencer *self = g_new0 (AriettaSequencer, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->commands = arietta_ring_new (sizeof (AriettaCommand), RING_SIZE);
  self->retired = arietta_ring_new (sizeof (AriettaCommand), 2 * RING_SIZE);
  self->marks = arietta_ring_new (sizeof (AriettaMark), RING_SIZE);
  self->live = arietta_ring_new (sizeof (AriettaMidiMessage), LIVE_RING_SIZE);
  g_mutex_init (&self->live_lock);
  arietta_limiter_init (&self->limiter);
  atomic_init (&self->reduction, 1.0f);
  self->voice = (AriettaCommand) { .velocity = 100, .index = 64 };
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
  arietta_ring_free (self->live);
  g_mutex_clear (&self->live_lock);
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
  arietta_sequencer_play_live (self);

  /* Once for however many commands: a backlog of seeks costs one. */
  if (self->moved && self->playing && !self->counting)
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

double
arietta_sequencer_take_track_peak (AriettaSequencer *self,
                                   guint             track)
{
  if (track >= ARIETTA_SEQUENCER_MAX_TRACKS)
    return 0;
  return atomic_exchange_explicit (&self->track_peaks[track], 0.0f, memory_order_relaxed);
}

double
arietta_sequencer_take_reduction (AriettaSequencer *self)
{
  return atomic_exchange_explicit (&self->reduction, 1.0f, memory_order_relaxed);
}
