/* arietta-tap.h - a tempo from taps
 *
 * The middle one of the last intervals counts, so that one late tap does not matter.  After a pause it begins anew.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_TAP_KEPT 8

typedef struct
{
  gint64 times_us[ARIETTA_TAP_KEPT];
  guint  n;
} AriettaTap;

/* Beats to the minute after a tap at @time_us, or 0 while one cannot know. */
double arietta_tap_add (AriettaTap *self,
                        gint64      time_us);

G_END_DECLS
