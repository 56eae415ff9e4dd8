/* How a face comes about.
 *
 * A piece grows like a tree: each ring is a stretch of bars, the first at the centre, and it grows
 * thickest towards the pitch classes that sounded in it.  C points up and the others follow clockwise by
 * semitones, so that a scale makes a flower with its own spacing of petals and a key turns the flower.
 * A ring leans with the melody: clockwise where the register is high, back where it is low.  Loud rings are
 * dense, quiet ones pale; busy ones are broad; the eye in the middle grows with the number of voices.
 * Drums have no pitch class; the parts of the kit stand around the dial instead, and the petals become
 * points.
 *
 * All of it is continuous in the notes, which is why a varied take looks like a sibling.
 */
#include "drawing/arietta-face.h"

#include <math.h>

#include "music/arietta-bar-map.h"

#define DIRECTIONS 12
#define MIN_RINGS 4
#define MAX_RINGS 8
#define SAMPLES 144

typedef struct
{
  float weights[DIRECTIONS]; /* 0..1, the largest of the ring is 1 unless it is empty */
  float lean;                /* radians, clockwise */
  float tone;                /* mean velocity, 0..1 */
  float breadth;             /* 0.5..1.5 by notes a quarter */
} FaceRing;

struct _AriettaFace
{
  gatomicrefcount ref_count;
  guint           n_rings;   /* 0: a piece without notes */
  float           edge;      /* 0 petals .. 1 points */
  float           eye;       /* radius as a share of the whole */
  FaceRing        rings[MAX_RINGS];
};

G_DEFINE_BOXED_TYPE (AriettaFace, arietta_face, arietta_face_ref, arietta_face_unref)

/* What is summed up for a ring before it is brought to 0..1. */
typedef struct
{
  double weights[DIRECTIONS];
  double register_sum;
  double velocity_sum;
  double sounding;
  double onsets;
} RingSum;

/* Where the parts of a General MIDI kit stand on the dial: metal at the right, skins at the left, the two
 * that carry the beat opposite each other. */
static int
kit_direction (int pitch)
{
  switch (pitch)
    {
    case 35: case 36:                      return 6;  /* bass drum */
    case 38: case 40:                      return 0;  /* snare */
    case 22: case 42:                      return 2;  /* closed hi-hat */
    case 44:                               return 3;  /* pedal hi-hat */
    case 26: case 46:                      return 1;  /* open hi-hat */
    case 51: case 53: case 59:             return 4;  /* ride */
    case 49: case 52: case 55: case 57:    return 5;  /* crash, splash */
    case 48: case 50:                      return 11; /* high toms */
    case 45: case 47:                      return 10; /* middle toms */
    case 41: case 43: case 58:             return 9;  /* floor toms */
    case 37: case 39:                      return 8;  /* stick, clap */
    default:                               return 7;
    }
}

static double
bar_position (AriettaBarMap *bars,
              gint64         tick)
{
  guint nth = arietta_bar_map_find (bars, tick);
  gint64 start = arietta_bar_map_get_start (bars, nth);
  gint64 end = arietta_bar_map_get_start (bars, nth + 1);

  return nth + (end > start ? (double) (tick - start) / (double) (end - start) : 0.0);
}

/* Adds a note to every ring it sounds in. */
static void
add_note (RingSum           *sums,
          guint              n_rings,
          double             first,      /* ring position of onset and end */
          double             last,
          const AriettaNote *note,
          int                direction,
          int                ticks_per_quarter)
{
  double quarters = MAX ((double) note->duration_ticks / ticks_per_quarter, 0.125);
  double span = MAX (last - first, 1e-9);
  guint from = MIN ((guint) MAX (first, 0.0), n_rings - 1);
  guint to = MIN ((guint) MAX (last, 0.0), n_rings - 1);

  sums[from].onsets += 1.0;

  for (guint k = from; k <= to; k++)
    {
      double share = from == to ? 1.0 : (MIN (last, k + 1.0) - MAX (first, (double) k)) / span;
      double weight = quarters * CLAMP (share, 0.0, 1.0);

      sums[k].weights[direction] += weight * (0.4 + 0.6 * note->velocity / 127.0);
      sums[k].register_sum += weight * note->pitch;
      sums[k].velocity_sum += weight * note->velocity / 127.0;
      sums[k].sounding += weight;
    }
}

