#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-window.h"

#include <glib/gi18n.h>

#include "views/arietta-a11y.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-focus.h"
#include "views/arietta-job-row.h"
#include "views/arietta-late-menu.h"
#include "views/arietta-pages.h"
#include "views/arietta-pieces-dialog.h"
#include "views/arietta-recent.h"
#include "views/arietta-steps.h"
#include "views/arietta-transport.h"
#include "widgets/arietta-adaptive-box.h"
#include "widgets/arietta-progress-ring.h"

struct _AriettaWindow
{
  AdwApplicationWindow parent_instance;

  AriettaSession      *session;

  /* template children */
  AriettaAdaptiveBox  *adaptive_box;
  GtkWidget           *header_bar;
  GtkWidget           *verb_button;
  AdwButtonContent    *verb_content;
  AdwWindowTitle      *window_title;
  GtkWidget           *jobs_button;
  AriettaProgressRing *jobs_ring;
  GtkListBox          *jobs_list;
  GtkStack            *jobs_stack;
  GtkWidget           *sidebar;
  GtkListBox          *sidebar_list;
  AdwToastOverlay     *toast_overlay;
  AdwViewStack        *stack;
  AriettaTransport    *transport;
  GMenu               *recent_section;
  GtkWidget           *switcher_bar;

  gboolean             filled;   /* pages may be made */
};

G_DEFINE_FINAL_TYPE (AriettaWindow, arietta_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

enum
{
  RECORDED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const AriettaPageInfo *
find_info (const char *name)
{
  guint n;
  const AriettaPageInfo *pages = arietta_pages_get (&n);

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (pages[i].name, name) == 0)
      return &pages[i];
  return NULL;
}

/* A place in the stack is an empty bin until its page is first wanted. */
static AriettaPage *
ensure_page (AriettaWindow         *self,
             const AriettaPageInfo *info)
{
  AdwBin *bin = ADW_BIN (adw_view_stack_get_child_by_name (self->stack, info->name));
  GtkWidget *page = adw_bin_get_child (bin);

  if (page == NULL)
    {
      page = g_object_new (info->get_type (), "session", self->session, NULL);
      g_object_bind_property (self->adaptive_box, "narrow", page, "narrow", G_BINDING_SYNC_CREATE);
      g_object_bind_property (self->adaptive_box, "compact", page, "compact",
                              G_BINDING_SYNC_CREATE);
      adw_bin_set_child (bin, page);
      arietta_a11y_name_row_images (page);
    }
  return ARIETTA_PAGE (page);
}

static AriettaPage *
get_visible_page (AriettaWindow *self)
{
  GtkWidget *bin = adw_view_stack_get_visible_child (self->stack);

  return bin != NULL ? ARIETTA_PAGE (adw_bin_get_child (ADW_BIN (bin))) : NULL;
}

static void
select_row (AriettaWindow *self,
            const char    *name)
{
  guint n;
  const AriettaPageInfo *pages = arietta_pages_get (&n);

  for (guint i = 0; i < n; i++)
    if (g_str_equal (pages[i].name, name))
      gtk_list_box_select_row (self->sidebar_list,
                               gtk_list_box_get_row_at_index (self->sidebar_list, (int) i));
}

/* The word gives way to the page's title where there is little room. */
static void
show_verb_label (AriettaWindow    *self,
                 AriettaPageClass *klass)
{
  gboolean narrow;

  g_object_get (self->adaptive_box, "narrow", &narrow, NULL);
  adw_button_content_set_label (self->verb_content, narrow ? "" : _(klass->verb_label));
  gtk_widget_set_tooltip_text (self->verb_button, narrow ? _(klass->verb_label) : NULL);
}

static void
visible_child_cb (AriettaWindow *self)
{
  const char *name = adw_view_stack_get_visible_child_name (self->stack);
  const AriettaPageInfo *info = name != NULL ? find_info (name) : NULL;
  AriettaPageClass *klass;
  AriettaPage *page;
  GAction *action;

  /* The stack shows the first place it is given; which one is wanted is said afterwards. */
  if (info == NULL || !self->filled)
    return;

  page = ensure_page (self, info);
  klass = ARIETTA_PAGE_GET_CLASS (page);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page",
                                  G_ACTION_GROUP (arietta_page_get_actions (page)));

  gtk_widget_set_visible (self->verb_button, klass->verb_action != NULL);
  if (klass->verb_action != NULL)
    {
      show_verb_label (self, klass);
      adw_button_content_set_icon_name (self->verb_content, klass->verb_icon_name);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->verb_button), klass->verb_action);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->verb_button),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, _(klass->verb_label), -1);
    }

  adw_window_title_set_title (self->window_title, _(info->title));
  select_row (self, info->name);
  g_settings_set_string (arietta_session_get_settings (self->session), "page", info->name);
  action = g_action_map_lookup_action (G_ACTION_MAP (self), "page");
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (info->name));

  arietta_page_shown (page);
}

