/* New notes for chosen cells: in a piece that is there, or from nothing. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-sampler.h"

#include "analysis/arietta-key-finder.h"
#include "base/arietta-error.h"
#include "learning/arietta-composer-use.h"

#include <glib/gi18n.h>
#include <string.h>

#define BARS_AT_ONCE    8     /* that are filled together */
#define BARS_AROUND     8     /* that are read before and behind them: what comes again mostly does within them */
#define TOKENS_FOR_CELL 26    /* that a cell is thought to need */
#define MAX_DRAWN_PARTS 6
#define MAX_ATTEMPTS    5     /* to write a piece in the key asked for */
#define CALMER          0.92  /* temperature of an attempt by that of the one before */
#define RANGE_ROOM      4     /* semitones beyond what a part has played */

/* What is being written, over all sequences it takes. */
typedef struct
{
  AriettaComposer           *net;
  AriettaEventScore         *score;
  guint8                    *wanted;     /* (bars, parts) */
  guint8                    *done;       /* the same: cells that have been written */
  const AriettaFillSettings *settings;
  AriettaTonality            key;        /* as the net hears it */
  int                        way_home;   /* semitones that the score was moved by */
  int                        style;
  int                        density[ARIETTA_EVENTS_MAX_PARTS];  /* class or -1 */
  int                        lowest[ARIETTA_EVENTS_MAX_PARTS], highest[ARIETTA_EVENTS_MAX_PARTS];
  gboolean                   fresh[ARIETTA_EVENTS_MAX_PARTS];  /* of whose notes the sequence shows none */
  AriettaRandom             *random;
  AriettaGoOnFunc            go_on;
  gpointer                   user_data;
  AriettaPiece              *piece;      /* that is written into */
  guint                      n_told;     /* bars of those asked for that have been heard of */
} Writing;

/* One sequence of it: bars first .. end - 1, of which those from `from` on are written. */
typedef struct
{
  guint  first, from, end;
  guint8 order[ARIETTA_EVENTS_MAX_PARTS];
  guint  n_order;
} Span;

static gboolean
is_open (Writing *self,
         guint    bar,
         guint    part)
{
  gsize at = (gsize) bar * self->score->parts->len + part;

  return self->wanted[at] != 0 && self->done[at] == 0;
}

static gboolean
bar_is_open (Writing *self,
             guint    bar)
{
  for (guint p = 0; p < self->score->parts->len; p++)
    if (is_open (self, bar, p))
      return TRUE;

  return FALSE;
}

static gboolean
is_wanted_at_all (Writing *self,
                  guint    part)
{
  for (guint b = 0; b < self->score->bars->len; b++)
    if (self->wanted[(gsize) b * self->score->parts->len + part] != 0)
      return TRUE;

  return FALSE;
}

/* Nothing is given from @bar on, and what plays before plays on: then bars follow one another. */
static gboolean
goes_on_from (Writing *self,
              guint    bar)
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
order_parts (Writing *self,
             Span    *span)
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

static void
set_limits (Writing               *self,
            const Span            *span,
            AriettaComposerLimits *limits)
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
encode_span (Writing      *self,
             const Span   *span,
             const guint8 *masked)
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

/* A part that has not played yet has no habits: its usual loudness and length are drawn. */
static gboolean
give_or_draw (Writing                *self,
              const Span             *span,
              AriettaComposerSampler *sampler,
              AriettaEvent16          token)
{
  AriettaEventSort  sort = arietta_event_get_sort (token, NULL);
  AriettaEventPlace place = arietta_event_reader_get_place (arietta_composer_sampler_get_reader (sampler));
  AriettaEvent16    drawn;

  if (place.bar < 0 && place.slot >= 0 && self->fresh[span->order[place.slot]]
      && (sort == ARIETTA_EVENT_VELOCITY || sort == ARIETTA_EVENT_DURATION))
    return arietta_composer_sampler_draw_of (sampler, &sort, 1, &drawn);

  return arietta_composer_sampler_give (sampler, token);
}

