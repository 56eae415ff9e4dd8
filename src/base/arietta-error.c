#define G_LOG_DOMAIN "arietta-base"

#include "base/arietta-error.h"

#include <string.h>

typedef struct
{
  char *file;
  char *place;
} Facts;

/* GLib lays the private part of an extended error directly before the GError. */
static Facts *
facts_of (const GError *error)
{
  return (Facts *) ((guint8 *) error - sizeof (Facts));
}

G_STATIC_ASSERT (sizeof (Facts) % (2 * sizeof (gpointer)) == 0);

static void
facts_init_cb (GError *error)
{
  *facts_of (error) = (Facts) { NULL, NULL };
}

static void
facts_copy_cb (const GError *from,
               GError       *to)
{
  facts_of (to)->file = g_strdup (facts_of (from)->file);
  facts_of (to)->place = g_strdup (facts_of (from)->place);
}

static void
facts_clear_cb (GError *error)
{
  g_free (facts_of (error)->file);
  g_free (facts_of (error)->place);
}

static gboolean
is_ours (const GError *error)
{
  const char *name = error != NULL ? g_quark_to_string (error->domain) : NULL;

  return name != NULL && g_str_has_prefix (name, "arietta-") && g_str_has_suffix (name, "-error");
}

GQuark
arietta_error_domain_register (const char *name)
{
  return g_error_domain_register (name, sizeof (Facts), facts_init_cb, facts_copy_cb,
                                  facts_clear_cb);
}

void
arietta_set_error (GError     **error,
                   GQuark       domain,
                   int          code,
                   const char  *file,
                   const char  *place,
                   const char  *format,
                   ...)
{
  va_list args;

  if (error == NULL)
    return;

  g_return_if_fail (*error == NULL);

  va_start (args, format);
  *error = g_error_new_valist (domain, code, format, args);
  va_end (args);

  facts_of (*error)->file = g_strdup (file);
  facts_of (*error)->place = g_strdup (place);
}

const char *
arietta_error_get_file (const GError *error)
{
  return is_ours (error) ? facts_of (error)->file : NULL;
}

const char *
arietta_error_get_place (const GError *error)
{
  return is_ours (error) ? facts_of (error)->place : NULL;
}

const char *
arietta_error_get_reason (const GError *error)
{
  const char *colon;

  g_return_val_if_fail (error != NULL, NULL);

  colon = strrchr (error->message, ':');
  return colon != NULL && colon[1] == ' ' ? colon + 2 : error->message;
}
