#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-focus.h"

typedef struct
{
  GtkWindow *window;   /* borrowed: it owns this */
  GtkWidget *focus;    /* weak */
  gulong     unmap_id; /* on @focus */
  guint      idle_id;
} Keeper;

static gboolean
look_again_cb (gpointer data)
{
  Keeper *self = data;
  GtkWidget *focus = gtk_window_get_focus (self->window);

  self->idle_id = 0;
  if (focus == NULL || gtk_widget_get_mapped (focus) ||
      !gtk_widget_get_mapped (GTK_WIDGET (self->window)))
    return G_SOURCE_REMOVE;

  while (focus != NULL && focus != GTK_WIDGET (self->window) && !gtk_widget_get_mapped (focus))
    focus = gtk_widget_get_parent (focus);
  if (focus == NULL || focus == GTK_WIDGET (self->window) || !gtk_widget_grab_focus (focus))
    gtk_window_set_focus (self->window, NULL);
  return G_SOURCE_REMOVE;
}

/* GTK moves most of what loses its place itself, but only after this. */
static void
unmapped_cb (Keeper *self)
{
  if (self->idle_id == 0)
    self->idle_id = g_idle_add (look_again_cb, self);
}

static void
let_go (Keeper *self)
{
  if (self->focus != NULL)
    g_signal_handler_disconnect (self->focus, self->unmap_id);
  g_clear_weak_pointer (&self->focus);
}

static void
focus_cb (Keeper *self)
{
  GtkWidget *focus = gtk_window_get_focus (self->window);

  let_go (self);
  if (g_set_weak_pointer (&self->focus, focus))
    self->unmap_id = g_signal_connect_swapped (focus, "unmap", G_CALLBACK (unmapped_cb), self);
}

static void
free_keeper (gpointer data)
{
  Keeper *self = data;

  let_go (self);
  g_clear_handle_id (&self->idle_id, g_source_remove);
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
