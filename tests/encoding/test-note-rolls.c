/* Piano rolls and graphs of notes: what stands in them, and that a piece comes back. */
#include "base/arietta-random.h"
#include "encoding/arietta-note-graph.h"
#include "encoding/arietta-note-rolls.h"

static void
add_note (AriettaTrack *track,
          gint64        onset,
          gint64        duration,
          int           pitch,
          int           program)
{
  arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = onset, .duration_ticks = duration, .off_velocity = 64,
                                                  .pitch = (guint8) pitch, .velocity = (guint8) (40 + pitch % 60),
                                                  .program = (guint8) program, .flags = ARIETTA_NOTE_OFF_BY_EVENT });
}

/* On the grid of 24ths, no two notes of a pitch over each other. */
static AriettaPiece *
make_piece (guint nth)
{
  AriettaPiece *piece = arietta_piece_new (nth % 2 == 0 ? 480 : 96);
  int           unit = arietta_piece_get_ticks_per_quarter (piece) / 24;
  AriettaRandom random;

  arietta_random_init (&random, nth, "rolls");
  for (guint t = 0; t < 3; t++)
    {
      AriettaTrack *track = arietta_piece_add_track (piece, "");
      gint64        at = 0;

      for (guint i = 0; i < 60; i++)
        {
          gint64 length = 1 + (gint64) arietta_random_below (&random, 30);

          if (arietta_random_below (&random, 4) > 0)
            add_note (track, at * unit, length * unit, (int) (40 + arietta_random_below (&random, 40)), i < 30 ? 0 : (int) t);
          at += length;
        }
    }
  arietta_piece_set_meter (piece, 0, 3, 4);
  return arietta_piece_freeze (piece);
}

static void
test_rolls (void)
{
  for (guint nth = 0; nth < 20; nth++)
    {
      g_autoptr(AriettaPiece) piece = make_piece (nth), back = NULL;
      AriettaKept             kept;

      back = arietta_note_rolls_round_trip (piece, &kept);
      g_assert_true (arietta_piece_equal (piece, back));
      g_assert_cmpfloat (kept.notes + kept.onsets + kept.durations + kept.velocities, ==, 4.0);
    }
}

/* A note struck again is two; one between the steps goes to the nearest and lasts a step at least. */
static void
test_cells (void)
{
  AriettaPiece           *made = arietta_piece_new (480);
  AriettaTrack           *track = arietta_piece_add_track (made, "");
  g_autoptr(AriettaPiece) piece = made;
  g_autoptr(GPtrArray)    rolls = NULL;
  const AriettaNoteRoll  *roll;

  add_note (track, 0, 480, 60, 0);
  add_note (track, 240, 480, 60, 0);
  add_note (track, 969, 1, 62, 0);
  arietta_piece_freeze (made);
  rolls = arietta_note_rolls_new (piece);
  g_assert_cmpuint (rolls->len, ==, 1);
  roll = rolls->pdata[0];
  g_assert_cmpint (roll->cells[0 * 128 + 60], ==, 40 | 0x80);
  g_assert_cmpint (roll->cells[11 * 128 + 60], ==, 40);
  g_assert_cmpint (roll->cells[12 * 128 + 60], ==, 40 | 0x80);
  g_assert_cmpint (roll->cells[35 * 128 + 60], ==, 40);
  g_assert_cmpint (roll->cells[36 * 128 + 60], ==, 0);
  g_assert_cmpint (roll->cells[48 * 128 + 62], ==, 42 | 0x80);
}

static void
test_too_long (void)
{
  AriettaPiece           *made = arietta_piece_new (1);
  g_autoptr(AriettaPiece) piece = made, empty = arietta_piece_freeze (arietta_piece_new (480)), back = NULL;
  AriettaKept             kept;

  add_note (arietta_piece_add_track (made, ""), 200000000, 1, 60, 0);
  arietta_piece_freeze (made);
  g_assert_null (arietta_note_rolls_new (piece));
  g_assert_null (arietta_note_rolls_new (empty));
  g_assert_null (arietta_note_graph_round_trip (empty, &kept));
  back = arietta_note_graph_round_trip (piece, &kept);
  g_assert_true (arietta_piece_equal (piece, back));
}

static gboolean
has_edge (AriettaNoteGraph *graph,
          guint             from,
          guint             to,
          AriettaEdgeKind   kind)
{
  guint                   n;
  const AriettaGraphEdge *edges = arietta_note_graph_get_edges (graph, &n);

  for (guint i = 0; i < n; i++)
    if (edges[i].from == from && edges[i].to == to && edges[i].kind == kind)
      return TRUE;
  return FALSE;
}

static void
test_graph (void)
{
  AriettaPiece                *made = arietta_piece_new (480);
  AriettaTrack                *track = arietta_piece_add_track (made, "");
  g_autoptr(AriettaPiece)      piece = made;
  g_autoptr(AriettaNoteGraph)  graph = NULL;
  guint                        n;

  add_note (track, 0, 480, 60, 0);       /* 0 */
  add_note (track, 0, 960, 64, 0);       /* 1 */
  add_note (track, 480, 240, 62, 0);     /* 2 */
  add_note (track, 1200, 240, 65, 0);    /* 3 */
  arietta_piece_freeze (made);
  graph = arietta_note_graph_new (piece);
  arietta_note_graph_get_nodes (graph, &n);
  g_assert_cmpuint (n, ==, 4);
  g_assert_true (has_edge (graph, 0, 1, ARIETTA_EDGE_TOGETHER));
  g_assert_true (has_edge (graph, 0, 2, ARIETTA_EDGE_FOLLOWS));
  g_assert_true (has_edge (graph, 1, 2, ARIETTA_EDGE_DURING));
  g_assert_true (has_edge (graph, 1, 3, ARIETTA_EDGE_AFTER_REST));
  g_assert_true (has_edge (graph, 2, 3, ARIETTA_EDGE_AFTER_REST));
  arietta_note_graph_get_edges (graph, &n);
  g_assert_cmpuint (n, ==, 5);

  for (guint nth = 0; nth < 10; nth++)
    {
      g_autoptr(AriettaPiece) given = make_piece (nth), back = NULL;
      AriettaKept             kept;

      back = arietta_note_graph_round_trip (given, &kept);
      g_assert_true (arietta_piece_equal (given, back));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/note-rolls/there-and-back", test_rolls);
  g_test_add_func ("/note-rolls/cells", test_cells);
  g_test_add_func ("/note-rolls/too-long", test_too_long);
  g_test_add_func ("/note-graph/edges", test_graph);

  return g_test_run ();
}
