/* From one piece to another through latent space. */
#define G_LOG_DOMAIN "arietta-studio"

#include <glib/gi18n.h>

#include "studio/arietta-composed-private.h"
#include "studio/arietta-latent.h"

/* One end of the way: its windows as points. */
typedef struct
{
  float         *latents;
  AriettaWindow *windows;
  guint          n;
} End;

static void
end_clear (End *end)
{
  g_clear_pointer (&end->latents, g_free);
  g_clear_pointer (&end->windows, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (End, end_clear)

/* Window @w of the morph at @position: its point between both ends, its metre and key from the
 * nearer one. */
static AriettaWindow
morph_window (const End *a,
              const End *b,
              guint      w,
              double     position,
              float     *point,
              guint      size)
{
  guint wa = w % a->n, wb = w % b->n;

  arietta_latent_slerp (point, a->latents + (gsize) wa * size, b->latents + (gsize) wb * size,
                        position, size);
  return position < 0.5 ? a->windows[wa] : b->windows[wb];
}

static JsonBuilder *
describe (double   position,
          gboolean joined,
          guint    steps)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  arietta_json_string (builder, "action", "morph");
  arietta_json_int (builder, "steps", steps);
  if (!joined)
    arietta_json_double (builder, "position", position);
  json_builder_end_object (builder);

  return builder;
}

static double
tempo_of (AriettaPiece *piece)
{
  guint               n;
  const AriettaTempo *tempos = arietta_piece_get_tempos (piece, &n);

  return n > 0 && tempos[0].us_per_quarter > 0 ? 6e7 / tempos[0].us_per_quarter : 120.0;
}

static const char *
title_of (AriettaPiece *piece)
{
  const char *title = arietta_piece_get_title (piece);

  return title != NULL ? title : _("a piece");
}

GPtrArray *
arietta_morph (AriettaLibrary  *library,
               const char      *model_name,
               AriettaPiece    *a,
               AriettaPiece    *b,
               guint            steps,
               gboolean         joined,
               guint64          seed,
               AriettaJob      *job,
               GError         **error)
{
  const char           *name = model_name != NULL ? model_name : ARIETTA_DEFAULT_MODEL;
  g_autoptr(GPtrArray) results =
    g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_composed_free);
  g_autoptr(AriettaModelInfo) info = arietta_models_find (library, name, error);
  g_autoptr(AriettaModel) model = info != NULL ? arietta_models_load (library, name, error) : NULL;
  g_auto(End)           from = { 0 }, to = { 0 };
  g_autofree char      *title = NULL;
  guint                 size, n_pieces, n_windows;
  double                tempo_a = tempo_of (a), tempo_b = tempo_of (b);

  g_return_val_if_fail (steps >= 2, NULL);

  if (model == NULL ||
      !arietta_model_encode (model, a, &from.latents, &from.windows, &from.n, error) ||
      !arietta_model_encode (model, b, &to.latents, &to.windows, &to.n, error))
    return NULL;

  size = arietta_model_get_latent_size (model);
  n_pieces = joined ? 1 : steps;
  n_windows = joined ? steps : MAX (from.n, to.n);
  title = g_strdup_printf (_("From “%s” to “%s”"), title_of (a), title_of (b));

  for (guint p = 0; p < n_pieces; p++)
    {
      g_autofree float         *latents = g_new (float, (gsize) n_windows * size);
      g_autofree AriettaWindow *windows = g_new0 (AriettaWindow, n_windows);
      g_autoptr(AriettaPiece)   notes = NULL;
      g_autoptr(JsonBuilder)    settings = NULL;
      double                    position = (double) p / (steps - 1);
      gint64                    at = 0;
      AriettaRandom             random;
      AriettaDecodeSettings     decode = { .key = ARIETTA_TONALITY_NONE };

      if (!arietta_job_check (job))
        break;
      arietta_job_report (job, (double) p / n_pieces, NULL);

      for (guint w = 0; w < n_windows; w++)
        {
          double here = joined ? (double) w / (steps - 1) : position;

          windows[w] = morph_window (&from, &to, w, here, latents + (gsize) w * size, size);
          windows[w].start_ticks = at;
          at += (gint64) windows[w].n_steps * ARIETTA_TICKS_PER_QUARTER / 4;
        }

      decode.tempo_bpm = joined ? 0.5 * (tempo_a + tempo_b)
                                : (1.0 - position) * tempo_a + position * tempo_b;
      arietta_random_init (&random, seed, "morph-notes");
      notes = arietta_model_decode (model, latents, windows, n_windows, &decode, &random, error);
      if (notes == NULL)
        return NULL;

      settings = describe (position, joined, steps);
      g_ptr_array_add (results,
                       arietta_composed_new (notes, title, info, NULL, seed, settings, NULL, NULL));
    }

  return g_steal_pointer (&results);
}
