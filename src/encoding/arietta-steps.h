/* arietta-steps.h - music as one token for each sixteenth
 *
 * A form (AriettaStepForm) says what the tokens mean: those of a melody are described here, those of
 * drums in arietta-drum-steps.h.  All are cut into windows of whole bars alike.
 *
 * Tokens of a melody: 0 hold (what was goes on), 1 silence (a rest begins), 2 .. 89 a note of pitch 21 .. 108
 * begins; so 90 in all.  Beside each onset stands its velocity.  A step after a rest's first is
 * hold too.  Windows are whole by themselves: the first step of a window in the middle of a rest
 * says silence again, while in the middle of a note it says hold.
 *
 * The grid follows the metre map: every bar begins a grid of its own, so a bar has as many steps as
 * it has sixteenths (the last one shorter when the metre does not divide), in any metre.  A pickup
 * is a short bar whose steps carry the positions at the end of a full bar.  Onsets and ends go to
 * the nearest step; where two notes meet on one step the later wins.
 *
 * Key: tokens are shifted by `transposition` semitones (-6 .. 5), which brings the tonic to C,
 * major or minor; a melody that would leave the pitch range is moved by octaves as a whole.  Notes
 * still outside are lost and counted.
 *
 * Threads: an AriettaSteps is immutable.
 */
#pragma once

#include "analysis/arietta-kept.h"
#include "music/arietta-piece.h"
#include "music/arietta-pitch.h"

G_BEGIN_DECLS

#define ARIETTA_STEPS_HOLD        0
#define ARIETTA_STEPS_SILENCE     1
#define ARIETTA_STEPS_FIRST_NOTE  2
#define ARIETTA_STEPS_LOWEST      21
#define ARIETTA_STEPS_HIGHEST     108
#define ARIETTA_STEPS_N_TOKENS                                                                     \
  (ARIETTA_STEPS_FIRST_NOTE + ARIETTA_STEPS_HIGHEST - ARIETTA_STEPS_LOWEST + 1)
/* Two bars of 4/2; also the positions in a bar that are told apart. */
#define ARIETTA_STEPS_MAX_SHORT   64
/* Sixteen bars of 3/2; also the most cells. */
#define ARIETTA_STEPS_MAX         384
#define ARIETTA_STEPS_MAX_VOICES  4
#define ARIETTA_STEPS_MAX_BARS    16

/* Velocities are learned as deviation from the middle. */
#define ARIETTA_STEPS_VELOCITY_MIDDLE 80.0f
#define ARIETTA_STEPS_VELOCITY_SCALE  32.0f

/* How the drums of a step were hit, by class (arietta-drum-steps.h). */
#define ARIETTA_STEPS_N_DRUMS     9
typedef struct
{
  guint8 velocities[ARIETTA_STEPS_N_DRUMS]; /* 1..127 where hit, else 0 */
  gint8  offsets[ARIETTA_STEPS_N_DRUMS];    /* from the step, -127..127: half a step early .. late */
} AriettaStepHits;

typedef struct
{
  gint64 start_ticks;
  guint  first_bar;
  guint  n_bars;
  guint  n_steps;
  guint  n_voices;
  guint  n_cells;                             /* n_voices n_steps: tokens, one voice after another */
  int    numerator, denominator;              /* of its first bar */
  guint16 bar_steps[ARIETTA_STEPS_MAX_BARS + 1]; /* the first step of each bar, and n_steps */
  guint16 tokens[ARIETTA_STEPS_MAX];          /* of each cell */
  guint8 positions[ARIETTA_STEPS_MAX];        /* of each step: sixteenths since the bar line */
  guint8 velocities[ARIETTA_STEPS_MAX];       /* of each cell, of melodies: 1..127 where a note begins, else 0 */
  AriettaStepHits hits[ARIETTA_STEPS_MAX];    /* drums */
} AriettaStepWindow;

typedef struct _AriettaSteps AriettaSteps;

/* The most attributes of any form. */
#define ARIETTA_STEPS_MAX_ATTRIBUTES 6

