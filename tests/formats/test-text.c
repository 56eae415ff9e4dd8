#include "formats/arietta-text.h"

#include <string.h>

/* Texts by the encoding they are in; the bytes are made by iconv, except where given. */
typedef struct
{
  const char      *text;
  AriettaEncoding  encoding;
} Sample;

static const Sample SAMPLES[] = {
  { "Allegro ma non troppo", ARIETTA_ENCODING_UTF8 },
  { "Für Elise – Dvořák – 春天", ARIETTA_ENCODING_UTF8 },
  { "Für Elise", ARIETTA_ENCODING_LATIN1 },
  { "Copyright © 1998 Händel, Fauré, Grünfeld", ARIETTA_ENCODING_LATIN1 },
  { "Prélude à l’après-midi d’un faune", ARIETTA_ENCODING_LATIN1 },
  { "Año nuevo, ¿qué será?", ARIETTA_ENCODING_LATIN1 },
  { "春天的花会开", ARIETTA_ENCODING_GB18030 },
  { "月亮代表我的心", ARIETTA_ENCODING_GB18030 },
  { "旋律 (melody) 第二", ARIETTA_ENCODING_GB18030 },
  { "さくらさくら やよいの空は", ARIETTA_ENCODING_SHIFT_JIS },
  { "ピアノ", ARIETTA_ENCODING_SHIFT_JIS },
  { "主旋律のトラック", ARIETTA_ENCODING_SHIFT_JIS },
};

static void
test_guess_and_decode (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (SAMPLES); i++)
    {
      const Sample *row = &SAMPLES[i];
      gsize n;
      g_autofree char *bytes = g_convert (row->text, -1, arietta_encoding_get_name (row->encoding), "UTF-8",
                                          NULL, &n, NULL);
      g_autofree char *decoded = NULL;

      g_assert_nonnull (bytes);
      g_test_message ("%s", row->text);
      g_assert_cmpint (arietta_text_guess ((const guint8 *) bytes, n), ==, row->encoding);
      decoded = arietta_text_decode ((const guint8 *) bytes, n, row->encoding);
      g_assert_cmpstr (decoded, ==, row->text);
    }
}

static const struct { const char *bytes; gsize n; AriettaEncoding encoding; const char *shown; } ODD[] = {
  { "", 0, ARIETTA_ENCODING_UTF8, "" },
  { "Piano\0\0", 7, ARIETTA_ENCODING_UTF8, "Piano" },
  { "Pi\0ano", 6, ARIETTA_ENCODING_UTF8, "Piano" },
  { "line\r\n", 6, ARIETTA_ENCODING_UTF8, "line" },
  { "two\nlines", 9, ARIETTA_ENCODING_UTF8, "two lines" },
  { "la ", 3, ARIETTA_ENCODING_UTF8, "la " },
  { "a\x07" "b", 3, ARIETTA_ENCODING_LATIN1, "ab" },
  { "\xC3(", 2, ARIETTA_ENCODING_UTF8, "\xEF\xBF\xBD(" },
  { "\xC3", 1, ARIETTA_ENCODING_UTF8, "\xEF\xBF\xBD" },
  { "\x81" "a", 2, ARIETTA_ENCODING_LATIN1, "\xEF\xBF\xBD" "a" },
  { "\xB4\xBA\xCC", 3, ARIETTA_ENCODING_GB18030, "春\xEF\xBF\xBD" },
  { "\xFF" "a", 2, ARIETTA_ENCODING_SHIFT_JIS, "\xEF\xBF\xBD" "a" },
};

static void
test_odd_bytes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ODD); i++)
    {
      g_autofree char *shown = arietta_text_decode ((const guint8 *) ODD[i].bytes, ODD[i].n,
                                                    ODD[i].encoding);

      g_test_message ("row %u", i);
      g_assert_cmpstr (shown, ==, ODD[i].shown);
    }
}

/* Any bytes in any encoding give a text. */
static void
test_always_utf8 (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);

  for (int i = 0; i < 2000; i++)
    {
      guint8 bytes[40];
      gsize n = g_rand_int_range (rand, 0, sizeof bytes + 1);

      for (gsize k = 0; k < n; k++)
        bytes[k] = g_rand_int (rand);
      arietta_text_guess (bytes, n);
      for (int encoding = ARIETTA_ENCODING_UTF8; encoding <= ARIETTA_ENCODING_LATIN1; encoding++)
        {
          g_autofree char *shown = arietta_text_decode (bytes, n, encoding);

          g_assert_true (g_utf8_validate (shown, -1, NULL));
        }
    }
}

/* UTF-8 padded with NULs is still UTF-8. */
static void
test_padding (void)
{
  g_assert_cmpint (arietta_text_guess ((const guint8 *) "Fl\xC3\xB6te\0\0", 8), ==, ARIETTA_ENCODING_UTF8);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/formats/text/guess-and-decode", test_guess_and_decode);
  g_test_add_func ("/formats/text/odd-bytes", test_odd_bytes);
  g_test_add_func ("/formats/text/always-utf8", test_always_utf8);
  g_test_add_func ("/formats/text/padding", test_padding);
  return g_test_run ();
}
