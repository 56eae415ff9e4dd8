/* Cells and dense layers with rounded weights: they are the full ones over weights rounded the same way, and
 * not far from the full ones; and those over a mapped file are those over parameters. */
#include "nn/arietta-lstm-cell.h"
#include "nn/arietta-nn-error.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

enum { H = 48, V = 9, STEPS = 12 };

static AriettaParams *
make_params (void)
{
  AriettaParams *params = arietta_params_new ();

  arietta_params_add (params, "table", ARIETTA_INIT_NORMAL, 0.3, ARIETTA_SHAPE (V, 4 * H));
  arietta_params_add_lstm (params, "cell", H);
  arietta_params_add_linear (params, "out", H, V);
  arietta_params_allocate (params, 3);

  return params;
}

/* The rounding by itself, in plain C. */
static void
round_weights (AriettaParams     *params,
               const char        *name,
               AriettaMatrixKind  kind)
{
  const AriettaParam *p = arietta_params_find (params, name);
  float              *w = arietta_params_get (params, name);

  for (int r = 0; r < p->shape[0]; r++)
    {
      float *row = w + (gsize) r * (gsize) p->shape[1], most = 0;

      for (int k = 0; k < p->shape[1]; k++)
        most = MAX (most, fabsf (row[k]));
      for (int k = 0; k < p->shape[1]; k++)
        if (kind == ARIETTA_MATRIX_INT8)
          {
            row[k] = rintf (row[k] / (most / 127)) * (most / 127);
          }
        else
          {
            guint32 bits;

            memcpy (&bits, &row[k], sizeof bits);
            bits = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000u;
            memcpy (&row[k], &bits, sizeof bits);
          }
    }
}

/* Logits (STEPS,n,V) of a walk through the tokens. */
static void
walk (AriettaLstmCell *cell,
      AriettaDense    *out,
      int              n,
      float           *logits)
{
  g_autofree float  *h = g_new0 (float, n * H), *c = g_new0 (float, n * H);
  g_autofree float  *gates = g_new (float, n * 4 * H), *zg = g_new (float, n * 4 * H);
  g_autofree gint32 *ids = g_new (gint32, n);

  for (int i = 0; i < n * 4 * H; i++)
    zg[i] = 0.01f * (float) (i % 7);
  for (int t = 0; t < STEPS; t++)
    {
      for (int i = 0; i < n; i++)
        ids[i] = (i * 5 + t * 3) % (V + 1) - 1;
      arietta_lstm_cell_step (cell, h, c, gates, zg, ids, NULL, n);
      arietta_dense_apply (out, logits + (gsize) t * n * V, h, n);
    }
}

static void
test_round (gconstpointer data)
{
  static const int         counts[] = { 1, 3, 21 };
  const AriettaMatrixKind  kind = GPOINTER_TO_UINT (data);
  const double             allowed = kind == ARIETTA_MATRIX_INT8 ? 0.03 : 0.02;

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr(AriettaParams)   params = make_params ();
      g_autoptr(AriettaLstmCell) cell = arietta_lstm_cell_new (params, "cell.weight_hh", "cell.bias", "table", NULL);
      g_autoptr(AriettaDense)    out = arietta_dense_new (params, "out");
      const int                  n = counts[i], size = STEPS * n * V;
      g_autofree float          *full = g_new (float, size), *rounded = g_new (float, size);
      g_autofree float          *twin = g_new (float, size), *again = g_new (float, size);
      double                     most = 0;

      walk (cell, out, n, full);
      arietta_lstm_cell_round (cell, kind);
      arietta_dense_round (out, kind);
      walk (cell, out, n, rounded);
      arietta_lstm_cell_round (cell, ARIETTA_MATRIX_AS_STORED);
      arietta_dense_round (out, ARIETTA_MATRIX_AS_STORED);
      walk (cell, out, n, again);
      g_assert_cmpmem (again, sizeof *again * (gsize) size, full, sizeof *full * (gsize) size);

      round_weights (params, "cell.weight_hh", kind);
      round_weights (params, "out.weight", kind);
      arietta_lstm_cell_refresh (cell);
      arietta_dense_refresh (out);
      walk (cell, out, n, twin);
      for (int k = 0; k < size; k++)
        {
          g_assert_cmpfloat_with_epsilon (rounded[k], twin[k], 1e-5);
          most = MAX (most, fabs (rounded[k] - full[k]));
        }
      g_assert_cmpfloat (most, >, 0);
      g_assert_cmpfloat (most, <, allowed);
    }
}

