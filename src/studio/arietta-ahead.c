#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-ahead.h"

void
arietta_ahead_clear (AriettaAhead *self)
{
  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_pointer (&self->bars, arietta_bar_map_free);
  self->n_bars = 0;
}

void
arietta_ahead_set_piece (AriettaAhead *self,
                         AriettaPiece *piece)
{
  if (self->piece == piece)
    return;

  arietta_ahead_clear (self);
  if (piece == NULL)
    return;
  self->piece = arietta_piece_ref (piece);
  self->bars = arietta_bar_map_new (piece);
  self->n_bars = arietta_bar_map_count_sounding (self->bars, piece);
}

guint
arietta_ahead_count (const AriettaAhead *self,
                     gint64              position_ticks)
{
  guint bar;

  if (self->piece == NULL)
    return 0;

  bar = arietta_bar_map_find (self->bars, position_ticks);
  return bar + 1 < self->n_bars ? self->n_bars - bar - 1 : 0;
}

gboolean
arietta_ahead_is_due (const AriettaAhead *self,
                      gint64              position_ticks)
{
  return self->n_bars > 0 && arietta_ahead_count (self, position_ticks) < ARIETTA_AHEAD_LEAST;
}

AriettaOffer *
arietta_ahead_write (AriettaLibrary              *library,
                     AriettaPiece                *piece,
                     const AriettaAssistRequest  *request,
                     AriettaJob                  *job,
                     GError                     **error)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (piece);
  AriettaAssistRequest     next = *request;

  next.first_bar = arietta_bar_map_count_sounding (bars, piece);
  next.n_bars = ARIETTA_AHEAD_BARS;
  next.n_tracks = 0;
  next.goes_on = TRUE;

  return arietta_offer_new (library, piece, ARIETTA_WISH_CONTINUE, &next, job, error);
}
