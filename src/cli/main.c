#define G_LOG_DOMAIN "arietta-cli"

#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <gst/gst.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>

#include "base/arietta-error.h"
#include "base/arietta-json.h"
#include "cli/arietta-cli.h"

static const AriettaVerb verbs[] = {
  { "inspect", "FILE [--notes] [--salvage]", N_("Reads one piece and prints what is in it"),
    arietta_cli_inspect },
  { "convert", "IN -o OUT [--via steps|events|roll|graph] [--salvage]",
    N_("Writes a piece in another format"), arietta_cli_convert },
  { "import",
    "PATH… --dataset D [--style S] [--licence L] [--may-train yes|no]"
    " [--split auto|train|validation|test]",
    N_("Takes files into the library"), arietta_cli_import },
  { "datasets", "", N_("Lists the datasets"), arietta_cli_datasets },
  { "items", "--dataset D [--search T]", N_("Lists the items of a dataset"), arietta_cli_items },
  { "train",
    "--kind K --dataset D [--recipe FILE] [--from MODEL] [--minutes M] [--epochs N] [--resume RUN]"
    " [--name NAME] [--export-bundle]",
    N_("Trains a model"), arietta_cli_train },
  { "models", "", N_("Lists the models"), arietta_cli_models },
  { "card", "MODEL [-o OUT.md|svg] [--write [--figures FILE]]", N_("Shows a model’s card"),
    arietta_cli_card },
  { "evaluate", "--model M PATH… [--per-step FILE] [--samples N]",
    N_("Measures a model on given pieces"), arietta_cli_evaluate },
  { "pack", "MODEL PATH… [--bits 8|16]",
    N_("Stores a model’s weights in fewer bits, and says what that costs"), arietta_cli_pack },
  { "compose",
    "[--model M] [--bars N] [--style S[=W]] [--key K] [--in-scale] [--temperature T] [--meter N/D]"
    " [--tempo T] [--density D] [--instruments I,…] [--count N] -o OUT",
    N_("Composes new takes"), arietta_cli_compose },
  { "assist",
    "continue|infill|harmonise|melody|bass|drums|arrange|vary FILE [--bars A-B] [--tracks N,M]"
    " [--model M] [--style S] [--key K] [--in-scale] [--temperature T] [--density D] [--amount A]"
    " [--count N] -o OUT",
    N_("Has a model work on a piece"), arietta_cli_assist },
  { "interpolate", "A B [--model M] [--steps N] -o OUT", N_("Morphs from one piece to another"),
    arietta_cli_interpolate },
  { "mix", "FILE [--model M] [--style S=W…] [--attribute A=X…] [--strength X] [--engine latent] -o OUT",
    N_("Mixes styles into a piece"), arietta_cli_mix },
  { "map", "[--model M] [--dataset D] [--method pca]", N_("Projects a dataset onto two dimensions"),
    arietta_cli_map },
  { "render", "FILE -o OUT.wav|flac|ogg|opus|mp3 [--soundfont F] [--stems]",
    N_("Renders a piece as sound"), arietta_cli_render },
  { "roll", "FILE -o OUT.png|svg [--attention BAR --model M]", N_("Draws a piece as a piano roll"),
    arietta_cli_roll },
  { "recommend", "[--count N]", N_("Says what to listen to next, and why"), arietta_cli_recommend },
  { "doctor", "", N_("Checks this installation"), arietta_cli_doctor },
};

static const AriettaVerb *
find_verb (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (verbs[i].name, name))
      return &verbs[i];

  return NULL;
}

static void
print_help (FILE *stream)
{
  fprintf (stream, "%s\n\n", _("Usage: arietta-cli VERB … [--json]"));
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    fprintf (stream, "  %-12s %s\n  %-12s %s\n", verbs[i].name, _(verbs[i].summary), "", verbs[i].usage);
  fprintf (stream, "\n%s\n",
           _("Everywhere: --json prints one JSON value, --progress tells progress as JSON lines on\n"
             "standard error, --seed N makes what is drawn repeatable. ARIETTA_DATA_DIR names the library."));
}

