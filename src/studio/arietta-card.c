#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-card.h"

#include "base/arietta-error.h"
#include "base/arietta-json.h"
#include "base/arietta-save.h"
#include "drawing/arietta-curve.h"
#include "learning/arietta-model-kind.h"
#include "studio/arietta-model-words.h"
#include "studio/arietta-studio-error.h"
#include "studio/arietta-train.h"

#include <glib/gi18n.h>
#include <string.h>

#define CURVES_WIDTH  640.0
#define CURVES_HEIGHT 300.0

static char *
dup_path (const AriettaModelInfo *info,
          const char             *ending)
{
  g_autofree char *file = g_strconcat (info->bundled ? info->name : "card", ending, NULL);

  return g_build_filename (info->folder, file, NULL);
}

/* --- completing --- */

static gboolean
is_list (const char *key)
{
  return g_str_has_prefix (key, "limits") || g_str_has_prefix (key, "licences");
}

/* All keys of @group, with their languages, as members of @object. */
static void
copy_group (GKeyFile   *file,
            const char *group,
            JsonObject *object)
{
  g_auto(GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint k = 0; keys != NULL && keys[k] != NULL; k++)
    {
      if (is_list (keys[k]))
        {
          g_auto(GStrv) values = g_key_file_get_string_list (file, group, keys[k], NULL, NULL);
          JsonArray    *array = json_array_new ();

          for (guint v = 0; values != NULL && values[v] != NULL; v++)
            if (*g_strstrip (values[v]) != '\0')
              json_array_add_string_element (array, values[v]);
          json_object_set_array_member (object, keys[k], array);
        }
      else
        {
          g_autofree char *value = g_key_file_get_string (file, group, keys[k], NULL);

          json_object_set_string_member (object, keys[k], value != NULL ? value : "");
        }
    }
}

static gboolean
state_rows (GKeyFile    *file,
            JsonObject  *card,
            const char  *path,
            GError     **error)
{
  JsonArray     *rows = arietta_json_get_array (card, "data");
  g_auto(GStrv)  groups = g_key_file_get_groups (file, NULL);
  g_autoptr(GHashTable) styles = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < arietta_json_get_length (rows); i++)
    {
      JsonObject *row = arietta_json_get_nth_object (rows, i);
      const char *style = arietta_json_get_text (row, "style");
      const char *group = style != NULL && g_key_file_has_group (file, style) ? style : "*";

      g_hash_table_add (styles, (gpointer) (style != NULL ? style : ""));
      if (row != NULL && g_key_file_has_group (file, group))
        copy_group (file, group, row);
    }
  for (guint g = 0; groups[g] != NULL; g++)
    if (strcmp (groups[g], "card") != 0 && strcmp (groups[g], "*") != 0
        && !g_hash_table_contains (styles, groups[g]))
      {
        arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, path, NULL,
                           _("“%s” speaks of the style “%s”, which the model did not learn."), path, groups[g]);
        return FALSE;
      }

  return TRUE;
}

gboolean
arietta_card_complete (AriettaModelInfo  *info,
                       JsonObject        *figures,
                       GError           **error)
{
  g_autofree char      *stated_path = dup_path (info, ".card");
  g_autofree char      *path = dup_path (info, ".json");
  g_autoptr(GKeyFile)   stated = g_key_file_new ();
  g_autoptr(JsonNode)   node = json_node_init_object (json_node_alloc (), info->card);
  g_autofree char      *text = NULL;
  g_autoptr(GError)     local = NULL;

  if (g_file_test (stated_path, G_FILE_TEST_EXISTS))
    {
      if (!g_key_file_load_from_file (stated, stated_path, G_KEY_FILE_KEEP_TRANSLATIONS, &local))
        {
          arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, stated_path, NULL,
                             _("“%s” cannot be read: %s."), stated_path, arietta_error_get_reason (local));
          return FALSE;
        }
      copy_group (stated, "card", info->card);
      if (!state_rows (stated, info->card, stated_path, error))
        return FALSE;
    }
  if (figures != NULL)
    json_object_set_object_member (info->card, "evaluation", json_object_ref (figures));

  text = json_to_string (node, TRUE);
  return arietta_save_file (path, text, strlen (text), ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, error);
}

/* --- as text --- */

/* A bar would end the cell of a table. */
static void
add_cell (GString    *text,
          const char *value)
{
  g_auto(GStrv)    lines = g_strsplit_set (value != NULL ? value : "", "|\n", -1);
  g_autofree char *flat = g_strjoinv (" ", lines);

  g_string_append_printf (text, " %s |", flat);
}

