#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-notation.h"

#include <math.h>
#include <string.h>

#define QUARTER     ARIETTA_NOTATION_PER_QUARTER
#define MAX_VOICES  8
#define CLOSE       1.0    /* 24ths from a grid that every onset may be */
#define RINGS_INTO  6      /* 24ths that a note may ring into the next */

/* Coarse ones first. */
static const int grids[] = { 12, 6, 8, 3, 4 };

typedef struct
{
  int    onset, end;      /* from the beginning */
  guint  voice;
  gint64 tick;
  guint  n_pitches;
  guint8 pitches[ARIETTA_NOTATION_MAX_CHORD];
  guint8 velocities[ARIETTA_NOTATION_MAX_CHORD];
} Group;

typedef struct
{
  const int *starts;
  guint      n_bars;
  int        tpq;
  guint     *first_beat;  /* (n_bars + 1): of a bar, in the list of all beats */
  guint8    *grid;        /* (beats) */
} Layout;

int *
arietta_notation_dup_starts (AriettaBarMap *bars,
                             guint          n_bars,
                             int            ticks_per_quarter)
{
  int *starts = g_new (int, n_bars + 1);

  for (guint b = 0; b <= n_bars; b++)
    {
      starts[b] = (int) lround ((double) arietta_bar_map_get_start (bars, b) * QUARTER / ticks_per_quarter);
      /* A bar that is no 24th long cannot be written. */
      if (b > 0 && starts[b] <= starts[b - 1])
        starts[b] = starts[b - 1] + 1;
    }

  return starts;
}

static guint
find_bar (const Layout *self,
          double        at)
{
  guint low = 0, high = self->n_bars;

  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (self->starts[middle] <= at)
        low = middle;
      else
        high = middle;
    }

  return low;
}

/* The beat of the bar that @at belongs to; a hair before a line counts as behind it. */
static guint
find_beat (const Layout *self,
           double        at,
           guint        *bar)
{
  *bar = find_bar (self, at + 1.0);

  return self->first_beat[*bar] + (guint) MAX (0.0, floor ((at + 1.0 - self->starts[*bar]) / QUARTER));
}

static double
to_units (const Layout *self,
          gint64        ticks)
{
  return (double) ticks * QUARTER / self->tpq;
}

static double
get_distance (double position,
              int    grid)
{
  return fabs (position - grid * round (position / grid));
}

static void
choose_grids (Layout            *self,
              const AriettaNote *notes,
              guint              n)
{
  guint              n_beats = self->first_beat[self->n_bars];
  g_autofree double *sums = g_new0 (double, n_beats * G_N_ELEMENTS (grids));
  g_autofree double *most = g_new0 (double, n_beats * G_N_ELEMENTS (grids));
  g_autofree guint  *counts = g_new0 (guint, n_beats);

  for (guint i = 0; i < n; i++)
    {
      double at = to_units (self, notes[i].onset_ticks);
      guint  bar, beat = find_beat (self, at, &bar);

      if (beat >= n_beats)
        continue;
      counts[beat]++;
      for (guint g = 0; g < G_N_ELEMENTS (grids); g++)
        {
          double distance = get_distance (at - self->starts[bar], grids[g]);

          sums[beat * G_N_ELEMENTS (grids) + g] += distance;
          most[beat * G_N_ELEMENTS (grids) + g] = MAX (most[beat * G_N_ELEMENTS (grids) + g], distance);
        }
    }

  for (guint beat = 0; beat < n_beats; beat++)
    {
      const double *sum = &sums[beat * G_N_ELEMENTS (grids)], *far = &most[beat * G_N_ELEMENTS (grids)];
      guint         best = 0;

      /* The first that fits; where none does, the nearest. */
      for (guint g = 1; g < G_N_ELEMENTS (grids) && far[best] > CLOSE; g++)
        if (far[g] <= CLOSE || sum[g] < sum[best])
          best = g;
      self->grid[beat] = (guint8) (counts[beat] > 0 ? grids[best] : grids[1]);
    }
}

