#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-steps.h"

#include "widgets/arietta-adaptive-box.h"

/* After drawing (GDK_PRIORITY_REDRAW), after what people do, and never in the same turn as GTK's
 * own idle work: it measures the whole window in one. */
#define STEP_PRIORITY (G_PRIORITY_DEFAULT_IDLE + 1)
/* One step to a frame, or a frame would have to lay out what several of them made. */
#define FRAME_MS 17
/* Of a dialog: its header bar and a line. */
#define LEAST_HEIGHT 200
/* As many are taken down in a few milliseconds. */
#define PART_WIDGETS 24
#define TAKING_DOWN_KEY "arietta-taking-down"
#define REFILL_KEY "arietta-refill"

typedef struct
{
  gpointer        owner;   /* NULL once it is disposed of */
  AriettaTurnFunc step;
  guint           n;
} Steps;

static void
steps_free (Steps *steps)
{
  g_clear_weak_pointer (&steps->owner);
  g_free (steps);
}

/* When the turn began in which a step was done last, by whichever owner's: the frame that follows
 * is for all of them, and there is one main loop. */
static gint64 stepped_at = -1;

static void step_soon (Steps *steps);

static gboolean
step_cb (gpointer user_data)
{
  Steps *steps = user_data;
  gint64 now = g_source_get_time (g_main_current_source ());

  if (now == stepped_at)
    return G_SOURCE_CONTINUE;
  stepped_at = now;

  if (steps->owner != NULL && steps->step (steps->owner, steps->n++))
    step_soon (steps);
  else
    steps_free (steps);
  return G_SOURCE_REMOVE;
}

static void
step_soon (Steps *steps)
{
  g_timeout_add_full (STEP_PRIORITY, steps->n > 0 ? FRAME_MS : 0, step_cb, steps, NULL);
}

void
arietta_steps_run (gpointer        owner,
                   AriettaTurnFunc step)
{
  Steps *steps;

  g_return_if_fail (G_IS_OBJECT (owner));
  g_return_if_fail (step != NULL);

  steps = g_new0 (Steps, 1);
  g_set_weak_pointer (&steps->owner, owner);
  steps->step = step;
  step_soon (steps);
}

static gboolean
present_step (gpointer owner,
              guint    n)
{
  gtk_window_present (owner);
  return G_SOURCE_REMOVE;
}

void
arietta_steps_present (GtkWindow *window)
{
  g_return_if_fail (GTK_IS_WINDOW (window));

  arietta_steps_run (window, present_step);
}

typedef struct
{
  GPtrArray *parts;   /* GtkWidget, what is out already */
  gboolean (*more) (GtkWindow *window);
  void     (*done) (void);
} TakingDown;

static void
taking_down_free (gpointer data)
{
  TakingDown *down = data;

  g_ptr_array_unref (down->parts);
  g_free (down);
}

/* From a container that lets its children go one by one: TRUE when @parent is one, which is all
 * that is asked with NULL. */
static gboolean
take_out (GtkWidget *parent,
          GtkWidget *child)
{
  if (GTK_IS_BOX (parent) && child != NULL)
    gtk_box_remove (GTK_BOX (parent), child);
  else if (GTK_IS_STACK (parent) && child != NULL)
    gtk_stack_remove (GTK_STACK (parent), child);
  else if (ADW_IS_LEAFLET (parent) && child != NULL)
    adw_leaflet_remove (ADW_LEAFLET (parent), child);
  return GTK_IS_BOX (parent) || GTK_IS_STACK (parent) || ADW_IS_LEAFLET (parent);
}

/* What can be taken out, is large, and has nothing of that kind within; @n_widgets grows by all
 * that was looked at. */
static GtkWidget *
find_part (GtkWidget *widget,
           guint     *n_widgets)
{
  *n_widgets += 1;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      guint      n = 0;
      GtkWidget *part = find_part (child, &n);

      if (part != NULL)
        return part;
      if (n >= PART_WIDGETS && take_out (widget, NULL))
        return child;
      *n_widgets += n;
    }
  return NULL;
}

