#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-chord-finder.h"

#include <string.h>

#include "analysis/arietta-key-finder.h"
#include "music/arietta-bar-map.h"

/* In units of a beat's sounding time. */
#define OUTSIDE 1.0          /* lost for what sounds and does not belong */
#define ROOT_BONUS 0.25      /* for the root among what sounds */
#define BASS_BONUS 0.45      /* for the root as the lowest */
#define MISSING 0.12         /* lost for each note of the chord that does not sound */
#define CHANGE 0.55          /* lost for a change within a bar */
#define CHANGE_AT_BAR 0.2
#define MOST_BEATS 200000    /* of a file that makes no sense */
#define MOST_HELD 128        /* beats; an organ point longer than that says nothing more */

typedef struct
{
  gint64   start;
  gboolean begins_bar;
  double   weights[12];
  int      lowest;      /* pitch; 128: silence */
} Beat;

/* XF kinds, and how much less likely than a plain triad each is. */
static const struct
{
  int    kind;
  double rare;
} kinds[] = {
  { 0, 0.0 }, { 8, 0.0 }, { 19, 0.06 }, { 10, 0.08 }, { 2, 0.1 }, { 17, 0.08 }, { 11, 0.12 }, { 18, 0.12 }, { 32, 0.12 },
  { 7, 0.15 },
};

#define N_STATES (12 * G_N_ELEMENTS (kinds))

/* A quarter, or what the metre counts in: three eighths in 6/8. */
static gint64
get_beat_length (const AriettaBar *bar,
                 int               ticks_per_quarter)
{
  gint64 unit = MAX ((gint64) ticks_per_quarter * 4 / bar->denominator, 1);

  if (bar->denominator >= 8)
    return bar->numerator % 3 == 0 ? 3 * unit : MAX (ticks_per_quarter, 1);
  return unit;
}

static GArray *
make_beats (AriettaPiece *piece)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (piece);
  GArray *beats = g_array_new (FALSE, FALSE, sizeof (Beat));
  gint64 end = arietta_piece_get_notes_end_ticks (piece);

  for (guint nth = 0; nth < arietta_bar_map_get_n (bars) && beats->len < MOST_BEATS; nth++)
    {
      const AriettaBar *bar = arietta_bar_map_get_nth (bars, nth);
      gint64 length = get_beat_length (bar, arietta_piece_get_ticks_per_quarter (piece));

      if (bar->start_ticks >= end)
        break;
      for (gint64 at = 0; at < bar->length_ticks && beats->len < MOST_BEATS; at += length)
        {
          Beat beat = { .start = bar->start_ticks + at, .begins_bar = at == 0, .lowest = 128 };

          g_array_append_val (beats, beat);
        }
    }
  return beats;
}

/* The last beat that begins at or before @tick. */
static guint
find_beat (GArray *beats,
           gint64  tick)
{
  guint low = 0, high = beats->len;

  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (beats, Beat, middle).start <= tick)
        low = middle;
      else
        high = middle;
    }
  return low;
}

static void
weigh_note (GArray            *beats,
            const AriettaNote *note)
{
  gint64 end = note->onset_ticks + MAX (note->duration_ticks, 1);

  const guint first = find_beat (beats, note->onset_ticks);

  for (guint nth = first; nth < MIN (beats->len, first + MOST_HELD); nth++)
    {
      Beat *beat = &g_array_index (beats, Beat, nth);
      gint64 next = nth + 1 < beats->len ? g_array_index (beats, Beat, nth + 1).start : G_MAXINT64;
      gint64 from = MAX (note->onset_ticks, beat->start), to = MIN (end, next);
      double length = (double) (next != G_MAXINT64 ? next - beat->start : MAX (end - beat->start, 1));

      if (beat->start >= end)
        break;
      if (to <= from)
        continue;
      beat->weights[note->pitch % 12] += (double) (to - from) / length;
      /* What only touches the beat is no bass of it. */
      if ((double) (to - from) >= length / 3)
        beat->lowest = MIN (beat->lowest, note->pitch);
    }
}

