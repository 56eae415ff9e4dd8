/* A verb's job: its progress on standard error, and its end when somebody interrupts. */
#define G_LOG_DOMAIN "arietta-cli"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arietta-json.h"
#include "cli/arietta-cli.h"

/* What takes less says nothing on a terminal. */
#define QUIET_US G_USEC_PER_SEC

/* Waits for a signal in a thread of its own: the verbs run no main loop. */
typedef struct
{
  AriettaJob *job;
  GMainLoop  *loop;
} Interrupt;

static gboolean
interrupt_cb (gpointer user_data)
{
  Interrupt *self = user_data;

  arietta_job_cancel (self->job);
  g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

/* With the loop the sources go, and with them the handlers: a second signal ends the program at once. */
static gpointer
wait_in_thread (gpointer data)
{
  Interrupt *self = data;

  g_main_loop_run (self->loop);
  g_main_loop_unref (self->loop);
  g_object_unref (self->job);
  g_free (self);

  return NULL;
}

static void
cancel_on_signals (AriettaJob *job)
{
  static const int        signals[] = { SIGINT, SIGTERM };
  g_autoptr(GMainContext) context = g_main_context_new ();
  Interrupt              *interrupt = g_new0 (Interrupt, 1);

  interrupt->job = g_object_ref (job);
  interrupt->loop = g_main_loop_new (context, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      g_autoptr(GSource) source = NULL;
      struct sigaction   present;

      /* A shell's background jobs ignore what is typed for others. */
      if (sigaction (signals[i], NULL, &present) == 0 && present.sa_handler == SIG_IGN)
        continue;

      source = g_unix_signal_source_new (signals[i]);
      g_source_set_callback (source, interrupt_cb, interrupt, NULL);
      g_source_attach (source, context);
    }

  g_thread_unref (g_thread_new ("signals", wait_in_thread, interrupt));
}

static void
print_line (double      fraction,
            const char *message)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char       *line = NULL;

  json_builder_begin_object (builder);
  arietta_json_double (builder, "fraction", fraction);
  arietta_json_string (builder, "message", message);
  json_builder_end_object (builder);

  line = arietta_json_dup_text (builder);
  fprintf (stderr, "%s\n", line);
}

static void
progress_cb (AriettaJob *job,
             double      fraction,
             const char *message,
             gpointer    user_data)
{
  AriettaCli *cli = user_data;

  if (cli->progress)
    {
      print_line (fraction < 0.0 ? NAN : fraction, message);
    }
  else if (isatty (STDERR_FILENO) && g_get_monotonic_time () - cli->begun_us >= QUIET_US)
    {
      cli->told = TRUE;
      if (fraction >= 0.0)
        fprintf (stderr, "\r\033[K%3.0f %% %s", 100.0 * fraction, message != NULL ? message : "");
      else
        fprintf (stderr, "\r\033[K%s", message != NULL ? message : "");
    }
}

AriettaJob *
arietta_cli_job_new (AriettaCli *cli,
                     const char *title)
{
  AriettaJob *job = arietta_job_new (title, FALSE, FALSE, NULL, NULL, NULL);

  cli->begun_us = g_get_monotonic_time ();
  arietta_job_set_listener (job, progress_cb, cli);
  cancel_on_signals (job);
  return job;
}

void
arietta_cli_wipe_progress (AriettaCli *cli)
{
  if (cli->told)
    fputs ("\r\033[K", stderr);
  cli->told = FALSE;
}

void
arietta_cli_end_progress (AriettaCli *cli,
                          gboolean    done)
{
  arietta_cli_wipe_progress (cli);

  /* Work that was over before it had anything to say has an end too. */
  if (done && cli->progress && cli->begun_us != 0)
    print_line (1.0, NULL);
}
