/* arietta-style-choice.h - which style, when nobody said
 *
 * What a model heard ten pieces of it knows less of than what it heard a thousand of; its card has
 * the numbers.
 */
#pragma once

#include "base/arietta-random.h"
#include "studio/arietta-model-list.h"

G_BEGIN_DECLS

/* A style of @info's, owned by it; NULL where it knows none.  @by_pieces: as often as it was among
 * the pieces that the model learned from, where the card says so; else all alike. */
const char *arietta_style_choice_draw (const AriettaModelInfo *info,
                                       gboolean                by_pieces,
                                       AriettaRandom          *random);
/* At most @n styles that it learned most of, those first; the names are owned by @info. */
GPtrArray  *arietta_style_choice_list (const AriettaModelInfo *info,
                                       guint                   n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
