/* Composing, and the examples of a new library. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>

#include "studio/arietta-compose.h"
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
} WriteWork;

static void
write_work_free (WriteWork *work)
{
  g_object_unref (work->library);
  arietta_compose_panel_clear_request (&work->request);
  g_free (work);
}

/* Composed and kept in the worker, so that what is heard is already safe. */
static gpointer
write_in_job (AriettaJob  *job,
              gpointer     data,
              GError     **error)
{
  WriteWork *work = data;
  g_autoptr(AriettaComposed) composed = arietta_compose (work->library, &work->request, job, error);

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

  if (composed != NULL)
    arietta_session_play_take_piece (get_session (self), composed->take->id, composed->piece,
                                     composed->take->title, TRUE);
  else
    arietta_present_error (GTK_WIDGET (self), error);
}

static void
start_writing (AriettaComposePage *self,
               gint64              parent_id)
{
  WriteWork *work = g_new0 (WriteWork, 1);
  g_autoptr(AriettaJob) job = NULL;

  work->library = g_object_ref (get_library (self));
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
  arietta_job_queue_add (arietta_session_get_jobs (get_session (self)), job, NULL,
                         examples_made_cb, g_object_ref (self));
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
