/* bench-mix - how far mixing takes held-out pieces towards styles, and what it keeps of them
 *
 * usage: bench-mix LIBRARY MODEL.safetensors [PIECES] [PAIRS]
 *
 * LIBRARY is a folder with a library whose validation and test parts the model has not learned from
 * (models/README.md); PIECES (default 6) of each style are mixed towards every other style, PAIRS
 * (default 2) towards every two.  Beside the arrival that the mixing itself sought, a second judge
 * that it does not know: chances of successive intervals and successive durations, counted on the
 * training part, in nats per note above the mean of the other styles.
 */
#include "analysis/arietta-melody.h"
#include "learning/arietta-model.h"
#include "library/arietta-library.h"
#include "studio/arietta-mix-search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_STYLES 16
#define N_STEPS     25
#define N_LENGTHS   9
#define N_STRENGTHS 5

static const double strengths[N_STRENGTHS] = { 0.25, 0.5, 1.0, 1.5, 2.0 };

/* Counts of a style, of one following another. */
typedef struct
{
  double steps[N_STEPS][N_STEPS], lengths[N_LENGTHS][N_LENGTHS];
} Judge;

typedef struct
{
  AriettaPiece *piece;
  int           style;
} Source;

static int
length_class (gint64 ticks,
              int    ppq)
{
  return CLAMP ((int) lround (2.0 * log2 (MAX (4.0 * ticks / ppq, 0.25))) + 2, 0, N_LENGTHS - 1);
}

/* Calls the counting or adds up the chances: with @judge filled in, the sum of logarithms. */
static double
walk (Judge        *judge,
      AriettaPiece *piece,
      gboolean      learn,
      guint        *n)
{
  g_autoptr(GArray) line = arietta_melody_dup_notes (piece);
  int               ppq = arietta_piece_get_ticks_per_quarter (piece);
  double            sum = 0.0;

  *n = 0;
  for (guint i = 2; i + 1 < line->len; i++)
    {
      const AriettaNote *note = &g_array_index (line, AriettaNote, i);
      int a = CLAMP (note[-1].pitch - note[-2].pitch, -12, 12) + 12;
      int b = CLAMP (note[0].pitch - note[-1].pitch, -12, 12) + 12;
      int c = length_class (note[0].onset_ticks - note[-1].onset_ticks, ppq);
      int d = length_class (note[1].onset_ticks - note[0].onset_ticks, ppq);

      if (learn)
        {
          judge->steps[a][b] += 1.0;
          judge->lengths[c][d] += 1.0;
        }
      else
        {
          double steps = 0.5 * N_STEPS, lengths = 0.5 * N_LENGTHS;

          for (int k = 0; k < N_STEPS; k++)
            steps += judge->steps[a][k];
          for (int k = 0; k < N_LENGTHS; k++)
            lengths += judge->lengths[c][k];
          sum += log ((judge->steps[a][b] + 0.5) / steps);
          sum += log ((judge->lengths[c][d] + 0.5) / lengths);
        }
      *n += 1;
    }

  return sum;
}

/* Nats per note for @style above the mean of the others. */
static double
margin (Judge        *judges,
        int           n_styles,
        AriettaPiece *piece,
        int           style)
{
  double own = 0.0, others = 0.0;
  guint  n = 0;

  for (int s = 0; s < n_styles; s++)
    {
      double sum = walk (&judges[s], piece, FALSE, &n);

      if (s == style)
        own = sum;
      else
        others += sum / (n_styles - 1);
    }

  return n > 0 ? (own - others) / n : 0.0;
}

static double
kept (const AriettaMixCandidate *candidate)
{
  return (candidate->retention.chroma + candidate->retention.contour + candidate->retention.onset_f1)
         / 3.0;
}

static void
towards_one (AriettaModel *model,
             GArray       *sources,
             Judge        *judges,
             int           n_styles,
             const double *real_margins)
{
  const char * const *styles = arietta_model_get_styles (model);

  printf ("%-10s %6s %6s |%33s |%33s | %-8s| judge: before, 1, real\n", "towards", "real", "before",
          "arrival at 0.25 .5 1 1.5 2", "kept at 0 .5 1 1.5 2", "monotone");
  for (int t = 0; t < n_styles; t++)
    {
      double before = 0.0, arrival[N_STRENGTHS] = { 0 }, retention[N_STRENGTHS] = { 0 }, plain = 0.0;
      double first = 0.0, after = 0.0;
      int    n = 0, monotone = 0;

      for (guint i = 0; i < sources->len; i++)
        {
          const Source                *source = &g_array_index (sources, Source, i);
          const char                  *names[] = { styles[t], NULL };
          const double                 weight = 1.0;
          g_autoptr(AriettaMixSearch) search = NULL;
          double                       last;
          gboolean                     rises = TRUE;

          if (source->style == t)
            continue;
          search = arietta_mix_search_new (model, source->piece, NULL, names, &weight, 1, NULL, 1, NULL, NULL);
          if (search == NULL)
            continue;

          last = arietta_mix_search_get_nth (search, 0)->chances[0];
          before += last;
          plain += kept (arietta_mix_search_get_nth (search, 0));
          first += margin (judges, n_styles, arietta_mix_search_get_nth (search, 0)->piece, t);
          for (int k = 0; k < N_STRENGTHS; k++)
            {
              guint                      c = arietta_mix_search_choose (search, &weight, strengths[k]);
              const AriettaMixCandidate *chosen = arietta_mix_search_get_nth (search, c);

              arrival[k] += chosen->chances[0];
              retention[k] += kept (chosen);
              rises = rises && chosen->chances[0] >= last - 1e-9;
              last = chosen->chances[0];
              if (strengths[k] == 1.0)
                after += margin (judges, n_styles, chosen->piece, t);
            }
          monotone += rises;
          n++;
        }

      printf ("%-10s %6.2f %6.2f |", styles[t], arietta_model_get_typical_style (model, styles[t]),
              before / n);
      for (int k = 0; k < N_STRENGTHS; k++)
        printf (" %5.2f", arrival[k] / n);
      printf ("    | %5.2f", plain / n);
      for (int k = 1; k < N_STRENGTHS; k++)
        printf (" %5.2f", retention[k] / n);
      printf ("    | %3d/%-4d| %5.2f %5.2f %5.2f\n", monotone, n, first / n, after / n,
              real_margins[t]);
      fflush (stdout);
    }
}