static void
row_activated_cb (AriettaWindow *self,
                  GtkListBoxRow *row)
{
  guint n;
  const AriettaPageInfo *pages = arietta_pages_get (&n);
  int index = gtk_list_box_row_get_index (row);

  if (index >= 0 && (guint) index < n)
    arietta_window_show_page (self, pages[index].name);
}

static void
add_page (AriettaWindow         *self,
          const AriettaPageInfo *info)
{
  AdwViewStackPage *stack_page =
    adw_view_stack_add_titled (self->stack, adw_bin_new (), info->name, _(info->title));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE,
                                  "icon-name", info->icon_name,
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                  NULL);
  GtkWidget *label = gtk_label_new (_(info->title));
  GtkWidget *row = gtk_list_box_row_new ();

  adw_view_stack_page_set_icon_name (stack_page, info->icon_name);

  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _(info->title), -1);
  gtk_widget_set_tooltip_text (row, _(info->title));
  gtk_list_box_append (self->sidebar_list, row);

  g_object_bind_property (self->adaptive_box, "compact", label, "visible",
                          G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
}

static void
width_cb (AriettaWindow *self)
{
  AriettaPage *page = get_visible_page (self);
  GtkWidget *focus;
  gboolean narrow, compact;

  g_object_get (self->adaptive_box, "narrow", &narrow, "compact", &compact, NULL);
  /* What had the keyboard there hands it to nobody, rather than to whatever is near. */
  focus = gtk_window_get_focus (GTK_WINDOW (self));
  if (narrow && focus != NULL && gtk_widget_is_ancestor (focus, self->sidebar))
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_widget_set_visible (self->sidebar, !narrow);
  gtk_widget_set_size_request (self->sidebar, compact ? -1 : 200, -1);
  adw_view_switcher_bar_set_reveal (ADW_VIEW_SWITCHER_BAR (self->switcher_bar), narrow);
  arietta_a11y_name_row_images (self->switcher_bar);
  if (page != NULL && ARIETTA_PAGE_GET_CLASS (page)->verb_action != NULL)
    show_verb_label (self, ARIETTA_PAGE_GET_CLASS (page));
}

static void
page_action_cb (GSimpleAction *action,
                GVariant      *value,
                gpointer       user_data)
{
  arietta_window_show_page (user_data, g_variant_get_string (value, NULL));
}

static void
verb_action_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  AriettaPage *page = get_visible_page (user_data);

  if (page != NULL && ARIETTA_PAGE_GET_CLASS (page)->verb_action != NULL)
    gtk_widget_activate_action (GTK_WIDGET (page), ARIETTA_PAGE_GET_CLASS (page)->verb_action,
                                NULL);
}

static void
pieces_action_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  AriettaWindow *self = user_data;

  arietta_pieces_dialog_present (self, self->session);
}

static void
play_action_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  AriettaWindow *self = user_data;

  arietta_session_toggle (self->session);
}

static void
back_action_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  AriettaWindow *self = user_data;
  AriettaPlayer *player = arietta_session_get_player (self->session);

  if (arietta_session_get_piece (self->session) != NULL)
    arietta_player_seek (player, 0);
  else
    arietta_player_seek_ns (player, 0);
}

static gboolean
is_written_into (GtkWidget *focus)
{
  return focus != NULL && (GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus)
                           || gtk_widget_get_ancestor (focus, GTK_TYPE_EDITABLE) != NULL
                           || gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER_MENU) != NULL);
}

static gboolean
is_for_transport (GtkWidget       *focus,
                  GdkModifierType  modifiers)
{
  return (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) == 0 && !is_written_into (focus);
}

/* Before any widget sees the key: a focused button would take it for a click. */
static gboolean
key_pressed_cb (AriettaWindow   *self,
                guint            keyval,
                guint            keycode,
                GdkModifierType  modifiers)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if ((keyval == GDK_KEY_T || keyval == GDK_KEY_R || keyval == GDK_KEY_r) && is_for_transport (focus, modifiers))
    {
      if (keyval == GDK_KEY_T)
        arietta_transport_tap (self->transport);
      else if ((modifiers & GDK_SHIFT_MASK) != 0 || !gtk_widget_activate_action (GTK_WIDGET (self), "page.record", NULL))
        return GDK_EVENT_PROPAGATE;
      return GDK_EVENT_STOP;
    }
  if (keyval != GDK_KEY_space && keyval != GDK_KEY_KP_Space)
    return GDK_EVENT_PROPAGATE;
  if ((modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK | GDK_SUPER_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (is_written_into (focus))
    return GDK_EVENT_PROPAGATE;

  arietta_session_toggle (self->session);
  return GDK_EVENT_STOP;
}

static void
tap_action_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  AriettaWindow *self = user_data;

  arietta_transport_tap (self->transport);
}

