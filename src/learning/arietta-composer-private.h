/* What the files of the attention composer share. */
#pragma once

#include "learning/arietta-composer-echo.h"
#include "learning/arietta-composer.h"
#include "learning/arietta-context-counts.h"
#include "nn/arietta-decoder.h"

G_BEGIN_DECLS

/* Rows of the tables of places; the last of each stands for none. */
#define COMPOSER_MAX_BARS   32
#define COMPOSER_BARS       (COMPOSER_MAX_BARS + 1)
#define COMPOSER_POSITIONS  (ARIETTA_EVENTS_N_POSITIONS + 1)
#define COMPOSER_SLOTS      (ARIETTA_EVENTS_MAX_PARTS + 1)

/* Of a chord at most, and the rows of its table. */
#define COMPOSER_CHORD      13
#define COMPOSER_CHORD_ROWS 24
/* The same of what sounds in the bars around. */
#define COMPOSER_AROUND      50
#define COMPOSER_AROUND_ROWS 216

/* For use, one token at a time (arietta-composer-step.c). */
typedef struct _AriettaComposerSteps AriettaComposerSteps;

typedef struct
{
  AriettaParams        *params;

  int                   n_layers;
  int                   n_size;      /* E */
  int                   n_heads;
  int                   n_inner;
  int                   n_context;   /* most tokens of a window */
  int                   n_distances; /* R */
  gboolean              home;        /* reads and writes music whose tonic is C */
  int                   n_echo;      /* columns of an echo (arietta-composer-echo.h); 0: it hears none */
  gboolean              chords;      /* hears what the other parts sound */
  gboolean              surroundings; /* hears what sounds in the bars around */

  char                **styles;      /* the s of STYLE s */
  AriettaComposerSteps *steps;       /* NULL until ready */
} AriettaComposer;

/* Where a token stands, and what is known to have stood there, as rows of the tables. */
typedef struct
{
  gint32 bar, position, slot;
  gint32 echoes[COMPOSER_ECHOES];   /* tokens or -1 */
  gint32 trusts[COMPOSER_ECHOES];   /* COMPOSER_TRUSTS k + trust of the one at k, or -1 */
  gint32 chord[COMPOSER_CHORD];     /* what the other parts sound here: pitch classes, 12 + that of the lowest; or -1 */
  gint32 around[COMPOSER_AROUND];   /* what sounds in the bars around, or -1 */
} AriettaComposerPlace;

/* After @token was read. */
AriettaComposerPlace arietta_composer_place     (AriettaEventReader  *reader,
                                                 AriettaComposerEcho *echo,
                                                 AriettaEvent16       token);
/* Of the notes read so far, at @place (arietta-composer-hear.c): what the other parts sound there,
 * those that hold on from the bar before included; and what all parts sound in the nearest bar
 * before, at its end and altogether, and in the nearest one behind, at its beginning and
 * altogether, which is known while a hole is filled. */
void                 arietta_composer_hear_chord  (AriettaEventReader      *reader,
                                                   const AriettaEventPlace *place,
                                                   gint32                   chord[COMPOSER_CHORD]);
void                 arietta_composer_hear_around (AriettaEventReader      *reader,
                                                   const AriettaEventPlace *place,
                                                   gint32                   around[COMPOSER_AROUND]);
AriettaDecoderShape  arietta_composer_get_shape (AriettaComposer     *net);

/* --- windows and tasks (arietta-composer-task.c) --- */

typedef struct
{
  gboolean home;      /* windows are moved to C */
  double told;        /* chance of each condition to be told */
  double infill;      /* chance of a window to have masked cells */
  double transpose;   /* chance of another key */
  double louder;      /* chance of another loudness */
  double stretch;     /* chance of another tempo */
  double exchanged;   /* chance of a window to come with exchanged bars as well, see below */
} AriettaComposerTaskSettings;

/* The parts that sound in some bars, in the order the composer knows them: melody, inner parts,
 * chords, bass, percussion.  Their number. */
guint  arietta_composer_order_parts (AriettaEventScore                 *score,
                                     guint                              first_bar,
                                     guint                              n_bars,
                                     guint8                             order[ARIETTA_EVENTS_MAX_PARTS]);
/* The key of some bars by their pitches; none without any. */
AriettaTonality arietta_composer_find_key (AriettaEventScore           *score,
                                     guint                              first_bar,
                                     guint                              n_bars);
/* Semitones, -6 .. 5, that bring @key to C for a net that wants it there; 0 without a key. */
int    arietta_composer_way_home    (gboolean                           home,
                                     AriettaTonality                    key);
