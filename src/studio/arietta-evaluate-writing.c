/* What the model writes, beside what people wrote. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-evaluate-writing.h"

#include "analysis/arietta-copied.h"
#include "analysis/arietta-key-finder.h"
#include "analysis/arietta-musegan.h"
#include "analysis/arietta-overlap.h"
#include "analysis/arietta-repetition.h"
#include "base/arietta-error.h"
#include "music/arietta-bar-map.h"
#include "studio/arietta-compose.h"
#include "studio/arietta-evaluate-conditions.h"
#include "studio/arietta-evaluate-parts.h"
#include "studio/arietta-studio-error.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_CONDITIONS     120
#define N_PARTS          40
#define TAKE_BARS        16
#define LEAST_TOLD_APART 0.01

/* Metre and key of two bars of the given pieces. */
typedef struct
{
  int             numerator, denominator;
  AriettaTonality key;
} Ground;

/* One side of the comparison. */
typedef struct
{
  AriettaOverlapSet     *windows;
  AriettaMuseganAccount  musegan;
  AriettaCopiedCount     copied, unguarded;
  guint                  bars, repeated;
} Account;

static void
account_clear (Account *self)
{
  g_clear_pointer (&self->windows, arietta_overlap_set_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Account, account_clear)

static gboolean
check (AriettaJob  *job,
       GError     **error)
{
  if (arietta_job_check (job))
    return TRUE;

  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_CANCELLED, NULL, NULL,
                     _("Measuring was stopped."));
  return FALSE;
}

static void
note_grounds (GArray       *grounds,
              AriettaPiece *heard)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (heard);
  AriettaTonality          key = arietta_key_finder_estimate (heard, NULL);

  for (guint b = arietta_bar_map_has_pickup (bars) ? 1 : 0; b + 1 < arietta_bar_map_get_n (bars);
       b += 2)
    {
      const AriettaBar *bar = arietta_bar_map_get_nth (bars, b);
      Ground            ground = { bar->numerator, bar->denominator, key };

      g_array_append_val (grounds, ground);
    }
}

/* A piece from the prior; NULL without an error where the model cannot write this metre. */
static AriettaPiece *
draw_sample (AriettaModel   *model,
             const Ground   *ground,
             guint           bars,
             AriettaRandom  *random)
{
  if ((arietta_model_get_abilities (model) & ARIETTA_MODEL_CAN_WRITE) != 0)
    {
      AriettaWriteSettings settings = {
        .bars = bars,
        .numerator = ground->numerator,
        .denominator = ground->denominator,
        .key = ground->key,
        .temperature = 1.0,
        .tempo_bpm = 120.0,
      };

      return arietta_model_write (model, &settings, random, NULL, NULL, NULL);
    }
  else
    {
      g_autofree float *point = g_new (float, arietta_model_get_latent_size (model));
      /* The key moves the notes and masks none. */
      AriettaWindow window = {
        .n_steps = bars * (guint) (ground->numerator * 16 / ground->denominator),
        .n_bars = bars,
        .numerator = ground->numerator,
        .denominator = ground->denominator,
        .key = ground->key,
      };
      AriettaDecodeSettings settings = {
        .temperature = 1.0,
        .key = ARIETTA_TONALITY_NONE,
        .tempo_bpm = 120.0,
      };

      arietta_model_draw_latent (model, NULL, 0.0, random, point);
      return arietta_model_decode (model, point, &window, 1, &settings, random, NULL);
    }
}

static guint
get_sample_bars (AriettaModel *model)
{
  if ((arietta_model_get_abilities (model) & ARIETTA_MODEL_HAS_LATENT) == 0)
    return 2;

  return MAX (2, arietta_model_get_window_bars (model));
}

static gboolean
add_samples (AriettaModel  *model,
             GArray        *grounds,
             guint          n,
             guint64        seed,
             Account       *samples,
             AriettaJob    *job,
             GError       **error)
{
  guint         bars = get_sample_bars (model);
  AriettaRandom draw, shuffle;

  arietta_random_init (&draw, seed, "evaluate-samples");
  arietta_random_init (&shuffle, seed, "evaluate-bars");
  for (guint i = 0; i < n; i += bars / 2)
    {
      const Ground *ground =
        &g_array_index (grounds, Ground, arietta_random_below (&draw, grounds->len));
      g_autoptr(AriettaPiece) piece = draw_sample (model, ground, bars, &draw);

      if (!check (job, error))
        return FALSE;
      arietta_job_report (job, 0.5 + 0.3 * i / n, _("Listening to samples"));
      if (piece == NULL)
        continue;
      arietta_overlap_set_add (samples->windows, piece);
      arietta_musegan_add (&samples->musegan, piece, &shuffle);
    }

  return TRUE;
}

