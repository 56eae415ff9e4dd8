#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-model-words.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/arietta-json.h"
#include "learning/arietta-model-kind.h"
#include "studio/arietta-evaluation-words.h"
#include "studio/arietta-names.h"
#include "studio/arietta-words-private.h"

#define MANY_LICENCES 3   /* for one line */

/* The same of the card's results. */
static double
result_at (const AriettaModelInfo *info,
           const char             *first,
           ...)
{
  double  value;
  va_list args;

  va_start (args, first);
  value = arietta_words_number_at_list (arietta_json_get_object (info->card, "results"), first, args);
  va_end (args);

  return value;
}

char *
arietta_model_dup_kind (const AriettaModelInfo *info)
{
  const AriettaModelKind *kind = arietta_model_kind_find (info->kind);

  return g_strdup (kind != NULL ? _(kind->title) : info->kind);
}

/* What needs no learning, weakest first: a model has to beat the last of them. */
static const struct { const char *key, *words; } baselines[] = {
  { "copy", N_("holding the last note") },
  { "ngram", N_("counting what follows what") },
  { "nearest_window", N_("the nearest piece it learned from") },
};

/* The share of steps a simple method gets right, or NaN. */
static double
baseline_at (const AriettaModelInfo *info,
             guint                   nth,
             const char             *of)
{
  double share = result_at (info, "baselines", baselines[nth].key, of, NULL);

  /* The step before, copied, is a note's beginning where the melody holds it: always to hold is the
   * fairer figure where it is the higher one. */
  if (nth == 0 && strcmp (of, "all") == 0)
    share = fmax (share, result_at (info, "hold_share", NULL));

  return share;
}

/* The strongest of the simple methods, G_MAXUINT without any. */
static guint
best_baseline (const AriettaModelInfo *info,
               const char             *of)
{
  guint best = G_MAXUINT;

  for (guint i = 0; i < G_N_ELEMENTS (baselines); i++)
    if (!isnan (baseline_at (info, i, of)) &&
        (best == G_MAXUINT || baseline_at (info, i, of) > baseline_at (info, best, of)))
      best = i;

  return best;
}

/* A card may call anything a share. */
static int
of_hundred (double share)
{
  return (int) CLAMP (100.0 * share, 0.0, 100.0);
}

char *
arietta_model_dup_honest_line (const AriettaModelInfo *info)
{
  double      sampled = result_at (info, "reconstruction", "sampled", NULL);
  double      changed = result_at (info, "changed_accuracy", NULL);
  JsonObject *measured = arietta_json_get_object (info->card, "evaluation");
  double      spread = arietta_words_number_at (measured, "overlap", "mean", NULL);
  double      shuffled = arietta_words_number_at (measured, "overlap", "shuffled", "mean", NULL);
  guint       best = best_baseline (info, "all");
  guint       changing = best_baseline (info, "changed_accuracy");

  if (info->problem != NULL)
    return g_strdup (info->problem);

  /* Translators: of the steps at which a voice moves; the words in between name the strongest of
   * the simple methods, such as "counting what follows what". */
  if (isnan (sampled) && !isnan (changed) && changing != G_MAXUINT)
    return g_strdup_printf (_("Foresees %d of 100 moves of a voice; %s reaches %d"), of_hundred (changed),
                            _(baselines[changing].words), of_hundred (baseline_at (info, changing, "changed_accuracy")));

  if (isnan (sampled) && !isnan (spread) && !isnan (shuffled))
    return g_strdup_printf (_("What it writes is spread like the pieces to %d of 100; their notes dealt out anew reach %d"),
                            of_hundred (spread), of_hundred (shuffled));

  if (isnan (sampled) || best == G_MAXUINT)
    return g_strdup (info->state == ARIETTA_MODEL_READY ? _("Not measured yet") : _("Measured when training ends"));

  /* Translators: of a hundred steps of music that the model puts into its latent space and back;
   * the words in between name the strongest of the simple methods, such as "holding the last
   * note". */
  return g_strdup_printf (_("Gives back %d of 100 steps; %s reaches %d"),
                          of_hundred (sampled), _(baselines[best].words),
                          of_hundred (baseline_at (info, best, "all")));
}

/* The rows of the card's "data", or NULL. */
static JsonArray *
get_data (const AriettaModelInfo *info)
{
  return arietta_json_get_array (info->card, "data");
}

GPtrArray *
arietta_model_list_styles (const AriettaModelInfo *info)
{
  GPtrArray *styles = g_ptr_array_new_with_free_func (g_free);
  JsonArray *data = get_data (info);

  for (guint i = 0; i < arietta_json_get_length (data); i++)
    {
      const char *style = arietta_json_get_text (arietta_json_get_nth_object (data, i), "style");

      if (style != NULL && *style != '\0' && !g_ptr_array_find_with_equal_func (styles, style, g_str_equal, NULL))
        g_ptr_array_add (styles, g_strdup (style));
    }

  return styles;
}

