#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-model-name.h"

#include "studio/arietta-model-list.h"
#include "views/arietta-load.h"

typedef struct
{
  AriettaLibrary *library;
  char           *wished;
} Errand;

typedef struct
{
  char *wished;
  char *free;
} Found;

static void
errand_free (gpointer data)
{
  Errand *errand = data;

  g_object_unref (errand->library);
  g_free (errand->wished);
  g_free (errand);
}

static void
found_free (gpointer data)
{
  Found *found = data;

  g_free (found->wished);
  g_free (found->free);
  g_free (found);
}

static gpointer
find_free (gpointer  data,
           GError  **error)
{
  Errand *errand = data;
  Found  *found = g_new0 (Found, 1);

  found->wished = g_strdup (errand->wished);
  found->free = arietta_models_dup_free_name (errand->library, errand->wished);

  return found;
}

static void
found_cb (gpointer      owner,
          gpointer      result,
          const GError *error)
{
  Found *found = result;

  if (found != NULL && g_str_equal (gtk_editable_get_text (GTK_EDITABLE (owner)), found->wished))
    gtk_editable_set_text (GTK_EDITABLE (owner), found->free);
  g_clear_pointer (&found, found_free);
}

void
arietta_model_name_suggest (GtkWidget      *entry,
                            AriettaLibrary *library,
                            const char     *wished)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->library = g_object_ref (library);
  errand->wished = g_strdup (wished);
  gtk_editable_set_text (GTK_EDITABLE (entry), wished);
  arietta_load_async (entry, NULL, find_free, errand, errand_free, found_free, found_cb);
}