static void
stand_cb (AriettaWindow *self)
{
  gboolean empty = arietta_session_is_empty (self->session);
  const char *title = arietta_session_get_title (self->session);

  adw_window_title_set_subtitle (self->window_title, title != NULL ? title : "");
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self),
                                                                            "play")), !empty);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self),
                                                                            "back")), !empty);
}

static gboolean
is_spokesman (AriettaWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  return application == NULL ||
         gtk_application_get_active_window (application) == GTK_WINDOW (self);
}

static void
failed_cb (AriettaWindow *self,
           const GError  *error)
{
  if (is_spokesman (self))
    arietta_present_error (GTK_WIDGET (self->toast_overlay), error);
}

/* Told once; again only after a device was there in between. */
static void
silent_cb (AriettaWindow *self)
{
  AriettaPlayer *player = arietta_session_get_player (self->session);
  GSettings *settings = arietta_session_get_settings (self->session);
  gboolean silent;

  g_object_get (player, "silent", &silent, NULL);
  if (!silent)
    {
      if (arietta_player_is_playing (player) && g_settings_get_boolean (settings, "told-no-sound"))
        g_settings_set_boolean (settings, "told-no-sound", FALSE);
      return;
    }
  if (!arietta_player_is_playing (player) || !is_spokesman (self) ||
      g_settings_get_boolean (settings, "told-no-sound"))
    return;

  g_settings_set_boolean (settings, "told-no-sound", TRUE);
  arietta_toast_action (GTK_WIDGET (self->toast_overlay),
                        _("No sound device was found. Pieces play in silence."), _("_Preferences"),
                        "app.preferences");
}

static GtkWidget *
make_job_row_cb (gpointer item,
                 gpointer user_data)
{
  return arietta_job_row_new (item);
}

static void
jobs_changed_cb (AriettaWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (arietta_session_get_jobs (self->session)));
  g_autofree char *label = NULL;

  gtk_stack_set_visible_child_name (self->jobs_stack, n > 0 ? "jobs" : "idle");
  if (n > 0)
    label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u job running", "%u jobs running", n),
                             n);
  else
    label = g_strdup (_("Nothing is running"));
  gtk_widget_set_tooltip_text (self->jobs_button, label);
}

static gboolean
drop_cb (AriettaWindow *self,
         const GValue  *value,
         double         x,
         double         y,
         GtkDropTarget *target)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (target);
  GSList *files = g_value_get_boxed (value);
  g_autoptr(GListStore) list = g_list_store_new (G_TYPE_FILE);

  /* What was meant for another program, and let go too early. */
  if (drop != NULL && gdk_drop_get_drag (drop) != NULL)
    return FALSE;
  for (GSList *link = files; link != NULL; link = link->next)
    g_list_store_append (list, link->data);
  arietta_window_open_files (self, G_LIST_MODEL (list));
  return TRUE;
}

static const GActionEntry actions[] = {
  { .name = "page", .parameter_type = "s", .state = "''", .change_state = page_action_cb },
  { .name = "verb", .activate = verb_action_cb },
  { .name = "pieces", .activate = pieces_action_cb },
  { .name = "play", .activate = play_action_cb },
  { .name = "back", .activate = back_action_cb },
  { .name = "tap", .activate = tap_action_cb },
};

static void
add_player_action (AriettaWindow *self,
                   const char    *property)
{
  g_autoptr(GPropertyAction) action =
    g_property_action_new (property, arietta_session_get_player (self->session), property);

  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
}

static void
fill (AriettaWindow *self)
{
  GSettings *settings = arietta_session_get_settings (self->session);
  g_autofree char *page = g_settings_get_string (settings, "page");
  guint n;
  const AriettaPageInfo *pages = arietta_pages_get (&n);

  self->filled = TRUE;
  adw_view_stack_set_visible_child_name (self->stack,
                                         find_info (page) != NULL ? page : pages[0].name);
  visible_child_cb (self);
}

static gboolean
fill_step (gpointer owner,
           guint    n)
{
  AriettaWindow *self = owner;

  if (!self->filled)
    fill (self);
  return G_SOURCE_REMOVE;
}

