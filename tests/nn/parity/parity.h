/* parity.h - checks of the engine against another implementation's numbers, a fixture at a time
 *
 * A fixture is a file of tensors (golden/torch/README.md has the layouts): inputs, weights, and what
 * PyTorch made of them.  A check builds the same thing in our engine, runs it, and compares.  To add a
 * fixture: a line in parity-fixtures.h, and a function
 *
 *   void
 *   parity_linear (Parity *c)
 *   {
 *     parity_param (c, "x", "x", PARITY_AS_IS);              // declared in the tensor's shape
 *     parity_param (c, "weight", "weight", PARITY_AS_IS);
 *     parity_begin (c);                                      // c->graph is there from here on
 *     y = arietta_graph_linear (c->graph, ...);
 *     loss = parity_dot (c, parity_node (c, y, "y"), "gy");  // compares y after the run
 *     parity_run (c, loss);                                  // compile, fill, forward, backward
 *     parity_gradient (c, "x", "grad.x");
 *   }
 *
 * in tests/nn/parity/, and the file itself in tests/golden/torch.  A fixture passes if nothing differed and
 * every tensor of the file was read, so nothing is half checked.  Shapes and settings are the file's: other
 * fixtures of the same layout are checked as well.
 *
 * A fixture that lacks what a check needs ends that check there (parity_give_up ()); all that the functions
 * here return belongs to the Parity, so nothing leaks then.
 */
#pragma once

#include "nn/arietta-graph.h"
#include "nn/arietta-safetensors.h"

G_BEGIN_DECLS

/* How a fixture's tensor lies in ours. */
typedef enum
{
  PARITY_AS_IS,
  PARITY_SWAPPED, /* the first two dimensions changed: batch first to time first, or a transposed matrix */
  PARITY_CHANNELS_LAST, /* images (B,C,H,W) as ours (B,H,W,C); a matrix stays as it is */
  PARITY_KERNEL,        /* weights of convolution (D,C,KH,KW) as ours (KH,KW,C,D) */
} ParityLayout;

typedef struct _ParityState ParityState;

typedef struct
{
  AriettaParams *params;  /* anew after parity_again () */
  AriettaGraph  *graph;   /* after parity_begin () */
  ParityState   *state;
} Parity;

/* Strings that live as long as the check. */
const char              *parity_name         (Parity            *c,
                                              const char        *format,
                                              ...) G_GNUC_PRINTF (2, 3);
/* @object is freed after the check, before params and graph. */
gpointer                 parity_own          (Parity            *c,
                                              gpointer           object,
                                              GDestroyNotify     destroy);

/* --- Reading --- */

gboolean                 parity_has          (Parity            *c,
                                              const char        *tensor);
const AriettaTensorView *parity_view         (Parity            *c,
                                              const char        *tensor);
/* A dimension of a tensor; 1 beyond the last. */
int                      parity_size         (Parity            *c,
                                              const char        *tensor,
                                              int                dimension);
const float             *parity_floats       (Parity            *c,
                                              const char        *tensor);
/* A value of the file's __metadata__. */
const char              *parity_metadata     (Parity            *c,
                                              const char        *key);
/* The number number @nth after NAME in that value: "stride=1,2 pad=1", "{"lr": 0.01, ...}" and "kernel 2,2"
 * alike; @otherwise if it is not there. */
double                   parity_setting      (Parity            *c,
                                              const char        *key,
                                              const char        *name,
                                              int                nth,
                                              double             otherwise);

/* --- Building --- */

/* Declares a parameter with the shape and, after parity_begin (), the values of a tensor. */
void                     parity_param        (Parity            *c,
                                              const char        *name,
                                              const char        *tensor,
                                              ParityLayout       layout);
/* Declares a parameter of any shape, with values (borrowed until parity_begin ()), n as the shape says. */
void                     parity_param_values (Parity            *c,
                                              const char        *name,
                                              const float       *values,
                                              int                n_dims,
                                              const int         *shape);
void                     parity_begin        (Parity            *c);
/* An input with shape and values of a tensor; of integers if the tensor is. */
AriettaNode              parity_input        (Parity            *c,
                                              const char        *tensor,
                                              ParityLayout       layout);
/* sum (node . tensor): the loss of the fixtures of single operations. */
AriettaNode              parity_dot          (Parity            *c,
                                              AriettaNode        node,
                                              const char        *tensor,
                                              ParityLayout       layout);
/* Compares @node with a tensor after each run; returns @node. */
AriettaNode              parity_node         (Parity            *c,
                                              AriettaNode        node,
                                              const char        *tensor,
                                              ParityLayout       layout);
/* Sum of scalars. */
AriettaNode              parity_sum          (Parity            *c,
                                              const AriettaNode *nodes,
                                              int                n_nodes);
/* Compiles and fills the inputs; for checks that fill more themselves before parity_run (). */
void                     parity_compile      (Parity            *c,
                                              AriettaNode        loss);
/* Compiles what is not compiled yet, runs forward and backward from zero gradients, and compares what
 * parity_node () asked for. */
void                     parity_run          (Parity            *c,
                                              AriettaNode        loss);
/* From now on runs compare no nodes: their values after a step of an optimiser are others. */
void                     parity_forget_nodes (Parity            *c);
/* Throws params, graph and all that was given out so far away, for another case of the same file. */
void                     parity_again        (Parity            *c);

/* --- Comparing --- */

/* From now on |a-b| <= absolute + relative |b|; 1e-5 and 1e-4 to begin with. */
void                     parity_tolerance    (Parity            *c,
                                              double             absolute,
                                              double             relative);
void                     parity_values       (Parity            *c,
                                              const AriettaReal *ours,
                                              gsize              n,
                                              const char        *tensor,
                                              ParityLayout       layout);
/* @n numbers with as many, called @what in sentences. */
void                     parity_near         (Parity            *c,
                                              const AriettaReal *ours,
                                              const float       *theirs,
                                              gsize              n,
                                              const char        *what);
void                     parity_gradient     (Parity            *c,
                                              const char        *param,
                                              const char        *tensor,
                                              ParityLayout       layout);
void                     parity_weights      (Parity            *c,
                                              const char        *param,
                                              const char        *tensor,
                                              ParityLayout       layout);
/* Notes a difference in words. */
void                     parity_differs      (Parity            *c,
                                              const char        *format,
                                              ...) G_GNUC_PRINTF (2, 3);
/* The same, and the check ends here. */
void                     parity_give_up      (Parity            *c,
                                              const char        *format,
                                              ...) G_GNUC_PRINTF (2, 3) G_GNUC_NORETURN;
/* Tensors (a pattern) that the engine has nothing for yet: they need not be read, and that is printed. */
void                     parity_leave_out    (Parity            *c,
                                              const char        *pattern);

/* --- For the program --- */

/* Checks one file, printing each difference; TRUE if there was none. */
gboolean                 parity_check_file   (const char        *path,
                                              void             (*check) (Parity *c));

G_END_DECLS
