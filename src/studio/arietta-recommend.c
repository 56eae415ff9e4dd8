/* What to hear next: closeness to what was played and liked, each with the reason that made it
 * so. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-explore.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "analysis/arietta-style-measure.h"

#define FEATURE "style-statistics-1"
#define N ARIETTA_STYLE_N_STATISTICS

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

static gboolean
load_statistics (AriettaLibrary *library,
                 Candidate      *candidate)
{
  gboolean          of_take = candidate->take_id != 0;
  gint64            id = of_take ? candidate->take_id : candidate->item_id;
  guint             n = 0;
  g_autofree float *stored = arietta_library_get_feature (library, of_take, id, FEATURE, &n, NULL);
  g_autoptr(AriettaPiece) piece = NULL;

  if (stored != NULL && n == N)
    {
      memcpy (candidate->statistics, stored, sizeof candidate->statistics);
      return TRUE;
    }

  piece = of_take ? arietta_library_load_take (library, id, NULL)
                  : arietta_library_load_item (library, id, NULL);
  if (piece == NULL || !arietta_style_measure_statistics (piece, candidate->statistics))
    return FALSE;

  arietta_library_set_feature (library, of_take, id, FEATURE, candidate->statistics, N, NULL);
  return TRUE;
}

static GArray *
gather (AriettaLibrary  *library,
        AriettaJob      *job,
        GError         **error)
{
  g_autoptr(GPtrArray) items = arietta_library_list_items (library, 0, NULL, error);
  g_autoptr(GPtrArray) takes = items != NULL ? arietta_library_list_takes (library, error) : NULL;
  g_autoptr(GArray)    all = g_array_new (FALSE, TRUE, sizeof (Candidate));

  if (takes == NULL)
    return NULL;

  g_array_set_clear_func (all, (GDestroyNotify) candidate_clear);
  for (guint i = 0; i < items->len; i++)
    {
      const AriettaItem *item = g_ptr_array_index (items, i);
      Candidate one = { .item_id = item->id,
                        .title = g_strdup (item->title),
                        .style = g_strdup (item->style) };

      g_array_append_val (all, one);
    }
  for (guint i = 0; i < takes->len; i++)
    {
      const AriettaTake *take = g_ptr_array_index (takes, i);
      Candidate one = { .take_id = take->id,
                        .title = g_strdup (take->title),
                        .style = g_strdup (take->style) };

      g_array_append_val (all, one);
    }

  for (guint i = 0; i < all->len && arietta_job_check (job); i++)
    {
      Candidate *one = &g_array_index (all, Candidate, i);

      one->known = load_statistics (library, one);
      arietta_job_report (job, (double) i / all->len, NULL);
    }

  return g_steal_pointer (&all);
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

static AriettaRecommendation *
judge (GArray          *all,
       const Candidate *one,
       double           surprise)
{
  AriettaRecommendation *result = g_new0 (AriettaRecommendation, 1);
  const Candidate       *because = NULL;
  double                 score = 0.0, weight = 0.0, strongest = 0.0, nearest = -1.0;
  guint                  n_heard = 0, n_of_style = 0;

  for (guint i = 0; i < all->len; i++)
    {
      const Candidate *heard = &g_array_index (all, Candidate, i);
      double           pull, near_by;

      if (heard != one && heard->plays > 0)
        {
          n_heard++;
          n_of_style += one->style[0] != '\0' && g_str_equal (one->style, heard->style);
        }
      if (heard == one || !heard->known || (heard->plays == 0 && heard->liking == 0))
        continue;

      pull = pull_of (heard);
      near_by = closeness (one, heard);
      nearest = MAX (nearest, near_by);
      score += pull * near_by;
      weight += fabs (pull);
      if (pull * near_by > strongest)
        {
          strongest = pull * near_by;
          because = heard;
        }
    }

  score = weight > 0.0 ? score / weight : 0.0;
  result->item_id = one->item_id;
  result->take_id = one->take_id;
  result->title = g_strdup (one->title);
  result->style = g_strdup (one->style);
  result->score = (1.0 - surprise) * score + surprise * (nearest >= 0.0 ? 1.0 - nearest : 0.0);
  give_reason (result, one, because, nearest, n_heard, n_of_style);

  return result;
}

static int
compare_scores (gconstpointer a,
                gconstpointer b)
{
  const AriettaRecommendation *x = *(AriettaRecommendation * const *) a;
  const AriettaRecommendation *y = *(AriettaRecommendation * const *) b;

  if (x->score != y->score)
    return x->score > y->score ? -1 : 1;
  if (x->take_id != y->take_id)
    return x->take_id > y->take_id ? -1 : 1;

  return x->item_id > y->item_id ? -1 : x->item_id < y->item_id;
}

GPtrArray *
arietta_recommend (AriettaLibrary  *library,
                   guint            count,
                   double           surprise,
                   AriettaJob      *job,
                   GError         **error)
{
  g_autoptr(GArray)    all = gather (library, job, error);
  g_autoptr(GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_recommendation_free);

  if (all == NULL || !add_listens (library, all, error))
    return NULL;

  standardise (all);
  for (guint i = 0; i < all->len; i++)
    {
      const Candidate *one = &g_array_index (all, Candidate, i);

      if (one->known && one->liking >= 0)
        g_ptr_array_add (list, judge (all, one, surprise));
    }

  g_ptr_array_sort (list, compare_scores);
  if (list->len > count)
    g_ptr_array_remove_range (list, count, list->len - count);

  return g_steal_pointer (&list);
}
