/* arietta-card.h - the card of a model as files beside its weights
 *
 * One source for what a card says: NAME.json, which the training writes, completed by what only a person
 * knows.  That is in NAME.card, a key file:
 *
 *   [card]                 summary and limits (a list with ";"), each also as key[zh_CN] and so on
 *   [STYLE], or [*] for    licences (a list), attribution, note (also translated)
 *   every other style
 *
 * Everything else is made of NAME.json, by the words that the window uses: NAME.md in English, NAME.LANG.md
 * in another language, NAME.svg with the curves of NAME.log.
 *
 * Threads: functions that block.
 */
#pragma once

#include "studio/arietta-model-list.h"

G_BEGIN_DECLS

/* Writes into NAME.json what NAME.card says and, unless NULL, @figures (of “evaluate”) as "evaluation", and
 * reads it anew into @info.  Without a NAME.card only the figures.  Twice changes nothing more. */
gboolean arietta_card_complete  (AriettaModelInfo       *info,
                                 JsonObject             *figures,
                                 GError                **error);
/* The card in the language the program speaks now, as Markdown; @picture: the file name of the curves, or NULL. */
char    *arietta_card_dup_text  (const AriettaModelInfo *info,
                                 const char             *picture) G_GNUC_WARN_UNUSED_RESULT;
/* The curves of its training; ARIETTA_STUDIO_ERROR_NOTHING where there is no log. */
gboolean arietta_card_save_curves (const AriettaModelInfo *info,
                                 const char             *path,
                                 GError                **error);

G_END_DECLS