static void
finish_rings (AriettaFace   *self,
              const RingSum *sums,
              double         quarters_a_ring,
              gboolean       leans)
{
  double register_sum = 0.0, sounding = 0.0, onsets = 0.0;

  for (guint k = 0; k < self->n_rings; k++)
    {
      register_sum += sums[k].register_sum;
      sounding += sums[k].sounding;
      onsets += sums[k].onsets;
    }

  for (guint k = 0; k < self->n_rings; k++)
    {
      FaceRing *ring = &self->rings[k];
      const RingSum *sum = &sums[k];
      double largest = 0.0;

      for (int d = 0; d < DIRECTIONS; d++)
        largest = MAX (largest, sum->weights[d]);

      /* The power lifts the rare notes: a passing tone should still be a small petal. */
      for (int d = 0; d < DIRECTIONS; d++)
        ring->weights[d] = largest > 0.0 ? (float) pow (sum->weights[d] / largest, 0.75) : 0.0f;

      ring->breadth = onsets > 0.0
        ? (float) CLAMP (0.55 + 0.45 * sum->onsets * self->n_rings / onsets, 0.55, 1.5)
        : 1.0f;

      if (sum->sounding > 0.0)
        {
          double above = sum->register_sum / sum->sounding - register_sum / sounding;

          ring->tone = (float) (sum->velocity_sum / sum->sounding);
          ring->lean = leans ? (float) (0.8 * tanh (above / 6.0)) : 0.0f;
        }
    }

  self->eye = (float) CLAMP (0.055 + 0.022 * sounding / (quarters_a_ring * self->n_rings), 0.06, 0.15);
}

AriettaFace *
arietta_face_new (AriettaPiece *piece)
{
  AriettaFace *self = g_new0 (AriettaFace, 1);
  g_autoptr(AriettaBarMap) bars = NULL;
  RingSum pitched[MAX_RINGS] = { 0 }, drums[MAX_RINGS] = { 0 };
  double n_pitched = 0, n_drums = 0, n_bars, quarters;
  gint64 start = G_MAXINT64, end = 0;
  int ticks_per_quarter;
  guint n_tracks;

  g_return_val_if_fail (piece != NULL, NULL);

  g_atomic_ref_count_init (&self->ref_count);

  n_tracks = arietta_piece_get_n_tracks (piece);
  ticks_per_quarter = arietta_piece_get_ticks_per_quarter (piece);

  for (guint t = 0; t < n_tracks; t++)
    {
      guint n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        {
          start = MIN (start, notes[i].onset_ticks);
          end = MAX (end, notes[i].onset_ticks + MAX (notes[i].duration_ticks, 1));
        }
    }
  if (end == 0)
    return self;

  /* From the first sounding bar to the last: empty bars before the music are no part of a face. */
  bars = arietta_bar_map_new (piece);
  {
    guint first_bar = arietta_bar_map_find (bars, start);
    guint last_bar = arietta_bar_map_find (bars, end - 1);
    gint64 from = arietta_bar_map_get_start (bars, first_bar);
    double scale;

    n_bars = last_bar + 1.0 - first_bar;
    self->n_rings = (guint) CLAMP (n_bars, MIN_RINGS, MAX_RINGS);
    scale = self->n_rings / n_bars;
    quarters = (double) (arietta_bar_map_get_start (bars, last_bar + 1) - from) / ticks_per_quarter;

    for (guint t = 0; t < n_tracks; t++)
      {
        guint n;
        const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

        for (guint i = 0; i < n; i++)
          {
            const AriettaNote *note = &notes[i];
            gboolean is_drum = note->channel == 9;
            gint64 note_end = note->onset_ticks + MAX (note->duration_ticks - 1, 0);
            double a = (bar_position (bars, note->onset_ticks) - first_bar) * scale;
            double b = (bar_position (bars, note_end) - first_bar) * scale;

            add_note (is_drum ? drums : pitched, self->n_rings, a, b, note,
                      is_drum ? kit_direction (note->pitch) : note->pitch % DIRECTIONS,
                      ticks_per_quarter);
            *(is_drum ? &n_drums : &n_pitched) += 1.0;
          }
      }
  }

  self->edge = n_pitched > 0 ? (float) (0.7 * n_drums / (n_drums + n_pitched)) : 1.0f;
  finish_rings (self, n_pitched > 0 ? pitched : drums, quarters / self->n_rings, n_pitched > 0);

  return self;
}

