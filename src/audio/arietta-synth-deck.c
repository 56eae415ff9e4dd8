#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-synth-deck.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <gst/gst.h>

#include "audio/arietta-audio-sink.h"
#include "audio/arietta-soundfont.h"
#include "audio/arietta-synth-setup.h"
#include "audio/arietta-synth-source.h"
#include "base/arietta-error.h"

#define TICK_MS         33
/* Ticks go on this long after the last sound, for the level to fall; then slowly, only to read the marks. */
#define BUSY_TICKS      90
#define IDLE_TICK_MS    1000
/* Then the device is let go of. */
#define IDLE_TICKS      120
/* A device that is gone is looked for this often, each time after twice as long. */
#define FIRST_RETRY_MS  2000
#define LAST_RETRY_MS   60000
/* Larger pieces are scheduled in a worker: this many take some 4 ms. */
#define MAX_NOTES_HERE  16000

struct _AriettaSynthDeck
{
  AriettaSynthDeckEvents  events;
  gpointer                user_data;
  GCancellable           *cancellable;   /* cancelled when the deck is gone; workers hold it */

  AriettaSequencer       *sequencer;
  GstElement             *pipeline;
  guint                   bus_watch;
  guint                   prepare_id;
  guint                   tick_id;
  guint                   tick_ms;
  guint                   ticks_left;    /* of this kind */
  char                   *soundfont;     /* chosen, or NULL */
  gboolean                preparing;
  gboolean                have_synth;
  gboolean                silent;
  gboolean                lost;          /* the device failed, and none was seen since */
  guint                   retry_id;
  guint                   retry_ms;

  AriettaPiece           *piece;
  guint                   schedule_serial;
  GQueue                  pending;       /* AriettaCommand *, not yet taken by the sequencer */
  guint                   epoch;
  gboolean                playing;
  gboolean                ended;         /* heard, and not yet told */

  double                  seconds;       /* the position, as last known */
  AriettaMark             mark;          /* being heard */
  AriettaMark             ahead;         /* the next one, when have_ahead */
  gboolean                have_ahead;
  double                  level;
};

typedef struct
{
  AriettaSynthDeck *deck;
  AriettaPiece     *piece;
  guint             serial;
} Scheduling;

static void prepare (AriettaSynthDeck *self);

static void
scheduling_free (Scheduling *self)
{
  arietta_piece_unref (self->piece);
  g_free (self);
}

static void
command_free (AriettaCommand *command)
{
  if (command->kind == ARIETTA_COMMAND_SYNTH)
    arietta_synth_free (command->pointer);
  else if (command->kind == ARIETTA_COMMAND_SCHEDULE)
    arietta_schedule_free (command->pointer);
  g_free (command);
}

/* A schedule still being made holds back all that was asked after it: its index is its serial. */
static gboolean
is_waiting (AriettaSynthDeck     *self,
            const AriettaCommand *command)
{
  return command->kind == ARIETTA_COMMAND_SCHEDULE && command->flag;
}

static void
flush_pending (AriettaSynthDeck *self)
{
  AriettaCommand *command;

  while (self->have_synth && (command = g_queue_peek_head (&self->pending)) != NULL
         && !is_waiting (self, command))
    {
      if (!arietta_sequencer_post (self->sequencer, command))
        break;
      g_free (g_queue_pop_head (&self->pending));
    }
}

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
fail (AriettaSynthDeck *self,
      const GError     *error)
{
  self->playing = FALSE;
  self->events.failed (error, self->user_data);
}

static gboolean
heard_frame (AriettaSynthDeck *self,
             double           *frame)
{
  gint64 position_ns;

  if (self->pipeline == NULL
      || !gst_element_query_position (self->pipeline, GST_FORMAT_TIME, &position_ns))
    return FALSE;

  *frame = (double) position_ns * ARIETTA_SAMPLE_RATE / GST_SECOND;
  return TRUE;
}

