/* arietta-graph.h - a network for one shape, built once and run many times
 *
 * A graph is a list of operations in the order they were added.  Building checks every shape; compiling
 * plans all buffers in one block, each living only as long as it is needed; after that running allocates
 * nothing.  Several graphs (batch sizes, lengths, training and use) share one AriettaParams.
 *
 * A small autoencoder of 2-bar melodies, as an example of everything:
 *
 *   // weights
 *   g_autoptr(AriettaParams) p = arietta_params_new ();
 *   arietta_params_add        (p, "enc.table", ARIETTA_INIT_UNIFORM, 0.06, ARIETTA_SHAPE (V, 4 * H));
 *   arietta_params_add_lstm   (p, "enc", H);
 *   arietta_params_add_linear (p, "mu", H, Z);
 *   arietta_params_add_linear (p, "logvar", H, Z);
 *   arietta_params_add_linear (p, "start", Z, H);
 *   arietta_params_add        (p, "dec.table", ARIETTA_INIT_UNIFORM, 0.06, ARIETTA_SHAPE (V, 4 * H));
 *   arietta_params_add        (p, "dec.place", ARIETTA_INIT_UNIFORM, 0.06, ARIETTA_SHAPE (T, 4 * H));
 *   arietta_params_add_linear (p, "dec.z", Z, 4 * H);
 *   arietta_params_add_lstm   (p, "dec", H);
 *   arietta_params_add_linear (p, "out", H, V);
 *   arietta_params_allocate   (p, seed);
 *
 *   // graph; sequences are time-major: (T,B,...)
 *   AriettaGraph *g    = arietta_graph_new (p, ARIETTA_GRAPH_TRAIN);
 *   AriettaNode tokens = arietta_graph_input_int (g, "tokens", ARIETTA_SHAPE (T, B));
 *   AriettaNode before = arietta_graph_input_int (g, "before", ARIETTA_SHAPE (T, B));   // -1 at t = 0
 *   AriettaNode places = arietta_graph_input_int (g, "places", ARIETTA_SHAPE (T, B));
 *   AriettaNode parts  = arietta_graph_input (g, "weights of loss parts", ARIETTA_SHAPE (2));
 *   AriettaLstmOutputs enc = arietta_graph_lstm (g, &(AriettaLstmNodes) {
 *                              .ids = { tokens },
 *                              .tables = { arietta_graph_param (g, "enc.table") },
 *                              .bias = arietta_graph_param (g, "enc.bias"),
 *                              .weight = arietta_graph_param (g, "enc.weight_hh") });
 *   AriettaNode mu     = arietta_graph_linear_named (g, enc.h_last, "mu");
 *   AriettaNode logvar = arietta_graph_linear_named (g, enc.h_last, "logvar");
 *   AriettaNode noise  = arietta_graph_normal (g, &noise_stream, ARIETTA_SHAPE (B, Z));
 *   AriettaNode z      = arietta_graph_reparameterise (g, mu, logvar, noise);
 *   AriettaNode start  = arietta_graph_activation (g, arietta_graph_linear_named (g, z, "start"), ARIETTA_TANH);
 *   AriettaLstmOutputs dec = arietta_graph_lstm (g, &(AriettaLstmNodes) {
 *                              .ids = { before, places },
 *                              .tables = { arietta_graph_param (g, "dec.table"),
 *                                          arietta_graph_param (g, "dec.place") },
 *                              .constant = arietta_graph_linear_named (g, z, "dec.z"),
 *                              .bias = arietta_graph_param (g, "dec.bias"),
 *                              .weight = arietta_graph_param (g, "dec.weight_hh"),
 *                              .h0 = start });
 *   AriettaNode logits = arietta_graph_linear_named (g, dec.y, "out");
 *   AriettaNode nll    = arietta_graph_cross_entropy (g, logits, tokens, ARIETTA_NODE_NONE, 0.0, B, NULL);
 *   AriettaNode kl     = arietta_graph_gaussian_kl (g, mu, logvar, 0.0, NULL);
 *   AriettaNode loss   = arietta_graph_weighted_sum (g, (const AriettaNode[]) { nll, kl }, 2, parts);
 *   if (!arietta_graph_compile (g, loss, &error)) ...     // "linear out.weight: ... (4,6) ... (5,7)"
 *
 *   // a step
 *   memcpy (arietta_graph_get_ints (g, tokens), ...);
 *   arietta_graph_get_values (g, parts)[0] = 1;
 *   arietta_graph_get_values (g, parts)[1] = beta;
 *   arietta_params_zero_gradients (p);
 *   arietta_graph_forward (g);
 *   arietta_graph_backward (g);                           // adds to the parameters' gradients
 *   printf ("%f\n", arietta_graph_get_scalar (g, loss));
 *
 * Building does not stop at a mistake: the first one is remembered, everything built on it is void, and
 * arietta_graph_compile () reports it.  So no call here needs a check of its own.
 *
 * Threads: a graph belongs to one thread at a time; two training graphs of one AriettaParams do not run
 * backward at once.  Running uses the pool of math/arietta-pool.h; bits do not depend on it.
 */
