#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-note-verbs.h"

#include <math.h>
#include <string.h>

#include "base/arietta-sort.h"
#include "music/arietta-bar-map.h"
#include "music/arietta-mode.h"
#include "music/arietta-track-verbs.h"

/* On notes that the verb gives back, so that they are found again once they are in order. */
#define MARKED (1 << 7)

#define PERCUSSION_CHANNEL 9

/* Puts what becomes of @note into @notes; a note that stays as it was is put there too. */
typedef void (*VerbFunc) (const AriettaNote *note,
                          guint              track,
                          GArray            *notes,
                          gpointer           user_data);

/* Negative onsets too come in their order. */
static guint64
get_onset_key (gconstpointer record)
{
  return (guint64) ((const AriettaNote *) record)->onset_ticks ^ G_GUINT64_CONSTANT (1) << 63;
}

static void
put (GArray      *notes,
     AriettaNote  note,
     guint8       flags)
{
  note.flags |= flags;
  g_array_append_val (notes, note);
}

/* Sorts @notes (equal onsets stay in order), takes the marks off, and notes where they were. */
static void
settle (GArray *notes,
        guint   track,
        GArray *refs)
{
  arietta_sort_by_key (notes, sizeof (AriettaNote), get_onset_key);
  for (guint i = 0; i < notes->len; i++)
    {
      AriettaNote *note = &g_array_index (notes, AriettaNote, i);
      const AriettaNoteRef ref = { track, i };

      if ((note->flags & MARKED) != 0)
        g_array_append_val (refs, ref);
      note->flags &= (guint8) ~MARKED;
    }
}

/* Every verb: the selected notes of each track go through @verb, the others stay. */
static AriettaPiece *
change_notes (AriettaPiece      *piece,
              AriettaSelection  *selection,
              VerbFunc           verb,
              gpointer           user_data,
              AriettaSelection **selected)
{
  g_autoptr(AriettaPiece) result = arietta_piece_copy (piece);
  g_autoptr(GArray) new_refs = g_array_new (FALSE, FALSE, sizeof (AriettaNoteRef));
  guint n_refs, next = 0;
  const AriettaNoteRef *refs = arietta_selection_get_refs (selection, &n_refs);

  while (next < n_refs)
    {
      guint track = refs[next].track, n;
      const AriettaNote *notes;
      GArray *changed;

      if (track >= arietta_piece_get_n_tracks (piece))
        break;
      notes = arietta_track_get_notes (arietta_piece_get_track (piece, track), &n);
      changed = g_array_sized_new (FALSE, FALSE, sizeof (AriettaNote), n + 1);
      for (guint i = 0; i < n; i++)
        {
          if (next < n_refs && refs[next].track == track && refs[next].nth == i)
            {
              verb (&notes[i], track, changed, user_data);
              next++;
            }
          else
            {
              g_array_append_vals (changed, &notes[i], 1);
            }
        }
      while (next < n_refs && refs[next].track == track)
        next++;
      settle (changed, track, new_refs);
      if (changed->len == 0 && n > 0)
        arietta_tracks_keep_voice (result, track);
      arietta_track_take_notes (arietta_piece_get_track (result, track), changed);
    }

  if (selected != NULL)
    *selected = arietta_selection_new ((const AriettaNoteRef *) (void *) new_refs->data, new_refs->len);
  return arietta_piece_freeze (g_steal_pointer (&result));
}

static AriettaPiece *
change_nothing (AriettaPiece      *piece,
                AriettaSelection  *selection,
                AriettaSelection **selected)
{
  if (selected != NULL)
    *selected = arietta_selection_ref (selection);
  return arietta_piece_ref (piece);
}

/* ---- Move, resize, louder, lock ---- */

typedef struct
{
  gint64 ticks;
  gint64 least;
  int    amount;
} Shift;

