/* midi-bytes.h - MIDI files of a test, written as hexadecimal text
 *
 * "90 3C 40" is bytes, anything in quotes is ASCII, MTrk{ ... } is a track chunk with its length
 * filled in, and MThd is a header of format, tracks and division: MThd 1 2 01E0.
 */
#pragma once

#include <glib.h>
#include <string.h>

static inline GByteArray *
midi_bytes (const char *text)
{
  GByteArray *bytes = g_byte_array_new ();
  gsize track = 0;

  while (*text != '\0')
    {
      if (g_ascii_isspace (*text))
        {
          text++;
        }
      else if (g_str_has_prefix (text, "MThd"))
        {
          guint8 head[14] = { 'M', 'T', 'h', 'd', 0, 0, 0, 6, 0, 0, 0, 0, 0, 0 };
          char *end;
          guint division;

          head[9] = strtoul (text + 4, &end, 10);
          head[11] = strtoul (end, &end, 10);
          division = strtoul (end, &end, 16);
          head[12] = division >> 8;
          head[13] = division;
          g_byte_array_append (bytes, head, sizeof head);
          text = end;
        }
      else if (g_str_has_prefix (text, "MTrk{"))
        {
          g_byte_array_append (bytes, (const guint8 *) "MTrk\0\0\0\0", 8);
          track = bytes->len;
          text += 5;
        }
      else if (*text == '}')
        {
          guint32 length = GUINT32_TO_BE (bytes->len - track);

          memcpy (bytes->data + track - 4, &length, 4);
          text++;
        }
      else if (*text == '\'')
        {
          const char *end = strchr (text + 1, '\'');

          g_byte_array_append (bytes, (const guint8 *) text + 1, end - text - 1);
          text = end + 1;
        }
      else
        {
          guint8 byte = g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]);

          g_assert_true (g_ascii_isxdigit (text[0]) && g_ascii_isxdigit (text[1]));
          g_byte_array_append (bytes, &byte, 1);
          text += 2;
        }
    }
  return bytes;
}
