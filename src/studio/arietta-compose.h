/* arietta-compose.h - new takes: compose, morph from one to another, mix styles
 *
 * Plain functions that block: run them in a job.  Same model, request and seed: same notes, byte
 * for byte in the MIDI file.  Every result carries its settings as JSON for the take's row and the
 * file's provenance.
 */
#pragma once

#include "learning/arietta-model.h"
#include "library/arietta-library.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

/* Whoever asks for no other model gets this one where points are moved: to morph, mix styles, draw
 * maps. */
#define ARIETTA_DEFAULT_MODEL "melody-2bar"
/* And to compose this one; where it is not there, the one above. */
#define ARIETTA_DEFAULT_COMPOSER "composer"

typedef struct
{
  const char      *model;         /* name; NULL: arietta_compose_dup_default () */
  guint            bars;          /* 1..256; more than a window follow a plan such as A A' B A'' */
  AriettaTonality  key;           /* none: drawn */
  const char      *style;         /* NULL: any; by models that write pieces as often as they learned it */
  double           style_weight;  /* 0..1 */
  double           adventure;     /* temperature, 0.1..2; 1 as learned */
  int              numerator, denominator; /* metre; 0: 4/4 */
  double           tempo_bpm;     /* 0: drawn in the style's range */
  guint64          seed;
  /* For models that write several parts; others take no notice. */
  int              density;       /* 1 (sparse) .. 10 (dense); 0: open */
  gboolean         in_scale;      /* no pitch outside the key */
  const AriettaFillPart *parts;   /* who plays; none: as the style has it */
  guint            n_parts;
  /* For measuring: all styles alike, and drums alone where the style has no more; else a piece has a
   * melody. */
  gboolean         as_learned;
  /* In the worker, as bars become whole, by models that write them one after another.  A composer may
   * find that a piece is not in its key and write it again: it tells of bars when they are in the key,
   * and of one attempt alone, which may not be the one that stays.  NULL: nobody listens. */
  AriettaFilledFunc filled;
  gpointer         filled_data;
  gboolean         may_copy;      /* what copies is not drawn anew (learning/arietta-copy-guard.h) */
} AriettaComposeRequest;

#define ARIETTA_COMPOSE_REQUEST_INIT \
  { .bars = 8, .key = ARIETTA_TONALITY_NONE, .style_weight = 1.0, .adventure = 1.0, .seed = 1 }

/* One finished take, not yet in the library. */
typedef struct
{
  AriettaPiece *piece;       /* frozen, provenance in it as text */
  AriettaTake  *take;        /* title, model, hash, seed, settings, style; no id */
  char         *maker;       /* JSON: what the model did, see studio/arietta-provenance.h */
  guint         redrawn;     /* by arietta_compose (): how often something was drawn anew because it copied */
} AriettaComposed;

void             arietta_composed_free  (AriettaComposed              *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaComposed, arietta_composed_free)

/* The name of the model that composes for whoever asks for none. */
char            *arietta_compose_dup_default (AriettaLibrary          *library);

AriettaComposed *arietta_compose        (AriettaLibrary               *library,
                                         const AriettaComposeRequest  *request,
                                         AriettaJob                   *job,
                                         GError                      **error);

/* Steps from @a to @b inclusive through latent space (spherical), each as a piece of its own, or
 * with @joined one take that morphs bar by bar. An array of AriettaComposed. */
GPtrArray       *arietta_morph          (AriettaLibrary               *library,
                                         const char                   *model,
                                         AriettaPiece                 *a,
                                         AriettaPiece                 *b,
                                         guint                         steps,
                                         gboolean                      joined,
                                         guint64                       seed,
                                         AriettaJob                   *job,
                                         GError                      **error);

typedef struct
{
  const char *style;         /* or, with @attribute, an attribute of the model's, such as "density" */
  double      weight;        /* 0..1 of what real pieces of the style have of it.  Of an attribute: by
                              * how many deviations more, whatever the strength */
  gboolean    attribute;
} AriettaStyleWeight;

typedef struct
{
  AriettaComposed *composed;
  double           retention_chroma;   /* 0..1, cosine of onset chroma per bar, mean */
  double           retention_contour;  /* 0..1 */
  double           retention_onset_f1; /* 0..1 */
  GHashTable      *arrival;            /* style -> double chance, by the style measure, not the model */
  GHashTable      *arrival_before;     /* the same of the source */
} AriettaMix;

void             arietta_mix_free       (AriettaMix                   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaMix, arietta_mix_free)

/* Latent arithmetic: the windows of the source's melody moved towards the styles, as far as weights
 * and strength ask for (studio/arietta-mix-search.h).  Weight 1 at strength 1 asks for the style as
 * real pieces have it; attributes are added to all windows.  The result has the source's bars,
 * tempo and keys. */
AriettaMix      *arietta_mix            (AriettaLibrary               *library,
                                         const char                   *model,
                                         AriettaPiece                 *source,
                                         const AriettaStyleWeight     *weights,
                                         guint                         n_weights,
                                         double                        strength,
                                         guint64                       seed,
                                         AriettaJob                   *job,
                                         GError                      **error);

/* The styles a model knows, NULL-terminated. */
char           **arietta_compose_list_styles (AriettaLibrary          *library,
                                              const char              *model,
                                              GError                 **error);

/* A dozen example takes by the bundled model, made once per library (fact "examples-made"); what
 * was begun goes on where it stopped.  Stored as takes marked example. */
gboolean         arietta_compose_examples    (AriettaLibrary          *library,
                                              AriettaJob              *job,
                                              GError                 **error);
/* Nor will there be more of them: who removes examples has seen enough. */
gboolean         arietta_compose_end_examples (AriettaLibrary         *library,
                                               GError                **error);

G_END_DECLS