#pragma once

#include "base/arietta-random.h"
#include "math/arietta-vector.h"
#include "nn/arietta-params.h"

G_BEGIN_DECLS

/* A tensor of a graph: (dimensions) of AriettaReal or of gint32, row-major. */
typedef int AriettaNode;

#define ARIETTA_NODE_NONE 0 /* for optional inputs */

typedef enum
{
  ARIETTA_GRAPH_TRAIN, /* activations are kept for backward */
  ARIETTA_GRAPH_EVAL,  /* forward only: buffers are reused as soon as may be; dropout does nothing */
} AriettaGraphMode;

typedef struct _AriettaGraph AriettaGraph;

/* @params is borrowed and must outlive the graph. */
AriettaGraph *arietta_graph_new       (AriettaParams    *params,
                                       AriettaGraphMode  mode) G_GNUC_WARN_UNUSED_RESULT;
void          arietta_graph_free      (AriettaGraph     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaGraph, arietta_graph_free)

/* --- Leaves --- */

/* Filled by the caller before a step, and left alone by it. */
AriettaNode arietta_graph_input       (AriettaGraph     *self,
                                       const char       *name,
                                       int               n_dims,
                                       const int        *shape);
AriettaNode arietta_graph_input_int   (AriettaGraph     *self,
                                       const char       *name,
                                       int               n_dims,
                                       const int        *shape);
/* Parameters asked for from now on are taken as they are and get no gradient: what teaches another network
 * through this one. */
void        arietta_graph_freeze      (AriettaGraph     *self);
/* A tensor of the parameters, by name. */
AriettaNode arietta_graph_param       (AriettaGraph     *self,
                                       const char       *name);
/* Standard normal numbers, drawn anew from @stream (borrowed) in each forward. */
AriettaNode arietta_graph_normal      (AriettaGraph     *self,
                                       AriettaRandom    *stream,
                                       int               n_dims,
                                       const int        *shape);

/* --- Operations; the formulas and their gradients stand beside each in arietta-ops-*.c --- */

/* y (...,H) = x (...,D) W (H,D)^T + b (H); bias may be NONE. */
AriettaNode arietta_graph_linear      (AriettaGraph     *self,
                                       AriettaNode       x,
                                       AriettaNode       weight,
                                       AriettaNode       bias);
/* The same with the parameters NAME.weight and, where it exists, NAME.bias. */
AriettaNode arietta_graph_linear_named (AriettaGraph    *self,
                                       AriettaNode       x,
                                       const char       *name);
/* y (...,D) = table (V,D)[ids (...)]; an id below 0 gives zeros. */
AriettaNode arietta_graph_embedding   (AriettaGraph     *self,
                                       AriettaNode       ids,
                                       AriettaNode       table);

typedef struct
{
  AriettaNode inputs;    /* (T,B,4H): x W_ih^T of every step, e.g. by linear */
  AriettaNode constant;  /* (B,4H): the same at each step */
  AriettaNode bias;      /* (4H) */
  AriettaNode ids[2];    /* (T,B): each adds a row of its table */
  AriettaNode tables[2]; /* (V,4H) */
  AriettaNode weight;    /* W_hh (4H,H); the only one that must be, with inputs or ids[0] */
  AriettaNode h0, c0;    /* (B,H); NONE: zeros */
  AriettaNode lengths;   /* (B) int: steps of each sequence, 1..T; NONE: T each */
  gboolean    reverse;   /* from the last step to the first */
} AriettaLstmNodes;

