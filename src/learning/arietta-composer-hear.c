/* What sounds where the network writes, in the other parts, and in all parts before and behind: as
 * rows of tables, from the notes that were read. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

/* Rows for a bar beside: of the chord at its near end the pitch classes and the lowest, and its
 * pitch classes at all. */
#define AT_EDGE      0
#define LOWEST       12
#define ANYWHERE     24
#define BAR_ROWS     36
#define DISTANCES    3    /* 1 bar away, 2, more */

G_STATIC_ASSERT (COMPOSER_AROUND_ROWS == 2 * DISTANCES * BAR_ROWS);

void
arietta_composer_hear_chord (AriettaEventReader      *reader,
                             const AriettaEventPlace *place,
                             gint32                   chord[COMPOSER_CHORD])
{
  guint  n = place->bar >= 0 && place->slot >= 0 ? arietta_event_reader_get_n_notes (reader) : 0, k = 0;
  gint32 now = MAX (place->position, 0) * ARIETTA_EVENTS_UNITS_PER_POSITION;
  gint32 whole = (gint32) arietta_event_reader_get_bar_positions (reader) * ARIETTA_EVENTS_UNITS_PER_POSITION;
  guint  classes = 0;
  int    lowest = 128;

  for (guint i = 0; i < n; i++)
    {
      const AriettaEventNote *note = arietta_event_reader_get_note (reader, i);
      gint32                  since = now - note->onset + (place->bar - (gint32) note->bar) * whole;

      if ((gint32) note->bar > place->bar || (gint32) note->bar < place->bar - 1
          || note->part == arietta_event_reader_get_part (reader, place->slot)
          || since < -ARIETTA_EVENTS_UNITS_PER_POSITION / 2 || since >= note->duration
          || arietta_event_reader_is_drum_part (reader, note->part))
        continue;
      classes |= 1u << note->pitch % 12;
      lowest = MIN (lowest, note->pitch);
    }
  for (int c = 0; c < 12; c++)
    if (classes >> c & 1)
      chord[k++] = c;
  if (lowest < 128)
    chord[k++] = 12 + lowest % 12;
  for (; k < COMPOSER_CHORD; k++)
    chord[k] = -1;
}

static const AriettaEventNote *
get_pitched (AriettaEventReader *reader,
             guint               nth)
{
  const AriettaEventNote *note = arietta_event_reader_get_note (reader, nth);

  return arietta_event_reader_is_drum_part (reader, note->part) ? NULL : note;
}

/* The nearest bar on one side of @bar (@step -1 or 1) that is known to sound; -1: none. */
static int
find_sounding (AriettaEventReader *reader,
               int                 bar,
               int                 step)
{
  int nearest = -1;

  for (guint i = 0; i < arietta_event_reader_get_n_notes (reader); i++)
    {
      const AriettaEventNote *note = get_pitched (reader, i);
      int                     away = note != NULL ? ((int) note->bar - bar) * step : 0;

      if (away > 0 && (nearest < 0 || away < (nearest - bar) * step))
        nearest = (int) note->bar;
    }

  return nearest;
}

/* How far a note is from the end of its bar that is looked at, in units, so that the nearest are
 * the least. */
static gint32
get_far (const AriettaEventNote *note,
         int                     step)
{
  return step > 0 ? note->onset : -(note->onset + note->duration);
}

/* Appends the rows of what sounds in @bar; returns the end of the list. */
static gint32 *
hear_bar (AriettaEventReader *reader,
          int                 bar,
          int                 step,
          gint32              first_row,
          gint32             *rows)
{
  guint  n = arietta_event_reader_get_n_notes (reader), classes = 0, edge = 0;
  gint32 least = G_MAXINT32;
  int    lowest = 128;

  for (guint i = 0; i < n; i++)
    {
      const AriettaEventNote *note = get_pitched (reader, i);

      if (note != NULL && (int) note->bar == bar)
        {
          classes |= 1u << note->pitch % 12;
          least = MIN (least, get_far (note, step));
        }
    }
  for (guint i = 0; i < n; i++)
    {
      const AriettaEventNote *note = get_pitched (reader, i);

      if (note != NULL && (int) note->bar == bar
          && get_far (note, step) <= least + ARIETTA_EVENTS_UNITS_PER_POSITION / 2)
        {
          edge |= 1u << note->pitch % 12;
          lowest = MIN (lowest, note->pitch);
        }
    }
  for (int c = 0; c < 12; c++)
    {
      if (edge >> c & 1)
        *rows++ = first_row + AT_EDGE + c;
      if (classes >> c & 1)
        *rows++ = first_row + ANYWHERE + c;
    }
  *rows++ = first_row + LOWEST + lowest % 12;

  return rows;
}

void
arietta_composer_hear_around (AriettaEventReader      *reader,
                              const AriettaEventPlace *place,
                              gint32                   around[COMPOSER_AROUND])
{
  gint32 *rows = around;

  for (int step = -1; step <= 1 && place->bar >= 0; step += 2)
    {
      int bar = find_sounding (reader, place->bar, step);
      int side = step > 0 ? DISTANCES : 0;

      if (bar >= 0)
        rows = hear_bar (reader, bar, step,
                         (side + MIN (ABS (bar - place->bar), DISTANCES) - 1) * BAR_ROWS, rows);
    }
  while (rows < around + COMPOSER_AROUND)
    *rows++ = -1;
}
