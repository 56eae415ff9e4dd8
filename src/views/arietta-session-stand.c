/* What gets on the stand: read by a worker where it has to be, the last request winning. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-session-private.h"

#include "views/arietta-load.h"

typedef struct
{
  AriettaLibrary *library;
  gint64          take_id;
  gint64          item_id;
  char           *title;
  gboolean        play;
} Errand;

static Errand *
errand_new (AriettaSession *self)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->library = g_object_ref (self->library);
  return errand;
}

static void
errand_free (Errand *errand)
{
  g_object_unref (errand->library);
  g_free (errand->title);
  g_free (errand);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Errand, errand_free)

/* Before the stand changes and when playing stops. */
void
arietta_session_flush_listen (AriettaSession *self)
{
  arietta_listen_clock_flush (self->clock, self->item_id, self->take_id);
}

static void
set_stand (AriettaSession *self,
           const char     *title,
           gint64          item_id,
           gint64          take_id)
{
  g_free (self->title);
  self->title = g_strdup (title);
  self->item_id = item_id;
  self->take_id = take_id;

  g_object_notify (G_OBJECT (self), "title");
  g_object_notify (G_OBJECT (self), "item-id");
  g_object_notify (G_OBJECT (self), "take-id");
  g_object_notify (G_OBJECT (self), "piece");
}

/* The beat of the first note: who asks to hear a piece does not wait through the rest before its
 * upbeat. */
static gint64
find_first_beat (AriettaPiece *piece)
{
  gint64 start = arietta_piece_get_notes_start_ticks (piece);

  return start - start % arietta_piece_get_ticks_per_quarter (piece);
}

/* A new thing on the stand starts at its beginning; the same one goes on where it is. */
static void
put_piece (AriettaSession *self,
           AriettaPiece   *piece,
           const char     *title,
           gint64          item_id,
           gint64          take_id,
           gboolean        play)
{
  gboolean same = take_id != 0 ? take_id == self->take_id
                  : item_id != 0 ? item_id == self->item_id
                  : piece == arietta_player_get_piece (self->player);

  g_clear_object (&self->loading);
  if (!same)
    arietta_session_flush_listen (self);

  if (piece != arietta_player_get_piece (self->player))
    {
      if (!same && arietta_player_is_playing (self->player))
        arietta_player_stop (self->player);
      arietta_player_set_piece (self->player, piece);
    }
  if (!same || play)
    arietta_player_seek (self->player, play ? find_first_beat (piece) : 0);

  set_stand (self, title != NULL ? title : arietta_piece_get_title (piece), item_id, take_id);
  if (play)
    arietta_player_play (self->player);
}

static void
put_sound (AriettaSession *self,
           const char     *path,
           const char     *title,
           gint64          item_id,
           gboolean        play)
{
  g_clear_object (&self->loading);
  arietta_session_flush_listen (self);
  arietta_player_stop (self->player);
  arietta_player_set_sound_file (self->player, path);
  set_stand (self, title, item_id, 0);
  if (play)
    arietta_player_play (self->player);
}

static gpointer
read_piece (gpointer   data,
            GError   **error)
{
  Errand *errand = data;

  if (errand->take_id != 0)
    return arietta_library_load_take (errand->library, errand->take_id, error);
  return arietta_library_load_item (errand->library, errand->item_id, error);
}

typedef struct
{
  AriettaPiece *piece;
  char         *title;
  gint64        item_id;
  gint64        take_id;
  gboolean      play;
} Arrival;

static void
arrival_free (Arrival *arrival)
{
  g_clear_pointer (&arrival->piece, arietta_piece_unref);
  g_free (arrival->title);
  g_free (arrival);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Arrival, arrival_free)

static gpointer
read_arrival (gpointer   data,
              GError   **error)
{
  Errand *errand = data;
  AriettaPiece *piece = read_piece (errand, error);
  Arrival *arrival;

  if (piece == NULL)
    return NULL;

  arrival = g_new0 (Arrival, 1);
  arrival->piece = piece;
  arrival->title = g_strdup (errand->title);
  arrival->item_id = errand->item_id;
  arrival->take_id = errand->take_id;
  arrival->play = errand->play;
  return arrival;
}

static void
piece_read_cb (gpointer      owner,
               gpointer      result,
               const GError *error)
{
  AriettaSession *self = owner;
  g_autoptr(Arrival) arrival = result;

  if (error != NULL)
    {
      g_signal_emit_by_name (self, "failed", error);
      return;
    }
  put_piece (self, arrival->piece, arrival->title, arrival->item_id, arrival->take_id,
             arrival->play);
}

