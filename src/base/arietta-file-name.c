#define G_LOG_DOMAIN "arietta-base"

#include "base/arietta-file-name.h"

#include <string.h>

const char *
arietta_file_name_find_ending (const char *path)
{
  const char *slash = strrchr (path, G_DIR_SEPARATOR);
  const char *dot = strrchr (slash != NULL ? slash : path, '.');

  return dot != NULL ? dot : path + strlen (path);
}

char *
arietta_file_name_dup_title (const char *path)
{
  char *title = g_filename_display_basename (path);
  char *dot = strrchr (title, '.');

  if (dot != NULL && dot > title)
    *dot = '\0';
  return title;
}

char *
arietta_file_name_dup_with (const char *path,
                            const char *text)
{
  const char *ending = arietta_file_name_find_ending (path);

  return g_strdup_printf ("%.*s%s%s", (int) (ending - path), path, text, ending);
}