/* A file of the parameters, but for one. */
static AriettaSafetensors *
make_file (AriettaParams *params,
           const char    *left_out)
{
  g_autoptr(AriettaSafetensorsWriter) writer = arietta_safetensors_writer_new ();
  g_autofree char                    *folder = g_dir_make_tmp ("arietta-cell-XXXXXX", NULL);
  g_autofree char                    *path = g_build_filename (folder, "weights.safetensors", NULL);
  g_autoptr(GError)                   error = NULL;
  AriettaSafetensors                 *file;

  for (guint i = 0; i < arietta_params_get_n (params); i++)
    {
      const AriettaParam *p = arietta_params_get_nth (params, i);
      gint64              shape[ARIETTA_MAX_DIMS];

      for (int d = 0; d < p->n_dims; d++)
        shape[d] = p->shape[d];
      if (g_strcmp0 (p->name, left_out) != 0)
        arietta_safetensors_writer_add (writer, p->name, ARIETTA_DTYPE_F32, p->n_dims, shape,
                                        arietta_params_get (params, p->name));
    }
  arietta_safetensors_writer_save (writer, path, &error);
  g_assert_no_error (error);
  file = arietta_safetensors_open (path, &error);
  g_assert_no_error (error);
  /* What is mapped stays. */
  g_unlink (path);
  g_rmdir (folder);

  return file;
}

/* Weights where they lie in the file give what the parameters give, rounded ones the same bits. */
static void
test_mapped (void)
{
  static const int               counts[] = { 1, 3, 21 };
  static const AriettaMatrixKind kinds[] = { ARIETTA_MATRIX_AS_STORED, ARIETTA_MATRIX_BF16, ARIETTA_MATRIX_INT8 };

  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
      {
        g_autoptr(AriettaParams)      params = make_params ();
        g_autoptr(AriettaSafetensors) file = make_file (params, NULL);
        g_autoptr(GError)             error = NULL;
        g_autoptr(AriettaLstmCell)    cell = arietta_lstm_cell_new (params, "cell.weight_hh", "cell.bias", "table", NULL);
        g_autoptr(AriettaDense)       out = arietta_dense_new (params, "out");
        g_autoptr(AriettaLstmCell)    mapped = NULL;
        g_autoptr(AriettaDense)       mapped_out = NULL;
        const int                     n = counts[i], size = STEPS * n * V;
        g_autofree float             *wanted = g_new (float, size), *got = g_new (float, size);

        mapped = arietta_lstm_cell_new_mapped (file, "cell.weight_hh", "cell.bias", "table", NULL, &error);
        g_assert_no_error (error);
        mapped_out = arietta_dense_new_mapped (file, "out", &error);
        g_assert_no_error (error);

        arietta_lstm_cell_round (cell, kinds[k]);
        arietta_lstm_cell_round (mapped, kinds[k]);
        arietta_dense_round (out, kinds[k]);
        arietta_dense_round (mapped_out, kinds[k]);
        walk (cell, out, n, wanted);
        walk (mapped, mapped_out, n, got);
        for (int j = 0; j < size; j++)
          g_assert_cmpfloat_with_epsilon (got[j], wanted[j], kinds[k] == ARIETTA_MATRIX_AS_STORED ? 1e-5 : 1e-30);
      }
}

static void
test_mapped_defects (void)
{
  static const char *const parts[] = { "cell.weight_hh", "cell.bias", "table" };
  g_autoptr(AriettaParams) params = make_params ();

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr(AriettaSafetensors) file = make_file (params, parts[i]);
      g_autoptr(GError)             error = NULL;

      g_assert_null (arietta_lstm_cell_new_mapped (file, "cell.weight_hh", "cell.bias", "table", NULL, &error));
      g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH);
      g_assert_nonnull (strstr (error->message, parts[i]));
    }

  {
    g_autoptr(AriettaSafetensors) file = make_file (params, NULL);
    g_autoptr(GError)             error = NULL;

    /* A table is no matrix of a cell, a bias none of a dense layer. */
    g_assert_null (arietta_lstm_cell_new_mapped (file, "out.weight", NULL, NULL, NULL, &error));
    g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH);
    g_clear_error (&error);
    g_assert_null (arietta_dense_new_mapped (file, "cell", &error));
    g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH);
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/nn/lstm-cell/bfloat16", GUINT_TO_POINTER (ARIETTA_MATRIX_BF16), test_round);
  g_test_add_data_func ("/nn/lstm-cell/int8", GUINT_TO_POINTER (ARIETTA_MATRIX_INT8), test_round);
  g_test_add_func ("/nn/lstm-cell/mapped", test_mapped);
  g_test_add_func ("/nn/lstm-cell/mapped-defects", test_mapped_defects);

  return g_test_run ();
}
