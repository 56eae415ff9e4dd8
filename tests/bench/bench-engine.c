/* bench-engine - how quick the learning engine is, beside what a musician could install instead
 *
 * usage: bench-engine [--json] [--threads 1,2] [--steps N] [--only NAME] [--no-peers]
 *
 * Each row is a shape at a number of threads.  Our process, the peer's and one that only multiplies matrices
 * take turns within one go, so that whatever else the machine does meets all alike; figures are medians over all
 * steps (20 at least).  One thread is kept on one processor and measured by its CPU time, more by the clock on
 * the wall.  Peak memory is that of each one's own process, Python included.  Where that is allowed all of them
 * go before other programs: threads that wait for each other suffer from a busy machine out of proportion, and
 * PyTorch's far more than ours.
 *
 * PyTorch is that of the system's Python (python3-torch), over the OpenBLAS for OpenMP where it is installed
 * (libopenblas0-openmp), which is its quickest; ONNX Runtime is onnxruntime-node, found by node from the folder
 * of the build or of NODE_PATH (npm install --ignore-scripts onnxruntime-node).  What is not there leaves its
 * column empty.
 */
#include "bench-child.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define MAX_PEERS 3
#define MIN_TURNS 5
#define TURN_MS 60.0 /* short steps are made several at a turn */
#define MAX_TURN_STEPS 100

/* ONNX Runtime's threads go on waiting for work for some 12 ms after a step, at full speed, and OpenMP's for a little;
 * who comes next would pay for it.  So everyone comes to rest first. */
#define REST_MS 30

static const BenchShape *const groups[] = {
  bench_melody_vae_shapes,
  bench_image_shapes,
  bench_small_shapes,
  bench_transformer_shapes,
};

typedef struct
{
  GSubprocess       *process;
  GDataInputStream  *replies;
  char              *name;      /* as it calls itself */
  double             first_ms;
  GArray            *ms;
  double             peak_mb;
} Child;

typedef struct
{
  gboolean    json, no_peers;
  int         n_steps;
  char       *threads;
  char       *only;
  const char *program;
  int         cpu;
} Settings;

static int
compare_cb (const void *a,
            const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
median (GArray *numbers)
{
  g_array_sort (numbers, compare_cb);

  return numbers->len > 0 ? g_array_index (numbers, double, numbers->len / 2) : 0;
}

static void
child_free (Child *self)
{
  if (self == NULL)
    return;

  g_subprocess_force_exit (self->process);
  g_clear_object (&self->replies);
  g_clear_object (&self->process);
  g_array_unref (self->ms);
  g_free (self->name);
  g_free (self);
}

/* Runs between fork and exec. */
static void
go_first_cb (gpointer data)
{
  int fd;

  /* A session of its own, since Linux may share the processors out by session before it looks at a process;
   * in some containers it looks at the process alone. */
  setsid ();
  fd = open ("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
  if (fd >= 0 && write (fd, "-15", 3) < 0)
    close (fd);
  setpriority (PRIO_PROCESS, 0, -15);
}

/* NULL, with @quietly without a word, if it does not come up. */
static Child *
child_start (const char *const *argv,
             int                n_threads,
             gboolean           quietly)
{
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GError)              error = NULL;
  g_autofree char               *threads = g_strdup_printf ("%d", n_threads);
  g_autofree char               *line = NULL;
  Child                         *self = g_new0 (Child, 1);
  char                          *rest;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                        | (quietly ? G_SUBPROCESS_FLAGS_STDERR_SILENCE : 0));
  g_subprocess_launcher_setenv (launcher, "OMP_NUM_THREADS", threads, TRUE);
  g_subprocess_launcher_setenv (launcher, "OPENBLAS_NUM_THREADS", threads, TRUE);
  g_subprocess_launcher_set_child_setup (launcher, go_first_cb, NULL, NULL);
  self->ms = g_array_new (FALSE, FALSE, sizeof (double));
  self->process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  if (self->process == NULL)
    {
      g_array_unref (self->ms);
      g_free (self);
      return NULL;
    }

  self->replies = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line (self->replies, NULL, NULL, NULL);
  if (line == NULL || !g_str_has_prefix (line, "ready "))
    {
      child_free (self);
      return NULL;
    }
  self->first_ms = g_ascii_strtod (line + strlen ("ready "), &rest);
  self->name = g_strdup (g_strstrip (rest));

  return self;
}

/* FALSE if it has ended. */
static gboolean
child_turn (Child *self,
            int    n_steps)
{
  g_autofree char *order = g_strdup_printf ("%d\n", n_steps);
  g_autofree char *line = NULL;
  g_auto(GStrv)    words = NULL;

  if (!g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->process), order, strlen (order), NULL,
                                  NULL, NULL))
    return FALSE;
  line = g_data_input_stream_read_line (self->replies, NULL, NULL, NULL);
  if (line == NULL)
    return FALSE;
  g_usleep (REST_MS * 1000);

  words = g_strsplit (g_strstrip (line), " ", -1);
  for (gsize i = 0; words[i] != NULL; i++)
    {
      double ms = g_ascii_strtod (words[i], NULL);

      g_array_append_val (self->ms, ms);
    }

  return TRUE;
}

