#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-gather.h"

#include <math.h>
#include <string.h>

#include "math/arietta-pool.h"

/* Pieces that are computed before a stop is looked for. */
#define PART 16
/* Pieces that are stored at a time, or fewer when they took so long. */
#define BATCH 256
#define BATCH_US 500000

/* As the threads see it. */
typedef struct
{
  const AriettaGather *gather;
  AriettaLibrary      *library;
  const gint64        *ids;
  const guint         *places;
  float               *values;
  guint8              *states;
  guint8              *keep;     /* (places): the result is to be stored */
} Work;

static void
compute_one (void *data,
             int   nth)
{
  Work                    *work = data;
  const AriettaGather     *gather = work->gather;
  guint                    at = work->places[nth];
  float                   *values = work->values + (gsize) at * gather->size;
  g_autoptr(AriettaPiece)  piece = gather->of_takes ? arietta_library_load_take (work->library, work->ids[at], NULL)
                                                    : arietta_library_load_item (work->library, work->ids[at], NULL);

  work->states[at] = ARIETTA_GATHER_NONE;
  if (piece == NULL)
    return;   /* it may be readable another time */

  work->keep[nth] = TRUE;
  if (gather->func (piece, values, gather->data))
    work->states[at] = ARIETTA_GATHER_KNOWN;
  else
    for (guint d = 0; d < gather->size; d++)
      values[d] = NAN;
}

/* What cannot be stored is computed again next time. */
static void
store (const Work *work,
       guint       n_places)
{
  guint             size = work->gather->size, n = 0;
  g_autofree float *values = g_new (float, (gsize) n_places * size + 1);
  g_autofree gint64 *ids = g_new (gint64, (gsize) n_places + 1);

  for (guint i = 0; i < n_places; i++)
    if (work->keep[i])
      {
        memcpy (values + (gsize) n * size, work->values + (gsize) work->places[i] * size, size * sizeof (float));
        ids[n++] = work->ids[work->places[i]];
      }
  arietta_library_set_features (work->library, work->gather->of_takes, ids, n, work->gather->name, values, size, NULL);
}

static guint
common_divisor (guint a,
                guint b)
{
  return b == 0 ? a : common_divisor (b, a % b);
}

/* Places of what is to be computed now: those of the first @n_first, *n_needed of them, then others
 * in steps of the golden section, so that wherever one stops they come evenly from everywhere. */
static GArray *
choose (const AriettaGather *self,
        const guint8        *states,
        guint                n,
        guint                n_first,
        guint               *n_needed)
{
  GArray           *chosen = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GArray) others = g_array_new (FALSE, FALSE, sizeof (guint));
  guint             n_others, n_known = 0, step;

  for (guint i = 0; i < n; i++)
    {
      n_known += states[i] != ARIETTA_GATHER_LATER;
      if (states[i] == ARIETTA_GATHER_LATER)
        g_array_append_val (i < n_first ? chosen : others, i);
    }
  *n_needed = chosen->len;

  n_others = others->len;
  if (self->enough == 0 || n_others <= self->enough)
    {
      g_array_append_vals (chosen, others->data, n_others);
      *n_needed = chosen->len;
      return chosen;
    }

  n_others = n_known >= MAX (self->enough / 10, 1) ? 0 : self->enough - n_known;
  step = (guint) (0.6180339887 * others->len);
  while (common_divisor (others->len, step) != 1)
    step++;
  for (guint i = 0; i < n_others; i++)
    g_array_append_val (chosen, g_array_index (others, guint, (guint64) i * step % others->len));

  return chosen;
}

/* TRUE unless stopped. */
static gboolean
compute (Work       *work,
         guint       n,
         guint       n_needed,
         AriettaJob *job)
{
  const AriettaGather *gather = work->gather;
  const Work           all = *work;
  gint64               begun_us = g_get_monotonic_time (), stored_us = begun_us;
  guint                n_stored = 0;
  gboolean             going_on = TRUE;

  for (guint from = 0; going_on && from < n; from += PART)
    {
      guint  count = MIN (PART, n - from);
      gint64 now_us = g_get_monotonic_time ();

      going_on = arietta_job_check (job);
      if (!going_on || (from >= n_needed && from > 0 && now_us - begun_us > 1e6 * gather->patience))
        {
          n = from;
          break;
        }
      if (now_us - stored_us > BATCH_US || from - n_stored >= BATCH)
        {
          work->places = all.places + n_stored;
          work->keep = all.keep + n_stored;
          store (work, from - n_stored);
          n_stored = from;
          stored_us = now_us;
        }
      arietta_job_report (job, (double) from / n, gather->message);
      work->places = all.places + from;
      work->keep = all.keep + from;
      arietta_pool_run (compute_one, work, (int) count);
    }

  work->places = all.places + n_stored;
  work->keep = all.keep + n_stored;
  store (work, n - n_stored);
  return going_on;
}

gboolean
arietta_gather (const AriettaGather *self,
                AriettaLibrary      *library,
                const gint64        *ids,
                guint                n,
                guint                n_first,
                AriettaJob          *job,
                float               *values,
                guint8              *states)
{
  g_autoptr(GHashTable) known = arietta_library_list_features (library, self->of_takes, self->name, self->size, NULL);
  g_autoptr(GArray)     chosen = NULL;
  g_autofree guint8    *keep = NULL;
  Work                  work = { .gather = self, .library = library, .ids = ids, .values = values, .states = states };
  guint                 n_needed;

  for (guint i = 0; i < n; i++)
    {
      const float *found = known != NULL ? g_hash_table_lookup (known, &ids[i]) : NULL;

      states[i] = found == NULL                        ? ARIETTA_GATHER_LATER
                  : self->size > 0 && isnan (found[0]) ? ARIETTA_GATHER_NONE
                                                       : ARIETTA_GATHER_KNOWN;
      if (found != NULL)
        memcpy (values + (gsize) i * self->size, found, self->size * sizeof (float));
    }

  chosen = choose (self, states, n, n_first, &n_needed);
  keep = g_new0 (guint8, (gsize) chosen->len + 1);
  work.places = (const guint *) (gpointer) chosen->data;
  work.keep = keep;
  return compute (&work, chosen->len, n_needed, job);
}
