#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-sampling.h"

#include <math.h>
#include <string.h>

struct _AriettaSampler
{
  AriettaSamplingSettings settings;
  guint                   n;
  float                  *chances;     /* (n) */
  guint                  *heap;        /* (n): tokens, see select_likeliest () */
  guint                  *counts;      /* (n): how often each is among the last */
  guint                  *last;        /* (memory), a ring */
  guint                   n_last, next;
};

AriettaSampler *
arietta_sampler_new (guint                          n_tokens,
                     const AriettaSamplingSettings *settings)
{
  AriettaSampler *self;

  g_return_val_if_fail (n_tokens > 0, NULL);
  g_return_val_if_fail (settings->temperature >= 0.0 && settings->nucleus > 0.0 && settings->repetition > 0.0,
                        NULL);

  self = g_new0 (AriettaSampler, 1);
  self->settings = *settings;
  self->n = n_tokens;
  self->chances = g_new0 (float, n_tokens);
  self->heap = g_new (guint, n_tokens);
  self->counts = g_new0 (guint, n_tokens);
  self->last = g_new0 (guint, MAX (settings->memory, 1));

  return self;
}

void
arietta_sampler_free (AriettaSampler *self)
{
  if (self == NULL)
    return;

  g_free (self->chances);
  g_free (self->heap);
  g_free (self->counts);
  g_free (self->last);
  g_free (self);
}

void
arietta_sampler_remember (AriettaSampler *self,
                          guint           token)
{
  g_return_if_fail (token < self->n);

  if (self->settings.memory == 0)
    return;

  if (self->n_last == self->settings.memory)
    self->counts[self->last[self->next]]--;
  else
    self->n_last++;
  self->last[self->next] = token;
  self->counts[token]++;
  self->next = (self->next + 1) % self->settings.memory;
}

void
arietta_sampler_forget (AriettaSampler *self)
{
  memset (self->counts, 0, sizeof *self->counts * self->n);
  self->n_last = self->next = 0;
}

/* Chances up to a factor, the likeliest 1. FALSE if nothing is left to draw. */
static gboolean
weigh (AriettaSampler *self,
       const float    *logits,
       const guint8   *forbidden)
{
  const double penalty = log (self->settings.repetition);
  double       most = -INFINITY;
  guint        likeliest = 0;

  for (guint i = 0; i < self->n; i++)
    {
      double value = logits[i] - penalty * self->counts[i];

      if (isnan (value) || (forbidden != NULL && forbidden[i]))
        value = -INFINITY;
      self->chances[i] = (float) value;
      if (value > most)
        {
          most = value;
          likeliest = i;
        }
    }

  if (most == -INFINITY)
    return FALSE;

  for (guint i = 0; i < self->n; i++)
    if (self->settings.temperature == 0.0)
      self->chances[i] = i == likeliest ? 1.0f : 0.0f;
    else if (isinf (most))
      self->chances[i] = self->chances[i] == (float) most ? 1.0f : 0.0f;
    else
      self->chances[i] = (float) exp ((self->chances[i] - most) / self->settings.temperature);

  return TRUE;
}

/* Whether token a comes before b when the likeliest come first. */
static inline gboolean
is_before (const AriettaSampler *self,
           guint                 a,
           guint                 b)
{
  if (self->chances[a] != self->chances[b])
    return self->chances[a] > self->chances[b];

  return a < b;
}

static void
sift_down (AriettaSampler *self,
           guint           at,
           guint           n)
{
  for (;;)
    {
      guint child = 2 * at + 1, kept;

      if (child >= n)
        return;
      if (child + 1 < n && is_before (self, self->heap[child + 1], self->heap[child]))
        child++;
      if (!is_before (self, self->heap[child], self->heap[at]))
        return;
      kept = self->heap[at];
      self->heap[at] = self->heap[child];
      self->heap[child] = kept;
      at = child;
    }
}

/* Leaves the likeliest only. They come off a heap, since few are wanted of many. */
static void
select_likeliest (AriettaSampler *self)
{
  const guint most = self->settings.top_k > 0 ? MIN (self->settings.top_k, self->n) : self->n;
  double      total = 0, wanted, reached = 0;
  guint       n_heap = self->n, n_taken = 0;

  if (most == self->n && self->settings.nucleus >= 1.0)
    return;

  for (guint i = 0; i < self->n; i++)
    {
      self->heap[i] = i;
      total += self->chances[i];
    }
  for (guint i = self->n / 2; i-- > 0;)
    sift_down (self, i, self->n);

  /* What is taken off gathers behind the heap's end. */
  while (n_taken < most)
    {
      guint token = self->heap[0];

      self->heap[0] = self->heap[--n_heap];
      self->heap[n_heap] = token;
      sift_down (self, 0, n_heap);
      reached += self->chances[token];
      n_taken++;
      if (n_taken == most && most < self->n)
        total = reached;
    }

  /* The nucleus is a share of what top k left. */
  wanted = total * self->settings.nucleus;
  reached = 0;
  for (guint i = self->n; i-- > 0;)
    {
      guint token = self->heap[i];

      if (i < n_heap || reached >= wanted)
        self->chances[token] = 0;
      else
        reached += self->chances[token];
    }
}

static void
normalise (AriettaSampler *self)
{
  double total = 0;

  for (guint i = 0; i < self->n; i++)
    total += self->chances[i];
  for (guint i = 0; i < self->n; i++)
    self->chances[i] = (float) (self->chances[i] / total);
}

guint
arietta_sampler_draw (AriettaSampler *self,
                      const float    *logits,
                      const guint8   *forbidden,
                      AriettaRandom  *random)
{
  guint token;

  if (!weigh (self, logits, forbidden) && !weigh (self, logits, NULL))
    for (guint i = 0; i < self->n; i++)
      self->chances[i] = 1.0f;
  select_likeliest (self);
  normalise (self);
  token = arietta_random_weighted (random, self->chances, self->n);
  arietta_sampler_remember (self, token);

  return token;
}

const float *
arietta_sampler_get_chances (AriettaSampler *self)
{
  return self->chances;
}

void
arietta_mask_fill (guint8   *forbidden,
                   guint     n_tokens,
                   gboolean  forbid)
{
  memset (forbidden, forbid != FALSE, n_tokens);
}

void
arietta_mask_forbid (guint8      *forbidden,
                     const guint *tokens,
                     guint        n_tokens)
{
  for (guint i = 0; i < n_tokens; i++)
    forbidden[tokens[i]] = 1;
}

void
arietta_mask_range (guint8 *forbidden,
                    guint   first,
                    int     first_pitch,
                    guint   n,
                    int     least,
                    int     most)
{
  for (guint i = 0; i < n; i++)
    if (first_pitch + (int) i < least || first_pitch + (int) i > most)
      forbidden[first + i] = 1;
}

void
arietta_mask_scale (guint8 *forbidden,
                    guint   first,
                    int     first_pitch,
                    guint   n,
                    guint   classes)
{
  for (guint i = 0; i < n; i++)
    if ((classes >> (((first_pitch + (int) i) % 12 + 12) % 12) & 1) == 0)
      forbidden[first + i] = 1;
}
