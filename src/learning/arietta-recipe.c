#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-recipe.h"

#include "base/arietta-error.h"
#include "learning/arietta-model-kind.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _AriettaRecipe
{
  gatomicrefcount         ref_count;
  char                   *name;
  char                   *text;
  GKeyFile               *file;
  const AriettaModelKind *kind;
  GHashTable             *texts;  /* "group/key" -> value, so that texts can be lent out */
};

const AriettaRecipeField arietta_recipe_training_fields[] = {
  { "training", "minutes", ARIETTA_RECIPE_REAL, 0, 100000, "30" },
  { "training", "epochs", ARIETTA_RECIPE_INT, 0, 1000000, "0" },
  { "training", "batch", ARIETTA_RECIPE_INT, 1, 4096, "128" },
  { "training", "rate", ARIETTA_RECIPE_REAL, 1e-7, 1, "0.002" },
  { "training", "rate-end", ARIETTA_RECIPE_REAL, 0, 1, "0.02" },
  { "training", "warmup", ARIETTA_RECIPE_INT, 0, 100000, "50" },
  { "training", "optimiser", ARIETTA_RECIPE_TEXT, 0, 0, "adamw", "adamw|adam|rmsprop|sgd" },
  { "training", "beta1", ARIETTA_RECIPE_REAL, 0, 0.99999, "0.9" },
  { "training", "beta2", ARIETTA_RECIPE_REAL, 0, 0.99999, "0.999" },
  { "training", "momentum", ARIETTA_RECIPE_REAL, 0, 0.99999, "0.9" },
  { "training", "decay", ARIETTA_RECIPE_REAL, 0, 10, "0.01" },
  { "training", "clip", ARIETTA_RECIPE_REAL, 0, 1e6, "1" },
  { "training", "l1", ARIETTA_RECIPE_REAL, 0, 10, "0" },
  { "training", "l2", ARIETTA_RECIPE_REAL, 0, 10, "0" },
  { "training", "plateau", ARIETTA_RECIPE_INT, 0, 100000, "0" },
  { "training", "plateau-factor", ARIETTA_RECIPE_REAL, 0.01, 0.99, "0.5" },
  { "training", "accumulate", ARIETTA_RECIPE_INT, 1, 1024, "1" },
  { "training", "ema", ARIETTA_RECIPE_REAL, 0, 0.999999, "0" },
  { "training", "validate-every", ARIETTA_RECIPE_INT, 1, 1000000, "100" },
  { "training", "patience", ARIETTA_RECIPE_INT, 0, 100000, "0" },
  /* Takes written at each measurement, to see whether they are copies; arietta-training-watch.h. */
  { "training", "watch", ARIETTA_RECIPE_INT, 0, 1000, "0" },
  { "training", "from", ARIETTA_RECIPE_TEXT, 0, 0, "" },
  { "training", "beat-first", ARIETTA_RECIPE_INT, 0, 1, "1" },
  { "training", "seed", ARIETTA_RECIPE_INT, 0, 9e15, "1" },
  { NULL, NULL, 0, 0, 0, NULL },
};

/* The line (from 1) on which @key of @group stands; the group's own line with @key NULL; 0 if
 * nowhere. */
static guint
find_line (AriettaRecipe *self,
           const char    *group,
           const char    *key)
{
  g_auto(GStrv)    lines = g_strsplit (self->text, "\n", -1);
  g_autofree char *header = g_strdup_printf ("[%s]", group);
  gboolean         inside = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);

      if (line[0] == '[')
        {
          inside = strcmp (line, header) == 0;
          if (inside && key == NULL)
            return i + 1;
        }
      else if (inside && key != NULL && g_str_has_prefix (line, key))
        {
          const char *rest = line + strlen (key);

          while (*rest == ' ' || *rest == '\t')
            rest++;
          if (*rest == '=')
            return i + 1;
        }
    }

  return 0;
}

