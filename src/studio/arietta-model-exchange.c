#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-model-exchange.h"

#include "base/arietta-error.h"
#include "base/arietta-load.h"
#include "base/arietta-save.h"
#include "nn/arietta-safetensors.h"
#include "studio/arietta-studio-error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#define VERSION "1"
#define MOST_BYTES ((gsize) 1 << 30) /* of weights, or of what stands beside them */

typedef enum
{
  PART_WEIGHTS,
  PART_CARD,
  PART_RECIPE,
  PART_LOG,
  PART_HELD,
  N_PARTS,
} Part;

/* Of the tensor; of the file in a run's folder; of the file beside a bundled model's weights. */
static const struct { const char *tensor, *file, *ending; } parts[N_PARTS] = {
  [PART_WEIGHTS] = { "weights", "model.safetensors", ".safetensors" },
  [PART_CARD] = { "card", "card.json", ".json" },
  [PART_RECIPE] = { "recipe", "recipe", ".recipe" },
  [PART_LOG] = { "log", "log.jsonl", ".log" },
  [PART_HELD] = { "held", "held.safetensors", ".held" },
};

/* A model taken apart; what is missing is NULL. */
typedef struct
{
  char   *name, *kind;
  GBytes *part[N_PARTS];
} Apart;

static void
apart_clear (Apart *self)
{
  g_free (self->name);
  g_free (self->kind);
  for (guint i = 0; i < N_PARTS; i++)
    g_clear_pointer (&self->part[i], g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Apart, apart_clear)

static GBytes *
read_bytes (const char  *path,
            GError     **error)
{
  const AriettaLoadErrors errors = { ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, ARIETTA_STUDIO_ERROR_UNABLE,
                                     ARIETTA_STUDIO_ERROR_UNABLE };

  return arietta_load_file (path, MOST_BYTES, &errors, error);
}

static gboolean
take_apart (AriettaLibrary  *library,
            const char      *name,
            Apart           *apart,
            GError         **error)
{
  g_autoptr(AriettaModelInfo) info = arietta_models_find (library, name, error);

  if (info == NULL)
    return FALSE;
  if (info->weights_path == NULL)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                         _("The model “%s” has not learned anything yet.  Let it train for a while first."), name);
      return FALSE;
    }

  apart->name = g_strdup (info->name);
  apart->kind = g_strdup (info->kind);
  apart->part[PART_WEIGHTS] = read_bytes (info->weights_path, error);
  for (guint i = PART_CARD; i < N_PARTS; i++)
    {
      g_autofree char *file = info->bundled ? g_strconcat (info->name, parts[i].ending, NULL) : g_strdup (parts[i].file);
      g_autofree char *path = g_build_filename (info->folder, file, NULL);

      apart->part[i] = read_bytes (path, NULL);
    }

  return apart->part[PART_WEIGHTS] != NULL;
}

static gboolean
write_bytes (const char  *path,
             GBytes      *bytes,
             GError     **error)
{
  gsize         length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  return arietta_save_file (path, data, length, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, error);
}

/* Whether these are weights that can be used; @source stands for them in sentences. */
static gboolean
try_weights (AriettaLibrary  *library,
             GBytes          *weights,
             const char      *kind,
             const char      *source,
             GError         **error)
{
  g_autofree char        *path = g_build_filename (arietta_library_get_folder (library), "incoming-XXXXXX", NULL);
  int                     fd = g_mkstemp (path);
  g_autoptr(AriettaModel) model = NULL;
  g_autoptr(GError)       local = NULL;

  if (fd < 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, path, NULL,
                         _("“%s” cannot be written: %s."), path, g_strerror (errno));
      return FALSE;
    }
  g_close (fd, NULL);
  if (!write_bytes (path, weights, error))
    {
      g_remove (path);
      return FALSE;
    }

  model = arietta_model_load (path, &local);
  g_remove (path);
  if (model != NULL && strcmp (arietta_model_get_kind (model), kind) == 0)
    return TRUE;

  arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, source, "weights",
                     _("“%s” cannot be used as a model: %s"), source,
                     local != NULL ? local->message : _("its weights are of another kind than it says."));
  return FALSE;
}

