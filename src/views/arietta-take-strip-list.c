/* The strip follows the takes of the library: read by a worker, and only what differs is put in anew. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-take-strip-private.h"

#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"

static gpointer
list_takes (gpointer   data,
            GError   **error)
{
  return arietta_library_list_takes (data, error);
}

static void
show_count (AriettaTakeStrip *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));
  g_autofree char *text = n > 0 ? g_strdup_printf ("%u", n) : g_strdup ("");
  gboolean examples = FALSE;

  for (guint i = 0; i < n && !examples; i++)
    {
      g_autoptr(AriettaTakeObject) take = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      examples = arietta_take_object_get (take)->example;
    }

  gtk_label_set_text (self->count_label, text);
  gtk_widget_set_visible (self->empty_label, n == 0 && self->loaded);
  gtk_widget_set_visible (self->scrolled, n > 0);
  g_object_notify (G_OBJECT (self), "n-takes");
  if (examples != self->examples)
    {
      self->examples = examples;
      g_object_notify (G_OBJECT (self), "examples");
    }
}

/* Its place in the list, G_MAXUINT when it is not there. */
static guint
find_id (AriettaTakeStrip *self,
         gint64            id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  for (guint i = 0; id != 0 && i < n; i++)
    {
      g_autoptr(AriettaTakeObject) take = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      if (arietta_take_object_get (take)->id == id)
        return i;
    }
  return G_MAXUINT;
}

void
arietta_take_strip_select_id (AriettaTakeStrip *self,
                              gint64            id)
{
  guint position = find_id (self, id);

  if (position == G_MAXUINT)
    return;
  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", position);
}

/* Only what differs is replaced, so that rows, scrolling and selection stay where they are. */
static void
replace_takes (AriettaTakeStrip *self,
               GPtrArray        *objects,
               gboolean          slide)
{
  guint old_n = g_list_model_get_n_items (G_LIST_MODEL (self->store));
  guint new_n = objects->len;
  guint head = 0, tail = 0;

  while (head < MIN (old_n, new_n))
    {
      g_autoptr(AriettaTakeObject) old = g_list_model_get_item (G_LIST_MODEL (self->store), head);

      if (!arietta_take_object_same (old, g_ptr_array_index (objects, head)))
        break;
      head++;
    }
  while (tail < MIN (old_n, new_n) - head)
    {
      g_autoptr(AriettaTakeObject) old =
        g_list_model_get_item (G_LIST_MODEL (self->store), old_n - 1 - tail);

      if (!arietta_take_object_same (old, g_ptr_array_index (objects, new_n - 1 - tail)))
        break;
      tail++;
    }

  if (old_n - head - tail > 0 || new_n - head - tail > 0)
    {
      self->sliding = slide && old_n == head + tail;
      g_list_store_splice (self->store, head, old_n - head - tail, objects->pdata + head,
                           new_n - head - tail);
      self->sliding = FALSE;
    }
}

static gboolean
is_at_start (AriettaTakeStrip *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->list_view));

  return gtk_adjustment_get_value (adjustment) < gtk_adjustment_get_page_size (adjustment) / 4;
}

static void
takes_listed_cb (gpointer      owner,
                 gpointer      result,
                 const GError *error)
{
  AriettaTakeStrip *self = owner;
  g_autoptr(GPtrArray) takes = result;
  AriettaTakeObject *selected;
  gint64 selected_id = 0;
  gboolean at_start;

  self->reading = FALSE;
  if (self->session == NULL)
    return;
  if (error != NULL)
    {
      arietta_present_error (GTK_WIDGET (self), error);
    }
  else
    {
      g_autoptr(GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);

      /* The records move from the list into the objects. */
      g_ptr_array_set_free_func (takes, NULL);
      for (guint i = 0; i < takes->len; i++)
        g_ptr_array_add (objects, arietta_take_object_new (g_ptr_array_index (takes, i)));

      selected = arietta_take_strip_get_selected (self);
      if (selected != NULL)
        selected_id = arietta_take_object_get (selected)->id;
      at_start = is_at_start (self);
      /* What is on the stand came before the list knew of it. */
      if (find_id (self, arietta_session_get_take_id (self->session)) == G_MAXUINT &&
          arietta_session_get_take_id (self->session) != 0)
        selected_id = arietta_session_get_take_id (self->session);
      replace_takes (self, objects, self->loaded && at_start);

      if (selected_id != 0)
        arietta_take_strip_select_id (self, selected_id);
      if (arietta_take_strip_get_selected (self) == NULL)
        arietta_take_strip_select_id (self, arietta_session_get_take_id (self->session));

      /* The list keeps what it shows in place; who looks at the newest wants to see what is newer still: such as what
       * was just taken, beside the selected take that it came from. */
      if (at_start && self->loaded && objects->len > 0)
        gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", 0);
    }

  if (!self->loaded)
    {
      self->loaded = TRUE;
      show_count (self);
      g_signal_emit_by_name (self, "loaded");
    }
  else
    show_count (self);

  if (self->stale)
    arietta_take_strip_reload (self);
}

void
arietta_take_strip_reload (AriettaTakeStrip *self)
{
  if (self->reading)
    {
      self->stale = TRUE;
      return;
    }
  self->reading = TRUE;
  self->stale = FALSE;
  arietta_load_async (self, NULL, list_takes,
                      g_object_ref (arietta_session_get_library (self->session)), g_object_unref,
                      (GDestroyNotify) g_ptr_array_unref, takes_listed_cb);
}
