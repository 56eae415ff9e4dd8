#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>

#include "base/arietta-file-name.h"
#include "formats/arietta-formats.h"
#include "views/arietta-a11y.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-focus.h"
#include "views/arietta-late-menu.h"
#include "views/arietta-load.h"
#include "views/arietta-recent.h"
#include "views/arietta-steps.h"
#include "widgets/arietta-quick-layout.h"

#define KEY_VELOCITY 96

G_DEFINE_FINAL_TYPE (AriettaComposePage, arietta_compose_page, ARIETTA_TYPE_PAGE)

static AriettaSession *
get_session (AriettaComposePage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

static gboolean
key_pressed_cb (AriettaComposePage *self,
                guint               keyval,
                guint               keycode,
                GdkModifierType     modifiers)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return GDK_EVENT_PROPAGATE;
  /* Letters and Delete speak of notes only where the notes are. */
  if ((focus == GTK_WIDGET (self->roll) || ((modifiers & GDK_CONTROL_MASK) != 0 &&
                                            !(focus != NULL && GTK_IS_EDITABLE (focus)))) &&
      arietta_compose_page_edit_key (self, keyval, modifiers))
    return GDK_EVENT_STOP;
  if ((modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0 ||
      (focus != NULL && GTK_IS_EDITABLE (focus)))
    return GDK_EVENT_PROPAGATE;

  if (keyval >= GDK_KEY_1 && keyval <= GDK_KEY_9)
    arietta_compose_page_play_take (self, arietta_take_strip_get_nth (self->strip, keyval - GDK_KEY_1));
  else if (keyval >= GDK_KEY_KP_1 && keyval <= GDK_KEY_KP_9)
    arietta_compose_page_play_take (self, arietta_take_strip_get_nth (self->strip, keyval - GDK_KEY_KP_1));
  else if (keyval == GDK_KEY_Delete && focus != NULL &&
           gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    g_action_group_activate_action (G_ACTION_GROUP (arietta_page_get_actions (ARIETTA_PAGE (self))),
                                    "delete", NULL);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

/* While there is something to decide, Escape means that and not the selection below it. */
static gboolean
offer_key_pressed_cb (AriettaComposePage *self,
                      guint               keyval,
                      guint               keycode,
                      GdkModifierType     modifiers)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  /* Before the window's own Ctrl+L, which knows nothing of notes. */
  if (focus == GTK_WIDGET (self->roll) && gtk_widget_get_mapped (focus) && keyval == GDK_KEY_l &&
      (modifiers & GDK_CONTROL_MASK) != 0 && arietta_compose_page_edit_key (self, keyval, 0))
    return TRUE;
  return gtk_widget_get_mapped (GTK_WIDGET (self)) && !(focus != NULL && GTK_IS_EDITABLE (focus)) &&
         arietta_compose_page_offer_key (self, focus, keyval, modifiers);
}

/* ---- The roll ---- */

static gboolean
fit_cb (GtkWidget     *widget,
        GdkFrameClock *clock,
        gpointer       user_data)
{
  AriettaComposePage *self = user_data;

  self->fit_id = 0;
  arietta_piano_roll_zoom_to_fit (self->roll);
  return G_SOURCE_REMOVE;
}

/* The roll may only now get its place, so its width is known a frame later. */
static void
fit_soon (AriettaComposePage *self)
{
  arietta_piano_roll_zoom_to_fit (self->roll);
  if (self->fit_id == 0)
    self->fit_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), fit_cb, self, NULL);
}

static void
stand_cb (AriettaComposePage *self)
{
  AriettaPiece *piece = arietta_session_get_piece (get_session (self));

  gboolean edited = self->composition != NULL && piece == arietta_composition_get_piece (self->composition) &&
                    !self->freshly_opened;

  gtk_stack_set_visible_child_name (self->stack, piece != NULL ? "roll" : "empty");
  if (piece == self->shown_piece)
    return;

  self->freshly_opened = FALSE;
  g_clear_pointer (&self->shown_piece, arietta_piece_unref);
  if (piece != NULL)
    self->shown_piece = arietta_piece_ref (piece);
  g_object_set (self->roll, "piece", piece, NULL);
  arietta_compose_page_update_grid (self);
  if (arietta_compose_page_is_offer (self, piece) || (piece != NULL && piece == self->so_far))
    {
      arietta_compose_page_update_tracks (self);
      return;
    }
  arietta_compose_page_leave_offers (self);
  arietta_compose_page_open_piece (self, piece);
  arietta_compose_page_update_tracks (self);
  arietta_compose_page_update_view (self, edited);
  arietta_compose_page_update_lanes (self);
  if (piece != NULL && !edited)
    fit_soon (self);
}

