/* arietta-names.h - styles, keys and the program's models as words in the person's language
 *
 * A style is a label that somebody gave, kept and compared as it is.  The labels that are common
 * enough to have a name in every language are shown by that name, all others as they stand.
 */
#pragma once

#include "music/arietta-pitch.h"

G_BEGIN_DECLS

/* The name to show for @label: translated if it is a common style, else @label itself (borrowed). */
const char *arietta_style_get_name (const char      *label);
/* "E♭ major"; "" without a tonality. */
const char *arietta_key_get_name   (AriettaTonality  key);
/* The name to show for the model @name: translated if it comes with the program, else @name itself (borrowed).
 * Files, the command line and how a piece was made keep @name. */
const char *arietta_model_get_title (const char     *name);
/* The title of something composed: "Folk in G major"; "Melody in …" without a style. */
char       *arietta_names_dup_title (const char      *style,
                                     AriettaTonality  key);

G_END_DECLS
