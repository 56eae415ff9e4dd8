/* What to hear next: closeness to what was played and liked, each with the reason that made it
 * so. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-explore.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "analysis/arietta-style-measure.h"
#include "math/arietta-pool.h"
#include "studio/arietta-gather.h"

#define FEATURE "style-statistics-1"
#define N ARIETTA_STYLE_N_STATISTICS
/* Seconds until a first list out of a part of a large library is shown. */
#define PATIENCE 3.0

/* A like counts as much as hearing this many whole minutes. */
#define LIKE_WEIGHT 3.0
#define DISLIKE_WEIGHT 3.0

/* On the scale of closeness (): unrelated pieces stand at about 0.14 to each other. */
#define CLOSE 0.25
/* Pieces of a style that make it one that is played much. */
#define OFTEN 3
#define FAR 0.10

/* An item or a take, whatever can be recommended. */
typedef struct
{
  gint64   item_id, take_id;
  char    *title, *style;
  float    statistics[N];
  gboolean known;           /* has statistics */
  double   minutes;         /* heard so far */
  guint    plays;
  int      liking;          /* the last word on it */
} Candidate;

static void
candidate_clear (Candidate *self)
{
  g_free (self->title);
  g_free (self->style);
}

void
arietta_recommendation_free (AriettaRecommendation *self)
{
  if (self == NULL)
    return;

  g_free (self->title);
  g_free (self->style);
  g_free (self->reason);
  g_free (self);
}

static void
add_candidate (GArray     *all,
               gint64      item_id,
               gint64      take_id,
               const char *title,
               const char *style)
{
  Candidate one = { .item_id = item_id, .take_id = take_id, .title = g_strdup (title), .style = g_strdup (style) };

  g_array_append_val (all, one);
}

/* Items, then takes. */
static GArray *
list_candidates (AriettaLibrary  *library,
                 guint           *n_items,
                 GError         **error)
{
  g_autoptr(GPtrArray) items = arietta_library_list_items (library, 0, NULL, error);
  g_autoptr(GPtrArray) takes = items != NULL ? arietta_library_list_takes (library, error) : NULL;
  GArray              *all;

  if (takes == NULL)
    return NULL;

  all = g_array_sized_new (FALSE, TRUE, sizeof (Candidate), items->len + takes->len);
  g_array_set_clear_func (all, (GDestroyNotify) candidate_clear);
  for (guint i = 0; i < items->len; i++)
    {
      const AriettaItem *item = items->pdata[i];

      add_candidate (all, item->id, 0, item->title, item->style);
    }
  for (guint i = 0; i < takes->len; i++)
    {
      const AriettaTake *take = takes->pdata[i];

      add_candidate (all, 0, take->id, take->title, take->style);
    }
  *n_items = items->len;

  return all;
}

/* Notes on each candidate what was heard of it. Listens come in the order of time. */
static gboolean
add_listens (AriettaLibrary  *library,
             GArray          *all,
             GError         **error)
{
  g_autoptr(GPtrArray)  listens = arietta_library_list_listens (library, error);
  g_autoptr(GHashTable) by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  if (listens == NULL)
    return FALSE;

  /* Takes under negative numbers, so that one table serves both. */
  for (guint i = 0; i < all->len; i++)
    {
      Candidate *one = &g_array_index (all, Candidate, i);
      gint64     key = one->item_id != 0 ? one->item_id : -one->take_id;

      g_hash_table_insert (by_id, g_memdup2 (&key, sizeof key), one);
    }

  for (guint i = 0; i < listens->len; i++)
    {
      const AriettaListen *listen = g_ptr_array_index (listens, i);
      gint64               key = listen->item_id != 0 ? listen->item_id : -listen->take_id;
      Candidate           *one = g_hash_table_lookup (by_id, &key);

      if (one == NULL)
        continue;
      one->minutes += listen->seconds / 60.0;
      one->plays += listen->seconds > 0.0;
      /* Neither heard nor judged: the last word was taken back. */
      if (listen->liking != 0 || listen->seconds <= 0.0)
        one->liking = listen->liking;
    }

  return TRUE;
}

