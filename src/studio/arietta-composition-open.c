/* An open composition out of the library. */
#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-composition-private.h"

typedef struct
{
  AriettaLibrary *library;
  gint64          project_id;
  AriettaPiece   *piece;
} Opening;

typedef struct
{
  AriettaLibrary *library;
  AriettaProject *project;
  AriettaPiece   *piece;
  GPtrArray      *steps;
  AriettaComposition *open;   /* or that one, as it is */
} Opened;

/* --- who is open --- */

/* Kept with the library, for there may be several. */
static GHashTable *
get_table (AriettaLibrary *library)
{
  static const char key[] = "arietta-open-compositions";
  GHashTable       *table = g_object_get_data (G_OBJECT (library), key);

  if (table == NULL)
    {
      table = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
      g_object_set_data_full (G_OBJECT (library), key, table, (GDestroyNotify) g_hash_table_unref);
    }
  return table;
}

void
_arietta_composition_note (AriettaComposition *self)
{
  g_hash_table_insert (get_table (self->library), g_memdup2 (&self->project_id, sizeof self->project_id), self);
}

void
_arietta_composition_forget (AriettaComposition *self)
{
  GHashTable *table = get_table (self->library);

  if (g_hash_table_lookup (table, &self->project_id) == self)
    g_hash_table_remove (table, &self->project_id);
}

AriettaComposition *
arietta_composition_find_open (AriettaLibrary *library,
                           gint64          project_id)
{
  return g_hash_table_lookup (get_table (library), &project_id);
}

/* --- opening --- */

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_object_unref (opening->library);
  g_clear_pointer (&opening->piece, arietta_piece_unref);
  g_free (opening);
}

static void
opened_free (gpointer data)
{
  Opened *opened = data;

  g_clear_object (&opened->library);
  g_clear_object (&opened->open);
  g_clear_pointer (&opened->project, arietta_project_free);
  g_clear_pointer (&opened->piece, arietta_piece_unref);
  g_clear_pointer (&opened->steps, g_ptr_array_unref);
  g_free (opened);
}

static void
open_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Opening *opening = data;
  Opened *opened;
  GError *error = NULL;

  if (opening->piece != NULL)
    {
      opening->project_id = arietta_library_find_project (opening->library, opening->piece, &error);
      if (opening->project_id == 0)
        {
          if (error != NULL)
            g_task_return_error (task, error);
          else
            g_task_return_pointer (task, NULL, NULL);
          return;
        }
    }

  opened = g_new0 (Opened, 1);
  opened->library = g_object_ref (opening->library);
  opened->piece = arietta_library_load_project (opening->library, opening->project_id, &opened->project,
                                                &opened->steps, &error);
  if (opened->piece != NULL)
    {
      g_task_return_pointer (task, opened, opened_free);
    }
  else
    {
      opened_free (opened);
      g_task_return_error (task, error);
    }
}

void
arietta_composition_open_async (AriettaLibrary      *library,
                                gint64               project_id,
                                AriettaPiece        *piece,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  AriettaComposition *unsaved = piece != NULL ? _arietta_composition_find_unsaved (library, piece) : NULL;
  Opening *opening;

  g_task_set_source_tag (task, arietta_composition_open_async);
  if (unsaved != NULL)
    {
      Opened *opened = g_new0 (Opened, 1);

      opened->open = g_object_ref (unsaved);
      g_task_return_pointer (task, opened, opened_free);
      return;
    }

  opening = g_new0 (Opening, 1);
  opening->library = g_object_ref (library);
  opening->project_id = project_id;
  opening->piece = piece != NULL ? arietta_piece_ref (piece) : NULL;
  g_task_set_task_data (task, opening, opening_free);
  g_task_run_in_thread (task, open_in_thread);
}

AriettaComposition *
arietta_composition_open_finish (GAsyncResult  *result,
                                 GError       **error)
{
  Opened *opened = g_task_propagate_pointer (G_TASK (result), error);
  AriettaComposition *self;

  if (opened == NULL)
    return NULL;

  self = opened->open != NULL ? opened->open : arietta_composition_find_open (opened->library, opened->project->id);
  if (self != NULL)
    {
      g_object_ref (self);
      opened_free (opened);
      return self;
    }
  self = arietta_composition_new (opened->library, opened->project->title, opened->project->take_id, opened->piece);
  self->project_id = opened->project->id;
  g_clear_pointer (&self->origin, arietta_piece_unref);
  self->place = opened->project->place;
  g_free (self->heard);
  self->heard = g_strdup (opened->project->heard);
  g_ptr_array_unref (self->steps);
  self->steps = g_steal_pointer (&opened->steps);
  _arietta_composition_note (self);
  opened_free (opened);
  return self;
}
