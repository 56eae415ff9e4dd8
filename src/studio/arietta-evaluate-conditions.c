#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-evaluate-conditions.h"

#include "analysis/arietta-key-finder.h"
#include "analysis/arietta-rank-correlation.h"
#include "base/arietta-error.h"
#include "music/arietta-bar-map.h"
#include "studio/arietta-studio-error.h"

#include <glib/gi18n.h>
#include <math.h>

#define BARS 8

/* An ensemble asked for: up to four parts. */
#define MOST_PARTS 4

static const struct { AriettaEventRole role; int programs[4]; } instruments[MOST_PARTS] = {
  { ARIETTA_ROLE_MELODY, { 73, 40, 56, 71 } },   /* flute, violin, trumpet, clarinet */
  { ARIETTA_ROLE_CHORDS, { 0, 24, 48, 19 } },    /* piano, guitar, strings, organ */
  { ARIETTA_ROLE_BASS, { 32, 33, 43, 58 } },     /* bass, electric bass, contrabass, tuba */
  { ARIETTA_ROLE_DRUMS, { 0, 0, 0, 0 } },
};

/* The key a piece says it is in; none when it says nothing, or several, or the default. */
static AriettaTonality
read_key (AriettaPiece *piece)
{
  guint             n;
  const AriettaKey *keys = arietta_piece_get_keys (piece, &n);

  if (n != 1 || (keys[0].sharps == 0 && !keys[0].minor))
    return ARIETTA_TONALITY_NONE;

  return arietta_tonality_from_key (keys[0].sharps, keys[0].minor);
}

static gboolean
same_key (AriettaTonality a,
          AriettaTonality b)
{
  return a.tonic == b.tonic && a.scale == b.scale;
}

static gboolean
same_or_relative (AriettaTonality a,
                  AriettaTonality b)
{
  return a.tonic >= 0 && b.tonic >= 0
         && arietta_tonality_get_sharps (a) == arietta_tonality_get_sharps (b);
}

static gboolean
has_meter (AriettaPiece *piece,
           int           numerator,
           int           denominator)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (piece);

  for (guint b = 0; b < arietta_bar_map_get_n (bars); b++)
    {
      const AriettaBar *bar = arietta_bar_map_get_nth (bars, b);

      if (bar->numerator != numerator || bar->denominator != denominator)
        return FALSE;
    }

  return TRUE;
}

static double
count_density (AriettaPiece *piece)
{
  guint n_parts = 0, n_notes = 0;

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint n;

      arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);
      n_parts += n > 0;
      n_notes += n;
    }

  return n_parts > 0 ? (double) n_notes * arietta_piece_get_ticks_per_quarter (piece)
                         / ((double) arietta_piece_get_notes_end_ticks (piece) * n_parts)
                     : 0.0;
}

static JsonObject *
describe_analyser (const AriettaExample *examples,
                   guint                 n_examples)
{
  JsonObject *object = json_object_new ();
  guint       n = 0, right = 0, related = 0;

  for (guint i = 0; i < n_examples; i++)
    {
      AriettaTonality says = read_key (examples[i].piece);
      AriettaTonality heard = arietta_key_finder_hear (examples[i].piece, NULL);

      if (says.tonic < 0)
        continue;
      n++;
      right += same_key (says, heard);
      related += same_or_relative (says, heard);
    }
  json_object_set_int_member (object, "of", n);
  if (n > 0)
    {
      json_object_set_double_member (object, "share", (double) right / n);
      json_object_set_double_member (object, "relative", (double) related / n);
    }

  return object;
}

static gboolean
is_played_by (const AriettaNote     *note,
              const AriettaFillPart *part)
{
  gboolean drums = note->channel == 9;

  return part->role == ARIETTA_ROLE_DRUMS ? drums : !drums && note->program == part->program;
}

/* Running sums over the ensembles asked for. */
typedef struct
{
  guint asked, played, notes, theirs;
} Played;

static void
count_played (AriettaPiece          *piece,
              const AriettaFillPart *parts,
              guint                  n_parts,
              Played                *sum)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (piece);
  guint64                  sounds[MOST_PARTS] = { 0 };   /* a bit for each bar */

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        for (guint p = 0; p < n_parts; p++)
          if (is_played_by (&notes[i], &parts[p]))
            {
              sounds[p] |= G_GUINT64_CONSTANT (1) << MIN (arietta_bar_map_find (bars, notes[i].onset_ticks), 63);
              sum->theirs++;
              break;
            }
      sum->notes += n;
    }
  sum->asked += n_parts;
  for (guint p = 0; p < n_parts; p++)
    {
      guint n = 0;

      for (guint64 rest = sounds[p]; rest != 0; rest &= rest - 1)
        n++;
      sum->played += 2 * n >= BARS;
    }
}

