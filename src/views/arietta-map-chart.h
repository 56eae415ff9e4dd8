/* arietta-map-chart.h - a map made ready to be shown
 *
 * Made in the worker, since with 100,000 points it takes longer than a frame has: marks to draw, styles to
 * switch, and where each item or take lies.  Not shared between threads.
 */
#pragma once

#include "studio/arietta-explore.h"
#include "widgets/arietta-map-view.h"

G_BEGIN_DECLS

typedef struct
{
  AriettaMap     *map;
  AriettaMapMark *marks;
  guint          *style_of;   /* index of each point's style in @styles */
  GPtrArray      *styles;     /* char *, sorted */
  GArray         *counts;     /* guint, points of each style */
  GHashTable     *places;     /* id of an item, or that of a take with the sign turned -> index of its point + 1 */
  char           *dataset;    /* its name; "" for everything */
} AriettaMapChart;

/* A job that draws the map of @dataset, NULL for everything; its result is an AriettaMapChart, also
 * when it was stopped and there is something to show.  @enough as for arietta_map (). */
AriettaJob            *arietta_map_chart_job_new   (AriettaLibrary        *library,
                                                    const char            *dataset,
                                                    guint                  enough) G_GNUC_WARN_UNUSED_RESULT;
/* Where they are many the points are freed elsewhere. @chart may be NULL. */
void                   arietta_map_chart_free      (AriettaMapChart       *chart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaMapChart, arietta_map_chart_free)

/* NULL beyond the last point, or when there is no @chart. */
const AriettaMapPoint *arietta_map_chart_get_point (const AriettaMapChart *chart,
                                                    guint                  index);
/* The point of a take, or of an item when @take is 0; G_MAXUINT: not on the map. */
guint                  arietta_map_chart_find      (const AriettaMapChart *chart,
                                                    gint64                 item,
                                                    gint64                 take);

G_END_DECLS
