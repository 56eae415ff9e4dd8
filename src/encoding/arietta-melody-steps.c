/* A melody on the grid, and back. */
#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-steps-private.h"

#include "analysis/arietta-key-finder.h"
#include "analysis/arietta-melody.h"

/* Moves the whole melody by octaves when the shift takes it out of the range. */
static int
fit_range (const GArray *line,
           int           shift)
{
  int low = 127, high = 0;

  for (guint i = 0; i < line->len; i++)
    {
      int pitch = g_array_index (line, AriettaNote, i).pitch;

      low = MIN (low, pitch);
      high = MAX (high, pitch);
    }

  while (low + shift < ARIETTA_STEPS_LOWEST && high + shift + 12 <= ARIETTA_STEPS_HIGHEST)
    shift += 12;
  while (high + shift > ARIETTA_STEPS_HIGHEST && low + shift - 12 >= ARIETTA_STEPS_LOWEST)
    shift -= 12;

  return shift;
}

void
arietta_steps_place_line (AriettaSteps *self,
                          guint         voice,
                          const GArray *line)
{
  guint    n_steps = self->bar_steps[self->n_bars];
  gsize    first = (gsize) voice * n_steps;
  guint16 *tokens = self->tokens + first;
  guint8  *velocities = self->velocities + first;
  guint8  *sounding = self->sounding + first;

  for (guint i = 0; i < line->len; i++)
    {
      const AriettaNote *note = &g_array_index (line, AriettaNote, i);
      guint              onset = arietta_steps_find_nearest (self, note->onset_ticks);
      guint              end = arietta_steps_find_nearest (self, note->onset_ticks + note->duration_ticks);
      int                pitch = note->pitch + self->transposition;

      if (pitch < ARIETTA_STEPS_LOWEST || pitch > ARIETTA_STEPS_HIGHEST || onset >= n_steps)
        {
          self->n_lost++;
          continue;
        }

      end = CLAMP (end, onset + 1, n_steps);
      tokens[onset] = (guint16) (pitch - ARIETTA_STEPS_LOWEST + ARIETTA_STEPS_FIRST_NOTE);
      velocities[onset] = MAX (1, note->velocity);
      sounding[onset] = 1;
      for (guint s = onset + 1; s < end; s++)
        {
          tokens[s] = ARIETTA_STEPS_HOLD;
          velocities[s] = 0;
          sounding[s] = 1;
        }
      /* Whatever an earlier note had put behind is over now. */
      for (guint s = end; s < n_steps && sounding[s]; s++)
        {
          tokens[s] = ARIETTA_STEPS_HOLD;
          sounding[s] = 0;
        }
    }

  for (guint s = 0; s < n_steps; s++)
    if (!sounding[s] && (s == 0 || sounding[s - 1]))
      tokens[s] = ARIETTA_STEPS_SILENCE;
}

AriettaSteps *
arietta_steps_new (AriettaPiece    *piece,
                   AriettaTonality  key)
{
  g_autoptr(AriettaSteps) self = NULL;
  g_autoptr(GArray)       line = NULL;
  guint                   n_steps;

  g_return_val_if_fail (piece != NULL, NULL);

  line = arietta_melody_dup_notes (piece);
  if (line->len == 0)
    return NULL;

  self = g_new0 (AriettaSteps, 1);
  if (!arietta_steps_make_grid (self, piece))
    return NULL;

  n_steps = self->bar_steps[self->n_bars];
  self->n_voices = 1;
  self->key = key;
  self->transposition = fit_range (line, arietta_steps_shift_for_key (key));
  self->n_notes = line->len;
  self->tokens = g_new0 (guint16, n_steps);
  self->velocities = g_new0 (guint8, n_steps);
  self->sounding = g_new0 (guint8, n_steps);
  arietta_steps_place_line (self, 0, line);

  return g_steal_pointer (&self);
}

gboolean
arietta_steps_transpose_cells (AriettaStepWindow *window,
                               guint              n_cells,
                               int                semitones)
{
  for (guint c = 0; c < n_cells; c++)
    if (window->tokens[c] >= ARIETTA_STEPS_FIRST_NOTE
        && (window->tokens[c] + semitones < ARIETTA_STEPS_FIRST_NOTE
            || window->tokens[c] + semitones >= ARIETTA_STEPS_N_TOKENS))
      return FALSE;

  for (guint c = 0; c < n_cells; c++)
    if (window->tokens[c] >= ARIETTA_STEPS_FIRST_NOTE)
      window->tokens[c] = (guint16) (window->tokens[c] + semitones);

  return TRUE;
}

gboolean
arietta_step_window_transpose (AriettaStepWindow *window,
                               int                semitones)
{
  return arietta_steps_transpose_cells (window, window->n_cells, semitones);
}

int
arietta_steps_shift_for_key (AriettaTonality key)
{
  if (key.tonic < 0)
    return 0;

  return key.tonic <= 6 ? -key.tonic : 12 - key.tonic;
}

