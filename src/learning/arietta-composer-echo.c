#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-echo.h"

#include <string.h>

#define MAX_BARS      64   /* of a sequence; beyond, nothing is suggested */
#define N_SLOTS       ARIETTA_EVENTS_MAX_PARTS
#define N_LAGS        COMPOSER_LAGS
#define OTHER_PART    N_LAGS
#define PASSAGE       (N_LAGS + 1)
#define BEFORE        (N_LAGS + 2)
#define BEHIND        (N_LAGS + 3)
#define UNTRIED       4    /* trust of a source that was not asked yet */
#define TAIL          15   /* tokens before a hole that are looked for elsewhere */
#define NONE          (-1)

static const int lags[N_LAGS] = { -1, -2, -4, -8, 1, 2, 4, 8 };

/* A bar of a part. */
typedef struct
{
  guint    start, n;       /* its tokens, behind TRACK or CELL */
  gboolean hidden;         /* masked and not filled yet */
  gint32   after;          /* what stood behind it in its bar, or NONE */
} Cell;

/* What a part has played, cell after cell, each behind a mark; matches[i] tokens up to the one at i are the
 * last that were read. */
typedef struct
{
  GArray *tokens;          /* AriettaEvent16 */
  GArray *bars;            /* guint16 */
  GArray *matches;         /* guint8 */
} Stream;

struct _AriettaComposerEcho
{
  GArray           *tokens;                     /* AriettaEvent16: all that was read */
  Cell              cells[MAX_BARS][N_SLOTS];
  gint32            opening[MAX_BARS];          /* the first TRACK of a bar, BAR when it is silent, or NONE */
  int               n_bars;
  int               bar, slot;                  /* the cell being read, or slot NONE */
  int               position;
  guint             n_notes;                    /* at that position */
  Stream            streams[N_SLOTS];
  guint8            trust[N_LAGS + 1][N_SLOTS + 1]; /* the last column for what belongs to no part */
  gint32            said[COMPOSER_ECHOES];
};

static gboolean
ends_note (AriettaEventSort sort)
{
  return sort == ARIETTA_EVENT_PITCH || sort == ARIETTA_EVENT_DRUM;
}

static AriettaEvent16
token_at (AriettaComposerEcho *self,
          guint                i)
{
  return g_array_index (self->tokens, AriettaEvent16, i);
}

/* What was played there, or NULL while nobody knows. */
static const Cell *
find_cell (AriettaComposerEcho *self,
           int                  bar,
           int                  slot)
{
  if (bar < 0 || bar >= MIN (self->n_bars, MAX_BARS) || slot < 0 || self->cells[bar][slot].hidden)
    return NULL;

  return &self->cells[bar][slot];
}

/* What follows in @cell where this music stands now; @end when the cell is over by then. */
static gint32
align (AriettaComposerEcho *self,
       const Cell          *cell,
       AriettaEventSort     last,
       gint32               end)
{
  gint32   sounding = NONE;
  gboolean pending = !ends_note (last);   /* a note has been begun */
  guint    i = 0, stop = cell->n, skip = self->n_notes;

  if (self->position < 0)
    return cell->n > 0 ? token_at (self, cell->start) : end;

  for (; i < stop; i++)
    {
      AriettaEvent16   token = token_at (self, cell->start + i);
      guint            value;
      AriettaEventSort sort = arietta_event_get_sort (token, &value);

      if (ends_note (sort))
        sounding = token;
      else if (sort == ARIETTA_EVENT_POSITION && (int) value >= self->position)
        {
          if ((int) value == self->position)
            break;
          return pending && sounding != NONE ? sounding : token;
        }
    }
  if (i == stop)
    return pending && sounding != NONE ? sounding : end;

  for (i++; i < stop; i++)
    {
      AriettaEvent16   token = token_at (self, cell->start + i);
      AriettaEventSort sort = arietta_event_get_sort (token, NULL);

      if (sort == ARIETTA_EVENT_POSITION)
        return token;
      if (skip > 0)
        skip -= ends_note (sort);
      else if (ends_note (sort) || ends_note (last) || last == ARIETTA_EVENT_POSITION || sort > last)
        return token;
    }

  return end;
}

