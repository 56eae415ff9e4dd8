#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-evaluation-words.h"

#include "base/arietta-json.h"
#include "studio/arietta-words-private.h"

#include <glib/gi18n.h>
#include <math.h>

static char *
share_or_dash (double share)
{
  return isnan (share) ? g_strdup ("–") : arietta_words_percent (share);
}

/* The share there, or a dash. */
G_GNUC_NULL_TERMINATED
static char *
share_at (JsonObject *evaluation,
          const char *first,
          ...)
{
  double  share;
  va_list args;

  va_start (args, first);
  share = arietta_words_number_at_list (evaluation, first, args);
  va_end (args);

  return share_or_dash (share);
}

/* By what counting learned from, as "counted_on" says. */
static const char *
counting_words (JsonObject *evaluation)
{
  JsonObject *ngram = arietta_json_get_object (arietta_json_get_object (evaluation, "baselines"), "ngram");
  const char *on = arietta_json_get_text (ngram, "counted_on");

  if (g_strcmp0 (on, "others") == 0)
    return _("counting what follows what in the other pieces");
  if (g_strcmp0 (on, "itself") == 0)
    return _("counting what follows what earlier in the piece");

  return _("counting what follows what");
}

/* What holding on and counting reach of a share. */
static char *
dup_beside (JsonObject *evaluation,
            const char *key)
{
  double   copy = arietta_words_number_at (evaluation, "baselines", "copy", key, NULL);
  double   counted = arietta_words_number_at (evaluation, "baselines", "ngram", key, NULL);
  GString *text = g_string_new (NULL);

  if (!isnan (copy))
    {
      g_autofree char *share = arietta_words_percent (copy);

      g_string_append_printf (text, "%s: %s", _("holding the last note"), share);
    }
  if (!isnan (counted))
    {
      g_autofree char *share = arietta_words_percent (counted);

      g_string_append_printf (text, "%s%s: %s", text->len > 0 ? ", " : "", counting_words (evaluation), share);
    }

  return g_string_free (text, FALSE);
}

/* What counting reaches of a surprise. */
static char *
dup_counted (JsonObject *evaluation,
             const char *key)
{
  double counted = arietta_words_number_at (evaluation, "baselines", "ngram", key, NULL);

  return isnan (counted) ? g_strdup ("") : g_strdup_printf ("%s: %.3f", counting_words (evaluation), counted);
}

/* Of a kind with a latent space these are told the point, so they stand with what it gives back. */
static void
add_foreseen (JsonObject *evaluation,
              GArray     *results)
{
  double notes = arietta_words_number_at (evaluation, "nll_per_note", NULL);
  double tokens = arietta_words_number_at (evaluation, "nll_per_token", NULL);
  double right = arietta_words_number_at (evaluation, "accuracy", NULL);
  double changed = arietta_words_number_at (evaluation, "changed_accuracy", NULL);

  if (!isnan (arietta_words_number_at (evaluation, "reconstruction", "teacher_forced", NULL)))
    return;

  if (!isnan (notes))
    arietta_words_add (results, _("Surprise at each note, in nats"), g_strdup_printf ("%.3f", notes),
                       dup_counted (evaluation, "nll_per_note"));
  if (!isnan (tokens))
    arietta_words_add (results, _("Surprise at each event, in nats"), g_strdup_printf ("%.3f", tokens),
                       dup_counted (evaluation, "nll_per_token"));
  if (!isnan (right))
    arietta_words_add (results, _("Notes foreseen"), arietta_words_percent (right), dup_beside (evaluation, "accuracy"));
  if (!isnan (changed))
    arietta_words_add (results, _("Moves of a voice foreseen"), arietta_words_percent (changed),
                       dup_beside (evaluation, "changed_accuracy"));
}

