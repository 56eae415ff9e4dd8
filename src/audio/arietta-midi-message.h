/* arietta-midi-message.h - one message of a keyboard */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_MIDI_ALL_NOTES_OFF 123   /* a controller */

typedef struct
{
  gint64 time_us;  /* g_get_monotonic_time () when it came */
  guint8 status;   /* 0x80..0xEF, with the channel it came on */
  guint8 data1;
  guint8 data2;
} AriettaMidiMessage;

G_END_DECLS
