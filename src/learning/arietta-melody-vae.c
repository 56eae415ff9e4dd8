#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-melody-vae.h"

#include "learning/arietta-window-vae-private.h"

#include <glib/gi18n.h>

/* Sounding pitches a melody may reach. */
#define LOWEST  45
#define HIGHEST 93

static const char default_recipe[] =
  "# A melody VAE of two bars, small enough to learn from a few hundred tunes in minutes.\n"
  "[model]\n"
  "kind = melody-vae\n"
  "latent = 64\n"
  "encoder = 128\n"
  "decoder = 192\n"
  "\n"
  "[training]\n"
  "watch = 4\n"
  "minutes = 10\n"
  "batch = 64\n"
  "rate = 0.003\n";

static gboolean
is_allowed (const AriettaWindowVaeRules *rules,
            guint                        voice,
            guint                        step,
            int                          token)
{
  return arietta_window_vae_allows_pitch (rules, voice, step, token, LOWEST, HIGHEST);
}

static void
write_melody (AriettaPiece                *piece,
              const AriettaStepWindow     *windows,
              guint                        n_windows,
              const AriettaDecodeSettings *settings,
              AriettaTonality              key)
{
  g_autoptr(GArray)     notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  g_autoptr(GArray)     tokens = g_array_new (FALSE, FALSE, sizeof (guint16));
  g_autoptr(GByteArray) velocities = g_byte_array_new ();
  g_autoptr(GArray)     starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64                sixteenth = ARIETTA_TICKS_PER_QUARTER / 4, tick = 0;
  AriettaTrack         *track;

  for (guint i = 0; i < n_windows; i++)
    {
      const AriettaStepWindow *w = &windows[i];

      g_array_append_vals (tokens, w->tokens, w->n_steps);
      for (guint s = 0; s < w->n_steps; s++, tick += sixteenth)
        {
          guint8 velocity = w->velocities[s] > 0 ? CLAMP (w->velocities[s], 20, 120) : 0;

          g_byte_array_append (velocities, &velocity, 1);
          g_array_append_val (starts, tick);
        }
    }
  g_array_append_val (starts, tick);

  arietta_steps_to_notes (&g_array_index (tokens, guint16, 0), velocities->data,
                          &g_array_index (starts, gint64, 0), tokens->len,
                          -arietta_steps_shift_for_key (key), settings->program, 0, notes);
  if (settings->end_on_tonic && key.tonic >= 0)
    arietta_window_vae_come_home (notes, key.tonic, 4 * sixteenth, tick);

  if (key.tonic >= 0)
    arietta_piece_set_key (piece, 0, arietta_tonality_get_sharps (key),
                           key.scale == ARIETTA_SCALE_MINOR);
  track = arietta_piece_add_track (piece, _("Melody"));
  arietta_track_take_notes (track, g_steal_pointer (&notes));
  arietta_track_set_end_ticks (track, tick);
}

static const AriettaWindowVaeSpec spec = {
  .form = &arietta_melody_form,
  .is_allowed = is_allowed,
  .write = write_melody,
};

static gpointer
melody_vae_build (AriettaRecipe  *recipe,
                  guint64         seed,
                  GError        **error)
{
  return arietta_window_vae_build (&spec, recipe, seed);
}

const AriettaModelKind arietta_melody_vae_kind = {
  .name = "melody-vae",
  .title = N_("Melody"),
  .summary = N_("Bars of melody as one point in a space where near points sound alike."),
  .abilities = ARIETTA_MODEL_CAN_SAMPLE | ARIETTA_MODEL_HAS_LATENT,
  .fields = arietta_window_vae_fields,
  .default_recipe = default_recipe,
  .build = melody_vae_build,
  ARIETTA_WINDOW_VAE_FUNCTIONS,
};
