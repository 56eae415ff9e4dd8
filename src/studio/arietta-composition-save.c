/* Saving: every step in a worker, in order. */
#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-composition-private.h"

typedef AriettaCompositionEntry Entry;

typedef struct
{
  AriettaLibrary *library;
  char           *title;
  gint64          take_id;
  gint64          project_id;
  GPtrArray      *entries;
  guint           n_done;
} Batch;

static void write_on (AriettaComposition *self);

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->piece, arietta_piece_unref);
  g_clear_pointer (&entry->step, arietta_project_step_free);
  g_free (entry->heard);
  g_free (entry);
}

static void
batch_free (gpointer data)
{
  Batch *batch = data;

  g_object_unref (batch->library);
  g_ptr_array_unref (batch->entries);
  g_free (batch->title);
  g_free (batch);
}

/* Takes what @entry holds.  Of several steps back and forth only the last place counts. */
static void
push (AriettaComposition *self,
      Entry               entry)
{
  Entry *last = self->entries->len > 0 ? g_ptr_array_index (self->entries, self->entries->len - 1) : NULL;

  if (last != NULL && last->what == ENTRY_PLACE && entry.what == ENTRY_PLACE)
    last->place = entry.place;
  else
    g_ptr_array_add (self->entries, g_memdup2 (&entry, sizeof entry));
}

