#define G_LOG_DOMAIN "arietta-library"

#include "library/arietta-tune-split.h"

#include <string.h>

#include "library/arietta-search-text.h"

#define MIN_INTERVALS 4
#define MAX_TITLE_BYTES 240
#define PERCUSSION_CHANNEL 9

typedef struct
{
  char     *text;
  gboolean  bracketed;
} Word;

/* Words that speak of the copy, not of the tune. */
static const char *const copy_words[] = {
  "copy", "version", "ver", "v", "variant", "take", "mix", "rev", "revision", "draft", "edit", "edited",
  "final", "midi", "mid", "kar", "karaoke", "arr", "arranged", "arrangement", "live", "instrumental",
  NULL
};

/* Copy words that carry a number behind them. */
static const char *const numbered_words[] = { "copy", "version", "ver", "v", "variant", "take", "mix", "rev",
                                              "revision", "draft", NULL };

static const char *const catalogue_words[] = {
  "op", "opus", "bwv", "k", "kv", "woo", "hob", "rv", "hwv", "d", "s", "l", "wab", "trv", NULL
};

/* "No. 5" is part of a title unless it stands behind an opus. */
static const char *const number_words[] = { "no", "nr", "num", "number", NULL };

/* Names of forms and keys: a title of these alone needs its number to be a title. */
static const char *const form_words[] = {
  "sonata", "sonate", "sonatina", "sonatine", "prelude", "praeludium", "preludium", "fugue", "fuga", "fuge",
  "toccata", "invention", "sinfonia", "symphony", "sinfonie", "nocturne", "etude", "study", "waltz", "walzer",
  "valse", "mazurka", "polonaise", "ballade", "scherzo", "impromptu", "rondo", "minuet", "menuet", "menuetto",
  "minuetto", "gavotte", "gigue", "courante", "allemande", "sarabande", "bourree", "suite", "partita",
  "variation", "variations", "fantasia", "fantasie", "fantasy", "concerto", "quartet", "trio", "duet", "duo",
  "march", "marche", "polka", "lesson", "exercise", "exercice", "andante", "allegro", "allegretto", "adagio",
  "largo", "presto", "moderato", "lento", "bagatelle", "intermezzo", "romance", "caprice", "capriccio",
  "chorale", "hymn", "psalm", "song", "lied", "dance", "jig", "reel", "hornpipe", "rag", "piece", "in", "and",
  "for", "the", "a", "b", "c", "d", "e", "f", "g", "h", "a#", "c#", "d#", "f#", "g#", "flat", "sharp", "major",
  "minor", "maj", "min", "dur", "moll", "piano", "guitar", "violin", "book", "movement", "mvt", "part", NULL
};

/* A title of these alone says nothing. */
static const char *const empty_words[] = {
  "untitled", "unnamed", "unknown", "noname", "none", "title", "name", "track", "tracks", "song", "tune",
  "new", "music", "midi", "mid", "file", "piece", "melody", "chords", "bridge", "lead", "bass", "drum",
  "drums", "percussion", "piano", "guitar", "strings", "organ", "voice", "vocal", "vocals", "right", "left",
  "hand", "rh", "lh", "upper", "lower", "staff", "instrument", "part", "score", "tempo", "conductor",
  "sequence", "seq", "control", "soprano", "alto", "tenor", "beat", "fill", "my", "the", "a", "no", NULL
};

static void
word_clear (gpointer data)
{
  g_free (((Word *) data)->text);
}

static gboolean
is_one_of (const Word        *word,
           const char *const *list)
{
  return g_strv_contains (list, word->text);
}

static gboolean
is_number (const Word *word)
{
  return strspn (word->text, "0123456789") == strlen (word->text);
}

static gboolean
is_numbering (const Word *word)
{
  return is_number (word) || is_one_of (word, number_words);
}

static const Word *
nth (GArray *words,
     guint   i)
{
  return &g_array_index (words, Word, i);
}

static void
end_word (GArray   *words,
          GString  *text,
          gboolean  bracketed)
{
  Word word = { NULL, bracketed };

  if (text->len == 0)
    return;

  word.text = g_strndup (text->str, text->len);
  g_array_append_val (words, word);
  g_string_truncate (text, 0);
}

/* Letters and digits part ("op9" is "op 9"), apostrophes close up, everything else separates. */
static GArray *
split_words (const char *folded)
{
  g_autoptr(GString) text = g_string_new (NULL);
  GArray            *words = g_array_new (FALSE, FALSE, sizeof (Word));
  gboolean           was_digit = FALSE;
  int                depth = 0;

  g_array_set_clear_func (words, word_clear);

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\'' || c == 0x2019)
        continue;

      if ((c == '#' || c == 0x266f) && text->len > 0)
        g_string_append_c (text, '#');
      else if (g_unichar_isalnum (c))
        {
          if (g_unichar_isdigit (c) != was_digit)
            end_word (words, text, depth > 0);
          was_digit = g_unichar_isdigit (c);
          if (was_digit)
            g_string_append_c (text, (char) ('0' + g_unichar_digit_value (c)));
          else
            g_string_append_unichar (text, c);
        }
      else
        {
          end_word (words, text, depth > 0);
          if (c == '(' || c == '[' || c == '{')
            depth++;
          else if (c == ')' || c == ']' || c == '}')
            depth = MAX (depth - 1, 0);
        }
    }
  end_word (words, text, depth > 0);

  return words;
}

