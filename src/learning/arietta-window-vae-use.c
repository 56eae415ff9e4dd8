/* Pieces to points and points to pieces. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-window-vae-private.h"

#include "base/arietta-error.h"
#include "encoding/arietta-drum-steps.h"
#include "encoding/arietta-trio-steps.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define DRUM_CHANNEL 9

gboolean
arietta_window_vae_encode_piece (gpointer        net_pointer,
                                 AriettaPiece   *piece,
                                 float         **latents,
                                 AriettaWindow **windows,
                                 guint          *n_windows,
                                 GError        **error)
{
  AriettaWindowVae       *net = net_pointer;
  g_autoptr(AriettaSteps) steps = net->spec->form->read (piece);
  g_autoptr(GArray)       cut = steps != NULL ? arietta_window_set_cut (&net->shape, steps) : NULL;
  g_autofree float       *logvar = NULL;
  gsize                   L = (gsize) net->n_latent;

  if (cut == NULL || cut->len == 0)
    {
      const char *title = arietta_piece_get_title (piece);

      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA, NULL, NULL,
                         _("“%s” holds nothing that this model can encode."),
                         title != NULL ? title : _("The piece"));
      return FALSE;
    }

  *n_windows = cut->len;
  *latents = g_new (float, cut->len * L);
  *windows = g_new0 (AriettaWindow, cut->len);
  logvar = g_new (float, L);
  for (guint i = 0; i < cut->len; i++)
    {
      const AriettaStepWindow *w = &g_array_index (cut, AriettaStepWindow, i);

      arietta_window_vae_encode (net, w, *latents + i * L, logvar);
      (*windows)[i] = (AriettaWindow) {
        .start_ticks = w->start_ticks,
        .n_steps = w->n_steps,
        .n_bars = w->n_bars,
        .numerator = w->numerator,
        .denominator = w->denominator,
        .key = arietta_steps_get_key (steps),
      };
    }

  return TRUE;
}

static gboolean
is_allowed (AriettaWindowVae            *net,
            const AriettaWindowVaeRules *rules,
            guint                        voice,
            guint                        step,
            int                          token)
{
  return net->spec->is_allowed == NULL || net->spec->is_allowed (rules, voice, step, token);
}

static int
draw_token (AriettaWindowVae            *net,
            const AriettaWindowVaeRules *rules,
            const float                 *logits,
            guint                        voice,
            guint                        step,
            AriettaRandom               *random)
{
  g_autofree float *weights = g_new0 (float, net->n_tokens);
  int               best = -1;

  for (int t = 0; t < net->n_tokens; t++)
    if (is_allowed (net, rules, voice, step, t) && (best < 0 || logits[t] > logits[best]))
      best = t;

  if (best < 0 || rules->temperature < 0.01)
    return MAX (best, 0);

  for (int t = 0; t < net->n_tokens; t++)
    if (is_allowed (net, rules, voice, step, t))
      {
        /* What is a thousand times less likely than the best is a slip, not an idea. */
        double d = (logits[t] - logits[best]) / rules->temperature;

        weights[t] = d > -7.0 ? (float) exp (d) : 0.0f;
      }

  return (int) arietta_random_weighted (random, weights, (guint) net->n_tokens);
}

static void
decode_window (AriettaWindowVae      *net,
               const float           *latent,
               AriettaStepWindow     *window,
               AriettaWindowVaeRules *rules,
               AriettaRandom         *random)
{
  g_autoptr(AriettaWindowVaeDecoder) decoder = arietta_window_vae_decoder_new (net, latent, window);
  int                                before = -1;

  for (guint c = 0; c < window->n_cells; c++)
    {
      guint        voice = c / window->n_steps;
      float        touches[MAX_TOUCHES];
      const float *logits = arietta_window_vae_decoder_step (decoder, before, touches);

      before = draw_token (net, rules, logits, voice, c % window->n_steps, random);
      window->tokens[c] = (guint16) before;
      net->spec->form->set_touches (window, c, touches);
      if (before != ARIETTA_STEPS_HOLD)
        rules->silent &= ~(1u << voice);
    }
}

/* A window's steps for a metre that need not have been trained on; refused only when it cannot
 * be. */
static gboolean
prepare_window (AriettaWindowVae    *net,
                AriettaStepWindow   *window,
                const AriettaWindow *place,
                GError             **error)
{
  guint missing;

  if (!arietta_step_window_init (window, net->spec->form->n_voices, place->numerator, place->denominator, place->n_bars)
      || !arietta_window_shape_fits (&net->shape, window))
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_UNABLE, NULL, NULL,
                         _("This model cannot write %u bars of %d/%d at once: it reaches %u bars "
                           "and %u sixteenths."),
                         place->n_bars, place->numerator, place->denominator, net->shape.n_bars,
                         net->shape.max_steps);
      return FALSE;
    }

  /* A pickup, or a bar cut short: its steps stand at the end of the full bar. */
  missing = window->n_steps - MIN (place->n_steps, window->n_steps);
  if (place->n_steps == 0 || missing >= window->bar_steps[1])
    missing = 0;
  window->n_steps -= missing;
  window->n_cells = window->n_steps * window->n_voices;
  memmove (window->positions, window->positions + missing, window->n_steps);
  for (guint b = 1; b <= window->n_bars; b++)
    window->bar_steps[b] = (guint16) (window->bar_steps[b] - missing);

  return TRUE;
}

