/* arietta-compose-page-private.h - shared by the files of the page
 *
 *   arietta-compose-page.c         life, the roll, files, width
 *   arietta-compose-page-write.c   composing, and the examples of a new library
 *   arietta-compose-page-takes.c   what can be done with a take
 *   arietta-compose-page-open.c    the open composition
 *   arietta-compose-page-edit.c    the verbs on its notes
 *   arietta-compose-page-change.c  what is done to notes, at once or by a worker
 *   arietta-compose-page-clipboard.c  cut, copy, paste and dragging out
 *   arietta-compose-page-projects.c   pieces that are kept, and files of them
 *   arietta-compose-page-tracks.c  the verbs on its tracks
 *   arietta-compose-page-offers.c  what the model is asked for
 *   arietta-compose-page-hearing.c  its suggestions, heard and taken, and two pieces compared
 *   arietta-compose-page-ahead.c   composing on while it plays
 *   arietta-compose-page-record.c  playing it in from a keyboard
 *   arietta-compose-page-lanes.c   markers, chords, metres, tempos, velocities: changing them
 *   arietta-compose-page-lane-points.c  and what they show
 *   arietta-compose-page-lanes-shown.c  which of them are there
 *   arietta-compose-page-view.c    how the roll is looked at: ghosts, scale, loop, zoom
 */
#pragma once

#include "views/arietta-compose-page.h"
#include "studio/arietta-composition.h"
#include "music/arietta-pitch.h"
#include "views/arietta-compose-panel.h"
#include "views/arietta-mixer.h"
#include "views/arietta-offer-bar.h"
#include "views/arietta-scale-button.h"
#include "views/arietta-take-strip.h"
#include "views/arietta-track-list.h"
#include "views/arietta-wish-panel.h"
#include "widgets/arietta-piano-roll-edit.h"
#include "widgets/arietta-point-lane.h"
#include "widgets/arietta-velocity-lane.h"

G_BEGIN_DECLS

typedef struct _AriettaComposeOffers AriettaComposeOffers;
typedef struct _AriettaComposeAhead AriettaComposeAhead;

struct _AriettaComposePage
{
  AriettaPage          parent_instance;

  AriettaPiece        *shown_piece;  /* the one the roll was last fitted to */
  AriettaComposition  *composition;  /* of what is on the stand; NULL for a sound or nothing */
  AriettaComposition  *aside;        /* what was open before one that is being written; NULL for nothing */
  gint64               aside_ticks;  /* where it was heard */
  GCancellable        *finding;      /* looks for what was made of it before */
  AriettaWishPanel    *wishes;       /* the button's; NULL before it was first looked at */
  AriettaComposeOffers *offers;
  AriettaJob           *writing;          /* whose first bars are on the stand */
  AriettaJob           *examples;         /* while they are composed */
  AriettaPiece         *so_far;           /* those bars */
  AriettaComposeAhead *ahead;
  guint                fit_id;
  guint                n_tracks_seen;
  GtkEventController  *keys;         /* the window's, borrowed */
  GtkEventController  *offer_keys;   /* the same, before any widget's own */
  AriettaComposePanel *panel;        /* in panel_box; NULL for the first moment */
  guint                examples_seen : 1;
  guint                examples_due : 1;   /* a new library */
  guint                models_listed : 1;
  guint                step_unseen : 1;    /* the step being made is not scrolled to */
  guint                filling_heard : 1;  /* mute and solo are set by us */
  guint                freshly_opened : 1;  /* the piece to come is a composition's, but was not shown yet */
  AriettaTakeObject   *last_take;           /* where one left off, unless a piece was edited since */

  /* arietta-compose-page-lanes.c */
  GArray              *found_chords;   /* owned; NULL before any were looked for */
  GCancellable        *chord_search;
  GtkWidget           *lane_popover;   /* child of lanes_box, with the two below */
  GtkWidget           *lane_entry;
  GtkWidget           *lane_delete;
  AriettaPointLane    *lane_edited;    /* what it speaks of; borrowed; NULL: the velocities of what is selected */
  gint64               lane_tick;
  GtkWidget           *lane_back;      /* what has the focus after it; borrowed */

  /* arietta-compose-page-view.c */
  AriettaTonality      found_tonality;
  int                  tonic;          /* of the scale in force; -1: none */
  int                  mode;

  /* arietta-compose-page-change.c */
  GQueue               changes;        /* of what is done to notes, in order */
  gboolean             changing;       /* the first of them, by a worker */

  /* arietta-compose-page-record.c */
  guint                record_track;
  gboolean             recording;

