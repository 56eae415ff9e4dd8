#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-recorder.h"

struct _AriettaRecorder
{
  GObject           parent_instance;

  AriettaPlayer    *player;
  AriettaMidiInput *input;
  GAsyncQueue      *messages;    /* AriettaMidiMessage *, from the keyboards' thread */
  gint              drain_due;   /* atomic: the main loop will look at them */
  GMainContext     *context;

  AriettaRecording *recording;
  gboolean          running;
  gint64            start_ticks;
  gint64            end_ticks;
  gint64            last_ticks;  /* the latest moment seen of this pass */
};

enum
{
  PROP_0,
  PROP_RECORDING,
  N_PROPS
};

enum
{
  CHANGED,
  WRAPPED,
  FINISHED,
  HEARD,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AriettaRecorder, arietta_recorder, G_TYPE_OBJECT)

static void
finish (AriettaRecorder *self)
{
  if (!self->running)
    return;

  self->running = FALSE;
  self->end_ticks = MAX (self->end_ticks, self->last_ticks);
  arietta_recording_end_notes (self->recording, self->last_ticks);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECORDING]);
  g_signal_emit (self, signals[FINISHED], 0);
}

/* The music moved on to @ticks, or back to there: then a loop came round. */
static void
reach (AriettaRecorder *self,
       gint64           ticks)
{
  gint64 loop_start, loop_end;

  if (ticks >= self->last_ticks)
    {
      self->last_ticks = ticks;
      return;
    }

  /* Messages and positions reach us by different ways: a little earlier is no loop. */
  if (self->last_ticks - ticks < arietta_piece_get_ticks_per_quarter (arietta_player_get_piece (self->player)) / 2)
    return;

  g_object_get (self->player, "loop-start", &loop_start, "loop-end", &loop_end, NULL);
  if (loop_end <= loop_start)
    loop_end = self->last_ticks;
  arietta_recording_end_notes (self->recording, MAX (loop_end, self->last_ticks));
  self->end_ticks = MAX (self->end_ticks, MAX (loop_end, self->last_ticks));
  self->start_ticks = MIN (self->start_ticks, ticks >= loop_start ? loop_start : ticks);
  self->last_ticks = ticks;
  g_signal_emit (self, signals[WRAPPED], 0);
}

static void
record (AriettaRecorder          *self,
        const AriettaMidiMessage *message)
{
  guint n_notes = arietta_recording_get_n_notes (self->recording);
  gint64 ticks;

  /* Before the first sound has reached the ear, the beginning is meant. */
  if (!arietta_player_find_ticks (self->player, message->time_us, &ticks))
    ticks = self->last_ticks;
  if (ticks >= self->start_ticks)
    reach (self, ticks);

  if ((message->status & 0xF0) == 0xB0 && message->data1 == ARIETTA_MIDI_ALL_NOTES_OFF)
    arietta_recording_end_notes (self->recording, ticks);
  else
    arietta_recording_add (self->recording, ticks, message->status, message->data1, message->data2);
  if (arietta_recording_get_n_notes (self->recording) > n_notes)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
drain (AriettaRecorder *self)
{
  AriettaMidiMessage *message;

  g_atomic_int_set (&self->drain_due, FALSE);
  while ((message = g_async_queue_try_pop (self->messages)) != NULL)
    {
      arietta_player_wake (self->player);
      if (self->running)
        record (self, message);
      g_signal_emit (self, signals[HEARD], 0, message->status, message->data1, message->data2);
      g_free (message);
    }
}

static gboolean
drain_cb (gpointer user_data)
{
  drain (user_data);
  return G_SOURCE_REMOVE;
}

/* In the keyboards' thread. */
static void
receive (const AriettaMidiMessage *message,
         gpointer                  user_data)
{
  AriettaRecorder *self = user_data;

  arietta_player_send_live (self->player, message);
  g_async_queue_push (self->messages, g_memdup2 (message, sizeof *message));
  if (g_atomic_int_compare_and_exchange (&self->drain_due, FALSE, TRUE))
    {
      g_autoptr(GSource) source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, drain_cb, g_object_ref (self), g_object_unref);
      g_source_attach (source, self->context);
    }
}

static void
playing_cb (AriettaRecorder *self)
{
  if (!self->running || arietta_player_is_playing (self->player))
    return;

  drain (self);
  finish (self);
}