typedef struct
{
  AriettaNode y;         /* (T,B,H) */
  AriettaNode h_last;    /* (B,H): after the last step run */
  AriettaNode c_last;    /* (B,H) */
} AriettaLstmOutputs;

/* See math/arietta-lstm.h.  Gates i, f, g, o.  A bidirectional layer is two of these, one reversed, and
 * a concat of y or of h_last. */
AriettaLstmOutputs arietta_graph_lstm (AriettaGraph           *self,
                                       const AriettaLstmNodes *nodes);

AriettaNode arietta_graph_activation  (AriettaGraph      *self,
                                       AriettaNode        x,
                                       AriettaActivation  function);
/* a + b; b's shape is a's or the end of it, and is repeated over the dimensions before. */
AriettaNode arietta_graph_add         (AriettaGraph     *self,
                                       AriettaNode       a,
                                       AriettaNode       b);
/* a b, element by element; equal shapes. */
AriettaNode arietta_graph_multiply    (AriettaGraph     *self,
                                       AriettaNode       a,
                                       AriettaNode       b);
AriettaNode arietta_graph_scale       (AriettaGraph     *self,
                                       AriettaNode       x,
                                       double            factor);
/* y (...) = sum over the first dimension of x (T,...). */
AriettaNode arietta_graph_sum_first   (AriettaGraph     *self,
                                       AriettaNode       x);
/* Side by side along the last dimension; the others equal. */
AriettaNode arietta_graph_concat      (AriettaGraph      *self,
                                       const AriettaNode *nodes,
                                       int                n_nodes);
/* @n columns of the last dimension, from @from on. */
AriettaNode arietta_graph_slice       (AriettaGraph     *self,
                                       AriettaNode       x,
                                       int               from,
                                       int               n);
/* Softmax over the last dimension. */
AriettaNode arietta_graph_softmax     (AriettaGraph     *self,
                                       AriettaNode       x);
/* Each element 0 with chance @rate, else times 1 / (1 - rate); x itself in EVAL.  @stream is borrowed. */
AriettaNode arietta_graph_dropout     (AriettaGraph     *self,
                                       AriettaNode       x,
                                       double            rate,
                                       AriettaRandom    *stream);
/* mu + e^(logvar / 2) noise; equal shapes. */
AriettaNode arietta_graph_reparameterise (AriettaGraph  *self,
                                       AriettaNode       mu,
                                       AriettaNode       logvar,
                                       AriettaNode       noise);

/* --- Losses: scalars --- */

/* Softmax cross-entropy of logits (...,V) with targets (...) in nats: the sum over rows divided by
 * @divisor, or, if that is 0, by the sum of the rows' weights.  A target below 0 leaves its row out;
 * @weights (...) may be NONE: 1 each.  @accuracy, if not NULL, becomes the share (by weight) of rows whose
 * largest logit is the target's; it has no gradient. */
AriettaNode arietta_graph_cross_entropy (AriettaGraph   *self,
                                       AriettaNode       logits,
                                       AriettaNode       targets,
                                       AriettaNode       weights,
                                       double            smoothing,
                                       double            divisor,
                                       AriettaNode      *accuracy);
/* Sum of weights (x - target)^2, divided as above; weights (...) of the shape of x without its last
 * dimension, which is the mask where some rows have no target, or NONE. */
AriettaNode arietta_graph_squared_error (AriettaGraph   *self,
                                       AriettaNode       x,
                                       AriettaNode       target,
                                       AriettaNode       weights,
                                       double            divisor);
/* Divergence of N(mu, e^logvar) from N(0, 1), mu and logvar (B,D): the mean over examples of
 * max (kl - free_nats, 0).  @plain, if not NULL, becomes the mean of kl itself. */
AriettaNode arietta_graph_gaussian_kl (AriettaGraph     *self,
                                       AriettaNode       mu,
                                       AriettaNode       logvar,
                                       double            free_nats,
                                       AriettaNode      *plain);