/* Notes that the reader has got since @from, into the score. */
static guint
take_notes (Writing                *self,
            const Span             *span,
            AriettaComposerSampler *sampler,
            guint                   from)
{
  AriettaEventReader *reader = arietta_composer_sampler_get_reader (sampler);
  guint               n = arietta_event_reader_get_n_notes (reader);

  for (guint i = from; i < n; i++)
    {
      AriettaEventNote note = *arietta_event_reader_get_note (reader, i);

      note.bar += span->first;
      note.part = span->order[note.part];
      g_array_append_val (self->score->notes, note);
    }

  return n;
}

static void
close_bar (Writing *self,
           guint    bar)
{
  for (guint p = 0; p < self->score->parts->len; p++)
    self->done[(gsize) bar * self->score->parts->len + p] = 1;
}

static void move_score (Writing *self,
                        int      semitones);

/* Who listens gets the bars that are whole. */
static void
tell (Writing *self)
{
  guint                   n = self->settings->n_bars, n_cells = self->score->bars->len * self->score->parts->len;
  guint                   whole = self->n_told;
  g_autofree guint8      *written = NULL;
  g_autoptr(AriettaPiece) so_far = NULL;

  if (self->settings->filled == NULL)
    return;
  while (whole < n && !bar_is_open (self, self->settings->first_bar + whole))
    whole++;
  if (whole == self->n_told || whole == n)
    return;

  self->n_told = whole;
  written = g_new (guint8, n_cells);
  for (guint i = 0; i < n_cells; i++)
    written[i] = self->wanted[i] != 0 && self->done[i] != 0;
  arietta_event_score_settle (self->score);
  move_score (self, -self->way_home);
  so_far = arietta_fill_splice (self->piece, self->score, written);
  move_score (self, self->way_home);
  self->settings->filled (so_far, whole, self->settings->filled_data);
}

/* Bar after bar, each with all that plays in it. */
static void
go_on_span (Writing                *self,
            const Span             *span,
            const AriettaEvent16   *tokens,
            guint                   n,
            AriettaComposerSampler *sampler)
{
  int      bar = (int) span->first - 1;
  gboolean whole = TRUE;

  for (guint i = 0; i < n && whole; i++)
    {
      AriettaEventSort sort = arietta_event_get_sort (tokens[i], NULL);
      AriettaEventSort next = i + 1 < n ? arietta_event_get_sort (tokens[i + 1], NULL) : ARIETTA_EVENT_END;

      if (sort == ARIETTA_EVENT_END || !give_or_draw (self, span, sampler, tokens[i]))
        return;
      bar += sort == ARIETTA_EVENT_BAR || sort == ARIETTA_EVENT_LAST_BAR;
      if (bar >= (int) span->from
          && (next == ARIETTA_EVENT_BAR || next == ARIETTA_EVENT_LAST_BAR || next == ARIETTA_EVENT_END))
        {
          guint before = arietta_event_reader_get_n_notes (arietta_composer_sampler_get_reader (sampler));

          whole = arietta_composer_sampler_write (sampler, self->go_on, self->user_data);
          /* A bar that the context cut off is written again in the next sequence. */
          if (!whole && bar > (int) span->from)
            return;
          take_notes (self, span, sampler, before);
          close_bar (self, (guint) bar);
          tell (self);
        }
    }
}

