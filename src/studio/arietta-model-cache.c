#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-model-cache.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_MODELS  3
#define N_DIGESTS 256

/* A file as it was when it was read. */
typedef struct
{
  char         *path;
  GStatBuf      facts;
  char         *digest;
  AriettaModel *model;    /* NULL: only the digest is known */
} Entry;

/* The newest first. */
static struct
{
  GMutex     lock;
  GPtrArray *entries;
} cache;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->path);
  g_free (entry->digest);
  g_clear_pointer (&entry->model, arietta_model_unref);
  g_free (entry);
}

static gboolean
same_file (const GStatBuf *a,
           const GStatBuf *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size
         && a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* The entry of @path, moved to the front; one that no longer holds is dropped. With the lock
 * held. */
static Entry *
look_up (const char     *path,
         const GStatBuf *facts)
{
  for (guint i = 0; cache.entries != NULL && i < cache.entries->len; i++)
    {
      Entry *entry = cache.entries->pdata[i];

      if (strcmp (entry->path, path) != 0)
        continue;
      if (!same_file (&entry->facts, facts))
        {
          g_ptr_array_remove_index (cache.entries, i);
          return NULL;
        }

      entry = g_ptr_array_steal_index (cache.entries, i);
      g_ptr_array_insert (cache.entries, 0, entry);
      return entry;
    }

  return NULL;
}

/* Remembers what was read without the lock; another thread may have been faster. */
static void
remember (const char     *path,
          const GStatBuf *facts,
          const char     *digest,
          AriettaModel   *model)
{
  Entry *entry;
  guint  n_models = 0;

  g_mutex_lock (&cache.lock);
  if (cache.entries == NULL)
    cache.entries = g_ptr_array_new_with_free_func (entry_free);

  entry = look_up (path, facts);
  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->path = g_strdup (path);
      entry->facts = *facts;
      entry->digest = g_strdup (digest);
      g_ptr_array_insert (cache.entries, 0, entry);
    }
  if (entry->model == NULL && model != NULL)
    entry->model = arietta_model_ref (model);

  for (guint i = 0; i < cache.entries->len; i++)
    {
      entry = cache.entries->pdata[i];
      if (entry->model != NULL && ++n_models > N_MODELS)
        g_clear_pointer (&entry->model, arietta_model_unref);
    }
  if (cache.entries->len > N_DIGESTS)
    g_ptr_array_set_size (cache.entries, N_DIGESTS);
  g_mutex_unlock (&cache.lock);
}

/* What is known of the file, NULL where nothing is. */
static void
recall (const char      *path,
        const GStatBuf  *facts,
        char           **digest,
        AriettaModel   **model)
{
  const Entry *entry;

  g_mutex_lock (&cache.lock);
  entry = look_up (path, facts);
  *digest = entry != NULL ? g_strdup (entry->digest) : NULL;
  *model = entry != NULL && entry->model != NULL ? arietta_model_ref (entry->model) : NULL;
  g_mutex_unlock (&cache.lock);
}

char *
arietta_model_cache_dup_digest (const char *path)
{
  g_autoptr(AriettaModel) model = NULL;
  g_autoptr(GMappedFile)  mapped = NULL;
  g_autoptr(GBytes)       bytes = NULL;
  GStatBuf                facts = { 0 };
  char                   *digest = NULL;

  if (g_stat (path, &facts) != 0)
    return NULL;

  recall (path, &facts, &digest, &model);
  if (digest != NULL)
    return digest;

  mapped = g_mapped_file_new (path, FALSE, NULL);
  if (mapped == NULL)
    return NULL;

  bytes = g_mapped_file_get_bytes (mapped);
  digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  remember (path, &facts, digest, NULL);

  return digest;
}

AriettaModel *
arietta_model_cache_load (const char  *path,
                          GError     **error)
{
  g_autofree char *digest = NULL;
  AriettaModel    *model = NULL;
  GStatBuf         facts = { 0 };

  if (g_stat (path, &facts) != 0)
    return arietta_model_load (path, error);

  recall (path, &facts, &digest, &model);
  if (model != NULL)
    return model;

  model = arietta_model_load_known (path, digest, error);
  if (model != NULL)
    remember (path, &facts, arietta_model_get_sha256 (model), model);

  return model;
}
