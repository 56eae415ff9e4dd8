#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-trio-steps.h"

#include "analysis/arietta-key-finder.h"
#include "analysis/arietta-melody.h"
#include "encoding/arietta-drum-steps.h"
#include "encoding/arietta-steps-private.h"

#include <stdlib.h>

#define PERCUSSION_CHANNEL 9
#define FEWEST_NOTES       4    /* of a voice that is one */
#define BASS_ABOVE         7    /* semitones over the lowest of the bar */
#define N_SETS             6

/* What each of the nine classes of arietta-drum-steps.h counts as, and the note that stands for each. */
static const guint8 sets[ARIETTA_STEPS_N_DRUMS] = { 0, 1, 2, 3, 5, 5, 5, 4, 4 };
static const guint8 set_pitches[N_SETS] = { 36, 38, 42, 46, 51, 45 };

static gint
compare_notes (gconstpointer a,
               gconstpointer b)
{
  const AriettaNote *x = a, *y = b;

  if (x->onset_ticks != y->onset_ticks)
    return x->onset_ticks < y->onset_ticks ? -1 : 1;

  return x->pitch - y->pitch;
}

/* Whether the line took the note: its pitch sounds there in the line. @from is where looking begins, and moves on. */
static gboolean
is_taken (const GArray      *line,
          const AriettaNote *note,
          guint             *from)
{
  while (*from < line->len)
    {
      const AriettaNote *at = &g_array_index (line, AriettaNote, *from);

      if (at->onset_ticks + at->duration_ticks > note->onset_ticks)
        break;
      (*from)++;
    }
  for (guint i = *from; i < line->len; i++)
    {
      const AriettaNote *at = &g_array_index (line, AriettaNote, i);

      if (at->onset_ticks >= note->onset_ticks + note->duration_ticks)
        break;
      if (at->pitch == note->pitch)
        return TRUE;
    }

  return FALSE;
}

/* @notes without those that @line took. */
static GArray *
dup_rest (const GArray *notes,
          const GArray *line)
{
  GArray *rest = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  guint   from = 0;

  for (guint i = 0; i < notes->len; i++)
    if (!is_taken (line, &g_array_index (notes, AriettaNote, i), &from))
      g_array_append_val (rest, g_array_index (notes, AriettaNote, i));

  return rest;
}

/* All notes with or without percussion, in order. */
static GArray *
dup_notes (AriettaPiece *piece,
           gboolean      percussion)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (AriettaNote));

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        if (notes[i].duration_ticks > 0 && (notes[i].channel == PERCUSSION_CHANNEL) == percussion)
          g_array_append_val (all, notes[i]);
    }
  g_array_sort (all, compare_notes);

  return all;
}

/* The bar that @step lies in, looking on from @bar. */
static guint
find_bar (AriettaSteps *self,
          guint         step,
          guint         bar)
{
  while (bar + 1 < self->n_bars && self->bar_steps[bar + 1] <= step)
    bar++;

  return bar;
}

static GArray *
dup_bass (AriettaSteps *self,
          const GArray *rest,
          gint64        ticks_per_quarter)
{
  g_autofree guint8 *lowest = g_malloc (self->n_bars);
  g_autoptr(GArray)  low = g_array_new (FALSE, FALSE, sizeof (AriettaNote));

  memset (lowest, 127, self->n_bars);
  for (int pass = 0; pass < 2; pass++)
    {
      guint bar = 0;

      for (guint i = 0; i < rest->len; i++)
        {
          const AriettaNote *note = &g_array_index (rest, AriettaNote, i);

          bar = find_bar (self, arietta_steps_find_nearest (self, note->onset_ticks), bar);
          if (pass == 0)
            lowest[bar] = MIN (lowest[bar], note->pitch);
          else if (note->pitch <= lowest[bar] + BASS_ABOVE)
            g_array_append_val (low, *note);
        }
    }

  return arietta_melody_dup_line ((const AriettaNote *) (gpointer) low->data, low->len, ticks_per_quarter,
                                  TRUE);
}

