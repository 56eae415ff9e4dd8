/* arietta-soundfont.h - which SoundFont to play with
 *
 * Order: the one a person chose (if it is still readable), the system's default-GM.sf2, then the known
 * places of TimGM6mb and other free General MIDI fonts under the XDG data directories.
 */
#pragma once

#include <glib.h>

#include "audio/arietta-audio-error.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* @chosen may be NULL or "".  The path, or NULL with ARIETTA_AUDIO_ERROR_NO_SOUNDFONT and a sentence that
 * says which package brings one. */
char      *arietta_soundfont_find     (const char  *chosen,
                                       GError     **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether @path is a whole SoundFont 2 or 3 by its chunks (RIFF sfbk with sdta and pdta inside the
 * file), without reading its sounds.  FluidSynth would hand anything else to other libraries, which
 * complain aloud. */
gboolean   arietta_soundfont_check    (const char  *path,
                                       GError     **error);
/* Every SoundFont found in the usual places, as paths, the default first. NULL-terminated. */
char     **arietta_soundfont_list     (void) G_GNUC_WARN_UNUSED_RESULT;
/* Two bars that say something of a font: piano, strings, bass, drums.  Frozen. */
AriettaPiece *arietta_soundfont_make_phrase (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
