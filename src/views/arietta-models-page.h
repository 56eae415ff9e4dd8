/* arietta-models-page.h - cards of all models, and what each has learned */
#pragma once

#include "views/arietta-page.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_MODELS_PAGE (arietta_models_page_get_type ())
G_DECLARE_FINAL_TYPE (AriettaModelsPage, arietta_models_page, ARIETTA, MODELS_PAGE, AriettaPage)

G_END_DECLS
