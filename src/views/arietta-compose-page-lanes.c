/* The lanes around the roll: markers, metres, tempos, chords, velocities. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "music/arietta-map-verbs.h"
#include "music/arietta-marks.h"
#include "music/arietta-note-verbs.h"

typedef enum
{
  LANE_MARKERS,
  LANE_CHORDS,
  LANE_METERS,
  LANE_TEMPOS,
  LANE_VELOCITIES,
  N_LANES
} Lane;

static AriettaPiece *
get_piece (AriettaComposePage *self)
{
  return arietta_composition_get_piece (self->composition);
}

static AriettaPlayer *
get_player (AriettaComposePage *self)
{
  return arietta_session_get_player (arietta_page_get_session (ARIETTA_PAGE (self)));
}

static Lane
which_lane (AriettaComposePage *self,
            AriettaPointLane   *lane)
{
  return lane == NULL                ? LANE_VELOCITIES
         : lane == self->marker_lane ? LANE_MARKERS
         : lane == self->chord_lane ? LANE_CHORDS
         : lane == self->meter_lane ? LANE_METERS
                                    : LANE_TEMPOS;
}

/* ---- Changing ---- */

static void
step (AriettaComposePage *self,
      const char         *label,
      AriettaPiece       *piece)
{
  arietta_compose_page_step_take (self, label, piece, NULL);
}

/* The piece with its chords written in, so that one of them can be another. */
static AriettaPiece *
with_chords (AriettaComposePage *self)
{
  g_autoptr(GArray) written = arietta_marks_get_chords (get_piece (self));

  if (written->len > 0 || self->found_chords == NULL)
    return arietta_piece_ref (get_piece (self));
  return arietta_marks_set_chords (get_piece (self), self->found_chords);
}

/* One for each note; none is reordered. */
static AriettaPiece *
set_velocities (AriettaPiece      *piece,
                AriettaSelection  *notes,
                gconstpointer      settings,
                AriettaSelection **selected)
{
  return arietta_notes_set_velocities (piece, notes, settings, NULL);
}

/* "96" for each of the selected notes; "+8" and "-8" add to what each has. */
static gboolean
apply_velocity (AriettaComposePage *self,
                const char         *text)
{
  AriettaSelection *notes = arietta_piano_roll_get_selection (self->roll);
  gboolean relative = *text == '+' || *text == '-';
  guint n = arietta_selection_get_n (notes);
  gint64 value;

  if (n == 0 || !g_ascii_string_to_signed (*text == '+' ? text + 1 : text, 10, relative ? -126 : 1, relative ? 126 : 127,
                                           &value, NULL))
    return FALSE;
  if (relative)
    arietta_compose_page_change_velocity (self, (int) value);
  else
    {
      guint8 *velocities = g_malloc (n);
      g_autoptr(GBytes) bytes = g_bytes_new_take (velocities, n);

      memset (velocities, (int) value, n);
      arietta_compose_page_change_these (self, _("Change Velocity"), set_velocities, bytes, notes, notes, 0);
    }
  return TRUE;
}

static gboolean
apply_text (AriettaComposePage *self,
            Lane                lane,
            gint64              tick,
            const char         *text)
{
  int numerator, denominator;
  AriettaChord chord;
  double tempo;
  char *end;

  switch (lane)
    {
    case LANE_MARKERS:
      if (*text == '\0')
        return FALSE;
      step (self, _("Change Marker"), arietta_marks_set_marker (get_piece (self), tick, text));
      return TRUE;
    case LANE_CHORDS:
      {
        g_autoptr(AriettaPiece) base = NULL;

        if (!arietta_chord_parse (text, &chord))
          return FALSE;
        base = with_chords (self);
        step (self, _("Change Chord"), arietta_marks_set_chord (base, tick, &chord));
        return TRUE;
      }
    case LANE_METERS:
      if (!arietta_maps_parse_meter (text, &numerator, &denominator))
        return FALSE;
      step (self, _("Change Metre"), arietta_maps_set_meter (get_piece (self), tick, numerator, denominator));
      return TRUE;
    case LANE_TEMPOS:
      tempo = g_strtod (text, &end);
      if (end == text || *end != '\0' || !(tempo >= ARIETTA_TEMPO_LEAST && tempo <= ARIETTA_TEMPO_MOST))
        return FALSE;
      step (self, _("Change Tempo"), arietta_maps_set_tempo (get_piece (self), tick, tick, tempo));
      return TRUE;
    case LANE_VELOCITIES:
      return apply_velocity (self, text);
    case N_LANES:
    default:
      return FALSE;
    }
}

