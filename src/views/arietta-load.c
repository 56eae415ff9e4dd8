#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-load.h"

typedef struct
{
  GWeakRef           owner;
  AriettaLoadFunc    func;
  gpointer           data;
  GDestroyNotify     free_data;
  GDestroyNotify     free_result;
  AriettaLoadedFunc  loaded;
} Load;

static void
load_free (Load *load)
{
  g_weak_ref_clear (&load->owner);
  if (load->free_data != NULL)
    load->free_data (load->data);
  g_free (load);
}

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Load *load = task_data;
  GError *error = NULL;
  gpointer result = load->func (load->data, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, load->free_result);
}

static void
load_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GTask *task = G_TASK (result);
  Load *load = g_task_get_task_data (task);
  g_autoptr(GObject) owner = g_weak_ref_get (&load->owner);
  g_autoptr(GError) error = NULL;
  gpointer value = g_task_propagate_pointer (task, &error);

  if (owner == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      if (value != NULL && load->free_result != NULL)
        load->free_result (value);
      return;
    }

  load->loaded (owner, value, error);
}

void
arietta_load_async (gpointer           owner,
                    GCancellable      *cancellable,
                    AriettaLoadFunc    func,
                    gpointer           data,
                    GDestroyNotify     free_data,
                    GDestroyNotify     free_result,
                    AriettaLoadedFunc  loaded)
{
  g_autoptr(GTask) task = NULL;
  Load *load = g_new0 (Load, 1);

  g_return_if_fail (G_IS_OBJECT (owner));

  g_weak_ref_init (&load->owner, owner);
  load->func = func;
  load->data = data;
  load->free_data = free_data;
  load->free_result = free_result;
  load->loaded = loaded;

  task = g_task_new (NULL, cancellable, load_done_cb, NULL);
  g_task_set_source_tag (task, arietta_load_async);
  g_task_set_name (task, "arietta-load");
  g_task_set_task_data (task, load, (GDestroyNotify) load_free);
  g_task_run_in_thread (task, load_in_thread);
}
