/* arietta-midi-private.h - what the reader and the writer of MIDI files agree on */
#pragma once

#include "formats/arietta-midi.h"

G_BEGIN_DECLS

#define MIDI_MAX_TICKS 0x0FFFFFFF

#define MIDI_META_TEXT         0x01
#define MIDI_META_NAME         0x03
#define MIDI_META_LAST_TEXT    0x0F
#define MIDI_META_PORT         0x21
#define MIDI_META_END_OF_TRACK 0x2F
#define MIDI_META_TEMPO        0x51
#define MIDI_META_METER        0x58
#define MIDI_META_KEY          0x59

/* How a title is written that no other event gives. */
#define MIDI_TITLE_PREFIX "Title: "

static inline gboolean
midi_event_is_text (const AriettaEvent *event)
{
  return event->status == 0xFF && event->data1 >= MIDI_META_TEXT &&
         event->data1 <= MIDI_META_LAST_TEXT;
}

/* The real time that a SMPTE division gives a piece: ticks in its "quarter", and how long that
 * lasts. */
static inline int
midi_smpte_ticks_per_quarter (int frames, int subframes)
{
  return (frames == 29 ? 30 : frames) * subframes;
}

static inline guint32
midi_smpte_us_per_quarter (int frames)
{
  return frames == 29 ? 1001000 : 1000000;
}

/* The title that the events of @piece give, or NULL. */
char *_arietta_midi_dup_title   (AriettaPiece    *piece,
                                 AriettaEncoding  encoding);
/* Shows track names, and the title, in @encoding; @piece may still be changed. */
void  _arietta_midi_show_texts  (AriettaPiece    *piece,
                                 AriettaEncoding  encoding);

G_END_DECLS
