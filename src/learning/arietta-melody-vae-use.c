/* Pieces to points and points to pieces. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-melody-vae-private.h"

#include "analysis/arietta-key-finder.h"
#include "base/arietta-error.h"
#include "learning/arietta-window-set.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Sounding pitches a melody may reach. */
#define LOWEST  45
#define HIGHEST 93

gboolean
arietta_melody_vae_encode_piece (gpointer        net_pointer,
                                 AriettaPiece   *piece,
                                 float         **latents,
                                 AriettaWindow **windows,
                                 guint          *n_windows,
                                 GError        **error)
{
  AriettaMelodyVae       *net = net_pointer;
  AriettaTonality         key = arietta_key_finder_estimate (piece, NULL);
  g_autoptr(AriettaSteps) steps = arietta_steps_new (piece, key);
  g_autoptr(GArray)       cut = steps != NULL ? arietta_window_set_cut (steps) : NULL;
  g_autofree float       *logvar = NULL;
  gsize                   L = (gsize) net->n_latent;

  if (cut == NULL || cut->len == 0)
    {
      const char *title = arietta_piece_get_title (piece);

      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA, NULL, NULL,
                         _("“%s” holds no melody that this model can encode."),
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

      arietta_melody_vae_encode (net, w, *latents + i * L, logvar);
      (*windows)[i] = (AriettaWindow) {
        .start_ticks = w->start_ticks,
        .n_steps = w->n_steps,
        .n_bars = w->n_bars,
        .numerator = w->numerator,
        .denominator = w->denominator,
        .key = key,
      };
    }

  return TRUE;
}

/* What the drawing of tokens must heed. */
typedef struct
{
  double          temperature;
  gboolean        keep_to_key;
  AriettaTonality key;       /* of the encoded window: tonic C */
  int             shift;     /* added to sound */
  gboolean        first;     /* nothing has sounded yet */
  gboolean        resting;   /* no note is on */
} Rules;

static gboolean
is_allowed (const Rules *rules,
            guint        step,
            int          token)
{
  int pitch = token - ARIETTA_STEPS_FIRST_NOTE + ARIETTA_STEPS_LOWEST + rules->shift;

  if (token == ARIETTA_STEPS_HOLD)
    return !(step == 0 && rules->first);
  if (token == ARIETTA_STEPS_SILENCE)
    return TRUE;
  if (pitch < LOWEST || pitch > HIGHEST)
    return FALSE;

  return !rules->keep_to_key
         || arietta_tonality_contains (rules->key,
                                       token - ARIETTA_STEPS_FIRST_NOTE + ARIETTA_STEPS_LOWEST);
}

static int
draw_token (const Rules   *rules,
            const float   *logits,
            guint          step,
            AriettaRandom *random)
{
  float weights[ARIETTA_STEPS_N_TOKENS] = { 0 };
  int   best = -1;

  for (int t = 0; t < ARIETTA_STEPS_N_TOKENS; t++)
    if (is_allowed (rules, step, t) && (best < 0 || logits[t] > logits[best]))
      best = t;

  if (best < 0 || rules->temperature < 0.01)
    return MAX (best, 0);

  for (int t = 0; t < ARIETTA_STEPS_N_TOKENS; t++)
    if (is_allowed (rules, step, t))
      {
        /* What is a thousand times less likely than the best is a slip, not an idea. */
        double d = (logits[t] - logits[best]) / rules->temperature;

        weights[t] = d > -7.0 ? (float) exp (d) : 0.0f;
      }

  return (int) arietta_random_weighted (random, weights, ARIETTA_STEPS_N_TOKENS);
}

static void
decode_window (AriettaMelodyVae  *net,
               const float       *latent,
               AriettaStepWindow *window,
               Rules             *rules,
               AriettaRandom     *random)
{
  g_autoptr(AriettaMelodyVaeDecoder) decoder = arietta_melody_vae_decoder_new (net, latent, window);
  int                                before = -1;

  for (guint s = 0; s < window->n_steps; s++)
    {
      float        velocity;
      const float *logits = arietta_melody_vae_decoder_step (decoder, before, &velocity);

      before = draw_token (rules, logits, s, random);
      window->tokens[s] = (guint8) before;
      window->velocities[s] =
        before >= ARIETTA_STEPS_FIRST_NOTE ? (guint8) CLAMP (lroundf (velocity), 20, 120) : 0;
      if (before != ARIETTA_STEPS_HOLD)
        rules->first = FALSE;
    }
}

/* Ends the line at rest: the last note that begins on a beat with two beats or more to go becomes
 * the tonic nearest to where the line came from and lasts to the end; what would come after it
 * goes. */
