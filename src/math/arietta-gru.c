#include "math/arietta-gru.h"

#include "math/arietta-elementwise.h"
#include "math/arietta-gemm.h"
#include "math/arietta-packed.h"
#include "math/arietta-vector.h"

#include <assert.h>
#include <string.h>

typedef struct
{
  const AriettaGru          *g;
  const AriettaGruGradients *d;
  AriettaSteps               steps;
} Work;

static Work
work_of (const AriettaGru          *g,
         const AriettaGruGradients *d)
{
  Work work = { .g = g, .d = d, .steps = g->in };

  work.steps.G = 3 * (size_t) g->H;

  return work;
}

/* The rows of a (T,B,3H) buffer from sequence b on at step t; one step is kept over if !keep. */
static AriettaReal *
rows_of (const AriettaGru *g,
         AriettaReal      *buffer,
         int               t,
         int               b)
{
  return buffer + ((g->keep ? (size_t) t * g->in.B : 0) + b) * 3 * (size_t) g->H;
}

static void
forward_cb (void *data,
            int   piece)
{
  const AriettaGru    *g = ((Work *) data)->g;
  const AriettaSteps  *steps = &((Work *) data)->steps;
  const AriettaVector *v = arietta_vector ();
  const int            H = g->H, B = g->in.B, block = arietta_steps_block (g->packed);
  const int            from = piece * block, n = B - from < block ? B - from : block;
  const size_t         row = (size_t) H * sizeof (AriettaReal);
  const AriettaReal   *h_before = g->h0_b != NULL ? g->h0_b + (size_t) from * H : NULL;

  for (int k = 0; k < g->in.T; k++)
    {
      int          t = arietta_step_at (steps, k);
      AriettaReal *gates = rows_of (g, g->gates_tb, t, from);
      AriettaReal *hidden = rows_of (g, g->hidden_tb, t, from);
      AriettaReal *h = g->y_tb + ((size_t) t * B + from) * H;

      for (int b = 0; b < n; b++)
        {
          arietta_steps_gather (steps, gates + (size_t) b * 3 * H, t, from + b);
          if (g->bias_hidden != NULL)
            memcpy (hidden + (size_t) b * 3 * H, g->bias_hidden, 3 * row);
          else
            memset (hidden + (size_t) b * 3 * H, 0, 3 * row);
        }
      if (h_before != NULL && g->packed != NULL)
        arietta_packed_multiply (hidden, h_before, g->packed, 1, n, 3 * H, H);
      else if (h_before != NULL)
        arietta_gemm_piece (hidden, h_before, g->W_hh, 1, ARIETTA_NT, n, 3 * H, H);

      for (int b = 0; b < n; b++)
        {
          AriettaReal *h_b = h + (size_t) b * H;

          if (h_before == NULL || !arietta_step_is_real (steps, t, from + b))
            memset (h_b, 0, row);
          if (arietta_step_is_real (steps, t, from + b))
            v->gru_gates (h_b, gates + (size_t) b * 3 * H, hidden + (size_t) b * 3 * H,
                          h_before != NULL ? h_before + (size_t) b * H : h_b, (size_t) H);
          if (g->hn_b != NULL && arietta_step_is_last (steps, t, from + b))
            memcpy (g->hn_b + (size_t) (from + b) * H, h_b, row);
        }

      h_before = h;
    }
}

void
arietta_gru_forward (const AriettaGru *gru)
{
  Work work = work_of (gru, NULL);

  assert (gru->in.lengths == NULL || !gru->in.reverse || gru->h0_b == NULL);
  arietta_steps_run_blocks (&work.steps, gru->packed, forward_cb, &work);
}

static void
backward_cb (void *data,
             int   piece)
{
  const AriettaGru          *g = ((Work *) data)->g;
  const AriettaGruGradients *d = ((Work *) data)->d;
  const AriettaSteps        *steps = &((Work *) data)->steps;
  const AriettaVector       *v = arietta_vector ();
  const int                  H = g->H, B = g->in.B, block = arietta_steps_block (d->packed);
  const int                  from = piece * block, n = B - from < block ? B - from : block;
  const size_t               row = (size_t) H * sizeof (AriettaReal);
  AriettaReal               *dh = d->scratch + (size_t) from * H;
  AriettaReal               *zeros = d->scratch + ((size_t) B + from) * H;

  memset (dh, 0, (size_t) n * row);
  memset (zeros, 0, row);

  for (int k = g->in.T; k-- > 0;)
    {
      int                t = arietta_step_at (steps, k);
      AriettaReal       *gates = rows_of (g, g->gates_tb, t, from);
      AriettaReal       *hidden = rows_of (g, g->hidden_tb, t, from);
      const AriettaReal *h_before = k > 0 ? g->y_tb + ((size_t) arietta_step_at (steps, k - 1) * B + from) * H
                                    : g->h0_b != NULL ? g->h0_b + (size_t) from * H : NULL;

      for (int b = 0; b < n; b++)
        {
          AriettaReal *dh_b = dh + (size_t) b * H;

          if (!arietta_step_is_real (steps, t, from + b))
            {
              memset (gates + (size_t) b * 3 * H, 0, 3 * row);
              memset (hidden + (size_t) b * 3 * H, 0, 3 * row);
              memset (dh_b, 0, row);
              continue;
            }

          if (d->dy_tb != NULL)
            v->add (dh_b, d->dy_tb + ((size_t) t * B + from + b) * H, (size_t) H);
          if (d->dhn_b != NULL && arietta_step_is_last (steps, t, from + b))
            v->add (dh_b, d->dhn_b + (size_t) (from + b) * H, (size_t) H);
          v->gru_gates_back (gates + (size_t) b * 3 * H, hidden + (size_t) b * 3 * H, dh_b,
                             h_before != NULL ? h_before + (size_t) b * H : zeros, (size_t) H);
        }

      if (k == 0 && d->dh0_b == NULL)
        break;
      if (d->packed != NULL)
        arietta_packed_multiply (dh, hidden, d->packed, 1, n, H, 3 * H);
      else
        arietta_gemm_piece (dh, hidden, g->W_hh, 1, ARIETTA_NN, n, H, 3 * H);
    }

  if (d->dh0_b != NULL)
    v->add (d->dh0_b + (size_t) from * H, dh, (size_t) n * H);
}

void
arietta_gru_backward (const AriettaGru          *gru,
                      const AriettaGruGradients *gradients)
{
  const size_t rows = (size_t) gru->in.T * gru->in.B;
  Work         work = work_of (gru, gradients);

  assert (gru->keep);

  arietta_steps_run_blocks (&work.steps, gradients->packed, backward_cb, &work);
  arietta_steps_gather_back (&work.steps, &gradients->in, gru->gates_tb);
  if (gradients->dbias_hidden != NULL)
    arietta_sum_rows (gradients->dbias_hidden, gru->hidden_tb, rows, work.steps.G);
  if (gradients->dW_hh != NULL)
    arietta_steps_hidden_back (&work.steps, gradients->dW_hh, gru->hidden_tb, gru->y_tb, gru->h0_b, gru->H);
}
