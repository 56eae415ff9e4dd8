#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-compose.h"

#include <glib/gi18n.h>

#include "base/arietta-error.h"
#include "encoding/arietta-steps.h"
#include "learning/arietta-model-kind.h"
#include "studio/arietta-composed-private.h"
#include "studio/arietta-latent.h"
#include "studio/arietta-names.h"
#include "studio/arietta-plan.h"
#include "studio/arietta-studio-error.h"
#include "studio/arietta-style-choice.h"

#define TRIES 4   /* at a take that copies */

/* What a take is drawn from, once or several times. */
typedef struct
{
  AriettaModel                *model;
  AriettaModelInfo            *info;
  const AriettaComposeRequest *request;
  AriettaWriteSettings         write;      /* its key, tempo and style stand for all models */
  const AriettaPlanWindow     *plan;       /* of models that decode windows; NULL otherwise */
  const AriettaWindow         *windows;    /* the same */
  guint                        n_windows;  /* 0 otherwise */
  gboolean                     pitched;
  AriettaRandom                plan_random, note_random;
  AriettaJob                  *job;
} Draft;

/* Keys that lie well on most instruments, with how often they are drawn. */
static const struct
{
  AriettaTonality key;
  float           weight;
} common_keys[] = {
  { { 0, ARIETTA_SCALE_MAJOR }, 4 }, { { 7, ARIETTA_SCALE_MAJOR }, 4 },
  { { 2, ARIETTA_SCALE_MAJOR }, 4 }, { { 5, ARIETTA_SCALE_MAJOR }, 3 },
  { { 9, ARIETTA_SCALE_MAJOR }, 2 }, { { 10, ARIETTA_SCALE_MAJOR }, 2 },
  { { 3, ARIETTA_SCALE_MAJOR }, 1 }, { { 9, ARIETTA_SCALE_MINOR }, 2 },
  { { 4, ARIETTA_SCALE_MINOR }, 2 }, { { 2, ARIETTA_SCALE_MINOR }, 2 },
  { { 7, ARIETTA_SCALE_MINOR }, 1 },
};

static AriettaTonality
draw_key (AriettaRandom *random)
{
  float weights[G_N_ELEMENTS (common_keys)];

  for (guint i = 0; i < G_N_ELEMENTS (common_keys); i++)
    weights[i] = common_keys[i].weight;

  return common_keys[arietta_random_weighted (random, weights, G_N_ELEMENTS (common_keys))].key;
}

static gboolean
knows_style (AriettaModel  *model,
             const char    *model_name,
             const char    *style,
             GError       **error)
{
  const char * const *styles = arietta_model_get_styles (model);
  g_autofree char    *known = NULL;

  if (style == NULL || *style == '\0' || g_strv_contains (styles, style))
    return TRUE;

  known = g_strjoinv (", ", (char **) styles);
  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNKNOWN_STYLE, NULL, NULL,
                     _("The model “%s” knows no style “%s”. It knows: %s."), model_name, style,
                     known);
  return FALSE;
}

/* The points of all windows, each grown from an earlier one as the plan says. */
static float *
grow_latents (AriettaModel            *model,
              const AriettaPlanWindow *plan,
              guint                    n_windows,
              const char              *style,
              double                   style_weight,
              AriettaRandom           *random)
{
  guint             size = arietta_model_get_latent_size (model);
  g_autofree float *centre = arietta_latent_dup_centre (model, style, style_weight);
  g_autofree float *draw = g_new (float, size);
  float            *latents = g_new (float, (gsize) n_windows * size);

  for (guint w = 0; w < n_windows; w++)
    {
      float *point = latents + (gsize) w * size;

      arietta_model_draw_latent (model, style, style_weight, random, draw);
      if (plan[w].source == ARIETTA_PLAN_NEW)
        memcpy (point, draw, size * sizeof (float));
      else
        arietta_latent_step (point, latents + (gsize) plan[w].source * size, draw, centre,
                             plan[w].distance, size);
    }

  return latents;
}

static AriettaWindow *
lay_windows (guint           n_windows,
             guint           bars,
             guint           bars_per_window,
             int             numerator,
             int             denominator,
             AriettaTonality key)
{
  AriettaWindow *windows = g_new0 (AriettaWindow, n_windows);
  guint          bar_steps = (guint) (numerator * 16 / denominator);
  gint64         bar_ticks = (gint64) bar_steps * ARIETTA_TICKS_PER_QUARTER / 4;

  for (guint w = 0; w < n_windows; w++)
    {
      guint n_bars = MIN (bars_per_window, bars - w * bars_per_window);

      windows[w] = (AriettaWindow) {
        .start_ticks = (gint64) w * bars_per_window * bar_ticks,
        .n_steps = n_bars * bar_steps,
        .n_bars = n_bars,
        .numerator = numerator,
        .denominator = denominator,
        .key = key,
      };
    }

  return windows;
}

