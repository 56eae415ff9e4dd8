/* The hand: the verbs on the notes of the open composition. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>

#include "base/arietta-random.h"
#include "music/arietta-note-verbs.h"
#include "music/arietta-track-verbs.h"
#include "views/arietta-a11y.h"

#define NEW_VELOCITY 80
#define HUMAN_SHARE 24      /* of a quarter, as far as notes go astray */
#define HUMAN_VELOCITY 12

/* The state of the action "grid" is one of these names; parts of a whole note. */
static const struct
{
  const char *name;
  int         parts;
} grids[] = {
  { "1/4", 4 }, { "1/8", 8 }, { "1/16", 16 }, { "1/32", 32 }, { "1/8T", 12 }, { "1/16T", 24 }, { "off", 0 },
};

static AriettaSession *
get_session (AriettaComposePage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

static GActionGroup *
get_actions (AriettaComposePage *self)
{
  return G_ACTION_GROUP (arietta_page_get_actions (ARIETTA_PAGE (self)));
}

static gint64
get_grid_ticks (AriettaComposePage *self)
{
  g_autoptr(GVariant) state = g_action_group_get_action_state (get_actions (self), "grid");
  const char *name = g_variant_get_string (state, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (grids) && self->shown_piece != NULL; i++)
    if (g_str_equal (grids[i].name, name) && grids[i].parts > 0)
      return MAX (arietta_piece_get_ticks_per_quarter (self->shown_piece) * 4 / grids[i].parts, 1);
  return 0;
}

gint64
arietta_compose_page_get_grid (AriettaComposePage *self)
{
  gint64 grid = get_grid_ticks (self);

  return grid > 0 ? grid : MAX (arietta_piece_get_ticks_per_quarter (self->shown_piece) / 4, 1);
}

/* ---- State ---- */

static void
update_enabled (AriettaComposePage *self)
{
  static const char * const verbs[] = {
    "cut", "copy", "duplicate", "remove-notes", "split", "join", "quantise", "humanise", "octave-up", "octave-down",
    "louder", "softer", "velocity", "lock", "unlock", "semitone-up", "semitone-down", "loop-selection", "zoom-selection", "to-scale",
  };
  gboolean any = self->composition != NULL &&
                 arietta_selection_get_n (arietta_piano_roll_get_selection (self->roll)) > 0;
  gboolean undo = FALSE, redo = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    arietta_page_enable_action (ARIETTA_PAGE (self), verbs[i], any);
  arietta_page_enable_action (ARIETTA_PAGE (self), "add-marker", self->composition != NULL);
  arietta_page_enable_action (ARIETTA_PAGE (self), "paste", self->composition != NULL);
  arietta_page_enable_action (ARIETTA_PAGE (self), "select-all", self->composition != NULL);

  if (self->composition != NULL)
    g_object_get (self->composition, "can-undo", &undo, "can-redo", &redo, NULL);
  /* What is on its way can be taken back. */
  undo |= arietta_compose_page_is_changing (self);
  arietta_page_enable_action (ARIETTA_PAGE (self), "undo", undo);
  arietta_page_enable_action (ARIETTA_PAGE (self), "redo", redo);
}

/* The step's name where a pointer rests: "Undo Move Notes". */
static void
update_tooltips (AriettaComposePage *self)
{
  g_autofree char *undo_label = NULL, *redo_label = NULL, *undo = NULL, *redo = NULL;

  if (self->composition != NULL)
    g_object_get (self->composition, "undo-label", &undo_label, "redo-label", &redo_label, NULL);
  undo = undo_label != NULL ? g_strdup_printf (_("Undo “%s”"), undo_label) : g_strdup (_("Undo"));
  redo = redo_label != NULL ? g_strdup_printf (_("Redo “%s”"), redo_label) : g_strdup (_("Redo"));
  arietta_a11y_set_tooltip (self->undo_button, undo);
  arietta_a11y_set_tooltip (self->redo_button, redo);
}

/* ---- Verbs ---- */

void
arietta_compose_page_step_take (AriettaComposePage *self,
                                const char         *label,
                                AriettaPiece       *piece,
                                AriettaSelection   *selection)
{
  if (arietta_composition_step (self->composition, label, NULL, piece) && selection != NULL)
    arietta_piano_roll_set_selection (self->roll, selection);
  arietta_piece_unref (piece);
  g_clear_pointer (&selection, arietta_selection_unref);
}

static AriettaPiece *
get_piece (AriettaComposePage *self)
{
  return arietta_composition_get_piece (self->composition);
}

/* Of a move, and of the same with a copy left behind. */
typedef struct
{
  gint64   ticks;
  int      semitones;
  guint    classes;     /* notes are kept to; 0: free */
  gboolean copy;
} Move;

/* Where notes are kept to the scale, moving them up or down keeps them there: by a semitone is then a step of the scale. */
static AriettaPiece *
move_to_scale (AriettaPiece      *piece,
               AriettaSelection  *notes,
               const Move        *move,
               AriettaSelection **moved)
{
  g_autoptr(AriettaSelection) between = NULL;
  g_autoptr(AriettaPiece) free = NULL;

  if (move->classes == 0 || move->semitones == 0)
    return arietta_notes_move (piece, notes, move->ticks, move->semitones, moved);
  if (move->ticks == 0 && ABS (move->semitones) == 1)
    return arietta_notes_step_in_scale (piece, notes, move->classes, move->semitones, moved);
  free = arietta_notes_move (piece, notes, move->ticks, move->semitones, &between);
  return arietta_notes_to_scale (free, between, move->classes, moved);
}

static AriettaPiece *
move_notes (AriettaPiece      *piece,
            AriettaSelection  *notes,
            gconstpointer      settings,
            AriettaSelection **selected)
{
  const Move *move = settings;
  g_autoptr(AriettaSelection) copies = NULL;
  g_autoptr(AriettaPiece) with_copies = NULL;

  if (!move->copy)
    return move_to_scale (piece, notes, move, selected);
  with_copies = arietta_notes_duplicate (piece, notes, 0, &copies);
  return move_to_scale (with_copies, copies, move, selected);
}

static AriettaPiece *
remove_notes (AriettaPiece      *piece,
              AriettaSelection  *notes,
              gconstpointer      settings,
              AriettaSelection **selected)
{
  return arietta_notes_remove (piece, notes);
}

static AriettaPiece *
change_velocity (AriettaPiece      *piece,
                 AriettaSelection  *notes,
                 gconstpointer      settings,
                 AriettaSelection **selected)
{
  return arietta_notes_louder (piece, notes, *(const int *) settings, selected);
}

void
arietta_compose_page_remove_selected (AriettaComposePage *self,
                                      const char         *label)
{
  arietta_compose_page_change_notes (self, label, remove_notes, NULL, 0);
}

void
arietta_compose_page_change_velocity (AriettaComposePage *self,
                                      int                 by)
{
  arietta_compose_page_change_notes (self, _("Change Velocity"), change_velocity, &by, sizeof by);
}

static void
move_selected (AriettaComposePage *self,
               gint64              ticks,
               int                 semitones,
               gboolean            copy)
{
  const Move move = { ticks, semitones, arietta_compose_page_get_snap_classes (self), copy };

  arietta_compose_page_change_notes (self, copy         ? _("Copy Notes")
                                           : ticks == 0 ? _("Transpose")
                                                        : _("Move Notes"), move_notes, &move, sizeof move);
}

static void
notes_erased_cb (AriettaComposePage *self,
                 AriettaSelection   *notes)
{
  arietta_compose_page_change_these (self, _("Delete Notes"), remove_notes, NULL, notes, NULL, 0);
}

static void
hits_changed_cb (AriettaComposePage *self,
                 int                 by)
{
  arietta_compose_page_change_velocity (self, by);
}

static void
notes_moved_cb (AriettaComposePage *self,
                gint64              ticks,
                int                 semitones,
                gboolean            copy)
{
  move_selected (self, ticks, semitones, copy);
}

typedef struct
{
  gint64   ticks;
  gint64   least;
  gboolean starts;
} Resize;

static AriettaPiece *
resize_notes (AriettaPiece      *piece,
              AriettaSelection  *notes,
              gconstpointer      settings,
              AriettaSelection **selected)
{
  const Resize *resize = settings;

  return resize->starts ? arietta_notes_resize_starts (piece, notes, resize->ticks, resize->least, selected)
                        : arietta_notes_resize (piece, notes, resize->ticks, resize->least, selected);
}

static void
notes_resized_cb (AriettaComposePage *self,
                  gint64              ticks,
                  gboolean            starts)
{
  const Resize resize = { ticks, arietta_compose_page_get_grid (self), starts };

  arietta_compose_page_change_notes (self, _("Change Lengths"), resize_notes, &resize, sizeof resize);
}

/* New notes go where the selected ones are, else into the track that is selected. */
static guint
get_target_track (AriettaComposePage *self)
{
  AriettaPiece *piece = get_piece (self);
  int active = arietta_track_list_get_active (self->tracks);
  gboolean ghosts;
  guint n;
  const AriettaNoteRef *refs = arietta_selection_get_refs (arietta_piano_roll_get_selection (self->roll), &n);

  g_object_get (self->roll, "ghosts", &ghosts, NULL);
  if (n > 0 && !ghosts && !arietta_piano_roll_is_drums (self->roll))
    return refs[0].track;
  if (active >= 0 && (guint) active < arietta_piece_get_n_tracks (piece))
    return (guint) active;
  return 0;
}

static void
note_drawn_cb (AriettaComposePage *self,
               int                 pitch,
               gint64              onset_ticks,
               gint64              duration_ticks)
{
  const AriettaNote note = {
    .onset_ticks = onset_ticks, .duration_ticks = duration_ticks, .pitch = (guint8) pitch,
    .velocity = NEW_VELOCITY, .off_velocity = 64,
  };
  g_autoptr(AriettaPiece) with_track = NULL;
  AriettaSelection *selected = NULL;
  AriettaPiece *piece;

  if (arietta_piece_get_n_tracks (get_piece (self)) == 0)
    {
      with_track = arietta_piece_copy (get_piece (self));
      arietta_piece_add_track (with_track, "");
      arietta_tracks_keep_voice (with_track, 0);
      arietta_piece_freeze (with_track);
    }
  piece = arietta_notes_add (with_track != NULL ? with_track : get_piece (self), get_target_track (self), &note,
                             &selected);
  arietta_compose_page_step_take (self, _("Draw Note"), piece, selected);
}

static void
undo_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  arietta_compose_page_change_back (user_data, g_str_equal (g_action_get_name (G_ACTION (action)), "undo"));
}

