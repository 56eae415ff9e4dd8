/* arietta-fill.h - asking a model for new notes in some bars of some parts of a piece
 *
 * Continuing, filling in, writing a part to others: all are a choice of bars and of parts.  What was
 * not asked for comes back as it was, every note and event of it, and so do notes a person locked.
 */
#pragma once

#include "encoding/arietta-event-score.h"
#include "learning/arietta-copy-guard.h"

G_BEGIN_DECLS

#define ARIETTA_FILL_NEW_TRACK G_MAXUINT

typedef struct
{
  guint             track;      /* of the piece, or ARIETTA_FILL_NEW_TRACK */
  /* Of a new one. */
  AriettaEventRole  role;
  int               program;    /* General MIDI; -1: the role's own */
  const char       *name;
  /* Of both. */
  int               density;    /* 1 (sparse) .. 10 (dense), classes of encoding/arietta-events.h; 0: open */
  int               lowest, highest; /* pitches; both 0: the role's own, or a little more than is there */
} AriettaFillPart;

/* Called by whoever fills, in its own thread, as bars become whole: @so_far (frozen, the callee takes a reference) has
 * the first @n_bars of the asked bars written, and what was there in the others. */
typedef void (*AriettaFilledFunc) (AriettaPiece *so_far,
                                   guint         n_bars,
                                   gpointer      user_data);

typedef struct
{
  guint                  first_bar, n_bars; /* by the metre map; past the end it goes on */
  const guint8          *skipped;           /* (n_bars): 1 where a bar stays as it is; NULL: none */
  const AriettaFillPart *parts;
  guint                  n_parts;
  gboolean               ends;              /* the piece shall end with the last of the bars */

  const char            *style;             /* NULL: any */
  AriettaTonality        key;               /* none: found in what is there */
  gboolean               in_scale;          /* pitches outside the key are not drawn */
  int                    density;           /* of all, 1 .. 10; 0: open */
  double                 temperature;       /* 0: always the likeliest */
  double                 nucleus;           /* share of the chances that is drawn from, 1: all */
  AriettaCopyGuard      *guard;             /* bars that copy are drawn anew; NULL: they are not */

  AriettaFilledFunc      filled;            /* NULL: nobody wants to hear it before it is finished */
  gpointer               filled_data;
} AriettaFillSettings;

#define ARIETTA_FILL_SETTINGS_INIT                                                                 \
  { .key = ARIETTA_TONALITY_NONE, .temperature = 1.0, .nucleus = 0.95 }

/* The range a role has by itself. */
void          arietta_fill_get_range (AriettaEventRole           role,
                                      int                       *lowest,
                                      int                       *highest);

/* What a kind does with @settings before it writes: the piece laid out, with bars to the end of what
 * is asked, a part for each new track, and the wanted cells (bars, parts) emptied of notes that may
 * be replaced.  The score's parts know their track; a new one has its number from the piece's tracks
 * on.  @piece may be NULL: then @score stands for it.  NULL when the piece is too long. */
AriettaEventScore *arietta_fill_lay_out (AriettaPiece              *piece,
                                         const AriettaFillSettings *settings,
                                         guint8                   **wanted) G_GNUC_WARN_UNUSED_RESULT;
/* And after: @piece with the notes of the wanted cells in place of what was there. Frozen. */
AriettaPiece      *arietta_fill_splice  (AriettaPiece              *piece,
                                         AriettaEventScore         *score,
                                         const guint8              *wanted) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
