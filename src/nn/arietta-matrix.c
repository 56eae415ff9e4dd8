#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-matrix.h"

#include "base/arietta-error.h"
#include "math/arietta-block.h"
#include "nn/arietta-nn-error.h"

#include <string.h>

struct _AriettaMatrix
{
  AriettaStoredMatrix stored;
  AriettaReal        *bias;
  gpointer            own;         /* values that were made here, or NULL */
  AriettaReal        *own_factors;
};

int
arietta_weight_source_shape (const AriettaWeightSource *source,
                             const char                *name,
                             int                        shape[ARIETTA_MAX_DIMS])
{
  if (source->params != NULL)
    {
      const AriettaParam *param = arietta_params_find (source->params, name);

      if (param == NULL)
        return -1;
      memcpy (shape, param->shape, sizeof param->shape);
      return param->n_dims;
    }
  else
    {
      const AriettaTensorView *view = arietta_safetensors_find (source->file, name);

      if (view == NULL || view->n_dims > ARIETTA_MAX_DIMS)
        return -1;
      for (int i = 0; i < view->n_dims; i++)
        {
          if (view->shape[i] < 1 || view->shape[i] > G_MAXINT32)
            return -1;
          shape[i] = (int) view->shape[i];
        }
      return view->n_dims;
    }
}

static gboolean
has_shape (const AriettaWeightSource  *source,
           const char                 *name,
           int                         n_dims,
           const int                  *wanted,
           GError                    **error)
{
  int      shape[ARIETTA_MAX_DIMS];
  int      n = arietta_weight_source_shape (source, name, shape);
  gboolean fits = n == n_dims;

  for (int i = 0; fits && i < n_dims; i++)
    fits = wanted[i] == 0 || wanted[i] == shape[i];

  if (!fits)
    arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH, NULL, name,
                       n < 0 ? "The weights have no tensor “%s” that can be used."
                             : "The tensor “%s” of the weights has another shape than the model.", name);

  return fits;
}

AriettaReal *
arietta_weight_source_dup (const AriettaWeightSource  *source,
                           const char                 *name,
                           int                         n_dims,
                           const int                  *shape,
                           GError                    **error)
{
  g_autofree float        *floats = NULL;
  const AriettaTensorView *view;
  AriettaReal             *values;

  if (!has_shape (source, name, n_dims, shape, error))
    return NULL;
  if (source->params != NULL)
    return g_memdup2 (arietta_params_get (source->params, name),
                      arietta_params_find (source->params, name)->n_elements * sizeof *values);

  view = arietta_safetensors_find (source->file, name);
  floats = arietta_tensor_view_dup_f32 (view, error);
  if (floats == NULL)
    return NULL;
  values = g_new (AriettaReal, view->n_elements);
  for (gsize i = 0; i < view->n_elements; i++)
    values[i] = floats[i];

  return values;
}

/* Numbers where they lie, if they can be used there: NULL if not. */
static const void *
in_place (const AriettaWeightSource *source,
          const char                *name,
          AriettaStored             *stored)
{
  const AriettaTensorView *view;

  *stored = ARIETTA_STORED_REAL;
  if (source->params != NULL)
    return arietta_params_get (source->params, name);

  /* Little-endian hosts only, and at their alignment. */
  view = arietta_safetensors_find (source->file, name);
  if (G_BYTE_ORDER != G_LITTLE_ENDIAN)
    return NULL;
  if (view->dtype == ARIETTA_DTYPE_F32 && sizeof (AriettaReal) == sizeof (float)
      && (guintptr) view->data % sizeof (float) == 0)
    return view->data;
  *stored = ARIETTA_STORED_BF16;
  if (view->dtype == ARIETTA_DTYPE_BF16 && (guintptr) view->data % sizeof (guint16) == 0)
    return view->data;
  *stored = ARIETTA_STORED_INT8;
  if (view->dtype == ARIETTA_DTYPE_I8)
    return view->data;

  return NULL;
}

