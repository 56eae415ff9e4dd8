/* arietta-piano-roll-private.h - shared by the files of the piano roll
 *
 *   arietta-piano-roll.c         life and properties
 *   arietta-piano-roll-view.c    scrolling, zooming, following, the rows of a drum grid
 *   arietta-piano-roll-paint.c   the notes and what lies over them
 *   arietta-piano-roll-selection.c  the selected notes, and where the hand carries them
 *   arietta-piano-roll-keys.c    the keyboard at the left, or the names of the drums
 *   arietta-piano-roll-ruler.c   the ruler and the loop range in it
 *   arietta-piano-roll-input.c   pointer and touch
 *   arietta-piano-roll-cursor.c  the cursor that keys move from note to note
 *   arietta-piano-roll-edit.c    the selection, and what the pointer and keys do to it
 *
 * "Content" coordinates are pixels of the whole drawing: x = ticks * pixels_per_tick, y = 0 at the top of
 * pitch 127 or of the first drum.  The widget shows a window of it right of the keyboard and below the ruler.
 */
#pragma once

#include "drawing/arietta-roll.h"
#include "music/arietta-bar-map.h"
#include "widgets/arietta-piano-roll-edit.h"
#include "widgets/arietta-piano-roll.h"
#include "widgets/arietta-tile-cache.h"
#include "widgets/arietta-time-axis.h"

G_BEGIN_DECLS

#define ARIETTA_ROLL_MIN_QUARTER 1.0
#define ARIETTA_ROLL_MAX_QUARTER 800.0
#define ARIETTA_ROLL_MIN_PITCH 3.0
#define ARIETTA_ROLL_MAX_PITCH 48.0

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
  ROLL_EDIT_RESIZE_START,
  ROLL_EDIT_DRAW,
  ROLL_EDIT_BAND,
  ROLL_EDIT_CELL,       /* a press in the drum grid that has not become anything else */
  ROLL_EDIT_VELOCITY,   /* of a drum, up and down */
} AriettaRollEdit;

/* What a drag in the ruler does. */
typedef enum
{
  ROLL_RULER_SEEK,      /* nothing yet: a click */
  ROLL_RULER_HEAD,      /* carries the play head */
  ROLL_RULER_RANGE,     /* a new loop range */
  ROLL_RULER_START,
  ROLL_RULER_END,
  ROLL_RULER_MOVE,
} AriettaRollRulerDrag;

/* What is drawn at the moment, in one place for the callbacks. */
typedef struct
{
  AriettaPianoRoll *self;
  GtkSnapshot      *snapshot;
  double            scroll_x, scroll_y;
  guint64           lit[2];       /* pitches sounding, one bit each */
  guint8            lit_hue[128];
} AriettaRollPainter;

struct _AriettaPianoRoll
{
  GtkWidget          parent_instance;

  /* owned */
  AriettaPiece      *piece;           /* as set; NULL: the stand-in below is shown */
  AriettaRollIndex  *index;           /* never NULL; of the piece or of an empty one */
  AriettaTimeAxis   *axis;
  AriettaTileCache  *tiles;
  AriettaTileCache  *marks;           /* of many selected notes */
  AriettaTileCache  *carried;         /* of where the hand carries them */
  GtkAdjustment     *hadjustment;
  GtkAdjustment     *vadjustment;
  PangoLayout       *layout;
  GObject           *scroll_animation; /* AdwAnimation or NULL */

  /* borrowed */
  GtkGesture        *drag;
  AriettaBarMap     *bars;            /* of the axis */

  gint64             position;
  double             pixels_per_quarter;
  double             pixels_per_pitch;
  GtkScrollablePolicy hscroll_policy;
  GtkScrollablePolicy vscroll_policy;
  gboolean           follow;
  gboolean           follow_paused;   /* the person scrolled while it played */
  int                scrolling;       /* more than 0: we scroll, not the person */
  gboolean           playing;
  gboolean           fit_pending;     /* asked to fit before there was a size */
  gboolean           fitted;          /* nobody has zoomed or scrolled since: fit again when the size changes */
  gboolean           palette_valid;
  AriettaPalette     palette;
  int                ruler_height;
  int                keyboard_width;
  AriettaRollCursorStop cursor;       /* of the index's piece; without a note: none */
  int                pressed_pitch;   /* sounding by the pointer; -1: none */
  int                hovered_pitch;   /* -1: none */
  double             gesture_start;   /* an adjustment's value */
  double             gesture_start_y;
  int                drag_region;
  double             drag_x, drag_y;
  guint32            press_time;      /* of the last press, for double clicks */
  double             press_x, press_y;
  guint              redraw_id;
  gint64             zoomed_us;       /* when the scale changed last; monotonic */

  /* what is meant, and how it is looked at */
  int                track;           /* the active one; -1: none */
  gboolean           ghosts;          /* the other tracks are only shades */
  gboolean           drums;           /* a drum grid: the active track is percussion */
  gint8              rows[128];       /* then: the row of each pitch, or -1 */
  guint8             row_pitches[128];
  int                n_rows;
  double             roll_pitch;      /* pixels per pitch and scrolling before the grid */
  double             roll_y;
  guint              scale;           /* pitch classes to highlight; 0: none */
  int                tonic;
  gboolean           scale_snap;

  /* arietta-piano-roll-ruler.c */
  gboolean           loop;
  gint64             loop_start, loop_end;       /* end <= start: no range */
  AriettaRollRulerDrag ruler_drag;
  gint64             ruler_from, ruler_start, ruler_end;

