#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-checkpoint.h"

#include "base/arietta-error.h"
#include "nn/arietta-nn-error.h"

#include <stdio.h>
#include <string.h>

#define STATE_FORMAT "arietta-training-state-1"

/* Of numbers as the engine holds them: kept bit for bit in both of its builds. */
#define REAL_DTYPE (sizeof (AriettaReal) == sizeof (float) ? ARIETTA_DTYPE_F32 : ARIETTA_DTYPE_F64)

static const char * const moment_prefixes[] = { "moment1/", "moment2/" };

typedef struct
{
  char          *name;
  AriettaRandom *stream; /* borrowed */
} Stream;

struct _AriettaTrainingState
{
  AriettaOptimiser *optimiser; /* borrowed */
  AriettaAverage   *average;   /* borrowed, or NULL */
  GArray           *streams;   /* of Stream */
  GPtrArray        *keys;      /* char *, in order of setting, so that files are equal */
  GHashTable       *own;       /* char * (borrowed from keys) -> char * */
};

static void
add_block (AriettaSafetensorsWriter *writer,
           AriettaParams            *params,
           const char               *prefix,
           const AriettaReal        *block,
           gboolean                  as_f16)
{
  for (guint i = 0; i < arietta_params_get_n (params); i++)
    {
      const AriettaParam *p = arietta_params_get_nth (params, i);
      g_autofree char    *name = g_strconcat (prefix, p->name, NULL);
      gint64              shape[ARIETTA_MAX_DIMS];

      for (int d = 0; d < p->n_dims; d++)
        shape[d] = p->shape[d];

      if (as_f16)
        {
          g_autofree float *copy = g_new (float, p->n_elements);

          for (gsize k = 0; k < p->n_elements; k++)
            copy[k] = (float) block[p->offset + k];
          arietta_safetensors_writer_add_as_f16 (writer, name, p->n_dims, shape, copy);
        }
      else
        {
          arietta_safetensors_writer_add_borrowed (writer, name, REAL_DTYPE, p->n_dims, shape,
                                                   block + p->offset);
        }
    }
}

/* Reads every parameter's tensor into the layout of a block; NULL and an error if one does not fit. */
static AriettaReal *
read_block (AriettaParams       *params,
            AriettaSafetensors  *file,
            const char          *prefix,
            const char          *file_name,
            GError             **error)
{
  g_autofree AriettaReal *block = g_new0 (AriettaReal, MAX (arietta_params_get_size (params), 1));

  for (guint i = 0; i < arietta_params_get_n (params); i++)
    {
      const AriettaParam      *p = arietta_params_get_nth (params, i);
      g_autofree char         *name = g_strconcat (prefix, p->name, NULL);
      const AriettaTensorView *view = arietta_safetensors_find (file, name);
      gboolean                 fits = view != NULL && view->n_dims == p->n_dims;

      if (view == NULL)
        {
          arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH, file_name, name,
                             "“%s” has no tensor “%s”: it belongs to another kind or size of model.",
                             file_name, name);
          return NULL;
        }

      for (int d = 0; fits && d < p->n_dims; d++)
        fits = view->shape[d] == p->shape[d];
      if (!fits)
        {
          arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH, file_name, name,
                             "“%s”: tensor “%s” has another shape than this model needs.",
                             file_name, name);
          return NULL;
        }

      if (view->dtype == REAL_DTYPE)
        {
          memcpy (block + p->offset, view->data, p->n_elements * sizeof (AriettaReal));
        }
      else
        {
          g_autofree float *values = arietta_safetensors_dup_f32 (file, view, error);

          if (values == NULL)
            {
              g_prefix_error (error, "“%s”: ", file_name);
              return NULL;
            }
          for (gsize k = 0; k < p->n_elements; k++)
            block[p->offset + k] = values[k];
        }
    }

  return g_steal_pointer (&block);
}

gboolean
arietta_weights_save (AriettaParams      *params,
                      const char         *path,
                      AriettaDtype        dtype,
                      const char *const  *metadata,
                      GError            **error)
{
  g_autoptr(AriettaSafetensorsWriter) writer = arietta_safetensors_writer_new ();

  g_return_val_if_fail (dtype == ARIETTA_DTYPE_F32 || dtype == ARIETTA_DTYPE_F16, FALSE);

  for (gsize i = 0; metadata != NULL && metadata[i] != NULL && metadata[i + 1] != NULL; i += 2)
    arietta_safetensors_writer_set_metadata (writer, metadata[i], metadata[i + 1]);
  add_block (writer, params, "", arietta_params_get_values (params), dtype == ARIETTA_DTYPE_F16);

  return arietta_safetensors_writer_save (writer, path, error);
}

