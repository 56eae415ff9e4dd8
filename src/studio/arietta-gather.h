/* arietta-gather.h - numbers that are computed once for each piece of the library, and remembered
 *
 * The map and the recommendations look at every piece, and a library may hold a hundred thousand: what is known is read
 * at once, the rest is computed on all threads and stored batch by batch, so that a stop loses at
 * most one batch.  A piece of which the numbers cannot be had is remembered too.
 *
 * Plain functions that block: run them in a job.
 */
#pragma once

#include "library/arietta-library.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

/* Fills @values (size of them); FALSE when the piece has none.  Called in any thread, several at once. */
typedef gboolean (*AriettaGatherFunc) (AriettaPiece  *piece,
                                       float         *values,
                                       gconstpointer  data);

typedef struct
{
  gboolean           of_takes;
  const char        *name;      /* of the feature */
  guint              size;
  AriettaGatherFunc  func;
  gconstpointer      data;
  const char        *message;   /* what the job does meanwhile; NULL: nothing */
  /* Of more pieces than so many a part is computed at first, evenly out of all of them: until so many are known, or
   * patience is at an end.  Later, once a tenth of so many are known, nothing.  0: all. */
  guint              enough;
  double             patience;  /* seconds; matters only where there is an enough */
} AriettaGather;

typedef enum
{
  ARIETTA_GATHER_LATER,    /* not computed yet */
  ARIETTA_GATHER_KNOWN,
  ARIETTA_GATHER_NONE,     /* the piece has no such numbers, or cannot be read */
} AriettaGatherState;

/* @values (n, size), @states (n) of AriettaGatherState.  The first @n_first of @ids are computed in any case.
 * FALSE when the job was stopped: @states tell what there is by then. */
gboolean arietta_gather (const AriettaGather *self,
                         AriettaLibrary      *library,
                         const gint64        *ids,
                         guint                n,
                         guint                n_first,
                         AriettaJob          *job,
                         float               *values,
                         guint8              *states);

G_END_DECLS
