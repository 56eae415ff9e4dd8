#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-chord.h"

#include <string.h>

#define FLAT "\xe2\x99\xad"
#define SHARP "\xe2\x99\xaf"
#define NOTHING 0x7F
#define MOST_SYMBOL 32   /* bytes of a symbol that could mean something */

static const char LETTERS[] = "CDEFGAB";
static const int CLASSES[7] = { 0, 2, 4, 5, 7, 9, 11 };

/* In the order of XF; plain ASCII, accidentals as # and b. */
static const struct
{
  const char *suffix;
  guint       classes;
} kinds[ARIETTA_CHORD_N_KINDS] = {
#define C(n) (1u << ((n) % 12))
  { "", C (0) | C (4) | C (7) },
  { "6", C (0) | C (4) | C (7) | C (9) },
  { "maj7", C (0) | C (4) | C (7) | C (11) },
  { "maj7#11", C (0) | C (4) | C (6) | C (7) | C (11) },
  { "add9", C (0) | C (2) | C (4) | C (7) },
  { "maj9", C (0) | C (2) | C (4) | C (7) | C (11) },
  { "69", C (0) | C (2) | C (4) | C (7) | C (9) },
  { "aug", C (0) | C (4) | C (8) },
  { "m", C (0) | C (3) | C (7) },
  { "m6", C (0) | C (3) | C (7) | C (9) },
  { "m7", C (0) | C (3) | C (7) | C (10) },
  { "m7b5", C (0) | C (3) | C (6) | C (10) },
  { "madd9", C (0) | C (2) | C (3) | C (7) },
  { "m9", C (0) | C (2) | C (3) | C (7) | C (10) },
  { "m11", C (0) | C (3) | C (5) | C (7) | C (10) },
  { "mMaj7", C (0) | C (3) | C (7) | C (11) },
  { "mMaj9", C (0) | C (2) | C (3) | C (7) | C (11) },
  { "dim", C (0) | C (3) | C (6) },
  { "dim7", C (0) | C (3) | C (6) | C (9) },
  { "7", C (0) | C (4) | C (7) | C (10) },
  { "7sus4", C (0) | C (5) | C (7) | C (10) },
  { "7b5", C (0) | C (4) | C (6) | C (10) },
  { "9", C (0) | C (2) | C (4) | C (7) | C (10) },
  { "7#11", C (0) | C (4) | C (6) | C (7) | C (10) },
  { "13", C (0) | C (4) | C (7) | C (9) | C (10) },
  { "7b9", C (0) | C (1) | C (4) | C (7) | C (10) },
  { "7b13", C (0) | C (4) | C (7) | C (8) | C (10) },
  { "7#9", C (0) | C (3) | C (4) | C (7) | C (10) },
  { "maj7#5", C (0) | C (4) | C (8) | C (11) },
  { "7#5", C (0) | C (4) | C (8) | C (10) },
  { "1", C (0) },
  { "5", C (0) | C (7) },
  { "sus4", C (0) | C (5) | C (7) },
  { "sus2", C (0) | C (2) | C (7) },
  { NULL, 0 },
#undef C
};

/* What else people write; letters count, for M and m are two things. */
static const struct
{
  const char *suffix;
  int         kind;
} aliases[] = {
  { "M", 0 }, { "maj", 0 }, { "Maj", 0 }, { "major", 0 },
  { "M7", 2 }, { "Maj7", 2 }, { "ma7", 2 }, { "j7", 2 }, { "\xce\x94", 2 }, { "\xce\x94""7", 2 },
  { "M9", 5 }, { "Maj9", 5 }, { "6/9", 6 }, { "6add9", 6 }, { "+", 7 }, { "#5", 7 },
  { "min", 8 }, { "mi", 8 }, { "-", 8 }, { "minor", 8 }, { "min6", 9 }, { "mi6", 9 }, { "-6", 9 },
  { "min7", 10 }, { "mi7", 10 }, { "-7", 10 }, { "-7b5", 11 }, { "min7b5", 11 }, { "\xc3\xb8", 11 }, { "\xc3\xb8""7", 11 },
  { "min9", 13 }, { "-9", 13 }, { "min11", 14 }, { "-11", 14 }, { "mM7", 15 }, { "m(maj7)", 15 }, { "mmaj7", 15 },
  { "-maj7", 15 }, { "o", 17 }, { "\xc2\xb0", 17 }, { "o7", 18 }, { "\xc2\xb0""7", 18 }, { "dom7", 19 }, { "sus", 32 },
  { "7sus", 20 }, { "sus7", 20 }, { "+7", 29 }, { "aug7", 29 }, { "2", 33 }, { "7alt", 27 },
};

