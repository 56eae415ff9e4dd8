#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-steps.h"

/* After drawing (GDK_PRIORITY_REDRAW), after what people do, and never in the same turn as GTK's own idle work: it
 * measures the whole window in one. */
#define STEP_PRIORITY (G_PRIORITY_DEFAULT_IDLE + 1)

typedef struct
{
  gpointer        owner;   /* NULL once it is disposed of */
  AriettaTurnFunc step;
  guint           n;
} Steps;

static void
steps_free (gpointer data)
{
  Steps *steps = data;

  g_clear_weak_pointer (&steps->owner);
  g_free (steps);
}

static gboolean
step_cb (gpointer user_data)
{
  Steps *steps = user_data;

  return steps->owner != NULL && steps->step (steps->owner, steps->n++);
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
  g_idle_add_full (STEP_PRIORITY, step_cb, steps, steps_free);
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