static gboolean
take_down_step (gpointer owner,
                guint    n)
{
  TakingDown *down = g_object_get_data (owner, TAKING_DOWN_KEY);
  guint       n_widgets = 0;
  GtkWidget  *part = find_part (owner, &n_widgets);
  void      (*done) (void) = down->done;

  if (part != NULL)
    {
      g_ptr_array_add (down->parts, g_object_ref (part));
      take_out (gtk_widget_get_parent (part), part);
      return G_SOURCE_CONTINUE;
    }
  if (down->more != NULL && down->more (owner))
    return G_SOURCE_CONTINUE;
  if (down->parts->len > 0)
    {
      g_ptr_array_remove_index (down->parts, down->parts->len - 1);
      return G_SOURCE_CONTINUE;
    }

  gtk_window_destroy (owner);
  if (done != NULL)
    done ();
  return G_SOURCE_REMOVE;
}

void
arietta_steps_take_down (GtkWindow   *window,
                         gboolean   (*more) (GtkWindow *window),
                         void       (*done) (void))
{
  TakingDown *down;

  g_return_if_fail (GTK_IS_WINDOW (window));

  /* Closed once more while it goes. */
  if (g_object_get_data (G_OBJECT (window), TAKING_DOWN_KEY) != NULL)
    return;

  down = g_new (TakingDown, 1);
  *down = (TakingDown) { g_ptr_array_new_with_free_func (g_object_unref), more, done };
  g_object_set_data_full (G_OBJECT (window), TAKING_DOWN_KEY, down, taking_down_free);
  gtk_widget_set_visible (GTK_WIDGET (window), FALSE);
  arietta_steps_run (window, take_down_step);
}

static gboolean
close_request_cb (GtkWindow *window)
{
  arietta_steps_take_down (window, NULL, NULL);
  return GDK_EVENT_STOP;
}

void
arietta_steps_loosen (AdwWindow *window)
{
  g_autoptr(GtkWidget) content = NULL;
  GtkWidget           *box;

  g_return_if_fail (ADW_IS_WINDOW (window));

  content = adw_window_get_content (window);
  g_return_if_fail (content != NULL);
  g_object_ref (content);
  adw_window_set_content (window, NULL);
  box = g_object_new (ARIETTA_TYPE_ADAPTIVE_BOX, "child", content, "least-height", LEAST_HEIGHT, NULL);
  adw_window_set_content (window, box);
  g_signal_connect (window, "close-request", G_CALLBACK (close_request_cb), NULL);
}

typedef struct
{
  GQueue children;   /* GtkWidget, owned */
} Refill;

static void
refill_free (gpointer data)
{
  Refill *refill = data;

  g_queue_clear_full (&refill->children, g_object_unref);
  g_free (refill);
}

static gboolean
refill_step (gpointer owner,
             guint    n)
{
  Refill *refill = g_object_get_data (owner, REFILL_KEY);
  g_autoptr(GtkWidget) child = g_queue_pop_head (&refill->children);

  gtk_box_append (owner, child);
  if (!g_queue_is_empty (&refill->children))
    return G_SOURCE_CONTINUE;
  g_object_set_data (owner, REFILL_KEY, NULL);
  return G_SOURCE_REMOVE;
}

void
arietta_steps_refill (GtkBox *box,
                      guint   n_now)
{
  GtkWidget *child;
  Refill    *refill;

  g_return_if_fail (GTK_IS_BOX (box));
  g_return_if_fail (g_object_get_data (G_OBJECT (box), REFILL_KEY) == NULL);

  child = gtk_widget_get_first_child (GTK_WIDGET (box));
  for (guint i = 0; child != NULL && i < n_now; i++)
    child = gtk_widget_get_next_sibling (child);
  if (child == NULL)
    return;

  refill = g_new0 (Refill, 1);
  while (child != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (child);

      g_queue_push_tail (&refill->children, g_object_ref (child));
      gtk_box_remove (box, child);
      child = next;
    }
  g_object_set_data_full (G_OBJECT (box), REFILL_KEY, refill, refill_free);
  arietta_steps_run (box, refill_step);
}
