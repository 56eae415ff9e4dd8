#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-style-measure.h"

#include "analysis/arietta-key-finder.h"
#include "analysis/arietta-melody.h"
#include "music/arietta-bar-map.h"

#include <math.h>
#include <string.h>

#define N ARIETTA_STYLE_N_STATISTICS

/* Where each group of statistics begins. */
enum
{
  PROFILE = 0,         /* 12: sounding time of the scale degrees from the tonic up */
  MINOR = 12,          /* 1 */
  INTERVALS = 13,      /* 15: -over an octave .. over an octave, repeated note in the middle */
  DURATIONS = 28,      /* 9: sixteenth and less .. whole and more, logarithmic */
  DURATION_CHANGES = 37, /* 3: next note shorter, equal, longer */
  POSITIONS = 40,      /* 6: on the bar, a beat, an eighth, a sixteenth, off the grid, syncopated */
  RESTS = 46,          /* 1: share of time */
  DENSITY = 47,        /* 1: log notes per quarter */
  RANGE = 48,          /* 1: octaves */
  HEIGHT = 49,         /* 1: mean pitch, octaves from C4 */
  SPREAD = 50,         /* 1: deviation of pitch, octaves */
  CONTOUR = 51,        /* 4: up-up, up-down, down-up, down-down */
  METRES = 55,         /* 4: duple, triple, compound, other */
  CHROMATIC = 59,      /* 1: share outside the scale */
  LEAPS = 60,          /* 1: mean size of a step, octaves */
  ENTROPY = 61,        /* 2: of pitch classes, of durations; in bits, over 4 */
  TURNS = 63,          /* 1: leaps answered by a step back */
};

#define TYPICAL 0.65f

struct _AriettaStyleMeasure
{
  char  **styles;
  guint   n_styles;
  float  *values;
  gsize   n_values;
};

static int
interval_class (int step)
{
  static const int edges[] = { 1, 2, 3, 4, 6, 8, 12 };
  int              size = ABS (step), place = 0;

  while (place < 7 && size >= edges[place])
    place++;

  return step < 0 ? 7 - place : 7 + place;
}

static int
duration_class (double quarters)
{
  /* Halfway (in the logarithm) between sixteenth, its dotted form, eighth and so on. */
  static const double edges[] = { 0.30, 0.43, 0.61, 0.87, 1.22, 1.73, 2.45, 3.46 };
  int                 place = 0;

  while (place < 8 && quarters >= edges[place])
    place++;

  return place;
}

static double
entropy (const float *counts,
         int          n)
{
  double total = 0.0, sum = 0.0;

  for (int i = 0; i < n; i++)
    total += counts[i];
  for (int i = 0; i < n; i++)
    if (counts[i] > 0.0f)
      sum -= counts[i] / total * log2 (counts[i] / total);

  return sum;
}

static void
normalise (float *counts,
           int    n)
{
  float total = 0.0f;

  for (int i = 0; i < n; i++)
    total += counts[i];
  for (int i = 0; i < n && total > 0.0f; i++)
    counts[i] /= total;
}

static void
count_position (float             *out,
                const AriettaBar  *bar,
                const AriettaNote *note,
                gint64             ppq)
{
  gint64 place = note->onset_ticks - bar->start_ticks;
  gint64 near = ppq / 16;
  gint64 beat = bar->denominator == 8 && bar->numerator % 3 == 0 && bar->numerator > 3
                  ? ppq * 3 / 2 : ppq * 4 / bar->denominator;
  gint64 units[3] = { MAX (1, beat), MAX (1, ppq / 2), MAX (1, ppq / 4) };
  gint64 end = place + note->duration_ticks;

  if (place <= near)
    {
      out[0] += 1.0f;
      return;
    }

  for (int u = 0; u < 3; u++)
    {
      gint64 rest = place % units[u];

      if (rest <= near || units[u] - rest <= near)
        {
          out[1 + u] += 1.0f;
          /* Begins off the beat and sounds on over the next one. */
          if (u > 0 && end > (place / units[0] + 1) * units[0] + near)
            out[5] += 1.0f;
          return;
        }
    }

  out[4] += 1.0f;
}

