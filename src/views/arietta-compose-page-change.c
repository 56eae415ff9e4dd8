/* What is done to notes: at once, or in a worker where there are so many that the window would stand still.  What is asked
 * for meanwhile, undo too, waits for its turn and finds the notes as they then are. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include "views/arietta-load.h"

/* A verb goes through all notes of a track and the step compares them all: a millisecond, about, at load. */
#define MANY_NOTES 10000

typedef enum { WAY_ON, WAY_UNDO, WAY_REDO } Way;

/* In the queue; main thread only. */
typedef struct
{
  AriettaComposition *composition;
  Way                 way;
  char               *label;
  AriettaNotesFunc    func;
  GBytes             *settings;   /* NULL: none */
  AriettaPiece       *of;         /* which @notes and @kept speak of; NULL without them */
  AriettaSelection   *notes;      /* NULL: those that are selected then */
  AriettaSelection   *kept;       /* stays selected; NULL: what @func gives back */
  guint               n_new;      /* notes that come to those of the piece */
} Change;

/* What goes to the worker and comes back: nothing that is the main thread's. */
typedef struct
{
  AriettaNotesFunc  func;
  GBytes           *settings;
  AriettaPiece     *before;
  AriettaSelection *notes;
  AriettaPiece     *after;
  AriettaSelection *selected;
  AriettaEdit      *edit;
} Work;

static void
change_free (Change *change)
{
  g_clear_object (&change->composition);
  g_free (change->label);
  g_clear_pointer (&change->settings, g_bytes_unref);
  g_clear_pointer (&change->of, arietta_piece_unref);
  g_clear_pointer (&change->notes, arietta_selection_unref);
  g_clear_pointer (&change->kept, arietta_selection_unref);
  g_free (change);
}

static void
work_free (gpointer data)
{
  Work *work = data;

  g_clear_pointer (&work->settings, g_bytes_unref);
  arietta_piece_unref (work->before);
  arietta_selection_unref (work->notes);
  g_clear_pointer (&work->after, arietta_piece_unref);
  g_clear_pointer (&work->selected, arietta_selection_unref);
  g_clear_pointer (&work->edit, arietta_edit_unref);
  g_free (work);
}

static gpointer
work_through (gpointer   data,
              GError   **error)
{
  Work *work = data;

  work->after = work->func (work->before, work->notes,
                            work->settings != NULL ? g_bytes_get_data (work->settings, NULL) : NULL, &work->selected);
  work->edit = arietta_edit_new_between (work->before, work->after);
  return work;
}

static Work *
work_new (AriettaComposePage *self,
          const Change       *change)
{
  AriettaSelection *notes = change->notes != NULL ? change->notes : arietta_piano_roll_get_selection (self->roll);
  Work *work = g_new0 (Work, 1);

  work->func = change->func;
  work->settings = change->settings != NULL ? g_bytes_ref (change->settings) : NULL;
  work->before = arietta_piece_ref (arietta_composition_get_piece (change->composition));
  work->notes = arietta_selection_ref (notes);
  return work;
}

/* To the piece it was meant for, which may have made room for another meanwhile. */
static void
apply (AriettaComposePage *self,
       const Change       *change,
       const Work         *work)
{
  AriettaSelection *selected = change->kept != NULL ? change->kept : work->selected;

  if (work->edit != NULL &&
      arietta_composition_step_edit (change->composition, change->label, NULL, work->after, work->edit) &&
      selected != NULL && change->composition == self->composition)
    arietta_piano_roll_set_selection (self->roll, selected);
}

/* Not of a piece that was left, nor notes that went while it waited: they have other places now. */
static gboolean
is_meant (AriettaComposePage *self,
          const Change       *change)
{
  return change->composition != NULL && change->composition == self->composition &&
         (change->of == NULL || change->of == arietta_composition_get_piece (change->composition));
}

static void go_on (AriettaComposePage *self);

static void
worked_cb (gpointer      owner,
           gpointer      result,
           const GError *error)
{
  AriettaComposePage *self = owner;
  Work *work = result;
  Change *change = g_queue_peek_head (&self->changes);

  self->changing = FALSE;
  /* Where a step that did not wait, of a track or a chord, came between: once more, from there. */
  if (change != NULL && arietta_composition_get_piece (change->composition) == work->before)
    {
      g_queue_pop_head (&self->changes);
      apply (self, change, work);
      change_free (change);
    }
  work_free (work);
  go_on (self);
}

static void
go_on (AriettaComposePage *self)
{
  Change *change;

  while (!self->changing && (change = g_queue_peek_head (&self->changes)) != NULL)
    {
      if (is_meant (self, change) && change->way == WAY_ON)
        {
          Work *work = work_new (self, change);

          if (arietta_piece_get_n_notes (work->before) + change->n_new > MANY_NOTES)
            {
              self->changing = TRUE;
              arietta_load_async (self, NULL, work_through, work, NULL, work_free, worked_cb);
              break;
            }
          g_queue_pop_head (&self->changes);
          work_through (work, NULL);
          apply (self, change, work);
          work_free (work);
        }
      else
        {
          g_queue_pop_head (&self->changes);
          if (is_meant (self, change) && change->way == WAY_UNDO)
            arietta_composition_undo (change->composition);
          else if (is_meant (self, change))
            arietta_composition_redo (change->composition);
        }
      change_free (change);
    }
  arietta_compose_page_update_verbs (self);
}

/* Takes what @model points to. */
static void
add (AriettaComposePage *self,
     Change              model)
{
  g_set_object (&model.composition, self->composition);
  if (model.composition != NULL && (model.notes != NULL || model.kept != NULL))
    model.of = arietta_piece_ref (arietta_composition_get_piece (model.composition));
  g_queue_push_tail (&self->changes, g_memdup2 (&model, sizeof model));
  go_on (self);
}

void
arietta_compose_page_change_notes (AriettaComposePage *self,
                                   const char         *label,
                                   AriettaNotesFunc    func,
                                   gconstpointer       settings,
                                   gsize               size)
{
  add (self, (Change) { .label = g_strdup (label), .func = func,
                        .settings = size > 0 ? g_bytes_new (settings, size) : NULL });
}

void
arietta_compose_page_change_these (AriettaComposePage *self,
                                   const char         *label,
                                   AriettaNotesFunc    func,
                                   GBytes             *settings,
                                   AriettaSelection   *notes,
                                   AriettaSelection   *kept,
                                   guint               n_new)
{
  add (self, (Change) { .label = g_strdup (label), .func = func,
                        .settings = settings != NULL ? g_bytes_ref (settings) : NULL,
                        .notes = notes != NULL ? arietta_selection_ref (notes) : NULL,
                        .kept = kept != NULL ? arietta_selection_ref (kept) : NULL, .n_new = n_new });
}

void
arietta_compose_page_change_back (AriettaComposePage *self,
                                  gboolean            undo)
{
  add (self, (Change) { .way = undo ? WAY_UNDO : WAY_REDO });
}

gboolean
arietta_compose_page_is_changing (AriettaComposePage *self)
{
  return !g_queue_is_empty (&self->changes);
}

void
arietta_compose_page_dispose_change (AriettaComposePage *self)
{
  g_queue_clear_full (&self->changes, (GDestroyNotify) change_free);
}
