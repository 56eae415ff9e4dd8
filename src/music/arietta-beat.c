#include "music/arietta-beat.h"

int
arietta_beat_get_units (int numerator,
                        int denominator)
{
  return denominator >= 8 && numerator > 3 && numerator % 3 == 0 ? 3 : 1;
}

void
arietta_beat_at (AriettaPiece *piece,
                 gint64        tick,
                 gint64       *beat_ticks,
                 guint        *n_beats)
{
  AriettaMeter meter = arietta_piece_get_meter_at (piece, tick);
  int denominator = 1 << MIN (meter.denominator_log2, 12);
  int units = arietta_beat_get_units (meter.numerator, denominator);

  *beat_ticks = MAX (4 * (gint64) arietta_piece_get_ticks_per_quarter (piece) * units / denominator, 1);
  *n_beats = MAX (meter.numerator / units, 1);
}
