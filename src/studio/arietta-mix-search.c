#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-mix-search.h"

#include "base/arietta-error.h"
#include "studio/arietta-studio-error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define KEEP_WEIGHT 0.25
#define MOST_ASKED  0.98

/* Places on the way: @carry of the way to the style's cloud, then @lean further from the middle of
 * all along the style's vector, in mean lengths of the styles' vectors: a style in the middle of
 * all has a short one, and as far to go. */
typedef struct
{
  double carry, lean;
} Place;

static const Place single[] = {
  { 0.35, 0 }, { 0.35, 1 }, { 0.35, 2 }, { 0.7, 0 }, { 0.7, 1 }, { 0.7, 2 }, { 1, 0 },
  { 1, 1 },    { 1, 2 },    { 1, 3 },    { 1, 4 },   { 1, 6 },   { 1, 8 },   { 0, 1 },   { 0, 2 }, { 0, 3 },
};
/* Each half a unit of strength further. */
static const Place unmeasured[] = { { 0.35, 0 }, { 0.7, 0 }, { 1, 0 }, { 1, 1 }, { 1, 2 }, { 1, 3 } };
static const Place blended[] = { { 0.35, 0 }, { 0.7, 0.5 }, { 0, 2 }, { 1, 1 }, { 1, 2 } };

struct _AriettaMixSearch
{
  AriettaModel *model;
  AriettaPiece *source;
  char        **styles;
  guint         n_styles;
  gboolean      measured;     /* the model can tell the styles in a piece */
  double       *typical;      /* of each style */
  double       *lengths;      /* what makes a style's vector as long as the mean of all */
  GArray       *candidates;   /* AriettaMixCandidate */
  AriettaDecodeSettings decode;

  float         *latents;     /* (windows, L) */
  float         *carried;     /* (styles, windows, L): where they would lie */
  AriettaWindow *windows;
  guint          n_windows, size;
};

static void
candidate_clear (AriettaMixCandidate *candidate)
{
  g_clear_pointer (&candidate->piece, arietta_piece_unref);
  g_clear_pointer (&candidate->chances, g_free);
}

static gint64
rescale (gint64 ticks,
         int    ppq)
{
  return (ticks * ARIETTA_TICKS_PER_QUARTER + ppq / 2) / ppq;
}

/* The decoded windows stand in a row; where the source is silent for longer there is none.  Each
 * goes back to where it was taken. */
static void
lay_track (AriettaMixSearch *self,
           AriettaTrack     *from,
           AriettaPiece     *laid)
{
  int                ppq = arietta_piece_get_ticks_per_quarter (self->source);
  AriettaTrack      *track = arietta_piece_add_track (laid, arietta_track_get_name (from));
  guint              n_notes, i = 0;
  const AriettaNote *notes = arietta_track_get_notes (from, &n_notes);
  gint64             start = 0;

  for (guint w = 0; w < self->n_windows; w++)
    {
      gint64 length = (gint64) self->windows[w].n_steps * ARIETTA_TICKS_PER_QUARTER / 4;
      gint64 place = rescale (self->windows[w].start_ticks, ppq);
      gint64 next = w + 1 < self->n_windows ? rescale (self->windows[w + 1].start_ticks, ppq)
                                            : G_MAXINT64;

      for (; i < n_notes && (notes[i].onset_ticks < start + length || w + 1 == self->n_windows); i++)
        {
          AriettaNote note = notes[i];

          note.onset_ticks += place - start;
          /* A note may go on into the window after, but not into silence. */
          if (next > place + length)
            note.duration_ticks = MIN (note.duration_ticks, place + length - note.onset_ticks);
          if (note.onset_ticks < next)
            arietta_track_add_note (track, &note);
        }
      start += length;
    }
  arietta_track_set_end_ticks (track, rescale (arietta_piece_get_notes_end_ticks (self->source), ppq));
}

/* With the maps of the source. */
static AriettaPiece *
lay_out (AriettaMixSearch *self,
         AriettaPiece     *decoded)
{
  AriettaPiece       *laid = arietta_piece_new (ARIETTA_TICKS_PER_QUARTER);
  int                 ppq = arietta_piece_get_ticks_per_quarter (self->source);
  guint               n;
  const AriettaTempo *tempos = arietta_piece_get_tempos (self->source, &n);
  const AriettaMeter *meters;
  const AriettaKey   *keys;

  for (guint k = 0; k < n; k++)
    arietta_piece_set_tempo (laid, rescale (tempos[k].tick, ppq), tempos[k].us_per_quarter);
  meters = arietta_piece_get_meters (self->source, &n);
  for (guint k = 0; k < n; k++)
    arietta_piece_set_meter (laid, rescale (meters[k].tick, ppq), meters[k].numerator,
                             1 << meters[k].denominator_log2);
  keys = arietta_piece_get_keys (self->source, &n);
  for (guint k = 0; k < n; k++)
    arietta_piece_set_key (laid, rescale (keys[k].tick, ppq), keys[k].sharps, keys[k].minor);

  for (guint t = 0; t < arietta_piece_get_n_tracks (decoded); t++)
    lay_track (self, arietta_piece_get_track (decoded, t), laid);

  return arietta_piece_freeze (laid);
}

