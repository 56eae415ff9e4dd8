/* arietta-sound-file.h - what a sound file is, without playing it */
#pragma once

#include <gio/gio.h>

#include "audio/arietta-audio-error.h"

G_BEGIN_DECLS

typedef struct
{
  double  seconds;
  int     sample_rate;
  int     channels;
  char   *codec;
  char   *title;    /* from its tags, or NULL */
} AriettaSoundInfo;

void     arietta_sound_info_clear (AriettaSoundInfo *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AriettaSoundInfo, arietta_sound_info_clear)

/* Blocks up to a few seconds: call from a worker. */
gboolean arietta_sound_file_probe (const char        *path,
                                   AriettaSoundInfo  *info,
                                   GError           **error);

G_END_DECLS
