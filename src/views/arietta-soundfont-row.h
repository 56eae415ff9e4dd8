/* arietta-soundfont-row.h - the SoundFonts there are, to be heard before one is chosen
 *
 * Each has a button that plays a phrase of piano, strings, bass and drums with it, while everything
 * else keeps the chosen one.
 */
#pragma once

#include <adwaita.h>

#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_SOUNDFONT_ROW (arietta_soundfont_row_get_type ())
G_DECLARE_FINAL_TYPE (AriettaSoundfontRow, arietta_soundfont_row, ARIETTA, SOUNDFONT_ROW, AdwExpanderRow)

void arietta_soundfont_row_set_session (AriettaSoundfontRow *self,
                                        AriettaSession      *session);

G_END_DECLS
