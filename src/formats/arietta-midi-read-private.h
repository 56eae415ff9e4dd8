/* arietta-midi-read-private.h - what reading a MIDI file shares between its file and its tracks
 *
 * Notes and events of a track are gathered in two arrays that all tracks of a file use in turn, and
 * handed to the piece at the end of the track.  Sounding notes wait in a first-in-first-out list
 * for each (channel, pitch); a waiting note's duration field holds the index + 1 of the next one.
 *
 * A file is read a second time when a track changes the program of a channel that other tracks use:
 * only after the first time is it known which changes there are.
 */
#pragma once

#include "formats/arietta-midi-private.h"
#include "music/arietta-play-order.h"

G_BEGIN_DECLS

#define MIDI_N_CHANNELS   16
#define MIDI_N_SLOTS      (MIDI_N_CHANNELS * 128)

/* The notes of one (channel, pitch) that wait for their end: indices + 1 of the first and the
 * last. */
typedef struct
{
  guint32 first;
  guint32 last;
} MidiWaiting;

/* What is learned of a track while reading it. */
typedef struct
{
  guint16 noted;   /* bit c: it has notes on channel c */
  guint16 early;   /* ... before any program change of its own */
  guint16 changed; /* it changes the program of channel c */
  guint8  port;
} MidiTrackFacts;

typedef struct
{
  const guint8 *data;       /* the whole file; places in sentences count from here */
  gsize         begin;      /* of the MIDI data in it */
  gsize         end;
  const char   *name;
  gboolean      salvage;

  AriettaPiece *piece;
  int           format;
  gboolean      smpte;
  guint         n_promised;
  guint         n_tracks;
  gint64        offset;     /* where a track of format 2 begins */

  AriettaNote  *notes;
  guint         n_notes;
  guint         notes_size;
  AriettaEvent *events;
  guint         n_events;
  guint         events_size;
  MidiWaiting      *waiting;    /* (MIDI_N_SLOTS), all empty between tracks */
  guint         n_waiting;  /* notes in them */

  GArray       *facts;      /* MidiTrackFacts */
  AriettaPlayOrder *order;  /* of the first reading; NULL during it */
  gboolean      other_text; /* a text is not plain ASCII */
  char         *title;      /* given by a text of ours */
  guint8        lowest_program[MIDI_N_CHANNELS];
  guint8        highest_program[MIDI_N_CHANNELS];

  GPtrArray    *warnings;
  guint         n_unsaid;
} MidiReader;

/* Notes an oddity at @byte: a sentence without a capital, since the place precedes it. */
void     midi_warn       (MidiReader           *self,
                          gsize                 byte,
                          const char           *format,
                          ...) G_GNUC_PRINTF (3, 4);
/* A sentence that names the place itself; taken. */
void     midi_warn_plainly (MidiReader         *self,
                          char                 *sentence);
/* Sets @error for a break at @byte; always FALSE. */
gboolean midi_fail       (MidiReader           *self,
                          GError              **error,
                          AriettaFormatsError   code,
                          gsize                 byte,
                          const char           *format,
                          ...) G_GNUC_PRINTF (5, 6);

/* Reads one track chunk whose contents are @start to @end; @promised bytes were announced. */
gboolean midi_read_track (MidiReader           *self,
                          gsize                 start,
                          gsize                 end,
                          gsize                 promised,
                          GError              **error);

G_END_DECLS
