/* arietta-melody-vae.h - the melody VAE: two bars of melody as one point
 *
 * After Roberts, Engel, Raffel, Hawthorne and Eck, "A Hierarchical Latent Vector Model for Learning
 * Long-Term Structure in Music" (MusicVAE, ICML 2018), in its flat form.  Tokens are those of
 * encoding/arietta-steps.h, one for each sixteenth of two bars in any metre, shifted to C.
 *
 *   encoder   a step = token, position in the bar (with the kind of metre), velocity -> LSTM in
 *             both directions; their last states and r = sum over t of F_t * (K y_t) -> mu, logvar
 *             (L) decoder   h0, c0 = tanh (W z); a step = the token before, position, z itself, and
 *             g_t = E_t * (V z), the part of z that speaks of step t of the window (E, F tables by
 *             step) -> LSTM -> with g_t -> 90 logits, velocity
 *
 * Loss: reconstruction (nats) + beta max (KL - free, 0) + velocity error at onsets.  While
 * training, the decoder's input tokens are partly its own: a first pass over the true tokens gives
 * its predictions, which then stand in for true ones with a chance that grows (Mihaylova and
 * Martins, "Scheduled Sampling for Transformers", ACL 2019, two passes), and partly noise.
 *
 * Prior: after training, a normal distribution with full covariance is fitted on the aggregate
 * posterior of the training windows, one for all and one for each style; draws come from it, not
 * from N (0, 1), which the aggregate does not fill.
 */
#pragma once

#include "learning/arietta-model-kind.h"

G_BEGIN_DECLS

extern const AriettaModelKind arietta_melody_vae_kind;

G_END_DECLS