/* Sum of weights[i] nodes[i]; @weights (n) is mostly an input, so that it may change with the step. */
AriettaNode arietta_graph_weighted_sum (AriettaGraph     *self,
                                       const AriettaNode *nodes,
                                       int                n_nodes,
                                       AriettaNode        weights);
/* Sum of x weights over all elements, equal shapes; what tests need to make a scalar of anything. */
AriettaNode arietta_graph_dot         (AriettaGraph     *self,
                                       AriettaNode       x,
                                       AriettaNode       weights);

/* --- Compiling --- */

/* Names a node for error sentences and returns it. */
AriettaNode arietta_graph_label       (AriettaGraph     *self,
                                       AriettaNode       node,
                                       const char       *label);
/* The value may be read after a forward; without it the buffer may have been reused.  Inputs, parameters
 * and scalars always may. */
AriettaNode arietta_graph_keep        (AriettaGraph     *self,
                                       AriettaNode       node);
/* An input whose gradient is wanted too (and may be read after backward). */
AriettaNode arietta_graph_require_gradient (AriettaGraph *self,
                                       AriettaNode       input);
/* @loss: the scalar that backward starts from; NONE in EVAL.  Errors: ARIETTA_NN_ERROR_MISMATCH, saying
 * which operation and shapes. */
gboolean    arietta_graph_compile     (AriettaGraph     *self,
                                       AriettaNode       loss,
                                       GError          **error);

/* Before compiling: this graph will lie in the memory of @other, compiled already, if that is large enough; else in
 * its own.  For graphs that take turns: what one held is gone once the other has run, inputs included.  @other
 * must outlive this one. */
void        arietta_graph_share_memory (AriettaGraph    *self,
                                       AriettaGraph     *other);
/* In TRAIN, for a network whose loss is another one's business, a critic's: backward begins from the gradient of
 * @outcome, which the caller writes to arietta_graph_get_gradient () between forward and backward. */
gboolean    arietta_graph_compile_towards (AriettaGraph *self,
                                       AriettaNode       outcome,
                                       GError          **error);

/* --- Running --- */

/* All operations, or those that arietta_graph_forward_to () left. */
void        arietta_graph_forward     (AriettaGraph     *self);
/* Operations in order of building up to the one that makes @node (which should be kept).  What they give
 * may then decide what the remaining inputs are: scheduled sampling encodes, samples tokens from z by
 * arietta-lstm-cell.h, fills in the decoder's inputs, and goes on by arietta_graph_forward (). */
void        arietta_graph_forward_to  (AriettaGraph     *self,
                                       AriettaNode       node);
/* Once after a complete forward, in TRAIN.  Adds to the parameters' gradients. */
void        arietta_graph_backward    (AriettaGraph     *self);

AriettaReal *arietta_graph_get_values   (AriettaGraph   *self,
                                       AriettaNode       node);
gint32      *arietta_graph_get_ints     (AriettaGraph   *self,
                                       AriettaNode       node);
/* NULL if it has none.  For inputs of arietta_graph_require_gradient (). */
AriettaReal *arietta_graph_get_gradient (AriettaGraph   *self,
                                       AriettaNode       node);
double       arietta_graph_get_scalar   (AriettaGraph   *self,
                                       AriettaNode       node);
/* The scalar given to arietta_graph_compile (), in TRAIN. */
double       arietta_graph_get_loss     (AriettaGraph   *self);
/* Copies the dimensions and returns how many. */
int          arietta_graph_get_shape    (AriettaGraph   *self,
                                       AriettaNode       node,
                                       int               shape[ARIETTA_MAX_DIMS]);
gsize        arietta_graph_get_n_elements (AriettaGraph *self,
                                       AriettaNode       node);
/* Bytes of the one block; 0 if it is another one's. */
gsize        arietta_graph_get_memory   (AriettaGraph   *self);

/* After a step that gave NaN or infinity, with inputs and parameters as they were: runs it again with
 * the same random numbers, operation by operation, and names the first whose values or gradients are not
 * finite ("lstm “decoder”, forward").  NULL if all are.  Adds to gradients like a step does. */
char        *arietta_graph_find_not_finite (AriettaGraph *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
