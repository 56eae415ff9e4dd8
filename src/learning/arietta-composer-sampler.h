/* arietta-composer-sampler.h - one sequence of a composer as it grows
 *
 * Tokens are given (a prompt) or drawn from what the network says, within the grammar of the events
 * and the limits that were set: scale, range, which parts may play.
 *
 * Threads: one at a time.
 */
#pragma once

#include "learning/arietta-composer-private.h"

G_BEGIN_DECLS

/* By slot, the t of TRACK t. */
typedef struct
{
  int             lowest[ARIETTA_EVENTS_MAX_PARTS];
  int             highest[ARIETTA_EVENTS_MAX_PARTS];
  gboolean        writes[ARIETTA_EVENTS_MAX_PARTS];  /* may be given notes in a bar that is written */
  guint           least[ARIETTA_EVENTS_MAX_PARTS];   /* notes in a bar that is begun, as far as there is room */
  guint           most[ARIETTA_EVENTS_MAX_PARTS];    /* 0: as many as it takes */
  int             bar_positions; /* of the grid, in a bar that is written */
  AriettaTonality scale;        /* none: any pitch */
  gboolean        played;       /* timing off the grid */
  double          temperature;  /* 0: the likeliest */
  double          nucleus;
  double          harmony;      /* how much pitches that sound well with the other parts are preferred; 0: as learned */
  double          heat;         /* added to the temperature; 0: as it is */
  double          recall;       /* how much what stood at the same place of an earlier bar is; 0: as learned */
} AriettaComposerLimits;

typedef struct _AriettaComposerSampler AriettaComposerSampler;

/* Net, limits and random are borrowed. */
AriettaComposerSampler *arietta_composer_sampler_new   (AriettaComposer             *net,
                                                        const AriettaComposerLimits *limits,
                                                        AriettaRandom               *random);
void                    arietta_composer_sampler_free  (AriettaComposerSampler      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaComposerSampler, arietta_composer_sampler_free)

AriettaEventReader     *arietta_composer_sampler_get_reader (AriettaComposerSampler *self);
/* Tokens given and drawn so far, and back to where they were @n, at least 1. */
guint                   arietta_composer_sampler_get_n     (AriettaComposerSampler  *self);
/* How many tokens there are up to the first TRACK of @slot behind @from, it included; @from when there is none. */
guint                   arietta_composer_sampler_find_track (AriettaComposerSampler *self,
                                                            guint                    from,
                                                            guint                    slot);
void                    arietta_composer_sampler_rewind    (AriettaComposerSampler  *self,
                                                            guint                    n);
/* How many tokens the context still holds. */
guint                   arietta_composer_sampler_get_room (AriettaComposerSampler   *self);
/* FALSE when the context is full or the grammar refuses. */
gboolean                arietta_composer_sampler_give  (AriettaComposerSampler      *self,
                                                        AriettaEvent16               token);
/* Draws a token of these sorts and takes it in. FALSE when none may stand here, or the context is
 * full. */
gboolean                arietta_composer_sampler_draw_of (AriettaComposerSampler    *self,
                                                        const AriettaEventSort      *sorts,
                                                        guint                        n_sorts,
                                                        AriettaEvent16              *token);
/* Draws notes until the network ends the cell (in the fills) or the bar (elsewhere); the token that
 * would end it is not taken in. FALSE when the context was full or @go_on said stop. */
gboolean                arietta_composer_sampler_write (AriettaComposerSampler      *self,
                                                        AriettaGoOnFunc              go_on,
                                                        gpointer                     user_data);

G_END_DECLS