static void
select_all_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  arietta_piano_roll_select_all (self->roll);
}

static void
remove_notes_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  arietta_compose_page_remove_selected (user_data, _("Delete Notes"));
}

/* 0..1 of an action whose state is a percentage. */
static double
get_percent (AriettaComposePage *self,
             const char         *name)
{
  g_autoptr(GVariant) state = g_action_group_get_action_state (get_actions (self), name);

  return g_ascii_strtod (g_variant_get_string (state, NULL), NULL) / 100;
}

typedef enum { VERB_DUPLICATE, VERB_SPLIT, VERB_JOIN, VERB_QUANTISE, VERB_HUMANISE, VERB_LOCK, VERB_UNLOCK } VerbKind;

typedef struct
{
  VerbKind        kind;
  gint64          grid;
  gint64          position;   /* of the play head */
  AriettaQuantise quantise;
} Verb;

static AriettaPiece *
do_verb (AriettaPiece      *piece,
         AriettaSelection  *notes,
         gconstpointer      settings,
         AriettaSelection **selected)
{
  const Verb *verb = settings;
  AriettaRandom random;
  gint64 start, end;
  int lowest, highest;

  if (!arietta_selection_get_extent (notes, piece, &start, &end, &lowest, &highest))
    return arietta_piece_ref (piece);

  switch (verb->kind)
    {
    case VERB_DUPLICATE:
      return arietta_notes_duplicate (piece, notes, (end - start + verb->grid - 1) / verb->grid * verb->grid, selected);
    case VERB_SPLIT:
      return arietta_notes_split (piece, notes, verb->position, selected);
    case VERB_JOIN:
      return arietta_notes_join (piece, notes, selected);
    case VERB_QUANTISE:
      return arietta_notes_quantise (piece, notes, &verb->quantise, selected);
    case VERB_HUMANISE:
      arietta_random_init (&random, (guint64) start ^ arietta_selection_get_n (notes), "humanise");
      return arietta_notes_humanise (piece, notes, arietta_piece_get_ticks_per_quarter (piece) / HUMAN_SHARE,
                                     HUMAN_VELOCITY, &random, selected);
    case VERB_LOCK:
    case VERB_UNLOCK:
      return arietta_notes_lock (piece, notes, verb->kind == VERB_LOCK, selected);
    default:
      g_return_val_if_reached (arietta_piece_ref (piece));
    }
}

