#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include "library/arietta-project-file.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/arietta-byte-reader.h"
#include "base/arietta-error.h"
#include "base/arietta-json.h"
#include "base/arietta-load.h"
#include "base/arietta-save.h"
#include "formats/arietta-archive.h"
#include "formats/arietta-history-bytes.h"
#include "formats/arietta-midi.h"

#define FORMAT      1
#define MOST_BYTES  ((gsize) 256 * 1024 * 1024)   /* of the file, and of each entry unpacked */
#define MOST_TAKES  64                            /* from the one it began with back to its first ancestor */

/* What a file holds, on its way out or in. */
typedef struct
{
  AriettaProject *project;
  AriettaPiece   *piece;
  GPtrArray      *steps;         /* AriettaProjectStep */
  GPtrArray      *takes;         /* AriettaTake, each the child of the next */
  GPtrArray      *take_pieces;   /* AriettaPiece */
} Contents;

static void
contents_clear (Contents *self)
{
  g_clear_pointer (&self->project, arietta_project_free);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_clear_pointer (&self->takes, g_ptr_array_unref);
  g_clear_pointer (&self->take_pieces, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Contents, contents_clear)

static void
init_takes (Contents *self)
{
  self->takes = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_take_free);
  self->take_pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_piece_unref);
}

/* --- out --- */

/* A take that is gone from the library ends the line; the project stands without it. */
static void
load_takes (Contents       *self,
            AriettaLibrary *library)
{
  gint64 id = self->project->take_id;

  init_takes (self);
  while (id != 0 && self->takes->len < MOST_TAKES)
    {
      g_autoptr(AriettaTake)  take = arietta_library_get_take (library, id, NULL);
      g_autoptr(AriettaPiece) piece = take != NULL ? arietta_library_load_take (library, id, NULL) : NULL;

      if (piece == NULL)
        return;
      id = take->parent_id;
      g_ptr_array_add (self->takes, g_steal_pointer (&take));
      g_ptr_array_add (self->take_pieces, g_steal_pointer (&piece));
    }
}

