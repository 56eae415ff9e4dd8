/* One sequence as it grows: tokens that are given, tokens that are drawn, and what may be drawn. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-sampler.h"

#include "nn/arietta-sampling.h"

#include <string.h>

#define MAX_NOTES_IN_CELL   64
#define MAX_TOKENS_IN_CELL  256
#define VELOCITY_STEP       8

struct _AriettaComposerSampler
{
  AriettaComposer               *net;
  AriettaComposerState          *state;
  AriettaEventReader            *reader;
  AriettaComposerEcho           *echo;
  const AriettaComposerLimits   *limits;
  AriettaRandom                 *random;
  GArray                        *tokens;         /* AriettaEvent16: all that was read; those the state has not ... */
  GArray                        *places;         /* ... are not fed yet. AriettaComposerPlace */
  guint8                        *allowed, *forbidden;
  float                         *logits;         /* with what is preferred */
  AriettaSampler                *sampler;
};

AriettaComposerSampler *
arietta_composer_sampler_new (AriettaComposer             *net,
                              const AriettaComposerLimits *limits,
                              AriettaRandom               *random)
{
  AriettaComposerSampler *self = g_new0 (AriettaComposerSampler, 1);
  guint                   n = arietta_events_get_n ();

  self->net = net;
  self->state = arietta_composer_state_new (net);
  self->reader = arietta_event_reader_new ();
  self->echo = arietta_composer_echo_new ();
  self->limits = limits;
  self->random = random;
  self->tokens = g_array_new (FALSE, FALSE, sizeof (AriettaEvent16));
  self->places = g_array_new (FALSE, FALSE, sizeof (AriettaComposerPlace));
  self->allowed = g_new0 (guint8, n);
  self->forbidden = g_new0 (guint8, n);
  self->logits = g_new (float, n);
  self->sampler = arietta_sampler_new (n, &(AriettaSamplingSettings) {
                                            .temperature = limits->temperature,
                                            .nucleus = limits->nucleus > 0.0 ? limits->nucleus : 1.0,
                                            .repetition = 1.0,
                                          });

  return self;
}

void
arietta_composer_sampler_free (AriettaComposerSampler *self)
{
  if (self == NULL)
    return;

  arietta_composer_state_free (self->state);
  arietta_event_reader_free (self->reader);
  arietta_composer_echo_free (self->echo);
  g_array_unref (self->tokens);
  g_array_unref (self->places);
  g_free (self->allowed);
  g_free (self->forbidden);
  g_free (self->logits);
  arietta_sampler_free (self->sampler);
  g_free (self);
}

AriettaEventReader *
arietta_composer_sampler_get_reader (AriettaComposerSampler *self)
{
  return self->reader;
}

guint
arietta_composer_sampler_get_n (AriettaComposerSampler *self)
{
  return self->tokens->len;
}

guint
arietta_composer_sampler_find_track (AriettaComposerSampler *self,
                                     guint                   from,
                                     guint                   slot)
{
  for (guint i = from; i < self->tokens->len; i++)
    if (g_array_index (self->tokens, AriettaEvent16, i) == arietta_event_make (ARIETTA_EVENT_TRACK, slot))
      return i + 1;

  return from;
}

guint
arietta_composer_sampler_get_room (AriettaComposerSampler *self)
{
  guint n = self->tokens->len;

  return n < (guint) self->net->n_context ? (guint) self->net->n_context - n : 0;
}

gboolean
arietta_composer_sampler_give (AriettaComposerSampler *self,
                               AriettaEvent16          token)
{
  AriettaComposerPlace place;

  if (arietta_composer_sampler_get_room (self) == 0
      || !arietta_event_reader_feed (self->reader, token))
    return FALSE;

  place = arietta_composer_place (self->reader, self->echo, token);
  g_array_append_val (self->tokens, token);
  g_array_append_val (self->places, place);

  return TRUE;
}

