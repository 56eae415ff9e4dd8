/* A small composer that has learned nothing. */
#pragma once

#include "learning-fixtures.h"

#include "learning/arietta-composer-learner-private.h"
#include "learning/arietta-composer-use.h"

#define COMPOSER_RECIPE_FOR(epochs)                                                      \
  "[model]\nkind = attention-composer\nlayers = 2\nsize = 32\nheads = 2\n"       \
  "inner = 64\ncontext = 128\ndistances = 24\nechoes = 8\nchords = 1\nsurroundings = 1\n[data]\ntold = 0.7\n"              \
  "[training]\nminutes = 0\nepochs = " epochs "\nbatch = 2\nrate = 0.01\nwarmup = 10\n"   \
  "dropout = 0.1\nvalidate-every = 6\n"
#define COMPOSER_RECIPE COMPOSER_RECIPE_FOR ("3")

static inline AriettaComposer *
fixture_composer (void)
{
  g_autoptr(AriettaRecipe) recipe = arietta_recipe_parse (COMPOSER_RECIPE, "test", NULL);
  AriettaComposer         *net = arietta_composer_kind.build (recipe, 3, NULL);
  AriettaRandom            random;

  /* A new net hears no echoes yet, because their weights begin at zero. */
  arietta_random_init (&random, 3, "echoes");
  for (guint i = 0; i < arietta_params_get_n (net->params); i++)
    {
      const AriettaParam *param = arietta_params_get_nth (net->params, i);
      AriettaReal        *values = arietta_params_get (net->params, param->name);

      for (gsize j = 0; g_str_has_prefix (param->name, "echo.") && j < param->n_elements; j++)
        values[j] = (AriettaReal) (0.4 * arietta_random_uniform (&random) - 0.2);
    }
  arietta_composer_kind.ready (net);

  return net;
}
