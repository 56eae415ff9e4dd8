/* What the model is asked for, and its suggestions: heard in place one after another, then taken or put back.
 *
 * While one is heard the stand shows a piece that is not in the history yet; nothing is lost by closing. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "music/arietta-bar-map.h"
#include "studio/arietta-offer.h"
#include "studio/arietta-provenance.h"
#include "views/arietta-error-presenter.h"

#define N_OFFERS 4

struct _AriettaComposeOffers
{
  AriettaPiece         *source;    /* what is in the history; NULL when nothing is asked */
  AriettaPiece         *preview;   /* what is on the stand instead; NULL before the first offer */
  AriettaWish           wish;
  AriettaAssistRequest  request;
  GArray               *tracks;    /* guint, the request's */
  guint64               next_seed; /* never the same twice while the page lives */
  guint                 to_come;
  AriettaJob           *job;
};

static AriettaSession *
get_session (AriettaComposePage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

/* --- making --- */

typedef struct
{
  AriettaLibrary       *library;
  AriettaPiece         *piece;
  AriettaWish           wish;
  AriettaAssistRequest  request;
  GArray               *tracks;
} OfferWork;

static void
offer_work_free (gpointer data)
{
  OfferWork *work = data;

  g_object_unref (work->library);
  arietta_piece_unref (work->piece);
  g_array_unref (work->tracks);
  g_free (work);
}

static gpointer
offer_in_job (AriettaJob  *job,
              gpointer     data,
              GError     **error)
{
  OfferWork *work = data;

  return arietta_offer_new (work->library, work->piece, work->wish, &work->request, job, error);
}

static void ask_for_next (AriettaComposePage *self);

static void
offered_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(AriettaComposePage) self = user_data;
  AriettaComposeOffers *offers = self->offers;
  g_autoptr(GError) error = NULL;
  AriettaOffer *offer = arietta_job_run_finish (ARIETTA_JOB (source), result, &error);

  /* Closed, or asked for something else meanwhile. */
  if (offers == NULL || offers->job != ARIETTA_JOB (source))
    {
      arietta_offer_free (offer);
      return;
    }

  g_clear_object (&offers->job);
  if (offer == NULL)
    {
      arietta_offer_bar_end (self->offer_bar);
      if (arietta_offer_bar_get_n (self->offer_bar) == 0)
        arietta_compose_page_close_offers (self);
      arietta_present_error (GTK_WIDGET (self), error);
      return;
    }
  arietta_offer_bar_take (self->offer_bar, offer);
  ask_for_next (self);
}

static void
ask_for_next (AriettaComposePage *self)
{
  AriettaComposeOffers *offers = self->offers;
  OfferWork *work;

  if (offers->to_come == 0)
    {
      arietta_offer_bar_end (self->offer_bar);
      return;
    }

  offers->to_come--;
  work = g_new0 (OfferWork, 1);
  work->library = g_object_ref (arietta_session_get_library (get_session (self)));
  work->piece = arietta_piece_ref (offers->source);
  work->wish = offers->wish;
  work->request = offers->request;
  work->request.seed = ++offers->next_seed;
  work->tracks = g_array_ref (offers->tracks);
  work->request.tracks = (const guint *) (gpointer) work->tracks->data;
  work->request.n_tracks = work->tracks->len;
  offers->job = arietta_job_new (arietta_wish_get_label (offers->wish), FALSE, FALSE, offer_in_job, work,
                                 offer_work_free);
  arietta_job_queue_add (arietta_session_get_jobs (get_session (self)), offers->job,
                         (GDestroyNotify) arietta_offer_free, offered_cb, g_object_ref (self));
}

/* --- hearing --- */

static void
show_chosen (AriettaComposePage *self)
{
  AriettaComposeOffers *offers = self->offers;
  AriettaOffer *offer = arietta_offer_bar_get_chosen (self->offer_bar);
  const guint8 *taken;

  if (offer == NULL)
    return;

  g_clear_pointer (&offers->preview, arietta_piece_unref);
  taken = arietta_offer_bar_get_taken (self->offer_bar);
  /* As the worker made it, unless bars are left out. */
  offers->preview = taken == NULL || memchr (taken, 0, offer->n_bars) == NULL
                      ? arietta_piece_ref (offer->piece)
                      : arietta_offer_merge (offers->source, offer->piece, offer->first_bar, taken, offer->n_bars);
  arietta_piano_roll_set_editable (self->roll, FALSE);
  arietta_session_change_piece (get_session (self), offers->preview);
}

