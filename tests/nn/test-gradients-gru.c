/* Gated recurrent units against central differences. */
#include "gradient-case.h"

#include "nn/arietta-graph-gru.h"
#include "nn/arietta-nn-error.h"

#include <string.h>

typedef struct
{
  const char *name;
  gboolean    dense, constant, start, lengths, reverse;
} GruCase;

static const GruCase gru_cases[] = {
  { "tables only", FALSE, FALSE, FALSE, FALSE, FALSE },
  { "everything", TRUE, TRUE, TRUE, FALSE, FALSE },
  { "reversed", TRUE, FALSE, TRUE, FALSE, TRUE },
  { "by length", TRUE, TRUE, TRUE, TRUE, FALSE },
  { "by length, reversed", TRUE, FALSE, FALSE, TRUE, TRUE },
};

static void
check (const GruCase *l,
       int            T,
       int            B,
       int            H)
{
  GradientCase      c;
  AriettaGruNodes   nodes = { .reverse = l->reverse };
  AriettaGruOutputs out;
  AriettaNode       ids, lengths, parts[2], weights, loss;

  gradient_case_init (&c);
  gradient_case_add (&c, "table", ARIETTA_SHAPE (4, 3 * H));
  gradient_case_add (&c, "bias", ARIETTA_SHAPE (3 * H));
  gradient_case_add (&c, "bias_hidden", ARIETTA_SHAPE (3 * H));
  gradient_case_add (&c, "weight", ARIETTA_SHAPE (3 * H, H));
  if (l->dense)
    gradient_case_add (&c, "xg", ARIETTA_SHAPE (T, B, 3 * H));
  if (l->constant)
    gradient_case_add (&c, "zg", ARIETTA_SHAPE (B, 3 * H));
  if (l->start)
    gradient_case_add (&c, "h0", ARIETTA_SHAPE (B, H));
  gradient_case_begin (&c);

  ids = arietta_graph_input_int (c.graph, "ids", ARIETTA_SHAPE (T, B));
  lengths = arietta_graph_input_int (c.graph, "lengths", ARIETTA_SHAPE (B));
  nodes.ids[0] = ids;
  nodes.tables[0] = gradient_case_param (&c, "table");
  nodes.bias = gradient_case_param (&c, "bias");
  nodes.bias_hidden = gradient_case_param (&c, "bias_hidden");
  nodes.weight = gradient_case_param (&c, "weight");
  if (l->dense)
    nodes.inputs = gradient_case_param (&c, "xg");
  if (l->constant)
    nodes.constant = gradient_case_param (&c, "zg");
  if (l->start)
    nodes.h0 = gradient_case_param (&c, "h0");
  if (l->lengths)
    nodes.lengths = lengths;

  out = arietta_graph_gru (c.graph, &nodes);
  parts[0] = gradient_case_scalar_of (&c, out.y, "wy");
  parts[1] = gradient_case_scalar_of (&c, out.h_last, "wh");
  weights = arietta_graph_input (c.graph, "weights", ARIETTA_SHAPE (2));
  loss = arietta_graph_weighted_sum (c.graph, parts, 2, weights);
  gradient_case_compile (&c, loss);

  for (int i = 0; i < 2; i++)
    {
      gradient_case_fill (&c, parts[i] - 1);
      arietta_graph_get_values (c.graph, weights)[i] = 1 + i;
    }
  for (int i = 0; i < T * B; i++)
    arietta_graph_get_ints (c.graph, ids)[i] = (i * 7) % 5 - 1;
  for (int b = 0; b < B; b++)
    arietta_graph_get_ints (c.graph, lengths)[b] = 1 + (b * 2 + 1) % T;

  gradient_case_check (&c, loss);
}

static void
test_gru (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (gru_cases); i++)
    {
      g_test_message ("%s", gru_cases[i].name);
      check (&gru_cases[i], 4, 3, 2);
    }

  check (&gru_cases[4], 2, 70, 1);
}

static void
test_words (void)
{
  g_autoptr(GError) error = NULL;
  GradientCase      c;
  AriettaNode       y;

  gradient_case_init (&c);
  gradient_case_add (&c, "xg", ARIETTA_SHAPE (4, 2, 9));
  gradient_case_add (&c, "weight", ARIETTA_SHAPE (12, 4));
  gradient_case_begin (&c);
  y = arietta_graph_gru (c.graph, &(AriettaGruNodes) {
        .inputs = gradient_case_param (&c, "xg"), .weight = gradient_case_param (&c, "weight") }).y;
  g_assert_false (arietta_graph_compile (c.graph, y, &error));
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "inputs (4,2,9) does not fit T = 4 steps, B = 2 sequences, H = 4 units"));
  arietta_graph_free (c.graph);
  arietta_params_free (c.params);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/gradients/gru", test_gru);
  g_test_add_func ("/nn/gru/misfit-says-which", test_words);

  return g_test_run ();
}
