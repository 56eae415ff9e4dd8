/* What the model is asked for, and its suggestions: heard in place one after another, then taken or put back.  The first
 * one is heard as soon as its first bar is there.
 *
 * While one is heard the stand shows a piece that is not in the history yet; nothing is lost by closing. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/arietta-random.h"
#include "music/arietta-bar-map.h"
#include "studio/arietta-offer.h"
#include "studio/arietta-provenance.h"
#include "views/arietta-error-presenter.h"

#define N_OFFERS 4
/* Short enough to be read out and typed again. */
#define SEEDS 1000000000

struct _AriettaComposeOffers
{
  AriettaPiece         *source;    /* what is in the history; NULL when nothing is asked */
  AriettaPiece         *preview;   /* what is on the stand instead; NULL before the first offer */
  AriettaWish           wish;
  AriettaAssistRequest *request;   /* NULL before the first was asked */
  AriettaRandom         random;
  guint64               next_seed;
  guint                 to_come;
  gboolean              early;     /* the first one sounds, and is not finished */
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
  AriettaAssistRequest *request;
  AriettaComposePage   *page;   /* who listens to the first bars; not touched by the worker */
  AriettaJob           *job;    /* the one at work, while it is */
} OfferWork;

/* On its way from the worker to the ear. */
typedef struct
{
  AriettaComposePage *page;
  AriettaJob         *job;
  AriettaPiece       *piece;
} Early;

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
early_free (gpointer data)
{
  Early *early = data;

  g_object_unref (early->page);
  g_object_unref (early->job);
  arietta_piece_unref (early->piece);
  g_free (early);
}

static void hear_early (AriettaComposePage *self,
                        AriettaPiece       *piece);

static gboolean
early_cb (gpointer user_data)
{
  Early *early = user_data;
  AriettaComposeOffers *offers = early->page->offers;

  /* Closed, finished or asked for something else meanwhile. */
  if (offers != NULL && offers->source != NULL && offers->job == early->job)
    hear_early (early->page, early->piece);

  return G_SOURCE_REMOVE;
}

