/* arietta-import.c - two workers read a batch while this thread stores the one before */
#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-import.h"

#include <glib/gi18n.h>

#include "audio/arietta-sound-file.h"
#include "base/arietta-error.h"
#include "studio/arietta-import-walk.h"
#include "studio/arietta-studio-error.h"

#define N_WORKERS 2
#define BATCH_FILES 100
/* A batch ends early where files are large: two of them are in memory at once. */
#define BATCH_BYTES (8 * 1024 * 1024)
#define QUIET_US G_USEC_PER_SEC

/* One file, as far as a worker has come with it. */
typedef struct
{
  const AriettaImportFile *file;
  gboolean                 read;      /* FALSE: cancelled before its turn */
  AriettaPiece            *piece;
  GBytes                  *bytes;
  char                    *digest;
  char                    *title;
  double                   seconds;
  guint                    n_warnings;
  char                    *reason;    /* why it is refused */
} Slot;

typedef struct
{
  AriettaLibrary             *library;
  const AriettaImportOptions *options;
  AriettaJob                 *job;
  AriettaImportResult        *result;
  const char                 *dataset;
  GArray                     *files;
  gint64                      begun_us;

  GThreadPool                *workers;
  GMutex                      lock;
  GCond                       arrived;
  guint                       n_out;  /* slots with the workers; under lock */
} Import;

static void
slot_clear (gpointer data)
{
  Slot *slot = data;

  g_clear_pointer (&slot->piece, arietta_piece_unref);
  g_clear_pointer (&slot->bytes, g_bytes_unref);
  g_free (slot->digest);
  g_free (slot->title);
  g_free (slot->reason);
}

static gboolean
read_notes (Slot    *slot,
            GError **error)
{
  g_auto(AriettaReadReport) report = { 0 };
  const char               *path = slot->file->path;
  char                     *contents = NULL;
  gsize                     size;

  slot->piece = arietta_formats_read (path, &report, error);
  if (slot->piece == NULL)
    return FALSE;

  if (arietta_piece_get_n_notes (slot->piece) == 0)
    {
      g_autofree char *shown = g_filename_display_name (path);

      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, shown, NULL,
                         _("“%s” holds no notes."), shown);
      return FALSE;
    }

  if (!g_file_get_contents (path, &contents, &size, error))
    return FALSE;

  slot->bytes = g_bytes_new_take (contents, size);
  slot->digest = arietta_piece_dup_digest (slot->piece);
  slot->n_warnings = report.warnings != NULL ? report.warnings->len : 0;
  return TRUE;
}

static gboolean
read_sound (Slot    *slot,
            GError **error)
{
  g_auto(AriettaSoundInfo) info = { 0 };

  if (!arietta_sound_file_probe (slot->file->path, &info, error))
    return FALSE;

  slot->seconds = info.seconds;
  slot->title = g_steal_pointer (&info.title);
  slot->digest = arietta_library_dup_file_digest (slot->file->path, error);
  return slot->digest != NULL;
}

/* A worker's turn with one file. */
static void
read_file_cb (gpointer data,
              gpointer user_data)
{
  Slot   *slot = data;
  Import *self = user_data;

  if (!arietta_job_is_cancelled (self->job))
    {
      g_autoptr(GError) error = NULL;
      gboolean          done;

      if (slot->file->reason != NULL)
        slot->reason = g_strdup (slot->file->reason);
      else
        {
          done = slot->file->medium == ARIETTA_MEDIUM_SOUND ? read_sound (slot, &error)
                                                            : read_notes (slot, &error);
          if (!done)
            slot->reason = g_strdup (error->message);
        }
      slot->read = TRUE;
    }

  g_mutex_lock (&self->lock);
  if (--self->n_out == 0)
    g_cond_signal (&self->arrived);
  g_mutex_unlock (&self->lock);
}

