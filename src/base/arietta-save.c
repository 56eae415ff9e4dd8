#define G_LOG_DOMAIN "arietta-base"

#include "base/arietta-save.h"

#include <glib/gi18n.h>

#include "base/arietta-error.h"

gboolean
arietta_save_file (const char  *path,
                   const void  *bytes,
                   gsize        n,
                   GQuark       domain,
                   int          code,
                   GError     **error)
{
  g_autoptr(GError) reason = NULL;
  g_autofree char  *shown = NULL;

  g_return_val_if_fail (path != NULL, FALSE);

  if (g_file_set_contents_full (path, n > 0 ? bytes : "", (gssize) n,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, &reason))
    return TRUE;

  shown = g_filename_display_name (path);
  arietta_set_error (error, domain, code, shown, NULL,
                     _("“%s” cannot be saved: %s. Choose another folder or make room, and try again."), shown,
                     arietta_error_get_reason (reason));
  return FALSE;
}
