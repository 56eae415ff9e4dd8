/* arietta-import-job.c - an import in the queue: what was asked for, kept until its thread is done */
#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include <glib/gi18n.h>

#include "studio/arietta-import.h"

typedef struct
{
  AriettaLibrary *library;
  char           *dataset;
  char          **paths;
  char           *style;
  char           *licence;
  gboolean        may_train;
  int             split;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->library);
  g_free (request->dataset);
  g_strfreev (request->paths);
  g_free (request->style);
  g_free (request->licence);
  g_free (request);
}

static gpointer
import_func (AriettaJob  *job,
             gpointer     data,
             GError     **error)
{
  const Request       *request = data;
  AriettaImportOptions options = { request->style, request->licence, request->may_train, request->split };
  AriettaImportResult *result = arietta_import_result_new ();
  g_autoptr(GError)    local_error = NULL;

  if (arietta_import_paths (request->library, request->dataset, (const char *const *) request->paths,
                            g_strv_length (request->paths), &options, job, result, &local_error)
      || g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return result;

  arietta_import_result_free (result);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

AriettaJob *
arietta_import_job_new (AriettaLibrary             *library,
                        const char                 *dataset,
                        const char *const          *paths,
                        guint                       n_paths,
                        const AriettaImportOptions *options)
{
  g_autofree char *title = NULL;
  Request         *request;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (library), NULL);
  g_return_val_if_fail (dataset != NULL && options != NULL, NULL);

  request = g_new0 (Request, 1);
  request->library = g_object_ref (library);
  request->dataset = g_strdup (dataset);
  request->paths = g_new0 (char *, n_paths + 1);
  for (guint i = 0; i < n_paths; i++)
    request->paths[i] = g_strdup (paths[i]);
  request->style = g_strdup (options->style);
  request->licence = g_strdup (options->licence);
  request->may_train = options->may_train;
  request->split = options->split;

  title = g_strdup_printf (_("Importing into “%s”"), dataset);
  return arietta_job_new (title, FALSE, TRUE, import_func, request, request_free);
}
