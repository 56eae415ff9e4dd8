/* The tempo map of a piece as seconds. */
#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-piece-private.h"

#include <math.h>

#define DEFAULT_TEMPO_US 500000

static double
seconds_per_tick (AriettaPiece *self, guint32 us_per_quarter)
{
  return us_per_quarter / (1e6 * self->ticks_per_quarter);
}

/* When each tempo begins, in seconds; what precedes the first one runs at the default. */
void
_arietta_piece_build_seconds (AriettaPiece *self)
{
  const AriettaTempo *tempos;
  double seconds = 0.0;
  gint64 tick = 0;
  guint32 tempo = DEFAULT_TEMPO_US;

  if (self->tempo_seconds != NULL)
    return;

  _arietta_piece_sort_maps (self);
  tempos = (const AriettaTempo *) self->tempos->data;
  self->tempo_seconds = g_new (double, self->tempos->len + 1);
  for (guint i = 0; i < self->tempos->len; i++)
    {
      seconds += (tempos[i].tick - tick) * seconds_per_tick (self, tempo);
      tick = tempos[i].tick;
      tempo = tempos[i].us_per_quarter;
      self->tempo_seconds[i] = seconds;
    }
}

double
arietta_piece_ticks_to_seconds (AriettaPiece *self,
                                gint64        tick)
{
  const AriettaTempo *tempos;
  guint low = 0;
  guint high;

  g_return_val_if_fail (self != NULL, 0.0);

  _arietta_piece_build_seconds (self);
  tempos = (const AriettaTempo *) self->tempos->data;

  /* The number of tempos that began at or before @tick. */
  high = self->tempos->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (tempos[middle].tick <= tick)
        low = middle + 1;
      else
        high = middle;
    }

  if (low == 0)
    return tick * seconds_per_tick (self, DEFAULT_TEMPO_US);
  return self->tempo_seconds[low - 1] +
         (tick - tempos[low - 1].tick) * seconds_per_tick (self, tempos[low - 1].us_per_quarter);
}

gint64
arietta_piece_seconds_to_ticks (AriettaPiece *self,
                                double        seconds)
{
  const AriettaTempo *tempos;
  guint low = 0;
  guint high;

  g_return_val_if_fail (self != NULL, 0);

  _arietta_piece_build_seconds (self);
  tempos = (const AriettaTempo *) self->tempos->data;

  high = self->tempos->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (self->tempo_seconds[middle] <= seconds)
        low = middle + 1;
      else
        high = middle;
    }

  if (low == 0)
    return llround (seconds / seconds_per_tick (self, DEFAULT_TEMPO_US));
  return tempos[low - 1].tick +
         llround ((seconds - self->tempo_seconds[low - 1]) /
                  seconds_per_tick (self, tempos[low - 1].us_per_quarter));
}

double
arietta_piece_get_duration_seconds (AriettaPiece *self)
{
  return arietta_piece_ticks_to_seconds (self, arietta_piece_get_notes_end_ticks (self));
}