/* Appends the tokens of a window from @first_bar on, at most @context of them, and gives the number
 * of its bars.  @random NULL: as it is (at home), with key, roles and instruments told: as the
 * program itself asks for continuations. */
guint  arietta_composer_make_task   (AriettaEventScore                 *score,
                                     int                                style,
                                     guint                              first_bar,
                                     guint                              context,
                                     const AriettaComposerTaskSettings *settings,
                                     AriettaRandom                     *random,
                                     GArray                            *tokens);

/* --- bars that change places (arietta-composer-exchange.c) --- */

/* A window with two holes, and behind FILL what belongs in them; then each with what belongs in the
 * other. */
typedef struct
{
  GArray *as_is, *exchanged;   /* AriettaEvent16 */
  guint   end;                 /* the bar behind the window */
} AriettaComposerExchange;

/* Of the holes, @n_bars long and in all parts, one is at @hole and the other within eight bars of
 * it, where the bars are as long and not the same.  The key that is told is the whole piece's, so
 * that it tells nothing of the holes, or @key_of_window, as the key of all else that is learned,
 * lest what is asked for in a key goes elsewhere.  FALSE when there is no such place, or it does
 * not fit @context. */
gboolean arietta_composer_make_exchange  (AriettaEventScore       *score,
                                          guint                    hole,
                                          guint                    n_bars,
                                          gboolean                 home,
                                          gboolean                 key_of_window,
                                          guint                    context,
                                          AriettaRandom           *random,
                                          AriettaComposerExchange *exchange);
void     arietta_composer_exchange_clear (AriettaComposerExchange *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AriettaComposerExchange, arietta_composer_exchange_clear)
/* Which of @tokens is FILL; their number when none is. */
guint    arietta_composer_find_fill      (GArray                  *tokens);

/* --- graph (arietta-composer-graph.c) --- */

/* What a graph that learns is taught, and how. */
typedef struct
{
  double         dropout, smoothing;
  double         fill;       /* weight of what is written behind FILL; of all else: 1 */
  double         exchange;   /* weight of telling bars as they are from those that changed places; 0: it never has to */
  AriettaRandom *noise;      /* borrowed */
} AriettaComposerDrill;

/* For B sequences of S tokens, arrays (B,S). */
typedef struct
{
  AriettaGraph *graph;
  int           B, S;
  AriettaNode   tokens, bars, positions, slots, targets /* -1: none */, lengths /* (B) */;
  AriettaNode   echoes, trusts;   /* (B,S,COMPOSER_ECHOES); NONE where the net hears none */
  AriettaNode   chords;           /* (B,S,COMPOSER_CHORD); the same */
  AriettaNode   around;           /* (B,S,COMPOSER_AROUND); the same */
  AriettaNode   logits;   /* kept in EVAL */
  AriettaNode   loss;     /* mean over targets; see arietta_composer_graph_pair () */

  /* Where it learns. */
  double        fill, exchange;
  AriettaNode   weights;
  AriettaNode   sides;    /* NONE where nothing is told apart, like the next */
  AriettaNode   pairs;    /* (B/2): their weights */
} AriettaComposerGraph;

/* @drill: NULL in EVAL.  One that tells apart takes an even number of sequences. */
AriettaComposerGraph *arietta_composer_graph_new  (AriettaComposer             *net,
                                                   AriettaGraphMode             mode,
                                                   int                          n_sequences,
                                                   int                          n_tokens,
                                                   const AriettaComposerDrill  *drill,
                                                   GError                     **error);
void                  arietta_composer_graph_free (AriettaComposerGraph  *self);
/* Puts a sequence into row @b: n tokens, each predicting the next. */
void                  arietta_composer_graph_fill (AriettaComposerGraph  *self,
                                                   int                    b,
                                                   const AriettaEvent16  *tokens,
                                                   guint                  n,
                                                   AriettaEventReader    *reader,
                                                   AriettaComposerEcho   *echo);
/* When all rows are filled, for graphs that tell apart.  @are_pairs: row 2 k has bars as they are,
 * row 2 k + 1 the same ones exchanged (arietta-composer-exchange.c); only the first is learned, and
 * a pair adds to the loss
 *
 *   exchange T log (1 + exp ((S - S') / T)) / sum of the weights,   T = 5 nats,
 *
 * S and S' being the surprises at all that stands behind FILL: while the exchanged bars seem as
 * likely, a token there counts exchange / 2 more, and one of theirs as much less than nothing; when
 * they are told apart for sure, no more. */
void                  arietta_composer_graph_pair (AriettaComposerGraph  *self,
                                                   gboolean               are_pairs);

