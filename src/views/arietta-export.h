/* arietta-export.h - a take or an open piece as a file: asks where, works as a job, tells when it is done
 *
 * A format is called by its ending without the dot: "mid", "musicxml", "wav", "flac", "ogg", "opus", "mp3", "png",
 * "svg".
 */
#pragma once

#include <gtk/gtk.h>

#include "studio/arietta-composition.h"
#include "views/arietta-session.h"

G_BEGIN_DECLS

/* As it was written. @take is borrowed for the call. */
void arietta_export_take  (GtkWidget           *near,
                           AriettaSession      *session,
                           const AriettaTake   *take,
                           const char          *format);
/* @piece (frozen) as it is now. */
void arietta_export_piece (GtkWidget           *near,
                           AriettaSession      *session,
                           AriettaPiece        *piece,
                           const char          *title,
                           const char          *format);

/* The same without asking, into @folder under the title: a job that gives the path (char *).  @piece NULL: the take. */
AriettaJob *arietta_export_job_new  (AriettaSession     *session,
                                     AriettaPiece       *piece,
                                     gint64              take_id,
                                     const char         *title,
                                     const char         *format,
                                     const char         *folder) G_GNUC_WARN_UNUSED_RESULT;
/* With its history, as a project to pass on. */
void arietta_export_composition (GtkWidget          *near,
                                 AriettaSession     *session,
                                 AriettaComposition *composition);

G_END_DECLS
