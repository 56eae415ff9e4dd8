/* arietta-cli.h - what every verb of the command line shares
 *
 * A verb is a row in the table of main.c and one function in a file of its own.  It parses its options with
 * arietta_cli_parse (), calls studio/ (or a lower floor) as the window does, and returns its --json value;
 * when --json was not asked for it prints lines for a person instead.  The contract: exit 0 done, 1 the work
 * failed, 2 wrong usage; with --json exactly one JSON value on standard output, errors too.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "library/arietta-library.h"
#include "music/arietta-pitch.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

#define ARIETTA_CLI_ERROR (arietta_cli_error_quark ())
GQuark arietta_cli_error_quark (void);

typedef enum
{
  ARIETTA_CLI_ERROR_USAGE,   /* exit 2 */
} AriettaCliError;

typedef struct
{
  gboolean        json;
  gboolean        progress;    /* as JSON lines on standard error */
  gboolean        has_seed;
  guint64         seed;        /* 1 unless given */
  AriettaLibrary *library;     /* opened by arietta_cli_get_library () */
  gint64          begun_us;    /* of the job */
  gboolean        told;        /* a line of progress stands on the terminal */
} AriettaCli;

typedef struct
{
  const char *name;
  const char *usage;           /* "FILE [--notes]" */
  const char *summary;
  JsonNode *(*run) (AriettaCli  *cli,
                    char       **args,
                    GError     **error);
} AriettaVerb;

/* Parses @entries (and --json, --progress, --seed) out of *@args, whose [0] is the verb; what is left are the
 * operands, @min to @max of them (@max < 0: any number).  FALSE with ARIETTA_CLI_ERROR_USAGE. */
gboolean        arietta_cli_parse        (AriettaCli          *cli,
                                          const GOptionEntry  *entries,
                                          char              ***args,
                                          int                  min,
                                          int                  max,
                                          GError             **error);
/* Sets ARIETTA_CLI_ERROR_USAGE and returns FALSE. */
gboolean        arietta_cli_usage        (GError             **error,
                                          const char          *format,
                                          ...) G_GNUC_PRINTF (2, 3);
/* Complains when there was no -o. */
gboolean        arietta_cli_need_output  (const char          *output,
                                          GError             **error);
/* The same, and when its ending is not one of notes that can be written. */
gboolean        arietta_cli_need_notes_output (const char     *output,
                                          GError             **error);
/* What all verbs that draw notes take: --count, --temperature, --key (NULL: not asked for; else into @tonality) and
 * --density (0: not asked for). */
gboolean        arietta_cli_check_drawing (int                 count,
                                          double               temperature,
                                          const char          *key,
                                          AriettaTonality     *tonality,
                                          int                  density,
                                          GError             **error);
/* Borrowed; opened on first use. */
AriettaLibrary *arietta_cli_get_library  (AriettaCli          *cli,
                                          GError             **error);
/* A job that tells its progress on standard error (a line on a terminal after a second, JSON lines with
 * --progress).  SIGINT or SIGTERM cancels it, a second one ends the program. */
AriettaJob     *arietta_cli_job_new      (AriettaCli          *cli,
                                          const char          *title);
/* Takes the line of progress away before something else is printed. */
void            arietta_cli_wipe_progress (AriettaCli         *cli);
/* After a verb: the same, and with --progress a last line when its work is done. */
void            arietta_cli_end_progress   (AriettaCli *cli,
                                            gboolean    done);
/* Prints for a person: nothing with --json. */
void            arietta_cli_print        (AriettaCli          *cli,
                                          const char          *format,
                                          ...) G_GNUC_PRINTF (2, 3);
/* "out.mid" and 2 of 3 gives "out-2.mid"; of 1 the path itself. */
char           *arietta_cli_dup_numbered (const char          *path,
                                          guint                nth,
                                          guint                of);
/* Files named by @paths: folders stand for the music in them, sorted; files of other endings in folders are
 * counted in @skipped. */
GPtrArray      *arietta_cli_collect      (char               **paths,
                                          guint               *skipped,
                                          GError             **error);

/* One function a verb. */
#define ARIETTA_CLI_VERB(name) \
  JsonNode *arietta_cli_##name (AriettaCli *cli, char **args, GError **error)

ARIETTA_CLI_VERB (inspect);
ARIETTA_CLI_VERB (convert);
ARIETTA_CLI_VERB (import);
ARIETTA_CLI_VERB (datasets);
ARIETTA_CLI_VERB (items);
ARIETTA_CLI_VERB (train);
ARIETTA_CLI_VERB (models);
ARIETTA_CLI_VERB (card);
ARIETTA_CLI_VERB (evaluate);
ARIETTA_CLI_VERB (pack);
ARIETTA_CLI_VERB (compose);
ARIETTA_CLI_VERB (assist);
ARIETTA_CLI_VERB (interpolate);
ARIETTA_CLI_VERB (mix);
ARIETTA_CLI_VERB (map);
ARIETTA_CLI_VERB (render);
ARIETTA_CLI_VERB (roll);
ARIETTA_CLI_VERB (recommend);
ARIETTA_CLI_VERB (doctor);

G_END_DECLS
