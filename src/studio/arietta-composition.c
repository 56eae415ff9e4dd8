#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-composition-private.h"

#include <json-glib/json-glib.h>

/* What is still to be written, in order. */
typedef struct
{
  enum { ENTRY_CREATE, ENTRY_STEP, ENTRY_PLACE, ENTRY_HEARD } what;
  AriettaPiece       *piece;   /* to create with, or after the step */
  AriettaProjectStep *step;
  guint               place;   /* of the step, or to go to */
  char               *heard;
} Entry;

typedef struct
{
  AriettaLibrary *library;
  char           *title;
  gint64          take_id;
  gint64          project_id;
  GPtrArray      *entries;
  guint           n_done;
} Batch;

enum
{
  PROP_0,
  PROP_PIECE,
  PROP_TITLE,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  PROP_UNDO_LABEL,
  PROP_REDO_LABEL,
  PROP_SAVED,
  N_PROPS
};

enum
{
  SIGNAL_STEPPED,
  SIGNAL_SAVE_FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AriettaComposition, arietta_composition, G_TYPE_OBJECT)

static void write_on (AriettaComposition *self);

static AriettaProjectStep *
step_new (const char  *label,
          const char  *maker,
          AriettaEdit *edit)
{
  AriettaProjectStep *step = g_new0 (AriettaProjectStep, 1);

  step->label = g_strdup (label);
  step->maker = g_strdup (maker != NULL ? maker : "");
  step->edit = arietta_edit_ref (edit);
  return step;
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->piece, arietta_piece_unref);
  g_clear_pointer (&entry->step, arietta_project_step_free);
  g_free (entry->heard);
  g_free (entry);
}

static GPtrArray *
entries_new (void)
{
  return g_ptr_array_new_with_free_func (entry_free);
}

static void
batch_free (gpointer data)
{
  Batch *batch = data;

  g_object_unref (batch->library);
  g_ptr_array_unref (batch->entries);
  g_free (batch->title);
  g_free (batch);
}

/* ---- Saving ---- */

static gboolean
write_entry (Batch   *batch,
             Entry   *entry,
             GError **error)
{
  switch (entry->what)
    {
    case ENTRY_CREATE:
      batch->project_id = arietta_library_add_project (batch->library, batch->title, batch->take_id, entry->piece,
                                                       error);
      return batch->project_id != 0;
    case ENTRY_STEP:
      return arietta_library_add_edit (batch->library, batch->project_id, entry->place, entry->step, entry->piece,
                                       error);
    case ENTRY_PLACE:
      return arietta_library_set_place (batch->library, batch->project_id, entry->place, error);
    case ENTRY_HEARD:
      return arietta_library_set_project_heard (batch->library, batch->project_id, entry->heard, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

static void
write_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  Batch *batch = data;
  GError *error = NULL;

  while (batch->n_done < batch->entries->len && error == NULL)
    if (write_entry (batch, g_ptr_array_index (batch->entries, batch->n_done), &error))
      batch->n_done++;

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
is_saved (AriettaComposition *self)
{
  return self->entries->len == 0 && !self->writing;
}

/* Everyone who waits hears how it went. */
static void
answer (AriettaComposition *self,
        const GError       *error)
{
  g_autoptr(GPtrArray) waiting = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++)
    if (error != NULL)
      g_task_return_error (waiting->pdata[i], g_error_copy (error));
    else
      g_task_return_boolean (waiting->pdata[i], TRUE);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  AriettaComposition *self = ARIETTA_COMPOSITION (source);
  Batch *batch = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  self->writing = FALSE;
  if (self->project_id == 0 && batch->project_id != 0)
    {
      self->project_id = batch->project_id;
      _arietta_composition_note (self);
    }

  /* What was not written goes before what came meanwhile. */
  for (guint i = batch->n_done; i < batch->entries->len; i++)
    g_ptr_array_insert (self->entries, (int) (i - batch->n_done), batch->entries->pdata[i]);
  g_ptr_array_set_free_func (batch->entries, NULL);
  for (guint i = 0; i < batch->n_done; i++)
    entry_free (batch->entries->pdata[i]);
  g_ptr_array_set_size (batch->entries, 0);

  if (error != NULL)
    {
      answer (self, error);
      if (!self->told)
        g_signal_emit (self, signals[SIGNAL_SAVE_FAILED], 0, error);
      self->told = TRUE;
      return;
    }

  self->told = FALSE;
  if (self->entries->len > 0)
    {
      write_on (self);
      return;
    }
  answer (self, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SAVED]);
}

static void
write_on (AriettaComposition *self)
{
  g_autoptr(GTask) task = NULL;
  Batch *batch;

  if (self->writing || self->entries->len == 0)
    return;

  batch = g_new0 (Batch, 1);
  batch->library = g_object_ref (self->library);
  batch->title = g_strdup (self->title);
  batch->take_id = self->take_id;
  batch->project_id = self->project_id;
  batch->entries = g_steal_pointer (&self->entries);
  self->entries = entries_new ();
  self->writing = TRUE;

  /* The task holds the composition until all is written. */
  task = g_task_new (self, NULL, written_cb, NULL);
  g_task_set_source_tag (task, write_on);
  g_task_set_task_data (task, batch, batch_free);
  g_task_run_in_thread (task, write_in_thread);
}

static void
add_entry (AriettaComposition *self,
           Entry               entry)
{
  gboolean was_saved = is_saved (self);
  Entry *last = self->entries->len > 0 ? g_ptr_array_index (self->entries, self->entries->len - 1) : NULL;

  /* Of several steps back and forth only the last place counts. */
  if (last != NULL && last->what == ENTRY_PLACE && entry.what == ENTRY_PLACE)
    last->place = entry.place;
  else
    g_ptr_array_add (self->entries, g_memdup2 (&entry, sizeof entry));

  write_on (self);
  if (was_saved)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SAVED]);
}