/* From where the model wrote, so that the ear compares like with like. */
static void
chosen_cb (AriettaComposePage *self)
{
  AriettaOffer *offer = arietta_offer_bar_get_chosen (self->offer_bar);
  AriettaPlayer *player = arietta_session_get_player (get_session (self));
  g_autoptr(AriettaBarMap) bars = NULL;
  gint64 start;
  gboolean playing;

  show_chosen (self);
  bars = arietta_bar_map_new (offer->piece);
  start = arietta_bar_map_get_start (bars, offer->first_bar);
  arietta_piano_roll_show_range (self->roll, start,
                                 arietta_bar_map_get_start (bars, offer->first_bar + offer->n_bars), -1);
  arietta_player_seek (player, start);
  g_object_get (player, "playing", &playing, NULL);
  if (!playing)
    arietta_session_toggle (get_session (self));
}

static void
stop_asking (AriettaComposePage *self)
{
  AriettaComposeOffers *offers = self->offers;

  if (offers->job != NULL)
    arietta_job_cancel (offers->job);
  g_clear_object (&offers->job);
  offers->to_come = 0;
}

/* The bar goes; what is on the stand is the caller's matter. */
static AriettaPiece *
end_offers (AriettaComposePage *self)
{
  AriettaComposeOffers *offers = self->offers;
  AriettaPiece *source = g_steal_pointer (&offers->source);

  stop_asking (self);
  g_clear_pointer (&offers->preview, arietta_piece_unref);
  arietta_offer_bar_close (self->offer_bar);
  arietta_piano_roll_set_editable (self->roll, self->composition != NULL);

  return source;
}

void
arietta_compose_page_close_offers (AriettaComposePage *self)
{
  g_autoptr(AriettaPiece) source = NULL;
  gboolean heard;

  if (self->offers->source == NULL)
    return;

  heard = self->offers->preview != NULL;
  source = end_offers (self);
  if (heard)
    arietta_session_change_piece (get_session (self), source);
}

static void
accepted_cb (AriettaComposePage *self)
{
  AriettaOffer *offer = arietta_offer_bar_get_chosen (self->offer_bar);
  g_autoptr(AriettaPiece) source = NULL, taken = NULL;
  g_autofree char *maker = NULL;
  AriettaWish wish = self->offers->wish;

  if (offer == NULL || self->offers->preview == NULL)
    return;

  taken = arietta_provenance_extend (self->offers->preview, offer->maker);
  maker = g_strdup (offer->maker);
  source = end_offers (self);
  if (!arietta_composition_step (self->composition, arietta_wish_get_label (wish), maker, taken))
    arietta_session_change_piece (get_session (self), source);
}

gboolean
arietta_compose_page_is_offer (AriettaComposePage *self,
                               AriettaPiece       *piece)
{
  return self->offers != NULL && piece != NULL && piece == self->offers->preview;
}

void
arietta_compose_page_leave_offers (AriettaComposePage *self)
{
  g_autoptr(AriettaPiece) source = NULL;

  if (self->offers != NULL && self->offers->source != NULL)
    source = end_offers (self);
}

/* --- asking --- */

/* Bars and tracks of what is selected; FALSE without a selection. */
static gboolean
read_selection (AriettaComposePage *self)
{
  AriettaComposeOffers *offers = self->offers;
  AriettaPiece *piece = offers->source;
  AriettaSelection *selected = arietta_piano_roll_get_selection (self->roll);
  g_autoptr(AriettaBarMap) bars = NULL;
  const AriettaNoteRef *refs;
  gint64 start, end;
  int lowest, highest;
  guint n;

  if (!arietta_selection_get_extent (selected, piece, &start, &end, &lowest, &highest))
    return FALSE;

  bars = arietta_bar_map_new (piece);
  offers->request.first_bar = arietta_bar_map_find (bars, start);
  offers->request.n_bars = arietta_bar_map_find (bars, MAX (start, end - 1)) - offers->request.first_bar + 1;
  refs = arietta_selection_get_refs (selected, &n);
  for (guint i = 0; i < n; i++)
    if (i == 0 || refs[i].track != refs[i - 1].track)
      g_array_append_val (offers->tracks, refs[i].track);

  return TRUE;
}

static void
ask (AriettaComposePage *self,
     AriettaWish         wish)
{
  AriettaComposeOffers *offers = self->offers;
  GSettings *settings = arietta_session_get_settings (get_session (self));
  gboolean selected;

  if (self->composition == NULL)
    return;

  arietta_compose_page_close_offers (self);
  offers->source = arietta_piece_ref (arietta_composition_get_piece (self->composition));
  offers->wish = wish;
  offers->request = (AriettaAssistRequest) ARIETTA_ASSIST_REQUEST_INIT;
  offers->request.adventure = g_settings_get_double (settings, "compose-adventure");
  offers->request.amount = g_settings_get_double (settings, "compose-amount");
  g_array_unref (offers->tracks);
  offers->tracks = g_array_new (FALSE, FALSE, sizeof (guint));
  selected = read_selection (self);
  if (wish == ARIETTA_WISH_INFILL && !selected)
    {
      g_clear_pointer (&offers->source, arietta_piece_unref);
      arietta_toast (GTK_WIDGET (self), _("Select some notes of the bars to fill in."));
      return;
    }
  /* Behind the end, or over the whole melody, whatever is selected. */
  if (wish == ARIETTA_WISH_CONTINUE || wish == ARIETTA_WISH_HARMONISE)
    offers->request.first_bar = offers->request.n_bars = 0;
  if (wish != ARIETTA_WISH_INFILL && wish != ARIETTA_WISH_VARY && wish != ARIETTA_WISH_SIMPLIFY &&
      wish != ARIETTA_WISH_RESTYLE)
    g_array_set_size (offers->tracks, 0);

  offers->to_come = N_OFFERS;
  arietta_offer_bar_begin (self->offer_bar, arietta_wish_get_label (wish));
  ask_for_next (self);
}