static void
count_metres (float         *out,
              AriettaBarMap *bars)
{
  for (guint b = 0; b < arietta_bar_map_get_n (bars); b++)
    {
      const AriettaBar *bar = arietta_bar_map_get_nth (bars, b);

      if (bar->denominator >= 8 && bar->numerator % 3 == 0 && bar->numerator > 3)
        out[2] += 1.0f;
      else if (bar->numerator % 3 == 0)
        out[1] += 1.0f;
      else if (bar->numerator == 1 || bar->numerator == 2 || bar->numerator % 4 == 0)
        out[0] += 1.0f;
      else
        out[3] += 1.0f;
    }

  normalise (out, 4);
}

gboolean
arietta_style_measure_statistics (AriettaPiece *piece,
                                  float         s[N])
{
  g_autoptr(GArray)        line = arietta_melody_dup_notes (piece);
  g_autoptr(AriettaBarMap) bars = NULL;
  AriettaTonality          key;
  double                   ppq = arietta_piece_get_ticks_per_quarter (piece);
  double                   sounding = 0.0, sum = 0.0, square = 0.0, leaps = 0.0, span, n;
  int                      low = 127, high = 0, n_leaps = 0, n_turns = 0;
  const AriettaNote       *notes;

  memset (s, 0, sizeof (float) * N);
  if (line->len < 4)
    return FALSE;

  bars = arietta_bar_map_new (piece);
  key = arietta_key_finder_estimate (piece, NULL);
  notes = &g_array_index (line, AriettaNote, 0);
  n = line->len;

  for (guint i = 0; i < line->len; i++)
    {
      const AriettaNote *note = &notes[i];
      /* How long until the next note says more about rhythm than how long it is held. */
      gint64 gap = i + 1 < line->len ? notes[i + 1].onset_ticks - note->onset_ticks
                                     : note->duration_ticks;
      gint64 before = i > 0 ? note->onset_ticks - notes[i - 1].onset_ticks : gap;
      int    step = i + 1 < line->len ? notes[i + 1].pitch - note->pitch : 0;
      int    last_step = i > 0 ? note->pitch - notes[i - 1].pitch : 0;

      s[PROFILE + (note->pitch - key.tonic + 12) % 12] += (float) MIN (note->duration_ticks,
                                                                       4 * ppq);
      s[DURATIONS + duration_class ((double) gap / ppq)] += 1.0f;
      count_position (s + POSITIONS,
                      arietta_bar_map_get_nth (bars,
                                               MIN (arietta_bar_map_find (bars, note->onset_ticks),
                                                    arietta_bar_map_get_n (bars) - 1)),
                      note, (gint64) ppq);
      if (i + 1 < line->len)
        s[INTERVALS + interval_class (step)] += 1.0f;
      if (i > 0)
        s[DURATION_CHANGES
          + ((double) gap < 0.9 * before   ? 0
             : (double) gap > 1.1 * before ? 2
                                           : 1)] += 1.0f;
      if (i > 0 && step != 0 && last_step != 0)
        s[CONTOUR + (last_step < 0 ? 2 : 0) + (step < 0 ? 1 : 0)] += 1.0f;
      if (ABS (last_step) > 4)
        {
          n_leaps++;
          n_turns += step != 0 && (step < 0) != (last_step < 0) && ABS (step) <= 2;
        }
      if (!arietta_tonality_contains (key, note->pitch))
        s[CHROMATIC] += (float) (1.0 / n);

      sounding += (double) note->duration_ticks;
      sum += note->pitch;
      square += (double) note->pitch * note->pitch;
      leaps += ABS (step);
      low = MIN (low, note->pitch);
      high = MAX (high, note->pitch);
    }

  span = (double) (notes[line->len - 1].onset_ticks + notes[line->len - 1].duration_ticks
                   - notes[0].onset_ticks);
  s[ENTROPY] = (float) (entropy (s + PROFILE, 12) / 4.0);
  s[ENTROPY + 1] = (float) (entropy (s + DURATIONS, 9) / 4.0);
  normalise (s + PROFILE, 12);
  normalise (s + INTERVALS, 15);
  normalise (s + DURATIONS, 9);
  normalise (s + DURATION_CHANGES, 3);
  normalise (s + CONTOUR, 4);
  for (int i = 0; i < 6; i++)
    s[POSITIONS + i] = (float) (s[POSITIONS + i] / n);
  count_metres (s + METRES, bars);
  s[MINOR] = key.scale == ARIETTA_SCALE_MINOR ? 1.0f : 0.0f;
  s[RESTS] = (float) CLAMP (1.0 - sounding / MAX (span, 1.0), 0.0, 1.0);
  s[DENSITY] = (float) log (n * ppq / MAX (span, 1.0));
  s[RANGE] = (float) (high - low) / 12.0f;
  s[HEIGHT] = (float) ((sum / n - 60.0) / 12.0);
  s[SPREAD] = (float) (sqrt (MAX (0.0, square / n - sum / n * (sum / n))) / 12.0);
  s[LEAPS] = (float) (leaps / n / 12.0);
  s[TURNS] = n_leaps > 0 ? (float) n_turns / (float) n_leaps : 0.0f;

  return TRUE;
}

