/* arietta-player.h - plays a piece or a sound file, with a transport
 *
 * One player, one thing at a time.  Pieces go through our GStreamer source, which renders them with
 * FluidSynth note calls (arietta-synth-source), so seeking is sample-accurate, tempo, mute, solo and loop
 * are live, and the piece may be replaced while it sounds without a gap.  Sound files go through
 * GStreamer's own decoder.  Output: autoaudiosink; when there is no device, or it fails while playing, a silent
 * clocked sink, and the property "silent" says so, so that the person can be told once.  Playing goes on through
 * both, and a device that comes is taken while it does (audio/arietta-synth-deck.h).
 *
 * Positions of a piece are ticks; of a sound file, `position_ns`.  Rendering happens in GStreamer's
 * thread; all functions here are called, and all signals emitted, on the main loop's thread.  Nothing here
 * blocks for longer than a state change to PLAYING takes to begin.
 */
#pragma once

#include <gio/gio.h>

#include "audio/arietta-audio-error.h"
#include "audio/arietta-midi-message.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_PLAYER (arietta_player_get_type ())
G_DECLARE_FINAL_TYPE (AriettaPlayer, arietta_player, ARIETTA, PLAYER, GObject)

/* Properties (all notify): "playing" bool (setting it plays and stops), "silent" bool (read only), "loop"
 * bool, "loop-start" and "loop-end" int64 (read only; see arietta_player_set_loop_range ()),
 * "tempo-scale" double 0.25..4 (pieces only), "volume" double 0..1, "metronome" bool,
 * "position-ticks" int64 and "position-ns" int64 (both read only, notified about 30 times a second
 * while playing; read at any time they are exact), "piece" (boxed, read only), "sound-file" (path,
 * read only), "duration-ns" int64, "level" double (peak 0..1, read only, with the position),
 * "latency" uint (milliseconds of sound the device holds in advance), "count" uint (beats of a
 * count-in still to come, 0 in the music; read only, with the position).
 *
 * Signals: "mix-changed" (something was muted, soloed, or neither any more); "ended" (the end was
 * reached, not looping); "failed" (GError, boxed): a SoundFont broke, a sound file cannot be
 * played.  Playing stops, nothing else is lost. */
AriettaPlayer *arietta_player_new               (void);

/* A path, or NULL for the default.  FALSE when it is no SoundFont; then the earlier font stays.  Loading
 * goes on in the background (65 ms for a small one) and takes over while playing; should it fail there,
 * the earlier font stays too and "failed" says why. */
gboolean       arietta_player_set_soundfont     (AriettaPlayer  *self,
                                                 const char     *path,
                                                 GError        **error);

/* Frozen piece or NULL.  While playing, the new piece takes over at the present position, without a gap: equal notes
 * that sound go on, notes that are gone end, notes that should sound by now begin, and what lies ahead is simply the
 * new piece's.  The sound thread takes the change with its next buffer (5.8 ms) and counts on; nothing is flushed, so
 * whoever composes ahead of the play head may hand in a longer piece as often as it likes.  A piece that ended before
 * its continuation came has stopped: give a safe distance.  Pieces of more than 16,000 notes are prepared in a worker
 * first.  Otherwise the position becomes 0 if it lies past the end.  Loop range, mute, solo and track
 * volumes stay: for another piece rather than an edit, also call arietta_player_set_heard (), seek and
 * set the range. */
void           arietta_player_set_piece         (AriettaPlayer  *self,
                                                 AriettaPiece   *piece);
AriettaPiece  *arietta_player_get_piece         (AriettaPlayer  *self);
/* Loads a sound file instead of a piece; NULL goes back to the piece.  A file that cannot be played is
 * told by "failed". */
void           arietta_player_set_sound_file    (AriettaPlayer  *self,
                                                 const char     *path);

/* From the end it begins again at the start. */
void           arietta_player_play              (AriettaPlayer  *self);
/* After @n_bars bars of clicks in the tempo and metre of the position; pieces only. */
void           arietta_player_play_counted     (AriettaPlayer  *self,
                                                guint           n_bars);
/* Whether a piece goes on past its last note, silent but for the metronome: for who plays along. */
void           arietta_player_set_endless      (AriettaPlayer  *self,
                                                gboolean        endless);
/* All notes off; the position stays. */
void           arietta_player_stop              (AriettaPlayer  *self);
gboolean       arietta_player_is_playing        (AriettaPlayer  *self);
void           arietta_player_seek              (AriettaPlayer  *self,
                                                 gint64          position_ticks);
void           arietta_player_seek_ns           (AriettaPlayer  *self,
                                                 gint64          position_ns);
gint64         arietta_player_get_position      (AriettaPlayer  *self);
/* Where the music was when @time_us of g_get_monotonic_time () was heard, through whatever the
 * device buffers; below the beginning in a count-in.  FALSE when nothing played then, or it is some
 * seconds ago. */
gboolean       arietta_player_find_ticks        (AriettaPlayer  *self,
                                                 gint64          time_us,
                                                 gint64         *ticks);

/* end <= start: the whole piece. */
void           arietta_player_set_loop_range    (AriettaPlayer  *self,
                                                 gint64          start_ticks,
                                                 gint64          end_ticks);
void           arietta_player_set_mute          (AriettaPlayer  *self,
                                                 guint           track,
                                                 gboolean        mute);
void           arietta_player_set_solo          (AriettaPlayer  *self,
                                                 guint           track,
                                                 gboolean        solo);
gboolean       arietta_player_get_mute          (AriettaPlayer  *self,
                                                 guint           track);
gboolean       arietta_player_get_solo          (AriettaPlayer  *self,
                                                 guint           track);
/* Which tracks are muted and solo, counted from 0, and how fast it plays, in words to keep:
 * "m0 m2 s1 x75"; "" for all of them as fast as written. */
char          *arietta_player_dup_heard         (AriettaPlayer  *self) G_GNUC_WARN_UNUSED_RESULT;
/* Just those from now on; a word that is none is passed over. */
void           arietta_player_set_heard         (AriettaPlayer  *self,
                                                 const char     *heard);

/* A key under the finger: sounds at once, also when nothing plays; until note_off. */
void           arietta_player_note_on           (AriettaPlayer  *self,
                                                 int             pitch,
                                                 int             velocity,
                                                 int             program,
                                                 gboolean        percussion);
void           arietta_player_note_off          (AriettaPlayer  *self,
                                                 int             pitch);

/* A keyboard: its instrument (volume and pan 0..127), and what it sends, which sounds with the next
 * buffer whoever plays what.  send_live () may be called from any thread; after a long silence the
 * player wants waking from this one. */
void           arietta_player_set_live_voice    (AriettaPlayer  *self,
                                                 int             program,
                                                 gboolean        percussion,
                                                 int             volume,
                                                 int             pan);
void           arietta_player_send_live         (AriettaPlayer  *self,
                                                 const AriettaMidiMessage *message);
void           arietta_player_wake              (AriettaPlayer  *self);

/* Meters, each since the last question: a track's peak before the master volume, and by how much
 * the limiter held back (1: not at all). */
double         arietta_player_take_track_level  (AriettaPlayer  *self,
                                                 guint           track);
double         arietta_player_take_reduction    (AriettaPlayer  *self);

G_END_DECLS
