/* Whatever the sequence of tokens (two bytes each): it is a piece or a refusal with a sentence, and
 * the piece can be written and its events read again. */
#include "encoding/arietta-events.h"
#include "formats/arietta-midi.h"
#include "fuzz.h"
#include "music/arietta-bar-map.h"

#include <string.h>

/* Not g_assert (), which a build may leave out. */
static void
must (gboolean holds, const char *what)
{
  if (!holds)
    g_error ("%s", what);
}

static void
check_score (AriettaEventScore *score)
{
  AriettaEventsSettings        settings = ARIETTA_EVENTS_SETTINGS_INIT;
  g_autoptr(GArray)            tokens = arietta_events_encode (score, &settings);
  g_autoptr(AriettaEventScore) again =
    arietta_events_decode ((const AriettaEvent16 *) (gpointer) tokens->data, tokens->len, NULL);
  g_autoptr(AriettaPiece)      piece = arietta_piece_freeze (arietta_event_score_to_piece (score, 480));
  g_autoptr(AriettaBarMap)     bars = arietta_bar_map_new (piece);
  g_autoptr(GBytes)            bytes = NULL;

  must (again != NULL, "what was read cannot be written and read again");
  must (again->notes->len == score->notes->len, "a note went lost");
  must (memcmp (again->notes->data, score->notes->data, sizeof (AriettaEventNote) * score->notes->len) == 0,
        "another note came back");
  must (arietta_piece_get_n_notes (piece) == score->notes->len, "a note is not in the piece");
  must (arietta_bar_map_get_n (bars) > 0, "there are no bars");
  if (arietta_piece_get_end_ticks (piece) <= 0x0FFFFFFF)
    {
      bytes = arietta_midi_write_bytes (piece, 1, NULL);
      must (bytes != NULL, "the piece cannot be written");
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size)
{
  g_autofree AriettaEvent16   *tokens = g_new0 (AriettaEvent16, size / 2 + 1);
  g_autoptr(GError)            error = NULL;
  g_autoptr(AriettaEventScore) score = NULL;
  gsize                        n = size / 2;

  memcpy (tokens, data, n * 2);
  score = arietta_events_decode (tokens, n, &error);
  must ((score == NULL) == (error != NULL), "neither a score nor an error, or both");
  if (score == NULL)
    {
      must (g_utf8_validate (error->message, -1, NULL), "a sentence is no text");
      /* What came before the fault is whole. */
      for (gsize cut = n; cut > 0 && score == NULL; cut /= 2)
        score = arietta_events_decode (tokens, cut, NULL);
    }
  if (score != NULL)
    check_score (score);

  return 0;
}

/* A sequence by its sorts and values. */
typedef struct
{
  AriettaEventSort sort;
  guint            value;
} Event;

#define HEAD                                                                                       \
  { ARIETTA_EVENT_BEGIN, 0 }, { ARIETTA_EVENT_STYLE, 3 }, { ARIETTA_EVENT_KEY, 14 },               \
  { ARIETTA_EVENT_TRACK, 0 }, { ARIETTA_EVENT_ROLE, 0 }, { ARIETTA_EVENT_PROGRAM, 40 },            \
  { ARIETTA_EVENT_VELOCITY, 90 }, { ARIETTA_EVENT_DURATION, 12 },                                  \
  { ARIETTA_EVENT_TRACK, 3 }, { ARIETTA_EVENT_DRUMS, 0 }, { ARIETTA_EVENT_DENSITY, 4 }

static const Event simple[] = {
  HEAD,
  { ARIETTA_EVENT_BAR, 0 }, { ARIETTA_EVENT_NUMERATOR, 6 }, { ARIETTA_EVENT_DENOMINATOR, 3 },
  { ARIETTA_EVENT_CUT, 0 }, { ARIETTA_EVENT_POSITION, 12 }, { ARIETTA_EVENT_OFFSET, 30 },
  { ARIETTA_EVENT_TEMPO, 30 }, { ARIETTA_EVENT_TEMPO_FINE, 3 }, { ARIETTA_EVENT_TRACK, 0 },
  { ARIETTA_EVENT_POSITION, 0 }, { ARIETTA_EVENT_PITCH, 60 }, { ARIETTA_EVENT_POSITION, 6 },
  { ARIETTA_EVENT_OFFSET, 3 }, { ARIETTA_EVENT_VELOCITY, 3 }, { ARIETTA_EVENT_DURATION, 90 },
  { ARIETTA_EVENT_LONG, 2 }, { ARIETTA_EVENT_END_OFFSET, 9 }, { ARIETTA_EVENT_PITCH, 62 },
  { ARIETTA_EVENT_PITCH, 50 }, { ARIETTA_EVENT_LAST_BAR, 0 }, { ARIETTA_EVENT_TRACK, 3 },
  { ARIETTA_EVENT_POSITION, 40 }, { ARIETTA_EVENT_DRUM, 38 }, { ARIETTA_EVENT_END, 0 },
};
static const Event masked[] = {
  HEAD,
  { ARIETTA_EVENT_BAR, 0 }, { ARIETTA_EVENT_TRACK, 0 }, { ARIETTA_EVENT_MASK, 0 },
  { ARIETTA_EVENT_TRACK, 3 }, { ARIETTA_EVENT_POSITION, 0 }, { ARIETTA_EVENT_DRUM, 36 },
  { ARIETTA_EVENT_BAR, 0 }, { ARIETTA_EVENT_NUMERATOR, 31 }, { ARIETTA_EVENT_DENOMINATOR, 0 },
  { ARIETTA_EVENT_LONGER, 0 }, { ARIETTA_EVENT_LONGER, 0 }, { ARIETTA_EVENT_POSITION, 7 },
  { ARIETTA_EVENT_TEMPO, 9 }, { ARIETTA_EVENT_TRACK, 3 }, { ARIETTA_EVENT_MASK, 0 },
  { ARIETTA_EVENT_FILL, 0 }, { ARIETTA_EVENT_CELL, 0 }, { ARIETTA_EVENT_POSITION, 24 },
  { ARIETTA_EVENT_PITCH, 70 }, { ARIETTA_EVENT_CELL, 0 }, { ARIETTA_EVENT_LONGER, 0 },
  { ARIETTA_EVENT_POSITION, 1 }, { ARIETTA_EVENT_DRUM, 42 }, { ARIETTA_EVENT_DONE, 0 },
};

static const struct
{
  const Event *events;
  guint        n;
} SEEDS[] = {
  { simple, G_N_ELEMENTS (simple) },
  { masked, G_N_ELEMENTS (masked) },
};

GByteArray *
fuzz_seed_new (guint nth)
{
  GByteArray *bytes;

  if (nth >= G_N_ELEMENTS (SEEDS))
    return NULL;

  bytes = g_byte_array_new ();
  for (guint i = 0; i < SEEDS[nth].n; i++)
    {
      AriettaEvent16 token = arietta_event_make (SEEDS[nth].events[i].sort, SEEDS[nth].events[i].value);

      g_byte_array_append (bytes, (const guint8 *) &token, sizeof token);
    }

  return bytes;
}
