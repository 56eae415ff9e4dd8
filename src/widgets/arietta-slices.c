#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-slices.h"

/* A quarter of a frame: the layout of what was made has to fit in beside it. */
#define SLICE_US 4000
/* One slice to a frame, or the frame would have to lay out all that was made in the slices before it. */
#define FRAME_MS 17

struct _AriettaSlices
{
  GObject parent_instance;

  GQueue  waiting;   /* Slice */
  GQueue  later;     /* Slice, for the frames after this one */
  GQueue  going;     /* GtkWidget, owned: when nothing else waits */
  guint   source;
  gint64  worked_us; /* when the last slice began, monotonic */
};

G_DEFINE_FINAL_TYPE (AriettaSlices, arietta_slices, G_TYPE_OBJECT)

typedef struct
{
  GtkWidget        *widget;   /* weak */
  AriettaSliceFunc  func;
} Slice;

static void
slice_free (Slice *slice)
{
  g_clear_weak_pointer (&slice->widget);
  g_free (slice);
}

static gboolean work_cb (gpointer user_data);

/* Below the priority of frames, so that the one which is due comes first, and in a turn of its own. */
static void
start (AriettaSlices *self)
{
  gint64 passed_ms = (g_get_monotonic_time () - self->worked_us) / 1000;

  if (self->source == 0)
    self->source = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE + 2, (guint) CLAMP (FRAME_MS - passed_ms, 0, FRAME_MS), work_cb,
                                       self, NULL);
}

static gboolean
work_cb (gpointer user_data)
{
  AriettaSlices *self = user_data;
  gint64 end;
  Slice *slice;

  self->worked_us = g_get_monotonic_time ();
  end = self->worked_us + SLICE_US;
  while ((slice = g_queue_pop_head (&self->later)) != NULL)
    g_queue_push_tail (&self->waiting, slice);

  do
    {
      if ((slice = g_queue_pop_head (&self->waiting)) != NULL)
        {
          if (slice->widget != NULL)
            slice->func (slice->widget);
          slice_free (slice);
        }
      else if (!g_queue_is_empty (&self->going))
        {
          g_object_unref (g_queue_pop_head (&self->going));
        }
    }
  while ((!g_queue_is_empty (&self->waiting) || !g_queue_is_empty (&self->going)) && g_get_monotonic_time () < end);

  self->source = 0;
  if (!g_queue_is_empty (&self->waiting) || !g_queue_is_empty (&self->later) || !g_queue_is_empty (&self->going))
    start (self);
  return G_SOURCE_REMOVE;
}

static void
arietta_slices_finalize (GObject *object)
{
  AriettaSlices *self = ARIETTA_SLICES (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) slice_free);
  g_queue_clear_full (&self->later, (GDestroyNotify) slice_free);
  g_queue_clear_full (&self->going, g_object_unref);

  G_OBJECT_CLASS (arietta_slices_parent_class)->finalize (object);
}

static void
arietta_slices_class_init (AriettaSlicesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = arietta_slices_finalize;
}

static void
arietta_slices_init (AriettaSlices *self)
{
}

AriettaSlices *
arietta_slices_new (void)
{
  return g_object_new (ARIETTA_TYPE_SLICES, NULL);
}

static void
push (AriettaSlices    *self,
      GQueue           *queue,
      GtkWidget        *widget,
      AriettaSliceFunc  func)
{
  Slice *slice = g_new0 (Slice, 1);

  g_set_weak_pointer (&slice->widget, widget);
  slice->func = func;
  g_queue_push_tail (queue, slice);
  start (self);
}

void
arietta_slices_add (AriettaSlices    *self,
                    GtkWidget        *widget,
                    AriettaSliceFunc  func)
{
  g_return_if_fail (ARIETTA_IS_SLICES (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  push (self, &self->waiting, widget, func);
}

void
arietta_slices_add_later (AriettaSlices    *self,
                          GtkWidget        *widget,
                          AriettaSliceFunc  func)
{
  g_return_if_fail (ARIETTA_IS_SLICES (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  push (self, &self->later, widget, func);
}

void
arietta_slices_drop (AriettaSlices *self,
                     GtkWidget     *widget)
{
  g_return_if_fail (ARIETTA_IS_SLICES (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  g_queue_push_tail (&self->going, g_object_ref_sink (widget));
  gtk_widget_unparent (widget);
  start (self);
}
