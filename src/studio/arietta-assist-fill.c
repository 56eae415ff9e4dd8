/* What each task means: which model, which bars, which parts. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-assist-private.h"

#include <glib/gi18n.h>

#include "analysis/arietta-melody.h"
#include "base/arietta-error.h"
#include "learning/arietta-model-kind.h"
#include "music/arietta-bar-map.h"
#include "music/arietta-general-midi.h"
#include "studio/arietta-composed-private.h"
#include "studio/arietta-studio-error.h"

#define BARS_TO_ADD     8
#define N_ROLES_AT_ONCE 3
#define SIMPLE          2     /* class of density */

typedef struct
{
  const char       *name;      /* of the verb and of the stream of chance */
  const char       *doing;     /* while it works */
  const char       *title;     /* by itself, or behind the piece's own */
  AriettaEventRole  roles[N_ROLES_AT_ONCE]; /* of new parts */
  guint             n_roles;
  const char       *models[3]; /* the bundled ones, best first; of drums the drum model always goes before */
} Task;

static const Task tasks[ARIETTA_ASSIST_N_TASKS] = {
  [ARIETTA_ASSIST_CONTINUE] = { "continue", N_("Continuing"), N_("Continued"), { 0 }, 0,
                                { "composer", "melody-2bar" } },
  [ARIETTA_ASSIST_INFILL] = { "infill", N_("Filling In"), N_("Filled In"), { 0 }, 0,
                              { "composer", "melody-2bar" } },
  [ARIETTA_ASSIST_MELODY] = { "melody", N_("Writing a Melody"), N_("With a Melody"), { ARIETTA_ROLE_MELODY }, 1,
                              { "composer", "melody-2bar" } },
  [ARIETTA_ASSIST_BASS] = { "bass", N_("Writing a Bass"), N_("With a Bass"), { ARIETTA_ROLE_BASS }, 1,
                            { "composer" } },
  [ARIETTA_ASSIST_DRUMS] = { "drums", N_("Writing Drums"), N_("With Drums"), { ARIETTA_ROLE_DRUMS }, 1,
                             { "drums-2bar", "composer" } },
  [ARIETTA_ASSIST_ARRANGE] = { "arrange", N_("Arranging"), N_("Arranged"),
                               { ARIETTA_ROLE_CHORDS, ARIETTA_ROLE_BASS, ARIETTA_ROLE_DRUMS }, 3,
                               { "composer" } },
  [ARIETTA_ASSIST_VARY] = { "vary", N_("Varying"), N_("Varied"), { 0 }, 0,
                            { "melody-2bar", "composer" } },
  [ARIETTA_ASSIST_SIMPLIFY] = { "simplify", N_("Simplifying"), N_("Simplified"), { 0 }, 0,
                                { "melody-2bar", "composer" } },
  [ARIETTA_ASSIST_RESTYLE] = { "restyle", N_("Changing the Style"), N_("In Another Style"), { 0 }, 0,
                               { "melody-2bar", "composer" } },
};

static const char * const role_names[ARIETTA_EVENTS_N_ROLES] = {
  [ARIETTA_ROLE_MELODY] = N_("Melody"), [ARIETTA_ROLE_INNER] = N_("Voice"),
  [ARIETTA_ROLE_CHORDS] = N_("Chords"), [ARIETTA_ROLE_BASS] = N_("Bass"),
  [ARIETTA_ROLE_DRUMS] = N_("Drums"),
};

static gboolean
go_on_cb (gpointer user_data)
{
  return arietta_job_check (user_data);
}

const char *
arietta_assist_get_name (AriettaAssistTask task)
{
  return tasks[task].name;
}