/* Brings the position up to what the sink plays now. */
static void
update_position (AriettaSynthDeck *self)
{
  double heard;

  if (!heard_frame (self, &heard))
    return;

  while (self->have_ahead || arietta_sequencer_pop_mark (self->sequencer, &self->ahead))
    {
      self->have_ahead = (double) self->ahead.stream_frame > heard;
      if (self->have_ahead)
        break;

      self->mark = self->ahead;
      self->level = MAX (self->level, (double) self->mark.peak);
      self->ended |= self->mark.ended && self->mark.epoch == self->epoch;
    }

  if (self->mark.epoch == self->epoch && self->mark.stream_frame <= heard)
    {
      double moved = self->mark.playing ? (heard - self->mark.stream_frame) * self->mark.scale : 0;

      /* Never past what has been rendered: the next mark may stand elsewhere. */
      moved = MIN (moved, 2 * ARIETTA_SYNTH_SOURCE_FRAMES * self->mark.scale);
      if (self->playing)
        self->seconds = (self->mark.music_frame + moved) / ARIETTA_SAMPLE_RATE;
    }
}

static void
drop_pipeline (AriettaSynthDeck *self)
{
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->bus_watch, g_source_remove);

  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_pointer (&self->pipeline, gst_object_unref);

  while (arietta_sequencer_pop_mark (self->sequencer, &self->ahead))
    ;
  self->have_ahead = FALSE;
  self->mark = (AriettaMark) { .epoch = G_MAXUINT };
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

  flush_pending (self);
  update_position (self);
  ended = self->ended && self->playing;
  self->ended = FALSE;
  if (ended)
    self->playing = FALSE;

  if (self->playing)
    self->ticks_left = BUSY_TICKS;
  else if (--self->ticks_left == 0)
    {
      more = FALSE;
      self->tick_id = 0;
      if (self->tick_ms == TICK_MS)
        start_ticking (self, IDLE_TICK_MS, IDLE_TICKS);
      else if (self->silent)
        drop_pipeline (self);  /* a device may have come by the next time */
      else
        gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
    }

  self->events.tick (ended, self->user_data);

  return more;
}

static void
wake (AriettaSynthDeck *self)
{
  if (self->pipeline == NULL || !self->have_synth)
    return;

  if (self->tick_id == 0)
    gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  start_ticking (self, TICK_MS, BUSY_TICKS);
}

static void
probe_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  g_task_return_boolean (task, arietta_audio_sink_probe ());
}

static void look_for_device (AriettaSynthDeck *self);

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AriettaSynthDeck *self = user_data;
  gboolean there = g_task_propagate_boolean (G_TASK (result), NULL);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  if (!there)
    {
      self->retry_ms = MIN (2 * self->retry_ms, LAST_RETRY_MS);
      look_for_device (self);
      return;
    }

  self->lost = FALSE;
  if (self->pipeline == NULL || !self->silent)
    return;

  drop_pipeline (self);
  prepare (self);
}

static gboolean
retry_cb (gpointer user_data)
{
  AriettaSynthDeck *self = user_data;
  g_autoptr(GTask) task = g_task_new (NULL, self->cancellable, probed_cb, self);

  self->retry_id = 0;
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, probe_in_thread);

  return G_SOURCE_REMOVE;
}

/* Only while playing: nobody misses a device that is not wanted. */
static void
look_for_device (AriettaSynthDeck *self)
{
  if (self->silent && self->playing && self->retry_id == 0)
    self->retry_id = g_timeout_add (self->retry_ms, retry_cb, self);
}

