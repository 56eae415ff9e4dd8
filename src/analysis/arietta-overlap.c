#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-overlap.h"

#include "analysis/arietta-parts.h"

#include <math.h>
#include <string.h>

#define N_FEATURES ARIETTA_OVERLAP_N
#define MOST       1000   /* windows of a set */
#define N_CELLS    1024   /* of the grid on which densities are summed */
#define SIXTEENTH  (ARIETTA_CLICKS_PER_QUARTER / 4)

static const struct
{
  const char *name;
  double      bandwidth;
} features[N_FEATURES] = {
  [ARIETTA_OVERLAP_PITCH] = { "pitch", 0.5 },
  [ARIETTA_OVERLAP_DURATION] = { "duration", 0.1 },
  [ARIETTA_OVERLAP_INTERVAL] = { "interval", 0.25 },
  [ARIETTA_OVERLAP_INTER_ONSET] = { "inter_onset", 0.1 },
  [ARIETTA_OVERLAP_DENSITY] = { "density", 0.5 },
  [ARIETTA_OVERLAP_ENTROPY] = { "pitch_class_entropy", 0.1 },
  [ARIETTA_OVERLAP_SCALE] = { "scale_consistency", 0.02 },
  [ARIETTA_OVERLAP_GROOVE] = { "groove", 0.04 },
};

typedef struct
{
  guint    first, n;     /* notes of the set */
  guint    piece;
  gboolean percussion;   /* there is nothing else */
  int      lengths[2];   /* clicks of its bars */
  double   values[N_FEATURES];
} Window;

struct _AriettaOverlapSet
{
  GArray *windows;       /* Window */
  GArray *notes;         /* AriettaPartNote; onset from the window's beginning */
  guint   n_pieces;
};

const char *
arietta_overlap_get_name (AriettaOverlapFeature feature)
{
  return features[feature].name;
}

AriettaOverlapSet *
arietta_overlap_set_new (void)
{
  AriettaOverlapSet *self = g_new0 (AriettaOverlapSet, 1);

  self->windows = g_array_new (FALSE, FALSE, sizeof (Window));
  self->notes = g_array_new (FALSE, FALSE, sizeof (AriettaPartNote));

  return self;
}

void
arietta_overlap_set_free (AriettaOverlapSet *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->windows);
  g_array_unref (self->notes);
  g_free (self);
}

static int
compare_notes (gconstpointer a,
               gconstpointer b)
{
  const AriettaPartNote *x = a, *y = b;

  return x->onset != y->onset ? (x->onset < y->onset ? -1 : 1) : x->pitch - y->pitch;
}

static double
entropy_of (const int counts[12],
            int       total)
{
  double sum = 0.0;

  for (int c = 0; c < 12; c++)
    if (counts[c] > 0)
      sum -= (double) counts[c] / total * log2 ((double) counts[c] / total);

  return sum;
}

/* Natural minor has the notes of the major a third above, so twelve scales stand for all 24. */
static double
scale_of (const int counts[12],
          int       total)
{
  static const int steps[] = { 0, 2, 4, 5, 7, 9, 11 };
  int              best = 0;

  for (int tonic = 0; tonic < 12; tonic++)
    {
      int inside = 0;

      for (guint s = 0; s < G_N_ELEMENTS (steps); s++)
        inside += counts[(tonic + steps[s]) % 12];
      best = MAX (best, inside);
    }

  return (double) best / total;
}

static double
groove_of (const AriettaPartNote *notes,
           guint                  n,
           const int              lengths[2])
{
  int                   steps = (lengths[0] + SIXTEENTH - 1) / SIXTEENTH, unlike = 0;
  g_autofree gboolean  *onsets = NULL;

  if (lengths[0] != lengths[1] || steps < 1)
    return NAN;

  onsets = g_new0 (gboolean, 2 * (gsize) steps);
  for (guint i = 0; i < n; i++)
    {
      int bar = notes[i].onset >= lengths[0];
      int step = (notes[i].onset - bar * lengths[0] + SIXTEENTH / 2) / SIXTEENTH;

      onsets[bar * steps + CLAMP (step, 0, steps - 1)] = TRUE;
    }
  for (int s = 0; s < steps; s++)
    unlike += onsets[s] != onsets[steps + s];

  return 1.0 - (double) unlike / steps;
}