static void
child_end (Child *self)
{
  g_autofree char *line = NULL;

  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  line = g_data_input_stream_read_line (self->replies, NULL, NULL, NULL);
  if (line != NULL && g_str_has_prefix (line, "peak "))
    self->peak_mb = g_ascii_strtod (line + strlen ("peak "), NULL);
  g_subprocess_wait (self->process, NULL, NULL);
}

static Child *
start_ours (const Settings *settings,
            const char     *shape,
            int             n_threads)
{
  g_autofree char *threads = g_strdup_printf ("%d", n_threads);
  g_autofree char *cpu = g_strdup_printf ("%d", n_threads == 1 ? settings->cpu : -1);

  return child_start ((const char *[]) { settings->program, "--child", shape, threads, cpu, NULL },
                      n_threads, FALSE);
}

static Child *
start_peer (const Settings *settings,
            guint           peer,
            const char     *shape,
            int             n_threads)
{
  g_autofree char *threads = g_strdup_printf ("%d", n_threads);
  g_autofree char *cpu = g_strdup_printf ("%d", n_threads == 1 ? settings->cpu : -1);
  Child           *child;

  if (peer == BENCH_ONNX)
    return child_start ((const char *[]) { "node", PEERS_FOLDER "/peer-onnx.js", shape, threads, cpu, NULL },
                        n_threads, TRUE);

  /* The system's Python first: another in PATH has no packages of the system. */
  for (int i = 0; i < 2; i++)
    {
      child = child_start ((const char *[]) { i == 0 ? "/usr/bin/python3" : "python3",
                                              PEERS_FOLDER "/peer-engine.py", shape, threads, cpu,
                                              peer == BENCH_PYTORCH_BF16 ? "--bf16" : NULL, NULL },
                           n_threads, g_getenv ("ARIETTA_BENCH_TRACE") == NULL);
      if (child != NULL)
        return child;
    }

  return NULL;
}

static void
add_number (JsonBuilder *builder,
            const char  *name,
            double       value,
            gboolean     known)
{
  json_builder_set_member_name (builder, name);
  if (known)
    json_builder_add_double_value (builder, round (value * 1e4) / 1e4);
  else
    json_builder_add_null_value (builder);
}

static void
report (const BenchShape *shape,
        int               n_threads,
        Child            *ours,
        Child            *sgemm,
        Child            *peer,
        JsonBuilder      *builder)
{
  double ms = median (ours->ms);
  double gflops = shape->flops / ms * 1e-6;
  double most = bench_sgemm_shape.flops / median (sgemm->ms) * 1e-6;
  double peer_ms = peer != NULL ? median (peer->ms) : 0;

  if (builder != NULL)
    {
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "shape");
      json_builder_add_string_value (builder, shape->name);
      json_builder_set_member_name (builder, "threads");
      json_builder_add_int_value (builder, n_threads);
      add_number (builder, "ours_ms", ms, TRUE);
      json_builder_set_member_name (builder, "peer");
      if (peer != NULL)
        json_builder_add_string_value (builder, peer->name);
      else
        json_builder_add_null_value (builder);
      add_number (builder, "peer_ms", peer_ms, peer != NULL);
      add_number (builder, "ratio", peer != NULL ? peer_ms / ms : 0, peer != NULL);
      add_number (builder, "ours_peak_mb", ours->peak_mb, TRUE);
      add_number (builder, "peer_peak_mb", peer != NULL ? peer->peak_mb : 0, peer != NULL);
      add_number (builder, "gflops", gflops, TRUE);
      add_number (builder, "sgemm_gflops", most, TRUE);
      json_builder_end_object (builder);
      return;
    }

  printf ("%-24s %d %10.3f", shape->name, n_threads, ms);
  if (shape->examples > 0)
    printf (" %10.1f", shape->examples / ms * 1e3);
  else
    printf (" %10s", "");
  if (shape->tokens > 0)
    printf (" %10.0f", shape->tokens / ms * 1e3);
  else
    printf (" %10s", "");
  printf (" %8.1f %5.0f %% %8.0f", gflops, 100 * gflops / most, ours->peak_mb);
  if (peer != NULL)
    printf ("   %-16s %10.3f %6.0f  %5.2f", peer->name, peer_ms, peer->peak_mb, peer_ms / ms);
  printf ("\n");
  fflush (stdout);
}

