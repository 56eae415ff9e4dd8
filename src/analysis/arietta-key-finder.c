#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-key-finder.h"

#include <math.h>

/* Weights of the evidence beside the correlation, which lies between -1 and 1. */
#define LAST_IS_TONIC 0.15
#define SIGNATURE_AGREES 0.10

#define NO_SIGNATURE 99

/* Temperley 1999, from the tonic upwards. */
static const double profiles[2][12] = {
  [ARIETTA_SCALE_MAJOR] = { 5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0 },
  [ARIETTA_SCALE_MINOR] = { 5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0 },
};

static double
correlate (const double weights[12],
           const double profile[12],
           int          tonic)
{
  double mean_w = 0.0, mean_p = 0.0, cross = 0.0, square_w = 0.0, square_p = 0.0;

  for (int c = 0; c < 12; c++)
    {
      mean_w += weights[c] / 12.0;
      mean_p += profile[c] / 12.0;
    }

  for (int c = 0; c < 12; c++)
    {
      double w = weights[(c + tonic) % 12] - mean_w;
      double p = profile[c] - mean_p;

      cross += w * p;
      square_w += w * w;
      square_p += p * p;
    }

  return square_w > 0.0 ? cross / sqrt (square_w * square_p) : 0.0;
}

static gboolean
is_relative (AriettaTonality a,
             AriettaTonality b)
{
  return arietta_tonality_get_sharps (a) == arietta_tonality_get_sharps (b);
}

/* @signature: sharps of the file's key signature, or NO_SIGNATURE. */
static AriettaTonality
choose (const double  weights[12],
        int           last,
        int           signature,
        double       *confidence)
{
  AriettaTonality best = ARIETTA_TONALITY_NONE;
  double          scores[24], best_score = -G_MAXDOUBLE, next_score = -G_MAXDOUBLE, total = 0.0;

  if (confidence != NULL)
    *confidence = 0.0;

  for (int c = 0; c < 12; c++)
    total += weights[c];
  if (!(total > 0.0))
    return best;

  for (int k = 0; k < 24; k++)
    {
      AriettaTonality key = { k % 12, k < 12 ? ARIETTA_SCALE_MAJOR : ARIETTA_SCALE_MINOR };

      scores[k] = correlate (weights, profiles[key.scale], key.tonic);
      if (key.tonic == last)
        scores[k] += LAST_IS_TONIC;
      if (arietta_tonality_get_sharps (key) == signature)
        scores[k] += SIGNATURE_AGREES;

      if (scores[k] > best_score)
        {
          best_score = scores[k];
          best = key;
        }
    }

  for (int k = 0; k < 24; k++)
    {
      AriettaTonality key = { k % 12, k < 12 ? ARIETTA_SCALE_MAJOR : ARIETTA_SCALE_MINOR };

      if (!is_relative (key, best))
        next_score = MAX (next_score, scores[k]);
    }

  if (confidence != NULL)
    *confidence = CLAMP ((best_score - next_score) / 0.5, 0.0, 1.0);

  return best;
}

AriettaTonality
arietta_key_finder_estimate_profile (const double  weights[12],
                                     int           last,
                                     double       *confidence)
{
  return choose (weights, last, NO_SIGNATURE, confidence);
}

/* The signature in force over most of the piece; NO_SIGNATURE when there is none or only the C major that
 * programs write by default. */
static int
find_signature (AriettaPiece *piece)
{
  guint             n;
  const AriettaKey *keys = arietta_piece_get_keys (piece, &n);
  gint64            end = arietta_piece_get_notes_end_ticks (piece);
  gint64            held[15] = { 0 };
  int               best = 0;

  for (guint i = 0; i < n; i++)
    if (keys[i].sharps >= -7 && keys[i].sharps <= 7)
      held[keys[i].sharps + 7] += MAX (0, (i + 1 < n ? keys[i + 1].tick : end) - keys[i].tick);

  for (int s = 1; s < 15; s++)
    if (held[s] > held[best])
      best = s;

  return held[best] > end / 2 && best != 7 ? best - 7 : NO_SIGNATURE;
}

static AriettaTonality
listen (AriettaPiece *piece,
        int           signature,
        double       *confidence)
{
  gint64 ppq = arietta_piece_get_ticks_per_quarter (piece);
  gint64 last_onset = -1;
  double weights[12] = { 0 };
  int    last_pitch = -1;

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        {
          if (notes[i].channel == 9)
            continue;

          /* A pedal held for pages says no more than two bars of it. */
          weights[notes[i].pitch % 12] += (double) MIN (notes[i].duration_ticks, 8 * ppq)
                                          + (double) ppq / 8;

          if (notes[i].onset_ticks > last_onset
              || (notes[i].onset_ticks == last_onset && notes[i].pitch < last_pitch))
            {
              last_onset = notes[i].onset_ticks;
              last_pitch = notes[i].pitch;
            }
        }
    }

  return choose (weights, last_pitch >= 0 ? last_pitch % 12 : -1, signature, confidence);
}

AriettaTonality
arietta_key_finder_estimate (AriettaPiece *piece,
                             double       *confidence)
{
  return listen (piece, find_signature (piece), confidence);
}

AriettaTonality
arietta_key_finder_hear (AriettaPiece *piece,
                         double       *confidence)
{
  return listen (piece, NO_SIGNATURE, confidence);
}
