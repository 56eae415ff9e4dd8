/* arietta-schedule.h - what a piece asks of a synthesiser, and when
 *
 * A frozen piece as one flat, sorted array of dues: note on and off, controllers, bends, programs and
 * metronome clicks, each at a frame (1/44100 s, not rounded) counted from the start of the piece at its
 * own tempo.  A live tempo scale is the player's business: it only walks the array faster.
 *
 * Channels.  Each pair of track and MIDI channel gets a synth channel of its own, so that mute, solo and
 * volume work by track even when tracks share a MIDI channel; controllers and programs of a MIDI channel
 * reach all its synth channels, whichever track they stand in.  A note whose program differs
 * from what the events left in force brings its own program change, so notes alone are enough.  Past
 * ARIETTA_SCHEDULE_MAX_CHANNELS pairs, channels are shared.
 *
 * At one frame: note offs first, then controllers and programs in file order, clicks, note ons.  A note
 * of length 0 lasts a tick.  Where equal pitches of a channel overlap, the later one takes over and the
 * earlier one's end is dropped.
 *
 * A schedule never changes after it is made: any thread may read it.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

#define ARIETTA_SAMPLE_RATE            44100
#define ARIETTA_SCHEDULE_MAX_CHANNELS  252

typedef enum
{
  ARIETTA_DUE_NOTE_OFF,      /* data1 pitch */
  ARIETTA_DUE_CONTROL,       /* data1 controller, data2 value */
  ARIETTA_DUE_PROGRAM,       /* data1 program */
  ARIETTA_DUE_BEND,          /* data1 + 128 * data2, 8192 in the middle */
  ARIETTA_DUE_PRESSURE,      /* data1 value */
  ARIETTA_DUE_KEY_PRESSURE,  /* data1 pitch, data2 value */
  ARIETTA_DUE_CLICK,         /* data1: 1 for the first beat of a bar; no channel */
  ARIETTA_DUE_NOTE_ON,       /* data1 pitch, data2 velocity */
} AriettaDueKind;

typedef struct
{
  double frame;
  guint8 kind;     /* AriettaDueKind */
  guint8 channel;  /* synth channel */
  guint8 data1;
  guint8 data2;
} AriettaDue;

typedef struct
{
  guint    track;
  guint8   midi_channel;
  gboolean percussion;
} AriettaScheduleChannel;

typedef struct _AriettaSchedule AriettaSchedule;

/* @piece must be frozen; a reference is kept. */
AriettaSchedule              *arietta_schedule_new             (AriettaPiece    *piece) G_GNUC_WARN_UNUSED_RESULT;
/* The same with an end at @until_ticks or later, and clicks up to there: for who plays along. */
AriettaSchedule              *arietta_schedule_new_until       (AriettaPiece    *piece,
                                                                gint64           until_ticks) G_GNUC_WARN_UNUSED_RESULT;
void                          arietta_schedule_free            (AriettaSchedule *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaSchedule, arietta_schedule_free)

const AriettaDue             *arietta_schedule_get_dues        (AriettaSchedule *self,
                                                                guint           *n);
/* Index of the first due at or after @frame. */
guint                         arietta_schedule_find            (AriettaSchedule *self,
                                                                double           frame);
const AriettaScheduleChannel *arietta_schedule_get_channels    (AriettaSchedule *self,
                                                                guint           *n);
/* Where the last note ends, or later where that was asked for. */
double                        arietta_schedule_get_end         (AriettaSchedule *self);
/* The end of the bar in which the last note ends: where the whole piece goes round. */
double                        arietta_schedule_get_loop_end    (AriettaSchedule *self);
/* The same moment of the music in @other's frames: equal ticks, rescaled if the pieces count
 * differently. */
double                        arietta_schedule_translate       (AriettaSchedule *self,
                                                                double           frame,
                                                                AriettaSchedule *other);

G_END_DECLS
