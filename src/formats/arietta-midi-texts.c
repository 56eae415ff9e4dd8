/* What the texts of a MIDI file mean to a person: names, title, encoding. */
#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-midi-private.h"

#include <string.h>

/* Helpers */

static const AriettaEvent *
find_name (AriettaTrack *track)
{
  guint n;
  const AriettaEvent *events = arietta_track_get_events (track, &n);

  for (guint i = 0; i < n; i++)
    if (events[i].status == 0xFF && events[i].data1 == MIDI_META_NAME)
      return &events[i];

  return NULL;
}

/* Karaoke files have the title as a text that begins with "@T"; their tracks are called "Words" and
 * the like. */
static const AriettaEvent *
find_karaoke_title (AriettaPiece *piece)
{
  for (guint i = 0; i < MIN (arietta_piece_get_n_tracks (piece), 3); i++)
    {
      guint n;
      const AriettaEvent *events = arietta_track_get_events (arietta_piece_get_track (piece, i), &n);

      for (guint k = 0; k < n && events[k].tick == 0; k++)
        if (events[k].status == 0xFF && events[k].data1 == MIDI_META_TEXT && events[k].n_bytes > 2 &&
            memcmp (events[k].bytes, "@T", 2) == 0)
          return &events[k];
    }
  return NULL;
}

/* Within formats/ */

char *
_arietta_midi_dup_title (AriettaPiece    *piece,
                         AriettaEncoding  encoding)
{
  const AriettaEvent *event = find_karaoke_title (piece);
  AriettaTrack *first;
  g_autofree char *title = NULL;
  guint n_notes;

  if (event != NULL)
    return arietta_text_decode (event->bytes + 2, event->n_bytes - 2, encoding);
  if (arietta_piece_get_n_tracks (piece) == 0)
    return NULL;

  /* The first track's name is the sequence's, by the standard; but where it is an instrument among
   * others, everybody means the instrument. */
  first = arietta_piece_get_track (piece, 0);
  arietta_track_get_notes (first, &n_notes);
  if (arietta_piece_get_n_tracks (piece) > 1 && n_notes > 0)
    return NULL;
  event = find_name (first);
  if (event == NULL)
    return NULL;

  title = arietta_text_decode (event->bytes, event->n_bytes, encoding);
  g_strstrip (title);
  return title[0] != '\0' ? g_steal_pointer (&title) : NULL;
}

void
_arietta_midi_show_texts (AriettaPiece    *piece,
                          AriettaEncoding  encoding)
{
  g_autofree char *title = _arietta_midi_dup_title (piece, encoding);

  for (guint i = 0; i < arietta_piece_get_n_tracks (piece); i++)
    {
      AriettaTrack *track = arietta_piece_get_track (piece, i);
      const AriettaEvent *event = find_name (track);

      if (event != NULL)
        {
          g_autofree char *name = arietta_text_decode (event->bytes, event->n_bytes, encoding);

          arietta_track_set_shown_name (track, g_strstrip (name));
        }
    }
  arietta_piece_set_title (piece, title);
}

/* Public */

AriettaEncoding
arietta_midi_guess_encoding (AriettaPiece *piece)
{
  g_autoptr(GByteArray) all = g_byte_array_new ();

  g_return_val_if_fail (piece != NULL, ARIETTA_ENCODING_UTF8);

  for (guint i = 0; i < arietta_piece_get_n_tracks (piece); i++)
    {
      guint n;
      const AriettaEvent *events = arietta_track_get_events (arietta_piece_get_track (piece, i), &n);

      for (guint k = 0; k < n; k++)
        {
          if (!midi_event_is_text (&events[k]) || events[k].n_bytes == 0)
            continue;
          g_byte_array_append (all, events[k].bytes, events[k].n_bytes);
          g_byte_array_append (all, (const guint8 *) "\n", 1);
        }
    }
  return arietta_text_guess (all->data, all->len);
}

AriettaPiece *
arietta_midi_with_encoding (AriettaPiece    *piece,
                            AriettaEncoding  encoding)
{
  AriettaPiece *copy;
  g_autofree char *given = NULL;
  gboolean titled;

  g_return_val_if_fail (piece != NULL, NULL);

  /* A title that did not come from the events stays. */
  given = _arietta_midi_dup_title (piece, arietta_midi_guess_encoding (piece));
  titled = g_strcmp0 (given, arietta_piece_get_title (piece)) != 0;

  copy = arietta_piece_copy (piece);
  _arietta_midi_show_texts (copy, encoding);
  if (titled)
    arietta_piece_set_title (copy, arietta_piece_get_title (piece));
  return arietta_piece_freeze (copy);
}