static void G_GNUC_PRINTF (5, 6)
fail (AriettaRecipe *self,
      const char    *group,
      const char    *key,
      GError       **error,
      const char    *format,
      ...)
{
  guint            line = find_line (self, group, key);
  g_autofree char *place = NULL;
  g_autofree char *what = NULL;
  va_list          args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  place = line > 0 ? g_strdup_printf (_("line %u"), line) : g_strdup_printf ("[%s]", group);
  arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_RECIPE, self->name,
                     place, _("The recipe “%s” cannot be used: %s: %s."), self->name, place, what);
}

static const AriettaRecipeField *
find_field (AriettaRecipe *self,
            const char    *group,
            const char    *key)
{
  const AriettaRecipeField *tables[] = { arietta_recipe_training_fields, self->kind->fields };

  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (const AriettaRecipeField *f = tables[t]; f->group != NULL; f++)
      if (strcmp (f->group, group) == 0 && strcmp (f->key, key) == 0)
        return f;

  return NULL;
}

static gboolean
check_choice (AriettaRecipe            *self,
              const AriettaRecipeField *field,
              const char               *value,
              GError                  **error)
{
  g_auto(GStrv)    choices = NULL;
  g_autofree char *list = NULL;

  if (field->choices == NULL)
    return TRUE;

  choices = g_strsplit (field->choices, "|", -1);
  if (g_strv_contains ((const char * const *) choices, value))
    return TRUE;

  list = g_strjoinv (", ", choices);
  fail (self, field->group, field->key, error, _("“%s” must be one of %s"), field->key, list);
  return FALSE;
}

static gboolean
check_value (AriettaRecipe            *self,
             const AriettaRecipeField *field,
             GError                  **error)
{
  g_autofree char *value = g_key_file_get_string (self->file, field->group, field->key, NULL);
  char            *end = NULL;
  double           number;

  if (value == NULL)
    return TRUE;
  g_strstrip (value);
  if (field->type == ARIETTA_RECIPE_TEXT)
    return check_choice (self, field, value, error);

  number = g_ascii_strtod (value, &end);
  if (end == value || *end != '\0' || !isfinite (number)
      || (field->type == ARIETTA_RECIPE_INT && number != floor (number)))
    {
      fail (self, field->group, field->key, error,
            field->type == ARIETTA_RECIPE_INT ? _("“%s” must be a whole number, not “%s”")
                                              : _("“%s” must be a number, not “%s”"),
            field->key, value);
      return FALSE;
    }
  if (number < field->least || number > field->most)
    {
      fail (self, field->group, field->key, error, _("“%s” must lie between %g and %g"), field->key,
            field->least, field->most);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_fields (AriettaRecipe *self,
              GError       **error)
{
  g_auto(GStrv) groups = g_key_file_get_groups (self->file, NULL);

  for (guint g = 0; groups[g] != NULL; g++)
    {
      g_auto(GStrv) keys = g_key_file_get_keys (self->file, groups[g], NULL, NULL);
      gboolean      known = strcmp (groups[g], "sources") == 0;

      for (guint k = 0; !known && keys[k] != NULL; k++)
        {
          const AriettaRecipeField *field = find_field (self, groups[g], keys[k]);

          if (field == NULL && !(strcmp (groups[g], "model") == 0 && strcmp (keys[k], "kind") == 0))
            {
              fail (self, groups[g], keys[k], error, _("“%s” is nothing that “%s” knows"), keys[k],
                    self->kind->name);
              return FALSE;
            }
          if (field != NULL && !check_value (self, field, error))
            return FALSE;
        }
    }

  return TRUE;
}

/* The value as text, from the file or the fallback. */
static char *
dup_value (AriettaRecipe *self,
           const char    *group,
           const char    *key)
{
  const AriettaRecipeField *field = find_field (self, group, key);
  char                     *value;

  g_return_val_if_fail (field != NULL, g_strdup ("0"));

  value = g_key_file_get_string (self->file, group, key, NULL);
  return value != NULL ? g_strstrip (value) : g_strdup (field->fallback);
}

static void
remember_texts (AriettaRecipe            *self,
                const AriettaRecipeField *fields)
{
  for (const AriettaRecipeField *f = fields; f->group != NULL; f++)
    if (f->type == ARIETTA_RECIPE_TEXT)
      g_hash_table_insert (self->texts, g_strdup_printf ("%s/%s", f->group, f->key),
                           dup_value (self, f->group, f->key));
}

AriettaRecipe *
arietta_recipe_load (const char  *path,
                     GError     **error)
{
  g_autofree char   *text = NULL;
  g_autoptr(GError)  local = NULL;
  gsize              length;

  g_return_val_if_fail (path != NULL, NULL);

  if (!g_file_get_contents (path, &text, &length, &local))
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_RECIPE, path, NULL,
                         _("The recipe “%s” cannot be read: %s"), path, local->message);
      return NULL;
    }

  return arietta_recipe_parse (text, path, error);
}

