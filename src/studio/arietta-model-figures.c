#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-model-figures.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/arietta-json.h"

typedef enum
{
  AS_SHARE,
  AS_NATS,
  AS_RANK,
} Form;

/* Where it stands in the card: members down from "results" or "evaluation". */
static const struct
{
  const char *title;
  const char *path[4];
  Form        form;
  int         better;
} rows[] = {
  { N_("Steps given back exactly"), { "results", "reconstruction", "sampled" }, AS_SHARE, 1 },
  { N_("Notes given back exactly"), { "results", "reconstruction", "sampled_onsets" }, AS_SHARE, 1 },
  { N_("Negative ELBO for each step"), { "results", "elbo_per_step" }, AS_NATS, -1 },
  { N_("Surprise at each note"), { "results", "nll_per_note" }, AS_NATS, -1 },
  { N_("Notes foreseen"), { "results", "accuracy" }, AS_SHARE, 1 },
  { N_("Moves of a voice foreseen"), { "results", "changed_accuracy" }, AS_SHARE, 1 },
  { N_("Surprise at each token"), { "evaluation", "nll_per_token" }, AS_NATS, -1 },
  { N_("Spread like the pieces"), { "evaluation", "overlap", "mean" }, AS_SHARE, 1 },
  { N_("Copied passages"), { "evaluation", "copied_share" }, AS_SHARE, -1 },
  { N_("Bars that come again"), { "evaluation", "self_repetition", "share" }, AS_SHARE, 0 },
  { N_("Key as asked for"), { "evaluation", "conditions", "key", "share" }, AS_SHARE, 1 },
  { N_("Density as asked for"), { "evaluation", "conditions", "density" }, AS_RANK, 1 },
  { N_("True bars told from others"), { "evaluation", "infill", "share" }, AS_SHARE, 1 },
  { N_("Surprise at pieces it knew to foresee"), { "tuned", "old", "after" }, AS_NATS, -1 },
  { N_("Surprise at the new pieces"), { "tuned", "new", "after" }, AS_NATS, -1 },
};

static double
look_up (JsonObject        *card,
         const char *const *path)
{
  guint last = 0;

  while (last < G_N_ELEMENTS (rows[0].path) - 1 && path[last + 1] != NULL)
    card = arietta_json_get_object (card, path[last++]);

  return arietta_json_get_number (card, path[last]);
}

static char *
dup_text (double value,
          Form   form)
{
  switch (form)
    {
    case AS_SHARE:
      return g_strdup_printf (_("%.1f %%"), 100.0 * value);
    case AS_NATS:
      return g_strdup_printf ("%.3f", value);
    case AS_RANK:
    default:
      return g_strdup_printf ("%.2f", value);
    }
}

static void
figure_clear (AriettaModelFigure *figure)
{
  g_free (figure->text);
}

GArray *
arietta_model_list_figures (const AriettaModelInfo *info)
{
  GArray *figures = g_array_new (FALSE, FALSE, sizeof (AriettaModelFigure));
  double  seconds = arietta_json_get_number (info->card, "seconds");

  g_array_set_clear_func (figures, (GDestroyNotify) figure_clear);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AriettaModelFigure figure = { .title = _(rows[i].title), .value = look_up (info->card, rows[i].path),
                                    .better = rows[i].better };

      if (isnan (figure.value))
        continue;
      figure.text = dup_text (figure.value, rows[i].form);
      g_array_append_val (figures, figure);
    }
  if (info->parameters > 0)
    {
      AriettaModelFigure figure = { _("Weights, in millions"), g_strdup_printf ("%.1f", (double) info->parameters / 1e6),
                                    (double) info->parameters, 0 };

      g_array_append_val (figures, figure);
    }
  if (seconds > 0.0)
    {
      AriettaModelFigure figure = { _("Minutes of training"), g_strdup_printf ("%.0f", seconds / 60.0), seconds, 0 };

      g_array_append_val (figures, figure);
    }

  return figures;
}

int
arietta_model_figures_compare (const AriettaModelFigure *first,
                               const AriettaModelFigure *second)
{
  int better = first->better;

  if (better == 0 || strcmp (first->text, second->text) == 0)
    return 0;

  return first->value > second->value ? better : -better;
}
