/* What the files of the melody VAE share. */
#pragma once

#include "analysis/arietta-style-measure.h"
#include "encoding/arietta-steps.h"
#include "learning/arietta-latent-prior.h"
#include "learning/arietta-melody-vae.h"
#include "nn/arietta-graph.h"

G_BEGIN_DECLS

/* Rows of the table of positions: a kind of metre and sixteenths since the bar line. */
#define N_METRES    4
#define N_PLACES    (N_METRES * ARIETTA_STEPS_MAX)

/* Velocities are learned as deviation from the middle. */
#define VELOCITY_MIDDLE 80.0f
#define VELOCITY_SCALE  32.0f

/* Keeps the encoder's sum over some 32 steps in the range of a state. */
#define READ_SCALE 0.2f

/* Weights laid out for one step at a time (arietta-melody-vae-step.c). */
typedef struct _AriettaMelodyVaeSteps AriettaMelodyVaeSteps;

typedef struct
{
  AriettaParams         *params;

  int                    n_latent;    /* L */
  int                    n_encoder;   /* units of each direction */
  int                    n_decoder;
  int                    n_place;     /* size of the embedding of positions */
  int                    n_gate;      /* size of g_t and r */

  char                 **styles;
  AriettaLatentPrior    *prior;       /* NULL until fitted */
  AriettaStyleMeasure   *measure;     /* NULL without labels */
  AriettaMelodyVaeSteps *steps;       /* NULL until ready */
} AriettaMelodyVae;

/* The row of the table of positions for a step. */
int  arietta_melody_vae_get_place        (const AriettaStepWindow *window,
                                          guint                    step);

/* --- graph (arietta-melody-vae-graph.c) --- */

/* One graph for T steps and B windows; arrays are (T,B) unless said. */
typedef struct
{
  AriettaGraph *graph;
  int           T, B;
  AriettaNode   tokens, targets, before, before_true, places, steps, lengths /* (B) */;
  AriettaNode   velocities, onsets, parts /* (3): nll, kl, velocity */;
  AriettaNode   first_logits;         /* (T,B,90) of the pass over true tokens; NONE without one */
  AriettaNode   nll, kl, plain_kl, velocity_error, loss;
} AriettaMelodyVaeGraph;

/* @two_passes: with first_logits. @noise is borrowed. */
AriettaMelodyVaeGraph *arietta_melody_vae_graph_new  (AriettaMelodyVae       *net,
                                                      int                     n_steps,
                                                      int                     n_windows,
                                                      double                  free_nats,
                                                      double                  dropout,
                                                      gboolean                two_passes,
                                                      AriettaRandom          *noise,
                                                      GError                **error);
void                   arietta_melody_vae_graph_free (AriettaMelodyVaeGraph  *self);

/* --- one step at a time (arietta-melody-vae-step.c) ---
 *
 * What use of the model stands on. No scratch inside: any thread. */
AriettaMelodyVaeSteps *arietta_melody_vae_steps_new    (AriettaMelodyVae        *net);
void                   arietta_melody_vae_steps_free   (AriettaMelodyVaeSteps   *self);

/* mu, logvar (L). */
void                   arietta_melody_vae_encode       (AriettaMelodyVae        *net,
                                                        const AriettaStepWindow *window,
                                                        float                   *mu,
                                                        float                   *logvar);

typedef struct _AriettaMelodyVaeDecoder AriettaMelodyVaeDecoder;

/* Begins at the window's first step; positions are read from @window (borrowed). */
AriettaMelodyVaeDecoder *arietta_melody_vae_decoder_new  (AriettaMelodyVae        *net,
                                                          const float             *latent,
                                                          const AriettaStepWindow *window);
void                     arietta_melody_vae_decoder_free (AriettaMelodyVaeDecoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaMelodyVaeDecoder, arietta_melody_vae_decoder_free)
/* The logits (90) of the next step, after @before (the token of the step before, -1 at the
 * first). */
const float             *arietta_melody_vae_decoder_step (AriettaMelodyVaeDecoder *self,
                                                          int                      before,
                                                          float                   *velocity);

/* The likeliest tokens from a point, its own fed back. */
void                     arietta_melody_vae_decode_greedy (AriettaMelodyVae        *net,
                                                           const float             *latent,
                                                           const AriettaStepWindow *window,
                                                           guint8                  *tokens);

/* --- learning (arietta-melody-vae-learner.c, the last two arietta-melody-vae-card.c) --- */
gpointer arietta_melody_vae_learner_new   (gpointer net, AriettaRecipe *recipe, guint64 seed);
void     arietta_melody_vae_learner_free  (gpointer learner);
guint    arietta_melody_vae_learner_add   (gpointer learner, const AriettaExample *example);
gboolean arietta_melody_vae_learner_begin (gpointer learner, GError **error);
guint    arietta_melody_vae_begin_epoch   (gpointer learner, guint64 epoch);
AriettaGraph *arietta_melody_vae_fill_batch (gpointer learner, guint batch, gint64 step, double progress,
                                             GError **error);
double   arietta_melody_vae_validate      (gpointer learner);
void     arietta_melody_vae_finish        (gpointer learner, JsonObject *card, AriettaGoOnFunc go_on, gpointer user_data);

/* --- use (arietta-melody-vae-use.c) --- */
gboolean      arietta_melody_vae_encode_piece (gpointer net, AriettaPiece *piece, float **latents, AriettaWindow **windows,
                                               guint *n_windows, GError **error);
AriettaPiece *arietta_melody_vae_decode_piece (gpointer net, const float *latents, const AriettaWindow *windows,
                                               guint n_windows, const AriettaDecodeSettings *settings,
                                               AriettaRandom *random, GError **error);
void          arietta_melody_vae_draw         (gpointer net, const char *style, double weight, AriettaRandom *random,
                                               float *latent);

/* --- figures (arietta-melody-vae-figures.c) --- */

/* Sums over windows; divide by steps, onsets, windows. */
typedef struct
{
  double windows, steps, onsets;
  double teacher_right;                /* likeliest token right, given the true ones before */
  double sampled_right, sampled_right_onsets;
  double changed, changed_right;       /* steps whose token differs from the one before */
  double reconstruction, kl;           /* nats, from one draw of the posterior */
  double onset_nll;                    /* of the steps where a note begins */
} AriettaMelodyVaeFigures;

/* @per_step may be NULL. */
void     arietta_melody_vae_measure       (AriettaMelodyVae         *net,
                                           const AriettaStepWindow  *window,
                                           AriettaRandom            *random,
                                           gboolean                  sampled,
                                           AriettaMelodyVaeFigures  *figures);
/* Latent dimensions whose mean varies by more than 0.01 over the windows; mu (n,L). */
guint    arietta_melody_vae_count_active  (const float              *mu,
                                           guint                     n,
                                           int                       n_latent);
gboolean arietta_melody_vae_evaluate      (gpointer                  net,
                                           const AriettaExample     *examples,
                                           guint                     n_examples,
                                           JsonObject               *results,
                                           AriettaStepFunc           per_step,
                                           AriettaGoOnFunc           go_on,
                                           gpointer                  user_data,
                                           GError                  **error);

G_END_DECLS
