/* The engine against PyTorch's numbers, see golden/torch/README.md. */
#include "nn/arietta-graph.h"
#include "nn/arietta-lstm-cell.h"
#include "nn/arietta-optimiser.h"
#include "nn/arietta-safetensors.h"

#include <math.h>
#include <string.h>

typedef struct
{
  AriettaSafetensors *file;
  AriettaParams      *params;
  AriettaGraph       *graph;
} Case;

static void
case_init (Case       *c,
           const char *name)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *file = g_strconcat (name, ".safetensors", NULL);
  g_autofree char  *path = g_test_build_filename (G_TEST_DIST, "golden", "torch", file, NULL);

  c->file = arietta_safetensors_open (path, &error);
  g_assert_no_error (error);
  c->params = arietta_params_new ();
  c->graph = NULL;
}

static void
case_clear (Case *c)
{
  arietta_graph_free (c->graph);
  arietta_params_free (c->params);
  arietta_safetensors_free (c->file);
}

static const AriettaTensorView *
view (Case       *c,
      const char *name)
{
  const AriettaTensorView *v = arietta_safetensors_find (c->file, name);

  if (v == NULL)
    g_error ("the fixture has no tensor %s", name);

  return v;
}

static float *
floats (Case       *c,
        const char *name)
{
  float *values = arietta_tensor_view_dup_f32 (view (c, name), NULL);

  g_assert_nonnull (values);

  return values;
}

/* How a fixture's tensor lies in ours. */
typedef enum
{
  AS_IS,
  SWAPPED,  /* the first two dimensions changed: batch first to time first, or a transposed matrix */
} Layout;

static void
copy_laid (AriettaReal             *to,
           const float             *from,
           const AriettaTensorView *v,
           Layout                   layout)
{
  gsize A = layout == SWAPPED ? (gsize) v->shape[0] : 1;
  gsize B = layout == SWAPPED ? (gsize) v->shape[1] : v->n_elements;
  gsize D = v->n_elements / (A * B);

  for (gsize a = 0; a < A; a++)
    for (gsize b = 0; b < B; b++)
      for (gsize d = 0; d < D; d++)
        to[(b * A + a) * D + d] = from[(a * B + b) * D + d];
}

/* Declares a parameter in the shape of the fixture's tensor. */
static void
declare (Case       *c,
         const char *name,
         const char *tensor,
         Layout      layout)
{
  const AriettaTensorView *v = view (c, tensor);
  int                      shape[ARIETTA_MAX_DIMS], n_dims = v->n_dims;

  for (int i = 0; i < n_dims; i++)
    shape[i] = (int) v->shape[i];
  if (layout == SWAPPED)
    {
      shape[0] = (int) v->shape[1];
      shape[1] = (int) v->shape[0];
    }
  arietta_params_add (c->params, name, ARIETTA_INIT_ZERO, 0, n_dims, shape);
}

static void
set (Case        *c,
     AriettaReal *values,
     const char  *tensor,
     Layout       layout)
{
  g_autofree float *from = floats (c, tensor);

  copy_laid (values, from, view (c, tensor), layout);
}

static void
begin (Case *c)
{
  arietta_params_allocate (c->params, 1);
  c->graph = arietta_graph_new (c->params, ARIETTA_GRAPH_TRAIN);
}

static void
near (const AriettaReal *ours,
      const float       *theirs,
      gsize              n,
      const char        *what,
      double             absolute,
      double             relative)
{
  for (gsize i = 0; i < n; i++)
    if (!(fabs ((double) ours[i] - theirs[i]) <= absolute + relative * fabs ((double) theirs[i])))
      g_error ("%s[%" G_GSIZE_FORMAT "]: %.9g, PyTorch %.9g", what, i, (double) ours[i], theirs[i]);
}

/* @ours lies as the tensor does in our layout. */
static void
same (Case              *c,
      const AriettaReal *ours,
      const char        *tensor,
      Layout             layout)
{
  const AriettaTensorView *v = view (c, tensor);
  g_autofree float        *from = floats (c, tensor);
  g_autofree AriettaReal  *laid = g_new (AriettaReal, v->n_elements);
  g_autofree float        *theirs = g_new (float, v->n_elements);

  copy_laid (laid, from, v, layout);
  for (gsize i = 0; i < v->n_elements; i++)
    theirs[i] = (float) laid[i];
  near (ours, theirs, v->n_elements, tensor, 1e-5, 1e-4);
}

static const AriettaReal *
gradient (Case       *c,
          const char *name)
{
  return arietta_params_get_gradients (c->params) + arietta_params_find (c->params, name)->offset;
}

