#define G_LOG_DOMAIN "arietta-views"

#include "views/arietta-source-list.h"

static void
choice_free (AriettaSourceChoice *choice)
{
  g_free (choice->title);
  g_free (choice->style);
  g_free (choice);
}

static void
add_choice (GPtrArray  *choices,
            gint64      id,
            const char *title,
            const char *style)
{
  AriettaSourceChoice *choice = g_new0 (AriettaSourceChoice, 1);

  choice->id = id;
  choice->title = g_strdup (title);
  choice->style = g_strdup (style);
  g_ptr_array_add (choices, choice);
}

GPtrArray *
arietta_source_list_read (AriettaLibrary  *library,
                          GError         **error)
{
  g_autoptr(GPtrArray) takes = arietta_library_list_takes (library, error);
  g_autoptr(GPtrArray) items = takes != NULL ? arietta_library_list_items (library, 0, NULL, error) : NULL;
  GPtrArray           *choices;

  if (items == NULL)
    return NULL;

  choices = g_ptr_array_new_with_free_func ((GDestroyNotify) choice_free);
  for (guint i = 0; i < takes->len; i++)
    {
      const AriettaTake *take = g_ptr_array_index (takes, i);

      add_choice (choices, -take->id, take->title, take->style);
    }
  for (guint i = 0; i < items->len; i++)
    {
      const AriettaItem *item = g_ptr_array_index (items, i);

      if (item->medium == ARIETTA_MEDIUM_NOTES)
        add_choice (choices, item->id, item->title, item->style);
    }

  return choices;
}

AriettaPiece *
arietta_source_load (AriettaLibrary  *library,
                     gint64           id,
                     GError         **error)
{
  return id < 0 ? arietta_library_load_take (library, -id, error) : arietta_library_load_item (library, id, error);
}
