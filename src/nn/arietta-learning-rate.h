/* arietta-learning-rate.h - the learning rate over the steps of a run
 *
 * Half a cosine after Loshchilov and Hutter, "SGDR" (2017).
 */
#pragma once

#include <glib.h>
#include <math.h>

G_BEGIN_DECLS

/* Rises in a line from 0 to peak over the first warmup steps, then falls as half a cosine to floor times
 * peak at step total, and stays there.  total = 0: stays at peak. */
typedef struct
{
  double peak;
  gint64 warmup, total;
  double floor;
} AriettaRateSchedule;

/* The rate of step @step, counted from 1. */
double arietta_rate_schedule_get (const AriettaRateSchedule *schedule,
                                  gint64                     step);

/* What the rate is multiplied by, falling where measured losses do: after @patience measurements in a row
 * without a new best one, it is multiplied by @factor, and the waiting begins anew; never below @least. */
typedef struct
{
  double factor;
  int    patience;
  double least;

  /* Kept by arietta_plateau_measure (), saved by who wants to go on later. */
  double scale;    /* 1 to begin with */
  double best;     /* NaN to begin with */
  int    n_worse;
} AriettaPlateau;

#define ARIETTA_PLATEAU_INIT(factor, patience, least) \
  { (factor), (patience), (least), 1.0, NAN, 0 }

/* The scale from now on.  A loss that is not finite counts as worse. */
double arietta_plateau_measure   (AriettaPlateau            *plateau,
                                  double                     loss);

G_END_DECLS