/* Everything that needs only the selection. */
static void
verb_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  static const struct
  {
    const char *name;
    VerbKind    kind;
    const char *label;
  } verbs[] = {
    { "duplicate", VERB_DUPLICATE, N_("Duplicate Notes") },
    { "split", VERB_SPLIT, N_("Split Notes") },
    { "join", VERB_JOIN, N_("Join Notes") },
    { "quantise", VERB_QUANTISE, N_("Quantise") },
    { "humanise", VERB_HUMANISE, N_("Humanise") },
    { "lock", VERB_LOCK, N_("Lock Notes") },
    { "unlock", VERB_UNLOCK, N_("Unlock Notes") },
  };
  AriettaComposePage *self = user_data;
  const char *name = g_action_get_name (G_ACTION (action));
  Verb verb = { .grid = arietta_compose_page_get_grid (self) };

  if (g_str_has_prefix (name, "octave-") || g_str_has_prefix (name, "semitone-"))
    {
      move_selected (self, 0, (g_str_has_prefix (name, "octave-") ? 12 : 1) * (g_str_has_suffix (name, "-up") ? 1 : -1),
                     FALSE);
      return;
    }
  if (g_str_equal (name, "louder") || g_str_equal (name, "softer"))
    {
      arietta_compose_page_change_velocity (self, g_str_equal (name, "louder") ? 8 : -8);
      return;
    }

  verb.position = arietta_player_get_position (arietta_session_get_player (get_session (self)));
  if (g_str_equal (name, "quantise"))
    {
      g_autoptr(GVariant) ends = g_action_group_get_action_state (get_actions (self), "quantise-ends");

      verb.quantise = (AriettaQuantise) { verb.grid, get_percent (self, "quantise-strength"),
                                          get_percent (self, "quantise-swing"), g_variant_get_boolean (ends) };
    }
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (name, verbs[i].name))
      {
        verb.kind = verbs[i].kind;
        arietta_compose_page_change_notes (self, _(verbs[i].label), do_verb, &verb, sizeof verb);
      }
}