static void
remove_point (AriettaComposePage *self,
              Lane                lane,
              gint64              tick)
{
  switch (lane)
    {
    case LANE_MARKERS:
      step (self, _("Delete Marker"), arietta_marks_set_marker (get_piece (self), tick, NULL));
      break;
    case LANE_CHORDS:
      {
        g_autoptr(AriettaPiece) base = with_chords (self);

        step (self, _("Delete Chord"), arietta_marks_set_chord (base, tick, NULL));
      }
      break;
    case LANE_METERS:
      step (self, _("Delete Metre"), arietta_maps_remove_meter (get_piece (self), tick));
      break;
    case LANE_TEMPOS:
      step (self, _("Delete Tempo"), arietta_maps_remove_tempo (get_piece (self), tick));
      break;
    case LANE_VELOCITIES:
    case N_LANES:
    default:
      break;
    }
}

/* ---- The popover ---- */

static void
entry_changed_cb (AriettaComposePage *self)
{
  gtk_widget_remove_css_class (self->lane_entry, "error");
}

static void
entry_activate_cb (AriettaComposePage *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->lane_entry))));

  if (self->composition == NULL)
    return;
  if (!apply_text (self, which_lane (self, self->lane_edited), self->lane_tick, text))
    {
      gtk_widget_add_css_class (self->lane_entry, "error");
      gtk_widget_error_bell (self->lane_entry);
      return;
    }
  if (self->lane_edited != NULL)
    arietta_point_lane_set_cursor (self->lane_edited, self->lane_tick);
  gtk_popover_popdown (GTK_POPOVER (self->lane_popover));
  gtk_widget_grab_focus (self->lane_back);
}

static void
delete_clicked_cb (AriettaComposePage *self)
{
  gtk_popover_popdown (GTK_POPOVER (self->lane_popover));
  if (self->composition != NULL)
    remove_point (self, which_lane (self, self->lane_edited), self->lane_tick);
}

static char *
dup_present_text (AriettaComposePage *self,
                  Lane                lane,
                  gint64              tick,
                  gboolean            exists)
{
  AriettaMeter meter = arietta_piece_get_meter_at (get_piece (self), tick);

  if (lane == LANE_METERS)
    return g_strdup_printf ("%d/%d", meter.numerator, 1 << meter.denominator_log2);
  if (lane == LANE_TEMPOS)
    return g_strdup_printf ("%.4g", 60e6 / arietta_piece_get_tempo_at (get_piece (self), tick));
  if (lane == LANE_MARKERS && exists)
    {
      g_autoptr(GPtrArray) markers = arietta_marks_get_markers (get_piece (self));

      for (guint i = 0; i < markers->len; i++)
        if (((AriettaMarker *) markers->pdata[i])->tick == tick)
          return g_strdup (((AriettaMarker *) markers->pdata[i])->name);
    }
  if (lane == LANE_CHORDS && exists)
    {
      g_autoptr(AriettaPiece) base = with_chords (self);
      g_autoptr(GArray) chords = arietta_marks_get_chords (base);

      for (guint i = 0; i < chords->len; i++)
        if (g_array_index (chords, AriettaChordMark, i).tick == tick)
          return arietta_chord_dup_name (&g_array_index (chords, AriettaChordMark, i).chord);
    }
  return g_strdup ("");
}

static void
make_popover (AriettaComposePage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->lane_entry = gtk_entry_new ();
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->lane_entry), 18);
  g_signal_connect_swapped (self->lane_entry, "changed", G_CALLBACK (entry_changed_cb), self);
  g_signal_connect_swapped (self->lane_entry, "activate", G_CALLBACK (entry_activate_cb), self);
  gtk_box_append (GTK_BOX (box), self->lane_entry);

  self->lane_delete = gtk_button_new_from_icon_name ("user-trash-symbolic");
  gtk_widget_set_tooltip_text (self->lane_delete, _("Delete"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->lane_delete), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Delete"), -1);
  gtk_widget_add_css_class (self->lane_delete, "flat");
  g_signal_connect_swapped (self->lane_delete, "clicked", G_CALLBACK (delete_clicked_cb), self);
  gtk_box_append (GTK_BOX (box), self->lane_delete);

  self->lane_popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (self->lane_popover), box);
  gtk_widget_set_parent (self->lane_popover, GTK_WIDGET (self->lanes_box));
}

/* Asks for @text anew; @place is what it is about, within lanes_box. */
static void
ask_text (AriettaComposePage *self,
          Lane                which,
          const char         *text,
          gboolean            can_delete,
          const GdkRectangle *place)
{
  static const char * const titles[] = { N_("Marker Name"), N_("Chord, Such as Am7"), N_("Metre, Such as 7/8"),
                                         N_("Quarters per Minute"), N_("Velocity, 1 to 127") };

  gtk_editable_set_text (GTK_EDITABLE (self->lane_entry), text);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->lane_entry), _(titles[which]));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->lane_entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _(titles[which]), -1);
  gtk_widget_set_visible (self->lane_delete, can_delete);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->lane_popover), place);
  gtk_popover_popup (GTK_POPOVER (self->lane_popover));
  gtk_widget_grab_focus (self->lane_entry);
  gtk_editable_select_region (GTK_EDITABLE (self->lane_entry), 0, -1);
}