static gboolean
was_noticed (const Candidate *one)
{
  return one->plays > 0 || one->liking != 0;
}

static gboolean
measure_piece (AriettaPiece  *piece,
               float         *statistics,
               gconstpointer  data)
{
  return arietta_style_measure_statistics (piece, statistics);
}

/* The statistics of @n candidates of one table; what was heard or judged comes first.  How many wait. */
static guint
look_at (AriettaLibrary *library,
         Candidate      *all,
         guint           n,
         gboolean        of_takes,
         guint           enough,
         AriettaJob     *job)
{
  const AriettaGather gather = { .of_takes = of_takes, .name = FEATURE, .size = N, .func = measure_piece,
                                 .message = _("Looking through your music"), .enough = enough,
                                 .patience = PATIENCE };
  g_autofree gint64  *ids = g_new (gint64, (gsize) n + 1);
  g_autofree guint   *places = g_new (guint, (gsize) n + 1);
  g_autofree float   *values = g_new (float, (gsize) n * N + 1);
  g_autofree guint8  *states = g_new (guint8, (gsize) n + 1);
  guint               n_placed = 0, n_first = 0, n_waiting = 0;

  for (int noticed = 1; noticed >= 0; noticed--)
    {
      for (guint i = 0; i < n; i++)
        if (was_noticed (&all[i]) == noticed)
          {
            ids[n_placed] = of_takes ? all[i].take_id : all[i].item_id;
            places[n_placed++] = i;
          }
      if (noticed)
        n_first = n_placed;
    }

  arietta_gather (&gather, library, ids, n, n_first, job, values, states);
  for (guint i = 0; i < n; i++)
    {
      Candidate *one = &all[places[i]];

      n_waiting += states[i] == ARIETTA_GATHER_LATER;
      one->known = states[i] == ARIETTA_GATHER_KNOWN;
      if (one->known)
        memcpy (one->statistics, values + (gsize) i * N, sizeof one->statistics);
    }

  return n_waiting;
}

/* So that every statistic weighs alike: mean 0, variance 1 over the library. */
static void
standardise (GArray *all)
{
  for (guint d = 0; d < N; d++)
    {
      double sum = 0.0, squares = 0.0, mean, deviation;
      guint  n = 0;

      for (guint i = 0; i < all->len; i++)
        {
          const Candidate *one = &g_array_index (all, Candidate, i);

          if (!one->known)
            continue;
          sum += one->statistics[d];
          squares += (double) one->statistics[d] * one->statistics[d];
          n++;
        }
      if (n == 0)
        return;

      mean = sum / n;
      deviation = sqrt (MAX (squares / n - mean * mean, 0.0));
      for (guint i = 0; i < all->len; i++)
        {
          Candidate *one = &g_array_index (all, Candidate, i);

          one->statistics[d] = deviation > 1e-9 ? (float) ((one->statistics[d] - mean) / deviation)
                                                : 0.0f;
        }
    }
}

/* 1 for the same statistics, falling to 0; a typical pair of unrelated pieces stands at about
 * 0.14. */
static double
closeness (const Candidate *a,
           const Candidate *b)
{
  double sum = 0.0;

  for (guint d = 0; d < N; d++)
    sum += ((double) a->statistics[d] - b->statistics[d])
           * ((double) a->statistics[d] - b->statistics[d]);

  return exp (-sum / N);
}

/* How much a piece speaks for what is like it. */
static double
pull_of (const Candidate *heard)
{
  double pull = log1p (heard->minutes);

  if (heard->liking > 0)
    pull += LIKE_WEIGHT;
  else if (heard->liking < 0)
    pull -= DISLIKE_WEIGHT;

  return pull;
}

