/* arietta-session-private.h - shared by the files of the session
 *
 *   arietta-session.c        life, settings, what it is made of
 *   arietta-session-stand.c  the stand: what gets there and sounds
 */
#pragma once

#include "views/arietta-listen-clock.h"
#include "views/arietta-session.h"

G_BEGIN_DECLS

struct _AriettaSession
{
  GObject            parent_instance;

  GSettings         *settings;
  AriettaLibrary    *library;
  AriettaPlayer     *player;
  AriettaRecorder   *recorder;
  AriettaJobQueue   *jobs;
  AriettaFaceLoader *faces;
  AriettaSlices     *slices;

  /* What is on the stand. */
  char              *title;
  gint64             take_id;
  gint64             item_id;

  /* The last request wins. */
  GCancellable      *loading;

  AriettaListenClock *clock;

  gboolean           beside;   /* all but the stand is another session's */
};

/* arietta-session-stand.c: before the stand changes and when playing stops. */
void arietta_session_flush_listen (AriettaSession *self);

G_END_DECLS
