/* arietta-loose-bin.h - does not ask its child how high it would be
 *
 * For what scrolls.  A window asks for its least size whenever a word in it changes, and GTK then lays out every
 * label of a page, for widths that it never gets, only to learn that a scrolled window may be low.  This container
 * says so at once; the width is asked for as ever.
 *
 * Properties: "child" (GtkWidget).
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_LOOSE_BIN (arietta_loose_bin_get_type ())
G_DECLARE_FINAL_TYPE (AriettaLooseBin, arietta_loose_bin, ARIETTA, LOOSE_BIN, GtkWidget)

G_END_DECLS
