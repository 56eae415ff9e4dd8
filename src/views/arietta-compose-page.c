#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page.h"

#include <glib/gi18n.h>

#include "formats/arietta-formats.h"
#include "studio/arietta-compose.h"
#include "views/arietta-ask.h"
#include "views/arietta-compose-panel.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-export.h"
#include "views/arietta-load.h"
#include "views/arietta-recent.h"
#include "views/arietta-take-strip.h"
#include "widgets/arietta-piano-roll.h"

#define KEY_VELOCITY 96

struct _AriettaComposePage
{
  AriettaPage          parent_instance;

  AriettaPiece        *shown_piece;  /* the one the roll was last fitted to */
  guint                fit_id;
  GtkEventController  *keys;         /* the window's, borrowed */
  guint                examples_seen : 1;
  guint                examples_due : 1;   /* a new library */
  guint                models_listed : 1;

  /* template children */
  GtkOverlay          *overlay;
  GtkBox              *wide_box;
  GtkWidget           *panel_revealer;
  AriettaComposePanel *panel;
  GtkStack            *stack;
  AriettaPianoRoll    *roll;
  AriettaTakeStrip    *strip;
};

G_DEFINE_FINAL_TYPE (AriettaComposePage, arietta_compose_page, ARIETTA_TYPE_PAGE)

static AriettaSession *
get_session (AriettaComposePage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

static AriettaLibrary *
get_library (AriettaComposePage *self)
{
  return arietta_session_get_library (get_session (self));
}

/* ---- Writing ---- */

typedef struct
{
  AriettaLibrary        *library;
  AriettaComposeRequest  request;
} WriteWork;

static void
write_work_free (WriteWork *work)
{
  g_object_unref (work->library);
  arietta_compose_panel_clear_request (&work->request);
  g_free (work);
}

/* Composed and kept in the worker, so that what is heard is already safe. */
static gpointer
write_in_job (AriettaJob  *job,
              gpointer     data,
              GError     **error)
{
  WriteWork *work = data;
  g_autoptr(AriettaComposed) composed = arietta_compose (work->library, &work->request, job, error);

  if (composed == NULL ||
      !arietta_library_add_take (work->library, composed->take, composed->piece, error))
    return NULL;
  return g_steal_pointer (&composed);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(AriettaComposePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaComposed) composed = arietta_job_run_finish (ARIETTA_JOB (source), result,
                                                                &error);

  if (composed != NULL)
    arietta_session_play_take_piece (get_session (self), composed->take->id, composed->piece,
                                     composed->take->title, TRUE);
  else
    arietta_present_error (GTK_WIDGET (self), error);
}

static void
write_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  WriteWork *work = g_new0 (WriteWork, 1);
  g_autoptr(AriettaJob) job = NULL;

  work->library = g_object_ref (get_library (self));
  arietta_compose_panel_fill_request (self->panel, &work->request);
  job = arietta_job_new (_("Composing"), FALSE, FALSE, write_in_job, work,
                         (GDestroyNotify) write_work_free);
  arietta_job_queue_add (arietta_session_get_jobs (get_session (self)), job,
                         (GDestroyNotify) arietta_composed_free, written_cb, g_object_ref (self));

  /* Where the panel covers the page, what comes is worth more than what was asked. */
  if (arietta_page_get_compact (ARIETTA_PAGE (self)))
    g_action_group_change_action_state (G_ACTION_GROUP (arietta_page_get_actions (ARIETTA_PAGE (self))),
                                        "panel", g_variant_new_boolean (FALSE));
}

/* ---- Examples ---- */

static gpointer
compose_examples_in_job (AriettaJob  *job,
                         gpointer     data,
                         GError     **error)
{
  return GINT_TO_POINTER (arietta_compose_examples (data, job, error));
}

static void
examples_made_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(AriettaComposePage) self = user_data;
  g_autoptr(GError) error = NULL;

  arietta_job_run_finish (ARIETTA_JOB (source), result, &error);
  arietta_present_error (GTK_WIDGET (self), error);
}

static gpointer
look_for_examples (gpointer   data,
                   GError   **error)
{
  return arietta_library_dup_fact (data, "examples-made");
}

/* Without a model there is nothing to compose with: a calm word, and the way to one. */
static void
start_examples (AriettaComposePage *self)
{
  g_autoptr(AriettaJob) job = NULL;
  gboolean ready;

  if (!self->examples_due || !self->models_listed)
    return;
  self->examples_due = FALSE;

  g_object_get (self->panel, "ready", &ready, NULL);
  if (!ready)
    {
      arietta_toast_action (GTK_WIDGET (self), _("There is no model to compose with yet."),
                            _("Models"), "win.page::models");
      return;
    }

  job = arietta_job_new (_("Composing a Dozen Examples"), FALSE, FALSE, compose_examples_in_job,
                         g_object_ref (get_library (self)), g_object_unref);
  arietta_job_queue_add (arietta_session_get_jobs (get_session (self)), job, NULL,
                         examples_made_cb, g_object_ref (self));
}