static gboolean
write_entry (Batch   *batch,
             Entry   *entry,
             GError **error)
{
  switch (entry->what)
    {
    case ENTRY_CREATE:
      batch->project_id = arietta_library_add_project (batch->library, batch->title, batch->take_id, entry->piece,
                                                       error);
      return batch->project_id != 0;
    case ENTRY_STEP:
      return arietta_library_add_edit (batch->library, batch->project_id, entry->place, entry->step, entry->piece,
                                       error);
    case ENTRY_PLACE:
      return arietta_library_set_place (batch->library, batch->project_id, entry->place, error);
    case ENTRY_HEARD:
      return arietta_library_set_project_heard (batch->library, batch->project_id, entry->heard, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

static void
write_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  Batch *batch = data;
  GError *error = NULL;

  while (batch->n_done < batch->entries->len && error == NULL)
    if (write_entry (batch, g_ptr_array_index (batch->entries, batch->n_done), &error))
      batch->n_done++;

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* Everyone who waits hears how it went. */
static void
answer (AriettaComposition *self,
        const GError       *error)
{
  g_autoptr(GPtrArray) waiting = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++)
    if (error != NULL)
      g_task_return_error (waiting->pdata[i], g_error_copy (error));
    else
      g_task_return_boolean (waiting->pdata[i], TRUE);
}

/* The row was thrown away for good while the piece was open: what is done to it now is a piece of its own, with all its
 * history.  FALSE when the history does not lead back. */
static gboolean
begin_anew (AriettaComposition *self)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_ref (self->piece);

  for (guint i = self->place; i-- > 0;)
    {
      g_autoptr(AriettaPiece) after = g_steal_pointer (&piece);

      piece = arietta_edit_apply (((AriettaProjectStep *) self->steps->pdata[i])->edit, after, TRUE);
      if (piece == NULL)
        return FALSE;
    }

  _arietta_composition_forget (self);
  self->project_id = 0;
  self->origin = arietta_piece_ref (piece);
  g_ptr_array_set_size (self->entries, 0);
  push (self, (Entry) { .what = ENTRY_CREATE, .piece = arietta_piece_ref (piece) });
  for (guint i = 0; i < self->steps->len; i++)
    {
      const AriettaProjectStep *step = self->steps->pdata[i];
      g_autoptr(AriettaPiece) before = g_steal_pointer (&piece);

      piece = arietta_edit_apply (step->edit, before, FALSE);
      if (piece == NULL)
        break;
      push (self, (Entry) { .what = ENTRY_STEP, .piece = arietta_piece_ref (piece),
                            .step = _arietta_project_step_new (step->label, step->maker, step->edit), .place = i });
    }
  push (self, (Entry) { .what = ENTRY_PLACE, .place = self->place });
  push (self, (Entry) { .what = ENTRY_HEARD, .heard = g_strdup (self->heard) });
  return TRUE;
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  AriettaComposition *self = ARIETTA_COMPOSITION (source);
  Batch *batch = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  self->writing = FALSE;
  if (self->project_id == 0 && batch->project_id != 0)
    {
      self->project_id = batch->project_id;
      g_clear_pointer (&self->origin, arietta_piece_unref);
      _arietta_composition_note (self);
    }

  /* What was not written goes before what came meanwhile. */
  for (guint i = batch->n_done; i < batch->entries->len; i++)
    g_ptr_array_insert (self->entries, (int) (i - batch->n_done), batch->entries->pdata[i]);
  g_ptr_array_set_free_func (batch->entries, NULL);
  for (guint i = 0; i < batch->n_done; i++)
    entry_free (batch->entries->pdata[i]);
  g_ptr_array_set_size (batch->entries, 0);

  if (self->project_id != 0 && g_error_matches (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND) &&
      begin_anew (self))
    g_clear_error (&error);
  if (error != NULL)
    {
      answer (self, error);
      if (!self->told)
        g_signal_emit_by_name (self, "save-failed", error);
      self->told = TRUE;
      _arietta_composition_retry_soon (self);
      return;
    }

  if (self->entries->len > 0)
    {
      write_on (self);
      return;
    }
  _arietta_composition_let_go (self);
  if (self->told)
    {
      self->told = FALSE;
      g_signal_emit_by_name (self, "saved-again");
    }
  answer (self, NULL);
  g_object_notify (G_OBJECT (self), "saved");
}

static void
write_on (AriettaComposition *self)
{
  g_autoptr(GTask) task = NULL;
  Batch *batch;

  if (self->writing || self->entries->len == 0)
    return;

  batch = g_new0 (Batch, 1);
  batch->library = g_object_ref (self->library);
  batch->title = g_strdup (self->title);
  batch->take_id = self->take_id;
  batch->project_id = self->project_id;
  batch->entries = g_steal_pointer (&self->entries);
  self->entries = _arietta_composition_entries_new ();
  self->writing = TRUE;

  /* The task holds the composition until all is written. */
  task = g_task_new (self, NULL, written_cb, NULL);
  g_task_set_source_tag (task, write_on);
  g_task_set_task_data (task, batch, batch_free);
  g_task_run_in_thread (task, write_in_thread);
}

/* ---- For the other files ---- */

AriettaProjectStep *
_arietta_project_step_new (const char  *label,
                           const char  *maker,
                           AriettaEdit *edit)
{
  AriettaProjectStep *step = g_new0 (AriettaProjectStep, 1);

  step->label = g_strdup (label);
  step->maker = g_strdup (maker != NULL ? maker : "");
  step->edit = arietta_edit_ref (edit);
  return step;
}

GPtrArray *
_arietta_composition_entries_new (void)
{
  return g_ptr_array_new_with_free_func (entry_free);
}

gboolean
_arietta_composition_is_saved (AriettaComposition *self)
{
  return self->entries->len == 0 && !self->writing;
}

void
_arietta_composition_write (AriettaComposition *self,
                            Entry              *entries,
                            guint               n)
{
  gboolean was_saved = _arietta_composition_is_saved (self);

  for (guint i = 0; i < n; i++)
    push (self, entries[i]);
  _arietta_composition_hold (self);
  write_on (self);
  if (was_saved)
    g_object_notify (G_OBJECT (self), "saved");
}

/* ---- Public ---- */

void
arietta_composition_save_async (AriettaComposition  *self,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (ARIETTA_IS_COMPOSITION (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, arietta_composition_save_async);
  if (_arietta_composition_is_saved (self))
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  g_ptr_array_add (self->waiting, task);
  write_on (self);
}

gboolean
arietta_composition_save_finish (AriettaComposition  *self,
                                 GAsyncResult        *result,
                                 GError             **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
arietta_composition_has_failed (AriettaComposition *self)
{
  g_return_val_if_fail (ARIETTA_IS_COMPOSITION (self), FALSE);

  return self->told;
}
