/* Does the network know where bars belong?  Two holes of a piece, and what was in them: each where it was, or the
 * one where the other was.  In both cases the network reads the same music around the holes and is asked for the
 * same notes, so that neither dense nor simple bars have an advantage, and none of them stands elsewhere in sight,
 * waiting to be repeated. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

#include <string.h>

#define MOST_CASES  200
#define HOLE_BARS   2
#define BARS_AROUND 8     /* a hole, where there is room for them */
#define TRIES       40    /* at a place to take other bars from */

/* Sequences come in pairs, the true bars and then the moved ones. */
typedef struct
{
  GArray *tokens;       /* AriettaEvent16 */
  GArray *starts;       /* guint, one more than sequences */
  GArray *fills;        /* guint: tokens before the FILL */

  guint   sequence, step;   /* while measuring */
  GArray *sums;         /* double: of the cells' tokens */
} Cases;

static void
cases_clear (Cases *self)
{
  g_array_unref (self->tokens);
  g_array_unref (self->starts);
  g_array_unref (self->fills);
  g_array_unref (self->sums);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cases, cases_clear)

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

/* A place of the bars @first .. @end - 1 whose bars could stand at @hole: as long, sounding, others, and not
 * next to it; -1: none was found. */
static int
draw_source (AriettaEventScore *score,
             guint              first,
             guint              end,
             guint              hole,
             guint              n,
             AriettaRandom     *random)
{
  for (guint t = 0; t < TRIES && end - first > n; t++)
    {
      guint    from = first + (guint) arietta_random_below (random, end - first - n + 1);
      gboolean fits = from + n < hole || from > hole + n;

      for (guint b = 0; b < n && fits; b++)
        fits = g_array_index (score->bars, AriettaEventBar, hole + b).length
               == g_array_index (score->bars, AriettaEventBar, from + b).length;
      if (fits && sounds (score, from, n) && !equal_bars (score, hole, from, n))
        return (int) from;
    }

  return -1;
}

/* The bars at @hole and at @from change places. */
static void
exchange_bars (AriettaEventScore *score,
               guint              hole,
               guint              from,
               guint              n)
{
  for (guint i = 0; i < score->notes->len; i++)
    {
      AriettaEventNote *note = &g_array_index (score->notes, AriettaEventNote, i);

      if (note->bar >= hole && note->bar < hole + n)
        note->bar = from + (note->bar - hole);
      else if (note->bar >= from && note->bar < from + n)
        note->bar = hole + (note->bar - from);
    }
  arietta_event_score_settle (score);
}

/* A window with two holes in all parts, and what belongs in them behind. */
static GArray *
encode (AriettaEventScore *score,
        const guint8      *order,
        guint              n_order,
        guint              first,
        guint              n_bars,
        guint              hole,
        guint              from,
        AriettaTonality    key,
        int                transpose)
{
  guint                 n_parts = score->parts->len;
  g_autofree guint8    *masked = g_new0 (guint8, n_bars * n_parts);
  AriettaEventsPartTold told[ARIETTA_EVENTS_MAX_PARTS];
  AriettaEventsSettings events = ARIETTA_EVENTS_SETTINGS_INIT;

  for (guint p = 0; p < ARIETTA_EVENTS_MAX_PARTS; p++)
    told[p] = (AriettaEventsPartTold) { TRUE, TRUE, -1 };
  memset (masked + (hole - first) * n_parts, 1, HOLE_BARS * n_parts);
  memset (masked + (from - first) * n_parts, 1, HOLE_BARS * n_parts);
  events.detail = score->played ? ARIETTA_EVENTS_PLAYED : ARIETTA_EVENTS_GRID;
  events.signatures = FALSE;
  events.first_bar = first;
  events.n_bars = n_bars;
  events.key = key;
  if (key.tonic >= 0)
    events.key.tonic = (key.tonic + transpose + 12) % 12;
  events.transpose = transpose;
  events.parts = told;
  events.order = order;
  events.n_order = n_order;
  events.masked = masked;
  events.fill = TRUE;

  return arietta_events_encode (score, &events);
}

static gboolean
add_sequence (Cases  *self,
              GArray *tokens)
{
  guint fill = 0;

  while (fill < tokens->len
         && arietta_event_get_sort (g_array_index (tokens, AriettaEvent16, fill), NULL) != ARIETTA_EVENT_FILL)
    fill++;
  if (fill == tokens->len)
    return FALSE;

  g_array_append_val (self->fills, fill);
  g_array_append_vals (self->tokens, tokens->data, tokens->len);
  g_array_append_val (self->starts, self->tokens->len);

  return TRUE;
}

