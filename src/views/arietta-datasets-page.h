/* arietta-datasets-page.h - files in, labels on, what is refused and why */
#pragma once

#include "views/arietta-page.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_DATASETS_PAGE (arietta_datasets_page_get_type ())
G_DECLARE_FINAL_TYPE (AriettaDatasetsPage, arietta_datasets_page, ARIETTA, DATASETS_PAGE, AriettaPage)

G_END_DECLS