/* Squared distances to the centroids, per statistic. */
static void
measure_distances (AriettaStyleMeasure *self,
                   const float         *statistics,
                   double              *distances)
{
  const float *mean = self->values, *scale = mean + N, *centroid = scale + N;

  for (guint k = 0; k < self->n_styles; k++, centroid += N)
    {
      distances[k] = 0.0;
      for (int i = 0; i < N; i++)
        {
          double d = (statistics[i] - mean[i]) * scale[i];

          /* One odd statistic must not decide alone. */
          d = CLAMP (d, -5.0, 5.0) - centroid[i];
          distances[k] += d * d / N;
        }
    }
}

static void
soften (double *distances,
        guint   n,
        double  sharpness)
{
  double least = distances[0], total = 0.0;

  for (guint k = 1; k < n; k++)
    least = MIN (least, distances[k]);
  for (guint k = 0; k < n; k++)
    total += distances[k] = exp (-sharpness * (distances[k] - least));
  for (guint k = 0; k < n; k++)
    distances[k] /= total;
}

/* The sharpness under which the labels of the training pieces are likeliest, styles weighing
 * alike. */
static double
fit_sharpness (AriettaStyleMeasure *self,
               const float         *statistics,
               const guint         *labels,
               const guint         *counts,
               guint                n)
{
  g_autofree double *chances = g_new (double, self->n_styles);
  double             best = 1.0, best_score = -G_MAXDOUBLE;

  for (double sharpness = 0.5; sharpness < 64.0; sharpness *= 1.2)
    {
      double score = 0.0;

      for (guint i = 0; i < n; i++)
        {
          measure_distances (self, statistics + (gsize) i * N, chances);
          soften (chances, self->n_styles, sharpness);
          score += log (MAX (chances[labels[i]], 1e-12)) / counts[labels[i]];
        }
      if (score > best_score)
        {
          best_score = score;
          best = sharpness;
        }
    }

  return best;
}

static float *
get_sharpness (AriettaStyleMeasure *self)
{
  return self->values + 2 * N + (gsize) self->n_styles * N;
}

static void
fit_typical (AriettaStyleMeasure *self,
             const float         *statistics,
             const guint         *labels,
             const guint         *counts,
             guint                n)
{
  g_autofree double *chances = g_new (double, self->n_styles);
  float             *typical = get_sharpness (self) + 1;

  for (guint i = 0; i < n; i++)
    {
      arietta_style_measure_judge (self, statistics + (gsize) i * N, chances);
      typical[labels[i]] += (float) (chances[labels[i]] / counts[labels[i]]);
    }
}