  /* arietta-piano-roll-edit.c; what is under way has not happened yet */
  AriettaSelection  *selection;       /* owned, never NULL */
  AriettaSelection  *edit_keep;       /* owned: what was selected when a band began */
  gboolean           editable;
  gboolean           drawing;         /* the pencil */
  gint64             last_duration;   /* of the note drawn last; 0: none yet */
  AriettaRollEdit    edit;
  gint64             edit_from, edit_to;         /* of a band or a new note */
  int                edit_pitch, edit_to_pitch;
  gint64             edit_onset, edit_end;       /* of the note that was taken hold of */
  gint64             edit_ticks;                 /* so far */
  int                edit_semitones;
  gboolean           edit_copy;
  AriettaRollEdit    carried_edit;               /* what the tiles of that name show */
  int                carried_semitones;
  gint64             carried_ticks;
  AriettaRollCursorStop edit_stop;               /* what was pressed in the drum grid, if anything */
  int                edit_velocity;
};

/* arietta-piano-roll.c */
void     arietta_piano_roll_emit_key            (AriettaPianoRoll *self,
                                                 gboolean          pressed,
                                                 int               pitch);
void     arietta_piano_roll_emit_seek           (AriettaPianoRoll *self,
                                                 gint64            tick);
void     arietta_piano_roll_emit_loop           (AriettaPianoRoll *self);

/* arietta-piano-roll-view.c */
double   arietta_piano_roll_get_pixels_per_tick (AriettaPianoRoll *self);
/* Widget coordinates <-> ticks and pitches. */
gint64   arietta_piano_roll_x_to_tick           (AriettaPianoRoll *self,
                                                 double            x);
int      arietta_piano_roll_y_to_pitch          (AriettaPianoRoll *self,
                                                 double            y);
/* From the top; -1 where the drum grid does not show the pitch. */
int      arietta_piano_roll_row_of              (AriettaPianoRoll *self,
                                                 int               pitch);
/* After the size, the scale or the content changed. */
void     arietta_piano_roll_configure           (AriettaPianoRoll *self);
void     arietta_piano_roll_fit_now             (AriettaPianoRoll *self);
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
void     arietta_piano_roll_follow_position     (AriettaPianoRoll *self,
                                                 gint64            before);
/* An adjustment's value changed. */
void     arietta_piano_roll_scrolled            (AriettaPianoRoll *self);
/* After the piece or the active track changed. */
void     arietta_piano_roll_update_rows         (AriettaPianoRoll *self);

/* arietta-piano-roll-keys.c */
void     arietta_piano_roll_draw_keys           (AriettaRollPainter *painter,
                                                 double              height);
/* The width that keys or names need. */
int      arietta_piano_roll_measure_keys        (AriettaPianoRoll *self);

/* arietta-piano-roll-ruler.c */
void     arietta_piano_roll_draw_ruler          (AriettaRollPainter *painter,
                                                 double              width);
void     arietta_piano_roll_ruler_begin         (AriettaPianoRoll *self,
                                                 double            x,
                                                 double            y);
void     arietta_piano_roll_ruler_update        (AriettaPianoRoll *self,
                                                 double            x);
void     arietta_piano_roll_ruler_end           (AriettaPianoRoll *self,
                                                 gboolean          cancelled);
const char *arietta_piano_roll_ruler_hover      (AriettaPianoRoll *self,
                                                 double            x,
                                                 double            y);

/* arietta-piano-roll-paint.c */
void     arietta_piano_roll_paint_tile          (cairo_t          *cr,
                                                 double            x,
                                                 double            y,
                                                 gpointer          self);
void     arietta_piano_roll_measure_text        (AriettaPianoRoll *self);
void     arietta_piano_roll_snapshot            (GtkWidget        *widget,
                                                 GtkSnapshot      *snapshot);

/* Where a note is drawn, in coordinates of the notes' area. */
GskRoundedRect arietta_piano_roll_note_rectangle (AriettaRollPainter *painter,
                                                 const AriettaNote  *note);
void     arietta_piano_roll_outline             (AriettaRollPainter   *painter,
                                                 const GskRoundedRect *rounded,
                                                 AriettaColor          color,
                                                 double                alpha,
                                                 float                 width);

/* arietta-piano-roll-selection.c */
/* FALSE: not all is there yet, draw again; @in_haste: no more than what is there already. */
gboolean arietta_piano_roll_draw_selection      (AriettaRollPainter *painter,
                                                 double              width,
                                                 double              height,
                                                 gboolean            in_haste);
/* Other notes are selected, or they look different. */
void     arietta_piano_roll_forget_marks        (AriettaPianoRoll *self);
void     arietta_piano_roll_paint_marks         (cairo_t          *cr,
                                                 double            x,
                                                 double            y,
                                                 gpointer          self);
void     arietta_piano_roll_paint_carried       (cairo_t          *cr,
                                                 double            x,
                                                 double            y,
                                                 gpointer          self);

/* arietta-piano-roll-cursor.c */
/* The note drawn at the place, the last one where several lie on each other. */
gboolean arietta_piano_roll_stop_at_point       (AriettaPianoRoll      *self,
                                                 double                 x,
                                                 double                 y,
                                                 AriettaRollCursorStop *stop);
/* @stop NULL: none. */
void     arietta_piano_roll_set_cursor          (AriettaPianoRoll            *self,
                                                 const AriettaRollCursorStop *stop,
                                                 gboolean                     reveal);
void     arietta_piano_roll_cursor_class_init   (GtkWidgetClass   *widget_class);

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
                                                 const AriettaRollCursorStop *stop,
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
                                                 const AriettaRollCursorStop *stop,
                                                 double            x,
                                                 double            y);
void     arietta_piano_roll_edit_select_cursor  (AriettaPianoRoll *self,
                                                 gboolean          more);

G_END_DECLS
