#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-steps.h"

#include "analysis/arietta-melody.h"
#include "music/arietta-bar-map.h"

#include <string.h>

#define MAX_GRID 1000000

struct _AriettaSteps
{
  AriettaTonality key;
  int             transposition;
  gboolean        has_pickup;
  guint           n_notes;
  guint           n_lost;
  guint           n_bars;
  AriettaBar     *bars;
  guint          *bar_steps;    /* n_bars + 1: the first step of each bar */
  gint64         *starts;       /* n_steps + 1 ticks */
  guint8         *tokens;       /* n_steps */
  guint8         *velocities;
  guint8         *sounding;     /* 1 where a note sounds at the end of the step */
  guint8         *positions;
};

static gint64
full_bar_ticks (AriettaPiece     *piece,
                const AriettaBar *bar)
{
  return (gint64) arietta_piece_get_ticks_per_quarter (piece) * 4 * bar->numerator
         / bar->denominator;
}

/* The grid of all bars up to the one that holds the last note. FALSE when it would be too large. */
static gboolean
make_grid (AriettaSteps *self,
           AriettaPiece *piece)
{
  g_autoptr(AriettaBarMap) map = arietta_bar_map_new (piece);
  g_autoptr(GArray)        starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GByteArray)    positions = g_byte_array_new ();
  gint64                   ppq = arietta_piece_get_ticks_per_quarter (piece);
  gint64                   end = MAX (1, arietta_piece_get_notes_end_ticks (piece));

  self->has_pickup = arietta_bar_map_has_pickup (map);
  self->n_bars = MIN (arietta_bar_map_get_n (map), arietta_bar_map_find (map, end - 1) + 1);
  self->bars = g_new (AriettaBar, self->n_bars);
  self->bar_steps = g_new (guint, self->n_bars + 1);

  for (guint b = 0; b < self->n_bars; b++)
    {
      AriettaBar bar = *arietta_bar_map_get_nth (map, b);
      gint64     n = (bar.length_ticks * 4 + ppq - 1) / ppq;
      gint64     before = 0;

      if (n < 1 || n > MAX_GRID || starts->len + n > MAX_GRID)
        return FALSE;

      if (b == 0 && self->has_pickup)
        before = MAX (0, (full_bar_ticks (piece, &bar) - bar.length_ticks) * 4 / ppq);

      self->bars[b] = bar;
      self->bar_steps[b] = starts->len;
      for (gint64 s = 0; s < n; s++)
        {
          gint64 start = bar.start_ticks + s * ppq / 4;
          guint8 position = (guint8) MIN (255, before + s);

          g_array_append_val (starts, start);
          g_byte_array_append (positions, &position, 1);
        }
    }

  end = self->bars[self->n_bars - 1].start_ticks + self->bars[self->n_bars - 1].length_ticks;
  self->bar_steps[self->n_bars] = starts->len;
  g_array_append_val (starts, end);
  self->starts = (gint64 *) (gpointer) g_array_free (g_steal_pointer (&starts), FALSE);
  self->positions = g_byte_array_free (g_steal_pointer (&positions), FALSE);

  return TRUE;
}

/* The step nearest to @tick, 0 .. n_steps. */
static guint
nearest_step (AriettaSteps *self,
              gint64        tick)
{
  guint low = 0, high = self->bar_steps[self->n_bars];

  while (low < high)
    {
      guint middle = (low + high + 1) / 2;

      if (self->starts[middle] <= tick)
        low = middle;
      else
        high = middle - 1;
    }

  if (low < self->bar_steps[self->n_bars]
      && self->starts[low + 1] - tick < tick - self->starts[low])
    low++;

  return low;
}

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

static void
place_notes (AriettaSteps *self,
             const GArray *line)
{
  guint n_steps = self->bar_steps[self->n_bars];

  for (guint i = 0; i < line->len; i++)
    {
      const AriettaNote *note = &g_array_index (line, AriettaNote, i);
      guint              onset = nearest_step (self, note->onset_ticks);
      guint              end = nearest_step (self, note->onset_ticks + note->duration_ticks);
      int                pitch = note->pitch + self->transposition;

      if (pitch < ARIETTA_STEPS_LOWEST || pitch > ARIETTA_STEPS_HIGHEST || onset >= n_steps)
        {
          self->n_lost++;
          continue;
        }

      end = CLAMP (end, onset + 1, n_steps);
      self->tokens[onset] = (guint8) (pitch - ARIETTA_STEPS_LOWEST + ARIETTA_STEPS_FIRST_NOTE);
      self->velocities[onset] = MAX (1, note->velocity);
      self->sounding[onset] = 1;
      for (guint s = onset + 1; s < end; s++)
        {
          self->tokens[s] = ARIETTA_STEPS_HOLD;
          self->velocities[s] = 0;
          self->sounding[s] = 1;
        }
      /* Whatever an earlier note had put behind is over now. */
      for (guint s = end; s < n_steps && self->sounding[s]; s++)
        {
          self->tokens[s] = ARIETTA_STEPS_HOLD;
          self->sounding[s] = 0;
        }
    }

  for (guint s = 0; s < n_steps; s++)
    if (!self->sounding[s] && (s == 0 || self->sounding[s - 1]))
      self->tokens[s] = ARIETTA_STEPS_SILENCE;
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
  if (!make_grid (self, piece))
    return NULL;

  n_steps = self->bar_steps[self->n_bars];
  self->key = key;
  self->transposition = fit_range (line, arietta_steps_shift_for_key (key));
  self->n_notes = line->len;
  self->tokens = g_new0 (guint8, n_steps);
  self->velocities = g_new0 (guint8, n_steps);
  self->sounding = g_new0 (guint8, n_steps);
  place_notes (self, line);

  return g_steal_pointer (&self);
}