AriettaMatrix *
arietta_matrix_new_tensor (const AriettaWeightSource  *source,
                           const char                 *weight,
                           const char                 *factors,
                           AriettaMatrixKind           kind,
                           int                         n_rows,
                           int                         n_columns,
                           GError                    **error)
{
  g_autoptr(AriettaMatrix) self = g_new0 (AriettaMatrix, 1);
  g_autofree AriettaReal  *copy = NULL;
  const AriettaReal       *values;
  int                      shape[ARIETTA_MAX_DIMS];
  gsize                    n;

  if (!has_shape (source, weight, 2, (const int[]) { n_rows, n_columns }, error))
    return NULL;

  arietta_weight_source_shape (source, weight, shape);
  self->stored.H = shape[0];
  self->stored.D = shape[1];
  n = (gsize) shape[0] * (gsize) shape[1];

  self->stored.values = in_place (source, weight, &self->stored.stored);
  if (self->stored.values != NULL && self->stored.stored == ARIETTA_STORED_INT8)
    {
      self->own_factors = arietta_weight_source_dup (source, factors, ARIETTA_SHAPE (self->stored.H), error);
      if (self->own_factors == NULL)
        return NULL;
      self->stored.factors = self->own_factors;
    }
  /* What has fewer bits already gains nothing by rounding again. */
  if (self->stored.values != NULL
      && (kind == ARIETTA_MATRIX_AS_STORED || self->stored.stored == ARIETTA_STORED_INT8
          || (kind == ARIETTA_MATRIX_BF16 && self->stored.stored == ARIETTA_STORED_BF16)))
    return g_steal_pointer (&self);

  values = self->stored.stored == ARIETTA_STORED_REAL ? self->stored.values : NULL;
  if (values == NULL)
    {
      copy = arietta_weight_source_dup (source, weight, 2, (const int[]) { 0, 0 }, error);
      if (copy == NULL)
        return NULL;
      values = copy;
    }

  if (kind == ARIETTA_MATRIX_BF16)
    {
      self->own = arietta_block_new (n * sizeof (guint16));
      self->stored.stored = ARIETTA_STORED_BF16;
      arietta_store_bf16 (self->own, values, n);
    }
  else if (kind == ARIETTA_MATRIX_INT8)
    {
      self->own = arietta_block_new (n);
      self->own_factors = g_new (AriettaReal, self->stored.H);
      self->stored.stored = ARIETTA_STORED_INT8;
      self->stored.factors = self->own_factors;
      arietta_store_int8 (self->own, self->own_factors, values, self->stored.H, self->stored.D);
    }
  else
    {
      self->own = arietta_block_new (n * sizeof (AriettaReal));
      memcpy (self->own, values, n * sizeof (AriettaReal));
      self->stored.stored = ARIETTA_STORED_REAL;
    }
  self->stored.values = self->own;

  return g_steal_pointer (&self);
}

AriettaMatrix *
arietta_matrix_new (const AriettaWeightSource  *source,
                    const char                 *name,
                    AriettaMatrixKind           kind,
                    int                         n_rows,
                    int                         n_columns,
                    GError                    **error)
{
  g_autofree char         *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char         *bias = g_strconcat (name, ".bias", NULL);
  g_autofree char         *factors = g_strconcat (name, ".factors", NULL);
  g_autoptr(AriettaMatrix) self = NULL;
  int                      shape[ARIETTA_MAX_DIMS];

  self = arietta_matrix_new_tensor (source, weight, factors, kind, n_rows, n_columns, error);
  if (self == NULL)
    return NULL;

  if (arietta_weight_source_shape (source, bias, shape) >= 0)
    {
      self->bias = arietta_weight_source_dup (source, bias, ARIETTA_SHAPE (self->stored.H), error);
      if (self->bias == NULL)
        return NULL;
    }

  return g_steal_pointer (&self);
}

void
arietta_matrix_free (AriettaMatrix *self)
{
  if (self == NULL)
    return;

  g_free (self->bias);
  arietta_block_free (self->own);
  g_free (self->own_factors);
  g_free (self);
}

int
arietta_matrix_get_n_columns (AriettaMatrix *self)
{
  return self->stored.D;
}

gsize
arietta_matrix_get_size (AriettaMatrix *self)
{
  static const gsize sizes[] = { sizeof (AriettaReal), 2, 1 };

  return (gsize) self->stored.H * (gsize) self->stored.D * sizes[self->stored.stored];
}

gsize
arietta_matrix_get_scratch (AriettaMatrix *self)
{
  return self->stored.stored == ARIETTA_STORED_REAL ? 0 : (gsize) self->stored.H * (gsize) self->stored.D;
}

void
arietta_matrix_apply (AriettaMatrix     *self,
                      AriettaReal       *y,
                      const AriettaReal *x,
                      AriettaReal       *scratch,
                      int                n)
{
  g_return_if_fail (n <= ARIETTA_DOT_ROWS || scratch != NULL || arietta_matrix_get_scratch (self) == 0);

  arietta_stored_multiply (y, x, &self->stored, self->bias, scratch, n);
}

void
arietta_matrix_row (AriettaMatrix *self,
                    AriettaReal   *y,
                    int            row,
                    gboolean       add)
{
  g_return_if_fail (row >= 0 && row < self->stored.H);

  arietta_stored_row (y, &self->stored, row, add);
}