static gboolean
choose_bars (AriettaPiece                *piece,
             AriettaAssistTask            task,
             const AriettaAssistRequest  *request,
             AriettaFillSettings         *fill,
             GError                     **error)
{
  g_autoptr(AriettaBarMap) map = arietta_bar_map_new (piece);
  guint                    n = arietta_bar_map_count_sounding (map, piece);

  if (n == 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, NULL, NULL,
                         _("The piece has no notes to go by."));
      return FALSE;
    }

  fill->first_bar = request->n_bars > 0 ? request->first_bar : task == ARIETTA_ASSIST_CONTINUE ? n : 0;
  fill->n_bars = request->n_bars > 0 ? request->n_bars : task == ARIETTA_ASSIST_CONTINUE ? BARS_TO_ADD : n;
  fill->ends = !request->goes_on && (task == ARIETTA_ASSIST_CONTINUE || fill->first_bar + fill->n_bars >= n);
  if (task == ARIETTA_ASSIST_CONTINUE ? fill->first_bar < n : fill->first_bar >= n)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                         task == ARIETTA_ASSIST_CONTINUE
                           ? _("The piece has %u bars, and can only be continued behind them.")
                           : _("The piece has %u bars, and none where work was asked for."),
                         n);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_tracks (AriettaPiece                *piece,
              const AriettaAssistRequest  *request,
              GError                     **error)
{
  guint n_tracks = arietta_piece_get_n_tracks (piece);

  for (guint i = 0; i < request->n_tracks; i++)
    if (request->tracks[i] >= n_tracks)
      {
        arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                           _("The piece has %u tracks; there is no track %u."), n_tracks, request->tracks[i] + 1);
        return FALSE;
      }

  return TRUE;
}

static gboolean
add_tracks (AriettaPiece                *piece,
            AriettaAssistTask            task,
            const AriettaAssistRequest  *request,
            GArray                      *parts,
            GError                     **error)
{
  guint n_tracks = arietta_piece_get_n_tracks (piece), melody;
  int   channel;

  if (!check_tracks (piece, request, error))
    return FALSE;
  for (guint i = 0; i < request->n_tracks; i++)
    {
      const AriettaFillPart part = { .track = request->tracks[i], .density = request->density };

      g_array_append_val (parts, part);
    }
  if (request->n_tracks > 0)
    return TRUE;

  if (task >= ARIETTA_ASSIST_VARY && arietta_melody_find_part (piece, &melody, &channel))
    {
      const AriettaFillPart part = { .track = melody, .density = request->density };

      g_array_append_val (parts, part);
      return TRUE;
    }

  for (guint t = 0; t < n_tracks; t++)
    {
      const AriettaFillPart part = { .track = t, .density = request->density };
      guint                 n;

      arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);
      if (n > 0)
        g_array_append_val (parts, part);
    }

  return TRUE;
}

/* A variation leaves some of the bars as they are, so that the rest is heard against them. */
static guint8 *
skip_bars (guint          n,
           double         amount,
           AriettaRandom *random)
{
  guint8 *skipped = g_new (guint8, n);
  guint   written = 0;

  for (guint b = 0; b < n; b++)
    {
      skipped[b] = arietta_random_uniform (random) < 1.0 - amount;
      written += !skipped[b];
    }
  if (written == 0)
    skipped[arietta_random_below (random, n)] = 0;

  return skipped;
}

static JsonBuilder *
describe (const Task                  *task,
          const AriettaAssistRequest  *request,
          const char                  *style,
          const AriettaFillSettings   *fill,
          AriettaPiece                *piece)
{
  JsonBuilder     *builder = json_builder_new ();
  g_autofree char *digest = arietta_piece_dup_digest (piece);

  json_builder_begin_object (builder);
  arietta_json_string (builder, "action", task->name);
  arietta_json_string (builder, "source", digest);
  arietta_json_int (builder, "first_bar", fill->first_bar);
  arietta_json_int (builder, "bars", fill->n_bars);
  if (request->key.tonic >= 0)
    {
      g_autofree char *key = arietta_tonality_dup_name (request->key);

      arietta_json_string (builder, "key", key);
    }
  if (style != NULL)
    arietta_json_string (builder, "style", style);
  if (task >= &tasks[ARIETTA_ASSIST_VARY])
    arietta_json_double (builder, "amount", request->amount);
  if (request->n_tracks > 0)
    {
      arietta_json_begin_array (builder, "tracks");
      for (guint i = 0; i < request->n_tracks; i++)
        json_builder_add_int_value (builder, request->tracks[i] + 1);
      json_builder_end_array (builder);
    }
  if (request->density > 0)
    arietta_json_int (builder, "density", request->density);
  if (request->n_instruments > 0 && task == &tasks[ARIETTA_ASSIST_ARRANGE])
    {
      arietta_json_begin_array (builder, "instruments");
      for (guint i = 0; i < request->n_instruments; i++)
        json_builder_add_int_value (builder, request->instruments[i]);
      json_builder_end_array (builder);
    }
  arietta_json_boolean (builder, "in_scale", request->in_scale);
  arietta_json_double (builder, "temperature", request->adventure);
  if (fill->guard != NULL)
    arietta_copy_guard_describe (fill->guard, builder);
  json_builder_end_object (builder);

  return builder;
}

