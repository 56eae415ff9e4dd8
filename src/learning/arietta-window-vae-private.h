/* arietta-window-vae-private.h - the VAE over windows of steps that several kinds share
 *
 * A kind gives a form (what tokens mean, encoding/arietta-steps.h), how many bars a window has, and
 * how decoded windows become a piece; all else is here.
 *
 * Levels.  Cells (a voice's step) are read and written by the lower level as arietta-melody-vae.h draws
 * it.  A flat net has only that, over all cells of the window.  A hierarchical one (after MusicVAE's
 * conductor) runs the lower level over each unit (arietta-window-set.h) by itself, which gives it a point
 * as a flat net of the unit's bars does; and the same pair of networks once more above: the encoder
 * reads the units' points, and a conductor writes for each unit the point that the lower decoder starts
 * from.  So the lower level may begin with the weights of a flat model.  The token before is handed over
 * from unit to unit of a voice; the state is not.
 *
 * Voices are decoded one after another; a cell is told what sounds in those before it at its step.
 */
#pragma once

#include "analysis/arietta-style-measure.h"
#include "learning/arietta-latent-prior.h"
#include "learning/arietta-model-kind.h"
#include "learning/arietta-step-counts.h"
#include "learning/arietta-window-set.h"
#include "nn/arietta-graph.h"

G_BEGIN_DECLS

/* Rows of the table of positions: a kind of metre and sixteenths since the bar line. */
#define N_METRES    4
#define N_PLACES    (N_METRES * ARIETTA_STEPS_MAX_SHORT)

/* The most other voices that a cell is told of. */
#define MAX_BESIDE  (ARIETTA_STEPS_MAX_VOICES - 1)

/* Keeps the encoder's sum over some 32 steps in the range of a state. */
#define READ_SCALE 0.2f

/* The most touches of any form. */
#define MAX_TOUCHES (2 * ARIETTA_STEPS_N_DRUMS)

typedef struct _AriettaWindowVae AriettaWindowVae;

/* What the drawing of tokens must heed; a window after another. */
typedef struct
{
  double          temperature;
  gboolean        keep_to_key;
  AriettaTonality key;       /* of the encoded window: tonic C */
  int             shift;     /* added to sound */
  guint           silent;    /* a bit for each voice in which nothing has sounded yet */
} AriettaWindowVaeRules;

/* A kind of the family. */
typedef struct
{
  const AriettaStepForm  *form;
  /* Whether @token may be drawn at @step of @voice; NULL: any. */
  gboolean              (*is_allowed) (const AriettaWindowVaeRules  *rules,
                                       guint                         voice,
                                       guint                         step,
                                       int                           token);
  /* Adds a track (of each voice) with the notes of the @windows in a row to @piece. */
  void                  (*write)      (AriettaPiece                 *piece,
                                       const AriettaStepWindow      *windows,
                                       guint                         n_windows,
                                       const AriettaDecodeSettings  *settings,
                                       AriettaTonality               key);
} AriettaWindowVaeSpec;

/* Weights laid out for one step at a time (arietta-window-vae-step.c). */
typedef struct _AriettaWindowVaeSteps AriettaWindowVaeSteps;

struct _AriettaWindowVae
{
  const AriettaWindowVaeSpec *spec;
  AriettaWindowShape     shape;
  AriettaParams         *params;

  int                    n_tokens, n_touches;
  int                    n_beside;    /* voices less one, when hierarchical */
  int                    n_latent;    /* L */
  int                    n_encoder;   /* cells of the LSTM in each direction */
  int                    n_decoder;
  int                    n_place;     /* size of the embedding of positions */
  int                    n_gate;      /* size of g_t and r */
  int                    n_conductor; /* cells of the LSTM above, half as many in each direction when reading; 0: flat */
  int                    n_unit_gate; /* size of g_u and r above */
  int                    n_point;     /* what the lower decoder starts from: L, or a unit's point */
  int                    n_rows;      /* cells of a unit that the lower level tells apart */

  char                 **styles;
  AriettaLatentPrior    *prior;       /* NULL until fitted */
  AriettaStyleMeasure   *measure;     /* NULL without labels */
  float                 *attributes;  /* (form's, L): a deviation more of each; NULL until fitted */
  float                 *attribute_deviations; /* while learning */
  AriettaStepCounts     *counts;      /* the dull predictor; NULL until fitted */
  GBytes                *stored_counts;
  AriettaWindowVaeSteps *steps;       /* NULL until ready */

  /* Of the model that is taught further, NULL else (arietta-window-vae-before.c). */
  AriettaWindowVae      *before;      /* without weights: what was fitted */
};

/* The row of the table of positions for a cell. */
int      arietta_window_vae_get_place  (const AriettaStepWindow *window,
                                        guint                    cell);
