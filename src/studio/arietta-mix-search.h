/* arietta-mix-search.h - ways of taking a melody towards styles, and the choice among them
 *
 * A piece's windows are points of a latent space; a style is a cloud in it.  Between where a window
 * lies and where it would lie in the cloud of a style (arietta_model_carry_latent ()) there is no
 * fixed distance after which a listener hears the style: for ragtime a little is much, for a
 * chorale hardly anything is enough.  So a search decodes a fixed set of candidates, some steps of
 * the way towards each style asked for and towards blends of them, and measures each by two judges
 * that know nothing of the latent space: how much of the melody was kept
 * (analysis/arietta-retention.h) and how likely each style is (analysis/arietta-style-measure.h).
 *
 * What is asked of style k is the chance
 *
 *   a_k = b_k + strength * weight_k * (r_k - b_k)
 *
 * where b_k is that of the melody as it is and r_k that of real pieces of the style, in the mean;
 * so weight 1 and strength 1 ask for the style as it is found in the world.  Chosen is the
 * candidate of least
 *
 *   sum over k of max (0, a_k - its chance) + 0.25 * (1 - its retention)
 *
 * Since the candidates do not depend on how much is asked, more weight or strength of one style
 * never gives less of it.  The measure that is shown as arrival is thus also what was sought: the
 * figure says how far the best candidate came, not how far an unguided step would have come.
 *
 * Where the model has no such measure (drums), the way towards the asked blend is walked as far as
 * the strength says.
 *
 * Threads: one.
 */
#pragma once

#include "analysis/arietta-retention.h"
#include "learning/arietta-model.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

typedef struct
{
  AriettaPiece     *piece;       /* owned by the search */
  AriettaRetention  retention;
  double           *chances;     /* of the styles asked for, in their order */
} AriettaMixCandidate;

typedef struct _AriettaMixSearch AriettaMixSearch;

/* @shift (latent size, or NULL) is added to every window first.  @styles are known to the model.
 * @weights (one each) only says in which blend three and more styles are tried together.  @decode
 * NULL: always the likeliest notes.  The first candidate is the piece as the model gives it
 * back. */
AriettaMixSearch          *arietta_mix_search_new      (AriettaModel        *model,
                                                        AriettaPiece        *source,
                                                        const float         *shift,
                                                        const char * const  *styles,
                                                        const double        *weights,
                                                        guint                n_styles,
                                                        const AriettaDecodeSettings *decode,
                                                        guint64              seed,
                                                        AriettaJob          *job,
                                                        GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void                       arietta_mix_search_free     (AriettaMixSearch    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaMixSearch, arietta_mix_search_free)

guint                      arietta_mix_search_get_n    (AriettaMixSearch    *self);
const AriettaMixCandidate *arietta_mix_search_get_nth  (AriettaMixSearch    *self,
                                                        guint                nth);
/* Index of the best for weights 0..1 and a strength of 0 or more. */
guint                      arietta_mix_search_choose   (AriettaMixSearch    *self,
                                                        const double        *weights,
                                                        double               strength);

G_END_DECLS
