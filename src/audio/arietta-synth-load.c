#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-synth-load.h"

#include "audio/arietta-soundfont.h"

typedef struct
{
  char *wanted;  /* or NULL */
  char *loaded;
} Order;

static void
order_free (Order *self)
{
  g_free (self->wanted);
  g_free (self->loaded);
  g_free (self);
}

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Order *order = data;
  GError *error = NULL;
  AriettaSynth *synth = NULL;

  order->loaded = order->wanted != NULL ? g_strdup (order->wanted) : arietta_soundfont_find (NULL, &error);
  if (order->loaded != NULL)
    synth = arietta_synth_new_with_meters (order->loaded, &error);

  if (synth != NULL)
    g_task_return_pointer (task, synth, (GDestroyNotify) arietta_synth_free);
  else
    g_task_return_error (task, error);
}

void
arietta_synth_load_async (const char          *soundfont,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Order *order = g_new0 (Order, 1);

  order->wanted = g_strdup (soundfont);
  g_task_set_source_tag (task, arietta_synth_load_async);
  g_task_set_task_data (task, order, (GDestroyNotify) order_free);
  g_task_run_in_thread (task, load_in_thread);
}

AriettaSynth *
arietta_synth_load_finish (GAsyncResult  *result,
                           char         **soundfont,
                           GError       **error)
{
  AriettaSynth *synth = g_task_propagate_pointer (G_TASK (result), error);
  Order *order = g_task_get_task_data (G_TASK (result));

  *soundfont = synth != NULL ? g_steal_pointer (&order->loaded) : NULL;
  return synth;
}
