/* arietta-map-page.h - the library as points, to hear and to walk between */
#pragma once

#include "views/arietta-page.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_MAP_PAGE (arietta_map_page_get_type ())
G_DECLARE_FINAL_TYPE (AriettaMapPage, arietta_map_page, ARIETTA, MAP_PAGE, AriettaPage)

G_END_DECLS
