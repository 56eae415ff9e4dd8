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
  const char      *model;         /* name; NULL: the bundled one for the task */
  AriettaTonality  key;           /* none: found in the piece */
  double           adventure;     /* temperature, 0.1..2; 1 as learned */
  guint64          seed;
} AriettaAssistRequest;

#define ARIETTA_ASSIST_REQUEST_INIT { .key = ARIETTA_TONALITY_NONE, .adventure = 1.0, .seed = 1 }

/* The melody of @piece, unchanged, as the first of four tracks; alto, tenor and bass after it.  By
 * "chorale" unless another model is named. */
AriettaComposed *arietta_assist_harmonise (AriettaLibrary              *library,
                                           AriettaPiece                *piece,
                                           const AriettaAssistRequest  *request,
                                           AriettaJob                  *job,
                                           GError                     **error);

G_END_DECLS