/* Decodes the windows at a place on the way towards a blend of the styles (adding up to one). */
static gboolean
add_candidate (AriettaMixSearch *self,
               const double     *blend,
               const Place      *place,
               guint64           seed,
               GError          **error)
{
  gsize                   n = (gsize) self->n_windows * self->size;
  g_autofree float       *moved = g_memdup2 (self->latents, n * sizeof (float));
  g_autoptr(AriettaPiece) decoded = NULL;
  g_autoptr(GHashTable)   chances = NULL;
  AriettaMixCandidate     candidate = { 0 };
  AriettaRandom           random;

  for (guint s = 0; s < self->n_styles; s++)
    {
      const float *vector = arietta_model_get_style_vector (self->model, self->styles[s]);
      const float *target = self->carried + s * n;

      for (gsize i = 0; blend[s] > 0.0 && i < n; i++)
        moved[i] += (float) (blend[s]
                             * (place->carry * (target[i] - self->latents[i])
                                + place->lean * self->lengths[s] * vector[i % self->size]));
    }

  arietta_random_init (&random, seed, "mix-notes");
  decoded = arietta_model_decode (self->model, moved, self->windows, self->n_windows, &self->decode,
                                  &random, error);
  if (decoded == NULL)
    return FALSE;

  candidate.piece = lay_out (self, decoded);
  candidate.chances = g_new0 (double, MAX (self->n_styles, 1));
  arietta_retention_measure (self->source, candidate.piece, &candidate.retention);
  chances = arietta_model_measure_style (self->model, candidate.piece);
  for (guint s = 0; s < self->n_styles; s++)
    {
      const double *chance = g_hash_table_lookup (chances, self->styles[s]);

      candidate.chances[s] = chance != NULL ? *chance : 0.0;
      self->measured = chance != NULL;
    }
  g_array_append_val (self->candidates, candidate);

  return TRUE;
}

/* Blends of two styles in quarters, which do not depend on the weights; of more, each by itself,
 * all alike, and as asked; only that when nothing is measured. */
static GArray *
make_blends (guint         n_styles,
             const double *weights,
             gboolean      measured)
{
  GArray            *blends = g_array_new (FALSE, TRUE, sizeof (double) * MAX (n_styles, 1));
  g_autofree double *blend = g_new0 (double, MAX (n_styles, 1));
  double             total = 0.0;

  for (guint s = 0; s < n_styles; s++)
    {
      total += weights[s];
      memset (blend, 0, sizeof (double) * n_styles);
      blend[s] = 1.0;
      if (measured)
        g_array_append_vals (blends, blend, 1);
    }

  if (!measured)
    {
      for (guint s = 0; s < n_styles; s++)
        blend[s] = total > 0.0 ? weights[s] / total : 1.0 / n_styles;
      g_array_append_vals (blends, blend, 1);
      return blends;
    }

  for (int quarter = 1; n_styles == 2 && quarter < 4; quarter++)
    {
      blend[0] = quarter / 4.0;
      blend[1] = 1.0 - blend[0];
      g_array_append_vals (blends, blend, 1);
    }
  if (n_styles > 2)
    {
      for (guint s = 0; s < n_styles; s++)
        blend[s] = 1.0 / n_styles;
      g_array_append_vals (blends, blend, 1);
      for (guint s = 0; s < n_styles; s++)
        blend[s] = total > 0.0 ? weights[s] / total : blend[s];
      g_array_append_vals (blends, blend, 1);
    }

  return blends;
}

static double
length_of (const float *vector,
           guint        size)
{
  double square = 0.0;

  for (guint i = 0; i < size; i++)
    square += (double) vector[i] * vector[i];

  return sqrt (square);
}

static void
measure_lengths (AriettaMixSearch *self)
{
  const char * const *all = arietta_model_get_styles (self->model);
  double              sum = 0.0;
  guint               n = 0;

  for (; all[n] != NULL; n++)
    sum += length_of (arietta_model_get_style_vector (self->model, all[n]), self->size);
  for (guint s = 0; s < self->n_styles; s++)
    {
      double own = length_of (arietta_model_get_style_vector (self->model, self->styles[s]),
                              self->size);

      self->lengths[s] = own > 1e-6 ? sum / n / own : 1.0;
    }
}

static gboolean
carry_windows (AriettaMixSearch *self)
{
  self->carried = g_new (float, MAX (1, (gsize) self->n_styles * self->n_windows * self->size));

  for (guint s = 0; s < self->n_styles; s++)
    for (guint w = 0; w < self->n_windows; w++)
      if (!arietta_model_carry_latent (self->model, self->styles[s],
                                       self->latents + (gsize) w * self->size,
                                       self->carried
                                         + ((gsize) s * self->n_windows + w) * self->size))
        return FALSE;

  return TRUE;
}