static void
examples_looked_for_cb (gpointer      owner,
                        gpointer      result,
                        const GError *error)
{
  AriettaComposePage *self = owner;
  g_autofree char *made = result;

  self->examples_due = made == NULL && error == NULL;
  start_examples (self);
}

/* ---- Takes ---- */

/* One change of the library in a worker. */
typedef enum
{
  CHANGE_STAR,
  CHANGE_TITLE,
  CHANGE_REMOVED,
} ChangeKind;

typedef struct
{
  AriettaLibrary *library;
  ChangeKind      kind;
  GArray         *ids;      /* gint64 */
  gboolean        value;
  char           *title;
} Change;

static Change *
change_new (AriettaComposePage *self,
            ChangeKind          kind,
            GArray             *ids,
            gboolean            value,
            const char         *title)
{
  Change *change = g_new0 (Change, 1);

  change->library = g_object_ref (get_library (self));
  change->kind = kind;
  change->ids = g_array_ref (ids);
  change->value = value;
  change->title = g_strdup (title);
  return change;
}

static void
change_free (Change *change)
{
  g_object_unref (change->library);
  g_array_unref (change->ids);
  g_free (change->title);
  g_free (change);
}

static gpointer
make_change (gpointer   data,
             GError   **error)
{
  Change *change = data;
  const gint64 *ids = (const gint64 *) (void *) change->ids->data;

  switch (change->kind)
    {
    case CHANGE_STAR:
      arietta_library_star_take (change->library, ids[0], change->value, error);
      break;
    case CHANGE_TITLE:
      arietta_library_rename_take (change->library, ids[0], change->title, error);
      break;
    case CHANGE_REMOVED:
      arietta_library_remove_takes (change->library, ids, change->ids->len, change->value, error);
      break;
    default:
      g_assert_not_reached ();
    }
  return NULL;
}

static void
change_made_cb (gpointer      owner,
                gpointer      result,
                const GError *error)
{
  arietta_present_error (owner, error);
}

static void
change_library (AriettaComposePage *self,
                Change             *change)
{
  arietta_load_async (self, NULL, make_change, change, (GDestroyNotify) change_free, NULL,
                      change_made_cb);
}

static const AriettaTake *
get_selected (AriettaComposePage *self)
{
  AriettaTakeObject *object = arietta_take_strip_get_selected (self->strip);

  return object != NULL ? arietta_take_object_get (object) : NULL;
}

static GArray *
make_ids (gint64 id)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_val (ids, id);
  return ids;
}

static void
play_take (AriettaComposePage *self,
           AriettaTakeObject  *object)
{
  const AriettaTake *take;

  if (object == NULL)
    return;
  take = arietta_take_object_get (object);
  arietta_session_play_take (get_session (self), take->id, take->title, TRUE);
}

static void
play_take_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  AriettaComposePage *self = user_data;

  play_take (self, arietta_take_strip_get_selected (self->strip));
}

static void
star_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const AriettaTake *take = get_selected (self);
  g_autoptr(GArray) ids = NULL;

  if (take == NULL)
    return;
  ids = make_ids (take->id);
  change_library (self, change_new (self, CHANGE_STAR, ids, !take->starred, NULL));
}

static void
renamed_cb (GtkWidget  *near,
            const char *text,
            gpointer    user_data)
{
  AriettaComposePage *self = ARIETTA_COMPOSE_PAGE (near);

  change_library (self, change_new (self, CHANGE_TITLE, user_data, FALSE, text));
}

static void
rename_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const AriettaTake *take = get_selected (self);

  if (take != NULL)
    arietta_ask_text (GTK_WIDGET (self), _("Rename Take"), _("Title"), take->title, _("_Rename"),
                      renamed_cb, make_ids (take->id), (GDestroyNotify) g_array_unref);
}

static void
undo_remove_cb (GtkWidget *near,
                gpointer   user_data)
{
  AriettaComposePage *self = ARIETTA_COMPOSE_PAGE (near);

  change_library (self, change_new (self, CHANGE_REMOVED, user_data, FALSE, NULL));
}

static void
remove_takes (AriettaComposePage *self,
              GArray             *ids,
              const char         *text)
{
  change_library (self, change_new (self, CHANGE_REMOVED, ids, TRUE, NULL));
  arietta_toast_undo (GTK_WIDGET (self), text, undo_remove_cb, g_array_ref (ids),
                      (GDestroyNotify) g_array_unref);
}

