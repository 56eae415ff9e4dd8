/* Everything is turned so that the long side of each product is a row of A and B is a panel of 48 columns,
 * which is what the packed kernels do best.  For a panel of queries, with K, V the keys and values it sees:
 *
 *   S (keys,48) = K . Q (D,48)           Q scaled and transposed
 *   Y (D,48)    = V^T . S                after the softmax down the columns of S
 *
 * and backward
 *
 *   G (keys,48) = V . dY (D,48)          then G = S (G - dy . y)
 *   dV += S . dY^T,  dK += G . Q^T       of 48 terms
 *   dQ (D,48)   = K^T . G
 *
 * Distances run down the keys and up the queries: what belongs to distance t stands on a diagonal of S. */
#include "math/arietta-attention.h"

#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define WIDE ARIETTA_PANEL

/* A number that no sum of scores comes near, yet finite: what a query does not see. */
#define UNSEEN ((AriettaReal) -1e30)

/* Enough to keep several threads busy to the end; each has its scratch. */
#define MAX_PIECES 16

typedef struct
{
  const AriettaAttention          *a;
  const AriettaAttentionGradients *g;
  int                              n_pieces, n_items; /* items: heads of sequences, or heads */
  size_t                           scratch;           /* numbers of a piece */
} Work;

/* A panel of queries and the keys it sees. */
typedef struct
{
  int b, h;
  int n;             /* keys and queries of this sequence */
  int from, count;   /* queries */
  int position;      /* of the first query among the keys */
  int low, high;     /* keys low .. high - 1 */
} Panel;

static int
panels (int n)
{
  return (n + WIDE - 1) / WIDE;
}

static int
min (int a,
     int b)
{
  return a < b ? a : b;
}

static int
max (int a,
     int b)
{
  return a > b ? a : b;
}

/* Rows of the table of distances, and the one of distance t. */
static int
table_rows (const AriettaAttention *a)
{
  return a->causal ? a->R : 2 * a->R - 1;
}

static int
table_row (const AriettaAttention *a,
           int                     t)
{
  const int least = a->causal ? 0 : 1 - a->R;

  return min (max (t, least), a->R - 1) - least;
}

/* --- Scratch of a piece --- */

typedef struct
{
  AriettaReal *q, *y;        /* (D,48): panels; backward: dy */
  AriettaReal *q_rows, *y_rows; /* (48,D) in panels, for backward */
  AriettaReal *turned;       /* (D,n_keys): V^T forward, K^T backward */
  AriettaReal *strip, *back; /* (n_keys,48) */
  AriettaReal *line;         /* bias by distance, for the panel; backward: its gradient behind it */
  AriettaReal *far;          /* (n_keys + 48,48): q . rel by distance */
  AriettaReal *rel_turned;   /* (D,rows of the table) */
  AriettaReal *out;          /* (D,48) */
  AriettaReal *columns;      /* (3,48) */
} Scratch;

/* Lays the parts out from @base on and returns how many numbers they take. */
static size_t
lay_out (const AriettaAttention *a,
         bool                    backward,
         AriettaReal            *base,
         Scratch                *s)
{
  const size_t D = (size_t) a->D, keys = (size_t) panels (a->n_keys) * WIDE;
  const size_t row_panels = (size_t) panels (a->D) * WIDE * WIDE;
  const size_t sizes[] = {
    D * WIDE, D * WIDE,
    backward ? row_panels : 0, backward ? row_panels : 0,
    D * keys,
    keys * WIDE, backward ? keys * WIDE : 0,
    a->bias != NULL ? 2 * (keys + WIDE) : 0,
    a->rel != NULL ? (keys + WIDE) * WIDE : 0,
    a->rel != NULL && backward ? (D * (size_t) table_rows (a) + 15) / 16 * 16 : 0,
    D * WIDE,
    3 * WIDE,
  };
  AriettaReal **parts[] = {
    &s->q, &s->y, &s->q_rows, &s->y_rows, &s->turned, &s->strip, &s->back, &s->line, &s->far,
    &s->rel_turned, &s->out, &s->columns,
  };
  size_t at = 0;

  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    {
      *parts[i] = base != NULL && sizes[i] > 0 ? base + at : NULL;
      at += sizes[i];
    }

  return at;
}

/* With gradients of a table shared by the batch, a head is one item; its sequences take turns. */
static Work
work_of (const AriettaAttention          *a,
         const AriettaAttentionGradients *g,
         bool                             backward)
{
  Scratch ignored;
  Work    w = { .a = a, .g = g };

  w.n_items = backward && (a->bias != NULL || a->rel != NULL) ? a->H : a->B * a->H;
  w.n_pieces = min (w.n_items, MAX_PIECES);
  w.scratch = lay_out (a, backward, NULL, &ignored);

  return w;
}

