/* bench-restyle - what one hears of another style that was asked for
 *
 * usage: bench-restyle FOLDER [PIECES] [AMOUNT]
 *
 * The first 16 bars of pieces of FOLDER, none of which the model has learned from, PIECES (default 6) for each style
 * that the model tells in them, are asked for in every other style.  For each style asked for: the share of the bars with a
 * melody that changed, the chance of that style before and after and the chance that real pieces have, the share of what was
 * kept, and passages that the model has learned from.  Chances are those of the closeness meter
 * (analysis/arietta-style-measure.h).
 */
#include "analysis/arietta-copied.h"
#include "analysis/arietta-melody.h"
#include "analysis/arietta-retention.h"
#include "formats/arietta-formats.h"
#include "music/arietta-bar-map.h"
#include "studio/arietta-assist.h"
#include "studio/arietta-model-list.h"

#include <stdio.h>
#include <stdlib.h>

#define N_BARS      16
#define MOST_STYLES 16

typedef struct
{
  AriettaPiece *piece;
  int           style;
} Source;

typedef struct
{
  double bars, changed, before, after, kept, seconds;
  guint  n, unchanged;
} Row;

/* The bars alone, so that their melody is what is judged. */
static AriettaPiece *
cut (AriettaPiece *piece,
     guint         n_bars)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (piece);
  gint64                   end = arietta_bar_map_get_start (bars, n_bars);
  AriettaPiece            *copy = arietta_piece_copy (piece);

  for (guint t = 0; t < arietta_piece_get_n_tracks (copy); t++)
    {
      AriettaTrack      *track = arietta_piece_get_track (copy, t);
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (track, &n);
      g_autoptr(GArray)  first = g_array_new (FALSE, FALSE, sizeof (AriettaNote));

      for (guint i = 0; i < n && notes[i].onset_ticks < end; i++)
        g_array_append_val (first, notes[i]);
      arietta_track_take_notes (track, g_steal_pointer (&first));
      arietta_track_set_end_ticks (track, end);
    }

  return arietta_piece_freeze (copy);
}

static double
get_chance (AriettaModel *model,
            AriettaPiece *piece,
            const char   *style)
{
  g_autoptr(GHashTable) chances = arietta_model_measure_style (model, piece);
  const double         *chance = g_hash_table_lookup (chances, style);

  return chance != NULL ? *chance : 0.0;
}

/* The notes of a bar, whoever plays them: onset, pitch, length. */
static guint
hash_bar (AriettaPiece *piece,
          gint64        start,
          gint64        end)
{
  guint sum = 0;

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        if (notes[i].onset_ticks >= start && notes[i].onset_ticks < end)
          {
            gint64 key = (notes[i].onset_ticks * 128 + notes[i].pitch) * 100003 + notes[i].duration_ticks;

            sum += g_int64_hash (&key) * 2654435761u + 1;
          }
    }

  return sum;
}

static void
restyle (AriettaLibrary     *library,
         AriettaModel       *model,
         const Source       *source,
         const char         *style,
         double              amount,
         Row                *row,
         AriettaCopied      *known,
         AriettaCopiedCount *copied)
{
  AriettaAssistRequest       request = ARIETTA_ASSIST_REQUEST_INIT;
  g_autoptr(AriettaComposed) composed = NULL;
  g_autoptr(AriettaBarMap)   bars = arietta_bar_map_new (source->piece);
  g_autoptr(GArray)          melody = arietta_melody_dup_notes (source->piece);
  AriettaRetention           kept;
  gint64                     start_us = g_get_monotonic_time ();
  guint                      n_bars = 0, n_changed = 0;

  request.model = "melody-2bar";
  request.style = style;
  request.amount = amount;
  composed = arietta_assist_fill (library, source->piece, ARIETTA_ASSIST_RESTYLE, &request, NULL, NULL);
  if (composed == NULL)
    return;

  row->seconds += (g_get_monotonic_time () - start_us) / 1e6;
  for (guint b = 0; b < N_BARS; b++)
    {
      gint64   from = arietta_bar_map_get_start (bars, b), to = arietta_bar_map_get_start (bars, b + 1);
      gboolean sounds = FALSE;

      for (guint i = 0; i < melody->len && !sounds; i++)
        sounds = g_array_index (melody, AriettaNote, i).onset_ticks >= from
                 && g_array_index (melody, AriettaNote, i).onset_ticks < to;
      n_bars += sounds;
      n_changed += sounds && hash_bar (source->piece, from, to) != hash_bar (composed->piece, from, to);
    }
  arietta_retention_measure (source->piece, composed->piece, &kept);
  row->bars += n_bars;
  row->changed += n_changed;
  row->unchanged += n_changed <= 1;
  row->before += get_chance (model, source->piece, style);
  row->after += get_chance (model, composed->piece, style);
  row->kept += (kept.chroma + kept.contour + kept.onset_f1) / 3.0;
  row->n++;
  if (known != NULL)
    arietta_copied_measure (known, composed->piece, copied);
}