static void
add_results (GString                *text,
             const AriettaModelInfo *info)
{
  g_autoptr(GArray) results = arietta_model_list_results (info);

  if (results->len == 0)
    return;

  g_string_append_printf (text, "## %s\n\n%s\n\n", _("What It Can Do"),
                          _("Measured on pieces it never learned from, beside what simple methods reach."));
  g_string_append_printf (text, "| %s | %s | %s |\n| --- | ---: | --- |\n", _("Figure"), _("This model"),
                          _("Beside it"));
  for (guint i = 0; i < results->len; i++)
    {
      const AriettaModelResult *result = &g_array_index (results, AriettaModelResult, i);

      g_string_append_c (text, '|');
      add_cell (text, result->title);
      add_cell (text, result->value);
      add_cell (text, result->baseline);
      g_string_append_c (text, '\n');
    }
  g_string_append_c (text, '\n');
}

static void
add_data (GString                *text,
          const AriettaModelInfo *info)
{
  g_autoptr(GPtrArray) lines = arietta_model_list_data (info);

  if (lines->len == 0)
    return;

  g_string_append_printf (text, "## %s\n\n| %s | %s |\n| --- | --- |\n", _("Data and Rights"), _("Style"),
                          _("Pieces, licences, credit"));
  for (guint i = 0; i < lines->len; i++)
    {
      g_auto(GStrv) parts = g_strsplit (lines->pdata[i], "\n", 2);

      g_string_append_c (text, '|');
      add_cell (text, parts[0]);
      add_cell (text, parts[1]);
      g_string_append_c (text, '\n');
    }
  g_string_append_c (text, '\n');
}

static void
add_making (GString                *text,
            const AriettaModelInfo *info)
{
  JsonArray       *commands = arietta_json_get_array (info->card, "commands");
  g_autofree char *made = arietta_model_dup_making (info);

  g_string_append_printf (text, "## %s\n\n%s\n\n", _("How It Was Made"), made);
  if (commands == NULL)
    return;

  g_string_append (text, "```sh\n");
  for (guint i = 0; i < arietta_json_get_length (commands); i++)
    {
      const char *command = arietta_json_read_text (json_array_get_element (commands, i));

      if (command != NULL)
        g_string_append_printf (text, "%s\n", command);
    }
  g_string_append (text, "```\n\n");
}

char *
arietta_card_dup_text (const AriettaModelInfo *info,
                       const char             *picture)
{
  const AriettaModelKind *kind = arietta_model_kind_find (info->kind);
  g_autofree char        *summary = arietta_model_dup_summary (info);
  g_autofree char        *line = arietta_model_dup_honest_line (info);
  g_autoptr(GPtrArray)    limits = arietta_model_list_limits (info);
  GString                *text = g_string_new (NULL);

  g_string_append_printf (text, "# %s\n\n", info->name);
  if (*summary != '\0')
    g_string_append_printf (text, "%s\n\n", summary);
  if (kind != NULL)
    g_string_append_printf (text, "**%s** — %s\n\n", _(kind->title), _(kind->summary));
  /* Translators: a sentence, with the full stop of the language */
  g_string_append_printf (text, C_("sentence", "%s."), line);
  g_string_append (text, "\n\n");
  if (picture != NULL)
    g_string_append_printf (text, "![%s](%s)\n\n%s\n\n", _("How It Learned"), picture,
                            _("Lower is better. The line with dots is measured on pieces it never learned from."));
  add_results (text, info);
  if (limits->len > 0)
    {
      g_string_append_printf (text, "## %s\n\n", _("What It Cannot Do"));
      for (guint i = 0; i < limits->len; i++)
        g_string_append_printf (text, "- %s\n", (const char *) limits->pdata[i]);
      g_string_append_c (text, '\n');
    }
  add_data (text, info);
  add_making (text, info);
  g_string_truncate (text, text->len - 1);

  return g_string_free (text, FALSE);
}

/* --- curves --- */

gboolean
arietta_card_save_curves (const AriettaModelInfo  *info,
                          const char              *path,
                          GError                 **error)
{
  g_autofree char   *log = arietta_model_info_dup_log_path (info);
  g_autoptr(GArray)  points = arietta_train_read_log (log, error);
  g_autofree AriettaCurveSample *samples = NULL;
  AriettaCurve       curve = { .name = info->name };

  if (points == NULL)
    return FALSE;
  if (points->len == 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, log, NULL,
                         _("There is no log of the training of “%s”."), info->name);
      return FALSE;
    }

  samples = g_new (AriettaCurveSample, points->len);
  for (guint i = 0; i < points->len; i++)
    {
      const AriettaTrainPoint *point = &g_array_index (points, AriettaTrainPoint, i);

      samples[i] = (AriettaCurveSample) { point->seconds / 60.0, point->train_loss, point->validation_loss };
    }
  curve.samples = samples;
  curve.n_samples = points->len;

  return arietta_curves_save (path, CURVES_WIDTH, CURVES_HEIGHT, &curve, 1, error);
}