AriettaFace *
arietta_face_ref (AriettaFace *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
arietta_face_unref (AriettaFace *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

/* Rings @from to @to - 1 as one. */
static FaceRing
merge_rings (AriettaFace *self,
             guint        from,
             guint        to)
{
  FaceRing merged = { 0 };
  float n = (float) (to - from);

  for (guint k = from; k < to; k++)
    {
      const FaceRing *ring = &self->rings[k];

      for (int d = 0; d < DIRECTIONS; d++)
        merged.weights[d] += ring->weights[d] / n;
      merged.lean += ring->lean / n;
      merged.tone += ring->tone / n;
      merged.breadth += ring->breadth;
    }

  return merged;
}

/* How far the ring grows towards @angle, 0..1. */
static double
petal (const FaceRing *ring,
       double          edge,
       double          angle)
{
  double soft = 0.0, sharp = 0.0;

  for (int d = 0; d < DIRECTIONS; d++)
    {
      double away;

      if (ring->weights[d] <= 0.0f)
        continue;
      away = fabs (remainder (angle - ring->lean - d * 2.0 * G_PI / DIRECTIONS, 2.0 * G_PI));
      if (away > 0.9)
        continue;
      soft = MAX (soft, 0) + ring->weights[d] * pow (0.5 + 0.5 * cos (away), 38.0);
      sharp = MAX (sharp, ring->weights[d] * (1.0 - away / 0.5));
    }

  return MIN (soft, 1.25) * (1.0 - edge) + MAX (sharp, 0.0) * edge;
}

static void
append_outline (cairo_t      *cr,
                const double *radii,
                double        middle,
                double        scale)
{
  for (int i = 0; i < SAMPLES; i++)
    {
      double angle = 2.0 * G_PI * i / SAMPLES;
      double x = middle + radii[i] * scale * sin (angle);
      double y = middle - radii[i] * scale * cos (angle);

      if (i == 0)
        cairo_move_to (cr, x, y);
      else
        cairo_line_to (cr, x, y);
    }
  cairo_close_path (cr);
}

static void
draw_empty (cairo_t      *cr,
            double        size,
            AriettaColor  color)
{
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, 0.35);
  cairo_set_line_width (cr, MAX (size / 24.0, 1.0));
  cairo_arc (cr, size / 2, size / 2, size * 0.36, 0, 2 * G_PI);
  cairo_stroke (cr);
}

void
arietta_face_draw (AriettaFace          *self,
                   cairo_t              *cr,
                   double                size,
                   int                   hue,
                   const AriettaPalette *palette)
{
  double radii[MAX_RINGS + 1][SAMPLES];
  FaceRing rings[MAX_RINGS];
  AriettaColor color;
  double largest = 0.0, middle = size / 2.0, scale, gap;
  guint n;

  g_return_if_fail (self != NULL);
  g_return_if_fail (cr != NULL);
  g_return_if_fail (palette != NULL);

  color = hue < 0 ? palette->foreground : palette->hues[hue % ARIETTA_PALETTE_SIZE];

  cairo_save (cr);

  if (self->n_rings == 0)
    {
      draw_empty (cr, size, color);
      cairo_restore (cr);
      return;
    }

  /* A ring needs some pixels to be seen as one. */
  n = MIN (self->n_rings, size < 40 ? 3 : size < 72 ? 4 : MAX_RINGS);
  for (guint k = 0; k < n; k++)
    rings[k] = merge_rings (self, k * self->n_rings / n, (k + 1) * self->n_rings / n);

  for (int i = 0; i < SAMPLES; i++)
    radii[0][i] = self->eye * 1.9;
  for (guint k = 0; k < n; k++)
    for (int i = 0; i < SAMPLES; i++)
      {
        double grown = petal (&rings[k], self->edge, 2.0 * G_PI * i / SAMPLES);

        radii[k + 1][i] = radii[k][i] + rings[k].breadth / self->n_rings * (0.15 + 0.12 * self->edge + 0.85 * grown);
        largest = MAX (largest, radii[k + 1][i]);
      }

  scale = (middle - MAX (size / 48.0, 0.5)) / largest;
  gap = size < 40 ? 0.5 : MAX (size / 110.0, 0.6);

  /* Opacity alone separates the rings, so one colour is enough and any ground will do: the heart is
   * dense, the newest growth light, and a loud ring denser than a quiet one. */
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  for (guint k = 0; k < n; k++)
    {
      double depth = n > 1 ? 1.0 - k / (n - 1.0) : 1.0;
      double alpha = 0.46 + 0.34 * depth + 0.45 * (rings[k].tone - 0.6);
      double inner[SAMPLES];

      for (int i = 0; i < SAMPLES; i++)
        inner[i] = MIN (radii[k][i] + gap / scale, radii[k + 1][i]);

      cairo_set_source_rgba (cr, color.red, color.green, color.blue, CLAMP (alpha, 0.25, 0.95));
      append_outline (cr, radii[k + 1], middle, scale);
      append_outline (cr, inner, middle, scale);
      cairo_fill (cr);
    }

  cairo_set_source_rgba (cr, color.red, color.green, color.blue, 1.0);
  cairo_arc (cr, middle, middle, MAX (self->eye * scale * 1.4, size / 24.0), 0, 2 * G_PI);
  cairo_fill (cr);

  cairo_restore (cr);
}