static void
place_drums (AriettaSteps *self,
             AriettaPiece *piece)
{
  g_autoptr(GArray) notes = dup_notes (piece, TRUE);
  guint             n_steps = self->bar_steps[self->n_bars];
  gsize             first = (gsize) ARIETTA_TRIO_DRUMS * n_steps;
  g_autofree guint8 *hit = g_new0 (guint8, n_steps);

  if (notes->len < FEWEST_NOTES)
    {
      self->tokens[first] = ARIETTA_STEPS_SILENCE;
      return;
    }

  memset (self->sounding + first, 1, n_steps);
  for (guint i = 0; i < notes->len; i++)
    {
      const AriettaNote *note = &g_array_index (notes, AriettaNote, i);
      guint              step = arietta_steps_find_nearest (self, note->onset_ticks);
      int                drum = arietta_drum_steps_find_class (note->pitch);

      if (drum < 0 || step >= n_steps)
        continue;
      hit[step] |= (guint8) (1 << sets[drum]);
      self->velocities[first + step] = MAX (self->velocities[first + step], MAX (1, note->velocity));
      self->tokens[first + step] = (guint16) (ARIETTA_STEPS_FIRST_NOTE + hit[step] - 1);
    }
}

AriettaSteps *
arietta_trio_steps_new (AriettaPiece    *piece,
                        AriettaTonality  key)
{
  g_autoptr(AriettaSteps) self = NULL;
  g_autoptr(GArray)       melody = NULL, all = NULL, under = NULL, bass = NULL, inner = NULL, line = NULL;
  gint64                  ppq = arietta_piece_get_ticks_per_quarter (piece);
  gsize                   n_cells;

  g_return_val_if_fail (piece != NULL, NULL);

  melody = arietta_melody_dup_notes (piece);
  if (melody->len < FEWEST_NOTES)
    return NULL;

  self = g_new0 (AriettaSteps, 1);
  self->n_voices = ARIETTA_TRIO_N_VOICES;
  self->key = key;
  self->transposition = arietta_steps_shift_for_key (key);
  if (!arietta_steps_make_grid (self, piece))
    return NULL;

  all = dup_notes (piece, FALSE);
  under = dup_rest (all, melody);
  bass = dup_bass (self, under, ppq);
  inner = dup_rest (under, bass);
  line = arietta_melody_dup_line ((const AriettaNote *) (gpointer) inner->data, inner->len, ppq, FALSE);
  if (bass->len < FEWEST_NOTES || line->len < FEWEST_NOTES)
    return NULL;

  n_cells = (gsize) ARIETTA_TRIO_N_VOICES * self->bar_steps[self->n_bars];
  self->n_notes = melody->len + bass->len + line->len;
  self->tokens = g_new0 (guint16, n_cells);
  self->velocities = g_new0 (guint8, n_cells);
  self->sounding = g_new0 (guint8, n_cells);
  arietta_steps_place_line (self, ARIETTA_TRIO_MELODY, melody);
  arietta_steps_place_line (self, ARIETTA_TRIO_BASS, bass);
  arietta_steps_place_line (self, ARIETTA_TRIO_ACCOMPANIMENT, line);
  place_drums (self, piece);

  return g_steal_pointer (&self);
}

static void
write_drums (const guint16 *tokens,
             const guint8  *velocities,
             const gint64  *starts,
             guint          n,
             GArray        *notes)
{
  for (guint s = 0; s < n; s++)
    for (guint set = 0; set < N_SETS && tokens[s] >= ARIETTA_STEPS_FIRST_NOTE; set++)
      if (((tokens[s] - ARIETTA_STEPS_FIRST_NOTE + 1) & 1 << set) != 0)
        g_array_append_val (notes, ((AriettaNote) {
                                     .onset_ticks = starts[s],
                                     .duration_ticks = starts[s + 1] - starts[s],
                                     .pitch = set_pitches[set],
                                     .velocity = velocities[s] > 0 ? velocities[s] : 80,
                                     .off_velocity = 64,
                                     .channel = PERCUSSION_CHANNEL,
                                     .flags = ARIETTA_NOTE_OFF_BY_EVENT,
                                   }));
}

static void
append_voice (AriettaTrioVoice  voice,
              const guint16    *tokens,
              const guint8     *velocities,
              const gint64     *starts,
              guint             n,
              int               shift,
              int               program,
              int               channel,
              GArray           *notes)
{
  if (voice == ARIETTA_TRIO_DRUMS)
    write_drums (tokens, velocities, starts, n, notes);
  else
    arietta_steps_to_notes (tokens, velocities, starts, n, shift, program, channel, notes);
}