static const char *
licence_words (const char *licence)
{
  if (strcmp (licence, "NOASSERTION") == 0)
    return _("licence not stated");
  if (strcmp (licence, "LicenseRef-PublicDomain") == 0)
    return _("public domain");

  return strcmp (licence, "LicenseRef-Own") == 0 ? _("own work") : licence;
}

/* Adds the licences of a row of data to @licences, each once. */
static void
add_licences (JsonObject *row,
              GPtrArray  *licences)
{
  JsonArray *stated = arietta_json_get_array (row, "licences");

  for (guint i = 0; i < arietta_json_get_length (stated); i++)
    {
      const char *licence = arietta_json_read_text (json_array_get_element (stated, i));

      if (licence != NULL && !g_ptr_array_find_with_equal_func (licences, licence_words (licence), g_str_equal, NULL))
        g_ptr_array_add (licences, (gpointer) licence_words (licence));
    }
}

static char *
join (GPtrArray *words)
{
  g_ptr_array_add (words, NULL);
  return g_strjoinv (", ", (char **) words->pdata);
}

char *
arietta_model_dup_rights (const AriettaModelInfo *info)
{
  g_autoptr(GPtrArray) licences = g_ptr_array_new ();
  JsonArray           *data = get_data (info);

  for (guint i = 0; i < arietta_json_get_length (data); i++)
    add_licences (arietta_json_get_nth_object (data, i), licences);

  if (licences->len > MANY_LICENCES)
    return g_strdup_printf (ngettext ("%u licence", "%u licences", licences->len), licences->len);

  return join (licences);
}

char *
arietta_model_dup_facts (const AriettaModelInfo *info)
{
  double unit;

  if (info->parameters == 0)
    return g_strdup ("");

  /* Translators: large numbers are counted in units of this many; where one counts by ten
   * thousands, make it 10000, and “million” below that word. */
  unit = MAX (g_ascii_strtod (C_("large numbers", "1000000"), NULL), 1);

  return g_strdup_printf (_("%.*f million weights"), unit < 1e6 ? 0 : 1, info->parameters / unit);
}

/* What the simple methods reach, on one line. */
static char *
baselines_words (const AriettaModelInfo *info,
                 const char             *of)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (baselines); i++)
    {
      double           value = baseline_at (info, i, of);
      g_autofree char *share = isnan (value) ? NULL : arietta_words_percent (value);

      if (share != NULL)
        g_string_append_printf (text, "%s%s: %s", text->len > 0 ? ", " : "", _(baselines[i].words), share);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What weights in 8 bits cost. */
static void
add_storage (GArray     *results,
             JsonObject *storage)
{
  double before = arietta_words_number_at (storage, "before", NULL);
  double after = arietta_words_number_at (storage, "after", NULL);
  double percent = round (1e4 * (after / before - 1.0)) / 1e2 + 0.0;   /* + 0: no “-0.00” */

  if (arietta_json_get_int (storage, "bits", 0) == 8 && before > 0.0 && !isnan (after))
    arietta_words_add (results, _("Surprise added by weights in 8 bits"),
                       g_strdup_printf ("%+.2f %%", percent),
                       g_strdup_printf (_("%.4f nats instead of %.4f in 16 bits"), after, before));
}

/* What it forgot, and what it learned for that, when it was taught further. */
static void
add_tuned (GArray     *results,
           JsonObject *tuned)
{
  static const struct { const char *key, *title; } rows[] = {
    { "old", N_("Surprise at pieces it knew to foresee") },
    { "new", N_("Surprise at the new pieces") },
  };
  const char *from = arietta_json_get_text (tuned, "from");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      JsonObject *row = arietta_json_get_object (tuned, rows[i].key);
      double      before = arietta_words_number_at (row, "before", NULL);
      double      after = arietta_words_number_at (row, "after", NULL);
      guint       pieces = (guint) CLAMP (arietta_json_get_int (row, "pieces", 0), 0, G_MAXINT);

      if (isnan (before) || isnan (after) || from == NULL)
        continue;
      /* Translators: the first is the name of a model, the second a figure in nats. */
      arietta_words_add (results, _(rows[i].title), g_strdup_printf ("%.3f", after),
                         g_strdup_printf (ngettext ("“%s” had %.3f; on %u piece", "“%s” had %.3f; on %u pieces", pieces),
                                          arietta_model_get_title (from), before, pieces));
    }
}