static void
filled_cb (AriettaPiece *so_far,
           guint         n_bars,
           gpointer      user_data)
{
  OfferWork *work = user_data;
  Early *early = g_new (Early, 1);

  *early = (Early) { g_object_ref (work->page), g_object_ref (work->job), arietta_piece_ref (so_far) };
  g_idle_add_full (G_PRIORITY_DEFAULT, early_cb, early, early_free);
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

/* --- hearing --- */

static void
show_chosen (AriettaComposePage *self)
{
  AriettaComposeOffers *offers = self->offers;
  AriettaOffer *offer = arietta_offer_bar_get_chosen (self->offer_bar);
  const guint8 *taken;

  if (offer == NULL || offers->source == NULL)
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
play_from (AriettaComposePage *self,
           AriettaPiece       *piece,
           guint               first_bar,
           guint               n_bars)
{
  AriettaPlayer *player = arietta_session_get_player (get_session (self));
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (piece);
  gint64 start = arietta_bar_map_get_start (bars, first_bar);
  gboolean playing;

  arietta_piano_roll_show_range (self->roll, start, arietta_bar_map_get_start (bars, first_bar + n_bars), -1);
  arietta_player_seek (player, start);
  g_object_get (player, "playing", &playing, NULL);
  if (!playing)
    arietta_session_toggle (get_session (self));
}

static void
chosen_cb (AriettaComposePage *self)
{
  AriettaOffer *offer = arietta_offer_bar_get_chosen (self->offer_bar);
  gboolean early = self->offers->early;

  self->offers->early = FALSE;
  show_chosen (self);
  /* What sounds already goes on where it is, and so does what is compared. */
  if (!early && self->offers->wish < ARIETTA_WISH_N)
    play_from (self, offer->piece, offer->first_bar, offer->n_bars);
}

/* The first bars of the first suggestion, and then more of them; the player takes them over without a gap. */
static void
hear_early (AriettaComposePage *self,
            AriettaPiece       *piece)
{
  AriettaComposeOffers *offers = self->offers;
  guint first_bar = offers->request->first_bar;

  g_clear_pointer (&offers->preview, arietta_piece_unref);
  offers->preview = arietta_piece_ref (piece);
  arietta_piano_roll_set_editable (self->roll, FALSE);
  arietta_session_change_piece (get_session (self), offers->preview);
  if (offers->early)
    return;

  offers->early = TRUE;
  if (offers->wish == ARIETTA_WISH_CONTINUE)
    {
      g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (offers->source);

      first_bar = arietta_bar_map_count_sounding (bars, offers->source);
    }
  play_from (self, piece, first_bar, 1);
}

static void
stop_asking (AriettaComposePage *self)
{
  AriettaComposeOffers *offers = self->offers;

  if (offers->job != NULL)
    arietta_job_cancel (offers->job);
  g_clear_object (&offers->job);
  offers->to_come = 0;
  offers->early = FALSE;
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

/* What was accepted, on its way into the library and the history. */
typedef struct
{
  AriettaLibrary     *library;
  AriettaComposition *composition;
  AriettaOffer       *offer;
  AriettaPiece       *source, *taken;
  AriettaWish         wish;
  gint64              parent_id, take_id;
  char               *title;
} Accepted;

static void
accepted_free (gpointer data)
{
  Accepted *accepted = data;

  g_object_unref (accepted->library);
  g_object_unref (accepted->composition);
  arietta_offer_free (accepted->offer);
  arietta_piece_unref (accepted->source);
  arietta_piece_unref (accepted->taken);
  g_free (accepted->title);
  g_free (accepted);
}

static void
keep_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Accepted *accepted = data;
  GError *error = NULL;

  accepted->take_id = arietta_offer_keep (accepted->offer, accepted->library, accepted->wish, accepted->taken,
                                          accepted->title, accepted->parent_id, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* The step is made whether or not the take was kept: the history is another matter. */
static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  AriettaComposePage *self = ARIETTA_COMPOSE_PAGE (source);
  Accepted *accepted = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  g_autofree char *maker = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    arietta_present_error (GTK_WIDGET (self), error);
  maker = arietta_offer_dup_maker (accepted->offer, accepted->take_id);
  if (!arietta_composition_step (accepted->composition, arietta_wish_get_label (accepted->wish), maker,
                                 accepted->taken) && accepted->composition == self->composition)
    arietta_session_change_piece (get_session (self), accepted->source);
  if (accepted->composition == self->composition && self->offers != NULL && self->offers->source == NULL)
    arietta_piano_roll_set_editable (self->roll, TRUE);
}

/* B, or bars of it, instead of what was there; A stays as it is. */
static void
take_compared (AriettaComposePage *self)
{
  AriettaOffer *offer = arietta_offer_bar_get_chosen (self->offer_bar);
  g_autoptr(AriettaPiece) taken = arietta_piece_ref (self->offers->preview), source = NULL;
  g_autofree char *maker = g_strdup (offer->maker);

  source = end_offers (self);
  /* A statement of its own goes along with the whole of B; a mixture says that there was another one. */
  if (maker != NULL && taken != source)
    {
      g_autoptr(AriettaPiece) mixed = arietta_provenance_extend (taken, maker);

      if (arietta_composition_step (self->composition, _("Take from Another"), maker, mixed))
        return;
    }
  arietta_session_change_piece (get_session (self), source);
}

static void
accepted_cb (AriettaComposePage *self)
{
  g_autoptr(GTask) task = NULL;
  Accepted *accepted;

  if (arietta_offer_bar_get_chosen (self->offer_bar) == NULL || self->offers->preview == NULL)
    return;
  if (self->offers->wish == ARIETTA_WISH_N)
    {
      take_compared (self);
      return;
    }

  accepted = g_new0 (Accepted, 1);
  accepted->library = g_object_ref (arietta_session_get_library (get_session (self)));
  accepted->composition = g_object_ref (self->composition);
  accepted->offer = arietta_offer_bar_steal_chosen (self->offer_bar);
  accepted->wish = self->offers->wish;
  accepted->taken = arietta_provenance_extend (self->offers->preview, accepted->offer->maker);
  accepted->parent_id = arietta_composition_get_parent_take (self->composition);
  accepted->title = g_strdup (arietta_composition_get_title (self->composition));
  accepted->source = end_offers (self);
  /* Until it is in the history, and that is soon. */
  arietta_piano_roll_set_editable (self->roll, FALSE);

  task = g_task_new (self, NULL, kept_cb, NULL);
  g_task_set_source_tag (task, accepted_cb);
  g_task_set_task_data (task, accepted, accepted_free);
  g_task_run_in_thread (task, keep_in_thread);
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
  offers->request = arietta_wish_panel_dup_request (arietta_session_get_settings (get_session (self)), self->tonic,
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
    ask (user_data, wish, 0);
}

void
arietta_compose_page_ask_again (AriettaComposePage *self,
                                AriettaWish         wish,
                                guint64             seed)
{
  ask (self, wish, seed);
}

/* Bars of the one may stand beside bars of the other where both have the same ones. */
static gboolean
has_same_bars (AriettaPiece *a,
               AriettaPiece *b)
{
  g_autoptr(AriettaBarMap) left = arietta_bar_map_new (a), right = arietta_bar_map_new (b);
  guint n = MIN (arietta_bar_map_get_n (left), arietta_bar_map_get_n (right));

  if (arietta_piece_get_ticks_per_quarter (a) != arietta_piece_get_ticks_per_quarter (b))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (arietta_bar_map_get_start (left, i) != arietta_bar_map_get_start (right, i))
      return FALSE;

  return TRUE;
}

static AriettaOffer *
make_side (AriettaPiece *piece,
           const char   *title,
           char         *maker,
           guint         n_bars)
{
  AriettaOffer *offer = g_new0 (AriettaOffer, 1);

  offer->piece = arietta_piece_ref (piece);
  offer->n_bars = n_bars;
  offer->maker = maker;
  offer->reason = g_strdup (title);

  return offer;
}

void
arietta_compose_page_compare (AriettaComposePage *self,
                              const AriettaTake  *take,
                              AriettaPiece       *piece)
{
  AriettaComposeOffers *offers = self->offers;
  AriettaPiece *source;
  guint n_bars = 1;
  char *maker;

  if (self->composition == NULL)
    return;

  arietta_compose_page_close_offers (self);
  source = arietta_composition_get_piece (self->composition);
  offers->source = arietta_piece_ref (source);
  offers->wish = ARIETTA_WISH_N;
  if (has_same_bars (source, piece))
    {
      g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (piece);

      n_bars = MAX (arietta_bar_map_count_sounding (bars, piece), 1);
    }
  maker = arietta_offer_dup_take_maker (take);
  arietta_offer_bar_compare (self->offer_bar, _("Compare"));
  arietta_offer_bar_take (self->offer_bar, make_side (source, arietta_composition_get_title (self->composition), NULL, 1));
  arietta_offer_bar_take (self->offer_bar, make_side (piece, take->title, maker, n_bars));
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
          ask (self, keys[i].wish, 0);
          return TRUE;
        }

  if (focus == GTK_WIDGET (self->roll) && (modifiers & all) == GDK_SHIFT_MASK && keyval == GDK_KEY_P)
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
    accepted_cb (self);
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
