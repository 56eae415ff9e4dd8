/* arietta-note-graph.h - a piece as a graph: notes, and how they stand to each other in time
 *
 * A node is a note.  Four kinds of edges, each from the earlier note to the later one (of two that
 * begin together from the one that stands first), after Karystinaios and Widmer, "Cadence Detection
 * in Symbolic Classical Music using Graph Neural Networks" (2022): they begin together; the other
 * begins where this one ends; the other begins while this one sounds; the other is the first to
 * begin after this one, across a rest.  Of a kind a note has at most 32 edges forward, the nearest,
 * so that a pedal note under a whole piece stays a note like others.
 *
 * Notes keep all they are, so a piece comes back as it was.
 *
 * Threads: immutable.
 */
#pragma once

#include "analysis/arietta-kept.h"

G_BEGIN_DECLS

#define ARIETTA_NOTE_GRAPH_MOST_EDGES 32

typedef enum
{
  ARIETTA_EDGE_TOGETHER,
  ARIETTA_EDGE_FOLLOWS,
  ARIETTA_EDGE_DURING,
  ARIETTA_EDGE_AFTER_REST,
  ARIETTA_EDGE_N_KINDS
} AriettaEdgeKind;

typedef struct
{
  AriettaNote note;
  guint       track;
} AriettaGraphNode;

typedef struct
{
  guint           from, to;   /* nodes */
  AriettaEdgeKind kind;
} AriettaGraphEdge;

typedef struct _AriettaNoteGraph AriettaNoteGraph;

/* NULL for a piece without notes. */
AriettaNoteGraph       *arietta_note_graph_new        (AriettaPiece           *piece) G_GNUC_WARN_UNUSED_RESULT;
void                    arietta_note_graph_free       (AriettaNoteGraph       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaNoteGraph, arietta_note_graph_free)
/* By onset, then pitch, then track; borrowed. */
const AriettaGraphNode *arietta_note_graph_get_nodes  (AriettaNoteGraph       *self,
                                                       guint                  *n);
/* By the node they come from; borrowed. */
const AriettaGraphEdge *arietta_note_graph_get_edges  (AriettaNoteGraph       *self,
                                                       guint                  *n);
/* The frozen piece: tracks, maps and events are those of @frame, the notes those of the nodes. */
AriettaPiece           *arietta_note_graph_to_piece   (AriettaNoteGraph       *self,
                                                       AriettaPiece           *frame) G_GNUC_WARN_UNUSED_RESULT;
/* There and back; NULL as above. */
AriettaPiece           *arietta_note_graph_round_trip (AriettaPiece           *piece,
                                                       AriettaKept            *kept) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
