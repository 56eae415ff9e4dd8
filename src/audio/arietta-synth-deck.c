#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-synth-deck.h"

#include <gio/gio.h>

#include "audio/arietta-command-queue.h"
#include "audio/arietta-play-clock.h"
#include "audio/arietta-soundfont.h"
#include "audio/arietta-synth-load.h"
#include "audio/arietta-synth-output.h"
#include "music/arietta-beat.h"

#define TICK_MS         33
/* Ticks go on this long after the last sound, for the level to fall; then slowly, only to read the marks. */
#define BUSY_TICKS      90
#define IDLE_TICK_MS    1000
/* Then the device is let go of. */
#define IDLE_TICKS      120
/* Who records plays on after the piece: an hour at 120 to the minute. */
#define ENDLESS_QUARTERS 7200

struct _AriettaSynthDeck
{
  AriettaSynthDeckEvents  events;
  gpointer                user_data;
  GCancellable           *cancellable;   /* cancelled when the deck is gone; workers hold it */

  AriettaSequencer       *sequencer;
  AriettaCommandQueue    *commands;
  AriettaSynthOutput     *output;
  AriettaPlayClock       *clock;
  guint                   prepare_id;
  guint                   tick_id;
  guint                   tick_ms;
  guint                   ticks_left;    /* of this kind */
  char                   *soundfont;     /* chosen, or NULL */
  gboolean                loading;

  AriettaPiece           *piece;
  guint                   epoch;
  gboolean                playing;
  gboolean                ended;         /* heard, and not yet told */
  gboolean                endless;

  double                  seconds;       /* the position, as last known */
};

static void load (AriettaSynthDeck *self);

/* The same tick, or its equal where the pieces count differently. */
static double
translate_seconds (AriettaPiece *from,
                   double        seconds,
                   AriettaPiece *to)
{
  gint64 tick = arietta_piece_seconds_to_ticks (from, seconds);
  double rest = seconds - arietta_piece_ticks_to_seconds (from, tick);
  gint64 there = tick * arietta_piece_get_ticks_per_quarter (to) / arietta_piece_get_ticks_per_quarter (from);

  return MAX (arietta_piece_ticks_to_seconds (to, there) + rest, 0);
}

static void
set_playing (AriettaSynthDeck *self,
             gboolean          playing)
{
  self->playing = playing;
  arietta_synth_output_set_wanted (self->output, playing);
}

static void
fail (AriettaSynthDeck *self,
      const GError     *error)
{
  set_playing (self, FALSE);
  self->events.failed (error, self->user_data);
}

/* Brings the position up to what the sink plays now. */
static void
update_position (AriettaSynthDeck *self)
{
  double heard, frame;

  if (!arietta_synth_output_get_frame (self->output, &heard))
    return;

  self->ended |= arietta_play_clock_advance (self->clock, heard, self->epoch);
  if (self->playing && arietta_play_clock_get (self->clock, heard, self->epoch, &frame))
    self->seconds = frame / ARIETTA_SAMPLE_RATE;
}

static gboolean tick_cb (gpointer user_data);

static void
start_ticking (AriettaSynthDeck *self,
               guint             tick_ms,
               guint             n_ticks)
{
  self->ticks_left = n_ticks;
  if (self->tick_id != 0 && self->tick_ms == tick_ms)
    return;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  self->tick_ms = tick_ms;
  self->tick_id = g_timeout_add (tick_ms, tick_cb, self);
}

/* Whoever listens may start the ticks anew or free the deck: nothing of it is used after telling. */
static gboolean
tick_cb (gpointer user_data)
{
  AriettaSynthDeck *self = user_data;
  gboolean more = TRUE;
  gboolean ended;

  arietta_command_queue_flush (self->commands);
  update_position (self);
  ended = self->ended && self->playing;
  self->ended = FALSE;
  if (ended)
    set_playing (self, FALSE);

  if (self->playing)
    self->ticks_left = BUSY_TICKS;
  else if (--self->ticks_left == 0)
    {
      more = FALSE;
      self->tick_id = 0;
      if (self->tick_ms == TICK_MS)
        start_ticking (self, IDLE_TICK_MS, IDLE_TICKS);
      else if (arietta_synth_output_is_silent (self->output))
        arietta_synth_output_close (self->output);  /* a device may have come by the next time */
      else
        arietta_synth_output_run (self->output, FALSE);
    }

  self->events.tick (ended, self->user_data);

  return more;
}