/* Gives files from @first on to the workers; @slots stays in place until they are back. */
static GArray *
send_batch (Import *self,
            guint   first)
{
  GArray *slots = g_array_sized_new (FALSE, TRUE, sizeof (Slot), BATCH_FILES);
  goffset n_bytes = 0;

  g_array_set_clear_func (slots, slot_clear);
  for (guint i = first; i < self->files->len && slots->len < BATCH_FILES && n_bytes < BATCH_BYTES; i++)
    {
      Slot slot = { .file = &g_array_index (self->files, AriettaImportFile, i) };

      /* The bytes of sound stay on the disk. */
      if (slot.file->medium == ARIETTA_MEDIUM_NOTES)
        n_bytes += slot.file->n_bytes;
      g_array_append_val (slots, slot);
    }

  g_mutex_lock (&self->lock);
  self->n_out = slots->len;
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < slots->len; i++)
    g_thread_pool_push (self->workers, &g_array_index (slots, Slot, i), NULL);

  return slots;
}

static void
await_batch (Import *self)
{
  g_mutex_lock (&self->lock);
  while (self->n_out > 0)
    g_cond_wait (&self->arrived, &self->lock);
  g_mutex_unlock (&self->lock);
}

static gboolean
store_refused (Import   *self,
               GArray   *slots,
               guint     n,
               GError  **error)
{
  g_autoptr(GPtrArray) refused = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_refusal_free);

  for (guint i = 0; i < n; i++)
    {
      const Slot     *slot = &g_array_index (slots, Slot, i);
      AriettaRefusal *refusal;

      if (slot->reason == NULL)
        continue;

      refusal = g_new0 (AriettaRefusal, 1);
      refusal->dataset_id = self->result->dataset_id;
      refusal->path = g_filename_display_name (slot->file->path);
      refusal->reason = g_strdup (slot->reason);
      g_ptr_array_add (refused, refusal);
    }

  if (!arietta_library_add_refusals (self->library, (AriettaRefusal *const *) refused->pdata, refused->len,
                                     error))
    return FALSE;

  g_ptr_array_extend_and_steal (self->result->refused, g_steal_pointer (&refused));
  return TRUE;
}

/* Stores what stands before the first slot that no worker came to: the order has no gaps. */
static gboolean
store_batch (Import  *self,
             GArray  *slots,
             GError **error)
{
  g_autofree AriettaNewItem *items = g_new0 (AriettaNewItem, slots->len);
  g_autofree gint64         *ids = g_new0 (gint64, slots->len);
  guint                      n_slots = 0, n_items = 0;

  for (; n_slots < slots->len && g_array_index (slots, Slot, n_slots).read; n_slots++)
    {
      const Slot     *slot = &g_array_index (slots, Slot, n_slots);
      AriettaNewItem *item = &items[n_items];

      if (slot->reason != NULL)
        continue;

      *item = (AriettaNewItem) {
        .source_path = slot->file->path,
        .medium = slot->file->medium,
        .piece = slot->piece,
        .bytes = slot->bytes,
        .title = slot->title,
        .digest = slot->digest,
        .seconds = slot->seconds,
        .style = self->options->style,
        .licence = self->options->licence,
        .may_train = self->options->may_train,
        .split = self->options->split,
        .n_warnings = slot->n_warnings,
      };
      n_items++;
    }

  if (n_slots == 0)
    return TRUE;

  if (self->result->dataset_id == 0)
    self->result->dataset_id = arietta_library_ensure_dataset (self->library, self->dataset, error);
  if (self->result->dataset_id == 0
      || !arietta_library_add_items (self->library, self->result->dataset_id, items, n_items, ids, error))
    return FALSE;

  for (guint i = 0; i < n_items; i++)
    if (ids[i] == 0)
      self->result->duplicates++;
    else
      {
        self->result->imported++;
        g_array_append_val (self->result->ids, ids[i]);
      }

  return store_refused (self, slots, n_slots, error);
}

static void
report (Import *self,
        guint   n_stored)
{
  g_autofree char *message = NULL;

  if (g_get_monotonic_time () - self->begun_us < QUIET_US)
    return;

  message = g_strdup_printf (_("%u of %u files"), n_stored, self->files->len);
  arietta_job_report (self->job, (double) n_stored / self->files->len, message);
}

