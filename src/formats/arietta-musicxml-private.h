/* arietta-musicxml-private.h - a score on its way from words to time
 *
 *   arietta-musicxml-read.c    bytes, encodings, sentences
 *   arietta-musicxml-words.c   the document into parts and measures
 *   arietta-musicxml-time.c    parts and measures into a piece
 *   arietta-musicxml-chords.c  what chords are called, for both directions
 */
#pragma once

#include "formats/arietta-musicxml.h"
#include "music/arietta-chord.h"

G_BEGIN_DECLS

#define MUSICXML_TPQ          ARIETTA_TICKS_PER_QUARTER
#define MUSICXML_MAX_VOICES   16     /* that are told apart, for ties */
#define MUSICXML_DRUM_CHANNEL 9

/* In ticks from the start of its measure. */
typedef struct
{
  gint64   onset, duration;
  int      pitch, velocity;
  guint    voice;
  gboolean tie_from, tie_to;
  char    *lyric;
} XmlNote;

typedef struct
{
  GArray  *notes;     /* XmlNote */
  gint64   length;    /* as far as its notes and rests go */
  int      beats, beat_type;   /* from here on; 0: as before */
  int      fifths;    /* G_MAXINT: as before */
  gboolean minor;
  GArray  *tempos;    /* XmlTempo */
  GArray  *chords;    /* AriettaChordMark, ticks from the measure */
} XmlMeasure;

typedef struct
{
  char       *id, *name;
  int         program;
  gboolean    drums;
  GHashTable *unpitched;  /* instrument -> pitch + 1 */
  GPtrArray  *measures;   /* XmlMeasure */
} XmlPart;

typedef struct
{
  gint64 onset;
  double bpm;
} XmlTempo;

/* What the words say. */
typedef struct
{
  GPtrArray *parts;      /* XmlPart */
  char      *title;      /* NULL without one */
  char      *statement;  /* of origin, the object alone; NULL without one */
} XmlScore;

void _arietta_musicxml_score_clear (XmlScore *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XmlScore, _arietta_musicxml_score_clear)

/* @text is UTF-8.  FALSE with what is wrong as half a sentence, and the line. */
gboolean      _arietta_musicxml_read_words (const char  *text,
                                            XmlScore    *score,
                                            int         *line,
                                            int         *column,
                                            GError     **error);
/* Frozen. */
AriettaPiece *_arietta_musicxml_make_piece (XmlScore    *score) G_GNUC_WARN_UNUSED_RESULT;

/* What a chord adds to a kind, or changes in it. */
typedef struct
{
  int      value;    /* 9: the ninth; 0: nothing */
  int      alter;    /* semitones */
  gboolean changes;  /* a note that is there, instead of adding one */
} XmlDegree;

/* The name MusicXML has for a kind of chord, and what is added to it. */
const char   *_arietta_musicxml_get_chord  (int                 kind,
                                            XmlDegree          *degree);
/* The kind, by name and first degree, then by @text (what stands behind the root), then by name alone. */
int           _arietta_musicxml_find_chord (const char         *name,
                                            const XmlDegree    *degree,
                                            const char         *text);

G_END_DECLS
