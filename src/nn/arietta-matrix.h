/* arietta-matrix.h - a matrix of weights for use without a graph, as it is stored
 *
 * y = x W^T + b with the parameters NAME.weight (H,D) and, where it exists, NAME.bias (H); or without a bias
 * the rows of a table.  The weights are the parameters' own, or lie in a mapped file, or are rounded to
 * fewer bits when the matrix is made: see math/arietta-dot.h.
 *
 * Threads: using a matrix changes nothing in it.
 */
#pragma once

#include "math/arietta-dot.h"
#include "nn/arietta-params.h"
#include "nn/arietta-safetensors.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_MATRIX_AS_STORED, /* nothing is copied where that can be */
  ARIETTA_MATRIX_BF16,      /* half the memory of floats */
  ARIETTA_MATRIX_INT8,      /* a quarter */
} AriettaMatrixKind;

/* Where weights come from: parameters or a file; the other is NULL.  Borrowed, and must outlive what is made of
 * it; parameters must not change meanwhile. */
typedef struct
{
  AriettaParams      *params;
  AriettaSafetensors *file;
} AriettaWeightSource;

typedef struct _AriettaMatrix AriettaMatrix;

/* Errors: ARIETTA_NN_ERROR_MISMATCH if there is no such tensor, it has not two dimensions, or @n_rows and
 * @n_columns (0: any) are not its.  A file may hold F32 and BF16, which are used where they lie, F16 and F64,
 * which are not, or I8 with factors of its rows in NAME.factors (H). */
AriettaMatrix *arietta_matrix_new           (const AriettaWeightSource  *source,
                                             const char                 *name,
                                             AriettaMatrixKind           kind,
                                             int                         n_rows,
                                             int                         n_columns,
                                             GError                    **error) G_GNUC_WARN_UNUSED_RESULT;
/* By the names of its tensors, and without a bias; @factors is looked for only where @weight is I8. */
AriettaMatrix *arietta_matrix_new_tensor    (const AriettaWeightSource  *source,
                                             const char                 *weight,
                                             const char                 *factors,
                                             AriettaMatrixKind           kind,
                                             int                         n_rows,
                                             int                         n_columns,
                                             GError                    **error) G_GNUC_WARN_UNUSED_RESULT;
void           arietta_matrix_free          (AriettaMatrix              *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaMatrix, arietta_matrix_free)
int            arietta_matrix_get_n_columns (AriettaMatrix              *self);
/* Bytes of the weights, wherever they lie. */
gsize          arietta_matrix_get_size      (AriettaMatrix              *self);

/* y (n,H) = x (n,D) W^T + b.  @scratch: arietta_matrix_get_scratch () numbers, or NULL if n is at most
 * ARIETTA_DOT_ROWS. */
void           arietta_matrix_apply         (AriettaMatrix              *self,
                                             AriettaReal                *y,
                                             const AriettaReal          *x,
                                             AriettaReal                *scratch,
                                             int                         n);
gsize          arietta_matrix_get_scratch   (AriettaMatrix              *self);
/* y (D) = row @row of W, or += */
void           arietta_matrix_row           (AriettaMatrix              *self,
                                             AriettaReal                *y,
                                             int                         row,
                                             gboolean                    add);

/* A tensor of the source as new numbers of AriettaReal, for biases and tables: NULL with @error if it is not there
 * or has not this shape, where a dimension of 0 fits any.  Free by g_free (). */
AriettaReal   *arietta_weight_source_dup    (const AriettaWeightSource  *source,
                                             const char                 *name,
                                             int                         n_dims,
                                             const int                  *shape,
                                             GError                    **error) G_GNUC_WARN_UNUSED_RESULT;
/* Copies the dimensions and returns how many; -1 if there is no such tensor or it has more than
 * ARIETTA_MAX_DIMS. */
int            arietta_weight_source_shape  (const AriettaWeightSource  *source,
                                             const char                 *name,
                                             int                         shape[ARIETTA_MAX_DIMS]);

G_END_DECLS
