/* arietta-piano-roll-private.h - shared by the files of the piano roll
 *
 *   arietta-piano-roll.c         life, properties, scrolling and zooming
 *   arietta-piano-roll-paint.c   everything that is drawn
 *   arietta-piano-roll-input.c   pointer, touch, keys and the cursor
 *   arietta-piano-roll-edit.c    the selection, and what the pointer and keys do to it
 *
 * "Content" coordinates are pixels of the whole drawing: x = ticks * pixels_per_tick, y = 0 at the top of
 * pitch 127.  The widget shows a window of it right of the keyboard and below the ruler.
 */
#pragma once

#include "drawing/arietta-roll.h"
#include "music/arietta-bar-map.h"
#include "widgets/arietta-piano-roll-edit.h"
#include "widgets/arietta-piano-roll.h"
#include "widgets/arietta-tile-cache.h"

G_BEGIN_DECLS

typedef struct
{
  const AriettaNote *note;
  guint              track;
} AriettaRollCursorStop;

typedef enum
{
  ROLL_EDIT_NONE,
  ROLL_EDIT_MOVE,
  ROLL_EDIT_RESIZE,
  ROLL_EDIT_DRAW,
  ROLL_EDIT_BAND,
} AriettaRollEdit;

struct _AriettaPianoRoll
{
  GtkWidget          parent_instance;

  /* owned */
  AriettaPiece      *piece;           /* as set; NULL: the stand-in below is shown */
  AriettaRollIndex  *index;           /* never NULL; of the piece or of an empty one */
  AriettaBarMap     *bars;
  AriettaTileCache  *tiles;
  GtkAdjustment     *hadjustment;
  GtkAdjustment     *vadjustment;
  GArray            *stops;           /* of AriettaRollCursorStop in the order of the cursor; NULL: not made */
  PangoLayout       *layout;
  GObject           *scroll_animation; /* AdwAnimation or NULL */

  /* borrowed */
  GtkGesture        *drag;

  gint64             position;
  double             pixels_per_quarter;
  double             pixels_per_pitch;
  GtkScrollablePolicy hscroll_policy;
  GtkScrollablePolicy vscroll_policy;
  gboolean           follow;
  gboolean           playing;
  gboolean           fit_pending;     /* asked to fit before there was a size */
  gboolean           palette_valid;
  AriettaPalette     palette;
  int                ruler_height;
  int                keyboard_width;
  int                cursor;          /* in stops; -1: none */
  int                pressed_pitch;   /* sounding by the pointer; -1: none */
  int                hovered_pitch;   /* -1: none */
  double             pointer_x, pointer_y;
  double             gesture_start;   /* pixels per quarter, or an adjustment's value */
  double             gesture_start_y;
  int                drag_region;
  double             drag_x, drag_y;
  guint32            press_time;      /* of the last press, for double clicks */
  double             press_x, press_y;
  guint              redraw_id;

  /* arietta-piano-roll-edit.c; what is under way has not happened yet */
  AriettaSelection  *selection;       /* owned, never NULL */
  AriettaSelection  *edit_keep;       /* owned: what was selected when a band began */
  gboolean           editable;
  gboolean           drawing;         /* the pencil */
  gint64             grid_ticks;
  gint64             last_duration;   /* of the note drawn last; 0: none yet */
  AriettaRollEdit    edit;
  gint64             edit_from, edit_to;         /* of a band or a new note */
  int                edit_pitch, edit_to_pitch;
  gint64             edit_onset, edit_end;       /* of the note that was taken hold of */
  gint64             edit_ticks;                 /* so far */
  int                edit_semitones;
  gboolean           edit_copy;
};

/* arietta-piano-roll.c */
double   arietta_piano_roll_get_pixels_per_tick (AriettaPianoRoll *self);
/* Widget coordinates <-> ticks and pitches. */
gint64   arietta_piano_roll_x_to_tick           (AriettaPianoRoll *self,
                                                 double            x);
int      arietta_piano_roll_y_to_pitch          (AriettaPianoRoll *self,
                                                 double            y);
/* Scales keeping what is at (@x, @y) of the widget where it is. */
void     arietta_piano_roll_zoom_around         (AriettaPianoRoll *self,
                                                 double            pixels_per_quarter,
                                                 double            pixels_per_pitch,
                                                 double            x,
                                                 double            y);
/* Scrolls as little as is needed to see the stretch, with room around it. */
void     arietta_piano_roll_reveal              (AriettaPianoRoll *self,
                                                 gint64            start_ticks,
                                                 gint64            end_ticks,
                                                 int               pitch);
void     arietta_piano_roll_emit_key            (AriettaPianoRoll *self,
                                                 gboolean          pressed,
                                                 int               pitch);
void     arietta_piano_roll_emit_seek           (AriettaPianoRoll *self,
                                                 gint64            tick);

/* arietta-piano-roll-paint.c */
void     arietta_piano_roll_paint_tile          (cairo_t          *cr,
                                                 double            x,
                                                 double            y,
                                                 gpointer          self);
void     arietta_piano_roll_measure_text        (AriettaPianoRoll *self);
void     arietta_piano_roll_snapshot            (GtkWidget        *widget,
                                                 GtkSnapshot      *snapshot);

/* arietta-piano-roll-input.c */
void     arietta_piano_roll_input_class_init    (GtkWidgetClass   *widget_class);
void     arietta_piano_roll_input_init          (AriettaPianoRoll *self);
/* After another piece was set. */
void     arietta_piano_roll_input_reset         (AriettaPianoRoll *self);
/* Lets the key sound, instead of the one before; -1: none. */
void     arietta_piano_roll_press               (AriettaPianoRoll *self,
                                                 int               pitch);

/* arietta-piano-roll-edit.c */
void     arietta_piano_roll_edit_class_init     (GtkWidgetClass   *widget_class);
void     arietta_piano_roll_edit_reset          (AriettaPianoRoll *self);
gboolean arietta_piano_roll_edit_begin          (AriettaPianoRoll *self,
                                                 int               nth,
                                                 double            x,
                                                 double            y,
                                                 GdkModifierType   modifiers,
                                                 int               n_press);
void     arietta_piano_roll_edit_update         (AriettaPianoRoll *self,
                                                 double            x,
                                                 double            y,
                                                 GdkModifierType   modifiers);
void     arietta_piano_roll_edit_end            (AriettaPianoRoll *self,
                                                 gboolean          cancelled);
void     arietta_piano_roll_edit_hover          (AriettaPianoRoll *self,
                                                 int               nth,
                                                 double            x,
                                                 double            y);
void     arietta_piano_roll_edit_select_cursor  (AriettaPianoRoll *self,
                                                 gboolean          more);

G_END_DECLS