static gboolean
import_files (Import  *self,
              GError **error)
{
  g_autoptr(GArray) read = NULL;   /* the batch that the workers have read */
  guint             n_sent = 0, n_stored = 0;
  gboolean          done = TRUE;

  while (done && n_stored < self->files->len)
    {
      g_autoptr(GArray) sent = NULL;
      gboolean          go_on = arietta_job_check (self->job);

      if (go_on && n_sent < self->files->len)
        {
          sent = send_batch (self, n_sent);
          n_sent += sent->len;
        }

      if (read != NULL)
        {
          done = store_batch (self, read, error);
          n_stored += read->len;
          report (self, n_stored);
        }

      /* The workers are always waited for: they write into the slots. */
      await_batch (self);
      g_clear_pointer (&read, g_array_unref);
      read = g_steal_pointer (&sent);
      if (read == NULL && !go_on)
        break;
    }

  return done;
}

static void
set_nothing_error (const char *const        *paths,
                   guint                     n_paths,
                   const AriettaImportWalk  *walk,
                   GError                  **error)
{
  g_autofree char *shown = n_paths == 1 ? g_filename_display_name (paths[0]) : NULL;

  if (n_paths != 1)
    arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, NULL, NULL,
                       _("There is no music in these files and folders."));
  else if (!g_file_test (paths[0], G_FILE_TEST_IS_DIR))
    arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, shown, NULL,
                       _("“%s” is not a music file: its name does not end as one of notes or sound."), shown);
  else if (walk->n_skipped == 0)
    arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, shown, NULL,
                       _("The folder “%s” is empty."), shown);
  else
    arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, shown, NULL,
                       _("There is no music in the folder “%s”."), shown);
}

void
arietta_import_result_clear (AriettaImportResult *self)
{
  g_clear_pointer (&self->refused, g_ptr_array_unref);
  g_clear_pointer (&self->ids, g_array_unref);
  *self = (AriettaImportResult) { 0 };
}

AriettaImportResult *
arietta_import_result_new (void)
{
  return g_new0 (AriettaImportResult, 1);
}

void
arietta_import_result_free (AriettaImportResult *self)
{
  if (self == NULL)
    return;

  arietta_import_result_clear (self);
  g_free (self);
}

gboolean
arietta_import_paths (AriettaLibrary              *library,
                      const char                  *dataset,
                      const char *const           *paths,
                      guint                        n_paths,
                      const AriettaImportOptions  *options,
                      AriettaJob                  *job,
                      AriettaImportResult         *result,
                      GError                     **error)
{
  g_auto(AriettaImportWalk) walk = { 0 };
  Import                    self = { library, options, job, result, dataset };
  gboolean                  done;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (library), FALSE);
  g_return_val_if_fail (dataset != NULL && options != NULL && result != NULL, FALSE);

  arietta_import_result_clear (result);
  result->refused = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_refusal_free);
  result->ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  self.begun_us = g_get_monotonic_time ();
  if (!arietta_import_walk (paths, n_paths, job, &walk, error))
    {
      result->cancelled = arietta_job_is_cancelled (job);
      return FALSE;
    }

  result->skipped = walk.n_skipped;
  if (walk.files->len == 0)
    {
      set_nothing_error (paths, n_paths, &walk, error);
      return FALSE;
    }

  self.files = walk.files;
  g_mutex_init (&self.lock);
  g_cond_init (&self.arrived);
  self.workers = g_thread_pool_new (read_file_cb, &self, N_WORKERS, FALSE, NULL);

  done = import_files (&self, error);

  g_thread_pool_free (self.workers, FALSE, TRUE);
  g_cond_clear (&self.arrived);
  g_mutex_clear (&self.lock);

  if (done && arietta_job_is_cancelled (job))
    {
      result->cancelled = TRUE;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The import was cancelled."));
      done = FALSE;
    }

  return done;
}
