#include "parity.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  AriettaNode   node;
  const char   *tensor;
  ParityLayout  layout;
} Tie; /* of a node to a tensor: to fill from, or to compare with */

typedef struct
{
  const char        *param;
  const float       *values;
  const AriettaReal *laid;
} Start;

struct _ParityState
{
  AriettaSafetensors *file;
  const char         *name;
  GHashTable         *read;      /* names of tensors */
  GPtrArray          *owned;     /* freed at the end, the last first */
  GArray             *owners;    /* of GDestroyNotify, beside owned */
  GArray             *starts;    /* of Start */
  GArray             *inputs;    /* of Tie */
  GArray             *outcomes;  /* of Tie */
  gboolean            compiled;
  double              absolute, relative;
  int                 n_differences;
  jmp_buf             given_up;
};

gpointer
parity_own (Parity         *c,
            gpointer        object,
            GDestroyNotify  destroy)
{
  g_ptr_array_add (c->state->owned, object);
  g_array_append_val (c->state->owners, destroy);

  return object;
}

static void
free_owned (ParityState *state)
{
  for (guint i = state->owned->len; i > 0; i--)
    g_array_index (state->owners, GDestroyNotify, i - 1) (g_ptr_array_index (state->owned, i - 1));
  g_ptr_array_set_size (state->owned, 0);
  g_array_set_size (state->owners, 0);
}

const char *
parity_name (Parity     *c,
             const char *format,
             ...)
{
  va_list args;
  char   *name;

  va_start (args, format);
  name = g_strdup_vprintf (format, args);
  va_end (args);

  return parity_own (c, name, g_free);
}

static void
note (Parity     *c,
      const char *format,
      va_list     args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  g_print ("%s: %s\n", c->state->name, text);
  c->state->n_differences++;
}

void
parity_differs (Parity     *c,
                const char *format,
                ...)
{
  va_list args;

  va_start (args, format);
  note (c, format, args);
  va_end (args);
}

void
parity_give_up (Parity     *c,
                const char *format,
                ...)
{
  va_list args;

  va_start (args, format);
  note (c, format, args);
  va_end (args);

  longjmp (c->state->given_up, 1);
}

void
parity_leave_out (Parity     *c,
                  const char *pattern)
{
  for (guint i = 0; i < arietta_safetensors_get_n (c->state->file); i++)
    {
      const char *tensor = arietta_safetensors_get_nth (c->state->file, i)->name;

      if (g_pattern_match_simple (pattern, tensor))
        g_hash_table_add (c->state->read, (gpointer) tensor);
    }
  g_print ("%s: %s is not checked yet\n", c->state->name, pattern);
}

gboolean
parity_has (Parity     *c,
            const char *tensor)
{
  return arietta_safetensors_find (c->state->file, tensor) != NULL;
}

const AriettaTensorView *
parity_view (Parity     *c,
             const char *tensor)
{
  const AriettaTensorView *view = arietta_safetensors_find (c->state->file, tensor);

  if (view == NULL)
    parity_give_up (c, "the file has no tensor %s", tensor);
  if (view->n_dims > ARIETTA_MAX_DIMS)
    parity_give_up (c, "%s has more than %d dimensions", tensor, ARIETTA_MAX_DIMS);
  g_hash_table_add (c->state->read, (gpointer) view->name);

  return view;
}

int
parity_size (Parity     *c,
             const char *tensor,
             int         dimension)
{
  const AriettaTensorView *view = parity_view (c, tensor);

  return dimension < view->n_dims ? (int) view->shape[dimension] : 1;
}

const float *
parity_floats (Parity     *c,
               const char *tensor)
{
  g_autoptr(GError) error = NULL;
  float            *values = arietta_tensor_view_dup_f32 (parity_view (c, tensor), &error);

  if (values == NULL)
    parity_give_up (c, "%s: %s", tensor, error->message);

  return parity_own (c, values, g_free);
}

const char *
parity_metadata (Parity     *c,
                 const char *key)
{
  const char *value = arietta_safetensors_get_metadata (c->state->file, key);

  if (value == NULL)
    parity_give_up (c, "the file's metadata has no %s", key);

  return value;
}

static gboolean
is_word (char character)
{
  return g_ascii_isalnum (character) || character == '_';
}

