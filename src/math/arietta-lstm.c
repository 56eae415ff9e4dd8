#include "math/arietta-lstm.h"

#include "math/arietta-gemm.h"
#include "math/arietta-packed.h"
#include "math/arietta-vector.h"

#include <assert.h>
#include <string.h>

typedef struct
{
  const AriettaLstm          *l;
  const AriettaLstmGradients *d;
  AriettaSteps                steps;
} Work;

static Work
work_of (const AriettaLstm          *l,
         const AriettaLstmGradients *d)
{
  Work work = { .l = l, .d = d, .steps = l->in };

  work.steps.G = 4 * (size_t) l->H;

  return work;
}

/* The rows of a (T,B,n) buffer from sequence b on at step t; one step is kept over if !keep. */
static AriettaReal *
rows_of (const AriettaLstm *l,
         AriettaReal       *buffer,
         int                t,
         int                b,
         int                n)
{
  return buffer + ((l->keep ? (size_t) t * l->in.B : 0) + b) * (size_t) n;
}

static void
forward_cb (void *data,
            int   piece)
{
  const AriettaLstm   *l = ((Work *) data)->l;
  const AriettaSteps  *steps = &((Work *) data)->steps;
  const AriettaVector *v = arietta_vector ();
  const int            H = l->H, B = l->in.B, block = arietta_steps_block (l->packed);
  const int            from = piece * block, n = B - from < block ? B - from : block;
  const size_t         row = (size_t) H * sizeof (AriettaReal);
  const AriettaReal   *h_before = l->h0_b != NULL ? l->h0_b + (size_t) from * H : NULL;
  const AriettaReal   *c_before = l->c0_b != NULL ? l->c0_b + (size_t) from * H : NULL;

  for (int k = 0; k < l->in.T; k++)
    {
      int          t = arietta_step_at (steps, k);
      AriettaReal *gates = rows_of (l, l->gates_tb, t, from, 4 * H);
      AriettaReal *c = rows_of (l, l->c_tb, t, from, H);
      AriettaReal *h = l->y_tb + ((size_t) t * B + from) * H;

      for (int b = 0; b < n; b++)
        arietta_steps_gather (steps, gates + (size_t) b * 4 * H, t, from + b);
      if (h_before != NULL && l->packed != NULL)
        arietta_packed_multiply (gates, h_before, l->packed, 1, n, 4 * H, H);
      else if (h_before != NULL)
        arietta_gemm_piece (gates, h_before, l->W_hh, 1, ARIETTA_NT, n, 4 * H, H);
      if (c_before == NULL)
        {
          memset (c, 0, (size_t) n * row);
          c_before = c;
        }

      for (int b = 0; b < n; b++)
        {
          AriettaReal *h_b = h + (size_t) b * H, *c_b = c + (size_t) b * H;

          if (arietta_step_is_real (steps, t, from + b))
            {
              v->lstm_gates (h_b, c_b, gates + (size_t) b * 4 * H, c_before + (size_t) b * H,
                             (size_t) H);
            }
          else
            {
              memset (h_b, 0, row);
              memset (c_b, 0, row);
            }

          if (arietta_step_is_last (steps, t, from + b))
            {
              if (l->hn_b != NULL)
                memcpy (l->hn_b + (size_t) (from + b) * H, h_b, row);
              if (l->cn_b != NULL)
                memcpy (l->cn_b + (size_t) (from + b) * H, c_b, row);
            }
        }

      h_before = h;
      c_before = c;
    }
}

void
arietta_lstm_forward (const AriettaLstm *lstm)
{
  Work work = work_of (lstm, NULL);

  assert (lstm->in.lengths == NULL || !lstm->in.reverse || (lstm->h0_b == NULL && lstm->c0_b == NULL));
  arietta_steps_run_blocks (&work.steps, lstm->packed, forward_cb, &work);
}

