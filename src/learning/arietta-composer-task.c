/* Windows of whole bars as tokens: which bars, which conditions are told, which cells masked. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

#include "analysis/arietta-key-finder.h"

#include <string.h>

#define LOWEST_PITCH   21
#define HIGHEST_PITCH  108

/* What the composer puts first. */
static const guint8 role_order[ARIETTA_EVENTS_N_ROLES] = {
  [ARIETTA_ROLE_MELODY] = 0, [ARIETTA_ROLE_INNER] = 1, [ARIETTA_ROLE_CHORDS] = 2,
  [ARIETTA_ROLE_BASS] = 3,   [ARIETTA_ROLE_DRUMS] = 4,
};

static guint
count_notes (AriettaEventScore *score,
             guint              first_bar,
             guint              n_bars,
             guint              part)
{
  guint sum = 0;

  for (guint b = first_bar; b < first_bar + n_bars; b++)
    {
      guint n;

      arietta_event_score_get_cell (score, b, part, &n);
      sum += n;
    }

  return sum;
}

guint
arietta_composer_order_parts (AriettaEventScore *score,
                              guint              first_bar,
                              guint              n_bars,
                              guint8             order[ARIETTA_EVENTS_MAX_PARTS])
{
  guint n = 0;

  for (guint rank = 0; rank < ARIETTA_EVENTS_N_ROLES; rank++)
    for (guint p = 0; p < score->parts->len; p++)
      if (role_order[g_array_index (score->parts, AriettaEventPart, p).role] == rank
          && count_notes (score, first_bar, n_bars, p) > 0)
        order[n++] = (guint8) p;

  return n;
}

AriettaTonality
arietta_composer_find_key (AriettaEventScore *score,
                           guint              first_bar,
                           guint              n_bars)
{
  double weights[12] = { 0 }, total = 0.0;
  int    last = -1;
  gint64 last_end = -1;

  for (guint b = first_bar; b < first_bar + n_bars; b++)
    for (guint p = 0; p < score->parts->len; p++)
      {
        guint                   n;
        const AriettaEventNote *notes = arietta_event_score_get_cell (score, b, p, &n);

        if (g_array_index (score->parts, AriettaEventPart, p).drums)
          continue;
        for (guint i = 0; i < n; i++)
          {
            gint64 end = (gint64) b << 24 | (guint32) (notes[i].onset + 64);

            weights[notes[i].pitch % 12] += notes[i].duration;
            total += notes[i].duration;
            /* The lowest of the last moment. */
            if (end > last_end || (end == last_end && notes[i].pitch < last))
              last = notes[i].pitch;
            last_end = MAX (last_end, end);
          }
      }
  if (total <= 0.0)
    return ARIETTA_TONALITY_NONE;

  return arietta_key_finder_estimate_profile (weights, last % 12, NULL);
}

int
arietta_composer_way_home (gboolean        home,
                           AriettaTonality key)
{
  if (!home || key.tonic < 0)
    return 0;

  return key.tonic <= 6 ? -key.tonic : 12 - key.tonic;
}

/* A transposition within a tritone that keeps every pitch in reach; 0 when there is none. */
static int
draw_transposition (AriettaEventScore *score,
                    guint              first_bar,
                    guint              n_bars,
                    AriettaRandom     *random)
{
  int lowest = HIGHEST_PITCH, highest = LOWEST_PITCH, low, high;

  for (guint b = first_bar; b < first_bar + n_bars; b++)
    for (guint p = 0; p < score->parts->len; p++)
      {
        guint                   n;
        const AriettaEventNote *notes = arietta_event_score_get_cell (score, b, p, &n);

        for (guint i = 0; i < n && !g_array_index (score->parts, AriettaEventPart, p).drums; i++)
          {
            lowest = MIN (lowest, notes[i].pitch);
            highest = MAX (highest, notes[i].pitch);
          }
      }
  low = MAX (-6, LOWEST_PITCH - lowest);
  high = MIN (5, HIGHEST_PITCH - highest);
  if (low > 0 || high < 0)
    return 0;

  return low + (int) arietta_random_below (random, (guint64) (high - low + 1));
}

/* Whole parts, whole bars, or some bars of some parts; sometimes in two places. */
static guint8 *
draw_mask (AriettaEventScore *score,
           guint              n_bars,
           const guint8      *order,
           guint              n_order,
           AriettaRandom     *random)
{
  guint    n_parts = score->parts->len;
  guint8  *masked = g_new0 (guint8, n_bars * n_parts);
  double   sort = arietta_random_uniform (random);
  gboolean some_parts = n_order > 1 && sort < 0.6;   /* else all of them */
  gboolean all_bars = some_parts && sort < 0.3;
  guint    n_chosen = some_parts ? 1 + (guint) arietta_random_below (random, n_order - 1) : n_order;
  guint    n_spans = all_bars || arietta_random_uniform (random) < 0.7 ? 1 : 2;
  guint8   chosen[ARIETTA_EVENTS_MAX_PARTS];

  /* One part is what is asked for most. */
  if (some_parts && arietta_random_uniform (random) < 0.5)
    n_chosen = 1;
  memcpy (chosen, order, n_order);
  for (guint i = 0; i < n_chosen; i++)
    {
      guint  other = i + (guint) arietta_random_below (random, n_order - i);
      guint8 part = chosen[other];

      chosen[other] = chosen[i];
      chosen[i] = part;
    }
  for (guint k = 0; k < n_spans; k++)
    {
      guint most = MAX (1, MIN (n_bars / (n_spans + 1), 8));
      guint span = all_bars ? n_bars : 1 + (guint) arietta_random_below (random, most);
      guint from = (guint) arietta_random_below (random, n_bars - span + 1);

      for (guint b = from; b < from + span; b++)
        for (guint i = 0; i < n_chosen; i++)
          masked[b * n_parts + chosen[i]] = 1;
    }

  return masked;
}

