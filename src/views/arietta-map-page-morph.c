/* The path from one point to another, as a take. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-map-page-private.h"

#include <glib/gi18n.h>

#include "studio/arietta-compose.h"
#include "views/arietta-error-presenter.h"

/* Windows of a morph drawn on the map: sixteen bars. */
#define MORPH_WINDOWS 8

static AriettaSession *
get_session (AriettaMapPage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

/* The path glows where its morph sounds, and goes when something else is on the stand. */
static void
update_path_cb (AriettaMapPage *self)
{
  AriettaSession *session = get_session (self);
  AriettaPiece   *piece = arietta_session_get_piece (session);
  gint64          length = piece != NULL ? arietta_piece_get_end_ticks (piece) : 0;

  if (self->morph_take == 0)
    return;

  if (arietta_session_get_take_id (session) != self->morph_take)
    {
      self->morph_take = 0;
      arietta_map_view_set_path (ARIETTA_MAP_VIEW (self->canvas), G_MAXUINT, G_MAXUINT, -1.0);
      return;
    }

  if (gtk_widget_get_mapped (self->canvas) && length > 0)
    arietta_map_view_set_path (ARIETTA_MAP_VIEW (self->canvas), self->morph_from, self->morph_to,
                               (double) arietta_player_get_position (arietta_session_get_player (session)) / length);
}

typedef struct
{
  AriettaLibrary *library;
  gint64          from_item, from_take, to_item, to_take;
} MorphRequest;

static void
morph_request_free (MorphRequest *request)
{
  g_object_unref (request->library);
  g_free (request);
}

static AriettaPiece *
load_point (AriettaLibrary  *library,
            gint64           item,
            gint64           take,
            GError         **error)
{
  return take != 0 ? arietta_library_load_take (library, take, error) : arietta_library_load_item (library, item, error);
}

/* A new take in the library. */
static gpointer
morph_in_thread (AriettaJob  *job,
                 gpointer     data,
                 GError     **error)
{
  MorphRequest           *request = data;
  g_autoptr(AriettaPiece) a = load_point (request->library, request->from_item, request->from_take, error);
  g_autoptr(AriettaPiece) b = a != NULL ? load_point (request->library, request->to_item, request->to_take, error) : NULL;
  g_autoptr(GPtrArray)    morphs = NULL;
  AriettaComposed        *composed;

  if (b == NULL ||
      (morphs = arietta_morph (request->library, NULL, a, b, MORPH_WINDOWS, TRUE, 1, job, error)) == NULL ||
      morphs->len == 0)
    return NULL;

  composed = g_ptr_array_index (morphs, 0);
  if (!arietta_library_add_take (request->library, composed->take, composed->piece, error))
    return NULL;

  return g_ptr_array_steal_index (morphs, 0);
}

static void
morph_done_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(AriettaMapPage)  self = ARIETTA_MAP_PAGE (user_data);
  g_autoptr(GError)          error = NULL;
  g_autoptr(AriettaComposed) composed = arietta_job_run_finish (ARIETTA_JOB (source), result, &error);

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;

  arietta_present_error (GTK_WIDGET (self), error);
  if (composed == NULL)
    return;

  /* The stand first: with it the old path goes. */
  arietta_session_play_take_piece (get_session (self), composed->take->id, composed->piece, composed->take->title, TRUE);
  self->morph_take = composed->take->id;
  update_path_cb (self);
  arietta_toast (GTK_WIDGET (self), _("The morph is a new take on the Compose page"));
}

void
arietta_map_page_morph (AriettaMapPage *self,
                        guint           from,
                        guint           to)
{
  const AriettaMapPoint *a = arietta_map_chart_get_point (self->chart, from);
  const AriettaMapPoint *b = arietta_map_chart_get_point (self->chart, to);
  MorphRequest          *request;
  g_autoptr(AriettaJob)  job = NULL;

  if (a == NULL || b == NULL || a == b)
    return;

  request = g_new0 (MorphRequest, 1);
  request->library = g_object_ref (arietta_session_get_library (get_session (self)));
  self->morph_take = 0;
  self->morph_from = from;
  self->morph_to = to;
  request->from_item = a->item_id;
  request->from_take = a->take_id;
  request->to_item = b->item_id;
  request->to_take = b->take_id;

  job = arietta_job_new (_("Morphing"), FALSE, FALSE, morph_in_thread, request, (GDestroyNotify) morph_request_free);
  arietta_job_queue_add (arietta_session_get_jobs (get_session (self)), job, (GDestroyNotify) arietta_composed_free,
                         morph_done_cb, g_object_ref (self));
}

void
arietta_map_page_init_morph (AriettaMapPage *self)
{
  g_signal_connect_object (get_session (self), "notify::take-id", G_CALLBACK (update_path_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (arietta_session_get_player (get_session (self)), "notify::position-ticks",
                           G_CALLBACK (update_path_cb), self, G_CONNECT_SWAPPED);
}