static void
load_and_put (AriettaSession *self,
              gint64          item_id,
              gint64          take_id,
              const char     *title,
              gboolean        play)
{
  Errand *errand = errand_new (self);

  errand->item_id = item_id;
  errand->take_id = take_id;
  errand->title = g_strdup (title);
  errand->play = play;

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  arietta_load_async (self, self->loading, read_arrival, errand, (GDestroyNotify) errand_free,
                      (GDestroyNotify) arrival_free, piece_read_cb);
}

/* Something was put on the stand by hand: what is still being read no longer wants to get there. */
static void
forget_loading (AriettaSession *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
}

void
arietta_session_play_piece (AriettaSession *self,
                            AriettaPiece   *piece,
                            const char     *title,
                            gboolean        play)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));
  g_return_if_fail (piece != NULL);

  forget_loading (self);
  put_piece (self, piece, title, 0, 0, play);
}

void
arietta_session_play_take (AriettaSession *self,
                           gint64          take_id,
                           const char     *title,
                           gboolean        play)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));

  load_and_put (self, 0, take_id, title, play);
}

void
arietta_session_play_take_piece (AriettaSession *self,
                                 gint64          take_id,
                                 AriettaPiece   *piece,
                                 const char     *title,
                                 gboolean        play)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));
  g_return_if_fail (piece != NULL);

  forget_loading (self);
  put_piece (self, piece, title, 0, take_id, play);
}

void
arietta_session_play_item (AriettaSession    *self,
                           const AriettaItem *item,
                           gboolean           play)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));
  g_return_if_fail (item != NULL);

  if (item->medium == ARIETTA_MEDIUM_SOUND)
    {
      forget_loading (self);
      put_sound (self, item->path, item->title, item->id, play);
    }
  else
    load_and_put (self, item->id, 0, item->title, play);
}

void
arietta_session_play_sound (AriettaSession *self,
                            const char     *path,
                            const char     *title,
                            gboolean        play)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));
  g_return_if_fail (path != NULL);

  forget_loading (self);
  put_sound (self, path, title, 0, play);
}

/* Play at the very end means from the beginning. */
static void
rewind_at_end (AriettaSession *self)
{
  AriettaPiece *piece = arietta_player_get_piece (self->player);
  gint64 position_ns, duration_ns;

  if (piece != NULL)
    {
      if (arietta_player_get_position (self->player) >= arietta_piece_get_notes_end_ticks (piece))
        arietta_player_seek (self->player, 0);
      return;
    }

  g_object_get (self->player, "position-ns", &position_ns, "duration-ns", &duration_ns, NULL);
  if (duration_ns > 0 && position_ns >= duration_ns)
    arietta_player_seek_ns (self->player, 0);
}

gboolean
arietta_session_is_empty (AriettaSession *self)
{
  g_autofree char *sound = NULL;

  g_return_val_if_fail (ARIETTA_IS_SESSION (self), TRUE);

  if (arietta_player_get_piece (self->player) != NULL)
    return FALSE;
  g_object_get (self->player, "sound-file", &sound, NULL);
  return sound == NULL;
}

void
arietta_session_change_piece (AriettaSession *self,
                              AriettaPiece   *piece)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self) && piece != NULL);

  if (piece == arietta_player_get_piece (self->player))
    return;
  arietta_player_set_piece (self->player, piece);
  g_object_notify (G_OBJECT (self), "piece");
}

void
arietta_session_become_take (AriettaSession *self,
                             gint64          take_id,
                             AriettaPiece   *piece,
                             const char     *title)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self) && piece != NULL);

  forget_loading (self);
  arietta_session_flush_listen (self);
  if (piece != arietta_player_get_piece (self->player))
    arietta_player_set_piece (self->player, piece);
  set_stand (self, title, 0, take_id);
}

void
arietta_session_rename (AriettaSession *self,
                        const char     *title)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));

  if (g_strcmp0 (self->title, title) == 0)
    return;
  g_free (self->title);
  self->title = g_strdup (title);
  g_object_notify (G_OBJECT (self), "title");
}

void
arietta_session_toggle (AriettaSession *self)
{
  g_return_if_fail (ARIETTA_IS_SESSION (self));

  if (arietta_player_is_playing (self->player))
    arietta_player_stop (self->player);
  else if (!arietta_session_is_empty (self))
    {
      rewind_at_end (self);
      arietta_player_play (self->player);
    }
}
