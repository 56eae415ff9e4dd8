#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-render-shares.h"

#include "audio/arietta-limiter.h"
#include "audio/arietta-sequencer.h"
#include "audio/arietta-soundfont.h"
#include "math/arietta-pool.h"

/* Each costs a reverb and a chorus more, some 8 % of a dense piece: two cores are busy with two, and that is twenty
 * times real time by far. */
#define MAX_SHARES     2
/* So much is rendered before the shares wait for one another: where one is thin, the other mostly is soon. */
#define BLOCK_CHUNKS   32
#define BLOCK_FRAMES   (BLOCK_CHUNKS * ARIETTA_RENDER_CHUNK_FRAMES)
/* What a note goes on sounding after its end, about. */
#define RELEASE_FRAMES 11025.0
#define LEAST_VOICES   64

typedef struct
{
  AriettaSequencer *sequencer;
  gboolean          playing[BLOCK_CHUNKS];
  float             out[2 * BLOCK_FRAMES];
} Share;

struct _AriettaRenderShares
{
  Share   *shares[MAX_SHARES];
  guint    n_shares;
  guint    chunk;      /* of the block, the next to hand out */
  guint64  frame;      /* where the next block begins */
  double   end;
  AriettaLimiter limiter;  /* of the sum */
};

static void
post (AriettaSequencer   *sequencer,
      AriettaCommandKind  kind,
      gpointer            pointer)
{
  AriettaCommand command = { .kind = kind, .pointer = pointer };

  arietta_sequencer_post (sequencer, &command);
}

/* Gives each channel to the share that has least to do, the heaviest channels first, and the voices likewise; returns
 * the number of shares. */
static guint
deal_out (AriettaSchedule *schedule,
          guint8          *share_of,
          guint           *voices)
{
  double loads[MAX_SHARES] = { 0 };
  double total = 0;
  double weights[ARIETTA_SCHEDULE_MAX_CHANNELS] = { 0 };
  g_autofree double *begun = g_new0 (double, 256 * 128);  /* frame at which a pitch of a channel began; 0: silent */
  guint n_channels, n_dues, n_shares;
  const AriettaDue *dues = arietta_schedule_get_dues (schedule, &n_dues);

  arietta_schedule_get_channels (schedule, &n_channels);
  for (guint i = 0; i < n_dues; i++)
    {
      /* A note may be taken over by the next of its pitch: then it has no end of its own. */
      double *since = &begun[dues[i].channel * 128u + (dues[i].data1 & 127)];

      if (dues[i].kind != ARIETTA_DUE_NOTE_ON && dues[i].kind != ARIETTA_DUE_NOTE_OFF)
        continue;
      if (*since > 0)
        weights[dues[i].channel] += dues[i].frame + RELEASE_FRAMES - *since;
      *since = dues[i].kind == ARIETTA_DUE_NOTE_ON ? MAX (dues[i].frame, 1.0) : 0;
    }

  n_shares = CLAMP (n_channels, 1, MAX_SHARES);
  for (guint n = 0; n < n_channels; n++)
    {
      guint heaviest = 0, lightest = 0;

      for (guint i = 1; i < n_channels; i++)
        if (weights[i] > weights[heaviest])
          heaviest = i;
      for (guint i = 1; i < n_shares; i++)
        if (loads[i] < loads[lightest])
          lightest = i;

      share_of[heaviest] = lightest;
      loads[lightest] += weights[heaviest];
      total += weights[heaviest];
      weights[heaviest] = -1;
    }

  for (guint i = 0; i < n_shares; i++)
    {
      double part = total > 0 ? loads[i] / total : 1.0;

      voices[i] = CLAMP ((guint) (part * ARIETTA_SYNTH_VOICES + 0.5), LEAST_VOICES, ARIETTA_SYNTH_VOICES);
    }

  return n_shares;
}

static void
render_share (void *data,
              int   nth)
{
  AriettaRenderShares *self = data;
  Share *share = self->shares[nth];

  for (guint i = 0; i < BLOCK_CHUNKS; i++)
    {
      const guint at = i * ARIETTA_RENDER_CHUNK_FRAMES;

      arietta_sequencer_render (share->sequencer, share->out + 2 * at, ARIETTA_RENDER_CHUNK_FRAMES, self->frame + at);
      share->playing[i] = arietta_sequencer_is_playing (share->sequencer);
    }
}

static void
render_block (AriettaRenderShares *self)
{
  float *sum = self->shares[0]->out;

  arietta_pool_run (render_share, self, self->n_shares);
  self->frame += BLOCK_FRAMES;
  self->chunk = 0;

  for (guint i = 1; i < self->n_shares; i++)
    for (guint k = 0; k < 2 * BLOCK_FRAMES; k++)
      sum[k] += self->shares[i]->out[k];
  if (self->n_shares > 1)
    arietta_limiter_run (&self->limiter, sum, BLOCK_FRAMES);
}

AriettaRenderShares *
arietta_render_shares_new (AriettaPiece  *piece,
                           const char    *soundfont,
                           GError       **error)
{
  g_autoptr(AriettaRenderShares) self = g_new0 (AriettaRenderShares, 1);
  g_autoptr(AriettaSchedule) dealt = NULL;
  g_autofree char *found = soundfont != NULL ? g_strdup (soundfont) : arietta_soundfont_find (NULL, error);
  guint8 share_of[ARIETTA_SCHEDULE_MAX_CHANNELS] = { 0 };
  guint voices[MAX_SHARES];
  guint n_shares;

  if (found == NULL)
    return NULL;

  dealt = arietta_schedule_new (piece);
  n_shares = deal_out (dealt, share_of, voices);
  arietta_limiter_init (&self->limiter);
  self->end = arietta_schedule_get_end (dealt);

  for (guint i = 0; i < n_shares; i++)
    {
      AriettaSynth *synth = arietta_synth_new (found, error);
      AriettaSequencer *sequencer;

      if (synth == NULL)
        return NULL;

      arietta_synth_set_polyphony (synth, voices[i]);
      sequencer = n_shares > 1 ? arietta_sequencer_new_share (share_of, i) : arietta_sequencer_new ();
      self->shares[i] = g_new0 (Share, 1);
      self->shares[i]->sequencer = sequencer;
      self->n_shares = i + 1;
      post (sequencer, ARIETTA_COMMAND_SYNTH, synth);
      post (sequencer, ARIETTA_COMMAND_SCHEDULE, arietta_schedule_new (piece));
      post (sequencer, ARIETTA_COMMAND_PLAY, NULL);
    }

  self->chunk = BLOCK_CHUNKS;
  return g_steal_pointer (&self);
}

void
arietta_render_shares_free (AriettaRenderShares *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < self->n_shares; i++)
    {
      arietta_sequencer_unref (self->shares[i]->sequencer);
      g_free (self->shares[i]);
    }
  g_free (self);
}

float *
arietta_render_shares_next (AriettaRenderShares *self,
                            gboolean            *playing)
{
  float *out;

  if (self->chunk == BLOCK_CHUNKS)
    render_block (self);

  out = self->shares[0]->out + 2 * (gsize) self->chunk * ARIETTA_RENDER_CHUNK_FRAMES;
  *playing = self->shares[0]->playing[self->chunk];
  self->chunk++;
  return out;
}

double
arietta_render_shares_get_end (AriettaRenderShares *self)
{
  return self->end;
}