static void
move_verb (const AriettaNote *note,
           guint              track,
           GArray            *notes,
           gpointer           user_data)
{
  const Shift *shift = user_data;
  AriettaNote moved = *note;

  moved.onset_ticks += shift->ticks;
  moved.pitch = (guint8) (moved.pitch + shift->amount);
  put (notes, moved, MARKED | ARIETTA_NOTE_EDITED);
}

AriettaPiece *
arietta_notes_move (AriettaPiece      *piece,
                    AriettaSelection  *notes,
                    gint64             ticks,
                    int                semitones,
                    AriettaSelection **selected)
{
  gint64 start, end;
  int lowest, highest;
  Shift shift;

  if (!arietta_selection_get_extent (notes, piece, &start, &end, &lowest, &highest))
    return change_nothing (piece, notes, selected);

  shift.ticks = MAX (ticks, -start);
  shift.amount = CLAMP (semitones, -lowest, 127 - highest);
  if (shift.ticks == 0 && shift.amount == 0)
    return change_nothing (piece, notes, selected);
  return change_notes (piece, notes, move_verb, &shift, selected);
}

static void
resize_verb (const AriettaNote *note,
             guint              track,
             GArray            *notes,
             gpointer           user_data)
{
  const Shift *shift = user_data;
  AriettaNote resized = *note;

  resized.duration_ticks = MAX (note->duration_ticks + shift->ticks, MIN (note->duration_ticks, shift->least));
  put (notes, resized, MARKED | (resized.duration_ticks != note->duration_ticks ? ARIETTA_NOTE_EDITED : 0));
}

AriettaPiece *
arietta_notes_resize (AriettaPiece      *piece,
                      AriettaSelection  *notes,
                      gint64             ticks,
                      gint64             least_ticks,
                      AriettaSelection **selected)
{
  Shift shift = { .ticks = ticks, .least = MAX (least_ticks, 1) };

  if (ticks == 0)
    return change_nothing (piece, notes, selected);
  return change_notes (piece, notes, resize_verb, &shift, selected);
}

static void
resize_start_verb (const AriettaNote *note,
                   guint              track,
                   GArray            *notes,
                   gpointer           user_data)
{
  const Shift *shift = user_data;
  AriettaNote resized = *note;
  gint64 latest = note->onset_ticks + note->duration_ticks - MIN (note->duration_ticks, shift->least);

  resized.onset_ticks = CLAMP (note->onset_ticks + shift->ticks, MIN (note->onset_ticks, 0), latest);
  resized.duration_ticks += note->onset_ticks - resized.onset_ticks;
  put (notes, resized, MARKED | (resized.onset_ticks != note->onset_ticks ? ARIETTA_NOTE_EDITED : 0));
}

AriettaPiece *
arietta_notes_resize_starts (AriettaPiece      *piece,
                             AriettaSelection  *notes,
                             gint64             ticks,
                             gint64             least_ticks,
                             AriettaSelection **selected)
{
  Shift shift = { .ticks = ticks, .least = MAX (least_ticks, 1) };

  if (ticks == 0)
    return change_nothing (piece, notes, selected);
  return change_notes (piece, notes, resize_start_verb, &shift, selected);
}

static void
louder_verb (const AriettaNote *note,
             guint              track,
             GArray            *notes,
             gpointer           user_data)
{
  const Shift *shift = user_data;
  AriettaNote louder = *note;

  louder.velocity = (guint8) CLAMP (note->velocity + shift->amount, 1, 127);
  put (notes, louder, MARKED | (louder.velocity != note->velocity ? ARIETTA_NOTE_EDITED : 0));
}

AriettaPiece *
arietta_notes_louder (AriettaPiece      *piece,
                      AriettaSelection  *notes,
                      int                velocity,
                      AriettaSelection **selected)
{
  Shift shift = { .amount = velocity };

  if (velocity == 0)
    return change_nothing (piece, notes, selected);
  return change_notes (piece, notes, louder_verb, &shift, selected);
}

