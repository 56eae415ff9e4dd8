/* arietta-search-text.h - what a person types against what is stored, in SQL too
 *
 * Private to library/.  Text is folded (compatibility decomposition, marks dropped, case folded) so that
 * "fur elise" finds "Für Elise".  Two SQL functions: arietta_fold (TEXT) and arietta_matches (FOLDED, WORDS),
 * true when every one of the space-separated folded WORDS occurs in FOLDED.
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

char *arietta_search_text_fold     (const char *text) G_GNUC_WARN_UNUSED_RESULT;
void  arietta_search_text_register (sqlite3    *handle);

G_END_DECLS
