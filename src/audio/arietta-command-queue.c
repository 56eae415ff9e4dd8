#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-command-queue.h"

#include <gio/gio.h>

/* Larger pieces are scheduled in a worker: this many take some 4 ms. */
#define MAX_NOTES_HERE  16000

struct _AriettaCommandQueue
{
  AriettaSequencer *sequencer;
  GCancellable     *cancellable;      /* cancelled when the queue is gone; workers hold it */
  GQueue            pending;          /* AriettaCommand * */
  guint             serial;           /* of the newest schedule */
  gboolean          have_synth;
};

typedef struct
{
  AriettaCommandQueue *queue;
  AriettaPiece        *piece;
  gint64               until_ticks;
  guint                serial;
} Scheduling;

static void
scheduling_free (Scheduling *self)
{
  arietta_piece_unref (self->piece);
  g_free (self);
}

static void
command_free (AriettaCommand *command)
{
  arietta_sequencer_command_clear (command);
  g_free (command);
}

/* A schedule still being made holds back all that was asked after it: its index is its serial. */
static gboolean
is_waiting (const AriettaCommand *command)
{
  return command->kind == ARIETTA_COMMAND_SCHEDULE && command->flag;
}

static void
schedule_in_thread (GTask        *task,
                    gpointer      source,
                    gpointer      data,
                    GCancellable *cancellable)
{
  Scheduling *work = data;

  g_task_return_pointer (task, arietta_schedule_new_until (work->piece, work->until_ticks),
                         (GDestroyNotify) arietta_schedule_free);
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

  for (GList *l = work->queue->pending.head; l != NULL; l = l->next)
    {
      AriettaCommand *command = l->data;

      if (is_waiting (command) && command->index == work->serial)
        {
          command->pointer = g_steal_pointer (&schedule);
          command->flag = FALSE;
          break;
        }
    }

  arietta_command_queue_flush (work->queue);
}

static void
schedule_in_worker (AriettaCommandQueue *self,
                    AriettaPiece        *piece,
                    gint64               until_ticks)
{
  g_autoptr(GTask) task = g_task_new (NULL, self->cancellable, scheduled_cb, NULL);
  Scheduling *work = g_new0 (Scheduling, 1);

  work->queue = self;
  work->piece = arietta_piece_ref (piece);
  work->until_ticks = until_ticks;
  work->serial = self->serial;
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_source_tag (task, schedule_in_worker);
  g_task_set_task_data (task, work, (GDestroyNotify) scheduling_free);
  g_task_run_in_thread (task, schedule_in_thread);
}

static void
drop_waiting (AriettaCommandQueue *self)
{
  for (GList *l = self->pending.head, *next; l != NULL; l = next)
    {
      next = l->next;
      if (is_waiting (l->data))
        {
          command_free (l->data);
          g_queue_delete_link (&self->pending, l);
        }
    }
}

AriettaCommandQueue *
arietta_command_queue_new (AriettaSequencer *sequencer)
{
  AriettaCommandQueue *self = g_new0 (AriettaCommandQueue, 1);

  self->sequencer = arietta_sequencer_ref (sequencer);
  self->cancellable = g_cancellable_new ();
  g_queue_init (&self->pending);
  return self;
}

void
arietta_command_queue_free (AriettaCommandQueue *self)
{
  if (self == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_queue_clear_full (&self->pending, (GDestroyNotify) command_free);
  g_clear_pointer (&self->sequencer, arietta_sequencer_unref);
  g_free (self);
}

void
arietta_command_queue_push (AriettaCommandQueue  *self,
                            const AriettaCommand *command)
{
  g_queue_push_tail (&self->pending, g_memdup2 (command, sizeof *command));
  arietta_command_queue_flush (self);
}

void
arietta_command_queue_push_schedule (AriettaCommandQueue *self,
                                     AriettaPiece        *piece,
                                     gint64               until_ticks,
                                     guint                epoch)
{
  AriettaCommand command = { .kind = ARIETTA_COMMAND_SCHEDULE, .index = ++self->serial, .epoch = epoch };

  drop_waiting (self);
  if (piece != NULL && arietta_piece_get_n_notes (piece) > MAX_NOTES_HERE)
    {
      schedule_in_worker (self, piece, until_ticks);
      command.flag = TRUE;
    }
  else if (piece != NULL)
    command.pointer = arietta_schedule_new_until (piece, until_ticks);

  arietta_command_queue_push (self, &command);
}

void
arietta_command_queue_take_synth (AriettaCommandQueue *self,
                                  AriettaSynth        *synth,
                                  guint                epoch)
{
  AriettaCommand command = { .kind = ARIETTA_COMMAND_SYNTH, .epoch = epoch, .pointer = synth };

  g_queue_push_head (&self->pending, g_memdup2 (&command, sizeof command));
  self->have_synth = TRUE;
  arietta_command_queue_flush (self);
}

gboolean
arietta_command_queue_has_synth (AriettaCommandQueue *self)
{
  return self->have_synth;
}

void
arietta_command_queue_flush (AriettaCommandQueue *self)
{
  AriettaCommand *command;

  while (self->have_synth && (command = g_queue_peek_head (&self->pending)) != NULL && !is_waiting (command))
    {
      if (!arietta_sequencer_post (self->sequencer, command))
        break;
      g_free (g_queue_pop_head (&self->pending));
    }
}
