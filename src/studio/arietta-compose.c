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

/* A voice by itself stays in its register: a window that lies most of an octave away from the one before is
 * brought nearer by octaves, which changes neither key nor contour within it. */
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
describe (const AriettaComposeRequest *request,
          const char                  *style,
          guint                        n_windows,
          AriettaTonality              key,
          int                          numerator,
          int                          denominator,
          double                       tempo_bpm,
          const AriettaCopyGuard      *guard)
{
  JsonBuilder     *builder = json_builder_new ();
  g_autofree char *key_name = arietta_tonality_dup_name (key);
  g_autofree char *meter = g_strdup_printf ("%d/%d", numerator, denominator);

  json_builder_begin_object (builder);
  arietta_json_string (builder, "action", "compose");
  arietta_json_int (builder, "bars", request->bars);
  if (n_windows > 0)
    arietta_json_string (builder, "form", arietta_plan_get_form (n_windows));
  arietta_json_string (builder, "key", key_name);
  arietta_json_string (builder, "meter", meter);
  arietta_json_double (builder, "tempo_bpm", tempo_bpm);
  arietta_json_double (builder, "temperature", request->adventure);
  if (request->density > 0)
    arietta_json_int (builder, "density", request->density);
  if (request->in_scale)
    arietta_json_boolean (builder, "in_scale", TRUE);
  if (style != NULL)
    {
      arietta_json_string (builder, "style", style);
      arietta_json_double (builder, "style_weight", request->style_weight);
    }
  arietta_copy_guard_describe (guard, builder);
  json_builder_end_object (builder);

  return builder;
}

static gboolean
go_on_cb (gpointer user_data)
{
  return arietta_job_check (user_data);
}

/* What a take is drawn from, once or several times. */
typedef struct
{
  AriettaModel                *model;
  const AriettaComposeRequest *request;
  AriettaWriteSettings         write;      /* by a model that writes whole pieces; its key, tempo and style stand for all */
  const AriettaPlanWindow     *plan;       /* by one that decodes windows; NULL otherwise */
  const AriettaWindow         *windows;
  guint                        n_windows;
  gboolean                     pitched;
  AriettaRandom                plan_random, note_random;
  AriettaJob                  *job;
} Draft;

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

/* Again while something in it is copied, but for models that write pieces and see to that bar by bar; then what copies
 * least. */
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

/* Where each section of the form begins, as markers. */
static void
mark_sections (const AriettaPlanWindow *plan,
               const AriettaWindow     *windows,
               guint                    n_windows,
               GPtrArray               *names,
               GArray                  *ticks)
{
  for (guint w = 0; w < n_windows; w++)
    if (w == 0 || plan[w].section != plan[w - 1].section)
      {
        g_ptr_array_add (names, (char *) arietta_plan_get_name (n_windows, plan[w].section));
        g_array_append_val (ticks, windows[w].start_ticks);
      }
  g_ptr_array_add (names, NULL);
}

char *
arietta_compose_dup_default (AriettaLibrary *library)
{
  g_autoptr(AriettaModelInfo) info = arietta_models_find (library, ARIETTA_DEFAULT_COMPOSER, NULL);

  return g_strdup (info != NULL && info->weights_path != NULL ? ARIETTA_DEFAULT_COMPOSER : ARIETTA_DEFAULT_MODEL);
}

