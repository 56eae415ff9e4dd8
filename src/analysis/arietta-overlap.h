/* arietta-overlap.h - how alike two sets of pieces are, by the spread of eight statistics
 *
 * Overlap area in the form of Yang and Lerch, "On the evaluation of generative models in music"
 * (Neural Computing and Applications, 2020; their program mgeval).  Pieces are cut into windows of
 * two bars by the metre map (a pickup is left out, so is a window in which no note begins); each
 * window has eight numbers.  For one of them, take the distances between all pairs of windows of
 * the data, and between all pairs of a window of the data and one of the other set; estimate the
 * density of both by Gaussian kernels of one fixed bandwidth; the overlap is the integral of the
 * lesser of the two densities from the smallest to the greatest distance.  A distance cannot be
 * below zero, so what a kernel lays there is folded back, without which two equal sets would
 * overlap by less the more their windows agree.
 *
 * The statistics of a window, of its pitched notes (of the percussion when there is nothing else,
 * and then without those of pitch):
 *
 *   pitch                mean pitch, semitones                              bandwidth 0.5
 *   duration             mean length, quarters                              0.1
 *   interval             mean size of the steps between the highest notes
 *                        of successive onsets, semitones                    0.25
 *   inter-onset          mean time between successive onsets, quarters      0.1
 *   density              notes                                              0.5
 *   pitch-class entropy  of the notes, bits                                 0.1
 *   scale consistency    best share of notes in one of 24 scales (major and
 *                        natural minor)                                     0.02
 *   groove               1 less the share of sixteenths at which one of the
 *                        two bars has an onset and the other has not        0.04
 *
 * Where one is not defined (no second onset, bars of unequal length) the window is left out for it.
 *
 * Threads: a set belongs to one thread while it is filled, and is immutable afterwards.
 */
#pragma once

#include "base/arietta-random.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_OVERLAP_PITCH,
  ARIETTA_OVERLAP_DURATION,
  ARIETTA_OVERLAP_INTERVAL,
  ARIETTA_OVERLAP_INTER_ONSET,
  ARIETTA_OVERLAP_DENSITY,
  ARIETTA_OVERLAP_ENTROPY,
  ARIETTA_OVERLAP_SCALE,
  ARIETTA_OVERLAP_GROOVE,
  ARIETTA_OVERLAP_N,
} AriettaOverlapFeature;

/* As keys of JSON: "pitch", "inter_onset", "pitch_class_entropy" ... */
const char        *arietta_overlap_get_name         (AriettaOverlapFeature     feature);

typedef struct
{
  double area[ARIETTA_OVERLAP_N];   /* 0..1; NaN where there are too few windows */
  double mean;                      /* of those there are; NaN without any */
} AriettaOverlap;

typedef struct _AriettaOverlapSet AriettaOverlapSet;

AriettaOverlapSet *arietta_overlap_set_new          (void) G_GNUC_WARN_UNUSED_RESULT;
void               arietta_overlap_set_free         (AriettaOverlapSet        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaOverlapSet, arietta_overlap_set_free)

/* The number of windows the piece gave. */
guint              arietta_overlap_set_add          (AriettaOverlapSet        *self,
                                                     AriettaPiece             *piece);
guint              arietta_overlap_set_get_n        (AriettaOverlapSet        *self);
/* NaN where it is not defined. */
double             arietta_overlap_set_get_value    (AriettaOverlapSet        *self,
                                                     guint                     window,
                                                     AriettaOverlapFeature     feature);

/* The control: every window keeps its bars and the number of its notes; pitch with length, and
 * place, are dealt out anew among all notes of the set. */
AriettaOverlapSet *arietta_overlap_set_shuffle      (AriettaOverlapSet        *self,
                                                     AriettaRandom            *random) G_GNUC_WARN_UNUSED_RESULT;

/* @data against @others; of each at most 1,000 windows, evenly taken. */
void               arietta_overlap_measure          (AriettaOverlapSet        *data,
                                                     AriettaOverlapSet        *others,
                                                     AriettaOverlap           *overlap);
/* What can be hoped for: the pieces of @data with even numbers against those with odd ones. */
void               arietta_overlap_measure_ceiling  (AriettaOverlapSet        *data,
                                                     AriettaOverlap           *overlap);

G_END_DECLS