static void
delete_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const AriettaTake *take = get_selected (self);
  g_autoptr(GArray) ids = NULL;
  g_autofree char *text = NULL;

  if (take == NULL)
    return;
  ids = make_ids (take->id);
  text = g_strdup_printf (_("Deleted “%s”"), take->title);
  remove_takes (self, ids, text);
}

static void
remove_examples_cb (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  g_autoptr(GArray) ids = arietta_take_strip_list_examples (self->strip);
  g_autofree char *text = NULL;

  if (ids->len == 0)
    return;
  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Removed %u example", "Removed %u examples",
                                       ids->len), ids->len);
  remove_takes (self, ids, text);
}

static void
export_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const char *name = g_action_get_name (G_ACTION (action));
  const AriettaTake *take = get_selected (self);

  if (take != NULL)
    arietta_export_take (GTK_WIDGET (self), get_session (self), take,
                         g_str_equal (name, "export-wav") ? ARIETTA_EXPORT_WAV
                         : g_str_equal (name, "export-flac") ? ARIETTA_EXPORT_FLAC
                         : ARIETTA_EXPORT_MIDI);
}

static void
selected_cb (AriettaComposePage *self)
{
  static const char * const verbs[] = { "play-take", "star", "rename", "delete", "export-midi",
                                        "export-wav", "export-flac" };
  gboolean any = get_selected (self) != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    arietta_page_enable_action (ARIETTA_PAGE (self), verbs[i], any);
}

static void
examples_cb (AriettaComposePage *self)
{
  gboolean examples;

  g_object_get (self->strip, "examples", &examples, NULL);
  arietta_page_enable_action (ARIETTA_PAGE (self), "remove-examples", examples);
}

static void
strip_activated_cb (AriettaComposePage *self,
                    AriettaTakeObject  *object)
{
  play_take (self, object);
}

/* The last own take is where one left off; examples alone leave the choices in sight. */
static void
strip_loaded_cb (AriettaComposePage *self)
{
  AriettaTakeObject *newest = arietta_take_strip_get_nth (self->strip, 0);
  const AriettaTake *take = newest != NULL ? arietta_take_object_get (newest) : NULL;

  if (take != NULL && !take->example && arietta_session_is_empty (get_session (self)))
    arietta_session_play_take (get_session (self), take->id, take->title, FALSE);
}

static gboolean
key_pressed_cb (AriettaComposePage *self,
                guint               keyval,
                guint               keycode,
                GdkModifierType     modifiers)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0 ||
      (focus != NULL && GTK_IS_EDITABLE (focus)))
    return GDK_EVENT_PROPAGATE;

  if (keyval >= GDK_KEY_1 && keyval <= GDK_KEY_9)
    play_take (self, arietta_take_strip_get_nth (self->strip, keyval - GDK_KEY_1));
  else if (keyval >= GDK_KEY_KP_1 && keyval <= GDK_KEY_KP_9)
    play_take (self, arietta_take_strip_get_nth (self->strip, keyval - GDK_KEY_KP_1));
  else if (keyval == GDK_KEY_Delete && focus != NULL &&
           gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    g_action_group_activate_action (G_ACTION_GROUP (arietta_page_get_actions (ARIETTA_PAGE (self))),
                                    "delete", NULL);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
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

  gtk_stack_set_visible_child_name (self->stack, piece != NULL ? "roll" : "empty");
  if (piece == self->shown_piece)
    return;

  g_clear_pointer (&self->shown_piece, arietta_piece_unref);
  if (piece != NULL)
    self->shown_piece = arietta_piece_ref (piece);
  g_object_set (self->roll, "piece", piece, NULL);
  if (piece != NULL)
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
  AriettaTrack *track = self->shown_piece != NULL &&
                        arietta_piece_get_n_tracks (self->shown_piece) > 0
                          ? arietta_piece_get_track (self->shown_piece, 0) : NULL;

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

static gpointer
read_file (gpointer   data,
           GError   **error)
{
  return arietta_formats_read (data, NULL, error);
}

static void
file_read_cb (gpointer      owner,
              gpointer      result,
              const GError *error)
{
  AriettaComposePage *self = owner;
  g_autoptr(AriettaPiece) piece = result;

  if (error != NULL)
    {
      arietta_present_error (GTK_WIDGET (self), error);
      return;
    }
  arietta_session_play_piece (get_session (self), piece, NULL, TRUE);
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
  arietta_compose_panel_set_closable (self->panel, compact);
  gtk_widget_set_halign (self->panel_revealer,
                         narrow || !compact ? GTK_ALIGN_FILL : GTK_ALIGN_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->panel), narrow);
  gtk_widget_set_valign (self->panel_revealer, narrow ? GTK_ALIGN_END : GTK_ALIGN_FILL);
  gtk_revealer_set_transition_type (GTK_REVEALER (self->panel_revealer),
                                    narrow ? GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP
                                           : GTK_REVEALER_TRANSITION_TYPE_SLIDE_LEFT);

  if (action != NULL)
    g_action_change_state (action, g_variant_new_boolean (!compact && get_panel_wanted (self)));
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
  AriettaComposePage *self = ARIETTA_COMPOSE_PAGE (page);

  if (self->examples_seen)
    return;
  self->examples_seen = TRUE;
  arietta_load_async (self, NULL, look_for_examples, g_object_ref (get_library (self)),
                      g_object_unref, g_free, examples_looked_for_cb);
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
      /* An unknown ending may still be music; if not, the reader says what it is. */
      arietta_load_async (self, NULL, read_file, g_strdup (path), g_free,
                          (GDestroyNotify) arietta_piece_unref, file_read_cb);
      break;
    }
  arietta_recent_add (file);
  return TRUE;
}