AriettaComposed *
arietta_compose (AriettaLibrary               *library,
                 const AriettaComposeRequest  *request,
                 AriettaJob                   *job,
                 GError                      **error)
{
  g_autofree char  *usual = request->model != NULL ? NULL : arietta_compose_dup_default (library);
  const char       *name = request->model != NULL ? request->model : usual;
  int               numerator = request->numerator > 0 ? request->numerator : 4;
  int               denominator = request->denominator > 0 ? request->denominator : 4;
  guint             bars_per_window;
  Draft             draft = { .request = request, .job = job };
  AriettaCopyGuard  guard = { 0 };
  gboolean          whole;
  g_autoptr(AriettaModelInfo)   info = NULL;
  g_autoptr(AriettaModel)       model = NULL;
  g_autoptr(AriettaCopied)      known = NULL;
  g_autofree AriettaPlanWindow *plan = NULL;
  g_autofree AriettaWindow     *windows = NULL;
  g_autoptr(AriettaPiece)       notes = NULL;
  g_autoptr(JsonBuilder)        settings = NULL;
  AriettaWriteSettings         *write = &draft.write;
  g_autoptr(GPtrArray)          markers = g_ptr_array_new ();
  g_autoptr(GArray)             marker_ticks = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char              *title = NULL;
  AriettaComposed              *composed;

  g_return_val_if_fail (request->bars >= 1 && request->bars <= 256, NULL);

  arietta_job_report (job, -1.0, _("Composing"));
  info = arietta_models_find (library, name, error);
  model = info != NULL ? arietta_models_load (library, name, error) : NULL;
  if (model == NULL || !knows_style (model, name, request->style, error))
    return NULL;
  whole = (arietta_model_get_abilities (model) & ARIETTA_MODEL_CAN_WRITE) != 0;
  if (!whole && (arietta_model_get_abilities (model) & ARIETTA_MODEL_HAS_LATENT) == 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                         _("The model “%s” cannot compose."), name);
      return NULL;
    }

  known = request->may_copy ? NULL : arietta_model_dup_known (model);
  guard.known = known;
  draft.model = model;
  arietta_random_init (&draft.plan_random, request->seed, "compose-plan");
  arietta_random_init (&draft.note_random, request->seed, "compose-notes");
  *write = (AriettaWriteSettings) {
    .bars = request->bars,
    .numerator = numerator,
    .denominator = denominator,
    .key = request->key,
    .style = request->style != NULL && *request->style != '\0'
               ? request->style
               : arietta_style_choice_draw (info, whole && !request->as_learned, &draft.plan_random),
    .style_weight = request->style_weight,
    .temperature = request->adventure,
    .density = request->density,
    .in_scale = request->in_scale,
    .parts = request->parts,
    .n_parts = request->n_parts,
    .with_melody = !request->as_learned,
    .guard = &guard,
    .filled = request->filled,
    .filled_data = request->filled_data,
  };
  draft.pitched = (arietta_model_get_abilities (model) & ARIETTA_MODEL_WRITES_DRUMS) == 0;
  if (!draft.pitched)
    write->key = ARIETTA_TONALITY_NONE;
  else if (write->key.tonic < 0)
    write->key = draw_key (&draft.plan_random);
  write->tempo_bpm = request->tempo_bpm > 0.0 ? request->tempo_bpm
                                              : 92.0 + 4.0 * arietta_random_below (&draft.plan_random, 11);

  if (whole)
    {
      notes = draw_own (&draft, error);
      if (notes == NULL)
        return NULL;
      settings = describe (request, write->style, 0, write->key, numerator, denominator, write->tempo_bpm, &guard);
      title = arietta_names_dup_title (write->style != NULL
                                         ? write->style
                                         : _(arietta_model_kind_find (info->kind)->title),
                                       write->key);

      composed = arietta_composed_new (notes, title, info, write->style, request->seed, settings, NULL, NULL);
      composed->redrawn = guard.redrawn;

      return composed;
    }

  bars_per_window = arietta_model_get_window_bars (model);
  if (!fits_windows (bars_per_window, numerator, denominator))
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                         _("The model “%s” cannot compose in %d/%d."), name, numerator, denominator);
      return NULL;
    }
  draft.n_windows = (request->bars + bars_per_window - 1) / bars_per_window;
  draft.plan = plan = arietta_plan_new (draft.n_windows);
  draft.windows = windows = lay_windows (draft.n_windows, request->bars, bars_per_window, numerator, denominator,
                                         write->key);
  notes = draw_own (&draft, error);
  if (notes == NULL)
    return NULL;

  settings = describe (request, write->style, draft.n_windows, write->key, numerator, denominator, write->tempo_bpm,
                       &guard);
  mark_sections (plan, windows, draft.n_windows, markers, marker_ticks);
  title = arietta_names_dup_title (write->style, write->key);

  composed = arietta_composed_new (notes, title, info, write->style, request->seed, settings,
                                   (const char * const *) markers->pdata,
                                   (const gint64 *) marker_ticks->data);
  composed->redrawn = guard.redrawn;

  return composed;
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

#define N_EXAMPLES     12
#define N_STYLES_SHOWN 8
#define FACT_EXAMPLES  "examples-made"
#define FACT_BEGUN     "examples-begun"   /* how many there are, where the studio was closed meanwhile */

gboolean
arietta_compose_examples (AriettaLibrary  *library,
                          AriettaJob      *job,
                          GError         **error)
{
  g_autofree char            *made = arietta_library_dup_fact (library, FACT_EXAMPLES);
  g_autofree char            *begun = arietta_library_dup_fact (library, FACT_BEGUN);
  g_autofree char            *model = NULL;
  g_autoptr(AriettaModelInfo) info = NULL;
  g_autoptr(GPtrArray)        styles = NULL;

  if (made != NULL)
    return TRUE;

  model = arietta_compose_dup_default (library);
  info = arietta_models_find (library, model, error);
  if (info == NULL)
    return FALSE;

  styles = arietta_style_choice_list (info, N_STYLES_SHOWN);
  for (guint i = begun != NULL ? (guint) g_ascii_strtoull (begun, NULL, 10) : 0; i < N_EXAMPLES; i++)
    {
      g_autofree char           *n = g_strdup_printf ("%u", i + 1);
      AriettaComposeRequest      request = ARIETTA_COMPOSE_REQUEST_INIT;
      g_autoptr(AriettaComposed) composed = NULL;

      if (!arietta_job_check (job))
        return TRUE;
      arietta_job_report (job, (double) i / N_EXAMPLES, _("Composing example takes"));

      request.model = model;
      request.seed = i + 1;
      request.bars = i % 4 == 1 ? 16 : 8;
      request.style = styles->len > 0 ? g_ptr_array_index (styles, i % styles->len) : NULL;
      composed = arietta_compose (library, &request, NULL, error);
      if (composed == NULL)
        return FALSE;

      if (!arietta_job_check (job))
        return TRUE;

      composed->take->example = TRUE;
      if (!arietta_library_add_take (library, composed->take, composed->piece, error)
          || !arietta_library_set_fact (library, FACT_BEGUN, n, error))
        return FALSE;
    }

  return arietta_job_check (job) ? arietta_compose_end_examples (library, error) : TRUE;
}

gboolean
arietta_compose_end_examples (AriettaLibrary  *library,
                              GError         **error)
{
  return arietta_library_set_fact (library, FACT_EXAMPLES, "1", error);
}