AriettaPiece *
arietta_window_vae_decode_piece (gpointer                      net_pointer,
                                 const float                  *latents,
                                 const AriettaWindow          *windows,
                                 guint                         n_windows,
                                 const AriettaDecodeSettings  *settings,
                                 AriettaRandom                *random,
                                 GError                      **error)
{
  AriettaWindowVae             *net = net_pointer;
  g_autoptr(AriettaPiece)       piece = arietta_piece_new (ARIETTA_TICKS_PER_QUARTER);
  g_autofree AriettaStepWindow *decoded = g_new (AriettaStepWindow, MAX (n_windows, 1));
  gint64                        sixteenth = ARIETTA_TICKS_PER_QUARTER / 4, tick = 0;
  AriettaTonality               key = settings->key;
  int                           last_numerator = 0, last_denominator = 0;
  AriettaWindowVaeRules         rules = { .temperature = settings->temperature, .silent = G_MAXUINT };

  g_return_val_if_fail (n_windows > 0, NULL);

  if (key.tonic < 0)
    key = windows[0].key;
  rules.keep_to_key = settings->key.tonic >= 0;
  rules.key = (AriettaTonality) { 0, key.scale };
  rules.shift = -arietta_steps_shift_for_key (key);

  for (guint i = 0; i < n_windows; i++)
    {
      AriettaStepWindow *window = &decoded[i];

      if (!prepare_window (net, window, &windows[i], error))
        return NULL;

      if (windows[i].numerator != last_numerator || windows[i].denominator != last_denominator)
        {
          last_numerator = windows[i].numerator;
          last_denominator = windows[i].denominator;
          arietta_piece_set_meter (piece, tick, last_numerator, last_denominator);
        }
      /* Set again after a short first bar, which makes it a pickup. */
      if (i == 0 && window->positions[0] > 0)
        arietta_piece_set_meter (piece, window->bar_steps[1] * sixteenth, last_numerator,
                                 last_denominator);

      window->start_ticks = tick;
      decode_window (net, latents + (gsize) i * (gsize) net->n_latent, window, &rules, random);
      tick += window->n_steps * sixteenth;
    }

  arietta_piece_set_tempo (piece, 0,
                           (guint32) (60e6 / CLAMP (settings->tempo_bpm, 10.0, 600.0) + 0.5));
  net->spec->write (piece, decoded, n_windows, settings, key);

  return arietta_piece_freeze (g_steal_pointer (&piece));
}

void
arietta_window_vae_draw (gpointer       net_pointer,
                         const char    *style,
                         double         weight,
                         AriettaRandom *random,
                         float         *latent)
{
  AriettaWindowVae *net = net_pointer;
  int               place = -1;

  for (int i = 0; style != NULL && net->styles[i] != NULL; i++)
    if (strcmp (net->styles[i], style) == 0)
      place = i;

  if (net->prior != NULL)
    arietta_latent_prior_draw (net->prior, place, weight, random, latent);
  else
    for (int i = 0; i < net->n_latent; i++)
      latent[i] = (float) arietta_random_normal (random);
}

gboolean
arietta_window_vae_allows_pitch (const AriettaWindowVaeRules *rules,
                                 guint                        voice,
                                 guint                        step,
                                 int                          token,
                                 int                          lowest,
                                 int                          highest)
{
  int written = token - ARIETTA_STEPS_FIRST_NOTE + ARIETTA_STEPS_LOWEST;
  int pitch = written + rules->shift;

  if (token == ARIETTA_STEPS_HOLD)
    return !(step == 0 && (rules->silent & 1u << voice) != 0);
  if (token == ARIETTA_STEPS_SILENCE)
    return TRUE;
  if (pitch < lowest || pitch > highest)
    return FALSE;

  return !rules->keep_to_key || arietta_tonality_contains (rules->key, written);
}

void
arietta_window_vae_come_home (GArray *notes,
                              int     tonic,
                              gint64  beat,
                              gint64  end)
{
  AriettaNote *last;
  guint        nth = notes->len;
  int          from, away;

  if (notes->len == 0)
    return;

  do
    last = &g_array_index (notes, AriettaNote, --nth);
  while (nth > 0 && (end - last->onset_ticks < 2 * beat || last->onset_ticks % beat != 0));

  from = nth > 0 ? last[-1].pitch : last->pitch;
  away = ((tonic - from) % 12 + 12) % 12;
  last->pitch = (guint8) CLAMP (from + (away <= 6 ? away : away - 12), 0, 127);
  last->duration_ticks = end - last->onset_ticks;
  g_array_set_size (notes, nth + 1);
}

AriettaPiece *
arietta_window_vae_hear (gpointer      net_pointer,
                         AriettaPiece *piece)
{
  AriettaWindowVae *net = net_pointer;
  AriettaKept       kept;
  AriettaPiece     *heard;
  guint             left = 0;

  if (net->spec->form == &arietta_melody_form)
    return arietta_steps_round_trip (piece, &kept);
  if (net->spec->form == &arietta_trio_form)
    return arietta_trio_steps_reduce (piece);
  if (net->spec->form != &arietta_drum_form)
    return arietta_piece_ref (piece);

  heard = arietta_piece_copy (piece);
  for (guint t = 0; t < arietta_piece_get_n_tracks (heard); t++)
    {
      AriettaTrack      *track = arietta_piece_get_track (heard, t);
      GArray            *drums = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (track, &n);

      for (guint i = 0; i < n; i++)
        if (notes[i].channel == DRUM_CHANNEL)
          g_array_append_val (drums, notes[i]);
      left += drums->len;
      arietta_track_take_notes (track, drums);
    }
  if (left == 0)
    g_clear_pointer (&heard, arietta_piece_unref);

  return heard != NULL ? arietta_piece_freeze (heard) : NULL;
}