double
parity_setting (Parity     *c,
                const char *key,
                const char *name,
                int         nth,
                double      otherwise)
{
  const char *value = parity_metadata (c, key);

  for (const char *at = strstr (value, name); at != NULL; at = strstr (at + 1, name))
    {
      const char *number = at + strlen (name);
      double      found;
      char       *end;

      if ((at > value && is_word (at[-1])) || is_word (*number))
        continue;

      number += strspn (number, "\"=: [");
      for (int i = 0; i < nth; i++)
        {
          number += strcspn (number, ", ]");
          number += strspn (number, ", ");
        }
      found = g_ascii_strtod (number, &end);
      if (end != number)
        return found;
    }

  return otherwise;
}

/* Which dimension of the tensor is number i of ours. */
static void
order_of (ParityLayout layout,
          int          n_dims,
          int          order[ARIETTA_MAX_DIMS])
{
  for (int i = 0; i < n_dims; i++)
    switch (layout)
      {
      case PARITY_SWAPPED:
        order[i] = n_dims >= 2 && i < 2 ? 1 - i : i;
        break;
      case PARITY_CHANNELS_LAST:
        order[i] = i == 0 ? 0 : i == n_dims - 1 ? 1 : i + 1;
        break;
      case PARITY_KERNEL:
        order[i] = i < n_dims - 2 ? i + 2 : n_dims - 1 - i;
        break;
      case PARITY_AS_IS:
      default:
        order[i] = i;
      }
}

/* The tensor's values in our layout. */
static AriettaReal *
laid_out (Parity       *c,
          const char   *tensor,
          ParityLayout  layout)
{
  const AriettaTensorView *view = parity_view (c, tensor);
  const float             *from = parity_floats (c, tensor);
  AriettaReal             *to = parity_own (c, g_new (AriettaReal, view->n_elements), g_free);
  int                      order[ARIETTA_MAX_DIMS];
  gsize                    strides[ARIETTA_MAX_DIMS + 1];

  order_of (layout, view->n_dims, order);
  strides[view->n_dims] = 1;
  for (int i = view->n_dims - 1; i >= 0; i--)
    strides[i] = strides[i + 1] * (gsize) view->shape[i];

  for (gsize k = 0; k < view->n_elements; k++)
    {
      gsize at = 0, rest = k;

      for (int i = view->n_dims - 1; i >= 0; i--)
        {
          at += rest % (gsize) view->shape[order[i]] * strides[order[i] + 1];
          rest /= (gsize) view->shape[order[i]];
        }
      to[k] = from[at];
    }

  return to;
}

static int
shape_of (Parity       *c,
          const char   *tensor,
          ParityLayout  layout,
          int           shape[ARIETTA_MAX_DIMS])
{
  const AriettaTensorView *view = parity_view (c, tensor);
  int                      order[ARIETTA_MAX_DIMS];

  order_of (layout, view->n_dims, order);
  for (int i = 0; i < view->n_dims; i++)
    {
      shape[i] = (int) view->shape[order[i]];
      if (shape[i] < 1)
        parity_give_up (c, "%s has a dimension of %d", tensor, shape[i]);
    }

  return view->n_dims;
}

void
parity_param (Parity       *c,
              const char   *name,
              const char   *tensor,
              ParityLayout  layout)
{
  int   shape[ARIETTA_MAX_DIMS];
  int   n_dims = shape_of (c, tensor, layout, shape);
  Start start = { parity_name (c, "%s", name), NULL, laid_out (c, tensor, layout) };

  arietta_params_add (c->params, name, ARIETTA_INIT_ZERO, 0, n_dims, shape);
  g_array_append_val (c->state->starts, start);
}

void
parity_param_values (Parity      *c,
                     const char  *name,
                     const float *values,
                     int          n_dims,
                     const int   *shape)
{
  Start start = { parity_name (c, "%s", name), values, NULL };

  arietta_params_add (c->params, name, ARIETTA_INIT_ZERO, 0, n_dims, shape);
  g_array_append_val (c->state->starts, start);
}

void
parity_begin (Parity *c)
{
  arietta_params_allocate (c->params, 1);

  for (guint i = 0; i < c->state->starts->len; i++)
    {
      const Start *start = &g_array_index (c->state->starts, Start, i);
      AriettaReal *values = arietta_params_get (c->params, start->param);
      gsize        n = arietta_params_find (c->params, start->param)->n_elements;

      for (gsize k = 0; k < n; k++)
        values[k] = start->laid != NULL ? start->laid[k] : start->values[k];
    }

  c->graph = arietta_graph_new (c->params, ARIETTA_GRAPH_TRAIN);
}

