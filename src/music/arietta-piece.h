/* arietta-piece.h - a piece of music: tempo map, metres, keys, tracks of notes
 *
 * Ticks are the only musical time.  A piece keeps the ticks per quarter of the file it came from
 * (480 for a new one); only encodings rescale.  Seconds are computed from the tempo map, bars from
 * the metre map, never from 4/4 at tick 0: a metre change always begins a bar, and a first bar
 * shorter than its metre (the next change comes early) is a pickup.
 *
 * A file counted in SMPTE frames has real time for ticks: its quarter is one second (ticks per
 * quarter = frames x subframes, one tempo of 1,000,000 us) and the division is kept so that writing
 * gives it back. 29 stands for 29.97 frames per second: 30 x subframes ticks, which last 1,001,000
 * us exactly.
 *
 * Events are the truth about a track: its name event (meta 0x03) and its program changes are among
 * them. Notes carry their program too; freezing adds the program changes that the notes imply and
 * nothing states, so that a player, a writer and whoever reads the file again agree.
 *
 * A piece is reference-counted.  It may be changed by whoever holds the only reference to a piece
 * still being built; from the moment it is shared (another thread, a job, a take) it is frozen by
 * arietta_piece_freeze (), after which every setter is a programming error and reading is safe from
 * any thread.  arietta_piece_copy () gives a fresh, changeable one.
 *
 * Arrays handed out are sorted, borrowed, and valid until the next change of the piece.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define ARIETTA_TICKS_PER_QUARTER 480

/* One sounding note.  24 bytes, so a list of them is what the readers fill and the player walks. */
typedef struct
{
  gint64 onset_ticks;
  gint64 duration_ticks;   /* 0 is allowed and kept */
  guint8 pitch;            /* MIDI, 60 = C4 */
  guint8 velocity;         /* 1..127 */
  guint8 off_velocity;     /* 0..127, 64 when the file had none */
  guint8 channel;          /* 0..15; 9 is percussion */
  guint8 program;          /* General MIDI program in force at the onset, 0..127 */
  guint8 flags;            /* AriettaNoteFlags */
} AriettaNote;

typedef enum
{
  ARIETTA_NOTE_OFF_BY_EVENT = 1 << 0, /* ended by a real note-off (0x8n), not note-on of velocity 0 */
  ARIETTA_NOTE_UNCLOSED     = 1 << 1, /* the file never ended it: it ends with its track */
  ARIETTA_NOTE_EDITED       = 1 << 2, /* a person changed or drew it */
  ARIETTA_NOTE_LOCKED       = 1 << 3, /* models leave it alone */
} AriettaNoteFlags;

typedef struct
{
  gint64  tick;
  guint32 us_per_quarter;
} AriettaTempo;

typedef struct
{
  gint64 tick;
  guint8 numerator;              /* 1..255 */
  guint8 denominator_log2;       /* 2 = quarter */
  guint8 clocks_per_click;       /* as in the file, 24 by default */
  guint8 thirty_seconds_per_quarter; /* 8 by default */
} AriettaMeter;

typedef struct
{
  gint64   tick;
  gint8    sharps;  /* -7..7, negative: flats */
  gboolean minor;
} AriettaKey;

/* Everything in a track that is not a note and not in the piece's maps: kept in file order so that
 * writing gives it back.  Channel messages use data1 and data2; texts, system exclusive and other
 * meta events carry bytes. */
typedef struct
{
  gint64       tick;
  guint8       status;   /* 0xA0..0xEF with channel; 0xF0, 0xF7; 0xFF for meta events */
  guint8       data1;    /* for meta events: the type */
  guint8       data2;
  guint32      n_bytes;
  const guint8 *bytes;   /* owned by the track */
} AriettaEvent;

typedef struct _AriettaTrack AriettaTrack;
typedef struct _AriettaPiece AriettaPiece;

#define ARIETTA_TYPE_PIECE (arietta_piece_get_type ())
GType               arietta_piece_get_type             (void);