/* Says what decided, and only what holds: "close" needs to be closer than unrelated pieces are. */
static void
give_reason (AriettaRecommendation *result,
             const Candidate       *one,
             const Candidate       *because,
             double                 nearest,
             guint                  n_heard,
             guint                  n_of_style)
{
  result->kind = ARIETTA_REASON_NEW;
  if (because != NULL && closeness (one, because) >= CLOSE)
    {
      result->kind = because->liking > 0 ? ARIETTA_REASON_LIKE_LIKED : ARIETTA_REASON_LIKE_PLAYED;
      if (because->liking > 0)
        result->reason = g_strdup_printf (_("Close to “%s”, which you like"), because->title);
      else
        result->reason = g_strdup_printf (ngettext ("Close to “%s”, which you played %u time",
                                                    "Close to “%s”, which you played %u times",
                                                    because->plays),
                                          because->title, because->plays);
    }
  else if (one->plays > 0)
    result->reason = g_strdup_printf (ngettext ("You played it %u time", "You played it %u times",
                                                one->plays),
                                      one->plays);
  else if (n_of_style >= OFTEN && 2 * n_of_style >= n_heard)
    {
      result->kind = ARIETTA_REASON_STYLE;
      result->reason = g_strdup_printf (_("More %s: %u of the %u pieces you played are of this style"),
                                        one->style, n_of_style, n_heard);
    }
  else if (nearest >= 0.0 && nearest < FAR)
    result->reason = g_strdup (_("Unlike anything you played so far"));
  else
    result->reason = g_strdup (_("You have not heard this yet"));
}

/* What was heard and judged, which is little beside all there is. */
typedef struct
{
  const Candidate **noticed;    /* those with statistics */
  double           *pulls;
  guint             n_noticed;
  guint             n_played;
  GHashTable       *of_style;   /* style -> how many pieces of it were played */
} Taste;

static void
taste_init (Taste        *self,
            const GArray *all)
{
  self->noticed = g_new (const Candidate *, (gsize) all->len + 1);
  self->pulls = g_new (double, (gsize) all->len + 1);
  self->n_noticed = self->n_played = 0;
  self->of_style = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < all->len; i++)
    {
      const Candidate *one = &g_array_index (all, Candidate, i);
      guint            n = GPOINTER_TO_UINT (g_hash_table_lookup (self->of_style, one->style));

      if (one->plays > 0)
        {
          self->n_played++;
          g_hash_table_insert (self->of_style, one->style, GUINT_TO_POINTER (n + 1));
        }
      if (one->known && was_noticed (one))
        {
          self->pulls[self->n_noticed] = pull_of (one);
          self->noticed[self->n_noticed++] = one;
        }
    }
}

static void
taste_clear (Taste *self)
{
  g_free (self->noticed);
  g_free (self->pulls);
  g_hash_table_unref (self->of_style);
}

/* How much speaks for it; @because (NULL: nothing), the piece that decided, @nearest, the closest
 * one's closeness, below 0 when nothing was noticed. */
static double
weigh (const Taste      *taste,
       const Candidate  *one,
       double            surprise,
       const Candidate **because,
       double           *nearest)
{
  double score = 0.0, weight = 0.0, strongest = 0.0;

  *because = NULL;
  *nearest = -1.0;
  for (guint i = 0; i < taste->n_noticed; i++)
    {
      const Candidate *heard = taste->noticed[i];
      double           near_by;

      if (heard == one)
        continue;
      near_by = closeness (one, heard);
      *nearest = MAX (*nearest, near_by);
      score += taste->pulls[i] * near_by;
      weight += fabs (taste->pulls[i]);
      if (taste->pulls[i] * near_by > strongest)
        {
          strongest = taste->pulls[i] * near_by;
          *because = heard;
        }
    }
  score = weight > 0.0 ? score / weight : 0.0;

  return (1.0 - surprise) * score + surprise * (*nearest >= 0.0 ? 1.0 - *nearest : 0.0);
}