static void
lane_edit_cb (AriettaComposePage *self,
              gint64              tick,
              gboolean            exists,
              double              x,
              AriettaPointLane   *lane)
{
  Lane which = which_lane (self, lane);
  g_autofree char *text = NULL;
  GdkRectangle place;
  double left = 0, top = 0;

  if (self->composition == NULL)
    return;
  self->lane_edited = lane;
  self->lane_tick = tick;
  self->lane_back = GTK_WIDGET (lane);
  text = dup_present_text (self, which, tick, exists);
  arietta_point_lane_get_place (lane, tick, &place);
  gtk_widget_translate_coordinates (GTK_WIDGET (lane), GTK_WIDGET (self->lanes_box), place.x, place.y, &left, &top);
  ask_text (self, which, text, exists && (tick > 0 || which == LANE_MARKERS || which == LANE_CHORDS),
            &(GdkRectangle) { (int) left, (int) top, place.width, place.height });
}

static void
lane_moved_cb (AriettaComposePage *self,
               gint64              from,
               gint64              to,
               double              value,
               AriettaPointLane   *lane)
{
  if (self->composition == NULL)
    return;
  arietta_point_lane_set_cursor (lane, -1);
  switch (which_lane (self, lane))
    {
    case LANE_MARKERS:
      step (self, _("Move Marker"), arietta_marks_move_marker (get_piece (self), from, to));
      break;
    case LANE_CHORDS:
      {
        g_autoptr(AriettaPiece) base = with_chords (self);

        step (self, _("Move Chord"), arietta_marks_move_chord (base, from, to));
      }
      break;
    case LANE_METERS:
      step (self, _("Move Metre"), arietta_maps_move_meter (get_piece (self), from, to));
      break;
    case LANE_TEMPOS:
      step (self, _("Change Tempo"), arietta_maps_set_tempo (get_piece (self), from, to, value));
      break;
    case LANE_VELOCITIES:
    case N_LANES:
    default:
      break;
    }
  arietta_point_lane_set_cursor (lane, to);
}

static void
lane_removed_cb (AriettaComposePage *self,
                 gint64              tick,
                 AriettaPointLane   *lane)
{
  if (self->composition != NULL)
    remove_point (self, which_lane (self, lane), tick);
}

/* A marker is a place to go to; the others only to look at. */
static void
lane_activated_cb (AriettaComposePage *self,
                   gint64              tick,
                   AriettaPointLane   *lane)
{
  if (lane == self->marker_lane)
    arietta_player_seek (get_player (self), tick);
}

/* ---- Velocities ---- */

static void
velocities_drawn_cb (AriettaComposePage *self,
                     AriettaSelection   *notes,
                     GBytes             *velocities)
{
  if (self->composition != NULL)
    arietta_compose_page_change_these (self, _("Change Velocity"), set_velocities, velocities, notes,
                                       arietta_piano_roll_get_selection (self->roll), 0);
}

static void
velocity_changed_cb (AriettaComposePage *self,
                     int                 by)
{
  if (self->composition != NULL)
    arietta_compose_page_change_velocity (self, by);
}

/* The one that all of the selected notes have, or nothing where they differ. */
static char *
dup_present_velocity (AriettaComposePage *self)
{
  guint n_refs;
  const AriettaNoteRef *refs = arietta_selection_get_refs (arietta_piano_roll_get_selection (self->roll), &n_refs);
  int common = 0;

  for (guint i = 0; i < n_refs; i++)
    {
      guint n;
      int velocity = arietta_track_get_notes (arietta_piece_get_track (get_piece (self), refs[i].track), &n)[refs[i].nth]
                       .velocity;

      if (i > 0 && velocity != common)
        return g_strdup ("");
      common = velocity;
    }
  return g_strdup_printf ("%d", common);
}

