/* Composing, and the examples of a new library. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>

#include "studio/arietta-compose.h"
#include "views/arietta-early.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"

static AriettaSession *
get_session (AriettaComposePage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

static AriettaLibrary *
get_library (AriettaComposePage *self)
{
  return arietta_session_get_library (get_session (self));
}

typedef struct
{
  AriettaLibrary        *library;
  AriettaComposeRequest  request;
  gint64                 parent_id;   /* 0: of none */
  AriettaComposePage    *page;        /* who listens to the first bars; not touched by the worker */
  AriettaJob            *job;         /* while it is at work */
} WriteWork;

static void
write_work_free (WriteWork *work)
{
  g_object_unref (work->library);
  g_object_unref (work->page);
  arietta_compose_panel_clear_request (&work->request);
  g_free (work);
}

/* On the stand as far as it goes, unless something else was put there since. */
static void
early_cb (gpointer      page,
          AriettaJob   *job,
          AriettaPiece *so_far)
{
  AriettaComposePage *self = page;
  AriettaSession *session = get_session (self);
  gboolean first = self->writing != job;
  AriettaPiece *before = self->so_far;

  if (arietta_job_get_state (job) >= ARIETTA_JOB_DONE || (!first && arietta_session_get_piece (session) != before))
    return;

  self->so_far = arietta_piece_ref (so_far);
  g_set_object (&self->writing, job);
  if (first)
    {
      arietta_compose_page_put_aside (self);
      arietta_session_play_piece (session, so_far, _("Composing"), TRUE);
    }
  else
    arietta_session_change_piece (session, so_far);
  g_clear_pointer (&before, arietta_piece_unref);
}

static void
filled_cb (AriettaPiece *so_far,
           guint         n_bars,
           gpointer      user_data)
{
  WriteWork *work = user_data;

  arietta_early_tell (work->page, work->job, so_far, early_cb);
}

/* Composed and kept in the worker, so that what is heard is already safe. */
static gpointer
write_in_job (AriettaJob  *job,
              gpointer     data,
              GError     **error)
{
  WriteWork *work = data;
  g_autoptr(AriettaComposed) composed = NULL;

  work->job = job;
  work->request.filled = filled_cb;
  work->request.filled_data = work;
  composed = arietta_compose (work->library, &work->request, job, error);

  if (composed != NULL)
    composed->take->parent_id = work->parent_id;
  if (composed == NULL ||
      !arietta_library_add_take (work->library, composed->take, composed->piece, error))
    return NULL;
  return g_steal_pointer (&composed);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(AriettaComposePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaComposed) composed = arietta_job_run_finish (ARIETTA_JOB (source), result,
                                                                &error);

  AriettaSession *session = get_session (self);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr(AriettaPiece) so_far = NULL;
  gboolean heard = FALSE;

  if (self->writing == ARIETTA_JOB (source))
    {
      so_far = g_steal_pointer (&self->so_far);
      g_clear_object (&self->writing);
      heard = so_far == arietta_session_get_piece (session);
    }
  if (composed == NULL)
    {
      /* What was open comes back; where nothing was, what there is can be worked on. */
      if (heard && !arietta_compose_page_put_back (self))
        {
          g_autoptr(AriettaPiece) left = arietta_piece_freeze (arietta_piece_copy (so_far));

          arietta_session_become_take (session, 0, left, _("Untitled"));
        }
      arietta_present_error (GTK_WIDGET (self), error);
    }
  else if (heard)
    arietta_session_become_take (session, composed->take->id, composed->piece, composed->take->title);
  else
    arietta_session_play_take_piece (session, composed->take->id, composed->piece, composed->take->title, TRUE);

  if (self->writing == NULL)
    g_clear_object (&self->aside);

  /* Who has the keyboard keeps it. */
  if (composed != NULL && root != NULL && gtk_root_get_focus (root) == NULL)
    arietta_compose_page_focus_roll (self);
}

