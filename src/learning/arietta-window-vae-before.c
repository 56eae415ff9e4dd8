/* Taught further: what stays of the model it begins with. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-window-vae-private.h"

/* Windows for each dimension from which on directions of attributes are found anew. */
#define ENOUGH 10

void
arietta_window_vae_begin_from (gpointer            net,
                               AriettaSafetensors *file)
{
  AriettaWindowVae *self = net;
  AriettaWindowVae *before = g_new0 (AriettaWindowVae, 1);

  before->spec = self->spec;
  before->n_latent = self->n_latent;
  g_clear_pointer (&self->before, arietta_window_vae_free);
  /* Of another size it says nothing here. */
  if (arietta_window_vae_restore (before, file, "", NULL))
    self->before = before;
  else
    arietta_window_vae_free (before);
}

static gboolean
has_style (AriettaWindowVae *self,
           const char       *style)
{
  return g_strv_contains ((const char * const *) self->styles, style);
}

gboolean
arietta_window_vae_keep_before (AriettaWindowVae *self,
                                guint             n)
{
  AriettaWindowVae    *before = self->before;
  g_autoptr(GPtrArray) styles = NULL;
  gboolean             same;

  if (before == NULL)
    return FALSE;

  same = before->attributes != NULL && n < ENOUGH * (guint) self->n_latent;
  if (same)
    {
      g_free (self->attributes);
      self->attributes = g_memdup2 (before->attributes,
                                    sizeof (float) * self->spec->form->n_attributes * (gsize) self->n_latent);
    }

  styles = g_ptr_array_new ();
  for (guint s = 0; self->styles[s] != NULL; s++)
    g_ptr_array_add (styles, self->styles[s]);
  for (guint s = 0; before->prior != NULL && before->styles[s] != NULL; s++)
    if (!has_style (self, before->styles[s]))
      {
        arietta_latent_prior_add_style (self->prior, before->prior, s);
        g_ptr_array_add (styles, g_strdup (before->styles[s]));
      }
  g_ptr_array_add (styles, NULL);
  g_free (self->styles);
  self->styles = (char **) g_ptr_array_free (g_steal_pointer (&styles), FALSE);

  /* How like a style a piece is can be told of the old styles only together. */
  if (self->measure == NULL)
    self->measure = g_steal_pointer (&before->measure);

  return same;
}
