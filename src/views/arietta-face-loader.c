#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-face-loader.h"

#include "studio/arietta-compose.h"
#include "views/arietta-load.h"

#define MAX_FACES 2000
#define FIRST_MODEL_KEY (G_GINT64_CONSTANT (1) << 62)
#define FIRST_PROJECT_KEY (G_GINT64_CONSTANT (1) << 61)

struct _AriettaFaceLoader
{
  GObject         parent_instance;

  AriettaLibrary *library;
  GHashTable     *faces;     /* key -> AriettaFace, NULL: cannot be read */
  GQueue          order;     /* keys in order of arrival, for forgetting */
  GQueue          requests;  /* Request, latest first */
  gboolean        busy;
};

G_DEFINE_FINAL_TYPE (AriettaFaceLoader, arietta_face_loader, G_TYPE_OBJECT)

/* Takes are stored as negative keys, items as positive ones, models and pieces as very large ones. */
typedef struct
{
  gint64           key;
  char            *model;    /* its name; NULL: not a model */
  gint64           project_id;
  AriettaFaceView *view;     /* weak */
} Request;

typedef struct
{
  AriettaLibrary *library;
  gint64          key;
  char           *model;
  gint64          project_id;
} Reading;

static void next_request (AriettaFaceLoader *self);

static GQuark
wanted_quark (void)
{
  return g_quark_from_static_string ("arietta-face-wanted");
}

static gint64
view_get_wanted (AriettaFaceView *view)
{
  gint64 *key = g_object_get_qdata (G_OBJECT (view), wanted_quark ());

  return key != NULL ? *key : 0;
}

static void
request_free (Request *request)
{
  g_clear_weak_pointer (&request->view);
  g_free (request->model);
  g_free (request);
}

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->library);
  g_free (reading->model);
  g_free (reading);
}

static AriettaPiece *
write_piece (AriettaLibrary *library,
             const char     *model)
{
  AriettaComposeRequest request = ARIETTA_COMPOSE_REQUEST_INIT;
  g_autoptr(AriettaComposed) composed = NULL;

  request.model = model;
  composed = arietta_compose (library, &request, NULL, NULL);
  return composed != NULL ? arietta_piece_ref (composed->piece) : NULL;
}

static AriettaPiece *
load_piece (AriettaLibrary *library,
            gint64          project_id)
{
  g_autoptr(AriettaProject) project = NULL;

  return arietta_library_load_project (library, project_id, &project, NULL, NULL);
}

static gpointer
read_face (gpointer   data,
           GError   **error)
{
  Reading *reading = data;
  g_autoptr(AriettaPiece) piece = NULL;

  /* A face that cannot be made is an empty ring; whoever opens the piece hears why. */
  if (reading->model != NULL)
    piece = write_piece (reading->library, reading->model);
  else if (reading->project_id != 0)
    piece = load_piece (reading->library, reading->project_id);
  else if (reading->key < 0)
    piece = arietta_library_load_take (reading->library, -reading->key, NULL);
  else
    piece = arietta_library_load_item (reading->library, reading->key, NULL);

  return piece != NULL ? arietta_face_new (piece) : NULL;
}

static void
forget_oldest (AriettaFaceLoader *self)
{
  while (g_queue_get_length (&self->order) > MAX_FACES)
    {
      g_autofree gint64 *key = g_queue_pop_head (&self->order);

      g_hash_table_remove (self->faces, key);
    }
}

static void
face_read_cb (gpointer      owner,
              gpointer      result,
              const GError *error)
{
  AriettaFaceLoader *self = owner;
  Request *request = g_queue_pop_tail (&self->requests);
  AriettaFace *face = result;
  gint64 *key;

  /* The request that was being read was moved to the tail. */
  self->busy = FALSE;
  key = g_memdup2 (&request->key, sizeof request->key);
  g_queue_push_tail (&self->order, key);
  g_hash_table_replace (self->faces, g_memdup2 (key, sizeof *key), face);

  if (request->view != NULL && view_get_wanted (request->view) == request->key)
    g_object_set (request->view, "face", face, NULL);

  request_free (request);
  forget_oldest (self);
  next_request (self);
}

