/* What the model is asked for: several suggestions one after another.  The first one is heard as soon as its first bar
 * is there. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-offers-private.h"

#include <glib/gi18n.h>

#include "music/arietta-bar-map.h"
#include "views/arietta-early.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-wish-details.h"

#define N_OFFERS 4
/* Short enough to be read out and typed again. */
#define SEEDS 1000000000

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
  AriettaAssistRequest *request;
  AriettaComposePage   *page;   /* who listens to the first bars; not touched by the worker */
  AriettaJob           *job;    /* the one at work, while it is */
} OfferWork;

static void
offer_work_free (gpointer data)
{
  OfferWork *work = data;

  g_object_unref (work->library);
  arietta_piece_unref (work->piece);
  arietta_assist_request_free (work->request);
  g_clear_object (&work->page);
  g_free (work);
}

static void
early_cb (gpointer      page,
          AriettaJob   *job,
          AriettaPiece *so_far)
{
  AriettaComposePage *self = page;
  AriettaComposeOffers *offers = self->offers;

  /* Closed, finished or asked for something else meanwhile. */
  if (offers != NULL && offers->source != NULL && offers->job == job)
    arietta_compose_page_hear_early (self, so_far);
}

static void
filled_cb (AriettaPiece *so_far,
           guint         n_bars,
           gpointer      user_data)
{
  OfferWork *work = user_data;

  arietta_early_tell (work->page, work->job, so_far, early_cb);
}

static gpointer
offer_in_job (AriettaJob  *job,
              gpointer     data,
              GError     **error)
{
  OfferWork *work = data;

  work->job = job;
  if (work->page != NULL)
    {
      work->request->filled = filled_cb;
      work->request->filled_data = work;
    }

  return arietta_offer_new (work->library, work->piece, work->wish, work->request, job, error);
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
  work->request = arietta_assist_request_copy (offers->request);
  work->request->seed = offers->next_seed++;
  if (arietta_offer_bar_get_n (self->offer_bar) == 0)
    work->page = g_object_ref (self);
  offers->job = arietta_job_new (arietta_wish_get_label (offers->wish), FALSE, FALSE, offer_in_job, work,
                                 offer_work_free);
  arietta_job_queue_add (arietta_session_get_jobs (get_session (self)), offers->job,
                         (GDestroyNotify) arietta_offer_free, offered_cb, g_object_ref (self));
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
  g_autoptr(GArray) tracks = NULL;
  const AriettaNoteRef *refs;
  gint64 start, end;
  int lowest, highest;
  guint n;

  if (!arietta_selection_get_extent (selected, piece, &start, &end, &lowest, &highest))
    return FALSE;

  bars = arietta_bar_map_new (piece);
  offers->request->first_bar = arietta_bar_map_find (bars, start);
  offers->request->n_bars = arietta_bar_map_find (bars, MAX (start, end - 1)) - offers->request->first_bar + 1;
  refs = arietta_selection_get_refs (selected, &n);
  tracks = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < n; i++)
    if (i == 0 || refs[i].track != refs[i - 1].track)
      g_array_append_val (tracks, refs[i].track);
  offers->request->n_tracks = tracks->len;
  offers->request->tracks = (guint *) (gpointer) g_array_free (g_steal_pointer (&tracks), FALSE);

  return TRUE;
}

/* @seed 0: as the panel says. */
static void
ask (AriettaComposePage *self,
     AriettaWish         wish,
     guint64             seed)
{
  AriettaComposeOffers *offers = self->offers;
  gboolean selected;

  if (self->composition == NULL)
    return;

  arietta_compose_page_close_offers (self);
  offers->source = arietta_piece_ref (arietta_composition_get_piece (self->composition));
  offers->wish = wish;
  g_clear_pointer (&offers->request, arietta_assist_request_free);
  offers->request = arietta_wish_details_dup_request (arietta_session_get_settings (get_session (self)), self->tonic,
                                                    self->mode);
  offers->next_seed = seed != 0                    ? seed
                      : offers->request->seed != 0 ? offers->request->seed
                                                   : 1 + arietta_random_below (&offers->random, SEEDS);
  selected = read_selection (self);
  if (wish == ARIETTA_WISH_INFILL && !selected)
    {
      g_clear_pointer (&offers->source, arietta_piece_unref);
      arietta_toast (GTK_WIDGET (self), _("Select some notes of the bars to fill in."));
      return;
    }
  /* Behind the end, or over the whole melody, whatever is selected. */
  if (wish == ARIETTA_WISH_CONTINUE || wish == ARIETTA_WISH_HARMONISE)
    offers->request->first_bar = offers->request->n_bars = 0;
  if (wish != ARIETTA_WISH_INFILL && wish != ARIETTA_WISH_VARY && wish != ARIETTA_WISH_SIMPLIFY &&
      wish != ARIETTA_WISH_RESTYLE)
    offers->request->n_tracks = 0;

  offers->to_come = N_OFFERS;
  arietta_compose_page_focus_roll (self);
  arietta_offer_bar_begin (self->offer_bar, arietta_wish_get_label (wish));
  ask_for_next (self);
}