void
arietta_trio_steps_to_notes (const AriettaStepWindow *windows,
                             guint                    n_windows,
                             AriettaTrioVoice         voice,
                             int                      shift,
                             int                      program,
                             int                      channel,
                             GArray                  *notes)
{
  g_autoptr(GArray)     tokens = g_array_new (FALSE, FALSE, sizeof (guint16));
  g_autoptr(GByteArray) velocities = g_byte_array_new ();
  g_autoptr(GArray)     starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64                sixteenth = 120, tick = 0;

  for (guint i = 0; i < n_windows; i++)
    {
      const AriettaStepWindow *w = &windows[i];
      guint                    first = voice * w->n_steps;

      g_array_append_vals (tokens, w->tokens + first, w->n_steps);
      g_byte_array_append (velocities, w->velocities + first, w->n_steps);
      for (guint s = 0; s < w->n_steps; s++, tick += sixteenth)
        g_array_append_val (starts, tick);
    }
  g_array_append_val (starts, tick);

  append_voice (voice, (const guint16 *) (gpointer) tokens->data, velocities->data,
                (const gint64 *) (gpointer) starts->data, tokens->len, shift, program, channel, notes);
}

static const char * const names[] = { "melody", "bass", "accompaniment", "drums", NULL };

static AriettaSteps *
read_trio (AriettaPiece *piece)
{
  return arietta_trio_steps_new (piece, arietta_key_finder_estimate (piece, NULL));
}

AriettaPiece *
arietta_trio_steps_reduce (AriettaPiece *piece)
{
  g_autoptr(AriettaSteps) steps = arietta_trio_steps_new (piece, ARIETTA_TONALITY_NONE);
  AriettaPiece           *reduced;
  guint                   n;

  if (steps == NULL)
    return NULL;

  reduced = arietta_piece_copy (piece);
  while (arietta_piece_get_n_tracks (reduced) > 0)
    arietta_piece_remove_track (reduced, arietta_piece_get_n_tracks (reduced) - 1);

  n = steps->bar_steps[steps->n_bars];
  for (guint v = 0; v < ARIETTA_TRIO_N_VOICES; v++)
    {
      GArray *notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));

      append_voice (v, steps->tokens + (gsize) v * n, steps->velocities + (gsize) v * n, steps->starts, n,
                    -steps->transposition, 0, (int) v, notes);
      arietta_track_take_notes (arietta_piece_add_track (reduced, names[v]), notes);
    }

  return arietta_piece_freeze (reduced);
}

/* --- the form --- */

static gboolean
transpose_trio (AriettaStepWindow *window,
                int                semitones)
{
  return arietta_steps_transpose_cells (window, ARIETTA_TRIO_DRUMS * window->n_steps, semitones);
}

static const char * const attributes[] = { "density", "pitch", "accompaniment", "bass", "syncopation", NULL };

static void
measure (const AriettaStepWindow *window,
         double                  *values)
{
  double n[ARIETTA_TRIO_N_VOICES] = { 0.0 }, sum = 0.0;

  for (guint c = 0; c < window->n_cells; c++)
    if (window->tokens[c] >= ARIETTA_STEPS_FIRST_NOTE)
      {
        n[c / window->n_steps] += 1.0;
        if (c < window->n_steps)
          sum += window->tokens[c];
      }

  /* Each of one voice, so that more of one is not less of another. */
  values[0] = n[ARIETTA_TRIO_MELODY] / window->n_steps;
  values[1] = n[ARIETTA_TRIO_MELODY] > 0.0 ? sum / n[ARIETTA_TRIO_MELODY] : 0.0;
  values[2] = n[ARIETTA_TRIO_ACCOMPANIMENT] / window->n_steps;
  values[3] = n[ARIETTA_TRIO_BASS] / window->n_steps;
  values[4] = arietta_steps_measure_syncopation (window, ARIETTA_STEPS_FIRST_NOTE, G_MAXUINT16);
}

const AriettaStepForm arietta_trio_form = {
  .n_voices = ARIETTA_TRIO_N_VOICES,
  .voices = names,
  .n_tokens = ARIETTA_STEPS_N_TOKENS,
  .first_note = ARIETTA_STEPS_FIRST_NOTE,
  .n_touches = 1,
  .read = read_trio,
  .transpose = transpose_trio,
  .get_touches = arietta_steps_get_velocity_touch,
  .set_touches = arietta_steps_set_velocity_touch,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes) - 1,
  .measure = measure,
};
