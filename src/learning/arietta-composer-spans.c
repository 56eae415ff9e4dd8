/* Which bars make a sequence, what of them the network reads, and what it may write there. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-writing-private.h"

#include <string.h>

#define BARS_AT_ONCE    8     /* that are filled together */
#define BARS_AROUND     8     /* that are read before and behind them: what comes again mostly does within them */
#define TOKENS_FOR_CELL 26    /* that a cell is thought to need */
#define BARS_OF_HABIT   16    /* on each side, that tell how dense a part is ... */
#define LEAST_OF_HABIT  4     /* ... and so many of which have to be known to tell how empty and full its bars are */

static gboolean
is_open (AriettaWriting *self,
         guint           bar,
         guint           part)
{
  gsize at = (gsize) bar * self->score->parts->len + part;

  return self->wanted[at] != 0 && self->done[at] == 0;
}

gboolean
arietta_writing_has_open (AriettaWriting *self,
                          guint           bar)
{
  for (guint p = 0; p < self->score->parts->len; p++)
    if (is_open (self, bar, p))
      return TRUE;

  return FALSE;
}

static gboolean
is_wanted_at_all (AriettaWriting *self,
                  guint           part)
{
  for (guint b = 0; b < self->score->bars->len; b++)
    if (self->wanted[(gsize) b * self->score->parts->len + part] != 0)
      return TRUE;

  return FALSE;
}

/* Nothing is given from @bar on, and what plays before plays on: then bars follow one another. */
gboolean
arietta_writing_goes_on_from (AriettaWriting *self,
                              guint           bar)
{
  guint n_parts = self->score->parts->len;

  for (guint b = bar; b < self->score->bars->len; b++)
    for (guint p = 0; p < n_parts; p++)
      {
        guint n;

        arietta_event_score_get_cell (self->score, b, p, &n);
        if (n > 0 || (self->wanted[(gsize) b * n_parts + p] != 0 && !is_open (self, b, p)))
          return FALSE;
      }

  return TRUE;
}

/* The parts that sound in the span, and those that shall. */
static void
order_parts (AriettaWriting     *self,
             AriettaWritingSpan *span)
{
  guint8 sounding[ARIETTA_EVENTS_MAX_PARTS];
  guint  n = arietta_composer_order_parts (self->score, span->first, span->end - span->first, sounding);

  span->n_order = 0;
  for (int role = 0; role < ARIETTA_EVENTS_N_ROLES; role++)
    for (guint p = 0; p < self->score->parts->len; p++)
      if ((int) g_array_index (self->score->parts, AriettaEventPart, p).role == role
          && (is_wanted_at_all (self, p) || memchr (sounding, (int) p, n) != NULL))
        span->order[span->n_order++] = (guint8) p;
}

/* What a part does in the bars around those that are written. */
typedef struct
{
  int   density;       /* class; -1: it never plays */
  guint least, most;   /* notes in a bar; 0 where there are few bars to go by */
} Habit;

static gboolean
is_wanted (AriettaWriting *self,
           guint           bar,
           guint           part)
{
  return self->wanted[(gsize) bar * self->score->parts->len + part] != 0;
}

static Habit
find_habit (AriettaWriting           *self,
            const AriettaWritingSpan *span,
            guint                     part)
{
  guint  end = span->from, n_bars = self->score->bars->len, n_known = 0, sum = 0;
  gint64 units = 0;
  Habit  habit = { -1, G_MAXUINT, 0 };

  while (end < n_bars && arietta_writing_has_open (self, end))
    end++;
  for (guint b = span->from > BARS_OF_HABIT ? span->from - BARS_OF_HABIT : 0; b < MIN (n_bars, end + BARS_OF_HABIT);
       b++)
    {
      guint n;

      if (is_wanted (self, b, part))
        continue;
      arietta_event_score_get_cell (self->score, b, part, &n);
      habit.least = MIN (habit.least, n);
      habit.most = MAX (habit.most, n);
      sum += n;
      units += g_array_index (self->score->bars, AriettaEventBar, b).length;
      n_known++;
    }
  if (sum > 0)
    habit.density = (int) arietta_event_density (sum, units);
  if (n_known < LEAST_OF_HABIT)
    habit.least = habit.most = 0;

  return habit;
}

/* Nobody asked for another way to play. */
static gboolean
keeps_habits (AriettaWriting *self,
              guint           part)
{
  return self->density[part] < 0 && self->settings->density <= 0 && self->style < 0;
}