void
arietta_composer_sampler_rewind (AriettaComposerSampler *self,
                                 guint                   n)
{
  g_return_if_fail (n > 0 && n <= self->tokens->len);

  g_array_set_size (self->tokens, n);
  g_array_set_size (self->places, n);
  /* What comes next is asked of the last token, so that one is fed again. */
  if (arietta_composer_state_get_n (self->state) >= n)
    arietta_composer_state_rewind (self->state, n - 1);
  arietta_event_reader_reset (self->reader);
  arietta_composer_echo_reset (self->echo);
  for (guint i = 0; i < n; i++)
    {
      AriettaEvent16 token = g_array_index (self->tokens, AriettaEvent16, i);

      arietta_event_reader_feed (self->reader, token);
      g_array_index (self->places, AriettaComposerPlace, i) = arietta_composer_place (self->reader, self->echo, token);
    }
}

static const float *
feed_waiting (AriettaComposerSampler *self)
{
  guint n = arietta_composer_state_get_n (self->state);

  return arietta_composer_state_feed (self->state, &g_array_index (self->tokens, AriettaEvent16, n),
                                      &g_array_index (self->places, AriettaComposerPlace, n), self->tokens->len - n);
}

static void
forbid (AriettaComposerSampler *self,
        AriettaEventSort        sort)
{
  memset (self->allowed + arietta_event_make (sort, 0), 0, arietta_event_get_n_values (sort));
}

/* Range, scale, and no pitch twice at one moment. Whether any is left. */
static gboolean
limit_pitches (AriettaComposerSampler *self,
               const AriettaEventNote *last)
{
  AriettaEventPlace place = arietta_event_reader_get_place (self->reader);
  gboolean          drums = place.slot >= 0 && arietta_event_reader_is_drums (self->reader, (guint) place.slot);
  AriettaEventSort  sort = drums ? ARIETTA_EVENT_DRUM : ARIETTA_EVENT_PITCH;
  guint             first = arietta_event_make (sort, 0);
  gboolean          left = FALSE;

  for (guint p = 0; p < 128; p++)
    {
      if (place.slot >= 0
          && ((int) p < self->limits->lowest[place.slot] || (int) p > self->limits->highest[place.slot]))
        self->allowed[first + p] = 0;
      if (!drums && !arietta_tonality_contains (self->limits->scale, (int) p))
        self->allowed[first + p] = 0;
      if (last != NULL && last->pitch == p)
        self->allowed[first + p] = 0;
      left |= self->allowed[first + p] != 0;
    }

  return left;
}

static gboolean
ends_cell (AriettaEventSort sort)
{
  return sort == ARIETTA_EVENT_BAR || sort == ARIETTA_EVENT_LAST_BAR || sort == ARIETTA_EVENT_END
         || sort == ARIETTA_EVENT_TRACK || sort == ARIETTA_EVENT_CELL || sort == ARIETTA_EVENT_DONE;
}

/* As dense as was asked for: no end and no leap far ahead before there are enough notes, nothing but an
 * end when there are. */
static void
limit_density (AriettaComposerSampler *self,
               guint                   n_notes,
               gboolean                can_end)
{
  AriettaEventPlace            place = arietta_event_reader_get_place (self->reader);
  const AriettaComposerLimits *limits = self->limits;
  guint                        n = arietta_events_get_n (), least, most;

  if (place.slot < 0)
    return;

  least = limits->least[place.slot];
  most = limits->most[place.slot];
  if (most > 0 && n_notes >= most && can_end)
    for (guint t = 0; t < n; t++)
      self->allowed[t] &= ends_cell (arietta_event_get_sort ((AriettaEvent16) t, NULL));
  else if (n_notes < least && place.position < limits->bar_positions * 2 / 3)
    {
      int farthest = MAX (place.position, 0) + MAX (6, 2 * limits->bar_positions / (int) least);

      for (guint t = 0; t < n; t++)
        {
          guint            value;
          AriettaEventSort sort = arietta_event_get_sort ((AriettaEvent16) t, &value);

          if (ends_cell (sort) || (sort == ARIETTA_EVENT_POSITION && (int) value > farthest))
            self->allowed[t] = 0;
        }
    }
}