/* Percussion is all that is asked about. */
static gboolean
is_about_drums (AriettaPiece               *piece,
                AriettaAssistTask           task,
                const AriettaAssistRequest *request)
{
  guint n_tracks = arietta_piece_get_n_tracks (piece), drums = 0;

  if (tasks[task].n_roles > 0)
    return FALSE;
  for (guint i = 0; i < request->n_tracks; i++)
    drums += request->tracks[i] < n_tracks
             && arietta_track_is_percussion (arietta_piece_get_track (piece, request->tracks[i]));

  return drums > 0 && drums == request->n_tracks;
}

static gboolean
can_do (AriettaModel      *model,
        AriettaAssistTask  task)
{
  return (arietta_model_get_abilities (model) & ARIETTA_MODEL_CAN_FILL) != 0
         || arietta_assist_can_by_points (model, task);
}

static gboolean
takes_part (const AriettaModelInfo *info)
{
  const AriettaModelKind *kind = arietta_model_kind_find (info->kind);

  return info->weights_path != NULL && kind != NULL
         && (kind->abilities & (ARIETTA_MODEL_CAN_FILL | ARIETTA_MODEL_HAS_LATENT)) != 0;
}

static gboolean
knows_style (AriettaModel *model,
             const char   *style)
{
  return style == NULL || g_strv_contains (arietta_model_get_styles (model), style);
}

/* The name of the model for a task nobody named one for: one that knows the style, if any does. */
static char *
choose_model (AriettaLibrary              *library,
              AriettaPiece                *piece,
              AriettaAssistTask            task,
              const AriettaAssistRequest  *request,
              GError                     **error)
{
  const Task             *what = &tasks[task];
  const AriettaModelKind *kind = NULL;
  gboolean                drums = is_about_drums (piece, task, request);
  g_autoptr(GPtrArray)    infos = arietta_models_list (library, error);
  g_autofree char        *doing = NULL;

  if (infos == NULL)
    return NULL;

  /* First the bundled ones in the order of the task, then whoever can; the second time round
   * without the style. */
  for (int turn = 0, turns = (int) G_N_ELEMENTS (what->models) + 2; turn < 2 * turns; turn++)
    {
      int         nth = turn % turns - 1;
      const char *style = turn < turns ? request->style : NULL;
      const char *name = nth < 0 ? "drums-2bar"
                         : nth < (int) G_N_ELEMENTS (what->models) ? what->models[nth] : NULL;

      if ((name == NULL && nth < (int) G_N_ELEMENTS (what->models)) || (nth < 0 && !drums))
        continue;
      for (guint i = 0; i < infos->len; i++)
        {
          const AriettaModelInfo  *info = infos->pdata[i];
          g_autoptr(AriettaModel)  model = NULL;

          if (!takes_part (info) || (name != NULL && !g_str_equal (info->name, name)))
            continue;
          model = arietta_models_load (library, info->name, NULL);
          if (model != NULL && can_do (model, task) && knows_style (model, style)
              && (!drums || name != NULL || (arietta_model_get_abilities (model) & ARIETTA_MODEL_CAN_FILL) != 0))
            return g_strdup (info->name);
        }
    }

  doing = g_utf8_strdown (_(what->doing), -1);
  for (guint k = 0; k < arietta_model_kind_get_n () && kind == NULL; k++)
    if ((arietta_model_kind_get_nth (k)->abilities & ARIETTA_MODEL_CAN_FILL) != 0)
      kind = arietta_model_kind_get_nth (k);
  /* Translators: what was asked for, and a kind of models: "There is no model here for this
   * (arranging). ..." */
  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                     _("There is no model here for this (%s). A model of the kind “%s” can do it: train one on the "
                       "page Models, or take one in from a file."),
                     doing, kind != NULL ? _(kind->title) : "");
  return NULL;
}