/* The masked cells one after another, each in sight of all that is given around it. */
static void
fill_span (Writing                *self,
           const Span             *span,
           const AriettaEvent16   *tokens,
           guint                   n,
           AriettaComposerSampler *sampler)
{
  AriettaEventReader *reader = arietta_composer_sampler_get_reader (sampler);
  gboolean            first = TRUE;

  for (guint i = 0; i < n; i++)
    if (!give_or_draw (self, span, sampler, tokens[i]))
      return;

  arietta_composer_sampler_give (sampler, arietta_event_make (ARIETTA_EVENT_FILL, 0));
  while (arietta_event_reader_get_place (reader).n_masked > 0
         && arietta_composer_sampler_give (sampler, arietta_event_make (ARIETTA_EVENT_CELL, 0)))
    {
      AriettaEventPlace place = arietta_event_reader_get_place (reader);
      guint             before = arietta_event_reader_get_n_notes (reader);
      gboolean          whole = arietta_composer_sampler_write (sampler, self->go_on, self->user_data);

      if (!whole && !first)
        return;
      take_notes (self, span, sampler, before);
      self->done[(gsize) (span->first + (guint) place.bar) * self->score->parts->len
                 + span->order[place.slot]] = 1;
      first = FALSE;
      tell (self);
      if (!whole)
        return;
    }
}

static guint8 *
mask_span (Writing    *self,
           const Span *span,
           guint      *n_masked)
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
static GArray *
choose_span_going_on (Writing *self,
                      guint    bar,
                      Span    *span)
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
static GArray *
choose_span_to_fill (Writing *self,
                     guint    bar,
                     Span    *span)
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
      for (guint b = 0; b < behind && span->end < self->score->bars->len && !bar_is_open (self, span->end); b++)
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

static gboolean
was_stopped (Writing  *self,
             GError  **error)
{
  if (self->go_on == NULL || self->go_on (self->user_data))
    return FALSE;

  arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_CANCELLED, NULL, NULL,
                     _("Composing was stopped."));
  return TRUE;
}

/* Whose notes the span does not show. */
static void
note_fresh (Writing    *self,
            const Span *span)
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

static guint
count_done (Writing *self)
{
  gsize n = (gsize) self->score->bars->len * self->score->parts->len;
  guint sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += self->done[i];

  return sum;
}

static gboolean
write_cells (Writing  *self,
             GError  **error)
{
  for (guint bar = 0; bar < self->score->bars->len;)
    {
      Span                              span;
      AriettaComposerLimits             limits;
      g_autoptr(AriettaComposerSampler) sampler = NULL;
      g_autoptr(GArray)                 tokens = NULL;
      gboolean                          going_on;
      guint                             n_done;

      if (!bar_is_open (self, bar))
        {
          bar++;
          continue;
        }

      n_done = count_done (self);
      going_on = goes_on_from (self, bar);
      tokens = going_on ? choose_span_going_on (self, bar, &span) : choose_span_to_fill (self, bar, &span);
      note_fresh (self, &span);
      set_limits (self, &span, &limits);
      sampler = arietta_composer_sampler_new (self->net, &limits, self->random);
      (going_on ? go_on_span : fill_span) (self, &span, (const AriettaEvent16 *) (gpointer) tokens->data,
                                           tokens->len, sampler);
      arietta_event_score_settle (self->score);
      if (was_stopped (self, error))
        return FALSE;

      /* Even where one bar alone is more than the context holds, there is an end. */
      if (count_done (self) == n_done)
        close_bar (self, bar);
    }

  return TRUE;
}

