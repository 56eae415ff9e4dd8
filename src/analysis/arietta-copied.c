#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-copied.h"

#include "analysis/arietta-parts.h"
#include "base/arietta-deflate.h"

#include <string.h>

#define N_BARS       4
#define LEAST_ONSETS 8
#define SHARE        0.9
#define LAYOUT       1

/* Places in a passage, in clicks: four bars of 10/4 and less. */
#define N_PLACES     1024
/* -30 .. 30 semitones, further is clamped; the first note; 128 drums. */
#define MOST_STEP    30
#define FIRST        (2 * MOST_STEP + 1)
#define DRUM         (FIRST + 1)
#define N_KINDS      (DRUM + 128)

typedef struct
{
  guint16 place;   /* clicks in the bar */
  guint8  kind;
} Mark;

typedef struct
{
  guint32 first;   /* mark */
  guint16 n;
  guint16 length;  /* clicks */
} Bar;

/* Bars of one part in a row: passages do not run from one to the next. */
typedef struct
{
  guint32 first, n;   /* bars */
} Run;

struct _AriettaCopied
{
  GArray *marks, *bars, *runs;

  /* Which passages have a note of a place and kind; made at the first question. */
  guint32 *starts;     /* N_PLACES * N_KINDS + 1 */
  guint32 *postings;   /* numbers of passages */
  guint16 *votes;
  guint    n_passages;
};

AriettaCopied *
arietta_copied_new (void)
{
  AriettaCopied *self = g_new0 (AriettaCopied, 1);

  self->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  self->bars = g_array_new (FALSE, FALSE, sizeof (Bar));
  self->runs = g_array_new (FALSE, FALSE, sizeof (Run));

  return self;
}

static void
forget_index (AriettaCopied *self)
{
  g_clear_pointer (&self->starts, g_free);
  g_clear_pointer (&self->postings, g_free);
  g_clear_pointer (&self->votes, g_free);
}

void
arietta_copied_free (AriettaCopied *self)
{
  if (self == NULL)
    return;

  forget_index (self);
  g_array_unref (self->marks);
  g_array_unref (self->bars);
  g_array_unref (self->runs);
  g_free (self);
}

static void
add_part (AriettaCopied      *self,
          const AriettaParts *parts,
          const AriettaPart  *part)
{
  Run   run = { .first = self->bars->len };
  guint i = 0;
  int   before = -1;

  for (guint b = 0; b < parts->n_bars; b++)
    {
      Bar bar = { .first = self->marks->len, .length = (guint16) MIN (parts->lengths[b], 0xffff) };

      for (; i < part->notes->len && g_array_index (part->notes, AriettaPartNote, i).bar == b; i++)
        {
          const AriettaPartNote *note = &g_array_index (part->notes, AriettaPartNote, i);
          int                    step = before >= 0 ? note->pitch - before : 0;
          Mark                   mark = { .place = (guint16) CLAMP (note->onset, 0, 0xffff) };

          mark.kind = (guint8) (part->percussion ? DRUM + (note->pitch & 127)
                                                 : CLAMP (step, -MOST_STEP, MOST_STEP) + MOST_STEP);
          before = note->pitch;
          if (bar.n < 0xffff)
            {
              g_array_append_val (self->marks, mark);
              bar.n++;
            }
        }
      if (b > 0 || !parts->pickup)
        g_array_append_val (self->bars, bar);
    }

  run.n = self->bars->len - run.first;
  g_array_append_val (self->runs, run);
}

void
arietta_copied_add (AriettaCopied *self,
                    AriettaPiece  *piece)
{
  g_autoptr(AriettaParts) parts = arietta_parts_new (piece);

  forget_index (self);
  for (guint p = 0; p < parts->parts->len; p++)
    add_part (self, parts, &g_array_index (parts->parts, AriettaPart, p));
}

/* The notes of the passage that begins at @bar as keys of the index, at most @most; -1 when it is
 * no passage. */
static int
describe_passage (AriettaCopied *self,
                  const Run     *run,
                  guint          bar,
                  guint32       *keys,
                  int            most,
                  gboolean      *drums)
{
  int offset = 0, n = 0, onsets = 0, last = -1;

  if (bar + N_BARS > run->n)
    return -1;

  *drums = FALSE;
  for (guint b = bar; b < bar + N_BARS; b++)
    {
      const Bar *place = &g_array_index (self->bars, Bar, run->first + b);

      for (guint i = 0; i < place->n; i++)
        {
          const Mark *mark = &g_array_index (self->marks, Mark, place->first + i);
          int         at = offset + mark->place;

          if (at >= N_PLACES || n >= most)
            return -1;
          if (mark->kind >= DRUM)
            *drums = TRUE;
          onsets += at != last;
          last = at;
          keys[n] = (guint32) at * N_KINDS + (n == 0 && mark->kind < DRUM ? FIRST : mark->kind);
          n++;
        }
      offset += place->length;
    }

  return onsets >= LEAST_ONSETS ? n : -1;
}

#define MOST_NOTES 1024

/* Once to count (postings NULL), once to fill. */
static void
scan_passages (AriettaCopied *self)
{
  guint32  keys[MOST_NOTES];
  gboolean drums;

  self->n_passages = 0;
  for (guint r = 0; r < self->runs->len; r++)
    {
      const Run *run = &g_array_index (self->runs, Run, r);

      for (guint bar = 0; bar + N_BARS <= run->n; bar++)
        {
          int n = describe_passage (self, run, bar, keys, MOST_NOTES, &drums);

          if (n < 0)
            continue;
          for (int i = 0; i < n; i++)
            {
              if (self->postings == NULL)
                self->starts[keys[i] + 1]++;
              else
                self->postings[self->starts[keys[i]]++] = self->n_passages;
            }
          self->n_passages++;
        }
    }
}

