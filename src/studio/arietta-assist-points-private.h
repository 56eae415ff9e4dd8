/* arietta-assist-points-private.h - shared by the files that assist by points of a latent space
 *
 *   arietta-assist-points.c  which tracks, and new notes in their place
 *   arietta-assist-line.c    the new notes of one track
 *   arietta-assist-style.c   those of a track in another style
 */
#pragma once

#include "music/arietta-bar-map.h"
#include "studio/arietta-assist-private.h"

G_BEGIN_DECLS

/* One track of the work. */
typedef struct
{
  const AriettaAssistWork *work;
  AriettaTonality          key;
  gboolean                 drums;
  guint                    size;          /* of a point */
  gint64                   start, end;    /* ticks of the bars */
  AriettaBarMap           *bars;
  float                   *points;        /* of what is there (n_there,size) */
  AriettaWindow           *there;
  guint                    n_there;
  float                   *centre;        /* of the draws */
  GArray                  *notes;         /* AriettaNote: new, in the piece's ticks */
  guint                    track;         /* or ARIETTA_FILL_NEW_TRACK */
  gboolean                 moves;         /* what is there, instead of writing anew */
  gboolean                 last;          /* of the tracks */
  AriettaPiece            *done;          /* with the tracks before */
} AriettaAssistLine;

/* New notes for what is there, moved as the task has it; needs points of what is there. */
gboolean              arietta_assist_line_move           (AriettaAssistLine        *self,
                                                          GError                  **error);
/* The same towards the style of the work; @alone (frozen) has the one track. */
gboolean              arietta_assist_line_restyle        (AriettaAssistLine        *self,
                                                          AriettaPiece             *alone,
                                                          GError                  **error);
/* New notes for the bars, window after window. */
gboolean              arietta_assist_line_write          (AriettaAssistLine        *self,
                                                          GError                  **error);

/* How windows become notes, as it was asked for. */
AriettaDecodeSettings arietta_assist_line_get_decode     (const AriettaAssistLine  *self);
/* @point (size) as dense as was asked for. */
void                  arietta_assist_line_change_density (const AriettaAssistLine  *self,
                                                          float                    *point);
/* ARIETTA_STUDIO_ERROR_NOTHING, for bars without notes. */
void                  arietta_assist_line_refuse         (GError                  **error);

/* The work as far as it is done, for who listens; @bar is the first that is not. */
void                  arietta_assist_line_tell           (AriettaAssistLine        *self,
                                                          guint                     bar);

G_END_DECLS
