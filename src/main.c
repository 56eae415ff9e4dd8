#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>

#include "app/arietta-application.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr(AriettaApplication) application = NULL;
  const char *locale_dir = g_getenv ("ARIETTA_LOCALE_DIR");

  /* A file that may not grow is an error like a full disk, not the end. */
  signal (SIGXFSZ, SIG_IGN);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : ARIETTA_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name (_("Arietta"));

  application = arietta_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
