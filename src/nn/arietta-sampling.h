/* arietta-sampling.h - drawing the next token from logits
 *
 * In this order, for logits l of n tokens:
 *
 *   forbidden tokens   l = -infinity where the mask says so
 *   repetition         l -= c log (repetition), c being how often the token is among the last `memory` tokens:
 *                      each time divides its chance by that number (after Keskar et al., "CTRL", 2019, but on
 *                      chances, so that it does not depend on where the logits' zero lies)
 *   temperature        p = softmax (l / temperature); 0 takes the likeliest
 *   top k              only the k likeliest stay (Fan, Lewis and Dauphin, 2018)
 *   nucleus            only the fewest likeliest whose chances reach that share of all (Holtzman et al., 2020)
 *
 * and then one token is drawn by what is left.  Of equal chances the lower token comes first.  A logit that is NaN
 * is never drawn.  Where a mask forbids everything it is disregarded, so that there always is a token.
 *
 *   g_autoptr(AriettaSampler) sampler = arietta_sampler_new (n_tokens, &(AriettaSamplingSettings) {
 *                                         .temperature = 0.9, .nucleus = 0.95, .repetition = 1 });
 *
 *   arietta_mask_fill (mask, n_tokens, FALSE);
 *   arietta_mask_scale (mask, first_pitch_token, 0, 128, 0xAB5);       // C D E F G A B
 *   arietta_mask_range (mask, first_pitch_token, 0, 128, 60, 84);
 *   ...
 *   token = arietta_sampler_draw (sampler, logits, mask, &random);
 *
 * Same logits, settings, tokens before and random stream: same token.  Drawing allocates nothing.
 *
 * Threads: a sampler belongs to one.
 */
#pragma once

#include "base/arietta-random.h"

G_BEGIN_DECLS

typedef struct
{
  double temperature;  /* 1: as learned */
  guint  top_k;        /* 0: all */
  double nucleus;      /* share, above 0; 1 and more: all */
  double repetition;   /* 1: none; above, what was there lately becomes rarer, below, more common */
  guint  memory;       /* tokens that count as lately */
} AriettaSamplingSettings;

#define ARIETTA_SAMPLING_DEFAULTS { .temperature = 1, .nucleus = 1, .repetition = 1 }

typedef struct _AriettaSampler AriettaSampler;

AriettaSampler *arietta_sampler_new         (guint                          n_tokens,
                                             const AriettaSamplingSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
void            arietta_sampler_free        (AriettaSampler                *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaSampler, arietta_sampler_free)

/* @forbidden (n_tokens): not 0 where a token may not come; or NULL.  The token is remembered. */
guint           arietta_sampler_draw        (AriettaSampler                *self,
                                             const float                   *logits,
                                             const guint8                  *forbidden,
                                             AriettaRandom                 *random);
/* The chances (n_tokens) that the last draw was made by; they add up to 1. */
const float    *arietta_sampler_get_chances (AriettaSampler                *self);

/* A token that came from elsewhere: the music before. */
void            arietta_sampler_remember    (AriettaSampler                *self,
                                             guint                          token);
void            arietta_sampler_forget      (AriettaSampler                *self);

/* --- Masks: bytes, not 0 where a token is forbidden --- */

void            arietta_mask_fill           (guint8                        *forbidden,
                                             guint                          n_tokens,
                                             gboolean                       forbid);
void            arietta_mask_forbid         (guint8                        *forbidden,
                                             const guint                   *tokens,
                                             guint                          n_tokens);
/* Of the @n tokens from @first on, which stand for the pitches from @first_pitch on, forbids those outside
 * @least .. @most. */
void            arietta_mask_range          (guint8                        *forbidden,
                                             guint                          first,
                                             int                            first_pitch,
                                             guint                          n,
                                             int                            least,
                                             int                            most);
/* The same for pitches whose class is not in @classes: bit 0 for C to bit 11 for B. */
void            arietta_mask_scale          (guint8                        *forbidden,
                                             guint                          first,
                                             int                            first_pitch,
                                             guint                          n,
                                             guint                          classes);

G_END_DECLS