void
arietta_steps_free (AriettaSteps *self)
{
  if (self == NULL)
    return;

  g_free (self->bars);
  g_free (self->bar_steps);
  g_free (self->starts);
  g_free (self->tokens);
  g_free (self->velocities);
  g_free (self->sounding);
  g_free (self->positions);
  g_free (self);
}

guint
arietta_steps_get_n_bars (AriettaSteps *self)
{
  return self->n_bars;
}

gboolean
arietta_steps_has_pickup (AriettaSteps *self)
{
  return self->has_pickup;
}

AriettaTonality
arietta_steps_get_key (AriettaSteps *self)
{
  return self->key;
}

int
arietta_steps_get_transposition (AriettaSteps *self)
{
  return self->transposition;
}

guint
arietta_steps_get_n_notes (AriettaSteps *self)
{
  return self->n_notes;
}

guint
arietta_steps_get_n_lost (AriettaSteps *self)
{
  return self->n_lost;
}

gboolean
arietta_steps_get_window (AriettaSteps      *self,
                          guint              first_bar,
                          guint              n_bars,
                          AriettaStepWindow *window)
{
  guint first, n;

  g_return_val_if_fail (self != NULL && window != NULL && n_bars > 0, FALSE);

  if (first_bar >= self->n_bars || n_bars > self->n_bars - first_bar)
    return FALSE;

  first = self->bar_steps[first_bar];
  n = self->bar_steps[first_bar + n_bars] - first;
  if (n > ARIETTA_STEPS_MAX)
    return FALSE;

  memset (window, 0, sizeof *window);
  window->start_ticks = self->starts[first];
  window->first_bar = first_bar;
  window->n_bars = n_bars;
  window->n_steps = n;
  window->numerator = self->bars[first_bar].numerator;
  window->denominator = self->bars[first_bar].denominator;
  memcpy (window->tokens, self->tokens + first, n);
  memcpy (window->velocities, self->velocities + first, n);
  memcpy (window->positions, self->positions + first, n);
  if (window->tokens[0] == ARIETTA_STEPS_HOLD && !self->sounding[first])
    window->tokens[0] = ARIETTA_STEPS_SILENCE;

  return TRUE;
}

gboolean
arietta_step_window_has_onset (const AriettaStepWindow *window)
{
  for (guint s = 0; s < window->n_steps; s++)
    if (window->tokens[s] >= ARIETTA_STEPS_FIRST_NOTE)
      return TRUE;

  return FALSE;
}

gboolean
arietta_step_window_transpose (AriettaStepWindow *window,
                               int                semitones)
{
  for (guint s = 0; s < window->n_steps; s++)
    if (window->tokens[s] >= ARIETTA_STEPS_FIRST_NOTE
        && (window->tokens[s] + semitones < ARIETTA_STEPS_FIRST_NOTE
            || window->tokens[s] + semitones >= ARIETTA_STEPS_N_TOKENS))
      return FALSE;

  for (guint s = 0; s < window->n_steps; s++)
    if (window->tokens[s] >= ARIETTA_STEPS_FIRST_NOTE)
      window->tokens[s] = (guint8) (window->tokens[s] + semitones);

  return TRUE;
}

gboolean
arietta_step_window_init (AriettaStepWindow *window,
                          int                numerator,
                          int                denominator,
                          guint              n_bars)
{
  guint n;

  memset (window, 0, sizeof *window);
  if (numerator < 1 || numerator > 255 || denominator < 1 || denominator > 64 || n_bars < 1
      || n_bars > 64)
    return FALSE;

  n = (guint) (numerator * 16 + denominator - 1) / (guint) denominator;
  if (n * n_bars > ARIETTA_STEPS_MAX)
    return FALSE;

  window->n_bars = n_bars;
  window->n_steps = n * n_bars;
  window->numerator = numerator;
  window->denominator = denominator;
  for (guint s = 0; s < window->n_steps; s++)
    window->positions[s] = (guint8) (s % n);

  return TRUE;
}

int
arietta_steps_shift_for_key (AriettaTonality key)
{
  if (key.tonic < 0)
    return 0;

  return key.tonic <= 6 ? -key.tonic : 12 - key.tonic;
}

void
arietta_steps_to_notes (const guint8 *tokens,
                        const guint8 *velocities,
                        const gint64 *starts,
                        guint         n,
                        int           shift,
                        int           program,
                        int           channel,
                        GArray       *notes)
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