/* ---- Tools ---- */

static void
apply_grid (AriettaComposePage *self)
{
  g_autoptr(GVariant) state = g_action_group_get_action_state (get_actions (self), "grid");
  const char *name = g_variant_get_string (state, NULL);

  arietta_piano_roll_set_grid (self->roll, get_grid_ticks (self));
  gtk_menu_button_set_label (self->grid_button, g_str_equal (name, "off") ? _("Free") : name);
}

static void
grid_cb (GSimpleAction *action,
         GVariant      *value,
         gpointer       user_data)
{
  AriettaComposePage *self = user_data;

  g_simple_action_set_state (action, value);
  apply_grid (self);
}

static void
draw_cb (GSimpleAction *action,
         GVariant      *value,
         gpointer       user_data)
{
  AriettaComposePage *self = user_data;

  g_simple_action_set_state (action, value);
  arietta_piano_roll_set_drawing (self->roll, g_variant_get_boolean (value));
}

gboolean
arietta_compose_page_edit_key (AriettaComposePage *self,
                               guint               keyval,
                               GdkModifierType     modifiers)
{
  static const struct
  {
    guint           key;
    GdkModifierType modifiers;
    const char     *action;
  } keys[] = {
    { GDK_KEY_z, GDK_CONTROL_MASK, "undo" },        { GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "redo" },
    { GDK_KEY_y, GDK_CONTROL_MASK, "redo" },        { GDK_KEY_a, GDK_CONTROL_MASK, "select-all" },
    { GDK_KEY_x, GDK_CONTROL_MASK, "cut" },         { GDK_KEY_c, GDK_CONTROL_MASK, "copy" },
    { GDK_KEY_d, GDK_CONTROL_MASK, "duplicate" },   { GDK_KEY_q, 0, "quantise" },
    { GDK_KEY_s, 0, "split" },                      { GDK_KEY_j, 0, "join" },
    { GDK_KEY_d, 0, "draw" },                       { GDK_KEY_Delete, 0, "remove-notes" },
    { GDK_KEY_l, 0, "loop-selection" },             { GDK_KEY_z, 0, "zoom-selection" },
    { GDK_KEY_f, 0, "compose-follow" },             { GDK_KEY_g, 0, "compose-ghosts" },
    { GDK_KEY_k, 0, "compose-scale" },              { GDK_KEY_m, 0, "add-marker" },
    { GDK_KEY_bracketleft, 0, "previous-marker" },  { GDK_KEY_bracketright, 0, "next-marker" },
    { GDK_KEY_a, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "select-pitch" },
    { GDK_KEY_v, 0, "lane-velocities" },            { GDK_KEY_c, 0, "lane-chords" },
    { GDK_KEY_t, 0, "lane-tempos" },
    { GDK_KEY_BackSpace, 0, "remove-notes" },
  };
  const GdkModifierType all = GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK | GDK_SUPER_MASK;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (gdk_keyval_to_lower (keyval) == keys[i].key && (modifiers & all) == keys[i].modifiers &&
        g_action_group_get_action_enabled (get_actions (self), keys[i].action))
      {
        g_action_group_activate_action (get_actions (self), keys[i].action, NULL);
        return TRUE;
      }
  return FALSE;
}

