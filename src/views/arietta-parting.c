#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-parting.h"

#include <glib/gi18n.h>

#include "studio/arietta-composition.h"
#include "views/arietta-ask.h"

/* Of who is asked: once is enough. */
#define PARTING_KEY "arietta-parting"

typedef struct
{
  GWeakRef            near;
  AriettaLibrary     *library;
  AriettaPartingFunc  go;
  guint               n_waiting;
  GError             *error;      /* the first one */
} Parting;

static void
parting_free (gpointer data)
{
  Parting *parting = data;
  g_autoptr(GtkWidget) near = g_weak_ref_get (&parting->near);

  if (near != NULL)
    g_object_set_data (G_OBJECT (near), PARTING_KEY, NULL);
  g_weak_ref_clear (&parting->near);
  g_object_unref (parting->library);
  g_clear_error (&parting->error);
  g_free (parting);
}

static void
answer_cb (GtkWidget *near,
           gboolean   agreed,
           gpointer   user_data)
{
  Parting *parting = user_data;

  if (!agreed)
    return;
  arietta_composition_abandon_unsaved (parting->library);
  parting->go (near);
}

static void
ask (GtkWidget *near,
     Parting   *parting,
     GPtrArray *unsaved)
{
  g_autofree char *heading = NULL;

  if (unsaved->len == 1)
    heading = g_strdup_printf (_("Changes to “%s” Are Not Saved"), arietta_composition_get_title (unsaved->pdata[0]));
  else
    heading = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Changes to %u Piece Are Not Saved",
                                            "Changes to %u Pieces Are Not Saved", unsaved->len), unsaved->len);
  arietta_ask (near, heading, parting->error->message, _("_Quit Without Them"), TRUE, answer_cb, parting, parting_free);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Parting *parting = user_data;
  g_autoptr(GPtrArray) unsaved = NULL;
  g_autoptr(GtkWidget) near = NULL;

  arietta_composition_save_finish (ARIETTA_COMPOSITION (source), result, parting->error == NULL ? &parting->error : NULL);
  if (--parting->n_waiting > 0)
    return;

  near = g_weak_ref_get (&parting->near);
  unsaved = arietta_composition_list_unsaved (parting->library);
  if (near != NULL && parting->error != NULL && unsaved->len > 0)
    {
      ask (near, parting, unsaved);
      return;
    }
  if (near != NULL)
    {
      AriettaPartingFunc go = parting->go;

      parting_free (parting);
      go (near);
    }
  else
    {
      parting_free (parting);
    }
}

gboolean
arietta_parting_begin (GtkWidget          *near,
                       AriettaLibrary     *library,
                       AriettaPartingFunc  go)
{
  g_autoptr(GPtrArray) unsaved = NULL;
  Parting *parting;

  g_return_val_if_fail (GTK_IS_WIDGET (near), TRUE);
  g_return_val_if_fail (go != NULL, TRUE);

  unsaved = arietta_composition_list_unsaved (library);
  if (unsaved->len == 0)
    return TRUE;
  if (g_object_get_data (G_OBJECT (near), PARTING_KEY) != NULL)
    return FALSE;

  parting = g_new0 (Parting, 1);
  g_weak_ref_init (&parting->near, near);
  parting->library = g_object_ref (library);
  parting->go = go;
  parting->n_waiting = unsaved->len;
  g_object_set_data (G_OBJECT (near), PARTING_KEY, parting);
  for (guint i = 0; i < unsaved->len; i++)
    arietta_composition_save_async (unsaved->pdata[i], saved_cb, parting);
  return FALSE;
}
