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

/* For those who had no spaces to name a file with. */
static char *
dup_spaced (const char *title)
{
  GString *spaced = g_string_new (NULL);

  for (const char *p = title; *p != '\0'; p++)
    if (*p != '_')
      g_string_append_c (spaced, *p);
    else if (p > title && p[-1] != '_')
      g_string_append (spaced, p[1] == '_' ? " – " : " ");
  g_strstrip (spaced->str);
  if (*spaced->str == '\0')
    {
      g_string_free (spaced, TRUE);
      return g_strdup (title);
    }

  return g_string_free (spaced, FALSE);
}

char *
arietta_file_name_dup_title (const char *path)
{
  g_autofree char *title = g_filename_display_basename (path);
  char            *dot = strrchr (title, '.');

  if (dot != NULL && dot > title)
    *dot = '\0';

  return strchr (title, ' ') == NULL ? dup_spaced (title) : g_steal_pointer (&title);
}

char *
arietta_file_name_dup_with (const char *path,
                            const char *text)
{
  const char *ending = arietta_file_name_find_ending (path);

  return g_strdup_printf ("%.*s%s%s", (int) (ending - path), path, text, ending);
}
