/* arietta-command-queue.h - what is asked of a sequencer, in order, until it can take it
 *
 * Commands wait here while there is no synthesiser yet, while the ring is full, and behind a
 * schedule that is still being made: those of large pieces are made in a worker.
 *
 * Threads: the main loop's.
 */
#pragma once

#include "audio/arietta-sequencer.h"

G_BEGIN_DECLS

typedef struct _AriettaCommandQueue AriettaCommandQueue;

AriettaCommandQueue *arietta_command_queue_new           (AriettaSequencer     *sequencer) G_GNUC_WARN_UNUSED_RESULT;
void                 arietta_command_queue_free          (AriettaCommandQueue  *self);

/* What the command points to is given away. */
void                 arietta_command_queue_push          (AriettaCommandQueue  *self,
                                                          const AriettaCommand *command);
/* @piece frozen, or NULL; its schedule reaches to @until_ticks at least.  Those asked for before and not taken yet
 * are dropped: nobody has heard them. */
void                 arietta_command_queue_push_schedule (AriettaCommandQueue  *self,
                                                          AriettaPiece         *piece,
                                                          gint64                until_ticks,
                                                          guint                 epoch);
/* Given away.  It goes before everything that waits, and from then on the queue moves. */
void                 arietta_command_queue_take_synth    (AriettaCommandQueue  *self,
                                                          AriettaSynth         *synth,
                                                          guint                 epoch);
gboolean             arietta_command_queue_has_synth     (AriettaCommandQueue  *self);
/* Hands over what can be; now and then, for the ring may have been full. */
void                 arietta_command_queue_flush         (AriettaCommandQueue  *self);

G_END_DECLS
