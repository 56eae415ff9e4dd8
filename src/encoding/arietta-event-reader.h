/* arietta-event-reader.h - reads events one at a time: what they mean, what may follow
 *
 * The grammar of encoding/arietta-events.h lives here and nowhere else: the decoder feeds a reader,
 * and so does sampling, which asks it which tokens may come next and where in the music it is.
 *
 * Threads: one at a time.
 */
#pragma once

#include "encoding/arietta-events.h"

G_BEGIN_DECLS

typedef struct _AriettaEventReader AriettaEventReader;

/* Where the next token stands; -1 for none. */
typedef struct
{
  int              bar;        /* of the sequence, from 0 */
  int              slot;       /* the t of TRACK t */
  int              position;   /* of the grid, in the bar */
  gboolean         filling;    /* in the fills */
  AriettaEventSort last;       /* sort of the last token; PAD before any */
  guint            n_masked;   /* cells still to be filled */
} AriettaEventPlace;

AriettaEventReader *arietta_event_reader_new     (void) G_GNUC_WARN_UNUSED_RESULT;
void                arietta_event_reader_free    (AriettaEventReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaEventReader, arietta_event_reader_free)
void                arietta_event_reader_reset   (AriettaEventReader *self);

/* FALSE when @token may not stand here; then nothing has changed. */
gboolean            arietta_event_reader_accepts (AriettaEventReader *self,
                                                  AriettaEvent16      token);
gboolean            arietta_event_reader_feed    (AriettaEventReader *self,
                                                  AriettaEvent16      token);
/* 1 for each token that may follow, 0 for the others; arietta_events_get_n () of them. */
void                arietta_event_reader_get_allowed (AriettaEventReader *self,
                                                  guint8             *allowed);

AriettaEventPlace   arietta_event_reader_get_place (AriettaEventReader *self);
/* Positions in the bar that is being read, 0 before one. */
guint               arietta_event_reader_get_bar_positions (AriettaEventReader *self);
/* Whether the part of @slot is percussion. */
gboolean            arietta_event_reader_is_drums (AriettaEventReader *self,
                                                  guint               slot);
/* The number of the part of @slot, as notes have it; -1: none. */
int                 arietta_event_reader_get_part (AriettaEventReader *self,
                                                  int                 slot);
gboolean            arietta_event_reader_is_drum_part (AriettaEventReader *self,
                                                  guint               part);
/* The last note read at the present place of the present cell, or NULL. */
const AriettaEventNote *arietta_event_reader_get_last_note (AriettaEventReader *self);
/* For how many units the other parts sound each pitch class while the next note of the cell would sound, were it as
 * long as it is so far.  All 0 outside a cell. */
void                arietta_event_reader_get_around (AriettaEventReader *self,
                                                  gint64              units[12]);
guint               arietta_event_reader_get_n_notes (AriettaEventReader *self);
const AriettaEventNote *arietta_event_reader_get_note (AriettaEventReader *self,
                                                  guint               nth);

/* What was read, settled; the reader is as new afterwards. */
AriettaEventScore  *arietta_event_reader_take    (AriettaEventReader *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
