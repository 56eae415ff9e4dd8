/* New notes for chosen cells of a piece. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-writing-private.h"

#include "base/arietta-error.h"
#include "learning/arietta-composer-use.h"

#include <glib/gi18n.h>
#include <string.h>

#define RANGE_ROOM 4     /* semitones beyond what a part has played */
#define TRIES      8     /* at a bar that would copy, or say the same a third time */
#define HEAT       0.1   /* temperature that each of them has more */
#define AVOID      1.0   /* nats by which each of them keeps further from the bars before */
/* In nats: what a small network knows of harmony and of coming again is less than what it says of the next note, and is
 * helped (arietta-composer-sampler.h). */
#define HARMONY    2.0
#define RECALL     1.2

/* A part that has not played yet has no habits: its usual loudness and length are drawn. */
static gboolean
give_or_draw (AriettaWriting           *self,
              const AriettaWritingSpan *span,
              AriettaComposerSampler   *sampler,
              AriettaEvent16            token)
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
take_notes (AriettaWriting           *self,
            const AriettaWritingSpan *span,
            AriettaComposerSampler   *sampler,
            guint                     from)
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

/* The first part of the order that says in @bar what it should not, or -1; with the cell of @slot, that part alone. */
static int
find_fault (AriettaWriting           *self,
            const AriettaWritingSpan *span,
            guint                     bar,
            int                       slot,
            AriettaWritingFault      *fault)
{
  for (guint i = slot < 0 ? 0 : (guint) slot; i < (slot < 0 ? span->n_order : (guint) slot + 1); i++)
    {
      *fault = arietta_writing_check (self, bar, span->order[i]);
      if (*fault != ARIETTA_WRITING_SOUND)
        return (int) i;
    }

  return -1;
}

/* Notes into the score until the net ends the bar, or the cell of @slot where it is not -1; again from the part on that
 * copies or is stuck, warmer each time and without a wish to say the same once more. FALSE when the context was full or
 * somebody said stop: then there is less than a whole one, and it is taken only @at_any_rate. */
static gboolean
write_own (AriettaWriting           *self,
           const AriettaWritingSpan *span,
           AriettaComposerSampler   *sampler,
           guint                     bar,
           int                       slot,
           gboolean                  at_any_rate)
{
  AriettaEventReader *reader = arietta_composer_sampler_get_reader (sampler);
  double              recall = self->limits.recall;
  guint               start = arietta_composer_sampler_get_n (sampler), n_notes = self->score->notes->len;
  guint               read = arietta_event_reader_get_n_notes (reader), from = read;
  gboolean            whole;

  for (guint t = 1;; t++)
    {
      AriettaWritingFault fault = ARIETTA_WRITING_SOUND;
      int                 at;

      whole = arietta_composer_sampler_write (sampler, self->go_on, self->user_data);
      if (whole || at_any_rate)
        take_notes (self, span, sampler, from);
      at = whole ? find_fault (self, span, bar, slot, &fault) : -1;
      if (fault == ARIETTA_WRITING_COPIES)
        (*(t < TRIES ? &self->settings->guard->redrawn : &self->settings->guard->kept))++;
      if (at < 0 || t == TRIES)
        break;

      self->limits.recall = -AVOID * (t - 1);
      self->limits.heat = HEAT * t;
      arietta_composer_sampler_rewind (sampler, slot < 0 ? arietta_composer_sampler_find_track (sampler, start, (guint) at)
                                                         : start);
      from = arietta_event_reader_get_n_notes (reader);
      g_array_set_size (self->score->notes, n_notes + from - read);
    }
  self->limits.recall = recall;
  self->limits.heat = 0.0;

  return whole;
}

static void
close_bar (AriettaWriting *self,
           guint           bar)
{
  for (guint p = 0; p < self->score->parts->len; p++)
    self->done[(gsize) bar * self->score->parts->len + p] = 1;
}

static void move_score (AriettaWriting *self,
                        int             semitones);

/* Who listens gets the bars that are whole. */
static void
tell (AriettaWriting *self)
{
  guint                   n = self->settings->n_bars, n_cells = self->score->bars->len * self->score->parts->len;
  guint                   whole = self->n_told;
  g_autofree guint8      *written = NULL;
  g_autoptr(AriettaPiece) so_far = NULL;

  if (self->settings->filled == NULL)
    return;
  while (whole < n && !arietta_writing_has_open (self, self->settings->first_bar + whole))
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
go_on_span (AriettaWriting           *self,
            const AriettaWritingSpan *span,
            const AriettaEvent16     *tokens,
            guint                     n,
            AriettaComposerSampler   *sampler)
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
          /* A bar that the context cut off is written again in the next sequence. */
          whole = write_own (self, span, sampler, (guint) bar, -1, bar == (int) span->from);
          if (!whole && bar > (int) span->from)
            return;
          close_bar (self, (guint) bar);
          tell (self);
        }
    }
}

/* The masked cells one after another, each in sight of all that is given around it. */
static void
fill_span (AriettaWriting           *self,
           const AriettaWritingSpan *span,
           const AriettaEvent16     *tokens,
           guint                     n,
           AriettaComposerSampler   *sampler)
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
      guint             bar = span->first + (guint) place.bar, part = span->order[place.slot];
      gboolean          whole = write_own (self, span, sampler, bar, place.slot, first);

      if (!whole && !first)
        return;
      self->done[(gsize) bar * self->score->parts->len + part] = 1;
      first = FALSE;
      tell (self);
      if (!whole)
        return;
    }
}

static gboolean
was_stopped (AriettaWriting  *self,
             GError         **error)
{
  if (self->go_on == NULL || self->go_on (self->user_data))
    return FALSE;

  arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_CANCELLED, NULL, NULL,
                     _("Composing was stopped."));
  return TRUE;
}

static guint
count_done (AriettaWriting *self)
{
  gsize n = (gsize) self->score->bars->len * self->score->parts->len;
  guint sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += self->done[i];

  return sum;
}

static gboolean
write_cells (AriettaWriting  *self,
             GError         **error)
{
  for (guint bar = 0; bar < self->score->bars->len;)
    {
      AriettaWritingSpan                span;
      g_autoptr(AriettaComposerSampler) sampler = NULL;
      g_autoptr(GArray)                 tokens = NULL;
      gboolean                          going_on;
      guint                             n_done;

      if (!arietta_writing_has_open (self, bar))
        {
          bar++;
          continue;
        }

      n_done = count_done (self);
      going_on = arietta_writing_goes_on_from (self, bar);
      tokens = (going_on ? arietta_writing_choose_going_on : arietta_writing_choose_to_fill) (self, bar, &span);
      arietta_writing_note_fresh (self, &span);
      arietta_writing_set_limits (self, &span, &self->limits);
      if (going_on)
        self->limits.recall = RECALL;
      else
        self->limits.harmony = HARMONY;
      sampler = arietta_composer_sampler_new (self->net, &self->limits, self->random);
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
set_parts (AriettaWriting *self,
           guint           n_tracks)
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
move_score (AriettaWriting *self,
            int             semitones)
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
go_home (AriettaWriting *self)
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
end_with_bars (AriettaWriting *self)
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

int
arietta_composer_find_style (AriettaComposer *net,
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
  AriettaWriting                self = {
    .net = net, .score = score, .wanted = wanted, .settings = settings, .key = settings->key,
    .random = random, .go_on = go_on, .user_data = user_data, .piece = piece,
    .style = arietta_composer_find_style (net, settings->style),
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