/* What the grammar allows, less what nobody wants to hear. */
static void
limit_cell (AriettaComposerSampler *self,
            guint                   n_notes,
            guint                   n_tokens)
{
  const AriettaEventNote *last = arietta_event_reader_get_last_note (self->reader);
  gboolean                can_sound, can_end = FALSE;
  guint                   n = arietta_events_get_n ();
  static const AriettaEventSort never[] = {
    ARIETTA_EVENT_MASK,  ARIETTA_EVENT_FILL, ARIETTA_EVENT_CUT,        ARIETTA_EVENT_PROGRAM,
    ARIETTA_EVENT_TEMPO, ARIETTA_EVENT_KEY,  ARIETTA_EVENT_TEMPO_FINE, ARIETTA_EVENT_NUMERATOR,
    ARIETTA_EVENT_END_OFFSET,
  };

  arietta_event_reader_get_allowed (self->reader, self->allowed);
  /* A tempo, a density of a bar: given, not drawn. */
  if (arietta_event_reader_get_place (self->reader).slot < 0)
    {
      forbid (self, ARIETTA_EVENT_POSITION);
      forbid (self, ARIETTA_EVENT_LONGER);
      forbid (self, ARIETTA_EVENT_OFFSET);
    }
  forbid (self, ARIETTA_EVENT_DENSITY);
  for (guint i = 0; i < G_N_ELEMENTS (never); i++)
    forbid (self, never[i]);
  if (!self->limits->played)
    forbid (self, ARIETTA_EVENT_OFFSET);
  for (guint t = 0; t < ARIETTA_EVENTS_MAX_PARTS; t++)
    if (!self->limits->writes[t])
      self->allowed[arietta_event_make (ARIETTA_EVENT_TRACK, t)] = 0;

  self->allowed[arietta_event_make (ARIETTA_EVENT_DURATION, 0)] = 0;
  for (guint v = 0; v < arietta_event_get_n_values (ARIETTA_EVENT_VELOCITY); v++)
    if ((v + 1) % VELOCITY_STEP != 0 && v + 1 != 127)
      self->allowed[arietta_event_make (ARIETTA_EVENT_VELOCITY, v)] = 0;
  for (guint v = 1; v < arietta_event_get_n_values (ARIETTA_EVENT_LONG); v++)
    self->allowed[arietta_event_make (ARIETTA_EVENT_LONG, v)] = 0;

  can_sound = limit_pitches (self, last);
  if (!can_sound)
    {
      forbid (self, ARIETTA_EVENT_VELOCITY);
      forbid (self, ARIETTA_EVENT_DURATION);
    }
  for (guint t = 0; t < n && !can_end; t++)
    can_end = self->allowed[t] && ends_cell (arietta_event_get_sort ((AriettaEvent16) t, NULL));
  limit_density (self, n_notes, can_end);
  if (can_end && (n_notes >= MAX_NOTES_IN_CELL || n_tokens >= MAX_TOKENS_IN_CELL))
    for (guint t = 0; t < n; t++)
      if (!ends_cell (arietta_event_get_sort ((AriettaEvent16) t, NULL)))
        self->allowed[t] = 0;
}

static guint
draw (AriettaComposerSampler *self,
      const float            *logits)
{
  guint n = arietta_events_get_n ();

  for (guint t = 0; t < n; t++)
    self->forbidden[t] = !self->allowed[t];

  return arietta_sampler_draw (self->sampler, logits, self->forbidden, self->random);
}

/* Of all time in which a note of each pitch class would sound with others, the share in which it is a second, a seventh
 * or a tritone from them costs it so much. */
static void
prefer_consonance (AriettaComposerSampler *self)
{
  static const gboolean consonant[12] = { TRUE, FALSE, FALSE, TRUE, TRUE, TRUE, FALSE, TRUE, TRUE, TRUE, FALSE, FALSE };
  float                *pitches = self->logits + arietta_event_make (ARIETTA_EVENT_PITCH, 0);
  gint64                around[12], all = 0;

  arietta_event_reader_get_around (self->reader, around);
  for (int c = 0; c < 12; c++)
    all += around[c];
  for (int p = 0; p < 128 && all > 0; p++)
    {
      gint64 rough = 0;

      for (int c = 0; c < 12; c++)
        rough += consonant[(p % 12 - c + 12) % 12] ? 0 : around[c];
      pitches[p] -= (float) (self->limits->harmony * (double) rough / (double) all);
    }
}

