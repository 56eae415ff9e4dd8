#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-drum-steps.h"

#include "encoding/arietta-steps-private.h"

#include <math.h>
#include <stdlib.h>

#define PERCUSSION_CHANNEL 9
#define FIRST_PITCH        22

/* A hit's offset counts for less than its velocity: half a step is 1. */
#define OFFSET_SCALE 127.0f

typedef enum
{
  KICK, SNARE, CLOSED, OPEN, LOW_TOM, MIDDLE_TOM, HIGH_TOM, CRASH, RIDE, NONE = -1,
} Drum;

static const guint8 pitches[ARIETTA_STEPS_N_DRUMS] = { 36, 38, 42, 46, 43, 47, 50, 49, 51 };

/* From FIRST_PITCH on. */
static const gint8 classes[] = {
  CLOSED, NONE, NONE, NONE, OPEN, NONE, NONE, NONE, NONE, SNARE,                 /* 22 .. 31 */
  NONE, NONE, NONE, KICK, KICK, SNARE, SNARE, SNARE, SNARE, LOW_TOM,             /* 32 .. 41 */
  CLOSED, LOW_TOM, CLOSED, MIDDLE_TOM, OPEN, MIDDLE_TOM, HIGH_TOM, CRASH,        /* 42 .. 49 */
  HIGH_TOM, RIDE, CRASH, RIDE, CLOSED, CRASH, RIDE, CRASH, LOW_TOM, RIDE,        /* 50 .. 59 */
  NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, CLOSED, CLOSED,          /* 60 .. 70 */
  NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, CLOSED,      /* 71 .. 82 */
};

int
arietta_drum_steps_find_class (int pitch)
{
  if (pitch < FIRST_PITCH || pitch >= FIRST_PITCH + (int) G_N_ELEMENTS (classes))
    return NONE;

  return classes[pitch - FIRST_PITCH];
}

int
arietta_drum_steps_get_pitch (guint drum)
{
  g_return_val_if_fail (drum < ARIETTA_STEPS_N_DRUMS, 0);

  return pitches[drum];
}

static void
place_hit (AriettaSteps      *self,
           const AriettaNote *note)
{
  guint            n_steps = self->bar_steps[self->n_bars];
  guint            step = arietta_steps_find_nearest (self, note->onset_ticks);
  int              drum = arietta_drum_steps_find_class (note->pitch);
  AriettaStepHits *hits;
  double           half, offset;

  self->n_notes++;
  if (drum < 0 || step >= n_steps)
    {
      self->n_lost++;
      return;
    }

  hits = &self->hits[step];
  self->n_lost += hits->velocities[drum] > 0;
  if (note->velocity <= hits->velocities[drum])
    return;

  half = (double) (self->starts[step + 1] - self->starts[step]) / 2.0;
  offset = (double) (note->onset_ticks - self->starts[step]) / MAX (half, 1.0);
  self->tokens[step] |= (guint16) (1 << drum);
  hits->velocities[drum] = (guint8) MAX (1, note->velocity);
  hits->offsets[drum] = (gint8) lround (CLAMP (offset, -1.0, 1.0) * OFFSET_SCALE);
}

AriettaSteps *
arietta_drum_steps_new (AriettaPiece *piece)
{
  g_autoptr(AriettaSteps) self = NULL;
  guint                   n_steps;

  g_return_val_if_fail (piece != NULL, NULL);

  self = g_new0 (AriettaSteps, 1);
  self->n_voices = 1;
  self->key = ARIETTA_TONALITY_NONE;
  if (!arietta_steps_make_grid (self, piece))
    return NULL;

  n_steps = self->bar_steps[self->n_bars];
  self->tokens = g_new0 (guint16, n_steps);
  self->hits = g_new0 (AriettaStepHits, n_steps);
  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        if (notes[i].channel == PERCUSSION_CHANNEL)
          place_hit (self, &notes[i]);
    }

  return self->n_notes > self->n_lost ? g_steal_pointer (&self) : NULL;
}

