#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-training-log.h"

#include "base/arietta-error.h"
#include "base/arietta-json.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>

/* One line of the log. */
static char *
point_to_line (const AriettaTrainingPoint *point)
{
  char     validation[G_ASCII_DTOSTR_BUF_SIZE] = "null", copied[G_ASCII_DTOSTR_BUF_SIZE] = "null";
  char loss[G_ASCII_DTOSTR_BUF_SIZE], rate[G_ASCII_DTOSTR_BUF_SIZE],
    seconds[G_ASCII_DTOSTR_BUF_SIZE];

  if (isfinite (point->validation_loss))
    g_ascii_formatd (validation, sizeof validation, "%.6g", point->validation_loss);
  if (isfinite (point->copied))
    g_ascii_formatd (copied, sizeof copied, "%.4g", point->copied);
  g_ascii_formatd (loss, sizeof loss, "%.6g", point->train_loss);
  g_ascii_formatd (rate, sizeof rate, "%.6g", point->learning_rate);
  g_ascii_formatd (seconds, sizeof seconds, "%.1f", point->seconds);

  return g_strdup_printf ("{\"step\": %" G_GINT64_FORMAT ", \"epoch\": %" G_GUINT64_FORMAT
                          ", \"seconds\": %s, \"train_loss\": %s, \"validation_loss\": %s, "
                          "\"copied\": %s, \"learning_rate\": %s}\n",
                          point->step, point->epoch, seconds, loss, validation, copied, rate);
}

GArray *
arietta_training_read_log (const char *folder,
                           GError    **error)
{
  g_autofree char  *path = g_file_test (folder, G_FILE_TEST_IS_REGULAR)
                           ? g_strdup (folder) : g_build_filename (folder, "log.jsonl", NULL);
  g_autofree char  *text = NULL;
  g_auto(GStrv)     lines = NULL;
  g_autoptr(GError) local = NULL;
  GArray           *points = g_array_new (FALSE, FALSE, sizeof (AriettaTrainingPoint));

  if (!g_file_get_contents (path, &text, NULL, &local))
    {
      if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return points;
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, path,
                         NULL, _("The log “%s” cannot be read: %s"), path, local->message);
      g_array_unref (points);
      return NULL;
    }

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr(JsonNode)  node = json_from_string (lines[i], NULL);
      AriettaTrainingPoint point = { 0 };
      JsonObject          *object;

      /* The last line may have been cut short by a crash. */
      if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
        continue;

      object = json_node_get_object (node);
      point.step = arietta_json_get_int (object, "step", 0);
      point.epoch = (guint64) MAX (arietta_json_get_int (object, "epoch", 0), 0);
      point.seconds = json_object_get_double_member_with_default (object, "seconds", 0);
      point.train_loss = arietta_json_get_number (object, "train_loss");
      point.validation_loss = arietta_json_get_number (object, "validation_loss");
      point.copied = arietta_json_get_number (object, "copied");
      point.learning_rate = json_object_get_double_member_with_default (object, "learning_rate", 0);
      g_array_append_val (points, point);
    }

  return points;
}

gboolean
arietta_training_log_trim (const char *folder,
                           gint64      last_step,
                           GError    **error)
{
  g_autofree char   *path = g_build_filename (folder, "log.jsonl", NULL);
  g_autoptr(GArray)  points = arietta_training_read_log (folder, error);
  g_autoptr(GString) text = g_string_new (NULL);

  if (points == NULL)
    return FALSE;

  for (guint i = 0; i < points->len; i++)
    {
      const AriettaTrainingPoint *point = &g_array_index (points, AriettaTrainingPoint, i);
      g_autofree char            *line = point_to_line (point);

      if (point->step <= last_step)
        g_string_append (text, line);
    }

  return g_file_set_contents (path, text->str, (gssize) text->len, error);
}

gboolean
arietta_training_log_add (const char                 *folder,
                          const AriettaTrainingPoint *point,
                          GError                    **error)
{
  g_autofree char *path = g_build_filename (folder, "log.jsonl", NULL);
  g_autofree char *line = point_to_line (point);
  FILE            *file = g_fopen (path, "a");
  gboolean         written = file != NULL && fputs (line, file) >= 0;
  int              code = errno;

  if (file != NULL && fclose (file) != 0)
    {
      written = FALSE;
      code = errno;
    }
  if (!written)
    arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, path, NULL,
                       _("The log “%s” cannot be written: %s"), path, g_strerror (code));

  return written;
}