static int
snap (const Layout *self,
      double        at,
      int          *grid)
{
  guint bar, beat = find_beat (self, at, &bar);
  int   position;

  *grid = beat < self->first_beat[self->n_bars] ? self->grid[beat] : grids[1];
  position = *grid * (int) lround ((at - self->starts[bar]) / *grid);

  return MIN (self->starts[bar] + MAX (position, 0), self->starts[bar + 1]);
}

static int
compare_groups (gconstpointer a,
                gconstpointer b)
{
  const Group *x = a, *y = b;

  if (x->onset != y->onset)
    return x->onset < y->onset ? -1 : 1;
  if (x->end != y->end)
    return x->end > y->end ? -1 : 1;

  return (int) y->pitches[0] - (int) x->pitches[0];
}

/* Single notes, snapped. */
static GArray *
snap_notes (const Layout      *self,
            const AriettaNote *notes,
            guint              n,
            gboolean           drums)
{
  GArray *groups = g_array_sized_new (FALSE, TRUE, sizeof (Group), n);

  for (guint i = 0; i < n; i++)
    {
      int   grid, end_grid;
      Group group = { .tick = notes[i].onset_ticks, .n_pitches = 1, .pitches = { notes[i].pitch },
                    .velocities = { notes[i].velocity } };

      group.onset = snap (self, to_units (self, notes[i].onset_ticks), &grid);
      group.end = snap (self, to_units (self, notes[i].onset_ticks + notes[i].duration_ticks), &end_grid);
      if (drums || group.end <= group.onset)
        group.end = group.onset + grid;
      group.end = MIN (group.end, self->starts[self->n_bars]);
      if (group.end > group.onset)
        g_array_append_val (groups, group);
    }
  g_array_sort (groups, compare_groups);

  return groups;
}

static void
cut_ringing (GArray *groups)
{
  for (guint i = 0; i < groups->len; i++)
    {
      Group *group = &g_array_index (groups, Group, i);
      guint  k = i + 1;

      while (k < groups->len && g_array_index (groups, Group, k).onset == group->onset)
        k++;
      if (k < groups->len && group->end > g_array_index (groups, Group, k).onset
          && group->end - g_array_index (groups, Group, k).onset <= RINGS_INTO)
        group->end = g_array_index (groups, Group, k).onset;
    }
  g_array_sort (groups, compare_groups);
}

/* Equal onsets and ends are one chord. */
static void
join_chords (GArray *groups)
{
  guint kept = 0;

  for (guint i = 0; i < groups->len; i++)
    {
      Group  group = g_array_index (groups, Group, i);
      Group *last = kept > 0 ? &g_array_index (groups, Group, kept - 1) : NULL;

      if (last != NULL && last->onset == group.onset && last->end == group.end
          && last->n_pitches < ARIETTA_NOTATION_MAX_CHORD)
        {
          if (last->pitches[last->n_pitches - 1] == group.pitches[0])
            continue;
          last->velocities[last->n_pitches] = group.velocities[0];
          last->pitches[last->n_pitches++] = group.pitches[0];
        }
      else
        g_array_index (groups, Group, kept++) = group;
    }
  g_array_set_size (groups, kept);
}

static void
deal_voices (GArray *groups)
{
  int last[MAX_VOICES];   /* group of the voice; -1: none */

  for (guint v = 0; v < MAX_VOICES; v++)
    last[v] = -1;
  for (guint i = 0; i < groups->len; i++)
    {
      Group *group = &g_array_index (groups, Group, i);
      guint  v = 0;

      while (v < MAX_VOICES && last[v] >= 0 && g_array_index (groups, Group, last[v]).end > group->onset)
        v++;
      /* More at once than a staff can hold: the note that began first gives way. */
      if (v == MAX_VOICES)
        {
          v = 0;
          for (guint k = 1; k < MAX_VOICES; k++)
            if (g_array_index (groups, Group, last[k]).onset < g_array_index (groups, Group, last[v]).onset)
              v = k;
          g_array_index (groups, Group, last[v]).end = group->onset;
        }
      group->voice = v;
      last[v] = (int) i;
    }
}