/* ---- Steps ---- */

static const char *
get_label (AriettaComposition *self,
           gboolean            undo)
{
  guint nth = undo ? self->place - 1 : self->place;

  if (undo ? self->place == 0 : self->place == self->steps->len)
    return NULL;
  return ((AriettaProjectStep *) g_ptr_array_index (self->steps, nth))->label;
}

static void
set_piece (AriettaComposition *self,
           AriettaPiece       *piece,
           guint               place,
           AriettaEdit        *edit,
           gboolean            undo)
{
  g_object_freeze_notify (G_OBJECT (self));
  arietta_piece_ref (piece);
  arietta_piece_unref (self->piece);
  self->piece = piece;
  self->place = place;
  for (guint i = PROP_PIECE; i < PROP_SAVED; i++)
    if (i != PROP_TITLE)
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[SIGNAL_STEPPED], 0, edit, undo);
}

static gboolean
go (AriettaComposition *self,
    gboolean            undo)
{
  g_autoptr(AriettaPiece) piece = NULL;
  AriettaProjectStep *step;
  guint place;

  if (get_label (self, undo) == NULL)
    return FALSE;

  step = g_ptr_array_index (self->steps, undo ? self->place - 1 : self->place);
  place = undo ? self->place - 1 : self->place + 1;
  piece = arietta_edit_apply (step->edit, self->piece, undo);
  g_return_val_if_fail (piece != NULL, FALSE);

  set_piece (self, piece, place, step->edit, undo);
  add_entry (self, (Entry) { .what = ENTRY_PLACE, .place = place });
  return TRUE;
}

/* ---- Overrides ---- */