gboolean
arietta_weights_load (AriettaParams       *params,
                      AriettaSafetensors  *file,
                      const char          *name,
                      GError             **error)
{
  g_autofree AriettaReal *block = read_block (params, file, "", name, error);

  if (block == NULL)
    return FALSE;

  memcpy (arietta_params_get_values (params), block,
          arietta_params_get_size (params) * sizeof (AriettaReal));

  return TRUE;
}

static void
stream_clear_cb (gpointer data)
{
  g_free (((Stream *) data)->name);
}

AriettaTrainingState *
arietta_training_state_new (AriettaOptimiser *optimiser)
{
  AriettaTrainingState *self = g_new0 (AriettaTrainingState, 1);

  self->optimiser = optimiser;
  self->streams = g_array_new (FALSE, FALSE, sizeof (Stream));
  g_array_set_clear_func (self->streams, stream_clear_cb);
  self->keys = g_ptr_array_new_with_free_func (g_free);
  self->own = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  return self;
}

void
arietta_training_state_free (AriettaTrainingState *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->own);
  g_ptr_array_unref (self->keys);
  g_array_unref (self->streams);
  g_free (self);
}

void
arietta_training_state_set_average (AriettaTrainingState *self,
                                    AriettaAverage       *average)
{
  self->average = average;
}

void
arietta_training_state_add_stream (AriettaTrainingState *self,
                                   const char           *name,
                                   AriettaRandom        *stream)
{
  Stream added = { g_strdup (name), stream };

  g_array_append_val (self->streams, added);
}

void
arietta_training_state_set (AriettaTrainingState *self,
                            const char           *key,
                            const char           *value)
{
  gpointer kept;

  if (!g_hash_table_lookup_extended (self->own, key, &kept, NULL))
    {
      kept = g_strdup (key);
      g_ptr_array_add (self->keys, kept);
    }
  g_hash_table_insert (self->own, kept, g_strdup (value));
}

void
arietta_training_state_set_int (AriettaTrainingState *self,
                                const char           *key,
                                gint64                value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  arietta_training_state_set (self, key, text);
}

void
arietta_training_state_set_double (AriettaTrainingState *self,
                                   const char           *key,
                                   double                value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  arietta_training_state_set (self, key, g_ascii_dtostr (text, sizeof text, value));
}

const char *
arietta_training_state_get (AriettaTrainingState *self,
                            const char           *key)
{
  return g_hash_table_lookup (self->own, key);
}

gint64
arietta_training_state_get_int (AriettaTrainingState *self,
                                const char           *key,
                                gint64                otherwise)
{
  const char *text = arietta_training_state_get (self, key);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : otherwise;
}

double
arietta_training_state_get_double (AriettaTrainingState *self,
                                   const char           *key,
                                   double                otherwise)
{
  const char *text = arietta_training_state_get (self, key);

  return text != NULL ? g_ascii_strtod (text, NULL) : otherwise;
}

/* The caller's facts travel as one metadata value: lines of escaped key, tab, escaped value. */
static char *
own_to_text (AriettaTrainingState *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->keys->len; i++)
    {
      const char      *key = g_ptr_array_index (self->keys, i);
      g_autofree char *k = g_strescape (key, NULL);
      g_autofree char *v = g_strescape (g_hash_table_lookup (self->own, key), NULL);

      g_string_append_printf (text, "%s\t%s\n", k, v);
    }

  return g_string_free (text, FALSE);
}

static void
own_from_text (AriettaTrainingState *self,
               const char           *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  g_hash_table_remove_all (self->own);
  g_ptr_array_set_size (self->keys, 0);

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      char *tab = strchr (lines[i], '\t');

      if (tab != NULL)
        {
          g_autofree char *value = g_strcompress (tab + 1);
          g_autofree char *key = NULL;

          *tab = '\0';
          key = g_strcompress (lines[i]);
          arietta_training_state_set (self, key, value);
        }
    }
}

gboolean
arietta_training_state_save (AriettaTrainingState  *self,
                             const char            *path,
                             GError               **error)
{
  g_autoptr(AriettaSafetensorsWriter) writer = arietta_safetensors_writer_new ();
  AriettaParams                      *params = arietta_optimiser_get_params (self->optimiser);
  g_autofree char                    *step = NULL;
  g_autofree char                    *own = own_to_text (self);

  step = g_strdup_printf ("%" G_GINT64_FORMAT, arietta_optimiser_get_step (self->optimiser));
  arietta_safetensors_writer_set_metadata (writer, "format", STATE_FORMAT);
  arietta_safetensors_writer_set_metadata (writer, "step", step);
  arietta_safetensors_writer_set_metadata (writer, "own", own);
  for (guint i = 0; i < self->streams->len; i++)
    {
      const Stream    *s = &g_array_index (self->streams, Stream, i);
      g_autofree char *key = g_strconcat ("stream/", s->name, NULL);
      g_autofree char *words = NULL;

      words = g_strdup_printf ("%016" G_GINT64_MODIFIER "x %016" G_GINT64_MODIFIER "x %016"
                               G_GINT64_MODIFIER "x %016" G_GINT64_MODIFIER "x",
                               s->stream->state[0], s->stream->state[1],
                               s->stream->state[2], s->stream->state[3]);
      arietta_safetensors_writer_set_metadata (writer, key, words);
    }

  add_block (writer, params, "weight/", arietta_params_get_values (params), FALSE);
  for (guint i = 0; i < 2; i++)
    if (arietta_optimiser_has_moments (self->optimiser, i))
      add_block (writer, params, moment_prefixes[i], arietta_params_get_moments (params, i), FALSE);
  if (self->average != NULL)
    {
      g_autofree char *taken = g_strdup_printf ("%" G_GINT64_FORMAT, arietta_average_get_step (self->average));

      arietta_safetensors_writer_set_metadata (writer, "averaged", taken);
      add_block (writer, params, "average/", arietta_average_get_values (self->average), FALSE);
    }

  return arietta_safetensors_writer_save (writer, path, error);
}

