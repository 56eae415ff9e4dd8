/* arietta-compose-page.h - the first page: what to write, the roll, the takes */
#pragma once

#include "views/arietta-page.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_COMPOSE_PAGE (arietta_compose_page_get_type ())
G_DECLARE_FINAL_TYPE (AriettaComposePage, arietta_compose_page, ARIETTA, COMPOSE_PAGE, AriettaPage)

G_END_DECLS
