#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-surprise.h"

#include "base/arietta-error.h"
#include "formats/arietta-midi.h"
#include "music/arietta-bar-map.h"
#include "music/arietta-note-verbs.h"
#include "nn/arietta-safetensors.h"
#include "studio/arietta-studio-error.h"

#include <glib/gi18n.h>

#define HIGHEST_PITCH 127

/* What of “evaluate” is a surprise in nats. */
static const char * const figures[] = { "nll_per_note", "nll_per_token", "surprise_per_step", "elbo_per_step" };

static gboolean
go_on_cb (gpointer user_data)
{
  return arietta_job_check (user_data);
}

gboolean
arietta_surprise_measure (const char            *weights_path,
                          const AriettaExample  *examples,
                          guint                  n_examples,
                          AriettaJob            *job,
                          const char           **figure,
                          double                *nats,
                          GError               **error)
{
  g_autoptr(AriettaModel) model = arietta_model_load (weights_path, error);
  g_autoptr(JsonObject)   results = NULL;

  if (model == NULL)
    return FALSE;
  results = arietta_model_evaluate (model, examples, n_examples, NULL, job != NULL ? go_on_cb : NULL, job, error);
  if (results == NULL)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    if (json_object_has_member (results, figures[i]) && !json_object_get_null_member (results, figures[i]))
      {
        *figure = figures[i];
        *nats = json_object_get_double_member (results, figures[i]);
        return TRUE;
      }

  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, weights_path, NULL,
                     _("“%s” has no figure that says how surprised it is."), weights_path);
  return FALSE;
}

/* --- pieces kept to measure on --- */

static void
example_clear (AriettaExample *example)
{
  arietta_piece_unref (example->piece);
}

GArray *
arietta_examples_new (void)
{
  GArray *examples = g_array_new (FALSE, TRUE, sizeof (AriettaExample));

  g_array_set_clear_func (examples, (GDestroyNotify) example_clear);
  return examples;
}

static void
take_piece (GArray       *examples,
            AriettaPiece *piece)
{
  const char    *title = arietta_piece_get_title (piece);
  AriettaExample example = { .piece = piece, .name = title != NULL ? title : "", .style = "" };

  g_array_append_val (examples, example);
}

static AriettaPiece *
cut_beginning (AriettaPiece *piece,
               guint         n_bars)
{
  g_autoptr(AriettaBarMap)    bars = arietta_bar_map_new (piece);
  gint64                      end = arietta_bar_map_get_start (bars, n_bars);
  g_autoptr(AriettaSelection) rest = arietta_selection_new_in_box (piece, -1, end, G_MAXINT64, 0, HIGHEST_PITCH);

  return arietta_selection_get_n (rest) > 0 ? arietta_notes_remove (piece, rest) : arietta_piece_ref (piece);
}

GArray *
arietta_held_pick (const AriettaExample *examples,
                   guint                 n_examples)
{
  GArray *held = arietta_examples_new ();
  guint   n = MIN (n_examples, ARIETTA_HELD_MOST);

  for (guint i = 0; i < n; i++)
    take_piece (held, cut_beginning (examples[(gsize) i * n_examples / n].piece, ARIETTA_HELD_BARS));

  return held;
}

/* The pieces of a part of the dataset; none in @ids yet. */
static void
list_part (GPtrArray    *items,
           AriettaSplit  part,
           GArray       *ids)
{
  for (guint i = 0; i < items->len; i++)
    {
      const AriettaItem *item = items->pdata[i];
      gboolean           counts = part == ARIETTA_SPLIT_TRAIN ? item->may_train : item->split == part && !item->example;

      if (item->medium == ARIETTA_MEDIUM_NOTES && counts)
        g_array_append_val (ids, item->id);
    }
}

GArray *
arietta_held_pick_from_dataset (AriettaLibrary  *library,
                                gint64           dataset_id,
                                guint            n_bars,
                                gboolean         learned,
                                GError         **error)
{
  g_autoptr(GPtrArray) items = arietta_library_list_items (library, dataset_id, NULL, error);
  g_autoptr(GArray)    ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GArray              *held;
  guint                n;

  if (items == NULL)
    return NULL;

  list_part (items, learned ? ARIETTA_SPLIT_TRAIN : ARIETTA_SPLIT_TEST, ids);
  if (!learned && ids->len == 0)
    list_part (items, ARIETTA_SPLIT_VALIDATION, ids);

  held = arietta_examples_new ();
  n = MIN (ids->len, ARIETTA_HELD_MOST);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(AriettaPiece) piece =
        arietta_library_load_item (library, g_array_index (ids, gint64, (gsize) i * ids->len / n), NULL);

      if (piece != NULL)
        take_piece (held, cut_beginning (piece, n_bars));
    }

  return held;
}

gboolean
arietta_held_save (GArray      *held,
                   const char  *path,
                   GError     **error)
{
  g_autoptr(AriettaSafetensorsWriter) writer = arietta_safetensors_writer_new ();

  for (guint i = 0; i < held->len; i++)
    {
      const AriettaExample *example = &g_array_index (held, AriettaExample, i);
      g_autoptr(GBytes)     bytes = arietta_midi_write_bytes (example->piece, 1, error);
      g_autofree char      *name = g_strdup_printf ("%u %s", i + 1, example->name);

      if (bytes == NULL)
        return FALSE;
      arietta_safetensors_writer_add (writer, name, ARIETTA_DTYPE_U8, 1,
                                      (const gint64[]) { (gint64) g_bytes_get_size (bytes) },
                                      g_bytes_get_data (bytes, NULL));
    }

  return arietta_safetensors_writer_save (writer, path, error);
}

GArray *
arietta_held_load (const char  *path,
                   GError     **error)
{
  g_autoptr(AriettaSafetensors) file = arietta_safetensors_open (path, error);
  g_autoptr(GArray)             held = arietta_examples_new ();

  for (guint i = 0; file != NULL && i < arietta_safetensors_get_n (file); i++)
    {
      const AriettaTensorView *view = arietta_safetensors_get_nth (file, i);
      AriettaPiece            *piece = arietta_midi_read_bytes (view->data, view->n_bytes, view->name, 0, NULL, error);

      if (piece == NULL)
        return NULL;
      take_piece (held, piece);
    }

  return file != NULL ? g_steal_pointer (&held) : NULL;
}

char *
arietta_held_dup_path (const AriettaModelInfo *info)
{
  g_autofree char *file = info->bundled ? g_strconcat (info->name, ".held", NULL) : g_strdup ("held.safetensors");

  return g_build_filename (info->folder, file, NULL);
}
