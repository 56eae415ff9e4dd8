/* Cells and dense layers with rounded weights: they are the full ones over weights rounded the same way, and
 * not far from the full ones. */
#include "nn/arietta-lstm-cell.h"

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

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/nn/lstm-cell/bfloat16", GUINT_TO_POINTER (ARIETTA_MATRIX_BF16), test_round);
  g_test_add_data_func ("/nn/lstm-cell/int8", GUINT_TO_POINTER (ARIETTA_MATRIX_INT8), test_round);

  return g_test_run ();
}
