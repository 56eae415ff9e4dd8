#include "studio/arietta-job.h"

/* A piece of work that goes step by step as the test says. */
typedef struct
{
  GMutex   lock;
  GCond    cond;
  guint    allowed;
  guint    done;
  guint    steps;
  gboolean fails;
  gboolean keeps;   /* hands back what it has when stopped */
  guint    freed;
} Work;

static void
work_init (Work  *work,
           guint  steps,
           guint  allowed)
{
  *work = (Work) { .steps = steps, .allowed = allowed };
  g_mutex_init (&work->lock);
  g_cond_init (&work->cond);
}

static void
work_clear (Work *work)
{
  g_mutex_clear (&work->lock);
  g_cond_clear (&work->cond);
}

static void
work_allow (Work  *work,
            guint  allowed)
{
  g_mutex_lock (&work->lock);
  work->allowed = allowed;
  g_cond_broadcast (&work->cond);
  g_mutex_unlock (&work->lock);
}

static void
work_wait_done (Work  *work,
                guint  done)
{
  g_mutex_lock (&work->lock);
  while (work->done < done)
    g_cond_wait (&work->cond, &work->lock);
  g_mutex_unlock (&work->lock);
}

static void
work_freed (gpointer data)
{
  ((Work *) data)->freed++;
}

static gpointer
work_func (AriettaJob  *job,
           gpointer     data,
           GError     **error)
{
  Work *work = data;

  for (guint step = 0; step < work->steps; step++)
    {
      if (!arietta_job_check (job))
        return work->keeps ? g_strdup ("half") : NULL;

      g_mutex_lock (&work->lock);
      while (work->allowed <= step)
        g_cond_wait (&work->cond, &work->lock);
      work->done = step + 1;
      g_cond_broadcast (&work->cond);
      g_mutex_unlock (&work->lock);

      arietta_job_report (job, (step + 1.0) / work->steps, "working");
    }

  if (work->fails)
    {
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC, "full");
      return NULL;
    }

  return g_strdup ("whole");
}

typedef struct
{
  gboolean  ended;
  char     *result;
  GError   *error;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_free (answer->result);
  g_clear_error (&answer->error);
  *answer = (Answer) { 0 };
}

static void
answer_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Answer *answer = user_data;

  g_assert_false (answer->ended);
  answer->result = arietta_job_run_finish (ARIETTA_JOB (source), result, &answer->error);
  answer->ended = TRUE;
}

static void
wait_for (gboolean *flag)
{
  while (!*flag)
    g_main_context_iteration (NULL, TRUE);
}

typedef struct
{
  GMutex   lock;
  GCond    cond;
  gboolean gone;
} Farewell;

static void
farewell_cb (gpointer  data,
             GObject  *where_it_was)
{
  Farewell *farewell = data;

  g_mutex_lock (&farewell->lock);
  farewell->gone = TRUE;
  g_cond_signal (&farewell->cond);
  g_mutex_unlock (&farewell->lock);
}

/* Gives up @job and waits until nobody has it: its thread may let go after the callback. */
static void
assert_finalized (AriettaJob *job)
{
  Farewell     farewell = { 0 };
  const gint64 deadline_us = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;
  gboolean     in_time = TRUE;

  g_mutex_init (&farewell.lock);
  g_cond_init (&farewell.cond);
  g_object_weak_ref (G_OBJECT (job), farewell_cb, &farewell);
  g_object_unref (job);

  g_mutex_lock (&farewell.lock);
  while (!farewell.gone && in_time)
    in_time = g_cond_wait_until (&farewell.cond, &farewell.lock, deadline_us);
  g_assert_true (farewell.gone);
  g_mutex_unlock (&farewell.lock);

  g_mutex_clear (&farewell.lock);
  g_cond_clear (&farewell.cond);
}

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          guint      *count)
{
  (*count)++;
}

