/* arietta-copy-guard.h - that what is written is nobody's
 *
 * Whoever writes asks the guard now and then whether four bars stand in the music that the model
 * learned from (analysis/arietta-copied.h: in any key, nine notes in ten).  If so they are taken
 * back and drawn anew, a bounded number of times and by the same chance, so that a seed still means
 * one piece; what is left after the last time stays, and is counted.  Kinds that write pieces ask
 * for each bar (`guard` of their settings), so that what was heard stays; of those that decode
 * windows the whole take is drawn again (studio/arietta-compose.h).
 *
 * Percussion is let through: a beat belongs to all.
 *
 * Threads: one at a time.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "analysis/arietta-copied.h"
#include "encoding/arietta-event-score.h"

G_BEGIN_DECLS

typedef struct
{
  AriettaCopied *known;     /* borrowed; NULL: not known, and all is let through */
  guint          redrawn;   /* how often something was taken back */
  guint          kept;      /* passages that stayed after the last try */
} AriettaCopyGuard;

/* Passages of @piece that are known, all parts with a pitch; 0 for @self NULL. */
guint    arietta_copy_guard_count    (AriettaCopyGuard       *self,
                                      AriettaPiece           *piece);
/* Whether @part has a known passage from @first_bar on.  The notes of @score need not be settled.
 * FALSE for @self NULL. */
gboolean arietta_copy_guard_finds    (AriettaCopyGuard       *self,
                                      AriettaEventScore      *score,
                                      guint                   first_bar,
                                      guint                   part);
/* Whether a part of @piece has a known passage in the four bars that end with @bar. FALSE for @self
 * NULL. */
gboolean arietta_copy_guard_finds_at (AriettaCopyGuard       *self,
                                      AriettaPiece           *piece,
                                      guint                   bar);
/* Into the object of a take's settings: "redrawn" and "copies", how much was taken back and how
 * much is left, where there is any. */
void     arietta_copy_guard_describe (const AriettaCopyGuard *self,
                                      JsonBuilder            *builder);

G_END_DECLS