static void
roll_seek_cb (AriettaComposePage *self,
              gint64              ticks)
{
  arietta_player_seek (arietta_session_get_player (get_session (self)), ticks);
}

static void
roll_key_pressed_cb (AriettaComposePage *self,
                     int                 pitch)
{
  int active = arietta_track_list_get_active (self->tracks);
  AriettaTrack *track = self->shown_piece != NULL && active >= 0 &&
                        (guint) active < arietta_piece_get_n_tracks (self->shown_piece)
                          ? arietta_piece_get_track (self->shown_piece, (guint) active) : NULL;

  arietta_player_note_on (arietta_session_get_player (get_session (self)), pitch, KEY_VELOCITY,
                          track != NULL ? arietta_track_get_program (track) : 0,
                          track != NULL && arietta_track_is_percussion (track));
}

static void
roll_key_released_cb (AriettaComposePage *self,
                      int                 pitch)
{
  arietta_player_note_off (arietta_session_get_player (get_session (self)), pitch);
}

/* ---- Files ---- */

typedef struct
{
  AriettaPiece *piece;
  char         *title;   /* its own, or that of its file */
} Opened;

static void
opened_free (Opened *opened)
{
  g_clear_pointer (&opened->piece, arietta_piece_unref);
  g_free (opened->title);
  g_free (opened);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opened, opened_free)

static gpointer
read_file (gpointer   data,
           GError   **error)
{
  AriettaPiece *piece = arietta_formats_read (data, NULL, error);
  const char   *title = piece != NULL ? arietta_piece_get_title (piece) : NULL;
  Opened       *opened;

  if (piece == NULL)
    return NULL;

  opened = g_new0 (Opened, 1);
  opened->piece = piece;
  opened->title = title != NULL && *title != '\0' ? g_strdup (title) : arietta_file_name_dup_title (data);

  return opened;
}

static void
file_read_cb (gpointer      owner,
              gpointer      result,
              const GError *error)
{
  AriettaComposePage *self = owner;
  g_autoptr(Opened) opened = result;

  if (error != NULL)
    {
      arietta_present_error (GTK_WIDGET (self), error);
      return;
    }
  arietta_session_play_piece (get_session (self), opened->piece, opened->title, TRUE);
  arietta_compose_page_focus_roll (self);
}

/* ---- Width ---- */

static gboolean
get_panel_wanted (AriettaComposePage *self)
{
  return g_settings_get_boolean (arietta_session_get_settings (get_session (self)),
                                 "compose-panel");
}

/* Wide: beside the roll. Otherwise it covers the roll's edge, from below when there is no room aside. */
static void
place_panel (AriettaComposePage *self)
{
  gboolean compact = arietta_page_get_compact (ARIETTA_PAGE (self));
  gboolean narrow = arietta_page_get_narrow (ARIETTA_PAGE (self));
  gboolean inside = gtk_widget_get_parent (self->panel_revealer) == GTK_WIDGET (self->wide_box);
  GAction *action = g_action_map_lookup_action (arietta_page_get_actions (ARIETTA_PAGE (self)),
                                                "panel");

  if (compact == inside)
    {
      g_object_ref (self->panel_revealer);
      if (compact)
        {
          gtk_box_remove (self->wide_box, self->panel_revealer);
          gtk_overlay_add_overlay (self->overlay, self->panel_revealer);
        }
      else
        {
          gtk_overlay_remove_overlay (self->overlay, self->panel_revealer);
          gtk_box_append (self->wide_box, self->panel_revealer);
        }
      g_object_unref (self->panel_revealer);
    }

  if (compact)
    gtk_widget_add_css_class (self->panel_revealer, "sheet");
  else
    gtk_widget_remove_css_class (self->panel_revealer, "sheet");
  if (self->panel != NULL)
    {
      arietta_compose_panel_set_closable (self->panel, compact);
      gtk_widget_set_hexpand (GTK_WIDGET (self->panel), narrow);
    }
  gtk_widget_set_halign (self->panel_revealer,
                         narrow || !compact ? GTK_ALIGN_FILL : GTK_ALIGN_END);
  gtk_widget_set_valign (self->panel_revealer, narrow ? GTK_ALIGN_END : GTK_ALIGN_FILL);
  gtk_revealer_set_transition_type (GTK_REVEALER (self->panel_revealer),
                                    narrow ? GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP
                                           : GTK_REVEALER_TRANSITION_TYPE_SLIDE_LEFT);

  if (action != NULL)
    g_action_change_state (action, g_variant_new_boolean (!compact && get_panel_wanted (self)));
  arietta_compose_page_make_room (self);
  arietta_compose_page_update_tracks (self);
}