/* The notes of a bar of so many quarters that is of class @density (encoding/arietta-events.h). */
static void
count_for_density (int     density,
                   double  quarters,
                   guint  *least,
                   guint  *most)
{
  static const double bounds[] = { 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0 };

  *least = density > 0 ? (guint) (bounds[density - 1] * quarters + 0.5) : 0;
  *most = density >= 0 && density < (int) G_N_ELEMENTS (bounds)
            ? (guint) MAX (1.0, bounds[density] * quarters + 0.5) : 0;
}

void
arietta_writing_set_limits (AriettaWriting           *self,
                            const AriettaWritingSpan *span,
                            AriettaComposerLimits    *limits)
{
  gint32 length = g_array_index (self->score->bars, AriettaEventBar, span->from).length;

  *limits = (AriettaComposerLimits) {
    .bar_positions = length / ARIETTA_EVENTS_UNITS_PER_POSITION,
    .scale = self->settings->in_scale ? self->key : ARIETTA_TONALITY_NONE,
    .played = self->score->played,
    .temperature = self->settings->temperature,
    .nucleus = self->settings->nucleus,
  };
  for (guint slot = 0; slot < span->n_order; slot++)
    {
      int density = self->density[span->order[slot]];

      limits->lowest[slot] = self->lowest[span->order[slot]];
      limits->highest[slot] = self->highest[span->order[slot]];
      limits->writes[slot] = is_wanted_at_all (self, span->order[slot]);
      if (density < 0)
        density = self->settings->density - 1;
      if (!arietta_writing_goes_on_from (self, span->from) && keeps_habits (self, span->order[slot]))
        {
          Habit habit = find_habit (self, span, span->order[slot]);

          /* A last bar is emptier than any. */
          limits->least[slot] = self->settings->ends ? 0 : habit.least;
          limits->most[slot] = habit.most;
        }
      else if (density >= 0)
        count_for_density (density, (double) length / ARIETTA_EVENTS_UNITS, &limits->least[slot],
                           &limits->most[slot]);
    }
}

/* The score without the bars that @span leaves out. */
static AriettaEventScore *
leave_out (AriettaEventScore        *score,
           const AriettaWritingSpan *span)
{
  AriettaEventScore *rest = arietta_event_score_new ();
  guint              n = span->left_to - span->left_from;

  g_array_append_vals (rest->bars, score->bars->data, score->bars->len);
  g_array_remove_range (rest->bars, span->left_from, n);
  for (guint p = 0; p < score->parts->len; p++)
    {
      AriettaEventPart part = g_array_index (score->parts, AriettaEventPart, p);

      part.name = g_strdup (part.name);
      g_array_append_val (rest->parts, part);
    }
  for (guint i = 0; i < score->notes->len; i++)
    {
      AriettaEventNote note = g_array_index (score->notes, AriettaEventNote, i);

      note.bar -= note.bar >= span->left_to ? n : 0;
      g_array_append_val (rest->notes, note);
    }
  for (guint i = 0; i < score->tempos->len; i++)
    {
      AriettaEventTempo tempo = g_array_index (score->tempos, AriettaEventTempo, i);

      if (tempo.bar >= span->left_from && tempo.bar < span->left_to)
        continue;
      tempo.bar -= tempo.bar >= span->left_to ? n : 0;
      g_array_append_val (rest->tempos, tempo);
    }
  rest->played = score->played;
  arietta_event_score_settle (rest);

  return rest;
}

/* The span as it is known so far. */
static GArray *
encode_span (AriettaWriting           *self,
             const AriettaWritingSpan *span,
             const guint8             *masked)
{
  AriettaEventsSettings events = ARIETTA_EVENTS_SETTINGS_INIT;
  AriettaEventsPartTold told[ARIETTA_EVENTS_MAX_PARTS];
  guint                 n_left = span->left_to - span->left_from;
  g_autoptr(AriettaEventScore) rest = n_left > 0 ? leave_out (self->score, span) : NULL;

  for (guint p = 0; p < ARIETTA_EVENTS_MAX_PARTS; p++)
    {
      told[p] = (AriettaEventsPartTold) { TRUE, TRUE, self->density[p] };
      /* Bars that go on show how dense they were. */
      if (masked != NULL && p < self->score->parts->len && keeps_habits (self, p))
        told[p].density = find_habit (self, span, p).density;
    }
  events.detail = self->score->played ? ARIETTA_EVENTS_PLAYED : ARIETTA_EVENTS_GRID;
  events.first_bar = span->first;
  events.n_bars = span->end - span->first - n_left;
  events.style = self->style;
  events.density = self->settings->density - 1;
  events.key = self->key;
  events.signatures = FALSE;
  events.last_bar = self->settings->ends;
  events.parts = told;
  events.order = span->order;
  events.n_order = span->n_order;
  events.masked = masked;

  return arietta_events_encode (rest != NULL ? rest : self->score, &events);
}