static void
come_home (GArray *notes,
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

/* A window's steps for a metre that need not have been trained on; refused only when it cannot
 * be. */
static gboolean
prepare_window (AriettaStepWindow   *window,
                const AriettaWindow *place,
                gboolean            *is_short,
                GError             **error)
{
  guint full;

  if (!arietta_step_window_init (window, place->numerator, place->denominator, place->n_bars))
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_UNABLE, NULL, NULL,
                         _("This model cannot write %u bars of %d/%d at once: they are longer "
                           "than %d sixteenths."),
                         place->n_bars, place->numerator, place->denominator, ARIETTA_STEPS_MAX);
      return FALSE;
    }

  /* A pickup, or a bar cut short: its steps stand at the end of the full bar. */
  full = window->n_steps;
  *is_short = place->n_steps > 0 && place->n_steps < full;
  if (*is_short)
    {
      memmove (window->positions, window->positions + full - place->n_steps, place->n_steps);
      window->n_steps = place->n_steps;
    }

  return TRUE;
}

AriettaPiece *
arietta_melody_vae_decode_piece (gpointer                      net_pointer,
                                 const float                  *latents,
                                 const AriettaWindow          *windows,
                                 guint                         n_windows,
                                 const AriettaDecodeSettings  *settings,
                                 AriettaRandom                *random,
                                 GError                      **error)
{
  AriettaMelodyVae       *net = net_pointer;
  g_autoptr(AriettaPiece) piece = arietta_piece_new (ARIETTA_TICKS_PER_QUARTER);
  g_autoptr(GArray)       notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  g_autoptr(GByteArray)   tokens = g_byte_array_new ();
  g_autoptr(GByteArray)   velocities = g_byte_array_new ();
  g_autoptr(GArray)       starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64                  sixteenth = ARIETTA_TICKS_PER_QUARTER / 4, tick = 0;
  AriettaTonality         key = settings->key;
  int                     shift, last_numerator = 0, last_denominator = 0;
  Rules                   rules = { .temperature = settings->temperature, .first = TRUE };
  AriettaTrack           *track;
  gboolean                pickup = FALSE, is_short;

  g_return_val_if_fail (n_windows > 0, NULL);

  if (key.tonic < 0)
    key = windows[0].key;
  shift = -arietta_steps_shift_for_key (key);
  rules.keep_to_key = settings->key.tonic >= 0;
  rules.key = (AriettaTonality) { 0, key.scale };
  rules.shift = shift;

  for (guint i = 0; i < n_windows; i++)
    {
      AriettaStepWindow window;

      if (!prepare_window (&window, &windows[i], &is_short, error))
        return NULL;
      pickup = pickup || (i == 0 && is_short);

      if (windows[i].numerator != last_numerator || windows[i].denominator != last_denominator
          || (i == 1 && pickup))
        {
          /* Set again after a short first bar, which makes it a pickup. */
          last_numerator = windows[i].numerator;
          last_denominator = windows[i].denominator;
          arietta_piece_set_meter (piece, tick, last_numerator, last_denominator);
        }

      decode_window (net, latents + (gsize) i * (gsize) net->n_latent, &window, &rules, random);
      g_byte_array_append (tokens, window.tokens, window.n_steps);
      g_byte_array_append (velocities, window.velocities, window.n_steps);
      for (guint s = 0; s < window.n_steps; s++, tick += sixteenth)
        g_array_append_val (starts, tick);
    }
  g_array_append_val (starts, tick);

  arietta_steps_to_notes (tokens->data, velocities->data, &g_array_index (starts, gint64, 0),
                          tokens->len, shift, settings->program, 0, notes);
  if (settings->end_on_tonic && key.tonic >= 0)
    come_home (notes, key.tonic, 4 * sixteenth, tick);

  arietta_piece_set_tempo (piece, 0,
                           (guint32) (60e6 / CLAMP (settings->tempo_bpm, 10.0, 600.0) + 0.5));
  if (key.tonic >= 0)
    arietta_piece_set_key (piece, 0, arietta_tonality_get_sharps (key),
                           key.scale == ARIETTA_SCALE_MINOR);
  track = arietta_piece_add_track (piece, _("Melody"));
  arietta_track_take_notes (track, g_steal_pointer (&notes));
  arietta_track_set_end_ticks (track, tick);

  return arietta_piece_freeze (g_steal_pointer (&piece));
}

void
arietta_melody_vae_draw (gpointer       net_pointer,
                         const char    *style,
                         double         weight,
                         AriettaRandom *random,
                         float         *latent)
{
  AriettaMelodyVae *net = net_pointer;
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
