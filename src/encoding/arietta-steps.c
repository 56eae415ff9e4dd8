/* The grid, and windows of it. */
#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-steps-private.h"

#include <math.h>
#include <string.h>

#define MAX_GRID 1000000

static gint64
full_bar_ticks (AriettaPiece     *piece,
                const AriettaBar *bar)
{
  return (gint64) arietta_piece_get_ticks_per_quarter (piece) * 4 * bar->numerator
         / bar->denominator;
}

gboolean
arietta_steps_make_grid (AriettaSteps *self,
                         AriettaPiece *piece)
{
  g_autoptr(AriettaBarMap) map = arietta_bar_map_new (piece);
  g_autoptr(GArray)        starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GByteArray)    positions = g_byte_array_new ();
  gint64                   ppq = arietta_piece_get_ticks_per_quarter (piece);
  gint64                   end = MAX (1, arietta_piece_get_notes_end_ticks (piece));

  self->has_pickup = arietta_bar_map_has_pickup (map);
  self->n_bars = MIN (arietta_bar_map_get_n (map), arietta_bar_map_find (map, end - 1) + 1);
  self->bars = g_new (AriettaBar, self->n_bars);
  self->bar_steps = g_new (guint, self->n_bars + 1);

  for (guint b = 0; b < self->n_bars; b++)
    {
      AriettaBar bar = *arietta_bar_map_get_nth (map, b);
      gint64     n = (bar.length_ticks * 4 + ppq - 1) / ppq;
      gint64     before = 0;

      if (n < 1 || n > MAX_GRID || starts->len + n > MAX_GRID)
        return FALSE;

      if (b == 0 && self->has_pickup)
        before = MAX (0, (full_bar_ticks (piece, &bar) - bar.length_ticks) * 4 / ppq);

      self->bars[b] = bar;
      self->bar_steps[b] = starts->len;
      for (gint64 s = 0; s < n; s++)
        {
          gint64 start = bar.start_ticks + s * ppq / 4;
          guint8 position = (guint8) MIN (255, before + s);

          g_array_append_val (starts, start);
          g_byte_array_append (positions, &position, 1);
        }
    }

  end = self->bars[self->n_bars - 1].start_ticks + self->bars[self->n_bars - 1].length_ticks;
  self->bar_steps[self->n_bars] = starts->len;
  g_array_append_val (starts, end);
  self->starts = (gint64 *) (gpointer) g_array_free (g_steal_pointer (&starts), FALSE);
  self->positions = g_byte_array_free (g_steal_pointer (&positions), FALSE);

  return TRUE;
}

guint
arietta_steps_find_nearest (AriettaSteps *self,
                            gint64        tick)
{
  guint low = 0, high = self->bar_steps[self->n_bars];

  while (low < high)
    {
      guint middle = (low + high + 1) / 2;

      if (self->starts[middle] <= tick)
        low = middle;
      else
        high = middle - 1;
    }

  if (low < self->bar_steps[self->n_bars]
      && self->starts[low + 1] - tick < tick - self->starts[low])
    low++;

  return low;
}

void
arietta_steps_free (AriettaSteps *self)
{
  if (self == NULL)
    return;

  g_free (self->bars);
  g_free (self->bar_steps);
  g_free (self->starts);
  g_free (self->tokens);
  g_free (self->velocities);
  g_free (self->hits);
  g_free (self->sounding);
  g_free (self->positions);
  g_free (self);
}

guint
arietta_steps_get_n_bars (AriettaSteps *self)
{
  return self->n_bars;
}

gboolean
arietta_steps_has_pickup (AriettaSteps *self)
{
  return self->has_pickup;
}

AriettaTonality
arietta_steps_get_key (AriettaSteps *self)
{
  return self->key;
}

int
arietta_steps_get_transposition (AriettaSteps *self)
{
  return self->transposition;
}

guint
arietta_steps_get_n_notes (AriettaSteps *self)
{
  return self->n_notes;
}