static void
test_reports_fold (void)
{
  g_autoptr(AriettaJob) job = NULL;
  Answer                answer = { 0 };
  Work                  work;
  guint                 n_fractions = 0, n_messages = 0;
  double                fraction;

  work_init (&work, 1000, 1000);
  job = arietta_job_new ("Counting", FALSE, FALSE, work_func, &work, work_freed);
  g_signal_connect (job, "notify::fraction", G_CALLBACK (count_cb), &n_fractions);
  g_signal_connect (job, "notify::message", G_CALLBACK (count_cb), &n_messages);
  arietta_job_run_async (job, g_free, answer_cb, &answer);

  /* The loop does not turn while the thread reports a thousand times. */
  work_wait_done (&work, 1000);
  g_assert_cmpuint (n_fractions, ==, 0);
  wait_for (&answer.ended);

  g_assert_cmpstr (answer.result, ==, "whole");
  g_assert_cmpuint (n_fractions, >=, 1);
  g_assert_cmpuint (n_fractions, <=, 4);
  g_assert_cmpuint (n_messages, ==, 1);
  g_assert_cmpuint (work.freed, ==, 1);
  g_assert_cmpint (arietta_job_get_state (job), ==, ARIETTA_JOB_DONE);
  g_object_get (job, "fraction", &fraction, NULL);
  g_assert_cmpfloat (fraction, ==, 1.0);

  answer_clear (&answer);
  work_clear (&work);
  assert_finalized (g_steal_pointer (&job));
}

static void
test_cancel_answers_at_once (void)
{
  g_autoptr(AriettaJob) job = NULL;
  Answer                answer = { 0 };
  Work                  work;

  work_init (&work, 3, 1);
  job = arietta_job_new ("Waiting", FALSE, FALSE, work_func, &work, work_freed);
  arietta_job_run_async (job, g_free, answer_cb, &answer);
  work_wait_done (&work, 1);

  /* The thread stands in its second step and cannot answer. */
  arietta_job_cancel (job);
  g_assert_cmpint (arietta_job_get_state (job), ==, ARIETTA_JOB_CANCELLED);
  g_assert_true (g_cancellable_is_cancelled (arietta_job_get_cancellable (job)));
  g_assert_false (answer.ended);

  work_allow (&work, 3);
  wait_for (&answer.ended);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (arietta_job_get_state (job), ==, ARIETTA_JOB_CANCELLED);

  answer_clear (&answer);
  work_clear (&work);
}

static void
test_stop_and_keep (void)
{
  g_autoptr(AriettaJob) job = NULL;
  Answer                answer = { 0 };
  Work                  work;

  work_init (&work, 3, 1);
  work.keeps = TRUE;
  job = arietta_job_new ("Keeping", FALSE, FALSE, work_func, &work, work_freed);
  arietta_job_run_async (job, g_free, answer_cb, &answer);
  work_wait_done (&work, 1);
  arietta_job_cancel (job);
  work_allow (&work, 2);
  wait_for (&answer.ended);

  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.result, ==, "half");

  answer_clear (&answer);
  work_clear (&work);
}

static gboolean
flag_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
test_pause (void)
{
  g_autoptr(AriettaJob) job = NULL;
  Answer                answer = { 0 };
  Work                  work;
  gboolean              turned = FALSE;

  work_init (&work, 4, 1);
  job = arietta_job_new ("Pausing", FALSE, TRUE, work_func, &work, work_freed);
  arietta_job_run_async (job, g_free, answer_cb, &answer);
  work_wait_done (&work, 1);

  /* Already inside its second step, it stops before the third whatever it is allowed. */
  arietta_job_pause (job);
  g_assert_cmpint (arietta_job_get_state (job), ==, ARIETTA_JOB_PAUSED);
  work_allow (&work, 4);
  g_timeout_add (30, flag_cb, &turned);
  wait_for (&turned);
  g_assert_cmpuint (work.done, <=, 2);
  g_assert_false (answer.ended);

  arietta_job_resume (job);
  wait_for (&answer.ended);
  g_assert_cmpstr (answer.result, ==, "whole");
  g_assert_cmpuint (work.done, ==, 4);

  /* An end is final. */
  arietta_job_pause (job);
  arietta_job_cancel (job);
  g_assert_cmpint (arietta_job_get_state (job), ==, ARIETTA_JOB_DONE);

  answer_clear (&answer);
  work_clear (&work);
}

static void
test_cancel_while_paused (void)
{
  g_autoptr(AriettaJob) job = NULL;
  Answer                answer = { 0 };
  Work                  work;

  work_init (&work, 2, 2);
  job = arietta_job_new ("Pausing", FALSE, TRUE, work_func, &work, work_freed);
  arietta_job_pause (job);
  arietta_job_run_async (job, g_free, answer_cb, &answer);
  arietta_job_cancel (job);
  wait_for (&answer.ended);

  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (work.done, ==, 0);

  answer_clear (&answer);
  work_clear (&work);
}

