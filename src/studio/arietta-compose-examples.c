/* What a new library begins with. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-compose.h"

#include <glib/gi18n.h>

#include "studio/arietta-model-list.h"
#include "studio/arietta-style-choice.h"

#define N_EXAMPLES     12
#define N_STYLES_SHOWN 8
#define FACT_EXAMPLES  "examples-made"
#define FACT_BEGUN     "examples-begun"   /* how many there are, where the studio was closed meanwhile */

gboolean
arietta_compose_examples (AriettaLibrary  *library,
                          AriettaJob      *job,
                          GError         **error)
{
  g_autofree char            *made = arietta_library_dup_fact (library, FACT_EXAMPLES);
  g_autofree char            *begun = arietta_library_dup_fact (library, FACT_BEGUN);
  g_autofree char            *model = NULL;
  g_autoptr(AriettaModelInfo) info = NULL;
  g_autoptr(GPtrArray)        styles = NULL;

  if (made != NULL)
    return TRUE;

  model = arietta_compose_dup_default (library);
  info = arietta_models_find (library, model, error);
  if (info == NULL)
    return FALSE;

  styles = arietta_style_choice_list (info, N_STYLES_SHOWN);
  for (guint i = begun != NULL ? (guint) g_ascii_strtoull (begun, NULL, 10) : 0; i < N_EXAMPLES; i++)
    {
      g_autofree char           *n = g_strdup_printf ("%u", i + 1);
      AriettaComposeRequest      request = ARIETTA_COMPOSE_REQUEST_INIT;
      g_autoptr(AriettaComposed) composed = NULL;

      if (!arietta_job_check (job))
        return TRUE;
      arietta_job_report (job, (double) i / N_EXAMPLES, _("Composing example takes"));

      request.model = model;
      request.seed = i + 1;
      request.bars = i % 4 == 1 ? 16 : 8;
      request.style = styles->len > 0 ? g_ptr_array_index (styles, i % styles->len) : NULL;
      composed = arietta_compose (library, &request, NULL, error);
      if (composed == NULL)
        return FALSE;

      if (!arietta_job_check (job))
        return TRUE;

      composed->take->example = TRUE;
      if (!arietta_library_add_take (library, composed->take, composed->piece, error)
          || !arietta_library_set_fact (library, FACT_BEGUN, n, error))
        return FALSE;
    }

  return arietta_job_check (job) ? arietta_compose_end_examples (library, error) : TRUE;
}

gboolean
arietta_compose_end_examples (AriettaLibrary  *library,
                              GError         **error)
{
  return arietta_library_set_fact (library, FACT_EXAMPLES, "1", error);
}
