#define G_LOG_DOMAIN "arietta-views"

#include "views/arietta-record-list.h"

struct _AriettaRecord
{
  GObject        parent_instance;

  GPtrArray     *records;   /* keeps the record alive */
  gconstpointer  record;
};

G_DEFINE_FINAL_TYPE (AriettaRecord, arietta_record, G_TYPE_OBJECT)

struct _AriettaRecordList
{
  GObject    parent_instance;

  GPtrArray *records;
};

static void arietta_record_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AriettaRecordList, arietta_record_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, arietta_record_list_model_init))

static void
arietta_record_finalize (GObject *object)
{
  AriettaRecord *self = ARIETTA_RECORD (object);

  g_clear_pointer (&self->records, g_ptr_array_unref);

  G_OBJECT_CLASS (arietta_record_parent_class)->finalize (object);
}

static void
arietta_record_class_init (AriettaRecordClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = arietta_record_finalize;
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

gint64
arietta_record_get_id (AriettaRecord *self)
{
  g_return_val_if_fail (ARIETTA_IS_RECORD (self), 0);

  return *(const gint64 *) self->record;
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

  record = g_object_new (ARIETTA_TYPE_RECORD, NULL);
  record->records = g_ptr_array_ref (self->records);
  record->record = g_ptr_array_index (self->records, position);

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
arietta_record_list_take (AriettaRecordList *self,
                          GPtrArray         *records)
{
  g_autoptr(GPtrArray) before = NULL;

  g_return_if_fail (ARIETTA_IS_RECORD_LIST (self));

  before = g_steal_pointer (&self->records);
  self->records = records != NULL ? records : g_ptr_array_new ();
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before->len, self->records->len);
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