  /* template children */
  GtkOverlay          *overlay;
  GtkBox              *wide_box;
  GtkWidget           *panel_revealer;
  GtkBox              *panel_box;
  GtkStack            *stack;
  AriettaPianoRoll    *roll;
  AriettaTakeStrip    *strip;
  GtkWidget           *undo_button;
  GtkWidget           *redo_button;
  GtkMenuButton       *grid_button;
  GtkWidget           *notes_button;
  GtkWidget           *export_button;
  GtkWidget           *tracks_revealer;
  AriettaTrackList    *tracks;
  GtkWidget           *mixer_revealer;
  AriettaMixer        *mixer;
  AriettaOfferBar     *offer_bar;
  GtkMenuButton       *ask_button;
  GtkBox              *lanes_box;
  AriettaPointLane    *marker_lane;
  AriettaPointLane    *chord_lane;
  AriettaPointLane    *meter_lane;
  AriettaPointLane    *tempo_lane;
  AriettaVelocityLane *velocity_lane;
  AriettaScaleButton  *scale_button;
};

/* arietta-compose-page-write.c */
/* With the seed of a take and what the panel says otherwise; the new one came from it. */
void arietta_compose_page_write_again      (AriettaComposePage *self,
                                            const AriettaTake  *take);
void arietta_compose_page_init_write       (AriettaComposePage *self);
/* Composes the examples when the library is new and the models are listed. */
void arietta_compose_page_start_examples   (AriettaComposePage *self);
/* Asks the library whether it is new; the first call only. */
void arietta_compose_page_look_for_examples (AriettaComposePage *self);
void arietta_compose_page_end_examples     (AriettaComposePage *self);

/* arietta-compose-page-takes.c */
void arietta_compose_page_init_takes       (AriettaComposePage *self);
void arietta_compose_page_class_bind_takes (GtkWidgetClass     *widget_class);
void arietta_compose_page_play_take        (AriettaComposePage *self,
                                            AriettaTakeObject  *object);

/* arietta-compose-page-projects.c */
void     arietta_compose_page_init_projects   (AriettaComposePage *self);
/* Where one left off: the piece edited last or, when it is newer, @take (may be NULL). */
void     arietta_compose_page_open_last       (AriettaComposePage *self,
                                               AriettaTakeObject  *take);
/* FALSE when @path is no project by its ending. */
gboolean arietta_compose_page_open_project_file (AriettaComposePage *self,
                                               const char         *path);

/* arietta-compose-page-clipboard.c */
void     arietta_compose_page_init_clipboard  (AriettaComposePage *self);

/* arietta-compose-page-tracks.c */
void     arietta_compose_page_init_tracks     (AriettaComposePage *self);
/* After the piece or the page's width changed. */
void     arietta_compose_page_update_tracks   (AriettaComposePage *self);

/* arietta-compose-page-offers.c */
void     arietta_compose_page_init_offers     (AriettaComposePage *self);
void     arietta_compose_page_dispose_offers  (AriettaComposePage *self);
/* @wish of what is open, the first suggestion from @seed. */
void     arietta_compose_page_ask_again       (AriettaComposePage *self,
                                               AriettaWish         wish,
                                               guint64             seed);
/* TRUE when the key was one of theirs. */
gboolean arietta_compose_page_offer_key       (AriettaComposePage *self,
                                               GtkWidget          *focus,
                                               guint               keyval,
                                               GdkModifierType     modifiers);

/* arietta-compose-page-hearing.c */
/* A suggestion is on the stand: to be heard, not a piece of its own. */
gboolean arietta_compose_page_is_offer        (AriettaComposePage *self,
                                               AriettaPiece       *piece);
/* What is open as A beside @piece, which @take is, as B: heard in turn at the same place, and B or bars of it may be taken. */
void     arietta_compose_page_compare         (AriettaComposePage *self,
                                               const AriettaTake  *take,
                                               AriettaPiece       *piece);
/* The roll has the keyboard, where it is shown: there suggestions are heard, taken and put back. */
void     arietta_compose_page_focus_roll      (AriettaComposePage *self);
/* Puts everything back. */
void     arietta_compose_page_close_offers    (AriettaComposePage *self);
/* The same when something else is on the stand already. */
void     arietta_compose_page_leave_offers    (AriettaComposePage *self);

/* arietta-compose-page-ahead.c */
void     arietta_compose_page_init_ahead      (AriettaComposePage *self);
void     arietta_compose_page_dispose_ahead   (AriettaComposePage *self);

/* arietta-compose-page-lanes.c */
void     arietta_compose_page_init_lanes       (AriettaComposePage *self);
void     arietta_compose_page_dispose_lanes    (AriettaComposePage *self);
void     arietta_compose_page_class_bind_lanes (GtkWidgetClass     *widget_class);

