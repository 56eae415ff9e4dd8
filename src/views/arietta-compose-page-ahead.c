/* Composing on ahead of the play head, for as long as it plays and the person wants it. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>

#include "base/arietta-random.h"
#include "studio/arietta-ahead.h"
#include "studio/arietta-provenance.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-wish-details.h"

#define SEEDS 1000000000

struct _AriettaComposeAhead
{
  AriettaAhead   ahead;
  AriettaRandom  random;
  guint64        seed;      /* of the next bars */
  gboolean       wanted;
  AriettaJob    *job;       /* writes the next bars */
};

typedef struct
{
  AriettaLibrary       *library;
  AriettaPiece         *piece;
  AriettaAssistRequest *request;
} AheadWork;

static AriettaSession *
get_session (AriettaComposePage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

static void
ahead_work_free (gpointer data)
{
  AheadWork *work = data;

  g_object_unref (work->library);
  arietta_piece_unref (work->piece);
  arietta_assist_request_free (work->request);
  g_free (work);
}

static gpointer
write_in_job (AriettaJob  *job,
              gpointer     data,
              GError     **error)
{
  AheadWork *work = data;

  return arietta_ahead_write (work->library, work->piece, work->request, job, error);
}

static void
set_wanted (AriettaComposePage *self,
            gboolean            wanted)
{
  GAction *action = g_action_map_lookup_action (arietta_page_get_actions (ARIETTA_PAGE (self)), "compose-ahead");

  g_action_change_state (action, g_variant_new_boolean (wanted));
}

/* The bars join what is there now: edits made meanwhile stay. */
static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(AriettaComposePage) self = user_data;
  g_autoptr(GError) error = NULL;
  AriettaOffer *offer = arietta_job_run_finish (ARIETTA_JOB (source), result, &error);
  gboolean mine = self->ahead != NULL && self->ahead->job == ARIETTA_JOB (source);

  if (mine)
    g_clear_object (&self->ahead->job);
  if (mine && offer == NULL)
    {
      set_wanted (self, FALSE);
      arietta_present_error (GTK_WIDGET (self), error);
    }
  else if (mine && self->composition != NULL && self->ahead->wanted)
    {
      g_autoptr(AriettaPiece) joined = arietta_offer_merge (arietta_composition_get_piece (self->composition),
                                                            offer->piece, offer->first_bar, NULL, 0);
      g_autoptr(AriettaPiece) after = arietta_provenance_extend (joined, offer->maker);

      /* The eye is where the ear is, not where the model is. */
      self->step_unseen = TRUE;
      arietta_composition_step (self->composition, _("Compose Ahead"), offer->maker, after);
      self->step_unseen = FALSE;
    }
  arietta_offer_free (offer);
}

static AriettaAssistRequest *
dup_request (AriettaComposePage *self)
{
  return arietta_wish_details_dup_request (arietta_session_get_settings (get_session (self)), self->tonic, self->mode);
}

static void
write_on (AriettaComposePage *self)
{
  AriettaComposeAhead *ahead = self->ahead;
  AheadWork *work = g_new0 (AheadWork, 1);

  work->library = g_object_ref (arietta_session_get_library (get_session (self)));
  work->piece = arietta_piece_ref (ahead->ahead.piece);
  work->request = dup_request (self);
  work->request->seed = ahead->seed++;
  ahead->job = arietta_job_new (_("Compose Ahead"), FALSE, FALSE, write_in_job, work, ahead_work_free);
  arietta_job_queue_add (arietta_session_get_jobs (get_session (self)), ahead->job,
                         (GDestroyNotify) arietta_offer_free, written_cb, g_object_ref (self));
}

/* Some thirty times a second while it plays. */
static void
position_cb (AriettaComposePage *self)
{
  AriettaComposeAhead *ahead = self->ahead;
  AriettaPlayer *player = arietta_session_get_player (get_session (self));
  gboolean loop;

  if (ahead == NULL || !ahead->wanted || ahead->job != NULL || self->composition == NULL ||
      !arietta_player_is_playing (player) || arietta_offer_bar_is_open (self->offer_bar))
    return;
  g_object_get (player, "loop", &loop, NULL);
  if (loop)
    return;

  arietta_ahead_set_piece (&ahead->ahead, arietta_composition_get_piece (self->composition));
  if (arietta_ahead_is_due (&ahead->ahead, arietta_player_get_position (player)))
    write_on (self);
}

static void
ahead_cb (GSimpleAction *action,
          GVariant      *value,
          gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  AriettaComposeAhead *ahead = self->ahead;

  g_simple_action_set_state (action, value);
  ahead->wanted = g_variant_get_boolean (value);
  if (ahead->wanted)
    {
      g_autoptr(AriettaAssistRequest) request = dup_request (self);

      ahead->seed = request->seed != 0 ? request->seed : 1 + arietta_random_below (&ahead->random, SEEDS);
      position_cb (self);
      return;
    }
  if (ahead->job != NULL)
    arietta_job_cancel (ahead->job);
  g_clear_object (&ahead->job);
}

static const GActionEntry actions[] = {
  { .name = "compose-ahead", .state = "false", .change_state = ahead_cb },
};

void
arietta_compose_page_init_ahead (AriettaComposePage *self)
{
  self->ahead = g_new0 (AriettaComposeAhead, 1);
  arietta_random_init (&self->ahead->random, (guint64) g_get_real_time (), "ahead");
  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  g_signal_connect_object (arietta_session_get_player (get_session (self)), "notify::position-ticks",
                           G_CALLBACK (position_cb), self, G_CONNECT_SWAPPED);
}

void
arietta_compose_page_dispose_ahead (AriettaComposePage *self)
{
  if (self->ahead == NULL)
    return;

  if (self->ahead->job != NULL)
    arietta_job_cancel (self->ahead->job);
  g_clear_object (&self->ahead->job);
  arietta_ahead_clear (&self->ahead->ahead);
  g_clear_pointer (&self->ahead, g_free);
}
