#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-note-graph.h"

struct _AriettaNoteGraph
{
  GArray *nodes;   /* AriettaGraphNode */
  GArray *edges;   /* AriettaGraphEdge */
};

static int
compare_cb (gconstpointer a,
            gconstpointer b)
{
  const AriettaGraphNode *one = a, *other = b;

  if (one->note.onset_ticks != other->note.onset_ticks)
    return one->note.onset_ticks < other->note.onset_ticks ? -1 : 1;
  if (one->note.pitch != other->note.pitch)
    return one->note.pitch < other->note.pitch ? -1 : 1;
  return one->track < other->track ? -1 : one->track > other->track;
}

static gint64
get_onset (AriettaNoteGraph *self,
           guint             node)
{
  return g_array_index (self->nodes, AriettaGraphNode, node).note.onset_ticks;
}

/* The first node that begins at @tick or later; at least @from. */
static guint
find_onset (AriettaNoteGraph *self,
            gint64            tick,
            guint             from)
{
  guint low = from, high = self->nodes->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (get_onset (self, middle) < tick)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* To all nodes from @first on that begin before @end, the nearest ones; how many. */
static guint
add_edges (AriettaNoteGraph *self,
           guint             from,
           guint             first,
           gint64            end,
           AriettaEdgeKind   kind)
{
  guint n = 0;

  for (guint to = first; to < self->nodes->len && get_onset (self, to) < end && n < ARIETTA_NOTE_GRAPH_MOST_EDGES; to++, n++)
    {
      const AriettaGraphEdge edge = { from, to, kind };

      g_array_append_val (self->edges, edge);
    }
  return n;
}

static void
connect_node (AriettaNoteGraph *self,
              guint             node)
{
  const AriettaNote *note = &g_array_index (self->nodes, AriettaGraphNode, node).note;
  gint64             onset = note->onset_ticks, end = onset + MAX (note->duration_ticks, 1);
  guint              later = find_onset (self, onset + 1, node + 1), after = find_onset (self, end, later);

  add_edges (self, node, node + 1, onset + 1, ARIETTA_EDGE_TOGETHER);
  add_edges (self, node, later, end, ARIETTA_EDGE_DURING);
  if (add_edges (self, node, after, end + 1, ARIETTA_EDGE_FOLLOWS) == 0 && after < self->nodes->len)
    add_edges (self, node, after, get_onset (self, after) + 1, ARIETTA_EDGE_AFTER_REST);
}

AriettaNoteGraph *
arietta_note_graph_new (AriettaPiece *piece)
{
  g_autoptr(AriettaNoteGraph) self = NULL;

  if (arietta_piece_get_n_notes (piece) == 0)
    return NULL;

  self = g_new0 (AriettaNoteGraph, 1);
  self->nodes = g_array_new (FALSE, TRUE, sizeof (AriettaGraphNode));
  self->edges = g_array_new (FALSE, FALSE, sizeof (AriettaGraphEdge));
  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        {
          const AriettaGraphNode node = { notes[i], t };

          g_array_append_val (self->nodes, node);
        }
    }
  g_array_sort (self->nodes, compare_cb);
  for (guint i = 0; i < self->nodes->len; i++)
    connect_node (self, i);
  return g_steal_pointer (&self);
}

void
arietta_note_graph_free (AriettaNoteGraph *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->nodes);
  g_array_unref (self->edges);
  g_free (self);
}

const AriettaGraphNode *
arietta_note_graph_get_nodes (AriettaNoteGraph *self,
                              guint            *n)
{
  *n = self->nodes->len;
  return (const AriettaGraphNode *) (gpointer) self->nodes->data;
}

const AriettaGraphEdge *
arietta_note_graph_get_edges (AriettaNoteGraph *self,
                              guint            *n)
{
  *n = self->edges->len;
  return (const AriettaGraphEdge *) (gpointer) self->edges->data;
}

AriettaPiece *
arietta_note_graph_to_piece (AriettaNoteGraph *self,
                             AriettaPiece     *frame)
{
  AriettaPiece *piece = arietta_piece_copy (frame);

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      GArray *notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));

      for (guint i = 0; i < self->nodes->len; i++)
        {
          const AriettaGraphNode *node = &g_array_index (self->nodes, AriettaGraphNode, i);

          if (node->track == t)
            g_array_append_val (notes, node->note);
        }
      arietta_track_take_notes (arietta_piece_get_track (piece, t), notes);
    }
  return arietta_piece_freeze (piece);
}

AriettaPiece *
arietta_note_graph_round_trip (AriettaPiece *piece,
                               AriettaKept  *kept)
{
  g_autoptr(AriettaNoteGraph) graph = arietta_note_graph_new (piece);
  AriettaPiece               *back;

  *kept = (AriettaKept) { 0 };
  if (graph == NULL)
    return NULL;

  back = arietta_note_graph_to_piece (graph, piece);
  arietta_kept_measure (piece, back, kept);
  return back;
}
