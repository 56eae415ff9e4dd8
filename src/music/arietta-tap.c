#include "music/arietta-tap.h"

#include <stdlib.h>
#include <string.h>

/* Slower than 24 to the minute nobody taps. */
#define PAUSE_US 2500000

static int
compare_cb (gconstpointer a,
            gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

double
arietta_tap_add (AriettaTap *self,
                 gint64      time_us)
{
  gint64 intervals[ARIETTA_TAP_KEPT];
  guint n_intervals;
  gint64 middle;

  if (self->n > 0 && (time_us - self->times_us[self->n - 1] > PAUSE_US || time_us <= self->times_us[self->n - 1]))
    self->n = 0;
  if (self->n == ARIETTA_TAP_KEPT)
    memmove (self->times_us, self->times_us + 1, sizeof self->times_us[0] * --self->n);
  self->times_us[self->n++] = time_us;
  if (self->n < 2)
    return 0;

  n_intervals = self->n - 1;
  for (guint i = 0; i < n_intervals; i++)
    intervals[i] = self->times_us[i + 1] - self->times_us[i];
  qsort (intervals, n_intervals, sizeof intervals[0], compare_cb);
  middle = (intervals[(n_intervals - 1) / 2] + intervals[n_intervals / 2]) / 2;
  return 6e7 / (double) MAX (middle, 1);
}