static void
score_states (const Beat *beat,
              double      scores[N_STATES])
{
  double total = 0;

  for (int i = 0; i < 12; i++)
    total += beat->weights[i];
  if (total <= 0)
    {
      memset (scores, 0, N_STATES * sizeof *scores);
      return;
    }

  for (guint state = 0; state < N_STATES; state++)
    {
      int root = (int) (state % 12), nth = (int) (state / 12);
      guint classes = arietta_chord_kind_get_classes (kinds[nth].kind);
      double score = -kinds[nth].rare;

      for (int i = 0; i < 12; i++)
        {
          double share = beat->weights[(root + i) % 12] / total;

          if ((classes >> i & 1) != 0)
            score += share > 0 ? share : -MISSING;
          else
            score -= OUTSIDE * share;
        }
      if (beat->weights[root] > 0)
        score += ROOT_BONUS;
      if (beat->lowest < 128 && beat->lowest % 12 == root)
        score += BASS_BONUS;
      scores[state] = score;
    }
}

/* The best path; @path gets a state for each beat. */
static void
find_path (GArray *beats,
           guint8 *path)
{
  g_autofree guint8 *came_from = g_malloc ((gsize) beats->len * N_STATES);
  double best[N_STATES] = { 0 }, scores[N_STATES], next[N_STATES];
  guint last = 0;

  for (guint nth = 0; nth < beats->len; nth++)
    {
      const Beat *beat = &g_array_index (beats, Beat, nth);
      double change = beat->begins_bar ? CHANGE_AT_BAR : CHANGE;
      guint top = 0;

      score_states (beat, scores);
      for (guint state = 1; state < N_STATES; state++)
        if (best[state] > best[top])
          top = state;
      for (guint state = 0; state < N_STATES; state++)
        {
          gboolean stays = best[state] >= best[top] - change;

          next[state] = scores[state] + (stays ? best[state] : best[top] - change);
          came_from[(gsize) nth * N_STATES + state] = (guint8) (stays ? state : top);
        }
      memcpy (best, next, sizeof best);
    }

  for (guint state = 1; state < N_STATES; state++)
    if (best[state] > best[last])
      last = state;
  for (guint nth = beats->len; nth > 0; nth--)
    {
      path[nth - 1] = (guint8) last;
      last = came_from[(gsize) (nth - 1) * N_STATES + last];
    }
}

static gboolean
is_silent (const Beat *beat)
{
  for (int i = 0; i < 12; i++)
    if (beat->weights[i] > 0)
      return FALSE;
  return TRUE;
}

/* Bars, counted from beat @nth on, without a pitched note. */
static guint
count_silent_bars (GArray *beats,
                   guint   nth)
{
  guint bars = 0;

  for (; nth < beats->len && is_silent (&g_array_index (beats, Beat, nth)); nth++)
    bars += g_array_index (beats, Beat, nth).begins_bar;
  return bars;
}

GArray *
arietta_chord_finder_find (AriettaPiece *piece)
{
  GArray *chords = g_array_new (FALSE, FALSE, sizeof (AriettaChordMark));
  g_autoptr(GArray) beats = NULL;
  g_autofree guint8 *path = NULL;
  gboolean any = FALSE, flats;
  int before = -1;

  g_return_val_if_fail (piece != NULL, chords);

  beats = make_beats (piece);
  for (guint i = 0; i < arietta_piece_get_n_tracks (piece) && beats->len > 0; i++)
    {
      guint n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, i), &n);

      for (guint k = 0; k < n; k++)
        if (notes[k].channel != 9)
          {
            weigh_note (beats, &notes[k]);
            any = TRUE;
          }
    }
  if (!any)
    return chords;

  flats = arietta_tonality_get_sharps (arietta_key_finder_estimate (piece, NULL)) < 0;
  path = g_malloc (beats->len);
  find_path (beats, path);
  for (guint nth = 0; nth < beats->len; nth++)
    {
      const Beat *beat = &g_array_index (beats, Beat, nth);
      gboolean silent = is_silent (beat);
      AriettaChordMark mark = { .tick = beat->start };

      /* A rest keeps its chord; a long one has none. */
      if (silent && (before == (int) N_STATES || (count_silent_bars (beats, nth) < 2 && before >= 0)))
        continue;
      if (!silent && path[nth] == before)
        continue;
      before = silent ? (int) N_STATES : path[nth];
      mark.chord = silent ? (AriettaChord) { .kind = ARIETTA_CHORD_KIND_NONE, .bass_step = -1 }
                          : arietta_chord_from_class (path[nth] % 12, kinds[path[nth] / 12].kind, flats);
      g_array_append_val (chords, mark);
    }
  return chords;
}