/* What a model need know of a kind of tokens. */
typedef struct
{
  guint n_voices;     /* tokens of a step; no more than ARIETTA_STEPS_MAX_VOICES */
  const char * const *voices;  /* their names, for figures; NULL where there is one */
  guint n_tokens;
  guint first_note;   /* tokens from here on: something begins; 0 is always "nothing new" */
  guint n_touches;    /* numbers beside a token that say how it was played */

  /* NULL when the piece has nothing of the kind, or a grid of more than a million steps. */
  AriettaSteps *(*read)        (AriettaPiece            *piece);
  /* NULL: cannot be. FALSE and nothing changed when something would leave the range. */
  gboolean      (*transpose)   (AriettaStepWindow       *window,
                                int                      semitones);
  /* @given[i] 1 where there is such a number, else 0; values are about -1..1. */
  void          (*get_touches) (const AriettaStepWindow *window,
                                guint                    cell,
                                float                   *values,
                                float                   *given);
  /* For the cell's token. */
  void          (*set_touches) (AriettaStepWindow       *window,
                                guint                    cell,
                                const float             *values);

  /* What a musician has words for: names, ending with NULL, and their values of a window's tokens. */
  const char * const *attributes;
  guint         n_attributes;
  void          (*measure)     (const AriettaStepWindow *window,
                                double                  *values);
} AriettaStepForm;

extern const AriettaStepForm arietta_melody_form;

/* The melody of @piece (analysis/arietta-melody.h) on its grid, shifted so that @key's tonic
 * becomes C; no shift without a key.  NULL when there is no melody, or a grid of more than a
 * million steps. */
AriettaSteps    *arietta_steps_new               (AriettaPiece      *piece,
                                                  AriettaTonality    key) G_GNUC_WARN_UNUSED_RESULT;
void             arietta_steps_free              (AriettaSteps      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaSteps, arietta_steps_free)

guint            arietta_steps_get_n_bars        (AriettaSteps      *self);
gboolean         arietta_steps_has_pickup        (AriettaSteps      *self);
AriettaTonality  arietta_steps_get_key           (AriettaSteps      *self);
/* Semitones that were added. */
int              arietta_steps_get_transposition (AriettaSteps      *self);
/* Notes of the melody, and those of them outside the range. */
guint            arietta_steps_get_n_notes       (AriettaSteps      *self);
guint            arietta_steps_get_n_lost        (AriettaSteps      *self);

/* Steps of @n_bars bars from @first_bar on, which are there. */
guint            arietta_steps_count             (AriettaSteps      *self,
                                                  guint              first_bar,
                                                  guint              n_bars);
/* Cuts out @n_bars bars from @first_bar.  FALSE when they are longer than ARIETTA_STEPS_MAX cells,
 * more than ARIETTA_STEPS_MAX_BARS or past the end. */
gboolean         arietta_steps_get_window        (AriettaSteps      *self,
                                                  guint              first_bar,
                                                  guint              n_bars,
                                                  AriettaStepWindow *window);
/* TRUE when a note begins in it. */
gboolean         arietta_step_window_has_onset   (const AriettaStepForm   *form,
                                                  const AriettaStepWindow *window);
/* The velocity (1..127) that a touch stands for. */
guint8           arietta_steps_velocity_from_touch (float          value);
/* Moves every pitch of a melody; FALSE and nothing changed when one would leave the range. */
gboolean         arietta_step_window_transpose   (AriettaStepWindow *window,
                                                  int                semitones);
/* Fills n_steps and positions for @n_bars bars of a metre, all cells hold; for windows made from
 * nothing. */
gboolean         arietta_step_window_init        (AriettaStepWindow *window,
                                                  guint              n_voices,
                                                  int                numerator,
                                                  int                denominator,
                                                  guint              n_bars);

/* The semitones that bring the key's tonic to C: -6 .. 5; 0 without a key. */
int              arietta_steps_shift_for_key     (AriettaTonality    key);

/* The other way: the notes of tokens in a row.  Step i begins at starts[i]; starts has n + 1
 * entries.  @shift is added to each pitch.  Hold before any note is silence.  Velocity 0 becomes
 * 80.  Appends to @notes. */
void             arietta_steps_to_notes          (const guint16     *tokens,
                                                  const guint8      *velocities,
                                                  const gint64      *starts,
                                                  guint              n,
                                                  int                shift,
                                                  int                program,
                                                  int                channel,
                                                  GArray            *notes);

/* The piece through steps and back: its melody alone, on the grid. NULL and *kept all zero without
 * a melody. */
AriettaPiece    *arietta_steps_round_trip        (AriettaPiece      *piece,
                                                  AriettaKept       *kept);

G_END_DECLS