/* With as much around the hole as the context holds; FALSE when no place for a case is there. */
static gboolean
add_case_at (Cases             *self,
             AriettaComposer   *net,
             AriettaEventScore *score,
             AriettaEventScore *moved,
             guint              hole,
             AriettaRandom     *random)
{
  /* By the whole piece, so that the key tells nothing of the hole. */
  AriettaTonality key = arietta_composer_find_key (score, 0, score->bars->len);
  int             transpose = arietta_composer_way_home (net->home, key);

  for (guint around = BARS_AROUND; around > HOLE_BARS; around--)
    {
      guint             first = hole > around ? hole - around : 0;
      guint             end = MIN (score->bars->len, hole + HOLE_BARS + around);
      int               from = draw_source (score, first, end, hole, HOLE_BARS, random);
      guint8            order[ARIETTA_EVENTS_MAX_PARTS];
      guint             n_order = arietta_composer_order_parts (score, first, end - first, order);
      g_autoptr(GArray) a = NULL, b = NULL;

      if (from < 0)
        continue;
      a = encode (score, order, n_order, first, end - first, hole, (guint) from, key, transpose);
      if (a->len > (guint) net->n_context)
        continue;
      exchange_bars (moved, hole, (guint) from, HOLE_BARS);
      b = encode (moved, order, n_order, first, end - first, hole, (guint) from, key, transpose);
      if (b->len <= (guint) net->n_context && add_sequence (self, a) && add_sequence (self, b))
        return TRUE;
      exchange_bars (moved, hole, (guint) from, HOLE_BARS);
    }

  return FALSE;
}

/* One case of a piece, somewhere in its middle. */
static void
add_case (Cases                *self,
          AriettaComposer      *net,
          const AriettaExample *example,
          AriettaRandom        *random)
{
  g_autoptr(AriettaEventScore) score = arietta_event_score_from_piece (example->piece);
  g_autoptr(AriettaEventScore) moved = arietta_event_score_from_piece (example->piece);

  if (score == NULL || score->bars->len < 2 * HOLE_BARS + 2)
    return;

  for (guint t = 0; t < TRIES; t++)
    {
      guint hole = 1 + (guint) arietta_random_below (random, score->bars->len - HOLE_BARS - 1);

      if (sounds (score, hole, HOLE_BARS) && add_case_at (self, net, score, moved, hole, random))
        return;
    }
}

static void
step_cb (const char *name,
         guint       step,
         guint       voice,
         double      nll,
         gboolean    correct,
         gpointer    user_data)
{
  Cases  *self = user_data;
  guint   start = g_array_index (self->starts, guint, self->sequence);
  guint   n = g_array_index (self->starts, guint, self->sequence + 1) - start;

  /* Step i predicts token i + 1. */
  if (self->step >= g_array_index (self->fills, guint, self->sequence))
    g_array_index (self->sums, double, self->sequence) += nll;
  if (++self->step == n - 1)
    {
      self->step = 0;
      self->sequence++;
    }
}

gboolean
arietta_composer_know_infill (AriettaComposer       *net,
                              const AriettaExample  *examples,
                              guint                  n_examples,
                              JsonObject            *results,
                              AriettaGoOnFunc        go_on,
                              gpointer               user_data)
{
  g_auto(Cases)         cases = { .tokens = g_array_new (FALSE, FALSE, sizeof (AriettaEvent16)),
                                  .starts = g_array_new (FALSE, TRUE, sizeof (guint)),
                                  .fills = g_array_new (FALSE, FALSE, sizeof (guint)),
                                  .sums = g_array_new (FALSE, TRUE, sizeof (double)) };
  guint                 zero = 0, n, known = 0;
  AriettaComposerFigures figures = { 0 };
  AriettaRandom         random;
  JsonObject           *object;

  g_array_append_val (cases.starts, zero);
  arietta_random_init (&random, 1, "evaluate-infill");
  for (guint i = 0; i < n_examples && cases.fills->len < 2 * MOST_CASES; i++)
    /* Spread over all pieces where there are more than are wanted. */
    if (n_examples <= MOST_CASES || i * MOST_CASES / n_examples != (i + 1) * MOST_CASES / n_examples)
      {
        add_case (&cases, net, &examples[i], &random);
        if (go_on != NULL && !go_on (user_data))
          return FALSE;
      }
  n = cases.fills->len / 2;
  if (n == 0)
    return TRUE;

  g_array_set_size (cases.sums, 2 * n);
  if (!arietta_composer_measure (net, (const AriettaEvent16 *) (gpointer) cases.tokens->data,
                                 (const guint *) (gpointer) cases.starts->data, 2 * n, &figures, NULL,
                                 step_cb, NULL, &cases))
    return FALSE;

  for (guint i = 0; i < n; i++)
    known += g_array_index (cases.sums, double, 2 * i) < g_array_index (cases.sums, double, 2 * i + 1);

  object = json_object_new ();
  json_object_set_int_member (object, "cases", n);
  json_object_set_int_member (object, "bars", HOLE_BARS);
  json_object_set_double_member (object, "share", (double) known / n);
  json_object_set_object_member (results, "infill", object);

  return TRUE;
}
