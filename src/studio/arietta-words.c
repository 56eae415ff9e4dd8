/* Rows of figures. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-words-private.h"

#include "base/arietta-json.h"
#include "studio/arietta-model-words.h"

#include <glib/gi18n.h>
#include <math.h>

double
arietta_words_number_at_list (JsonObject *object,
                              const char *first,
                              va_list     args)
{
  const char *key = first;
  double      value = NAN;

  while (key != NULL)
    {
      const char *next = va_arg (args, const char *);

      value = next == NULL ? arietta_json_get_number (object, key) : NAN;
      object = arietta_json_get_object (object, key);
      key = next;
    }

  return value;
}

double
arietta_words_number_at (JsonObject *object,
                         const char *first,
                         ...)
{
  double  value;
  va_list args;

  va_start (args, first);
  value = arietta_words_number_at_list (object, first, args);
  va_end (args);

  return value;
}

static void
result_clear (AriettaModelResult *result)
{
  g_free (result->title);
  g_free (result->value);
  g_free (result->baseline);
}

GArray *
arietta_words_new (void)
{
  GArray *results = g_array_new (FALSE, FALSE, sizeof (AriettaModelResult));

  g_array_set_clear_func (results, (GDestroyNotify) result_clear);

  return results;
}

void
arietta_words_add (GArray     *results,
                   const char *title,
                   char       *value,
                   char       *baseline)
{
  AriettaModelResult result = { g_strdup (title), value, baseline };

  g_array_append_val (results, result);
}

char *
arietta_words_percent (double share)
{
  return g_strdup_printf (_("%.1f %%"), 100.0 * share);
}