static void
position_cb (AriettaRecorder *self)
{
  if (self->running && arietta_player_is_playing (self->player))
    reach (self, arietta_player_get_position (self->player));
}

static void
arietta_recorder_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  if (id == PROP_RECORDING)
    g_value_set_boolean (value, arietta_recorder_is_recording (ARIETTA_RECORDER (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
arietta_recorder_dispose (GObject *object)
{
  AriettaRecorder *self = ARIETTA_RECORDER (object);

  if (self->input != NULL)
    arietta_midi_input_set_receiver (self->input, NULL, NULL);
  g_clear_object (&self->input);
  self->running = FALSE;

  G_OBJECT_CLASS (arietta_recorder_parent_class)->dispose (object);
}

static void
arietta_recorder_finalize (GObject *object)
{
  AriettaRecorder *self = ARIETTA_RECORDER (object);

  g_clear_object (&self->player);
  g_async_queue_unref (self->messages);
  g_main_context_unref (self->context);
  g_clear_pointer (&self->recording, arietta_recording_free);

  G_OBJECT_CLASS (arietta_recorder_parent_class)->finalize (object);
}

static void
arietta_recorder_class_init (AriettaRecorderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = arietta_recorder_get_property;
  object_class->dispose = arietta_recorder_dispose;
  object_class->finalize = arietta_recorder_finalize;

  properties[PROP_RECORDING] = g_param_spec_boolean ("recording", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHANGED] = g_signal_new ("changed", ARIETTA_TYPE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[WRAPPED] = g_signal_new ("wrapped", ARIETTA_TYPE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[FINISHED] = g_signal_new ("finished", ARIETTA_TYPE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  signals[HEARD] = g_signal_new ("heard", ARIETTA_TYPE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_UINT, G_TYPE_UINT);
}

static void
arietta_recorder_init (AriettaRecorder *self)
{
  self->messages = g_async_queue_new_full (g_free);
  self->context = g_main_context_ref_thread_default ();
}

AriettaRecorder *
arietta_recorder_new (AriettaPlayer    *player,
                      AriettaMidiInput *input)
{
  AriettaRecorder *self = g_object_new (ARIETTA_TYPE_RECORDER, NULL);

  self->player = g_object_ref (player);
  self->input = g_object_ref (input);
  g_signal_connect_object (player, "notify::playing", G_CALLBACK (playing_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (player, "notify::position-ticks", G_CALLBACK (position_cb), self, G_CONNECT_SWAPPED);
  arietta_midi_input_set_receiver (input, receive, self);
  return self;
}

AriettaMidiInput *
arietta_recorder_get_input (AriettaRecorder *self)
{
  g_return_val_if_fail (ARIETTA_IS_RECORDER (self), NULL);

  return self->input;
}

gboolean
arietta_recorder_start (AriettaRecorder *self,
                        guint            count_in)
{
  g_return_val_if_fail (ARIETTA_IS_RECORDER (self), FALSE);

  if (self->running)
    return TRUE;
  if (arietta_player_get_piece (self->player) == NULL)
    return FALSE;

  g_clear_pointer (&self->recording, arietta_recording_free);
  self->recording = arietta_recording_new ();
  self->start_ticks = self->end_ticks = self->last_ticks = arietta_player_get_position (self->player);
  self->running = TRUE;
  arietta_player_set_endless (self->player, TRUE);
  if (count_in > 0)
    arietta_player_play_counted (self->player, count_in);
  else
    arietta_player_play (self->player);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECORDING]);
  return TRUE;
}

void
arietta_recorder_stop (AriettaRecorder *self)
{
  g_return_if_fail (ARIETTA_IS_RECORDER (self));

  if (!self->running)
    return;

  drain (self);
  position_cb (self);
  finish (self);
}

gboolean
arietta_recorder_is_recording (AriettaRecorder *self)
{
  g_return_val_if_fail (ARIETTA_IS_RECORDER (self), FALSE);

  return self->running;
}

AriettaRecording *
arietta_recorder_get_recording (AriettaRecorder *self)
{
  g_return_val_if_fail (ARIETTA_IS_RECORDER (self), NULL);

  return self->recording;
}

void
arietta_recorder_get_span (AriettaRecorder *self,
                           gint64          *start_ticks,
                           gint64          *end_ticks)
{
  g_return_if_fail (ARIETTA_IS_RECORDER (self));

  *start_ticks = self->start_ticks;
  *end_ticks = MAX (self->end_ticks, self->last_ticks);
}
