/* arietta-model-figures.h - what two models are compared by
 *
 * The figures on a card as numbers, each saying which way is better; those that tell nothing of quality, such as the
 * size, say neither.
 */
#pragma once

#include "studio/arietta-model-list.h"

G_BEGIN_DECLS

typedef struct
{
  const char *title;    /* translated, static; figures of two models with the same one go beside each other */
  char       *text;
  double      value;
  int         better;   /* 1: more is better, -1: less is, 0: neither */
} AriettaModelFigure;

/* An array of AriettaModelFigure with a clear function. */
GArray *arietta_model_list_figures   (const AriettaModelInfo   *info) G_GNUC_WARN_UNUSED_RESULT;
/* 1 when the first is clearly better (so that their texts differ), -1 when the second is, else 0. */
int     arietta_model_figures_compare (const AriettaModelFigure *first,
                                      const AriettaModelFigure *second);

G_END_DECLS
