/* arietta-assist-private.h - shared by the files that assist */
#pragma once

#include "studio/arietta-assist.h"

G_BEGIN_DECLS

typedef struct
{
  AriettaModel               *model;
  AriettaPiece               *piece;
  AriettaAssistTask           task;
  const AriettaAssistRequest *request;
  guint                       first_bar, n_bars;   /* of the work */
  const char                 *style;               /* NULL: any */
  AriettaRandom              *random;
  AriettaJob                 *job;
} AriettaAssistWork;

/* Whether a model whose windows are points of a latent space can do the task (arietta-assist-points.c). */
gboolean      arietta_assist_can_by_points (AriettaModel             *model,
                                            AriettaAssistTask         task);
/* The piece with new notes in one track after another, bar by bar of the work; locked notes and everything
 * else as it was. Frozen. */
AriettaPiece *arietta_assist_by_points     (const AriettaAssistWork  *work,
                                            GError                  **error);

G_END_DECLS