static void
panel_cb (GSimpleAction *action,
          GVariant      *value,
          gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  gboolean shown = g_variant_get_boolean (value);

  g_simple_action_set_state (action, value);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->panel_revealer), shown);
  /* A sheet comes and goes; what stands beside the roll is remembered. */
  if (!arietta_page_get_compact (ARIETTA_PAGE (self)))
    g_settings_set_boolean (arietta_session_get_settings (get_session (self)), "compose-panel",
                            shown);
}

static void
arietta_compose_page_shown (AriettaPage *page)
{
  arietta_compose_page_look_for_examples (ARIETTA_COMPOSE_PAGE (page));
}

/* One piece or sound belongs here; folders and many files are for a dataset. */
static gboolean
arietta_compose_page_open_files (AriettaPage *page,
                                 GListModel  *files)
{
  AriettaComposePage *self = ARIETTA_COMPOSE_PAGE (page);
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;

  if (g_list_model_get_n_items (files) != 1)
    return FALSE;
  file = g_list_model_get_item (files, 0);
  path = g_file_get_path (file);
  if (path == NULL || g_file_test (path, G_FILE_TEST_IS_DIR))
    return FALSE;

  switch (arietta_formats_guess_medium (path))
    {
    case ARIETTA_MEDIUM_SOUND:
      name = g_filename_display_basename (path);
      arietta_session_play_sound (get_session (self), path, name, TRUE);
      break;
    case ARIETTA_MEDIUM_NOTES:
    case ARIETTA_MEDIUM_NONE:
    default:
      if (arietta_compose_page_open_project_file (self, path))
        break;
      /* An unknown ending may still be music; if not, the reader says what it is. */
      arietta_load_async (self, NULL, read_file, g_strdup (path), g_free,
                          (GDestroyNotify) opened_free, file_read_cb);
      break;
    }
  arietta_recent_add (file);
  return TRUE;
}

static const GActionEntry actions[] = {
  { .name = "panel", .state = "true", .change_state = panel_cb },
};

static void
update_ready (AriettaComposePage *self)
{
  gboolean ready = FALSE;

  if (self->panel != NULL)
    g_object_get (self->panel, "ready", &ready, NULL);
  arietta_page_enable_action (ARIETTA_PAGE (self), "write", ready);
}

static void
ready_cb (AriettaComposePage *self)
{
  self->models_listed = TRUE;
  update_ready (self);
  arietta_compose_page_start_examples (self);
}

/* A third of the page's widgets: made in turns after the others, in the room that was kept for them. */
static gboolean
panel_step (gpointer owner,
            guint    n)
{
  AriettaComposePage *self = owner;

  if (n == 0)
    {
      self->panel = g_object_new (ARIETTA_TYPE_COMPOSE_PANEL, "width-request", 300, "visible", FALSE, NULL);
      gtk_box_append (self->panel_box, GTK_WIDGET (self->panel));
      return G_SOURCE_CONTINUE;
    }
  if (n == 1)
    {
      g_signal_connect_object (self->panel, "notify::ready", G_CALLBACK (ready_cb), self, G_CONNECT_SWAPPED);
      arietta_compose_panel_set_session (self->panel, get_session (self));
      arietta_a11y_name_row_images (GTK_WIDGET (self->panel));
      arietta_quick_layout_ease (GTK_WIDGET (self->panel));
      return G_SOURCE_CONTINUE;
    }
  place_panel (self);
  arietta_compose_panel_reveal (self->panel);
  return G_SOURCE_REMOVE;
}

static void
arietta_compose_page_constructed (GObject *object)
{
  AriettaComposePage *self = ARIETTA_COMPOSE_PAGE (object);
  AriettaSession *session = get_session (self);
  AriettaPlayer *player = arietta_session_get_player (session);

  G_OBJECT_CLASS (arietta_compose_page_parent_class)->constructed (object);

  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  arietta_compose_page_init_write (self);
  arietta_compose_page_init_takes (self);
  arietta_compose_page_init_projects (self);
  arietta_compose_page_init_offers (self);
  arietta_compose_page_init_ahead (self);
  arietta_compose_page_init_lanes (self);
  arietta_compose_page_init_view (self);
  arietta_compose_page_init_edit (self);
  arietta_compose_page_init_open (self);
  arietta_compose_page_init_tracks (self);
  arietta_compose_page_init_record (self);
  update_ready (self);

  g_signal_connect_object (session, "notify::piece", G_CALLBACK (stand_cb), self,
                           G_CONNECT_SWAPPED);
  g_object_bind_property (player, "position-ticks", self->roll, "position", G_BINDING_SYNC_CREATE);
  g_object_bind_property (player, "playing", self->roll, "playing", G_BINDING_SYNC_CREATE);
  stand_cb (self);

  arietta_take_strip_set_session (self->strip, session);

  g_signal_connect (self, "notify::narrow", G_CALLBACK (place_panel), NULL);
  g_signal_connect (self, "notify::compact", G_CALLBACK (place_panel), NULL);
  place_panel (self);
  arietta_steps_run (self, panel_step);
}

