/* arietta-sequencer-private.h - what the sequencer's files share
 *
 * arietta-sequencer.c walks and renders, -commands.c obeys, -chase.c catches up after a jump, -live.c
 * plays what a keyboard sends.  All but the
 * rings belongs to the sound side.
 */
#pragma once

#include "audio/arietta-limiter.h"
#include "audio/arietta-ring.h"
#include "audio/arietta-sequencer.h"

G_BEGIN_DECLS

#define ARIETTA_SEQUENCER_MAX_TRACKS 256
#define ARIETTA_SEQUENCER_EPSILON    1e-6  /* frames that rounding may cost */

typedef struct
{
  gboolean mute;
  gboolean solo;
  double   volume;
} AriettaStrip;

struct _AriettaSequencer
{
  gatomicrefcount  ref_count;
  AriettaRing     *commands;  /* to the sound side */
  AriettaRing     *retired;   /* and back: SYNTH and SCHEDULE commands to be freed */
  AriettaRing     *marks;
  AriettaRing     *live;      /* AriettaMidiMessage to the sound side */
  GMutex           live_lock; /* of those who post there; the sound side takes no lock */

  /* Written by the sound side, taken by the other. */
  _Atomic float    track_peaks[ARIETTA_SEQUENCER_MAX_TRACKS];
  _Atomic float    reduction;

  gboolean         shared;    /* with other sequencers; never changes */
  gboolean         skipped[ARIETTA_SYNTH_N_CHANNELS];  /* channels of the others */

  /* From here on the sound side's own. */
  AriettaSynth    *synth;
  AriettaSchedule *schedule;
  const AriettaDue *dues;
  guint            n_dues;
  guint            next;      /* index of the next due */
  double           position;
  gboolean         playing;
  guint            count;     /* beats of a count-in still to be clicked, and the whole of it asked for before playing */
  guint            count_bar; /* beats in a bar of it */
  double           count_frames;  /* of a beat */
  double           count_end; /* where the music begins then */
  gboolean         counting;
  gboolean         moved;     /* what sounds may not fit the position any more */
  gboolean         loop;
  double           loop_start;
  double           loop_end;
  double           scale;
  double           volume;
  double           volume_now;
  gboolean         metronome;
  AriettaStrip     strips[ARIETTA_SEQUENCER_MAX_TRACKS];
  guint            epoch;
  guint64          stream_frame;
  float            peak;
  AriettaLimiter   limiter;
  AriettaCommand   voice;     /* the last LIVE_VOICE, for the next synthesiser */
  AriettaSynthChannel wanted[ARIETTA_SYNTH_N_CHANNELS];
  guint8           wanted_on[ARIETTA_SYNTH_N_CHANNELS][128];  /* velocity */
};

void   arietta_sequencer_obey           (AriettaSequencer     *self,
                                         const AriettaCommand *command);
/* Where the music ends or turns back, and where to. */
double arietta_sequencer_get_limit      (AriettaSequencer     *self);
double arietta_sequencer_get_loop_start (AriettaSequencer     *self);
/* Ends all notes of the piece and the click; fingers stay. */
void   arietta_sequencer_release        (AriettaSequencer     *self);
/* All that waits in the ring of live messages. */
void   arietta_sequencer_play_live      (AriettaSequencer     *self);
/* The instrument of the keyboard, from a LIVE_VOICE command. */
void   arietta_sequencer_take_voice     (AriettaSequencer     *self,
                                         const AriettaCommand *command);
/* Makes everything sound as if played up to the position from the start; notes that already sound and
 * should are left alone. */
void   arietta_sequencer_chase          (AriettaSequencer     *self);

G_END_DECLS