static const GActionEntry actions[] = {
  { .name = "undo", .activate = undo_cb },
  { .name = "redo", .activate = undo_cb },
  { .name = "select-all", .activate = select_all_cb },
  { .name = "remove-notes", .activate = remove_notes_cb },
  { .name = "duplicate", .activate = verb_cb },
  { .name = "split", .activate = verb_cb },
  { .name = "join", .activate = verb_cb },
  { .name = "quantise", .activate = verb_cb },
  { .name = "quantise-strength", .parameter_type = "s", .state = "'100'" },
  { .name = "quantise-swing", .parameter_type = "s", .state = "'0'" },
  { .name = "quantise-ends", .state = "false" },
  { .name = "humanise", .activate = verb_cb },
  { .name = "octave-up", .activate = verb_cb },
  { .name = "octave-down", .activate = verb_cb },
  { .name = "semitone-up", .activate = verb_cb },
  { .name = "semitone-down", .activate = verb_cb },
  { .name = "louder", .activate = verb_cb },
  { .name = "softer", .activate = verb_cb },
  { .name = "lock", .activate = verb_cb },
  { .name = "unlock", .activate = verb_cb },
  { .name = "grid", .parameter_type = "s", .state = "'1/16'", .change_state = grid_cb },
  { .name = "draw", .state = "false", .change_state = draw_cb },
};

void
arietta_compose_page_init_edit (AriettaComposePage *self)
{
  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  arietta_compose_page_init_clipboard (self);
  apply_grid (self);
  arietta_compose_page_update_verbs (self);
}

void
arietta_compose_page_update_verbs (AriettaComposePage *self)
{
  update_enabled (self);
  update_tooltips (self);
}

void
arietta_compose_page_update_grid (AriettaComposePage *self)
{
  apply_grid (self);
}

void
arietta_compose_page_class_bind_edit (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback_full (widget_class, "selection_changed_cb", G_CALLBACK (update_enabled));
  gtk_widget_class_bind_template_callback (widget_class, notes_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, notes_resized_cb);
  gtk_widget_class_bind_template_callback (widget_class, note_drawn_cb);
  gtk_widget_class_bind_template_callback (widget_class, notes_erased_cb);
  gtk_widget_class_bind_template_callback (widget_class, hits_changed_cb);
}
