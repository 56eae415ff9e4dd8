/* arietta-sound-writer.h - samples into a sound file
 *
 * Written under another name in the same folder, flushed to the disk and renamed when whole: whatever
 * stops it, the target is the old file or the new one, never a part.  The ending names the format: a row
 * of the table in the .c file.  16-bit stereo at ARIETTA_SAMPLE_RATE.
 *
 * Threads: any, one at a time.
 */
#pragma once

#include "audio/arietta-audio-error.h"

G_BEGIN_DECLS

typedef struct _AriettaSoundWriter AriettaSoundWriter;

/* TRUE when there is a row for the ending of @path and its encoder is installed; else @error says which. */
gboolean            arietta_sound_writer_can_write (const char          *path,
                                                    GError             **error);
/* @tags: pairs "title", "artist", "comment" or NULL; a reference is kept until the end. */
AriettaSoundWriter *arietta_sound_writer_new       (const char          *path,
                                                    GHashTable          *tags,
                                                    GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean            arietta_sound_writer_write     (AriettaSoundWriter  *self,
                                                    const gint16        *frames,
                                                    guint                n_frames,
                                                    GError             **error);
/* The file stands under its own name when this returns TRUE. */
gboolean            arietta_sound_writer_finish    (AriettaSoundWriter  *self,
                                                    GError             **error);
/* Unfinished, it leaves nothing behind. */
void                arietta_sound_writer_free      (AriettaSoundWriter  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaSoundWriter, arietta_sound_writer_free)

G_END_DECLS