static void
listen_cb (AriettaJob *job,
           double      fraction,
           const char *message,
           gpointer    user_data)
{
  guint *count = user_data;

  (*count)++;
}

static void
test_sync_with_listener (void)
{
  g_autoptr(AriettaJob) job = NULL;
  g_autoptr(GError)     error = NULL;
  g_autofree char      *result = NULL;
  gint64                begun_us;
  Work                  work;
  guint                 count = 0, most;

  work_init (&work, 20000, 20000);
  job = arietta_job_new ("Counting", FALSE, FALSE, work_func, &work, work_freed);
  arietta_job_set_listener (job, listen_cb, &count);
  begun_us = g_get_monotonic_time ();
  result = arietta_job_run_sync (job, &error);
  most = (guint) ((g_get_monotonic_time () - begun_us) / 100000) + 2;

  g_assert_no_error (error);
  g_assert_cmpstr (result, ==, "whole");
  g_assert_cmpuint (count, >=, 2);
  g_assert_cmpuint (count, <=, most);
  g_assert_cmpuint (work.freed, ==, 1);
  work_clear (&work);
}

static void
test_failure (void)
{
  g_autoptr(AriettaJob) job = NULL;
  g_autoptr(GError)     error = NULL;
  Work                  work;

  work_init (&work, 1, 1);
  work.fails = TRUE;
  job = arietta_job_new ("Failing", FALSE, FALSE, work_func, &work, work_freed);

  g_assert_null (arietta_job_run_sync (job, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_assert_cmpint (arietta_job_get_state (job), ==, ARIETTA_JOB_FAILED);
  work_clear (&work);
}

static void
test_heavy_ones_wait (void)
{
  g_autoptr(AriettaJobQueue) queue = arietta_job_queue_new ();
  AriettaJob                *heavy[2];
  g_autoptr(AriettaJob)      light = NULL;
  g_autoptr(AriettaJob)      second = NULL;
  Answer                     answers[3] = { 0 };
  Work                       works[3];
  double                     fraction;

  for (guint i = 0; i < 3; i++)
    work_init (&works[i], 2, 0);
  heavy[0] = arietta_job_new ("First", TRUE, FALSE, work_func, &works[0], work_freed);
  heavy[1] = arietta_job_new ("Second", TRUE, FALSE, work_func, &works[1], work_freed);
  light = arietta_job_new ("Light", FALSE, FALSE, work_func, &works[2], work_freed);

  g_assert_cmpfloat (arietta_job_queue_get_fraction (queue), <, 0.0);
  arietta_job_queue_add (queue, heavy[0], g_free, answer_cb, &answers[0]);
  arietta_job_queue_add (queue, heavy[1], g_free, answer_cb, &answers[1]);
  arietta_job_queue_add (queue, light, g_free, answer_cb, &answers[2]);

  /* The light one overtakes the waiting one, in the list too. */
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (queue)), ==, 3);
  second = g_list_model_get_item (G_LIST_MODEL (queue), 1);
  g_assert_true (second == light);
  work_allow (&works[2], 2);
  work_allow (&works[1], 2);
  wait_for (&answers[2].ended);
  g_assert_cmpint (arietta_job_get_state (heavy[1]), ==, ARIETTA_JOB_WAITING);

  work_allow (&works[0], 1);
  work_wait_done (&works[0], 1);
  do
    {
      g_main_context_iteration (NULL, FALSE);
      fraction = arietta_job_queue_get_fraction (queue);
    }
  while (fraction <= 0.0);
  g_assert_cmpfloat (fraction, ==, 0.5);

  work_allow (&works[0], 2);
  wait_for (&answers[1].ended);
  g_assert_true (answers[0].ended);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (queue)), ==, 0);
  g_assert_cmpfloat (arietta_job_queue_get_fraction (queue), <, 0.0);

  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpstr (answers[i].result, ==, "whole");
      answer_clear (&answers[i]);
      work_clear (&works[i]);
    }
  assert_finalized (heavy[0]);
  assert_finalized (heavy[1]);
  g_assert_finalize_object (g_steal_pointer (&queue));
}

