/* Models as files and copies; held beside each other, taught further, heard. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-models-page-private.h"

#include <glib/gi18n.h>

#include "studio/arietta-compose.h"
#include "studio/arietta-model-exchange.h"
#include "studio/arietta-names.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-file-chooser.h"
#include "views/arietta-load.h"
#include "views/arietta-model-compare.h"
#include "views/arietta-train-tune.h"

#define SAMPLE_BARS 8

/* What a worker is asked to do with a model or a file, and what came of it. */
typedef struct
{
  AriettaLibrary *library;
  char           *name;      /* of the model */
  char           *path;
  guint64         seed;
} Request;

static Request *
request_new (AriettaModelsPage *self,
             const char        *name,
             const char        *path)
{
  Request *request = g_new0 (Request, 1);

  request->library = g_object_ref (arietta_models_page_get_library (self));
  request->name = g_strdup (name);
  request->path = g_strdup (path);

  return request;
}

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->library);
  g_free (request->name);
  g_free (request->path);
  g_free (request);
}

/* ---- In and out ---- */

static gpointer
import_model (gpointer  data,
              GError  **error)
{
  Request *request = data;

  return arietta_model_import (request->library, request->path, error);
}

static void
arrived_cb (gpointer      owner,
            gpointer      result,
            const GError *error)
{
  AriettaModelsPage *self = owner;
  g_autofree char   *name = result;
  g_autofree char   *text = name != NULL ? g_strdup_printf (_("“%s” is among the models now"), name) : NULL;

  arietta_present_error (GTK_WIDGET (self), error);
  if (text != NULL)
    arietta_toast (GTK_WIDGET (self), text);
  arietta_models_page_reload (self);
}

gboolean
arietta_models_page_open_files (AriettaPage *page,
                                GListModel  *files)
{
  AriettaModelsPage *self = ARIETTA_MODELS_PAGE (page);
  gboolean           any = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr(GFile) file = g_list_model_get_item (files, i);
      g_autofree char *path = g_file_get_path (file);

      if (!arietta_model_is_file (path))
        continue;
      arietta_load_async (self, NULL, import_model, request_new (self, NULL, path), request_free, g_free, arrived_cb);
      any = TRUE;
    }

  return any;
}

static void
import_chosen_cb (GtkWidget  *near,
                  GListModel *files,
                  gpointer    user_data)
{
  arietta_models_page_open_files (user_data, files);
}

static void
import_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  arietta_choose_file (GTK_WIDGET (user_data), _("Import a Model"), _("Models of Arietta"), "arietta-model",
                       import_chosen_cb, g_object_ref (user_data), g_object_unref);
}

static gpointer
export_model (gpointer  data,
              GError  **error)
{
  Request *request = data;

  return arietta_model_export (request->library, request->name, request->path, error) ? g_path_get_basename (request->path)
                                                                                      : NULL;
}

static void
exported_cb (gpointer      owner,
             gpointer      result,
             const GError *error)
{
  g_autofree char *file = result;
  g_autofree char *text = file != NULL ? g_strdup_printf (_("Exported as “%s”"), file) : NULL;

  arietta_present_error (GTK_WIDGET (owner), error);
  if (text != NULL)
    arietta_toast (GTK_WIDGET (owner), text);
}

typedef struct
{
  AriettaModelsPage *page;
  char              *name;
} Target;

static void
target_free (gpointer data)
{
  Target *target = data;

  g_object_unref (target->page);
  g_free (target->name);
  g_free (target);
}

static void
target_chosen_cb (GtkWidget  *near,
                  GListModel *files,
                  gpointer    user_data)
{
  Target          *target = user_data;
  g_autoptr(GFile) file = g_list_model_get_item (files, 0);
  g_autofree char *path = g_file_get_path (file);

  if (path != NULL)
    arietta_load_async (target->page, NULL, export_model, request_new (target->page, target->name, path), request_free,
                        g_free, exported_cb);
}

static void
export_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  Target          *target = g_new0 (Target, 1);
  g_autofree char *file = NULL;

  target->page = g_object_ref (user_data);
  target->name = g_variant_dup_string (parameter, NULL);
  file = g_strconcat (target->name, ARIETTA_MODEL_SUFFIX, NULL);
  g_strdelimit (file, "/", '-');
  arietta_choose_target (GTK_WIDGET (user_data), _("Export Model"), file, target_chosen_cb, target, target_free);
}

static gpointer
duplicate_model (gpointer  data,
                 GError  **error)
{
  Request *request = data;

  return arietta_model_duplicate (request->library, request->name, error);
}

static void
duplicate_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  arietta_load_async (user_data, NULL, duplicate_model, request_new (user_data, g_variant_get_string (parameter, NULL), NULL),
                      request_free, g_free, arrived_cb);
}

/* ---- Beside another, further, aloud ---- */

static void
compare_action (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  arietta_model_compare_present (GTK_WIDGET (user_data), arietta_page_get_session (user_data),
                                 g_variant_get_string (parameter, NULL));
}

static void
tune_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  arietta_train_tune_present (GTK_WIDGET (user_data), arietta_page_get_session (user_data),
                              g_variant_get_string (parameter, NULL), arietta_models_page_start, user_data);
}

static gpointer
write_sample (gpointer  data,
              GError  **error)
{
  Request                   *request = data;
  AriettaComposeRequest      wanted = ARIETTA_COMPOSE_REQUEST_INIT;
  g_autoptr(AriettaComposed) composed = NULL;

  wanted.model = request->name;
  wanted.bars = SAMPLE_BARS;
  wanted.seed = request->seed;
  composed = arietta_compose (request->library, &wanted, NULL, error);

  return composed != NULL ? arietta_piece_ref (composed->piece) : NULL;
}

static void
sample_written_cb (gpointer      owner,
                   gpointer      result,
                   const GError *error)
{
  AriettaModelsPage       *self = owner;
  g_autoptr(AriettaPiece)  piece = result;
  const char              *shown = arietta_model_get_title (self->shown);
  g_autofree char         *title = shown != NULL ? g_strdup_printf (_("Sample of “%s”"), shown) : NULL;

  arietta_present_error (GTK_WIDGET (self), error);
  if (piece != NULL)
    arietta_session_play_piece (arietta_page_get_session (ARIETTA_PAGE (self)), piece, title, TRUE);
}

static void
hear_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  AriettaModelsPage *self = user_data;
  Request           *request = request_new (self, g_variant_get_string (parameter, NULL), NULL);

  /* Another one at each click. */
  request->seed = ++self->n_heard;
  arietta_load_async (self, NULL, write_sample, request, request_free, (GDestroyNotify) arietta_piece_unref,
                      sample_written_cb);
}

gboolean
arietta_models_page_is_audible (AriettaModelsPage *self,
                                const char        *name)
{
  static const char * const files[] = { "best.safetensors", "latest.safetensors" };
  const AriettaModelInfo   *info = arietta_models_page_find (self, name);

  if (info == NULL || info->problem != NULL)
    return FALSE;
  for (guint i = 0; info->weights_path == NULL && info->folder != NULL && i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (info->folder, files[i], NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return TRUE;
    }

  return info->weights_path != NULL;
}

static const GActionEntry actions[] = {
  { "import-model", import_action },
  { "export-model", export_action, "s" },
  { "duplicate-model", duplicate_action, "s" },
  { "compare-model", compare_action, "s" },
  { "tune-model", tune_action, "s" },
  { "hear-model", hear_action, "s" },
};

void
arietta_models_page_init_files (AriettaModelsPage *self)
{
  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
}