guint
arietta_steps_get_n_lost (AriettaSteps *self)
{
  return self->n_lost;
}

guint
arietta_steps_count (AriettaSteps *self,
                     guint         first_bar,
                     guint         n_bars)
{
  return self->bar_steps[first_bar + n_bars] - self->bar_steps[first_bar];
}

gboolean
arietta_steps_get_window (AriettaSteps      *self,
                          guint              first_bar,
                          guint              n_bars,
                          AriettaStepWindow *window)
{
  guint first, n;

  g_return_val_if_fail (self != NULL && window != NULL && n_bars > 0, FALSE);

  if (first_bar >= self->n_bars || n_bars > self->n_bars - first_bar
      || n_bars > ARIETTA_STEPS_MAX_BARS)
    return FALSE;

  first = self->bar_steps[first_bar];
  n = self->bar_steps[first_bar + n_bars] - first;
  if (n * self->n_voices > ARIETTA_STEPS_MAX)
    return FALSE;

  memset (window, 0, sizeof *window);
  window->start_ticks = self->starts[first];
  window->first_bar = first_bar;
  window->n_bars = n_bars;
  window->n_steps = n;
  window->n_voices = self->n_voices;
  window->n_cells = n * self->n_voices;
  window->numerator = self->bars[first_bar].numerator;
  window->denominator = self->bars[first_bar].denominator;
  for (guint b = 0; b <= n_bars; b++)
    window->bar_steps[b] = (guint16) (self->bar_steps[first_bar + b] - first);
  memcpy (window->positions, self->positions + first, n);
  if (self->hits != NULL)
    memcpy (window->hits, self->hits + first, n * sizeof window->hits[0]);
  for (guint v = 0; v < self->n_voices; v++)
    {
      gsize    from = (gsize) v * self->bar_steps[self->n_bars] + first;
      guint16 *tokens = window->tokens + v * n;

      memcpy (tokens, self->tokens + from, n * sizeof tokens[0]);
      if (self->velocities != NULL)
        memcpy (window->velocities + v * n, self->velocities + from, n);
      if (self->sounding != NULL && tokens[0] == ARIETTA_STEPS_HOLD && !self->sounding[from])
        tokens[0] = ARIETTA_STEPS_SILENCE;
    }

  return TRUE;
}

gboolean
arietta_step_window_init (AriettaStepWindow *window,
                          guint              n_voices,
                          int                numerator,
                          int                denominator,
                          guint              n_bars)
{
  guint n;

  memset (window, 0, sizeof *window);
  if (numerator < 1 || numerator > 255 || denominator < 1 || denominator > 64 || n_bars < 1
      || n_bars > ARIETTA_STEPS_MAX_BARS)
    return FALSE;

  n = (guint) (numerator * 16 + denominator - 1) / (guint) denominator;
  if (n * n_bars * n_voices > ARIETTA_STEPS_MAX)
    return FALSE;

  window->n_bars = n_bars;
  window->n_steps = n * n_bars;
  window->n_voices = n_voices;
  window->n_cells = window->n_steps * n_voices;
  window->numerator = numerator;
  window->denominator = denominator;
  for (guint s = 0; s < window->n_steps; s++)
    window->positions[s] = (guint8) MIN (255, s % n);
  for (guint b = 0; b <= n_bars; b++)
    window->bar_steps[b] = (guint16) (b * n);

  return TRUE;
}


gboolean
arietta_step_window_has_onset (const AriettaStepForm   *form,
                               const AriettaStepWindow *window)
{
  for (guint c = 0; c < window->n_cells; c++)
    if (window->tokens[c] >= form->first_note)
      return TRUE;

  return FALSE;
}

guint8
arietta_steps_velocity_from_touch (float value)
{
  return (guint8) CLAMP (lroundf (value * ARIETTA_STEPS_VELOCITY_SCALE
                                  + ARIETTA_STEPS_VELOCITY_MIDDLE), 1, 127);
}