static void
measure (const Settings   *settings,
         const BenchShape *shape,
         int               n_threads,
         JsonBuilder      *builder)
{
  Child  *peers[MAX_PEERS] = { NULL };
  Child  *ours = start_ours (settings, shape->name, n_threads);
  Child  *sgemm = start_ours (settings, bench_sgemm_shape.name, n_threads);
  double  slowest;
  int     n_found = 0, n_turn, n_turns;

  if (ours == NULL || sgemm == NULL)
    g_error ("the process of %s ended by itself", shape->name);

  slowest = ours->first_ms;
  for (guint peer = 0; peer < MAX_PEERS && !settings->no_peers; peer++)
    if (shape->peers & (1u << peer))
      {
        peers[peer] = start_peer (settings, 1u << peer, shape->name, n_threads);
        if (peers[peer] != NULL)
          slowest = MAX (slowest, peers[peer]->first_ms);
      }

  n_turn = (int) CLAMP (TURN_MS / slowest, 1, MAX_TURN_STEPS);
  n_turns = MAX ((settings->n_steps + n_turn - 1) / n_turn, MIN_TURNS);
  for (int turn = 0; turn < n_turns; turn++)
    {
      if (!child_turn (ours, n_turn) || !child_turn (sgemm, 1))
        g_error ("the process of %s ended by itself", shape->name);
      for (guint peer = 0; peer < MAX_PEERS; peer++)
        if (peers[peer] != NULL && !child_turn (peers[peer], n_turn))
          g_clear_pointer (&peers[peer], child_free);
    }

  child_end (ours);
  child_end (sgemm);
  for (guint peer = 0; peer < MAX_PEERS; peer++)
    if (peers[peer] != NULL)
      {
        child_end (peers[peer]);
        report (shape, n_threads, ours, sgemm, peers[peer], builder);
        n_found++;
        child_free (peers[peer]);
      }
  if (n_found == 0)
    report (shape, n_threads, ours, sgemm, NULL, builder);

  child_free (ours);
  child_free (sgemm);
}

static const BenchShape *
find_shape (const char *name)
{
  if (strcmp (name, bench_sgemm_shape.name) == 0)
    return &bench_sgemm_shape;

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    for (const BenchShape *shape = groups[i]; shape->name != NULL; shape++)
      if (strcmp (shape->name, name) == 0)
        return shape;

  g_error ("there is no shape called %s", name);
}

int
main (int   argc,
      char *argv[])
{
  Settings                  settings = { .n_steps = 20, .program = argv[0] };
  const GOptionEntry        entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &settings.json, "Rows as JSON", NULL },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &settings.threads, "Numbers of threads, as 1,2", "LIST" },
    { "steps", 0, 0, G_OPTION_ARG_INT, &settings.n_steps, "Steps of each, 20 if not said", "N" },
    { "only", 0, 0, G_OPTION_ARG_STRING, &settings.only, "Shapes whose name holds this", "NAME" },
    { "no-peers", 0, 0, G_OPTION_ARG_NONE, &settings.no_peers, "Ours alone", NULL },
    { NULL },
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(JsonBuilder)    builder = NULL;
  g_autoptr(GError)         error = NULL;
  g_auto(GStrv)             threads = NULL;
  cpu_set_t                 cpus;

  if (argc == 5 && strcmp (argv[1], "--child") == 0)
    return bench_child_run (find_shape (argv[2]), atoi (argv[3]), atoi (argv[4]));

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }

  CPU_ZERO (&cpus);
  sched_getaffinity (0, sizeof cpus, &cpus);
  for (int i = 0; i < CPU_SETSIZE; i++)
    if (CPU_ISSET (i, &cpus))
      settings.cpu = i;

  if (settings.json)
    {
      builder = json_builder_new ();
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "rows");
      json_builder_begin_array (builder);
    }
  else
    {
      printf ("shape             threads    ms/step  examples/s   tokens/s  GFLOP/s  of sgemm  peak MB   "
              "peer                     ms peak MB  ratio\n");
    }

  threads = g_strsplit (settings.threads != NULL ? settings.threads : CPU_COUNT (&cpus) > 1 ? "1,2" : "1",
                        ",", -1);
  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    for (const BenchShape *shape = groups[i]; shape->name != NULL; shape++)
      for (gsize t = 0; threads[t] != NULL; t++)
        if (settings.only == NULL || strstr (shape->name, settings.only) != NULL)
          measure (&settings, shape, MAX (atoi (threads[t]), 1), builder);

  if (builder != NULL)
    {
      g_autoptr(JsonNode) root = NULL;
      g_autofree char    *text = NULL;

      json_builder_end_array (builder);
      json_builder_end_object (builder);
      root = json_builder_get_root (builder);
      text = json_to_string (root, TRUE);
      printf ("%s\n", text);
    }
  g_free (settings.threads);
  g_free (settings.only);

  return 0;
}
