/* What the library does not hold yet: kept in memory though nobody shows it, tried again, and found again by its notes. */
#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-composition-private.h"

/* Soon enough to be done before one thinks of it, seldom enough to cost nothing on a disk that stays full. */
#define RETRY_SECONDS 3

/* Kept with the library, for there may be several; a reference to each. */
static GPtrArray *
get_unsaved (AriettaLibrary *library)
{
  static const char key[] = "arietta-unsaved-compositions";
  GPtrArray        *unsaved = g_object_get_data (G_OBJECT (library), key);

  if (unsaved == NULL)
    {
      unsaved = g_ptr_array_new_with_free_func (g_object_unref);
      g_object_set_data_full (G_OBJECT (library), key, unsaved, (GDestroyNotify) g_ptr_array_unref);
    }
  return unsaved;
}

static gboolean
retry_cb (gpointer user_data)
{
  AriettaComposition *self = user_data;

  self->retry_id = 0;
  arietta_composition_save_async (self, NULL, NULL);
  return G_SOURCE_REMOVE;
}

void
_arietta_composition_hold (AriettaComposition *self)
{
  GPtrArray *unsaved = get_unsaved (self->library);

  if (!g_ptr_array_find (unsaved, self, NULL))
    g_ptr_array_add (unsaved, g_object_ref (self));
}

void
_arietta_composition_let_go (AriettaComposition *self)
{
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_ptr_array_remove (get_unsaved (self->library), self);
}

void
_arietta_composition_retry_soon (AriettaComposition *self)
{
  if (self->retry_id == 0 && g_ptr_array_find (get_unsaved (self->library), self, NULL))
    self->retry_id = g_timeout_add_seconds (RETRY_SECONDS, retry_cb, self);
}

AriettaComposition *
_arietta_composition_find_unsaved (AriettaLibrary *library,
                                   AriettaPiece   *piece)
{
  GPtrArray       *unsaved = get_unsaved (library);
  g_autofree char *digest = NULL;

  for (guint i = unsaved->len; i-- > 0;)
    {
      AriettaComposition *open = unsaved->pdata[i];
      g_autofree char    *origin = NULL;

      if (open->project_id != 0)
        continue;
      if (digest == NULL)
        digest = arietta_piece_dup_digest (piece);
      origin = arietta_piece_dup_digest (open->origin);
      if (g_str_equal (origin, digest))
        return open;
    }
  return NULL;
}

GPtrArray *
arietta_composition_list_unsaved (AriettaLibrary *library)
{
  GPtrArray *unsaved = get_unsaved (library);
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (library), list);

  for (guint i = 0; i < unsaved->len; i++)
    g_ptr_array_add (list, g_object_ref (unsaved->pdata[i]));
  return list;
}

void
arietta_composition_abandon_unsaved (AriettaLibrary *library)
{
  g_autoptr(GPtrArray) list = NULL;

  g_return_if_fail (ARIETTA_IS_LIBRARY (library));

  list = arietta_composition_list_unsaved (library);
  for (guint i = 0; i < list->len; i++)
    _arietta_composition_let_go (list->pdata[i]);
}
