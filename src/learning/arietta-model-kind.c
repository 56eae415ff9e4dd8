#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-model-kind.h"

#include "learning/arietta-chorale.h"
#include "learning/arietta-drums-vae.h"
#include "learning/arietta-composer.h"
#include "learning/arietta-melody-vae.h"
#include "learning/arietta-trio-vae.h"

#include <string.h>

/* A test's own row (tests/cli/another-kind.c). */
#ifdef ARIETTA_ANOTHER_KIND
extern const AriettaModelKind ARIETTA_ANOTHER_KIND;
#endif

static const AriettaModelKind * const kinds[] = {
  &arietta_melody_vae_kind,
  &arietta_chorale_kind,
  &arietta_drums_vae_kind,
  &arietta_trio_vae_kind,
  &arietta_composer_kind,
#ifdef ARIETTA_ANOTHER_KIND
  &ARIETTA_ANOTHER_KIND,
#endif
};

const AriettaModelKind *
arietta_model_kind_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i]->name, name) == 0)
      return kinds[i];

  return NULL;
}

guint
arietta_model_kind_get_n (void)
{
  return G_N_ELEMENTS (kinds);
}

const AriettaModelKind *
arietta_model_kind_get_nth (guint nth)
{
  g_return_val_if_fail (nth < G_N_ELEMENTS (kinds), NULL);

  return kinds[nth];
}
