/* arietta-foryou-page.h - what to hear next, each with its reason */
#pragma once

#include "views/arietta-page.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_FORYOU_PAGE (arietta_foryou_page_get_type ())
G_DECLARE_FINAL_TYPE (AriettaForyouPage, arietta_foryou_page, ARIETTA, FORYOU_PAGE, AriettaPage)

G_END_DECLS
