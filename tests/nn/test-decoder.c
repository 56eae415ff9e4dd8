/* An attention decoder in use: read at once, row by row, beyond its context, from a file, in fewer bits; each
 * time what the graph makes of the same rows. */
#include "nn/arietta-checkpoint.h"
#include "nn/arietta-decoder-cell.h"
#include "nn/arietta-graph-attention.h"
#include "nn/arietta-nn-error.h"

#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

enum { E = 24, F = 40, HEADS = 3, LAYERS = 2 };

static const AriettaDecoderShape shapes[] = {
  { "", LAYERS, E, HEADS, F, 400, ARIETTA_RELATIVE_NONE, 0, ARIETTA_GELU, FALSE },
  { "d.", LAYERS, E, HEADS, F, 400, ARIETTA_RELATIVE_BIAS, 61, ARIETTA_GELU, FALSE },
  { "d.", LAYERS, E, HEADS, F, 400, ARIETTA_RELATIVE_EMBEDDING, 400, ARIETTA_SILU, TRUE },
  { "d.", LAYERS, E, HEADS, F, 31, ARIETTA_RELATIVE_EMBEDDING, 20, ARIETTA_GELU, FALSE },
  { "d.", LAYERS, E, HEADS, F, 49, ARIETTA_RELATIVE_BIAS, 49, ARIETTA_GELU, TRUE },
};

static AriettaParams *
params_new (const AriettaDecoderShape *shape)
{
  AriettaParams *params = arietta_params_new ();
  AriettaRandom  random;

  arietta_params_add_decoder (params, shape);
  arietta_params_allocate (params, 3);

  /* As if trained: nothing is zero, and attention is not even. */
  arietta_random_init (&random, 8, "weights");
  for (guint i = 0; i < arietta_params_get_n (params); i++)
    {
      const AriettaParam *p = arietta_params_get_nth (params, i);

      for (gsize k = 0; k < p->n_elements; k++)
        arietta_params_get_values (params)[p->offset + k] += (AriettaReal) (0.25 * arietta_random_normal (&random));
    }

  return params;
}

static AriettaReal *
rows_new (int         n,
          const char *stream)
{
  AriettaReal  *x = g_new (AriettaReal, n * E);
  AriettaRandom random;

  arietta_random_init (&random, 4, stream);
  for (int i = 0; i < n * E; i++)
    x[i] = (AriettaReal) arietta_random_normal (&random);

  return x;
}

/* What the graph makes of x (n,E). */
static AriettaReal *
graph_rows (const AriettaDecoderShape *shape,
            AriettaParams             *params,
            const AriettaReal         *x,
            int                        n)
{
  g_autoptr(AriettaGraph) g = arietta_graph_new (params, ARIETTA_GRAPH_EVAL);
  g_autoptr(GError)       error = NULL;
  AriettaNode             in = arietta_graph_input (g, "x", ARIETTA_SHAPE (1, n, E));
  AriettaNode             out = arietta_graph_keep (g, arietta_graph_decoder (g, shape, in, ARIETTA_NODE_NONE, 0, NULL));

  arietta_graph_compile (g, ARIETTA_NODE_NONE, &error);
  g_assert_no_error (error);
  memcpy (arietta_graph_get_values (g, in), x, sizeof *x * (gsize) n * E);
  arietta_graph_forward (g);

  return g_memdup2 (arietta_graph_get_values (g, out), sizeof *x * (gsize) n * E);
}

static void
near_rows (const AriettaReal *ours,
           const AriettaReal *graph,
           int                n,
           double             tolerance)
{
  for (int i = 0; i < n * E; i++)
    if (!(fabs ((double) ours[i] - (double) graph[i]) <= tolerance * (1 + fabs ((double) graph[i]))))
      g_error ("row %d, column %d: %.7g, the graph %.7g", i / E, i % E, (double) ours[i], (double) graph[i]);
}

static AriettaDecoderCell *
cell_new (const AriettaDecoderShape *shape,
          AriettaParams             *params,
          AriettaMatrixKind          kind)
{
  AriettaWeightSource source = { .params = params };
  g_autoptr(GError)   error = NULL;
  AriettaDecoderCell *cell = arietta_decoder_cell_new (shape, &source, kind, &error);

  g_assert_no_error (error);

  return cell;
}