/* “--help” anywhere among a verb's arguments, up to “--”. */
static gboolean
asks_for_help (char **args)
{
  for (int i = 0; args[i] != NULL && !g_str_equal (args[i], "--"); i++)
    if (g_str_equal (args[i], "--help") || g_str_equal (args[i], "-h"))
      return TRUE;

  return FALSE;
}

static void
print_verb_help (const AriettaVerb *verb)
{
  printf (_("Usage: arietta-cli %s %s\n"), verb->name, verb->usage);
  printf ("%s\n", _(verb->summary));
}

static void
print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);

  puts (text);
}

/* What was printed may stand on a disk that is full. */
static int
finish (void)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return 0;

  fprintf (stderr, _("arietta-cli: The answer could not be written: %s.\n"), g_strerror (errno));
  return 1;
}

/* With --json the error is the one value on standard output; the sentence goes to standard error always. */
static int
fail (GError            *error,
      const AriettaVerb *verb,
      gboolean           json)
{
  gboolean usage = g_error_matches (error, ARIETTA_CLI_ERROR, ARIETTA_CLI_ERROR_USAGE);

  fprintf (stderr, "arietta-cli: %s\n", error->message);
  if (usage && verb != NULL)
    fprintf (stderr, _("Usage: arietta-cli %s %s\n"), verb->name, verb->usage);

  if (json)
    {
      g_autoptr(JsonBuilder) builder = json_builder_new ();
      g_autoptr(JsonNode) root = NULL;

      json_builder_begin_object (builder);
      arietta_json_begin_object (builder, "error");
      arietta_json_string (builder, "domain", g_quark_to_string (error->domain));
      arietta_json_int (builder, "code", error->code);
      arietta_json_string (builder, "message", error->message);
      arietta_json_string (builder, "file", arietta_error_get_file (error));
      arietta_json_string (builder, "place", arietta_error_get_place (error));
      json_builder_end_object (builder);
      json_builder_end_object (builder);

      root = json_builder_get_root (builder);
      print_json (root);
    }

  return usage ? 2 : 1;
}

int
main (int   argc,
      char *argv[])
{
  AriettaCli          cli = { .seed = 1 };
  const AriettaVerb  *verb;
  const char         *locale_dir = g_getenv ("ARIETTA_LOCALE_DIR");
  g_auto(GStrv)       args = NULL;
  g_autoptr(GError)   error = NULL;
  g_autoptr(JsonNode) result = NULL;
  gboolean            json = FALSE;

  /* A file that may not grow is an error like a full disk, not the end. */
  signal (SIGXFSZ, SIG_IGN);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : ARIETTA_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  /* Numbers are printed and parsed the same everywhere. */
  setlocale (LC_NUMERIC, "C");

  for (int i = 1; i < argc; i++)
    json |= g_str_equal (argv[i], "--json");

  if (argc < 2 || g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") || g_str_equal (argv[1], "help"))
    {
      print_help (argc < 2 ? stderr : stdout);
      return argc < 2 ? 2 : 0;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      printf ("arietta-cli %s\n", ARIETTA_VERSION);
      return 0;
    }

  verb = find_verb (argv[1]);
  if (verb == NULL)
    {
      arietta_cli_usage (&error, _("There is no verb “%s”. “arietta-cli --help” lists those there are."), argv[1]);
      return fail (error, NULL, json);
    }

  if (asks_for_help (argv + 2))
    {
      print_verb_help (verb);
      return 0;
    }

  gst_init (NULL, NULL);

  args = g_strdupv (argv + 1);
  result = verb->run (&cli, args, &error);
  g_clear_object (&cli.library);
  arietta_cli_end_progress (&cli, error == NULL);

  if (error != NULL)
    return fail (error, verb, json);
  if (json && result != NULL)
    print_json (result);

  return finish ();
}
