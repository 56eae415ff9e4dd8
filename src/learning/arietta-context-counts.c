#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-context-counts.h"

/* A cell of an open-addressed table: a context, or a token in a context. Two with one hash of 64
 * bits would be counted together, which does no harm here. The tokens seen in a context hang together
 * as a list, so that predicting need not ask for all there are. */
typedef struct
{
  guint64 key;       /* 0: free */
  guint32 count;
  guint16 distinct;  /* of a context: tokens seen */
  guint16 next;      /* 1 + the token of the list that follows; 0: the end */
} Cell;

struct _AriettaContextCounts
{
  guint  n_tokens;
  Cell  *cells;
  gsize  n_cells;    /* a power of two */
  gsize  n_used;
};

guint64
arietta_context_mix (guint64 hash,
                     guint64 value)
{
  hash ^= value + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + (hash << 6) + (hash >> 2);
  hash *= G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
  hash ^= hash >> 33;

  return hash != 0 ? hash : 1;
}

static guint64
token_key (guint64 context,
           guint   token)
{
  return arietta_context_mix (context, token + G_GUINT64_CONSTANT (0x100000001));
}

/* The cell of @key; a free one if it is not there. */
static Cell *
find_cell (AriettaContextCounts *self,
           guint64               key)
{
  gsize place = key & (self->n_cells - 1);

  while (self->cells[place].key != 0 && self->cells[place].key != key)
    place = (place + 1) & (self->n_cells - 1);

  return &self->cells[place];
}

static void
grow (AriettaContextCounts *self)
{
  Cell  *old = self->cells;
  gsize  n_old = self->n_cells;

  self->n_cells *= 2;
  self->cells = g_new0 (Cell, self->n_cells);
  for (gsize i = 0; i < n_old; i++)
    if (old[i].key != 0)
      *find_cell (self, old[i].key) = old[i];
  g_free (old);
}

static Cell *
ensure_cell (AriettaContextCounts *self,
             guint64               key)
{
  Cell *cell = find_cell (self, key);

  if (cell->key == 0)
    {
      cell->key = key;
      self->n_used++;
    }

  return cell;
}

AriettaContextCounts *
arietta_context_counts_new (guint n_tokens)
{
  AriettaContextCounts *self = g_new0 (AriettaContextCounts, 1);

  g_return_val_if_fail (n_tokens > 0 && n_tokens < G_MAXUINT16, NULL);

  self->n_tokens = n_tokens;
  self->n_cells = 1 << 12;
  self->cells = g_new0 (Cell, self->n_cells);

  return self;
}

void
arietta_context_counts_free (AriettaContextCounts *self)
{
  if (self == NULL)
    return;

  g_free (self->cells);
  g_free (self);
}

void
arietta_context_counts_learn (AriettaContextCounts *self,
                              const guint64        *contexts,
                              guint                 n_contexts,
                              guint                 token)
{
  g_return_if_fail (token < self->n_tokens);

  for (guint k = 0; k < n_contexts; k++)
    {
      Cell *context, *seen;

      /* Two more cells at most, and neither pointer outlives a growth. */
      if ((self->n_used + 2) * 2 >= self->n_cells)
        grow (self);
      context = ensure_cell (self, contexts[k]);
      seen = ensure_cell (self, token_key (contexts[k], token));
      context->count++;
      if (seen->count++ == 0)
        {
          context->distinct++;
          seen->next = context->next;
          context->next = (guint16) (token + 1);
        }
    }
}

void
arietta_context_counts_predict (AriettaContextCounts *self,
                                const guint64        *contexts,
                                guint                 n_contexts,
                                double               *chances)
{
  for (guint t = 0; t < self->n_tokens; t++)
    chances[t] = 1.0 / self->n_tokens;

  for (guint k = 0; k < n_contexts; k++)
    {
      const Cell *context = find_cell (self, contexts[k]);
      double      n = context->count, d = context->distinct;

      if (context->key == 0)
        return;

      for (guint t = 0; t < self->n_tokens; t++)
        chances[t] *= d / (n + d);
      for (guint next = context->next; next != 0;)
        {
          const Cell *seen = find_cell (self, token_key (contexts[k], next - 1));

          chances[next - 1] += seen->count / (n + d);
          next = seen->next;
        }
    }
}
