#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-style-choice.h"

#include "base/arietta-json.h"

#define MANY_PIECES 1000000  /* more a card does not say */

typedef struct
{
  const char *style;
  guint       pieces;
} Learned;

static guint
count_pieces (JsonObject *card,
              const char *style)
{
  JsonArray *rows = arietta_json_get_array (card, "data");
  gint64     n = 0;

  for (guint i = 0; i < arietta_json_get_length (rows); i++)
    {
      JsonObject *row = arietta_json_get_nth_object (rows, i);

      if (g_strcmp0 (arietta_json_get_text (row, "style"), style) == 0)
        n += CLAMP (arietta_json_get_int (row, "pieces", 0), 0, MANY_PIECES);
    }

  return (guint) MIN (n, MANY_PIECES);
}

/* Learned, in the order of the model's styles. */
static GArray *
list_learned (const AriettaModelInfo *info)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (Learned));

  for (guint i = 0; info->styles[i] != NULL; i++)
    {
      const Learned learned = { info->styles[i], count_pieces (info->card, info->styles[i]) };

      g_array_append_val (list, learned);
    }

  return list;
}

static int
compare_learned (gconstpointer a,
                 gconstpointer b)
{
  guint pieces_a = ((const Learned *) a)->pieces, pieces_b = ((const Learned *) b)->pieces;

  return (pieces_a < pieces_b) - (pieces_a > pieces_b);
}

const char *
arietta_style_choice_draw (const AriettaModelInfo *info,
                           gboolean                by_pieces,
                           AriettaRandom          *random)
{
  g_autoptr(GArray) list = list_learned (info);
  guint             sum = 0, drawn;

  if (list->len == 0)
    return NULL;
  for (guint i = 0; i < list->len && by_pieces; i++)
    sum += g_array_index (list, Learned, i).pieces;
  if (sum == 0)
    return g_array_index (list, Learned, arietta_random_below (random, list->len)).style;

  drawn = arietta_random_below (random, sum);
  for (guint i = 0;; i++)
    {
      const Learned *learned = &g_array_index (list, Learned, i);

      if (drawn < learned->pieces)
        return learned->style;
      drawn -= learned->pieces;
    }
}

GPtrArray *
arietta_style_choice_list (const AriettaModelInfo *info,
                           guint                   n)
{
  g_autoptr(GArray) list = list_learned (info);
  GPtrArray        *names = g_ptr_array_new ();

  g_array_sort (list, compare_learned);
  for (guint i = 0; i < MIN (list->len, n); i++)
    g_ptr_array_add (names, (gpointer) g_array_index (list, Learned, i).style);

  return names;
}
