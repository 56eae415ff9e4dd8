#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-marks.h"

#include <string.h>

#include "music/arietta-piece-private.h"
#include "music/arietta-pitch.h"

#define META 0xFF
#define MARKER 0x06
#define SPECIFIC 0x7F
#define N_OWN 5   /* bytes of one of our own events: 7D, A, r, what, and at least one value */

typedef enum
{
  OWN_HUE = 1,
  OWN_SCALE = 2,
} Own;

typedef enum
{
  KIND_MARKER,
  KIND_CHORD,
  KIND_HUE,
  KIND_SCALE,
} Kind;

/* Which events are meant: of a kind, and unless @any_tick at one tick. */
typedef struct
{
  Kind     kind;
  gboolean any_tick;
  gint64   tick;
} Which;

static gboolean
is_own (const AriettaEvent *event,
        Own                 what)
{
  return event->status == META && event->data1 == SPECIFIC && event->n_bytes >= N_OWN && event->bytes[0] == 0x7D &&
         event->bytes[1] == 'A' && event->bytes[2] == 'r' && event->bytes[3] == what;
}

static gboolean
is_kind (const AriettaEvent *event,
         Kind                kind)
{
  AriettaChord chord;

  switch (kind)
    {
    case KIND_MARKER:
      return event->status == META && event->data1 == MARKER;
    case KIND_CHORD:
      return event->status == META && event->data1 == SPECIFIC &&
             arietta_chord_from_bytes (&chord, event->bytes, event->n_bytes);
    case KIND_HUE:
      return is_own (event, OWN_HUE);
    case KIND_SCALE:
      return is_own (event, OWN_SCALE);
    default:
      return FALSE;
    }
}

static gboolean
is_which (const AriettaEvent *event,
          gpointer            user_data)
{
  const Which *which = user_data;

  return is_kind (event, which->kind) && (which->any_tick || event->tick == which->tick);
}

static void
drop (AriettaPiece *piece,
      Kind          kind,
      gboolean      any_tick,
      gint64        tick)
{
  Which which = { kind, any_tick, tick };

  for (guint i = 0; i < arietta_piece_get_n_tracks (piece); i++)
    arietta_track_drop_events (arietta_piece_get_track (piece, i), is_which, &which);
}

/* What speaks of the piece as a whole stands in its first track. */
static AriettaTrack *
first_track (AriettaPiece *piece)
{
  return arietta_piece_get_n_tracks (piece) > 0 ? arietta_piece_get_track (piece, 0)
                                                : arietta_piece_add_track (piece, "");
}

typedef void (*EventFunc) (const AriettaEvent *event,
                           gpointer            user_data);

static void
foreach_event (AriettaPiece *piece,
               Kind          kind,
               EventFunc     func,
               gpointer      user_data)
{
  for (guint i = 0; i < arietta_piece_get_n_tracks (piece); i++)
    {
      guint n;
      const AriettaEvent *events = arietta_track_get_events (arietta_piece_get_track (piece, i), &n);

      for (guint k = 0; k < n; k++)
        if (is_kind (&events[k], kind))
          func (&events[k], user_data);
    }
}

/* ---- Markers ---- */

static void
marker_free (gpointer data)
{
  AriettaMarker *marker = data;

  g_free (marker->name);
  g_free (marker);
}