/* Ranges and densities by part: as asked, else as played, else as its role has it. */
static void
set_parts (Writing *self,
           guint    n_tracks)
{
  guint n_parts = self->score->parts->len, n_new = 0;

  for (guint p = 0; p < n_parts; p++)
    {
      const AriettaEventPart *part = &g_array_index (self->score->parts, AriettaEventPart, p);
      int                     lowest = 128, highest = -1;

      for (guint i = 0; i < self->score->notes->len; i++)
        {
          const AriettaEventNote *note = &g_array_index (self->score->notes, AriettaEventNote, i);

          if (note->part == p)
            {
              lowest = MIN (lowest, note->pitch);
              highest = MAX (highest, note->pitch);
            }
        }
      self->density[p] = -1;
      if (highest - lowest >= 7 || (part->drums && highest >= 0))
        {
          self->lowest[p] = MAX (0, lowest - (part->drums ? 0 : RANGE_ROOM));
          self->highest[p] = MIN (127, highest + (part->drums ? 0 : RANGE_ROOM));
        }
      else
        arietta_fill_get_range (part->role, &self->lowest[p], &self->highest[p]);
    }

  for (guint i = 0; i < self->settings->n_parts; i++)
    {
      const AriettaFillPart *asked = &self->settings->parts[i];
      guint track = asked->track == ARIETTA_FILL_NEW_TRACK ? n_tracks + n_new++ : asked->track;

      for (guint p = 0; p < n_parts; p++)
        {
          if (g_array_index (self->score->parts, AriettaEventPart, p).track != track)
            continue;
          self->density[p] = CLAMP (asked->density, 0, ARIETTA_EVENTS_N_DENSITIES) - 1;
          if (asked->highest > asked->lowest)
            {
              self->lowest[p] = asked->lowest;
              self->highest[p] = asked->highest;
            }
        }
    }
}

/* Where the net's tonic is C, so is the score's while it is worked on; percussion stays. */
static void
move_score (Writing *self,
            int      semitones)
{
  for (guint i = 0; i < self->score->notes->len && semitones != 0; i++)
    {
      AriettaEventNote *note = &g_array_index (self->score->notes, AriettaEventNote, i);
      int               pitch = note->pitch + semitones;

      if (!g_array_index (self->score->parts, AriettaEventPart, note->part).drums)
        note->pitch = (guint8) (pitch < 0 ? pitch + 12 : pitch > 127 ? pitch - 12 : pitch);
    }
}

static void
go_home (Writing *self)
{
  self->way_home = arietta_composer_way_home (self->net->home, self->key);
  if (self->way_home == 0)
    return;

  self->key.tonic = 0;
  move_score (self, self->way_home);
  for (guint p = 0; p < self->score->parts->len; p++)
    if (!g_array_index (self->score->parts, AriettaEventPart, p).drums)
      {
        /* Both there and back every pitch is one. */
        self->lowest[p] = MAX (self->lowest[p] + self->way_home, MAX (0, self->way_home));
        self->highest[p] = MIN (self->highest[p] + self->way_home, 127 + MIN (0, self->way_home));
      }
}

/* A piece that ends with the asked bars has no more: what was written rings out at their end. */
static void
end_with_bars (Writing *self)
{
  g_autofree gint64 *starts = arietta_event_score_dup_starts (self->score);
  gint64             end = starts[self->score->bars->len];

  for (guint i = 0; i < self->score->notes->len; i++)
    {
      AriettaEventNote *note = &g_array_index (self->score->notes, AriettaEventNote, i);
      gint64            left = end - starts[note->bar] - note->onset;

      if (self->wanted[(gsize) note->bar * self->score->parts->len + note->part] != 0)
        note->duration = (gint32) CLAMP (note->duration, 1, MAX (left, 1));
    }
}

static int
find_style (AriettaComposer *net,
            const char      *style)
{
  for (int s = 0; style != NULL && net->styles[s] != NULL; s++)
    if (strcmp (net->styles[s], style) == 0)
      return s;

  return -1;
}