static void
add_voices (JsonObject *evaluation,
            GArray     *results)
{
  static const struct { const char *key, *title; } voices[] = {
    { "melody", N_("Notes of the melody given back") },
    { "accompaniment", N_("Notes of the accompaniment given back") },
    { "bass", N_("Notes of the bass given back") },
    { "drums", N_("Strokes of the drums given back") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (voices); i++)
    {
      double onsets = arietta_words_number_at (evaluation, "reconstruction", "voices", voices[i].key, "sampled_onsets", NULL);
      double windows = arietta_words_number_at (evaluation, "reconstruction", "voices", voices[i].key, "windows", NULL);

      if (!isnan (onsets) && windows > 0.0)
        arietta_words_add (results, _(voices[i].title), arietta_words_percent (onsets),
                           g_strdup_printf (ngettext ("it plays in %u passage", "it plays in %u passages", (guint) windows),
                                            (guint) windows));
    }
}

static void
add_given_back (JsonObject *evaluation,
                GArray     *results)
{
  double sampled = arietta_words_number_at (evaluation, "reconstruction", "sampled", NULL);
  double onsets = arietta_words_number_at (evaluation, "reconstruction", "sampled_onsets", NULL);
  double told = arietta_words_number_at (evaluation, "reconstruction", "teacher_forced", NULL);
  double elbo = arietta_words_number_at (evaluation, "elbo_per_step", NULL);
  double nats = arietta_words_number_at (evaluation, "reconstruction_nats_per_step", NULL);
  double kl_step = arietta_words_number_at (evaluation, "kl_per_step", NULL);
  double surprise = arietta_words_number_at (evaluation, "surprise_per_step", NULL);
  double kl = arietta_words_number_at (evaluation, "kl", NULL);
  double active = arietta_words_number_at (evaluation, "active_units", NULL);
  double failed = arietta_words_number_at (evaluation, "windows_failed", NULL);
  double windows = arietta_words_number_at (evaluation, "n_windows", NULL);

  if (isnan (told))
    return;

  if (!isnan (sampled))
    arietta_words_add (results, _("Steps given back exactly"), arietta_words_percent (sampled),
                       dup_beside (evaluation, "accuracy"));
  if (!isnan (onsets))
    arietta_words_add (results, _("Notes given back exactly, in place and pitch"), arietta_words_percent (onsets), g_strdup (""));
  add_voices (evaluation, results);
  arietta_words_add (results, _("Steps right when it is told those before"), arietta_words_percent (told), g_strdup (""));
  if (!isnan (surprise))
    arietta_words_add (results, _("Surprise at each step, in nats at most"), g_strdup_printf ("%.3f", surprise),
                       dup_counted (evaluation, "nll_per_step"));
  if (!isnan (elbo) && !isnan (nats) && !isnan (kl_step))
    arietta_words_add (results, _("Negative ELBO for each step, in nats"), g_strdup_printf ("%.3f", elbo),
                       g_strdup_printf (_("reconstruction %.3f and divergence %.3f"), nats, kl_step));
  if (!isnan (kl) && !isnan (active))
    arietta_words_add (results, _("What a point tells of a passage, in nats"), g_strdup_printf ("%.1f", kl),
                       g_strdup_printf (ngettext ("in %u dimension", "in %u dimensions", (guint) active), (guint) active));
  if (!isnan (failed) && windows > 0.0)
    arietta_words_add (results, _("Passages it cannot hear"), arietta_words_percent (failed / windows),
                       g_strdup (_("counted above as wrong in every step")));
}

static void
add_written (JsonObject *evaluation,
             GArray     *results)
{
  double mean = arietta_words_number_at (evaluation, "overlap", "mean", NULL);
  double copied = arietta_words_number_at (evaluation, "copied_share", NULL);
  double repeated = arietta_words_number_at (evaluation, "self_repetition", "share", NULL);

  if (!isnan (mean))
    {
      g_autofree char *ceiling = share_at (evaluation, "overlap", "ceiling", "mean", NULL);
      g_autofree char *shuffled = share_at (evaluation, "overlap", "shuffled", "mean", NULL);

      arietta_words_add (results, _("What it writes is spread like the pieces"), arietta_words_percent (mean),
                         g_strdup_printf (_("half of the pieces against the other half: %s, their notes dealt out anew: %s"),
                                          ceiling, shuffled));
    }
  if (!isnan (copied))
    {
      g_autofree char *human = share_at (evaluation, "copied", "human_share", NULL);

      arietta_words_add (results, _("Passages of four bars that are copies"), arietta_words_percent (copied),
                         g_strdup_printf (_("in pieces by people that it never learned from: %s"), human));
    }
  if (!isnan (repeated))
    {
      g_autofree char *data = share_at (evaluation, "self_repetition", "data", NULL);

      arietta_words_add (results, _("Bars that come again"), arietta_words_percent (repeated),
                         g_strdup_printf (_("in the pieces: %s"), data));
    }
}

static void
add_bars (JsonObject *evaluation,
          GArray     *results)
{
  static const struct { const char *key, *title; gboolean share; } rows[] = {
    { "empty_bars", N_("Empty bars of a part"), TRUE },
    { "pitch_classes", N_("Different pitch classes in a bar"), FALSE },
    { "qualified_notes", N_("Notes of a thirty-second or longer"), TRUE },
    { "drum_pattern", N_("Strokes on the eighths and sixteenths"), TRUE },
  };
  double distance = arietta_words_number_at (evaluation, "musegan", "tonal_distance", NULL);
  double theirs = arietta_words_number_at (evaluation, "musegan", "data", "tonal_distance", NULL);
  double shuffled = arietta_words_number_at (evaluation, "musegan", "data", "tonal_distance_shuffled", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      double           ours = arietta_words_number_at (evaluation, "musegan", rows[i].key, NULL);
      double           data = arietta_words_number_at (evaluation, "musegan", "data", rows[i].key, NULL);
      g_autofree char *text = NULL;

      if (isnan (ours) || isnan (data))
        continue;
      text = rows[i].share ? arietta_words_percent (data) : g_strdup_printf ("%.2f", data);
      arietta_words_add (results, _(rows[i].title),
                         rows[i].share ? arietta_words_percent (ours) : g_strdup_printf ("%.2f", ours),
                         g_strdup_printf (_("in the pieces: %s"), text));
    }
  if (!isnan (distance) && !isnan (theirs) && !isnan (shuffled))
    arietta_words_add (results, _("Distance of the parts’ harmonies"), g_strdup_printf ("%.2f", distance),
                       g_strdup_printf (_("in the pieces: %.2f, with their bars moved: %.2f"), theirs, shuffled));
}

static void
add_asked (JsonObject *evaluation,
           GArray     *results)
{
  double key = arietta_words_number_at (evaluation, "conditions", "key", "share", NULL);
  double density = arietta_words_number_at (evaluation, "conditions", "density", NULL);
  double meter = arietta_words_number_at (evaluation, "conditions", "meter", NULL);
  double instruments = arietta_words_number_at (evaluation, "conditions", "instruments", "share", NULL);

  if (!isnan (key))
    {
      g_autofree char *related = share_at (evaluation, "conditions", "key", "relative", NULL);
      g_autofree char *heard = share_at (evaluation, "conditions", "key", "analyser", "share", NULL);

      arietta_words_add (results, _("Key as asked for"), arietta_words_percent (key),
                         g_strdup_printf (_("it or its relative: %s; the key of pieces by people is found in %s"), related,
                                          heard));
    }
  if (!isnan (density))
    arietta_words_add (results, _("Density as asked for"), g_strdup_printf ("%.2f", density),
                       g_strdup (_("1: the denser was asked for, the denser it came; 0: no connection")));
  if (!isnan (meter))
    arietta_words_add (results, _("Metre as asked for"), arietta_words_percent (meter), g_strdup (""));
  if (!isnan (instruments))
    arietta_words_add (results, _("Instruments asked for that play"), arietta_words_percent (instruments),
                       g_strdup (_("in at least half of the bars")));
}

static void
add_fitting (JsonObject *evaluation,
             GArray     *results)
{
  static const struct { const char *key, *title; } tasks[] = {
    { "chords", N_("Chords to a melody sound well with it") },
    { "melody", N_("A melody to chords sounds well with them") },
    { "bass", N_("A bass to both sounds well with them") },
  };
  double known = arietta_words_number_at (evaluation, "infill", "share", NULL);
  double drums = arietta_words_number_at (evaluation, "parts", "drums", "played", NULL);

  if (!isnan (known))
    arietta_words_add (results, _("Missing bars told from others of the piece"), arietta_words_percent (known),
                       g_strdup (_("by chance: 50 %")));
  for (guint i = 0; i < G_N_ELEMENTS (tasks); i++)
    {
      double ours = arietta_words_number_at (evaluation, "parts", tasks[i].key, "consonant", NULL);

      g_autofree char *moved = share_at (evaluation, "parts", tasks[i].key, "moved", NULL);
      g_autofree char *people = share_at (evaluation, "parts", tasks[i].key, "people", NULL);

      if (!isnan (ours))
        arietta_words_add (results, _(tasks[i].title), arietta_words_percent (ours),
                           g_strdup_printf (_("moved by a bar: %s, by people: %s"), moved, people));
    }
  if (!isnan (drums))
    arietta_words_add (results, _("Drums to all play where the others do"), arietta_words_percent (drums), g_strdup (""));
}

static const struct
{
  const char *title;
  void      (*add) (JsonObject *evaluation,
                    GArray     *results);
} parts[ARIETTA_EVALUATION_N_PARTS] = {
  [ARIETTA_EVALUATION_FORESEEN] = { N_("What It Foresees"), add_foreseen },
  [ARIETTA_EVALUATION_GIVEN_BACK] = { N_("What It Gives Back"), add_given_back },
  [ARIETTA_EVALUATION_WRITTEN] = { N_("What It Writes"), add_written },
  [ARIETTA_EVALUATION_BARS] = { N_("Bar by Bar"), add_bars },
  [ARIETTA_EVALUATION_ASKED] = { N_("What Is Asked of It"), add_asked },
  [ARIETTA_EVALUATION_FITTING] = { N_("What Belongs Together"), add_fitting },
};

const char *
arietta_evaluation_get_title (AriettaEvaluationPart part)
{
  return _(parts[part].title);
}

void
arietta_evaluation_add (JsonObject            *evaluation,
                        AriettaEvaluationPart  part,
                        GArray                *results)
{
  parts[part].add (evaluation, results);
}

GArray *
arietta_evaluation_list (JsonObject            *evaluation,
                         AriettaEvaluationPart  part)
{
  GArray *results = arietta_words_new ();

  arietta_evaluation_add (evaluation, part, results);

  return results;
}
