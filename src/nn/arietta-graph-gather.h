/* arietta-graph-gather.h - operations on facts: sums of table rows, answers told from a place
 *
 * See math/arietta-gather.h, and arietta-graph.h for how a graph is built.
 */
#pragma once

#include "nn/arietta-graph.h"

G_BEGIN_DECLS

/* y (...,D) = sum over the last dimension of table (V,D)[ids (...,K)]; an id below 0 adds nothing. */
AriettaNode arietta_graph_bag   (AriettaGraph *self,
                                 AriettaNode   ids,
                                 AriettaNode   table);
/* y (...,V): column j >= 1 is column j - place + V of x (...,2V); column 0 is 0, and so is a row whose
 * place in places (...) is below 0.  A network that answers by columns of x answers by distance. */
AriettaNode arietta_graph_align (AriettaGraph *self,
                                 AriettaNode   x,
                                 AriettaNode   places);
/* y (...,V) = x (...,V) with weights (...,K) added at columns ids (...,K); an id below 0 adds nothing.
 * Logits of answers that something else already proposes. */
AriettaNode arietta_graph_point (AriettaGraph *self,
                                 AriettaNode   x,
                                 AriettaNode   ids,
                                 AriettaNode   weights);

G_END_DECLS
