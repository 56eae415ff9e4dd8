#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-play-clock.h"

#include "audio/arietta-synth-source.h"

/* Some three seconds of buffers. */
#define N_KEPT 512

struct _AriettaPlayClock
{
  AriettaSequencer *sequencer;
  AriettaMark       mark;         /* being heard */
  AriettaMark       ahead;        /* the next one, when have_ahead */
  gboolean          have_ahead;
  double            level;

  AriettaMark       kept[N_KEPT]; /* a ring of those heard; the newest before kept_at */
  guint             kept_at;
  guint             n_kept;
};

static double
music_at (const AriettaMark *mark,
          double             frame)
{
  double moved = mark->playing ? (frame - mark->stream_frame) * mark->scale : 0;

  /* Never past what has been rendered: the next mark may stand elsewhere. */
  return mark->music_frame + MIN (moved, 2 * ARIETTA_SYNTH_SOURCE_FRAMES * mark->scale);
}

static void
keep (AriettaPlayClock  *self,
      const AriettaMark *mark)
{
  self->kept[self->kept_at] = *mark;
  self->kept_at = (self->kept_at + 1) % N_KEPT;
  self->n_kept = MIN (self->n_kept + 1, N_KEPT);
}

AriettaPlayClock *
arietta_play_clock_new (AriettaSequencer *sequencer)
{
  AriettaPlayClock *self = g_new0 (AriettaPlayClock, 1);

  self->sequencer = arietta_sequencer_ref (sequencer);
  self->mark.epoch = G_MAXUINT;
  return self;
}

void
arietta_play_clock_free (AriettaPlayClock *self)
{
  if (self == NULL)
    return;

  arietta_sequencer_unref (self->sequencer);
  g_free (self);
}

void
arietta_play_clock_reset (AriettaPlayClock *self)
{
  while (arietta_sequencer_pop_mark (self->sequencer, &self->ahead))
    ;
  self->have_ahead = FALSE;
  self->n_kept = 0;
  self->mark = (AriettaMark) { .epoch = G_MAXUINT };
}

gboolean
arietta_play_clock_advance (AriettaPlayClock *self,
                            double            heard,
                            guint             epoch)
{
  gboolean ended = FALSE;

  while (self->have_ahead || arietta_sequencer_pop_mark (self->sequencer, &self->ahead))
    {
      self->have_ahead = (double) self->ahead.stream_frame > heard;
      if (self->have_ahead)
        break;

      self->mark = self->ahead;
      keep (self, &self->mark);
      self->level = MAX (self->level, (double) self->mark.peak);
      ended |= self->mark.ended && self->mark.epoch == epoch;
    }

  return ended;
}

gboolean
arietta_play_clock_get (AriettaPlayClock *self,
                        double            heard,
                        guint             epoch,
                        double           *music_frame)
{
  if (self->mark.epoch != epoch || self->mark.stream_frame > heard || self->mark.count > 0)
    return FALSE;

  *music_frame = music_at (&self->mark, heard);
  return TRUE;
}

guint
arietta_play_clock_get_count (AriettaPlayClock *self)
{
  return self->mark.count;
}

gboolean
arietta_play_clock_find (AriettaPlayClock *self,
                         double            frame,
                         double           *music_frame)
{
  for (guint i = 1; i <= self->n_kept; i++)
    {
      const AriettaMark *mark = &self->kept[(self->kept_at + N_KEPT - i) % N_KEPT];

      if ((double) mark->stream_frame > frame)
        continue;
      *music_frame = music_at (mark, frame);
      return mark->playing;
    }

  return FALSE;
}

double
arietta_play_clock_take_level (AriettaPlayClock *self)
{
  double level = self->level;

  self->level = 0;
  return level;
}
