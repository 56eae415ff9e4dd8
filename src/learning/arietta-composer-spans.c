/* Which bars make a sequence, what of them the network reads, and what it may write there. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-writing-private.h"

#include <string.h>

#define BARS_AT_ONCE    8     /* that are filled together */
#define BARS_AROUND     8     /* that are read before and behind them: what comes again mostly does within them */
#define TOKENS_FOR_CELL 26    /* that a cell is thought to need */

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
      if (density >= 0)
        count_for_density (density, (double) length / ARIETTA_EVENTS_UNITS, &limits->least[slot],
                           &limits->most[slot]);
    }
}

/* The span as it is known so far. */
static GArray *
encode_span (AriettaWriting           *self,
             const AriettaWritingSpan *span,
             const guint8             *masked)
{
  AriettaEventsSettings events = ARIETTA_EVENTS_SETTINGS_INIT;
  AriettaEventsPartTold told[ARIETTA_EVENTS_MAX_PARTS];

  for (guint p = 0; p < ARIETTA_EVENTS_MAX_PARTS; p++)
    told[p] = (AriettaEventsPartTold) { TRUE, TRUE, self->density[p] };
  events.detail = self->score->played ? ARIETTA_EVENTS_PLAYED : ARIETTA_EVENTS_GRID;
  events.first_bar = span->first;
  events.n_bars = span->end - span->first;
  events.style = self->style;
  events.density = self->settings->density - 1;
  events.key = self->key;
  events.signatures = FALSE;
  events.last_bar = self->settings->ends;
  events.parts = told;
  events.order = span->order;
  events.n_order = span->n_order;
  events.masked = masked;

  return arietta_events_encode (self->score, &events);
}

static guint8 *
mask_span (AriettaWriting           *self,
           const AriettaWritingSpan *span,
           guint                    *n_masked)
{
  guint   n_parts = self->score->parts->len;
  guint8 *masked = g_new0 (guint8, (span->end - span->first) * n_parts);

  *n_masked = 0;
  for (guint b = span->first; b < span->end; b++)
    for (guint i = 0; i < span->n_order; i++)
      {
        guint p = span->order[i];

        masked[(b - span->first) * n_parts + p] = is_open (self, b, p);
        *n_masked += is_open (self, b, p);
      }

  return masked;
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

/* As many open bars as fit beside what stands around them; fewer of both until they do. */
GArray *
arietta_writing_choose_to_fill (AriettaWriting     *self,
                                guint               bar,
                                AriettaWritingSpan *span)
{
  guint context = (guint) self->net->n_context, before = BARS_AROUND, behind = BARS_AROUND;
  guint n = BARS_AT_ONCE;

  for (;;)
    {
      g_autofree guint8 *masked = NULL;
      GArray            *tokens;
      guint              n_masked;

      span->first = bar > before ? bar - before : 0;
      span->from = bar;
      span->end = MIN (self->score->bars->len, bar + n);
      /* Behind them only what is settled, so that masks and fills are the same cells. */
      for (guint b = 0; b < behind && span->end < self->score->bars->len
                        && !arietta_writing_has_open (self, span->end); b++)
        span->end++;
      order_parts (self, span);
      masked = mask_span (self, span, &n_masked);
      tokens = encode_span (self, span, masked);
      if (tokens->len + 2 + n_masked * TOKENS_FOR_CELL <= context || (n == 1 && before == 0 && behind == 0))
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