/* Whether bars of a metre are whole sixteenths, and as many of them as a window holds. */
static gboolean
fits_windows (guint bars_per_window,
              int   numerator,
              int   denominator)
{
  guint most = bars_per_window <= 2 ? ARIETTA_STEPS_MAX_SHORT : ARIETTA_STEPS_MAX;

  return numerator * 16 % denominator == 0
         && bars_per_window * (guint) (numerator * 16 / denominator) <= most;
}

static int
compare_pitches (gconstpointer a,
                 gconstpointer b)
{
  return *(const guint8 *) a - *(const guint8 *) b;
}

/* Median pitch of the notes from @first on that begin before @end; their number in @n. */
static int
median_pitch (const AriettaNote *notes,
              guint              n_notes,
              guint              first,
              gint64             end,
              guint             *n)
{
  g_autoptr(GArray) pitches = g_array_new (FALSE, FALSE, sizeof (guint8));

  for (guint i = first; i < n_notes && notes[i].onset_ticks < end; i++)
    g_array_append_val (pitches, notes[i].pitch);
  *n = pitches->len;
  if (pitches->len == 0)
    return -1;

  g_array_sort (pitches, compare_pitches);
  return g_array_index (pitches, guint8, pitches->len / 2);
}

/* A voice by itself stays in its register: a window that lies most of an octave away from the one
 * before is brought nearer by octaves, which changes neither key nor contour within it. */
static AriettaPiece *
settle_register (AriettaPiece        *piece,
                 const AriettaWindow *windows,
                 guint                n_windows)
{
  AriettaPiece      *settled = arietta_piece_copy (piece);
  AriettaTrack      *track = arietta_piece_get_track (settled, 0);
  guint              n_notes, first = 0;
  const AriettaNote *notes = arietta_track_get_notes (track, &n_notes);
  GArray            *moved = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  int                before = -1;

  for (guint w = 0; w < n_windows; w++)
    {
      gint64 end = w + 1 < n_windows ? windows[w + 1].start_ticks : G_MAXINT64;
      guint  n;
      int    median = median_pitch (notes, n_notes, first, end, &n);
      int    octaves = 0;

      if (median >= 0 && before >= 0)
        {
          while (median + 12 * octaves - before > 8)
            octaves--;
          while (median + 12 * octaves - before < -8)
            octaves++;
        }
      if (median >= 0)
        before = median + 12 * octaves;

      for (guint i = first; i < first + n; i++)
        {
          AriettaNote note = notes[i];
          int         pitch = note.pitch + 12 * octaves;

          note.pitch = (guint8) (pitch >= 0 && pitch <= 127 ? pitch : note.pitch);
          g_array_append_val (moved, note);
        }
      first += n;
    }
  arietta_track_take_notes (track, moved);

  return arietta_piece_freeze (settled);
}

static JsonBuilder *
describe (const Draft *self)
{
  const AriettaComposeRequest *request = self->request;
  const AriettaWriteSettings  *write = &self->write;
  JsonBuilder                 *builder = json_builder_new ();
  g_autofree char             *key = arietta_tonality_dup_name (write->key);
  g_autofree char             *meter = g_strdup_printf ("%d/%d", write->numerator, write->denominator);

  json_builder_begin_object (builder);
  arietta_json_string (builder, "action", "compose");
  arietta_json_int (builder, "bars", request->bars);
  if (self->n_windows > 0)
    arietta_json_string (builder, "form", arietta_plan_get_form (self->n_windows));
  arietta_json_string (builder, "key", key);
  arietta_json_string (builder, "meter", meter);
  arietta_json_double (builder, "tempo_bpm", write->tempo_bpm);
  arietta_json_double (builder, "temperature", request->adventure);
  if (request->density > 0)
    arietta_json_int (builder, "density", request->density);
  if (request->in_scale)
    arietta_json_boolean (builder, "in_scale", TRUE);
  if (write->style != NULL)
    {
      arietta_json_string (builder, "style", write->style);
      arietta_json_double (builder, "style_weight", request->style_weight);
    }
  arietta_copy_guard_describe (write->guard, builder);
  json_builder_end_object (builder);

  return builder;
}

static gboolean
go_on_cb (gpointer user_data)
{
  return arietta_job_check (user_data);
}

