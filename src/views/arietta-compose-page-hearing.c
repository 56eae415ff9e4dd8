/* Suggestions heard in place one after another, then taken or put back; and two pieces heard in turn.
 *
 * While one is heard the stand shows a piece that is not in the history yet; nothing is lost by closing. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-offers-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "music/arietta-bar-map.h"
#include "studio/arietta-provenance.h"
#include "views/arietta-error-presenter.h"

static AriettaSession *
get_session (AriettaComposePage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

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
void
arietta_compose_page_hear_early (AriettaComposePage *self,
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

void
arietta_compose_page_focus_roll (AriettaComposePage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self->roll)))
    gtk_widget_grab_focus (GTK_WIDGET (self->roll));
}

/* The bar goes; what is on the stand is the caller's matter. */
static AriettaPiece *
end_offers (AriettaComposePage *self)
{
  AriettaComposeOffers *offers = self->offers;
  AriettaPiece *source = g_steal_pointer (&offers->source);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->offer_bar)))
    arietta_compose_page_focus_roll (self);
  arietta_compose_page_stop_asking (self);
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

void
arietta_compose_page_accept_offer (AriettaComposePage *self)
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
  g_task_set_source_tag (task, arietta_compose_page_accept_offer);
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

/* --- comparing --- */

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
  arietta_compose_page_focus_roll (self);
  arietta_offer_bar_compare (self->offer_bar, _("Compare"));
  arietta_offer_bar_take (self->offer_bar, make_side (source, arietta_composition_get_title (self->composition), NULL, 1));
  arietta_offer_bar_take (self->offer_bar, make_side (piece, take->title, maker, n_bars));
}

void
arietta_compose_page_init_hearing (AriettaComposePage *self)
{
  g_signal_connect_swapped (self->offer_bar, "chosen", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (self->offer_bar, "bars-changed", G_CALLBACK (show_chosen), self);
  g_signal_connect_swapped (self->offer_bar, "accepted", G_CALLBACK (arietta_compose_page_accept_offer), self);
  g_signal_connect_swapped (self->offer_bar, "discarded", G_CALLBACK (arietta_compose_page_close_offers), self);
}