/* Long enough to forget twice. */
static void
test_steps (void)
{
  enum { N = 420 };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      const int                      n = shapes[i].context < N ? N : 120;
      g_autoptr(AriettaParams)       params = params_new (&shapes[i]);
      g_autofree AriettaReal        *x = rows_new (n, "x"), *graph = graph_rows (&shapes[i], params, x, n);
      g_autofree AriettaReal        *y = g_new (AriettaReal, n * E);
      g_autoptr(AriettaDecoderCell)  cell = cell_new (&shapes[i], params, ARIETTA_MATRIX_AS_STORED);
      g_autoptr(AriettaDecoderState) state = arietta_decoder_state_new (cell, 1);

      for (int s = 0; s < n; s++)
        {
          arietta_decoder_cell_step (cell, state, y + s * E, x + s * E, 1);
          g_assert_cmpint (arietta_decoder_state_get_length (state, 0), ==, s + 1);
        }
      near_rows (y, graph, n, 2e-5);
    }
}

static void
test_read (void)
{
  static const int parts[][4] = { { 420 }, { 1, 47, 1, 371 }, { 200, 3, 217 }, { 48, 96, 276 } };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (parts); k++)
      {
        enum { N = 420 };
        g_autoptr(AriettaParams)       params = params_new (&shapes[i]);
        g_autofree AriettaReal        *x = rows_new (N, "x"), *graph = graph_rows (&shapes[i], params, x, N);
        g_autofree AriettaReal        *y = g_new (AriettaReal, N * E);
        AriettaReal                    last[E];
        g_autoptr(AriettaDecoderCell)  cell = cell_new (&shapes[i], params, ARIETTA_MATRIX_AS_STORED);
        g_autoptr(AriettaDecoderState) state = arietta_decoder_state_new (cell, 2);

        for (int part = 0, at = 0; part < 4 && at < N; at += parts[k][part++])
          {
            arietta_decoder_cell_read (cell, state, 1, y + at * E, last, x + at * E, parts[k][part]);
            g_assert_cmpmem (last, sizeof last, y + (at + parts[k][part] - 1) * E, sizeof last);
          }
        g_assert_cmpint (arietta_decoder_state_get_length (state, 1), ==, N);
        g_assert_cmpint (arietta_decoder_state_get_length (state, 0), ==, 0);
        near_rows (y, graph, N, 2e-5);
      }
}

/* A prefix read once, candidates that go on each by itself, and one that thinks again. */
static void
test_candidates (void)
{
  enum { PREFIX = 60, N = 70, WAYS = 7 };
  const AriettaDecoderShape     *shape = &shapes[2];
  g_autoptr(AriettaParams)       params = params_new (shape);
  g_autofree AriettaReal        *x = rows_new (N, "x"), *others = rows_new (N * WAYS, "others"), *alone = NULL;
  g_autoptr(AriettaDecoderCell)  cell = cell_new (shape, params, ARIETTA_MATRIX_AS_STORED);
  g_autoptr(AriettaDecoderState) state = arietta_decoder_state_new (cell, WAYS);
  g_autoptr(AriettaDecoderState) one = arietta_decoder_state_new (cell, 1);
  AriettaReal                    y[WAYS * E], y_one[E];

  arietta_decoder_cell_read (cell, state, 0, NULL, NULL, x, PREFIX);
  arietta_decoder_cell_read (cell, one, 0, NULL, NULL, x, PREFIX);
  for (int way = 1; way < WAYS; way++)
    arietta_decoder_state_copy (state, way, 0);

  for (int s = 0; s < N - PREFIX; s++)
    {
      const AriettaReal *weights;
      gint64             first;
      int                n;
      double             sum = 0;

      arietta_decoder_cell_step (cell, state, y, others + s * WAYS * E, WAYS);
      arietta_decoder_cell_step (cell, one, y_one, others + (s * WAYS + 5) * E, 1);
      g_assert_cmpmem (y + 5 * E, sizeof y_one, y_one, sizeof y_one);

      weights = arietta_decoder_state_get_weights (state, 5, 1, 2, &first, &n);
      g_assert_cmpint (first, ==, 0);
      g_assert_cmpint (n, ==, PREFIX + s + 1);
      for (int j = 0; j < n; j++)
        sum += (double) weights[j];
      g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-5);
    }

  g_assert_true (arietta_decoder_state_rewind (one, 0, 40));
  g_assert_null (arietta_decoder_state_get_weights (one, 0, 0, 0, &(gint64) { 0 }, &(int) { 0 }));
  alone = graph_rows (shape, params, x, N);
  for (int s = 40; s < N; s++)
    {
      arietta_decoder_cell_step (cell, one, y_one, x + s * E, 1);
      near_rows (y_one, alone + s * E, 1, 2e-5);
    }
}

