/* arietta-map-view.h - items as points in two dimensions
 *
 * Zoom by wheel and pinch towards the pointer, pan by a drag on the ground, with the middle button, or
 * with the tool "pan" (Space is left alone: it plays); double click on the ground fits.  Up to
 * 100,000 points: rasterised into one texture kept until data or view change, hover, selection and
 * path as a few nodes above.  Each style has its hue and its shape.  With the keyboard: arrows move
 * to the nearest point in that direction, Enter activates, P begins or ends a path, Escape gives it
 * up, plus / minus / 0 zoom; the accessible description follows.
 *
 * Properties: "tool" (enum as string "pick", "path", "pan"), "narrow" bool.
 * Signals: "point-activated" (guint index) for a click; "point-hovered" (guint index or G_MAXUINT);
 * "path-drawn" (guint from, guint to) for a drag from point to point with the tool "path".
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  double  x, y;    /* -1..1 */
  guint8  mark;    /* 0..31: hue and shape, see drawing/arietta-palette.h */
  guint8  hidden;  /* switched off by the legend */
} AriettaMapMark;

#define ARIETTA_TYPE_MAP_VIEW (arietta_map_view_get_type ())
G_DECLARE_FINAL_TYPE (AriettaMapView, arietta_map_view, ARIETTA, MAP_VIEW, GtkWidget)

GtkWidget *arietta_map_view_new       (void);
/* Copies @marks. */
void       arietta_map_view_set_marks (AriettaMapView       *self,
                                       const AriettaMapMark *marks,
                                       guint                 n_marks);
void       arietta_map_view_set_playing (AriettaMapView     *self,
                                         guint               index);   /* G_MAXUINT: none */
void       arietta_map_view_zoom_to_fit (AriettaMapView     *self);

/* What a mark is called, for assistive technology; a new string, or NULL. */
typedef char *(*AriettaMapNameFunc)      (guint               index,
                                          gpointer            user_data);
void       arietta_map_view_set_names    (AriettaMapView     *self,
                                          AriettaMapNameFunc  func,
                                          gpointer            user_data,
                                          GDestroyNotify      destroy);
/* The path that is shown, drawn by the person or not; @from G_MAXUINT: none.  It glows at @fraction of its
 * length (below 0: nowhere), which is where the morph sounds. */
void       arietta_map_view_set_path     (AriettaMapView     *self,
                                          guint               from,
                                          guint               to,
                                          double              fraction);
/* Where a mark stands in the widget, for popovers; FALSE: out of sight. */
gboolean   arietta_map_view_get_place    (AriettaMapView     *self,
                                          guint               index,
                                          double             *x,
                                          double             *y);

G_END_DECLS
