#define G_LOG_DOMAIN "arietta-views"

#include "views/arietta-record-list.h"

struct _AriettaRecord
{
  GObject        parent_instance;

  GPtrArray     *records;   /* keeps the record alive */
  gconstpointer  record;
  GHashTable    *places;    /* of the list that fills places anew, or NULL */
  guint          position;
};

G_DEFINE_FINAL_TYPE (AriettaRecord, arietta_record, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _AriettaRecordList
{
  GObject    parent_instance;

  GPtrArray  *records;
  GEqualFunc  same;
  GHashTable *places;   /* position -> AriettaRecord that a view has, borrowed; NULL: places are not filled anew */
};

/* From this many records on, freeing them takes longer than a frame has. */
#define MANY 5000

static void arietta_record_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AriettaRecordList, arietta_record_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, arietta_record_list_model_init))

static void
arietta_record_finalize (GObject *object)
{
  AriettaRecord *self = ARIETTA_RECORD (object);

  if (self->places != NULL && g_hash_table_lookup (self->places, GUINT_TO_POINTER (self->position)) == self)
    g_hash_table_remove (self->places, GUINT_TO_POINTER (self->position));
  g_clear_pointer (&self->places, g_hash_table_unref);
  g_clear_pointer (&self->records, g_ptr_array_unref);

  G_OBJECT_CLASS (arietta_record_parent_class)->finalize (object);
}

static void
arietta_record_class_init (AriettaRecordClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = arietta_record_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", ARIETTA_TYPE_RECORD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
arietta_record_init (AriettaRecord *self)
{
}

gconstpointer
arietta_record_get (AriettaRecord *self)
{
  g_return_val_if_fail (ARIETTA_IS_RECORD (self), NULL);

  return self->record;
}

static GType
arietta_record_list_get_item_type (GListModel *model)
{
  return ARIETTA_TYPE_RECORD;
}

static guint
arietta_record_list_get_n_items (GListModel *model)
{
  return ARIETTA_RECORD_LIST (model)->records->len;
}

static gpointer
arietta_record_list_get_item (GListModel *model,
                              guint       position)
{
  AriettaRecordList *self = ARIETTA_RECORD_LIST (model);
  AriettaRecord     *record;

  if (position >= self->records->len)
    return NULL;
  if (self->places != NULL && (record = g_hash_table_lookup (self->places, GUINT_TO_POINTER (position))) != NULL)
    return g_object_ref (record);

  record = g_object_new (ARIETTA_TYPE_RECORD, NULL);
  record->records = g_ptr_array_ref (self->records);
  record->record = g_ptr_array_index (self->records, position);
  if (self->places != NULL)
    {
      record->places = g_hash_table_ref (self->places);
      record->position = position;
      g_hash_table_insert (self->places, GUINT_TO_POINTER (position), record);
    }

  return record;
}

static void
arietta_record_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = arietta_record_list_get_item_type;
  iface->get_n_items = arietta_record_list_get_n_items;
  iface->get_item = arietta_record_list_get_item;
}

static void
arietta_record_list_finalize (GObject *object)
{
  AriettaRecordList *self = ARIETTA_RECORD_LIST (object);

  g_clear_pointer (&self->records, g_ptr_array_unref);
  g_clear_pointer (&self->places, g_hash_table_unref);

  G_OBJECT_CLASS (arietta_record_list_parent_class)->finalize (object);
}

static void
arietta_record_list_class_init (AriettaRecordListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = arietta_record_list_finalize;
}

static void
arietta_record_list_init (AriettaRecordList *self)
{
  self->records = g_ptr_array_new ();
}

AriettaRecordList *
arietta_record_list_new (void)
{
  return g_object_new (ARIETTA_TYPE_RECORD_LIST, NULL);
}

void
arietta_record_list_set_same (AriettaRecordList *self,
                              GEqualFunc         same)
{
  g_return_if_fail (ARIETTA_IS_RECORD_LIST (self));

  self->same = same;
}

void
arietta_record_list_set_in_place (AriettaRecordList *self)
{
  g_return_if_fail (ARIETTA_IS_RECORD_LIST (self));
  g_return_if_fail (self->places == NULL);

  self->places = g_hash_table_new (NULL, NULL);
}

static int
compare_positions (gconstpointer a,
                   gconstpointer b)
{
  const AriettaRecord *x = *(AriettaRecord * const *) a, *y = *(AriettaRecord * const *) b;

  return x->position < y->position ? -1 : x->position > y->position;
}

/* What the views have of the first @n rows is filled anew, from the top. */
static void
fill_places (AriettaRecordList *self,
             guint              n)
{
  g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter       iter;
  gpointer             record;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, &record))
    g_ptr_array_add (held, g_object_ref (record));
  g_ptr_array_sort (held, compare_positions);
  for (guint i = 0; i < held->len; i++)
    {
      AriettaRecord       *place = held->pdata[i];
      g_autoptr(GPtrArray) before = NULL;
      gconstpointer        was = place->record;

      if (place->position >= n)
        break;
      before = g_steal_pointer (&place->records);
      place->records = g_ptr_array_ref (self->records);
      place->record = self->records->pdata[place->position];
      if (self->same == NULL || !self->same (was, place->record))
        g_signal_emit (place, signals[CHANGED], 0);
    }
}

static void
free_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  /* The task's data go with it, here. */
  g_task_return_boolean (task, TRUE);
}

/* Lets go of @records, elsewhere when they are many. */
static void
let_go (GPtrArray *records)
{
  g_autoptr(GTask) task = NULL;

  if (records->len < MANY)
    {
      g_ptr_array_unref (records);
      return;
    }

  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_name (task, "arietta-record-list");
  g_task_set_task_data (task, records, (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, free_in_thread);
}

void
arietta_record_list_take (AriettaRecordList *self,
                          GPtrArray         *records)
{
  GPtrArray *before;
  guint      start = 0, n_before, n_after;

  g_return_if_fail (ARIETTA_IS_RECORD_LIST (self));

  before = g_steal_pointer (&self->records);
  self->records = records != NULL ? records : g_ptr_array_new ();
  n_before = before->len;
  n_after = self->records->len;

  if (self->places != NULL)
    {
      start = MIN (n_before, n_after);
      fill_places (self, start);
    }
  else if (self->same != NULL)
    {
      while (start < n_before && start < n_after &&
             self->same (before->pdata[start], self->records->pdata[start]))
        start++;
      while (n_before > start && n_after > start &&
             self->same (before->pdata[n_before - 1], self->records->pdata[n_after - 1]))
        n_before--, n_after--;
    }

  if (n_before > start || n_after > start)
    g_list_model_items_changed (G_LIST_MODEL (self), start, n_before - start, n_after - start);
  let_go (before);
}

gconstpointer
arietta_record_list_get (AriettaRecordList *self,
                         guint              position)
{
  g_return_val_if_fail (ARIETTA_IS_RECORD_LIST (self), NULL);

  return position < self->records->len ? g_ptr_array_index (self->records, position) : NULL;
}

guint
arietta_record_list_find (AriettaRecordList *self,
                          gint64             id)
{
  g_return_val_if_fail (ARIETTA_IS_RECORD_LIST (self), G_MAXUINT);

  for (guint i = 0; i < self->records->len; i++)
    if (*(const gint64 *) g_ptr_array_index (self->records, i) == id)
      return i;

  return G_MAXUINT;
}
