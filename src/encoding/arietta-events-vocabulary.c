/* The tokens themselves: sorts, values, names. */
#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-events.h"

#include "base/arietta-error.h"

#include <math.h>

ARIETTA_DEFINE_ERROR (encoding)

/* In the order of AriettaEventSort; `shown` is added to the value for people. */
static const struct
{
  const char *name;
  guint16     first, n;
  gint16      shown;
} sorts[ARIETTA_EVENT_N_SORTS] = {
  { "PAD", 0, 1, 0 },
  { "BEGIN", 1, 1, 0 },
  { "INSIDE", 2, 1, 0 },
  { "BAR", 3, 1, 0 },
  { "LAST_BAR", 4, 1, 0 },
  { "END", 5, 1, 0 },
  { "CUT", 6, 1, 0 },
  { "LONGER", 7, 1, 0 },
  { "MASK", 8, 1, 0 },
  { "FILL", 9, 1, 0 },
  { "CELL", 10, 1, 0 },
  { "DONE", 11, 1, 0 },
  { "DRUMS", 12, 1, 0 },
  { "STYLE", 13, ARIETTA_EVENTS_N_STYLES, 0 },
  { "KEY", 45, 24, 0 },
  { "DENSITY", 69, ARIETTA_EVENTS_N_DENSITIES, 0 },
  { "ROLE", 79, ARIETTA_EVENTS_N_ROLES, 0 },
  { "TRACK", 84, ARIETTA_EVENTS_MAX_PARTS, 0 },
  { "PROGRAM", 100, 128, 0 },
  { "NUMERATOR", 228, 32, 1 },
  { "DENOMINATOR", 260, 7, 0 },
  { "TEMPO", 267, 64, 0 },
  { "TEMPO_FINE", 331, 64, 0 },
  { "POSITION", 395, ARIETTA_EVENTS_N_POSITIONS, 0 },
  { "OFFSET", 587, ARIETTA_EVENTS_UNITS_PER_POSITION, -ARIETTA_EVENTS_UNITS_PER_POSITION / 2 },
  { "VELOCITY", 627, 127, 1 },
  { "DURATION", 754, ARIETTA_EVENTS_N_DURATIONS, 0 },
  { "LONG", 851, 16, 0 },
  { "END_OFFSET", 867, ARIETTA_EVENTS_UNITS_PER_POSITION, -ARIETTA_EVENTS_UNITS_PER_POSITION / 2 },
  { "PITCH", 907, 128, 0 },
  { "DRUM", 1035, 128, 0 },
};

#define N_TOKENS 1163

/* Most notes to the quarter of each class of density but the last. */
static const double densities[ARIETTA_EVENTS_N_DENSITIES - 1] = {
  0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0,
};

#define SLOWEST     8.0   /* quarters to the minute */
#define PER_OCTAVE  10.0
#define FINE_STEPS  64
#define N_TEMPOS    64

guint
arietta_events_get_n (void)
{
  return N_TOKENS;
}

AriettaEvent16
arietta_event_make (AriettaEventSort sort,
                    guint            value)
{
  g_return_val_if_fail (sort < ARIETTA_EVENT_N_SORTS && value < sorts[sort].n, 0);

  return (AriettaEvent16) (sorts[sort].first + value);
}

AriettaEventSort
arietta_event_get_sort (AriettaEvent16 token,
                        guint         *value)
{
  int low = 0, high = ARIETTA_EVENT_N_SORTS;

  g_return_val_if_fail (token < N_TOKENS, ARIETTA_EVENT_PAD);

  while (high - low > 1)
    {
      int middle = (low + high) / 2;

      if (sorts[middle].first <= token)
        low = middle;
      else
        high = middle;
    }
  if (value != NULL)
    *value = (guint) token - sorts[low].first;

  return (AriettaEventSort) low;
}

guint
arietta_event_get_n_values (AriettaEventSort sort)
{
  g_return_val_if_fail (sort < ARIETTA_EVENT_N_SORTS, 0);

  return sorts[sort].n;
}

char *
arietta_event_dup_name (AriettaEvent16 token)
{
  guint            value;
  AriettaEventSort sort;

  if (token >= N_TOKENS)
    return g_strdup_printf ("(%u)", token);

  sort = arietta_event_get_sort (token, &value);
  if (sort == ARIETTA_EVENT_DENOMINATOR)
    return g_strdup_printf ("%s %u", sorts[sort].name, 1u << value);
  if (sorts[sort].n == 1)
    return g_strdup (sorts[sort].name);

  return g_strdup_printf ("%s %d", sorts[sort].name, (int) value + sorts[sort].shown);
}

int
arietta_event_key_value (AriettaTonality key)
{
  if (key.tonic < 0)
    return -1;

  return key.tonic % 12 + (key.scale == ARIETTA_SCALE_MINOR ? 12 : 0);
}

AriettaTonality
arietta_event_key_from (guint value)
{
  return (AriettaTonality) { (int) (value % 12),
                             value >= 12 ? ARIETTA_SCALE_MINOR : ARIETTA_SCALE_MAJOR };
}

guint
arietta_event_density (guint  n_notes,
                       gint64 units)
{
  double quarters = (double) MAX (units, 1) / ARIETTA_EVENTS_UNITS;
  guint  class = 0;

  while (class < G_N_ELEMENTS (densities) && n_notes > densities[class] * quarters)
    class++;

  return class;
}

guint
arietta_event_tempo_value (guint32 us_per_quarter,
                           guint  *fine)
{
  double bpm = 6e7 / MAX (us_per_quarter, 1u);
  double at = PER_OCTAVE * log2 (bpm / SLOWEST);
  int    value = (int) CLAMP (floor (at + 0.5), 0, N_TEMPOS - 1);

  if (fine != NULL)
    *fine = (guint) CLAMP (floor ((at - value) * FINE_STEPS + 0.5) + FINE_STEPS / 2, 0, FINE_STEPS - 1);

  return (guint) value;
}

guint32
arietta_event_tempo_from (guint value,
                          guint fine)
{
  double at = value + ((double) fine - FINE_STEPS / 2) / FINE_STEPS;

  return (guint32) (6e7 / (SLOWEST * exp2 (at / PER_OCTAVE)) + 0.5);
}
