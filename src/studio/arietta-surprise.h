/* arietta-surprise.h - how surprised a model is by given pieces: one figure, for before and after
 *
 * What “evaluate” calls nll_per_note, nll_per_token, surprise_per_step or elbo_per_step, the first
 * that the kind has, in nats: lower is better.  Only figures of one kind may be held beside each
 * other.
 *
 * Pieces to measure on lie beside a model's weights in NAME.held ("held.safetensors" in the folder
 * of a run): Standard MIDI as bytes, a tensor each, named by its title.  They are the beginnings of
 * pieces it never learned from.
 *
 * Threads: functions that block.
 */
#pragma once

#include "studio/arietta-job.h"
#include "studio/arietta-model-list.h"

G_BEGIN_DECLS

/* Bars of a piece that is kept to measure on, and how many of them are. */
#define ARIETTA_HELD_BARS 16
#define ARIETTA_HELD_MOST 24

/* @figure: static.  @job may be NULL. */
gboolean   arietta_surprise_measure (const char            *weights_path,
                                     const AriettaExample  *examples,
                                     guint                  n_examples,
                                     AriettaJob            *job,
                                     const char           **figure,
                                     double                *nats,
                                     GError               **error);

/* Arrays of AriettaExample that own their pieces (their names are those of the pieces or ""). */
GArray    *arietta_examples_new     (void) G_GNUC_WARN_UNUSED_RESULT;
/* The beginnings of at most ARIETTA_HELD_MOST of them, spread evenly. */
GArray    *arietta_held_pick        (const AriettaExample  *examples,
                                     guint                  n_examples) G_GNUC_WARN_UNUSED_RESULT;
/* The same, @n_bars of each, of the part of a dataset that is kept back: its test part, or else its
 * validation part; may be empty.  With @learned of what may be learned from, for a dataset that
 * keeps nothing back. */
GArray    *arietta_held_pick_from_dataset (AriettaLibrary  *library,
                                     gint64                 dataset_id,
                                     guint                  n_bars,
                                     gboolean               learned,
                                     GError               **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   arietta_held_save        (GArray                *held,
                                     const char            *path,
                                     GError               **error);
GArray    *arietta_held_load        (const char            *path,
                                     GError               **error) G_GNUC_WARN_UNUSED_RESULT;
/* Where those of a model are; the file need not be there. */
char      *arietta_held_dup_path    (const AriettaModelInfo *info);

G_END_DECLS
