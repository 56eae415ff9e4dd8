#define G_LOG_DOMAIN "arietta-music"

#include "config.h"

#include "music/arietta-mode.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *name;
  guint       classes;
} modes[ARIETTA_N_MODES] = {
  { N_("Major"), 0xAB5 },            { N_("Minor"), 0x5AD },      { N_("Harmonic Minor"), 0x9AD },
  { N_("Melodic Minor"), 0xAAD },    { N_("Dorian"), 0x6AD },     { N_("Phrygian"), 0x5AB },
  { N_("Lydian"), 0xAD5 },           { N_("Mixolydian"), 0x6B5 }, { N_("Locrian"), 0x56B },
  { N_("Major Pentatonic"), 0x295 }, { N_("Minor Pentatonic"), 0x4A9 },
  { N_("Blues"), 0x4E9 },            { N_("Whole Tone"), 0x555 },
};

const char *
arietta_mode_get_name (int mode)
{
  g_return_val_if_fail (mode >= 0 && mode < ARIETTA_N_MODES, NULL);

  return _(modes[mode].name);
}

guint
arietta_mode_get_classes (int tonic,
                          int mode)
{
  guint classes;

  g_return_val_if_fail (tonic >= 0 && tonic < 12, 0xFFF);
  g_return_val_if_fail (mode >= 0 && mode < ARIETTA_N_MODES, 0xFFF);

  classes = modes[mode].classes << tonic;
  return (classes | classes >> 12) & 0xFFF;
}

int
arietta_classes_nearest (guint classes,
                         int   pitch)
{
  for (int away = 0; away < 12; away++)
    {
      if (pitch - away >= 0 && (classes >> ((pitch - away) % 12) & 1) != 0)
        return pitch - away;
      if (pitch + away <= 127 && (classes >> ((pitch + away) % 12) & 1) != 0)
        return pitch + away;
    }
  return pitch;
}

int
arietta_classes_next (guint classes,
                      int   pitch,
                      int   direction)
{
  int step = direction < 0 ? -1 : 1;

  for (int next = pitch + step; next >= 0 && next <= 127; next += step)
    if ((classes >> (next % 12) & 1) != 0)
      return next;
  return pitch;
}