static char *
describe (const Contents *self)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  arietta_json_int (builder, "format", FORMAT);
  arietta_json_string (builder, "program", "arietta " ARIETTA_VERSION);
  arietta_json_string (builder, "title", self->project->title);
  arietta_json_string (builder, "heard", self->project->heard);
  arietta_json_int (builder, "created_unix", self->project->created_unix);
  arietta_json_int (builder, "changed_unix", self->project->changed_unix);
  arietta_json_int (builder, "place", self->project->place);
  arietta_json_begin_array (builder, "steps");
  for (guint i = 0; i < self->steps->len; i++)
    {
      const AriettaProjectStep *step = self->steps->pdata[i];

      json_builder_begin_object (builder);
      arietta_json_string (builder, "label", step->label);
      arietta_json_string (builder, "maker", step->maker);
      arietta_json_int (builder, "unix_time", step->unix_time);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  arietta_json_begin_array (builder, "takes");
  for (guint i = 0; i < self->takes->len; i++)
    {
      const AriettaTake *take = self->takes->pdata[i];

      json_builder_begin_object (builder);
      arietta_json_string (builder, "title", take->title);
      arietta_json_string (builder, "model", take->model);
      arietta_json_string (builder, "sha256", take->model_hash);
      arietta_json_int (builder, "seed", (gint64) take->seed);
      arietta_json_string (builder, "settings", take->settings);
      arietta_json_string (builder, "style", take->style);
      arietta_json_boolean (builder, "starred", take->starred);
      arietta_json_string (builder, "note", take->note);
      arietta_json_int (builder, "created_unix", take->created_unix);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  return arietta_json_dup_text (builder);
}

static void
add_bytes (AriettaArchiveWriter *writer,
           const char           *entry,
           GBytes               *bytes)
{
  gsize       n;
  const void *data = g_bytes_get_data (bytes, &n);

  arietta_archive_writer_add (writer, entry, data, n);
}

/* All edits one behind the other. */
static GBytes *
pack_edits (GPtrArray  *steps,
            GError    **error)
{
  g_autoptr(GByteArray) out = g_byte_array_new ();

  for (guint i = 0; i < steps->len; i++)
    {
      AriettaProjectStep *step = steps->pdata[i];
      g_autoptr(GBytes)   bytes = arietta_history_write_edit (step->edit, error);
      guint32             length;

      if (bytes == NULL)
        return NULL;
      length = GUINT32_TO_LE ((guint32) g_bytes_get_size (bytes));
      g_byte_array_append (out, (const guint8 *) &length, 4);
      g_byte_array_append (out, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static GBytes *
pack (const Contents  *self,
      GError         **error)
{
  g_autoptr(GPtrArray)  midi = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GBytes)     piece = arietta_midi_write_bytes (self->piece, 1, error);
  g_autoptr(GBytes)     state = piece != NULL ? arietta_history_write_state (self->piece, error) : NULL;
  g_autoptr(GBytes)     edits = state != NULL ? pack_edits (self->steps, error) : NULL;
  g_autofree char      *json = describe (self);
  AriettaArchiveWriter *writer;

  if (edits == NULL)
    return NULL;
  for (guint i = 0; i < self->take_pieces->len; i++)
    {
      GBytes *bytes = arietta_midi_write_bytes (self->take_pieces->pdata[i], 1, error);

      if (bytes == NULL)
        return NULL;
      g_ptr_array_add (midi, bytes);
    }

  writer = arietta_archive_writer_new ();
  arietta_archive_writer_add (writer, "mimetype", ARIETTA_PROJECT_FILE_TYPE, strlen (ARIETTA_PROJECT_FILE_TYPE));
  add_bytes (writer, "piece.mid", piece);
  arietta_archive_writer_add (writer, "project.json", json, strlen (json));
  add_bytes (writer, "history/state", state);
  add_bytes (writer, "history/edits", edits);
  for (guint i = 0; i < midi->len; i++)
    {
      g_autofree char *entry = g_strdup_printf ("takes/%u.mid", i);

      add_bytes (writer, entry, midi->pdata[i]);
    }
  return arietta_archive_writer_finish (writer);
}

gboolean
arietta_project_file_save (AriettaLibrary  *library,
                           gint64           project_id,
                           const char      *path,
                           GError         **error)
{
  g_auto(Contents)  contents = { NULL };
  g_autoptr(GBytes) bytes = NULL;

  contents.piece = arietta_library_load_project (library, project_id, &contents.project, &contents.steps, error);
  if (contents.piece == NULL)
    return FALSE;
  load_takes (&contents, library);
  bytes = pack (&contents, error);

  return bytes != NULL && arietta_save_file (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                             ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_IO, error);
}

/* --- in --- */

typedef struct
{
  const char *name;    /* for sentences */
  const char *bytes;
  gsize       n;
} Source;

static gboolean
refuse (const Source  *source,
        GError       **error)
{
  arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_MALFORMED, source->name, NULL,
                     _("“%s” is no project of Arietta, or it is damaged."), source->name);
  return FALSE;
}

static GBytes *
get_entry (const Source  *source,
           const char    *entry,
           GError       **error)
{
  g_autoptr(GError) problem = NULL;
  GBytes           *bytes = arietta_archive_get (source->bytes, source->n, entry, MOST_BYTES, source->name, &problem);

  if (bytes == NULL && problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else if (bytes == NULL)
    refuse (source, error);
  return bytes;
}

static char *
dup_text (JsonObject *object,
          const char *name)
{
  const char *text = arietta_json_get_text (object, name);

  return g_strdup (text != NULL ? text : "");
}

static gint64
get_int (JsonObject *object,
         const char *name)
{
  return arietta_json_get_int (object, name, 0);
}

static gboolean
get_boolean (JsonObject *object,
             const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN
         && json_node_get_boolean (node);
}

/* The objects of the list @name; what is no object counts as an empty one. */
static GPtrArray *
list_objects (JsonObject *object,
              const char *name)
{
  GPtrArray *objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  JsonArray *array = arietta_json_get_array (object, name);

  for (guint i = 0; i < arietta_json_get_length (array); i++)
    {
      JsonObject *row = arietta_json_get_nth_object (array, i);

      g_ptr_array_add (objects, row != NULL ? json_object_ref (row) : json_object_new ());
    }
  return objects;
}

static gboolean
read_edits (const Source  *source,
            Contents      *contents,
            GPtrArray     *rows,
            GError       **error)
{
  g_autoptr(GBytes) edits = get_entry (source, "history/edits", error);
  AriettaByteReader reader;
  gsize             n;
  const guint8     *data;

  if (edits == NULL)
    return FALSE;

  data = g_bytes_get_data (edits, &n);
  arietta_byte_reader_init (&reader, data, n);
  contents->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_project_step_free);
  for (guint i = 0; i < rows->len; i++)
    {
      guint32             length = arietta_byte_reader_u32le (&reader);
      const guint8       *at = arietta_byte_reader_take (&reader, length);
      g_autoptr(GBytes)   one = at != NULL ? g_bytes_new (at, length) : NULL;
      AriettaProjectStep *step;

      if (one == NULL)
        return refuse (source, error);
      step = g_new0 (AriettaProjectStep, 1);
      g_ptr_array_add (contents->steps, step);
      step->label = dup_text (rows->pdata[i], "label");
      step->maker = dup_text (rows->pdata[i], "maker");
      step->unix_time = get_int (rows->pdata[i], "unix_time");
      step->edit = arietta_history_read_edit (one, source->name, error);
      if (step->edit == NULL)
        return FALSE;
    }
  return arietta_byte_reader_left (&reader) == 0 || refuse (source, error);
}

static gboolean
read_takes (const Source  *source,
            Contents      *contents,
            GPtrArray     *rows,
            GError       **error)
{
  init_takes (contents);
  for (guint i = 0; i < MIN (rows->len, MOST_TAKES); i++)
    {
      JsonObject             *row = rows->pdata[i];
      g_autofree char        *entry = g_strdup_printf ("takes/%u.mid", i);
      g_autoptr(GBytes)       bytes = get_entry (source, entry, error);
      g_autoptr(AriettaPiece) piece = NULL;
      AriettaTake            *take;

      if (bytes != NULL)
        piece = arietta_midi_read_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), source->name,
                                         ARIETTA_MIDI_READ_DEFAULT, NULL, error);
      if (piece == NULL)
        return FALSE;
      take = g_new0 (AriettaTake, 1);
      take->title = dup_text (row, "title");
      take->model = dup_text (row, "model");
      take->model_hash = dup_text (row, "sha256");
      take->seed = (guint64) get_int (row, "seed");
      take->settings = dup_text (row, "settings");
      take->style = dup_text (row, "style");
      take->starred = get_boolean (row, "starred");
      take->note = dup_text (row, "note");
      take->created_unix = get_int (row, "created_unix");
      g_ptr_array_add (contents->takes, take);
      g_ptr_array_add (contents->take_pieces, g_steal_pointer (&piece));
    }
  return TRUE;
}