static AriettaNode
dot (Case        *c,
     AriettaNode  node,
     AriettaNode *weights)
{
  int shape[ARIETTA_MAX_DIMS];
  int n_dims = arietta_graph_get_shape (c->graph, node, shape);

  *weights = arietta_graph_input (c->graph, "incoming gradient", n_dims, shape);

  return arietta_graph_dot (c->graph, node, *weights);
}

static void
compile (Case        *c,
         AriettaNode  loss)
{
  g_autoptr(GError) error = NULL;

  arietta_graph_compile (c->graph, loss, &error);
  g_assert_no_error (error);
}

static void
run (Case *c)
{
  arietta_params_zero_gradients (c->params);
  arietta_graph_forward (c->graph);
  arietta_graph_backward (c->graph);
}

static void
test_linear (void)
{
  Case        c;
  AriettaNode y, gy, loss;

  case_init (&c, "linear");
  declare (&c, "x", "x", AS_IS);
  declare (&c, "f.weight", "weight", AS_IS);
  declare (&c, "f.bias", "bias", AS_IS);
  begin (&c);
  y = arietta_graph_keep (c.graph, arietta_graph_linear_named (c.graph, arietta_graph_param (c.graph, "x"), "f"));
  loss = dot (&c, y, &gy);
  compile (&c, loss);
  set (&c, arietta_params_get (c.params, "x"), "x", AS_IS);
  set (&c, arietta_params_get (c.params, "f.weight"), "weight", AS_IS);
  set (&c, arietta_params_get (c.params, "f.bias"), "bias", AS_IS);
  set (&c, arietta_graph_get_values (c.graph, gy), "gy", AS_IS);
  run (&c);
  same (&c, arietta_graph_get_values (c.graph, y), "y", AS_IS);
  same (&c, arietta_graph_get_values (c.graph, loss), "loss", AS_IS);
  same (&c, gradient (&c, "x"), "grad.x", AS_IS);
  same (&c, gradient (&c, "f.weight"), "grad.weight", AS_IS);
  same (&c, gradient (&c, "f.bias"), "grad.bias", AS_IS);
  case_clear (&c);
}

static void
set_ints (Case       *c,
          gint32     *to,
          const char *tensor,
          Layout      layout)
{
  const AriettaTensorView *v = view (c, tensor);
  gsize                    A = layout == SWAPPED ? (gsize) v->shape[0] : 1;
  gsize                    B = v->n_elements / A;

  g_assert_cmpint (v->dtype, ==, ARIETTA_DTYPE_I64);
  for (gsize i = 0; i < v->n_elements; i++)
    {
      gint64 value;

      memcpy (&value, (const char *) v->data + i * sizeof value, sizeof value);
      to[(i % B) * A + i / B] = (gint32) value;
    }
}

static void
test_embedding (void)
{
  Case        c;
  AriettaNode ids, y, gy, loss;

  case_init (&c, "embedding");
  declare (&c, "weight", "weight", AS_IS);
  begin (&c);
  ids = arietta_graph_input_int (c.graph, "ids", ARIETTA_SHAPE (3, 6));
  y = arietta_graph_keep (c.graph, arietta_graph_embedding (c.graph, ids, arietta_graph_param (c.graph, "weight")));
  loss = dot (&c, y, &gy);
  compile (&c, loss);
  set (&c, arietta_params_get (c.params, "weight"), "weight", AS_IS);
  set_ints (&c, arietta_graph_get_ints (c.graph, ids), "ids", AS_IS);
  set (&c, arietta_graph_get_values (c.graph, gy), "gy", AS_IS);
  run (&c);
  same (&c, arietta_graph_get_values (c.graph, y), "y", AS_IS);
  same (&c, gradient (&c, "weight"), "grad.weight", AS_IS);
  case_clear (&c);
}

