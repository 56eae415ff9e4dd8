/* arietta-marks.h - what stands over the notes: markers, chord symbols, a chosen scale, the colours of tracks
 *
 * All of it lives among the events of the piece, so it goes wherever the piece goes: into MIDI
 * files, through undo, into the library.  Markers are meta events 0x06; chord symbols are the
 * sequencer-specific events of Yamaha's XF, which other programs read too; the scale and a track's
 * colour are sequencer-specific events under 7D, the number for everyone, and the letters "Ar".
 *
 * The verbs are like those of music/arietta-note-verbs.h: a frozen piece in, the frozen piece after
 * it out, or @piece itself with a new reference when there is nothing to do.  Pure; any thread.
 */
#pragma once

#include "music/arietta-chord.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef struct
{
  gint64  tick;
  char   *name;    /* UTF-8 */
} AriettaMarker;

typedef struct
{
  gint64       tick;
  AriettaChord chord;
} AriettaChordMark;

/* Of AriettaMarker, in order of time; of several at one tick the first. */
GPtrArray    *arietta_marks_get_markers  (AriettaPiece       *piece) G_GNUC_WARN_UNUSED_RESULT;
/* Adds or renames; NULL or "" takes away. */
AriettaPiece *arietta_marks_set_marker   (AriettaPiece       *piece,
                                          gint64              tick,
                                          const char         *name) G_GNUC_WARN_UNUSED_RESULT;
/* One that stands at @to already gives way. */
AriettaPiece *arietta_marks_move_marker  (AriettaPiece       *piece,
                                          gint64              from,
                                          gint64              to) G_GNUC_WARN_UNUSED_RESULT;

/* Of AriettaChordMark, in order of time.  A chord lasts until the next one. */
GArray       *arietta_marks_get_chords   (AriettaPiece       *piece) G_GNUC_WARN_UNUSED_RESULT;
/* All at once; @chords of AriettaChordMark, empty takes all away. */
AriettaPiece *arietta_marks_set_chords   (AriettaPiece       *piece,
                                          GArray             *chords) G_GNUC_WARN_UNUSED_RESULT;
/* NULL takes away. */
AriettaPiece *arietta_marks_set_chord    (AriettaPiece       *piece,
                                          gint64              tick,
                                          const AriettaChord *chord) G_GNUC_WARN_UNUSED_RESULT;
AriettaPiece *arietta_marks_move_chord   (AriettaPiece       *piece,
                                          gint64              from,
                                          gint64              to) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE when none was chosen; @mode as in music/arietta-mode.h. */
gboolean      arietta_marks_get_scale    (AriettaPiece       *piece,
                                          int                *tonic,
                                          int                *mode);
/* @tonic -1: none.  A major or minor one becomes the key signature at the beginning too. */
AriettaPiece *arietta_marks_set_scale    (AriettaPiece       *piece,
                                          int                 tonic,
                                          int                 mode) G_GNUC_WARN_UNUSED_RESULT;

/* 0..7, or -1 when the colour follows from the track's place. */
int           arietta_marks_get_hue      (AriettaTrack       *track);
AriettaPiece *arietta_marks_set_hue      (AriettaPiece       *piece,
                                          guint               track,
                                          int                 hue) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
