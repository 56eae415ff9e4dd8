/* arietta-mixer-strip.h - one track of the mixer; private to views/arietta-mixer.c */
#pragma once

#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_MIXER_STRIP (arietta_mixer_strip_get_type ())
G_DECLARE_FINAL_TYPE (AriettaMixerStrip, arietta_mixer_strip, ARIETTA, MIXER_STRIP, GtkWidget)

GtkWidget *arietta_mixer_strip_new       (AriettaSession    *session,
                                          guint              track) G_GNUC_WARN_UNUSED_RESULT;
void       arietta_mixer_strip_set_piece (AriettaMixerStrip *self,
                                          AriettaPiece      *piece);
/* Some 25 times a second; FALSE when it shows nothing. */
gboolean   arietta_mixer_strip_measure   (AriettaMixerStrip *self,
                                          gint64             time_us);

G_END_DECLS