/* Of many, one stretch after another is given to the threads. */
#define PART 512
#define STRETCH 16

typedef struct
{
  const Candidate *one;
  double           score;
} Weighed;

typedef struct
{
  const Taste *taste;
  Weighed     *all;
  guint        n;
  double       surprise;
} Weighing;

static void
weigh_part (void *data,
            int   part)
{
  const Weighing  *weighing = data;
  guint            end = MIN ((guint) (part + 1) * PART, weighing->n);
  const Candidate *because;
  double           nearest;

  for (guint i = (guint) part * PART; i < end; i++)
    weighing->all[i].score = weigh (weighing->taste, weighing->all[i].one, weighing->surprise, &because, &nearest);
}

static int
compare_weights (gconstpointer a,
                 gconstpointer b)
{
  const Weighed *x = a, *y = b;

  if (x->score != y->score)
    return x->score > y->score ? -1 : 1;
  if (x->one->take_id != y->one->take_id)
    return x->one->take_id > y->one->take_id ? -1 : 1;

  return x->one->item_id > y->one->item_id ? -1 : x->one->item_id < y->one->item_id;
}

static AriettaRecommendation *
recommend_one (const Taste   *taste,
               const Weighed *weighed,
               double         surprise)
{
  AriettaRecommendation *result = g_new0 (AriettaRecommendation, 1);
  const Candidate       *one = weighed->one, *because;
  guint                  itself = one->plays > 0, n_of_style;
  double                 nearest;

  result->item_id = one->item_id;
  result->take_id = one->take_id;
  result->title = g_strdup (one->title);
  result->style = g_strdup (one->style);
  result->score = weighed->score;
  weigh (taste, one, surprise, &because, &nearest);
  n_of_style = one->style[0] != '\0' ? GPOINTER_TO_UINT (g_hash_table_lookup (taste->of_style, one->style)) - itself : 0;
  give_reason (result, one, because, nearest, taste->n_played - itself, n_of_style);

  return result;
}

GPtrArray *
arietta_recommend (AriettaLibrary  *library,
                   guint            count,
                   double           surprise,
                   guint            enough,
                   AriettaJob      *job,
                   guint           *n_chosen,
                   guint           *n_waiting,
                   GError         **error)
{
  guint               n_items = 0, waiting;
  g_autoptr(GArray)   all = list_candidates (library, &n_items, error);
  g_autoptr(GArray)   weights = g_array_new (FALSE, FALSE, sizeof (Weighed));
  GPtrArray          *list;
  Candidate          *first;
  Taste               taste;

  if (all == NULL || !add_listens (library, all, error))
    return NULL;

  first = (Candidate *) (gpointer) all->data;
  waiting = look_at (library, first, n_items, FALSE, enough, job);
  waiting += look_at (library, first + n_items, all->len - n_items, TRUE, enough, job);
  standardise (all);
  taste_init (&taste, all);
  for (guint i = 0; i < all->len; i++)
    if (first[i].known && first[i].liking >= 0)
      {
        const Weighed one = { .one = &first[i] };

        g_array_append_val (weights, one);
      }

  for (guint from = 0; from < weights->len; from += STRETCH * PART)
    {
      guint    n = MIN (STRETCH * PART, weights->len - from);
      Weighing weighing = { &taste, &g_array_index (weights, Weighed, from), n, surprise };

      arietta_pool_run (weigh_part, &weighing, (int) ((n + PART - 1) / PART));
    }
  g_array_sort (weights, compare_weights);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_recommendation_free);
  for (guint i = 0; i < MIN (count, weights->len); i++)
    g_ptr_array_add (list, recommend_one (&taste, &g_array_index (weights, Weighed, i), surprise));
  taste_clear (&taste);
  if (n_chosen != NULL)
    *n_chosen = weights->len;
  if (n_waiting != NULL)
    *n_waiting = waiting;

  return list;
}