size_t
arietta_attention_scratch (const AriettaAttention *a)
{
  Work w = work_of (a, NULL, false);

  return (size_t) w.n_pieces * w.scratch;
}

size_t
arietta_attention_scratch_back (const AriettaAttention *a)
{
  Work w = work_of (a, NULL, true);

  return (size_t) w.n_pieces * w.scratch;
}

/* --- Where things lie --- */

static const AriettaReal *
q_rows (const AriettaAttention *a,
        int                     b,
        int                     h,
        int                     row)
{
  return a->q + ((size_t) b * a->n_queries + row) * a->q_stride + (size_t) h * a->D;
}

static size_t
kv_at (const AriettaAttention *a,
       int                     b,
       int                     h,
       int                     row)
{
  return ((size_t) b * a->n_keys + row) * a->kv_stride + (size_t) h * a->D;
}

static size_t
y_at (const AriettaAttention *a,
      int                     b,
      int                     h,
      int                     row)
{
  return ((size_t) b * a->n_queries + row) * a->H * a->D + (size_t) h * a->D;
}

static size_t
lse_at (const AriettaAttention *a,
        int                     b,
        int                     h,
        int                     row)
{
  return ((size_t) b * a->H + h) * a->n_queries + row;
}

static Panel
panel_of (const AriettaAttention *a,
          int                     b,
          int                     h,
          int                     nth)
{
  Panel p = { .b = b, .h = h, .from = nth * WIDE };
  int   n_queries = a->lengths != NULL ? a->lengths[b] : a->n_queries;

  p.n = a->lengths != NULL ? a->lengths[b] : a->n_keys;
  p.count = min (n_queries - p.from, WIDE);
  p.position = p.from + p.n - n_queries;
  p.high = a->causal ? min (p.position + p.count, p.n) : p.n;
  if (a->causal && a->window > 0)
    p.low = max (p.position - a->window + 1, 0);

  return p;
}

/* to (D,48) = factor times the rows' transpose, zeros where there are no rows. */
static void
turn_panel (AriettaReal       *to,
            const AriettaReal *rows,
            size_t             stride,
            AriettaReal        factor,
            int                count,
            int                D)
{
  if (count < WIDE)
    memset (to, 0, (size_t) D * WIDE * sizeof *to);
  for (int c = 0; c < count; c++)
    for (int d = 0; d < D; d++)
      to[(size_t) d * WIDE + c] = factor * rows[c * stride + d];
}

/* The rows as the panels of a matrix (48,D). */
static void
lay_rows (AriettaReal       *to,
          const AriettaReal *rows,
          size_t             stride,
          AriettaReal        factor,
          int                count,
          int                D)
{
  memset (to, 0, (size_t) panels (D) * WIDE * WIDE * sizeof *to);
  for (int at = 0; at < D; at += WIDE, to += WIDE * WIDE)
    for (int c = 0; c < count; c++)
      for (int d = 0; d < min (D - at, WIDE); d++)
        to[c * WIDE + d] = factor * rows[c * stride + at + d];
}

/* In lanes, as a sum in order would take one addition after the other. */
static AriettaReal
dot (const AriettaReal *a,
     const AriettaReal *b,
     int                n)
{
  AriettaReal lanes[8] = { 0 }, sum = 0;
  int         i;

  for (i = 0; i + 8 <= n; i += 8)
    for (int j = 0; j < 8; j++)
      lanes[j] += a[i + j] * b[i + j];
  for (int j = 0; j < 8; j++)
    sum += lanes[j];
  for (; i < n; i++)
    sum += a[i] * b[i];

  return sum;
}

/* to (D,n) = rows (n,D) transposed, `stride` and `wide` numbers from row to row. */
static void
turn (AriettaReal       *to,
      size_t             wide,
      const AriettaReal *rows,
      size_t             stride,
      int                n,
      int                D)
{
  for (int j0 = 0; j0 < n; j0 += 16)
    for (int d = 0; d < D; d++)
      for (int j = j0; j < n && j < j0 + 16; j++)
        to[d * wide + j] = rows[j * stride + d];
}

/* c (rows,D) += a (rows,48) . panels (48,D) */
static void
add_rows (AriettaReal       *c,
          size_t             stride,
          const AriettaReal *a,
          const AriettaReal *b,
          int                rows,
          int                D)
{
  for (int at = 0; at < D; at += WIDE)
    arietta_vector ()->panel (c + at, stride, a, WIDE, b + (size_t) at * WIDE, WIDE, rows,
                              min (D - at, WIDE), 1);
}

