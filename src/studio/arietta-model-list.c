#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-model-list.h"

#include "base/arietta-error.h"
#include "base/arietta-json.h"
#include "nn/arietta-safetensors.h"
#include "studio/arietta-model-cache.h"
#include "studio/arietta-studio-error.h"

#include <glib/gi18n.h>
#include <string.h>

#define MOST_NAMES 1000   /* that are tried for a new model */

void
arietta_model_info_free (AriettaModelInfo *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->kind);
  g_free (self->folder);
  g_free (self->weights_path);
  g_free (self->sha256);
  g_free (self->problem);
  g_strfreev (self->styles);
  g_clear_pointer (&self->card, json_object_unref);
  g_free (self);
}

char *
arietta_model_info_dup_log_path (const AriettaModelInfo *self)
{
  return self->bundled ? g_strdup_printf ("%s/%s.log", self->folder, self->name) : g_strdup (self->folder);
}

char *
arietta_models_dup_folder (void)
{
  const char *folder = g_getenv ("ARIETTA_MODELS_DIR");

  if (folder != NULL && folder[0] != '\0')
    return g_strdup (folder);

  return g_build_filename (ARIETTA_PACKAGE_DATA_DIR, "models", NULL);
}

/* @name without a number that was put behind it here. */
static char *
dup_stem (const char *name)
{
  const char *space = strrchr (name, ' ');

  if (space == NULL || space == name || space[1] == '\0' || strspn (space + 1, "0123456789") != strlen (space + 1))
    return g_strdup (name);

  return g_strndup (name, (gsize) (space - name));
}

static JsonObject *
read_card (const char *path)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  JsonNode             *root;

  if (!json_parser_load_from_file (parser, path, NULL))
    return json_object_new ();

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return json_object_new ();

  return json_object_ref (json_node_get_object (root));
}

static char **
read_styles (AriettaSafetensors *file)
{
  const char *styles = file != NULL ? arietta_safetensors_get_metadata (file, "styles") : NULL;

  return styles != NULL && *styles != '\0' ? g_strsplit (styles, "\n", -1) : g_new0 (char *, 1);
}

/* Fills in what the weights file tells; the kind of a broken one stays as it is. */
static void
look_into_weights (AriettaModelInfo *info)
{
  g_autoptr(AriettaSafetensors) file = NULL;
  g_autoptr(GError)             error = NULL;
  const char                   *kind;
  gboolean                      known;

  if (info->weights_path == NULL)
    {
      info->styles = read_styles (NULL);
      return;
    }

  info->sha256 = arietta_model_cache_dup_digest (info->weights_path);
  info->parameters = (guint64) MAX (arietta_json_get_int (info->card, "parameters", 0), 0);
  known = info->parameters > 0;
  file = arietta_safetensors_open (info->weights_path, &error);
  info->styles = read_styles (file);
  if (file == NULL)
    {
      info->problem = g_strdup (error->message);
      return;
    }

  kind = arietta_safetensors_get_metadata (file, "kind");
  if (info->kind == NULL && kind != NULL)
    info->kind = g_strdup (kind);
  for (guint i = 0; !known && i < arietta_safetensors_get_n (file); i++)
    {
      const AriettaTensorView *view = arietta_safetensors_get_nth (file, i);

      if (!g_str_has_prefix (view->name, "prior.") && strcmp (view->name, "style-measure") != 0
          && strcmp (view->name, "seen") != 0 && strcmp (view->name, "known") != 0
          && strcmp (view->name, "counts") != 0)
        info->parameters += view->n_elements;
    }
}

static AriettaModelInfo *
make_bundled (const char *folder,
              const char *name)
{
  AriettaModelInfo *info = g_new0 (AriettaModelInfo, 1);
  g_autofree char  *file = g_strconcat (name, ".safetensors", NULL);
  g_autofree char  *card = g_strconcat (name, ".json", NULL);
  g_autofree char  *card_path = g_build_filename (folder, card, NULL);

  info->name = g_strdup (name);
  info->bundled = TRUE;
  info->state = ARIETTA_MODEL_READY;
  info->folder = g_strdup (folder);
  info->weights_path = g_build_filename (folder, file, NULL);
  info->card = read_card (card_path);
  look_into_weights (info);
  if (info->kind == NULL)
    info->kind = g_strdup ("");

  return info;
}