static gboolean
check_model (AriettaModel                *model,
             const char                  *name,
             AriettaAssistTask            task,
             const AriettaAssistRequest  *request,
             GError                     **error)
{
  const char * const *styles = arietta_model_get_styles (model);

  if (!can_do (model, task))
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                         _("The model “%s” cannot work on a piece in this way."), name);
      return FALSE;
    }
  if (request->style != NULL && !g_strv_contains (styles, request->style))
    {
      g_autofree char *known = g_strjoinv (", ", (char **) styles);

      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNKNOWN_STYLE, NULL, NULL,
                         _("The model “%s” knows no style “%s”. It knows: %s."), name, request->style, known);
      return FALSE;
    }

  return TRUE;
}

/* The style to work in: of another one, where nobody said which, those that the piece does not have
 * already come in turn. */
static const char *
choose_style (AriettaModel               *model,
              AriettaPiece               *piece,
              AriettaAssistTask           task,
              const AriettaAssistRequest *request)
{
  const char * const   *styles = arietta_model_get_styles (model);
  guint                 n = g_strv_length ((char **) styles), own = n, nth;
  g_autoptr(GHashTable) chances = NULL;
  double                best = 0.0;

  if (request->style != NULL || task != ARIETTA_ASSIST_RESTYLE || n == 0)
    return request->style;

  chances = arietta_model_measure_style (model, piece);
  for (guint s = 0; s < n && n > 1; s++)
    {
      const double *chance = g_hash_table_lookup (chances, styles[s]);

      if (chance != NULL && *chance > best)
        {
          best = *chance;
          own = s;
        }
    }
  nth = (guint) (request->seed % (own < n ? n - 1 : n));

  return styles[nth + (nth >= own)];
}

/* What an instrument does beside a melody. */
static AriettaEventRole
find_role (int instrument)
{
  static const AriettaEventRole families[ARIETTA_N_FAMILIES] = {
    ARIETTA_ROLE_CHORDS, ARIETTA_ROLE_CHORDS, ARIETTA_ROLE_CHORDS, ARIETTA_ROLE_CHORDS,  /* keys, bells, organ, guitar */
    ARIETTA_ROLE_BASS,   ARIETTA_ROLE_INNER,  ARIETTA_ROLE_CHORDS, ARIETTA_ROLE_INNER,   /* bass, strings, ensemble, brass */
    ARIETTA_ROLE_INNER,  ARIETTA_ROLE_INNER,  ARIETTA_ROLE_INNER,  ARIETTA_ROLE_CHORDS,  /* reed, pipe, lead, pad */
    ARIETTA_ROLE_CHORDS, ARIETTA_ROLE_CHORDS, ARIETTA_ROLE_CHORDS, ARIETTA_ROLE_CHORDS,
  };

  return instrument == ARIETTA_ASSIST_DRUM_KIT ? ARIETTA_ROLE_DRUMS
                                               : families[CLAMP (instrument, 0, ARIETTA_N_PROGRAMS - 1) / 8];
}

/* The parts that are new: the roles of the task, or to arrange the instruments that were chosen. */
static void
add_new_parts (const Task                 *what,
               const AriettaAssistRequest *request,
               GArray                     *parts)
{
  gboolean chosen = what == &tasks[ARIETTA_ASSIST_ARRANGE] && request->n_instruments > 0;
  guint    n = chosen ? request->n_instruments : what->n_roles;

  for (guint i = 0; i < n; i++)
    {
      int             program = chosen ? request->instruments[i] : -1;
      AriettaFillPart part = {
        .track = ARIETTA_FILL_NEW_TRACK,
        .role = chosen ? find_role (program) : what->roles[i],
        .program = program,
        .density = request->density,
      };

      part.name = chosen && program >= 0 ? arietta_general_midi_get_program (program) : _(role_names[part.role]);
      g_array_append_val (parts, part);
    }
}

