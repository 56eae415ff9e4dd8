#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-trio-vae.h"

#include "encoding/arietta-trio-steps.h"
#include "learning/arietta-window-vae-private.h"

#include <glib/gi18n.h>

static const char default_recipe[] =
  "# A trio VAE of two bars, small enough to learn from some hundred pieces in half an hour.\n"
  "[model]\n"
  "kind = trio-vae\n"
  "latent = 128\n"
  "encoder = 128\n"
  "decoder = 192\n"
  "conductor = 128\n"
  "point = 64\n"
  "\n"
  "[training]\n"
  "watch = 4\n"
  "minutes = 30\n"
  "batch = 32\n"
  "rate = 0.003\n";

/* Of drums, in a bar. */
#define FEWEST_STROKES 2

/* How each voice is played, and how far it reaches; in the order of tracks. */
static const struct
{
  AriettaTrioVoice voice;
  const char      *name;
  int              program, channel;
  int              lowest, highest;
  int              home;        /* semitones over the tonic on which it ends */
} parts[] = {
  { ARIETTA_TRIO_MELODY, N_("Melody"), 40, 0, 45, 93, 0 },               /* violin */
  { ARIETTA_TRIO_ACCOMPANIMENT, N_("Accompaniment"), 0, 1, 36, 88, 7 },  /* piano */
  { ARIETTA_TRIO_BASS, N_("Bass"), 32, 2, 26, 67, 0 },                   /* acoustic bass */
  { ARIETTA_TRIO_DRUMS, N_("Drums"), 0, 9, 0, 127, 0 },
};

static gboolean
is_allowed (const AriettaWindowVaeRules *rules,
            guint                        voice,
            guint                        step,
            int                          token)
{
  /* Sets of drums have no pitch; there are as many as six bits make, without the empty one. */
  if (voice == ARIETTA_TRIO_DRUMS)
    return token < ARIETTA_STEPS_FIRST_NOTE + 63;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].voice == voice)
      return arietta_window_vae_allows_pitch (rules, voice, step, token, parts[i].lowest, parts[i].highest);

  return TRUE;
}

static void
write_trio (AriettaPiece                *piece,
            const AriettaStepWindow     *windows,
            guint                        n_windows,
            const AriettaDecodeSettings *settings,
            AriettaTonality              key)
{
  gint64 sixteenth = ARIETTA_TICKS_PER_QUARTER / 4, end = 0;
  guint  n_bars = 0;

  for (guint i = 0; i < n_windows; i++)
    {
      end += windows[i].n_steps * sixteenth;
      n_bars += windows[i].n_bars;
    }
  if (key.tonic >= 0)
    arietta_piece_set_key (piece, 0, arietta_tonality_get_sharps (key),
                           key.scale == ARIETTA_SCALE_MINOR);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr(GArray) notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
      gboolean          drums = parts[i].voice == ARIETTA_TRIO_DRUMS;
      int               program = i == 0 && settings->program > 0 ? settings->program : parts[i].program;
      AriettaTrack     *track;

      arietta_trio_steps_to_notes (windows, n_windows, parts[i].voice, -arietta_steps_shift_for_key (key), program,
                                   parts[i].channel, notes);
      /* A stroke here and there is a slip where there is no kit. */
      if (drums && notes->len < FEWEST_STROKES * n_bars)
        continue;
      if (!drums && settings->end_on_tonic && key.tonic >= 0)
        arietta_window_vae_come_home (notes, (key.tonic + parts[i].home) % 12, 4 * sixteenth, end);

      track = arietta_piece_add_track (piece, _(parts[i].name));
      arietta_track_take_notes (track, g_steal_pointer (&notes));
      arietta_track_set_end_ticks (track, end);
    }
}

static const AriettaWindowVaeSpec spec = {
  .form = &arietta_trio_form,
  .is_allowed = is_allowed,
  .write = write_trio,
};

static gpointer
trio_vae_build (AriettaRecipe  *recipe,
                guint64         seed,
                GError        **error)
{
  return arietta_window_vae_build (&spec, recipe, seed);
}

const AriettaModelKind arietta_trio_vae_kind = {
  .name = "trio-vae",
  .title = N_("Trio"),
  .summary = N_("Two bars of melody, accompaniment and bass, with drums where they belong, as one point in a "
                "space where near points sound alike."),
  .abilities = ARIETTA_MODEL_CAN_SAMPLE | ARIETTA_MODEL_HAS_LATENT,
  .fields = arietta_window_vae_fields,
  .default_recipe = default_recipe,
  .build = trio_vae_build,
  ARIETTA_WINDOW_VAE_FUNCTIONS,
};
