/* What the files of the chorale model share. */
#pragma once

#include "encoding/arietta-voices.h"
#include "learning/arietta-chorale.h"
#include "nn/arietta-graph.h"

G_BEGIN_DECLS

/* Pitch tokens: 0 rest, 1 .. 63 the pitches 30 .. 92. */
#define CHORALE_TOKENS  64
#define CHORALE_LOWEST  30
#define CHORALE_HIGHEST (CHORALE_LOWEST + CHORALE_TOKENS - 2)

/* A pitch that is not known: before the first frame. */
#define CHORALE_NONE    (-2)

/* Pieces are learned in keys within a tritone of their own. */
#define CHORALE_MAX_SHIFT 6

/* Voices in the order in which they are placed. */
extern const AriettaVoice arietta_chorale_order[ARIETTA_N_VOICES];
/* Where the voices of the chorales lie, per AriettaVoice. */
extern const int          arietta_chorale_lowest[ARIETTA_N_VOICES];
extern const int          arietta_chorale_highest[ARIETTA_N_VOICES];

static inline int
arietta_chorale_token (int pitch)
{
  if (pitch == ARIETTA_VOICE_REST)
    return 0;

  return pitch >= CHORALE_LOWEST && pitch <= CHORALE_HIGHEST ? pitch - CHORALE_LOWEST + 1 : -1;
}

static inline int
arietta_chorale_pitch (int token)
{
  return token == 0 ? ARIETTA_VOICE_REST : token + CHORALE_LOWEST - 1;
}

/* --- facts (arietta-chorale-reader.c) ---
 *
 * Reads frames one after another and says what the network is told at each step, as rows of its
 * tables.  @shift is added to every pitch. */

#define CHORALE_MAX_FACTS 64

typedef struct _AriettaChoraleReader AriettaChoraleReader;

AriettaChoraleReader *arietta_chorale_reader_new    (void) G_GNUC_WARN_UNUSED_RESULT;
AriettaChoraleReader *arietta_chorale_reader_copy   (const AriettaChoraleReader *self) G_GNUC_WARN_UNUSED_RESULT;
void                  arietta_chorale_reader_free   (AriettaChoraleReader       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaChoraleReader, arietta_chorale_reader_free)
void                  arietta_chorale_reader_push   (AriettaChoraleReader       *self,
                                                     const AriettaFrame         *frame);
/* Numbers of facts and of rows: of the encoder, of the head of the voice placed as @nth. */
int                   arietta_chorale_encoder_facts (void);
int                   arietta_chorale_encoder_rows  (void);
int                   arietta_chorale_head_facts    (int                         nth);
int                   arietta_chorale_head_rows     (int                         nth);
/* What is known before the next frame, which stands at @phase. */
void                  arietta_chorale_reader_encoder (const AriettaChoraleReader *self,
                                                     guint                       phase,
                                                     int                         shift,
                                                     gint32                     *ids);
/* The same for one voice of it; of @frame the voices already placed are read.  *place: the token of
 * the voice's last pitch, or -1. */
void                  arietta_chorale_reader_head   (const AriettaChoraleReader *self,
                                                     guint                       phase,
                                                     int                         nth,
                                                     const AriettaFrame         *frame,
                                                     int                         shift,
                                                     gint32                     *ids,
                                                     gint32                     *place);

/* --- the net --- */

typedef struct _AriettaChoraleSteps AriettaChoraleSteps;

typedef struct
{
  AriettaParams       *params;
  int                  n_input;    /* D: what the first layer reads */
  int                  n_units;    /* H of each layer */
  int                  n_layers;
  int                  n_head;     /* units of a head's first layer */
  int                  n_middle;   /* and of its second */
  AriettaChoraleSteps *steps;      /* NULL until ready */
} AriettaChorale;

/* --- graph (arietta-chorale-graph.c) --- */

