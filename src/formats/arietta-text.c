#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-text.h"

#include <errno.h>
#include <string.h>

/* Scores are per byte over 127, so that encodings of one and of two bytes compare. */
#define COMMON     1.0   /* what texts of this encoding are made of */
#define PLAUSIBLE  0.5
#define RARE      -0.5
#define IMPOSSIBLE -4.0

/* 0x80 .. 0x9F of code page 1252; 0 for the five holes. */
static const gunichar WINDOWS_1252[32] = {
  0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
  0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
  0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
};

/* Helpers */

/* Chinese: two bytes over 0xA0 are GB 2312, its first rows the common characters; four bytes or a
 * trail under 0xA1 are legal but seldom met. */
static double
score_gb18030 (const guint8 *bytes, gsize n)
{
  double score = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      guint8 lead = bytes[i];
      guint8 trail = i + 1 < n ? bytes[i + 1] : 0;

      if (lead < 0x80)
        continue;
      if (lead == 0x80 || lead == 0xFF || trail < 0x30 || trail == 0x7F || trail == 0xFF)
        {
          score += IMPOSSIBLE;
          continue;
        }
      i++;
      if (trail < 0x40)
        score += RARE; /* the first half of four bytes */
      else if (trail < 0xA1)
        score += (trail >= 0x80 ? 2 : 1) * RARE;
      else if (lead >= 0xB0 && lead <= 0xD7)
        score += 2 * COMMON;
      else if (lead <= 0xA3 || (lead >= 0xD8 && lead <= 0xF7))
        score += 2 * PLAUSIBLE;
      else
        score += 2 * RARE;
    }
  return score;
}

/* Japanese: kana and the kanji of level 1 carry nearly all text. */
static double
score_shift_jis (const guint8 *bytes, gsize n)
{
  double score = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      guint8 lead = bytes[i];
      guint8 trail = i + 1 < n ? bytes[i + 1] : 0;
      int high;

      if (lead < 0x80)
        continue;
      if (lead >= 0xA1 && lead <= 0xDF)
        {
          score += 0.2; /* half-width katakana: one byte, and easily anything else */
          continue;
        }
      if (lead == 0x80 || lead == 0xA0 || lead > 0xFC ||
          trail < 0x40 || trail == 0x7F || trail > 0xFC)
        {
          score += IMPOSSIBLE;
          continue;
        }
      i++;
      high = trail >= 0x80 ? 2 : 1;
      if ((lead == 0x82 && trail >= 0x9F && trail <= 0xF1) || (lead == 0x83 && trail <= 0x96))
        score += high * COMMON;
      else if (lead >= 0x88 && lead <= 0x97)
        score += high * 0.8 * COMMON;
      else if (lead == 0x81)
        score += high * PLAUSIBLE;
      else if (lead >= 0x98 && lead <= 0xEA)
        score += high * -0.2;
      else
        score += high * RARE;
    }
  return score;
}

/* Western: single accented letters among plain ones; rows of bytes over 127 are another script. */
static double
score_latin1 (const guint8 *bytes, gsize n)
{
  double score = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      gboolean before = i > 0 && bytes[i - 1] >= 0x80;
      gboolean after = i + 1 < n && bytes[i + 1] >= 0x80;

      if (bytes[i] < 0x80)
        continue;
      if (bytes[i] < 0xA0 && WINDOWS_1252[bytes[i] - 0x80] == 0)
        score += IMPOSSIBLE;
      else if (before || after)
        score += bytes[i] >= 0xC0 ? -0.2 : RARE;
      else
        score += bytes[i] >= 0xC0 && bytes[i] != 0xD7 && bytes[i] != 0xF7 ? COMMON : 0.3;
    }
  return score;
}

/* NULs, which pad many names, belong to every encoding. */
static gboolean
is_utf8 (const guint8 *bytes, gsize n)
{
  const char *at = (const char *) bytes;
  const char *end = at + n;

  while (!g_utf8_validate_len (at, end - at, &at))
    {
      if (*at != '\0')
        return FALSE;
      at++;
    }
  return TRUE;
}

