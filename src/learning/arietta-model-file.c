#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-model-file.h"

#include "base/arietta-error.h"
#include "nn/arietta-checkpoint.h"

#include <glib/gi18n.h>
#include <string.h>

#define VERSION "1"

/* Below this a matrix is not worth its scales, and shorter rows would have as much of them as of weights. */
#define LEAST_ELEMENTS 4096
#define LEAST_COLUMNS 16
/* Where a few large numbers stand among small ones, a byte loses more than this, and 16 bits are kept. */
#define MOST_LOST 0.01

static gboolean
goes_into_bytes (const AriettaParam  *param,
                 const float         *values,
                 AriettaModelWeights  weights)
{
  g_autofree float *copy = NULL;

  if (weights != ARIETTA_WEIGHTS_I8 || param->n_dims != 2 || param->n_elements < LEAST_ELEMENTS
      || param->shape[1] < LEAST_COLUMNS)
    return FALSE;

  copy = g_memdup2 (values, param->n_elements * sizeof (float));
  return arietta_safetensors_round_bytes (copy, (gsize) param->shape[0], (gsize) param->shape[1]) <= MOST_LOST;
}

gboolean
arietta_model_file_save (const AriettaModelKind  *kind,
                         gpointer                 net,
                         AriettaRecipe           *recipe,
                         AriettaModelWeights      weights,
                         GArray                  *seen,
                         GBytes                  *known,
                         const char              *path,
                         GError                 **error)
{
  g_autoptr(AriettaSafetensorsWriter) writer = arietta_safetensors_writer_new ();
  AriettaParams                      *params = kind->get_params (net);

  arietta_safetensors_writer_set_metadata (writer, "arietta", VERSION);
  arietta_safetensors_writer_set_metadata (writer, "kind", kind->name);
  arietta_safetensors_writer_set_metadata (writer, "recipe", arietta_recipe_get_text (recipe));

  for (guint i = 0; i < arietta_params_get_n (params); i++)
    {
      const AriettaParam *param = arietta_params_get_nth (params, i);
      const float        *values = arietta_params_get (params, param->name);
      gint64              shape[ARIETTA_MAX_DIMS];

      for (int d = 0; d < param->n_dims; d++)
        shape[d] = param->shape[d];
      if (goes_into_bytes (param, values, weights))
        arietta_safetensors_writer_add_as_bytes (writer, param->name, param->n_dims, shape, values);
      else if (weights != ARIETTA_WEIGHTS_F32)
        arietta_safetensors_writer_add_as_f16 (writer, param->name, param->n_dims, shape, values);
      else
        arietta_safetensors_writer_add_borrowed (writer, param->name, ARIETTA_DTYPE_F32, param->n_dims,
                                                 shape, values);
    }

  kind->store (net, writer);
  if (seen != NULL && seen->len > 0)
    arietta_safetensors_writer_add (writer, "seen", ARIETTA_DTYPE_U64, 1,
                                    (const gint64[]) { seen->len }, seen->data);
  if (known != NULL)
    arietta_safetensors_writer_add (writer, "known", ARIETTA_DTYPE_U8, 1,
                                    (const gint64[]) { (gint64) g_bytes_get_size (known) },
                                    g_bytes_get_data (known, NULL));

  return arietta_safetensors_writer_save (writer, path, error);
}

static gboolean G_GNUC_PRINTF (3, 4)
refuse (const char  *path,
        GError     **error,
        const char  *format,
        ...)
{
  g_autofree char *what = NULL;
  va_list          args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, path, NULL,
                     _("“%s” cannot be used as a model: %s."), path, what);
  return FALSE;
}

static GArray *
read_seen (AriettaSafetensors *file)
{
  const AriettaTensorView *view = arietta_safetensors_find (file, "seen");
  GArray                  *seen;

  if (view == NULL || view->dtype != ARIETTA_DTYPE_U64)
    return NULL;

  seen = g_array_sized_new (FALSE, FALSE, sizeof (guint64), (guint) view->n_elements);
  g_array_append_vals (seen, view->data, (guint) view->n_elements);

  return seen;
}