static const GActionEntry actions[] = {
  { .name = "write", .activate = write_cb },
  { .name = "play-take", .activate = play_take_cb },
  { .name = "star", .activate = star_cb },
  { .name = "rename", .activate = rename_cb },
  { .name = "delete", .activate = delete_cb },
  { .name = "remove-examples", .activate = remove_examples_cb },
  { .name = "export-midi", .activate = export_cb },
  { .name = "export-wav", .activate = export_cb },
  { .name = "export-flac", .activate = export_cb },
  { .name = "panel", .state = "true", .change_state = panel_cb },
};

static void
update_ready (AriettaComposePage *self)
{
  gboolean ready;

  g_object_get (self->panel, "ready", &ready, NULL);
  arietta_page_enable_action (ARIETTA_PAGE (self), "write", ready);
}

static void
ready_cb (AriettaComposePage *self)
{
  self->models_listed = TRUE;
  update_ready (self);
  start_examples (self);
}

static void
arietta_compose_page_constructed (GObject *object)
{
  AriettaComposePage *self = ARIETTA_COMPOSE_PAGE (object);
  AriettaSession *session = get_session (self);
  AriettaPlayer *player = arietta_session_get_player (session);

  G_OBJECT_CLASS (arietta_compose_page_parent_class)->constructed (object);

  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  update_ready (self);
  examples_cb (self);
  selected_cb (self);

  g_signal_connect_object (session, "notify::piece", G_CALLBACK (stand_cb), self,
                           G_CONNECT_SWAPPED);
  g_object_bind_property (player, "position-ticks", self->roll, "position", G_BINDING_SYNC_CREATE);
  g_object_bind_property (player, "playing", self->roll, "playing", G_BINDING_SYNC_CREATE);
  stand_cb (self);

  arietta_compose_panel_set_session (self->panel, session);
  arietta_take_strip_set_session (self->strip, session);

  g_signal_connect (self, "notify::narrow", G_CALLBACK (place_panel), NULL);
  g_signal_connect (self, "notify::compact", G_CALLBACK (place_panel), NULL);
  place_panel (self);
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
}

static void
arietta_compose_page_unroot (GtkWidget *widget)
{
  AriettaComposePage *self = ARIETTA_COMPOSE_PAGE (widget);

  gtk_widget_remove_controller (GTK_WIDGET (gtk_widget_get_root (widget)), self->keys);
  self->keys = NULL;

  GTK_WIDGET_CLASS (arietta_compose_page_parent_class)->unroot (widget);
}

static void
arietta_compose_page_dispose (GObject *object)
{
  AriettaComposePage *self = ARIETTA_COMPOSE_PAGE (object);

  if (self->fit_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->fit_id);
  self->fit_id = 0;
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
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, panel);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, roll);
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, strip);
  gtk_widget_class_bind_template_callback (widget_class, examples_cb);
  gtk_widget_class_bind_template_callback (widget_class, ready_cb);
  gtk_widget_class_bind_template_callback (widget_class, roll_key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, roll_key_released_cb);
  gtk_widget_class_bind_template_callback (widget_class, roll_seek_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, strip_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, strip_loaded_cb);
}

static void
arietta_compose_page_init (AriettaComposePage *self)
{
  g_type_ensure (ARIETTA_TYPE_COMPOSE_PANEL);
  g_type_ensure (ARIETTA_TYPE_PIANO_ROLL);
  g_type_ensure (ARIETTA_TYPE_TAKE_STRIP);
  gtk_widget_init_template (GTK_WIDGET (self));
}
