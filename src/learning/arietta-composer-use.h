/* arietta-composer-use.h - the composer at work; see learning/arietta-fill.h */
#pragma once

#include "learning/arietta-fill.h"
#include "learning/arietta-model.h"

G_BEGIN_DECLS

/* @piece with the cells of @settings written anew. Frozen. */
AriettaPiece *arietta_composer_fill    (gpointer                    net,
                                        AriettaPiece               *piece,
                                        const AriettaFillSettings  *settings,
                                        AriettaRandom              *random,
                                        AriettaGoOnFunc             go_on,
                                        gpointer                    user_data,
                                        GError                    **error);
/* A new piece; without parts in @settings the network chooses who plays. */
AriettaPiece *arietta_composer_compose (gpointer                     net,
                                        const AriettaWriteSettings  *settings,
                                        AriettaRandom               *random,
                                        AriettaGoOnFunc              go_on,
                                        gpointer                     user_data,
                                        GError                     **error);

/* AriettaAttended of the notes before @bar (from 0), as far back as the network sees. */
GArray       *arietta_composer_attend  (gpointer                     net,
                                        AriettaPiece                *piece,
                                        guint                        bar,
                                        GError                     **error);

G_END_DECLS
