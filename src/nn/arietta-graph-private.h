/* arietta-graph-private.h - what the builder, the planner and the operations share
 *
 * An operation is a row of AriettaOperation: name, what backward needs to find, shape rule, forward,
 * backward.  The rows live in arietta-ops-*.c, each beside the function that adds it to a graph.
 *
 * Backward rules ADD to gradients; a gradient that is not wanted, or an output nobody used, is NULL.
 */
#pragma once

#include "nn/arietta-graph.h"

#include <string.h>

G_BEGIN_DECLS

#define ARIETTA_OP_MAX_INPUTS 12
#define ARIETTA_OP_MAX_OUTPUTS 3

typedef struct _AriettaOp AriettaOp;

/* A buffer in the one block; lives from first to last on the clock that runs forward over the
 * operations and back again. */
typedef struct
{
  gsize    n_bytes;
  int      first, last;
  gsize    offset;
} AriettaBuffer;

typedef struct
{
  char        *label;
  gboolean     is_int;
  int          n_dims;
  int          shape[ARIETTA_MAX_DIMS];
  gsize        n;              /* elements */

  const AriettaParam *param;   /* or NULL */
  int          producer;       /* index of the operation, or -1 for inputs and parameters */
  gboolean     kept;
  gboolean     wants_gradient; /* something trainable is upstream */
  gboolean     live;           /* the loss is downstream */
  gboolean     absent;         /* has no buffer: what made it makes the next thing at once */
  int          last_use;       /* index of the last live operation that reads it, or -1 */

  gpointer     value;          /* AriettaReal * or gint32 * */
  AriettaReal *gradient;       /* NULL if not wanted */
} AriettaTensor;

/* What backward reads; a bit for each input, and one for all outputs. */
#define ARIETTA_KEEP_INPUT(i) (1u << (i))
#define ARIETTA_KEEP_OUTPUTS  (1u << 31)

typedef struct
{
  const char *name;
  guint       keep;
  /* Sets the outputs' shapes by arietta_op_output () and asks for workspace; FALSE with a sentence in @why
   * if the inputs do not fit. */
  gboolean  (*shape)    (AriettaGraph *graph,
                         AriettaOp    *op,
                         GString      *why);
  void      (*forward)  (AriettaOp    *op);
  void      (*backward) (AriettaOp    *op);  /* NULL: no gradient passes */
  /* What it can do beyond that: */
  gboolean    rectifies;  /* multiplies what is negative of its first output by op->slope, and its backward goes
                           * by that output alone: a rectifier after it costs nothing */
  guint       sets;       /* a bit for each input whose gradient it can set: see op->sets */
} AriettaOperation;

struct _AriettaOp
{
  const AriettaOperation *operation;
  int                     n_inputs, n_outputs;
  AriettaTensor          *inputs[ARIETTA_OP_MAX_INPUTS];  /* NULL where NONE */
  AriettaTensor          *outputs[ARIETTA_OP_MAX_OUTPUTS];
  int                     output_nodes[ARIETTA_OP_MAX_OUTPUTS];

  /* What the rows need beside tensors. */
  gboolean                training;
  AriettaActivation       activation;
  int                     from;
  double                  number, divisor;
  gboolean                reverse;
  int                     settings[4]; /* the rest, by the row's own names */
  AriettaRandom          *stream;
  guint64                 seed;    /* drawn in forward, used again in backward */
  gboolean                replay;  /* keep the random numbers of the last forward */
  double                  total;   /* kept from forward */
  double                  slope;   /* 1, or that of a rectifier */
  gpointer                plan;    /* made by the shape rule, freed with the operation by plan_free */
  GDestroyNotify          plan_free;
  guint                   keep;    /* of the operation, and what has come to it */
  guint                   sets;    /* inputs whose gradient holds anything: set it, do not add */

  /* Elements that the shape rule asked for.  Work lives in forward alone, scratch in backward alone,
   * saved from the one to the other. */
  gsize                   n_work, n_saved, n_scratch;
  AriettaReal            *work, *saved, *scratch;
};