static gboolean
bus_cb (GstBus     *bus,
        GstMessage *message,
        gpointer    user_data)
{
  AriettaSynthDeck *self = user_data;
  g_autoptr(GError) reason = NULL;
  g_autoptr(GError) error = NULL;
  AriettaCommand stop = { .kind = ARIETTA_COMMAND_STOP };

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return G_SOURCE_CONTINUE;

  gst_message_parse_error (message, &reason, NULL);
  arietta_set_error (&error, ARIETTA_AUDIO_ERROR, ARIETTA_AUDIO_ERROR_NO_DEVICE, NULL, NULL,
                     _("The sound device stopped working: %s"), reason->message);

  self->bus_watch = 0;
  if (!self->lost)
    {
      g_message ("%s", error->message);
      update_position (self);
      self->lost = TRUE;
      drop_pipeline (self);
      prepare (self);
      return G_SOURCE_REMOVE;
    }

  /* Even silence failed.  The next play begins afresh. */
  drop_pipeline (self);
  arietta_synth_deck_send (self, stop);
  fail (self, error);

  return G_SOURCE_REMOVE;
}

static void
take_pipeline (AriettaSynthDeck  *self,
               AriettaSynthSetup *setup)
{
  g_autoptr(GstBus) bus = NULL;

  if (setup->pipeline == NULL)
    return;

  self->pipeline = g_steal_pointer (&setup->pipeline);
  self->silent = setup->silent;
  bus = gst_element_get_bus (self->pipeline);
  self->bus_watch = gst_bus_add_watch (bus, bus_cb, self);
}

static void
take_synth (AriettaSynthDeck  *self,
            AriettaSynthSetup *setup)
{
  AriettaCommand command = { .kind = ARIETTA_COMMAND_SYNTH, .epoch = self->epoch };

  command.pointer = g_steal_pointer (&setup->synth);
  g_queue_push_head (&self->pending, g_memdup2 (&command, sizeof command));
  self->have_synth = TRUE;
  flush_pending (self);
}

static void
prepared_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaSynthSetup) setup = arietta_synth_setup_finish (result, &error);
  AriettaSynthDeck *self = user_data;
  gboolean chosen;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->preparing = FALSE;
  chosen = self->soundfont != NULL;

  if (error != NULL)
    {
      /* With a chosen font that is broken, the usual one is better than none. */
      g_clear_pointer (&self->soundfont, g_free);
      if (chosen && !self->have_synth)
        prepare (self);
      if (chosen || self->playing)
        fail (self, error);
      return;
    }

  take_pipeline (self, setup);

  /* The choice may have changed meanwhile. */
  if (chosen && g_strcmp0 (self->soundfont, setup->soundfont) != 0)
    {
      prepare (self);
      return;
    }

  take_synth (self, setup);
  wake (self);
  look_for_device (self);
  self->events.ready (self->user_data);
}

/* Loads the chosen SoundFont and, when there is none yet, opens a device. */
static void
prepare (AriettaSynthDeck *self)
{
  AriettaSynthSetupOutput output = ARIETTA_SYNTH_SETUP_NO_PIPELINE;

  if (self->pipeline == NULL)
    output = self->lost ? ARIETTA_SYNTH_SETUP_SILENT : ARIETTA_SYNTH_SETUP_DEVICE;

  g_clear_handle_id (&self->prepare_id, g_source_remove);
  if (self->preparing)
    return;

  self->preparing = TRUE;
  arietta_synth_setup_async (self->soundfont, self->sequencer, output,
                             self->cancellable, prepared_cb, self);
}

static gboolean
prepare_cb (gpointer user_data)
{
  AriettaSynthDeck *self = user_data;

  self->prepare_id = 0;
  prepare (self);

  return G_SOURCE_REMOVE;
}

static void
schedule_in_thread (GTask        *task,
                    gpointer      source,
                    gpointer      data,
                    GCancellable *cancellable)
{
  Scheduling *work = data;

  g_task_return_pointer (task, arietta_schedule_new (work->piece), (GDestroyNotify) arietta_schedule_free);
}