static void
wake (AriettaSynthDeck *self)
{
  if (!arietta_synth_output_is_open (self->output) || !arietta_command_queue_has_synth (self->commands))
    return;

  if (self->tick_id == 0)
    arietta_synth_output_run (self->output, TRUE);
  start_ticking (self, TICK_MS, BUSY_TICKS);
}

static void
opened_cb (gpointer user_data)
{
  AriettaSynthDeck *self = user_data;

  if (!arietta_command_queue_has_synth (self->commands))
    return;
  wake (self);
  self->events.ready (self->user_data);
}

static void
closing_cb (gpointer user_data)
{
  AriettaSynthDeck *self = user_data;

  update_position (self);
  g_clear_handle_id (&self->tick_id, g_source_remove);
}

static void
closed_cb (gpointer user_data)
{
  AriettaSynthDeck *self = user_data;

  arietta_play_clock_reset (self->clock);
}

/* The next play begins afresh. */
static void
output_failed_cb (const GError *error,
                  gpointer      user_data)
{
  AriettaSynthDeck *self = user_data;
  AriettaCommand stop = { .kind = ARIETTA_COMMAND_STOP };

  arietta_synth_deck_send (self, stop);
  fail (self, error);
}

static const AriettaSynthOutputEvents output_events = {
  opened_cb, closing_cb, closed_cb, output_failed_cb,
};

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *soundfont = NULL;
  g_autoptr(AriettaSynth) synth = arietta_synth_load_finish (result, &soundfont, &error);
  AriettaSynthDeck *self = user_data;
  gboolean chosen;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->loading = FALSE;
  chosen = self->soundfont != NULL;

  if (error != NULL)
    {
      /* With a chosen font that is broken, the usual one is better than none. */
      g_clear_pointer (&self->soundfont, g_free);
      if (chosen && !arietta_command_queue_has_synth (self->commands))
        load (self);
      if (chosen || self->playing)
        fail (self, error);
      return;
    }

  /* The choice may have changed meanwhile. */
  if (chosen && g_strcmp0 (self->soundfont, soundfont) != 0)
    {
      load (self);
      return;
    }

  arietta_command_queue_take_synth (self->commands, g_steal_pointer (&synth), self->epoch);
  if (!arietta_synth_output_is_open (self->output))
    return;
  wake (self);
  self->events.ready (self->user_data);
}

static void
load (AriettaSynthDeck *self)
{
  if (self->loading)
    return;

  self->loading = TRUE;
  arietta_synth_load_async (self->soundfont, self->cancellable, loaded_cb, self);
}

/* A SoundFont and a device, each where it is missing. */
static void
prepare (AriettaSynthDeck *self)
{
  g_clear_handle_id (&self->prepare_id, g_source_remove);
  if (!arietta_command_queue_has_synth (self->commands))
    load (self);
  arietta_synth_output_open (self->output);
}

static gboolean
prepare_cb (gpointer user_data)
{
  AriettaSynthDeck *self = user_data;

  self->prepare_id = 0;
  prepare (self);

  return G_SOURCE_REMOVE;
}

AriettaSynthDeck *
arietta_synth_deck_new (const AriettaSynthDeckEvents *events,
                        gpointer                      user_data)
{
  AriettaSynthDeck *self = g_new0 (AriettaSynthDeck, 1);

  self->events = *events;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  self->sequencer = arietta_sequencer_new ();
  self->commands = arietta_command_queue_new (self->sequencer);
  self->output = arietta_synth_output_new (self->sequencer, &output_events, self);
  self->clock = arietta_play_clock_new (self->sequencer);

  /* A turn later, so that a SoundFont chosen at once is the only one loaded. */
  self->prepare_id = g_idle_add_full (G_PRIORITY_DEFAULT, prepare_cb, self, NULL);

  return self;
}

