/* arietta-text.h - bytes of unknown encoding, shown to a person
 *
 * MIDI texts do not say how they are encoded.  The bytes themselves are kept and written back
 * unchanged; this only decides how they are shown: UTF-8 when valid, else GB18030, Shift-JIS or
 * Latin-1, whichever scores best on the whole of the texts of a file (so a short title is decided
 * by the long lyrics). Latin-1 and Shift-JIS are meant as Windows extends them (code pages 1252 and
 * 932).
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_ENCODING_UTF8,
  ARIETTA_ENCODING_GB18030,
  ARIETTA_ENCODING_SHIFT_JIS,
  ARIETTA_ENCODING_LATIN1,
} AriettaEncoding;

const char      *arietta_encoding_get_name (AriettaEncoding  encoding);  /* as iconv knows it */
AriettaEncoding  arietta_text_guess        (const guint8    *bytes,
                                            gsize            n_bytes);
/* Always valid UTF-8: what cannot be decoded becomes U+FFFD, line breaks and tabs become spaces,
 * other control characters go, as do any at the end. */
char            *arietta_text_decode       (const guint8    *bytes,
                                            gsize            n_bytes,
                                            AriettaEncoding  encoding);

G_END_DECLS
