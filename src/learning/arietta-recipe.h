/* arietta-recipe.h - the small readable file that says which kind, sizes, data and training give a
 * model
 *
 * A key file:
 *
 *   [model]
 *   kind = melody-vae
 *   latent = 128
 *
 *   [training]
 *   minutes = 60
 *
 *   [sources]
 *   folk = Nottingham Music Database (Eric Foxley)
 *
 * The fields of [training] are common to all kinds (below), those of [model] and [data] are the
 * kind's own (arietta-model-kind.h); [sources] has free keys, a style each, and goes onto the card.
 * A field left out has its default.  A field nobody knows, or a value out of range, is an error
 * that names the line.
 *
 * Threads: immutable.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_RECIPE_INT,
  ARIETTA_RECIPE_REAL,
  ARIETTA_RECIPE_TEXT,
} AriettaRecipeType;

typedef struct
{
  const char        *group;
  const char        *key;
  AriettaRecipeType  type;
  double             least, most;  /* of numbers */
  const char        *fallback;     /* as it would stand in the file */
  const char        *choices;      /* the texts there are, "one|other"; NULL: any */
} AriettaRecipeField;

/* [training]; ends with a row of NULL.
 *   minutes, epochs   the budget, whichever ends first; 0 = no limit (not both)
 *   batch             examples in a step
 *   rate              learning rate at its height; cosine down to rate-end times it over the budget
 *   warmup            steps of rising rate
 *   optimiser         adamw; adam (without decay), rmsprop, sgd (with momentum)
 *   beta1, beta2      of adamw and adam; beta2 is rmsprop's alpha
 *   momentum          of sgd
 *   decay, clip       AdamW's weight decay; largest gradient norm, 0 = any
 *   l1, l2            penalties: the loss grows by l1 |w| + l2 / 2 w^2
 *   plateau           measurements without a better one until the rate is multiplied by plateau-factor,
 *                     again and again, on top of the cosine (rate-end = 1: none); 0 = never
 *   accumulate        batches whose gradients make one step
 *   ema               decay of the moving average of the weights (0.999: over about 1000 steps); when not 0,
 *                     it is the average that is measured and kept
 *   validate-every    steps between measurements on the validation part
 *   patience          measurements without a better one until it stops; 0 = never
 *   from              the model whose tensors it begins with, those of equal name and shape; none when empty
 *   beat-first        1: of those weights too it keeps the best, so it may end with them; 0: they are only where it
 *                     begins, because it learns something else than what is measured
 *   seed */
extern const AriettaRecipeField arietta_recipe_training_fields[];

typedef struct _AriettaRecipe AriettaRecipe;

AriettaRecipe *arietta_recipe_load       (const char     *path,
                                          GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* @name stands for the text in sentences. */
AriettaRecipe *arietta_recipe_parse      (const char     *text,
                                          const char     *name,
                                          GError        **error) G_GNUC_WARN_UNUSED_RESULT;
AriettaRecipe *arietta_recipe_ref        (AriettaRecipe  *self);
void           arietta_recipe_unref      (AriettaRecipe  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaRecipe, arietta_recipe_unref)

const char    *arietta_recipe_get_kind   (AriettaRecipe  *self);
/* As it was read, comments and all. */
const char    *arietta_recipe_get_text   (AriettaRecipe  *self);
/* The field must be one the recipe's kind knows. */
gint64         arietta_recipe_get_int    (AriettaRecipe  *self,
                                          const char     *group,
                                          const char     *key);
double         arietta_recipe_get_real   (AriettaRecipe  *self,
                                          const char     *group,
                                          const char     *key);
/* Fields that are texts. */
const char    *arietta_recipe_get_text_field (AriettaRecipe *self,
                                          const char     *group,
                                          const char     *key);
/* NULL when [sources] does not name @style. */
char          *arietta_recipe_dup_source (AriettaRecipe  *self,
                                          const char     *style);

G_END_DECLS
