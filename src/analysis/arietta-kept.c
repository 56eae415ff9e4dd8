#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-kept.h"

#include <stdlib.h>

/* A note in quarters, with the key it must share with its partner. */
typedef struct
{
  double onset, duration;
  int    key;             /* pitch, and 128 more for percussion */
  guint8 velocity;
  guint8 taken;
} Laid;

#define HALF_A_SIXTEENTH 0.125

static int
compare_laid (gconstpointer a,
              gconstpointer b)
{
  const Laid *x = a, *y = b;

  if (x->key != y->key)
    return x->key - y->key;

  return (x->onset > y->onset) - (x->onset < y->onset);
}

static GArray *
lay_out (AriettaPiece *piece)
{
  GArray *laid = g_array_sized_new (FALSE, FALSE, sizeof (Laid), arietta_piece_get_n_notes (piece));
  double  per_quarter = arietta_piece_get_ticks_per_quarter (piece);

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        {
          Laid one = {
            .onset = notes[i].onset_ticks / per_quarter,
            .duration = notes[i].duration_ticks / per_quarter,
            .key = notes[i].pitch + (notes[i].channel == 9 ? 128 : 0),
            .velocity = notes[i].velocity,
          };

          g_array_append_val (laid, one);
        }
    }
  g_array_sort (laid, compare_laid);

  return laid;
}

/* The nearest free partner of @note among those of its key, which begin at @first. */
static Laid *
find_partner (GArray     *others,
              guint       first,
              const Laid *note)
{
  Laid *best = NULL;

  for (guint i = first; i < others->len; i++)
    {
      Laid  *other = &g_array_index (others, Laid, i);
      double distance = ABS (other->onset - note->onset);

      if (other->key != note->key || other->onset > note->onset + HALF_A_SIXTEENTH)
        break;
      if (!other->taken && distance <= HALF_A_SIXTEENTH &&
          (best == NULL || distance < ABS (best->onset - note->onset)))
        best = other;
    }

  return best;
}

void
arietta_kept_measure (AriettaPiece *before,
                      AriettaPiece *after,
                      AriettaKept  *kept)
{
  g_autoptr(GArray) ours = lay_out (before);
  g_autoptr(GArray) theirs = lay_out (after);
  guint             n_notes = 0, n_onsets = 0, n_durations = 0, n_velocities = 0, first = 0;
  double            onset_off = 0.0, duration_off = 0.0;
  /* Either side rounds to its own ticks; a tick of the finer grid in use is not a difference. */
  double tolerance = 0.51 / MIN (arietta_piece_get_ticks_per_quarter (before),
                                 arietta_piece_get_ticks_per_quarter (after));

  for (guint i = 0; i < ours->len; i++)
    {
      const Laid *note = &g_array_index (ours, Laid, i);
      Laid       *partner;

      while (first < theirs->len)
        {
          const Laid *other = &g_array_index (theirs, Laid, first);

          if (other->key > note->key ||
              (other->key == note->key && other->onset >= note->onset - HALF_A_SIXTEENTH))
            break;
          first++;
        }

      partner = find_partner (theirs, first, note);
      if (partner == NULL)
        continue;

      partner->taken = TRUE;
      n_notes++;
      onset_off += ABS (partner->onset - note->onset);
      duration_off += ABS (partner->duration - note->duration);
      n_onsets += ABS (partner->onset - note->onset) <= tolerance;
      n_durations += ABS (partner->duration - note->duration) <= tolerance;
      n_velocities += partner->velocity == note->velocity;
    }

  if (ours->len == 0)
    *kept = (AriettaKept) { 1.0, 1.0, 1.0, 1.0, 0.0, 0.0 };
  else
    *kept = (AriettaKept) {
      (double) n_notes / ours->len,
      (double) n_onsets / ours->len,
      (double) n_durations / ours->len,
      (double) n_velocities / ours->len,
      onset_off / MAX (n_notes, 1),
      duration_off / MAX (n_notes, 1),
    };
}