void
arietta_compose_page_stop_asking (AriettaComposePage *self)
{
  AriettaComposeOffers *offers = self->offers;

  if (offers->job != NULL)
    arietta_job_cancel (offers->job);
  g_clear_object (&offers->job);
  offers->to_come = 0;
  offers->early = FALSE;
}

static void
again_cb (AriettaComposePage *self)
{
  if (self->offers->source == NULL)
    return;

  arietta_compose_page_stop_asking (self);
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
    ask (user_data, wish, 0);
}

void
arietta_compose_page_ask_again (AriettaComposePage *self,
                                AriettaWish         wish,
                                guint64             seed)
{
  ask (self, wish, seed);
}

/* Shift and a letter ask, wherever the keyboard is but in text and in what has popped up; while there is something to
 * decide, numbers, Enter and Escape decide. */
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
  gboolean              asks = (modifiers & all) == GDK_SHIFT_MASK && gtk_widget_get_mapped (GTK_WIDGET (self->roll))
                               && (focus == NULL || gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) == NULL);

  for (guint i = 0; i < G_N_ELEMENTS (keys) && asks; i++)
    if (keyval == keys[i].key)
      {
        ask (self, keys[i].wish, 0);
        return TRUE;
      }

  if (asks && keyval == GDK_KEY_P)
    {
      gtk_widget_activate_action (GTK_WIDGET (self->roll), "page.compose-ahead", NULL);
      return TRUE;
    }
  if ((modifiers & all) == 0 && keyval == GDK_KEY_x && !arietta_offer_bar_is_open (self->offer_bar))
    return gtk_widget_activate_action (GTK_WIDGET (self->roll), "page.compare", NULL);

  if (!arietta_offer_bar_is_open (self->offer_bar) || (modifiers & all) != 0)
    return FALSE;
  if (keyval >= GDK_KEY_1 && keyval <= GDK_KEY_9)
    return arietta_offer_bar_choose (self->offer_bar, keyval - GDK_KEY_1);
  if (keyval >= GDK_KEY_KP_1 && keyval <= GDK_KEY_KP_9)
    return arietta_offer_bar_choose (self->offer_bar, keyval - GDK_KEY_KP_1);
  if (self->offers->wish == ARIETTA_WISH_N && (keyval == GDK_KEY_x || keyval == GDK_KEY_a || keyval == GDK_KEY_b))
    {
      gboolean at_a = self->offers->preview == self->offers->source;

      return arietta_offer_bar_choose (self->offer_bar, keyval == GDK_KEY_b || (keyval == GDK_KEY_x && at_a));
    }
  if (keyval == GDK_KEY_Escape)
    arietta_compose_page_close_offers (self);
  else if ((keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter) && focus == GTK_WIDGET (self->roll))
    arietta_compose_page_accept_offer (self);
  else
    return FALSE;

  return TRUE;
}

/* Made when it is first looked at; what is asked by a key needs only what it remembers. */
static void
make_panel_cb (GtkMenuButton *button,
               gpointer       user_data)
{
  AriettaComposePage *self = user_data;

  if (self->wishes != NULL)
    return;
  self->wishes = g_object_new (ARIETTA_TYPE_WISH_PANEL, NULL);
  arietta_wish_panel_set_session (self->wishes, get_session (self));
  arietta_wish_panel_set_scale (self->wishes, self->tonic, self->mode);
  gtk_menu_button_set_popover (button, GTK_WIDGET (self->wishes));
}

static const GActionEntry actions[] = {
  { .name = "ask", .parameter_type = "s", .activate = ask_cb },
};

void
arietta_compose_page_init_offers (AriettaComposePage *self)
{
  self->offers = g_new0 (AriettaComposeOffers, 1);
  gtk_menu_button_set_create_popup_func (self->ask_button, make_panel_cb, self, NULL);
  /* The clock decides where it begins; from there on seeds are drawn as all chance is. */
  arietta_random_init (&self->offers->random, (guint64) g_get_real_time (), "ask");
  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  arietta_compose_page_init_hearing (self);
  g_signal_connect_swapped (self->offer_bar, "again", G_CALLBACK (again_cb), self);
}

void
arietta_compose_page_dispose_offers (AriettaComposePage *self)
{
  AriettaComposeOffers *offers = self->offers;

  if (offers == NULL)
    return;

  gtk_menu_button_set_create_popup_func (self->ask_button, NULL, NULL, NULL);
  self->wishes = NULL;
  if (offers->job != NULL)
    arietta_job_cancel (offers->job);
  g_clear_object (&offers->job);
  g_clear_pointer (&offers->source, arietta_piece_unref);
  g_clear_pointer (&offers->preview, arietta_piece_unref);
  g_clear_pointer (&offers->request, arietta_assist_request_free);
  g_clear_pointer (&self->offers, g_free);
}