/* How alike two bars of a part are, token by token: adds to @same and @all. */
static void
compare_cells (AriettaComposerEcho *self,
               const Cell          *a,
               const Cell          *b,
               guint               *same,
               guint               *all)
{
  if (a == NULL || b == NULL)
    return;

  *all += MAX (MAX (a->n, b->n), 1);
  *same += a->n == 0 && b->n == 0;
  for (guint i = 0; i < MIN (a->n, b->n); i++)
    *same += token_at (self, a->start + i) == token_at (self, b->start + i);
}

/* Before a hole is filled: the bars around it against those around each source. */
static void
trust_by_neighbours (AriettaComposerEcho *self)
{
  for (int k = 0; k < N_LAGS; k++)
    {
      guint same = 0, all = 0;

      for (int d = -2; d <= 2; d++)
        if (d != 0)
          compare_cells (self, find_cell (self, self->bar + d, self->slot),
                         find_cell (self, self->bar + d + lags[k], self->slot), &same, &all);
      self->trust[k][self->slot] = (guint8) (all > 0 ? same * (COMPOSER_TRUSTS - 1) / all : UNTRIED);
    }
}

/* Streams */

static void
stream_append (Stream         *self,
               AriettaEvent16  token,
               int             bar)
{
  guint16 at = (guint16) bar;
  guint8  none = 0;

  for (guint i = self->tokens->len; i-- > 0;)
    {
      guint8 *matches = &g_array_index (self->matches, guint8, i);

      if (g_array_index (self->tokens, AriettaEvent16, i) != token)
        *matches = 0;
      else
        *matches = (guint8) MIN (COMPOSER_TRUSTS - 1, 1 + (i > 0 ? matches[-1] : 0));
    }
  g_array_append_val (self->tokens, token);
  g_array_append_val (self->bars, at);
  g_array_append_val (self->matches, none);
}

/* The music before a hole is not what was read last: what ends like it is looked for anew. */
static void
stream_move (AriettaComposerEcho *self,
             Stream              *stream,
             AriettaEvent16       mark)
{
  const Cell    *before = find_cell (self, self->bar - 1, self->slot);
  AriettaEvent16 tail[TAIL];     /* the last first */
  guint          n = 0;

  tail[n++] = mark;
  for (guint i = before != NULL ? before->n : 0; i-- > 0 && n < TAIL;)
    tail[n++] = token_at (self, before->start + i);
  for (guint i = 0; i < stream->tokens->len; i++)
    {
      guint    matches = 0;
      /* The mark behind those very bars is the other side of the hole. */
      gboolean itself = i > 0 && g_array_index (stream->bars, guint16, i - 1) == self->bar - 1
                        && g_array_index (stream->bars, guint16, i) != self->bar - 1;

      while (!itself && matches < n && matches <= i
             && g_array_index (stream->tokens, AriettaEvent16, i - matches) == tail[matches])
        matches++;
      g_array_index (stream->matches, guint8, i) = (guint8) matches;
    }
}

/* What followed the longest passage that ends as this does; of several the last. */
static gint32
find_passage (AriettaComposerEcho     *self,
              const AriettaEventPlace *place,
              guint                   *length)
{
  Stream        *stream = &self->streams[self->slot];
  AriettaEvent16 mark = arietta_event_make (ARIETTA_EVENT_TRACK, (guint) self->slot), next;
  guint          best = 0;

  *length = 0;
  for (guint i = 0; i + 1 < stream->tokens->len; i++)
    if (g_array_index (stream->matches, guint8, i) >= MAX (1, *length))
      {
        best = i;
        *length = g_array_index (stream->matches, guint8, i);
      }
  if (*length == 0)
    return NONE;

  next = g_array_index (stream->tokens, AriettaEvent16, best + 1);
  if (next != mark)
    return next;
  if (place->filling)
    return arietta_event_make (place->n_masked > 0 ? ARIETTA_EVENT_CELL : ARIETTA_EVENT_DONE, 0);

  return self->cells[g_array_index (stream->bars, guint16, best)][self->slot].after;
}

/* Reading */

static void
judge (AriettaComposerEcho *self,
       AriettaEvent16       token)
{
  int column = self->slot >= 0 ? self->slot : N_SLOTS;

  for (int k = 0; k <= OTHER_PART; k++)
    if (self->said[k] >= 0)
      {
        guint8 *trust = &self->trust[k][column];

        *trust = self->said[k] == token ? (guint8) MIN (*trust + 1, COMPOSER_TRUSTS - 1) : *trust / 3;
      }
}