/* --- signs --- */

typedef struct
{
  int                 length;
  AriettaNotationType type;
  gboolean            dotted, triplet;
} Sign;

static const Sign whole_beats[] = {
  { 96, ARIETTA_NOTATION_WHOLE, FALSE, FALSE }, { 72, ARIETTA_NOTATION_HALF, TRUE, FALSE },
  { 48, ARIETTA_NOTATION_HALF, FALSE, FALSE },  { 24, ARIETTA_NOTATION_QUARTER, FALSE, FALSE },
};
static const Sign halves[] = {
  { 18, ARIETTA_NOTATION_EIGHTH, TRUE, FALSE }, { 12, ARIETTA_NOTATION_EIGHTH, FALSE, FALSE },
  { 9, ARIETTA_NOTATION_16TH, TRUE, FALSE },    { 6, ARIETTA_NOTATION_16TH, FALSE, FALSE },
  { 3, ARIETTA_NOTATION_32ND, FALSE, FALSE },
};
static const Sign thirds[] = {
  { 16, ARIETTA_NOTATION_QUARTER, FALSE, TRUE }, { 8, ARIETTA_NOTATION_EIGHTH, FALSE, TRUE },
  { 4, ARIETTA_NOTATION_16TH, FALSE, TRUE },
};
static const Sign dotted_quarter = { 36, ARIETTA_NOTATION_QUARTER, TRUE, FALSE };

static gboolean
in_thirds (const Layout *self,
           guint         bar,
           int           position)
{
  guint beat = self->first_beat[bar] + (guint) (position / QUARTER);

  return self->grid[beat] == 8 || self->grid[beat] == 4;
}

/* The longest sign that may stand at @position of the bar, up to @end. */
static Sign
choose_sign (const Layout *self,
             guint         bar,
             int           position,
             int           end)
{
  int         left = end - position, in_beat = QUARTER - position % QUARTER;
  const Sign *signs = in_thirds (self, bar, position) ? thirds : halves;
  guint       n = signs == thirds ? G_N_ELEMENTS (thirds) : G_N_ELEMENTS (halves);

  if (in_beat == QUARTER && left == 36 && !in_thirds (self, bar, position + QUARTER))
    return dotted_quarter;
  if (in_beat == QUARTER && left >= QUARTER)
    for (guint i = 0; i < G_N_ELEMENTS (whole_beats); i++)
      if (whole_beats[i].length <= left)
        return whole_beats[i];

  left = MIN (left, in_beat);
  for (guint i = 0; i < n; i++)
    if (signs[i].length <= left)
      return signs[i];

  /* What has no sign takes the shortest one and its own length. */
  return (Sign) { left, ARIETTA_NOTATION_32ND, FALSE, FALSE };
}

static void
put_signs (const Layout              *self,
           GArray                    *signs,
           const AriettaNotationSign *like,
           int                        end,
           gboolean                   goes_on)
{
  AriettaNotationSign sign = *like;

  while (sign.position < end)
    {
      Sign chosen = choose_sign (self, sign.bar, sign.position, end);

      sign.length = chosen.length;
      sign.type = chosen.type;
      sign.dotted = chosen.dotted;
      sign.triplet = chosen.triplet;
      sign.tie_to = sign.n_pitches > 0 && (sign.position + sign.length < end || goes_on);
      g_array_append_val (signs, sign);
      sign.position += sign.length;
      sign.tie_from = sign.tie_to;
    }
}

