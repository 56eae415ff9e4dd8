/* Words for styles and keys, and the titles made of them. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-names.h"

#include <glib/gi18n.h>

/* Translators: these are styles of music. They are shown alone (“folk”) and in titles (“Folk in G
 * major”), which begin with a capital where the script has one. */
static const char * const styles[] = {
  NC_("style", "afrobeat"), NC_("style", "afrocuban"),  NC_("style", "ballad"),        NC_("style", "blues"),
  NC_("style", "chorale"),  NC_("style", "classical"),  NC_("style", "country"),       NC_("style", "dance"),
  NC_("style", "folk"),     NC_("style", "funk"),       NC_("style", "game"),          NC_("style", "gospel"),
  NC_("style", "guitar"),
  NC_("style", "highlife"), NC_("style", "hiphop"),     NC_("style", "hymn"),          NC_("style", "jazz"),
  NC_("style", "latin"),    NC_("style", "lied"),       NC_("style", "march"),         NC_("style", "middleeastern"),
  NC_("style", "neworleans"), NC_("style", "piano"),    NC_("style", "pop"),           NC_("style", "punk"),
  NC_("style", "ragtime"),  NC_("style", "reggae"),     NC_("style", "rock"),          NC_("style", "song"),
  NC_("style", "soul"),     NC_("style", "waltz"),
};

static const struct { const char *name, *title; } models[] = {
  { "chorale", NC_("model", "Chorale") },
  { "composer", NC_("model", "Composer") },
  { "drums-2bar", NC_("model", "Two Bars of Drums") },
  { "melody-2bar", NC_("model", "Two Bars of Melody") },
  { "melody-16bar", NC_("model", "Sixteen Bars of Melody") },
  { "trio", NC_("model", "Trio") },
};

static const char * const major_keys[] = {
  N_("C major"), N_("D♭ major"), N_("D major"), N_("E♭ major"), N_("E major"), N_("F major"),
  N_("G♭ major"), N_("G major"), N_("A♭ major"), N_("A major"), N_("B♭ major"), N_("B major"),
};

static const char * const minor_keys[] = {
  N_("C minor"), N_("C♯ minor"), N_("D minor"), N_("E♭ minor"), N_("E minor"), N_("F minor"),
  N_("F♯ minor"), N_("G minor"), N_("G♯ minor"), N_("A minor"), N_("B♭ minor"), N_("B minor"),
};

const char *
arietta_style_get_name (const char *label)
{
  for (guint i = 0; label != NULL && i < G_N_ELEMENTS (styles); i++)
    if (g_str_equal (styles[i], label))
      return g_dpgettext2 (NULL, "style", label);

  return label;
}

const char *
arietta_model_get_title (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (models); i++)
    if (g_str_equal (models[i].name, name))
      return g_dpgettext2 (NULL, "model", models[i].title);

  return name;
}

const char *
arietta_key_get_name (AriettaTonality key)
{
  if (key.tonic < 0 || key.tonic >= (int) G_N_ELEMENTS (major_keys))
    return "";

  return key.scale == ARIETTA_SCALE_MINOR ? _(minor_keys[key.tonic]) : _(major_keys[key.tonic]);
}

char *
arietta_names_dup_title (const char      *style,
                         AriettaTonality  key)
{
  const char      *name = style != NULL && *style != '\0' ? arietta_style_get_name (style)
                                                          : C_("style", "melody");
  const char      *rest = g_utf8_next_char (name);
  g_autofree char *initial = g_utf8_strup (name, rest - name);
  g_autofree char *capitalised = g_strconcat (initial, rest, NULL);

  if (key.tonic < 0)
    return g_steal_pointer (&capitalised);

  /* Translators: the title of a piece: a style, such as “Folk”, and a key, such as “E♭ major”.
   * Write “%2$s” and “%1$s” where your language puts the key first. */
  return g_strdup_printf (C_("title", "%s in %s"), capitalised, arietta_key_get_name (key));
}