/* --- Scores --- */

/* Row j of the strip stands at distance first - j .. in its columns. */
static int
nearest (const Panel *p)
{
  return p->position - (p->high - 1);
}

static int
n_distances (const Panel *p)
{
  return p->high - p->low + WIDE - 1;
}

static void
add_bias (const AriettaAttention *a,
          const Panel            *p,
          const Scratch          *s)
{
  const AriettaReal *table = a->bias + (size_t) p->h * table_rows (a);
  const int          n = n_distances (p);

  for (int t = 0; t < n; t++)
    s->line[t] = table[table_row (a, nearest (p) + t)];
  for (int j = p->low; j < p->high; j++)
    arietta_vector ()->add (s->strip + (size_t) (j - p->low) * WIDE, s->line + (p->high - 1 - j), WIDE);
}

/* far (distances,48) = rel . Q, then each score takes its own from the diagonal. */
static void
add_far (const AriettaAttention *a,
         const Panel            *p,
         const Scratch          *s)
{
  const AriettaReal *table = a->rel + (size_t) p->h * table_rows (a) * a->D;
  const int          n = n_distances (p);
  const int          first = table_row (a, nearest (p)), last = table_row (a, nearest (p) + n - 1);
  int                before = 0;

  /* Distances that share the first or the last row get copies of it. */
  while (before < n - 1 && table_row (a, nearest (p) + before + 1) == first)
    before++;
  arietta_vector ()->panel (s->far + (size_t) before * WIDE, WIDE, table + (size_t) first * a->D,
                            (size_t) a->D, s->q, (size_t) a->D, last - first + 1, WIDE, 0);
  for (int t = 0; t < before; t++)
    memcpy (s->far + (size_t) t * WIDE, s->far + (size_t) before * WIDE, WIDE * sizeof *s->far);
  for (int t = before + last - first + 1; t < n; t++)
    memcpy (s->far + (size_t) t * WIDE, s->far + (size_t) (before + last - first) * WIDE,
            WIDE * sizeof *s->far);

  for (int j = p->low; j < p->high; j++)
    {
      AriettaReal       *row = s->strip + (size_t) (j - p->low) * WIDE;
      const AriettaReal *diagonal = s->far + (size_t) (p->high - 1 - j) * WIDE;

      for (int c = 0; c < WIDE; c++)
        row[c] += diagonal[c * (WIDE + 1)];
    }
}

/* Sets what the queries of the panel do not see. */
static void
hide (const AriettaAttention *a,
      const Panel            *p,
      AriettaReal            *strip,
      AriettaReal             value)
{
  if (!a->causal)
    return;

  /* Query c sees key j if position + c - window < j <= position + c. */
  for (int j = max (p->low, p->position + 1); j < p->high; j++)
    for (int c = 0; c < min (j - p->position, WIDE); c++)
      strip[(size_t) (j - p->low) * WIDE + c] = value;
  if (a->window > 0)
    for (int j = p->low; j < min (p->high, p->position + WIDE - a->window); j++)
      for (int c = max (j - p->position + a->window, 0); c < WIDE; c++)
        strip[(size_t) (j - p->low) * WIDE + c] = value;
}

static void
scores (const AriettaAttention *a,
        const Panel            *p,
        const Scratch          *s)
{
  turn_panel (s->q, q_rows (a, p->b, p->h, p->from), a->q_stride, a->scale, p->count, a->D);
  arietta_vector ()->panel (s->strip, WIDE, a->k + kv_at (a, p->b, p->h, p->low), a->kv_stride,
                            s->q, (size_t) a->D, p->high - p->low, WIDE, 0);
  if (a->rel != NULL)
    add_far (a, p, s);
  if (a->bias != NULL)
    add_bias (a, p, s);
}

/* --- Forward --- */