/* --- one token at a time (arietta-composer-step.c) --- */

AriettaComposerSteps *arietta_composer_steps_new    (AriettaComposer       *net);
void                  arietta_composer_steps_free   (AriettaComposerSteps  *self);

typedef struct _AriettaComposerState AriettaComposerState;

AriettaComposerState *arietta_composer_state_new    (AriettaComposer       *net);
void                  arietta_composer_state_free   (AriettaComposerState  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaComposerState, arietta_composer_state_free)
/* Tokens taken in; no more than the net's context. */
guint                 arietta_composer_state_get_n  (AriettaComposerState  *self);
/* Takes in @n tokens with their places; what may come after the last of them, as logits. */
const float          *arietta_composer_state_feed   (AriettaComposerState       *self,
                                                     const AriettaEvent16       *tokens,
                                                     const AriettaComposerPlace *places,
                                                     guint                       n);
/* Goes back to where @n tokens had been taken in. */
void                  arietta_composer_state_rewind (AriettaComposerState      *self,
                                                     guint                      n);
/* After one token was taken in alone: adds to @looked what it gave to each token so far, mean over
 * layers and heads. */
void                  arietta_composer_state_add_attention (AriettaComposerState *self,
                                                     double               *looked);

/* --- learning (arietta-composer-learner.c, the last two arietta-composer-card.c) --- */
gpointer      arietta_composer_learner_new   (gpointer net, AriettaRecipe *recipe, guint64 seed);
void          arietta_composer_learner_free  (gpointer learner);
guint         arietta_composer_learner_add   (gpointer learner, const AriettaExample *example);
gboolean      arietta_composer_learner_begin (gpointer learner, GError **error);
guint         arietta_composer_begin_epoch   (gpointer learner, guint64 epoch);
AriettaGraph *arietta_composer_fill_batch    (gpointer learner, guint batch, gint64 step, double progress,
                                              GError **error);
double        arietta_composer_validate      (gpointer learner);
void          arietta_composer_finish        (gpointer learner, JsonObject *card, AriettaGoOnFunc go_on,
                                              gpointer user_data);

/* --- figures (arietta-composer-figures.c) --- */

/* Sums; divide by tokens, notes. */
typedef struct
{
  double tokens, notes, nll, right;
  double copy_right;       /* tokens that copying would have had right */
  guint  windows;
} AriettaComposerFigures;

/* Measures sequences of the tokens in @all that begin at @starts (n + 1 entries). @per_step may be
 * NULL, and is called with @name. FALSE when @go_on said stop. */
gboolean arietta_composer_measure  (AriettaComposer         *net,
                                    const AriettaEvent16    *all,
                                    const guint             *starts,
                                    guint                    n,
                                    AriettaComposerFigures  *figures,
                                    const char              *name,
                                    AriettaStepFunc          per_step,
                                    AriettaGoOnFunc          go_on,
                                    gpointer                 user_data);
gboolean arietta_composer_evaluate (gpointer                 net,
                                    const AriettaExample    *examples,
                                    guint                    n_examples,
                                    JsonObject              *results,
                                    AriettaStepFunc          per_step,
                                    AriettaGoOnFunc          go_on,
                                    gpointer                 user_data,
                                    GError                 **error);

/* --- counting, the dull predictor (arietta-composer-counts.c) --- */

/* Learns a sequence, or takes back that it was learned. */
void        arietta_composer_count           (AriettaContextCounts          *counts,
                                              const AriettaEvent16          *tokens,
                                              guint                          n,
                                              gboolean                       forget);
/* Adds to tokens, notes, nll and right. @learn: each token is learned once it was predicted. */
void        arietta_composer_measure_counts  (AriettaContextCounts          *counts,
                                              const AriettaEvent16          *tokens,
                                              guint                          n,
                                              gboolean                       learn,
                                              AriettaComposerFigures        *figures);
/* "nll_per_token", "nll_per_note", "accuracy". */
JsonObject *arietta_composer_describe_counts (const AriettaComposerFigures  *figures);

/* --- filling in, judged (arietta-composer-infill.c) --- */

/* Twice two bars of each piece are taken out of all parts, and the network reads what stands around
 * them: "infill" has the share of cases in which it finds them likelier where they were than each
 * in the other's place (arietta-composer-infill.c).  FALSE when @go_on said stop. */
gboolean arietta_composer_know_infill (AriettaComposer      *net,
                                       const AriettaExample *examples,
                                       guint                 n_examples,
                                       JsonObject           *results,
                                       AriettaGoOnFunc       go_on,
                                       gpointer              user_data);

G_END_DECLS