AriettaRecipe *
arietta_recipe_parse (const char  *text,
                      const char  *name,
                      GError     **error)
{
  g_autoptr(AriettaRecipe) self = NULL;
  g_autoptr(GError)        local = NULL;
  g_autofree char         *kind = NULL;

  g_return_val_if_fail (text != NULL && name != NULL, NULL);

  self = g_new0 (AriettaRecipe, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->name = g_strdup (name);
  self->text = g_strdup (text);
  self->file = g_key_file_new ();
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (!g_key_file_load_from_data (self->file, text, strlen (text), G_KEY_FILE_NONE, &local))
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_RECIPE, name, NULL,
                         _("The recipe “%s” cannot be used: %s"), name, local->message);
      return NULL;
    }

  kind = g_key_file_get_string (self->file, "model", "kind", NULL);
  if (kind == NULL)
    {
      fail (self, "model", NULL, error, _("it does not say which “kind” of model it makes"));
      return NULL;
    }

  self->kind = arietta_model_kind_find (g_strstrip (kind));
  if (self->kind == NULL)
    {
      fail (self, "model", "kind", error, _("there is no kind of model called “%s”"), kind);
      return NULL;
    }

  if (!check_fields (self, error))
    return NULL;

  remember_texts (self, arietta_recipe_training_fields);
  remember_texts (self, self->kind->fields);

  if (arietta_recipe_get_real (self, "training", "minutes") == 0.0
      && arietta_recipe_get_int (self, "training", "epochs") == 0)
    {
      fail (self, "training", "minutes", error, _("“minutes” and “epochs” must not both be 0"));
      return NULL;
    }

  return g_steal_pointer (&self);
}

AriettaRecipe *
arietta_recipe_ref (AriettaRecipe *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
arietta_recipe_unref (AriettaRecipe *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_hash_table_unref (self->texts);
  g_key_file_unref (self->file);
  g_free (self->name);
  g_free (self->text);
  g_free (self);
}

const char *
arietta_recipe_get_kind (AriettaRecipe *self)
{
  return self->kind->name;
}

const char *
arietta_recipe_get_text (AriettaRecipe *self)
{
  return self->text;
}

gint64
arietta_recipe_get_int (AriettaRecipe *self,
                        const char    *group,
                        const char    *key)
{
  return (gint64) arietta_recipe_get_real (self, group, key);
}

double
arietta_recipe_get_real (AriettaRecipe *self,
                         const char    *group,
                         const char    *key)
{
  g_autofree char *value = dup_value (self, group, key);

  return g_ascii_strtod (value, NULL);
}

const char *
arietta_recipe_get_text_field (AriettaRecipe *self,
                               const char    *group,
                               const char    *key)
{
  g_autofree char *name = g_strdup_printf ("%s/%s", group, key);

  return g_hash_table_lookup (self->texts, name);
}

char *
arietta_recipe_dup_source (AriettaRecipe *self,
                           const char    *style)
{
  return g_key_file_get_string (self->file, "sources", style, NULL);
}