/* The rows of the table of other voices for a cell: what sounds in each voice before its own at that
 * step, -1 where nothing can.  @sounding: tokens that are never hold, of all cells before. */
void     arietta_window_vae_find_beside (AriettaWindowVae        *net,
                                        const AriettaStepWindow  *window,
                                        const guint16            *sounding,
                                        guint                     cell,
                                        gint32                   *rows);
/* What sounds at @cell: its token or, where that is hold, what sounded before in its voice. */
guint16  arietta_window_vae_get_sounding (const AriettaStepWindow *window,
                                        const guint16            *sounding,
                                        guint                     cell,
                                        guint16                   token);

/* --- what a kind's row points to (arietta-window-vae.c) --- */

/* The fields of all recipes of the family. */
extern const AriettaRecipeField arietta_window_vae_fields[];

AriettaWindowVae *arietta_window_vae_build (const AriettaWindowVaeSpec *spec,
                                            AriettaRecipe              *recipe,
                                            guint64                     seed);
void              arietta_window_vae_free  (gpointer                    net);
AriettaParams    *arietta_window_vae_get_params (gpointer               net);
void              arietta_window_vae_store (gpointer                    net,
                                            AriettaSafetensorsWriter   *writer);
gboolean          arietta_window_vae_restore (gpointer                  net,
                                            AriettaSafetensors         *file,
                                            const char                 *name,
                                            GError                    **error);
void              arietta_window_vae_ready (gpointer                    net);
const char * const *arietta_window_vae_get_styles (gpointer             net);
guint             arietta_window_vae_get_latent_size (gpointer          net);
guint             arietta_window_vae_get_window_bars (gpointer          net);
const float      *arietta_window_vae_get_style_vector (gpointer         net,
                                            const char                 *style);
AriettaPiece     *arietta_window_vae_hear (gpointer                     net,
                                            AriettaPiece               *piece);
/* Takes the bytes.  FALSE, and nothing taken, when they do not hold together. */
gboolean          arietta_window_vae_take_counts (AriettaWindowVae     *net,
                                            GBytes                     *bytes);
void              arietta_window_vae_carry_latent (gpointer             net,
                                            const char                 *style,
                                            const float                *latent,
                                            float                      *carried);
GHashTable       *arietta_window_vae_measure_style (gpointer            net,
                                            AriettaPiece               *piece);
double            arietta_window_vae_get_typical_style (gpointer        net,
                                            const char                 *style);

/* All functions of a row but its build. */
#define ARIETTA_WINDOW_VAE_FUNCTIONS                         \
  .free = arietta_window_vae_free,                           \
  .get_params = arietta_window_vae_get_params,               \
  .store = arietta_window_vae_store,                         \
  .restore = arietta_window_vae_restore,                     \
  .begin_from = arietta_window_vae_begin_from,               \
  .ready = arietta_window_vae_ready,                         \
  .learner_new = arietta_window_vae_learner_new,             \
  .learner_free = arietta_window_vae_learner_free,           \
  .learner_add = arietta_window_vae_learner_add,             \
  .learner_begin = arietta_window_vae_learner_begin,         \
  .begin_epoch = arietta_window_vae_begin_epoch,             \
  .fill_batch = arietta_window_vae_fill_batch,               \
  .validate = arietta_window_vae_validate,                   \
  .finish = arietta_window_vae_finish,                       \
  .get_styles = arietta_window_vae_get_styles,               \
  .get_latent_size = arietta_window_vae_get_latent_size,     \
  .get_window_bars = arietta_window_vae_get_window_bars,     \
  .encode = arietta_window_vae_encode_piece,                 \
  .decode = arietta_window_vae_decode_piece,                 \
  .draw_latent = arietta_window_vae_draw,                    \
  .get_style_vector = arietta_window_vae_get_style_vector,   \
  .get_attributes = arietta_window_vae_get_attributes,       \
  .get_attribute_vector = arietta_window_vae_get_attribute_vector, \
  .carry_latent = arietta_window_vae_carry_latent,           \
  .measure_style = arietta_window_vae_measure_style,         \
  .get_typical_style = arietta_window_vae_get_typical_style, \
  .hear = arietta_window_vae_hear,                           \
  .evaluate = arietta_window_vae_evaluate

/* --- graph (arietta-window-vae-graph.c) --- */

/* One graph for B windows of U units of T cells; arrays are (T, U B), column u B + b, unless said. */
typedef struct
{
  AriettaGraph *graph;
  int           T, U, B;
  AriettaNode   tokens, targets, before, before_true, places, steps, lengths /* (U B) */;
  AriettaNode   beside /* (T, U B, n_beside) */;
  AriettaNode   units /* (U,B) */, unit_lengths /* (B): units in each */;
  AriettaNode   touches, given /* (T, U B, touches) */, onsets, parts /* (3): nll, kl, touch */;
  AriettaNode   first_logits;         /* (T, U B, tokens) of the pass over true tokens; or NONE */
  AriettaNode   nll, kl, plain_kl, touch_error, loss;
} AriettaWindowVaeGraph;

