/* arietta-error.h - errors that know the file and the place they speak of
 *
 * Every folder that meets files, devices or people has one error domain, declared in its own
 * `arietta-FOLDER-error.h` and made by ARIETTA_DEFINE_ERROR.  All domains carry the same two extra
 * facts: the file (a path or a name a person knows) and the place in it ("track 3, byte 412"), both
 * of which may be missing.  The message is a whole sentence for a person and already contains them;
 * the fields exist so that `--json` and the window can offer them apart.
 *
 * Threads: like GError itself, one owner at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Registers an error domain that carries file and place; @name is "arietta-FOLDER-error", a form that is kept for
 * such domains: by it they are known again. */
GQuark arietta_error_domain_register (const char *name);

/* Sets @error as g_set_error () does and notes @file and @place (each may be NULL).  @domain must
 * have been made by ARIETTA_DEFINE_ERROR. */
void arietta_set_error (GError     **error,
                        GQuark       domain,
                        int          code,
                        const char  *file,
                        const char  *place,
                        const char  *format,
                        ...) G_GNUC_PRINTF (6, 7);

/* The noted file or place, or NULL; NULL too for a domain that is not ours. */
const char *arietta_error_get_file  (const GError *error);
const char *arietta_error_get_place (const GError *error);

/* What the system said, without GLib's words about temporary files before it: "No space left on device". For errors of
 * g_file_set_contents () and its like; borrowed. */
const char *arietta_error_get_reason (const GError *error);

/* ARIETTA_DEFINE_ERROR (formats) defines arietta_formats_error_quark (). */
#define ARIETTA_DEFINE_ERROR(folder)                                                        \
  GQuark                                                                                    \
  arietta_##folder##_error_quark (void)                                                     \
  {                                                                                         \
    static gsize quark;                                                                     \
    if (g_once_init_enter (&quark))                                                         \
      g_once_init_leave (&quark, arietta_error_domain_register ("arietta-" #folder "-error")); \
    return (GQuark) quark;                                                                  \
  }

G_END_DECLS
