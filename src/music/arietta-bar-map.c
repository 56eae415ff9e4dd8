#define G_LOG_DOMAIN "arietta-music"

#include "music/arietta-bar-map.h"

#define MAX_BARS 1000000

/* A stretch of one metre, from an entry of the metre map (or tick 0) to the next.  Its bar k begins
 * at start + floor (k * bar_ticks / whole): a fraction, since a bar need not be whole ticks. */
typedef struct
{
  gint64 start;
  guint  first_bar;
  int    numerator;
  int    denominator;
  gint64 bar_ticks;  /* times denominator */
} Stretch;

struct _AriettaBarMap
{
  GArray  *bars;     /* AriettaBar */
  Stretch  last;     /* goes on for ever */
  gboolean has_pickup;
};

/* Helpers */

static Stretch
stretch_of (AriettaPiece *piece, const AriettaMeter *meter, gint64 start, guint first_bar)
{
  Stretch stretch = { start, first_bar, meter->numerator, 1 << meter->denominator_log2, 0 };

  /* A bar is at least one tick, or a map would not end. */
  stretch.bar_ticks = (gint64) meter->numerator * 4 * arietta_piece_get_ticks_per_quarter (piece);
  stretch.bar_ticks = MAX (stretch.bar_ticks, stretch.denominator);
  return stretch;
}

static inline gint64
stretch_bar_start (const Stretch *self, guint nth)
{
  return self->start + (gint64) (nth - self->first_bar) * self->bar_ticks / self->denominator;
}

static guint
stretch_find (const Stretch *self, gint64 tick)
{
  gint64 bar = (tick - self->start) * self->denominator / self->bar_ticks;

  bar = MIN (bar, G_MAXUINT - self->first_bar - 1);
  /* The estimate rounds down twice and may be one too low. */
  if (stretch_bar_start (self, self->first_bar + bar + 1) <= tick)
    bar++;
  return self->first_bar + bar;
}

/* The bars of @stretch up to @end, where it is cut. */
static void
add_bars (AriettaBarMap *self, const Stretch *stretch, gint64 end)
{
  while (self->bars->len < MAX_BARS)
    {
      guint nth = self->bars->len;
      gint64 start = stretch_bar_start (stretch, nth);
      gint64 length = MIN (stretch_bar_start (stretch, nth + 1), end) - start;
      AriettaBar bar = { start, length, stretch->numerator, stretch->denominator };

      if (start >= end)
        return;
      g_array_append_val (self->bars, bar);
    }
}

/* As add_bars (), but the bar that holds @end stays whole; at least one bar in all. */
static void
add_last_bars (AriettaBarMap *self, const Stretch *stretch, gint64 end)
{
  while (self->bars->len < MAX_BARS)
    {
      guint nth = self->bars->len;
      gint64 start = stretch_bar_start (stretch, nth);
      gint64 length = stretch_bar_start (stretch, nth + 1) - start;
      AriettaBar bar = { start, length, stretch->numerator, stretch->denominator };

      if (start >= end && nth > 0)
        return;
      g_array_append_val (self->bars, bar);
    }
}

static gboolean
find_pickup (AriettaBarMap *self, const Stretch *first, gint64 first_end, guint n_first)
{
  const AriettaBar *bars = (const AriettaBar *) self->bars->data;
  gint64 whole = first->bar_ticks / first->denominator;

  /* Only a metre change makes a pickup, so the first stretch must have ended. */
  if (n_first != 1 || first_end == G_MAXINT64)
    return FALSE;
  return bars[0].length_ticks < whole ||
         (self->bars->len > 1 && bars[0].length_ticks < bars[1].length_ticks);
}

/* Public */

AriettaBarMap *
arietta_bar_map_new (AriettaPiece *piece)
{
  AriettaBarMap *self;
  AriettaMeter common;
  const AriettaMeter *meters;
  Stretch stretch;
  Stretch first;
  gint64 end;
  gint64 first_end = G_MAXINT64;
  guint n_first = 0;
  guint n_meters;

  g_return_val_if_fail (piece != NULL, NULL);

  self = g_new0 (AriettaBarMap, 1);
  self->bars = g_array_new (FALSE, FALSE, sizeof (AriettaBar));

  end = arietta_piece_get_end_ticks (piece);
  meters = arietta_piece_get_meters (piece, &n_meters);
  common = arietta_piece_get_meter_at (piece, 0);
  stretch = first = stretch_of (piece, &common, 0, 0);

  for (guint i = 0; i < n_meters; i++)
    {
      if (meters[i].tick == 0)
        continue;
      add_bars (self, &stretch, meters[i].tick);
      if (first_end == G_MAXINT64)
        {
          first_end = meters[i].tick;
          n_first = self->bars->len;
        }
      stretch = stretch_of (piece, &meters[i], meters[i].tick, self->bars->len);
    }
  add_last_bars (self, &stretch, end);

  self->last = stretch;
  self->has_pickup = find_pickup (self, &first, first_end, n_first);
  return self;
}

void
arietta_bar_map_free (AriettaBarMap *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->bars);
  g_free (self);
}

guint
arietta_bar_map_get_n (AriettaBarMap *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->bars->len;
}

const AriettaBar *
arietta_bar_map_get_nth (AriettaBarMap *self,
                         guint          nth)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (nth < self->bars->len, NULL);

  return &g_array_index (self->bars, AriettaBar, nth);
}

guint
arietta_bar_map_find (AriettaBarMap *self,
                      gint64         tick)
{
  const AriettaBar *bars;
  guint low = 0;
  guint high;

  g_return_val_if_fail (self != NULL, 0);

  if (tick >= self->last.start)
    return stretch_find (&self->last, tick);

  /* The last bar that begins at or before @tick. */
  bars = (const AriettaBar *) self->bars->data;
  high = self->bars->len;
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (bars[middle].start_ticks <= tick)
        low = middle;
      else
        high = middle;
    }
  return low;
}

gint64
arietta_bar_map_get_start (AriettaBarMap *self,
                           guint          nth)
{
  g_return_val_if_fail (self != NULL, 0);

  if (nth >= self->last.first_bar)
    return stretch_bar_start (&self->last, nth);
  return g_array_index (self->bars, AriettaBar, nth).start_ticks;
}

guint
arietta_bar_map_count_sounding (AriettaBarMap *self,
                                AriettaPiece  *piece)
{
  gint64 end = arietta_piece_get_notes_end_ticks (piece);

  return end > 0 ? arietta_bar_map_find (self, end - 1) + 1 : 0;
}

gboolean
arietta_bar_map_has_pickup (AriettaBarMap *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->has_pickup;
}
