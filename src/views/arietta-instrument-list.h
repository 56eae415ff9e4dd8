/* arietta-instrument-list.h - the instruments of General MIDI by family, with a search
 *
 * Filled when it is first seen.  Signal: "chosen" (int program).
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_INSTRUMENT_LIST (arietta_instrument_list_get_type ())
G_DECLARE_FINAL_TYPE (AriettaInstrumentList, arietta_instrument_list, ARIETTA, INSTRUMENT_LIST, GtkWidget)

/* Marks @program; -1: none. */
void arietta_instrument_list_select (AriettaInstrumentList *self,
                                     int                    program);

G_END_DECLS