/* NULL when stopped. */
static JsonObject *
ask_for_instruments (AriettaModel   *model,
                     guint           n,
                     AriettaRandom  *random,
                     AriettaJob     *job)
{
  const char * const *styles = arietta_model_get_styles (model);
  guint               n_styles = g_strv_length ((char **) styles);
  JsonObject         *object;
  Played              sum = { 0 };

  for (guint i = 0; i < n; i++)
    {
      AriettaFillPart         parts[MOST_PARTS];
      AriettaWriteSettings    settings = {
        .bars = BARS,
        .numerator = 4,
        .denominator = 4,
        .key = ARIETTA_TONALITY_NONE,
        .style = n_styles > 0 ? styles[i % n_styles] : NULL,
        .style_weight = 1.0,
        .temperature = 1.0,
        .tempo_bpm = 120.0,
        .parts = parts,
        .n_parts = 2 + i % (MOST_PARTS - 1),
      };
      g_autoptr(AriettaPiece) piece = NULL;

      if (!arietta_job_check (job))
        return NULL;
      for (guint p = 0; p < settings.n_parts; p++)
        parts[p] = (AriettaFillPart) { ARIETTA_FILL_NEW_TRACK, instruments[p].role,
                                       instruments[p].programs[arietta_random_below (random, 4)], NULL, 0, 0, 0 };
      piece = arietta_model_write (model, &settings, random, NULL, NULL, NULL);
      if (piece != NULL)
        count_played (piece, parts, settings.n_parts, &sum);
    }

  object = json_object_new ();
  json_object_set_int_member (object, "of", sum.asked);
  if (sum.asked > 0)
    json_object_set_double_member (object, "share", (double) sum.played / sum.asked);
  if (sum.notes > 0)
    json_object_set_double_member (object, "alone", (double) sum.theirs / sum.notes);

  return object;
}

static void
set_stopped (GError **error)
{
  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_CANCELLED, NULL, NULL, _("Measuring was stopped."));
}

JsonObject *
arietta_evaluate_conditions (AriettaModel          *model,
                             const AriettaExample  *examples,
                             guint                  n_examples,
                             guint                  n,
                             guint64                seed,
                             AriettaJob            *job,
                             GError               **error)
{
  const char * const *styles = arietta_model_get_styles (model);
  guint               n_styles = g_strv_length ((char **) styles);
  g_autofree double  *asked = g_new (double, n), *came = g_new (double, n);
  guint               written = 0, pitched = 0, in_key = 0, related = 0, in_meter = 0;
  JsonObject         *results, *key, *played;
  AriettaRandom       random;
  double              rho;

  arietta_random_init (&random, seed, "evaluate-conditions");
  for (guint i = 0; i < n; i++)
    {
      AriettaPiece         *like = examples[arietta_random_below (&random, n_examples)].piece;
      AriettaMeter          meter = arietta_piece_get_meter_at (like, 0);
      AriettaWriteSettings  settings = {
        .bars = BARS,
        .numerator = meter.numerator,
        .denominator = 1 << meter.denominator_log2,
        .key = { .tonic = (int) (i % 12), .scale = i / 12 % 2 ? ARIETTA_SCALE_MINOR : ARIETTA_SCALE_MAJOR },
        .style = n_styles > 0 ? styles[i % n_styles] : NULL,
        .style_weight = 1.0,
        .temperature = 1.0,
        .tempo_bpm = 120.0,
        .density = 1 + (int) arietta_random_below (&random, 10),
      };
      g_autoptr(AriettaPiece) piece = NULL;
      AriettaTonality         heard;

      if (!arietta_job_check (job))
        {
          set_stopped (error);
          return NULL;
        }
      piece = arietta_model_write (model, &settings, &random, NULL, NULL, NULL);
      if (piece == NULL)
        continue;

      asked[written] = settings.density;
      came[written++] = count_density (piece);
      heard = arietta_key_finder_hear (piece, NULL);
      pitched += heard.tonic >= 0;
      in_key += same_key (heard, settings.key);
      related += same_or_relative (heard, settings.key);
      in_meter += has_meter (piece, settings.numerator, settings.denominator);
    }

  results = json_object_new ();
  json_object_set_int_member (results, "pieces", written);
  json_object_set_int_member (results, "bars", BARS);
  if (written == 0)
    return results;

  rho = arietta_rank_correlation (asked, came, written);
  if (isfinite (rho))
    json_object_set_double_member (results, "density", rho);
  else
    json_object_set_null_member (results, "density");
  key = json_object_new ();
  json_object_set_int_member (key, "of", pitched);
  if (pitched > 0)
    {
      json_object_set_double_member (key, "share", (double) in_key / pitched);
      json_object_set_double_member (key, "relative", (double) related / pitched);
    }
  json_object_set_object_member (key, "analyser", describe_analyser (examples, n_examples));
  json_object_set_object_member (results, "key", key);
  json_object_set_double_member (results, "meter", (double) in_meter / written);

  arietta_random_init (&random, seed, "evaluate-instruments");
  played = ask_for_instruments (model, MAX (1, n / 3), &random, job);
  if (played == NULL)
    {
      json_object_unref (results);
      set_stopped (error);
      return NULL;
    }
  json_object_set_object_member (results, "instruments", played);

  return results;
}