static AriettaPiece *
draw_windows (Draft   *self,
              GError **error)
{
  g_autofree float *latents = grow_latents (self->model, self->plan, self->n_windows, self->write.style,
                                            self->write.style_weight, &self->plan_random);
  AriettaDecodeSettings decode = {
    .temperature = self->write.temperature,
    .key = self->write.key,
    .end_on_tonic = TRUE,
    .tempo_bpm = self->write.tempo_bpm,
  };
  g_autoptr(AriettaPiece) drawn = arietta_model_decode (self->model, latents, self->windows, self->n_windows, &decode,
                                                        &self->note_random, error);

  if (drawn == NULL || !self->pitched || arietta_piece_get_n_tracks (drawn) != 1)
    return g_steal_pointer (&drawn);

  return settle_register (drawn, self->windows, self->n_windows);
}

static AriettaPiece *
draw_once (Draft   *self,
           GError **error)
{
  if (self->plan != NULL)
    return draw_windows (self, error);

  return arietta_model_write (self->model, &self->write, &self->note_random, self->job != NULL ? go_on_cb : NULL,
                              self->job, error);
}

/* Again while something in it is copied, but for models that write pieces and see to that bar by
 * bar; then what copies least. */
static AriettaPiece *
draw_own (Draft   *self,
          GError **error)
{
  gboolean                by_bars = self->plan == NULL;
  AriettaCopyGuard       *guard = self->write.guard;
  g_autoptr(AriettaPiece) best = NULL;

  for (guint t = 0; t < (by_bars ? 1 : TRIES) && (best == NULL || guard->kept > 0); t++)
    {
      g_autoptr(AriettaPiece) piece = draw_once (self, error);
      guint                   n;

      if (piece == NULL)
        return NULL;
      n = arietta_copy_guard_count (guard, piece);
      guard->redrawn += t > 0;
      if (best == NULL || n < guard->kept)
        {
          g_clear_pointer (&best, arietta_piece_unref);
          best = g_steal_pointer (&piece);
          guard->kept = n;
        }
    }

  return g_steal_pointer (&best);
}

static AriettaComposed *
compose_done (Draft              *self,
              AriettaPiece       *notes,
              const char         *title,
              const char * const *markers,
              const gint64       *marker_ticks)
{
  g_autoptr(JsonBuilder) settings = describe (self);
  AriettaComposed       *composed = arietta_composed_new (notes, title, self->info, self->write.style,
                                                          self->request->seed, settings, markers, marker_ticks);

  composed->redrawn = self->write.guard->redrawn;

  return composed;
}

/* By a model that writes pieces. */
static AriettaComposed *
compose_whole (Draft   *self,
               GError **error)
{
  const char             *style = self->write.style;
  g_autoptr(AriettaPiece) notes = draw_own (self, error);
  g_autofree char        *title = NULL;

  if (notes == NULL)
    return NULL;
  title = arietta_names_dup_title (style != NULL ? style : _(arietta_model_kind_find (self->info->kind)->title),
                                   self->write.key);

  return compose_done (self, notes, title, NULL, NULL);
}

/* Where each section of the form begins, as markers. */
static void
mark_sections (const Draft *self,
               GPtrArray   *names,
               GArray      *ticks)
{
  for (guint w = 0; w < self->n_windows; w++)
    if (w == 0 || self->plan[w].section != self->plan[w - 1].section)
      {
        g_ptr_array_add (names, (char *) arietta_plan_get_name (self->n_windows, self->plan[w].section));
        g_array_append_val (ticks, self->windows[w].start_ticks);
      }
  g_ptr_array_add (names, NULL);
}

/* By a model that decodes windows, after a plan. */
static AriettaComposed *
compose_windows (Draft   *self,
                 GError **error)
{
  const AriettaWriteSettings   *write = &self->write;
  guint                         n_bars = arietta_model_get_window_bars (self->model);
  g_autofree AriettaPlanWindow *plan = NULL;
  g_autofree AriettaWindow     *windows = NULL;
  g_autoptr(AriettaPiece)       notes = NULL;
  g_autoptr(GPtrArray)          markers = g_ptr_array_new ();
  g_autoptr(GArray)             marker_ticks = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char              *title = NULL;

  if (!fits_windows (n_bars, write->numerator, write->denominator))
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                         _("The model “%s” cannot compose in %d/%d."), arietta_model_get_title (self->info->name),
                         write->numerator, write->denominator);
      return NULL;
    }
  self->n_windows = (write->bars + n_bars - 1) / n_bars;
  self->plan = plan = arietta_plan_new (self->n_windows);
  self->windows = windows = lay_windows (self->n_windows, write->bars, n_bars, write->numerator,
                                         write->denominator, write->key);
  notes = draw_own (self, error);
  if (notes == NULL)
    return NULL;

  mark_sections (self, markers, marker_ticks);
  title = arietta_names_dup_title (write->style, write->key);

  return compose_done (self, notes, title, (const char * const *) markers->pdata,
                       (const gint64 *) (gpointer) marker_ticks->data);
}

