#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-assist.h"

#include <glib/gi18n.h>

#include "base/arietta-error.h"
#include "studio/arietta-composed-private.h"
#include "studio/arietta-studio-error.h"

#define HARMONISING_MODEL "chorale"

AriettaAssistRequest *
arietta_assist_request_copy (const AriettaAssistRequest *self)
{
  AriettaAssistRequest *copy = g_memdup2 (self, sizeof *self);

  copy->model = g_strdup (self->model);
  copy->style = g_strdup (self->style);
  copy->tracks = g_memdup2 (self->tracks, self->n_tracks * sizeof *self->tracks);
  copy->instruments = g_memdup2 (self->instruments, self->n_instruments * sizeof *self->instruments);
  copy->filled = NULL;
  copy->filled_data = NULL;

  return copy;
}

void
arietta_assist_request_free (AriettaAssistRequest *self)
{
  if (self == NULL)
    return;

  g_free ((char *) self->model);
  g_free ((char *) self->style);
  g_free ((guint *) self->tracks);
  g_free ((int *) self->instruments);
  g_free (self);
}

static gboolean
go_on_cb (gpointer user_data)
{
  return arietta_job_check (user_data);
}

static JsonBuilder *
describe (const AriettaAssistRequest *request,
          const char                 *action,
          AriettaPiece               *piece)
{
  JsonBuilder     *builder = json_builder_new ();
  g_autofree char *digest = arietta_piece_dup_digest (piece);

  json_builder_begin_object (builder);
  arietta_json_string (builder, "action", action);
  arietta_json_string (builder, "source", digest);
  if (request->key.tonic >= 0)
    {
      g_autofree char *key = arietta_tonality_dup_name (request->key);

      arietta_json_string (builder, "key", key);
    }
  arietta_json_double (builder, "temperature", request->adventure);
  json_builder_end_object (builder);

  return builder;
}

AriettaComposed *
arietta_assist_harmonise (AriettaLibrary              *library,
                          AriettaPiece                *piece,
                          const AriettaAssistRequest  *request,
                          AriettaJob                  *job,
                          GError                     **error)
{
  const char      *name = request->model != NULL ? request->model : HARMONISING_MODEL;
  const char      *source = arietta_piece_get_title (piece);
  AriettaRandom    random;
  g_autoptr(AriettaModelInfo) info = NULL;
  g_autoptr(AriettaModel)     model = NULL;
  g_autoptr(AriettaPiece)     notes = NULL;
  g_autoptr(JsonBuilder)      settings = NULL;
  g_autofree char            *title = NULL;
  AriettaWriteSettings        write = { .key = request->key, .temperature = request->adventure,
                                               .filled = request->filled, .filled_data = request->filled_data };

  arietta_job_report (job, -1.0, _("Harmonising"));
  info = arietta_models_find (library, name, error);
  model = info != NULL ? arietta_models_load (library, name, error) : NULL;
  if (model == NULL)
    return NULL;
  if ((arietta_model_get_abilities (model) & ARIETTA_MODEL_CAN_HARMONISE) == 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                         _("The model “%s” cannot harmonise."), name);
      return NULL;
    }

  arietta_random_init (&random, request->seed, "assist-harmonise");
  notes = arietta_model_harmonise (model, piece, &write, &random, job != NULL ? go_on_cb : NULL, job,
                                   error);
  if (notes == NULL)
    return NULL;

  settings = describe (request, "harmonise", piece);
  title = source != NULL && *source != '\0' ? g_strdup_printf (_("%s, for Four Voices"), source)
                                            : g_strdup (_("Melody for Four Voices"));

  return arietta_composed_new (notes, title, info, NULL, request->seed, settings, NULL, NULL);
}