/* The first window opens with its page in it; another, while music may be sounding, a turn later. */
static gboolean
is_first (AriettaWindow *self)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (ARIETTA_IS_WINDOW (window) && window != GTK_WIDGET (self))
        return FALSE;
    }
  return TRUE;
}

static void
arietta_window_constructed (GObject *object)
{
  AriettaWindow *self = ARIETTA_WINDOW (object);
  GSettings *settings = arietta_session_get_settings (self->session);
  AriettaPlayer *player = arietta_session_get_player (self->session);
  AriettaJobQueue *jobs = arietta_session_get_jobs (self->session);
  guint n;
  const AriettaPageInfo *pages = arietta_pages_get (&n);

  G_OBJECT_CLASS (arietta_window_parent_class)->constructed (object);

  add_player_action (self, "loop");
  add_player_action (self, "metronome");
  g_object_set (self->transport, "session", self->session, NULL);

  gtk_list_box_bind_model (self->jobs_list, G_LIST_MODEL (jobs), make_job_row_cb, NULL, NULL);
  g_object_bind_property (jobs, "fraction", self->jobs_ring, "fraction", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (jobs, "items-changed", G_CALLBACK (jobs_changed_cb), self,
                           G_CONNECT_SWAPPED);
  jobs_changed_cb (self);

  for (guint i = 0; i < n; i++)
    add_page (self, &pages[i]);
  if (is_first (self))
    fill (self);
  else
    arietta_steps_run (self, fill_step);

  g_signal_connect_object (self->session, "notify::title", G_CALLBACK (stand_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "failed", G_CALLBACK (failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (player, "notify::silent", G_CALLBACK (silent_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (player, "notify::playing", G_CALLBACK (silent_cb), self,
                           G_CONNECT_SWAPPED);
  stand_cb (self);

  g_settings_bind (settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
}

/* Out of sight at once; what is in it is taken down page by page, and the program stays as long as that takes. */
static gboolean
empty_step (gpointer owner,
            guint    n)
{
  AriettaWindow *self = owner;
  guint n_pages;
  const AriettaPageInfo *pages = arietta_pages_get (&n_pages);
  GApplication *application = g_application_get_default ();

  if (n < n_pages)
    {
      adw_bin_set_child (ADW_BIN (adw_view_stack_get_child_by_name (self->stack, pages[n].name)), NULL);
      return G_SOURCE_CONTINUE;
    }

  gtk_window_destroy (GTK_WINDOW (self));
  if (application != NULL)
    g_application_release (application);
  return G_SOURCE_REMOVE;
}

static gboolean
arietta_window_close_request (GtkWindow *window)
{
  AriettaWindow *self = ARIETTA_WINDOW (window);
  GApplication *application = G_APPLICATION (gtk_window_get_application (window));

  if (application == NULL)
    return GTK_WINDOW_CLASS (arietta_window_parent_class)->close_request (window);

  g_application_hold (application);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  /* Nobody is to present it again. */
  gtk_window_set_application (window, NULL);
  self->filled = FALSE;
  arietta_steps_run (self, empty_step);
  return GDK_EVENT_STOP;
}

static void
arietta_window_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  AriettaWindow *self = ARIETTA_WINDOW (object);

  if (prop_id == PROP_SESSION)
    self->session = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
arietta_window_dispose (GObject *object)
{
  AriettaWindow *self = ARIETTA_WINDOW (object);

  g_clear_object (&self->session);
  G_OBJECT_CLASS (arietta_window_parent_class)->dispose (object);
}

static void
arietta_window_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  GTK_WIDGET_CLASS (arietta_window_parent_class)->snapshot (widget, snapshot);

  g_signal_emit (widget, signals[RECORDED], 0);
}

/* The place to begin with is the list of pages, not whichever button comes first. */
static void
arietta_window_map (GtkWidget *widget)
{
  AriettaWindow *self = ARIETTA_WINDOW (widget);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->sidebar_list);

  GTK_WIDGET_CLASS (arietta_window_parent_class)->map (widget);

  if (row != NULL && gtk_widget_get_mapped (GTK_WIDGET (row)))
    gtk_widget_grab_focus (GTK_WIDGET (row));
  else
    gtk_widget_child_focus (self->switcher_bar, GTK_DIR_TAB_FORWARD);
}

static void
arietta_window_class_init (AriettaWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = arietta_window_constructed;
  object_class->set_property = arietta_window_set_property;
  object_class->dispose = arietta_window_dispose;
  widget_class->snapshot = arietta_window_snapshot;
  widget_class->map = arietta_window_map;
  GTK_WINDOW_CLASS (klass)->close_request = arietta_window_close_request;

  /* All widgets have said what to draw in this frame. */
  signals[RECORDED] = g_signal_new ("recorded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, ARIETTA_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/arietta/Arietta/arietta-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, adaptive_box);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, header_bar);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, verb_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, verb_content);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, jobs_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, jobs_ring);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, jobs_list);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, jobs_stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, sidebar_list);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, transport);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, recent_section);
  gtk_widget_class_bind_template_callback (widget_class, visible_child_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, width_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
arietta_window_init (AriettaWindow *self)
{
  g_autoptr(GMenu) recent = arietta_recent_menu_new ();
  GtkDropTarget *target;

  g_type_ensure (ARIETTA_TYPE_LATE_MENU);
  g_type_ensure (ARIETTA_TYPE_ADAPTIVE_BOX);
  g_type_ensure (ARIETTA_TYPE_PROGRESS_RING);
  g_type_ensure (ARIETTA_TYPE_TRANSPORT);
  gtk_widget_init_template (GTK_WIDGET (self));
  arietta_focus_keep (GTK_WINDOW (self));

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  g_object_set_data (G_OBJECT (self), "arietta-toast-overlay", self->toast_overlay);

  g_menu_append_submenu (self->recent_section, _("_Recent"), G_MENU_MODEL (recent));

  target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

GtkWidget *
arietta_window_new (GtkApplication *application,
                    AriettaSession *session)
{
  return g_object_new (ARIETTA_TYPE_WINDOW,
                       "application", application,
                       "session", session,
                       NULL);
}

void
arietta_window_show_page (AriettaWindow *self,
                          const char    *name)
{
  GtkWidget *focus;

  g_return_if_fail (ARIETTA_IS_WINDOW (self));

  if (find_info (name) == NULL)
    return;

  /* A page that goes would hand its focus to whatever is near, a toast for one, which then stays. */
  focus = gtk_window_get_focus (GTK_WINDOW (self));
  if (focus != NULL &&
      (gtk_widget_is_ancestor (focus, GTK_WIDGET (self->toast_overlay)) ||
       gtk_widget_is_ancestor (focus, GTK_WIDGET (self->sidebar_list))) &&
      g_strcmp0 (adw_view_stack_get_visible_child_name (self->stack), name) != 0)
    {
      select_row (self, name);
      if (!gtk_widget_get_mapped (self->sidebar) ||
          !gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_selected_row (self->sidebar_list))))
        gtk_window_set_focus (GTK_WINDOW (self), NULL);
    }
  adw_view_stack_set_visible_child_name (self->stack, name);
}

static gboolean
have_suffix (GListModel *files,
             const char *suffix)
{
  guint n = g_list_model_get_n_items (files);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GFile) file = g_list_model_get_item (files, i);
      g_autofree char *name = g_file_get_basename (file);

      if (name == NULL || !g_str_has_suffix (name, suffix))
        return FALSE;
    }

  return n > 0;
}

void
arietta_window_open_project (AriettaWindow *self,
                             gint64         project_id)
{
  AriettaPage *page;

  g_return_if_fail (ARIETTA_IS_WINDOW (self));

  arietta_window_show_page (self, "compose");
  page = ensure_page (self, find_info ("compose"));
  g_action_group_activate_action (G_ACTION_GROUP (arietta_page_get_actions (page)), "open-project",
                                  g_variant_new_int64 (project_id));
}

void
arietta_window_open_files (AriettaWindow *self,
                           GListModel    *files)
{
  AriettaPage *visible;
  guint n;
  const AriettaPageInfo *pages = arietta_pages_get (&n);

  g_return_if_fail (ARIETTA_IS_WINDOW (self));

  if (!self->filled)
    fill (self);
  for (guint i = 0; i < n; i++)
    if (pages[i].suffix != NULL && have_suffix (files, pages[i].suffix))
      {
        arietta_window_show_page (self, pages[i].name);
        arietta_page_open_files (ensure_page (self, &pages[i]), files);
        return;
      }

  visible = get_visible_page (self);
  if (visible != NULL && arietta_page_open_files (visible, files))
    return;

  for (guint i = 0; i < n; i++)
    {
      AriettaPage *page = ensure_page (self, &pages[i]);

      if (page != visible && arietta_page_open_files (page, files))
        {
          arietta_window_show_page (self, pages[i].name);
          return;
        }
    }
  arietta_toast (GTK_WIDGET (self->toast_overlay), _("These files cannot be opened."));
}
