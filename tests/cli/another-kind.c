/* The table of kinds with one row more, in place of the library's own: what the command line learns of a kind from its
 * registration alone.  It is the melody's under another name and of a size that is learned at once. */
#define ARIETTA_ANOTHER_KIND another_kind
#include "learning/arietta-model-kind.c"

#include "learning/arietta-window-vae-private.h"

static gpointer
build (AriettaRecipe  *recipe,
       guint64         seed,
       GError        **error)
{
  return arietta_melody_vae_kind.build (recipe, seed, error);
}

const AriettaModelKind another_kind = {
  .name = "another",
  .title = "Another",
  .summary = "A kind that nobody but the table of kinds has heard of.",
  .abilities = ARIETTA_MODEL_CAN_SAMPLE | ARIETTA_MODEL_HAS_LATENT,
  .fields = arietta_window_vae_fields,
  .default_recipe = "[model]\nkind = another\nlatent = 8\nencoder = 16\ndecoder = 24\ngate = 8\nplace = 8\n"
                    "[training]\nepochs = 2\nbatch = 8\n",
  .build = build,
  ARIETTA_WINDOW_VAE_FUNCTIONS,
};