/* The next of the velocities, for each selected note in turn. */
static void
velocity_verb (const AriettaNote *note,
               guint              track,
               GArray            *notes,
               gpointer           user_data)
{
  const guint8 **next = user_data;
  AriettaNote changed = *note;
  const guint8 wanted = *(*next)++, velocity = CLAMP (wanted, 1, 127);

  changed.velocity = velocity;
  put (notes, changed, MARKED | (velocity != note->velocity ? ARIETTA_NOTE_EDITED : 0));
}

AriettaPiece *
arietta_notes_set_velocities (AriettaPiece      *piece,
                              AriettaSelection  *notes,
                              const guint8      *velocities,
                              AriettaSelection **selected)
{
  if (arietta_selection_get_n (notes) == 0)
    return change_nothing (piece, notes, selected);
  return change_notes (piece, notes, velocity_verb, &velocities, selected);
}

static void
scale_verb (const AriettaNote *note,
            guint              track,
            GArray            *notes,
            gpointer           user_data)
{
  AriettaNote changed = *note;

  if (note->channel != PERCUSSION_CHANNEL)
    changed.pitch = (guint8) arietta_classes_nearest (GPOINTER_TO_UINT (user_data), note->pitch);
  put (notes, changed, MARKED | (changed.pitch != note->pitch ? ARIETTA_NOTE_EDITED : 0));
}

AriettaPiece *
arietta_notes_to_scale (AriettaPiece      *piece,
                        AriettaSelection  *notes,
                        guint              classes,
                        AriettaSelection **selected)
{
  if (arietta_selection_get_n (notes) == 0)
    return change_nothing (piece, notes, selected);
  return change_notes (piece, notes, scale_verb, GUINT_TO_POINTER (classes), selected);
}

typedef struct
{
  guint    classes;
  int      direction;
  gboolean blocked;   /* one of them has nowhere to go */
} ScaleStep;

static void
scale_step_verb (const AriettaNote *note,
                 guint              track,
                 GArray            *notes,
                 gpointer           user_data)
{
  ScaleStep *step = user_data;
  guint classes = note->channel == PERCUSSION_CHANNEL ? 0xFFF : step->classes;
  AriettaNote changed = *note;

  changed.pitch = (guint8) arietta_classes_next (classes, note->pitch, step->direction);
  step->blocked = step->blocked || changed.pitch == note->pitch;
  put (notes, changed, MARKED | ARIETTA_NOTE_EDITED);
}

AriettaPiece *
arietta_notes_step_in_scale (AriettaPiece      *piece,
                             AriettaSelection  *notes,
                             guint              classes,
                             int                direction,
                             AriettaSelection **selected)
{
  ScaleStep step = { .classes = classes, .direction = direction };
  g_autoptr(AriettaSelection) after = NULL;
  g_autoptr(AriettaPiece) stepped = NULL;

  if (arietta_selection_get_n (notes) == 0)
    return change_nothing (piece, notes, selected);
  stepped = change_notes (piece, notes, scale_step_verb, &step, &after);
  if (step.blocked)
    return change_nothing (piece, notes, selected);
  if (selected != NULL)
    *selected = g_steal_pointer (&after);
  return g_steal_pointer (&stepped);
}

static void
lock_verb (const AriettaNote *note,
           guint              track,
           GArray            *notes,
           gpointer           user_data)
{
  const Shift *shift = user_data;
  AriettaNote locked = *note;

  if (shift->amount)
    locked.flags |= ARIETTA_NOTE_LOCKED;
  else
    locked.flags &= (guint8) ~ARIETTA_NOTE_LOCKED;
  put (notes, locked, MARKED);
}

AriettaPiece *
arietta_notes_lock (AriettaPiece      *piece,
                    AriettaSelection  *notes,
                    gboolean           lock,
                    AriettaSelection **selected)
{
  Shift shift = { .amount = lock };

  return change_notes (piece, notes, lock_verb, &shift, selected);
}

/* ---- Remove, duplicate, split, join, add ---- */

static void
remove_verb (const AriettaNote *note,
             guint              track,
             GArray            *notes,
             gpointer           user_data)
{
}

