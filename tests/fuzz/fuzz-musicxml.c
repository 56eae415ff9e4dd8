/* MusicXML from anywhere: a piece that can be written again, or a sentence. */
#include "formats/arietta-musicxml.h"
#include "fuzz.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n)
{
  g_autoptr(GError)       error = NULL;
  g_autoptr(AriettaPiece) piece = arietta_musicxml_read_bytes ((const char *) data, n, "fuzz", &error);
  g_autofree char        *text = NULL;

  g_assert_true ((piece == NULL) == (error != NULL));
  if (piece == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  g_assert_true (arietta_piece_is_frozen (piece));
  /* Lengths that a mutation made enormous would only take time. */
  if (arietta_piece_get_end_ticks (piece) < 480 * 4 * 200)
    text = arietta_musicxml_dup_text (piece);
  return 0;
}

#define SCORE(part) "<?xml version='1.0'?><score-partwise><part-list><score-part id='P1'><part-name>A</part-name>" \
  "<midi-instrument id='I1'><midi-channel>10</midi-channel><midi-unpitched>39</midi-unpitched></midi-instrument>" \
  "</score-part></part-list><part id='P1'>" part "</part></score-partwise>"

static const char *const SEEDS[] = {
  SCORE ("<measure number='1'><attributes><divisions>4</divisions><key><fifths>-2</fifths><mode>minor</mode></key>"
         "<time><beats>3</beats><beat-type>4</beat-type></time></attributes><sound tempo='90' dynamics='70'/>"
         "<harmony><root><root-step>B</root-step><root-alter>-1</root-alter></root><kind>dominant</kind></harmony>"
         "<note><pitch><step>G</step><octave>4</octave></pitch><duration>4</duration><tie type='start'/><voice>1</voice>"
         "</note><note><chord/><pitch><step>B</step><octave>4</octave></pitch><duration>4</duration></note>"
         "<backup><duration>4</duration></backup><forward><duration>8</duration></forward></measure>"),
  SCORE ("<measure><note><unpitched><display-step>E</display-step><display-octave>4</display-octave></unpitched>"
         "<duration>1</duration><instrument id='I1'/><lyric><text>la</text></lyric></note><note><rest/>"
         "<duration>3</duration></note></measure>"),
};

GByteArray *
fuzz_seed_new (guint nth)
{
  GByteArray *bytes;

  if (nth >= G_N_ELEMENTS (SEEDS))
    return NULL;
  bytes = g_byte_array_new ();
  g_byte_array_append (bytes, (const guint8 *) SEEDS[nth], (guint) strlen (SEEDS[nth]));
  return bytes;
}
