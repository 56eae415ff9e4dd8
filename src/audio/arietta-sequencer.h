/* arietta-sequencer.h - walks a schedule and makes it sound: the transport without a device
 *
 * Two hands, two threads.  The control side posts commands and reads marks; the sound side calls
 * arietta_sequencer_render () and nothing else.  Between them stand lock-free rings, so neither waits for
 * the other, and everything the sound side is done with (an old schedule, an old synth) travels back to
 * be freed by the control side.  No GStreamer here: offline rendering and tests drive it directly.
 *
 * Position is a frame of the music at its own tempo; with a tempo scale s, one frame of sound moves it
 * by s.
 *
 * Marks say which music frame is at which frame of the stream; the control side matches them with the
 * clock of the sound device to know what is being heard now, through loops and changes of tempo.
 */
#pragma once

#include "audio/arietta-midi-message.h"
#include "audio/arietta-schedule.h"
#include "audio/arietta-synth.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_COMMAND_SYNTH,         /* pointer: AriettaSynth, given away */
  ARIETTA_COMMAND_SCHEDULE,      /* pointer: AriettaSchedule or NULL, given away; goes on where the old stands */
  ARIETTA_COMMAND_PLAY,
  ARIETTA_COMMAND_STOP,
  ARIETTA_COMMAND_SEEK,          /* a: frame */
  ARIETTA_COMMAND_LOOP,          /* flag: on; a, b: range in frames, b <= a for the whole piece */
  ARIETTA_COMMAND_TEMPO,         /* a: scale, 0.25..4 */
  ARIETTA_COMMAND_VOLUME,        /* a: 0..1 */
  ARIETTA_COMMAND_METRONOME,     /* flag */
  ARIETTA_COMMAND_MUTE,          /* index: track; flag */
  ARIETTA_COMMAND_SOLO,          /* index: track; flag */
  ARIETTA_COMMAND_TRACK_VOLUME,  /* index: track; a: 0..1 */
  ARIETTA_COMMAND_RESET_MIX,     /* no mute, no solo, full volume everywhere */
  ARIETTA_COMMAND_KEY_ON,        /* index: pitch; velocity, program; flag: percussion */
  ARIETTA_COMMAND_KEY_OFF,       /* index: pitch */
  ARIETTA_COMMAND_COUNT_IN,      /* before the next PLAY: index: beats, velocity: beats in a bar, a: frames of a beat */
  ARIETTA_COMMAND_LIVE_VOICE,    /* the keyboard's instrument: program; flag: percussion; velocity, index: volume, pan */
} AriettaCommandKind;

typedef struct
{
  AriettaCommandKind  kind;
  guint               index;
  gboolean            flag;
  guint8              velocity;
  guint8              program;
  guint               epoch;    /* comes back in marks from then on; counts up */
  double              a;
  double              b;
  gpointer            pointer;
} AriettaCommand;

typedef struct
{
  guint64  stream_frame;
  double   music_frame;
  double   scale;
  float    peak;      /* of what was rendered since the mark before, 0..1 */
  guint    epoch;
  gboolean playing;
  guint8   count;     /* beats of a count-in still to come, the present one with them; 0 in the music */
  gboolean ended;     /* playing stopped here because the piece was over */
} AriettaMark;

typedef struct _AriettaSequencer AriettaSequencer;

AriettaSequencer *arietta_sequencer_new      (void) G_GNUC_WARN_UNUSED_RESULT;
/* One of several that share the channels of a schedule: it plays those for which @share_of (by synth channel,
 * ARIETTA_SCHEDULE_MAX_CHANNELS long, copied) says @nth.  What it renders is at full volume and not
 * limited: the sum wants that (audio/arietta-limiter.h). */
AriettaSequencer *arietta_sequencer_new_share (const guint8      *share_of,
                                               guint              nth) G_GNUC_WARN_UNUSED_RESULT;
/* Counted atomically: each side holds one. */
AriettaSequencer *arietta_sequencer_ref      (AriettaSequencer     *self);
void              arietta_sequencer_unref    (AriettaSequencer     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaSequencer, arietta_sequencer_unref)

/* Frees what a command carries. */
void              arietta_sequencer_command_clear (const AriettaCommand *command);
/* Control side.  FALSE: the ring is full, and the pointer still the caller's. */
gboolean          arietta_sequencer_post     (AriettaSequencer     *self,
                                              const AriettaCommand *command);
gboolean          arietta_sequencer_pop_mark (AriettaSequencer     *self,
                                              AriettaMark          *mark);

/* Any thread but the sound's: a note of a keyboard, sounding with the next buffer.  Lost when the ring is full. */
void              arietta_sequencer_post_live (AriettaSequencer         *self,
                                               const AriettaMidiMessage *message);
/* Control side: peak of what the track sounded since the last question, before the master volume
 * and without effects' tails. */
double            arietta_sequencer_take_track_peak (AriettaSequencer   *self,
                                               guint                     track);
/* By how much the limiter held back since the last question: 1 not at all, 0.5 by half. */
double            arietta_sequencer_take_reduction (AriettaSequencer    *self);

/* Sound side: the next @n_frames, interleaved stereo, within -1..1.  @stream_frame is where they stand
 * in the stream. */
void              arietta_sequencer_render   (AriettaSequencer     *self,
                                              float                *out,
                                              guint                 n_frames,
                                              guint64               stream_frame);
/* Sound side: what the next frame will be. */
double            arietta_sequencer_get_position (AriettaSequencer *self);
gboolean          arietta_sequencer_is_playing   (AriettaSequencer *self);

G_END_DECLS
