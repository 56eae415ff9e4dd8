#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-focus.h"

#define PLACE "arietta-focus-place"

typedef struct
{
  GtkWindow *window;    /* borrowed: it owns this */
  GtkWidget *focus;     /* weak */
  gulong     unmap_id;  /* on @focus */
  guint      idle_id;
  GdkFrameClock *clock; /* while there is something to look at */

  /* Of the outermost popover around the focus. */
  GtkWidget *popover;   /* weak */
  GtkWidget *before;    /* weak; had the focus before it opened */
  gboolean   escaped;   /* by the last key */
  gulong     closed_id; /* on @popover, as the next */
  GtkEventController *keys;
} Keeper;

/* The nearest place around @widget that can be gone to. */
static GtkWidget *
find_place (GtkWidget *widget)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      GtkWidget *place = g_object_get_data (G_OBJECT (widget), PLACE);

      if (place != NULL && gtk_widget_get_mapped (place) && gtk_widget_is_sensitive (place))
        return place;
    }

  return NULL;
}

static void look_again (Keeper *self);

static void
stop_looking (Keeper *self)
{
  g_clear_handle_id (&self->idle_id, g_source_remove);
  if (self->clock != NULL)
    g_signal_handlers_disconnect_by_func (self->clock, look_again, self);
  g_clear_object (&self->clock);
}

static void
look_again (Keeper *self)
{
  GtkWidget *focus = gtk_window_get_focus (self->window), *place;

  stop_looking (self);
  if (focus == NULL || gtk_widget_get_mapped (focus) ||
      !gtk_widget_get_mapped (GTK_WIDGET (self->window)))
    return;

  place = find_place (focus);
  if (place != NULL && gtk_widget_grab_focus (place))
    return;

  while (focus != NULL && focus != GTK_WIDGET (self->window) && !gtk_widget_get_mapped (focus))
    focus = gtk_widget_get_parent (focus);
  if (focus == NULL || focus == GTK_WIDGET (self->window) || !gtk_widget_grab_focus (focus))
    gtk_window_set_focus (self->window, NULL);
}

static gboolean
idle_cb (gpointer data)
{
  look_again (data);
  return G_SOURCE_REMOVE;
}

/* GTK moves most of what loses its place itself, to the first that comes, at the end of a frame:
 * before that.  The frame may be the one that an animation ends in. */
static void
unmapped_cb (Keeper *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self->window));

  if (self->idle_id == 0)
    self->idle_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, idle_cb, self, NULL);
  if (self->clock == NULL && clock != NULL)
    {
      self->clock = g_object_ref (clock);
      g_signal_connect_swapped (clock, "layout", G_CALLBACK (look_again), self);
    }
}

static void
let_go (Keeper *self)
{
  if (self->focus != NULL)
    g_signal_handler_disconnect (self->focus, self->unmap_id);
  g_clear_weak_pointer (&self->focus);
}

static gboolean
key_pressed_cb (Keeper *self,
                guint   keyval)
{
  self->escaped = keyval == GDK_KEY_Escape;
  return GDK_EVENT_PROPAGATE;
}

static void
let_popover_go (Keeper *self)
{
  if (self->popover != NULL)
    {
      g_signal_handler_disconnect (self->popover, self->closed_id);
      gtk_widget_remove_controller (self->popover, self->keys);
    }
  g_clear_weak_pointer (&self->popover);
  g_clear_weak_pointer (&self->before);
}

/* Unless what was chosen has moved the keyboard itself. */
static void
closed_cb (Keeper *self)
{
  GtkWidget *focus = gtk_window_get_focus (self->window), *owner = gtk_widget_get_parent (self->popover);
  GtkWidget *target = self->before, *place = find_place (owner);

  if (owner != NULL && (focus == NULL || focus == owner || gtk_widget_is_ancestor (focus, owner)))
    {
      if (target == NULL || !gtk_widget_get_mapped (target) || !gtk_widget_is_sensitive (target) ||
          (place != NULL && !self->escaped && gtk_widget_is_ancestor (target, owner)))
        target = place;
      if (target != NULL)
        gtk_window_set_focus (self->window, target);
    }
  let_popover_go (self);
}

static GtkWidget *
find_popover (GtkWidget *widget)
{
  GtkWidget *popover = NULL;

  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    if (GTK_IS_POPOVER (widget))
      popover = widget;

  return popover;
}

static void
note_popover (Keeper    *self,
              GtkWidget *popover)
{
  GtkWidget *before = self->popover != NULL ? self->before : self->focus;

  if (popover == NULL || popover == self->popover)
    return;

  if (before != NULL)
    g_object_ref (before);
  let_popover_go (self);
  g_set_weak_pointer (&self->before, before);
  g_set_weak_pointer (&self->popover, popover);
  self->closed_id = g_signal_connect_swapped (popover, "closed", G_CALLBACK (closed_cb), self);
  /* No key of a popover comes to the window. */
  self->escaped = FALSE;
  self->keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (self->keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (popover, self->keys);
  g_clear_object (&before);
}

static void
focus_cb (Keeper *self)
{
  GtkWidget *focus = gtk_window_get_focus (self->window);

  note_popover (self, find_popover (focus));
  let_go (self);
  if (g_set_weak_pointer (&self->focus, focus))
    self->unmap_id = g_signal_connect_swapped (focus, "unmap", G_CALLBACK (unmapped_cb), self);
}

static void
free_keeper (gpointer data)
{
  Keeper *self = data;

  let_go (self);
  let_popover_go (self);
  stop_looking (self);
  g_free (self);
}

void
arietta_focus_keep (GtkWindow *window)
{
  Keeper *self = g_new0 (Keeper, 1);

  self->window = window;
  g_signal_connect_data (window, "notify::focus-widget", G_CALLBACK (focus_cb), self, NULL,
                         G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (window), "arietta-focus", self, free_keeper);
}

void
arietta_focus_set_place (GtkWidget *widget,
                         GtkWidget *place)
{
  g_object_set_data (G_OBJECT (widget), PLACE, place);
}

void
arietta_focus_leave (GtkWidget *button)
{
  /* Of a menu button the one inside is pressed. */
  gtk_widget_set_focus_on_click (GTK_IS_MENU_BUTTON (button) ? gtk_widget_get_first_child (button) : button, FALSE);
}