static void
measure_window (AriettaOverlapSet *self,
                Window            *window)
{
  const AriettaPartNote *notes = &g_array_index (self->notes, AriettaPartNote, window->first);
  double                *v = window->values, n = window->n;
  double                 pitches = 0.0, durations = 0.0, intervals = 0.0, gaps = 0.0;
  int                    classes[12] = { 0 }, n_onsets = 0, top = -1;

  for (guint i = 0; i < window->n; i++)
    {
      gboolean last = i + 1 == window->n || notes[i + 1].onset != notes[i].onset;

      pitches += notes[i].pitch;
      durations += (double) notes[i].duration / ARIETTA_CLICKS_PER_QUARTER;
      classes[notes[i].pitch % 12]++;
      /* The last of an onset is its highest. */
      if (last)
        {
          if (top >= 0)
            intervals += ABS (notes[i].pitch - top);
          top = notes[i].pitch;
          n_onsets++;
        }
    }
  gaps = (double) (notes[window->n - 1].onset - notes[0].onset) / ARIETTA_CLICKS_PER_QUARTER;

  v[ARIETTA_OVERLAP_PITCH] = window->percussion ? NAN : pitches / n;
  v[ARIETTA_OVERLAP_DURATION] = durations / n;
  v[ARIETTA_OVERLAP_INTERVAL] =
    window->percussion || n_onsets < 2 ? NAN : intervals / (n_onsets - 1);
  v[ARIETTA_OVERLAP_INTER_ONSET] = n_onsets < 2 ? NAN : gaps / (n_onsets - 1);
  v[ARIETTA_OVERLAP_DENSITY] = n;
  v[ARIETTA_OVERLAP_ENTROPY] = window->percussion ? NAN : entropy_of (classes, (int) window->n);
  v[ARIETTA_OVERLAP_SCALE] = window->percussion ? NAN : scale_of (classes, (int) window->n);
  v[ARIETTA_OVERLAP_GROOVE] = groove_of (notes, window->n, window->lengths);
}

static void
take_notes (AriettaOverlapSet *self,
            Window            *window,
            AriettaParts      *parts,
            guint              bar,
            gboolean           percussion)
{
  window->first = self->notes->len;
  for (guint p = 0; p < parts->parts->len; p++)
    {
      const AriettaPart *part = &g_array_index (parts->parts, AriettaPart, p);

      if (part->percussion != percussion)
        continue;
      for (guint i = arietta_part_find_bar (part, bar); i < part->notes->len; i++)
        {
          AriettaPartNote note = g_array_index (part->notes, AriettaPartNote, i);

          if (note.bar > bar + 1)
            break;
          if (note.bar == bar + 1)
            note.onset += parts->lengths[bar];
          g_array_append_val (self->notes, note);
        }
    }

  window->n = self->notes->len - window->first;
  if (window->n > 0)
    qsort (&g_array_index (self->notes, AriettaPartNote, window->first), window->n,
           sizeof (AriettaPartNote), compare_notes);
}

guint
arietta_overlap_set_add (AriettaOverlapSet *self,
                         AriettaPiece      *piece)
{
  g_autoptr(AriettaParts) parts = arietta_parts_new (piece);
  gboolean                pitched = FALSE;
  guint                   n = 0;

  for (guint p = 0; p < parts->parts->len; p++)
    pitched = pitched || !g_array_index (parts->parts, AriettaPart, p).percussion;

  for (guint bar = parts->pickup ? 1 : 0; bar + 1 < parts->n_bars; bar += 2)
    {
      Window window = { .piece = self->n_pieces, .percussion = !pitched,
                        .lengths = { parts->lengths[bar], parts->lengths[bar + 1] } };

      take_notes (self, &window, parts, bar, !pitched);
      if (window.n == 0)
        continue;
      measure_window (self, &window);
      g_array_append_val (self->windows, window);
      n++;
    }
  self->n_pieces++;

  return n;
}

guint
arietta_overlap_set_get_n (AriettaOverlapSet *self)
{
  return self->windows->len;
}

double
arietta_overlap_set_get_value (AriettaOverlapSet     *self,
                               guint                  window,
                               AriettaOverlapFeature  feature)
{
  g_return_val_if_fail (window < self->windows->len && feature < N_FEATURES, NAN);

  return g_array_index (self->windows, Window, window).values[feature];
}

AriettaOverlapSet *
arietta_overlap_set_shuffle (AriettaOverlapSet *self,
                             AriettaRandom     *random)
{
  AriettaOverlapSet *shuffled = arietta_overlap_set_new ();
  guint              n = self->notes->len;
  g_autofree guint  *sounds = g_new (guint, n + 1);
  g_autofree guint  *places = g_new (guint, n + 1);

  for (guint i = 0; i < n; i++)
    sounds[i] = places[i] = i;
  for (guint i = n; i > 1; i--)
    {
      guint a = (guint) arietta_random_below (random, i);
      guint b = (guint) arietta_random_below (random, i);
      guint kept = sounds[i - 1];

      sounds[i - 1] = sounds[a];
      sounds[a] = kept;
      kept = places[i - 1];
      places[i - 1] = places[b];
      places[b] = kept;
    }

  shuffled->n_pieces = self->n_pieces;
  for (guint w = 0; w < self->windows->len; w++)
    {
      Window window = g_array_index (self->windows, Window, w);
      int    length = MAX (window.lengths[0] + window.lengths[1], 1);

      for (guint i = window.first; i < window.first + window.n; i++)
        {
          AriettaPartNote note = g_array_index (self->notes, AriettaPartNote, sounds[i]);

          note.onset = g_array_index (self->notes, AriettaPartNote, places[i]).onset % length;
          g_array_append_val (shuffled->notes, note);
        }
      qsort (&g_array_index (shuffled->notes, AriettaPartNote, window.first), window.n,
             sizeof (AriettaPartNote), compare_notes);
      measure_window (shuffled, &window);
      g_array_append_val (shuffled->windows, window);
    }

  return shuffled;
}

