#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-pages.h"

#include <glib/gi18n.h>

#include "views/arietta-compose-page.h"
#include "views/arietta-datasets-page.h"
#include "views/arietta-foryou-page.h"
#include "views/arietta-map-page.h"
#include "views/arietta-mix-page.h"
#include "views/arietta-models-page.h"

static const AriettaPageInfo pages[] = {
  { "compose", N_("Compose"), "arietta-compose-symbolic", arietta_compose_page_get_type },
  { "datasets", N_("Datasets"), "arietta-datasets-symbolic", arietta_datasets_page_get_type },
  { "models", N_("Models"), "arietta-models-symbolic", arietta_models_page_get_type, ".arietta-model" },
  { "map", N_("Map"), "arietta-map-symbolic", arietta_map_page_get_type },
  { "style-mix", N_("Style Mix"), "arietta-style-mix-symbolic", arietta_mix_page_get_type },
  { "for-you", N_("For You"), "arietta-for-you-symbolic", arietta_foryou_page_get_type },
};

const AriettaPageInfo *
arietta_pages_get (guint *n_pages)
{
  *n_pages = G_N_ELEMENTS (pages);
  return pages;
}