static gboolean
add_takes (AriettaLibrary  *library,
           const char      *name,
           AriettaCopied   *known,
           guint            n,
           guint64          seed,
           Account         *takes,
           AriettaJob      *job,
           GError         **error)
{
  for (guint i = 0; i < n; i++)
    {
      AriettaComposeRequest      request = ARIETTA_COMPOSE_REQUEST_INIT;
      g_autoptr(AriettaComposed) composed = NULL;

      if (!check (job, error))
        return FALSE;
      arietta_job_report (job, 0.8 + 0.2 * i / n, _("Looking for copies in what it writes"));

      request.model = name;
      request.bars = TAKE_BARS;
      request.seed = seed + i;
      request.as_learned = TRUE;
      composed = arietta_compose (library, &request, NULL, error);
      if (composed == NULL)
        return FALSE;
      arietta_repetition_count (composed->piece, &takes->bars, &takes->repeated);
      if (known != NULL)
        {
          g_autoptr(AriettaComposed) unguarded = NULL;

          arietta_copied_measure (known, composed->piece, &takes->copied);
          request.may_copy = TRUE;
          /* Where nothing was drawn anew it is the same take. */
          unguarded = composed->redrawn > 0 ? arietta_compose (library, &request, NULL, error) : NULL;
          if (composed->redrawn > 0 && unguarded == NULL)
            return FALSE;
          arietta_copied_measure (known, (unguarded != NULL ? unguarded : composed)->piece, &takes->unguarded);
        }
    }

  return TRUE;
}