/* From the lane or from the menu, where the lane need not be shown. */
static void
velocity_edit_cb (AriettaComposePage *self)
{
  GtkWidget *lane = GTK_WIDGET (self->velocity_lane), *box = GTK_WIDGET (self->lanes_box);
  gboolean shown = gtk_widget_get_mapped (lane);
  gint64 start, end;
  int lowest, highest;
  double left, top = gtk_widget_get_height (box) - 8;
  g_autofree char *text = NULL;

  if (self->composition == NULL ||
      !arietta_selection_get_extent (arietta_piano_roll_get_selection (self->roll), get_piece (self), &start, &end, &lowest,
                                     &highest))
    return;
  self->lane_edited = NULL;
  self->lane_back = gtk_widget_has_focus (lane) ? lane : GTK_WIDGET (self->roll);
  left = CLAMP (arietta_time_axis_tick_to_x (arietta_piano_roll_get_axis (self->roll), start), 0,
                MAX (gtk_widget_get_width (box) - 8, 0));
  if (shown)
    gtk_widget_translate_coordinates (lane, box, left, 0, &left, &top);
  text = dup_present_velocity (self);
  ask_text (self, LANE_VELOCITIES, text, FALSE, &(GdkRectangle) { (int) left, (int) top, 8, 8 });
}

/* ---- Actions ---- */

static void
velocity_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  velocity_edit_cb (user_data);
}

static void
add_marker_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  AriettaTimeAxis *axis = arietta_piano_roll_get_axis (self->roll);
  gint64 tick = arietta_time_axis_snap (axis, arietta_player_get_position (get_player (self)), FALSE);
  g_autoptr(GPtrArray) markers = NULL;
  gboolean exists = FALSE, from_roll = gtk_widget_has_focus (GTK_WIDGET (self->roll));

  if (self->composition == NULL)
    return;
  markers = arietta_marks_get_markers (get_piece (self));
  for (guint i = 0; i < markers->len; i++)
    exists = exists || ((AriettaMarker *) markers->pdata[i])->tick == tick;
  g_action_group_change_action_state (G_ACTION_GROUP (arietta_page_get_actions (ARIETTA_PAGE (self))), "lane-markers",
                                      g_variant_new_boolean (TRUE));
  lane_edit_cb (self, tick, exists, 0, self->marker_lane);
  if (from_roll)
    self->lane_back = GTK_WIDGET (self->roll);
}

static void
go_marker_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  gboolean forth = g_str_equal (g_action_get_name (G_ACTION (action)), "next-marker");
  gint64 now = arietta_player_get_position (get_player (self)), found = -1;
  g_autoptr(GPtrArray) markers = NULL;

  if (self->shown_piece == NULL)
    return;
  markers = arietta_marks_get_markers (self->shown_piece);
  for (guint i = 0; i < markers->len; i++)
    {
      gint64 tick = ((AriettaMarker *) markers->pdata[i])->tick;

      if (!forth && tick < now)
        found = tick;
      else if (forth && tick > now && found < 0)
        found = tick;
    }
  if (found >= 0)
    arietta_player_seek (get_player (self), found);
  else
    gtk_widget_error_bell (GTK_WIDGET (self));
}

static void
chords_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  g_autoptr(GArray) none = g_array_new (FALSE, FALSE, sizeof (AriettaChordMark));

  if (self->composition == NULL)
    return;
  if (g_str_equal (g_action_get_name (G_ACTION (action)), "write-chords"))
    step (self, _("Write Chords"), with_chords (self));
  else
    step (self, _("Forget Chords"), arietta_marks_set_chords (get_piece (self), none));
}

static const GActionEntry actions[] = {
  { .name = "velocity", .activate = velocity_cb },
  { .name = "add-marker", .activate = add_marker_cb },
  { .name = "next-marker", .activate = go_marker_cb },
  { .name = "previous-marker", .activate = go_marker_cb },
  { .name = "write-chords", .activate = chords_cb },
  { .name = "forget-chords", .activate = chords_cb },
};

void
arietta_compose_page_init_lanes (AriettaComposePage *self)
{
  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  make_popover (self);
  arietta_compose_page_init_lanes_shown (self);
  arietta_velocity_lane_set_roll (self->velocity_lane, self->roll);
}

void
arietta_compose_page_dispose_lanes (AriettaComposePage *self)
{
  g_cancellable_cancel (self->chord_search);
  g_clear_object (&self->chord_search);
  g_clear_pointer (&self->found_chords, g_array_unref);
  g_clear_pointer (&self->lane_popover, gtk_widget_unparent);
}

void
arietta_compose_page_class_bind_lanes (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, lanes_box);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, marker_lane);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, chord_lane);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, meter_lane);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, tempo_lane);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, velocity_lane);
  gtk_widget_class_bind_template_callback (widget_class, arietta_compose_page_make_room);
  gtk_widget_class_bind_template_callback (widget_class, lane_edit_cb);
  gtk_widget_class_bind_template_callback (widget_class, lane_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, lane_removed_cb);
  gtk_widget_class_bind_template_callback (widget_class, lane_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, velocities_drawn_cb);
  gtk_widget_class_bind_template_callback (widget_class, velocity_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, velocity_edit_cb);
  g_type_ensure (ARIETTA_TYPE_POINT_LANE);
  g_type_ensure (ARIETTA_TYPE_VELOCITY_LANE);
}
