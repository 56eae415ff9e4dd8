/* arietta-map-view-private.h - shared by the files of the map
 *
 *   arietta-map-view.c         life, properties, the window onto the plane
 *   arietta-map-view-paint.c   everything that is drawn
 *   arietta-map-view-input.c   pointer, touch and keys
 *
 * "World" coordinates are those of the marks, y upwards; the window onto them is a centre and a scale.
 */
#pragma once

#include "drawing/arietta-palette.h"
#include "widgets/arietta-map-view.h"
#include "widgets/arietta-mark-raster.h"

G_BEGIN_DECLS

#define ARIETTA_MAP_NONE G_MAXUINT
#define ARIETTA_MAP_CELLS 64   /* of the search grid, in each direction */

typedef enum
{
  ARIETTA_MAP_TOOL_PICK,
  ARIETTA_MAP_TOOL_PATH,
  ARIETTA_MAP_TOOL_PAN
} AriettaMapTool;

struct _AriettaMapView
{
  GtkWidget          parent_instance;

  /* owned */
  AriettaMapMark    *marks;
  guint              n_marks;
  guint             *cell_starts;  /* ARIETTA_MAP_CELLS squared + 1, into cell_marks */
  guint             *cell_marks;
  GdkTexture        *texture;      /* all marks as seen now; NULL: to be painted */
  AriettaMarkRaster *raster;       /* the stamps; NULL: to be made for the colours and radius of now */
  double             raster_radius;
  AriettaMapNameFunc name_func;
  gpointer           name_data;
  GDestroyNotify     name_destroy;

  /* the window onto the world */
  double             center_x, center_y;
  double             scale;        /* pixels a unit */
  gboolean           fitted;       /* follows the size until the person zooms */
  int                texture_width, texture_height;

  AriettaMapTool     tool;
  gboolean           narrow;
  guint              hovered;
  guint              focused;      /* by keyboard */
  guint              playing;
  guint              path_from, path_to;
  double             path_fraction;

  /* a gesture under way */
  gboolean           drawing;      /* a path by the pointer, from path_from to the pointer */
  gboolean           walking;      /* a path by keyboard, from path_from to the focus */
  gboolean           panning;
  gboolean           moved;
  guint              pressed;
  double             pointer_x, pointer_y;
  double             start_x, start_y;
  double             drag_x, drag_y;
};

/* arietta-map-view.c */
void  arietta_map_view_to_widget    (AriettaMapView *self,
                                     guint           index,
                                     double         *x,
                                     double         *y);
double arietta_map_view_get_radius  (AriettaMapView *self);
/* The nearest mark that is not hidden within @reach pixels of the place, or ARIETTA_MAP_NONE. */
guint arietta_map_view_find         (AriettaMapView *self,
                                     double          x,
                                     double          y,
                                     double          reach);
void  arietta_map_view_move         (AriettaMapView *self,
                                     double          center_x,
                                     double          center_y,
                                     double          scale);
void  arietta_map_view_zoom_around  (AriettaMapView *self,
                                     double          factor,
                                     double          x,
                                     double          y);
void  arietta_map_view_set_hovered  (AriettaMapView *self,
                                     guint           index);
void  arietta_map_view_emit_activated (AriettaMapView *self,
                                       guint           index);
void  arietta_map_view_emit_path    (AriettaMapView *self,
                                     guint           from,
                                     guint           to);

/* arietta-map-view-paint.c */
void  arietta_map_view_snapshot     (GtkWidget      *widget,
                                     GtkSnapshot    *snapshot);

/* arietta-map-view-input.c */
void  arietta_map_view_input_class_init (GtkWidgetClass *widget_class);
void  arietta_map_view_input_init   (AriettaMapView *self);
void  arietta_map_view_describe     (AriettaMapView *self);

G_END_DECLS
