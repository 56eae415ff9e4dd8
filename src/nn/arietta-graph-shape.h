/* arietta-graph-shape.h - operations that move and add up along dimensions
 *
 * Dimensions count from 0; a negative one counts from the last, -1.
 */
#pragma once

#include "nn/arietta-graph.h"

G_BEGIN_DECLS

/* The same numbers in the same order; one dimension may be -1: what is left. */
AriettaNode arietta_graph_reshape    (AriettaGraph *self,
                                      AriettaNode   x,
                                      int           n_dims,
                                      const int    *shape);
/* Two dimensions changed with each other. */
AriettaNode arietta_graph_transpose  (AriettaGraph *self,
                                      AriettaNode   x,
                                      int           first,
                                      int           second);
/* Over one dimension, which goes away. */
AriettaNode arietta_graph_sum        (AriettaGraph *self,
                                      AriettaNode   x,
                                      int           dimension);
AriettaNode arietta_graph_mean       (AriettaGraph *self,
                                      AriettaNode   x,
                                      int           dimension);
/* Over all of it: a scalar. */
AriettaNode arietta_graph_sum_all    (AriettaGraph *self,
                                      AriettaNode   x);
AriettaNode arietta_graph_mean_all   (AriettaGraph *self,
                                      AriettaNode   x);

G_END_DECLS
