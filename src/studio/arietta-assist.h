/* arietta-assist.h - work of a model on a piece there is already
 *
 * Plain functions that block: run them in a job.  Same piece, model, request and seed: same notes, byte for
 * byte in the MIDI file.  Results as of arietta-compose.h.
 */
#pragma once

#include "studio/arietta-compose.h"

G_BEGIN_DECLS

typedef struct
{
  const char      *model;         /* name; NULL: the one that suits the task best */
  AriettaTonality  key;           /* none: found in the piece */
  double           adventure;     /* temperature, 0.1..2; 1 as learned */
  guint64          seed;

  /* Of arietta_assist_fill () alone. */
  guint            first_bar, n_bars; /* n_bars 0: all of them; to continue, eight behind the last */
  const guint     *tracks;        /* who is written anew; none: all who play, to vary the melody */
  guint            n_tracks;
  const char      *style;         /* NULL: any */
  int              density;       /* 1..10; 0: open */
  gboolean         in_scale;      /* no pitch outside the key */
  double           amount;        /* 0..1, how far varying, simplifying and another style may go */
  const int       *instruments;   /* of arranging: General MIDI, ARIETTA_ASSIST_DRUM_KIT; none: chords, bass, drums */
  guint            n_instruments;
  guint            classes;       /* of arietta_offer_new () alone: pitch classes (12 bits) new notes keep to; 0: all */
  gboolean         goes_on;       /* to continue: more will follow, so nothing is brought to an end */
  AriettaFilledFunc filled;       /* in the worker, as bars become whole; NULL: nobody listens */
  gpointer         filled_data;
} AriettaAssistRequest;

#define ARIETTA_ASSIST_DRUM_KIT (-1)

#define ARIETTA_ASSIST_REQUEST_INIT                                                               \
  { .key = ARIETTA_TONALITY_NONE, .adventure = 1.0, .seed = 1, .amount = 0.5 }

/* Deep, but for @filled and its data, which are the caller's to set. */
AriettaAssistRequest *arietta_assist_request_copy (const AriettaAssistRequest *self) G_GNUC_WARN_UNUSED_RESULT;
void                  arietta_assist_request_free (AriettaAssistRequest       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaAssistRequest, arietta_assist_request_free)

/* The melody of @piece, unchanged, as the first of four tracks; alto, tenor and bass after it.  By
 * "chorale" unless another model is named. */
AriettaComposed *arietta_assist_harmonise (AriettaLibrary              *library,
                                           AriettaPiece                *piece,
                                           const AriettaAssistRequest  *request,
                                           AriettaJob                  *job,
                                           GError                     **error);

typedef enum
{
  ARIETTA_ASSIST_CONTINUE,   /* bars behind the last */
  ARIETTA_ASSIST_INFILL,     /* bars anew, in sight of what stands around them */
  ARIETTA_ASSIST_MELODY,     /* a new part each, to all that is there */
  ARIETTA_ASSIST_BASS,
  ARIETTA_ASSIST_DRUMS,
  ARIETTA_ASSIST_ARRANGE,    /* chords, bass and drums together */
  ARIETTA_ASSIST_VARY,       /* like what is there, as far from it as the amount says */
  ARIETTA_ASSIST_SIMPLIFY,   /* fewer notes, more on the beat */
  ARIETTA_ASSIST_RESTYLE,    /* what is there, towards a style; without one it is drawn */
} AriettaAssistTask;

#define ARIETTA_ASSIST_N_TASKS 9

/* "continue": the word of the command line. */
const char      *arietta_assist_get_name  (AriettaAssistTask            task);
/* Unless a model is named, by the bundled one that suits the task and the tracks best and is there; by any
 * that can do it where none of those is.  What was not asked for stays as it was: other bars, other tracks,
 * tempos and metres, locked notes. */
AriettaComposed *arietta_assist_fill      (AriettaLibrary              *library,
                                           AriettaPiece                *piece,
                                           AriettaAssistTask            task,
                                           const AriettaAssistRequest  *request,
                                           AriettaJob                  *job,
                                           GError                     **error);

G_END_DECLS
