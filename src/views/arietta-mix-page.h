/* arietta-mix-page.h - one piece, a weight for each style, and two honest meters */
#pragma once

#include "views/arietta-page.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_MIX_PAGE (arietta_mix_page_get_type ())
G_DECLARE_FINAL_TYPE (AriettaMixPage, arietta_mix_page, ARIETTA, MIX_PAGE, AriettaPage)

G_END_DECLS