AriettaNode
parity_input (Parity       *c,
              const char   *tensor,
              ParityLayout  layout)
{
  int shape[ARIETTA_MAX_DIMS];
  int n_dims = shape_of (c, tensor, layout, shape);
  Tie tie = { 0, parity_name (c, "%s", tensor), layout };

  tie.node = parity_view (c, tensor)->dtype == ARIETTA_DTYPE_I64
             ? arietta_graph_input_int (c->graph, tensor, n_dims, shape)
             : arietta_graph_input (c->graph, tensor, n_dims, shape);
  g_array_append_val (c->state->inputs, tie);

  return tie.node;
}

AriettaNode
parity_dot (Parity       *c,
            AriettaNode   node,
            const char   *tensor,
            ParityLayout  layout)
{
  return arietta_graph_dot (c->graph, node, parity_input (c, tensor, layout));
}

AriettaNode
parity_node (Parity       *c,
             AriettaNode   node,
             const char   *tensor,
             ParityLayout  layout)
{
  Tie tie = { arietta_graph_keep (c->graph, node), parity_name (c, "%s", tensor), layout };

  parity_view (c, tensor);
  g_array_append_val (c->state->outcomes, tie);

  return node;
}

AriettaNode
parity_sum (Parity            *c,
            const AriettaNode *nodes,
            int                n_nodes)
{
  AriettaNode sum = nodes[0];

  for (int i = 1; i < n_nodes; i++)
    sum = arietta_graph_add (c->graph, sum, nodes[i]);

  return sum;
}

static void
fill (Parity    *c,
      const Tie *tie)
{
  const AriettaTensorView *view = parity_view (c, tie->tensor);

  if (view->dtype == ARIETTA_DTYPE_I64)
    {
      gint32 *to = arietta_graph_get_ints (c->graph, tie->node);
      gsize   A = tie->layout == PARITY_SWAPPED && view->n_dims >= 2 ? (gsize) view->shape[0] : 1;
      gsize   B = view->n_elements / A;

      for (gsize i = 0; i < view->n_elements; i++)
        {
          gint64 value;

          memcpy (&value, (const char *) view->data + i * sizeof value, sizeof value);
          to[(i % B) * A + i / B] = (gint32) value;
        }
    }
  else
    {
      memcpy (arietta_graph_get_values (c->graph, tie->node), laid_out (c, tie->tensor, tie->layout),
              view->n_elements * sizeof (AriettaReal));
    }
}

void
parity_compile (Parity      *c,
                AriettaNode  loss)
{
  GError *error = NULL;

  if (!arietta_graph_compile (c->graph, loss, &error))
    {
      parity_own (c, error, (GDestroyNotify) g_error_free);
      parity_give_up (c, "%s", error->message);
    }

  c->state->compiled = TRUE;
  for (guint i = 0; i < c->state->inputs->len; i++)
    fill (c, &g_array_index (c->state->inputs, Tie, i));
}

void
parity_forget_nodes (Parity *c)
{
  g_array_set_size (c->state->outcomes, 0);
}

void
parity_run (Parity      *c,
            AriettaNode  loss)
{
  if (!c->state->compiled)
    parity_compile (c, loss);

  arietta_params_zero_gradients (c->params);
  arietta_graph_forward (c->graph);
  arietta_graph_backward (c->graph);

  for (guint i = 0; i < c->state->outcomes->len; i++)
    {
      const Tie *tie = &g_array_index (c->state->outcomes, Tie, i);

      parity_values (c, arietta_graph_get_values (c->graph, tie->node),
                     arietta_graph_get_n_elements (c->graph, tie->node), tie->tensor, tie->layout);
    }
}

static void
clear_case (Parity *c)
{
  g_clear_pointer (&c->graph, arietta_graph_free);
  g_clear_pointer (&c->params, arietta_params_free);
  g_array_set_size (c->state->starts, 0);
  g_array_set_size (c->state->inputs, 0);
  g_array_set_size (c->state->outcomes, 0);
  c->state->compiled = FALSE;
}

void
parity_again (Parity *c)
{
  free_owned (c->state);
  clear_case (c);
  c->params = arietta_params_new ();
}

void
parity_tolerance (Parity *c,
                  double  absolute,
                  double  relative)
{
  c->state->absolute = absolute;
  c->state->relative = relative;
}