static void
begin_bar (AriettaComposerEcho *self)
{
  if (self->n_bars < MAX_BARS)
    {
      memset (self->cells[self->n_bars], 0, sizeof self->cells[0]);
      for (int s = 0; s < N_SLOTS; s++)
        self->cells[self->n_bars][s].after = NONE;
      self->opening[self->n_bars] = NONE;
    }
  self->n_bars++;
}

/* What stands behind a bar of a part, and first in a bar. */
static void
note_order (AriettaComposerEcho *self,
            AriettaEvent16       token,
            AriettaEventSort     sort)
{
  AriettaEvent16 next = sort == ARIETTA_EVENT_TRACK ? token : arietta_event_make (ARIETTA_EVENT_BAR, 0);

  if (self->bar < 0 || self->bar >= MAX_BARS)
    return;
  if (self->opening[self->bar] == NONE)
    self->opening[self->bar] = next;
  if (self->slot >= 0)
    self->cells[self->bar][self->slot].after = next;
}

static void
begin_cell (AriettaComposerEcho     *self,
            const AriettaEventPlace *place,
            AriettaEventSort         sort)
{
  AriettaEvent16 mark = arietta_event_make (ARIETTA_EVENT_TRACK, (guint) place->slot);
  Cell          *cell = &self->cells[place->bar][place->slot];

  self->bar = place->bar;
  self->slot = place->slot;
  self->position = -1;
  self->n_notes = 0;
  cell->start = self->tokens->len;
  cell->n = 0;
  if (sort == ARIETTA_EVENT_CELL)
    {
      trust_by_neighbours (self);
      cell->hidden = FALSE;
    }
  stream_append (&self->streams[self->slot], mark, self->bar);
  if (sort == ARIETTA_EVENT_CELL)
    stream_move (self, &self->streams[self->slot], mark);
}

static void
read_token (AriettaComposerEcho     *self,
            AriettaEvent16           token,
            const AriettaEventPlace *place,
            AriettaEventSort         sort,
            guint                    value)
{
  gboolean in_cell = place->bar >= 0 && place->bar < MAX_BARS && place->slot >= 0;

  if ((sort == ARIETTA_EVENT_TRACK && place->bar >= 0) || sort == ARIETTA_EVENT_BAR
      || sort == ARIETTA_EVENT_LAST_BAR || sort == ARIETTA_EVENT_END || sort == ARIETTA_EVENT_FILL)
    note_order (self, token, sort);
  if (sort == ARIETTA_EVENT_BAR || sort == ARIETTA_EVENT_LAST_BAR)
    begin_bar (self);

  if (sort == ARIETTA_EVENT_MASK)
    {
      if (self->slot >= 0)
        self->cells[self->bar][self->slot].hidden = TRUE;
      self->slot = NONE;
    }
  else if (!in_cell)
    {
      self->bar = place->bar;
      self->slot = NONE;
    }
  else if (sort == ARIETTA_EVENT_TRACK || sort == ARIETTA_EVENT_CELL)
    begin_cell (self, place, sort);
  else
    {
      if (sort == ARIETTA_EVENT_POSITION)
        {
          self->position = (int) value;
          self->n_notes = 0;
        }
      self->n_notes += ends_note (sort);
      self->cells[self->bar][self->slot].n++;
      stream_append (&self->streams[self->slot], token, self->bar);
    }
}

static gint32
ask_other_part (AriettaComposerEcho *self,
                AriettaEventSort     last)
{
  /* Those before in the order first; behind stands one only when a hole is filled. */
  for (int d = 1; d < N_SLOTS; d++)
    for (int side = -1; side <= 1; side += 2)
      {
        int         slot = self->slot + side * d;
        const Cell *cell = slot >= 0 && slot < N_SLOTS ? find_cell (self, self->bar, slot) : NULL;

        if (cell != NULL && cell->n > 0)
          return align (self, cell, last, NONE);
      }

  return NONE;
}