/* ticks_per_quarter in 1..32767. */
AriettaPiece       *arietta_piece_new                  (int                 ticks_per_quarter) G_GNUC_WARN_UNUSED_RESULT;
AriettaPiece       *arietta_piece_ref                  (AriettaPiece       *self);
void                arietta_piece_unref                (AriettaPiece       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaPiece, arietta_piece_unref)
AriettaPiece       *arietta_piece_copy                 (AriettaPiece       *self) G_GNUC_WARN_UNUSED_RESULT;
/* Sorts what is unsorted, adds the program changes that notes imply, lets the first track last
 * until the last entry of a map (which is written into it), and forbids further changes; returns
 * @self for chaining. */
AriettaPiece       *arietta_piece_freeze               (AriettaPiece       *self);
gboolean            arietta_piece_is_frozen            (AriettaPiece       *self);
/* Equal in everything that is music: ticks, maps, tracks, notes, events.  Flags of editing and
 * ARIETTA_NOTE_UNCLOSED do not count, nor does the off velocity of a note without a note-off
 * event. */
gboolean            arietta_piece_equal                (AriettaPiece       *a,
                                                        AriettaPiece       *b);
/* SHA-256 in hex over the notes alone (onset and duration in 1/960 quarters, pitch, velocity,
 * channel, program, in an order that does not depend on the tracks): content equal note for note
 * has equal digests whatever its container. */
char               *arietta_piece_dup_digest           (AriettaPiece       *self) G_GNUC_WARN_UNUSED_RESULT;

/* Title as a person reads it (UTF-8), or NULL. */
const char         *arietta_piece_get_title            (AriettaPiece       *self);
void                arietta_piece_set_title            (AriettaPiece       *self,
                                                        const char         *title);

int                 arietta_piece_get_ticks_per_quarter (AriettaPiece      *self);
/* 0 and 0 for a piece counted in quarters; else the frame rate (24, 25, 29, 30) and subframes. */
void                arietta_piece_get_smpte            (AriettaPiece       *self,
                                                        int                *frames,
                                                        int                *subframes);
void                arietta_piece_set_smpte            (AriettaPiece       *self,
                                                        int                 frames,
                                                        int                 subframes);

/* The maps.  Lists are as in the file; what holds before the first entry is 500,000 us, 4/4 and no
 * key. A set at a tick that has an entry replaces it. */
const AriettaTempo *arietta_piece_get_tempos           (AriettaPiece       *self,
                                                        guint              *n);
void                arietta_piece_set_tempo            (AriettaPiece       *self,
                                                        gint64              tick,
                                                        guint32             us_per_quarter);
const AriettaMeter *arietta_piece_get_meters           (AriettaPiece       *self,
                                                        guint              *n);
void                arietta_piece_set_meter            (AriettaPiece       *self,
                                                        gint64              tick,
                                                        int                 numerator,
                                                        int                 denominator);
/* As arietta_piece_set_meter (), with the two MIDI fields few programs care about. */
void                arietta_piece_set_meter_full       (AriettaPiece       *self,
                                                        const AriettaMeter *meter);
const AriettaKey   *arietta_piece_get_keys             (AriettaPiece       *self,
                                                        guint              *n);
void                arietta_piece_set_key              (AriettaPiece       *self,
                                                        gint64              tick,
                                                        int                 sharps,
                                                        gboolean            minor);
/* Take out the entry at exactly @tick, if there is one. */
void                arietta_piece_remove_tempo         (AriettaPiece       *self,
                                                        gint64              tick);
void                arietta_piece_remove_meter         (AriettaPiece       *self,
                                                        gint64              tick);
/* What is in force at @tick; 500,000 us and 4/4 where the map says nothing, FALSE where there is no
 * key. */
guint32             arietta_piece_get_tempo_at         (AriettaPiece       *self,
                                                        gint64              tick);
AriettaMeter        arietta_piece_get_meter_at         (AriettaPiece       *self,
                                                        gint64              tick);
gboolean            arietta_piece_get_key_at           (AriettaPiece       *self,
                                                        gint64              tick,
                                                        AriettaKey         *key);