/* As many bars as surely fit; at least one. */
static guint
guess_bars (AriettaEventScore *score,
            guint              first_bar,
            guint              context)
{
  guint n_parts = score->parts->len, n = 0;
  double sum = 8.0 + 8.0 * n_parts;

  while (first_bar + n < score->bars->len && n < COMPOSER_MAX_BARS)
    {
      guint notes = score->cells[(first_bar + n + 1) * n_parts] - score->cells[(first_bar + n) * n_parts];

      sum += 1.0 + n_parts + 2.0 * notes;
      if (n > 0 && sum > context)
        break;
      n++;
    }

  return n;
}

static void
draw_conditions (AriettaEventScore                 *score,
                 int                                style,
                 const guint8                      *order,
                 guint                              n_order,
                 const AriettaComposerTaskSettings *settings,
                 AriettaRandom                     *random,
                 AriettaEventsSettings             *events,
                 AriettaEventsPartTold             *told)
{
  gint64 units = 0;
  guint  n_all = 0;

  for (guint b = events->first_bar; b < events->first_bar + events->n_bars; b++)
    units += g_array_index (score->bars, AriettaEventBar, b).length;
  for (guint i = 0; i < n_order; i++)
    {
      guint n = count_notes (score, events->first_bar, events->n_bars, order[i]);

      n_all += n;
      told[order[i]] = (AriettaEventsPartTold) {
        .role = arietta_random_uniform (random) < settings->told,
        .program = arietta_random_uniform (random) < settings->told,
        .density = arietta_random_uniform (random) < settings->told * 0.7
                     ? (int) arietta_event_density (n, units)
                     : -1,
      };
    }

  events->style = arietta_random_uniform (random) < settings->told ? style : -1;
  if (arietta_random_uniform (random) < settings->told * 0.7 && n_order > 0)
    events->density = (int) arietta_event_density (n_all, units * n_order);
  if (arietta_random_uniform (random) >= settings->told)
    events->key = ARIETTA_TONALITY_NONE;
}

/* Other tempo words, as if played a little slower or faster. */
static void
stretch (GArray *tokens,
         guint   from,
         int     steps)
{
  for (guint i = from; i < tokens->len; i++)
    {
      AriettaEvent16 *token = &g_array_index (tokens, AriettaEvent16, i);
      guint           value;

      if (arietta_event_get_sort (*token, &value) == ARIETTA_EVENT_TEMPO)
        *token = arietta_event_make (ARIETTA_EVENT_TEMPO, (guint) CLAMP ((int) value + steps, 0, 63));
    }
}

guint
arietta_composer_make_task (AriettaEventScore                 *score,
                            int                                style,
                            guint                              first_bar,
                            guint                              context,
                            const AriettaComposerTaskSettings *settings,
                            AriettaRandom                     *random,
                            GArray                            *tokens)
{
  AriettaEventsSettings events = ARIETTA_EVENTS_SETTINGS_INIT;
  AriettaEventsPartTold told[ARIETTA_EVENTS_MAX_PARTS];
  guint                 n = guess_bars (score, first_bar, context);

  events.detail = score->played ? ARIETTA_EVENTS_PLAYED : ARIETTA_EVENTS_GRID;
  events.signatures = FALSE;
  events.first_bar = first_bar;
  events.parts = told;
  events.fill = TRUE;
  memset (told, 0, sizeof told);
  for (guint p = 0; p < ARIETTA_EVENTS_MAX_PARTS; p++)
    told[p] = (AriettaEventsPartTold) { TRUE, TRUE, -1 };

  for (;;)
    {
      g_autoptr(GArray)  some = NULL;
      g_autofree guint8 *masked = NULL;
      guint8             order[ARIETTA_EVENTS_MAX_PARTS];

      events.n_bars = n;
      events.n_order = arietta_composer_order_parts (score, first_bar, n, order);
      /* Silence has no parts; the encoder takes none for all. */
      events.order = order;
      if (events.n_order == 0)
        {
          order[0] = 0;
          events.n_order = 1;
        }

      events.key = arietta_composer_find_key (score, first_bar, n);
      events.transpose = arietta_composer_way_home (settings->home, events.key);
      if (random != NULL)
        {
          if (arietta_random_uniform (random) < settings->transpose)
            events.transpose = draw_transposition (score, first_bar, n, random);
          if (arietta_random_uniform (random) < settings->louder)
            events.louder = ((int) arietta_random_below (random, 5) - 2) * 8;
          draw_conditions (score, style, order, events.n_order, settings, random, &events, told);
          if (arietta_random_uniform (random) < settings->infill)
            masked = draw_mask (score, n, order, events.n_order, random);
        }
      if (events.key.tonic >= 0)
        events.key.tonic = (events.key.tonic + events.transpose + 12) % 12;
      events.masked = masked;
      some = arietta_events_encode (score, &events);

      /* Fewer bars, until they fit; one bar that does not is cut off where the context ends. */
      if (some->len > context && n > 1)
        {
          n = MAX (1, MIN (n - 1, n * context / some->len));
          continue;
        }

      if (random != NULL && arietta_random_uniform (random) < settings->stretch)
        stretch (some, 0, (int) arietta_random_below (random, 3) - 1);
      g_array_append_vals (tokens, some->data, MIN (some->len, context));
      return n;
    }
}
