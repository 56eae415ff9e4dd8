#define G_LOG_DOMAIN "arietta-cli"

#include "cli/arietta-cli.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "base/arietta-error.h"
#include "base/arietta-file-name.h"
#include "formats/arietta-formats.h"

ARIETTA_DEFINE_ERROR (cli)

static gboolean
seed_cb (const char *name,
         const char *value,
         gpointer    data,
         GError    **error)
{
  AriettaCli *cli = data;

  cli->has_seed = TRUE;
  if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT64, &cli->seed, NULL))
    return TRUE;

  return arietta_cli_usage (error, _("“%s” is not a seed: give a whole number from 0 on."), value);
}

gboolean
arietta_cli_usage (GError    **error,
                   const char *format,
                   ...)
{
  va_list          list;
  g_autofree char *message = NULL;

  va_start (list, format);
  message = g_strdup_vprintf (format, list);
  va_end (list);

  arietta_set_error (error, ARIETTA_CLI_ERROR, ARIETTA_CLI_ERROR_USAGE, NULL, NULL, "%s", message);
  return FALSE;
}

gboolean
arietta_cli_parse (AriettaCli          *cli,
                   const GOptionEntry  *entries,
                   char              ***args,
                   int                  min,
                   int                  max,
                   GError             **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError)         parse_error = NULL;
  GOptionGroup             *group = g_option_group_new ("all", "", "", cli, NULL);
  const GOptionEntry        common[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, NULL, NULL },
    { "progress", 0, 0, G_OPTION_ARG_NONE, &cli->progress, NULL, NULL },
    { "seed", 0, 0, G_OPTION_ARG_CALLBACK, seed_cb, NULL, NULL },
    { NULL }
  };
  int n;

  g_option_group_add_entries (group, common);
  if (entries != NULL)
    g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);
  g_option_context_set_help_enabled (context, FALSE);

  if (!g_option_context_parse_strv (context, args, &parse_error))
    return arietta_cli_usage (error, "%s", parse_error->message);

  n = (int) g_strv_length (*args) - 1;
  if (n < min)
    return arietta_cli_usage (error, _("Something is missing: %d given, at least %d needed."), n, min);
  if (max >= 0 && n > max)
    return arietta_cli_usage (error, _("“%s” is too much."), (*args)[1 + max]);

  return TRUE;
}

gboolean
arietta_cli_need_output (const char *output,
                         GError    **error)
{
  if (output != NULL)
    return TRUE;

  return arietta_cli_usage (error, _("Say where the result goes, with -o."));
}

gboolean
arietta_cli_need_notes_output (const char *output,
                               GError    **error)
{
  if (!arietta_cli_need_output (output, error))
    return FALSE;
  if (arietta_formats_can_write (output))
    return TRUE;

  return arietta_cli_usage (error, _("“%s” cannot be written: notes are written as .mid."), output);
}

gboolean
arietta_cli_check_drawing (int               count,
                           double            temperature,
                           const char       *key,
                           AriettaTonality  *tonality,
                           int               density,
                           GError          **error)
{
  if (count < 1 || count > 1000)
    return arietta_cli_usage (error, _("--count takes 1 to 1000, not %d."), count);
  if (!(temperature >= 0.1 && temperature <= 2.0))
    return arietta_cli_usage (error, _("--temperature takes 0.1 to 2."));
  if (key != NULL && !arietta_tonality_parse (key, tonality))
    return arietta_cli_usage (error, _("“%s” is not a key; write it like G, Eb, “F# minor” or Am."), key);
  if (density < 0 || density > 10)
    return arietta_cli_usage (error, _("--density takes 1 (sparse) to 10 (dense), not %d."), density);

  return TRUE;
}

AriettaLibrary *
arietta_cli_get_library (AriettaCli *cli,
                         GError    **error)
{
  if (cli->library == NULL)
    cli->library = arietta_library_open (NULL, error);

  return cli->library;
}

void
arietta_cli_print (AriettaCli *cli,
                   const char *format,
                   ...)
{
  va_list list;

  if (cli->json)
    return;

  arietta_cli_wipe_progress (cli);
  va_start (list, format);
  vprintf (format, list);
  va_end (list);
}

char *
arietta_cli_dup_numbered (const char *path,
                          guint       nth,
                          guint       of)
{
  g_autofree char *number = g_strdup_printf ("-%u", nth);

  return of > 1 ? arietta_file_name_dup_with (path, number) : g_strdup (path);
}

static int
compare_paths (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char * const *) a, *(char * const *) b);
}

/* Folders within folders are followed to a depth no music collection has, which ends link loops. */
#define MAX_DEPTH 32

static gboolean
collect_folder (const char  *path,
                int          depth,
                GPtrArray   *files,
                guint       *skipped,
                GError     **error)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, error);
  const char     *name;

  if (dir == NULL)
    return FALSE;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        {
          if (depth < MAX_DEPTH && !collect_folder (child, depth + 1, files, skipped, error))
            return FALSE;
        }
      else if (arietta_formats_guess_medium (child) == ARIETTA_MEDIUM_NOTES)
        g_ptr_array_add (files, g_steal_pointer (&child));
      else
        *skipped += 1;
    }

  return TRUE;
}

GPtrArray *
arietta_cli_collect (char  **paths,
                     guint  *skipped,
                     GError **error)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  *skipped = 0;
  for (guint i = 0; paths[i] != NULL; i++)
    {
      guint first = files->len;

      if (!g_file_test (paths[i], G_FILE_TEST_IS_DIR))
        {
          g_ptr_array_add (files, g_strdup (paths[i]));
          continue;
        }
      if (!collect_folder (paths[i], 0, files, skipped, error))
        return NULL;
      if (files->len > first + 1)
        qsort (files->pdata + first, files->len - first, sizeof (gpointer), compare_paths);
    }

  return g_steal_pointer (&files);
}
