/* arietta-model.h - one trained set of weights, whatever its kind
 *
 * A kind is a row (arietta-model-kind.h) that knows how to build, train, sample, encode, decode and
 * evaluate; a model is a kind with weights.  Callers ask what it can do and never name a kind.
 *
 * A model is immutable after loading and may be used from several threads at once.
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "analysis/arietta-copied.h"
#include "base/arietta-random.h"
#include "learning/arietta-fill.h"
#include "music/arietta-attended.h"
#include "music/arietta-piece.h"
#include "music/arietta-pitch.h"

G_BEGIN_DECLS

#define ARIETTA_LEARNING_ERROR (arietta_learning_error_quark ())
GQuark arietta_learning_error_quark (void);

typedef enum
{
  ARIETTA_LEARNING_ERROR_UNKNOWN_KIND,
  ARIETTA_LEARNING_ERROR_RECIPE,       /* a recipe that cannot be; says which line */
  ARIETTA_LEARNING_ERROR_NO_DATA,      /* too little to learn from, or nothing to encode */
  ARIETTA_LEARNING_ERROR_UNABLE,       /* asked for something the kind cannot do */
  ARIETTA_LEARNING_ERROR_MODEL_FILE,   /* cut short, of another kind, from a newer version */
  ARIETTA_LEARNING_ERROR_CANCELLED,
} AriettaLearningError;

typedef enum
{
  ARIETTA_MODEL_CAN_SAMPLE = 1 << 0,
  ARIETTA_MODEL_HAS_LATENT = 1 << 1,   /* encode, decode, styles as vectors */
  ARIETTA_MODEL_CAN_WRITE = 1 << 2,    /* whole pieces at once */
  ARIETTA_MODEL_CAN_HARMONISE = 1 << 3, /* sets a melody for several voices */
  ARIETTA_MODEL_CAN_FILL = 1 << 4,     /* new notes for chosen bars and parts */
  ARIETTA_MODEL_WRITES_DRUMS = 1 << 8, /* and nothing with a pitch: it has no key */
} AriettaModelAbilities;

typedef struct _AriettaModel AriettaModel;
typedef struct _AriettaModelKind AriettaModelKind;