static void
arietta_composition_get_property (GObject    *object,
                                  guint       id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  AriettaComposition *self = ARIETTA_COMPOSITION (object);

  switch (id)
    {
    case PROP_PIECE:
      g_value_set_boxed (value, self->piece);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_CAN_UNDO:
    case PROP_CAN_REDO:
      g_value_set_boolean (value, get_label (self, id == PROP_CAN_UNDO) != NULL);
      break;
    case PROP_UNDO_LABEL:
    case PROP_REDO_LABEL:
      g_value_set_string (value, get_label (self, id == PROP_UNDO_LABEL));
      break;
    case PROP_SAVED:
      g_value_set_boolean (value, is_saved (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_composition_finalize (GObject *object)
{
  AriettaComposition *self = ARIETTA_COMPOSITION (object);

  _arietta_composition_forget (self);
  g_object_unref (self->library);
  g_free (self->title);
  g_free (self->heard);
  arietta_piece_unref (self->piece);
  g_ptr_array_unref (self->steps);
  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->waiting);

  G_OBJECT_CLASS (arietta_composition_parent_class)->finalize (object);
}

static void
arietta_composition_class_init (AriettaCompositionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = arietta_composition_get_property;
  object_class->finalize = arietta_composition_finalize;

  properties[PROP_PIECE] = g_param_spec_boxed ("piece", NULL, NULL, ARIETTA_TYPE_PIECE, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, flags);
  properties[PROP_UNDO_LABEL] = g_param_spec_string ("undo-label", NULL, NULL, NULL, flags);
  properties[PROP_REDO_LABEL] = g_param_spec_string ("redo-label", NULL, NULL, NULL, flags);
  properties[PROP_SAVED] = g_param_spec_boolean ("saved", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_STEPPED] = g_signal_new ("stepped", ARIETTA_TYPE_COMPOSITION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_BOOLEAN);
  signals[SIGNAL_SAVE_FAILED] = g_signal_new ("save-failed", ARIETTA_TYPE_COMPOSITION, G_SIGNAL_RUN_LAST, 0, NULL,
                                              NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
arietta_composition_init (AriettaComposition *self)
{
  self->heard = g_strdup ("");
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_project_step_free);
  self->entries = entries_new ();
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

/* ---- Public ---- */

AriettaComposition *
arietta_composition_new (AriettaLibrary *library,
                         const char     *title,
                         gint64          take_id,
                         AriettaPiece   *piece)
{
  AriettaComposition *self = g_object_new (ARIETTA_TYPE_COMPOSITION, NULL);

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (library), NULL);
  g_return_val_if_fail (piece != NULL && arietta_piece_is_frozen (piece), NULL);

  self->library = g_object_ref (library);
  self->title = g_strdup (title != NULL ? title : "");
  self->take_id = take_id;
  self->piece = arietta_piece_ref (piece);
  return self;
}

AriettaPiece *
arietta_composition_get_piece (AriettaComposition *self)
{
  g_return_val_if_fail (ARIETTA_IS_COMPOSITION (self), NULL);

  return self->piece;
}

const char *
arietta_composition_get_title (AriettaComposition *self)
{
  g_return_val_if_fail (ARIETTA_IS_COMPOSITION (self), NULL);

  return self->title;
}

gint64
arietta_composition_get_take_id (AriettaComposition *self)
{
  g_return_val_if_fail (ARIETTA_IS_COMPOSITION (self), 0);

  return self->take_id;
}

gint64
arietta_composition_get_parent_take (AriettaComposition *self)
{
  g_return_val_if_fail (ARIETTA_IS_COMPOSITION (self), 0);

  for (guint i = self->place; i-- > 0;)
    {
      const AriettaProjectStep *step = self->steps->pdata[i];
      g_autoptr(JsonNode) maker = *step->maker != '\0' ? json_from_string (step->maker, NULL) : NULL;

      if (maker != NULL && JSON_NODE_HOLDS_OBJECT (maker) &&
          json_object_has_member (json_node_get_object (maker), "take"))
        return json_object_get_int_member_with_default (json_node_get_object (maker), "take", 0);
    }

  return self->take_id;
}

gint64
arietta_composition_get_project_id (AriettaComposition *self)
{
  g_return_val_if_fail (ARIETTA_IS_COMPOSITION (self), 0);

  return self->project_id;
}

gboolean
arietta_composition_step (AriettaComposition *self,
                          const char         *label,
                          const char         *maker,
                          AriettaPiece       *after)
{
  g_autoptr(AriettaEdit) edit = NULL;
  g_autoptr(AriettaPiece) before = NULL;
  guint place;

  g_return_val_if_fail (ARIETTA_IS_COMPOSITION (self), FALSE);
  g_return_val_if_fail (label != NULL && after != NULL, FALSE);

  edit = arietta_edit_new_between (self->piece, after);
  if (edit == NULL)
    return FALSE;

  before = arietta_piece_ref (self->piece);
  place = self->place;
  if (place < self->steps->len)
    g_ptr_array_remove_range (self->steps, place, self->steps->len - place);
  g_ptr_array_add (self->steps, step_new (label, maker, edit));
  set_piece (self, after, place + 1, edit, FALSE);

  if (self->project_id == 0 && !self->writing && self->entries->len == 0)
    g_ptr_array_add (self->entries, g_memdup2 (&(Entry) { .what = ENTRY_CREATE,
                                                          .piece = arietta_piece_ref (before) }, sizeof (Entry)));
  add_entry (self, (Entry) { .what = ENTRY_STEP, .piece = arietta_piece_ref (after),
                             .step = step_new (label, maker, edit), .place = place });
  return TRUE;
}

void
arietta_composition_keep (AriettaComposition *self)
{
  g_return_if_fail (ARIETTA_IS_COMPOSITION (self));

  if (self->project_id == 0 && is_saved (self))
    add_entry (self, (Entry) { .what = ENTRY_CREATE, .piece = arietta_piece_ref (self->piece) });
}

const char *
arietta_composition_get_heard (AriettaComposition *self)
{
  g_return_val_if_fail (ARIETTA_IS_COMPOSITION (self), "");

  return self->heard;
}

void
arietta_composition_set_heard (AriettaComposition *self,
                               const char         *heard)
{
  g_return_if_fail (ARIETTA_IS_COMPOSITION (self) && heard != NULL);

  if (g_str_equal (self->heard, heard))
    return;
  g_free (self->heard);
  self->heard = g_strdup (heard);
  arietta_composition_keep (self);
  add_entry (self, (Entry) { .what = ENTRY_HEARD, .heard = g_strdup (heard) });
}

void
arietta_composition_set_title (AriettaComposition *self,
                               const char         *title)
{
  g_return_if_fail (ARIETTA_IS_COMPOSITION (self) && title != NULL);

  if (g_str_equal (self->title, title))
    return;
  g_free (self->title);
  self->title = g_strdup (title);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

gboolean
arietta_composition_undo (AriettaComposition *self)
{
  g_return_val_if_fail (ARIETTA_IS_COMPOSITION (self), FALSE);

  return go (self, TRUE);
}

gboolean
arietta_composition_redo (AriettaComposition *self)
{
  g_return_val_if_fail (ARIETTA_IS_COMPOSITION (self), FALSE);

  return go (self, FALSE);
}

void
arietta_composition_save_async (AriettaComposition  *self,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (ARIETTA_IS_COMPOSITION (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, arietta_composition_save_async);
  if (is_saved (self))
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  g_ptr_array_add (self->waiting, task);
  write_on (self);
}

gboolean
arietta_composition_save_finish (AriettaComposition  *self,
                                 GAsyncResult        *result,
                                 GError             **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