static AriettaStyleMeasure *
allocate (const char * const *styles)
{
  AriettaStyleMeasure *self = g_new0 (AriettaStyleMeasure, 1);

  self->styles = g_strdupv ((char **) styles);
  self->n_styles = g_strv_length (self->styles);
  self->n_values = 2 * N + (gsize) self->n_styles * N + 1 + self->n_styles;
  self->values = g_new0 (float, self->n_values);

  return self;
}

AriettaStyleMeasure *
arietta_style_measure_fit (const float        *statistics,
                           const guint        *labels,
                           guint               n,
                           const char * const *styles)
{
  g_autoptr(AriettaStyleMeasure) self = allocate (styles);
  g_autofree guint              *counts = g_new0 (guint, MAX (self->n_styles, 1));
  float                         *mean = self->values, *scale = mean + N, *centroids = scale + N;

  for (guint i = 0; i < n; i++)
    counts[labels[i]]++;
  for (guint k = 0; k < self->n_styles; k++)
    if (counts[k] == 0)
      return NULL;
  if (self->n_styles == 0)
    return NULL;

  for (int d = 0; d < N; d++)
    {
      double sum = 0.0, square = 0.0;

      for (guint i = 0; i < n; i++)
        sum += statistics[(gsize) i * N + d];
      for (guint i = 0; i < n; i++)
        square += pow (statistics[(gsize) i * N + d] - sum / n, 2.0);
      mean[d] = (float) (sum / n);
      scale[d] = (float) (1.0 / (sqrt (square / n) + 1e-3));
    }

  for (guint i = 0; i < n; i++)
    for (int d = 0; d < N; d++)
      {
        float z = (statistics[(gsize) i * N + d] - mean[d]) * scale[d];

        centroids[labels[i] * N + d] += CLAMP (z, -5.0f, 5.0f) / (float) counts[labels[i]];
      }

  *get_sharpness (self) = (float) fit_sharpness (self, statistics, labels, counts, n);
  fit_typical (self, statistics, labels, counts, n);
  return g_steal_pointer (&self);
}

AriettaStyleMeasure *
arietta_style_measure_new (const char * const *styles,
                           const float        *values,
                           gsize               n_values)
{
  g_autoptr(AriettaStyleMeasure) self = allocate (styles);

  /* The last numbers came later. */
  if ((n_values != self->n_values && n_values != self->n_values - self->n_styles)
      || self->n_styles == 0)
    return NULL;

  for (gsize i = n_values; i < self->n_values; i++)
    self->values[i] = TYPICAL;
  memcpy (self->values, values, sizeof (float) * n_values);
  return g_steal_pointer (&self);
}

void
arietta_style_measure_free (AriettaStyleMeasure *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->styles);
  g_free (self->values);
  g_free (self);
}

const char * const *
arietta_style_measure_get_styles (AriettaStyleMeasure *self)
{
  return (const char * const *) self->styles;
}

const float *
arietta_style_measure_get_values (AriettaStyleMeasure *self,
                                  gsize               *n_values)
{
  *n_values = self->n_values;
  return self->values;
}

void
arietta_style_measure_judge (AriettaStyleMeasure *self,
                             const float         *statistics,
                             double              *chances)
{
  measure_distances (self, statistics, chances);
  soften (chances, self->n_styles, *get_sharpness (self));
}

double
arietta_style_measure_get_typical (AriettaStyleMeasure *self,
                                   guint                style)
{
  g_return_val_if_fail (style < self->n_styles, 0.0);

  return get_sharpness (self)[1 + style];
}

GHashTable *
arietta_style_measure_judge_piece (AriettaStyleMeasure *self,
                                   AriettaPiece        *piece)
{
  GHashTable        *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree double *chances = g_new (double, self->n_styles);
  float              statistics[N];

  if (arietta_style_measure_statistics (piece, statistics))
    arietta_style_measure_judge (self, statistics, chances);
  else
    for (guint k = 0; k < self->n_styles; k++)
      chances[k] = 1.0 / self->n_styles;

  for (guint k = 0; k < self->n_styles; k++)
    {
      double *value = g_new (double, 1);

      *value = chances[k];
      g_hash_table_insert (table, g_strdup (self->styles[k]), value);
    }

  return table;
}