static void
append_latin1 (GString *text, const guint8 *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      gunichar c = bytes[i];

      if (c >= 0x80 && c < 0xA0)
        c = WINDOWS_1252[c - 0x80] != 0 ? WINDOWS_1252[c - 0x80] : 0xFFFD;
      g_string_append_unichar (text, c);
    }
}

static void
append_utf8 (GString *text, const guint8 *bytes, gsize n)
{
  const char *at = (const char *) bytes;
  const char *end = at + n;

  while (at < end)
    {
      const char *good;

      g_utf8_validate_len (at, end - at, &good);
      g_string_append_len (text, at, good - at);
      /* A NUL is valid in a text of ours, since its length is known. */
      if (good < end)
        g_string_append_unichar (text, *good == '\0' ? 0x01 : 0xFFFD);
      at = good + 1;
    }
}

static gboolean
append_converted (GString *text, const guint8 *bytes, gsize n, AriettaEncoding encoding)
{
  GIConv converter = g_iconv_open ("UTF-8", arietta_encoding_get_name (encoding));
  char *in = (char *) bytes;
  gsize left = n;

  if (converter == (GIConv) -1)
    return FALSE;

  while (left > 0)
    {
      char buffer[256];
      char *out = buffer;
      gsize room = sizeof buffer;
      gsize done = g_iconv (converter, &in, &left, &out, &room);
      int reason = done == (gsize) -1 ? errno : 0;

      g_string_append_len (text, buffer, out - buffer);
      if (reason != 0 && reason != E2BIG && left > 0)
        {
          g_string_append_unichar (text, 0xFFFD);
          in++;
          left--;
          g_iconv (converter, NULL, NULL, NULL, NULL);
        }
    }
  g_iconv_close (converter);
  return TRUE;
}

/* Public */

const char *
arietta_encoding_get_name (AriettaEncoding encoding)
{
  switch (encoding)
    {
    case ARIETTA_ENCODING_GB18030:
      return "GB18030";
    case ARIETTA_ENCODING_SHIFT_JIS:
      return "CP932";
    case ARIETTA_ENCODING_LATIN1:
      return "WINDOWS-1252";
    case ARIETTA_ENCODING_UTF8:
    default:
      return "UTF-8";
    }
}

AriettaEncoding
arietta_text_guess (const guint8 *bytes,
                    gsize         n_bytes)
{
  double gb18030;
  double shift_jis;
  double latin1;

  if (is_utf8 (bytes, n_bytes))
    return ARIETTA_ENCODING_UTF8;

  gb18030 = score_gb18030 (bytes, n_bytes);
  shift_jis = score_shift_jis (bytes, n_bytes);
  latin1 = score_latin1 (bytes, n_bytes);

  if (latin1 >= gb18030 && latin1 >= shift_jis)
    return ARIETTA_ENCODING_LATIN1;
  return gb18030 >= shift_jis ? ARIETTA_ENCODING_GB18030 : ARIETTA_ENCODING_SHIFT_JIS;
}

char *
arietta_text_decode (const guint8    *bytes,
                     gsize            n_bytes,
                     AriettaEncoding  encoding)
{
  g_autoptr(GString) text = NULL;
  char *shown;
  char *to;

  while (n_bytes > 0 && bytes[n_bytes - 1] < 0x20)
    n_bytes--;

  text = g_string_sized_new (n_bytes + 1);
  if (encoding == ARIETTA_ENCODING_UTF8)
    append_utf8 (text, bytes, n_bytes);
  else if (encoding == ARIETTA_ENCODING_LATIN1 || !append_converted (text, bytes, n_bytes, encoding))
    append_latin1 (text, bytes, n_bytes);

  shown = to = g_malloc (text->len + 1);
  for (const char *at = text->str; at < text->str + text->len; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gsize length = g_utf8_next_char (at) - at;

      if (c == '\n' || c == '\r' || c == '\t')
        *to++ = ' ';
      else if (c >= 0x20 && (c < 0x7F || c > 0x9F))
        to = (char *) memcpy (to, at, length) + length;
    }
  *to = '\0';
  return shown;
}