/* Older files say nothing about their encoding. */
static void
collect_marker_cb (const AriettaEvent *event,
                   gpointer            user_data)
{
  const char *bytes = (const char *) event->bytes;
  AriettaMarker *marker = g_new0 (AriettaMarker, 1);

  marker->tick = event->tick;
  if (g_utf8_validate (bytes, event->n_bytes, NULL))
    marker->name = g_strndup (bytes, event->n_bytes);
  else
    marker->name = g_convert (bytes, event->n_bytes, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
  if (marker->name == NULL)
    marker->name = g_strdup ("");
  g_ptr_array_add (user_data, marker);
}

static int
compare_markers (gconstpointer a,
                 gconstpointer b)
{
  const AriettaMarker *left = *(AriettaMarker * const *) a, *right = *(AriettaMarker * const *) b;

  return (left->tick > right->tick) - (left->tick < right->tick);
}

GPtrArray *
arietta_marks_get_markers (AriettaPiece *piece)
{
  GPtrArray *markers = g_ptr_array_new_with_free_func (marker_free);

  g_return_val_if_fail (piece != NULL, markers);

  foreach_event (piece, KIND_MARKER, collect_marker_cb, markers);
  g_ptr_array_sort (markers, compare_markers);
  for (guint i = markers->len; i > 1; i--)
    if (((AriettaMarker *) markers->pdata[i - 1])->tick == ((AriettaMarker *) markers->pdata[i - 2])->tick)
      g_ptr_array_remove_index (markers, i - 1);
  return markers;
}

static void
add_marker (AriettaPiece *piece,
            gint64        tick,
            const char   *name)
{
  arietta_track_add_event (first_track (piece), MAX (tick, 0), META, MARKER, 0, (const guint8 *) name,
                           (guint32) strlen (name));
}

AriettaPiece *
arietta_marks_set_marker (AriettaPiece *piece,
                          gint64        tick,
                          const char   *name)
{
  AriettaPiece *after;

  g_return_val_if_fail (piece != NULL, NULL);

  after = arietta_piece_copy (piece);
  drop (after, KIND_MARKER, FALSE, tick);
  if (name != NULL && *name != '\0')
    add_marker (after, tick, name);
  return _arietta_piece_freeze_unless_equal (piece, after);
}

AriettaPiece *
arietta_marks_move_marker (AriettaPiece *piece,
                           gint64        from,
                           gint64        to)
{
  g_autoptr(GPtrArray) markers = arietta_marks_get_markers (piece);
  const AriettaMarker *found = NULL;
  AriettaPiece *after;

  for (guint i = 0; i < markers->len; i++)
    if (((AriettaMarker *) markers->pdata[i])->tick == from)
      found = markers->pdata[i];
  if (found == NULL || from == to)
    return arietta_piece_ref (piece);

  after = arietta_piece_copy (piece);
  drop (after, KIND_MARKER, FALSE, from);
  drop (after, KIND_MARKER, FALSE, to);
  add_marker (after, to, found->name);
  return arietta_piece_freeze (after);
}

/* ---- Chords ---- */

static void
collect_chord_cb (const AriettaEvent *event,
                  gpointer            user_data)
{
  AriettaChordMark mark = { .tick = event->tick };

  if (arietta_chord_from_bytes (&mark.chord, event->bytes, event->n_bytes))
    g_array_append_val ((GArray *) user_data, mark);
}

static int
compare_chords (gconstpointer a,
                gconstpointer b)
{
  const AriettaChordMark *left = a, *right = b;

  return (left->tick > right->tick) - (left->tick < right->tick);
}

GArray *
arietta_marks_get_chords (AriettaPiece *piece)
{
  GArray *chords = g_array_new (FALSE, FALSE, sizeof (AriettaChordMark));

  g_return_val_if_fail (piece != NULL, chords);

  foreach_event (piece, KIND_CHORD, collect_chord_cb, chords);
  g_array_sort (chords, compare_chords);
  for (guint i = chords->len; i > 1; i--)
    if (g_array_index (chords, AriettaChordMark, i - 1).tick == g_array_index (chords, AriettaChordMark, i - 2).tick)
      g_array_remove_index (chords, i - 1);
  return chords;
}

static void
add_chord (AriettaPiece       *piece,
           gint64              tick,
           const AriettaChord *chord)
{
  guint8 bytes[ARIETTA_CHORD_N_BYTES];

  arietta_chord_to_bytes (chord, bytes);
  arietta_track_add_event (first_track (piece), MAX (tick, 0), META, SPECIFIC, 0, bytes, sizeof bytes);
}

AriettaPiece *
arietta_marks_set_chords (AriettaPiece *piece,
                          GArray       *chords)
{
  AriettaPiece *after;

  g_return_val_if_fail (piece != NULL && chords != NULL, NULL);

  after = arietta_piece_copy (piece);
  drop (after, KIND_CHORD, TRUE, 0);
  for (guint i = 0; i < chords->len; i++)
    {
      const AriettaChordMark *mark = &g_array_index (chords, AriettaChordMark, i);

      add_chord (after, mark->tick, &mark->chord);
    }
  return _arietta_piece_freeze_unless_equal (piece, after);
}

AriettaPiece *
arietta_marks_set_chord (AriettaPiece       *piece,
                         gint64              tick,
                         const AriettaChord *chord)
{
  AriettaPiece *after;

  g_return_val_if_fail (piece != NULL, NULL);

  after = arietta_piece_copy (piece);
  drop (after, KIND_CHORD, FALSE, tick);
  if (chord != NULL)
    add_chord (after, tick, chord);
  return _arietta_piece_freeze_unless_equal (piece, after);
}

AriettaPiece *
arietta_marks_move_chord (AriettaPiece *piece,
                          gint64        from,
                          gint64        to)
{
  g_autoptr(GArray) chords = arietta_marks_get_chords (piece);
  AriettaPiece *after;

  for (guint i = 0; i < chords->len; i++)
    {
      const AriettaChordMark *mark = &g_array_index (chords, AriettaChordMark, i);

      if (mark->tick != from || from == to)
        continue;
      after = arietta_piece_copy (piece);
      drop (after, KIND_CHORD, FALSE, from);
      drop (after, KIND_CHORD, FALSE, to);
      add_chord (after, to, &mark->chord);
      return arietta_piece_freeze (after);
    }
  return arietta_piece_ref (piece);
}

/* ---- Scale ---- */

static void
find_scale_cb (const AriettaEvent *event,
               gpointer            user_data)
{
  int *found = user_data;

  if (event->n_bytes >= N_OWN + 1 && event->bytes[4] < 12)
    {
      found[0] = event->bytes[4];
      found[1] = event->bytes[5];
    }
}

gboolean
arietta_marks_get_scale (AriettaPiece *piece,
                         int          *tonic,
                         int          *mode)
{
  int found[2] = { -1, 0 };

  g_return_val_if_fail (piece != NULL, FALSE);

  foreach_event (piece, KIND_SCALE, find_scale_cb, found);
  *tonic = found[0];
  *mode = found[1];
  return found[0] >= 0;
}

AriettaPiece *
arietta_marks_set_scale (AriettaPiece *piece,
                         int           tonic,
                         int           mode)
{
  const guint8 bytes[] = { 0x7D, 'A', 'r', OWN_SCALE, (guint8) tonic, (guint8) mode };
  AriettaPiece *after;

  g_return_val_if_fail (piece != NULL && tonic < 12 && mode >= 0 && mode < 128, NULL);

  after = arietta_piece_copy (piece);
  drop (after, KIND_SCALE, TRUE, 0);
  if (tonic >= 0)
    arietta_track_add_event (first_track (after), 0, META, SPECIFIC, 0, bytes, sizeof bytes);
  if (tonic >= 0 && (mode == ARIETTA_SCALE_MAJOR || mode == ARIETTA_SCALE_MINOR))
    arietta_piece_set_key (after, 0, arietta_tonality_get_sharps ((AriettaTonality) { tonic, (AriettaScale) mode }),
                           mode == ARIETTA_SCALE_MINOR);
  return _arietta_piece_freeze_unless_equal (piece, after);
}

/* ---- Colours ---- */

int
arietta_marks_get_hue (AriettaTrack *track)
{
  const AriettaEvent *events;
  guint n;

  g_return_val_if_fail (track != NULL, -1);

  events = arietta_track_get_events (track, &n);
  for (guint i = 0; i < n && events[i].tick == 0; i++)
    if (is_own (&events[i], OWN_HUE))
      return events[i].bytes[4] % 8;
  return -1;
}

AriettaPiece *
arietta_marks_set_hue (AriettaPiece *piece,
                       guint         track,
                       int           hue)
{
  const guint8 bytes[] = { 0x7D, 'A', 'r', OWN_HUE, (guint8) hue };
  Which which = { KIND_HUE, TRUE, 0 };
  AriettaPiece *after;

  g_return_val_if_fail (piece != NULL && track < arietta_piece_get_n_tracks (piece), NULL);
  g_return_val_if_fail (hue < 8, NULL);

  after = arietta_piece_copy (piece);
  arietta_track_drop_events (arietta_piece_get_track (after, track), is_which, &which);
  if (hue >= 0)
    arietta_track_add_event (arietta_piece_get_track (after, track), 0, META, SPECIFIC, 0, bytes, sizeof bytes);
  return _arietta_piece_freeze_unless_equal (piece, after);
}