static AriettaModelInfo *
make_own (const AriettaModelRecord *record)
{
  AriettaModelInfo *info = g_new0 (AriettaModelInfo, 1);
  g_autofree char  *card_path = g_build_filename (record->folder, "card.json", NULL);
  g_autofree char  *result = g_build_filename (record->folder, "model.safetensors", NULL);
  g_autofree char  *best = g_build_filename (record->folder, "best.safetensors", NULL);
  g_autofree char  *latest = g_build_filename (record->folder, "latest.safetensors", NULL);

  info->name = g_strdup (record->name);
  info->kind = g_strdup (record->kind);
  info->state = record->state;
  info->id = record->id;
  info->folder = g_strdup (record->folder);
  info->card = read_card (card_path);
  if (record->state == ARIETTA_MODEL_READY && g_file_test (result, G_FILE_TEST_EXISTS))
    info->weights_path = g_steal_pointer (&result);
  else if (g_file_test (best, G_FILE_TEST_EXISTS))
    info->weights_path = g_steal_pointer (&best);
  else if (g_file_test (latest, G_FILE_TEST_EXISTS))
    info->weights_path = g_steal_pointer (&latest);
  look_into_weights (info);

  return info;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char * const *) a, *(char * const *) b);
}

static GPtrArray *
list_bundled_names (const char *folder)
{
  GPtrArray      *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char     *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (file, ".safetensors"))
      g_ptr_array_add (names, g_strndup (file, strlen (file) - strlen (".safetensors")));
  g_ptr_array_sort (names, compare_names);

  return names;
}

GPtrArray *
arietta_models_list (AriettaLibrary  *library,
                     GError         **error)
{
  g_autoptr(GPtrArray) infos =
    g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_model_info_free);
  g_autofree char     *folder = arietta_models_dup_folder ();
  g_autoptr(GPtrArray) names = list_bundled_names (folder);
  g_autoptr(GPtrArray) records = NULL;

  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (infos, make_bundled (folder, names->pdata[i]));

  if (library == NULL)
    return g_steal_pointer (&infos);

  records = arietta_library_list_models (library, error);
  if (records == NULL)
    return NULL;

  for (guint i = 0; i < records->len; i++)
    {
      const AriettaModelRecord *record = records->pdata[i];

      if (!g_ptr_array_find_with_equal_func (names, record->name, g_str_equal, NULL))
        g_ptr_array_add (infos, make_own (record));
    }

  return g_steal_pointer (&infos);
}

/* A model somewhere on the disk, named by its path. */
static AriettaModelInfo *
find_file (const char *path)
{
  g_autofree char  *folder = g_path_get_dirname (path);
  g_autofree char  *base = g_path_get_basename (path);
  AriettaModelInfo *info;

  base[strlen (base) - strlen (".safetensors")] = '\0';
  info = make_bundled (folder, base);
  info->bundled = FALSE;

  return info;
}

AriettaModelInfo *
arietta_models_find (AriettaLibrary  *library,
                     const char      *name,
                     GError         **error)
{
  g_autofree char              *folder = arietta_models_dup_folder ();
  g_autofree char              *file = NULL;
  g_autofree char              *path = NULL;
  g_autoptr(AriettaModelRecord) record = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  if (g_str_has_suffix (name, ".safetensors") && g_file_test (name, G_FILE_TEST_EXISTS))
    return find_file (name);

  file = g_strconcat (name, ".safetensors", NULL);
  path = g_build_filename (folder, file, NULL);
  if (strchr (name, '/') == NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    return make_bundled (folder, name);

  record = library != NULL ? arietta_library_find_model (library, name, NULL) : NULL;
  if (record != NULL)
    return make_own (record);

  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNKNOWN_MODEL, NULL, NULL,
                     _("There is no model called “%s”."), name);
  return NULL;
}

AriettaModel *
arietta_models_load (AriettaLibrary  *library,
                     const char      *name,
                     GError         **error)
{
  g_autoptr(AriettaModelInfo) info = arietta_models_find (library, name, error);

  if (info == NULL)
    return NULL;

  if (info->weights_path == NULL)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                         _("The model “%s” has not learned anything yet.  Let it train for a "
                           "while first."),
                         name);
      return NULL;
    }

  return arietta_model_cache_load (info->weights_path, error);
}

char *
arietta_models_dup_free_name (AriettaLibrary *library,
                              const char     *name)
{
  g_autofree char *stem = dup_stem (name);

  for (guint i = 1;; i++)
    {
      g_autofree char            *tried = i == 1 ? g_strdup (name) : g_strdup_printf ("%s %u", stem, i);
      g_autoptr(AriettaModelInfo) taken = arietta_models_find (library, tried, NULL);

      if (taken == NULL || i > MOST_NAMES)
        return g_steal_pointer (&tried);
    }
}
