#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-mxl.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/arietta-error.h"
#include "formats/arietta-archive.h"

#define CONTAINER      "META-INF/container.xml"
#define SCORE_TYPE     "application/vnd.recordare.musicxml+xml"
#define MOST_CONTAINER (64 * 1024)

/* By its ending, and not what describes the archive itself. */
static gboolean
is_score (const char *name,
          gpointer    user_data)
{
  g_autofree char *small = g_ascii_strdown (name, -1);

  return (g_str_has_suffix (small, ".xml") || g_str_has_suffix (small, ".musicxml"))
         && !g_str_has_prefix (small, "meta-inf/") && !g_str_has_prefix (small, "__macosx/");
}

typedef struct
{
  char    *path;     /* of the score */
  gboolean typed;    /* it is said to be one */
} Root;

static void
start_cb (GMarkupParseContext  *context,
          const char           *element,
          const char          **names,
          const char          **values,
          gpointer              user_data,
          GError              **error)
{
  Root       *root = user_data;
  const char *path = NULL, *type = NULL;
  gboolean    typed;

  if (strcmp (element, "rootfile") != 0)
    return;
  for (guint i = 0; names[i] != NULL; i++)
    if (strcmp (names[i], "full-path") == 0)
      path = values[i];
    else if (strcmp (names[i], "media-type") == 0)
      type = values[i];

  /* The first is the score; the others are pictures and sounds of it. */
  typed = type == NULL || strcmp (type, SCORE_TYPE) == 0;
  if (path == NULL || (root->path != NULL && (root->typed || !typed)))
    return;
  g_free (root->path);
  root->path = g_strdup (path);
  root->typed = typed;
}

static char *
dup_root (GBytes *container)
{
  static const GMarkupParser     parser = { .start_element = start_cb };
  Root                           root = { NULL };
  g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &root, NULL);
  gsize                          n;
  const char                    *text = g_bytes_get_data (container, &n);

  /* Half a container may name the score as well. */
  g_markup_parse_context_parse (context, text, (gssize) n, NULL);
  return root.path;
}

GBytes *
arietta_mxl_unpack (const void  *bytes,
                    gsize        n,
                    gsize        most,
                    const char  *name,
                    GError     **error)
{
  g_autoptr(GError)  problem = NULL;
  g_autoptr(GBytes)  container = arietta_archive_get (bytes, n, CONTAINER, MOST_CONTAINER, name, &problem);
  g_autofree char   *path = NULL;
  GBytes            *score = NULL;

  if (container != NULL)
    path = dup_root (container);
  if (problem == NULL && path != NULL)
    score = arietta_archive_get (bytes, n, path, most, name, &problem);
  if (problem == NULL && score == NULL)
    score = arietta_archive_find (bytes, n, is_score, NULL, most, name, &problem);

  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else if (score == NULL)
    arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_MALFORMED, name, NULL,
                       _("“%s” cannot be read: there is no score in it."), name);
  return score;
}