/* How many of the first @n words are left when notes about the copy behind them are gone. */
static guint
without_copy_notes (GArray *words,
                    guint   n)
{
  for (;;)
    {
      guint start = n;

      while (start > 0 && nth (words, start - 1)->bracketed)
        start--;

      if (start > 0 && start < n
          && (is_number (nth (words, start)) || is_one_of (nth (words, start), copy_words)))
        n = start;
      else if (n > 2 && is_number (nth (words, n - 1)) && is_one_of (nth (words, n - 2), numbered_words))
        n -= 2;
      else if (n > 1 && is_one_of (nth (words, n - 1), copy_words))
        n -= 1;
      else
        return n;
    }
}

static guint
without_catalogue (GArray *words,
                   guint   n)
{
  gboolean tells = FALSE;
  guint    start = n;

  while (start > 0 && (is_numbering (nth (words, start - 1))
                       || is_one_of (nth (words, start - 1), catalogue_words)))
    start--;
  /* "Hungarian Dance No. 5, WoO 1": the catalogue begins with its own word, what is before is the title's. */
  while (start < n && is_numbering (nth (words, start)))
    start++;
  if (start >= n || !is_number (nth (words, n - 1)))
    return n;

  for (guint i = 0; i < start; i++)
    tells |= !is_numbering (nth (words, i)) && !is_one_of (nth (words, i), form_words);

  return tells ? start : n;
}

char *
arietta_tune_normalise_title (const char *title)
{
  g_autofree char    *folded = NULL;
  g_autoptr(GArray)   words = NULL;
  g_autoptr(GString)  text = g_string_new (NULL);
  gboolean            says = FALSE;
  guint               n;

  if (title == NULL)
    return NULL;

  folded = arietta_search_text_fold (title);
  words = split_words (folded);
  n = without_catalogue (words, without_copy_notes (words, words->len));

  for (guint i = 0; i < n && text->len < MAX_TITLE_BYTES; i++)
    {
      const Word *word = nth (words, i);

      says |= !is_number (word) && !is_one_of (word, empty_words)
              && g_utf8_strlen (word->text, -1) + (g_utf8_get_char (word->text) > 0x2e80) > 1;
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", word->text);
    }

  return says ? g_strdup (text->str) : NULL;
}

guint
arietta_tune_get_intervals (AriettaPiece *piece,
                            int          *intervals)
{
  const gint64 together_ticks = arietta_piece_get_ticks_per_quarter (piece) / 16;
  guint        n_intervals = 0;
  gboolean     begun = FALSE;

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece) && !begun; t++)
    {
      guint              n_notes;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n_notes);
      gint64             held_until = 0;
      int                last = -1;

      for (guint i = 0; i < n_notes && n_intervals < ARIETTA_TUNE_N_INTERVALS;)
        {
          const gint64       onset = notes[i].onset_ticks;
          const AriettaNote *top = NULL;
          gint64             end;

          for (; i < n_notes && notes[i].onset_ticks - onset <= together_ticks; i++)
            if (notes[i].channel != PERCUSSION_CHANNEL && (top == NULL || notes[i].pitch > top->pitch))
              top = &notes[i];

          if (top == NULL)
            continue;

          end = top->onset_ticks + top->duration_ticks;
          if (last > top->pitch && held_until >= end && held_until > top->onset_ticks)
            continue;

          if (begun)
            intervals[n_intervals++] = (int) top->pitch - last;
          begun = TRUE;
          last = top->pitch;
          held_until = end;
        }
    }

  return n_intervals;
}

char *
arietta_tune_dup_title_key (const char *title)
{
  g_autofree char *normal = arietta_tune_normalise_title (title);

  return normal != NULL ? g_strconcat ("title:", normal, NULL) : NULL;
}

char *
arietta_tune_dup_melody_key (AriettaPiece *piece)
{
  int      intervals[ARIETTA_TUNE_N_INTERVALS];
  guint    n = arietta_tune_get_intervals (piece, intervals);
  GString *key;

  if (n < MIN_INTERVALS)
    return NULL;

  key = g_string_new ("melody:");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (key, "%s%d", i > 0 ? "," : "", intervals[i]);

  return g_string_free (key, FALSE);
}

AriettaSplit
arietta_tune_split_draw (const char *key)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  /* FNV-1a, then the finaliser of splitmix64: the low bits of FNV alone are not even. */
  for (const char *p = key; *p != '\0'; p++)
    hash = (hash ^ (guint8) *p) * G_GUINT64_CONSTANT (0x100000001b3);
  hash = (hash ^ hash >> 30) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  hash = (hash ^ hash >> 27) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  hash ^= hash >> 31;

  switch (hash % 10)
    {
    case 8:
      return ARIETTA_SPLIT_VALIDATION;

    case 9:
      return ARIETTA_SPLIT_TEST;

    default:
      return ARIETTA_SPLIT_TRAIN;
    }
}

AriettaSplit
arietta_tune_split_join (AriettaSplit a,
                         AriettaSplit b)
{
  return MAX (a, b);
}
