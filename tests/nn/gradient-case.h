/* gradient-case.h - backward against central differences, on the twin compiled for double
 *
 *   gradient_case_init (&c);
 *   gradient_case_add (&c, "x", ARIETTA_SHAPE (2, 3));          // all that may vary is a parameter
 *   gradient_case_begin (&c);                                   // c.graph is there from here on
 *   y = arietta_graph_..(c.graph, gradient_case_param (&c, "x"));
 *   loss = gradient_case_scalar_of (&c, y, "w");                // an input named w, at loss - 1
 *   gradient_case_compile (&c, loss);
 *   gradient_case_fill (&c, loss - 1);
 *   gradient_case_check (&c, loss);                             // and frees it all
 */
#pragma once

#include "nn/arietta-graph.h"

G_BEGIN_DECLS

typedef struct
{
  AriettaParams *params;
  AriettaGraph  *graph;
  AriettaRandom  stream; /* for operations that need chance: the same numbers in each run */
} GradientCase;

void        gradient_case_init      (GradientCase *c);
/* A parameter of normal numbers. */
void        gradient_case_add       (GradientCase *c,
                                     const char   *name,
                                     int           n_dims,
                                     const int    *shape);
void        gradient_case_begin     (GradientCase *c);
AriettaNode gradient_case_param     (GradientCase *c,
                                     const char   *name);
/* A scalar that weighs every element of @node differently, by an input. */
AriettaNode gradient_case_scalar_of (GradientCase *c,
                                     AriettaNode   node,
                                     const char   *name);
void        gradient_case_compile   (GradientCase *c,
                                     AriettaNode   loss);
/* Normal numbers into an input. */
void        gradient_case_fill      (GradientCase *c,
                                     AriettaNode   node);
/* Every parameter's every element, then frees the case. */
void        gradient_case_check     (GradientCase *c,
                                     AriettaNode   loss);

G_END_DECLS