static gboolean
read_contents (const Source  *source,
               Contents      *contents,
               GError       **error)
{
  g_autoptr(GBytes)    json = get_entry (source, "project.json", error), state = NULL;
  g_autofree char     *text = NULL;
  g_autoptr(JsonNode)  root = NULL;
  g_autoptr(GPtrArray) steps = NULL, takes = NULL;
  JsonObject          *object;
  gint64               place;

  if (json == NULL)
    return FALSE;
  text = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  root = json_from_string (text, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return refuse (source, error);
  object = json_node_get_object (root);
  if (get_int (object, "format") > FORMAT)
    {
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NEWER, source->name, NULL,
                         _("“%s” was saved by a newer Arietta. Open it with that one."), source->name);
      return FALSE;
    }

  steps = list_objects (object, "steps");
  takes = list_objects (object, "takes");
  place = get_int (object, "place");
  contents->project = g_new0 (AriettaProject, 1);
  contents->project->title = dup_text (object, "title");
  contents->project->heard = dup_text (object, "heard");
  contents->project->created_unix = get_int (object, "created_unix");
  contents->project->changed_unix = get_int (object, "changed_unix");
  if (get_int (object, "format") < 1 || place < 0 || place > steps->len)
    return refuse (source, error);
  contents->project->place = (guint) place;

  state = get_entry (source, "history/state", error);
  if (state == NULL)
    return FALSE;
  contents->piece = arietta_history_read_state (state, source->name, error);

  return contents->piece != NULL && read_edits (source, contents, steps, error)
         && read_takes (source, contents, takes, error);
}