/* A new model of the library made of @apart; its name. */
static char *
put_in (AriettaLibrary  *library,
        Apart           *apart,
        GError         **error)
{
  g_autofree char              *name = arietta_models_dup_free_name (library, apart->name);
  gint64                        id = arietta_library_add_model (library, name, apart->kind, 0, error);
  g_autoptr(AriettaModelRecord) record = id != 0 ? arietta_library_find_model (library, name, error) : NULL;
  gboolean                      whole = record != NULL;

  for (guint i = 0; whole && i < N_PARTS; i++)
    if (apart->part[i] != NULL)
      {
        g_autofree char *path = g_build_filename (record->folder, parts[i].file, NULL);

        whole = write_bytes (path, apart->part[i], error);
      }
  if (whole && arietta_library_set_model_state (library, id, ARIETTA_MODEL_READY, error))
    return g_steal_pointer (&name);

  if (id != 0)
    arietta_library_remove_model (library, id, TRUE, NULL);
  return NULL;
}

gboolean
arietta_model_is_file (const char *path)
{
  return path != NULL && g_str_has_suffix (path, ARIETTA_MODEL_SUFFIX);
}

gboolean
arietta_model_export (AriettaLibrary  *library,
                      const char      *name,
                      const char      *path,
                      GError         **error)
{
  g_autoptr(AriettaSafetensorsWriter) writer = arietta_safetensors_writer_new ();
  g_auto(Apart)                       apart = { 0 };

  if (!take_apart (library, name, &apart, error))
    return FALSE;

  arietta_safetensors_writer_set_metadata (writer, "arietta-model", VERSION);
  arietta_safetensors_writer_set_metadata (writer, "name", apart.name);
  arietta_safetensors_writer_set_metadata (writer, "kind", apart.kind);
  for (guint i = 0; i < N_PARTS; i++)
    if (apart.part[i] != NULL)
      arietta_safetensors_writer_add_borrowed (writer, parts[i].tensor, ARIETTA_DTYPE_U8, 1,
                                               (const gint64[]) { (gint64) g_bytes_get_size (apart.part[i]) },
                                               g_bytes_get_data (apart.part[i], NULL));

  return arietta_safetensors_writer_save (writer, path, error);
}

/* Card and recipe are shown and read again: they have to be text of their kind. */
static gboolean
is_text_whole (Apart *apart)
{
  g_autoptr(JsonNode) node = NULL;

  if (apart->part[PART_CARD] == NULL)
    return TRUE;
  if (g_bytes_get_size (apart->part[PART_CARD]) == 0
      || !g_utf8_validate (g_bytes_get_data (apart->part[PART_CARD], NULL),
                           (gssize) g_bytes_get_size (apart->part[PART_CARD]), NULL))
    return FALSE;
  else
    {
      g_autofree char *text = g_strndup (g_bytes_get_data (apart->part[PART_CARD], NULL),
                                         g_bytes_get_size (apart->part[PART_CARD]));

      node = json_from_string (text, NULL);
    }

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node);
}

char *
arietta_model_import (AriettaLibrary  *library,
                      const char      *path,
                      GError         **error)
{
  g_autoptr(GError)             local = NULL;
  g_autoptr(AriettaSafetensors) file = arietta_safetensors_open (path, &local);
  const char                   *version = file != NULL ? arietta_safetensors_get_metadata (file, "arietta-model") : NULL;
  g_auto(Apart)                 apart = { 0 };

  if (file == NULL || version == NULL || strcmp (version, VERSION) != 0)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, path, NULL,
                         _("“%s” cannot be used as a model: %s"), path,
                         file == NULL      ? local->message
                         : version == NULL ? _("it is not one that Arietta exported.")
                                           : _("it was made by a newer version of Arietta."));
      return NULL;
    }

  apart.name = g_strstrip (g_strdup (arietta_safetensors_get_metadata (file, "name")));
  apart.kind = g_strdup (arietta_safetensors_get_metadata (file, "kind"));
  for (guint i = 0; i < N_PARTS; i++)
    {
      const AriettaTensorView *view = arietta_safetensors_find (file, parts[i].tensor);

      if (view != NULL && view->dtype == ARIETTA_DTYPE_U8)
        apart.part[i] = g_bytes_new (view->data, view->n_bytes);
    }
  if (apart.name == NULL || *apart.name == '\0' || apart.kind == NULL || apart.part[PART_WEIGHTS] == NULL
      || !is_text_whole (&apart))
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, path, NULL,
                         _("“%s” cannot be used as a model: %s"), path, _("something of it is missing."));
      return NULL;
    }

  return try_weights (library, apart.part[PART_WEIGHTS], apart.kind, path, error) ? put_in (library, &apart, error) : NULL;
}

char *
arietta_model_duplicate (AriettaLibrary  *library,
                         const char      *name,
                         GError         **error)
{
  g_auto(Apart) apart = { 0 };

  return take_apart (library, name, &apart, error) ? put_in (library, &apart, error) : NULL;
}