typedef struct
{
  AriettaGraph *graph;
  int           T, B;
  double        forget;                        /* share of the facts that are left out */
  AriettaNode   encoder_ids;                   /* (T,B,facts) */
  AriettaNode   head_ids[ARIETTA_N_VOICES];    /* (T,B,facts); by placing order, as all below */
  AriettaNode   places[ARIETTA_N_VOICES];      /* (T,B) */
  AriettaNode   targets[ARIETTA_N_VOICES];     /* (T,B) tokens, -1 where there is nothing */
  AriettaNode   logits[ARIETTA_N_VOICES];      /* (T,B,64), kept */
  AriettaNode   loss;                          /* nats per note */
} AriettaChoraleGraph;

/* @noise is borrowed. */
AriettaChoraleGraph *arietta_chorale_graph_new  (AriettaChorale       *net,
                                                 int                   n_steps,
                                                 int                   n_windows,
                                                 double                dropout,
                                                 double                forget,
                                                 AriettaRandom        *noise,
                                                 GError              **error);
void                 arietta_chorale_graph_free (AriettaChoraleGraph  *self);
/* Puts steps @from .. of @voices, @shift semitones higher, into column @b.  @random is drawn from
 * where facts are to be forgotten. */
void                 arietta_chorale_graph_fill (AriettaChoraleGraph  *self,
                                                 int                   b,
                                                 const AriettaVoices  *voices,
                                                 guint                 from,
                                                 int                   shift,
                                                 AriettaRandom        *random);

/* --- one step at a time (arietta-chorale-step.c) ---
 *
 * What use of the model stands on.  A walk follows several lines of frames side by side. */
AriettaChoraleSteps *arietta_chorale_steps_new  (AriettaChorale       *net);
void                 arietta_chorale_steps_free (AriettaChoraleSteps  *self);

typedef struct _AriettaChoraleWalk AriettaChoraleWalk;

AriettaChoraleWalk  *arietta_chorale_walk_new     (AriettaChorale           *net,
                                                   int                       n_rows) G_GNUC_WARN_UNUSED_RESULT;
void                 arietta_chorale_walk_free    (AriettaChoraleWalk       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaChoraleWalk, arietta_chorale_walk_free)
/* Begins the next step. */
void                 arietta_chorale_walk_step    (AriettaChoraleWalk       *self,
                                                   guint                     phase);
/* Chances (rows,64) of the tokens for the voice placed as @nth, given the voices placed before it
 * in the row's frame of @frames (rows). */
void                 arietta_chorale_walk_predict (AriettaChoraleWalk       *self,
                                                   int                       nth,
                                                   const AriettaFrame       *frames,
                                                   double                   *chances);
/* Ends the step with the frames it has. */
void                 arietta_chorale_walk_push    (AriettaChoraleWalk       *self,
                                                   const AriettaFrame       *frames);
/* Row i goes on from where row from[i] is. */
void                 arietta_chorale_walk_take    (AriettaChoraleWalk       *self,
                                                   const guint              *from);

/* --- counting (arietta-chorale-counts.c) --- */
typedef struct _AriettaChoraleCounts AriettaChoraleCounts;

AriettaChoraleCounts *arietta_chorale_counts_new     (void) G_GNUC_WARN_UNUSED_RESULT;
void                  arietta_chorale_counts_free    (AriettaChoraleCounts       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaChoraleCounts, arietta_chorale_counts_free)
/* @times 1; -1 unlearns a piece that was learned. */
void                  arietta_chorale_counts_learn   (AriettaChoraleCounts       *self,
                                                      const AriettaVoices        *voices,
                                                      int                         times);
/* The same of one step. */
void                  arietta_chorale_counts_learn_step (AriettaChoraleCounts  *self,
                                                         const AriettaVoices   *voices,
                                                         guint                  step,
                                                         int                    times);
/* Chances of the 64 tokens of the voice placed as @nth, given what comes before it. */
void                  arietta_chorale_counts_predict (const AriettaChoraleCounts *self,
                                                      const AriettaVoices        *voices,
                                                      guint                       step,
                                                      int                         nth,
                                                      double                     *chances);

/* --- writing (arietta-chorale-search.c, arietta-chorale-use.c) --- */

/* The first @n_steps frames will not change any more.  FALSE ends the search there. */
typedef gboolean (*AriettaChoraleSettledFunc) (const AriettaFrame *frames,
                                               guint               n_steps,
                                               gpointer            user_data);