void
arietta_drum_steps_to_notes (const guint16         *tokens,
                             const AriettaStepHits *hits,
                             const gint64          *starts,
                             guint                  n,
                             gboolean               offsets,
                             GArray                *notes)
{
  for (guint s = 0; s < n; s++)
    for (guint d = 0; d < ARIETTA_STEPS_N_DRUMS; d++)
      {
        gint64 length = starts[s + 1] - starts[s], onset = starts[s];

        if ((tokens[s] & 1 << d) == 0)
          continue;
        if (offsets)
          onset += lround (hits[s].offsets[d] / OFFSET_SCALE * (double) length / 2.0);

        g_array_append_val (notes, ((AriettaNote) {
                                     .onset_ticks = MAX (0, onset),
                                     .duration_ticks = length,
                                     .pitch = pitches[d],
                                     .velocity = MAX (1, hits[s].velocities[d]),
                                     .off_velocity = 64,
                                     .channel = PERCUSSION_CHANNEL,
                                     .flags = ARIETTA_NOTE_OFF_BY_EVENT,
                                   }));
      }
}

/* --- the form --- */

static void
get_touches (const AriettaStepWindow *window,
             guint                    cell,
             float                   *values,
             float                   *given)
{
  const AriettaStepHits *hits = &window->hits[cell];

  for (guint d = 0; d < ARIETTA_STEPS_N_DRUMS; d++)
    {
      gboolean hit = hits->velocities[d] > 0;

      given[d] = given[ARIETTA_STEPS_N_DRUMS + d] = hit ? 1.0f : 0.0f;
      values[d] = hit ? (hits->velocities[d] - ARIETTA_STEPS_VELOCITY_MIDDLE)
                          / ARIETTA_STEPS_VELOCITY_SCALE
                      : 0.0f;
      values[ARIETTA_STEPS_N_DRUMS + d] = hit ? hits->offsets[d] / OFFSET_SCALE : 0.0f;
    }
}

static void
set_touches (AriettaStepWindow *window,
             guint              cell,
             const float       *values)
{
  AriettaStepHits *hits = &window->hits[cell];

  for (guint d = 0; d < ARIETTA_STEPS_N_DRUMS; d++)
    {
      gboolean hit = (window->tokens[cell] & 1 << d) != 0;
      float    offset = CLAMP (values[ARIETTA_STEPS_N_DRUMS + d], -1.0f, 1.0f);

      hits->velocities[d] = hit ? arietta_steps_velocity_from_touch (values[d]) : 0;
      hits->offsets[d] = hit ? (gint8) lroundf (offset * OFFSET_SCALE) : 0;
    }
}

static const char * const attributes[] = { "density", "syncopation", "cymbals", "toms", NULL };

static void
measure (const AriettaStepWindow *window,
         double                  *values)
{
  static const guint16 cymbals = 1 << CLOSED | 1 << OPEN | 1 << CRASH | 1 << RIDE;
  static const guint16 toms = 1 << LOW_TOM | 1 << MIDDLE_TOM | 1 << HIGH_TOM;

  values[0] = values[2] = values[3] = 0.0;
  for (guint s = 0; s < window->n_steps; s++)
    for (guint d = 0; d < ARIETTA_STEPS_N_DRUMS; d++)
      if ((window->tokens[s] & 1 << d) != 0)
        {
          values[0] += 1.0 / window->n_steps;
          values[2] += (cymbals & 1 << d) != 0 ? 1.0 / window->n_steps : 0.0;
          values[3] += (toms & 1 << d) != 0 ? 1.0 / window->n_steps : 0.0;
        }

  /* Of kick and snare: cymbals only keep time. */
  values[1] = arietta_steps_measure_syncopation (window, 1, 1 << KICK | 1 << SNARE);
}

const AriettaStepForm arietta_drum_form = {
  .n_voices = 1,
  .n_tokens = ARIETTA_DRUM_STEPS_N_TOKENS,
  .first_note = 1,
  .n_touches = 2 * ARIETTA_STEPS_N_DRUMS,
  .read = arietta_drum_steps_new,
  .get_touches = get_touches,
  .set_touches = set_touches,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes) - 1,
  .measure = measure,
};