static guint8 *
mask_span (AriettaWriting           *self,
           const AriettaWritingSpan *span)
{
  guint   n_parts = self->score->parts->len, row = 0;
  guint8 *masked = g_new0 (guint8, (span->end - span->first) * n_parts);

  for (guint b = span->first; b < span->end; b++)
    {
      if (b >= span->left_from && b < span->left_to)
        continue;
      for (guint i = 0; i < span->n_order; i++)
        masked[row * n_parts + span->order[i]] = is_open (self, b, span->order[i]);
      row++;
    }

  return masked;
}

static guint
count_open (AriettaWriting *self,
            guint           from,
            guint           to)
{
  guint n = 0;

  for (guint b = from; b < to; b++)
    for (guint p = 0; p < self->score->parts->len; p++)
      n += is_open (self, b, p);

  return n;
}

/* As much before as leaves half the context to what is to come. */
GArray *
arietta_writing_choose_going_on (AriettaWriting     *self,
                                 guint               bar,
                                 AriettaWritingSpan *span)
{
  guint   half = (guint) self->net->n_context / 2;
  GArray *tokens;

  span->from = bar;
  span->left_from = span->left_to = 0;
  span->first = bar > COMPOSER_MAX_BARS / 2 ? bar - COMPOSER_MAX_BARS / 2 : 0;
  for (;;)
    {
      span->end = MIN (self->score->bars->len, span->first + COMPOSER_MAX_BARS);
      order_parts (self, span);
      tokens = encode_span (self, span, NULL);
      if (tokens->len <= half + 40 || span->first >= bar)
        return tokens;
      g_array_unref (tokens);
      span->first += MAX (1, (bar - span->first) / 4);
    }
}

/* Bars from .. to - 1 have nothing in them yet. */
static gboolean
are_empty (AriettaWriting *self,
           guint           from,
           guint           to)
{
  guint n_parts = self->score->parts->len;

  return self->score->cells[(gsize) from * n_parts] == self->score->cells[(gsize) to * n_parts];
}

/* As many open bars as fit beside what stands around them; fewer of both until they do.  What stands behind all of them
 * is in sight from the first on: of those that have to wait, the empty ones are left out, and others are masked. */
GArray *
arietta_writing_choose_to_fill (AriettaWriting     *self,
                                guint               bar,
                                AriettaWritingSpan *span)
{
  guint context = (guint) self->net->n_context, before = BARS_AROUND, behind = BARS_AROUND;
  guint n_bars = self->score->bars->len, end = bar, n;

  while (end < n_bars && arietta_writing_has_open (self, end))
    end++;
  n = MIN (end - bar, BARS_AT_ONCE);

  for (;;)
    {
      g_autofree guint8 *masked = NULL;
      GArray            *tokens;

      span->first = bar > before ? bar - before : 0;
      span->from = bar;
      span->left_from = span->left_to = span->end = bar + n;
      if (behind > 0 && end < n_bars && are_empty (self, bar + n, end))
        span->left_to = span->end = end;
      else if (behind > 0 && end + behind - span->first <= COMPOSER_MAX_BARS)
        span->end = end;
      for (guint b = 0; b < behind && span->end < n_bars && !arietta_writing_has_open (self, span->end); b++)
        span->end++;
      order_parts (self, span);
      masked = mask_span (self, span);
      tokens = encode_span (self, span, masked);
      if (tokens->len + 2 + count_open (self, bar, bar + n) * TOKENS_FOR_CELL <= context
          || (n == 1 && before == 0 && behind == 0))
        return tokens;

      g_array_unref (tokens);
      if (n > 2)
        n /= 2;
      else if (behind > 0)
        behind /= 2;
      else if (before > 0)
        before /= 2;
      else
        n = 1;
    }
}

/* Whose notes the span does not show. */
void
arietta_writing_note_fresh (AriettaWriting           *self,
                            const AriettaWritingSpan *span)
{
  for (guint p = 0; p < self->score->parts->len; p++)
    {
      self->fresh[p] = TRUE;
      for (guint b = span->first; b < span->end && self->fresh[p]; b++)
        {
          guint n;

          arietta_event_score_get_cell (self->score, b, p, &n);
          self->fresh[p] = n == 0;
        }
    }
}
