/* arietta-model-kind.h - what a kind of model has to offer
 *
 * A kind is one constant row in the table of arietta-model-kind.c.  Recipes, training, models,
 * pages and the command line learn of it from that row alone: its name, what it can do, the fields
 * of its recipes, and functions.  A function a kind does not have is NULL.
 *
 * Two things of a kind's own pass through here as plain pointers:
 *
 *   net      weights (an AriettaParams) and what goes with them: styles, prior, style measure.
 *            Immutable once trained or restored; used from several threads at once, so use needs no
 *            scratch inside it. learner  what training needs on top: data in the kind's encoding,
 *            graphs by shape.  One thread.
 *
 * To add a kind: write its file family, put its row into the table, give it a default recipe.
 */
#pragma once

#include "base/arietta-random.h"
#include "learning/arietta-model.h"
#include "learning/arietta-recipe.h"
#include "nn/arietta-graph.h"
#include "nn/arietta-safetensors.h"

G_BEGIN_DECLS

struct _AriettaModelKind
{
  const char               *name;           /* "melody-vae" */
  const char               *title;          /* translatable: "Melody" */
  const char               *summary;        /* translatable sentence for the card */
  AriettaModelAbilities     abilities;
  const AriettaRecipeField *fields;         /* of [model] and [data]; ends with NULLs */
  const char               *default_recipe; /* text */

  /* --- weights --- */
  gpointer       (*build)         (AriettaRecipe             *recipe,
                                   guint64                    seed,
                                   GError                   **error);
  void           (*free)          (gpointer                   net);
  AriettaParams *(*get_params)    (gpointer                   net);
  /* What is not in the parameters. */
  void           (*store)         (gpointer                   net,
                                   AriettaSafetensorsWriter  *writer);
  gboolean       (*restore)       (gpointer                   net,
                                   AriettaSafetensors        *file,
                                   const char                *name,
                                   GError                   **error);
  /* Before learning begins with the weights of another model of the kind, @file: what else of it
   * belongs to them, such as the order of its styles.  NULL: nothing. */
  void           (*begin_from)    (gpointer                   net,
                                   AriettaSafetensors        *file);
  /* Once the parameters have their last values: prepares for use. */
  void           (*ready)         (gpointer                   net);

  /* --- learning --- */
  gpointer       (*learner_new)   (gpointer                   net,
                                   AriettaRecipe             *recipe,
                                   guint64                    seed);
  void           (*learner_free)  (gpointer                   learner);
  /* The number of examples this gave; 0: the piece holds nothing the kind can learn from. */
  guint          (*learner_add)   (gpointer                   learner,
                                   const AriettaExample      *example);
  /* After the last piece; an error when it is too little. */
  gboolean       (*learner_begin) (gpointer                   learner,
                                   GError                   **error);
  /* Deals out the batches of an epoch; their number.  Depends on @epoch and the seed alone. */
  guint          (*begin_epoch)   (gpointer                   learner,
                                   guint64                    epoch);
  /* Fills a graph with a batch, the one number @step (from 1) of the whole run, which is the step's own number
   * unless several make one; nn/arietta-trainer.h runs it forward and back. All chance comes from the seed and
   * that number alone, so that a resumed run needs no more.  @progress 0..1 of the budget. */
  AriettaGraph  *(*fill_batch)    (gpointer                   learner,
                                   guint                      batch,
                                   gint64                     step,
                                   double                     progress,
                                   GError                   **error);
  /* Mean loss on (a fixed part of) the validation examples, without free bits or warm-up,
   * comparable from beginning to end; NaN when there are none. */
  double         (*validate)      (gpointer                   learner);
  /* After training, with the best weights in place: fits what is fitted afterwards, and adds the
   * kind's part of the card ("data", "results"). */
  void           (*finish)        (gpointer                   learner,
                                   JsonObject                *card,
                                   AriettaGoOnFunc            go_on,
                                   gpointer                   user_data);

  /* --- use --- */
  const char * const * (*get_styles) (gpointer                net);
  guint          (*get_latent_size) (gpointer                 net);
  /* Bars of a point's window. */
  guint          (*get_window_bars) (gpointer                 net);
  gboolean       (*encode)        (gpointer                   net,
                                   AriettaPiece              *piece,
                                   float                    **latents,
                                   AriettaWindow            **windows,
                                   guint                     *n_windows,
                                   GError                   **error);
  AriettaPiece  *(*decode)        (gpointer                      net,
                                   const float                  *latents,
                                   const AriettaWindow          *windows,
                                   guint                         n_windows,
                                   const AriettaDecodeSettings  *settings,
                                   AriettaRandom                *random,
                                   GError                      **error);
  void           (*draw_latent)   (gpointer                   net,
                                   const char                *style,
                                   double                     weight,
                                   AriettaRandom             *random,
                                   float                     *latent);
  const float   *(*get_style_vector) (gpointer                net,
                                   const char                *style);
  /* Names of what may be more or less, ending with NULL; and the way a deviation more of one leads. */
  const char * const * (*get_attributes) (gpointer            net);
  const float   *(*get_attribute_vector) (gpointer            net,
                                   const char                *name);
  /* NULL: by adding the style's vector. */
  void           (*carry_latent)  (gpointer                   net,
                                   const char                *style,
                                   const float               *latent,
                                   float                     *carried);
  GHashTable    *(*measure_style) (gpointer                   net,
                                   AriettaPiece              *piece);
  /* As arietta_model_write (), arietta_model_harmonise (), arietta_model_fill (). */
  AriettaPiece  *(*write)         (gpointer                      net,
                                   const AriettaWriteSettings   *settings,
                                   AriettaRandom                *random,
                                   AriettaGoOnFunc               go_on,
                                   gpointer                      user_data,
                                   GError                      **error);
  AriettaPiece  *(*harmonise)     (gpointer                      net,
                                   AriettaPiece                 *melody,
                                   const AriettaWriteSettings   *settings,
                                   AriettaRandom                *random,
                                   AriettaGoOnFunc               go_on,
                                   gpointer                      user_data,
                                   GError                      **error);
  AriettaPiece  *(*fill)          (gpointer                      net,
                                   AriettaPiece                 *piece,
                                   const AriettaFillSettings    *settings,
                                   AriettaRandom                *random,
                                   AriettaGoOnFunc               go_on,
                                   gpointer                      user_data,
                                   GError                      **error);
  /* As arietta_model_attend (). */
  GArray        *(*attend)        (gpointer                   net,
                                   AriettaPiece              *piece,
                                   guint                      bar,
                                   GError                   **error);
  /* As arietta_model_hear (); NULL: everything. */
  AriettaPiece  *(*hear)          (gpointer                   net,
                                   AriettaPiece              *piece);
  /* What measure_style says of real pieces of @style about it, in the mean. */
  double         (*get_typical_style) (gpointer               net,
                                   const char                *style);
  /* Fills @results with the keys of cli.md's row "evaluate" the kind has. */
  gboolean       (*evaluate)      (gpointer                   net,
                                   const AriettaExample      *examples,
                                   guint                      n_examples,
                                   JsonObject                *results,
                                   AriettaStepFunc            per_step,
                                   AriettaGoOnFunc            go_on,
                                   gpointer                   user_data,
                                   GError                   **error);
};

/* NULL for an unknown name. */
const AriettaModelKind *arietta_model_kind_find    (const char *name);
guint                   arietta_model_kind_get_n   (void);
const AriettaModelKind *arietta_model_kind_get_nth (guint       nth);

G_END_DECLS