static void
make_index (AriettaCopied *self)
{
  const guint n_keys = N_PLACES * N_KINDS;

  if (self->starts != NULL)
    return;

  self->starts = g_new0 (guint32, n_keys + 1);
  scan_passages (self);
  for (guint k = 0; k < n_keys; k++)
    self->starts[k + 1] += self->starts[k];
  self->postings = g_new (guint32, MAX (self->starts[n_keys], 1));
  scan_passages (self);
  /* Filling moved each start to the next one's. */
  memmove (self->starts + 1, self->starts, sizeof (guint32) * n_keys);
  self->starts[0] = 0;
  self->votes = g_new0 (guint16, MAX (self->n_passages, 1));
}

static gboolean
is_copied (AriettaCopied *self,
           const guint32 *keys,
           int            n)
{
  int      wanted = (int) (SHARE * n + 0.9999);
  gboolean found = FALSE;

  memset (self->votes, 0, sizeof (guint16) * self->n_passages);
  for (int i = 0; i < n && !found; i++)
    for (guint32 p = self->starts[keys[i]]; p < self->starts[keys[i] + 1]; p++)
      if (++self->votes[self->postings[p]] >= wanted)
        found = TRUE;

  return found;
}

void
arietta_copied_measure (AriettaCopied      *self,
                        AriettaPiece       *piece,
                        AriettaCopiedCount *count)
{
  g_autoptr(AriettaCopied) asked = arietta_copied_new ();
  guint32                  keys[MOST_NOTES];
  gboolean                 drums;

  make_index (self);
  arietta_copied_add (asked, piece);
  for (guint r = 0; r < asked->runs->len; r++)
    {
      const Run *run = &g_array_index (asked->runs, Run, r);

      for (guint bar = 0; bar + N_BARS <= run->n; bar++)
        {
          int n = describe_passage (asked, run, bar, keys, MOST_NOTES, &drums);

          if (n < 0)
            continue;
          *(drums ? &count->drum_passages : &count->passages) += 1;
          if (is_copied (self, keys, n))
            *(drums ? &count->drum_copied : &count->copied) += 1;
        }
    }
}

/* Nothing that is believed inflates to more. */
#define MOST_BYTES (256u << 20)

/* --- bytes ---
 *
 * Little-endian 16-bit words: layout, then of each run the number of bars, of each bar length and
 * number of notes, of each note its place and, in one byte, its kind.  All of it deflated. */

static void
put (GByteArray *bytes,
     guint       word)
{
  guint8 two[2] = { (guint8) word, (guint8) (word >> 8) };

  g_byte_array_append (bytes, two, 2);
}

GBytes *
arietta_copied_store (AriettaCopied *self)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  put (bytes, LAYOUT);
  for (guint r = 0; r < self->runs->len; r++)
    {
      const Run *run = &g_array_index (self->runs, Run, r);

      put (bytes, MIN (run->n, 0xffff));
      for (guint b = 0; b < MIN (run->n, 0xffff); b++)
        {
          const Bar *bar = &g_array_index (self->bars, Bar, run->first + b);

          put (bytes, bar->length);
          put (bytes, bar->n);
          for (guint i = 0; i < bar->n; i++)
            {
              const Mark *mark = &g_array_index (self->marks, Mark, bar->first + i);

              put (bytes, mark->place);
              g_byte_array_append (bytes, &mark->kind, 1);
            }
        }
    }

  return arietta_deflate (bytes->data, bytes->len);
}

/* FALSE past the end. */
static gboolean
get (const guint8 **at,
     const guint8  *end,
     guint          n,
     guint         *word)
{
  if ((gsize) (end - *at) < n)
    return FALSE;

  *word = n == 1 ? (*at)[0] : (guint) ((*at)[0] | (*at)[1] << 8);
  *at += n;
  return TRUE;
}

static gboolean
read_run (AriettaCopied  *self,
          const guint8  **at,
          const guint8   *end)
{
  Run   run = { .first = self->bars->len };
  guint n_bars, length, n, place, kind;

  if (!get (at, end, 2, &n_bars))
    return FALSE;

  for (guint b = 0; b < n_bars; b++)
    {
      Bar bar = { .first = self->marks->len };

      if (!get (at, end, 2, &length) || !get (at, end, 2, &n))
        return FALSE;
      bar.length = (guint16) length;
      bar.n = (guint16) n;
      for (guint i = 0; i < n; i++)
        {
          Mark mark;

          if (!get (at, end, 2, &place) || !get (at, end, 1, &kind) || kind >= N_KINDS)
            return FALSE;
          mark = (Mark) { .place = (guint16) place, .kind = (guint8) kind };
          g_array_append_val (self->marks, mark);
        }
      g_array_append_val (self->bars, bar);
    }

  run.n = n_bars;
  g_array_append_val (self->runs, run);
  return TRUE;
}

AriettaCopied *
arietta_copied_restore (const guint8 *bytes,
                        gsize         n_bytes)
{
  g_autoptr(GBytes)        plain = arietta_inflate (bytes, n_bytes, MOST_BYTES);
  g_autoptr(AriettaCopied) self = arietta_copied_new ();
  const guint8            *at, *end;
  gsize                    n_plain;
  guint                    layout;

  if (plain == NULL)
    return NULL;

  at = g_bytes_get_data (plain, &n_plain);
  end = at + n_plain;
  if (n_plain == 0 || !get (&at, end, 2, &layout) || layout != LAYOUT)
    return NULL;
  while (at < end)
    if (!read_run (self, &at, end))
      return NULL;

  return g_steal_pointer (&self);
}
