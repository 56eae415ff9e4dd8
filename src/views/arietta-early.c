#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-early.h"

typedef struct
{
  GObject          *page;
  AriettaJob       *job;
  AriettaPiece     *so_far;
  AriettaEarlyFunc  func;
} Early;

static void
early_free (gpointer data)
{
  Early *early = data;

  g_object_unref (early->page);
  g_object_unref (early->job);
  arietta_piece_unref (early->so_far);
  g_free (early);
}

static gboolean
early_cb (gpointer user_data)
{
  Early *early = user_data;

  early->func (early->page, early->job, early->so_far);
  return G_SOURCE_REMOVE;
}

void
arietta_early_tell (gpointer          page,
                    AriettaJob       *job,
                    AriettaPiece     *so_far,
                    AriettaEarlyFunc  func)
{
  Early *early = g_new (Early, 1);

  *early = (Early) { g_object_ref (page), g_object_ref (job), arietta_piece_ref (so_far), func };
  g_idle_add_full (G_PRIORITY_DEFAULT, early_cb, early, early_free);
}