static void
test_rewind_beyond (void)
{
  const AriettaDecoderShape     *shape = &shapes[3];
  g_autoptr(AriettaParams)       params = params_new (shape);
  g_autofree AriettaReal        *x = rows_new (400, "x");
  g_autoptr(AriettaDecoderCell)  cell = cell_new (shape, params, ARIETTA_MATRIX_AS_STORED);
  g_autoptr(AriettaDecoderState) state = arietta_decoder_state_new (cell, 1);

  arietta_decoder_cell_read (cell, state, 0, NULL, NULL, x, 400);
  g_assert_false (arietta_decoder_state_rewind (state, 0, 100));
  g_assert_cmpint (arietta_decoder_state_get_length (state, 0), ==, 400);
  g_assert_true (arietta_decoder_state_rewind (state, 0, 399));
}

static void
test_threads (void)
{
  const AriettaDecoderShape shape = { "", 1, 240, 4, 600, 200, ARIETTA_RELATIVE_EMBEDDING, 100, ARIETTA_GELU, FALSE };
  g_autoptr(AriettaParams)  params = arietta_params_new ();
  const int                 before = arietta_pool_get_threads ();
  AriettaReal               x[80 * 240], y[2][80 * 240], steps[2][3 * 240];
  AriettaRandom             random;

  arietta_params_add_decoder (params, &shape);
  arietta_params_allocate (params, 3);
  arietta_random_init (&random, 4, "x");
  for (gsize i = 0; i < G_N_ELEMENTS (x); i++)
    x[i] = (AriettaReal) arietta_random_normal (&random);

  for (int k = 0; k < 2; k++)
    {
      g_autoptr(AriettaDecoderCell)  cell = cell_new (&shape, params, ARIETTA_MATRIX_AS_STORED);
      g_autoptr(AriettaDecoderState) state = arietta_decoder_state_new (cell, 3);

      arietta_pool_set_threads (k == 0 ? 1 : 4);
      arietta_decoder_cell_read (cell, state, 0, y[k], NULL, x, 80);
      arietta_decoder_cell_step (cell, state, steps[k], x, 3);
    }
  arietta_pool_set_threads (before);
  g_assert_cmpmem (y[0], sizeof y[0], y[1], sizeof y[1]);
  g_assert_cmpmem (steps[0], sizeof steps[0], steps[1], sizeof steps[1]);
}

/* The same bits from a mapped file; in fewer bits something near. */
static void
test_file (void)
{
  const AriettaDecoderShape     *shape = &shapes[1];
  g_autoptr(GError)              error = NULL;
  g_autoptr(AriettaParams)       params = params_new (shape);
  g_autofree AriettaReal        *x = rows_new (60, "x"), *graph = graph_rows (shape, params, x, 60);
  g_autofree AriettaReal        *y = g_new (AriettaReal, 60 * E), *mapped = g_new (AriettaReal, 60 * E);
  g_autofree char               *dir = g_dir_make_tmp ("arietta-decoder-XXXXXX", &error);
  g_autofree char               *path = g_build_filename (dir, "weights.safetensors", NULL);
  g_autoptr(AriettaSafetensors)  file = NULL;
  g_autoptr(AriettaDecoderCell)  cell = cell_new (shape, params, ARIETTA_MATRIX_AS_STORED), from_file = NULL;
  g_autoptr(AriettaDecoderCell)  other = NULL;
  g_autoptr(AriettaDecoderState) state = arietta_decoder_state_new (cell, 1), state_from_file = NULL;
  AriettaDecoderShape            wrong = *shape;

  g_assert_no_error (error);
  arietta_weights_save (params, path, ARIETTA_DTYPE_F32, NULL, &error);
  g_assert_no_error (error);
  file = arietta_safetensors_open (path, &error);
  g_assert_no_error (error);

  from_file = arietta_decoder_cell_new (shape, &(AriettaWeightSource) { .file = file }, ARIETTA_MATRIX_AS_STORED, &error);
  g_assert_no_error (error);
  state_from_file = arietta_decoder_state_new (from_file, 1);
  arietta_decoder_cell_read (cell, state, 0, y, NULL, x, 30);
  arietta_decoder_cell_read (from_file, state_from_file, 0, mapped, NULL, x, 30);
  for (int s = 30; s < 60; s++)
    {
      arietta_decoder_cell_step (cell, state, y + s * E, x + s * E, 1);
      arietta_decoder_cell_step (from_file, state_from_file, mapped + s * E, x + s * E, 1);
    }
  g_assert_cmpmem (y, 60 * E * sizeof *y, mapped, 60 * E * sizeof *y);

  for (AriettaMatrixKind kind = ARIETTA_MATRIX_BF16; kind <= ARIETTA_MATRIX_INT8; kind++)
    {
      g_autoptr(AriettaDecoderCell)  small = cell_new (shape, params, kind);
      g_autoptr(AriettaDecoderState) small_state = arietta_decoder_state_new (small, 1);
      g_autofree AriettaReal        *read = g_new (AriettaReal, 60 * E), *stepped = g_new (AriettaReal, 60 * E);
      double                         square = 0;

      arietta_decoder_cell_read (small, small_state, 0, read, NULL, x, 60);
      arietta_decoder_state_rewind (small_state, 0, 0);
      for (int s = 0; s < 60; s++)
        arietta_decoder_cell_step (small, small_state, stepped + s * E, x + s * E, 1);
      near_rows (stepped, read, 60, 2e-5);
      for (int i = 0; i < 60 * E; i++)
        square += pow ((double) read[i] - (double) graph[i], 2);
      g_assert_cmpfloat (sqrt (square / (60 * E)), <, 0.05);
      g_assert_cmpfloat (sqrt (square / (60 * E)), >, 1e-4);
    }

  wrong.n_inner++;
  other = arietta_decoder_cell_new (&wrong, &(AriettaWeightSource) { .file = file }, ARIETTA_MATRIX_AS_STORED, &error);
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "d.l0_f1.weight"));
  g_assert_null (other);
  g_clear_error (&error);
  wrong.n_inner--;
  wrong.n_layers++;
  other = arietta_decoder_cell_new (&wrong, &(AriettaWeightSource) { .file = file }, ARIETTA_MATRIX_AS_STORED, &error);
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "d.l2_qkv.weight"));

  g_remove (path);
  g_rmdir (dir);
}

