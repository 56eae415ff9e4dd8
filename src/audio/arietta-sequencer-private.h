/* arietta-sequencer-private.h - what the sequencer's files share
 *
 * arietta-sequencer.c walks and renders, -commands.c obeys, -chase.c catches up after a jump.  All but the
 * rings belongs to the sound side.
 */
#pragma once

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
  AriettaSynthChannel wanted[ARIETTA_SYNTH_N_CHANNELS];
  guint8           wanted_on[ARIETTA_SYNTH_N_CHANNELS][128];  /* velocity */
};

/* Frees what a command carries. */
void   arietta_sequencer_command_clear  (const AriettaCommand *command);
void   arietta_sequencer_obey           (AriettaSequencer     *self,
                                         const AriettaCommand *command);
/* Where the music ends or turns back, and where to. */
double arietta_sequencer_get_limit      (AriettaSequencer     *self);
double arietta_sequencer_get_loop_start (AriettaSequencer     *self);
/* Ends all notes of the piece and the click; fingers stay. */
void   arietta_sequencer_release        (AriettaSequencer     *self);
/* Makes everything sound as if played up to the position from the start; notes that already sound and
 * should are left alone. */
void   arietta_sequencer_chase          (AriettaSequencer     *self);

G_END_DECLS