guint               arietta_piece_get_n_tracks         (AriettaPiece       *self);
AriettaTrack       *arietta_piece_get_track            (AriettaPiece       *self,
                                                        guint               nth);
/* Appended; owned by the piece. */
AriettaTrack       *arietta_piece_add_track            (AriettaPiece       *self,
                                                        const char         *name);
void                arietta_piece_remove_track         (AriettaPiece       *self,
                                                        guint               nth);
guint               arietta_piece_get_n_notes          (AriettaPiece       *self);
/* End of the last note, event, map entry or track, whichever is latest. */
gint64              arietta_piece_get_end_ticks        (AriettaPiece       *self);
/* Onset of the first note; 0 without any. */
gint64              arietta_piece_get_notes_start_ticks (AriettaPiece      *self);
/* End of the last note. */
gint64              arietta_piece_get_notes_end_ticks  (AriettaPiece       *self);

/* Time.  Both directions are exact inverses up to rounding to a tick. */
double              arietta_piece_ticks_to_seconds     (AriettaPiece       *self,
                                                        gint64              tick);
gint64              arietta_piece_seconds_to_ticks     (AriettaPiece       *self,
                                                        double              seconds);
/* Up to the end of the last note, as a player would show it. */
double              arietta_piece_get_duration_seconds (AriettaPiece       *self);

/* Tracks. */
const char         *arietta_track_get_name             (AriettaTrack       *self);  /* UTF-8, may be "" */
/* Renames: the track's name event (meta 0x03) is replaced, added or, for "", removed. */
void                arietta_track_set_name             (AriettaTrack       *self,
                                                        const char         *name);
/* Only how the name is shown, for readers that know the encoding of the name event's bytes. */
void                arietta_track_set_shown_name       (AriettaTrack       *self,
                                                        const char         *name);
const AriettaNote  *arietta_track_get_notes            (AriettaTrack       *self,
                                                        guint              *n);
/* Notes are kept sorted by onset, equal onsets in the order of adding. */
void                arietta_track_add_note             (AriettaTrack       *self,
                                                        const AriettaNote  *note);
void                arietta_track_add_notes            (AriettaTrack       *self,
                                                        const AriettaNote  *notes,
                                                        guint               n);
/* Replaces all notes by @notes (of AriettaNote), whose reference is taken. */
void                arietta_track_take_notes           (AriettaTrack       *self,
                                                        GArray             *notes);
const AriettaEvent *arietta_track_get_events           (AriettaTrack       *self,
                                                        guint              *n);
void                arietta_track_add_event            (AriettaTrack       *self,
                                                        gint64              tick,
                                                        guint8              status,
                                                        guint8              data1,
                                                        guint8              data2,
                                                        const guint8       *bytes,
                                                        guint32             n_bytes);
/* Many at once; their bytes are copied. */
void                arietta_track_add_events           (AriettaTrack       *self,
                                                        const AriettaEvent *events,
                                                        guint               n);
/* Other bytes for an event that carries some; they are copied. */
void                arietta_track_set_event_bytes      (AriettaTrack       *self,
                                                        guint               nth,
                                                        const guint8       *bytes,
                                                        guint32             n_bytes);
/* Drops the events for which @drop says so. */
void                arietta_track_drop_events          (AriettaTrack       *self,
                                                        gboolean          (*drop) (const AriettaEvent *event,
                                                                                   gpointer            user_data),
                                                        gpointer            user_data);
/* Where the track's end stands; never before its last note or event. */
gint64              arietta_track_get_end_ticks        (AriettaTrack       *self);
void                arietta_track_set_end_ticks        (AriettaTrack       *self,
                                                        gint64              tick);
/* The program and channel of the first note, or of the first program change; 0 and 0 without
 * either. */
int                 arietta_track_get_program          (AriettaTrack       *self);
int                 arietta_track_get_channel          (AriettaTrack       *self);
/* Sets the program of every note and of the track's program changes. */
void                arietta_track_set_program          (AriettaTrack       *self,
                                                        int                 program);
gboolean            arietta_track_is_percussion        (AriettaTrack       *self);

G_END_DECLS
