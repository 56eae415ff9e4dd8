#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-pages.h"

#include <glib/gi18n.h>

#include "views/arietta-compose-page.h"

static const AriettaPageInfo pages[] = {
  { "compose", N_("Compose"), "arietta-compose-symbolic", arietta_compose_page_get_type },
};

const AriettaPageInfo *
arietta_pages_get (guint *n_pages)
{
  *n_pages = G_N_ELEMENTS (pages);
  return pages;
}
