#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-retention.h"

#include <math.h>

#include "analysis/arietta-melody.h"
#include "music/arietta-bar-map.h"

/* A melody on the grid: the pitch that begins at a step, or -1, and the pitch that sounds there, or
 * -1. */
typedef struct
{
  gint16 *onset;
  gint16 *sounding;
  guint   n;
} Line;

static void
line_clear (Line *line)
{
  g_clear_pointer (&line->onset, g_free);
  g_clear_pointer (&line->sounding, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Line, line_clear)

static guint
step_of (gint64 ticks,
         int    ticks_per_quarter)
{
  return (guint) ((ticks * 8 + ticks_per_quarter) / (2 * ticks_per_quarter));
}

static void
line_init (Line         *line,
           AriettaPiece *piece,
           guint         n)
{
  g_autoptr(GArray) notes = arietta_melody_dup_notes (piece);
  int               tpq = arietta_piece_get_ticks_per_quarter (piece);

  line->n = n;
  line->onset = g_new (gint16, n);
  line->sounding = g_new (gint16, n);
  for (guint i = 0; i < n; i++)
    line->onset[i] = line->sounding[i] = -1;

  for (guint i = 0; i < notes->len; i++)
    {
      const AriettaNote *note = &g_array_index (notes, AriettaNote, i);
      guint              from = step_of (note->onset_ticks, tpq);
      guint              to = step_of (note->onset_ticks + note->duration_ticks, tpq);

      if (from < n)
        line->onset[from] = note->pitch;
      for (guint s = from; s < MIN (MAX (to, from + 1), n); s++)
        line->sounding[s] = note->pitch;
    }
}

static int
sign (int x)
{
  return (x > 0) - (x < 0);
}

static double
measure_contour (const Line *a,
                 const Line *b)
{
  guint n = 0, same = 0;
  int   previous = -1;

  for (guint s = 0; s < a->n; s++)
    {
      if (a->onset[s] < 0)
        continue;
      if (previous >= 0)
        {
          n++;
          same += b->sounding[previous] >= 0 && b->sounding[s] >= 0
                  && sign (a->onset[s] - a->onset[previous])
                       == sign (b->sounding[s] - b->sounding[previous]);
        }
      previous = (int) s;
    }

  return n > 0 ? (double) same / n : 1.0;
}

static double
measure_onsets (const Line *a,
                const Line *b)
{
  guint both = 0, in_a = 0, in_b = 0;

  for (guint s = 0; s < a->n; s++)
    {
      in_a += a->onset[s] >= 0;
      in_b += b->onset[s] >= 0;
      both += a->onset[s] >= 0 && b->onset[s] >= 0;
    }

  return in_a + in_b > 0 ? 2.0 * both / (in_a + in_b) : 1.0;
}

static double
chroma_of_bar (const Line *a,
               const Line *b,
               guint       from,
               guint       to)
{
  double x[12] = { 0 }, y[12] = { 0 }, xx = 0.0, yy = 0.0, xy = 0.0;

  for (guint s = from; s < MIN (to, a->n); s++)
    {
      if (a->onset[s] >= 0)
        x[a->onset[s] % 12] += 1.0;
      if (b->onset[s] >= 0)
        y[b->onset[s] % 12] += 1.0;
    }
  for (int i = 0; i < 12; i++)
    {
      xx += x[i] * x[i];
      yy += y[i] * y[i];
      xy += x[i] * y[i];
    }

  if (xx == 0.0)
    return -1.0;

  return yy > 0.0 ? xy / sqrt (xx * yy) : 0.0;
}

static double
measure_chroma (const Line   *a,
                const Line   *b,
                AriettaPiece *source)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (source);
  int    tpq = arietta_piece_get_ticks_per_quarter (source);
  double sum = 0.0;
  guint  n = 0;

  for (guint i = 0; i < arietta_bar_map_get_n (bars); i++)
    {
      const AriettaBar *bar = arietta_bar_map_get_nth (bars, i);
      double            here = chroma_of_bar (a, b, step_of (bar->start_ticks, tpq),
                                              step_of (bar->start_ticks + bar->length_ticks, tpq));

      if (here >= 0.0)
        {
          sum += here;
          n++;
        }
    }

  return n > 0 ? sum / n : 1.0;
}

void
arietta_retention_measure (AriettaPiece     *source,
                           AriettaPiece     *result,
                           AriettaRetention *retention)
{
  guint n = 1
            + MAX (step_of (arietta_piece_get_notes_end_ticks (source),
                            arietta_piece_get_ticks_per_quarter (source)),
                   step_of (arietta_piece_get_notes_end_ticks (result),
                            arietta_piece_get_ticks_per_quarter (result)));
  g_auto(Line) a = { 0 }, b = { 0 };

  line_init (&a, source, n);
  line_init (&b, result, n);
  retention->chroma = measure_chroma (&a, &b, source);
  retention->contour = measure_contour (&a, &b);
  retention->onset_f1 = measure_onsets (&a, &b);
}
