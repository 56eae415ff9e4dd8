#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-context-counts.h"

#include "base/arietta-deflate.h"

#include <stdlib.h>

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

/* A token that was seen no longer leaves the list of its context. */
static void
unlink_token (AriettaContextCounts *self,
              Cell                 *context,
              Cell                 *seen,
              guint                 token)
{
  guint16 *link = &context->next;

  while (*link != 0 && *link != token + 1)
    link = &find_cell (self, token_key (context->key, *link - 1u))->next;
  *link = seen->next;
  seen->next = 0;
  context->distinct--;
}

void
arietta_context_counts_forget (AriettaContextCounts *self,
                               const guint64        *contexts,
                               guint                 n_contexts,
                               guint                 token)
{
  for (guint k = 0; k < n_contexts; k++)
    {
      Cell *context = find_cell (self, contexts[k]);
      Cell *seen = find_cell (self, token_key (contexts[k], token));

      if (context->count == 0 || seen->count == 0)
        continue;
      context->count--;
      if (--seen->count == 0)
        unlink_token (self, context, seen, token);
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

      /* Finer ones of what was never seen, or is forgotten, are so too. */
      if (context->count == 0)
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

const char *
arietta_counted_on (guint n_pieces)
{
  return n_pieces > 1 ? "others" : "itself";
}

/* --- bytes ---
 *
 * Deflated, little-endian: of each context in the order of its key the key (8), how many tokens
 * follow it (2), and of each the token (2) and how often (2, 65535 stands for more). */

#define MOST_PLAIN (256u << 20)

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  const guint64 x = ((const Cell *) a)->key, y = ((const Cell *) b)->key;

  return x < y ? -1 : x > y;
}

static void
put (GByteArray *bytes,
     guint64     value,
     int         n)
{
  for (int i = 0; i < n; i++)
    {
      guint8 byte = (guint8) (value >> (8 * i));

      g_byte_array_append (bytes, &byte, 1);
    }
}

static GBytes *
store_seen (AriettaContextCounts *self,
            GArray               *contexts,
            guint32               least)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  for (guint i = 0; i < contexts->len; i++)
    {
      const Cell *context = &g_array_index (contexts, Cell, i);

      if (context->count < least)
        continue;
      put (bytes, context->key, 8);
      put (bytes, context->distinct, 2);
      for (guint next = context->next; next != 0;)
        {
          const Cell *seen = find_cell (self, token_key (context->key, next - 1));

          put (bytes, next - 1, 2);
          put (bytes, MIN (seen->count, 0xffff), 2);
          next = seen->next;
        }
    }

  return arietta_deflate (bytes->data, bytes->len);
}

GBytes *
arietta_context_counts_store (AriettaContextCounts *self,
                              gsize                 most)
{
  g_autoptr(GArray) contexts = g_array_new (FALSE, FALSE, sizeof (Cell));

  for (gsize i = 0; i < self->n_cells; i++)
    if (self->cells[i].key != 0 && self->cells[i].distinct > 0)
      g_array_append_val (contexts, self->cells[i]);
  g_array_sort (contexts, compare_keys);

  for (guint32 least = 1;; least *= 2)
    {
      GBytes *bytes = store_seen (self, contexts, least);

      if (g_bytes_get_size (bytes) <= most || least > 1u << 20)
        return bytes;
      g_bytes_unref (bytes);
    }
}

/* FALSE past the end. */
static gboolean
get (const guint8 **at,
     const guint8  *end,
     int            n,
     guint64       *value)
{
  if (end - *at < n)
    return FALSE;

  *value = 0;
  for (int i = 0; i < n; i++)
    *value |= (guint64) (*at)[i] << (8 * i);
  *at += n;

  return TRUE;
}

/* A context and what followed it. */
static gboolean
read_context (AriettaContextCounts *self,
              const guint8        **at,
              const guint8         *end)
{
  guint64 key, n, token, count;

  if (!get (at, end, 8, &key) || !get (at, end, 2, &n) || key == 0)
    return FALSE;

  for (guint64 i = 0; i < n; i++)
    {
      Cell *context, *seen;

      if (!get (at, end, 2, &token) || !get (at, end, 2, &count) || token >= self->n_tokens
          || count == 0)
        return FALSE;
      if ((self->n_used + 2) * 2 >= self->n_cells)
        grow (self);
      context = ensure_cell (self, key);
      seen = ensure_cell (self, token_key (key, (guint) token));
      /* Twice the same token, or a token that is a context: nothing of ours. */
      if (seen->count != 0 || seen == context)
        return FALSE;
      seen->count = (guint32) count;
      seen->next = context->next;
      context->next = (guint16) (token + 1);
      context->count += (guint32) count;
      context->distinct++;
    }

  return TRUE;
}

AriettaContextCounts *
arietta_context_counts_restore (guint         n_tokens,
                                const guint8 *bytes,
                                gsize         n_bytes)
{
  g_autoptr(GBytes)               plain = arietta_inflate (bytes, n_bytes, MOST_PLAIN);
  g_autoptr(AriettaContextCounts) self = NULL;
  const guint8                   *at, *end;
  gsize                           n;

  if (plain == NULL)
    return NULL;

  self = arietta_context_counts_new (n_tokens);
  at = g_bytes_get_data (plain, &n);
  end = at + n;
  while (at < end)
    if (!read_context (self, &at, end))
      return NULL;

  return g_steal_pointer (&self);
}
