#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-change.h"

#include <glib/gi18n.h>

#include "views/arietta-ask.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-load.h"

typedef struct
{
  AriettaLibrary      *library;
  const AriettaChange *change;
  GArray              *ids;
  char                *text;
  gboolean             flag;
  char                *toast;   /* of a removal that can be undone, else NULL */
} Order;

static Order *
order_new (AriettaLibrary      *library,
           const AriettaChange *change,
           GArray              *ids,
           const char          *text,
           gboolean             flag)
{
  Order *order = g_atomic_rc_box_new0 (Order);

  order->library = g_object_ref (library);
  order->change = change;
  order->ids = g_array_ref (ids);
  order->text = g_strdup (text);
  order->flag = flag;
  return order;
}

static void
order_clear (Order *order)
{
  g_object_unref (order->library);
  g_array_unref (order->ids);
  g_free (order->text);
  g_free (order->toast);
}

static void
order_unref (Order *order)
{
  g_atomic_rc_box_release_full (order, (GDestroyNotify) order_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Order, order_unref)

/* The order comes back as the result: what follows needs to know what was done. */
static gpointer
make_in_thread (gpointer   data,
                GError   **error)
{
  Order *order = data;

  if (!order->change->make (order->library, (const gint64 *) (void *) order->ids->data, order->ids->len,
                            order->text, order->flag, error))
    return NULL;
  return g_atomic_rc_box_acquire (order);
}

static void
undo_cb (GtkWidget *near,
         gpointer   user_data)
{
  Order *order = user_data;

  arietta_change_make (near, order->library, order->change, order->ids, NULL, FALSE);
}

static void
made_cb (gpointer      owner,
         gpointer      result,
         const GError *error)
{
  g_autoptr(Order) order = result;

  if (order == NULL)
    {
      arietta_present_error (GTK_WIDGET (owner), error);
      return;
    }

  if (order->change->made != NULL && order->ids->len > 0)
    order->change->made (GTK_WIDGET (owner), g_array_index (order->ids, gint64, 0), order->text, order->flag);
  if (order->toast != NULL)
    {
      const char *toast = order->toast;

      arietta_toast_undo (GTK_WIDGET (owner), toast, undo_cb, g_steal_pointer (&order),
                          (GDestroyNotify) order_unref);
    }
}

static void
start (GtkWidget *near,
       Order     *order)
{
  arietta_load_async (near, NULL, make_in_thread, order, (GDestroyNotify) order_unref,
                      (GDestroyNotify) order_unref, made_cb);
}

static void
named_cb (GtkWidget  *near,
          const char *text,
          gpointer    user_data)
{
  Order *order = user_data;

  arietta_change_make (near, order->library, order->change, order->ids, text, FALSE);
}

void
arietta_change_make (GtkWidget           *near,
                     AriettaLibrary      *library,
                     const AriettaChange *change,
                     GArray              *ids,
                     const char          *text,
                     gboolean             flag)
{
  g_return_if_fail (GTK_IS_WIDGET (near));
  g_return_if_fail (change != NULL && ids != NULL);

  start (near, order_new (library, change, ids, text, flag));
}

void
arietta_change_remove (GtkWidget           *near,
                       AriettaLibrary      *library,
                       const AriettaChange *change,
                       GArray              *ids,
                       const char          *toast)
{
  Order *order;

  g_return_if_fail (GTK_IS_WIDGET (near));
  g_return_if_fail (change != NULL && ids != NULL && toast != NULL);

  order = order_new (library, change, ids, NULL, TRUE);
  order->toast = g_strdup (toast);
  start (near, order);
}

void
arietta_change_rename (GtkWidget           *near,
                       AriettaLibrary      *library,
                       const AriettaChange *change,
                       gint64               id,
                       const char          *heading,
                       const char          *label,
                       const char          *name)
{
  g_autoptr(GArray) ids = arietta_change_ids (id);

  g_return_if_fail (GTK_IS_WIDGET (near));

  arietta_ask_text (near, heading, label, name, _("_Rename"), named_cb,
                    order_new (library, change, ids, NULL, FALSE), (GDestroyNotify) order_unref);
}

GArray *
arietta_change_ids (gint64 id)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_val (ids, id);
  return ids;
}
