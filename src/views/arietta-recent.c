#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-recent.h"

#define MAX_RECENT 10

static int
newest_first (gconstpointer a,
              gconstpointer b)
{
  return g_date_time_compare (gtk_recent_info_get_modified ((GtkRecentInfo *) b),
                              gtk_recent_info_get_modified ((GtkRecentInfo *) a));
}

static void
fill_menu (GMenu *menu)
{
  GtkRecentManager *manager = gtk_recent_manager_get_default ();
  GList *infos = g_list_sort (gtk_recent_manager_get_items (manager), newest_first);
  guint n = 0;

  g_menu_remove_all (menu);
  for (GList *link = infos; link != NULL && n < MAX_RECENT; link = link->next)
    {
      GtkRecentInfo *info = link->data;
      g_autoptr(GMenuItem) item = NULL;
      g_auto(GStrv) parts = NULL;
      g_autofree char *label = NULL;

      if (!gtk_recent_info_has_application (info, g_get_application_name ()) ||
          !gtk_recent_info_is_local (info))
        continue;

      /* An underscore in a file's name is no mnemonic. */
      parts = g_strsplit (gtk_recent_info_get_display_name (info), "_", -1);
      label = g_strjoinv ("__", parts);
      item = g_menu_item_new (label, NULL);
      g_menu_item_set_action_and_target (item, "app.open-uri", "s", gtk_recent_info_get_uri (info));
      g_menu_append_item (menu, item);
      n++;
    }
  g_list_free_full (infos, (GDestroyNotify) gtk_recent_info_unref);
}

static void
changed_cb (GMenu *menu)
{
  fill_menu (menu);
}

void
arietta_recent_add (GFile *file)
{
  g_autofree char *uri = NULL;

  g_return_if_fail (G_IS_FILE (file));

  uri = g_file_get_uri (file);
  gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
}

GMenu *
arietta_recent_menu_new (void)
{
  GMenu *menu = g_menu_new ();

  g_signal_connect_object (gtk_recent_manager_get_default (), "changed", G_CALLBACK (changed_cb),
                           menu, G_CONNECT_SWAPPED);
  fill_menu (menu);
  return menu;
}