AriettaPiece *
arietta_composer_fill (gpointer                    net,
                       AriettaPiece               *piece,
                       const AriettaFillSettings  *settings,
                       AriettaRandom              *random,
                       AriettaGoOnFunc             go_on,
                       gpointer                    user_data,
                       GError                    **error)
{
  g_autofree guint8            *wanted = NULL, *done = NULL;
  g_autoptr(AriettaEventScore)  score = arietta_fill_lay_out (piece, settings, &wanted);
  Writing                       self = {
    .net = net, .score = score, .wanted = wanted, .settings = settings, .key = settings->key,
    .random = random, .go_on = go_on, .user_data = user_data, .piece = piece,
    .style = find_style (net, settings->style),
  };

  if (score == NULL)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA, NULL, NULL,
                         _("The piece has too many bars to be worked on."));
      return NULL;
    }

  done = g_new0 (guint8, (gsize) score->bars->len * MAX (score->parts->len, 1));
  self.done = done;
  if (self.key.tonic < 0)
    self.key = arietta_composer_find_key (score, 0, score->bars->len);
  set_parts (&self, arietta_piece_get_n_tracks (piece));
  go_home (&self);
  if (!write_cells (&self, error))
    return NULL;
  move_score (&self, -self.way_home);
  if (settings->ends)
    end_with_bars (&self);

  return arietta_fill_splice (piece, score, wanted);
}

/* Who plays, when nobody said: the network's own choice for the style. */
static void
draw_parts (AriettaComposer           *net,
            const AriettaFillSettings *settings,
            AriettaRandom             *random,
            GArray                    *parts)
{
  static const AriettaEventSort first[] = { ARIETTA_EVENT_TRACK };
  static const AriettaEventSort more[] = {
    ARIETTA_EVENT_TRACK, ARIETTA_EVENT_ROLE,     ARIETTA_EVENT_PROGRAM,  ARIETTA_EVENT_DRUMS,
    ARIETTA_EVENT_BAR,   ARIETTA_EVENT_VELOCITY, ARIETTA_EVENT_DURATION,
  };
  AriettaComposerLimits             limits = { .temperature = settings->temperature, .nucleus = 0.9 };
  g_autoptr(AriettaComposerSampler) sampler = arietta_composer_sampler_new (net, &limits, random);
  int                               style = find_style (net, settings->style);
  AriettaTonality                   tonality = settings->key;
  int                               key;
  AriettaEvent16                    token;

  if (net->home && tonality.tonic >= 0)
    tonality.tonic = 0;
  key = arietta_event_key_value (tonality);

  arietta_composer_sampler_give (sampler, arietta_event_make (ARIETTA_EVENT_BEGIN, 0));
  if (style >= 0)
    arietta_composer_sampler_give (sampler, arietta_event_make (ARIETTA_EVENT_STYLE, (guint) style));
  if (key >= 0)
    arietta_composer_sampler_give (sampler, arietta_event_make (ARIETTA_EVENT_KEY, (guint) key));

  while (arietta_composer_sampler_draw_of (sampler, parts->len == 0 ? first : more,
                                           parts->len == 0 ? G_N_ELEMENTS (first) : G_N_ELEMENTS (more),
                                           &token))
    {
      guint            value;
      AriettaEventSort sort = arietta_event_get_sort (token, &value);
      AriettaFillPart *last = parts->len > 0 ? &g_array_index (parts, AriettaFillPart, parts->len - 1) : NULL;

      if (sort == ARIETTA_EVENT_BAR || (sort == ARIETTA_EVENT_TRACK && parts->len == MAX_DRAWN_PARTS))
        return;
      if (sort == ARIETTA_EVENT_TRACK)
        {
          const AriettaFillPart part = { ARIETTA_FILL_NEW_TRACK, ARIETTA_ROLE_CHORDS, -1, NULL, 0, 0, 0 };

          g_array_append_val (parts, part);
        }
      else if (sort == ARIETTA_EVENT_ROLE && value != ARIETTA_ROLE_DRUMS)
        last->role = value;
      else if (sort == ARIETTA_EVENT_PROGRAM && last->role != ARIETTA_ROLE_DRUMS)
        last->program = (int) value;
      else if (sort == ARIETTA_EVENT_DRUMS)
        last->role = ARIETTA_ROLE_DRUMS;
    }
}

