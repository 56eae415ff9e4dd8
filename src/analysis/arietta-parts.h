/* arietta-parts.h - a piece as bars of parts, in whole numbers
 *
 * What the measures of a set of pieces count on.  A part is a channel of a track, since format 0
 * files keep all parts in one track.  Places and lengths are in clicks, 24 to the quarter, which
 * holds sixteenths and triplets exactly; onsets are rounded to the nearest click, lengths to at
 * least one.  Bars come from the metre map (music/arietta-bar-map.h).
 *
 * Threads: immutable once made.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

#define ARIETTA_CLICKS_PER_QUARTER 24

typedef struct
{
  guint  bar;
  int    onset;      /* clicks from the bar's beginning */
  int    duration;   /* clicks, at least 1 */
  guint8 pitch;
} AriettaPartNote;

typedef struct
{
  gboolean  percussion;
  GArray   *notes;     /* AriettaPartNote, by bar, onset, pitch */
} AriettaPart;

typedef struct
{
  guint     n_bars;
  int      *lengths;   /* clicks of each bar */
  gboolean  pickup;    /* the first bar is one */
  GArray   *parts;     /* AriettaPart, those with notes */
} AriettaParts;

AriettaParts *arietta_parts_new       (AriettaPiece       *piece) G_GNUC_WARN_UNUSED_RESULT;
void          arietta_parts_free      (AriettaParts       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaParts, arietta_parts_free)

/* Notes (AriettaPartNote) into the order of a part's. */
void          arietta_parts_sort_notes (GArray            *notes);

/* Index of the first note of @part at or after the beginning of bar @bar; the number of notes when
 * there is none. */
guint         arietta_part_find_bar   (const AriettaPart  *part,
                                       guint               bar);

G_END_DECLS
