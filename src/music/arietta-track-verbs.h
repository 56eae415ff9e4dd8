/* arietta-track-verbs.h - what a hand does to tracks
 *
 * As music/arietta-note-verbs.h: each takes a frozen piece and returns the frozen piece after the verb, or @piece itself, with a
 * new reference, when there is nothing to do.  Pure; any thread.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* Controllers of MIDI that a mixer strip sets. */
#define ARIETTA_CONTROL_VOLUME 7
#define ARIETTA_CONTROL_PAN    10
#define ARIETTA_CONTROL_REVERB 91   /* how much of the track goes to the effect */
#define ARIETTA_CONTROL_CHORUS 93

/* @program 0..127 of General MIDI; a percussion track's is its kit. */
AriettaPiece *arietta_tracks_set_program (AriettaPiece *piece,
                                          guint         track,
                                          int           program) G_GNUC_WARN_UNUSED_RESULT;
AriettaPiece *arietta_tracks_rename      (AriettaPiece *piece,
                                          guint         track,
                                          const char   *name) G_GNUC_WARN_UNUSED_RESULT;
/* The controller stands at @value from the beginning; later changes of it in the track go. */
AriettaPiece *arietta_tracks_set_control (AriettaPiece *piece,
                                          guint         track,
                                          int           controller,
                                          int           value) G_GNUC_WARN_UNUSED_RESULT;
/* What stands at the beginning; @fallback when the track says nothing. */
int           arietta_tracks_get_control (AriettaPiece *piece,
                                          guint         track,
                                          int           controller,
                                          int           fallback);
/* Whether the track is one that plays, or shall: it has notes or channel messages, as has every track a hand added.  The
 * first track of a MIDI file often has neither, but tempos, metres and titles, which are the piece's; nobody takes it for
 * an instrument.  In a piece where none plays the first one counts. */
gboolean      arietta_tracks_plays       (AriettaPiece *piece,
                                          guint         track);
/* How many of the tracks before @track do. */
guint         arietta_tracks_count_playing (AriettaPiece *piece,
                                            guint         track);
/* For a track of @piece, which may still be changing, whose notes will all go: its channel and program, which they alone
 * may have told, become a program change, so that it stays the track it was. */
void          arietta_tracks_keep_voice  (AriettaPiece *piece,
                                          guint         track);
/* The first channel no track and no note uses, 0..15 but percussion's; 15 when all are taken.  @piece may
 * still be changing. */
int           arietta_tracks_find_free_channel (AriettaPiece *piece);
/* At the end, on the first channel nobody uses (percussion: channel 10); 16 tracks and more share the last. */
AriettaPiece *arietta_tracks_add         (AriettaPiece *piece,
                                          const char   *name,
                                          int           program,
                                          gboolean      percussion) G_GNUC_WARN_UNUSED_RESULT;
AriettaPiece *arietta_tracks_remove      (AriettaPiece *piece,
                                          guint         track) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
