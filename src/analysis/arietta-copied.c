#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-copied.h"

#include "base/arietta-deflate.h"

#include <string.h>

#define N_BARS       ARIETTA_COPIED_BARS
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
  gatomicrefcount ref_count;
  GArray         *marks, *bars, *runs;

  /* Which passages have a note of a place and kind; made at the first question. */
  guint32 *starts;     /* N_PLACES * N_KINDS + 1 */
  guint32 *postings;   /* numbers of passages */
  guint    n_passages;
};

AriettaCopied *
arietta_copied_new (void)
{
  AriettaCopied *self = g_new0 (AriettaCopied, 1);

  g_atomic_ref_count_init (&self->ref_count);
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
}

AriettaCopied *
arietta_copied_ref (AriettaCopied *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
arietta_copied_unref (AriettaCopied *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  forget_index (self);
  g_array_unref (self->marks);
  g_array_unref (self->bars);
  g_array_unref (self->runs);
  g_free (self);
}

/* The bars from @first_bar on. */
static void
add_part (AriettaCopied         *self,
          const AriettaPartNote *notes,
          guint                  n,
          gboolean               percussion,
          const int             *lengths,
          guint                  first_bar,
          guint                  n_bars)
{
  Run   run = { .first = self->bars->len };
  guint i = 0;
  int   before = -1;

  for (guint b = 0; b < n_bars; b++)
    {
      Bar bar = { .first = self->marks->len, .length = (guint16) MIN (lengths[b], 0xffff) };

      for (; i < n && notes[i].bar == b; i++)
        {
          int  step = before >= 0 ? notes[i].pitch - before : 0;
          Mark mark = { .place = (guint16) CLAMP (notes[i].onset, 0, 0xffff) };

          mark.kind = (guint8) (percussion ? DRUM + (notes[i].pitch & 127)
                                           : CLAMP (step, -MOST_STEP, MOST_STEP) + MOST_STEP);
          before = notes[i].pitch;
          if (bar.n < 0xffff)
            {
              g_array_append_val (self->marks, mark);
              bar.n++;
            }
        }
      if (b >= first_bar)
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
    {
      const AriettaPart *part = &g_array_index (parts->parts, AriettaPart, p);

      add_part (self, (const AriettaPartNote *) (gpointer) part->notes->data, part->notes->len, part->percussion,
                parts->lengths, parts->pickup ? 1 : 0, parts->n_bars);
    }
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

void
arietta_copied_prepare (AriettaCopied *self)
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
}

/* @votes has room for all passages. */
static gboolean
is_copied (AriettaCopied *self,
           guint16       *votes,
           const guint32 *keys,
           int            n)
{
  int      wanted = (int) (SHARE * n + 0.9999);
  gboolean found = FALSE;

  memset (votes, 0, sizeof (guint16) * self->n_passages);
  for (int i = 0; i < n && !found; i++)
    for (guint32 p = self->starts[keys[i]]; p < self->starts[keys[i] + 1]; p++)
      if (++votes[self->postings[p]] >= wanted)
        found = TRUE;

  return found;
}

/* Those of @asked in @self. */
static void
count_passages (AriettaCopied      *self,
                AriettaCopied      *asked,
                AriettaCopiedCount *count)
{
  g_autofree guint16 *votes = g_new (guint16, MAX (self->n_passages, 1));
  guint32             keys[MOST_NOTES];
  gboolean            drums;

  for (guint r = 0; r < asked->runs->len; r++)
    {
      const Run *run = &g_array_index (asked->runs, Run, r);

      for (guint bar = 0; bar + N_BARS <= run->n; bar++)
        {
          int n = describe_passage (asked, run, bar, keys, MOST_NOTES, &drums);

          if (n < 0)
            continue;
          *(drums ? &count->drum_passages : &count->passages) += 1;
          if (is_copied (self, votes, keys, n))
            *(drums ? &count->drum_copied : &count->copied) += 1;
        }
    }
}

void
arietta_copied_measure (AriettaCopied      *self,
                        AriettaPiece       *piece,
                        AriettaCopiedCount *count)
{
  g_autoptr(AriettaCopied) asked = arietta_copied_new ();

  arietta_copied_prepare (self);
  arietta_copied_add (asked, piece);
  count_passages (self, asked, count);
}

gboolean
arietta_copied_has (AriettaCopied         *self,
                    const AriettaPartNote *notes,
                    guint                  n,
                    gboolean               percussion,
                    const int              lengths[ARIETTA_COPIED_BARS])
{
  g_autoptr(AriettaCopied) asked = arietta_copied_new ();
  AriettaCopiedCount       count = { 0 };

  arietta_copied_prepare (self);
  add_part (asked, notes, n, percussion, lengths, 0, N_BARS);
  count_passages (self, asked, &count);

  return count.copied + count.drum_copied > 0;
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
