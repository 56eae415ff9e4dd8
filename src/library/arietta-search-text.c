#include "library/arietta-search-text.h"

#include <string.h>

static void
fold_cb (sqlite3_context  *context,
         int               n_args,
         sqlite3_value   **args)
{
  const char *text = (const char *) sqlite3_value_text (args[0]);

  sqlite3_result_text (context, arietta_search_text_fold (text != NULL ? text : ""), -1, g_free);
}

static void
matches_cb (sqlite3_context  *context,
            int               n_args,
            sqlite3_value   **args)
{
  const char *text = (const char *) sqlite3_value_text (args[0]);
  const char *words = (const char *) sqlite3_value_text (args[1]);
  gboolean    found = text != NULL;

  while (found && words != NULL && *words != '\0')
    {
      gsize length = strcspn (words, " ");

      found = length == 0 || memmem (text, strlen (text), words, length) != NULL;
      words += length;
      words += strspn (words, " ");
    }

  sqlite3_result_int (context, found);
}

char *
arietta_search_text_fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *plain = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);
  g_autofree char *folded = g_utf8_casefold (plain, -1);
  GString         *out = g_string_sized_new (strlen (folded));

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c))
        g_string_append_c (out, ' ');
      else if (!g_unichar_ismark (c))
        g_string_append_unichar (out, c);
    }

  return g_string_free (out, FALSE);
}

void
arietta_search_text_register (sqlite3 *handle)
{
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;

  sqlite3_create_function_v2 (handle, "arietta_fold", 1, flags, NULL, fold_cb, NULL, NULL, NULL);
  sqlite3_create_function_v2 (handle, "arietta_matches", 2, flags, NULL, matches_cb, NULL, NULL, NULL);
}
