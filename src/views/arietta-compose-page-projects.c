/* Pieces that are kept: opened again, opened from a file, and the last one found where it was left. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>

#include "library/arietta-project-file.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"

static AriettaSession *
get_session (AriettaComposePage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(AriettaComposePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaComposition) composition = arietta_composition_open_finish (result, &error);

  if (composition != NULL)
    arietta_compose_page_show_composition (self, composition);
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    arietta_present_error (GTK_WIDGET (self), error);
}

static void
open_project (AriettaComposePage *self,
              gint64              id)
{
  g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  self->finding = g_cancellable_new ();
  arietta_composition_open_async (arietta_session_get_library (get_session (self)), id, NULL, self->finding,
                                  opened_cb, g_object_ref (self));
}

static void
open_project_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  open_project (user_data, g_variant_get_int64 (parameter));
}

/* ---- From a file ---- */

typedef struct
{
  AriettaLibrary *library;
  char           *path;         /* or NULL: the last one */
  gint64          since_unix;   /* of the newest take, which may be newer */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->library);
  g_free (request->path);
  g_free (request);
}

static gpointer
read_project (gpointer   data,
              GError   **error)
{
  Request *request = data;
  gint64 id = arietta_project_file_open (request->library, request->path, error);

  return id != 0 ? g_memdup2 (&id, sizeof id) : NULL;
}

static void
project_read_cb (gpointer      owner,
                 gpointer      result,
                 const GError *error)
{
  g_autofree gint64 *id = result;

  if (error != NULL)
    arietta_present_error (GTK_WIDGET (owner), error);
  else if (id != NULL)
    open_project (owner, *id);
}

static Request *
request_new (AriettaComposePage *self)
{
  Request *request = g_new0 (Request, 1);

  request->library = g_object_ref (arietta_session_get_library (get_session (self)));
  return request;
}

gboolean
arietta_compose_page_open_project_file (AriettaComposePage *self,
                                        const char         *path)
{
  g_autofree char *folded = g_ascii_strdown (path, -1);
  Request *request;

  if (!g_str_has_suffix (folded, ".arietta"))
    return FALSE;

  request = request_new (self);
  request->path = g_strdup (path);
  arietta_load_async (self, NULL, read_project, request, request_free, g_free, project_read_cb);
  return TRUE;
}

/* ---- Where one left off ---- */

static gpointer
find_last (gpointer   data,
           GError   **error)
{
  Request *request = data;
  g_autoptr(GPtrArray) projects = arietta_library_list_projects (request->library, error);
  const AriettaProject *last = projects != NULL && projects->len > 0 ? projects->pdata[0] : NULL;

  return last != NULL && last->changed_unix >= request->since_unix ? g_memdup2 (&last->id, sizeof last->id) : NULL;
}

static void
last_found_cb (gpointer      owner,
               gpointer      result,
               const GError *error)
{
  AriettaComposePage *self = owner;
  g_autofree gint64 *id = result;
  g_autoptr(AriettaTakeObject) take = g_steal_pointer (&self->last_take);

  if (!arietta_session_is_empty (get_session (self)))
    return;
  if (id != NULL)
    open_project (self, *id);
  else if (take != NULL)
    arietta_session_play_take (get_session (self), arietta_take_object_get (take)->id,
                               arietta_take_object_get (take)->title, FALSE);
}

void
arietta_compose_page_open_last (AriettaComposePage *self,
                                AriettaTakeObject  *take)
{
  Request *request;

  if (!arietta_session_is_empty (get_session (self)) || arietta_session_is_beside (get_session (self)))
    return;

  request = request_new (self);
  request->since_unix = take != NULL ? arietta_take_object_get (take)->created_unix : 0;
  g_set_object (&self->last_take, take);
  arietta_load_async (self, NULL, find_last, request, request_free, g_free, last_found_cb);
}

static const GActionEntry actions[] = {
  { .name = "open-project", .parameter_type = "x", .activate = open_project_cb },
};

void
arietta_compose_page_init_projects (AriettaComposePage *self)
{
  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
}
