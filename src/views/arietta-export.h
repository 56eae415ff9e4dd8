/* arietta-export.h - a take or piece as a file: asks where, works as a job, tells when it is done */
#pragma once

#include <gtk/gtk.h>

#include "views/arietta-session.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_EXPORT_MIDI,
  ARIETTA_EXPORT_WAV,
  ARIETTA_EXPORT_FLAC,
} AriettaExportFormat;

/* @take is borrowed for the call. */
void arietta_export_take (GtkWidget           *near,
                          AriettaSession      *session,
                          const AriettaTake   *take,
                          AriettaExportFormat  format);

G_END_DECLS