static const char *
skip_accidentals (const char *text,
                  gint8      *alter)
{
  for (*alter = 0; ABS (*alter) < 3;)
    if (g_str_has_prefix (text, FLAT))
      {
        text += strlen (FLAT);
        (*alter)--;
      }
    else if (g_str_has_prefix (text, SHARP))
      {
        text += strlen (SHARP);
        (*alter)++;
      }
    else if (*text == 'b' || *text == '#')
      *alter += (gint8) (*text++ == '#' ? 1 : -1);
    else
      break;
  return text;
}

/* A letter and its accidentals; NULL when there is none. */
static const char *
parse_pitch (const char *text,
             gint8      *step,
             gint8      *alter)
{
  const char *found = *text != '\0' ? strchr (LETTERS, g_ascii_toupper (*text)) : NULL;

  if (found == NULL || *found == '\0')
    return NULL;
  *step = (gint8) (found - LETTERS);
  return skip_accidentals (text + 1, alter);
}

static int
find_kind (const char *text,
           gsize       length)
{
  g_autofree char *given = g_strndup (text, length);
  g_auto(GStrv) flats = g_strsplit (given, FLAT, -1);
  g_autofree char *with_flats = g_strjoinv ("b", flats);
  g_auto(GStrv) sharps = g_strsplit (with_flats, SHARP, -1);
  g_autofree char *plain = g_strjoinv ("#", sharps);

  for (int i = 0; i < ARIETTA_CHORD_KIND_NONE; i++)
    if (g_str_equal (plain, kinds[i].suffix))
      return i;
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (g_str_equal (plain, aliases[i].suffix))
      return aliases[i].kind;
  return -1;
}

gboolean
arietta_chord_parse (const char   *text,
                     AriettaChord *chord)
{
  g_autofree char *trimmed = NULL;
  AriettaChord result = { .bass_step = -1 };
  const char *rest, *slash;
  int kind;

  g_return_val_if_fail (text != NULL && chord != NULL, FALSE);

  if (strlen (text) > MOST_SYMBOL)
    return FALSE;
  trimmed = g_strstrip (g_strdup (text));
  if (g_ascii_strcasecmp (trimmed, "N.C.") == 0 || g_ascii_strcasecmp (trimmed, "NC") == 0)
    {
      *chord = (AriettaChord) { .kind = ARIETTA_CHORD_KIND_NONE, .bass_step = -1 };
      return TRUE;
    }

  rest = parse_pitch (trimmed, &result.step, &result.alter);
  if (rest == NULL)
    return FALSE;

  /* "6/9" has a stroke too: only one before a letter begins a bass. */
  slash = strrchr (rest, '/');
  if (slash != NULL && g_ascii_isalpha (slash[1]))
    {
      const char *end = parse_pitch (slash + 1, &result.bass_step, &result.bass_alter);

      if (end == NULL || *end != '\0')
        return FALSE;
    }
  else
    slash = NULL;

  kind = find_kind (rest, slash != NULL ? (gsize) (slash - rest) : strlen (rest));
  if (kind < 0)
    return FALSE;
  result.kind = (gint8) kind;
  *chord = result;
  return TRUE;
}

static void
append_pitch (GString *text,
              int      step,
              int      alter)
{
  g_string_append_c (text, LETTERS[step]);
  for (int i = 0; i < ABS (alter); i++)
    g_string_append (text, alter < 0 ? FLAT : SHARP);
}

char *
arietta_chord_dup_name (const AriettaChord *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->kind == ARIETTA_CHORD_KIND_NONE)
    return g_strdup ("N.C.");

  text = g_string_new (NULL);
  append_pitch (text, self->step, self->alter);
  for (const char *s = kinds[self->kind].suffix; *s != '\0'; s++)
    if (*s == '#')
      g_string_append (text, SHARP);
    else if (*s == 'b')
      g_string_append (text, FLAT);
    else
      g_string_append_c (text, *s);
  if (self->bass_step >= 0)
    {
      g_string_append_c (text, '/');
      append_pitch (text, self->bass_step, self->bass_alter);
    }
  return g_string_free (text, FALSE);
}