static void
towards_two (AriettaModel *model,
             GArray       *sources,
             int           n_styles,
             int           n_each)
{
  static const double shares[3] = { 0.25, 0.5, 0.75 };
  const char * const *styles = arietta_model_get_styles (model);

  puts ("\ntwo styles, strength 1: arrival of each (before; weights .25+.75, .5+.5, .75+.25), rises");
  for (int a = 0; a < n_styles; a++)
    for (int b = a + 1; b < n_styles; b++)
      {
        double sums[4][2] = { { 0 } };
        int    n = 0, rises[2] = { 0 };

        for (guint i = 0; i < sources->len; i++)
          {
            const Source                *source = &g_array_index (sources, Source, i);
            const char                  *names[] = { styles[a], styles[b], NULL };
            double                       weights[2] = { 0.5, 0.5 };
            double                       got[3][2];
            g_autoptr(AriettaMixSearch)  search = NULL;
            const AriettaMixCandidate   *candidate;

            if (source->style == a || source->style == b || (int) i % 6 >= n_each)
              continue;
            search = arietta_mix_search_new (model, source->piece, NULL, names, weights, 2, NULL, 1, NULL, NULL);
            if (search == NULL)
              continue;
            candidate = arietta_mix_search_get_nth (search, 0);
            for (int s = 0; s < 2; s++)
              sums[0][s] += candidate->chances[s];
            for (int k = 0; k < 3; k++)
              {
                weights[0] = shares[k];
                weights[1] = 1.0 - shares[k];
                candidate =
                  arietta_mix_search_get_nth (search, arietta_mix_search_choose (search, weights, 1.0));
                for (int s = 0; s < 2; s++)
                  sums[1 + k][s] += got[k][s] = candidate->chances[s];
              }
            rises[0] += got[2][0] >= got[1][0] - 1e-9 && got[1][0] >= got[0][0] - 1e-9;
            rises[1] += got[0][1] >= got[1][1] - 1e-9 && got[1][1] >= got[2][1] - 1e-9;
            n++;
          }

        printf ("%-8s + %-8s", styles[a], styles[b]);
        for (int k = 0; n > 0 && k < 4; k++)
          printf ("  %.2f %.2f", sums[k][0] / n, sums[k][1] / n);
        printf ("   %d/%d %d/%d\n", rises[0], n, rises[1], n);
        fflush (stdout);
      }
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError)         error = NULL;
  g_autoptr(AriettaLibrary) library = argc > 2 ? arietta_library_open (argv[1], &error) : NULL;
  g_autoptr(AriettaModel)   model = library != NULL ? arietta_model_load (argv[2], &error) : NULL;
  g_autoptr(GPtrArray)      items = NULL;
  g_autoptr(GArray)         sources = g_array_new (FALSE, FALSE, sizeof (Source));
  g_autofree Judge         *judges = g_new0 (Judge, MOST_STYLES);
  double                    real_margins[MOST_STYLES] = { 0 };
  int                       counts[MOST_STYLES] = { 0 }, held[MOST_STYLES] = { 0 };
  int                       most = argc > 3 ? atoi (argv[3]) : 6, n_styles = 0;
  const char * const       *styles;

  if (model == NULL || (items = arietta_library_list_items (library, 0, NULL, &error)) == NULL)
    {
      fprintf (stderr, "%s\n", error != NULL ? error->message : "usage: bench-mix LIBRARY MODEL [PIECES] [PAIRS]");
      return 2;
    }

  styles = arietta_model_get_styles (model);
  n_styles = MIN ((int) g_strv_length ((char **) styles), MOST_STYLES);
  for (int pass = 0; pass < 2; pass++)
    for (guint i = 0; i < items->len; i++)
      {
        const AriettaItem      *item = items->pdata[i];
        gboolean                train = item->split == ARIETTA_SPLIT_TRAIN;
        g_autoptr(AriettaPiece) piece = NULL;
        int                     style = -1;
        guint                   n;

        for (int s = 0; s < n_styles; s++)
          if (g_str_equal (styles[s], item->style))
            style = s;
        if (style < 0 || item->medium != ARIETTA_MEDIUM_NOTES || train != (pass == 0)
            || (piece = arietta_library_load_item (library, item->id, NULL)) == NULL)
          continue;

        if (pass == 0)
          {
            walk (&judges[style], piece, TRUE, &n);
            continue;
          }
        real_margins[style] += margin (judges, n_styles, piece, style);
        held[style]++;
        if (counts[style]++ < most)
          {
            Source source = { arietta_piece_ref (piece), style };

            g_array_append_val (sources, source);
          }
      }
  for (int s = 0; s < n_styles; s++)
    real_margins[s] /= MAX (held[s], 1);

  printf ("%u held-out pieces\n", sources->len);
  towards_one (model, sources, judges, n_styles, real_margins);
  towards_two (model, sources, n_styles, argc > 4 ? atoi (argv[4]) : 2);

  for (guint i = 0; i < sources->len; i++)
    arietta_piece_unref (g_array_index (sources, Source, i).piece);
  return 0;
}
