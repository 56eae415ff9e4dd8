/* audio-fixtures.h - pieces and a synthesiser for the tests of audio/ */
#pragma once

#include "audio/arietta-sequencer.h"

#define TEST_SOUNDFONT "/usr/share/sounds/sf2/TimGM6mb.sf2"
/* 120 quarters a minute, 480 ticks each: a tick is 45.9375 frames. */
#define FRAMES_PER_TICK (ARIETTA_SAMPLE_RATE * 0.5 / 480)

static inline gboolean
have_soundfont (void)
{
  if (g_file_test (TEST_SOUNDFONT, G_FILE_TEST_EXISTS))
    return TRUE;

  g_test_skip ("TimGM6mb.sf2 is not installed");
  return FALSE;
}

static inline void
add_note (AriettaTrack *track,
          gint64        onset_ticks,
          gint64        duration_ticks,
          guint8        pitch,
          guint8        channel)
{
  AriettaNote note = {
    .onset_ticks = onset_ticks,
    .duration_ticks = duration_ticks,
    .pitch = pitch,
    .velocity = 100,
    .off_velocity = 64,
    .channel = channel,
  };

  arietta_track_add_note (track, &note);
}

/* One track with one note. */
static inline AriettaPiece *
make_single (gint64 onset_ticks,
             gint64 duration_ticks,
             guint8 pitch)
{
  AriettaPiece *piece = arietta_piece_new (480);

  add_note (arietta_piece_add_track (piece, "one"), onset_ticks, duration_ticks, pitch, 0);
  return arietta_piece_freeze (piece);
}