AriettaChord
arietta_chord_from_class (int      pitch_class,
                          int      kind,
                          gboolean flats)
{
  AriettaChord chord = { .kind = (gint8) kind, .bass_step = -1 };

  for (int step = 0; step < 7; step++)
    for (int alter = 0; alter <= 1; alter++)
      if ((CLASSES[step] + (flats ? -alter : alter) + 12) % 12 == pitch_class)
        {
          chord.step = (gint8) step;
          chord.alter = (gint8) (flats ? -alter : alter);
          if (alter == 0)
            return chord;
        }
  return chord;
}

int
arietta_chord_get_root (const AriettaChord *self)
{
  return self->kind == ARIETTA_CHORD_KIND_NONE ? -1 : (CLASSES[self->step] + self->alter + 12) % 12;
}

int
arietta_chord_get_bass (const AriettaChord *self)
{
  return self->kind == ARIETTA_CHORD_KIND_NONE || self->bass_step < 0
           ? arietta_chord_get_root (self) : (CLASSES[self->bass_step] + self->bass_alter + 12) % 12;
}

guint
arietta_chord_kind_get_classes (int kind)
{
  g_return_val_if_fail (kind >= 0 && kind < ARIETTA_CHORD_N_KINDS, 0);

  return kinds[kind].classes;
}

guint
arietta_chord_get_classes (const AriettaChord *self)
{
  int root = arietta_chord_get_root (self);
  guint classes;

  if (root < 0)
    return 0;
  classes = kinds[self->kind].classes << root;
  return ((classes | classes >> 12) & 0xFFF) | 1u << arietta_chord_get_bass (self);
}

gboolean
arietta_chord_equal (const AriettaChord *a,
                     const AriettaChord *b)
{
  if (a->kind == ARIETTA_CHORD_KIND_NONE || b->kind == ARIETTA_CHORD_KIND_NONE)
    return a->kind == b->kind;
  return a->step == b->step && a->alter == b->alter && a->kind == b->kind && a->bass_step == b->bass_step &&
         (a->bass_step < 0 || a->bass_alter == b->bass_alter);
}

/* ---- Bytes ---- */

static guint8
pack (int step,
      int alter)
{
  return (guint8) ((alter + 3) << 4 | (step + 1));
}

static gboolean
unpack (guint8  byte,
        gint8  *step,
        gint8  *alter)
{
  *step = (gint8) ((byte & 0x0F) - 1);
  *alter = (gint8) ((byte >> 4) - 3);
  return *step >= 0 && *step < 7 && *alter <= 3;
}

void
arietta_chord_to_bytes (const AriettaChord *self,
                        guint8              bytes[ARIETTA_CHORD_N_BYTES])
{
  gboolean none = self->kind == ARIETTA_CHORD_KIND_NONE;
  gboolean bass = !none && self->bass_step >= 0;
  const guint8 all[ARIETTA_CHORD_N_BYTES] = {
    0x43, 0x7B, 0x01,
    none ? NOTHING : pack (self->step, self->alter), (guint8) self->kind,
    bass ? pack (self->bass_step, self->bass_alter) : NOTHING, NOTHING,
  };

  memcpy (bytes, all, sizeof all);
}

gboolean
arietta_chord_from_bytes (AriettaChord *chord,
                          const guint8 *bytes,
                          gsize         n_bytes)
{
  AriettaChord result = { .bass_step = -1 };

  if (n_bytes < ARIETTA_CHORD_N_BYTES || bytes[0] != 0x43 || bytes[1] != 0x7B || bytes[2] != 0x01 ||
      bytes[4] >= ARIETTA_CHORD_N_KINDS)
    return FALSE;

  result.kind = (gint8) bytes[4];
  if (result.kind != ARIETTA_CHORD_KIND_NONE && !unpack (bytes[3], &result.step, &result.alter))
    return FALSE;
  if (result.kind != ARIETTA_CHORD_KIND_NONE && bytes[5] != NOTHING && bytes[5] != bytes[3] &&
      !unpack (bytes[5], &result.bass_step, &result.bass_alter))
    result.bass_step = -1;
  *chord = result;
  return TRUE;
}
