#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-listen-clock.h"

#include "views/arietta-load.h"

#define LISTEN_SECONDS 2.0

struct _AriettaListenClock
{
  AriettaLibrary *library;
  gint64          since;   /* monotonic time, 0 while silent */
};

typedef struct
{
  AriettaLibrary *library;
  AriettaListen   listen;
} Entry;

static void
entry_free (Entry *entry)
{
  g_object_unref (entry->library);
  g_free (entry);
}

static gpointer
write_entry (gpointer   data,
             GError   **error)
{
  Entry *entry = data;

  arietta_library_add_listen (entry->library, &entry->listen, error);
  return NULL;
}

static void
entry_written_cb (gpointer      owner,
                  gpointer      result,
                  const GError *error)
{
  /* A listen that cannot be kept is no reason to interrupt someone who listens. */
  if (error != NULL)
    g_warning ("%s", error->message);
}

AriettaListenClock *
arietta_listen_clock_new (AriettaLibrary *library)
{
  AriettaListenClock *self = g_new0 (AriettaListenClock, 1);

  self->library = g_object_ref (library);
  return self;
}

void
arietta_listen_clock_free (AriettaListenClock *self)
{
  g_object_unref (self->library);
  g_free (self);
}

void
arietta_listen_clock_start (AriettaListenClock *self)
{
  if (self->since == 0)
    self->since = g_get_monotonic_time ();
}

void
arietta_listen_clock_flush (AriettaListenClock *self,
                            gint64              item_id,
                            gint64              take_id)
{
  double seconds = self->since != 0 ? (g_get_monotonic_time () - self->since) / 1e6 : 0.0;
  Entry *entry;

  self->since = 0;
  if (seconds < LISTEN_SECONDS || (take_id == 0 && item_id == 0))
    return;

  entry = g_new0 (Entry, 1);
  entry->library = g_object_ref (self->library);
  entry->listen.take_id = take_id;
  entry->listen.item_id = item_id;
  entry->listen.unix_time = g_get_real_time () / G_USEC_PER_SEC;
  entry->listen.seconds = seconds;
  arietta_load_async (self->library, NULL, write_entry, entry, (GDestroyNotify) entry_free, NULL,
                      entry_written_cb);
}