static void
scheduled_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(AriettaSchedule) schedule = g_task_propagate_pointer (G_TASK (result), NULL);
  Scheduling *work = g_task_get_task_data (G_TASK (result));

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  for (GList *l = work->deck->pending.head; l != NULL; l = l->next)
    {
      AriettaCommand *command = l->data;

      if (is_waiting (work->deck, command) && command->index == work->serial)
        {
          command->pointer = g_steal_pointer (&schedule);
          command->flag = FALSE;
          break;
        }
    }

  flush_pending (work->deck);
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
  self->mark.epoch = G_MAXUINT;
  self->retry_ms = FIRST_RETRY_MS;
  g_queue_init (&self->pending);

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
  g_clear_handle_id (&self->retry_id, g_source_remove);
  drop_pipeline (self);
  g_queue_clear_full (&self->pending, (GDestroyNotify) command_free);
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
    prepare (self);

  return TRUE;
}

void
arietta_synth_deck_send (AriettaSynthDeck *self,
                         AriettaCommand    command)
{
  gboolean moves = command.kind == ARIETTA_COMMAND_PLAY || command.kind == ARIETTA_COMMAND_STOP
                   || command.kind == ARIETTA_COMMAND_SEEK || command.kind == ARIETTA_COMMAND_SCHEDULE;

  if (moves)
    {
      self->epoch++;
      self->ended = FALSE;
    }
  command.epoch = self->epoch;
  g_queue_push_tail (&self->pending, g_memdup2 (&command, sizeof command));
  flush_pending (self);

  if (command.kind == ARIETTA_COMMAND_PLAY || command.kind == ARIETTA_COMMAND_KEY_ON)
    {
      if (self->pipeline == NULL)
        prepare (self);
      wake (self);
    }
}

void
arietta_synth_deck_set_piece (AriettaSynthDeck *self,
                              AriettaPiece     *piece)
{
  AriettaCommand command = { .kind = ARIETTA_COMMAND_SCHEDULE, .index = ++self->schedule_serial };

  if (self->playing)
    update_position (self);
  if (piece != NULL)
    arietta_piece_ref (piece);
  if (self->piece != NULL && piece != NULL)
    self->seconds = translate_seconds (self->piece, self->seconds, piece);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  self->piece = piece;

  /* Earlier pieces nobody has heard yet need not be finished. */
  for (GList *l = self->pending.head, *next; l != NULL; l = next)
    {
      next = l->next;
      if (is_waiting (self, l->data))
        {
          command_free (l->data);
          g_queue_delete_link (&self->pending, l);
        }
    }

  if (piece != NULL && arietta_piece_get_n_notes (piece) > MAX_NOTES_HERE)
    {
      g_autoptr(GTask) task = g_task_new (NULL, self->cancellable, scheduled_cb, NULL);
      Scheduling *work = g_new0 (Scheduling, 1);

      work->deck = self;
      work->piece = arietta_piece_ref (piece);
      work->serial = command.index;
      g_task_set_check_cancellable (task, FALSE);
      g_task_set_task_data (task, work, (GDestroyNotify) scheduling_free);
      g_task_run_in_thread (task, schedule_in_thread);
      command.flag = TRUE;
    }
  else if (piece != NULL)
    command.pointer = arietta_schedule_new (piece);

  if (piece == NULL)
    {
      self->playing = FALSE;
      self->seconds = 0;
    }
  else if (!self->playing && self->seconds >= arietta_piece_get_duration_seconds (piece))
    self->seconds = 0;

  arietta_synth_deck_send (self, command);
}

void
arietta_synth_deck_play (AriettaSynthDeck *self)
{
  AriettaCommand command = { .kind = ARIETTA_COMMAND_PLAY };

  if (self->piece == NULL)
    return;

  self->playing = TRUE;
  self->retry_ms = FIRST_RETRY_MS;
  arietta_synth_deck_send (self, command);
  look_for_device (self);
}

void
arietta_synth_deck_stop (AriettaSynthDeck *self)
{
  AriettaCommand command = { .kind = ARIETTA_COMMAND_STOP };

  if (self->playing)
    update_position (self);
  self->playing = FALSE;
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

double
arietta_synth_deck_take_level (AriettaSynthDeck *self)
{
  double level = self->level;

  self->level = 0;
  return level;
}

gboolean
arietta_synth_deck_is_silent (AriettaSynthDeck *self)
{
  return self->silent;
}