static void
backward_cb (void *data,
             int   piece)
{
  const AriettaLstm          *l = ((Work *) data)->l;
  const AriettaLstmGradients *d = ((Work *) data)->d;
  const AriettaSteps         *steps = &((Work *) data)->steps;
  const AriettaVector        *v = arietta_vector ();
  const int                   H = l->H, B = l->in.B, block = arietta_steps_block (d->packed);
  const int                   from = piece * block, n = B - from < block ? B - from : block;
  const size_t                row = (size_t) H * sizeof (AriettaReal);
  AriettaReal                *dh = d->scratch + (size_t) from * H;
  AriettaReal                *dc = d->scratch + ((size_t) B + from) * H;

  memset (dh, 0, (size_t) n * row);
  memset (dc, 0, (size_t) n * row);

  for (int k = l->in.T; k-- > 0;)
    {
      int                t = arietta_step_at (steps, k);
      AriettaReal       *gates = rows_of (l, l->gates_tb, t, from, 4 * H);
      const AriettaReal *c = rows_of (l, l->c_tb, t, from, H);
      const AriettaReal *c_before = k > 0 ? rows_of (l, l->c_tb, arietta_step_at (steps, k - 1), from, H)
                                    : l->c0_b != NULL ? l->c0_b + (size_t) from * H : NULL;

      for (int b = 0; b < n; b++)
        {
          AriettaReal *dh_b = dh + (size_t) b * H, *dc_b = dc + (size_t) b * H;
          AriettaReal *gates_b = gates + (size_t) b * 4 * H;

          if (!arietta_step_is_real (steps, t, from + b))
            {
              memset (gates_b, 0, 4 * row);
              memset (dc_b, 0, row);
              continue;
            }

          if (d->dy_tb != NULL)
            v->add (dh_b, d->dy_tb + ((size_t) t * B + from + b) * H, (size_t) H);
          if (arietta_step_is_last (steps, t, from + b))
            {
              if (d->dhn_b != NULL)
                v->add (dh_b, d->dhn_b + (size_t) (from + b) * H, (size_t) H);
              if (d->dcn_b != NULL)
                v->add (dc_b, d->dcn_b + (size_t) (from + b) * H, (size_t) H);
            }

          if (c_before != NULL)
            {
              v->lstm_gates_back (gates_b, dc_b, dh_b, c + (size_t) b * H,
                                  c_before + (size_t) b * H, (size_t) H);
            }
          else
            {
              /* Zeros came before: the forget gate had nothing to forget. */
              v->lstm_gates_back (gates_b, dc_b, dh_b, c + (size_t) b * H, c + (size_t) b * H,
                                  (size_t) H);
              memset (gates_b + H, 0, row);
            }
        }

      if (k == 0 && d->dh0_b == NULL)
        break;
      if (d->packed != NULL)
        arietta_packed_multiply (dh, gates, d->packed, 0, n, H, 4 * H);
      else
        arietta_gemm_piece (dh, gates, l->W_hh, 0, ARIETTA_NN, n, H, 4 * H);
    }

  if (d->dh0_b != NULL)
    v->add (d->dh0_b + (size_t) from * H, dh, (size_t) n * H);
  if (d->dc0_b != NULL)
    v->add (d->dc0_b + (size_t) from * H, dc, (size_t) n * H);
}

void
arietta_lstm_backward (const AriettaLstm          *lstm,
                       const AriettaLstmGradients *gradients)
{
  Work work = work_of (lstm, gradients);

  assert (lstm->keep);

  arietta_steps_run_blocks (&work.steps, gradients->packed, backward_cb, &work);
  arietta_steps_gather_back (&work.steps, &gradients->in, lstm->gates_tb);
  if (gradients->dW_hh != NULL)
    arietta_steps_hidden_back (&work.steps, gradients->dW_hh, lstm->gates_tb, lstm->y_tb, lstm->h0_b, lstm->H);
}