static gboolean
read_count (AriettaSafetensors  *file,
            const char          *key,
            const char          *path,
            guint64             *count,
            GError             **error)
{
  const char *text = arietta_safetensors_get_metadata (file, key);

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, count, NULL))
    return TRUE;

  arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MALFORMED, path, key,
                     "“%s” does not say how many steps were made (“%s”).", path, key);
  return FALSE;
}

gboolean
arietta_training_state_load (AriettaTrainingState  *self,
                             const char            *path,
                             GError               **error)
{
  g_autoptr(AriettaSafetensors) file = arietta_safetensors_open (path, error);
  AriettaParams                *params = arietta_optimiser_get_params (self->optimiser);
  const gsize                   n_bytes = arietta_params_get_size (params) * sizeof (AriettaReal);
  g_autofree AriettaRandom     *streams = g_new0 (AriettaRandom, self->streams->len);
  g_autofree AriettaReal       *weights = NULL, *first = NULL, *second = NULL, *average = NULL;
  guint64                       step, averaged = 0;

  if (file == NULL)
    return FALSE;

  if (g_strcmp0 (arietta_safetensors_get_metadata (file, "format"), STATE_FORMAT) != 0)
    {
      arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_UNKNOWN, path, "format",
                         "“%s” is not a training state that this program knows.", path);
      return FALSE;
    }

  if (!read_count (file, "step", path, &step, error)
      || (self->average != NULL && !read_count (file, "averaged", path, &averaged, error)))
    return FALSE;

  for (guint i = 0; i < self->streams->len; i++)
    {
      const Stream    *s = &g_array_index (self->streams, Stream, i);
      g_autofree char *key = g_strconcat ("stream/", s->name, NULL);
      const char      *words = arietta_safetensors_get_metadata (file, key);
      guint64         *w = streams[i].state;

      if (words == NULL || strlen (words) != 4 * 16 + 3
          || sscanf (words, "%" G_GINT64_MODIFIER "x %" G_GINT64_MODIFIER "x %" G_GINT64_MODIFIER "x %"
                     G_GINT64_MODIFIER "x", &w[0], &w[1], &w[2], &w[3]) != 4
          || (w[0] | w[1] | w[2] | w[3]) == 0)
        {
          arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MALFORMED, path, key,
                             "“%s” does not hold the random stream “%s”.", path, s->name);
          return FALSE;
        }
    }

  weights = read_block (params, file, "weight/", path, error);
  if (weights == NULL)
    return FALSE;
  for (guint i = 0; i < 2; i++)
    if (arietta_optimiser_has_moments (self->optimiser, i))
      {
        AriettaReal **moments = i == 0 ? &first : &second;

        *moments = read_block (params, file, moment_prefixes[i], path, error);
        if (*moments == NULL)
          return FALSE;
      }

  if (self->average != NULL)
    {
      average = read_block (params, file, "average/", path, error);
      if (average == NULL)
        return FALSE;
    }

  /* All of it fits: from here on nothing fails. */
  memcpy (arietta_params_get_values (params), weights, n_bytes);
  if (first != NULL)
    memcpy (arietta_params_get_moments (params, 0), first, n_bytes);
  if (second != NULL)
    memcpy (arietta_params_get_moments (params, 1), second, n_bytes);
  if (average != NULL)
    {
      memcpy (arietta_average_get_values (self->average), average, n_bytes);
      arietta_average_set_step (self->average, (gint64) averaged);
    }
  arietta_optimiser_set_step (self->optimiser, (gint64) step);
  for (guint i = 0; i < self->streams->len; i++)
    *g_array_index (self->streams, Stream, i).stream = streams[i];
  own_from_text (self, arietta_safetensors_get_metadata (file, "own") != NULL
                       ? arietta_safetensors_get_metadata (file, "own") : "");

  return TRUE;
}