static void
again_cb (AriettaComposePage *self)
{
  if (self->offers->source == NULL)
    return;

  stop_asking (self);
  arietta_offer_bar_begin (self->offer_bar, arietta_wish_get_label (self->offers->wish));
  self->offers->to_come = N_OFFERS;
  ask_for_next (self);
}

static void
ask_cb (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       user_data)
{
  AriettaWish wish = arietta_wish_find (g_variant_get_string (parameter, NULL));

  if (wish < ARIETTA_WISH_N)
    ask (user_data, wish);
}

/* Shift and a letter ask; while there is something to decide, numbers, Enter and Escape decide. */
gboolean
arietta_compose_page_offer_key (AriettaComposePage *self,
                                GtkWidget          *focus,
                                guint               keyval,
                                GdkModifierType     modifiers)
{
  static const struct
  {
    guint       key;
    AriettaWish wish;
  } keys[] = {
    { GDK_KEY_C, ARIETTA_WISH_CONTINUE }, { GDK_KEY_F, ARIETTA_WISH_INFILL }, { GDK_KEY_V, ARIETTA_WISH_VARY },
    { GDK_KEY_H, ARIETTA_WISH_HARMONISE }, { GDK_KEY_M, ARIETTA_WISH_MELODY }, { GDK_KEY_B, ARIETTA_WISH_BASS },
    { GDK_KEY_R, ARIETTA_WISH_DRUMS }, { GDK_KEY_A, ARIETTA_WISH_ARRANGE },
    { GDK_KEY_S, ARIETTA_WISH_SIMPLIFY },  { GDK_KEY_Y, ARIETTA_WISH_RESTYLE },
  };
  const GdkModifierType all = GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK | GDK_SUPER_MASK;

  if (focus == GTK_WIDGET (self->roll) && (modifiers & all) == GDK_SHIFT_MASK)
    for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
      if (keyval == keys[i].key)
        {
          ask (self, keys[i].wish);
          return TRUE;
        }

  if (!arietta_offer_bar_is_open (self->offer_bar) || (modifiers & all) != 0)
    return FALSE;
  if (keyval >= GDK_KEY_1 && keyval <= GDK_KEY_9)
    return arietta_offer_bar_choose (self->offer_bar, keyval - GDK_KEY_1);
  if (keyval >= GDK_KEY_KP_1 && keyval <= GDK_KEY_KP_9)
    return arietta_offer_bar_choose (self->offer_bar, keyval - GDK_KEY_KP_1);
  if (keyval == GDK_KEY_Escape)
    arietta_compose_page_close_offers (self);
  else if ((keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter) && focus == GTK_WIDGET (self->roll))
    accepted_cb (self);
  else
    return FALSE;

  return TRUE;
}

static const GActionEntry actions[] = {
  { .name = "ask", .parameter_type = "s", .activate = ask_cb },
};

void
arietta_compose_page_init_offers (AriettaComposePage *self)
{
  self->offers = g_new0 (AriettaComposeOffers, 1);
  self->offers->tracks = g_array_new (FALSE, FALSE, sizeof (guint));
  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  g_signal_connect_swapped (self->offer_bar, "chosen", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (self->offer_bar, "bars-changed", G_CALLBACK (show_chosen), self);
  g_signal_connect_swapped (self->offer_bar, "accepted", G_CALLBACK (accepted_cb), self);
  g_signal_connect_swapped (self->offer_bar, "discarded", G_CALLBACK (arietta_compose_page_close_offers), self);
  g_signal_connect_swapped (self->offer_bar, "again", G_CALLBACK (again_cb), self);
}

void
arietta_compose_page_dispose_offers (AriettaComposePage *self)
{
  AriettaComposeOffers *offers = self->offers;

  if (offers == NULL)
    return;

  if (offers->job != NULL)
    arietta_job_cancel (offers->job);
  g_clear_object (&offers->job);
  g_clear_pointer (&offers->source, arietta_piece_unref);
  g_clear_pointer (&offers->preview, arietta_piece_unref);
  g_array_unref (offers->tracks);
  g_clear_pointer (&self->offers, g_free);
}