/* Takes are heard by number wherever the focus is; what a widget has a use for is its own. */
static void
arietta_compose_page_root (GtkWidget *widget)
{
  AriettaComposePage *self = ARIETTA_COMPOSE_PAGE (widget);

  GTK_WIDGET_CLASS (arietta_compose_page_parent_class)->root (widget);

  self->keys = gtk_event_controller_key_new ();
  g_signal_connect_swapped (self->keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (gtk_widget_get_root (widget)), self->keys);

  self->offer_keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->offer_keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (self->offer_keys, "key-pressed", G_CALLBACK (offer_key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (gtk_widget_get_root (widget)), self->offer_keys);
}

static void
arietta_compose_page_unroot (GtkWidget *widget)
{
  AriettaComposePage *self = ARIETTA_COMPOSE_PAGE (widget);

  gtk_widget_remove_controller (GTK_WIDGET (gtk_widget_get_root (widget)), self->keys);
  self->keys = NULL;
  gtk_widget_remove_controller (GTK_WIDGET (gtk_widget_get_root (widget)), self->offer_keys);
  self->offer_keys = NULL;

  GTK_WIDGET_CLASS (arietta_compose_page_parent_class)->unroot (widget);
}

static void
arietta_compose_page_dispose (GObject *object)
{
  AriettaComposePage *self = ARIETTA_COMPOSE_PAGE (object);

  if (self->fit_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->fit_id);
  self->fit_id = 0;
  arietta_compose_page_dispose_offers (self);
  g_clear_object (&self->writing);
  g_clear_object (&self->examples);
  g_clear_pointer (&self->so_far, arietta_piece_unref);
  arietta_compose_page_dispose_change (self);
  arietta_compose_page_dispose_ahead (self);
  arietta_compose_page_dispose_open (self);
  arietta_compose_page_dispose_lanes (self);
  g_clear_object (&self->last_take);
  g_clear_pointer (&self->shown_piece, arietta_piece_unref);
  G_OBJECT_CLASS (arietta_compose_page_parent_class)->dispose (object);
}

static void
arietta_compose_page_class_init (AriettaComposePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AriettaPageClass *page_class = ARIETTA_PAGE_CLASS (klass);

  object_class->constructed = arietta_compose_page_constructed;
  object_class->dispose = arietta_compose_page_dispose;
  widget_class->root = arietta_compose_page_root;
  widget_class->unroot = arietta_compose_page_unroot;
  page_class->shown = arietta_compose_page_shown;
  page_class->open_files = arietta_compose_page_open_files;
  arietta_page_class_set_verb (page_class, N_("Write"), "arietta-write-symbolic", "page.write");

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/arietta/Arietta/arietta-compose-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, overlay);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, wide_box);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, panel_revealer);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, panel_box);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, roll);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, strip);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, undo_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, redo_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, grid_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, notes_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, export_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, tracks_revealer);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, tracks);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, mixer_revealer);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, mixer);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, offer_bar);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, ask_button);
  arietta_compose_page_class_bind_takes (widget_class);
  arietta_compose_page_class_bind_edit (widget_class);
  arietta_compose_page_class_bind_lanes (widget_class);
  arietta_compose_page_class_bind_view (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, roll_key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, roll_key_released_cb);
  gtk_widget_class_bind_template_callback (widget_class, roll_seek_cb);
}

static void
arietta_compose_page_init (AriettaComposePage *self)
{
  g_type_ensure (ARIETTA_TYPE_LATE_MENU);
  g_type_ensure (ARIETTA_TYPE_MIXER);
  g_type_ensure (ARIETTA_TYPE_OFFER_BAR);
  g_type_ensure (ARIETTA_TYPE_PIANO_ROLL);
  g_type_ensure (ARIETTA_TYPE_TAKE_STRIP);
  g_type_ensure (ARIETTA_TYPE_TRACK_LIST);
  gtk_widget_init_template (GTK_WIDGET (self));
  arietta_focus_set_place (GTK_WIDGET (self), GTK_WIDGET (self->roll));
  arietta_focus_leave (GTK_WIDGET (self->ask_button));
}
