/* Two holes of a window and what was in them: where it was, and each where the other was.  The
 * network's knowledge of where bars belong is measured by such pairs (arietta-composer-infill.c)
 * and taught by them (arietta-composer-learner.c).  In both it reads the same music around the
 * holes and is asked for the same notes, so that neither dense nor simple bars have an advantage,
 * and none of them stands elsewhere in sight, waiting to be repeated. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

#include <string.h>

#define BARS_AROUND 8     /* a hole, where there is room for them */
#define TRIES       40    /* at a place to take other bars from */

/* Where the window and its two holes are. */
typedef struct
{
  guint           first, end;    /* bars of the window */
  guint           hole, from;    /* first bars of the holes */
  guint           n;             /* bars of each */
  AriettaTonality key;
  int             transpose;
} Place;

/* The bars @from .. @from + @n say the same as those at @to. */
static gboolean
equal_bars (AriettaEventScore *score,
            guint              to,
            guint              from,
            guint              n)
{
  for (guint b = 0; b < n; b++)
    for (guint p = 0; p < score->parts->len; p++)
      {
        guint                   n_x, n_y;
        const AriettaEventNote *x = arietta_event_score_get_cell (score, to + b, p, &n_x);
        const AriettaEventNote *y = arietta_event_score_get_cell (score, from + b, p, &n_y);

        if (n_x != n_y)
          return FALSE;
        for (guint i = 0; i < n_x; i++)
          if (x[i].pitch != y[i].pitch || x[i].onset != y[i].onset || x[i].duration != y[i].duration)
            return FALSE;
      }

  return TRUE;
}

static gboolean
sounds (AriettaEventScore *score,
        guint              from,
        guint              n)
{
  for (guint b = from; b < from + n; b++)
    if (score->cells[b * score->parts->len] == score->cells[(b + 1) * score->parts->len])
      return FALSE;

  return TRUE;
}

/* A place in the window whose bars could stand in the hole: as long, sounding, others, and not next
 * to it. */
static gboolean
draw_source (AriettaEventScore *score,
             Place             *place,
             AriettaRandom     *random)
{
  guint n = place->n, hole = place->hole;

  for (guint t = 0; t < TRIES && place->end - place->first > n; t++)
    {
      guint    from = place->first + (guint) arietta_random_below (random, place->end - place->first - n + 1);
      gboolean fits = from + n < hole || from > hole + n;

      for (guint b = 0; b < n && fits; b++)
        fits = g_array_index (score->bars, AriettaEventBar, hole + b).length
               == g_array_index (score->bars, AriettaEventBar, from + b).length;
      if (fits && sounds (score, from, n) && !equal_bars (score, hole, from, n))
        {
          place->from = from;
          return TRUE;
        }
    }

  return FALSE;
}

/* What is in the holes changes places. */
static void
exchange_bars (AriettaEventScore *score,
               const Place       *place)
{
  for (guint i = 0; i < score->notes->len; i++)
    {
      AriettaEventNote *note = &g_array_index (score->notes, AriettaEventNote, i);

      if (note->bar >= place->hole && note->bar < place->hole + place->n)
        note->bar = place->from + (note->bar - place->hole);
      else if (note->bar >= place->from && note->bar < place->from + place->n)
        note->bar = place->hole + (note->bar - place->from);
    }
  arietta_event_score_settle (score);
}

/* The window with both holes in all parts, and what belongs in them behind. */
static GArray *
encode (AriettaEventScore *score,
        const Place       *place,
        const guint8      *order,
        guint              n_order)
{
  guint                 n_parts = score->parts->len, n_bars = place->end - place->first;
  g_autofree guint8    *masked = g_new0 (guint8, n_bars * n_parts);
  AriettaEventsPartTold told[ARIETTA_EVENTS_MAX_PARTS];
  AriettaEventsSettings events = ARIETTA_EVENTS_SETTINGS_INIT;

  for (guint p = 0; p < ARIETTA_EVENTS_MAX_PARTS; p++)
    told[p] = (AriettaEventsPartTold) { TRUE, TRUE, -1 };
  memset (masked + (place->hole - place->first) * n_parts, 1, place->n * n_parts);
  memset (masked + (place->from - place->first) * n_parts, 1, place->n * n_parts);
  events.detail = score->played ? ARIETTA_EVENTS_PLAYED : ARIETTA_EVENTS_GRID;
  events.signatures = FALSE;
  events.first_bar = place->first;
  events.n_bars = n_bars;
  events.key = place->key;
  if (events.key.tonic >= 0)
    events.key.tonic = (events.key.tonic + place->transpose + 12) % 12;
  events.transpose = place->transpose;
  events.parts = told;
  events.order = order;
  events.n_order = n_order;
  events.masked = masked;
  events.fill = TRUE;

  return arietta_events_encode (score, &events);
}

/* Both sequences, if they fit. */
static gboolean
encode_both (AriettaEventScore        *score,
             const Place              *place,
             guint                     context,
             AriettaComposerExchange  *exchange)
{
  g_autoptr(GArray) as_is = NULL, exchanged = NULL;
  guint8            order[ARIETTA_EVENTS_MAX_PARTS];
  guint             n_order = arietta_composer_order_parts (score, place->first, place->end - place->first, order);

  as_is = encode (score, place, order, n_order);
  if (as_is->len > context)
    return FALSE;

  exchange_bars (score, place);
  exchanged = encode (score, place, order, n_order);
  exchange_bars (score, place);
  if (exchanged->len > context || arietta_composer_find_fill (as_is) == as_is->len
      || arietta_composer_find_fill (exchanged) == exchanged->len)
    return FALSE;

  exchange->as_is = g_steal_pointer (&as_is);
  exchange->exchanged = g_steal_pointer (&exchanged);
  exchange->end = place->end;

  return TRUE;
}

guint
arietta_composer_find_fill (GArray *tokens)
{
  guint i = 0;

  while (i < tokens->len
         && arietta_event_get_sort (g_array_index (tokens, AriettaEvent16, i), NULL) != ARIETTA_EVENT_FILL)
    i++;

  return i;
}

gboolean
arietta_composer_make_exchange (AriettaEventScore       *score,
                                guint                    hole,
                                guint                    n_bars,
                                gboolean                 home,
                                gboolean                 key_of_window,
                                guint                    context,
                                AriettaRandom           *random,
                                AriettaComposerExchange *exchange)
{
  Place place = { .hole = hole, .n = n_bars };

  if (!sounds (score, hole, n_bars))
    return FALSE;

  place.key = arietta_composer_find_key (score, 0, score->bars->len);
  for (guint around = BARS_AROUND; around > n_bars; around--)
    {
      place.first = hole > around ? hole - around : 0;
      place.end = MIN (score->bars->len, hole + n_bars + around);
      if (key_of_window)
        place.key = arietta_composer_find_key (score, place.first, place.end - place.first);
      place.transpose = arietta_composer_way_home (home, place.key);
      if (draw_source (score, &place, random) && encode_both (score, &place, context, exchange))
        return TRUE;
    }

  return FALSE;
}

void
arietta_composer_exchange_clear (AriettaComposerExchange *self)
{
  g_clear_pointer (&self->as_is, g_array_unref);
  g_clear_pointer (&self->exchanged, g_array_unref);
}