static void
test_cancel_all (void)
{
  g_autoptr(AriettaJobQueue) queue = arietta_job_queue_new ();
  Answer                     answers[2] = { 0 };
  Work                       works[2];

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(AriettaJob) job = NULL;

      work_init (&works[i], 2, 0);
      job = arietta_job_new ("Heavy", TRUE, FALSE, work_func, &works[i], work_freed);
      arietta_job_queue_add (queue, job, g_free, answer_cb, &answers[i]);
    }

  arietta_job_queue_cancel_all (queue);
  work_allow (&works[0], 2);
  wait_for (&answers[0].ended);
  wait_for (&answers[1].ended);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_error (answers[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpuint (works[i].freed, ==, 1);
      answer_clear (&answers[i]);
    }
  g_assert_cmpuint (works[1].done, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (queue)), ==, 0);
  for (guint i = 0; i < 2; i++)
    work_clear (&works[i]);
  g_assert_finalize_object (g_steal_pointer (&queue));
}

/* A cancelled job is out of the list, and its thread is waited for all the same. */
static void
test_wind_up (void)
{
  g_autoptr(AriettaJobQueue) queue = arietta_job_queue_new ();
  g_autoptr(AriettaJob)      job = NULL;
  Answer                     answer = { 0 };
  Work                       work;

  work_init (&work, 3, 1);
  job = arietta_job_new ("Long", FALSE, FALSE, work_func, &work, work_freed);
  arietta_job_queue_add (queue, job, g_free, answer_cb, &answer);
  work_wait_done (&work, 1);
  arietta_job_cancel (job);
  while (g_list_model_get_n_items (G_LIST_MODEL (queue)) > 0)
    g_main_context_iteration (NULL, TRUE);
  work_allow (&work, 2);
  g_assert_true (arietta_job_queue_wind_up (queue, 60.0));
  g_assert_false (answer.ended);

  wait_for (&answer.ended);
  g_assert_cmpuint (work.done, <, 3);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  answer_clear (&answer);
  work_clear (&work);
}

/* Looks nowhere whether to stop. */
static gpointer
stuck_func (AriettaJob  *job,
            gpointer     data,
            GError     **error)
{
  Work *work = data;

  g_mutex_lock (&work->lock);
  work->done = 1;
  g_cond_broadcast (&work->cond);
  while (work->allowed == 0)
    g_cond_wait (&work->cond, &work->lock);
  g_mutex_unlock (&work->lock);

  return NULL;
}

/* Nor is a thread waited for that does not come back. */
static void
test_wind_up_ends (void)
{
  g_autoptr(AriettaJobQueue) queue = arietta_job_queue_new ();
  g_autoptr(AriettaJob)      job = NULL;
  Answer                     answer = { 0 };
  Work                       work;

  work_init (&work, 1, 0);
  job = arietta_job_new ("Stuck", FALSE, FALSE, stuck_func, &work, work_freed);
  arietta_job_queue_add (queue, job, g_free, answer_cb, &answer);
  work_wait_done (&work, 1);
  g_assert_false (arietta_job_queue_wind_up (queue, 0.01));

  work_allow (&work, 1);
  g_assert_true (arietta_job_queue_wind_up (queue, 60.0));
  wait_for (&answer.ended);
  answer_clear (&answer);
  work_clear (&work);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/studio/job/reports-fold", test_reports_fold);
  g_test_add_func ("/studio/job/cancel-answers-at-once", test_cancel_answers_at_once);
  g_test_add_func ("/studio/job/stop-and-keep", test_stop_and_keep);
  g_test_add_func ("/studio/job/pause", test_pause);
  g_test_add_func ("/studio/job/cancel-while-paused", test_cancel_while_paused);
  g_test_add_func ("/studio/job/sync-with-listener", test_sync_with_listener);
  g_test_add_func ("/studio/job/failure", test_failure);
  g_test_add_func ("/studio/job-queue/heavy-ones-wait", test_heavy_ones_wait);
  g_test_add_func ("/studio/job-queue/cancel-all", test_cancel_all);
  g_test_add_func ("/studio/job-queue/wind-up", test_wind_up);
  g_test_add_func ("/studio/job-queue/wind-up-ends", test_wind_up_ends);
  return g_test_run ();
}
