#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-statement.h"

#include <string.h>

#define PREFIX "Arietta: "

enum { META = 0xff, META_TEXT = 0x01 };

static gboolean
is_statement (const AriettaEvent *event)
{
  return event->status == META && event->data1 == META_TEXT && event->n_bytes > strlen (PREFIX)
         && memcmp (event->bytes, PREFIX, strlen (PREFIX)) == 0;
}

/* The event that holds the statement, or NULL; @track and @nth say where. */
static const AriettaEvent *
find (AriettaPiece  *piece,
      AriettaTrack **track,
      guint         *nth)
{
  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint               n;
      const AriettaEvent *events;

      *track = arietta_piece_get_track (piece, t);
      events = arietta_track_get_events (*track, &n);
      for (*nth = 0; *nth < n; (*nth)++)
        if (is_statement (&events[*nth]))
          return &events[*nth];
    }

  return NULL;
}

char *
arietta_statement_dup (AriettaPiece *piece)
{
  AriettaTrack       *track;
  guint               nth;
  const AriettaEvent *event;

  g_return_val_if_fail (piece != NULL, NULL);

  event = find (piece, &track, &nth);
  return event != NULL ? g_utf8_make_valid ((const char *) event->bytes + strlen (PREFIX),
                                            (gssize) (event->n_bytes - strlen (PREFIX))) : NULL;
}

void
arietta_statement_set (AriettaPiece *piece,
                       const char   *json)
{
  g_autofree char *text = g_strconcat (PREFIX, json, NULL);
  AriettaTrack    *track;
  guint            nth;

  g_return_if_fail (piece != NULL && !arietta_piece_is_frozen (piece));

  if (find (piece, &track, &nth) != NULL)
    arietta_track_set_event_bytes (track, nth, (const guint8 *) text, (guint32) strlen (text));
  else if (arietta_piece_get_n_tracks (piece) > 0)
    arietta_track_add_event (arietta_piece_get_track (piece, 0), 0, META, META_TEXT, 0, (const guint8 *) text,
                             (guint32) strlen (text));
}
