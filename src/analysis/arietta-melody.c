#define G_LOG_DOMAIN "arietta-analysis"

#include "analysis/arietta-melody.h"

#include <math.h>
#include <string.h>

/* What one part looks like. */
typedef struct
{
  guint  track;
  int    channel;
  guint  n_notes;
  guint  n_line;        /* notes of its skyline */
  double mean_pitch;
  gint64 sounding;      /* ticks in which its skyline sounds */
} Part;

/* Words in the names of tracks. Whole names are folded to lower case first. */
static const char * const melody_words[] = {
  "melod",   "voice",  "vocal", "voix", "voz",  "canto", "chant", "gesang", "stimme",
  "soprano", "sopran", "lead",  "sing", "tune", "theme", "solo",  "cantus", "旋律",
};
static const char * const other_words[] = {
  "chord", "bass", "drum", "accomp", "left", "pad", "strum", "begleit", "perc", "staff 2", "lower",
};

static gboolean
has_word (const char         *name,
          const char * const *words,
          guint               n_words)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);

  for (guint i = 0; i < n_words; i++)
    if (strstr (folded, words[i]) != NULL)
      return TRUE;

  return FALSE;
}

GArray *
arietta_melody_dup_line (const AriettaNote *notes,
                         guint              n_notes,
                         gint64             ticks_per_quarter,
                         gboolean           lowest)
{
  GArray *line = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  gint64  tolerance = ticks_per_quarter / 8;
  int     sign = lowest ? -1 : 1;

  for (guint i = 0; i < n_notes; i++)
    {
      AriettaNote  note = notes[i];
      AriettaNote *last = line->len > 0 ? &g_array_index (line, AriettaNote, line->len - 1) : NULL;
      gint64       last_end = last != NULL ? last->onset_ticks + last->duration_ticks : 0;

      if (note.duration_ticks <= 0)
        continue;

      if (last != NULL && note.onset_ticks <= last->onset_ticks + tolerance
          && note.onset_ticks < last_end)
        {
          /* Together: the higher one, from where the first began. A repeated grace note is kept
           * apart by its own end lying before this onset. */
          if (sign * note.pitch > sign * last->pitch)
            {
              note.duration_ticks += note.onset_ticks - last->onset_ticks;
              note.onset_ticks = last->onset_ticks;
              *last = note;
            }
          continue;
        }

      if (last != NULL && note.onset_ticks < last_end)
        {
          if (sign * note.pitch < sign * last->pitch && note.onset_ticks + note.duration_ticks <= last_end)
            continue;
          last->duration_ticks = note.onset_ticks - last->onset_ticks;
        }

      g_array_append_val (line, note);
    }

  return line;
}

/* The skyline of one part. */
static GArray *
make_line (AriettaPiece *piece,
           guint         track,
           int           channel)
{
  g_autoptr(GArray)  part = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  guint              n;
  const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, track), &n);

  for (guint i = 0; i < n; i++)
    if (notes[i].channel == channel)
      g_array_append_val (part, notes[i]);

  return arietta_melody_dup_line ((const AriettaNote *) (gpointer) part->data, part->len,
                                  arietta_piece_get_ticks_per_quarter (piece), FALSE);
}

static void
measure_part (AriettaPiece *piece,
              Part         *part)
{
  g_autoptr(GArray) line = make_line (piece, part->track, part->channel);
  double            sum = 0.0;

  part->n_line = line->len;
  for (guint i = 0; i < line->len; i++)
    {
      const AriettaNote *note = &g_array_index (line, AriettaNote, i);

      sum += note->pitch;
      part->sounding += note->duration_ticks;
    }
  part->mean_pitch = line->len > 0 ? sum / line->len : 0.0;
}

static double
score_part (AriettaPiece *piece,
            const Part   *part)
{
  const char *name = arietta_track_get_name (arietta_piece_get_track (piece, part->track));
  gint64      end = MAX (1, arietta_piece_get_notes_end_ticks (piece));
  double      score = 0.0;

  score += 1.5 * part->n_line / MAX (1, part->n_notes);          /* one note at a time */
  /* High, but no glockenspiel race. */
  score += CLAMP ((part->mean_pitch - 60.0) / 20.0, -1.5, 1.2);
  score += MIN (1.0, 1.25 * (double) part->sounding / (double) end);
  if (part->n_line < 8)
    score -= 1.0;
  if (has_word (name, melody_words, G_N_ELEMENTS (melody_words)))
    score += 1.0;
  if (has_word (name, other_words, G_N_ELEMENTS (other_words)))
    score -= 1.0;

  return score;
}

gboolean
arietta_melody_find_part (AriettaPiece *piece,
                          guint        *track,
                          int          *channel)
{
  double best = -G_MAXDOUBLE;

  g_return_val_if_fail (piece != NULL && track != NULL && channel != NULL, FALSE);

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);
      guint              counts[16] = { 0 };

      for (guint i = 0; i < n; i++)
        if (notes[i].duration_ticks > 0)
          counts[notes[i].channel & 15]++;

      for (int c = 0; c < 16; c++)
        {
          Part   part = { .track = t, .channel = c, .n_notes = counts[c] };
          double score;

          if (counts[c] == 0 || c == 9)
            continue;

          measure_part (piece, &part);
          score = score_part (piece, &part);
          if (part.n_line > 0 && score > best)
            {
              best = score;
              *track = t;
              *channel = c;
            }
        }
    }

  return best > -G_MAXDOUBLE;
}

GArray *
arietta_melody_dup_notes (AriettaPiece *piece)
{
  guint track;
  int   channel;

  if (!arietta_melody_find_part (piece, &track, &channel))
    return g_array_new (FALSE, FALSE, sizeof (AriettaNote));

  return make_line (piece, track, channel);
}

/* Counts of three intervals in a row, each cut to an octave. */
static GHashTable *
count_trigrams (AriettaPiece *piece)
{
  GHashTable       *counts = g_hash_table_new (NULL, NULL);
  g_autoptr(GArray) line = arietta_melody_dup_notes (piece);

  for (guint i = 0; i + 3 < line->len; i++)
    {
      guint    word = 1;
      gpointer key;

      for (guint k = 0; k < 3; k++)
        {
          int step = g_array_index (line, AriettaNote, i + k + 1).pitch
                     - g_array_index (line, AriettaNote, i + k).pitch;

          word = word * 25 + (guint) (CLAMP (step, -12, 12) + 12);
        }

      key = GUINT_TO_POINTER (word);
      g_hash_table_insert (counts, key,
                           GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (counts, key))
                                             + 1));
    }

  return counts;
}

double
arietta_melody_similarity (AriettaPiece *a,
                           AriettaPiece *b)
{
  g_autoptr(GHashTable) counts_a = count_trigrams (a);
  g_autoptr(GHashTable) counts_b = count_trigrams (b);
  double                cross = 0.0, square_a = 0.0, square_b = 0.0;
  GHashTableIter        iter;
  gpointer              key, value;

  g_hash_table_iter_init (&iter, counts_a);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      double n = GPOINTER_TO_UINT (value);

      square_a += n * n;
      cross += n * GPOINTER_TO_UINT (g_hash_table_lookup (counts_b, key));
    }

  g_hash_table_iter_init (&iter, counts_b);
  while (g_hash_table_iter_next (&iter, &key, &value))
    square_b += (double) GPOINTER_TO_UINT (value) * GPOINTER_TO_UINT (value);

  return square_a > 0.0 && square_b > 0.0 ? cross / sqrt (square_a * square_b) : 0.0;
}