static void
start_writing (AriettaComposePage *self,
               gint64              parent_id)
{
  WriteWork *work = g_new0 (WriteWork, 1);
  g_autoptr(AriettaJob) job = NULL;

  work->library = g_object_ref (get_library (self));
  work->page = g_object_ref (self);
  work->parent_id = parent_id;
  arietta_compose_panel_fill_request (self->panel, &work->request);
  job = arietta_job_new (_("Composing"), FALSE, FALSE, write_in_job, work,
                         (GDestroyNotify) write_work_free);
  arietta_job_queue_add (arietta_session_get_jobs (get_session (self)), job,
                         (GDestroyNotify) arietta_composed_free, written_cb, g_object_ref (self));

  /* Where the panel covers the page, what comes is worth more than what was asked. */
  if (arietta_page_get_compact (ARIETTA_PAGE (self)))
    g_action_group_change_action_state (G_ACTION_GROUP (arietta_page_get_actions (ARIETTA_PAGE (self))),
                                        "panel", g_variant_new_boolean (FALSE));
}

static void
write_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  start_writing (user_data, 0);
}

void
arietta_compose_page_write_again (AriettaComposePage *self,
                                  const AriettaTake  *take)
{
  arietta_compose_panel_set_seed (self->panel, take->seed);
  start_writing (self, take->id);
}

/* ---- Examples ---- */

static gpointer
compose_examples_in_job (AriettaJob  *job,
                         gpointer     data,
                         GError     **error)
{
  return GINT_TO_POINTER (arietta_compose_examples (data, job, error));
}

static void
examples_made_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(AriettaComposePage) self = user_data;
  g_autoptr(GError) error = NULL;

  arietta_job_run_finish (ARIETTA_JOB (source), result, &error);
  g_clear_object (&self->examples);
  arietta_take_strip_set_expecting (self->strip, FALSE);
  arietta_present_error (GTK_WIDGET (self), error);
}

static gpointer
look_for_examples (gpointer   data,
                   GError   **error)
{
  return arietta_library_dup_fact (data, "examples-made");
}

/* Without a model there is nothing to compose with: a calm word, and the way to one. */
void
arietta_compose_page_start_examples (AriettaComposePage *self)
{
  g_autoptr(AriettaJob) job = NULL;
  gboolean ready;

  if (!self->examples_due || !self->models_listed)
    return;
  self->examples_due = FALSE;

  g_object_get (self->panel, "ready", &ready, NULL);
  if (!ready)
    {
      arietta_toast_action (GTK_WIDGET (self), _("There is no model to compose with yet."),
                            _("Models"), "win.page::models");
      return;
    }

  arietta_take_strip_set_expecting (self->strip, TRUE);
  job = arietta_job_new (_("Composing a Dozen Examples"), FALSE, FALSE, compose_examples_in_job,
                         g_object_ref (get_library (self)), g_object_unref);
  g_set_object (&self->examples, job);
  arietta_job_queue_add (arietta_session_get_jobs (get_session (self)), job, NULL,
                         examples_made_cb, g_object_ref (self));
}

/* Who removes those that are there wants no more of them. */
void
arietta_compose_page_end_examples (AriettaComposePage *self)
{
  g_autoptr(GError) error = NULL;

  if (self->examples == NULL)
    return;
  arietta_job_cancel (self->examples);
  arietta_take_strip_set_expecting (self->strip, FALSE);
  arietta_compose_end_examples (get_library (self), &error);
  arietta_present_error (GTK_WIDGET (self), error);
}

static void
examples_looked_for_cb (gpointer      owner,
                        gpointer      result,
                        const GError *error)
{
  AriettaComposePage *self = owner;
  g_autofree char *made = result;

  self->examples_due = made == NULL && error == NULL;
  arietta_compose_page_start_examples (self);
}

static const GActionEntry actions[] = {
  { .name = "write", .activate = write_cb },
};

void
arietta_compose_page_look_for_examples (AriettaComposePage *self)
{
  if (self->examples_seen)
    return;
  self->examples_seen = TRUE;
  arietta_load_async (self, NULL, look_for_examples, g_object_ref (get_library (self)),
                      g_object_unref, g_free, examples_looked_for_cb);
}

void
arietta_compose_page_init_write (AriettaComposePage *self)
{
  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
}