/* The defined values of a feature of at most MOST windows; those of pieces of one parity, or of all
 * (-1). */
static GArray *
values_of (AriettaOverlapSet *self,
           guint              feature,
           int                parity)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (double));
  GArray *some;

  for (guint w = 0; w < self->windows->len; w++)
    {
      const Window *window = &g_array_index (self->windows, Window, w);

      if (!isnan (window->values[feature]) && (parity < 0 || (int) (window->piece % 2) == parity))
        g_array_append_val (all, window->values[feature]);
    }
  if (all->len <= MOST)
    return all;

  some = g_array_sized_new (FALSE, FALSE, sizeof (double), MOST);
  for (guint i = 0; i < MOST; i++)
    g_array_append_val (some,
                        g_array_index (all, double, (guint) ((guint64) i * all->len / MOST)));
  g_array_unref (all);

  return some;
}

/* Calls for every distance, within one set when @b is NULL. */
static void
scan (GArray *a,
      GArray *b,
      double *least,
      double *most,
      double *cells)
{
  double width = (*most - *least) / N_CELLS;

  for (guint i = 0; i < a->len; i++)
    for (guint k = b != NULL ? 0 : i + 1; k < (b != NULL ? b : a)->len; k++)
      {
        double d = fabs (g_array_index (a, double, i) - g_array_index (b != NULL ? b : a, double, k));

        if (cells == NULL)
          {
            *least = MIN (*least, d);
            *most = MAX (*most, d);
          }
        else
          {
            cells[CLAMP ((int) ((d - *least) / width), 0, N_CELLS - 1)] += 1.0;
          }
      }
}

/* Counts in cells -> density at their middles. */
static void
smooth (double       *density,
        const double *counts,
        double        least,
        double        width,
        double        bandwidth)
{
  double total = 0.0;

  for (int i = 0; i < N_CELLS; i++)
    total += counts[i];
  memset (density, 0, sizeof (double) * N_CELLS);

  for (int i = 0; i < N_CELLS; i++)
    for (int k = 0; counts[i] > 0.0 && k < N_CELLS; k++)
      {
        double at = least + (k + 0.5) * width, from = least + (i + 0.5) * width;
        double near = (at - from) / bandwidth, folded = (at + from) / bandwidth;

        density[k] += counts[i] / (total * bandwidth * sqrt (2.0 * G_PI))
                      * (exp (-0.5 * near * near) + exp (-0.5 * folded * folded));
      }
}

static double
area_of (GArray *data,
         GArray *others,
         double  bandwidth)
{
  g_autofree double *within = g_new0 (double, N_CELLS);
  g_autofree double *between = g_new0 (double, N_CELLS);
  g_autofree double *p = g_new (double, N_CELLS);
  g_autofree double *q = g_new (double, N_CELLS);
  double             least = G_MAXDOUBLE, most = 0.0, width, area = 0.0;

  if (data->len < 2 || others->len < 1)
    return NAN;

  scan (data, NULL, &least, &most, NULL);
  scan (data, others, &least, &most, NULL);
  if (most <= least)
    return 1.0;

  scan (data, NULL, &least, &most, within);
  scan (data, others, &least, &most, between);
  width = (most - least) / N_CELLS;
  smooth (p, within, least, width, bandwidth);
  smooth (q, between, least, width, bandwidth);
  for (int i = 0; i < N_CELLS; i++)
    area += MIN (p[i], q[i]) * width;

  return MIN (area, 1.0);
}

static void
measure (AriettaOverlapSet *data,
         int                data_parity,
         AriettaOverlapSet *others,
         int                others_parity,
         AriettaOverlap    *overlap)
{
  double sum = 0.0;
  guint  n = 0;

  for (guint f = 0; f < N_FEATURES; f++)
    {
      g_autoptr(GArray) a = values_of (data, f, data_parity);
      g_autoptr(GArray) b = values_of (others, f, others_parity);

      overlap->area[f] = area_of (a, b, features[f].bandwidth);
      if (!isnan (overlap->area[f]))
        {
          sum += overlap->area[f];
          n++;
        }
    }
  overlap->mean = n > 0 ? sum / n : NAN;
}

void
arietta_overlap_measure (AriettaOverlapSet *data,
                         AriettaOverlapSet *others,
                         AriettaOverlap    *overlap)
{
  measure (data, -1, others, -1, overlap);
}

void
arietta_overlap_measure_ceiling (AriettaOverlapSet *data,
                                 AriettaOverlap    *overlap)
{
  measure (data, 0, data, 1, overlap);
}