AriettaModel          *arietta_model_load            (const char      *weights_path,
                                                      GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* As arietta_model_load (), for a caller who has just computed the file's digest; NULL: not yet. */
AriettaModel          *arietta_model_load_known      (const char      *weights_path,
                                                      const char      *sha256,
                                                      GError         **error) G_GNUC_WARN_UNUSED_RESULT;
AriettaModel          *arietta_model_ref             (AriettaModel    *self);
void                   arietta_model_unref           (AriettaModel    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaModel, arietta_model_unref)

const char            *arietta_model_get_kind        (AriettaModel    *self);
AriettaModelAbilities  arietta_model_get_abilities   (AriettaModel    *self);
guint64                arietta_model_get_parameters  (AriettaModel    *self);
const char            *arietta_model_get_sha256      (AriettaModel    *self);
/* NULL-terminated; empty when trained without style labels. */
const char * const    *arietta_model_get_styles      (AriettaModel    *self);

/* --- latent space (ARIETTA_MODEL_HAS_LATENT) ---
 *
 * What of a piece the model hears is cut into windows (of two bars, or sixteen); a window is one point. */
guint                  arietta_model_get_latent_size (AriettaModel    *self);
/* Bars of a whole window. */
guint                  arietta_model_get_window_bars (AriettaModel    *self);

/* What a window is, apart from its point: where it stood and in which metre and key. */
typedef struct
{
  gint64          start_ticks;     /* in the source piece */
  guint           n_steps;         /* sixteenths in the window */
  guint           n_bars;
  int             numerator, denominator;
  AriettaTonality key;             /* the window is encoded transposed to C; this is what it was */
} AriettaWindow;

/* Posterior means of the windows of @piece, one after another without overlap: n x latent size
 * floats, and the windows (free both with g_free).  Windows the model cannot encode are left out.
 * ARIETTA_LEARNING_ERROR_NO_DATA when none is left. */
gboolean               arietta_model_encode          (AriettaModel    *self,
                                                      AriettaPiece    *piece,
                                                      float          **latents,
                                                      AriettaWindow  **windows,
                                                      guint           *n_windows,
                                                      GError         **error);

typedef struct
{
  double          temperature;     /* 0: always the likeliest */
  AriettaTonality key;             /* notes keep to it when set; points of C are moved to it */
  gboolean        end_on_tonic;    /* the last note is brought home */
  double          tempo_bpm;
  int             program;         /* General MIDI */
} AriettaDecodeSettings;

/* The windows in a row as a piece with a track for each voice that sounds. @random is drawn from in order.
 * Frozen. */
AriettaPiece          *arietta_model_decode          (AriettaModel                 *self,
                                                      const float                  *latents,
                                                      const AriettaWindow          *windows,
                                                      guint                         n_windows,
                                                      const AriettaDecodeSettings  *settings,
                                                      AriettaRandom                *random,
                                                      GError                      **error);

/* A draw from the prior, @style NULL or with its vector added by @weight. */
void                   arietta_model_draw_latent     (AriettaModel    *self,
                                                      const char      *style,
                                                      double           weight,
                                                      AriettaRandom   *random,
                                                      float           *latent);
/* Mean point of a style's training windows less the mean of all; NULL for an unknown style. */
const float           *arietta_model_get_style_vector (AriettaModel   *self,
                                                       const char     *style);
/* What may be made more or less by adding its vector to a point ("density", "syncopation" ...), ending with
 * NULL; the vector is that of one deviation among the training windows.  NULL for an unknown name. */
const char * const    *arietta_model_get_attributes   (AriettaModel   *self);
const float           *arietta_model_get_attribute_vector (AriettaModel *self,
                                                       const char     *name);

/* Where @latent would lie among the style's windows: the same place in the style's spread as it has
 * in that of all.  FALSE for an unknown style. */
gboolean               arietta_model_carry_latent    (AriettaModel    *self,
                                                      const char      *style,
                                                      const float     *latent,
                                                      float           *carried);

/* How likely each style is for a piece, by the nearest centroid of musical statistics fitted on the
 * training pieces (analysis/arietta-style-measure.h), never by the model's own latent space. style
 * -> double *. */
GHashTable            *arietta_model_measure_style   (AriettaModel    *self,
                                                      AriettaPiece    *piece);

/* Asked now and then by long work; FALSE: stop. NULL: never stop. */
typedef gboolean (*AriettaGoOnFunc) (gpointer user_data);

/* --- whole pieces (ARIETTA_MODEL_CAN_WRITE, ARIETTA_MODEL_CAN_HARMONISE, ARIETTA_MODEL_CAN_FILL) --- */

typedef struct
{
  guint           bars;                   /* of the new piece */
  int             numerator, denominator; /* its metre */
  AriettaTonality key;                    /* none: as it comes; of a melody: found */
  const char     *style;                  /* NULL: any */
  double          style_weight;           /* 0..1 */
  double          temperature;            /* 0: always the likeliest */
  double          tempo_bpm;
  /* For kinds that can fill, too; others take no notice. */
  int             density;                /* 1 (sparse) .. 10 (dense); 0: open */
  gboolean        in_scale;               /* no pitch outside the key */
  const AriettaFillPart *parts;           /* who plays, all new tracks; none: as the style has it */
  guint           n_parts;
  gboolean        with_melody;            /* where the style has drums alone, a melody, chords and a bass join them */
  AriettaCopyGuard *guard;                /* bars that copy are drawn anew; NULL: they are not */
  AriettaFilledFunc filled;               /* as bars become whole, where the kind can; NULL: nobody listens */
  gpointer        filled_data;
} AriettaWriteSettings;

/* A new piece.  @random is drawn from in order. Frozen; ARIETTA_LEARNING_ERROR_CANCELLED when stopped. */
AriettaPiece          *arietta_model_write           (AriettaModel                *self,
                                                      const AriettaWriteSettings  *settings,
                                                      AriettaRandom               *random,
                                                      AriettaGoOnFunc              go_on,
                                                      gpointer                     user_data,
                                                      GError                     **error);
/* The melody of @piece, every note and event of its part unchanged, as the first track; the other voices
 * as tracks after it; maps as in @piece. Of @settings key and temperature count. Frozen. */
AriettaPiece          *arietta_model_harmonise       (AriettaModel                *self,
                                                      AriettaPiece                *piece,
                                                      const AriettaWriteSettings  *settings,
                                                      AriettaRandom               *random,
                                                      AriettaGoOnFunc              go_on,
                                                      gpointer                     user_data,
                                                      GError                     **error);

/* @piece with the bars and parts of @settings written anew, everything else as it was. Frozen. */
AriettaPiece          *arietta_model_fill            (AriettaModel                *self,
                                                      AriettaPiece                *piece,
                                                      const AriettaFillSettings   *settings,
                                                      AriettaRandom               *random,
                                                      AriettaGoOnFunc              go_on,
                                                      gpointer                     user_data,
                                                      GError                     **error);

/* What the model looks at while it reads @bar (from 0) of @piece: AriettaAttended of the notes before, as far back
 * as it sees.  For kinds with attention. */
GArray                *arietta_model_attend          (AriettaModel                *self,
                                                      AriettaPiece                *piece,
                                                      guint                        bar,
                                                      GError                     **error) G_GNUC_WARN_UNUSED_RESULT;

/* The chance that training pieces of @style have of it by that measure, in the mean: 0..1; 1 where it
 * is not known. */
double                 arietta_model_get_typical_style (AriettaModel  *self,
                                                       const char     *style);

/* What of a piece the model's kind can hear at all, on its grid: a melody, the drums, everything;
 * NULL: nothing. Frozen. */
AriettaPiece          *arietta_model_hear            (AriettaModel    *self,
                                                      AriettaPiece    *piece) G_GNUC_WARN_UNUSED_RESULT;
/* The passages it learned from, as it heard them, ready for questions; NULL when the file does not say.  Made at the
 * first call, which takes a moment, and kept. */
AriettaCopied         *arietta_model_dup_known       (AriettaModel    *self) G_GNUC_WARN_UNUSED_RESULT;

/* One piece to learn from or to measure on; all borrowed. */
typedef struct
{
  AriettaPiece *piece;
  const char   *name;       /* for sentences and the lines of --per-step */
  const char   *style;      /* "" when unlabelled */
  gboolean      validation; /* learning: only to measure on */
} AriettaExample;

/* --per-step: called for every predicted step in order. */
typedef void (*AriettaStepFunc) (const char *file,
                                 guint       step,
                                 guint       voice,
                                 double      nll,
                                 gboolean    correct,
                                 gpointer    user_data);

/* Figures on given pieces: the object of the command line's "evaluate", keys the kind does not have
 * null. "seen" counts the pieces that were learned from, note for note.  No prediction depends on
 * later steps. */
JsonObject            *arietta_model_evaluate        (AriettaModel          *self,
                                                      const AriettaExample  *examples,
                                                      guint                  n_examples,
                                                      AriettaStepFunc        per_step,
                                                      AriettaGoOnFunc        go_on,
                                                      gpointer               user_data,
                                                      GError               **error);

G_END_DECLS