static void
next_request (AriettaFaceLoader *self)
{
  while (!self->busy && !g_queue_is_empty (&self->requests))
    {
      Request *request = g_queue_pop_head (&self->requests);
      Reading *reading;
      gpointer face;

      if (request->view == NULL || view_get_wanted (request->view) != request->key)
        {
          request_free (request);
          continue;
        }
      if (g_hash_table_lookup_extended (self->faces, &request->key, NULL, &face))
        {
          g_object_set (request->view, "face", face, NULL);
          request_free (request);
          continue;
        }

      reading = g_new0 (Reading, 1);
      reading->library = g_object_ref (self->library);
      reading->key = request->key;
      reading->model = g_strdup (request->model);
      reading->project_id = request->project_id;
      g_queue_push_tail (&self->requests, request);
      self->busy = TRUE;
      arietta_load_async (self, NULL, read_face, reading, (GDestroyNotify) reading_free,
                          (GDestroyNotify) arietta_face_unref, face_read_cb);
    }
}

static void
face_free (gpointer data)
{
  if (data != NULL)
    arietta_face_unref (data);
}

static void
arietta_face_loader_dispose (GObject *object)
{
  AriettaFaceLoader *self = ARIETTA_FACE_LOADER (object);

  g_queue_clear_full (&self->requests, (GDestroyNotify) request_free);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (arietta_face_loader_parent_class)->dispose (object);
}

static void
arietta_face_loader_finalize (GObject *object)
{
  AriettaFaceLoader *self = ARIETTA_FACE_LOADER (object);

  g_queue_clear_full (&self->order, g_free);
  g_hash_table_unref (self->faces);

  G_OBJECT_CLASS (arietta_face_loader_parent_class)->finalize (object);
}

static void
arietta_face_loader_class_init (AriettaFaceLoaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = arietta_face_loader_dispose;
  object_class->finalize = arietta_face_loader_finalize;
}

static void
arietta_face_loader_init (AriettaFaceLoader *self)
{
  self->faces = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, face_free);
}

AriettaFaceLoader *
arietta_face_loader_new (AriettaLibrary *library)
{
  AriettaFaceLoader *self = g_object_new (ARIETTA_TYPE_FACE_LOADER, NULL);

  self->library = g_object_ref (library);
  return self;
}

static void
show_key (AriettaFaceLoader *self,
          AriettaFaceView   *view,
          gint64             key,
          const char        *model,
          gint64             project_id)
{
  gpointer face;
  Request *request;

  if (key != 0 && view_get_wanted (view) == key)
    return;
  g_object_set_qdata_full (G_OBJECT (view), wanted_quark (), g_memdup2 (&key, sizeof key), g_free);

  if (key == 0 || g_hash_table_lookup_extended (self->faces, &key, NULL, &face))
    {
      g_object_set (view, "face", key != 0 ? face : NULL, NULL);
      return;
    }

  g_object_set (view, "face", NULL, NULL);
  request = g_new0 (Request, 1);
  request->key = key;
  request->model = g_strdup (model);
  request->project_id = project_id;
  g_set_weak_pointer (&request->view, view);

  /* The tail is the one being read; all others are a stack. */
  g_queue_push_head (&self->requests, request);
  next_request (self);
}

void
arietta_face_loader_show (AriettaFaceLoader *self,
                          AriettaFaceView   *view,
                          gint64             item_id,
                          gint64             take_id)
{
  g_return_if_fail (ARIETTA_IS_FACE_LOADER (self));
  g_return_if_fail (ARIETTA_IS_FACE_VIEW (view));

  show_key (self, view, take_id != 0 ? -take_id : item_id, NULL, 0);
}

void
arietta_face_loader_show_project (AriettaFaceLoader    *self,
                                  AriettaFaceView      *view,
                                  const AriettaProject *project)
{
  guint64 state;

  g_return_if_fail (ARIETTA_IS_FACE_LOADER (self));
  g_return_if_fail (ARIETTA_IS_FACE_VIEW (view));
  g_return_if_fail (project != NULL);

  /* Another one after each step and each undo. */
  state = ((guint64) project->id * 1000003 + (guint64) project->changed_unix) * 1000003 + project->place;
  show_key (self, view, FIRST_PROJECT_KEY | (gint64) (state & (FIRST_PROJECT_KEY - 1)), NULL, project->id);
}

void
arietta_face_loader_show_model (AriettaFaceLoader *self,
                                AriettaFaceView   *view,
                                const char        *name,
                                const char        *sha256)
{
  char head[16];

  g_return_if_fail (ARIETTA_IS_FACE_LOADER (self));
  g_return_if_fail (ARIETTA_IS_FACE_VIEW (view));
  g_return_if_fail (name != NULL && sha256 != NULL);

  g_strlcpy (head, sha256, sizeof head);
  show_key (self, view, FIRST_MODEL_KEY | (gint64) g_ascii_strtoull (head, NULL, 16), name, 0);
}