/* arietta-compose-page-lanes-shown.c */
void     arietta_compose_page_init_lanes_shown (AriettaComposePage *self);
/* After suggestions or the mixer came or went, or the page's width changed. */
void     arietta_compose_page_make_room        (AriettaComposePage *self);

/* arietta-compose-page-lane-points.c: after the piece changed. */
void     arietta_compose_page_update_lanes     (AriettaComposePage *self);

/* arietta-compose-page-record.c */
void     arietta_compose_page_init_record      (AriettaComposePage *self);
/* The keyboard sounds like the selected track. */
void     arietta_compose_page_update_voice     (AriettaComposePage *self);

/* arietta-compose-page-view.c */
void     arietta_compose_page_init_view        (AriettaComposePage *self);
void     arietta_compose_page_class_bind_view  (GtkWidgetClass     *widget_class);
/* After the piece changed; @edited: it is the same one, a step on. */
void     arietta_compose_page_update_view      (AriettaComposePage *self,
                                                gboolean            edited);
/* The roll shows the track that is selected in the list. */
void     arietta_compose_page_follow_track     (AriettaComposePage *self);
/* What notes are kept to, 0 when they are free. */
guint    arietta_compose_page_get_snap_classes (AriettaComposePage *self);

/* arietta-compose-page-open.c */
void     arietta_compose_page_init_open       (AriettaComposePage *self);
void     arietta_compose_page_dispose_open    (AriettaComposePage *self);
/* Onto the stand, silently, with its history. */
void     arietta_compose_page_show_composition (AriettaComposePage *self,
                                               AriettaComposition *composition);
/* What is open makes room for a piece that is being written: nothing can be done to it until it is put back, which is FALSE
 * when nothing was open, or something else is open. */
void     arietta_compose_page_put_aside       (AriettaComposePage *self);
gboolean arietta_compose_page_put_back        (AriettaComposePage *self);
/* What the session put on the stand; NULL for a sound or nothing.  Its own edits are known again. */
void     arietta_compose_page_open_piece      (AriettaComposePage *self,
                                               AriettaPiece       *piece);

/* arietta-compose-page-change.c */
/* A verb: what becomes of @notes, and in @selected which ones they are then (NULL: none).  Called in a worker where there are
 * many, so of @settings and what it is given only. */
typedef AriettaPiece *(*AriettaNotesFunc) (AriettaPiece      *piece,
                                           AriettaSelection  *notes,
                                           gconstpointer      settings,
                                           AriettaSelection **selected);
/* The selected notes; @settings, of @size bytes, are copied.  At once unless there are many or others are on their way. */
void     arietta_compose_page_change_notes    (AriettaComposePage *self,
                                               const char         *label,
                                               AriettaNotesFunc    func,
                                               gconstpointer       settings,
                                               gsize               size);
/* Other notes (NULL: the selected ones); unless NULL, @kept is what is selected afterwards.  @n_new come to those of the piece,
 * about. */
void     arietta_compose_page_change_these    (AriettaComposePage *self,
                                               const char         *label,
                                               AriettaNotesFunc    func,
                                               GBytes             *settings,
                                               AriettaSelection   *notes,
                                               AriettaSelection   *kept,
                                               guint               n_new);
/* A step back or on again, after what is on its way. */
void     arietta_compose_page_change_back     (AriettaComposePage *self,
                                               gboolean            undo);
/* Some are on their way. */
gboolean arietta_compose_page_is_changing     (AriettaComposePage *self);
void     arietta_compose_page_dispose_change  (AriettaComposePage *self);

/* arietta-compose-page-edit.c */
/* @piece (taken) becomes the next state, @selection (taken, may be NULL) what is selected in it. */
void     arietta_compose_page_step_take       (AriettaComposePage *self,
                                               const char         *label,
                                               AriettaPiece       *piece,
                                               AriettaSelection   *selection);
/* The selected notes go; are louder by so much. */
void     arietta_compose_page_remove_selected (AriettaComposePage *self,
                                               const char         *label);
void     arietta_compose_page_change_velocity (AriettaComposePage *self,
                                               int                 by);
void     arietta_compose_page_init_edit       (AriettaComposePage *self);
/* After a step, or when another piece is open: what can be done, and undone. */
void     arietta_compose_page_update_verbs    (AriettaComposePage *self);
void     arietta_compose_page_class_bind_edit (GtkWidgetClass     *widget_class);
/* In ticks, for verbs that need one: a sixteenth where the person wants none. */
gint64   arietta_compose_page_get_grid        (AriettaComposePage *self);
/* After another piece was shown: a grid is a part of its quarter. */
void     arietta_compose_page_update_grid     (AriettaComposePage *self);
gboolean arietta_compose_page_edit_key        (AriettaComposePage *self,
                                               guint               keyval,
                                               GdkModifierType     modifiers);

G_END_DECLS
