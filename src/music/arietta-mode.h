/* arietta-mode.h - the scales that the editor highlights and snaps to
 *
 * A mode is a set of pitch classes over a tonic.  Major and natural minor come first, as
 * ARIETTA_SCALE_MAJOR and ARIETTA_SCALE_MINOR do; the identifiers are kept in files and settings,
 * so a place in the list never changes.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_N_MODES 13

/* Translated: "Major", "Dorian". */
const char *arietta_mode_get_name    (int mode);
/* 12 bits over @tonic 0..11. */
guint       arietta_mode_get_classes (int tonic,
                                      int mode);
/* The nearest pitch with its bit in @classes; @pitch itself when there is none, the lower of
 * two. */
int         arietta_classes_nearest  (guint classes,
                                      int   pitch);
/* The next pitch of @classes above @pitch, below it with @direction < 0; @pitch itself when there
 * is none in 0..127. */
int         arietta_classes_next     (guint classes,
                                      int   pitch,
                                      int   direction);

G_END_DECLS
