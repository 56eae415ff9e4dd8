#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-map-verbs.h"

#include <math.h>
#include <stdio.h>

#include "music/arietta-piece-private.h"

AriettaPiece *
arietta_maps_set_tempo (AriettaPiece *piece,
                        gint64        from,
                        gint64        to,
                        double        quarters_per_minute)
{
  AriettaPiece *after;

  g_return_val_if_fail (piece != NULL, NULL);

  after = arietta_piece_copy (piece);
  if (from != to)
    arietta_piece_remove_tempo (after, from);
  quarters_per_minute = CLAMP (quarters_per_minute, ARIETTA_TEMPO_LEAST, ARIETTA_TEMPO_MOST);
  arietta_piece_set_tempo (after, to, (guint32) round (60e6 / quarters_per_minute));
  return _arietta_piece_freeze_unless_equal (piece, after);
}

AriettaPiece *
arietta_maps_remove_tempo (AriettaPiece *piece,
                           gint64        tick)
{
  AriettaPiece *after;

  g_return_val_if_fail (piece != NULL, NULL);

  after = arietta_piece_copy (piece);
  arietta_piece_remove_tempo (after, tick);
  return _arietta_piece_freeze_unless_equal (piece, after);
}

AriettaPiece *
arietta_maps_set_meter (AriettaPiece *piece,
                        gint64        tick,
                        int           numerator,
                        int           denominator)
{
  AriettaPiece *after;

  g_return_val_if_fail (piece != NULL, NULL);

  after = arietta_piece_copy (piece);
  arietta_piece_set_meter (after, tick, numerator, denominator);
  return _arietta_piece_freeze_unless_equal (piece, after);
}

AriettaPiece *
arietta_maps_move_meter (AriettaPiece *piece,
                         gint64        from,
                         gint64        to)
{
  AriettaMeter meter;
  AriettaPiece *after;

  g_return_val_if_fail (piece != NULL, NULL);

  meter = arietta_piece_get_meter_at (piece, from);
  if (meter.tick != from || from == to)
    return arietta_piece_ref (piece);
  after = arietta_piece_copy (piece);
  arietta_piece_remove_meter (after, from);
  meter.tick = MAX (to, 0);
  arietta_piece_set_meter_full (after, &meter);
  return arietta_piece_freeze (after);
}

AriettaPiece *
arietta_maps_remove_meter (AriettaPiece *piece,
                           gint64        tick)
{
  AriettaPiece *after;

  g_return_val_if_fail (piece != NULL, NULL);

  after = arietta_piece_copy (piece);
  arietta_piece_remove_meter (after, tick);
  return _arietta_piece_freeze_unless_equal (piece, after);
}

gboolean
arietta_maps_parse_meter (const char *text,
                          int        *numerator,
                          int        *denominator)
{
  int upper, lower, end = 0;

  g_return_val_if_fail (text != NULL, FALSE);

  if (sscanf (text, " %3d / %3d %n", &upper, &lower, &end) != 2 || text[end] != '\0')
    return FALSE;
  if (upper < 1 || upper > 64 || lower < 1 || lower > 64 || (lower & (lower - 1)) != 0)
    return FALSE;
  *numerator = upper;
  *denominator = lower;
  return TRUE;
}