/* By a model that fills cells. */
static AriettaPiece *
fill_cells (const AriettaAssistWork  *work,
            const Task               *what,
            AriettaFillSettings      *fill,
            GError                  **error)
{
  const AriettaAssistRequest *request = work->request;
  g_autoptr(GArray)           parts = g_array_new (FALSE, FALSE, sizeof (AriettaFillPart));
  g_autofree guint8          *skipped = NULL;

  add_new_parts (what, request, parts);
  if (what->n_roles == 0 && !add_tracks (work->piece, work->task, request, parts, error))
    return NULL;

  if (work->task == ARIETTA_ASSIST_VARY)
    fill->skipped = skipped = skip_bars (fill->n_bars, request->amount, work->random);
  for (guint i = 0; work->task == ARIETTA_ASSIST_SIMPLIFY && request->density == 0 && i < parts->len; i++)
    g_array_index (parts, AriettaFillPart, i).density = SIMPLE;
  fill->parts = (const AriettaFillPart *) (gpointer) parts->data;
  fill->n_parts = parts->len;
  fill->key = request->key;
  fill->style = work->style;
  fill->in_scale = request->in_scale;
  fill->temperature = request->adventure;
  fill->filled = request->filled;
  fill->filled_data = request->filled_data;

  return arietta_model_fill (work->model, work->piece, fill, work->random, work->job != NULL ? go_on_cb : NULL,
                             work->job, error);
}

AriettaComposed *
arietta_assist_fill (AriettaLibrary              *library,
                     AriettaPiece                *piece,
                     AriettaAssistTask            task,
                     const AriettaAssistRequest  *request,
                     AriettaJob                  *job,
                     GError                     **error)
{
  const Task                 *what = &tasks[task];
  const char                 *source = arietta_piece_get_title (piece);
  AriettaFillSettings         fill = ARIETTA_FILL_SETTINGS_INIT;
  AriettaRandom               random;
  AriettaAssistWork           work;
  g_autofree char            *name = NULL;
  g_autoptr(AriettaModelInfo) info = NULL;
  g_autoptr(AriettaModel)     model = NULL;
  g_autoptr(AriettaCopied)    known = NULL;
  AriettaCopyGuard            guard = { 0 };
  g_autoptr(AriettaPiece)     notes = NULL;
  g_autoptr(JsonBuilder)      settings = NULL;
  g_autofree char            *title = NULL, *stream = g_strconcat ("assist-", what->name, NULL);

  arietta_job_report (job, -1.0, _(what->doing));
  if (!choose_bars (piece, task, request, &fill, error))
    return NULL;
  name = request->model != NULL ? g_strdup (request->model) : choose_model (library, piece, task, request, error);
  info = name != NULL ? arietta_models_find (library, name, error) : NULL;
  model = info != NULL ? arietta_models_load (library, name, error) : NULL;
  if (model == NULL || !check_model (model, name, task, request, error))
    return NULL;

  guard.known = known = arietta_model_dup_known (model);
  fill.guard = &guard;
  arietta_random_init (&random, request->seed, stream);
  work = (AriettaAssistWork) {
    .model = model, .piece = piece, .task = task, .request = request, .first_bar = fill.first_bar,
    .n_bars = fill.n_bars, .style = choose_style (model, piece, task, request), .random = &random, .job = job,
  };
  if ((arietta_model_get_abilities (model) & ARIETTA_MODEL_CAN_FILL) != 0)
    notes = fill_cells (&work, what, &fill, error);
  else if (check_tracks (piece, request, error))
    notes = arietta_assist_by_points (&work, error);
  if (notes == NULL)
    return NULL;

  settings = describe (what, request, work.style, &fill, piece);
  title = source != NULL && *source != '\0' ? g_strdup_printf ("%s · %s", source, _(what->title))
                                            : g_strdup (_(what->title));

  return arietta_composed_new (notes, title, info, work.style, request->seed, settings, NULL, NULL);
}
