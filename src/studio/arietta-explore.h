/* arietta-explore.h - the map of the library, and what to hear next
 *
 * Plain functions that block: run them in a job.
 */
#pragma once

#include "library/arietta-library.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

typedef struct
{
  gint64  item_id;    /* one of the two is 0 */
  gint64  take_id;
  double  x, y;       /* -1..1 */
  char   *title;
  char   *style;
} AriettaMapPoint;

typedef struct
{
  GArray *points;           /* AriettaMapPoint */
  double  trustworthiness;  /* Venna and Kaski 2001, k = 12 or fewer; -1 when too few points */
  double  continuity;
  guint   left_out;         /* sound items, and pieces the model cannot encode */
  guint   waiting;          /* pieces the model did not listen to yet */
} AriettaMap;

void        arietta_map_free      (AriettaMap       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaMap, arietta_map_free)

/* The note items of a dataset (NULL: all of the library, takes too) through the model's encoder, by principal
 * components.  Latents are remembered as features.  @enough as in arietta-gather.h: of a library
 * of many pieces the first map shows this many at most, and all when asked with 0.  Stopped, it is
 * a map of what was encoded by then. */
AriettaMap *arietta_map           (AriettaLibrary   *library,
                                   const char       *model,
                                   const char       *dataset,
                                   guint             enough,
                                   AriettaJob       *job,
                                   GError          **error);

typedef enum
{
  ARIETTA_REASON_LIKE_PLAYED,   /* close to a piece that was played */
  ARIETTA_REASON_LIKE_LIKED,    /* close to a piece that was liked */
  ARIETTA_REASON_STYLE,         /* of a style that is played much */
  ARIETTA_REASON_NEW,           /* unlike what was played: a surprise */
} AriettaReasonKind;

typedef struct
{
  gint64             item_id;
  gint64             take_id;
  char              *title;
  char              *style;
  double             score;
  AriettaReasonKind  kind;
  char              *reason;    /* a sentence in the person's language; true */
} AriettaRecommendation;

void        arietta_recommendation_free (AriettaRecommendation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaRecommendation, arietta_recommendation_free)

/* @surprise 0 (familiar) .. 1 (surprising). An array, best first.  @enough as for the map; what was heard or judged is
 * always looked at.  @n_chosen and @n_waiting (may be NULL): out of how many, and how many were not looked at yet. */
GPtrArray  *arietta_recommend     (AriettaLibrary   *library,
                                   guint             count,
                                   double            surprise,
                                   guint             enough,
                                   AriettaJob       *job,
                                   guint            *n_chosen,
                                   guint            *n_waiting,
                                   GError          **error);

G_END_DECLS