static void
forward_panel (const AriettaAttention *a,
               const Panel            *p,
               const Scratch          *s)
{
  const AriettaVector *v = arietta_vector ();
  const size_t         keys = (size_t) panels (a->n_keys) * WIDE;
  const size_t         n = (size_t) (p->high - p->low);
  AriettaReal         *greatest = s->columns, *sums = s->columns + WIDE;

  scores (a, p, s);
  hide (a, p, s->strip, UNSEEN);
  memset (sums, 0, WIDE * sizeof *sums);
  v->panel_max (greatest, s->strip, n);
  v->panel_exp (s->strip, sums, greatest, n);
  hide (a, p, s->strip, 0);

  v->panel (s->out, WIDE, s->turned + p->low, keys, s->strip, n, a->D, WIDE, 0);
  for (int c = 0; c < p->count; c++)
    {
      AriettaReal       *y = a->y + y_at (a, p->b, p->h, p->from + c);
      const AriettaReal  factor = 1 / sums[c];

      for (int d = 0; d < a->D; d++)
        y[d] = s->out[(size_t) d * WIDE + c] * factor;
      if (a->lse != NULL)
        a->lse[lse_at (a, p->b, p->h, p->from + c)]
          = greatest[c] + (AriettaReal) log ((double) sums[c]);
      if (a->weights != NULL)
        {
          AriettaReal *weights = a->weights + lse_at (a, p->b, p->h, p->from + c) * a->n_keys;

          memset (weights, 0, (size_t) a->n_keys * sizeof *weights);
          for (int j = p->low; j < p->high; j++)
            weights[j] = s->strip[(size_t) (j - p->low) * WIDE + c] * factor;
        }
    }
}

static void
forward_cb (void *data,
            int   piece)
{
  const Work             *w = data;
  const AriettaAttention *a = w->a;
  const size_t            keys = (size_t) panels (a->n_keys) * WIDE;
  Scratch                 s;

  lay_out (a, false, a->scratch + (size_t) piece * w->scratch, &s);

  for (int item = piece; item < w->n_items; item += w->n_pieces)
    {
      const int b = item / a->H, h = item % a->H;
      const int n = a->lengths != NULL ? a->lengths[b] : a->n_queries;

      turn (s.turned, keys, a->v + kv_at (a, b, h, 0), a->kv_stride,
            a->lengths != NULL ? n : a->n_keys, a->D);
      for (int nth = 0; nth < panels (n); nth++)
        {
          Panel p = panel_of (a, b, h, nth);

          forward_panel (a, &p, &s);
        }

      for (int i = n; i < a->n_queries; i++)
        {
          memset (a->y + y_at (a, b, h, i), 0, (size_t) a->D * sizeof *a->y);
          if (a->weights != NULL)
            memset (a->weights + lse_at (a, b, h, i) * a->n_keys, 0, (size_t) a->n_keys * sizeof *a->y);
        }
    }
}

void
arietta_attention_forward (const AriettaAttention *attention)
{
  Work w = work_of (attention, NULL, false);

  assert (attention->lengths == NULL || attention->n_queries == attention->n_keys);
  assert (attention->n_queries <= attention->n_keys || !attention->causal);
  arietta_pool_run (forward_cb, &w, w.n_pieces);
}

/* --- Backward --- */

static void
backward_bias (const AriettaAttention *a,
               const Panel            *p,
               const Scratch          *s,
               AriettaReal            *dbias)
{
  AriettaReal *table = dbias + (size_t) p->h * table_rows (a);
  AriettaReal *line = s->line + (size_t) (panels (a->n_keys) + 1) * WIDE;
  const int    n = n_distances (p);

  memset (line, 0, (size_t) n * sizeof *line);
  for (int j = p->low; j < p->high; j++)
    arietta_vector ()->add (line + (p->high - 1 - j), s->back + (size_t) (j - p->low) * WIDE, WIDE);
  for (int t = 0; t < n; t++)
    table[table_row (a, nearest (p) + t)] += line[t];
}

/* The way back of add_far (): the diagonals of G by distance, then drel += far . Q^T, dQ += rel^T . far. */
static void
backward_far (const AriettaAttention *a,
              const Panel            *p,
              const Scratch          *s,
              AriettaReal            *drel)
{
  const AriettaVector *v = arietta_vector ();
  const int            rows = table_rows (a), n = n_distances (p);
  const int            first = table_row (a, nearest (p)), last = table_row (a, nearest (p) + n - 1);
  int                  before = 0;

  while (before < n - 1 && table_row (a, nearest (p) + before + 1) == first)
    before++;

  memset (s->far, 0, (size_t) n * WIDE * sizeof *s->far);
  for (int j = p->low; j < p->high; j++)
    {
      const AriettaReal *row = s->back + (size_t) (j - p->low) * WIDE;
      AriettaReal       *diagonal = s->far + (size_t) (p->high - 1 - j) * WIDE;

      for (int c = 0; c < WIDE; c++)
        diagonal[c * (WIDE + 1)] = row[c];
    }
  for (int t = 0; t < before; t++)
    v->add (s->far + (size_t) before * WIDE, s->far + (size_t) t * WIDE, WIDE);
  for (int t = before + last - first + 1; t < n; t++)
    v->add (s->far + (size_t) (before + last - first) * WIDE, s->far + (size_t) t * WIDE, WIDE);

  if (drel != NULL)
    add_rows (drel + ((size_t) p->h * rows + first) * a->D, (size_t) a->D,
              s->far + (size_t) before * WIDE, s->q_rows, last - first + 1, a->D);
  v->panel (s->out, WIDE, s->rel_turned + first, (size_t) rows, s->far + (size_t) before * WIDE,
            (size_t) (last - first + 1), a->D, WIDE, 1);
}

