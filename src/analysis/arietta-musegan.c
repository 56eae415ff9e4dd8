#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-musegan.h"

#include "analysis/arietta-parts.h"

#include <math.h>
#include <string.h>

#define SIXTEENTH  (ARIETTA_CLICKS_PER_QUARTER / 4)
#define LONG_STEPS 3

typedef double Chroma[12];

static void
count_bars (AriettaMuseganAccount *account,
            const AriettaParts    *parts,
            const AriettaPart     *part)
{
  for (guint bar = 0; bar < parts->n_bars; bar++)
    {
      guint classes = 0, i = arietta_part_find_bar (part, bar);
      int   n = 0;

      for (; i < part->notes->len && g_array_index (part->notes, AriettaPartNote, i).bar == bar; i++)
        {
          const AriettaPartNote *note = &g_array_index (part->notes, AriettaPartNote, i);

          classes |= 1u << note->pitch % 12;
          n++;
          account->notes += 1.0;
          account->qualified_notes += note->duration >= LONG_STEPS;
        }
      account->bars += 1.0;
      account->empty_bars += n == 0;
      for (; classes != 0; classes &= classes - 1)
        account->pitch_classes += 1.0;
    }
}

static void
count_hits (AriettaMuseganAccount *account,
            const AriettaPart     *part)
{
  for (guint i = 0; i < part->notes->len; i++)
    {
      int place = g_array_index (part->notes, AriettaPartNote, i).onset % SIXTEENTH;

      account->hits += 1.0;
      account->pattern += place == 0 ? 1.0 : place == 1 || place == SIXTEENTH - 1 ? 0.1 : 0.0;
    }
}

/* How long each pitch class sounds in each beat of a quarter; beats of all bars in a row, bar @b
 * beginning at beats[b]. */
static Chroma *
make_chroma (const AriettaParts *parts,
             const AriettaPart  *part,
             const guint        *beats)
{
  Chroma *chroma = g_new0 (Chroma, beats[parts->n_bars] + 1);

  for (guint i = 0; i < part->notes->len; i++)
    {
      const AriettaPartNote *note = &g_array_index (part->notes, AriettaPartNote, i);
      guint                  bar = note->bar;
      int                    at = note->onset, left = note->duration;

      while (left > 0 && bar < parts->n_bars)
        {
          guint beat = beats[bar] + (guint) (at / ARIETTA_CLICKS_PER_QUARTER);
          int   end = MIN ((at / ARIETTA_CLICKS_PER_QUARTER + 1) * ARIETTA_CLICKS_PER_QUARTER,
                           parts->lengths[bar]);

          if (at >= parts->lengths[bar] || beat >= beats[bar + 1])
            {
              at = 0;
              bar++;
              continue;
            }
          chroma[beat][note->pitch % 12] += MIN (left, end - at);
          left -= end - at;
          at = end;
        }
    }

  return chroma;
}

/* FALSE for silence. */
static gboolean
place_chroma (const Chroma chroma,
              double       point[6])
{
  static const double turns[3] = { 7.0 / 6.0, 3.0 / 2.0, 2.0 / 3.0 }, radii[3] = { 1.0, 1.0, 0.5 };
  double              total = 0.0;

  memset (point, 0, sizeof (double) * 6);
  for (int c = 0; c < 12; c++)
    {
      total += chroma[c];
      for (int k = 0; k < 3; k++)
        {
          point[2 * k] += chroma[c] * radii[k] * sin (c * turns[k] * G_PI);
          point[2 * k + 1] += chroma[c] * radii[k] * cos (c * turns[k] * G_PI);
        }
    }
  for (int k = 0; k < 6 && total > 0.0; k++)
    point[k] /= total;

  return total > 0.0;
}

/* @order NULL: as it is. Bars are compared beat by beat up to the shorter of two. */
static void
compare_parts (const Chroma *a,
               const Chroma *b,
               const guint  *beats,
               guint         n_bars,
               const guint  *order,
               double       *n,
               double       *sum)
{
  for (guint bar = 0; bar < n_bars; bar++)
    {
      guint other = order != NULL ? order[bar] : bar;
      guint shared = MIN (beats[bar + 1] - beats[bar], beats[other + 1] - beats[other]);

      for (guint beat = 0; beat < shared; beat++)
        {
          double p[6], q[6], square = 0.0;

          if (!place_chroma (a[beats[bar] + beat], p) || !place_chroma (b[beats[other] + beat], q))
            continue;
          for (int k = 0; k < 6; k++)
            square += (p[k] - q[k]) * (p[k] - q[k]);
          *sum += sqrt (square);
          *n += 1.0;
        }
    }
}

static void
count_distances (AriettaMuseganAccount *account,
                 const AriettaParts    *parts,
                 AriettaRandom         *random)
{
  g_autofree guint     *beats = g_new0 (guint, parts->n_bars + 1);
  g_autofree guint     *order = g_new (guint, parts->n_bars + 1);
  g_autoptr(GPtrArray)  chromas = g_ptr_array_new_with_free_func (g_free);

  for (guint b = 0; b < parts->n_bars; b++)
    {
      beats[b + 1] = beats[b]
                     + (guint) ((parts->lengths[b] + ARIETTA_CLICKS_PER_QUARTER - 1)
                                / ARIETTA_CLICKS_PER_QUARTER);
      order[b] = b;
    }
  for (guint b = parts->n_bars; b > 1; b--)
    {
      guint other = (guint) arietta_random_below (random, b), kept = order[b - 1];

      order[b - 1] = order[other];
      order[other] = kept;
    }

  for (guint p = 0; p < parts->parts->len; p++)
    {
      const AriettaPart *part = &g_array_index (parts->parts, AriettaPart, p);

      if (!part->percussion)
        g_ptr_array_add (chromas, make_chroma (parts, part, beats));
    }

  for (guint i = 0; i < chromas->len; i++)
    for (guint k = i + 1; k < chromas->len; k++)
      {
        compare_parts (chromas->pdata[i], chromas->pdata[k], beats, parts->n_bars, NULL,
                       &account->beats, &account->distance);
        compare_parts (chromas->pdata[i], chromas->pdata[k], beats, parts->n_bars, order,
                       &account->shuffled_beats, &account->shuffled_distance);
      }
}

void
arietta_musegan_add (AriettaMuseganAccount *account,
                     AriettaPiece          *piece,
                     AriettaRandom         *random)
{
  g_autoptr(AriettaParts) parts = arietta_parts_new (piece);

  for (guint p = 0; p < parts->parts->len; p++)
    {
      const AriettaPart *part = &g_array_index (parts->parts, AriettaPart, p);

      if (part->percussion)
        count_hits (account, part);
      else
        count_bars (account, parts, part);
    }
  count_distances (account, parts, random);
}

static double
divide (double sum,
        double n)
{
  return n > 0.0 ? sum / n : NAN;
}

void
arietta_musegan_finish (const AriettaMuseganAccount *account,
                        AriettaMusegan              *musegan)
{
  *musegan = (AriettaMusegan) {
    .empty_bars = divide (account->empty_bars, account->bars),
    .pitch_classes = divide (account->pitch_classes, account->bars),
    .qualified_notes = divide (account->qualified_notes, account->notes),
    .drum_pattern = divide (account->pattern, account->hits),
    .tonal_distance = divide (account->distance, account->beats),
    .tonal_distance_shuffled = divide (account->shuffled_distance, account->shuffled_beats),
  };
}