AriettaPiece *
arietta_notes_remove (AriettaPiece     *piece,
                      AriettaSelection *notes)
{
  return change_notes (piece, notes, remove_verb, NULL, NULL);
}

static void
duplicate_verb (const AriettaNote *note,
                guint              track,
                GArray            *notes,
                gpointer           user_data)
{
  const Shift *shift = user_data;
  AriettaNote copy = *note;

  put (notes, *note, 0);
  copy.onset_ticks = MAX (note->onset_ticks + shift->ticks, 0);
  put (notes, copy, MARKED | ARIETTA_NOTE_EDITED);
}

AriettaPiece *
arietta_notes_duplicate (AriettaPiece      *piece,
                         AriettaSelection  *notes,
                         gint64             ticks,
                         AriettaSelection **selected)
{
  Shift shift = { .ticks = ticks };

  return change_notes (piece, notes, duplicate_verb, &shift, selected);
}

static void
split_verb (const AriettaNote *note,
            guint              track,
            GArray            *notes,
            gpointer           user_data)
{
  const Shift *shift = user_data;
  gint64 left = shift->ticks - note->onset_ticks;
  AriettaNote half = *note;

  if (left <= 0 || left >= note->duration_ticks)
    {
      put (notes, *note, MARKED);
      return;
    }
  half.duration_ticks = left;
  put (notes, half, MARKED | ARIETTA_NOTE_EDITED);
  half.onset_ticks = shift->ticks;
  half.duration_ticks = note->duration_ticks - left;
  put (notes, half, MARKED | ARIETTA_NOTE_EDITED);
}

AriettaPiece *
arietta_notes_split (AriettaPiece      *piece,
                     AriettaSelection  *notes,
                     gint64             tick,
                     AriettaSelection **selected)
{
  Shift shift = { .ticks = tick };

  return change_notes (piece, notes, split_verb, &shift, selected);
}

/* The notes of one track come one after another by onset; the first of a pitch takes the others in. */
typedef struct
{
  guint track;
  int   place[16][128];   /* in the array, of the note of that channel and pitch; -1: none yet */
} Joining;

static void
join_verb (const AriettaNote *note,
           guint              track,
           GArray            *notes,
           gpointer           user_data)
{
  Joining *joining = user_data;
  int *place = &joining->place[note->channel][note->pitch];
  AriettaNote *first;

  if (joining->track != track)
    {
      joining->track = track;
      memset (joining->place, 0xFF, sizeof joining->place);
    }

  if (*place < 0)
    {
      *place = (int) notes->len;
      put (notes, *note, MARKED);
      return;
    }
  first = &g_array_index (notes, AriettaNote, *place);
  first->duration_ticks = MAX (first->duration_ticks,
                               note->onset_ticks + note->duration_ticks - first->onset_ticks);
  first->flags |= ARIETTA_NOTE_EDITED;
}

AriettaPiece *
arietta_notes_join (AriettaPiece      *piece,
                    AriettaSelection  *notes,
                    AriettaSelection **selected)
{
  Joining joining = { .track = G_MAXUINT };

  return change_notes (piece, notes, join_verb, &joining, selected);
}

AriettaPiece *
arietta_notes_add (AriettaPiece       *piece,
                   guint               track,
                   const AriettaNote  *note,
                   AriettaSelection  **selected)
{
  g_autoptr(AriettaPiece) result = NULL;
  AriettaTrack *target;
  AriettaNote added = *note;
  const AriettaNote *notes;
  guint n, nth = 0;

  g_return_val_if_fail (piece != NULL && track < arietta_piece_get_n_tracks (piece), NULL);

  result = arietta_piece_copy (piece);
  target = arietta_piece_get_track (result, track);
  added.channel = (guint8) arietta_track_get_channel (target);
  added.program = (guint8) arietta_track_get_program (target);
  added.flags |= ARIETTA_NOTE_EDITED;
  arietta_track_add_note (target, &added);

  /* Equal onsets stand in the order of adding: it is the last of them. */
  notes = arietta_track_get_notes (target, &n);
  while (nth + 1 < n && notes[nth + 1].onset_ticks <= MAX (added.onset_ticks, 0))
    nth++;
  if (selected != NULL)
    *selected = arietta_selection_new (&(AriettaNoteRef) { track, nth }, 1);
  return arietta_piece_freeze (g_steal_pointer (&result));
}