static void
backward_panel (const AriettaAttention          *a,
                const AriettaAttentionGradients *g,
                const Panel                     *p,
                const Scratch                   *s)
{
  const AriettaVector *v = arietta_vector ();
  const size_t         keys = (size_t) panels (a->n_keys) * WIDE, all = (size_t) a->H * a->D;
  const size_t         n = (size_t) (p->high - p->low);
  const size_t         kv = kv_at (a, p->b, p->h, p->low);
  const AriettaReal   *dy = g->dy + y_at (a, p->b, p->h, p->from);
  const AriettaReal   *y = a->y + y_at (a, p->b, p->h, p->from);
  AriettaReal         *dq = g->dq + (q_rows (a, p->b, p->h, p->from) - a->q);
  AriettaReal         *lse = s->columns, *dots = s->columns + WIDE;

  scores (a, p, s);
  lay_rows (s->q_rows, q_rows (a, p->b, p->h, p->from), a->q_stride, a->scale, p->count, a->D);
  turn_panel (s->y, dy, all, 1, p->count, a->D);
  lay_rows (s->y_rows, dy, all, 1, p->count, a->D);

  memset (lse, 0, 2 * WIDE * sizeof *lse);
  for (int c = 0; c < p->count; c++)
    {
      lse[c] = a->lse[lse_at (a, p->b, p->h, p->from + c)];
      dots[c] = dot (dy + c * all, y + c * all, a->D);
    }

  hide (a, p, s->strip, UNSEEN);
  v->panel (s->back, WIDE, a->v + kv, a->kv_stride, s->y, (size_t) a->D, (int) n, WIDE, 0);
  v->panel_softmax_back (s->strip, s->back, lse, dots, n);
  hide (a, p, s->strip, 0);
  hide (a, p, s->back, 0);

  add_rows (g->dv + kv, a->kv_stride, s->strip, s->y_rows, (int) n, a->D);
  add_rows (g->dk + kv, a->kv_stride, s->back, s->q_rows, (int) n, a->D);
  v->panel (s->out, WIDE, s->turned + p->low, keys, s->back, n, a->D, WIDE, 0);
  if (a->bias != NULL && g->dbias != NULL)
    backward_bias (a, p, s, g->dbias);
  if (a->rel != NULL)
    backward_far (a, p, s, g->drel);

  for (int c = 0; c < p->count; c++)
    for (int d = 0; d < a->D; d++)
      dq[c * a->q_stride + d] += a->scale * s->out[(size_t) d * WIDE + c];
}

static void
backward_cb (void *data,
             int   piece)
{
  const Work             *w = data;
  const AriettaAttention *a = w->a;
  const size_t            keys = (size_t) panels (a->n_keys) * WIDE;
  const int               turns = w->n_items == a->H ? a->B : 1;
  Scratch                 s;

  lay_out (a, true, w->g->scratch + (size_t) piece * w->scratch, &s);

  for (int item = piece; item < w->n_items; item += w->n_pieces)
    for (int turn_no = 0; turn_no < turns; turn_no++)
      {
        const int h = item % a->H, b = turns > 1 ? turn_no : item / a->H;
        const int n = a->lengths != NULL ? a->lengths[b] : a->n_queries;

        turn (s.turned, keys, a->k + kv_at (a, b, h, 0), a->kv_stride,
              a->lengths != NULL ? n : a->n_keys, a->D);
        if (a->rel != NULL && turn_no == 0)
          turn (s.rel_turned, (size_t) table_rows (a), a->rel + (size_t) h * table_rows (a) * a->D,
                (size_t) a->D, table_rows (a), a->D);

        for (int nth = 0; nth < panels (n); nth++)
          {
            Panel p = panel_of (a, b, h, nth);

            backward_panel (a, w->g, &p, &s);
          }
      }
}

void
arietta_attention_backward (const AriettaAttention          *attention,
                            const AriettaAttentionGradients *gradients)
{
  Work w = work_of (attention, gradients, true);

  assert (attention->lse != NULL);
  arietta_pool_run (backward_cb, &w, w.n_pieces);
}
