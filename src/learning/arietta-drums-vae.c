#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-drums-vae.h"

#include "encoding/arietta-drum-steps.h"
#include "learning/arietta-window-vae-private.h"

#include <glib/gi18n.h>

static const char default_recipe[] =
  "# A drums VAE of two bars, small enough to learn from some hundred grooves in minutes.\n"
  "[model]\n"
  "kind = drums-vae\n"
  "latent = 64\n"
  "encoder = 128\n"
  "decoder = 192\n"
  "\n"
  "[training]\n"
  "watch = 4\n"
  "minutes = 10\n"
  "batch = 64\n"
  "rate = 0.003\n";

static void
write_drums (AriettaPiece                *piece,
             const AriettaStepWindow     *windows,
             guint                        n_windows,
             const AriettaDecodeSettings *settings,
             AriettaTonality              key)
{
  g_autoptr(GArray) notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  gint64            sixteenth = ARIETTA_TICKS_PER_QUARTER / 4, tick = 0;
  AriettaTrack     *track;

  for (guint i = 0; i < n_windows; i++)
    {
      gint64 starts[ARIETTA_STEPS_MAX + 1];

      starts[0] = tick;
      for (guint s = 0; s < windows[i].n_steps; s++)
        starts[s + 1] = tick += sixteenth;
      arietta_drum_steps_to_notes (windows[i].tokens, windows[i].hits, starts, windows[i].n_steps,
                                   TRUE, notes);
    }

  track = arietta_piece_add_track (piece, _("Drums"));
  arietta_track_take_notes (track, g_steal_pointer (&notes));
  arietta_track_set_end_ticks (track, tick);
}

static const AriettaWindowVaeSpec spec = {
  .form = &arietta_drum_form,
  .write = write_drums,
};

static gpointer
drums_vae_build (AriettaRecipe  *recipe,
                 guint64         seed,
                 GError        **error)
{
  return arietta_window_vae_build (&spec, recipe, seed);
}

const AriettaModelKind arietta_drums_vae_kind = {
  .name = "drums-vae",
  .title = N_("Drums"),
  .summary = N_("Two bars of drums as one point in a space where near points sound alike."),
  .abilities = ARIETTA_MODEL_CAN_SAMPLE | ARIETTA_MODEL_HAS_LATENT | ARIETTA_MODEL_WRITES_DRUMS,
  .fields = arietta_window_vae_fields,
  .default_recipe = default_recipe,
  .build = drums_vae_build,
  ARIETTA_WINDOW_VAE_FUNCTIONS,
};