static GBytes *
read_known (AriettaSafetensors *file)
{
  const AriettaTensorView *view = arietta_safetensors_find (file, "known");

  return view != NULL && view->dtype == ARIETTA_DTYPE_U8 ? g_bytes_new (view->data, view->n_elements)
                                                         : NULL;
}

gpointer
arietta_model_file_load (const char              *path,
                         const AriettaModelKind **kind,
                         AriettaRecipe          **recipe,
                         GArray                 **seen,
                         GBytes                 **known,
                         GError                 **error)
{
  g_autoptr(GError)             local = NULL;
  g_autoptr(AriettaSafetensors) file = arietta_safetensors_open (path, &local);
  g_autoptr(AriettaRecipe)      read = NULL;
  const AriettaModelKind       *found;
  const char                   *version, *name, *text;
  gpointer                      net;

  if (file == NULL)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, path,
                         NULL, "%s", local->message);
      return NULL;
    }

  version = arietta_safetensors_get_metadata (file, "arietta");
  name = arietta_safetensors_get_metadata (file, "kind");
  text = arietta_safetensors_get_metadata (file, "recipe");
  if (version == NULL || name == NULL || text == NULL)
    {
      refuse (path, error, _("it holds weights, but not of a model of Arietta"));
      return NULL;
    }
  if (strcmp (version, VERSION) != 0)
    {
      refuse (path, error, _("it was made by a newer version of Arietta (layout %s)"), version);
      return NULL;
    }

  found = arietta_model_kind_find (name);
  if (found == NULL)
    {
      refuse (path, error, _("this version of Arietta does not know the kind “%s”"), name);
      return NULL;
    }

  read = arietta_recipe_parse (text, path, error);
  if (read == NULL)
    return NULL;
  if (strcmp (arietta_recipe_get_kind (read), name) != 0)
    {
      refuse (path, error, _("its recipe is for another kind than “%s”"), name);
      return NULL;
    }

  net = found->build (read, 0, error);
  if (net == NULL)
    return NULL;

  if (!arietta_weights_load (found->get_params (net), file, path, &local))
    {
      found->free (net);
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, path,
                         NULL, "%s", local->message);
      return NULL;
    }
  if (!found->restore (net, file, path, error))
    {
      found->free (net);
      return NULL;
    }

  *kind = found;
  *recipe = g_steal_pointer (&read);
  if (seen != NULL)
    *seen = read_seen (file);
  if (known != NULL)
    *known = read_known (file);
  return net;
}

guint64
arietta_model_file_mark (AriettaPiece *piece)
{
  g_autofree char *digest = arietta_piece_dup_digest (piece);

  digest[16] = '\0';
  return g_ascii_strtoull (digest, NULL, 16);
}

void
arietta_model_file_round (AriettaParams       *params,
                          AriettaModelWeights  weights)
{
  for (guint i = 0; weights != ARIETTA_WEIGHTS_F32 && i < arietta_params_get_n (params); i++)
    {
      const AriettaParam *param = arietta_params_get_nth (params, i);
      float              *values = arietta_params_get (params, param->name);

      if (goes_into_bytes (param, values, weights))
        arietta_safetensors_round_bytes (values, (gsize) param->shape[0], (gsize) param->shape[1]);
      else
        arietta_safetensors_round_f16 (values, param->n_elements);
    }
}

gboolean
arietta_model_file_pack (const char           *path,
                         const char           *target,
                         AriettaModelWeights   weights,
                         GError              **error)
{
  const AriettaModelKind  *kind;
  g_autoptr(AriettaRecipe) recipe = NULL;
  g_autoptr(GArray)        seen = NULL;
  g_autoptr(GBytes)        known = NULL;
  gpointer                 net = arietta_model_file_load (path, &kind, &recipe, &seen, &known, error);
  gboolean                 saved;

  if (net == NULL)
    return FALSE;

  saved = arietta_model_file_save (kind, net, recipe, weights, seen, known, target, error);
  kind->free (net);

  return saved;
}
