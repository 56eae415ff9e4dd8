/* What a musician has words for, measured on windows of steps. */
#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-steps-private.h"

/* 2 on a beat, 1 between two of its halves or thirds, 0 else. */
static int
get_strength (const AriettaStepWindow *window,
              guint                    step)
{
  gboolean compound = window->denominator >= 8 && window->numerator % 3 == 0
                      && window->numerator > 3;
  int      position = window->positions[step];

  if (position % (compound ? 6 : 4) == 0)
    return 2;

  return position % 2 == 0 ? 1 : 0;
}

double
arietta_steps_measure_syncopation (const AriettaStepWindow *window,
                                   guint                    first_note,
                                   guint16                  mask)
{
  double sum = 0.0;

  for (guint s = 0; s < window->n_steps; s++)
    {
      int   strength = get_strength (window, s);
      guint next = s + 1;

      if ((window->tokens[s] & mask) < first_note)
        continue;
      while (next < window->n_steps && (window->tokens[next] & mask) == 0
             && get_strength (window, next) <= strength)
        next++;
      /* It lasts into a stronger place where nothing begins. */
      if (next < window->n_steps && (window->tokens[next] & mask) == 0)
        sum += get_strength (window, next) - strength;
    }

  return sum / window->n_steps;
}
