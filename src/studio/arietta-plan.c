#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-plan.h"

/* What a section is made from: an earlier section, and how far away. */
typedef struct
{
  const char *name;
  int         of;         /* -1: the first section of all, which is new */
  gboolean    again;      /* window by window a variation of that section; else a contrast to its
                             first window */
  double      distance;
} Section;

typedef struct
{
  const char    *form;
  guint          n_sections;
  const Section *sections;
} Form;

static const Section one[] = {
  { "A", -1, FALSE, 0.0 },
};
static const Section two[] = {
  { "A", -1, FALSE, 0.0 },
  { "A′", 0, TRUE, 0.30 },
};
static const Section three[] = {
  { "A", -1, FALSE, 0.0 },
  { "B", 0, FALSE, 0.70 },
  { "A′", 0, TRUE, 0.25 },
};
static const Section four[] = {
  { "A", -1, FALSE, 0.0 },
  { "A′", 0, TRUE, 0.20 },
  { "B", 0, FALSE, 0.70 },
  { "A″", 0, TRUE, 0.30 },
};

static const Form forms[] = {
  { "A", G_N_ELEMENTS (one), one },
  { "A A′", G_N_ELEMENTS (two), two },
  { "A B A′", G_N_ELEMENTS (three), three },
  { "A A′ B A″", G_N_ELEMENTS (four), four },
};

static const Form *
form_for (guint n_windows)
{
  return &forms[MIN (n_windows, G_N_ELEMENTS (forms)) - 1];
}

/* Fills windows first .. first + n - 1, the first of them growing from @source by @distance. */
static void
plan_span (AriettaPlanWindow *windows,
           guint              first,
           guint              n,
           guint              source,
           double             distance)
{
  const Form *form = form_for (n);
  guint       starts[G_N_ELEMENTS (four)];
  guint       at = first;

  if (n == 1)
    {
      windows[first].source = source;
      windows[first].distance = distance;
      return;
    }

  for (guint s = 0; s < form->n_sections; s++)
    {
      const Section *section = &form->sections[s];
      /* Earlier sections take what does not divide, so that a later one never outgrows its
       * model. */
      guint length = n / form->n_sections + (s < n % form->n_sections);

      starts[s] = at;
      if (section->of < 0)
        plan_span (windows, at, length, source, distance);
      else if (!section->again)
        plan_span (windows, at, length, starts[section->of], section->distance);
      else
        for (guint i = 0; i < length; i++)
          {
            /* The ends of phrases differ more than their beginnings, which is how one knows them
             * again. */
            windows[at + i].source = starts[section->of] + i;
            windows[at + i].distance = i + 1 == length ? section->distance
                                                       : 0.5 * section->distance;
          }
      at += length;
    }
}

AriettaPlanWindow *
arietta_plan_new (guint n_windows)
{
  AriettaPlanWindow *windows;
  const Form        *form;
  guint              at = 0;

  g_return_val_if_fail (n_windows > 0, NULL);

  windows = g_new0 (AriettaPlanWindow, n_windows);
  plan_span (windows, 0, n_windows, ARIETTA_PLAN_NEW, 0.0);

  form = form_for (n_windows);
  for (guint s = 0; s < form->n_sections; s++)
    for (guint i = n_windows / form->n_sections + (s < n_windows % form->n_sections); i > 0; i--)
      windows[at++].section = s;

  return windows;
}

const char *
arietta_plan_get_form (guint n_windows)
{
  g_return_val_if_fail (n_windows > 0, "");

  return form_for (n_windows)->form;
}

const char *
arietta_plan_get_name (guint n_windows,
                       guint section)
{
  g_return_val_if_fail (n_windows > 0, "");
  g_return_val_if_fail (section < form_for (n_windows)->n_sections, "");

  return form_for (n_windows)->sections[section].name;
}
