#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-musicxml-private.h"

#include <string.h>

/* In the order of XF, which numbers the kinds. */
static const struct
{
  const char *name;
  XmlDegree   degree;
} chords[ARIETTA_CHORD_N_KINDS] = {
  { "major", { 0 } },
  { "major-sixth", { 0 } },
  { "major-seventh", { 0 } },
  { "major-seventh", { 11, 1, FALSE } },
  { "major", { 9, 0, FALSE } },
  { "major-ninth", { 0 } },
  { "major-sixth", { 9, 0, FALSE } },
  { "augmented", { 0 } },
  { "minor", { 0 } },
  { "minor-sixth", { 0 } },
  { "minor-seventh", { 0 } },
  { "half-diminished", { 0 } },
  { "minor", { 9, 0, FALSE } },
  { "minor-ninth", { 0 } },
  { "minor-11th", { 0 } },
  { "major-minor", { 0 } },
  { "major-minor", { 9, 0, FALSE } },
  { "diminished", { 0 } },
  { "diminished-seventh", { 0 } },
  { "dominant", { 0 } },
  { "suspended-fourth", { 7, 0, FALSE } },
  { "dominant", { 5, -1, TRUE } },
  { "dominant-ninth", { 0 } },
  { "dominant", { 11, 1, FALSE } },
  { "dominant-13th", { 0 } },
  { "dominant", { 9, -1, FALSE } },
  { "dominant", { 13, -1, FALSE } },
  { "dominant", { 9, 1, FALSE } },
  { "major-seventh", { 5, 1, TRUE } },
  { "augmented-seventh", { 0 } },
  { "other", { 0 } },
  { "power", { 0 } },
  { "suspended-fourth", { 0 } },
  { "suspended-second", { 0 } },
  { "none", { 0 } },
};

/* Those that have no number: the nearest that has. */
static const struct
{
  const char *name;
  int         kind;
} others[] = {
  { "dominant-11th", 22 }, { "major-11th", 5 }, { "major-13th", 5 }, { "minor-13th", 14 }, { "Tristan", 11 },
};

const char *
_arietta_musicxml_get_chord (int        kind,
                             XmlDegree *degree)
{
  g_return_val_if_fail (kind >= 0 && kind < ARIETTA_CHORD_N_KINDS, "none");

  *degree = chords[kind].degree;
  return chords[kind].name;
}

static int
find (const char *name,
      int         value,
      int         alter)
{
  for (int i = 0; i < ARIETTA_CHORD_N_KINDS; i++)
    if (strcmp (chords[i].name, name) == 0 && chords[i].degree.value == value && chords[i].degree.alter == alter)
      return i;

  return -1;
}

int
_arietta_musicxml_find_chord (const char      *name,
                              const XmlDegree *degree,
                              const char      *text)
{
  int kind = name != NULL ? find (name, degree->value, degree->alter) : -1;

  if ((kind < 0 || strcmp (name, "other") == 0) && text != NULL)
    {
      g_autofree char *symbol = g_strconcat ("C", text, NULL);
      AriettaChord     chord;

      if (arietta_chord_parse (symbol, &chord))
        return chord.kind;
    }
  if (kind < 0 && name != NULL)
    kind = find (name, 0, 0);
  for (guint i = 0; kind < 0 && name != NULL && i < G_N_ELEMENTS (others); i++)
    if (strcmp (others[i].name, name) == 0)
      kind = others[i].kind;

  return MAX (kind, 0);
}
