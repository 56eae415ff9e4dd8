/* The pages of the window: a place for each, made when first wanted, chosen, and handed the files
 * they can open. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-window-private.h"

#include <glib/gi18n.h>

#include "views/arietta-a11y.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-pages.h"
#include "views/arietta-steps.h"
#include "widgets/arietta-quick-layout.h"

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
      adw_bin_set_child (bin, page);
      arietta_a11y_name_row_images (page);
      arietta_quick_layout_ease (page);
    }
  return ARIETTA_PAGE (page);
}

/* Only the page that is seen: all of them arranged anew at once would be one long frame. */
static void
tell_width (AriettaWindow *self,
            AriettaPage   *page)
{
  gboolean narrow, compact;

  g_object_get (self->adaptive_box, "narrow", &narrow, "compact", &compact, NULL);
  g_object_set (page, "narrow", narrow, "compact", compact, NULL);
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
  arietta_a11y_set_tooltip (self->verb_button, narrow ? _(klass->verb_label) : NULL);
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
  tell_width (self, page);
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
show_switcher (AriettaWindow *self)
{
  AdwViewSwitcherBar *bar = ADW_VIEW_SWITCHER_BAR (self->switcher_bar);
  gboolean            narrow;

  g_object_get (self->adaptive_box, "narrow", &narrow, NULL);
  if (narrow)
    adw_view_switcher_bar_set_stack (bar, self->stack);
  adw_view_switcher_bar_set_reveal (bar, narrow);
  arietta_a11y_name_row_images (self->switcher_bar);
}

static gboolean
switcher_step (gpointer owner,
               guint    n)
{
  show_switcher (owner);
  return G_SOURCE_REMOVE;
}

static void
width_cb (AriettaWindow *self)
{
  AriettaPage *page = arietta_window_get_visible_page (self);
  GtkWidget *focus;
  gboolean narrow, compact;

  g_object_get (self->adaptive_box, "narrow", &narrow, "compact", &compact, NULL);
  /* What had the keyboard there hands it to nobody, rather than to whatever is near. */
  focus = gtk_window_get_focus (GTK_WINDOW (self));
  if (narrow && focus != NULL && gtk_widget_is_ancestor (focus, self->sidebar))
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_widget_set_visible (self->sidebar, !narrow);
  gtk_widget_set_size_request (self->sidebar, compact ? -1 : 200, -1);
  /* Its buttons are half the work of making a window, and most windows are never narrow; one that is from the start has
   * the keyboard in them. */
  if (narrow && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      adw_view_switcher_bar_get_stack (ADW_VIEW_SWITCHER_BAR (self->switcher_bar)) == NULL)
    arietta_steps_run (self, switcher_step);
  else
    show_switcher (self);
  if (page == NULL)
    return;
  tell_width (self, page);
  if (ARIETTA_PAGE_GET_CLASS (page)->verb_action != NULL)
    show_verb_label (self, ARIETTA_PAGE_GET_CLASS (page));
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

/* The first window opens with its page in it; another, while music may be sounding, a turn
 * later. */
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

/* The pages first: what has been taken out of them goes when they no longer speak to it. */
static gboolean
take_down_page (GtkWindow *window)
{
  AriettaWindow *self = ARIETTA_WINDOW (window);
  guint n_pages;
  const AriettaPageInfo *pages = arietta_pages_get (&n_pages);

  for (guint i = 0; i < n_pages; i++)
    {
      AdwBin *bin = ADW_BIN (adw_view_stack_get_child_by_name (self->stack, pages[i].name));

      if (adw_bin_get_child (bin) == NULL)
        continue;
      adw_bin_set_child (bin, NULL);
      return TRUE;
    }
  return FALSE;
}

/* The program stays as long as that takes. */
static void
taken_down (void)
{
  GApplication *application = g_application_get_default ();

  if (application != NULL)
    g_application_release (application);
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

/* ---- For the other files of the window ---- */

AriettaPage *
arietta_window_get_visible_page (AriettaWindow *self)
{
  GtkWidget *bin = adw_view_stack_get_visible_child (self->stack);

  return bin != NULL ? ARIETTA_PAGE (adw_bin_get_child (ADW_BIN (bin))) : NULL;
}

void
arietta_window_init_pages (AriettaWindow *self)
{
  guint n;
  const AriettaPageInfo *pages = arietta_pages_get (&n);

  for (guint i = 0; i < n; i++)
    add_page (self, &pages[i]);
  if (is_first (self))
    fill (self);
  else
    arietta_steps_run (self, fill_step);
}

void
arietta_window_close_pages (AriettaWindow *self)
{
  self->filled = FALSE;
  arietta_steps_take_down (GTK_WINDOW (self), take_down_page, taken_down);
}

void
arietta_window_class_bind_pages (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, adaptive_box);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, verb_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, verb_content);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, sidebar_list);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, switcher_bar);
  gtk_widget_class_bind_template_callback (widget_class, visible_child_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, width_cb);
}

/* ---- For everybody ---- */

void
arietta_window_show_page (AriettaWindow *self,
                          const char    *name)
{
  GtkWidget *focus;

  g_return_if_fail (ARIETTA_IS_WINDOW (self));

  if (find_info (name) == NULL)
    return;

  /* A page that goes would hand its focus to whatever is near, a toast for one, which then
   * stays. */
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

  visible = arietta_window_get_visible_page (self);
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