typedef struct
{
  gboolean        melody;        /* the soprano is given */
  AriettaTonality key;           /* where it ends, and without a melody begins; or none */
  double          temperature;
  double          likelihood;    /* what a nat of the model's counts against a fault's */
  guint           n_given;       /* the first frames stand already */
  AriettaChoraleSettledFunc settled;   /* now and then; NULL: nobody listens */
  gpointer        settled_data;
} AriettaChoraleTask;

/* Fills the frames of @voices, whose steps and phases stand, and whose sopranos do with a melody.
 * FALSE when stopped, by @go_on or by @settled. */
gboolean      arietta_chorale_search    (AriettaChorale              *net,
                                         const AriettaChoraleTask    *task,
                                         AriettaVoices               *voices,
                                         AriettaRandom               *random,
                                         AriettaGoOnFunc              go_on,
                                         gpointer                     user_data);
AriettaPiece *arietta_chorale_write     (gpointer                     net,
                                         const AriettaWriteSettings  *settings,
                                         AriettaRandom               *random,
                                         AriettaGoOnFunc              go_on,
                                         gpointer                     user_data,
                                         GError                     **error);
AriettaPiece *arietta_chorale_harmonise (gpointer                     net,
                                         AriettaPiece                *melody,
                                         const AriettaWriteSettings  *settings,
                                         AriettaRandom               *random,
                                         AriettaGoOnFunc              go_on,
                                         gpointer                     user_data,
                                         GError                     **error);

/* --- figures (arietta-chorale-figures.c) --- */

typedef struct
{
  double notes, nll, right;            /* voice-steps; nats; likeliest token right */
  double changed, changed_right;       /* those whose pitch differs from the step before */
  double copied;                       /* right by repeating */
  double voices[ARIETTA_N_VOICES];     /* nats of each */
} AriettaChoraleFigures;

/* @file and @per_step may be NULL. */
void     arietta_chorale_measure  (AriettaChorale         *net,
                                   const AriettaVoices    *voices,
                                   AriettaChoraleFigures  *figures,
                                   const char             *file,
                                   AriettaStepFunc         per_step,
                                   gpointer                user_data);
/* The same of counting. */
void     arietta_chorale_measure_counts (const AriettaChoraleCounts *counts,
                                         const AriettaVoices        *voices,
                                         AriettaChoraleFigures      *figures);
/* "nll_per_note", "accuracy", "changed_accuracy" into @object. */
void     arietta_chorale_describe (const AriettaChoraleFigures *figures,
                                   JsonObject                  *object);
/* "copy" and "ngram" of pieces that the one and the other predicted. */
JsonObject *arietta_chorale_describe_baselines (const AriettaChoraleFigures *figures,
                                                const AriettaChoraleFigures *counted);
/* Whether every pitch has a token. */
gboolean arietta_chorale_knows    (const AriettaVoices    *voices);
gboolean arietta_chorale_evaluate (gpointer                net,
                                   const AriettaExample   *examples,
                                   guint                   n_examples,
                                   JsonObject             *results,
                                   AriettaStepFunc         per_step,
                                   AriettaGoOnFunc         go_on,
                                   gpointer                user_data,
                                   GError                **error);

/* --- learning (arietta-chorale-learner.c) --- */
gpointer      arietta_chorale_learner_new   (gpointer               net,
                                             AriettaRecipe         *recipe,
                                             guint64                seed);
void          arietta_chorale_learner_free  (gpointer               learner);
guint         arietta_chorale_learner_add   (gpointer               learner,
                                             const AriettaExample  *example);
gboolean      arietta_chorale_learner_begin (gpointer               learner,
                                             GError               **error);
guint         arietta_chorale_begin_epoch   (gpointer               learner,
                                             guint64                epoch);
AriettaGraph *arietta_chorale_fill_batch    (gpointer               learner,
                                             guint                  batch,
                                             gint64                 step,
                                             double                 progress,
                                             GError               **error);
double        arietta_chorale_validate      (gpointer               learner);
void          arietta_chorale_finish        (gpointer               learner,
                                             JsonObject            *card,
                                             AriettaGoOnFunc        go_on,
                                             gpointer               user_data);

G_END_DECLS
