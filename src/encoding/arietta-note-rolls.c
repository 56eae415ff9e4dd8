#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-note-rolls.h"

#include <math.h>

#define PER_QUARTER ARIETTA_NOTE_ROLL_PER_QUARTER
#define PITCHES     ARIETTA_NOTE_ROLL_PITCHES
#define ONSET       ARIETTA_NOTE_ROLL_ONSET
#define MOST_CELLS  ((guint64) 512 * 1024 * 1024)

void
arietta_note_roll_free (AriettaNoteRoll *self)
{
  g_free (self->cells);
  g_free (self);
}

static gint64
to_step (gint64 ticks,
         int    ticks_per_quarter)
{
  return llround ((double) ticks * PER_QUARTER / ticks_per_quarter);
}

static AriettaNoteRoll *
find_roll (GPtrArray         *rolls,
           guint              track,
           const AriettaNote *note)
{
  AriettaNoteRoll *roll;

  for (guint i = rolls->len; i-- > 0;)
    {
      roll = rolls->pdata[i];
      if (roll->track == track && roll->channel == note->channel && roll->program == note->program)
        return roll;
    }

  roll = g_new0 (AriettaNoteRoll, 1);
  roll->track = track;
  roll->channel = note->channel;
  roll->program = note->program;
  g_ptr_array_add (rolls, roll);
  return roll;
}

/* What sounded there ends where the note begins, also behind it. */
static void
draw_note (AriettaNoteRoll   *roll,
           const AriettaNote *note,
           int                ticks_per_quarter)
{
  guint8 *column = roll->cells + note->pitch;
  gint64  first = to_step (note->onset_ticks, ticks_per_quarter);
  gint64  end = to_step (note->onset_ticks + note->duration_ticks, ticks_per_quarter);

  end = CLAMP (end, first + 1, (gint64) roll->n_steps);
  for (gint64 step = end; step < roll->n_steps; step++)
    {
      if (column[step * PITCHES] == 0 || (column[step * PITCHES] & ONSET) != 0)
        break;
      column[step * PITCHES] = 0;
    }
  for (gint64 step = first; step < end; step++)
    column[step * PITCHES] = (guint8) (note->velocity | (step == first ? ONSET : 0));
}

GPtrArray *
arietta_note_rolls_new (AriettaPiece *piece)
{
  g_autoptr(GPtrArray) rolls = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_note_roll_free);
  int                  tpq = arietta_piece_get_ticks_per_quarter (piece);
  gint64               n_steps = to_step (arietta_piece_get_notes_end_ticks (piece), tpq) + 1;

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        find_roll (rolls, t, &notes[i]);
    }
  if (rolls->len == 0 || (guint64) n_steps * PITCHES > MOST_CELLS / rolls->len)
    return NULL;

  for (guint i = 0; i < rolls->len; i++)
    {
      AriettaNoteRoll *roll = rolls->pdata[i];

      roll->n_steps = (guint) n_steps;
      roll->cells = g_malloc0_n ((gsize) n_steps, PITCHES);
    }
  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

      for (guint i = 0; i < n; i++)
        draw_note (find_roll (rolls, t, &notes[i]), &notes[i], tpq);
    }
  return g_steal_pointer (&rolls);
}

static gint64
to_ticks (gint64 step,
          int    ticks_per_quarter)
{
  return llround ((double) step * ticks_per_quarter / PER_QUARTER);
}

static void
add_notes (GArray                *notes,
           const AriettaNoteRoll *roll,
           int                    tpq)
{
  for (int pitch = 0; pitch < PITCHES; pitch++)
    for (guint step = 0; step < roll->n_steps; step++)
      {
        guint8      cell = roll->cells[(gsize) step * PITCHES + pitch];
        guint       end = step + 1;
        AriettaNote note = { .pitch = (guint8) pitch, .velocity = cell & 0x7f, .off_velocity = 64,
                             .channel = roll->channel, .program = roll->program, .flags = ARIETTA_NOTE_OFF_BY_EVENT };

        if ((cell & ONSET) == 0)
          continue;
        while (end < roll->n_steps && roll->cells[(gsize) end * PITCHES + pitch] != 0
               && (roll->cells[(gsize) end * PITCHES + pitch] & ONSET) == 0)
          end++;
        note.onset_ticks = to_ticks (step, tpq);
        note.duration_ticks = to_ticks (end, tpq) - note.onset_ticks;
        g_array_append_val (notes, note);
      }
}

AriettaPiece *
arietta_note_rolls_to_piece (GPtrArray    *rolls,
                             AriettaPiece *frame)
{
  AriettaPiece *piece = arietta_piece_copy (frame);
  int           tpq = arietta_piece_get_ticks_per_quarter (piece);

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      GArray *notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));

      for (guint i = 0; i < rolls->len; i++)
        if (((AriettaNoteRoll *) rolls->pdata[i])->track == t)
          add_notes (notes, rolls->pdata[i], tpq);
      arietta_track_take_notes (arietta_piece_get_track (piece, t), notes);
    }
  return arietta_piece_freeze (piece);
}

AriettaPiece *
arietta_note_rolls_round_trip (AriettaPiece *piece,
                               AriettaKept  *kept)
{
  g_autoptr(GPtrArray) rolls = arietta_note_rolls_new (piece);
  AriettaPiece        *back;

  *kept = (AriettaKept) { 0 };
  if (rolls == NULL)
    return NULL;

  back = arietta_note_rolls_to_piece (rolls, piece);
  arietta_kept_measure (piece, back, kept);
  return back;
}
