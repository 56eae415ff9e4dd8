#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-slices.h"

/* A third of a frame: the layout of what was made has to fit in beside it. */
#define SLICE_US 4000

struct _AriettaSlices
{
  GObject parent_instance;

  GQueue  waiting;   /* Slice */
  GQueue  going;     /* GtkWidget, owned: when nothing else waits */
  guint   source;
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

static gboolean
work_cb (gpointer user_data)
{
  AriettaSlices *self = user_data;
  gint64 end = g_get_monotonic_time () + SLICE_US;

  do
    {
      Slice *slice = g_queue_pop_head (&self->waiting);

      if (slice != NULL)
        {
          if (slice->widget != NULL)
            slice->func (slice->widget);
          slice_free (slice);
        }
      else if (!g_queue_is_empty (&self->going))
        {
          g_object_unref (g_queue_pop_head (&self->going));
        }
      else
        {
          self->source = 0;
          return G_SOURCE_REMOVE;
        }
    }
  while (g_get_monotonic_time () < end);

  return G_SOURCE_CONTINUE;
}

/* After the frame that is due, so that what is made early is seen early. */
static void
start (AriettaSlices *self)
{
  if (self->source == 0)
    self->source = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, work_cb, self, NULL);
}

static void
arietta_slices_finalize (GObject *object)
{
  AriettaSlices *self = ARIETTA_SLICES (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) slice_free);
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

void
arietta_slices_add (AriettaSlices    *self,
                    GtkWidget        *widget,
                    AriettaSliceFunc  func)
{
  Slice *slice;

  g_return_if_fail (ARIETTA_IS_SLICES (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  slice = g_new0 (Slice, 1);
  g_set_weak_pointer (&slice->widget, widget);
  slice->func = func;
  g_queue_push_tail (&self->waiting, slice);
  start (self);
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