/* From the place on to @end; NULL when an edit does not fit. */
static AriettaPiece *
walk (const Contents *contents,
      guint           end)
{
  AriettaPiece *now = arietta_piece_ref (contents->piece);
  guint         place = contents->project->place;

  while (now != NULL && place != end)
    {
      gboolean            undo = place > end;
      AriettaProjectStep *step = contents->steps->pdata[undo ? place - 1 : place];
      AriettaPiece       *next = arietta_edit_apply (step->edit, now, undo);

      arietta_piece_unref (now);
      now = next;
      place = undo ? place - 1 : place + 1;
    }
  return now;
}

/* The same take may be here already: it is known by its notes and what made them. */
static gint64
find_take (AriettaLibrary    *library,
           const AriettaTake *take,
           AriettaPiece      *piece)
{
  g_autoptr(GPtrArray) takes = arietta_library_list_takes (library, NULL);

  for (guint i = 0; takes != NULL && i < takes->len; i++)
    {
      const AriettaTake      *here = takes->pdata[i];
      g_autoptr(AriettaPiece) notes = NULL;

      if (here->seed != take->seed || here->created_unix != take->created_unix
          || g_strcmp0 (here->model_hash, take->model_hash) != 0)
        continue;
      notes = arietta_library_load_take (library, here->id, NULL);
      if (notes != NULL && arietta_piece_equal (notes, piece))
        return here->id;
    }
  return 0;
}

/* The oldest first, so that each has its parent. */
static gboolean
add_takes (Contents        *contents,
           AriettaLibrary  *library,
           GError         **error)
{
  gint64 parent_id = 0;

  for (guint i = contents->takes->len; i-- > 0;)
    {
      AriettaTake  *take = contents->takes->pdata[i];
      AriettaPiece *piece = contents->take_pieces->pdata[i];

      take->id = find_take (library, take, piece);
      take->parent_id = parent_id;
      if (take->id == 0 && !arietta_library_add_take (library, take, piece, error))
        return FALSE;
      parent_id = take->id;
    }
  contents->project->take_id = parent_id;
  return TRUE;
}

gint64
arietta_project_file_open (AriettaLibrary  *library,
                           const char      *path,
                           GError         **error)
{
  const AriettaLoadErrors errors = { ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_IO, ARIETTA_LIBRARY_ERROR_IO,
                                     ARIETTA_LIBRARY_ERROR_IO };
  g_autofree char        *shown = g_filename_display_basename (path);
  g_autoptr(GBytes)       bytes = arietta_load_file (path, MOST_BYTES, &errors, error);
  g_auto(Contents)        contents = { NULL };
  g_autoptr(AriettaPiece) first = NULL, last = NULL;
  g_autoptr(GError)       problem = NULL;
  Source                  source = { shown };
  gint64                  id;

  if (bytes == NULL)
    return 0;
  source.bytes = g_bytes_get_data (bytes, &source.n);
  if (!read_contents (&source, &contents, error))
    return 0;

  first = walk (&contents, 0);
  last = walk (&contents, contents.steps->len);
  if (first == NULL || last == NULL)
    return refuse (&source, error);

  id = arietta_library_find_same_project (library, contents.project, first, contents.steps, &problem);
  if (id != 0)
    return id;
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return 0;
    }
  return add_takes (&contents, library, error)
           ? arietta_library_import_project (library, contents.project, first, contents.piece, contents.steps, error) : 0;
}
