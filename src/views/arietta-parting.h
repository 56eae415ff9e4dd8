/* arietta-parting.h - before the program ends
 *
 * What is not saved yet is waited for; what cannot be saved is told, and the person decides: to stay, and make room, or to go
 * without it.
 */
#pragma once

#include <gtk/gtk.h>

#include "library/arietta-library.h"

G_BEGIN_DECLS

typedef void (*AriettaPartingFunc) (GtkWidget *near);

/* TRUE when all is saved.  Otherwise FALSE, and @go is called once it is, or the person goes without; not when the person
 * stays, or @near is gone. */
gboolean arietta_parting_begin (GtkWidget          *near,
                                AriettaLibrary     *library,
                                AriettaPartingFunc  go);

G_END_DECLS