static void
test_activations (void)
{
  static const struct
  {
    const char        *name;
    AriettaActivation  f;
  } functions[] = {
    { "relu", ARIETTA_RELU }, { "leaky_relu_0.2", ARIETTA_LEAKY_RELU }, { "sigmoid", ARIETTA_SIGMOID },
    { "tanh", ARIETTA_TANH }, { "gelu", ARIETTA_GELU }, { "gelu_tanh", ARIETTA_GELU_TANH },
    { "silu", ARIETTA_SILU }, { "softplus", ARIETTA_SOFTPLUS }, { "elu", ARIETTA_ELU },
    { "log_sigmoid", ARIETTA_LOG_SIGMOID },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      g_autofree char *value = g_strconcat (functions[i].name, ".y", NULL);
      g_autofree char *slope = g_strconcat (functions[i].name, ".grad.x", NULL);
      Case             c;
      AriettaNode      y, gy, loss;

      case_init (&c, "activations");
      declare (&c, "x", "x", AS_IS);
      begin (&c);
      y = arietta_graph_activation (c.graph, arietta_graph_param (c.graph, "x"), functions[i].f);
      arietta_graph_keep (c.graph, y);
      loss = dot (&c, y, &gy);
      compile (&c, loss);
      set (&c, arietta_params_get (c.params, "x"), "x", AS_IS);
      set (&c, arietta_graph_get_values (c.graph, gy), "gy", AS_IS);
      run (&c);
      same (&c, arietta_graph_get_values (c.graph, y), value, AS_IS);
      same (&c, gradient (&c, "x"), slope, AS_IS);
      case_clear (&c);
    }
}