/* @two_passes: with first_logits.  @held: the lower level does not learn. @noise is borrowed. */
AriettaWindowVaeGraph *arietta_window_vae_graph_new  (AriettaWindowVae        *net,
                                                      int                      n_steps,
                                                      int                      n_windows,
                                                      double                   free_nats,
                                                      double                   dropout,
                                                      gboolean                 two_passes,
                                                      gboolean                 held,
                                                      AriettaRandom           *noise,
                                                      GError                 **error);
void                   arietta_window_vae_graph_free (AriettaWindowVaeGraph   *self);
/* Puts @window into place @b, the true tokens before each step. */
void                   arietta_window_vae_graph_fill (AriettaWindowVaeGraph   *self,
                                                      AriettaWindowVae        *net,
                                                      int                      b,
                                                      const AriettaStepWindow *window);

/* --- one step at a time (arietta-window-vae-step.c) ---
 *
 * What use of the model stands on. No scratch inside: any thread. */
AriettaWindowVaeSteps *arietta_window_vae_steps_new    (AriettaWindowVae        *net);
void                   arietta_window_vae_steps_free   (AriettaWindowVaeSteps   *self);

/* mu, logvar (L). */
void                   arietta_window_vae_encode       (AriettaWindowVae        *net,
                                                        const AriettaStepWindow *window,
                                                        float                   *mu,
                                                        float                   *logvar);

/* The points of the units (their number, P); returns how many. Of a hierarchical net. */
guint                  arietta_window_vae_read_points  (AriettaWindowVae        *net,
                                                        const AriettaStepWindow *window,
                                                        float                   *points);

typedef struct _AriettaWindowVaeDecoder AriettaWindowVaeDecoder;

/* Begins at the window's first cell; positions are read from @window (borrowed). */
AriettaWindowVaeDecoder *arietta_window_vae_decoder_new  (AriettaWindowVae        *net,
                                                          const float             *latent,
                                                          const AriettaStepWindow *window);
void                     arietta_window_vae_decoder_free (AriettaWindowVaeDecoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaWindowVaeDecoder, arietta_window_vae_decoder_free)
/* The logits of the next cell, after @before (the token of the cell before, -1 at the first), and,
 * where @touches is not NULL, the form's touches. */
const float             *arietta_window_vae_decoder_step (AriettaWindowVaeDecoder *self,
                                                          int                      before,
                                                          float                   *touches);

/* The likeliest tokens from a point, its own fed back. */
void                     arietta_window_vae_decode_greedy (AriettaWindowVae        *net,
                                                           const float             *latent,
                                                           const AriettaStepWindow *window,
                                                           guint16                 *tokens);

/* --- the level above begins (arietta-window-vae-above.c) --- */

/* Of a hierarchical net about to learn from @set: makes the level above, as it was drawn, into one that tells apart
 * what differs most among the units' points (its principal components, each a product of one over units and
 * one over a point's dimensions). */
void     arietta_window_vae_begin_above   (AriettaWindowVae         *net,
                                           AriettaWindowSet         *set);

/* --- taught further (arietta-window-vae-before.c) ---
 *
 * A few new pieces fit no prior of a hundred dimensions, no directions of attributes and no other styles than their
 * own; what the first model knew of them stays where the new pieces say nothing else. */
void     arietta_window_vae_begin_from    (gpointer                  net,
                                           AriettaSafetensors       *file);
/* After prior and attributes were fitted on @n windows.  TRUE when the attributes are the first model's. */
gboolean arietta_window_vae_keep_before   (AriettaWindowVae         *net,
                                           guint                     n);

/* --- learning (arietta-window-vae-learner.c, the last two arietta-window-vae-card.c) --- */
gpointer arietta_window_vae_learner_new   (gpointer net, AriettaRecipe *recipe, guint64 seed);
void     arietta_window_vae_learner_free  (gpointer learner);
guint    arietta_window_vae_learner_add   (gpointer learner, const AriettaExample *example);
gboolean arietta_window_vae_learner_begin (gpointer learner, GError **error);
guint    arietta_window_vae_begin_epoch   (gpointer learner, guint64 epoch);
AriettaGraph *arietta_window_vae_fill_batch (gpointer learner, guint batch, gint64 step, double progress,
                                             GError **error);
double   arietta_window_vae_validate      (gpointer learner);
void     arietta_window_vae_finish        (gpointer learner, JsonObject *card, AriettaGoOnFunc go_on, gpointer user_data);