static void
put_rest (const Layout *self,
          GArray       *signs,
          guint         bar,
          guint         voice,
          int           from,
          int           end)
{
  int                 length = self->starts[bar + 1] - self->starts[bar];
  AriettaNotationSign rest = { .bar = bar, .voice = voice, .position = from };

  if (from == 0 && end == length)
    {
      rest.length = length;
      rest.whole_bar = TRUE;
      g_array_append_val (signs, rest);
    }
  else
    put_signs (self, signs, &rest, end, FALSE);
}

/* The signs of one voice in one bar; @nth is its first group that ends behind the bar's start, and moves on. */
static void
write_bar (const Layout *self,
           GArray       *groups,
           guint         voice,
           guint         bar,
           guint        *nth,
           GArray       *signs)
{
  int   start = self->starts[bar], length = self->starts[bar + 1] - start, cursor = 0;
  guint first_sign = signs->len;

  for (; *nth < groups->len; (*nth)++)
    {
      const Group        *group = &g_array_index (groups, Group, *nth);
      int                 from = MAX (group->onset - start, 0), to = MIN (group->end - start, length);
      AriettaNotationSign sign = { .bar = bar, .voice = voice, .position = from, .tick = group->tick,
                                   .tie_from = group->onset < start, .n_pitches = group->n_pitches };

      if (group->voice != voice || group->end <= start || group->end <= group->onset)
        continue;
      if (from >= length)
        break;
      if (from > cursor)
        put_rest (self, signs, bar, voice, cursor, from);
      memcpy (sign.pitches, group->pitches, sizeof sign.pitches);
      memcpy (sign.velocities, group->velocities, sizeof sign.velocities);
      put_signs (self, signs, &sign, to, group->end - start > length);
      cursor = to;
      if (group->end - start > length)
        break;
    }
  if (cursor == 0 && voice > 0)
    return;
  if (cursor < length)
    put_rest (self, signs, bar, voice, cursor, length);

  for (guint i = first_sign; i < signs->len; i++)
    {
      AriettaNotationSign *sign = &g_array_index (signs, AriettaNotationSign, i);
      AriettaNotationSign *before = i > first_sign ? sign - 1 : NULL;

      if (!sign->triplet)
        continue;
      sign->tuplet_begins = before == NULL || !before->triplet
                            || before->position / QUARTER != sign->position / QUARTER;
      if (sign->tuplet_begins && before != NULL && before->triplet)
        before->tuplet_ends = TRUE;
      sign->tuplet_ends = i + 1 == signs->len || !(sign + 1)->triplet;
    }
}

GArray *
arietta_notation_lay_out (AriettaTrack *track,
                          const int    *starts,
                          guint         n_bars,
                          int           ticks_per_quarter)
{
  guint              n;
  const AriettaNote *notes = arietta_track_get_notes (track, &n);
  GArray            *signs = g_array_new (FALSE, FALSE, sizeof (AriettaNotationSign));
  g_autoptr(GArray)  groups = NULL;
  g_autofree guint  *first_beat = g_new0 (guint, n_bars + 1);
  g_autofree guint8 *grid = NULL;
  guint              next[MAX_VOICES] = { 0 }, n_voices = 1;
  Layout             self = { starts, n_bars, ticks_per_quarter, first_beat, NULL };

  for (guint b = 0; b < n_bars; b++)
    first_beat[b + 1] = first_beat[b] + (guint) (starts[b + 1] - starts[b] + QUARTER - 1) / QUARTER;
  self.grid = grid = g_new0 (guint8, first_beat[n_bars] + 1);
  self.grid[first_beat[n_bars]] = (guint8) grids[1];

  choose_grids (&self, notes, n);
  groups = snap_notes (&self, notes, n, arietta_track_is_percussion (track));
  cut_ringing (groups);
  join_chords (groups);
  deal_voices (groups);
  for (guint i = 0; i < groups->len; i++)
    n_voices = MAX (n_voices, g_array_index (groups, Group, i).voice + 1);

  for (guint b = 0; b < n_bars; b++)
    for (guint v = 0; v < n_voices; v++)
      write_bar (&self, groups, v, b, &next[v], signs);

  return signs;
}