static int
compare_cb (gconstpointer a,
            gconstpointer b)
{
  return g_strcmp0 (*(const char * const *) a, *(const char * const *) b);
}

static void
find_sources (const char   *folder,
              AriettaModel *model,
              guint         n_each,
              GArray       *sources)
{
  const char * const *styles = arietta_model_get_styles (model);
  g_autoptr(GDir)     dir = g_dir_open (folder, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  guint               n[MOST_STYLES] = { 0 };
  const char         *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_cb);
  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr(AriettaPiece) piece = arietta_formats_read (names->pdata[i], NULL, NULL);
      g_autoptr(AriettaPiece) first = piece != NULL ? cut (piece, N_BARS) : NULL;
      Source                  source = { .piece = first };
      double                  best = 0.0;

      for (int s = 0; first != NULL && styles[s] != NULL && s < MOST_STYLES; s++)
        {
          double chance = get_chance (model, first, styles[s]);

          if (chance > best)
            {
              best = chance;
              source.style = s;
            }
        }
      if (best < 0.5 || n[source.style]++ >= n_each)
        continue;
      source.piece = arietta_piece_ref (first);
      g_array_append_val (sources, source);
    }
}

int
main (int    argc,
      char **argv)
{
  g_autofree char           *scratch = g_dir_make_tmp ("bench-restyle-XXXXXX", NULL);
  g_autoptr(AriettaLibrary)  library = arietta_library_open (scratch, NULL);
  g_autoptr(GError)          error = NULL;
  g_autoptr(AriettaModel)    model = arietta_models_load (library, "melody-2bar", &error);
  g_autoptr(AriettaCopied)   known = model != NULL ? arietta_model_dup_known (model) : NULL;
  g_autoptr(GArray)          sources = g_array_new (FALSE, FALSE, sizeof (Source));
  AriettaCopiedCount         copied = { 0 }, copied_before = { 0 };
  const char * const        *styles;
  Row                        all = { 0 };

  if (argc < 2 || model == NULL)
    {
      fprintf (stderr, "usage: bench-restyle FOLDER [PIECES] [AMOUNT]\n%s\n", error != NULL ? error->message : "");
      return 1;
    }

  styles = arietta_model_get_styles (model);
  find_sources (argv[1], model, argc > 2 ? (guint) atoi (argv[2]) : 6, sources);
  for (guint i = 0; known != NULL && i < sources->len; i++)
    arietta_copied_measure (known, g_array_index (sources, Source, i).piece, &copied_before);
  printf ("%-12s %4s %8s %10s %7s %6s %6s %5s %8s\n", "towards", "n", "changed", "0-1 bars", "before", "after", "real",
          "kept", "seconds");
  for (int s = 0; styles[s] != NULL; s++)
    {
      Row row = { 0 };

      for (guint i = 0; i < sources->len; i++)
        if (g_array_index (sources, Source, i).style != s)
          restyle (library, model, &g_array_index (sources, Source, i), styles[s], argc > 3 ? atof (argv[3]) : 0.5,
                   &row, known, &copied);
      if (row.n == 0)
        continue;
      printf ("%-12s %4u %8.3f %10.3f %7.3f %6.3f %6.3f %5.3f %8.3f\n", styles[s], row.n, row.changed / row.bars,
              (double) row.unchanged / row.n, row.before / row.n, row.after / row.n,
              arietta_model_get_typical_style (model, styles[s]), row.kept / row.n, row.seconds / row.n);
      all.n += row.n;
      all.bars += row.bars;
      all.changed += row.changed;
      all.unchanged += row.unchanged;
      all.before += row.before;
      all.after += row.after;
      all.kept += row.kept;
      all.seconds += row.seconds;
    }
  if (all.n > 0)
    printf ("%-12s %4u %8.3f %10.3f %7.3f %6.3f %6s %5.3f %8.3f\n", "all", all.n, all.changed / all.bars,
            (double) all.unchanged / all.n, all.before / all.n, all.after / all.n, "", all.kept / all.n,
            all.seconds / all.n);
  printf ("copied: %u of %u passages; of the pieces themselves %u of %u\n", copied.copied, copied.passages,
          copied_before.copied, copied_before.passages);
  for (guint i = 0; i < sources->len; i++)
    arietta_piece_unref (g_array_index (sources, Source, i).piece);
  return 0;
}
