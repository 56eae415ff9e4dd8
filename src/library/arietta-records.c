#include "library/arietta-records.h"

static const char *const split_names[] = { "train", "validation", "test" };

const char *
arietta_split_get_name (AriettaSplit split)
{
  g_return_val_if_fail ((guint) split < G_N_ELEMENTS (split_names), "train");

  return split_names[split];
}

gboolean
arietta_split_parse (const char   *name,
                     AriettaSplit *split)
{
  for (guint i = 0; i < G_N_ELEMENTS (split_names); i++)
    if (g_strcmp0 (name, split_names[i]) == 0)
      {
        *split = (AriettaSplit) i;
        return TRUE;
      }

  return FALSE;
}

void
arietta_item_free (AriettaItem *self)
{
  /* The strings lie behind it in the same block. */
  g_free (self);
}

void
arietta_dataset_free (AriettaDataset *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->styles);
  g_free (self);
}

void
arietta_refusal_free (AriettaRefusal *self)
{
  if (self == NULL)
    return;

  g_free (self->path);
  g_free (self->reason);
  g_free (self);
}

void
arietta_model_record_free (AriettaModelRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->kind);
  g_free (self->folder);
  g_free (self);
}

void
arietta_take_free (AriettaTake *self)
{
  if (self == NULL)
    return;

  g_free (self->title);
  g_free (self->model);
  g_free (self->model_hash);
  g_free (self->settings);
  g_free (self->style);
  g_free (self->note);
  g_free (self);
}

void
arietta_listen_free (AriettaListen *self)
{
  g_free (self);
}