/* What stood at this place in one of the earlier bars, as far as that bar has foretold this one so far. */
static void
prefer_echoes (AriettaComposerSampler *self)
{
  const AriettaComposerPlace *place = &g_array_index (self->places, AriettaComposerPlace, self->places->len - 1);
  int                         best = 0;
  gint32                      token = -1;

  /* Not the bar just before: what it says is learned well enough, and urged it would never end. */
  for (int k = 1; k < COMPOSER_LAGS; k++)
    if (place->echoes[k] >= 0 && place->trusts[k] % COMPOSER_TRUSTS > best)
      {
        best = place->trusts[k] % COMPOSER_TRUSTS;
        token = place->echoes[k];
      }
  if (token >= 0)
    self->logits[token] += (float) (self->limits->recall * best / (COMPOSER_TRUSTS - 1));
}

static const float *
prefer (AriettaComposerSampler *self,
        const float            *logits)
{
  guint n = arietta_events_get_n ();

  if (self->limits->harmony <= 0.0 && self->limits->recall == 0.0 && self->limits->heat <= 0.0)
    return logits;

  for (guint t = 0; t < n; t++)
    self->logits[t] = logits[t] / (float) (1.0 + self->limits->heat);
  if (self->limits->harmony > 0.0)
    prefer_consonance (self);
  if (self->limits->recall != 0.0)
    prefer_echoes (self);

  return self->logits;
}

static gboolean
any_allowed (AriettaComposerSampler *self)
{
  for (guint t = 0; t < arietta_events_get_n (); t++)
    if (self->allowed[t])
      return TRUE;

  return FALSE;
}

gboolean
arietta_composer_sampler_draw_of (AriettaComposerSampler *self,
                                  const AriettaEventSort *sorts,
                                  guint                   n_sorts,
                                  AriettaEvent16         *token)
{
  const float *logits;

  if (arietta_composer_sampler_get_room (self) < 2)
    return FALSE;

  logits = feed_waiting (self);
  arietta_event_reader_get_allowed (self->reader, self->allowed);
  for (int sort = 0; sort < ARIETTA_EVENT_N_SORTS; sort++)
    {
      gboolean wanted = FALSE;

      for (guint i = 0; i < n_sorts; i++)
        wanted |= sorts[i] == (AriettaEventSort) sort;
      if (!wanted)
        forbid (self, sort);
    }
  self->allowed[arietta_event_make (ARIETTA_EVENT_DURATION, 0)] = 0;
  if (!any_allowed (self))
    return FALSE;

  *token = (AriettaEvent16) draw (self, logits);
  return arietta_composer_sampler_give (self, *token);
}

gboolean
arietta_composer_sampler_write (AriettaComposerSampler *self,
                                AriettaGoOnFunc         go_on,
                                gpointer                user_data)
{
  guint n_notes = 0, n_tokens = 0;

  for (;;)
    {
      const float     *logits;
      guint            token;
      AriettaEventSort sort;

      if (arietta_composer_sampler_get_room (self) < 2 || (go_on != NULL && !go_on (user_data)))
        return FALSE;

      logits = feed_waiting (self);
      limit_cell (self, n_notes, n_tokens);
      /* A scale or range that leaves nothing below the last pitch: the grammar alone, once. */
      if (!any_allowed (self))
        arietta_event_reader_get_allowed (self->reader, self->allowed);
      token = draw (self, prefer (self, logits));
      sort = arietta_event_get_sort ((AriettaEvent16) token, NULL);
      if (sort != ARIETTA_EVENT_TRACK && ends_cell (sort))
        return TRUE;
      if (!arietta_composer_sampler_give (self, (AriettaEvent16) token))
        return FALSE;

      n_tokens++;
      n_notes += sort == ARIETTA_EVENT_PITCH || sort == ARIETTA_EVENT_DRUM;
      if (sort == ARIETTA_EVENT_TRACK)
        n_notes = n_tokens = 0;
    }
}