AriettaMixSearch *
arietta_mix_search_new (AriettaModel                *model,
                        AriettaPiece                *source,
                        const float                 *shift,
                        const char * const          *styles,
                        const double                *weights,
                        guint                        n_styles,
                        const AriettaDecodeSettings *decode,
                        guint64                      seed,
                        AriettaJob                  *job,
                        GError                     **error)
{
  const AriettaDecodeSettings likeliest = { .key = ARIETTA_TONALITY_NONE, .tempo_bpm = 120.0 };
  g_autoptr(AriettaMixSearch) self = g_new0 (AriettaMixSearch, 1);
  g_autoptr(GArray)           blends = NULL;
  const Place                *places = n_styles == 1 ? single : blended;
  guint                       n_places = n_styles == 1 ? G_N_ELEMENTS (single)
                                                       : G_N_ELEMENTS (blended);
  g_autofree double          *none = g_new0 (double, MAX (n_styles, 1));
  guint                       n_all;

  self->model = arietta_model_ref (model);
  self->source = arietta_piece_ref (source);
  self->decode = decode != NULL ? *decode : likeliest;
  self->n_styles = n_styles;
  self->styles = g_new0 (char *, n_styles + 1);
  self->typical = g_new0 (double, MAX (n_styles, 1));
  self->lengths = g_new0 (double, MAX (n_styles, 1));
  self->candidates = g_array_new (FALSE, FALSE, sizeof (AriettaMixCandidate));
  g_array_set_clear_func (self->candidates, (GDestroyNotify) candidate_clear);
  for (guint s = 0; s < n_styles; s++)
    {
      self->styles[s] = g_strdup (styles[s]);
      self->typical[s] = arietta_model_get_typical_style (model, styles[s]);
    }

  self->size = arietta_model_get_latent_size (model);
  measure_lengths (self);
  if (!arietta_model_encode (model, source, &self->latents, &self->windows, &self->n_windows, error))
    return NULL;
  for (gsize i = 0; shift != NULL && i < (gsize) self->n_windows * self->size; i++)
    self->latents[i] += shift[i % self->size];
  if (!carry_windows (self))
    g_return_val_if_reached (NULL);
  if (!add_candidate (self, none, &(Place) { 0, 0 }, seed, error))
    return NULL;

  blends = make_blends (n_styles, weights, self->measured);
  if (!self->measured)
    {
      places = unmeasured;
      n_places = G_N_ELEMENTS (unmeasured);
    }
  n_all = n_styles > 0 ? blends->len * n_places : 0;
  for (guint c = 0; c < n_all; c++)
    {
      const double *blend =
        (const double *) (gpointer) blends->data + (gsize) (c / n_places) * MAX (n_styles, 1);

      if (!arietta_job_check (job))
        {
          arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_CANCELLED, NULL, NULL,
                             _("The mixing was stopped."));
          return NULL;
        }
      arietta_job_report (job, (double) c / n_all, _("Trying ways to the styles"));
      if (!add_candidate (self, blend, &places[c % n_places], seed, error))
        return NULL;
    }

  return g_steal_pointer (&self);
}

void
arietta_mix_search_free (AriettaMixSearch *self)
{
  if (self == NULL)
    return;

  arietta_model_unref (self->model);
  arietta_piece_unref (self->source);
  g_strfreev (self->styles);
  g_free (self->typical);
  g_free (self->lengths);
  g_array_unref (self->candidates);
  g_free (self->latents);
  g_free (self->carried);
  g_free (self->windows);
  g_free (self);
}

guint
arietta_mix_search_get_n (AriettaMixSearch *self)
{
  return self->candidates->len;
}

const AriettaMixCandidate *
arietta_mix_search_get_nth (AriettaMixSearch *self,
                            guint             nth)
{
  g_return_val_if_fail (nth < self->candidates->len, NULL);

  return &g_array_index (self->candidates, AriettaMixCandidate, nth);
}

guint
arietta_mix_search_choose (AriettaMixSearch *self,
                           const double     *weights,
                           double            strength)
{
  const double *before = g_array_index (self->candidates, AriettaMixCandidate, 0).chances;
  double        best_cost = G_MAXDOUBLE;
  guint         best = 0;

  if (!self->measured)
    {
      double whole = 0.0;

      for (guint s = 0; s < self->n_styles; s++)
        whole += weights[s];
      return MIN ((guint) lround (2.0 * MAX (strength, 0.0) * MIN (whole, 1.0)),
                  self->candidates->len - 1);
    }

  for (guint c = 0; c < self->candidates->len; c++)
    {
      const AriettaMixCandidate *candidate = arietta_mix_search_get_nth (self, c);
      const AriettaRetention    *kept = &candidate->retention;
      double                     cost;

      cost = KEEP_WEIGHT * (1.0 - (kept->chroma + kept->contour + kept->onset_f1) / 3.0);
      for (guint s = 0; s < self->n_styles; s++)
        {
          double whole = MAX (self->typical[s], before[s]);
          double asked = before[s] + strength * weights[s] * (whole - before[s]);

          cost += MAX (0.0, MIN (asked, MOST_ASKED) - candidate->chances[s]);
        }

      if (strength <= 0.0 && c > 0)
        break;
      if (cost < best_cost)
        {
          best_cost = cost;
          best = c;
        }
    }

  return best;
}