GArray *
arietta_model_list_results (const AriettaModelInfo *info)
{
  static const AriettaEvaluationPart parts[] = {
    ARIETTA_EVALUATION_WRITTEN, ARIETTA_EVALUATION_ASKED, ARIETTA_EVALUATION_FITTING,
  };
  GArray *results = arietta_words_new ();
  double  sampled = result_at (info, "reconstruction", "sampled", NULL);
  double  onsets = result_at (info, "reconstruction", "sampled_onsets", NULL);
  double  elbo = result_at (info, "elbo_per_step", NULL);
  double  nats = result_at (info, "reconstruction_nats_per_step", NULL);
  double  kl = result_at (info, "kl_per_step", NULL);
  double  note_nats = result_at (info, "nll_per_note", NULL);
  double  changed = result_at (info, "changed_accuracy", NULL);
  JsonObject *measured = arietta_json_get_object (info->card, "evaluation");

  if (!isnan (sampled))
    arietta_words_add (results, _("Steps given back exactly"), arietta_words_percent (sampled),
                       baselines_words (info, "all"));
  if (!isnan (onsets))
    arietta_words_add (results, _("Notes given back exactly, in place and pitch"), arietta_words_percent (onsets),
                       baselines_words (info, "onsets"));
  if (!isnan (elbo) && !isnan (nats) && !isnan (kl))
    arietta_words_add (results, _("Negative ELBO for each step, in nats"), g_strdup_printf ("%.3f", elbo),
                       g_strdup_printf (_("reconstruction %.3f and divergence %.3f"), nats, kl));
  if (!isnan (note_nats))
    {
      double counted = result_at (info, "baselines", "ngram", "nll_per_note", NULL);

      arietta_words_add (results, _("Surprise at each note, in nats"), g_strdup_printf ("%.3f", note_nats),
                         isnan (counted) ? g_strdup ("")
                                         : g_strdup_printf ("%s: %.3f", _("counting what follows what"), counted));
      arietta_words_add (results, _("Notes foreseen"), arietta_words_percent (result_at (info, "accuracy", NULL)),
                         baselines_words (info, "accuracy"));
    }
  if (!isnan (note_nats) && !isnan (changed))
    arietta_words_add (results, _("Moves of a voice foreseen"), arietta_words_percent (changed),
                       baselines_words (info, "changed_accuracy"));
  add_tuned (results, arietta_json_get_object (info->card, "tuned"));
  add_storage (results, arietta_json_get_object (info->card, "storage"));
  for (guint i = 0; measured != NULL && i < G_N_ELEMENTS (parts); i++)
    arietta_evaluation_add (measured, parts[i], results);

  return results;
}

/* The member @key in the first of the person's languages there is, as a name of that member. */
static char *
find_translated (JsonObject *object,
                 const char *key)
{
  const char * const *languages = g_get_language_names ();

  for (guint i = 0; object != NULL && languages[i] != NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s[%s]", key, languages[i]);

      if (json_object_has_member (object, name))
        return g_steal_pointer (&name);
    }

  return g_strdup (key);
}

char *
arietta_model_dup_summary (const AriettaModelInfo *info)
{
  g_autofree char *key = find_translated (info->card, "summary");
  const char      *summary = arietta_json_get_text (info->card, key);

  return g_strdup (summary != NULL ? summary : "");
}

GPtrArray *
arietta_model_list_limits (const AriettaModelInfo *info)
{
  GPtrArray       *limits = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *key = find_translated (info->card, "limits");
  JsonArray       *stated = arietta_json_get_array (info->card, key);

  for (guint i = 0; i < arietta_json_get_length (stated); i++)
    {
      const char *limit = arietta_json_read_text (json_array_get_element (stated, i));

      if (limit != NULL)
        g_ptr_array_add (limits, g_strdup (limit));
    }

  return limits;
}

char *
arietta_model_dup_making (const AriettaModelInfo *info)
{
  double           seconds = arietta_json_get_number (info->card, "seconds");
  gint64           steps = arietta_json_get_int (info->card, "steps", 0);
  g_autofree char *facts = arietta_model_dup_facts (info);

  if (steps == 0 || isnan (seconds))
    return g_strdup (facts);

  return g_strdup_printf (_("%.0f steps in %.1f hours; %s"), (double) steps, seconds / 3600.0, facts);
}

GPtrArray *
arietta_model_list_data (const AriettaModelInfo *info)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  JsonArray *data = get_data (info);

  for (guint i = 0; i < arietta_json_get_length (data); i++)
    {
      JsonObject           *row = arietta_json_get_nth_object (data, i);
      const char           *style = arietta_json_get_text (row, "style");
      const char           *attribution = arietta_json_get_text (row, "attribution");
      g_autofree char      *note_key = find_translated (row, "note");
      const char           *note = arietta_json_get_text (row, note_key);
      guint                 pieces = (guint) CLAMP (arietta_json_get_int (row, "pieces", 0), 0, G_MAXINT);
      g_autofree char      *count = g_strdup_printf (ngettext ("%u piece", "%u pieces", pieces), pieces);
      g_autoptr(GPtrArray)  licences = g_ptr_array_new ();
      const char           *by = arietta_json_get_text (row, "by");
      g_autofree char      *before = by != NULL ? g_strdup_printf (_("learned before, by “%s”"), arietta_model_get_title (by))
                                                 : NULL;
      g_autofree char      *rights = NULL;

      add_licences (row, licences);
      rights = join (licences);
      g_ptr_array_add (lines, g_strdup_printf ("%s\n%s%s%s%s%s%s%s%s%s", style != NULL && *style != '\0' ? arietta_style_get_name (style) : _("no style"), count,
                                               *rights != '\0' ? " · " : "", rights,
                                               attribution != NULL ? " · " : "", attribution != NULL ? attribution : "",
                                               note != NULL ? " · " : "", note != NULL ? note : "",
                                               before != NULL ? " · " : "", before != NULL ? before : ""));
    }

  return lines;
}
