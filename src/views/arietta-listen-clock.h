/* arietta-listen-clock.h - how long something was heard, kept in the library
 *
 * Runs while there is sound.  Shorter than two seconds is a glance and is not kept.  Main thread only.
 */
#pragma once

#include "library/arietta-library.h"

G_BEGIN_DECLS

typedef struct _AriettaListenClock AriettaListenClock;

AriettaListenClock *arietta_listen_clock_new   (AriettaLibrary     *library) G_GNUC_WARN_UNUSED_RESULT;
void                arietta_listen_clock_free  (AriettaListenClock *self);
/* Nothing happens when it runs already. */
void                arietta_listen_clock_start (AriettaListenClock *self);
/* Stops, and writes what was heard in a worker: a take, else an item; what is neither is not kept. */
void                arietta_listen_clock_flush (AriettaListenClock *self,
                                                gint64              item_id,
                                                gint64              take_id);

G_END_DECLS
