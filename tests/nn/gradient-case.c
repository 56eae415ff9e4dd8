#include "gradient-case.h"

#include <math.h>
#include <string.h>

G_STATIC_ASSERT (sizeof (AriettaReal) == sizeof (double));

void
gradient_case_init (GradientCase *c)
{
  c->params = arietta_params_new ();
  c->graph = NULL;
  arietta_random_init (&c->stream, 5, "case");
}

void
gradient_case_add (GradientCase *c,
                   const char   *name,
                   int           n_dims,
                   const int    *shape)
{
  arietta_params_add (c->params, name, ARIETTA_INIT_NORMAL, 0.7, n_dims, shape);
}

AriettaNode
gradient_case_param (GradientCase *c,
                     const char   *name)
{
  return arietta_graph_param (c->graph, name);
}

void
gradient_case_begin (GradientCase *c)
{
  arietta_params_allocate (c->params, 11);
  c->graph = arietta_graph_new (c->params, ARIETTA_GRAPH_TRAIN);
}

/* A scalar that weighs every element of @node differently. */
AriettaNode
gradient_case_scalar_of (GradientCase *c,
                         AriettaNode   node,
                         const char   *name)
{
  int shape[ARIETTA_MAX_DIMS];
  int n_dims = arietta_graph_get_shape (c->graph, node, shape);

  return arietta_graph_dot (c->graph, node,
                            arietta_graph_label (c->graph,
                                                 arietta_graph_input (c->graph, name, n_dims, shape), name));
}

void
gradient_case_fill (GradientCase *c,
                    AriettaNode   node)
{
  AriettaReal  *values = arietta_graph_get_values (c->graph, node);
  AriettaRandom random;

  arietta_random_init (&random, node, "fill");
  for (gsize i = 0; i < arietta_graph_get_n_elements (c->graph, node); i++)
    values[i] = arietta_random_normal (&random);
}

void
gradient_case_compile (GradientCase *c,
                       AriettaNode   loss)
{
  g_autoptr(GError) error = NULL;

  arietta_graph_compile (c->graph, loss, &error);
  g_assert_no_error (error);
}

void
gradient_case_check (GradientCase *c,
                     AriettaNode   loss)
{
  const gsize             size = arietta_params_get_size (c->params);
  g_autofree AriettaReal *gradients = g_new (AriettaReal, size);
  AriettaReal            *values = arietta_params_get_values (c->params);
  AriettaRandom           stream = c->stream;
  double                  largest = 0.0;

  arietta_params_zero_gradients (c->params);
  arietta_graph_forward (c->graph);
  arietta_graph_backward (c->graph);
  memcpy (gradients, arietta_params_get_gradients (c->params), size * sizeof *gradients);

  for (guint k = 0; k < arietta_params_get_n (c->params); k++)
    {
      const AriettaParam *p = arietta_params_get_nth (c->params, k);

      for (gsize i = p->offset; !p->state && i < p->offset + p->n_elements; i++)
        {
          const double h = 1e-5;
          double       before = values[i], up, down, slope;

          values[i] = before + h;
          c->stream = stream;
          arietta_graph_forward (c->graph);
          up = arietta_graph_get_scalar (c->graph, loss);
          values[i] = before - h;
          c->stream = stream;
          arietta_graph_forward (c->graph);
          down = arietta_graph_get_scalar (c->graph, loss);
          values[i] = before;

          slope = (up - down) / (2.0 * h);
          largest = MAX (largest, fabs (slope));
          if (fabs (slope - gradients[i]) > 1e-7 + 1e-6 * fabs (slope))
            g_error ("%s[%" G_GSIZE_FORMAT "]: backward %.12g, differences %.12g", p->name,
                     i - p->offset, (double) gradients[i], slope);
        }
    }

  /* A loss that does not depend on anything would pass too. */
  g_assert_cmpfloat (largest, >, 1e-3);

  arietta_graph_free (c->graph);
  arietta_params_free (c->params);
}