/* A file of 8-bit weights with a factor for each row. */
static void
test_int8_file (void)
{
  enum { H = 5, D = 19 };
  g_autoptr(GError)                   error = NULL;
  g_autoptr(AriettaSafetensorsWriter) writer = arietta_safetensors_writer_new ();
  g_autofree char                    *dir = g_dir_make_tmp ("arietta-matrix-XXXXXX", &error);
  g_autofree char                    *path = g_build_filename (dir, "m.safetensors", NULL);
  g_autoptr(AriettaSafetensors)       file = NULL;
  g_autoptr(AriettaMatrix)            matrix = NULL;
  gint8                               weights[H * D];
  float                               factors[H];
  AriettaReal                         x[10 * D], y[10 * H], row[D], scratch[H * D];

  for (int i = 0; i < H * D; i++)
    weights[i] = (gint8) (i * 37 % 255 - 127);
  for (int h = 0; h < H; h++)
    factors[h] = 0.01f * (float) (h + 1);
  for (int i = 0; i < 10 * D; i++)
    x[i] = (AriettaReal) (i % 7) - 3;
  arietta_safetensors_writer_add (writer, "m.weight", ARIETTA_DTYPE_I8, 2, (const gint64[]) { H, D }, weights);
  arietta_safetensors_writer_add (writer, "m.factors", ARIETTA_DTYPE_F32, 1, (const gint64[]) { H }, factors);
  arietta_safetensors_writer_save (writer, path, &error);
  g_assert_no_error (error);
  file = arietta_safetensors_open (path, &error);
  g_assert_no_error (error);
  matrix = arietta_matrix_new (&(AriettaWeightSource) { .file = file }, "m", ARIETTA_MATRIX_AS_STORED, H, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (arietta_matrix_get_size (matrix), ==, H * D);
  g_assert_cmpint (arietta_matrix_get_n_columns (matrix), ==, D);

  for (int n = 1; n <= 10; n += 3)
    {
      arietta_matrix_apply (matrix, y, x, scratch, n);
      for (int i = 0; i < n; i++)
        for (int h = 0; h < H; h++)
          {
            double sum = 0;

            for (int d = 0; d < D; d++)
              sum += (double) x[i * D + d] * weights[h * D + d] * (double) factors[h];
            g_assert_cmpfloat_with_epsilon (y[i * H + h], sum, 1e-4);
          }
    }
  arietta_matrix_row (matrix, row, 3, FALSE);
  arietta_matrix_row (matrix, row, 3, TRUE);
  g_assert_cmpfloat_with_epsilon (row[4], 2 * weights[3 * D + 4] * factors[3], 1e-5);

  g_remove (path);
  g_rmdir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/decoder/steps", test_steps);
  g_test_add_func ("/nn/decoder/read", test_read);
  g_test_add_func ("/nn/decoder/candidates", test_candidates);
  g_test_add_func ("/nn/decoder/rewind-beyond", test_rewind_beyond);
  g_test_add_func ("/nn/decoder/any-number-of-threads", test_threads);
  g_test_add_func ("/nn/decoder/file", test_file);
  g_test_add_func ("/nn/matrix/int8-file", test_int8_file);

  return g_test_run ();
}
