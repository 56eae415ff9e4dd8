/* arietta-context-counts.h - predicting by counting what followed in nested contexts
 *
 * The dull predictor a network must beat, for any alphabet.  A context is a number that stands for
 * what is known (a hash made by arietta_context_mix ()); of several, each finer than the one before,
 * each backs off to the coarser by Witten and Bell ("The zero-frequency problem", IEEE Trans.
 * Information Theory 1991): with n sightings of d different tokens in a context,
 * p = (count + d p_coarser) / (n + d), down to uniform.
 *
 * Threads: one while it learns; any number afterwards.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AriettaContextCounts AriettaContextCounts;

AriettaContextCounts *arietta_context_counts_new     (guint                 n_tokens) G_GNUC_WARN_UNUSED_RESULT;
void                  arietta_context_counts_free    (AriettaContextCounts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaContextCounts, arietta_context_counts_free)

/* Deflated.  Contexts seen too rarely are left out until it takes at most @most bytes; what is left
 * of a finer context backs off to the coarser as if it had never been seen. */
GBytes               *arietta_context_counts_store   (AriettaContextCounts *self,
                                                      gsize                 most) G_GNUC_WARN_UNUSED_RESULT;
/* NULL when the bytes do not hold together. */
AriettaContextCounts *arietta_context_counts_restore (guint                 n_tokens,
                                                      const guint8         *bytes,
                                                      gsize                 n_bytes) G_GNUC_WARN_UNUSED_RESULT;

/* Never 0. */
guint64               arietta_context_mix            (guint64               context,
                                                      guint64               value);

/* Contexts from coarse to fine. */
void                  arietta_context_counts_learn   (AriettaContextCounts *self,
                                                      const guint64        *contexts,
                                                      guint                 n_contexts,
                                                      guint                 token);
/* Takes back what was learned with the same arguments. */
void                  arietta_context_counts_forget  (AriettaContextCounts *self,
                                                      const guint64        *contexts,
                                                      guint                 n_contexts,
                                                      guint                 token);
/* Chances of all tokens. */
void                  arietta_context_counts_predict (AriettaContextCounts *self,
                                                      const guint64        *contexts,
                                                      guint                 n_contexts,
                                                      double               *chances);

/* What "counted_on" says where nothing was kept with a model's weights and counting learned from the
 * @n_pieces that were measured: "others", each piece predicted by the other ones, or "itself", a single
 * one by what went before in it.  Counts kept with the weights are "training". */
const char           *arietta_counted_on             (guint                 n_pieces);

G_END_DECLS
