/* arietta-params.h - the weights of a model: named tensors in one block
 *
 * All values lie in one block, all gradients in another of the same layout, and the optimiser's moments
 * in two more, so saving, zeroing and stepping are single loops.  Every tensor starts at a multiple of
 * 64 bytes; the gaps hold zeros and stay zeros.
 *
 * Declare every tensor first, then allocate once; graphs are built after that, as many as there are
 * shapes, and share the block.
 *
 *   g_autoptr(AriettaParams) params = arietta_params_new ();
 *
 *   arietta_params_add (params, "enc.table", ARIETTA_INIT_UNIFORM, 0.06, ARIETTA_SHAPE (90, 1024));
 *   arietta_params_add_linear (params, "mu", 512, 128);       -> mu.weight (128,512), mu.bias (128)
 *   arietta_params_allocate (params, seed);
 *
 * Initial values depend on the seed and the tensor's own name only, not on the order of declaration.
 *
 * Threads: one at a time, except that any number may read while nobody writes.
 */
#pragma once

#include "math/arietta-real.h"

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_MAX_DIMS 4

/* A shape as two arguments: how many dimensions, and the array. */
#define ARIETTA_SHAPE(...) \
  (int) (sizeof ((const int[]) { __VA_ARGS__ }) / sizeof (int)), (const int[]) { __VA_ARGS__ }

typedef enum
{
  ARIETTA_INIT_ZERO,
  ARIETTA_INIT_CONSTANT,  /* scale everywhere */
  ARIETTA_INIT_UNIFORM,   /* in -scale .. scale */
  ARIETTA_INIT_NORMAL,    /* standard deviation scale */
  ARIETTA_INIT_XAVIER,    /* uniform, scale sqrt (6 / (rows + columns)); Glorot and Bengio 2010 */
  ARIETTA_INIT_LSTM_BIAS, /* i f g o: scale for the forget gate's quarter, 0 for the others */
} AriettaInit;

typedef struct
{
  const char *name;
  int         n_dims;
  int         shape[ARIETTA_MAX_DIMS];
  gsize       n_elements;
  gsize       offset;     /* in elements, within each block */
  gboolean    decay;      /* whether weight decay touches it: by default, tensors of two dimensions and more */
  gboolean    state;      /* belongs to the model but is not learned: running statistics and the like */
} AriettaParam;

typedef struct _AriettaParams AriettaParams;

AriettaParams      *arietta_params_new           (void) G_GNUC_WARN_UNUSED_RESULT;
void                arietta_params_free          (AriettaParams *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaParams, arietta_params_free)

/* Names must be new; any character but a line break. */
void                arietta_params_add           (AriettaParams *self,
                                                  const char    *name,
                                                  AriettaInit    init,
                                                  double         scale,
                                                  int            n_dims,
                                                  const int     *shape);
/* NAME.weight (out,in) and NAME.bias (out), both uniform within 1 / sqrt (in). */
void                arietta_params_add_linear    (AriettaParams *self,
                                                  const char    *name,
                                                  int            n_in,
                                                  int            n_out);
/* NAME.weight_hh (4H,H) uniform within 1 / sqrt (H) and NAME.bias (4H), 1 for the forget gate.  What else
 * feeds the gates (tables, projections, see arietta_graph_lstm ()) is the model's own to add. */
void                arietta_params_add_lstm      (AriettaParams *self,
                                                  const char    *name,
                                                  int            n_units);
void                arietta_params_set_decay     (AriettaParams *self,
                                                  const char    *name,
                                                  gboolean       decay);

/* Makes a tensor one that graphs may write to while they run but that never has a gradient, nor decays. */
void                arietta_params_set_state     (AriettaParams *self,
                                                  const char    *name);

/* Makes the blocks and draws the initial values.  Once. */
void                arietta_params_allocate      (AriettaParams *self,
                                                  guint64        seed);

guint               arietta_params_get_n         (AriettaParams *self);
const AriettaParam *arietta_params_get_nth       (AriettaParams *self,
                                                  guint          nth);
const AriettaParam *arietta_params_find          (AriettaParams *self,
                                                  const char    *name);

/* Length of each block, gaps included. */
gsize               arietta_params_get_size      (AriettaParams *self);
/* The number of weights, for people. */
gsize               arietta_params_count         (AriettaParams *self);

AriettaReal        *arietta_params_get_values    (AriettaParams *self);
AriettaReal        *arietta_params_get_gradients (AriettaParams *self);
/* Adam's two; made of zeros at first use. */
AriettaReal        *arietta_params_get_moments   (AriettaParams *self,
                                                  guint          first_or_second);
/* The values of one tensor; NULL if there is none of that name. */
AriettaReal        *arietta_params_get           (AriettaParams *self,
                                                  const char    *name);
void                arietta_params_zero_gradients (AriettaParams *self);

G_END_DECLS