void
arietta_steps_to_notes (const guint16 *tokens,
                        const guint8  *velocities,
                        const gint64  *starts,
                        guint          n,
                        int            shift,
                        int            program,
                        int            channel,
                        GArray        *notes)
{
  AriettaNote *open = NULL;

  for (guint s = 0; s < n; s++)
    {
      int pitch;

      if (tokens[s] == ARIETTA_STEPS_HOLD)
        continue;

      if (open != NULL)
        open->duration_ticks = starts[s] - open->onset_ticks;
      open = NULL;
      if (tokens[s] == ARIETTA_STEPS_SILENCE)
        continue;

      pitch = tokens[s] - ARIETTA_STEPS_FIRST_NOTE + ARIETTA_STEPS_LOWEST + shift;
      while (pitch < 0)
        pitch += 12;
      while (pitch > 127)
        pitch -= 12;

      g_array_append_val (notes, ((AriettaNote) {
                                   .onset_ticks = starts[s],
                                   .duration_ticks = starts[n] - starts[s],
                                   .pitch = (guint8) pitch,
                                   .velocity = velocities[s] > 0 ? velocities[s] : 80,
                                   .off_velocity = 64,
                                   .channel = (guint8) channel,
                                   .program = (guint8) program,
                                   .flags = ARIETTA_NOTE_OFF_BY_EVENT,
                                 }));
      open = &g_array_index (notes, AriettaNote, notes->len - 1);
    }
}

/* A new piece with the maps of @piece and no tracks. */
static AriettaPiece *
copy_maps (AriettaPiece *piece)
{
  AriettaPiece *copy = arietta_piece_copy (piece);

  while (arietta_piece_get_n_tracks (copy) > 0)
    arietta_piece_remove_track (copy, arietta_piece_get_n_tracks (copy) - 1);

  return copy;
}

AriettaPiece *
arietta_steps_round_trip (AriettaPiece *piece,
                          AriettaKept  *kept)
{
  g_autoptr(AriettaSteps) steps = arietta_steps_new (piece, ARIETTA_TONALITY_NONE);
  AriettaPiece           *result;
  AriettaTrack           *source, *track;
  GArray                 *notes;
  guint                   nth;
  int                     channel;

  *kept = (AriettaKept) { 0 };
  if (steps == NULL || !arietta_melody_find_part (piece, &nth, &channel))
    return NULL;

  source = arietta_piece_get_track (piece, nth);
  notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  arietta_steps_to_notes (steps->tokens, steps->velocities, steps->starts,
                          steps->bar_steps[steps->n_bars], -steps->transposition,
                          arietta_track_get_program (source), channel, notes);
  result = copy_maps (piece);
  track = arietta_piece_add_track (result, arietta_track_get_name (source));
  arietta_track_take_notes (track, notes);
  arietta_kept_measure (piece, result, kept);

  return arietta_piece_freeze (result);
}

/* --- the form --- */

static AriettaSteps *
read_melody (AriettaPiece *piece)
{
  return arietta_steps_new (piece, arietta_key_finder_estimate (piece, NULL));
}

void
arietta_steps_get_velocity_touch (const AriettaStepWindow *window,
                                  guint                    cell,
                                  float                   *values,
                                  float                   *given)
{
  guint8 velocity = window->velocities[cell];

  given[0] = velocity > 0 ? 1.0f : 0.0f;
  values[0] = velocity > 0 ? (velocity - ARIETTA_STEPS_VELOCITY_MIDDLE)
                               / ARIETTA_STEPS_VELOCITY_SCALE
                           : 0.0f;
}

void
arietta_steps_set_velocity_touch (AriettaStepWindow *window,
                                  guint              cell,
                                  const float       *values)
{
  window->velocities[cell] = window->tokens[cell] >= ARIETTA_STEPS_FIRST_NOTE
                               ? arietta_steps_velocity_from_touch (values[0])
                               : 0;
}

static const char * const attributes[] = { "density", "pitch", "range", "syncopation", NULL };

static void
measure (const AriettaStepWindow *window,
         double                  *values)
{
  double n = 0.0, sum = 0.0;
  int    low = G_MAXINT, high = 0;

  for (guint s = 0; s < window->n_steps; s++)
    if (window->tokens[s] >= ARIETTA_STEPS_FIRST_NOTE)
      {
        int pitch = window->tokens[s] - ARIETTA_STEPS_FIRST_NOTE + ARIETTA_STEPS_LOWEST;

        n += 1.0;
        sum += pitch;
        low = MIN (low, pitch);
        high = MAX (high, pitch);
      }

  values[0] = n / window->n_steps;
  values[1] = n > 0.0 ? sum / n : 0.0;
  values[2] = n > 0.0 ? high - low : 0.0;
  values[3] = arietta_steps_measure_syncopation (window, ARIETTA_STEPS_FIRST_NOTE, G_MAXUINT16);
}

const AriettaStepForm arietta_melody_form = {
  .n_voices = 1,
  .n_tokens = ARIETTA_STEPS_N_TOKENS,
  .first_note = ARIETTA_STEPS_FIRST_NOTE,
  .n_touches = 1,
  .read = read_melody,
  .transpose = arietta_step_window_transpose,
  .get_touches = arietta_steps_get_velocity_touch,
  .set_touches = arietta_steps_set_velocity_touch,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes) - 1,
  .measure = measure,
};
