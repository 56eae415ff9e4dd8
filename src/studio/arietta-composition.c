#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-composition-private.h"

#include <json-glib/json-glib.h>

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
  SIGNAL_SAVED_AGAIN,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AriettaComposition, arietta_composition, G_TYPE_OBJECT)

static void
write_one (AriettaComposition      *self,
           AriettaCompositionEntry  entry)
{
  _arietta_composition_write (self, &entry, 1);
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
  write_one (self, (AriettaCompositionEntry) { .what = ENTRY_PLACE, .place = place });
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
      g_value_set_boolean (value, _arietta_composition_is_saved (self));
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
  g_clear_pointer (&self->origin, arietta_piece_unref);
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
  signals[SIGNAL_SAVED_AGAIN] = g_signal_new ("saved-again", ARIETTA_TYPE_COMPOSITION, G_SIGNAL_RUN_LAST, 0, NULL,
                                              NULL, NULL, G_TYPE_NONE, 0);
}

static void
arietta_composition_init (AriettaComposition *self)
{
  self->heard = g_strdup ("");
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_project_step_free);
  self->entries = _arietta_composition_entries_new ();
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
  self->origin = arietta_piece_ref (piece);
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

  g_return_val_if_fail (ARIETTA_IS_COMPOSITION (self), FALSE);
  g_return_val_if_fail (label != NULL && after != NULL, FALSE);

  edit = arietta_edit_new_between (self->piece, after);
  return edit != NULL && arietta_composition_step_edit (self, label, maker, after, edit);
}

gboolean
arietta_composition_step_edit (AriettaComposition *self,
                               const char         *label,
                               const char         *maker,
                               AriettaPiece       *after,
                               AriettaEdit        *edit)
{
  g_autoptr(AriettaPiece) before = NULL;
  AriettaCompositionEntry entries[2];
  guint place, n = 0;

  g_return_val_if_fail (ARIETTA_IS_COMPOSITION (self), FALSE);
  g_return_val_if_fail (label != NULL && after != NULL && edit != NULL, FALSE);

  before = arietta_piece_ref (self->piece);
  place = self->place;
  if (place < self->steps->len)
    g_ptr_array_remove_range (self->steps, place, self->steps->len - place);
  g_ptr_array_add (self->steps, _arietta_project_step_new (label, maker, edit));
  set_piece (self, after, place + 1, edit, FALSE);

  if (self->project_id == 0 && _arietta_composition_is_saved (self))
    entries[n++] = (AriettaCompositionEntry) { .what = ENTRY_CREATE, .piece = g_steal_pointer (&before) };
  entries[n++] = (AriettaCompositionEntry) { .what = ENTRY_STEP, .piece = arietta_piece_ref (after), .place = place,
                                             .step = _arietta_project_step_new (label, maker, edit) };
  _arietta_composition_write (self, entries, n);
  return TRUE;
}

void
arietta_composition_keep (AriettaComposition *self)
{
  g_return_if_fail (ARIETTA_IS_COMPOSITION (self));

  if (self->project_id == 0 && _arietta_composition_is_saved (self))
    write_one (self, (AriettaCompositionEntry) { .what = ENTRY_CREATE, .piece = arietta_piece_ref (self->piece) });
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
  write_one (self, (AriettaCompositionEntry) { .what = ENTRY_HEARD, .heard = g_strdup (heard) });
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