struct _AriettaGraph
{
  AriettaParams    *params;
  AriettaGraphMode  mode;
  GPtrArray        *tensors;  /* of AriettaTensor; node n is at n - 1 */
  GPtrArray        *ops;      /* of AriettaOp */
  GError           *mistake;  /* the first one made in building */
  gboolean          compiled;
  gboolean          frozen;
  gboolean          towards;  /* the gradient of loss comes from outside */
  AriettaTensor    *loss;
  int               next_op;  /* where forward goes on */

  AriettaGraph     *lender;   /* borrowed: whose memory may be used */
  gboolean          borrowed; /* whether it is */
  guint8           *block;
  gsize             block_size;
};

/* For shape rules: output number @nth. */
void           arietta_op_output       (AriettaGraph           *graph,
                                        AriettaOp              *op,
                                        gboolean                is_int,
                                        int                     n_dims,
                                        const int              *shape);
/* Appends an operation on @inputs; NULL if an input is void or the shape rule refused. */
AriettaOp     *arietta_graph_add_op    (AriettaGraph           *self,
                                        const AriettaOperation *operation,
                                        const AriettaOp        *settings,
                                        const AriettaNode      *inputs,
                                        int                     n_inputs);
/* One input, one output: its node, or void. */
AriettaNode    arietta_graph_add_unary (AriettaGraph           *self,
                                        const AriettaOperation *operation,
                                        const AriettaOp        *settings,
                                        AriettaNode             x);
AriettaTensor *arietta_graph_tensor    (AriettaGraph           *self,
                                        AriettaNode             node);
/* Says in @why that the inputs do not fit @rule, with their shapes; FALSE. */
gboolean       arietta_op_refuse       (AriettaOp              *op,
                                        GString                *why,
                                        const char             *rule);
/* Whether it only multiplies what is negative, and by what; arietta-ops-basic.c. */
gboolean       arietta_op_is_rectifier (const AriettaOp        *op);
double         arietta_op_slope        (const AriettaOp        *op);
/* "(4,6)" */
char          *arietta_tensor_describe (const AriettaTensor    *tensor);

/* Rows and columns when everything but the last dimension is taken as rows. */
static inline int
arietta_tensor_columns (const AriettaTensor *tensor)
{
  return tensor->n_dims > 0 ? tensor->shape[tensor->n_dims - 1] : 1;
}

static inline int
arietta_tensor_rows (const AriettaTensor *tensor)
{
  return (int) (tensor->n / (gsize) arietta_tensor_columns (tensor));
}

static inline gboolean
arietta_tensor_same_shape (const AriettaTensor *a,
                           const AriettaTensor *b)
{
  return a->n_dims == b->n_dims && memcmp (a->shape, b->shape, sizeof (int) * (gsize) a->n_dims) == 0;
}

/* Whether @rows is @x without its last dimension. */
static inline gboolean
arietta_tensor_is_for_rows (const AriettaTensor *rows,
                            const AriettaTensor *x)
{
  return rows->n_dims == x->n_dims - 1
         && memcmp (rows->shape, x->shape, sizeof (int) * (gsize) rows->n_dims) == 0;
}

static inline AriettaReal *
arietta_values (const AriettaTensor *tensor)
{
  return tensor != NULL ? tensor->value : NULL;
}

static inline AriettaReal *
arietta_gradient (const AriettaTensor *tensor)
{
  return tensor != NULL ? tensor->gradient : NULL;
}

/* Whether @tensor is missing or has this shape; a dimension of 0 fits any. */
static inline gboolean
arietta_tensor_fits (const AriettaTensor *tensor,
                     gboolean             is_int,
                     int                  n_dims,
                     const int           *shape)
{
  if (tensor == NULL)
    return TRUE;
  if (tensor->is_int != is_int || tensor->n_dims != n_dims)
    return FALSE;
  for (int i = 0; i < n_dims; i++)
    if (shape[i] != 0 && tensor->shape[i] != shape[i])
      return FALSE;

  return TRUE;
}

/* The first mistake of building is remembered. */
void           arietta_graph_mistake   (AriettaGraph           *self,
                                        const char             *what,
                                        const char             *why);
/* "linear “out”": an operation by its label, else by its weights. */
char          *arietta_op_describe     (AriettaOp              *op) G_GNUC_WARN_UNUSED_RESULT;

/* arietta-plan.c: gives every tensor and operation its place in one new block. */
void           arietta_graph_plan      (AriettaGraph           *self);

G_END_DECLS
