/* What compose, morph and mix have in common: a result, its name and its statement of origin. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-composed-private.h"

#include <string.h>

#include "studio/arietta-provenance.h"

enum { META = 0xff, META_MARKER = 0x06 };

void
arietta_composed_free (AriettaComposed *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_pointer (&self->take, arietta_take_free);
  g_free (self->maker);
  g_free (self);
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char * const *) a, *(char * const *) b);
}

/* The licences of a model's training data, each once, in the order of the alphabet; NULL without a
 * card. */
static char *
dup_licences (JsonObject *card)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  JsonArray           *rows = arietta_json_get_array (card, "data");

  for (guint i = 0; i < arietta_json_get_length (rows); i++)
    {
      JsonArray *licences = arietta_json_get_array (arietta_json_get_nth_object (rows, i), "licences");

      for (guint k = 0; k < arietta_json_get_length (licences); k++)
        {
          gpointer name = (gpointer) arietta_json_read_text (json_array_get_element (licences, k));

          if (name != NULL && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
            g_ptr_array_add (names, name);
        }
    }
  if (names->len == 0)
    return NULL;

  g_ptr_array_sort (names, compare_texts);
  g_ptr_array_add (names, NULL);

  return g_strjoinv (", ", (char **) names->pdata);
}

AriettaComposed *
arietta_composed_new (AriettaPiece       *notes,
                      const char         *title,
                      AriettaModelInfo   *info,
                      const char         *style,
                      guint64             seed,
                      JsonBuilder        *settings,
                      const char * const *markers,
                      const gint64       *marker_ticks)
{
  AriettaComposed *self = g_new0 (AriettaComposed, 1);
  AriettaPiece    *piece = arietta_piece_copy (notes);
  g_autofree char *licences = dup_licences (info->card);

  self->take = g_new0 (AriettaTake, 1);
  self->take->title = g_strdup (title);
  self->take->model = g_strdup (info->name);
  self->take->model_hash = g_strdup (info->sha256);
  self->take->seed = seed;
  self->take->settings = arietta_json_dup_text (settings);
  self->take->style = g_strdup (style != NULL ? style : "");

  arietta_piece_set_title (piece, title);
  self->maker = arietta_provenance_dup_maker (self->take, licences, !info->bundled);
  arietta_provenance_add (piece, self->maker);
  for (guint i = 0; markers != NULL && markers[i] != NULL; i++)
    arietta_track_add_event (arietta_piece_get_track (piece, 0), marker_ticks[i], META, META_MARKER,
                             0, (const guint8 *) markers[i], (guint32) strlen (markers[i]));

  self->piece = arietta_piece_freeze (piece);
  self->take->seconds = arietta_piece_get_duration_seconds (piece);
  self->take->n_notes = arietta_piece_get_n_notes (piece);

  return self;
}
