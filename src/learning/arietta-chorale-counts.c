/* Predicting chorales by counting: the dull predictor a network must beat.
 *
 * Voices in the network's own order.  Nested contexts, each a finer one: the voice; its last pitch; the
 * step in the beat; how long the pitch has lasted (up to 8); the soprano now; all voices placed; and at
 * last the step in the beat, the voices placed and the whole frame before.  Each backs off to the coarser
 * by Witten and Bell (as in arietta-step-counts.h), down to uniform.
 *
 * From the second on, pitches are told as distances from the voice's last one, which is what counting
 * copies of the pieces in every key would come to, at a twelfth of the counts. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-chorale-private.h"

#define N_LEVELS 7
#define MAX_HELD 8

typedef struct
{
  guint64 key;     /* 0: free */
  gint32  count;
  gint32  others;  /* of a context: how many different tokens it was seen with */
} Entry;

struct _AriettaChoraleCounts
{
  Entry *entries;  /* open addressing, a power of two */
  gsize  size, used;
};

AriettaChoraleCounts *
arietta_chorale_counts_new (void)
{
  AriettaChoraleCounts *self = g_new0 (AriettaChoraleCounts, 1);

  self->size = 1 << 12;
  self->entries = g_new0 (Entry, self->size);

  return self;
}

void
arietta_chorale_counts_free (AriettaChoraleCounts *self)
{
  if (self == NULL)
    return;

  g_free (self->entries);
  g_free (self);
}

static guint64
mix (guint64 hash,
     guint64 value)
{
  hash ^= value + 0x9e3779b97f4a7c15u + (hash << 6) + (hash >> 2);
  hash ^= hash >> 29;
  hash *= 0xbf58476d1ce4e5b9u;

  return hash ^ hash >> 32;
}

static Entry *
find (const AriettaChoraleCounts *self,
      guint64                     key)
{
  gsize at = key & (self->size - 1);

  while (self->entries[at].key != 0 && self->entries[at].key != key)
    at = (at + 1) & (self->size - 1);

  return &self->entries[at];
}

static Entry *
ensure (AriettaChoraleCounts *self,
        guint64               key)
{
  Entry *entry;

  if (2 * self->used >= self->size)
    {
      g_autofree Entry *old = self->entries;
      gsize             n = self->size;

      self->size *= 2;
      self->entries = g_new0 (Entry, self->size);
      for (gsize i = 0; i < n; i++)
        if (old[i].key != 0)
          *find (self, old[i].key) = old[i];
    }

  entry = find (self, key);
  if (entry->key == 0)
    {
      entry->key = key;
      self->used++;
    }

  return entry;
}

/* --- contexts --- */

typedef struct
{
  guint64 keys[N_LEVELS];
  int     last;             /* the voice's last pitch, or CHORALE_NONE */
} Contexts;

static guint64
tell (int pitch,
      int last)
{
  if (pitch < 0 || last < 0)
    return (guint64) (pitch + 1000);

  return (guint64) (pitch - last + 500);
}

static void
make_contexts (const AriettaVoices *voices,
               guint                step,
               int                  nth,
               Contexts            *contexts)
{
  AriettaVoice        voice = arietta_chorale_order[nth];
  const AriettaFrame *now = &voices->frames[step];
  const AriettaFrame *before = step > 0 ? now - 1 : NULL;
  int                 last = before != NULL ? before->pitches[voice] : CHORALE_NONE;
  guint               held = 0;
  guint64             key = mix (1, voice), beat = voices->phases[step] % 4;

  while (before != NULL && held < MAX_HELD && held + 1 < step
         && voices->frames[step - 2 - held].pitches[voice] == last)
    held++;

  contexts->last = last;
  contexts->keys[0] = key;
  key = mix (key, last >= 0 ? 1 : (guint64) (last + 10));
  contexts->keys[1] = key;
  key = mix (key, beat);
  contexts->keys[2] = key;
  key = mix (key, held);
  contexts->keys[3] = key;
  if (nth > 0)
    key = mix (key, tell (now->pitches[ARIETTA_VOICE_SOPRANO], last));
  contexts->keys[4] = mix (key, 4);
  for (int k = 1; k < nth; k++)
    key = mix (key, tell (now->pitches[arietta_chorale_order[k]], last));
  contexts->keys[5] = mix (key, 5);

  key = mix (mix (6, voice), beat);
  for (int k = 0; k < nth; k++)
    key = mix (key, tell (now->pitches[arietta_chorale_order[k]], last));
  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    key = mix (key, before != NULL ? tell (before->pitches[v], last) : 0);
  contexts->keys[6] = key;
}

/* The key of a token in a context; only the first context knows pitches, the others distances. */
static guint64
token_key (const Contexts *contexts,
           int             level,
           int             token)
{
  int pitch = arietta_chorale_pitch (token);

  return mix (contexts->keys[level] ^ 0x5bd1e995,
              level == 0 ? (guint64) token : tell (pitch, contexts->last));
}

void
arietta_chorale_counts_learn_step (AriettaChoraleCounts *self,
                                   const AriettaVoices  *voices,
                                   guint                 step,
                                   int                   times)
{
  for (int k = 0; k < ARIETTA_N_VOICES; k++)
    {
      int      token = arietta_chorale_token (voices->frames[step].pitches[arietta_chorale_order[k]]);
      Contexts contexts;

      make_contexts (voices, step, k, &contexts);
      for (int level = 0; level < N_LEVELS; level++)
        {
          Entry *entry = ensure (self, token_key (&contexts, level, token));
          int    was = entry->count, is;

          is = entry->count += times;
          entry = ensure (self, contexts.keys[level]);
          entry->count += times;
          entry->others += (is > 0) - (was > 0);
        }
    }
}

void
arietta_chorale_counts_learn (AriettaChoraleCounts *self,
                              const AriettaVoices  *voices,
                              int                   times)
{
  for (guint s = 0; s < voices->n_steps; s++)
    arietta_chorale_counts_learn_step (self, voices, s, times);
}

void
arietta_chorale_counts_predict (const AriettaChoraleCounts *self,
                                const AriettaVoices        *voices,
                                guint                       step,
                                int                         nth,
                                double                     *chances)
{
  Contexts contexts;

  make_contexts (voices, step, nth, &contexts);
  for (int t = 0; t < CHORALE_TOKENS; t++)
    chances[t] = 1.0 / CHORALE_TOKENS;

  for (int level = 0; level < N_LEVELS; level++)
    {
      const Entry *context = find (self, contexts.keys[level]);
      double       n = context->count, d = context->others;

      if (context->key == 0 || n <= 0.0)
        continue;
      for (int t = 0; t < CHORALE_TOKENS; t++)
        {
          const Entry *entry = find (self, token_key (&contexts, level, t));

          chances[t] = ((entry->key != 0 ? entry->count : 0) + d * chances[t]) / (n + d);
        }
    }
}