/* The nearest note that is known from the cell being read on, by @step bars; of a bar the one at its near end. */
static gint32
find_edge (AriettaComposerEcho *self,
           int                  step,
           gint32              *distance)
{
  for (int b = self->bar + step; b >= 0 && b < MIN (self->n_bars, MAX_BARS); b += step)
    {
      const Cell *cell = find_cell (self, b, self->slot);

      for (guint i = 0; cell != NULL && i < cell->n; i++)
        {
          AriettaEvent16 token = token_at (self, cell->start + (step > 0 ? i : cell->n - 1 - i));

          if (ends_note (arietta_event_get_sort (token, NULL)))
            {
              *distance = MIN (ABS (b - self->bar), COMPOSER_TRUSTS) - 1;
              return token;
            }
        }
    }

  return NONE;
}

static void
suggest (AriettaComposerEcho     *self,
         const AriettaEventPlace *place,
         AriettaEventSort         last,
         gint32                   trusts[COMPOSER_ECHOES])
{
  int column = self->slot >= 0 ? self->slot : N_SLOTS;

  for (int k = 0; k < COMPOSER_ECHOES; k++)
    {
      self->said[k] = NONE;
      trusts[k] = k < PASSAGE ? self->trust[k][column] : 0;
    }
  if (self->bar < 0 || self->bar >= MAX_BARS)
    return;

  if (self->slot < 0)
    {
      for (int k = 0; k < N_LAGS && !place->filling; k++)
        if (lags[k] < 0 && self->bar + lags[k] >= 0 && last != ARIETTA_EVENT_MASK)
          self->said[k] = self->opening[self->bar + lags[k]];
      return;
    }

  for (int k = 0; k < N_LAGS; k++)
    {
      const Cell *cell = find_cell (self, self->bar + lags[k], self->slot);

      if (cell != NULL)
        self->said[k] =
          align (self, cell, last,
                 place->filling ? arietta_event_make (place->n_masked > 0 ? ARIETTA_EVENT_CELL
                                                                          : ARIETTA_EVENT_DONE, 0)
                                : cell->after);
    }
  self->said[OTHER_PART] = ask_other_part (self, last);
  {
    guint length;

    self->said[PASSAGE] = find_passage (self, place, &length);
    trusts[PASSAGE] = (gint32) length;
  }
  self->said[BEFORE] = find_edge (self, -1, &trusts[BEFORE]);
  if (place->filling)
    self->said[BEHIND] = find_edge (self, 1, &trusts[BEHIND]);
}

/* Public */

AriettaComposerEcho *
arietta_composer_echo_new (void)
{
  AriettaComposerEcho *self = g_new0 (AriettaComposerEcho, 1);

  self->tokens = g_array_new (FALSE, FALSE, sizeof (AriettaEvent16));
  for (int s = 0; s < N_SLOTS; s++)
    {
      self->streams[s].tokens = g_array_new (FALSE, FALSE, sizeof (AriettaEvent16));
      self->streams[s].bars = g_array_new (FALSE, FALSE, sizeof (guint16));
      self->streams[s].matches = g_array_new (FALSE, FALSE, sizeof (guint8));
    }
  arietta_composer_echo_reset (self);

  return self;
}

void
arietta_composer_echo_free (AriettaComposerEcho *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->tokens);
  for (int s = 0; s < N_SLOTS; s++)
    {
      g_array_unref (self->streams[s].tokens);
      g_array_unref (self->streams[s].bars);
      g_array_unref (self->streams[s].matches);
    }
  g_free (self);
}

void
arietta_composer_echo_reset (AriettaComposerEcho *self)
{
  g_array_set_size (self->tokens, 0);
  for (int s = 0; s < N_SLOTS; s++)
    {
      g_array_set_size (self->streams[s].tokens, 0);
      g_array_set_size (self->streams[s].bars, 0);
      g_array_set_size (self->streams[s].matches, 0);
    }
  memset (self->trust, UNTRIED, sizeof self->trust);
  for (int k = 0; k < COMPOSER_ECHOES; k++)
    self->said[k] = NONE;
  self->n_bars = 0;
  self->bar = self->slot = NONE;
}

void
arietta_composer_echo_feed (AriettaComposerEcho     *self,
                            AriettaEvent16           token,
                            const AriettaEventPlace *place,
                            gint32                   tokens[COMPOSER_ECHOES],
                            gint32                   trusts[COMPOSER_ECHOES])
{
  guint            value;
  AriettaEventSort sort = arietta_event_get_sort (token, &value);

  judge (self, token);
  g_array_append_val (self->tokens, token);
  read_token (self, token, place, sort, value);
  suggest (self, place, sort, trusts);
  memcpy (tokens, self->said, sizeof self->said);
}
