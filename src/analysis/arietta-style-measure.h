/* arietta-style-measure.h - how near a melody stands to each style, by plain statistics
 *
 * Independent of every model: a vector of musical statistics of the melody line, standardised by
 * the training pieces, and the nearest mean of a style (Tibshirani et al., "Diagnosis of multiple
 * cancer types by shrunken centroids of gene expression", PNAS 2002, without the shrinking).  Only
 * the melody is looked at, and neither velocities, tempo, ticks nor tracks, which tell containers
 * apart and not styles.
 *
 * Threads: a measure is immutable.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

#define ARIETTA_STYLE_N_STATISTICS 64

/* FALSE (and zeros) when the melody has fewer than four notes. */
gboolean             arietta_style_measure_statistics (AriettaPiece *piece,
                                                       float         statistics[ARIETTA_STYLE_N_STATISTICS]);

typedef struct _AriettaStyleMeasure AriettaStyleMeasure;

/* @statistics (n, ARIETTA_STYLE_N_STATISTICS) of the training pieces; labels[i] indexes the
 * NULL-terminated @styles.  NULL when a style has no piece. */
AriettaStyleMeasure *arietta_style_measure_fit        (const float               *statistics,
                                                       const guint               *labels,
                                                       guint                      n,
                                                       const char * const        *styles) G_GNUC_WARN_UNUSED_RESULT;
/* From stored numbers: @values as arietta_style_measure_get_values () gave them.  NULL when
 * @n_values does not fit the number of styles. */
AriettaStyleMeasure *arietta_style_measure_new        (const char * const        *styles,
                                                       const float               *values,
                                                       gsize                      n_values) G_GNUC_WARN_UNUSED_RESULT;
void                 arietta_style_measure_free       (AriettaStyleMeasure       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaStyleMeasure, arietta_style_measure_free)

const char * const  *arietta_style_measure_get_styles (AriettaStyleMeasure       *self);
/* Mean, scale (N each), centroids (styles, N), temperature (1), and the chance that training pieces
 * of a style have of it in the mean (styles), in a row. */
const float         *arietta_style_measure_get_values (AriettaStyleMeasure       *self,
                                                       gsize                     *n_values);

/* Chance of each style in the order of the styles; they add up to one. */
void                 arietta_style_measure_judge      (AriettaStyleMeasure       *self,
                                                       const float               *statistics,
                                                       double                    *chances);
/* The chance of its own style that a real piece of it has in the mean: what arriving there means.
 * 0.65 when the measure was stored without it. */
double               arietta_style_measure_get_typical (AriettaStyleMeasure      *self,
                                                        guint                     style);
/* style (char *) -> double *, both owned by the table; all equal for a piece without a melody. */
GHashTable          *arietta_style_measure_judge_piece (AriettaStyleMeasure      *self,
                                                        AriettaPiece             *piece);

G_END_DECLS