static void
test_cross_entropy (void)
{
  static const struct
  {
    const char *name, *target;
    double      smoothing, divisor;
  } variants[] = {
    { "mean", "target", 0, 0 },
    { "sum", "target", 0, 1 },
    { "ignore", "target_ignore", 0, 0 },
    { "smooth", "target", 0.1, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autofree char *value = g_strconcat (variants[i].name, ".loss", NULL);
      g_autofree char *slope = g_strconcat (variants[i].name, ".grad.logits", NULL);
      Case             c;
      AriettaNode      targets, chances, loss;

      case_init (&c, "cross_entropy");
      declare (&c, "logits", "logits", AS_IS);
      begin (&c);
      targets = arietta_graph_input_int (c.graph, "targets", ARIETTA_SHAPE (6));
      chances = arietta_graph_softmax (c.graph, arietta_graph_param (c.graph, "logits"));
      arietta_graph_keep (c.graph, chances);
      loss = arietta_graph_cross_entropy (c.graph, arietta_graph_param (c.graph, "logits"), targets,
                                          ARIETTA_NODE_NONE, variants[i].smoothing, variants[i].divisor,
                                          NULL);
      compile (&c, loss);
      set (&c, arietta_params_get (c.params, "logits"), "logits", AS_IS);
      set_ints (&c, arietta_graph_get_ints (c.graph, targets), variants[i].target, AS_IS);
      run (&c);
      same (&c, arietta_graph_get_values (c.graph, loss), value, AS_IS);
      same (&c, arietta_graph_get_values (c.graph, chances), "probs", AS_IS);
      same (&c, gradient (&c, "logits"), slope, AS_IS);
      case_clear (&c);
    }
}

static void
test_squared_error (void)
{
  Case        c;
  AriettaNode loss, target;

  case_init (&c, "losses");
  declare (&c, "x", "x", AS_IS);
  begin (&c);
  target = arietta_graph_input (c.graph, "target", ARIETTA_SHAPE (4, 5));
  loss = arietta_graph_squared_error (c.graph, arietta_graph_param (c.graph, "x"), target,
                                      ARIETTA_NODE_NONE, 20);
  compile (&c, loss);
  set (&c, arietta_params_get (c.params, "x"), "x", AS_IS);
  set (&c, arietta_graph_get_values (c.graph, target), "target", AS_IS);
  run (&c);
  same (&c, arietta_graph_get_values (c.graph, loss), "mse_mean", AS_IS);
  same (&c, gradient (&c, "x"), "mse_mean.grad.x", AS_IS);
  case_clear (&c);
}

static void
test_kl (void)
{
  for (int variant = 0; variant < 2; variant++)
    {
      Case        c;
      AriettaNode mu, logvar, eps, gz, z, loss;

      case_init (&c, "kl");
      declare (&c, "mu", "mu", AS_IS);
      declare (&c, "logvar", "logvar", AS_IS);
      begin (&c);
      mu = arietta_graph_param (c.graph, "mu");
      logvar = arietta_graph_param (c.graph, "logvar");
      eps = arietta_graph_input (c.graph, "eps", ARIETTA_SHAPE (4, 6));
      z = arietta_graph_keep (c.graph, arietta_graph_reparameterise (c.graph, mu, logvar, eps));
      loss = dot (&c, z, &gz);
      if (variant == 0)
        loss = arietta_graph_gaussian_kl (c.graph, mu, logvar, 0, NULL);
      compile (&c, loss);
      set (&c, arietta_params_get (c.params, "mu"), "mu", AS_IS);
      set (&c, arietta_params_get (c.params, "logvar"), "logvar", AS_IS);
      set (&c, arietta_graph_get_values (c.graph, eps), "eps", AS_IS);
      set (&c, arietta_graph_get_values (c.graph, gz), "gz", AS_IS);
      run (&c);
      same (&c, arietta_graph_get_values (c.graph, loss), variant == 0 ? "kl" : "loss_z", AS_IS);
      same (&c, arietta_graph_get_values (c.graph, z), "z", AS_IS);
      same (&c, gradient (&c, "mu"), variant == 0 ? "kl.grad.mu" : "z.grad.mu", AS_IS);
      same (&c, gradient (&c, "logvar"), variant == 0 ? "kl.grad.logvar" : "z.grad.logvar", AS_IS);
      case_clear (&c);
    }
}

/* A direction: its parameters are NAME.x with @suffix in the fixture. */
static AriettaLstmOutputs
direction (Case        *c,
           const char  *suffix,
           AriettaNode  x,
           AriettaNode  h0,
           AriettaNode  c0,
           gboolean     reverse)
{
  g_autofree char *W_ih = g_strconcat ("weight_ih_l0", suffix, NULL);
  g_autofree char *W_hh = g_strconcat ("weight_hh_l0", suffix, NULL);
  g_autofree char *b_ih = g_strconcat ("bias_ih_l0", suffix, NULL);
  g_autofree char *b_hh = g_strconcat ("bias_hh_l0", suffix, NULL);

  return arietta_graph_lstm (c->graph, &(AriettaLstmNodes) {
                               .inputs = arietta_graph_linear (c->graph, x, arietta_graph_param (c->graph, W_ih),
                                                               arietta_graph_param (c->graph, b_ih)),
                               .bias = arietta_graph_param (c->graph, b_hh),
                               .weight = arietta_graph_param (c->graph, W_hh),
                               .h0 = h0,
                               .c0 = c0,
                               .reverse = reverse,
                             });
}

static void
test_lstm (gconstpointer data)
{
  static const char *const weights[] = { "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0" };
  const gboolean           both = GPOINTER_TO_INT (data);
  const int                n_directions = both ? 2 : 1, B = 3, T = 5, H = 6;
  Case                     c;
  AriettaLstmOutputs       out[2];
  AriettaNode              x, y, parts[5], incoming[5], ones, loss;
  g_autofree float        *h0 = NULL, *c0 = NULL, *ghn = NULL, *gcn = NULL;

  case_init (&c, both ? "bilstm" : "lstm");
  declare (&c, "x", "x", SWAPPED);
  for (int d = 0; d < n_directions; d++)
    {
      g_autofree char *h_name = g_strdup_printf ("h0.%d", d), *c_name = g_strdup_printf ("c0.%d", d);

      arietta_params_add (c.params, h_name, ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (B, H));
      arietta_params_add (c.params, c_name, ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (B, H));
      for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
        {
          g_autofree char *name = g_strconcat (weights[i], d == 1 ? "_reverse" : "", NULL);

          declare (&c, name, name, AS_IS);
        }
    }
  begin (&c);

  x = arietta_graph_param (c.graph, "x");
  out[0] = direction (&c, "", x, arietta_graph_param (c.graph, "h0.0"),
                      arietta_graph_param (c.graph, "c0.0"), FALSE);
  y = out[0].y;
  if (both)
    {
      out[1] = direction (&c, "_reverse", x, arietta_graph_param (c.graph, "h0.1"),
                          arietta_graph_param (c.graph, "c0.1"), TRUE);
      y = arietta_graph_concat (c.graph, (const AriettaNode[]) { out[0].y, out[1].y }, 2);
    }
  arietta_graph_keep (c.graph, y);
  parts[0] = dot (&c, y, &incoming[0]);
  for (int d = 0; d < n_directions; d++)
    {
      arietta_graph_keep (c.graph, out[d].h_last);
      arietta_graph_keep (c.graph, out[d].c_last);
      parts[1 + 2 * d] = dot (&c, out[d].h_last, &incoming[1 + 2 * d]);
      parts[2 + 2 * d] = dot (&c, out[d].c_last, &incoming[2 + 2 * d]);
    }
  ones = arietta_graph_input (c.graph, "ones", ARIETTA_SHAPE (1 + 2 * n_directions));
  loss = arietta_graph_weighted_sum (c.graph, parts, 1 + 2 * n_directions, ones);
  compile (&c, loss);

  set (&c, arietta_params_get (c.params, "x"), "x", SWAPPED);
  set (&c, arietta_graph_get_values (c.graph, incoming[0]), "gy", SWAPPED);
  h0 = floats (&c, "h0");
  c0 = floats (&c, "c0");
  ghn = floats (&c, "ghn");
  gcn = floats (&c, "gcn");
  for (int i = 0; i < 1 + 2 * n_directions; i++)
    arietta_graph_get_values (c.graph, ones)[i] = 1;
  for (int d = 0; d < n_directions; d++)
    {
      g_autofree char *h_name = g_strdup_printf ("h0.%d", d), *c_name = g_strdup_printf ("c0.%d", d);

      for (int i = 0; i < B * H; i++)
        {
          arietta_params_get (c.params, h_name)[i] = h0[d * B * H + i];
          arietta_params_get (c.params, c_name)[i] = c0[d * B * H + i];
          arietta_graph_get_values (c.graph, incoming[1 + 2 * d])[i] = ghn[d * B * H + i];
          arietta_graph_get_values (c.graph, incoming[2 + 2 * d])[i] = gcn[d * B * H + i];
        }
      for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
        {
          g_autofree char *name = g_strconcat (weights[i], d == 1 ? "_reverse" : "", NULL);

          set (&c, arietta_params_get (c.params, name), name, AS_IS);
        }
    }
  run (&c);

  same (&c, arietta_graph_get_values (c.graph, y), "y", SWAPPED);
  same (&c, arietta_graph_get_values (c.graph, loss), "loss", AS_IS);
  same (&c, gradient (&c, "x"), "grad.x", SWAPPED);
  for (int d = 0; d < n_directions; d++)
    {
      g_autofree char  *h_name = g_strdup_printf ("h0.%d", d), *c_name = g_strdup_printf ("c0.%d", d);
      g_autofree float *hn = floats (&c, "hn"), *cn = floats (&c, "cn");
      g_autofree float *gh0 = floats (&c, "grad.h0"), *gc0 = floats (&c, "grad.c0");

      near (arietta_graph_get_values (c.graph, out[d].h_last), hn + d * B * H, B * H, "hn", 1e-5, 1e-4);
      near (arietta_graph_get_values (c.graph, out[d].c_last), cn + d * B * H, B * H, "cn", 1e-5, 1e-4);
      near (gradient (&c, h_name), gh0 + d * B * H, B * H, "grad.h0", 1e-5, 1e-4);
      near (gradient (&c, c_name), gc0 + d * B * H, B * H, "grad.c0", 1e-5, 1e-4);
      for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
        {
          g_autofree char *name = g_strconcat (weights[i], d == 1 ? "_reverse" : "", NULL);
          g_autofree char *slope = g_strconcat ("grad.", name, NULL);

          same (&c, gradient (&c, name), slope, AS_IS);
        }
    }
  g_assert_cmpint (T, ==, 5);

  /* The same sequence, a step at a time. */
  if (!both)
    {
      g_autoptr(AriettaLstmCell) cell = arietta_lstm_cell_new (c.params, "weight_hh_l0", "bias_hh_l0", NULL, NULL);
      g_autofree float          *xs = floats (&c, "x"), *ys = floats (&c, "y"), *W = floats (&c, "weight_ih_l0");
      g_autofree float          *b = floats (&c, "bias_ih_l0");
      AriettaReal                h[3 * 6], s[3 * 6], gates[3 * 24], zg[3 * 24];

      for (int i = 0; i < B * H; i++)
        {
          h[i] = h0[i];
          s[i] = c0[i];
        }
      for (int t = 0; t < T; t++)
        {
          for (int i = 0; i < B; i++)
            for (int g = 0; g < 4 * H; g++)
              {
                zg[i * 4 * H + g] = b[g];
                for (int k = 0; k < 4; k++)
                  zg[i * 4 * H + g] += W[g * 4 + k] * xs[(i * T + t) * 4 + k];
              }
          arietta_lstm_cell_step (cell, h, s, gates, zg, NULL, NULL, B);
          for (int i = 0; i < B; i++)
            near (h + i * H, ys + (i * T + t) * H, H, "y by steps", 1e-5, 1e-4);
        }
    }

  case_clear (&c);
}

static void
test_optimisers (void)
{
  static const struct
  {
    const char          *name;
    AriettaAdamSettings  settings;
  } variants[] = {
    { "adam", { 0.9, 0.999, 1e-8, 0.0, 0.0 } },
    { "adamw", { 0.9, 0.95, 1e-8, 0.1, 0.0 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autoptr(AriettaOptimiser) optimiser = NULL;
      g_autofree char            *m = g_strconcat (variants[i].name, ".exp_avg", NULL);
      g_autofree char            *v = g_strconcat (variants[i].name, ".exp_avg_sq", NULL);
      Case                        c;

      case_init (&c, "optimizers");
      declare (&c, "p", "p0", AS_IS);
      arietta_params_allocate (c.params, 1);
      set (&c, arietta_params_get (c.params, "p"), "p0", AS_IS);
      optimiser = arietta_optimiser_new (c.params, &variants[i].settings);
      for (int n = 0; n < 5; n++)
        {
          g_autofree char *g = g_strdup_printf ("g%d", n);
          g_autofree char *p = g_strdup_printf ("%s.p%d", variants[i].name, n + 1);

          set (&c, arietta_params_get_gradients (c.params), g, AS_IS);
          g_assert_true (arietta_optimiser_step (optimiser, 0.01, 1.0, NULL, NULL));
          same (&c, arietta_params_get (c.params, "p"), p, AS_IS);
        }
      same (&c, arietta_params_get_moments (c.params, 0), m, AS_IS);
      same (&c, arietta_params_get_moments (c.params, 1), v, AS_IS);
      case_clear (&c);
    }
}

/* Adam's first moment after one step is a tenth of the gradient it saw, clipped. */
static void
test_clipping (void)
{
  g_autoptr(AriettaOptimiser) optimiser = NULL;
  const AriettaAdamSettings   settings = { 0.9, 0.999, 1e-8, 0.0, 1.5 };
  static const char *const    names[] = { "a", "b" };
  g_autofree float           *norm = NULL;
  double                      length;
  Case                        c;

  case_init (&c, "optimizers");
  declare (&c, "a", "clip.a", AS_IS);
  declare (&c, "b", "clip.b", AS_IS);
  arietta_params_allocate (c.params, 1);
  optimiser = arietta_optimiser_new (c.params, &settings);
  set (&c, (AriettaReal *) gradient (&c, "a"), "clip.a", AS_IS);
  set (&c, (AriettaReal *) gradient (&c, "b"), "clip.b", AS_IS);
  g_assert_true (arietta_optimiser_step (optimiser, 0.01, 1.0, &length, NULL));
  norm = floats (&c, "clip.norm");
  g_assert_cmpfloat_with_epsilon (length, norm[0], 1e-4);
  for (int k = 0; k < 2; k++)
    {
      const AriettaParam *p = arietta_params_find (c.params, names[k]);
      g_autofree char    *after = g_strdup_printf ("clip.%s_after", names[k]);
      AriettaReal        *m = arietta_params_get_moments (c.params, 0) + p->offset;

      for (gsize i = 0; i < p->n_elements; i++)
        m[i] *= 10;
      same (&c, m, after, AS_IS);
    }
  case_clear (&c);
}

/* --- The whole melody VAE --- */

enum { V = 6, T = 5, B = 4, Z = 3, E = 5, D = 7 };

/* A parameter of ours and where it comes from: columns from .. from + n of a fixture's matrix, transposed
 * if it is a table of one-hot inputs. */
static const struct
{
  const char *ours, *theirs;
  int         from, n;
  gboolean    table;
} vae_params[] = {
  { "enc.table", "enc.weight_ih_l0", 0, V, TRUE },
  { "enc.hh", "enc.weight_hh_l0", 0, E, FALSE },
  { "enc.b", "enc.bias_ih_l0", 0, 0, FALSE },
  { "enc.b2", "enc.bias_hh_l0", 0, 0, FALSE },
  { "back.table", "enc.weight_ih_l0_reverse", 0, V, TRUE },
  { "back.hh", "enc.weight_hh_l0_reverse", 0, E, FALSE },
  { "back.b", "enc.bias_ih_l0_reverse", 0, 0, FALSE },
  { "back.b2", "enc.bias_hh_l0_reverse", 0, 0, FALSE },
  { "mu.weight", "mu.weight", 0, 2 * E, FALSE },
  { "mu.bias", "mu.bias", 0, 0, FALSE },
  { "lv.weight", "lv.weight", 0, 2 * E, FALSE },
  { "lv.bias", "lv.bias", 0, 0, FALSE },
  { "h0.weight", "h0.weight", 0, Z, FALSE },
  { "h0.bias", "h0.bias", 0, 0, FALSE },
  { "c0.weight", "c0.weight", 0, Z, FALSE },
  { "c0.bias", "c0.bias", 0, 0, FALSE },
  { "dec.table", "dec.weight_ih_l0", 0, V, TRUE },
  { "dec.z.weight", "dec.weight_ih_l0", V, Z, FALSE },
  { "dec.hh", "dec.weight_hh_l0", 0, D, FALSE },
  { "dec.b", "dec.bias_ih_l0", 0, 0, FALSE },
  { "dec.b2", "dec.bias_hh_l0", 0, 0, FALSE },
  { "out.weight", "out.weight", 0, D, FALSE },
  { "out.bias", "out.bias", 0, 0, FALSE },
};

/* Copies the part of the fixture's tensor PREFIX.theirs that belongs to parameter @k. */
static float *
vae_part (Case       *c,
          const char *prefix,
          gsize       k,
          int        *n_rows,
          int        *n_columns)
{
  g_autofree char         *name = g_strconcat (prefix, vae_params[k].theirs, NULL);
  const AriettaTensorView *v = view (c, name);
  g_autofree float        *all = floats (c, name);
  int                      rows = (int) v->shape[0], width = v->n_dims > 1 ? (int) v->shape[1] : 1;
  int                      n = v->n_dims > 1 ? vae_params[k].n : 1;
  float                   *part = g_new (float, rows * n);

  for (int r = 0; r < rows; r++)
    for (int i = 0; i < n; i++)
      part[vae_params[k].table ? i * rows + r : r * n + i] = all[r * width + vae_params[k].from + i];
  *n_rows = vae_params[k].table ? n : rows;
  *n_columns = vae_params[k].table ? rows : v->n_dims > 1 ? n : 0;

  return part;
}

static AriettaLstmOutputs
vae_lstm (Case        *c,
          const char  *name,
          AriettaNode  ids,
          AriettaNode  zeros,
          AriettaNode  constant,
          AriettaNode  h0,
          AriettaNode  c0,
          gboolean     reverse)
{
  g_autofree char *table = g_strconcat (name, ".table", NULL), *hh = g_strconcat (name, ".hh", NULL);
  g_autofree char *b = g_strconcat (name, ".b", NULL), *b2 = g_strconcat (name, ".b2", NULL);

  /* PyTorch has two biases, which Adam moves twice as far together: the second is a table of one row. */
  return arietta_graph_lstm (c->graph, &(AriettaLstmNodes) {
                               .ids = { ids, zeros },
                               .tables = { arietta_graph_param (c->graph, table), arietta_graph_param (c->graph, b2) },
                               .bias = arietta_graph_param (c->graph, b),
                               .weight = arietta_graph_param (c->graph, hh),
                               .constant = constant, .h0 = h0, .c0 = c0, .reverse = reverse,
                             });
}

static void
test_melody_vae (void)
{
  const AriettaAdamSettings   settings = ARIETTA_ADAM_DEFAULTS;
  g_autoptr(AriettaOptimiser) optimiser = NULL;
  g_autofree float           *losses = NULL;
  Case                        c;
  AriettaLstmOutputs          forward, back, dec;
  AriettaNode                 tokens, before, zeros, eps, weights, h, mu, lv, z, h0, c0, logits, ce, kl, loss;

  case_init (&c, "model_melody_vae");
  for (gsize k = 0; k < G_N_ELEMENTS (vae_params); k++)
    {
      int              rows, columns;
      g_autofree float *part = vae_part (&c, "p.", k, &rows, &columns);

      if (g_str_has_suffix (vae_params[k].ours, ".b2"))
        arietta_params_add (c.params, vae_params[k].ours, ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (1, rows));
      else if (columns > 0)
        arietta_params_add (c.params, vae_params[k].ours, ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (rows, columns));
      else
        arietta_params_add (c.params, vae_params[k].ours, ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (rows));
    }
  begin (&c);

  tokens = arietta_graph_input_int (c.graph, "tokens", ARIETTA_SHAPE (T, B));
  before = arietta_graph_input_int (c.graph, "before", ARIETTA_SHAPE (T, B));
  zeros = arietta_graph_input_int (c.graph, "zeros", ARIETTA_SHAPE (T, B));
  eps = arietta_graph_input (c.graph, "eps", ARIETTA_SHAPE (B, Z));
  weights = arietta_graph_input (c.graph, "weights", ARIETTA_SHAPE (2));
  forward = vae_lstm (&c, "enc", tokens, zeros, 0, 0, 0, FALSE);
  back = vae_lstm (&c, "back", tokens, zeros, 0, 0, 0, TRUE);
  h = arietta_graph_concat (c.graph, (const AriettaNode[]) { forward.h_last, back.h_last }, 2);
  mu = arietta_graph_keep (c.graph, arietta_graph_linear_named (c.graph, h, "mu"));
  lv = arietta_graph_keep (c.graph, arietta_graph_linear_named (c.graph, h, "lv"));
  z = arietta_graph_keep (c.graph, arietta_graph_reparameterise (c.graph, mu, lv, eps));
  h0 = arietta_graph_activation (c.graph, arietta_graph_linear_named (c.graph, z, "h0"), ARIETTA_TANH);
  c0 = arietta_graph_activation (c.graph, arietta_graph_linear_named (c.graph, z, "c0"), ARIETTA_TANH);
  dec = vae_lstm (&c, "dec", before, zeros, arietta_graph_linear_named (c.graph, z, "dec.z"), h0, c0, FALSE);
  logits = arietta_graph_keep (c.graph, arietta_graph_linear_named (c.graph, dec.y, "out"));
  ce = arietta_graph_cross_entropy (c.graph, logits, tokens, ARIETTA_NODE_NONE, 0, B, NULL);
  kl = arietta_graph_gaussian_kl (c.graph, mu, lv, 0, NULL);
  loss = arietta_graph_weighted_sum (c.graph, (const AriettaNode[]) { ce, kl }, 2, weights);
  compile (&c, loss);

  for (gsize k = 0; k < G_N_ELEMENTS (vae_params); k++)
    {
      int              rows, columns;
      g_autofree float *part = vae_part (&c, "p.", k, &rows, &columns);

      for (int i = 0; i < rows * MAX (columns, 1); i++)
        arietta_params_get (c.params, vae_params[k].ours)[i] = part[i];
    }
  set_ints (&c, arietta_graph_get_ints (c.graph, tokens), "tok", SWAPPED);
  for (int b = 0; b < B; b++)
    {
      arietta_graph_get_ints (c.graph, before)[b] = -1;
      for (int t = 1; t < T; t++)
        arietta_graph_get_ints (c.graph, before)[t * B + b] = arietta_graph_get_ints (c.graph, tokens)[(t - 1) * B + b];
    }
  set (&c, arietta_graph_get_values (c.graph, eps), "eps", AS_IS);
  arietta_graph_get_values (c.graph, weights)[0] = 1;
  arietta_graph_get_values (c.graph, weights)[1] = (AriettaReal) 0.2;

  run (&c);
  same (&c, arietta_graph_get_values (c.graph, mu), "out.mu", AS_IS);
  same (&c, arietta_graph_get_values (c.graph, lv), "out.lv", AS_IS);
  same (&c, arietta_graph_get_values (c.graph, z), "out.z", AS_IS);
  same (&c, arietta_graph_get_values (c.graph, logits), "out.logits", SWAPPED);
  same (&c, arietta_graph_get_values (c.graph, ce), "out.ce", AS_IS);
  same (&c, arietta_graph_get_values (c.graph, kl), "out.kl", AS_IS);
  same (&c, arietta_graph_get_values (c.graph, loss), "out.loss", AS_IS);
  for (gsize k = 0; k < G_N_ELEMENTS (vae_params); k++)
    {
      int              rows, columns;
      g_autofree float *part = vae_part (&c, "g.", k, &rows, &columns);

      near (gradient (&c, vae_params[k].ours), part, (gsize) rows * MAX (columns, 1), vae_params[k].ours,
            1e-5, 1e-4);
    }

  losses = floats (&c, "losses");
  optimiser = arietta_optimiser_new (c.params, &settings);
  for (int step = 0; step < 3; step++)
    {
      run (&c);
      near (arietta_graph_get_values (c.graph, loss), losses + step, 1, "losses", 1e-4, 1e-3);
      g_assert_true (arietta_optimiser_step (optimiser, 1e-2, 1.0, NULL, NULL));
    }
  for (gsize k = 0; k < G_N_ELEMENTS (vae_params); k++)
    {
      int              rows, columns;
      g_autofree float *part = vae_part (&c, "p3.", k, &rows, &columns);

      near (arietta_params_get (c.params, vae_params[k].ours), part, (gsize) rows * MAX (columns, 1),
            vae_params[k].ours, 1e-4, 1e-3);
    }

  case_clear (&c);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/parity/linear", test_linear);
  g_test_add_func ("/nn/parity/embedding", test_embedding);
  g_test_add_func ("/nn/parity/activations", test_activations);
  g_test_add_func ("/nn/parity/cross-entropy", test_cross_entropy);
  g_test_add_func ("/nn/parity/squared-error", test_squared_error);
  g_test_add_func ("/nn/parity/kl", test_kl);
  g_test_add_data_func ("/nn/parity/lstm", GINT_TO_POINTER (FALSE), test_lstm);
  g_test_add_data_func ("/nn/parity/bilstm", GINT_TO_POINTER (TRUE), test_lstm);
  g_test_add_func ("/nn/parity/optimisers", test_optimisers);
  g_test_add_func ("/nn/parity/clipping", test_clipping);
  g_test_add_func ("/nn/parity/melody-vae", test_melody_vae);

  return g_test_run ();
}