/* 2: the key asked for, 1: its relative, 0: another.  Nothing asked, or nothing with a pitch: 2. */
static guint
judge_key (AriettaPiece    *piece,
           AriettaTonality  asked)
{
  AriettaTonality heard = arietta_key_finder_hear (piece, NULL);

  if (asked.tonic < 0 || heard.tonic < 0 || (heard.tonic == asked.tonic && heard.scale == asked.scale))
    return 2;

  return arietta_tonality_get_sharps (heard) == arietta_tonality_get_sharps (asked);
}

/* Small networks wander off: what is heard in another key than was asked for is written again, each time a little
 * nearer to what is usual. */
static AriettaPiece *
write_in_key (AriettaComposer            *net,
              AriettaPiece               *empty,
              const AriettaFillSettings  *fill,
              AriettaRandom              *random,
              AriettaGoOnFunc             go_on,
              gpointer                    user_data,
              GError                    **error)
{
  g_autoptr(AriettaPiece) best = NULL;
  AriettaFillSettings     calmer = *fill;
  guint                   best_key = 0;

  for (guint attempt = 0; attempt < MAX_ATTEMPTS && best_key < 2; attempt++, calmer.temperature *= CALMER)
    {
      g_autoptr(AriettaPiece) piece = arietta_composer_fill (net, empty, &calmer, random, go_on, user_data, error);
      guint                   key;

      if (piece == NULL)
        return NULL;
      key = judge_key (piece, fill->key);
      if (best == NULL || key > best_key)
        {
          g_clear_pointer (&best, arietta_piece_unref);
          best = g_steal_pointer (&piece);
          best_key = key;
        }
    }

  return g_steal_pointer (&best);
}

AriettaPiece *
arietta_composer_compose (gpointer                     net,
                          const AriettaWriteSettings  *settings,
                          AriettaRandom               *random,
                          AriettaGoOnFunc              go_on,
                          gpointer                     user_data,
                          GError                     **error)
{
  static const char * const names[ARIETTA_EVENTS_N_ROLES] = {
    [ARIETTA_ROLE_MELODY] = N_("Melody"), [ARIETTA_ROLE_INNER] = N_("Voice"),
    [ARIETTA_ROLE_CHORDS] = N_("Chords"), [ARIETTA_ROLE_BASS] = N_("Bass"),
    [ARIETTA_ROLE_DRUMS] = N_("Drums"),
  };
  g_autoptr(GArray)       parts = g_array_new (FALSE, FALSE, sizeof (AriettaFillPart));
  g_autoptr(AriettaPiece) empty = arietta_piece_new (ARIETTA_TICKS_PER_QUARTER);
  AriettaFillSettings     fill = ARIETTA_FILL_SETTINGS_INIT;

  fill.n_bars = settings->bars;
  fill.ends = TRUE;
  fill.style = settings->style;
  fill.key = settings->key;
  fill.in_scale = settings->in_scale;
  fill.density = settings->density;
  fill.temperature = settings->temperature;
  arietta_piece_set_meter (empty, 0, settings->numerator, settings->denominator);
  arietta_piece_set_tempo (empty, 0, (guint32) (6e7 / settings->tempo_bpm + 0.5));
  if (settings->key.tonic >= 0)
    arietta_piece_set_key (empty, 0, arietta_tonality_get_sharps (settings->key),
                           settings->key.scale == ARIETTA_SCALE_MINOR);
  arietta_piece_freeze (empty);

  if (settings->n_parts > 0)
    g_array_append_vals (parts, settings->parts, settings->n_parts);
  else
    draw_parts (net, &fill, random, parts);
  for (guint i = 0; i < parts->len; i++)
    {
      AriettaFillPart *part = &g_array_index (parts, AriettaFillPart, i);

      if (part->name == NULL)
        part->name = _(names[part->role]);
    }
  fill.parts = (const AriettaFillPart *) (gpointer) parts->data;
  fill.n_parts = parts->len;

  return write_in_key (net, empty, &fill, random, go_on, user_data, error);
}
