#include "formats/arietta-drum-notation.h"

static const struct
{
  guint            pitch;
  AriettaDrumPlace place;
} places[] = {
  { 35, { 'E', 4, NULL } },       /* the second bass drum */
  { 36, { 'F', 4, NULL } },
  { 37, { 'C', 5, "x" } },        /* side stick */
  { 38, { 'C', 5, NULL } },
  { 39, { 'D', 5, "x" } },        /* hand clap */
  { 40, { 'C', 5, "slashed" } },  /* the other snare */
  { 41, { 'G', 4, NULL } },
  { 42, { 'G', 5, "x" } },
  { 43, { 'A', 4, NULL } },
  { 44, { 'D', 4, "x" } },        /* hi-hat with the foot */
  { 45, { 'B', 4, NULL } },
  { 46, { 'G', 5, "circle-x" } },
  { 47, { 'D', 5, NULL } },
  { 48, { 'E', 5, NULL } },
  { 49, { 'A', 5, "x" } },
  { 50, { 'F', 5, NULL } },
  { 51, { 'F', 5, "x" } },
  { 52, { 'C', 6, "x" } },        /* Chinese cymbal */
  { 53, { 'F', 5, "diamond" } },  /* bell of the ride */
  { 54, { 'E', 5, "x" } },        /* tambourine */
  { 55, { 'B', 5, "x" } },        /* splash */
  { 56, { 'E', 5, "triangle" } }, /* cowbell */
  { 57, { 'B', 5, "circle-x" } },
  { 59, { 'D', 5, "diamond" } },  /* the second ride */
};

AriettaDrumPlace
arietta_drum_notation_get (guint pitch)
{
  static const AriettaDrumPlace others[] = {
    { 'B', 4, "diamond" }, { 'C', 5, "diamond" }, { 'A', 4, "diamond" }, { 'E', 5, "diamond" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (places[i].pitch == pitch)
      return places[i].place;

  return others[pitch % G_N_ELEMENTS (others)];
}