/* What was asked for, and what was left open drawn from the plan's stream: style, key, tempo, in
 * this order. */
static void
settle (Draft            *self,
        gboolean          whole,
        AriettaCopyGuard *guard)
{
  const AriettaComposeRequest *request = self->request;
  AriettaWriteSettings        *write = &self->write;

  *write = (AriettaWriteSettings) {
    .bars = request->bars,
    .numerator = request->numerator > 0 ? request->numerator : 4,
    .denominator = request->denominator > 0 ? request->denominator : 4,
    .key = request->key,
    .style = request->style != NULL && *request->style != '\0'
               ? request->style
               : arietta_style_choice_draw (self->info, whole && !request->as_learned, &self->plan_random),
    .style_weight = request->style_weight,
    .temperature = request->adventure,
    .density = request->density,
    .in_scale = request->in_scale,
    .parts = request->parts,
    .n_parts = request->n_parts,
    .with_melody = !request->as_learned,
    .guard = guard,
    .filled = request->filled,
    .filled_data = request->filled_data,
  };
  if (!self->pitched)
    write->key = ARIETTA_TONALITY_NONE;
  else if (write->key.tonic < 0)
    write->key = draw_key (&self->plan_random);
  write->tempo_bpm = request->tempo_bpm;
  if (!(write->tempo_bpm > 0.0))
    write->tempo_bpm = 92.0 + 4.0 * arietta_random_below (&self->plan_random, 11);
}

char *
arietta_compose_dup_default (AriettaLibrary *library)
{
  g_autoptr(AriettaModelInfo) info = arietta_models_find (library, ARIETTA_DEFAULT_COMPOSER, NULL);
  gboolean                    usable = info != NULL && info->weights_path != NULL;

  return g_strdup (usable ? ARIETTA_DEFAULT_COMPOSER : ARIETTA_DEFAULT_MODEL);
}

AriettaComposed *
arietta_compose (AriettaLibrary               *library,
                 const AriettaComposeRequest  *request,
                 AriettaJob                   *job,
                 GError                      **error)
{
  g_autofree char            *usual = request->model != NULL ? NULL : arietta_compose_dup_default (library);
  const char                 *name = request->model != NULL ? request->model : usual;
  Draft                       draft = { .request = request, .job = job };
  AriettaCopyGuard            guard = { 0 };
  AriettaModelAbilities       abilities;
  gboolean                    whole;
  g_autoptr(AriettaModelInfo) info = NULL;
  g_autoptr(AriettaModel)     model = NULL;
  g_autoptr(AriettaCopied)    known = NULL;

  g_return_val_if_fail (request->bars >= 1 && request->bars <= 256, NULL);

  arietta_job_report (job, -1.0, _("Composing"));
  info = arietta_models_find (library, name, error);
  model = info != NULL ? arietta_models_load (library, name, error) : NULL;
  if (model == NULL || !knows_style (model, name, request->style, error))
    return NULL;
  abilities = arietta_model_get_abilities (model);
  whole = (abilities & ARIETTA_MODEL_CAN_WRITE) != 0;
  if (!whole && (abilities & ARIETTA_MODEL_HAS_LATENT) == 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                         _("The model “%s” cannot compose."), name);
      return NULL;
    }

  known = request->may_copy ? NULL : arietta_model_dup_known (model);
  guard.known = known;
  draft.model = model;
  draft.info = info;
  draft.pitched = (abilities & ARIETTA_MODEL_WRITES_DRUMS) == 0;
  arietta_random_init (&draft.plan_random, request->seed, "compose-plan");
  arietta_random_init (&draft.note_random, request->seed, "compose-notes");
  settle (&draft, whole, &guard);

  return whole ? compose_whole (&draft, error) : compose_windows (&draft, error);
}

char **
arietta_compose_list_styles (AriettaLibrary  *library,
                             const char      *model,
                             GError         **error)
{
  g_autofree char        *usual = model != NULL ? NULL : arietta_compose_dup_default (library);
  g_autoptr(AriettaModel) loaded = arietta_models_load (library, model != NULL ? model : usual, error);

  return loaded != NULL ? g_strdupv ((char **) arietta_model_get_styles (loaded)) : NULL;
}
