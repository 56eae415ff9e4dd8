#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-pitch.h"

#include <string.h>

static const char *const SHARP_NAMES[12] = {
  "C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B",
};
static const char *const FLAT_NAMES[12] = {
  "C", "D♭", "D", "E♭", "E", "F", "G♭", "G", "A♭", "A", "B♭", "B",
};

/* A tonic as its key signature spells it, the one with fewer signs. */
static const char *const TONIC_NAMES[2][12] = {
  { "C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B" },
  { "C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B" },
};
static const int TONIC_SHARPS[2][12] = {
  {  0, -5, 2, -3, 4, -1, 6,  1, -4, 3, -2, 5 },
  { -3,  4, -1, -6, 1, -4, 3, -2, 5, 0, -5, 2 },
};

#define CLASSES_MAJOR 0xAB5 /* 0 2 4 5 7 9 11 */
#define CLASSES_MINOR 0x5AD /* 0 2 3 5 7 8 10 */

/* Helpers */

static inline int
class_of (int pitch)
{
  return ((pitch % 12) + 12) % 12;
}

static gboolean
skip_any (const char **text, const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (g_str_has_prefix (*text, words[i]))
      {
        *text += strlen (words[i]);
        return TRUE;
      }
  return FALSE;
}

/* Public */

char *
arietta_pitch_dup_name (int      pitch,
                        gboolean flats)
{
  int octave = (pitch - class_of (pitch)) / 12 - 1;

  return g_strdup_printf ("%s%d", (flats ? FLAT_NAMES : SHARP_NAMES)[class_of (pitch)], octave);
}

gboolean
arietta_tonality_parse (const char      *text,
                        AriettaTonality *tonality)
{
  static const int letters[7] = { 9, 11, 0, 2, 4, 5, 7 };
  g_autofree char *mode = NULL;
  int tonic;
  char letter;

  g_return_val_if_fail (tonality != NULL, FALSE);

  if (text == NULL)
    return FALSE;
  while (g_ascii_isspace (*text))
    text++;

  letter = g_ascii_toupper (*text);
  if (letter < 'A' || letter > 'G')
    return FALSE;
  tonic = letters[letter - 'A'];
  text++;

  if (skip_any (&text, (const char *const[]) { "#", "♯", "is", NULL }))
    tonic += 1;
  else if (skip_any (&text, (const char *const[]) { "b", "♭", "-flat", " flat", NULL }))
    tonic -= 1;
  else if (skip_any (&text, (const char *const[]) { "-sharp", " sharp", NULL }))
    tonic += 1;

  /* "M" for major and "m" for minor are the one place where case counts. */
  mode = g_strstrip (g_strdup (text));
  if (strcmp (mode, "") == 0 || strcmp (mode, "M") == 0 || g_ascii_strcasecmp (mode, "maj") == 0 ||
      g_ascii_strcasecmp (mode, "major") == 0 || g_ascii_strcasecmp (mode, ":maj") == 0)
    *tonality = (AriettaTonality) { class_of (tonic), ARIETTA_SCALE_MAJOR };
  else if (strcmp (mode, "m") == 0 || g_ascii_strcasecmp (mode, "min") == 0 ||
           g_ascii_strcasecmp (mode, "minor") == 0 || g_ascii_strcasecmp (mode, ":min") == 0)
    *tonality = (AriettaTonality) { class_of (tonic), ARIETTA_SCALE_MINOR };
  else
    return FALSE;

  return TRUE;
}

char *
arietta_tonality_dup_name (AriettaTonality tonality)
{
  gboolean minor = tonality.scale == ARIETTA_SCALE_MINOR;

  if (tonality.tonic < 0)
    return g_strdup ("none");
  return g_strdup_printf ("%s %s", TONIC_NAMES[minor][tonality.tonic % 12],
                          minor ? "minor" : "major");
}

int
arietta_tonality_get_sharps (AriettaTonality tonality)
{
  if (tonality.tonic < 0)
    return 0;
  return TONIC_SHARPS[tonality.scale == ARIETTA_SCALE_MINOR][tonality.tonic % 12];
}

AriettaTonality
arietta_tonality_from_key (int      sharps,
                           gboolean minor)
{
  /* A fifth up for each sharp; the relative minor lies a minor third below. */
  return (AriettaTonality) {
    class_of (sharps * 7 + (minor ? 9 : 0)),
    minor ? ARIETTA_SCALE_MINOR : ARIETTA_SCALE_MAJOR,
  };
}

guint
arietta_tonality_get_classes (AriettaTonality tonality)
{
  guint shape = tonality.scale == ARIETTA_SCALE_MINOR ? CLASSES_MINOR : CLASSES_MAJOR;
  int tonic = tonality.tonic % 12;

  if (tonality.tonic < 0)
    return 0xFFF;
  return (shape << tonic | shape >> (12 - tonic)) & 0xFFF;
}

gboolean
arietta_tonality_contains (AriettaTonality tonality,
                           int             pitch)
{
  if (tonality.tonic < 0)
    return TRUE;
  if (arietta_tonality_get_classes (tonality) >> class_of (pitch) & 1)
    return TRUE;
  return tonality.scale == ARIETTA_SCALE_MINOR && class_of (pitch) == class_of (tonality.tonic + 11);
}