void
arietta_synth_deck_free (AriettaSynthDeck *self)
{
  if (self == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->prepare_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_pointer (&self->output, arietta_synth_output_free);
  g_clear_pointer (&self->clock, arietta_play_clock_free);
  g_clear_pointer (&self->commands, arietta_command_queue_free);
  g_clear_pointer (&self->sequencer, arietta_sequencer_unref);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_pointer (&self->soundfont, g_free);
  g_free (self);
}

gboolean
arietta_synth_deck_set_soundfont (AriettaSynthDeck  *self,
                                  const char        *path,
                                  GError           **error)
{
  g_autofree char *found = NULL;

  if (path != NULL && *path != '\0' && !arietta_soundfont_check (path, error))
    return FALSE;

  found = arietta_soundfont_find (path, error);
  if (found == NULL)
    return FALSE;
  if (g_strcmp0 (found, self->soundfont) == 0)
    return TRUE;

  g_free (self->soundfont);
  self->soundfont = g_steal_pointer (&found);
  if (self->prepare_id == 0)
    load (self);

  return TRUE;
}

/* How far there is something to play along with, silence included. */
static gint64
get_until (AriettaSynthDeck *self)
{
  if (!self->endless || self->piece == NULL)
    return 0;
  return arietta_piece_get_end_ticks (self->piece)
         + (gint64) ENDLESS_QUARTERS * arietta_piece_get_ticks_per_quarter (self->piece);
}

/* What moves the position: marks of before mean nothing any more. */
static void
begin_epoch (AriettaSynthDeck *self)
{
  self->epoch++;
  self->ended = FALSE;
}

void
arietta_synth_deck_send (AriettaSynthDeck *self,
                         AriettaCommand    command)
{
  if (command.kind == ARIETTA_COMMAND_PLAY || command.kind == ARIETTA_COMMAND_STOP
      || command.kind == ARIETTA_COMMAND_SEEK)
    begin_epoch (self);
  command.epoch = self->epoch;
  arietta_command_queue_push (self->commands, &command);

  if (command.kind == ARIETTA_COMMAND_PLAY || command.kind == ARIETTA_COMMAND_KEY_ON)
    arietta_synth_deck_wake (self);
}

void
arietta_synth_deck_set_piece (AriettaSynthDeck *self,
                              AriettaPiece     *piece)
{
  if (self->playing)
    update_position (self);
  if (piece != NULL)
    arietta_piece_ref (piece);
  if (self->piece != NULL && piece != NULL)
    self->seconds = translate_seconds (self->piece, self->seconds, piece);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  self->piece = piece;

  if (piece == NULL)
    {
      set_playing (self, FALSE);
      self->seconds = 0;
    }
  else if (!self->playing && !self->endless && self->seconds >= arietta_piece_get_duration_seconds (piece))
    self->seconds = 0;

  begin_epoch (self);
  arietta_command_queue_push_schedule (self->commands, piece, get_until (self), self->epoch);
}

void
arietta_synth_deck_play (AriettaSynthDeck *self)
{
  AriettaCommand command = { .kind = ARIETTA_COMMAND_PLAY };

  if (self->piece == NULL)
    return;

  set_playing (self, TRUE);
  arietta_synth_deck_send (self, command);
}

void
arietta_synth_deck_play_counted (AriettaSynthDeck *self,
                                 guint             n_bars)
{
  AriettaCommand command = { .kind = ARIETTA_COMMAND_COUNT_IN };
  gint64 tick, beat_ticks;
  guint n_beats;

  if (self->piece == NULL)
    return;

  tick = arietta_synth_deck_get_position (self);
  arietta_beat_at (self->piece, tick, &beat_ticks, &n_beats);
  command.index = n_bars * n_beats;
  command.velocity = n_beats;
  command.a = beat_ticks * (arietta_piece_get_tempo_at (self->piece, tick) / 1e6)
              / arietta_piece_get_ticks_per_quarter (self->piece) * ARIETTA_SAMPLE_RATE;
  if (command.index > 0)
    arietta_synth_deck_send (self, command);
  arietta_synth_deck_play (self);
}

void
arietta_synth_deck_set_endless (AriettaSynthDeck *self,
                                gboolean          endless)
{
  if (self->endless == endless)
    return;

  self->endless = endless;
  if (self->piece != NULL)
    arietta_synth_deck_set_piece (self, self->piece);
}

void
arietta_synth_deck_set_latency (AriettaSynthDeck *self,
                                guint             latency_ms)
{
  arietta_synth_output_set_latency (self->output, latency_ms);
}

void
arietta_synth_deck_send_live (AriettaSynthDeck         *self,
                              const AriettaMidiMessage *message)
{
  arietta_sequencer_post_live (self->sequencer, message);
}

void
arietta_synth_deck_wake (AriettaSynthDeck *self)
{
  prepare (self);
  wake (self);
}

void
arietta_synth_deck_stop (AriettaSynthDeck *self)
{
  AriettaCommand command = { .kind = ARIETTA_COMMAND_STOP };

  if (self->playing)
    update_position (self);
  set_playing (self, FALSE);
  arietta_synth_deck_send (self, command);

  /* What was rendered ahead of the ear is played again, so that nothing is skipped. */
  command.kind = ARIETTA_COMMAND_SEEK;
  command.a = self->seconds * ARIETTA_SAMPLE_RATE;
  arietta_synth_deck_send (self, command);
}

void
arietta_synth_deck_seek (AriettaSynthDeck *self,
                         gint64            position_ticks)
{
  AriettaCommand command = { .kind = ARIETTA_COMMAND_SEEK };

  if (self->piece == NULL)
    return;

  self->seconds = arietta_piece_ticks_to_seconds (self->piece, MAX (position_ticks, 0));
  command.a = self->seconds * ARIETTA_SAMPLE_RATE;
  arietta_synth_deck_send (self, command);
}

void
arietta_synth_deck_set_loop (AriettaSynthDeck *self,
                             gboolean          loop,
                             gint64            start_ticks,
                             gint64            end_ticks)
{
  AriettaCommand command = { .kind = ARIETTA_COMMAND_LOOP, .flag = loop };

  if (self->piece != NULL && end_ticks > start_ticks)
    {
      command.a = arietta_piece_ticks_to_seconds (self->piece, start_ticks) * ARIETTA_SAMPLE_RATE;
      command.b = arietta_piece_ticks_to_seconds (self->piece, end_ticks) * ARIETTA_SAMPLE_RATE;
    }

  arietta_synth_deck_send (self, command);
}

gboolean
arietta_synth_deck_is_playing (AriettaSynthDeck *self)
{
  return self->playing;
}

gint64
arietta_synth_deck_get_position (AriettaSynthDeck *self)
{
  return self->piece != NULL
           ? arietta_piece_seconds_to_ticks (self->piece, arietta_synth_deck_get_seconds (self))
           : 0;
}

double
arietta_synth_deck_get_seconds (AriettaSynthDeck *self)
{
  if (self->playing)
    update_position (self);

  return self->seconds;
}

gboolean
arietta_synth_deck_find_seconds (AriettaSynthDeck *self,
                                 gint64            time_us,
                                 double           *seconds)
{
  gint64 now_us = g_get_monotonic_time ();
  double heard, frame;

  if (!arietta_synth_output_get_frame (self->output, &heard))
    return FALSE;

  self->ended |= arietta_play_clock_advance (self->clock, heard, self->epoch);
  if (!arietta_play_clock_find (self->clock, heard + (time_us - now_us) * (ARIETTA_SAMPLE_RATE / 1e6), &frame))
    return FALSE;

  *seconds = frame / ARIETTA_SAMPLE_RATE;
  return TRUE;
}

guint
arietta_synth_deck_get_count (AriettaSynthDeck *self)
{
  return self->playing ? arietta_play_clock_get_count (self->clock) : 0;
}

double
arietta_synth_deck_take_level (AriettaSynthDeck *self)
{
  return arietta_play_clock_take_level (self->clock);
}

double
arietta_synth_deck_take_track_level (AriettaSynthDeck *self,
                                     guint             track)
{
  return arietta_sequencer_take_track_peak (self->sequencer, track);
}

double
arietta_synth_deck_take_reduction (AriettaSynthDeck *self)
{
  return arietta_sequencer_take_reduction (self->sequencer);
}

gboolean
arietta_synth_deck_is_silent (AriettaSynthDeck *self)
{
  return arietta_synth_output_is_silent (self->output);
}
