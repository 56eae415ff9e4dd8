#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-data-tally.h"

#include <string.h>

typedef struct
{
  guint   pieces, validation_pieces, skipped;
  guint64 counted, validation_counted;
} Row;

struct _AriettaDataTally
{
  GHashTable *rows;   /* style -> Row */
};

AriettaDataTally *
arietta_data_tally_new (void)
{
  AriettaDataTally *self = g_new0 (AriettaDataTally, 1);

  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
arietta_data_tally_free (AriettaDataTally *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->rows);
  g_free (self);
}

void
arietta_data_tally_add (AriettaDataTally *self,
                        const char       *style,
                        guint             n,
                        gboolean          validation)
{
  Row *row = g_hash_table_lookup (self->rows, style);

  if (row == NULL)
    {
      row = g_new0 (Row, 1);
      g_hash_table_insert (self->rows, g_strdup (style), row);
    }

  if (n == 0)
    {
      row->skipped++;
    }
  else if (validation)
    {
      row->validation_pieces++;
      row->validation_counted += n;
    }
  else
    {
      row->pieces++;
      row->counted += n;
    }
}

JsonArray *
arietta_data_tally_to_json (AriettaDataTally *self,
                            AriettaRecipe    *recipe,
                            const char       *counted)
{
  JsonArray        *rows = json_array_new ();
  g_autofree char  *validation_counted = g_strconcat ("validation_", counted, NULL);
  g_autoptr(GList)  names = g_list_sort (g_hash_table_get_keys (self->rows), (GCompareFunc) strcmp);

  for (GList *l = names; l != NULL; l = l->next)
    {
      const Row       *row = g_hash_table_lookup (self->rows, l->data);
      g_autofree char *source = arietta_recipe_dup_source (recipe, l->data);
      JsonObject      *object = json_object_new ();

      json_object_set_string_member (object, "style", l->data);
      json_object_set_int_member (object, "pieces", row->pieces);
      json_object_set_int_member (object, counted, (gint64) row->counted);
      json_object_set_int_member (object, "validation_pieces", row->validation_pieces);
      json_object_set_int_member (object, validation_counted, (gint64) row->validation_counted);
      json_object_set_int_member (object, "skipped", row->skipped);
      if (source != NULL)
        json_object_set_string_member (object, "source", source);
      json_array_add_object_element (rows, object);
    }

  return rows;
}
