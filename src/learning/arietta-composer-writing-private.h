/* arietta-composer-writing-private.h - shared by the files in which the composer writes
 *
 *   arietta-composer-compose.c  whole pieces: who plays, and in which key
 *   arietta-composer-write.c    the chosen cells of a piece, sequence by sequence
 *   arietta-composer-check.c    what must not stay of what was written
 *   arietta-composer-spans.c    which bars make a sequence, and what is read and allowed there
 */
#pragma once

#include "learning/arietta-composer-sampler.h"
#include "learning/arietta-fill.h"

G_BEGIN_DECLS

/* What is being written, over all sequences it takes. */
typedef struct
{
  AriettaComposer           *net;
  AriettaEventScore         *score;
  guint8                    *wanted;     /* (bars, parts) */
  guint8                    *done;       /* the same: cells that have been written */
  const AriettaFillSettings *settings;
  AriettaTonality            key;        /* as the net hears it */
  int                        way_home;   /* semitones that the score was moved by */
  int                        style;
  int                        density[ARIETTA_EVENTS_MAX_PARTS];  /* class or -1 */
  int                        lowest[ARIETTA_EVENTS_MAX_PARTS], highest[ARIETTA_EVENTS_MAX_PARTS];
  gboolean                   fresh[ARIETTA_EVENTS_MAX_PARTS];  /* of whose notes the sequence shows none */
  AriettaRandom             *random;
  AriettaGoOnFunc            go_on;
  gpointer                   user_data;
  AriettaPiece              *piece;      /* that is written into */
  guint                      n_told;     /* bars of those asked for that have been heard of */
  AriettaComposerLimits      limits;     /* of the sequence that is written */
} AriettaWriting;

/* One sequence of it: bars first .. end - 1, of which those from `from` on are written; left_from .. left_to - 1, behind
 * them, are empty yet and left out, as if what follows them came at once. */
typedef struct
{
  guint  first, from, end;
  guint  left_from, left_to;
  guint8 order[ARIETTA_EVENTS_MAX_PARTS];
  guint  n_order;
} AriettaWritingSpan;

typedef enum
{
  ARIETTA_WRITING_SOUND,
  ARIETTA_WRITING_COPIES,  /* four bars of it are known from the music the net learned from */
  ARIETTA_WRITING_STUCK,   /* the same as in the two bars before */
} AriettaWritingFault;

/* Index among the styles of @net, -1 for NULL and for one it does not know. */
int      arietta_composer_find_style      (AriettaComposer          *net,
                                           const char               *style);

/* Whether a cell of @bar is wanted and not written yet. */
gboolean arietta_writing_has_open         (AriettaWriting           *self,
                                           guint                     bar);
gboolean arietta_writing_goes_on_from     (AriettaWriting           *self,
                                           guint                     bar);

/* Whether what @part has in @bar may stay. Cells that are not wanted are always sound. */
AriettaWritingFault
         arietta_writing_check            (AriettaWriting           *self,
                                           guint                     bar,
                                           guint                     part);

/* The sequence in which open bar @bar is written, in @span, and its tokens as far as they are given: AriettaEvent16,
 * owned by the caller. */
GArray  *arietta_writing_choose_going_on  (AriettaWriting           *self,
                                           guint                     bar,
                                           AriettaWritingSpan       *span);
GArray  *arietta_writing_choose_to_fill   (AriettaWriting           *self,
                                           guint                     bar,
                                           AriettaWritingSpan       *span);
void     arietta_writing_note_fresh       (AriettaWriting           *self,
                                           const AriettaWritingSpan *span);
void     arietta_writing_set_limits       (AriettaWriting           *self,
                                           const AriettaWritingSpan *span,
                                           AriettaComposerLimits    *limits);

G_END_DECLS