/* Says where the worst is, not each of thousands. */
static void
compare (Parity            *c,
         const AriettaReal *ours,
         const float       *theirs,
         const AriettaReal *laid,
         gsize              n,
         const char        *what)
{
  gsize  n_off = 0, worst = 0;
  double worst_ratio = 0;

  for (gsize i = 0; i < n; i++)
    {
      double expected = laid != NULL ? (double) laid[i] : (double) theirs[i];
      double allowed = c->state->absolute + c->state->relative * fabs (expected);
      double ratio = fabs ((double) ours[i] - expected) / allowed;

      /* A NaN is never within anything. */
      if (ratio <= 1 || (double) ours[i] == expected)
        continue;
      n_off++;
      if (n_off == 1 || ratio > worst_ratio)
        {
          worst = i;
          worst_ratio = ratio;
        }
    }

  if (n_off > 0)
    parity_differs (c, "%s differs in %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " numbers, most at %"
                    G_GSIZE_FORMAT ": ours %.9g, expected %.9g", what, n_off, n, worst, (double) ours[worst],
                    laid != NULL ? (double) laid[worst] : (double) theirs[worst]);
}

void
parity_near (Parity            *c,
             const AriettaReal *ours,
             const float       *theirs,
             gsize              n,
             const char        *what)
{
  compare (c, ours, theirs, NULL, n, what);
}

void
parity_values (Parity            *c,
               const AriettaReal *ours,
               gsize              n,
               const char        *tensor,
               ParityLayout       layout)
{
  const AriettaTensorView *view = parity_view (c, tensor);

  if (view->n_elements != n)
    parity_differs (c, "%s has %" G_GSIZE_FORMAT " numbers, ours %" G_GSIZE_FORMAT, tensor,
                    view->n_elements, n);
  else
    compare (c, ours, NULL, laid_out (c, tensor, layout), n, tensor);
}

static const AriettaParam *
find_param (Parity     *c,
            const char *name)
{
  const AriettaParam *param = arietta_params_find (c->params, name);

  if (param == NULL)
    parity_give_up (c, "there is no parameter %s", name);

  return param;
}

void
parity_gradient (Parity       *c,
                 const char   *name,
                 const char   *tensor,
                 ParityLayout  layout)
{
  const AriettaParam *param = find_param (c, name);

  parity_values (c, arietta_params_get_gradients (c->params) + param->offset, param->n_elements, tensor, layout);
}

void
parity_weights (Parity       *c,
                const char   *name,
                const char   *tensor,
                ParityLayout  layout)
{
  const AriettaParam *param = find_param (c, name);

  parity_values (c, arietta_params_get_values (c->params) + param->offset, param->n_elements, tensor, layout);
}

/* FALSE if the check gave up.  What it changes must outlive the jump, so it is in the caller's frame. */
static gboolean
check_to_the_end (Parity *c,
                  void  (*check) (Parity *c))
{
  if (setjmp (c->state->given_up) != 0)
    return FALSE;

  check (c);

  return TRUE;
}

gboolean
parity_check_file (const char *path,
                   void      (*check) (Parity *c))
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *base = g_path_get_basename (path);
  ParityState       state = { .absolute = 1e-5, .relative = 1e-4 };
  Parity            c = { NULL, NULL, &state };

  *strrchr (base, '.') = '\0';
  state.name = base;
  state.file = arietta_safetensors_open (path, &error);
  if (state.file == NULL)
    {
      g_print ("%s: %s\n", base, error->message);
      return FALSE;
    }
  state.read = g_hash_table_new (g_str_hash, g_str_equal);
  state.owned = g_ptr_array_new ();
  state.owners = g_array_new (FALSE, FALSE, sizeof (GDestroyNotify));
  state.starts = g_array_new (FALSE, FALSE, sizeof (Start));
  state.inputs = g_array_new (FALSE, FALSE, sizeof (Tie));
  state.outcomes = g_array_new (FALSE, FALSE, sizeof (Tie));
  c.params = arietta_params_new ();

  if (check_to_the_end (&c, check))
    for (guint i = 0; i < arietta_safetensors_get_n (state.file); i++)
      {
        const char *tensor = arietta_safetensors_get_nth (state.file, i)->name;

        if (!g_hash_table_contains (state.read, tensor))
          parity_differs (&c, "%s was compared with nothing", tensor);
      }

  free_owned (&state);
  clear_case (&c);
  g_array_unref (state.outcomes);
  g_array_unref (state.inputs);
  g_array_unref (state.starts);
  g_array_unref (state.owners);
  g_ptr_array_unref (state.owned);
  g_hash_table_unref (state.read);
  arietta_safetensors_free (state.file);

  return state.n_differences == 0;
}
