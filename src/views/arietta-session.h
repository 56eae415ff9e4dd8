/* arietta-session.h - what a window works with
 *
 * The library, the jobs and the settings, opened once by the application and shared by all windows;
 * and, for each window its own, the player, the recorder and what is on the music stand: the piece
 * or sound the transport speaks of.  Main thread only.
 *
 * Properties (notify): "title" of what is on the stand, NULL for nothing; "item-id" and "take-id" (int64) of
 * what is there, 0 when it is neither; "piece" (boxed AriettaPiece; NULL for a sound or nothing).
 *
 * Signal: "failed" (GError, boxed): something asked for could not be put on the stand or played; the
 * window that is active tells the person.
 *
 * What was listened to for at least two seconds becomes a listen in the library.
 */
#pragma once

#include "audio/arietta-player.h"
#include "audio/arietta-recorder.h"
#include "library/arietta-library.h"
#include "studio/arietta-job.h"
#include "views/arietta-face-loader.h"
#include "widgets/arietta-slices.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_SESSION (arietta_session_get_type ())
G_DECLARE_FINAL_TYPE (AriettaSession, arietta_session, ARIETTA, SESSION, GObject)

/* Opens what the settings say; NULL when the library cannot be opened. */
AriettaSession    *arietta_session_new             (GSettings           *settings,
                                                    GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* For one more window: shares all but the stand and the player, which begin empty. */
AriettaSession    *arietta_session_new_beside      (AriettaSession      *first) G_GNUC_WARN_UNUSED_RESULT;
gboolean           arietta_session_is_beside       (AriettaSession      *self);

AriettaLibrary    *arietta_session_get_library     (AriettaSession      *self);
AriettaPlayer     *arietta_session_get_player      (AriettaSession      *self);
AriettaRecorder   *arietta_session_get_recorder    (AriettaSession      *self);
AriettaJobQueue   *arietta_session_get_jobs        (AriettaSession      *self);
GSettings         *arietta_session_get_settings    (AriettaSession      *self);
AriettaFaceLoader *arietta_session_get_faces       (AriettaSession      *self);
AriettaSlices     *arietta_session_get_slices      (AriettaSession      *self);

/* Put something on the stand and, with @play, let it sound.  Reading happens in a worker; when another is
 * asked for meanwhile, only the last one arrives.  @title may be NULL for the piece's own. */
void               arietta_session_play_piece      (AriettaSession      *self,
                                                    AriettaPiece        *piece,
                                                    const char          *title,
                                                    gboolean             play);
void               arietta_session_play_take       (AriettaSession      *self,
                                                    gint64               take_id,
                                                    const char          *title,
                                                    gboolean             play);
/* As arietta_session_play_take () for one who has the notes already. */
void               arietta_session_play_take_piece (AriettaSession      *self,
                                                    gint64               take_id,
                                                    AriettaPiece        *piece,
                                                    const char          *title,
                                                    gboolean             play);
/* Notes or sound. */
void               arietta_session_play_item       (AriettaSession      *self,
                                                    const AriettaItem   *item,
                                                    gboolean             play);
void               arietta_session_play_sound      (AriettaSession      *self,
                                                    const char          *path,
                                                    const char          *title,
                                                    gboolean             play);
/* What is on the stand was edited: it goes on sounding where it is. */
void               arietta_session_change_piece    (AriettaSession      *self,
                                                    AriettaPiece        *piece);
/* What is on the stand has become that take (0: a piece of its own), with these notes: it goes on sounding where it is. */
void               arietta_session_become_take     (AriettaSession      *self,
                                                    gint64               take_id,
                                                    AriettaPiece        *piece,
                                                    const char          *title);
/* What is on the stand goes by another name. */
void               arietta_session_rename          (AriettaSession      *self,
                                                    const char          *title);
/* Play or stop; nothing when the stand is empty. */
void               arietta_session_toggle          (AriettaSession      *self);
gboolean           arietta_session_is_empty        (AriettaSession      *self);

AriettaPiece      *arietta_session_get_piece       (AriettaSession      *self);
const char        *arietta_session_get_title       (AriettaSession      *self);
gint64             arietta_session_get_take_id     (AriettaSession      *self);
gint64             arietta_session_get_item_id     (AriettaSession      *self);

G_END_DECLS