/* ---- Quantise and humanise ---- */

typedef struct
{
  const AriettaQuantise *settings;
  AriettaBarMap         *bars;
} Grid;

/* The line of the grid nearest to @tick, lines being counted from the bar's beginning. */
static gint64
nearest_line (const Grid *grid,
              gint64      tick)
{
  gint64 start = arietta_bar_map_get_start (grid->bars, arietta_bar_map_find (grid->bars, tick));
  double step = (double) grid->settings->grid_ticks;
  double late = grid->settings->swing * step / 2;
  double inside = (double) (tick - start);
  gint64 pair = (gint64) floor (inside / (2 * step));
  double best = 0, distance = INFINITY;

  /* The lines on and between two pairs: even ones in their place, odd ones late. */
  for (int i = 0; i < 3; i++)
    {
      double line = (double) pair * 2 * step + i * step + (i == 1 ? late : 0);

      if (fabs (line - inside) < distance)
        {
          distance = fabs (line - inside);
          best = line;
        }
    }
  return start + (gint64) round (best);
}

static void
quantise_verb (const AriettaNote *note,
               guint              track,
               GArray            *notes,
               gpointer           user_data)
{
  const Grid *grid = user_data;
  double strength = grid->settings->strength;
  AriettaNote changed = *note;

  changed.onset_ticks += (gint64) round (strength * (double) (nearest_line (grid, note->onset_ticks) - note->onset_ticks));
  if (grid->settings->ends)
    {
      gint64 end = note->onset_ticks + note->duration_ticks;

      end += (gint64) round (strength * (double) (nearest_line (grid, end) - end));
      changed.duration_ticks = MAX (end - changed.onset_ticks, MIN (note->duration_ticks, grid->settings->grid_ticks));
    }
  put (notes, changed,
       MARKED | (changed.onset_ticks != note->onset_ticks || changed.duration_ticks != note->duration_ticks
                   ? ARIETTA_NOTE_EDITED : 0));
}

AriettaPiece *
arietta_notes_quantise (AriettaPiece           *piece,
                        AriettaSelection       *notes,
                        const AriettaQuantise  *settings,
                        AriettaSelection      **selected)
{
  g_autoptr(AriettaBarMap) bars = NULL;
  Grid grid;

  g_return_val_if_fail (settings->grid_ticks > 0, NULL);

  bars = arietta_bar_map_new (piece);
  grid = (Grid) { settings, bars };
  return change_notes (piece, notes, quantise_verb, &grid, selected);
}

typedef struct
{
  gint64         ticks;
  int            velocity;
  AriettaRandom *random;
} Human;

static double
draw_within (AriettaRandom *random,
             double         most)
{
  return CLAMP (arietta_random_normal (random) * most / 3, -most, most);
}

static void
humanise_verb (const AriettaNote *note,
               guint              track,
               GArray            *notes,
               gpointer           user_data)
{
  const Human *human = user_data;
  AriettaNote changed = *note;

  changed.onset_ticks = MAX (note->onset_ticks + (gint64) round (draw_within (human->random, (double) human->ticks)), 0);
  changed.velocity = (guint8) CLAMP (note->velocity + (int) round (draw_within (human->random, human->velocity)), 1, 127);
  put (notes, changed, MARKED | ARIETTA_NOTE_EDITED);
}

AriettaPiece *
arietta_notes_humanise (AriettaPiece      *piece,
                        AriettaSelection  *notes,
                        gint64             ticks,
                        int                velocity,
                        AriettaRandom     *random,
                        AriettaSelection **selected)
{
  Human human = { ticks, velocity, random };

  return change_notes (piece, notes, humanise_verb, &human, selected);
}