static void
set_number (JsonObject *object,
            const char *name,
            double      value)
{
  if (isfinite (value))
    json_object_set_double_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static double
divide (guint part,
        guint whole)
{
  return whole > 0 ? (double) part / whole : NAN;
}

static JsonObject *
overlap_to_json (const AriettaOverlap *overlap)
{
  JsonObject *object = json_object_new ();

  set_number (object, "mean", overlap->mean);
  for (guint f = 0; f < ARIETTA_OVERLAP_N; f++)
    set_number (object, arietta_overlap_get_name (f), overlap->area[f]);

  return object;
}

static JsonObject *
describe_overlap (Account *data,
                  Account *samples,
                  guint64  seed)
{
  g_autoptr(AriettaOverlapSet) shuffled = NULL;
  AriettaOverlap               overlap;
  AriettaRandom                random;
  JsonObject                  *object;

  arietta_overlap_measure (data->windows, samples->windows, &overlap);
  object = overlap_to_json (&overlap);
  json_object_set_int_member (object, "windows", arietta_overlap_set_get_n (samples->windows));

  arietta_overlap_measure_ceiling (data->windows, &overlap);
  json_object_set_object_member (object, "ceiling", overlap_to_json (&overlap));

  arietta_random_init (&random, seed, "evaluate-shuffle");
  shuffled = arietta_overlap_set_shuffle (data->windows, &random);
  arietta_overlap_measure (data->windows, shuffled, &overlap);
  json_object_set_object_member (object, "shuffled", overlap_to_json (&overlap));

  return object;
}

static JsonObject *
musegan_to_json (const AriettaMusegan *m,
                 gboolean              distances)
{
  JsonObject *object = json_object_new ();

  set_number (object, "empty_bars", m->empty_bars);
  set_number (object, "pitch_classes", m->pitch_classes);
  set_number (object, "qualified_notes", m->qualified_notes);
  set_number (object, "drum_pattern", m->drum_pattern);
  set_number (object, "tonal_distance", distances ? m->tonal_distance : NAN);
  set_number (object, "tonal_distance_shuffled", distances ? m->tonal_distance_shuffled : NAN);

  return object;
}

static JsonObject *
describe_musegan (Account *data,
                  Account *samples)
{
  AriettaMusegan ours, theirs;
  JsonObject    *object;
  gboolean       distances;

  arietta_musegan_finish (&samples->musegan, &ours);
  arietta_musegan_finish (&data->musegan, &theirs);
  /* False for NaN too. */
  distances = theirs.tonal_distance_shuffled - theirs.tonal_distance >= LEAST_TOLD_APART;
  object = musegan_to_json (&ours, distances);
  json_object_set_object_member (object, "data", musegan_to_json (&theirs, distances));

  return object;
}

static double
share_of_copies (const AriettaCopiedCount *count,
                 gboolean                  drums)
{
  return drums ? divide (count->drum_copied, count->drum_passages) : divide (count->copied, count->passages);
}

static void
describe_copies (JsonObject    *results,
                 const Account *data,
                 const Account *takes)
{
  JsonObject *object = json_object_new ();
  gboolean    drums = takes->copied.passages == 0 && takes->copied.drum_passages > 0;

  set_number (results, "copied_share", share_of_copies (&takes->copied, drums));
  set_number (object, "share", share_of_copies (&takes->copied, drums));
  json_object_set_int_member (object, "passages", drums ? takes->copied.drum_passages : takes->copied.passages);
  set_number (object, "unguarded_share", share_of_copies (&takes->unguarded, drums));
  set_number (object, "human_share", share_of_copies (&data->copied, drums));
  json_object_set_int_member (object, "human_passages",
                              drums ? data->copied.drum_passages : data->copied.passages);
  json_object_set_object_member (results, "copied", object);
}

static void
describe_repetition (JsonObject *results,
                     Account    *data,
                     Account    *takes)
{
  JsonObject *object = json_object_new ();

  set_number (object, "share", divide (takes->repeated, takes->bars));
  set_number (object, "data", divide (data->repeated, data->bars));
  json_object_set_object_member (results, "self_repetition", object);
}

gboolean
arietta_evaluate_writing (AriettaLibrary        *library,
                          const char            *name,
                          AriettaModel          *model,
                          const AriettaExample  *examples,
                          guint                  n_examples,
                          guint                  n_samples,
                          guint                  n_takes,
                          guint64                seed,
                          JsonObject            *results,
                          AriettaJob            *job,
                          GError               **error)
{
  g_autoptr(AriettaCopied) known = arietta_model_dup_known (model);
  g_autoptr(GArray)        grounds = g_array_new (FALSE, FALSE, sizeof (Ground));
  g_auto(Account)          data = { .windows = arietta_overlap_set_new () };
  g_auto(Account)          ours = { .windows = arietta_overlap_set_new () };
  JsonObject              *object = json_object_new ();
  AriettaRandom            shuffle;

  arietta_random_init (&shuffle, seed, "evaluate-bars");
  for (guint i = 0; i < n_examples; i++)
    {
      g_autoptr(AriettaPiece) heard = arietta_model_hear (model, examples[i].piece);

      if (!check (job, error))
        {
          json_object_unref (object);
          return FALSE;
        }
      if (heard == NULL || arietta_overlap_set_add (data.windows, heard) == 0)
        continue;
      note_grounds (grounds, heard);
      arietta_musegan_add (&data.musegan, heard, &shuffle);
      arietta_repetition_count (heard, &data.bars, &data.repeated);
      if (known != NULL)
        arietta_copied_measure (known, heard, &data.copied);
    }

  json_object_set_int_member (object, "n", n_samples);
  json_object_set_int_member (object, "bars", get_sample_bars (model));
  json_object_set_int_member (object, "seed", (gint64) seed);
  json_object_set_double_member (object, "temperature", 1.0);
  json_object_set_object_member (results, "samples", object);
  if (grounds->len == 0)
    return TRUE;

  if (!add_samples (model, grounds, n_samples, seed, &ours, job, error)
      || !add_takes (library, name, known, n_takes, seed, &ours, job, error))
    return FALSE;

  json_object_set_object_member (results, "overlap", describe_overlap (&data, &ours, seed));
  json_object_set_object_member (results, "musegan", describe_musegan (&data, &ours));
  if (known != NULL)
    describe_copies (results, &data, &ours);
  describe_repetition (results, &data, &ours);

  if ((arietta_model_get_abilities (model) & ARIETTA_MODEL_CAN_FILL) != 0)
    {
      JsonObject *conditions =
        arietta_evaluate_conditions (model, examples, n_examples, MIN (n_samples, N_CONDITIONS), seed, job, error);
      JsonObject *parts;

      if (conditions == NULL)
        return FALSE;
      json_object_set_object_member (results, "conditions", conditions);
      parts = arietta_evaluate_parts (model, examples, n_examples, MIN (n_samples, N_PARTS), seed, job, error);
      if (parts == NULL)
        return FALSE;
      json_object_set_object_member (results, "parts", parts);
    }

  return TRUE;
}