/* --- use (arietta-window-vae-use.c) --- */
gboolean      arietta_window_vae_encode_piece (gpointer net, AriettaPiece *piece, float **latents, AriettaWindow **windows,
                                               guint *n_windows, GError **error);
AriettaPiece *arietta_window_vae_decode_piece (gpointer net, const float *latents, const AriettaWindow *windows,
                                               guint n_windows, const AriettaDecodeSettings *settings,
                                               AriettaRandom *random, GError **error);
void          arietta_window_vae_draw         (gpointer net, const char *style, double weight, AriettaRandom *random,
                                               float *latent);

/* What kinds whose tokens are pitches have in common: sound within @lowest .. @highest, in the key where one
 * is to be kept, and no holding on before anything sounded. */
gboolean      arietta_window_vae_allows_pitch (const AriettaWindowVaeRules *rules, guint voice, guint step, int token,
                                               int lowest, int highest);
/* Ends the line at rest: the last note that begins on a beat with two beats or more to go becomes the
 * nearest of pitch class @tonic to where the line came from and lasts to the end; what would come after it goes. */
void          arietta_window_vae_come_home    (GArray *notes, int tonic, gint64 beat, gint64 end);

/* --- attributes (arietta-window-vae-attributes.c) --- */

/* What became of points that were moved a deviation along and a deviation against an attribute. */
typedef struct
{
  guint  n, raised, lowered;
  double gain;               /* sum over windows of the attribute's deviations gained for one asked */
} AriettaWindowVaeMoves;

/* mu (n,L), attributes (n, form's).  FALSE when there are too few. */
gboolean arietta_window_vae_fit_attributes  (AriettaWindowVae         *net,
                                             const float              *mu,
                                             const double             *attributes,
                                             guint                     n);
/* Makes each direction as long as a deviation takes, judged by windows of @set. */
void     arietta_window_vae_scale_attributes (AriettaWindowVae        *net,
                                             AriettaWindowSet         *set,
                                             guint                     limit);
/* @moves: one for each of the form's attributes. */
void     arietta_window_vae_test_attributes (AriettaWindowVae         *net,
                                             AriettaWindowSet         *set,
                                             guint                     limit,
                                             AriettaWindowVaeMoves    *moves);
void     arietta_window_vae_store_attributes (AriettaWindowVae        *net,
                                             AriettaSafetensorsWriter *writer);
gboolean arietta_window_vae_restore_attributes (AriettaWindowVae      *net,
                                             AriettaSafetensors       *file,
                                             GError                  **error);
const char * const *arietta_window_vae_get_attributes (gpointer        net);
const float *arietta_window_vae_get_attribute_vector (gpointer         net,
                                             const char               *name);

/* --- figures (arietta-window-vae-figures.c) --- */

/* Of one voice, the same sums. */
typedef struct
{
  double windows;                      /* in which something begins in it */
  double steps, sampled_right, onsets, sampled_right_onsets;
} AriettaWindowVaeVoice;

/* Sums over windows; divide by steps (cells, rather), onsets, windows. */
typedef struct
{
  double windows, steps, onsets;
  double teacher_right;                /* likeliest token right, given the true ones before */
  double sampled_right, sampled_right_onsets;
  double changed, changed_right;       /* steps whose token differs from the one before */
  double reconstruction, kl;           /* nats, from one draw of the posterior */
  double point;                        /* what that draw costs by the fitted prior, in nats; 0 without one */
  double onset_nll;                    /* of the steps where a note begins */
  AriettaWindowVaeVoice voices[ARIETTA_STEPS_MAX_VOICES];
} AriettaWindowVaeFigures;

void     arietta_window_vae_measure       (AriettaWindowVae         *net,
                                           const AriettaStepWindow  *window,
                                           AriettaRandom            *random,
                                           gboolean                  sampled,
                                           AriettaWindowVaeFigures  *figures);
/* { voice: { "windows", "sampled", "sampled_onsets" } }; NULL where there is one voice. */
JsonObject *arietta_window_vae_describe_voices (AriettaWindowVae   *net,
                                           const AriettaWindowVaeFigures *figures);
/* Latent dimensions whose mean varies by more than 0.01 over the windows; mu (n,L). */
guint    arietta_window_vae_count_active  (const float              *mu,
                                           guint                     n,
                                           int                       n_latent);
gboolean arietta_window_vae_evaluate      (gpointer                  net,
                                           const AriettaExample     *examples,
                                           guint                     n_examples,
                                           JsonObject               *results,
                                           AriettaStepFunc           per_step,
                                           AriettaGoOnFunc           go_on,
                                           gpointer                  user_data,
                                           GError                  **error);

G_END_DECLS
